"""A coach, learners and what they exchange, without a command line: what the tests of coaching start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from adapters.pack_files import pack_files
from bowout.core.assessment import mark_scenario
from bowout.core.coaching.result import Result
from bowout.core.coaching.roster import Roster
from bowout.core.coaching.sending import sent_take
from bowout.core.coaching.takes import Take, numbered, take_of
from bowout.core.coaching.terms import PARTS, Assignment, Part, Terms
from bowout.core.marks import Provenance, as_json
from bowout.core.scenario import Scenario, fill
from bowout.core.transcript import from_text
from bowout.storage.coaching.coach import CoachFolder
from bowout.storage.coaching.container import sign
from bowout.storage.coaching.exchange import write_result
from bowout.storage.coaching.keys import Keys, new_keys
from bowout.storage.coaching.learner import LearnerFolder
from bowout.storage.packs import Pack, Unpacked, read_pack
from bowout.storage.records import FileRecords
from bowout.storage.strict_json import written
from bowout.storage.wav_writer import wav_header

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
TERMS = Terms("Class 1", ("one",), due=NOW + timedelta(days=2), takes=3, mode="live", ask=PARTS)
GOOD = (
    "Good morning, this is Sam Lee. I'm sorry, my train has been cancelled and I can't come to the site planner "
    "interview today at 3 pm. Could we move it to Thursday at 10 am, or Friday at 2 pm?",
    "Yes, thank you so much for understanding. I will confirm by email.",
)
WEAK = ("Hi, um, I can't come in today. Something came up.", "I don't know, maybe some other time.")


def clock() -> datetime:
    return NOW


@cache
def pack() -> Pack:
    """Two calls: ``one`` and ``two``."""
    return read_pack(Unpacked("samples.bowpack", pack_files()))


def scenario(identity: str = "one") -> Scenario:
    return next(each for each in pack().scenarios if each.id == identity)


def marked(*turns: str, call: str = "one") -> dict[str, Any]:
    """A result in its published form."""
    made = scenario(call)
    facts = made.facts_at(NOW)
    marks = mark_scenario(from_text(*(fill(turn, facts) for turn in turns)), made, facts)
    return as_json(marks, Provenance(scenario=made.id, scenario_version=made.version, scenario_sha256=made.sha256))


def events(
    assignment: str, *turns: str, call: str = "one", at: datetime = NOW, mode: str = "live", **start: Any
) -> list[dict[str, Any]]:
    """The record of a call to the end."""
    stamp = at.isoformat(timespec="milliseconds")
    begun = {"scenario": call, "mode": mode, "ear": "typed", "assignment": assignment, **start}
    made = [
        {"at": stamp, "kind": "start", **begun},
        {"at": stamp, "kind": "recruiter", "text": "Northwind, hello.", "step": "pickup", "speaker": ""},
    ]
    made += [{"at": stamp, "kind": "turn", "index": index} for index, _ in enumerate(turns)]
    made += [
        {"at": stamp, "kind": "marks", "result": marked(*turns, call=call)},
        {"at": stamp, "kind": "end", "outcome": "moved"},
    ]
    return made


@dataclass(frozen=True)
class Class:
    """A coach with one assignment, and its file."""

    coach: CoachFolder
    assignment: Assignment
    file: Path

    @property
    def keys(self) -> Keys:
        keys = self.coach.keys
        assert keys is not None
        return keys


def open_class(root: Path, terms: Terms = TERMS, roster: Roster | None = None, name: str = "Ana Lee") -> Class:
    """A coach who has handed something out."""
    coach = CoachFolder(root / "coach", clock)
    if coach.me is None:
        coach.init(name)
    assignment, raw = coach.assign(pack(), terms, roster)
    file = root / f"{assignment.id[:8]}.bowassign"
    file.write_bytes(raw)
    return Class(coach, assignment, file)


def joined(root: Path, class_: Class, who: str) -> tuple[LearnerFolder, FileRecords]:
    """A learner who has accepted."""
    learner = LearnerFolder(root / "learner", clock)
    learner.accept(learner.look(class_.file), who)
    return learner, FileRecords(root / "attempts", clock)


def practised(records: FileRecords, assignment: str, *turns: str, call: str = "one", mode: str = "live") -> str:
    """An attempt to the end; its id."""
    made = scenario(call)
    writer = records.begin(
        scenario=call, title=made.title, intent=made.intent, mode=mode, ear="typed", keep_audio=False,
        assignment=assignment, pack=made.pack,
    )  # fmt: skip
    for event in events(assignment, *turns, call=call, mode=mode)[1:]:
        writer.event(event["kind"], **{key: value for key, value in event.items() if key not in ("at", "kind")})
    writer.close()
    return writer.id


def result_of(
    class_: Class,
    keys: Keys,
    *turns: str,
    who: str = "",
    parts: Sequence[Part] = ("marks", "transcript"),
    sequence: int = 1,
    made: datetime = NOW,
) -> Result:
    """What a learner would send of one take, without a folder of theirs."""
    said = events(class_.assignment.id, *(turns or GOOD))
    take = take_of("x", said)
    assert take is not None
    takes = numbered([take], class_.assignment.terms)
    return Result(
        id="",
        assignment=class_.assignment.id,
        learner=keys.party,
        made=made,
        sequence=sequence,
        who=who or keys.name,
        parts=tuple(part for part in PARTS if part in parts),
        takes=tuple(replace(each, attempt="") for each in takes),
        sent=(sent_take(takes[0], said, parts),),
    )


def sealed_result(class_: Class, keys: Keys, result: Result, audio: Mapping[str, bytes] = {}) -> bytes:
    """The bytes of a ``.bowresult``."""
    return write_result(result, audio, keys, class_.keys.party)[1]


def signed_result(keys: Keys, head: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """A signed result with whatever is wished in it, not sealed."""
    return sign("result", head, files, keys)[1]


def written_result(result: Result, **changes: Any) -> bytes:
    """``result.json`` with some of it changed."""
    return written({**result.as_json(), **changes})


def recording(seconds: float = 0.1) -> bytes:
    """A WAV file as the program writes it."""
    pcm = b"\1\0" * round(16_000 * seconds)
    return wav_header(len(pcm), 16_000) + pcm


def learner_keys(name: str = "Ben") -> Keys:
    return new_keys(name)


def made_take(number: int = 1, **changes: Any) -> Take:
    """A take to the end."""
    base = Take(number, f"a{number}", "one", NOW + timedelta(minutes=number), "live", "typed", "done", True)
    return replace(base, **{"score": 90, "passed": True, **changes})


__all__ = [
    "GOOD", "NOW", "TERMS", "WEAK", "Class", "clock", "events", "joined", "learner_keys", "made_take", "marked",
    "open_class", "pack", "practised", "recording", "result_of", "scenario", "sealed_result", "signed_result",
    "written_result",
]  # fmt: skip
