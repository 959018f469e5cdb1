"""What a review says above and below its marks: the verdict, the advice, and what the result rests on."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from bowout.core.if_then import IfThen
from bowout.core.marks import Marks
from bowout.core.review import approximate, outcome_words
from bowout.core.safety import printable
from bowout.core.scenario import Scenario
from bowout.core.settings import Settings
from bowout.core.when import spoken_here
from bowout.rehearsal.events import CallMarked
from bowout.rehearsal.reopened import Reopened, stands_in


def headed(name: str, words: str) -> Content:
    """A line with its name before it."""
    return Content.assemble((f"{name}  ", "bold $text-accent"), words)


def verdict(marks: Marks, call: CallMarked, scenario: Scenario, corrected: bool) -> Content:
    """Score, passed or not, and how the call ended.

    Args:
        corrected: the marks are those of words that the caller has corrected.
    """
    word, style = ("✓ passed", "bold $text-success") if marks.passed else ("✗ not yet passed", "bold $text-warning")
    ended = outcome_words(call.outcome, scenario, call.facts)
    again = f"   corrected by you; first marked {call.marks.score}" if corrected else ""
    return Content.assemble(
        (f"{marks.score} of 100", "bold"), "   ", (word, style), "   ", (ended, "dim"), (again, "dim")
    )


def next_time(marks: Marks, kept: IfThen | None) -> Content:
    """One thing for next time; the sentence that was kept stands for the advice that it was made of."""
    if kept is not None:
        return headed("Kept for next time", printable(kept.sentence))
    return headed("Next time", marks.next_time or "Nothing to add. Well said.")


def basis(
    marks: Marks, call: CallMarked, scenario: Scenario, settings: Settings, past: Reopened | None, now: datetime
) -> Content:
    """Ear, times, scenario, marking and record, one fact a line.

    Args:
        past: set where a call of the past was opened again.
    """
    made = call.provenance
    if marks.transcript.unit == "word":
        times = "word positions"
    else:
        times = "approximate" if approximate(marks.transcript) else "exact"
    facts = {
        "Ear": f"{marks.transcript.ear} {made.ear_version or ''} {made.model or ''}".strip(),
        "Times": times,
        "Scenario": _version(call, scenario),
        "Variant": str(made.seed),
        "Marking": made.marking_version,
        "Attempt": call.attempt,
        "Recording": _recording(marks, settings, past),
    }
    if past is not None and past.started_at:
        facts = {"Made": spoken_here(datetime.fromisoformat(past.started_at), now), **facts}
    return Content("\n").join([Content.assemble((f"{name:<12}", "dim"), value) for name, value in facts.items()])


def _recording(marks: Marks, settings: Settings, past: Reopened | None) -> str:
    """What becomes of it."""
    if marks.transcript.unit == "word":
        return "none"
    if past is not None:
        return "kept" if past.audio else "gone"
    return {"never": "none was written", "keep": "kept"}.get(
        settings.keep_recordings, "goes when you close this review"
    )


def _version(call: CallMarked, scenario: Scenario) -> str:
    made = call.provenance
    version = made.scenario_version if made.scenario_version is not None else scenario.version
    changed = made.scenario_sha256 and scenario.sha256 and made.scenario_sha256 != scenario.sha256
    now = "; it is not here any more" if stands_in(scenario) else ("; it has changed since" if changed else "")
    return f"{made.scenario or scenario.id}, version {version}{now}"


__all__ = ["basis", "headed", "next_time", "verdict"]
