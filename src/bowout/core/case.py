"""One situation of the user's own: what was decided, whom it is about, what has been done, what came of it.

A case is kept as its events (``begun``, ``changed``, ``done``, ``undone``, ``reported``, ``rehearsed``, ``closed``);
``folded`` makes the case of them. All moments are aware.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal, cast, get_args

from bowout.core import moments, when
from bowout.core.criteria import INTENTS, Intent
from bowout.errors import InputError

SCHEMA = 1
Path = Literal["attend", "learn", "disclose", "video", "pause", "reschedule", "withdraw", "leave", "repair"]
PATHS: tuple[Path, ...] = get_args(Path)
Channel = Literal["email", "phone", "message", ""]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Result = Literal["agreed", "withdrawn", "voicemail", "no_answer", "refused", "left", "none"]
RESULTS: tuple[Result, ...] = get_args(Result)
By = Literal["phone", "email", "message", "in_person"]
BYS: tuple[By, ...] = get_args(By)
DONE = ("read", "spoken", "message_ready", "sent", "touched")
"""What the user can have done, each at its moment."""
BEGUN, CHANGED, DID, REPORTED, REHEARSED, CLOSED = "begun", "changed", "done", "reported", "rehearsed", "closed"
UNDID = "undone"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of the real contact, in the user's own word."""

    at: datetime
    result: Result
    slot: datetime | None = None
    """The new time that was agreed."""
    by: By = "phone"
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "at": when.kept(self.at),
            "result": self.result,
            "slot": None if self.slot is None else when.kept(self.slot),
            "by": self.by,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, value: Any) -> Report:
        """Raises ``InputError``."""
        section = _section(value, "report")
        at = _moment(section.get("at"), "report.at")
        assert at is not None, "a missing one is an error"
        return cls(
            at,
            cast(Result, _one_of(section.get("result"), RESULTS, "report.result")),
            _moment(section.get("slot"), "report.slot", optional=True),
            cast(By, _one_of(section.get("by", "phone"), BYS, "report.by")),
            _text(section.get("note", ""), "report.note"),
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``intent`` is ``None`` where nothing is to be cancelled, so that there is no call to rehearse."""

    id: str
    created: datetime
    path: Path
    intent: Intent | None
    caller: str = ""
    contact: str = ""
    company: str = ""
    role: str = ""
    interview: datetime | None = None
    number: str = ""
    email: str = ""
    wrote_by: Channel = ""
    reason: str = ""
    """As it is said: “I have come down with a fever”."""
    reason_written: str = ""
    options: tuple[datetime, ...] = ()
    callback: str = ""
    """The user's own number, for them to ring back."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What the questions of ``bowout.core.decide`` were answered with."""
    report: Report | None = None
    done: Mapping[str, datetime] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    """Attempts at this very call, oldest first."""
    closed: datetime | None = None

    @property
    def title(self) -> str:
        """“Withdraw: site planner at Northwind”."""
        what = self.role or "an interview"
        verb = "End it" if self.crossed else PATH_WORDS[self.path]
        return f"{verb}: {what}{f' at {self.company}' if self.company else ''}"

    @property
    def crossed(self) -> bool:
        """They crossed a line: nothing is owed to them, neither manners nor a message."""
        return self.path == "leave" and self.answers.get("happened") == "misconduct"

    @property
    def under_way(self) -> bool:
        """It was decided in the middle of the interview: there is no time to rehearse."""
        return self.answers.get("stage") == "during"

    @property
    def contacted(self) -> bool:
        """They have been told, by the user's own word, were it by voicemail."""
        return "sent" in self.done or (self.report is not None and self.report.result not in ("none", "no_answer"))

    def facts(self, now: datetime) -> dict[str, str]:
        """The blanks that scenarios and messages use. What is not known is left out, so that it can be asked for.

        Days are counted from ``now`` (aware) in the zone of the interview, which is the reader's.
        """
        told = {
            "caller": self.caller,
            "contact": self.contact,
            "company": self.company,
            "role": self.role,
            "reason": self.reason,
            "reason_written": self.reason_written or self.reason,
            "return": self.answers.get("return", ""),
            "callback": self.callback,
        }
        if self.interview is not None:
            told |= _times("interview", self.interview, now)
            told["when"] = told["interview"]
        if self.path == "video" and self.interview is not None:
            # The first thing that is offered is the same hour on a screen.
            told["option_1"] = f"{told['when']} by video"
            told["option_1_date"] = f"{moments.written(self.interview)} (by video)"
        for number, option in enumerate(self.options, start=2 if self.path == "video" else 1):
            zone = self.interview.tzinfo if self.interview is not None else option.tzinfo
            told |= _times(f"option_{number}", option.astimezone(zone), now)
        if self.report is not None and self.report.slot is not None:
            told |= _times("slot", self.report.slot, now)
        return {name: text for name, text in told.items() if text}

    def as_json(self) -> dict[str, Any]:
        """Schema 1."""
        made: dict[str, Any] = {"schema": SCHEMA}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, datetime):
                value = when.kept(value)
            elif isinstance(value, Report):
                value = value.as_json()
            elif each.name == "options":
                value = [when.kept(option) for option in self.options]
            elif each.name == "done":
                value = {name: when.kept(at) for name, at in self.done.items()}
            elif each.name == "answers":
                value = dict(self.answers)
            elif each.name == "marks":
                value = list(self.marks)
            made[each.name] = value
        return made

    @classmethod
    def from_json(cls, value: Any) -> Case:
        """Raises ``InputError``: something in it is not what it should be."""
        section = _section(value, "a case")
        if section.get("schema") != SCHEMA:
            raise InputError(
                f"The case was written by another version (schema {section.get('schema')!r}).", "Update bowout."
            )
        created = _moment(section.get("created"), "created")
        assert created is not None, "a missing one is an error"
        intent = section.get("intent")
        report = section.get("report")
        return cls(
            id=_text(section.get("id"), "id"),
            created=created,
            path=cast(Path, _one_of(section.get("path"), PATHS, "path")),
            intent=None if intent is None else cast(Intent, _one_of(intent, INTENTS, "intent")),
            report=None if report is None else Report.from_json(report),
            done={
                _one_of(name, DONE, "done"): cast(datetime, _moment(at, f"done.{name}"))
                for name, at in _section(section.get("done", {}), "done").items()
            },
            marks=tuple(_text(each, "marks") for each in _list(section.get("marks", []), "marks")),
            closed=_moment(section.get("closed"), "closed", optional=True),
            **_checked({name: section[name] for name in CHANGEABLE if name in section}),
        )

    def having(self, kind: str, data: Mapping[str, Any]) -> Case:
        """The case after one more event. Raises ``InputError`` for one that can't be understood."""
        if kind == CHANGED:
            given = dict(data)
            changes = _checked({name: given[name] for name in CHANGEABLE if name in given})
            if "path" in given:
                changes["path"] = cast(Path, _one_of(given["path"], PATHS, "path"))
            if "intent" in given:
                intent = given["intent"]
                changes["intent"] = None if intent is None else cast(Intent, _one_of(intent, INTENTS, "intent"))
            return replace(self, **changes)
        if kind == DID:
            at = _moment(data.get("when"), "done.when")
            assert at is not None, "a missing one is an error"
            return replace(self, done={**self.done, _one_of(data.get("what"), DONE, "done.what"): at})
        if kind == UNDID:
            gone = _one_of(data.get("what"), DONE, "undone.what")
            return replace(self, done={what: at for what, at in self.done.items() if what != gone})
        if kind == REPORTED:
            return replace(self, report=Report.from_json(data.get("report")))
        if kind == REHEARSED:
            attempt = _text(data.get("attempt"), "attempt")
            marks = self.marks if attempt in self.marks else (*self.marks, attempt)
            if data.get("passed") is True and "spoken" not in self.done:
                at = _moment(data.get("when"), "rehearsed.when")
                assert at is not None, "a missing one is an error"
                return replace(self, marks=marks, done={**self.done, "spoken": at})
            return replace(self, marks=marks)
        if kind == CLOSED:
            return replace(self, closed=_moment(data.get("when"), "closed.when"))
        return self  # of a newer version: what is known of the case still holds


