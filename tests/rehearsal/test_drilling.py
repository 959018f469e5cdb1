"""A take of each drill from the ring to its record, with the ear that knows what is said."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bowout.core.drills import Drill, DrillResult
from bowout.core.drills_cut import drill_scenario
from bowout.core.endpoint import EndReason
from bowout.core.scenario import Listen, Rule, Step
from bowout.errors import UsageError
from bowout.ports import RATE, WIDTH, Block
from bowout.rehearsal import events as e
from bowout.rehearsal.call import Options, Rehearsal
from bowout.rehearsal.drilling import check_possible, drill_options, judged, keep, standing_in
from bowout.rehearsal.parts import Parts, TypedLines
from bowout.speech.clip_source import ClipSource
from bowout.speech.ears.scripted import ScriptedEar
from callfakes import tone
from drilltakes import DRILLS, PAIRS, SCENARIOS, Pair
from written import full

LIVE = Options(mode="live", silence_s=1.3, read_pause=False, headphones=True)
PRACTICE = replace(LIVE, mode="practice")
MakeParts = Callable[..., Parts]
Take = Callable[..., tuple[list[e.Event], e.CallMarked, DrillResult, Parts]]


@pytest.fixture
def take(make_parts: MakeParts) -> Take:
    def make(
        drill: Drill, scenario: str, answers: tuple[str, ...], options: Options = LIVE, **parts_changes: Any
    ) -> tuple[list[e.Event], e.CallMarked, DrillResult, Parts]:
        parts = make_parts(answers, **parts_changes)
        cut = drill_scenario(drill, SCENARIOS[scenario], options.seed)
        rehearsal = Rehearsal(cut, parts, drill_options(drill, options))
        events = list(rehearsal.run(threading.Event()))
        (marked,) = (event for event in events if isinstance(event, e.CallMarked))
        result = judged(drill, cut, marked)
        keep(parts.records, marked.attempt, result)
        return events, marked, result, parts

    return make


@pytest.mark.parametrize("options", [LIVE, PRACTICE], ids=["live", "practice"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.drill)
def test_from_the_ring_to_its_event(pair: Pair, options: Options, take: Take) -> None:
    drill = DRILLS[pair.drill]
    events, marked, result, parts = take(drill, pair.scenario, pair.good, options)
    assert result.met is True and result.missed == () and result.value is not None
    stored = parts.records.load(marked.attempt)
    (kept,) = (event for event in stored.events if event["kind"] == "drill")
    assert {key: kept[key] for key in result.as_json()} == result.as_json()
    start = next(event for event in stored.events if event["kind"] == "start")
    assert (start["drill"], start["pack"], start["difficulty"]) == (
        drill.key,
        SCENARIOS[pair.scenario].pack,
        SCENARIOS[pair.scenario].difficulty,
    )
    assert (stored.summary.drill, stored.summary.figure, stored.summary.met) == (drill.key, result.value, True)
    now = standing_in(drill, parts.records)
    assert (now.best, now.takes, now.in_a_row) == (result.value, 1, 1)
    assert not [event for event in events if isinstance(event, e.Hinted)], "a drill gives no hints"
    if drill.shape == "question":
        assert not [event for event in events if isinstance(event, e.Rang)], "the call is under way"


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.bad], ids=lambda pair: pair.drill)
def test_the_one_skill_alone_costs_the_gate(pair: Pair, take: Take) -> None:
    _, _, result, parts = take(DRILLS[pair.drill], pair.scenario, pair.bad)
    assert result.met is False and result.missed == ("figure",)
    assert standing_in(DRILLS[pair.drill], parts.records).best is None


def test_a_second_take_has_something_to_beat(take: Take) -> None:
    pair = next(pair for pair in PAIRS if pair.drill == "reason-in-one-breath")
    drill = DRILLS[pair.drill]
    take(drill, pair.scenario, pair.good)
    _, _, _, parts = take(drill, pair.scenario, ("For personal reasons.",))
    now = standing_in(drill, parts.records)
    assert (now.best, now.median_of_last_five, now.takes, now.in_a_row, now.open) == (3, 5, 2, 2, False)


def test_limits_hold_in_practice_too(take: Take) -> None:
    """An ordinary call in practice is never cut off; a drill is."""
    drill = replace(DRILLS["reason-in-one-breath"], ends=replace(DRILLS["reason-in-one-breath"].ends, turn_s=5.0))
    events, _, _, _ = take(drill, "ill-on-the-day", (" ".join(["and"] * 40),), PRACTICE)
    (ended,) = (event for event in events if isinstance(event, e.TurnEnded))
    assert ended.reason is EndReason.TOO_LONG


def test_the_callers_own_speech_has_a_limit(take: Take) -> None:
    drill = replace(DRILLS["whole-call"], ends=replace(DRILLS["whole-call"].ends, speaking_s=12.0))
    say = "good morning david this is alex morgan i am calling about the interview today"
    events, marked, _, _ = take(drill, "annoyed-recruiter", (say, " ".join([say] * 4), say), PRACTICE)
    assert marked.outcome == "ran_out"
    seconds = marked.marks.delivery.seconds.value
    assert seconds is not None and 11 < seconds <= 12.2
    assert len(marked.marks.transcript.turns) == 2
    assert [event for event in events if isinstance(event, e.RecruiterSpoke)][-1].text.endswith("Goodbye.")


def test_silence_is_not_the_callers_speech(take: Take) -> None:
    drill = replace(DRILLS["whole-call"], ends=replace(DRILLS["whole-call"].ends, speaking_s=12.0))
    _, marked, _, _ = take(drill, "ill-on-the-day", ())
    assert marked.outcome != "ran_out" and marked.marks.delivery.seconds.value is None


def test_the_phone_rings_after_a_while(take: Take) -> None:
    pair = next(pair for pair in PAIRS if pair.drill == "cold-call")
    events, _, _, _ = take(DRILLS["cold-call"], pair.scenario, pair.good)
    first = next(event for event in events if isinstance(event, e.RecruiterSpoke))
    assert first.at > 5, "on the call's clock nothing happened for at least five seconds"


def test_typed_there_is_no_figure_of_time(make_parts: MakeParts) -> None:
    pair, drill = PAIRS[0], DRILLS[PAIRS[0].drill]
    parts = make_parts(())
    parts.source = None
    cut = drill_scenario(drill, SCENARIOS[pair.scenario])
    rehearsal = Rehearsal(cut, parts, drill_options(drill, LIVE), TypedLines(pair.good))
    (marked,) = (event for event in rehearsal.run(threading.Event()) if isinstance(event, e.CallMarked))
    result = judged(drill, cut, marked)
    keep(parts.records, marked.attempt, result)
    assert (result.value, result.met, result.measured) == (None, None, False)
    summary = parts.records.load(marked.attempt).summary
    assert (summary.drill, summary.figure, summary.met) == (drill.key, None, None)


def test_without_a_record_nothing_is_kept_and_nothing_fails(make_parts: MakeParts, take: Take) -> None:
    pair = PAIRS[0]
    _, _, result, parts = take(DRILLS[pair.drill], pair.scenario, pair.good)
    keep(parts.records, "", result)
    assert len(parts.records.list()) == 1


def test_what_can_not_be_done_like_this_is_said() -> None:
    with pytest.raises(UsageError, match="needs headphones"):
        check_possible(DRILLS["shadow"], "live", headphones=False, typed=False)
    check_possible(DRILLS["shadow"], "live", headphones=True, typed=False)
    check_possible(DRILLS["shadow"], "live", headphones=False, typed=True)
    live = replace(DRILLS["pace"], modes=("live",))
    with pytest.raises(UsageError, match="a drill for live mode"):
        check_possible(live, "practice", headphones=True, typed=False)


class Along(ClipSource):
    """A caller with headphones who speaks along with the line, waits, and says it alone after the beep."""

    def __init__(self) -> None:
        super().__init__([])
        self.live = True
        quiet = bytes(round(0.5 * RATE) * WIDTH)
        self._script = tone(1.0).pcm + quiet * 4 + tone(2.0).pcm
        self._at_now = 0

    def begin_turn(self) -> None:
        """It goes on as it goes on."""

    def read(self, timeout: float) -> Block | None:
        size = round(0.06 * RATE) * WIDTH
        pcm = self._script[self._at_now : self._at_now + size]
        self._at_now += size
        return Block(pcm + self._noise(size - len(pcm)))


class Slow:
    """A clip that lasts as long as its caller looks at it twenty times: 1.2 s of microphone."""

    started_at = 0.0

    def __init__(self) -> None:
        self.left = 20
        self.stopped = False

    def done(self) -> bool:
        self.left -= 1
        return self.stopped or self.left < 0

    def stop(self) -> None:
        self.stopped = True


def test_what_is_said_along_with_the_model_is_no_part_of_what_is_said_alone(make_parts: MakeParts) -> None:
    ear = ScriptedEar(["i have come down with a fever"], ear="builtin")
    parts = make_parts([], ear=ear, source=Along())
    parts.playback.play = lambda clip: Slow()  # type: ignore[method-assign, assignment, return-value]
    step = Step(
        "line-1", ("I have come down with a fever.",), (Rule("close"),), beep=True, listen=Listen(no_speech_s=3)
    )
    scenario = replace(
        full(),
        steps={"line-1": step, "close": Step("close", ("Thank you.",), end="over")},
        start="line-1",
        channel="in_person",
    )
    events = list(Rehearsal(scenario, parts, replace(LIVE, strict=True)).run(threading.Event()))
    assert not [event for event in events if isinstance(event, e.Interrupted)], "speaking along breaks nothing off"
    (turn,) = (event.turn for event in events if isinstance(event, e.TurnHeard) and not event.careful)
    assert turn.text == "i have come down with a fever" and turn.words[0].start > 1.2, "after the beep alone"
