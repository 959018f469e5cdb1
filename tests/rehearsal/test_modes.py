"""Several voices, voicemail, a wrong number, interruptions, and what practice adds to a call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bowout.core.call import Heard
from bowout.core.endpoint import EndReason
from bowout.core.scenario import CallLimits, Listen, Persona, Rule, Scenario, Step
from bowout.ports import RATE, WIDTH, Block, Clip
from bowout.rehearsal import events as e
from bowout.rehearsal.barge_in import SPEECH_S, Overheard
from bowout.rehearsal.call import Options, Rehearsal
from bowout.rehearsal.parts import Parts, Sounds, TypedLines
from bowout.speech.clip_source import ClipSource
from bowout.speech.ears.scripted import ScriptedEar
from bowout.speech.silent import SilentPlayback
from callfakes import LoudIsVoice, tone
from written import full

LIVE = Options(mode="live", silence_s=1.3, read_pause=False)
PRACTICE = Options(mode="practice", silence_s=1.3, read_pause=False)
RING, BEEP = tone(0.2), tone(0.3, 1000)
MakeParts = Callable[..., Parts]


def run(rehearsal: Rehearsal) -> list[e.Event]:
    return list(rehearsal.run(threading.Event()))


def of(kind: type, events: list[e.Event]) -> list:
    return [event for event in events if isinstance(event, kind)]


def kinds(events: list[e.Event]) -> list[str]:
    """What happened, without partials and second readings."""
    left_out = (e.PartialHeard, e.CallPrepared, e.CallMarked)
    return [
        type(event).__name__
        for event in events
        if not isinstance(event, left_out) and not (isinstance(event, e.TurnHeard) and event.careful)
    ]


class HeardPlayback(SilentPlayback):
    """Remembers what was played."""

    audible = True

    def __init__(self) -> None:
        super().__init__()
        self.audible = True
        self.clips: list[Clip] = []

    def play(self, clip: Clip) -> Any:
        self.clips.append(clip)
        return super().play(clip)


@pytest.fixture
def call(make_parts: MakeParts) -> Callable[..., tuple[Rehearsal, Parts, HeardPlayback]]:
    def make(
        scenario: Scenario, answers: list[str], options: Options = LIVE, **parts_changes: Any
    ) -> tuple[Rehearsal, Parts, HeardPlayback]:
        parts = make_parts(answers, **parts_changes)
        parts.sounds = Sounds(RING, lambda clip: clip, BEEP)
        playback = HeardPlayback()
        parts.playback = playback
        return Rehearsal(scenario, parts, options), parts, playback

    return make


def graph(*steps: Step, **changes: Any) -> Scenario:
    """A scenario of these steps; the first one begins."""
    return replace(full(), steps={step.id: step for step in steps}, start=steps[0].id, **changes)


END = Step("end", ("Goodbye.",), end="left")


def test_a_voicemail_beeps_and_then_listens(call: Any) -> None:
    scenario = graph(Step("box", ("You have reached Northwind. Leave a message.",), (Rule("end"),), beep=True), END)
    rehearsal, _, playback = call(scenario, ["hello this is sam lee"])
    events = run(rehearsal)
    assert kinds(events) == [
        "Rang", "RecruiterSpoke", "Beeped", "MicrophoneOpened", "TurnEnded", "TurnHeard", "RecruiterSpoke", "CallEnded",
    ]  # fmt: skip
    assert playback.clips[2] is BEEP and len(playback.clips) == 4
    spoke, opened = of(e.RecruiterSpoke, events)[0], of(e.MicrophoneOpened, events)[0]
    assert opened.at - spoke.at == pytest.approx(0.5 + BEEP.seconds, abs=0.01), "the beep is over before it listens"


def test_a_gatekeeper_and_then_the_recruiter_have_two_voices(call: Any) -> None:
    scenario = graph(
        Step("desk", ("Front desk.",), (Rule("room"),), by="desk"), Step("room", ("Ines Roth.",), (Rule("end"),)), END
    )
    rehearsal, parts, _ = call(scenario, ["ines roth please", "hello ines"])
    events = run(rehearsal)
    assert [(s.speaker, s.text) for s in of(e.RecruiterSpoke, events)] == [
        ("Front desk", "Front desk."), ("", "Ines Roth."), ("", "Goodbye."),
    ]  # fmt: skip
    voices = [(p.name, p.voice, p.words_per_minute) for p in parts.lines.speakers]
    assert voices == [("Front desk", "en-gb", 180), ("Ines Roth", "", 160), ("Ines Roth", "", 160)]
    assert parts.lines.prepared[:3] == ["Front desk.", "Ines Roth.", "Goodbye."]
    (marked,) = of(e.CallMarked, events)
    told = [event for event in parts.records.load(marked.attempt).events if event["kind"] == "recruiter"]
    assert [event["speaker"] for event in told] == ["Front desk", "", ""]


def test_a_wrong_number_is_dialled_again(call: Any) -> None:
    scenario = graph(
        Step("wrong", ("Pizza Milano.",), (Rule("right"),), by="desk"),
        Step("right", ("Ines Roth.",), (Rule("end"),), ring=True),
        END,
    )
    rehearsal, _, playback = call(scenario, ["oh sorry wrong number", "hello"])
    events = run(rehearsal)
    assert [k for k in kinds(events) if k in ("Rang", "RecruiterSpoke")] == [
        "Rang", "RecruiterSpoke", "Rang", "RecruiterSpoke", "RecruiterSpoke",
    ]  # fmt: skip
    assert [clip is RING for clip in playback.clips] == [True, False, True, False, False]


def test_in_the_room_nothing_rings_and_no_phone_is_heard(call: Any) -> None:
    scenario = graph(Step("room", ("Shall we go on?",), (Rule("end"),)), END, channel="in_person")
    rehearsal, parts, _ = call(scenario, ["no"])
    parts.sounds = Sounds(RING, lambda clip: pytest.fail("this is no phone"), BEEP)
    assert not of(e.Rang, run(rehearsal))


def test_the_other_side_may_say_nothing_for_a_while(call: Any) -> None:
    scenario = graph(Step("a", ("Well?",), (Rule("b"),)), Step("b", ("Still there?",), (Rule("end"),), wait_s=4), END)
    rehearsal, _, _ = call(scenario, ["hello", "yes"])
    lines = of(e.RecruiterSpoke, events := run(rehearsal))
    ended = [t.turn.words[-1].end for t in of(e.TurnHeard, events) if not t.careful]
    assert lines[1].at - ended[0] == pytest.approx(4 + 1.3, abs=0.2)


@pytest.mark.parametrize(
    ("options", "own", "expected"),
    [
        (LIVE, Listen(), (1.3, 9.0, 90.0)),
        (LIVE, Listen(0.7, 4, 20), (0.7, 4.0, 20.0)),
        (replace(LIVE, patience=2.0), Listen(0.7), (1.4, 9.0, 90.0)),
        (PRACTICE, Listen(0.7, 4, 20), (1.3, 4.0, 180.0)),
        (PRACTICE, Listen(3.0), (3.0, 9.0, 180.0)),
    ],
)
def test_each_step_has_its_own_limits(
    options: Options, own: Listen, expected: tuple[float, float, float], call: Any
) -> None:
    """As the scenario has them in a live call; in practice a pause may be longer, and nobody is cut off."""
    scenario = graph(Step("a", ("Well?",), (Rule("end"),), listen=own), END, limits=CallLimits())
    rehearsal, _, _ = call(scenario, [], options)
    limits = rehearsal._limits()
    assert (limits.silence_s, limits.no_speech_s, limits.max_s) == expected


def test_a_step_hangs_up_on_the_silent_sooner(call: Any) -> None:
    scenario = graph(Step("a", ("Well?",), (Rule("end"),), listen=Listen(no_speech_s=3)), END)
    rehearsal, _, _ = call(scenario, [])
    events = run(rehearsal)
    (ended,) = of(e.TurnEnded, events)
    opened, bye = of(e.MicrophoneOpened, events)[0], of(e.RecruiterSpoke, events)[1]
    assert ended.reason is EndReason.NO_SPEECH and bye.at - opened.at == pytest.approx(3, abs=0.1)


def test_the_caller_may_ask_to_hear_it_again(call: Any) -> None:
    scenario = graph(Step("a", ("When could you come?",), (Rule("end"),), ring=True, wait_s=1), END)
    rehearsal, _, _ = call(scenario, ["sorry could you say that again", "on monday"])
    events = run(rehearsal)
    assert [s.text for s in of(e.RecruiterSpoke, events)] == ["When could you come?"] * 2 + ["Goodbye."]
    assert len(of(e.Rang, events)) == 1, "what is said again does not ring again"
    (marked,) = of(e.CallMarked, events)
    assert [turn.text for turn in marked.marks.transcript.turns] == ["sorry could you say that again", "on monday"]
    assert [s.turn for s in of(e.RecruiterSpoke, events)] == [0, 1, 2]


def pressing(rehearsal: Rehearsal, at: type, key: Callable[[], None], times: int = 1) -> list[e.Event]:
    """Run the call and press a key whenever such an event comes, so many times."""
    seen: list[e.Event] = []
    for event in rehearsal.run(threading.Event()):
        seen.append(event)
        if isinstance(event, at) and times:
            times -= 1
            key()
    return seen


def test_the_repeat_key_says_the_line_again_in_practice(call: Any) -> None:
    scenario = graph(Step("a", ("one", "two"), (Rule("end"),)), END)
    rehearsal, _, _ = call(scenario, ["hello"], PRACTICE, ear=ScriptedEar(["hello"], ear="builtin"))
    events = pressing(rehearsal, e.MicrophoneOpened, rehearsal.repeat, 2)
    lines = [s.text for s in of(e.RecruiterSpoke, events)]
    assert lines[0] == lines[1] == lines[2] and len(lines) == 4
    assert [s.turn for s in of(e.RecruiterSpoke, events)] == [0, 0, 0, 1]
    (marked,) = of(e.CallMarked, events)
    assert len(marked.marks.transcript.turns) == 1 and marked.outcome == "left"


def test_what_was_said_before_the_repeat_key_is_kept(call: Any) -> None:
    scenario = graph(Step("a", ("one",), (Rule("end"),)), END)
    answers = ["hello this is sam lee and i", "call about monday"]
    rehearsal, _, _ = call(scenario, answers, PRACTICE)
    events = pressing(rehearsal, e.PartialHeard, rehearsal.repeat)
    (marked,) = of(e.CallMarked, events)
    assert len(marked.marks.transcript.turns) == 2
    assert "monday" in marked.marks.transcript.text and "sam" in marked.marks.transcript.text


@pytest.mark.parametrize("options", [LIVE, replace(PRACTICE, strict=True)])
def test_a_live_or_strict_call_has_no_repeat_key(options: Options, call: Any) -> None:
    scenario = graph(Step("a", ("one",), (Rule("end"),)), END)
    rehearsal, _, _ = call(scenario, ["hello"], options)
    events = pressing(rehearsal, e.MicrophoneOpened, rehearsal.repeat)
    assert [s.text for s in of(e.RecruiterSpoke, events)] == ["one", "Goodbye."]


ASKING = graph(
    Step("a", ("Why?",), (Rule("b"),), asks=frozenset({"reason"})),
    Step("b", ("And what now?",), (Rule("end"),), asks=frozenset({"ask"}), hint="Say it, {caller}."),
    END,
)


def test_practice_tells_what_was_left_out(call: Any) -> None:
    rehearsal, parts, _ = call(ASKING, ["hello this is sam lee", "well then"], PRACTICE)
    events = run(rehearsal)
    assert [h.text for h in of(e.Hinted, events)] == [
        "I don't think this role is the right fit for me.", "Say it, Sam Lee.",
    ]  # fmt: skip
    order = kinds(events)
    assert order[order.index("Hinted") - 1 : order.index("Hinted") + 2] == ["TurnHeard", "Hinted", "RecruiterSpoke"]
    (marked,) = of(e.CallMarked, events)
    told = [event["text"] for event in parts.records.load(marked.attempt).events if event["kind"] == "hint"]
    assert told == [h.text for h in of(e.Hinted, events)]


def test_a_good_answer_and_a_live_call_have_no_hint(call: Any) -> None:
    good = ["i don't think this role is the right fit for me", "i would like to end the interview here thank you"]
    assert not of(e.Hinted, run(call(ASKING, good, PRACTICE)[0]))
    assert not of(e.Hinted, run(call(ASKING, ["hello", "well"], LIVE)[0]))


def test_practice_speaks_more_slowly(call: Any) -> None:
    scenario = replace(graph(Step("a", ("one",), (Rule("end"),)), END), persona=Persona("Ines Roth", "", 160))
    for options, pace in ((PRACTICE, 136), (LIVE, 160)):
        rehearsal, parts, _ = call(scenario, ["hello"], options)
        run(rehearsal)
        assert {p.words_per_minute for p in parts.lines.speakers} == {pace}


class EarlyCaller(ClipSource):
    """A live microphone whose caller begins in the middle of the recruiter's line; as fast as it is read."""

    def __init__(self, quiet_s: float, speech_s: float) -> None:
        super().__init__([])
        self.live = True
        self._script = bytes(round(quiet_s * RATE) * WIDTH) + tone(speech_s).pcm
        self.at = 0

    def begin_turn(self) -> None:
        """It goes on as it goes on."""

    def read(self, timeout: float) -> Block | None:
        size = round(0.06 * RATE) * WIDTH
        pcm = self._script[self.at : self.at + size]
        self.at += size
        return Block(pcm + self._noise(size - len(pcm)))


