"""What a message is written for: a rehearsed scenario, or a case of the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bowout.core.case import Case, Report, follow_up
from bowout.core.criteria import INTENTS, Intent
from bowout.core.due import due
from bowout.core.messages.compose import KINDS, Length, Message, compose, practice_report, suiting
from bowout.core.messages.entries import Entry, entries
from bowout.core.scenario import Scenario
from bowout.core.transcript import from_text
from bowout.core.writing_check import Busy, Said, Setting


@dataclass(frozen=True, slots=True)
class Occasion:
    """Everything that is known when a message is written."""

    kinds: tuple[str, ...]
    """Those that suit first."""
    facts: Mapping[str, str]
    now: datetime
    report: Report | None = None
    """What came of the real contact; in practice what would have come of the rehearsed one."""
    practice: bool = False
    """The facts are a scenario's: nothing of it may go out."""
    intent: Intent | None = None
    interview: datetime | None = None
    email: str = ""
    said: Said | None = None
    case: str = ""
    """Id of the case, if there is one."""
    scenario: str = ""
    """Id of the scenario, in practice."""
    path: str = ""
    channel: str = "phone"
    voicemail: bool = False
    first: str = ""
    """The kind that the way of leaving itself calls for, whatever came of it."""
    sent: datetime | None = None
    """When the case's message was sent, by the user's own word: one is enough."""
    suiting: int = 0
    """How many of ``kinds`` suit."""
    _told: bool = field(default=False, kw_only=True)
    """The report was entered; in practice it is otherwise made to suit the kind."""

    def reported(self, report: Report) -> Occasion:
        """The same after the user said what came of the contact."""
        facts = {name: text for name, text in self.facts.items() if not name.startswith("slot")}
        kinds, suits = _kinds(self.first, self.path, report, self.now, self.interview)
        return replace(self, report=report, kinds=kinds, suiting=suits, facts=facts, _told=True)

    def report_for(self, kind: str) -> Report | None:
        """What the reader of a message of this kind knows already."""
        if self.practice and not self._told:
            return practice_report(kind, self.channel, self.now, voicemail=self.voicemail)
        return self.report

    def message(self, kind: str, length: Length = "full", own: str = "") -> Message:
        """The message of this kind, filled."""
        return compose(kind, self.facts, report=self.report_for(kind), length=length, own=own)

    def file_name(self, kind: str, ending: str) -> str:
        """What a file with this message may be called."""
        from bowout.core.file_names import file_name

        what = f"practice {kind}" if self.practice else kind
        return file_name(what, self.facts.get("company", ""), self.now, ending)

    def setting(self, kind: str, *, busy: tuple[Busy, ...] = (), misspelt: Mapping[str, str] | None = None) -> Setting:
        """What the message is held against."""
        names = frozenset(self.facts[name] for name in ("caller", "role", "company") if self.facts.get(name))
        return Setting(
            kind=kind,
            now=self.now,
            report=self.report_for(kind),
            intent=self.intent,
            interview=self.interview,
            said=self.said,
            busy=busy,
            names=names,
            caller=self.facts.get("caller", ""),
            misspelt=misspelt or {},
        )

    def entries(self) -> tuple[Entry, ...]:
        """What belongs into the user's calendar; nothing in practice."""
        if self.practice:
            return ()
        return entries(self.facts, self.report, self.now, sent=self.sent, crossed=self.first == "after_misconduct")


def of_scenario(
    scenario: Scenario, now: datetime, *, facts: Mapping[str, str] | None = None, said: Said | None = None,
    voicemail: bool = False,
) -> Occasion:  # fmt: skip
    """Practice: as if the call had gone as rehearsed.

    Args:
        now: aware; when the call was, where it has been.
        facts: as they were in the call; else as they are now.
        said: what was said in the call.
        voicemail: the call ended on a voicemail.
    """
    path = {"reschedule": "reschedule", "withdraw": "withdraw", "leave": "leave", "repair": "repair"}[scenario.intent]
    kinds, suits = _kinds(scenario.follow_up, path, None, now)
    interview = scenario.times.get("interview")
    return Occasion(
        kinds=kinds,
        suiting=suits,
        facts=dict(facts or scenario.facts_at(now)),
        now=now,
        practice=True,
        scenario=scenario.id,
        intent=scenario.intent,
        interview=None if interview is None else interview.on(now),
        said=said,
        path=path,
        channel=scenario.channel,
        voicemail=voicemail,
    )


def _kinds(
    first: str, path: str, report: Report | None, now: datetime, interview: datetime | None = None
) -> tuple[tuple[str, ...], int]:
    """Every kind, and how many of the first ones suit; ``first`` comes before all, where there is one."""
    suits = tuple(dict.fromkeys(filter(None, (first, *suiting(path, report, now, interview)))))
    return tuple(dict.fromkeys((*suits, *KINDS))), len(suits)


def of_case(case: Case, now: datetime, said: Said | None = None) -> Occasion:
    """A case of the user's own: filled from its report, and from nothing that was rehearsed."""
    kind = follow_up(case)
    first = kind if case.path == "leave" or kind == "return_window" else ""
    if any(each.kind == "touch" for each in due(case, now)):
        first = "light_touch"
    kinds, suits = _kinds(first, case.path, case.report, now, case.interview)
    return Occasion(
        kinds=kinds,
        suiting=suits,
        first=first,
        facts=case.facts(now),
        now=now,
        report=case.report,
        intent=case.intent,
        interview=case.interview,
        email=case.email,
        said=said,
        case=case.id,
        path=case.path,
        sent=case.done.get("sent"),
    )


def said_in(events: Iterable[Mapping[str, Any]]) -> Said | None:
    """What an attempt's record holds of the caller's words, as they were marked last; ``None`` without marks."""
    result: Any = None
    for event in events:
        if event.get("kind") == "marks":
            result = event.get("result")
    try:
        turns: dict[int, list[str]] = {}
        for word in result["transcript"]:
            turns.setdefault(int(word["turn"]), []).append(str(word["word"]))
        intent = result["intent"]
    except (TypeError, KeyError, ValueError):  # no marks, or those of another version
        return None
    if intent not in INTENTS or not turns:
        return None
    return Said(from_text(*(" ".join(words) for _, words in sorted(turns.items()))), intent)


__all__ = ["Occasion", "of_case", "of_scenario", "said_in"]
