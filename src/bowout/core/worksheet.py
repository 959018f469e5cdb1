"""The five steps as a case's worksheet: clarify, contextualize, communicate, commit, consolidate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bowout.core import when
from bowout.core.case import RESULT_WORDS, Case
from bowout.core.case_script import script
from bowout.core.decide import Decision, decision_of
from bowout.core.due import due

PLACE = "The Inspire Ambitions Decision Framework: The 5C Roadmap"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a step: something that is known, or something to do."""

    says: str
    done: bool | None = None
    """``None``: nothing to do, it is known."""
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five."""

    id: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def done(self) -> bool:
        """Whether nothing is left to do in it."""
        return all(entry.done is not False for entry in self.entries)


CHANNEL_WORDS = {
    "phone": "Call first, then confirm in writing",
    "email": "Do not call; write an e-mail",
    "message": "Do not call; write a message",
    "in_person": "Say it there",
    "none": "Nobody has to be told",
}


def worksheet(case: Case, now: datetime) -> tuple[Step, ...]:
    """All five, filled from the answers and from what has been done. ``now``: aware."""
    decision = decision_of(case, now)
    return (
        Step("clarify", "Clarify", tuple(_clarify(case, decision))),
        Step("contextualize", "Contextualize", tuple(_contextualize(case, decision, now))),
        Step("communicate", "Communicate", tuple(_communicate(case, decision, now))),
        Step("commit", "Commit", tuple(_commit(case, decision, now))),
        Step("consolidate", "Consolidate", tuple(_consolidate(case, now))),
    )


def _clarify(case: Case, decision: Decision) -> Iterator[Entry]:
    yield Entry(f"The reason, as it is told: {case.reason}." if case.reason else "No reason has to be told.")
    yield Entry(decision.why.says)


def _contextualize(case: Case, decision: Decision, now: datetime) -> Iterator[Entry]:
    if case.interview is not None:
        yield Entry(f"The interview: {when_words(case.interview, now)}.")
    if case.answers.get("happened") == "mobility":
        yield Entry("A move, a visa or family plays a part: they can only reckon with what they know.")
    if case.answers.get("accepted"):
        yield Entry(f"Accepted elsewhere {when.left(now, when.restored(case.answers['accepted']))}.")
    for rule in decision.notes:
        if rule.id.startswith(("weak", "leverage")):
            yield Entry(rule.says)


def when_words(at: datetime, now: datetime) -> str:
    """A moment, how far it is, and what it is in the user's own zone where that is another."""
    told = f"{when.spoken(at, now)}, {when.left(now, at)}"
    here = at.astimezone(now.tzinfo)
    return told if here.utcoffset() == at.utcoffset() else f"{told} ({when.spoken_here(at, now)} where you are)"


def _communicate(case: Case, decision: Decision, now: datetime) -> Iterator[Entry]:
    yield Entry(f"{CHANNEL_WORDS[decision.channel]}. {decision.how.says}", True if case.contacted else None)
    said = script(case, now)
    if not said.parts:
        return
    missing = ", ".join(name.replace("_", " ") for name in said.missing)
    yield Entry(
        f"The script is still blank at: {missing}" if missing else f"The script: {said.seconds:.0f} s.", not missing
    )
    if case.under_way and not {"read", "spoken"} & set(case.done):
        return  # there is no time for it
    if not decision.writes:
        yield Entry("Read it aloud once", "read" in case.done)
    if case.intent is not None and decision.writes:
        checked = bool({"message_ready", "sent", "spoken"} & set(case.done))
        yield Entry("Write it in your own words, and have it checked until it passes", checked)
    elif case.intent is not None:
        yield Entry("Rehearse the call until it passes", "spoken" in case.done)


def _commit(case: Case, decision: Decision, now: datetime) -> Iterator[Entry]:
    report = case.report
    if decision.channel == "none":
        yield Entry("Be there, and be prepared.")
        return
    if report is not None and report.result != "none":
        slot = f": {when.spoken(report.slot, now)}" if report.slot is not None else ""
        yield Entry(f"The contact: {RESULT_WORDS[report.result]}{slot}", report.result != "no_answer")
    elif "sent" not in case.done:
        verb = {"phone": "Call", "in_person": "Say it"}.get(decision.channel, "Write")
        yield Entry(f"{verb} {_until(decision.by, now)}", False, decision.by)
    if case.path in ("learn", "pause"):
        return
    wanted = [each for each in due(case, now) if each.kind == "confirm"]
    by = wanted[0].by if wanted else None
    if "sent" in case.done:
        yield Entry("The message is sent", True)
    elif case.crossed:
        yield Entry("A line that you withdraw, to have it on file: if you want to write at all.")
    elif "message_ready" in case.done:
        yield Entry("The message is ready: send it" + (f", {_until(by, now)}" if by else ""), False, by)
    else:
        yield Entry("The message: one, within 24 hours" + (f", {_until(by, now)}" if by else ""), False, by)


def _until(by: datetime | None, now: datetime) -> str:
    if by is None:
        return "when it suits"
    if when.elapsed(now, by).total_seconds() < 60:
        return "now"
    return f"by {when.spoken_here(by, now)}"


def _consolidate(case: Case, now: datetime) -> Iterator[Entry]:
    if case.report is not None and case.report.slot is not None:
        yield Entry(f"Put it into your calendar: {when.spoken(case.report.slot, now)}")
        yield Entry("Arrive prepared and rested: a second move would be remembered.")
    elif case.path in ("attend", "learn"):
        yield Entry("If it is not the right job, withdraw after the first round, in good order.")
    elif case.answers.get("happened") == "misconduct":
        yield Entry("Keep what you wrote down. Nothing more is owed to them.")
    elif case.path in ("withdraw", "leave"):
        yield Entry("If you like: one short note after six to twelve months.")
    elif case.path == "repair":
        yield Entry("Leave it there: one apology, and no more letters.")
    else:
        yield Entry("Thank them, and keep the time that you agree on.")


__all__ = ["CHANNEL_WORDS", "PLACE", "Entry", "Step", "when_words", "worksheet"]
