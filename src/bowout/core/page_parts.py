"""What pages that are files are made of: one document without script or request, escaped text, plain tables."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from bowout.core.page_style import STYLE
from bowout.core.progress_text import one_line

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Lets a browser load nothing and run nothing."""


def document(title: str, body: Iterable[str], style: str = "") -> str:
    """A whole page.

    Args:
        title: plain text.
        body: what stands in it, as HTML.
        style: rules of its own, beside those that all pages share.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f'<link rel="icon" href="data:,"><title>{text(title)} · Bow Out</title>'
        f"<style>{STYLE}{style}</style></head>\n<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def text(words: str) -> str:
    """Text from outside: on one line, harmless, escaped."""
    return escape(one_line(words))


def table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    """A table.

    Args:
        caption: plain text, like the heads; an empty head is a corner.
        rows: each a whole ``<tr>``, as HTML.
    """
    cells = "".join(f'<th scope="col">{escape(head)}</th>' if head else "<td></td>" for head in heads)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{cells}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


__all__ = ["POLICY", "document", "table", "text"]
