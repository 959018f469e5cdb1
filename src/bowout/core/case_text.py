"""A case as lines of text: for a terminal, a file, and whoever listens to the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bowout.core import when
from bowout.core.call_card import card
from bowout.core.case import RESULT_WORDS, Case
from bowout.core.case_script import script
from bowout.core.decide import decision_of
from bowout.core.worksheet import CHANNEL_WORDS, when_words, worksheet

CHECKED, OPEN = "✓", "○"


def checklist(case: Case, now: datetime, score: int | None = None) -> tuple[tuple[str, bool, str], ...]:
    """Read, speak, send: the name, whether it is done, and in which words. Where no call is made, writing is rehearsed;
    what a case does not need is left out.

    Args:
        case: whose.
        now: aware.
        score: of the last rehearsal, which stands beside the second.
    """
    sent = "sent" in case.done
    ready = "message_ready" in case.done
    unwritten = "message, if you want one" if case.crossed else "message not written"
    message = "message sent" if sent else "message ready" if ready else unwritten
    decision = decision_of(case, now)
    read = ("Read", "read" in case.done, "once aloud" if "read" in case.done else "not yet")
    spoken = "spoken" in case.done
    beside = f" ({score} of 100)" if score is not None else ""
    speak = ("Speak", spoken, f"{'spoken and passed' if spoken else 'not passed yet'}{beside}")
    if decision.writes and not spoken and score is None:
        speak = ("Write", sent or ready, "checked, it passes" if sent or ready else "not checked yet")
    hurried = case.under_way and score is None and not {"read", "spoken"} & set(case.done)
    steps = [read] if script(case, now).parts and not hurried and not decision.writes else []
    if case.intent is not None and (steps or decision.writes):
        steps.append(speak)
    if decision.channel != "none" and case.path not in ("learn", "pause"):
        steps.append(("Send", sent or ready, message))
    return tuple(steps)


def decision_lines(case: Case, now: datetime) -> Iterator[str]:
    """The decision with its reasons, each with its place in the article."""
    decision = decision_of(case, now)
    yield case.title
    yield f"  {decision.why.says}"
    yield f"    ({decision.why.place})"
    if not case.contacted:
        state = _by(decision.by, now)
    elif decision.confirm and "sent" not in case.done and not case.crossed:
        state = ": the written part is left"
    else:
        state = ": done"
    yield f"{CHANNEL_WORDS[decision.channel]}{state}"
    yield f"  {decision.how.says}"
    yield f"    ({decision.how.place})"
    for rule in decision.notes:
        yield f"- {rule.says}"
        yield f"    ({rule.place})"


def _by(by: datetime | None, now: datetime) -> str:
    if by is None:
        return ""
    return ": now" if when.elapsed(now, by).total_seconds() < 60 else f": by {when.spoken_here(by, now)}"


def worksheet_lines(case: Case, now: datetime) -> Iterator[str]:
    """The five steps with what is left to do."""
    for step in worksheet(case, now):
        yield step.title
        for entry in step.entries:
            mark = "-" if entry.done is None else CHECKED if entry.done else OPEN
            yield f"  {mark} {entry.says}"


def case_lines(case: Case, now: datetime, score: int | None = None) -> Iterator[str]:
    """Everything about a case. ``score``: of the last rehearsal of its call."""
    yield from decision_lines(case, now)
    yield ""
    yield from worksheet_lines(case, now)
    said = script(case, now)
    if said.parts:
        yield ""
        whom = " if they ring you" if decision_of(case, now).writes else ""
        yield f"What to say{whom} ({said.words} words, {said.seconds:.0f} s)"
        for part in said.parts:
            yield f"  {part.text}"
    lines = card(case, now) if decision_of(case, now).channel == "phone" else ()
    if lines:
        yield ""
        yield "While you call"
        for line in lines:
            yield f"  {line.title}: {line.text}"
    yield ""
    for name, done, words in checklist(case, now, score):
        yield f"{CHECKED if done else OPEN} {name}: {words}"
    if case.report is not None:
        slot = f", {when_words(case.report.slot, now)}" if case.report.slot is not None else ""
        yield f"What came of it: {RESULT_WORDS[case.report.result]}{slot}"
    if case.closed is not None:
        yield f"Closed {when.spoken_here(case.closed, now)}."


def row(case: Case, now: datetime) -> str:
    """One line of a list."""
    reported = RESULT_WORDS[case.report.result] if case.report else "open"
    state = "closed" if case.closed is not None else "message sent" if "sent" in case.done else reported
    at = f", {when.spoken(case.interview, now)}" if case.interview is not None else ""
    return f"{case.title}{at} ({state})"


def export_text(exported: Mapping[str, Any], case: Case, now: datetime) -> str:
    """An export for people: the case, and its events in order."""
    lines = [*case_lines(case, now), "", "What happened, in order (UTC)"]
    for event in exported["events"]:
        what = event.get("what") or event.get("report", {}).get("result") or event.get("attempt") or ""
        lines.append(f"  {event.get('at', '')}  {event.get('kind', '')}{f': {what}' if what else ''}")
    return "\n".join(lines) + "\n"


__all__ = [
    "CHECKED", "OPEN", "case_lines", "checklist", "decision_lines", "export_text", "row", "worksheet_lines",
]  # fmt: skip
