"""The style sheet of pages that are files: light and dark, screen and paper, readable without colour."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --back: #fbfaf8; --card: #fff; --text: #1d2329; --soft: #525c66; --line: #c9ced4;
  --mark: #1d5f85; --aim: #e2efe4; --good: #216e39; --doubt: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --back: #15181c; --card: #1b1f25; --text: #dfe2e5; --soft: #a9b2bb;
  --line: #434c57; --mark: #8fc1d8; --aim: #22332a; --good: #8fc28a; --doubt: #e0b45c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.25; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { margin-top: 1.25rem; font-size: 1.05rem; }
p { margin: 0 0 .6rem; max-width: 46rem; }
a { color: var(--mark); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
.aside, caption, figcaption { color: var(--soft); overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
figure { margin: 0; padding: .6rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  break-inside: avoid; }
figcaption strong { color: var(--text); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.aim { fill: var(--aim); }
.edge { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; }
.axis { stroke: var(--line); fill: none; }
.mean { stroke: var(--mark); stroke-width: 2; fill: none; }
.live { fill: var(--mark); stroke: var(--mark); }
.practice { fill: var(--card); stroke: var(--mark); stroke-width: 1.5; }
.disputed { stroke: var(--soft); stroke-width: 1.5; fill: none; }
table { border-collapse: collapse; margin: .4rem 0 1rem; max-width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
tbody th { font-weight: 500; }
.standing { white-space: nowrap; font-weight: 600; }
.ready { color: var(--good); }
.was_ready { color: var(--doubt); }
.strip { font-family: ui-monospace, monospace; letter-spacing: .05em; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--mark); padding: .2rem 0; }
blockquote { margin: 0 0 .8rem; padding-left: .8rem; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
@media print { :root { color-scheme: light; --back: #fff; --card: #fff; --text: #000; --soft: #444; --line: #999;
  --mark: #00405f; --aim: #e8efe9; --good: #0b4d1f; --doubt: #5a3c00; }
  body { max-width: none; padding: 0; font-size: 10pt; } h2 { break-after: avoid; } tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; } summary { color: var(--soft); } }
"""

__all__ = ["STYLE"]
