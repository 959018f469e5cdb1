"""A message filled from the facts and from what came of the real contact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bowout.core import moments
from bowout.core.case import Report
from bowout.core.messages.templates import TEMPLATES, Contact

Length = Literal["full", "short"]
LENGTHS: tuple[Length, ...] = ("full", "short")
KINDS: tuple[str, ...] = tuple(TEMPLATES)
OWN_KINDS = ("same_day", "reschedule", "withdrawal")
"""The three that a user keeps in their own words."""
SUBJECT = "Subject: "
"""How the first line of a mail begins where mail and subject are one text."""

_BLANK = re.compile(r"\{([A-Za-z_0-9]+)\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_STARTERS = frozenset(
    "a an because due for he her his in it its my on our she some that the there they this to unforeseen we with you "
    "your".split()
)
"""Words that lose their capital in the middle of a sentence; any other may be a name, or “I”."""


@dataclass(frozen=True, slots=True)
class Message:
    """Ready to be copied; nothing is ever sent from here."""

    subject: str
    """Empty: a text message."""
    body: str

    @property
    def text(self) -> str:
        """Subject and body as one text, as it is edited; :func:`parsed` is the way back."""
        return f"{SUBJECT}{self.subject}\n\n{self.body}\n" if self.subject else f"{self.body}\n"

    @property
    def missing(self) -> tuple[str, ...]:
        """Blanks that no fact filled."""
        return tuple(dict.fromkeys(_BLANK.findall(self.text)))


def parsed(text: str) -> Message:
    """The message in an edited text: the first line is the subject if it says so."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    if lines[0].lower().startswith(SUBJECT.strip().lower()):
        return Message(lines[0][len(SUBJECT.strip()) :].strip(), "\n".join(lines[1:]).strip())
    return Message("", "\n".join(lines).strip())


def contact_of(report: Report | None) -> Contact:
    """What the reader knows already, by the user's own word."""
    if report is None or report.result == "none":
        return "unmade"
    spoken = report.by in ("phone", "in_person")
    if report.result == "voicemail":
        return "voicemail"
    if report.result == "no_answer":
        return "tried" if report.by == "phone" else "unmade"
    if report.result == "refused":
        return "refused" if spoken else "refused_written"
    return {"phone": "phone", "in_person": "room"}.get(report.by, "written")  # type: ignore[return-value]


def compose(
    kind: str, facts: Mapping[str, str], *, report: Report | None = None, length: Length = "full", own: str = ""
) -> Message:
    """The message of this kind.

    Args:
        kind: one of ``KINDS``.
        facts: caller, contact, company, role, interview_date, reason_written (or reason), option_1_date,
            option_2_date, slot_date, return, update. A blank without a fact stays as ``{blank}`` and is listed in
            ``missing``.
        report: what came of the real contact. Without it no word speaks of a call.
        length: ``full`` is a mail with a subject, ``short`` a text message without one.
        own: the user's own wording, with blanks, in place of the shipped one.
    """
    template = TEMPLATES[kind]
    known = _known(facts, report)
    contact = contact_of(report)
    short = length == "short"
    openings = template.short_openings if short else template.openings
    fallback = "" if short else template.openings["unmade"]
    known["opening"] = openings.get(contact, openings.get("unmade", fallback))
    if own:
        made = parsed(own)
        subject, body = made.subject or template.subject, made.body
    else:
        subject, body = template.subject, template.short if short else template.full
    return Message("" if short else _filled(subject, known), _filled(body, known))


def _known(facts: Mapping[str, str], report: Report | None) -> dict[str, str]:
    known = {name: text.strip() for name, text in facts.items() if text.strip()}
    reason = (known.get("reason_written") or known.get("reason", "")).rstrip(" .!")
    if reason:
        first = reason.split()[0]
        known["Reason"] = reason[0].upper() + reason[1:]
        known["reason_written"] = known["Reason"] if first.lower() not in _STARTERS else reason
        known["reason"] = reason[0].lower() + reason[1:] if first.lower() in _STARTERS else reason
    if report is not None and report.slot is not None:
        known["slot_date"] = moments.written(report.slot)
    return known