class Lasting(HeardPlayback):
    """Each clip lasts as long as its caller looks at it twenty times (1.2 s of microphone), or until it is stopped."""

    def play(self, clip: Clip) -> Any:
        self.clips.append(clip)
        return _Lasting()


class _Lasting:
    started_at = 0.0

    def __init__(self) -> None:
        self.left = 20
        self.stopped = False

    def done(self) -> bool:
        self.left -= 1
        return self.stopped or self.left < 0

    def stop(self) -> None:
        self.stopped = True


def interrupted(make_parts: MakeParts, step: Step, quiet_s: float, speech_s: float, headphones: bool) -> list[e.Event]:
    scenario = graph(step, END, channel="in_person")
    source = EarlyCaller(quiet_s, speech_s)
    parts = make_parts([], ear=ScriptedEar(["may i stop you there"], ear="builtin"), source=source)
    parts.playback = Lasting()
    return run(Rehearsal(scenario, parts, replace(LIVE, headphones=headphones)))


def test_who_speaks_into_the_line_is_heard_from_the_first_word(make_parts: MakeParts) -> None:
    step = Step("a", ("A very long line.",), (Rule("end"),))
    events = interrupted(make_parts, step, quiet_s=0.6, speech_s=2.0, headphones=True)
    assert kinds(events)[:3] == ["RecruiterSpoke", "Interrupted", "MicrophoneOpened"]
    (cut,) = of(e.Interrupted, events)
    assert cut.at == pytest.approx(0.6 + SPEECH_S, abs=0.07), "after 0.3 s of speech, long before the line's end"
    heard = next(t.turn for t in of(e.TurnHeard, events) if not t.careful)
    assert heard.text == "may i stop you there"
    assert heard.words[0].start == pytest.approx(0.6, abs=0.07), "the words before the line broke off are in the turn"
    assert heard.prompt_end == cut.at