def folded(events: Iterable[Mapping[str, Any]]) -> Case | None:
    """The case that its events have made; ``None`` without a beginning. Raises ``InputError``."""
    case: Case | None = None
    for event in events:
        kind = str(event.get("kind", ""))
        if kind == BEGUN:
            case = Case.from_json(event.get("case"))
        elif case is not None:
            case = case.having(kind, event)
    return case


PATH_WORDS: Mapping[Path, str] = {
    "attend": "Go to it",
    "learn": "Go, and say you want to learn",
    "disclose": "Go, and say what stands in the way",
    "video": "Ask for a video call",
    "pause": "Ask for a short pause",
    "reschedule": "Move it",
    "withdraw": "Withdraw",
    "leave": "End it politely",
    "repair": "Make amends",
}
RESULT_WORDS: Mapping[Result, str] = {
    "agreed": "they agreed",
    "withdrawn": "you withdrew, and they know",
    "voicemail": "you left a message",
    "no_answer": "nobody answered",
    "refused": "they refused",
    "left": "you ended the interview",
    "none": "nothing yet",
}

_TEXTS = ("caller", "contact", "company", "role", "number", "email", "reason", "reason_written", "callback")
CHANGEABLE = (*_TEXTS, "wrote_by", "interview", "options", "answers")
"""Fields that may change, as they are in JSON."""


