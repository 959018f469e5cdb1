"""The messages around a call: composed from facts and from what came of the real contact, never sent from here."""

from __future__ import annotations

from bowout.core.messages.compose import (
    KINDS,
    LENGTHS,
    OWN_KINDS,
    Length,
    Message,
    compose,
    contact_of,
    kinds_for,
    parsed,
    practice_report,
    unfilled,
)
from bowout.core.messages.templates import TEMPLATES

__all__ = [
    "KINDS", "LENGTHS", "OWN_KINDS", "TEMPLATES", "Length", "Message", "compose", "contact_of", "kinds_for", "parsed",
    "practice_report", "unfilled",
]  # fmt: skip