def test_a_cough_does_not_interrupt(make_parts: MakeParts) -> None:
    step = Step("a", ("A very long line.",), (Rule("end"),), listen=Listen(no_speech_s=3))
    events = interrupted(make_parts, step, quiet_s=0.3, speech_s=0.18, headphones=True)
    assert not of(e.Interrupted, events)


def test_without_headphones_the_line_is_said_to_its_end(make_parts: MakeParts) -> None:
    step = Step("a", ("A very long line.",), (Rule("end"),))
    assert not of(e.Interrupted, interrupted(make_parts, step, quiet_s=0.1, speech_s=5.0, headphones=False))


@pytest.mark.parametrize("beep", [True, False])
def test_a_machine_and_a_last_line_are_not_interrupted(beep: bool, make_parts: MakeParts) -> None:
    step = Step("a", ("Leave a message.",), (Rule("end"),), beep=beep)
    events = interrupted(make_parts, step, quiet_s=0.1, speech_s=60.0, headphones=True)
    assert len(of(e.Interrupted, events)) == (0 if beep else 1), "only the first line of the two can be"


def test_what_is_overheard_is_kept_from_just_before_the_speech() -> None:
    quiet, speech = bytes(round(0.1 * RATE) * WIDTH), tone(0.1).pcm
    heard = Overheard(LoudIsVoice())
    for _ in range(10):
        heard.take(quiet)
    assert len(heard.fetch()) == round(0.2 * RATE) * WIDTH, "of silence the last moment"
    for block in (quiet, quiet, quiet, speech, quiet, speech):
        heard.take(block)
    assert not heard.interrupts
    heard.take(speech)
    assert heard.interrupts
    assert heard.fetch() == quiet + quiet + speech + quiet + speech + speech
    assert not heard.interrupts and heard.fetch() == b""