def _filled(template: str, known: Mapping[str, str]) -> str:
    def optional(match: re.Match[str]) -> str:
        return match[1] if all(name in known for name in _BLANK.findall(match[1])) else ""

    def put(match: re.Match[str]) -> str:
        name = "reason_written" if match[1] in ("reason", "Reason") and match[1] not in known else match[1]
        return known.get(match[1], f"{{{name}}}")

    # One pass over the template: what stands in a fact is never taken for a blank of ours.
    return _BLANK.sub(put, _OPTIONAL.sub(optional, template)).strip()


def unfilled(text: str, facts: Mapping[str, str], report: Report | None = None) -> str:
    """A user's wording with blanks in place of this case's facts, so that it serves the next one too."""
    known = _known(facts, report)
    names: dict[str, str] = {}
    for name in (*_WRITTEN, *(n for n in known if n not in _WRITTEN)):
        if name in known and name != "Reason" and len(known[name]) > 1:
            names.setdefault(known[name], name)
    if not names:
        return text
    longest = sorted(names, key=len, reverse=True)
    found = re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in longest))
    return found.sub(lambda match: f"{{{names[match[0]]}}}", text)


_WRITTEN = (
    "caller", "contact", "company", "role", "interview_date", "option_1_date", "option_2_date", "slot_date", "reason",
    "return", "update",
)  # fmt: skip
"""Blanks of messages; where another has the same text, these win."""


def kinds_for(path: str, report: Report | None, now: datetime, interview: datetime | None = None) -> tuple[str, ...]:
    """Every kind, the ones that suit this path and what came of it first."""
    return tuple(dict.fromkeys((*suiting(path, report, now, interview), *KINDS)))


def suiting(path: str, report: Report | None, now: datetime, interview: datetime | None = None) -> tuple[str, ...]:
    """The kinds that suit this path and what came of it, the best first; one at least where the path is known."""
    result = "none" if report is None else report.result
    soon = interview is not None and (interview - now).total_seconds() < 24 * 3600
    first: tuple[str, ...]
    if result == "agreed" and report is not None and report.slot is not None:
        first = ("confirm",)
    elif result == "withdrawn":
        first = ("withdrawal", "return_window")
    elif result == "left" and path not in ("leave", "pause"):
        first = ("after_leaving", "cut_short", "after_misconduct")
    elif result == "refused" and path in ("reschedule", "video"):
        first = ("attend", "withdrawal")
    else:
        first = _BY_PATH.get(path, ())
        if path == "reschedule":
            first = ("same_day", "reschedule") if soon and result in ("none", "no_answer") else first
    return tuple(dict.fromkeys((*first, *_BY_PATH.get(path, ()))))


_BY_PATH: Mapping[str, tuple[str, ...]] = {
    "attend": ("attend",),
    "learn": ("learn", "attend"),
    "disclose": ("disclose", "attend"),
    "video": ("video", "reschedule"),
    "pause": ("after_leaving", "cut_short", "attend"),
    "reschedule": ("reschedule", "same_day"),
    "withdraw": ("withdrawal", "return_window"),
    "leave": ("after_leaving", "cut_short", "after_misconduct"),
    "repair": ("repair",),
}


def practice_report(kind: str, channel: str, now: datetime, *, voicemail: bool = False) -> Report:
    """What a rehearsed contact of this kind would have come to: for a practice message, never for a real one."""
    by: Literal["phone", "in_person"] = "phone" if channel == "phone" else "in_person"
    if voicemail:
        return Report(now, "voicemail")
    if kind in ("withdrawal", "return_window"):
        return Report(now, "withdrawn", by=by)
    if kind in ("after_leaving", "cut_short", "after_misconduct"):
        return Report(now, "left", by="in_person" if channel == "in_person" else "phone")
    return Report(now, "agreed", by=by)


__all__ = [
    "KINDS", "LENGTHS", "OWN_KINDS", "SUBJECT", "Length", "Message", "compose", "contact_of", "kinds_for", "parsed",
    "practice_report", "suiting", "unfilled",
]  # fmt: skip
