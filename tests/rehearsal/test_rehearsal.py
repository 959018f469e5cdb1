"""The rehearsal loop over fakes: what happens, in which order, and what survives when a part dies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bowout.core.endpoint import EndReason
from bowout.core.marks import State
from bowout.core.scenario import Scenario, fill
from bowout.errors import BowoutError, DeviceLost, MissingPart
from bowout.ports import Block, Hypothesis
from bowout.rehearsal import events as e
from bowout.rehearsal.call import Options, Rehearsal
from bowout.rehearsal.parts import Parts, TypedLines
from bowout.rehearsal.record import turn_from_json, turn_json
from bowout.speech.clip_source import ClipSource
from bowout.speech.ears.scripted import ScriptedEar
from bowout.speech.ears.typed import TypedEar
from bowout.speech.silent import SilentPlayback
from callfakes import tone

FAST = Options(mode="live", silence_s=1.3, read_pause=False)
MakeParts = Callable[..., Parts]


def run(rehearsal: Rehearsal) -> list[e.Event]:
    return list(rehearsal.run(threading.Event()))


def of(kind: type, events: list[e.Event]) -> list:
    return [event for event in events if isinstance(event, kind)]


def typing(*lines: str) -> TypedLines:
    """Answers from a keyboard that then is silent."""
    typed = TypedLines(lines)
    typed.close()
    return typed


def answers_of(scenario: Scenario, parts: Parts, weak: bool = False) -> list[str]:
    facts = scenario.facts_at(parts.clock())
    return [fill(text, facts) for text in (scenario.weak_answer if weak else scenario.model_answer)]


@pytest.fixture
def withdraw(scenarios: dict[str, Scenario]) -> Scenario:
    return scenarios["accepted-another-offer"]


def rehearse(
    scenario: Scenario, make_parts: MakeParts, answers: list[str] | None = None, weak: bool = False
) -> list[e.Event]:
    parts = make_parts([])
    said = answers if answers is not None else answers_of(scenario, parts, weak)
    return run(Rehearsal(scenario, make_parts(said), FAST))


@pytest.mark.parametrize("name", ["accepted-another-offer", "ill-on-the-day", "not-a-fit"])
def test_a_model_call_passes_and_a_weak_one_trips_exactly_its_faults(
    name: str, scenarios: dict[str, Scenario], make_parts: MakeParts
) -> None:
    scenario = scenarios[name]
    (good,) = of(e.CallMarked, rehearse(scenario, make_parts))
    (weak,) = of(e.CallMarked, rehearse(scenario, make_parts, weak=True))
    assert good.marks.passed, {i: m.state for i, m in good.marks.items.items()}
    assert {f for f, m in weak.marks.faults.items() if m.found} == scenario.weak_faults
    assert good.marks.score - weak.marks.score >= 20


def test_the_order_of_a_phone_call(withdraw: Scenario, make_parts: MakeParts) -> None:
    kinds = [type(event).__name__ for event in rehearse(withdraw, make_parts) if not isinstance(event, e.PartialHeard)]
    assert kinds[:6] == ["CallPrepared", "Rang", "RecruiterSpoke", "MicrophoneOpened", "TurnEnded", "TurnHeard"]
    assert kinds[-1] == "CallMarked"
    assert "CallEnded" in kinds


def test_in_the_room_nothing_rings(scenarios: dict[str, Scenario], make_parts: MakeParts) -> None:
    events = rehearse(scenarios["not-a-fit"], make_parts)
    assert not of(e.Rang, events)


def test_partials_grow_and_spans_lie_inside_the_recording(withdraw: Scenario, make_parts: MakeParts) -> None:
    events = rehearse(withdraw, make_parts)
    first_turn = [p.text for p in of(e.PartialHeard, events) if p.turn == 0]
    assert len(first_turn) > 5
    assert all(later.startswith(earlier) for earlier, later in pairwise(first_turn))
    opened = {m.turn: m.at for m in of(e.MicrophoneOpened, events)}
    for heard in of(e.TurnHeard, events):
        assert all(word.start >= opened[heard.turn.index] for word in heard.turn.words)
    (marked,) = of(e.CallMarked, events)
    quote = marked.marks.items["name"].span
    assert quote is not None and quote.turn == 0 and quote.start >= opened[0]


def test_every_line_is_rendered_before_it_is_said(withdraw: Scenario, make_parts: MakeParts) -> None:
    parts = make_parts(answers_of(withdraw, make_parts([])))
    run(Rehearsal(withdraw, parts, FAST))
    assert set(parts.lines.said) <= set(parts.lines.prepared)  # type: ignore[attr-defined]


def test_a_silent_caller_is_asked_and_then_the_call_ends(withdraw: Scenario, make_parts: MakeParts) -> None:
    events = rehearse(withdraw, make_parts, answers=[])
    assert [t.reason for t in of(e.TurnEnded, events)] == [EndReason.NO_SPEECH] * 2
    (marked,) = of(e.CallMarked, events)
    assert marked.outcome == "not_heard"
    assert all(m.state is State.NOT_HEARD for m in marked.marks.items.values())
    assert not marked.marks.passed


def test_everything_is_in_the_record(withdraw: Scenario, make_parts: MakeParts) -> None:
    parts = make_parts(answers_of(withdraw, make_parts([])))
    (marked,) = of(e.CallMarked, run(Rehearsal(withdraw, parts, FAST)))
    stored = parts.records.load(marked.attempt)
    kinds = [event["kind"] for event in stored.events]
    for kind in ("recruiter", "partial", "turn", "turn_end", "marks", "end"):
        assert kind in kinds
    assert stored.summary.score == marked.marks.score and stored.summary.passed
    assert stored.summary.point_s == marked.point_s is not None, "the history has what was measured in the call"
    assert stored.summary.outcome == "withdrawn"
    turns = [turn_from_json(dict(event)) for event in stored.events if event["kind"] == "turn"]
    assert turns[-1] == marked.marks.transcript.turns[-1]
    assert stored.audio_path is not None and stored.summary.seconds > 5


def test_no_audio_is_written_when_it_is_not_wanted(withdraw: Scenario, make_parts: MakeParts, tmp_path: Path) -> None:
    parts = make_parts(answers_of(withdraw, make_parts([])))
    options = Options(mode="live", silence_s=1.3, read_pause=False, keep_audio=False)
    (marked,) = of(e.CallMarked, run(Rehearsal(withdraw, parts, options)))
    stored = parts.records.load(marked.attempt)
    assert stored.audio_path is None
    assert not list(tmp_path.rglob("*.wav"))
    assert marked.marks.items["name"].span is not None


def test_typed_answers_make_the_same_call(withdraw: Scenario, make_parts: MakeParts) -> None:
    parts = make_parts([], ear=TypedEar())
    parts.source = None
    typed = typing(*answers_of(withdraw, parts))
    events = run(Rehearsal(withdraw, parts, FAST, typed))
    (marked,) = of(e.CallMarked, events)
    assert marked.marks.passed and marked.marks.transcript.unit == "word" and marked.marks.transcript.ear == "typed"
    assert len(of(e.TypingWanted, events)) == 2
    assert marked.marks.delivery.words_per_minute.value is None


class DyingSource(ClipSource):
    """A microphone that is pulled out after some seconds of its first turn."""

    def __init__(self, seconds: float) -> None:
        super().__init__([tone(20)])
        self._left = round(seconds / 0.06)
        self.closed = False

    def read(self, timeout: float) -> Block | None:
        self._left -= 1
        if self._left < 0:
            raise DeviceLost("The microphone is gone.", "Plug it in again.")
        return super().read(timeout)

    def close(self) -> None:
        self.closed = True
        super().close()


def test_a_microphone_that_dies_in_mid_turn_loses_nothing(withdraw: Scenario, make_parts: MakeParts) -> None:
    said = answers_of(withdraw, make_parts([]))
    source = DyingSource(4.0)
    parts = make_parts([], ear=ScriptedEar([said[0]], ear="builtin"), source=source)
    typed = typing("and thank you so much for your time", said[1])
    events = run(Rehearsal(withdraw, parts, FAST, typed))
    (notice,) = [n for n in of(e.Noticed, events) if n.part == "microphone"]
    assert "type your answers" in notice.fix
    (first, *_) = of(e.TurnHeard, events)
    assert first.turn.text.startswith("Hello") and first.turn.text.endswith("thank you so much for your time")
    (marked,) = of(e.CallMarked, events)
    assert marked.marks.items["thanks"].state is State.HEARD
    assert marked.marks.delivery.words_per_minute.value is None, "nobody measured how words were typed"
    assert source.closed


def test_no_microphone_at_all(withdraw: Scenario, make_parts: MakeParts) -> None:
    class NoSource(ClipSource):
        def open(self) -> None:
            raise MissingPart("There is no microphone.", "Plug one in.")

    said = answers_of(withdraw, make_parts([]))
    parts = make_parts([], source=NoSource([]))
    events = run(Rehearsal(withdraw, parts, FAST, typing(*said)))
    (prepared,) = of(e.CallPrepared, events)
    assert prepared.ear == "typed"
    (marked,) = of(e.CallMarked, events)
    assert marked.marks.passed and marked.marks.transcript.unit == "word"


def test_an_ear_that_breaks_lets_the_call_go_on(withdraw: Scenario, make_parts: MakeParts) -> None:
    said = answers_of(withdraw, make_parts([]))
    parts = make_parts(said, ear=ScriptedEar(said, ear="builtin", fail_at=60))
    events = run(Rehearsal(withdraw, parts, FAST, typing("i would like to withdraw", said[1])))
    assert [n.part for n in of(e.Noticed, events)] == ["ear"]
    (marked,) = of(e.CallMarked, events)
    words = marked.marks.transcript.turns[0].text
    assert words.startswith("Hello Maria Keller") and words.endswith("i would like to withdraw")


def test_a_recogniser_that_changes_its_mind_makes_unsure_not_missing(withdraw: Scenario, make_parts: MakeParts) -> None:
    """What the quick pass credited in the call never becomes “not heard” in the review."""
    from bowout.core.transcript import Word

    class Forgetful(ScriptedEar):
        def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
            return Hypothesis((Word("mumble", 0.1, 0.5, 0.9),), (), "exact")

    said = answers_of(withdraw, make_parts([]))
    events = run(Rehearsal(withdraw, make_parts(said, ear=Forgetful(said, ear="builtin")), FAST))
    (marked,) = of(e.CallMarked, events)
    assert {m.state for m in marked.marks.items.values() if m.required} == {State.UNSURE}


def test_the_key_ends_a_turn_and_hanging_up_ends_the_call(withdraw: Scenario, make_parts: MakeParts) -> None:
    said = answers_of(withdraw, make_parts([]))
    rehearsal = Rehearsal(withdraw, make_parts(said), FAST)
    reasons, outcome = [], None
    for event in rehearsal.run(threading.Event()):
        if isinstance(event, e.PartialHeard) and event.turn == 0 and len(event.text.split()) == 12:
            rehearsal.end_turn()
        if isinstance(event, e.PartialHeard) and event.turn == 1:
            rehearsal.hang_up()
        if isinstance(event, e.TurnEnded):
            reasons.append(event.reason)
        if isinstance(event, e.CallMarked):
            outcome = event.outcome
    assert reasons == [EndReason.KEY, EndReason.KEY]
    assert outcome == "hung_up"


def test_leaving_stops_the_microphone_and_keeps_the_record(withdraw: Scenario, make_parts: MakeParts) -> None:
    said = answers_of(withdraw, make_parts([]))
    source = DyingSource(1e6)
    parts = make_parts(said, source=source)
    stop = threading.Event()
    for event in Rehearsal(withdraw, parts, FAST).run(stop):
        if isinstance(event, e.PartialHeard):
            stop.set()
    assert source.closed
    (row,) = parts.records.list()
    assert row.score is None and row.outcome is None
    kinds = [event["kind"] for event in parts.records.load(row.id).events]
    assert kinds[-1] == "abandoned" and "partial" in kinds


def test_a_turn_survives_the_record() -> None:
    from bowout.core.transcript import Filler, Turn, Word

    turn = Turn(3, (Word("hello", 0.5, 0.9, 0.7),), (Filler("um", 1.0, 1.2),), 0.4, "exact")
    assert turn_from_json(turn_json(turn)) == turn


def test_a_full_disk_is_told_once_and_the_call_goes_on(
    withdraw: Scenario, make_parts: MakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bowout.storage import attempt_writer

    def full(self: object, pcm: bytes) -> None:
        raise BowoutError("The disk is full.", "Make room.")

    monkeypatch.setattr(attempt_writer.FileAttemptWriter, "audio", full)
    events = rehearse(withdraw, make_parts)
    (notice,) = of(e.Noticed, events)
    assert (notice.part, notice.message) == ("records", "The disk is full.")
    (marked,) = of(e.CallMarked, events)
    assert marked.marks.passed


class Talker(ClipSource):
    """A live microphone before which somebody talks all the time, twelve times faster than life."""

    def __init__(self) -> None:
        super().__init__([tone(60)])
        super().begin_turn()
        self.live = True

    def begin_turn(self) -> None:
        """What was captured is dropped by a real microphone; this one goes on talking."""

    def read(self, timeout: float) -> Block | None:
        time.sleep(0.005)
        self.live = False
        block = super().read(timeout)
        self.live = True
        return block


@pytest.mark.parametrize("headphones", [True, False])
def test_headphones_keep_the_last_moment_before_the_gate_opens(
    headphones: bool, withdraw: Scenario, make_parts: MakeParts
) -> None:
    """Who speaks into the line breaks it off with headphones on, and loses no word; without them the gate is shut till
    the line ends."""
    parts = make_parts([], ear=ScriptedEar(["hello this is sam"], ear="builtin"), source=Talker())
    parts.playback = SilentPlayback(paced=True)
    rehearsal = Rehearsal(withdraw, parts, replace(FAST, headphones=headphones))
    opened = first = 0.0
    broke_off = False
    for event in rehearsal.run(threading.Event()):
        broke_off = broke_off or isinstance(event, e.Interrupted)
        if isinstance(event, e.MicrophoneOpened):
            opened = event.at
        if isinstance(event, e.PartialHeard):
            rehearsal.hang_up()
        if isinstance(event, e.TurnHeard) and event.turn.words:
            first = event.turn.words[0].start
    assert first > 0 and broke_off == headphones
    assert (opened - first == pytest.approx(0.3, abs=0.07)) if headphones else first >= opened


@pytest.mark.parametrize("trouble", [KeyError("surprise"), BowoutError("The aligner is gone.")])
def test_a_careful_pass_that_fails_costs_nothing(trouble: Exception, withdraw: Scenario, make_parts: MakeParts) -> None:
    class Careless(ScriptedEar):
        def refine(self, pcm: bytes, quick: Hypothesis) -> Hypothesis:
            raise trouble

    said = answers_of(withdraw, make_parts([]))
    events = run(Rehearsal(withdraw, make_parts(said, ear=Careless(said, ear="builtin")), FAST))
    assert {n.part for n in of(e.Noticed, events)} == {"ear"}
    (marked,) = of(e.CallMarked, events)
    assert marked.marks.passed


def test_a_muted_microphone_is_named_while_the_turn_is_still_open(withdraw: Scenario, make_parts: MakeParts) -> None:
    class Muted(ClipSource):
        live = True

        def open(self) -> None:
            self.live = True

        def read(self, timeout: float) -> Block | None:
            time.sleep(0.002)
            return Block(bytes(1920))

    kinds = []
    for event in Rehearsal(withdraw, make_parts([], source=Muted()), FAST).run(threading.Event()):
        if isinstance(event, (e.Noticed, e.TurnEnded)):
            kinds.append(type(event).__name__)
    assert kinds[:2] == ["Noticed", "TurnEnded"]


def test_a_folder_that_cannot_be_written_keeps_nobody_from_rehearsing(
    withdraw: Scenario, make_parts: MakeParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, **_: object) -> None:
        raise BowoutError("The folder can't be written.", "Check it.")

    said = answers_of(withdraw, make_parts([]))
    parts = make_parts(said)
    monkeypatch.setattr(type(parts.records), "begin", refuse)
    events = run(Rehearsal(withdraw, parts, FAST))
    assert [n.part for n in of(e.Noticed, events)] == ["records"]
    (marked,) = of(e.CallMarked, events)
    assert marked.marks.passed and marked.attempt == ""
