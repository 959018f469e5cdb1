"""What the page of a class adds to the style sheet that all pages share."""

from __future__ import annotations

REPORT_STYLE = """
:root { --missed: #f6ddd5; --unsure: #f5e9c8; }
@media (prefers-color-scheme: dark) { :root { --missed: #472a25; --unsure: #40361f; } }
header p, section > p, .wide > p { max-width: none; }
h2.first { margin-top: .4rem; padding-top: 0; border: 0; }
h4 { margin: .8rem 0 .2rem; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .8rem; }
.card { padding: .6rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  min-width: 0; }
.card h3 { margin: 0 0 .3rem; }
.card ul, .card ol { margin: 0; padding: 0; list-style: none; font-size: .9rem; line-height: 1.38; }
.card ul.many { columns: 2; column-gap: 1rem; }
.card li { display: flex; gap: .5rem; justify-content: space-between; break-inside: avoid; }
.card li span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.card ol li { display: block; margin-bottom: .7rem; }
.meter { display: block; height: .5rem; margin: .2rem 0; background: var(--aim); border-radius: .25rem;
  overflow: hidden; }
.meter span { display: block; height: 100%; background: var(--mark); }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
.wide table { max-width: none; }
.wide caption { max-width: calc(100vw - 4rem); }
.times thead th { white-space: nowrap; }
.wide td, .heat thead th { overflow-wrap: normal; }
.times td:nth-child(3) { max-width: 18rem; min-width: 7rem; }
.heat th, .heat td { padding: .1rem .3rem; }
.heat tbody th { position: sticky; left: 0; z-index: 1; background: var(--back); }
.heat thead th { vertical-align: bottom; font-weight: 500; }
.heat thead span { writing-mode: vertical-rl; rotate: 180deg; white-space: nowrap; max-height: 11rem;
  overflow: hidden; text-overflow: ellipsis; }
.heat tbody th, .times tbody th { min-width: 8rem; max-width: 16rem; }
.heat td { text-align: center; position: relative; }
.heat tbody td { border-left: 1px solid var(--line); }
.heat tfoot td, .heat tfoot th { border-bottom: 0; color: var(--soft); font-weight: 400; font-size: .85rem; }
.h { background: var(--aim); } .u { background: var(--unsure); }
.m, .f { background: var(--missed); font-weight: 700; }
.bar { fill: var(--mark); }
svg.spark { width: 7.5rem; height: 1.75rem; }
.spread { max-width: 42rem; }
.teach { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: .8rem; }
code { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere; }
@page { margin: 12mm; }
@media print { :root { --missed: #eee; --unsure: #f6f6f6; } .wide { overflow: visible; }
  .glance { grid-template-columns: 1fr 1fr 1fr; } .card, details { break-inside: avoid; }
  .heat tbody th { position: static; } .heat td { padding: .1rem .2rem; } .heat, .times { font-size: 9pt; }
  tfoot { display: table-row-group; } }
"""

__all__ = ["REPORT_STYLE"]