def test_a_call_that_ran_out_is_ended_by_who_spoke_last(call: Any) -> None:
    scenario = graph(Step("a", ("Well?",), (Rule("a"),), by="desk"), END, limits=CallLimits(turns=1))
    rehearsal, _, _ = call(scenario, ["hello"])
    lines = of(e.RecruiterSpoke, events := run(rehearsal))
    assert of(e.CallEnded, events)[0].outcome == "ran_out"
    assert lines[-1].speaker == "Front desk" and "put the rest in writing" in lines[-1].text


def test_typed_answers_meet_the_same_people(make_parts: MakeParts) -> None:
    typed = TypedLines(["ines roth please", "could you repeat that", "no"])
    typed.close()
    scenario = graph(
        Step("desk", ("Front desk.",), (Rule("room"),), by="desk", beep=True),
        Step("room", ("Ines Roth.",), (Rule("end"),), wait_s=9),
        END,
    )
    parts = make_parts([])
    parts.source = None
    events = run(Rehearsal(scenario, parts, LIVE, typed))
    assert [s.speaker for s in of(e.RecruiterSpoke, events)] == ["Front desk", "", "", ""]
    assert of(e.Beeped, events)


def test_what_was_heard_once_stays_heard(call: Any) -> None:
    """The walk is told of every item that was ever credited, so that no later reading makes it ask again."""
    rehearsal, _, _ = call(ASKING, ["i don't think this role is the right fit for me", "hm"])
    told: list[Heard] = []
    answer = rehearsal._walk.answer
    rehearsal._walk.answer = lambda heard: (told.append(heard), answer(heard))[1]  # type: ignore[method-assign]
    run(rehearsal)
    assert "reason" in told[0].items and told[0].items <= told[1].items