def _times(name: str, at: datetime, now: datetime) -> dict[str, str]:
    here = now.astimezone(at.tzinfo)
    return {
        name: when.spoken(at, now),
        f"{name}_day": moments.spoken_day(at, here),
        f"{name}_time": moments.spoken_time(at),
        f"{name}_date": moments.written(at),
    }


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in given.items():
        if name in _TEXTS:
            made[name] = _text(value, name)
        elif name == "wrote_by":
            made[name] = _one_of(value, CHANNELS, name)
        elif name == "interview":
            made[name] = _moment(value, name, optional=True)
        elif name == "options":
            made[name] = tuple(_moment(each, name) for each in _list(value, name))
        else:
            made[name] = {_text(k, name): _text(v, f"{name}.{k}") for k, v in _section(value, name).items()}
    return made


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"“{name}” of the case is {value!r}.", "It should be a text.")
    return value


def _one_of(value: Any, choices: tuple[str, ...], name: str) -> str:
    if value not in choices:
        raise InputError(
            f"“{name}” of the case is {value!r}.", f"It should be one of {', '.join(filter(None, choices))}."
        )
    return cast(str, value)


def _section(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(f"“{name}” is {value!r}.", "It should be an object.")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(f"“{name}” of the case is {value!r}.", "It should be a list.")
    return value


def _moment(value: Any, name: str, *, optional: bool = False) -> datetime | None:
    if value is None and optional:
        return None
    try:
        return when.restored(value)
    except (AttributeError, TypeError, ValueError) as error:
        hint = "It should be a date and time with its offset from UTC."
        raise InputError(f"“{name}” of the case is {value!r}.", hint) from error


def follow_up(case: Case) -> str:
    """The kind of message that follows; empty where none does."""
    if case.path == "leave":
        if case.crossed:
            return "after_misconduct"
        return "cut_short" if case.options else "after_leaving"
    if case.path == "withdraw" and case.answers.get("return"):
        return "return_window"
    return {"withdraw": "withdrawal", "reschedule": "reschedule", "video": "reschedule", "repair": "repair"}.get(
        case.path, ""
    )


__all__ = [
    "BEGUN", "BYS", "CHANGEABLE", "CHANGED", "CHANNELS", "CLOSED", "DID", "DONE", "PATHS", "PATH_WORDS", "REHEARSED",
    "REPORTED", "RESULTS", "RESULT_WORDS", "SCHEMA", "UNDID", "By", "Case", "Channel", "Path", "Report", "Result",
    "folded", "follow_up",
]  # fmt: skip
