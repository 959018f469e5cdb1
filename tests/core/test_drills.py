"""Drills: who is good in everything passes each gate, and who is wrong in one skill loses on its figure alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.assessment import mark_scenario
from bowout.core.call import RAN_OUT, Heard, Walk
from bowout.core.cards import card
from bowout.core.drills import (
    FIGURES,
    SHAPES,
    Drill,
    Fits,
    Gate,
    Timer,
    find_drill,
    fitting,
    pick,
    rings_after,
    standing,
    suits,
    told_apart,
)
from bowout.core.drills_cut import MODEL, OVER, drill_scenario, marked_items, model_parts
from bowout.core.drills_held import why_lost
from bowout.core.drills_judge import aligned, judge
from bowout.core.drills_words import amount, lines, verdict
from bowout.core.lint import try_sentences
from bowout.core.marking.extra import Extra
from bowout.core.marking.patterns import Hit
from bowout.core.scenario import Scenario
from bowout.core.text import normalise
from bowout.core.to_the_point import decision_s
from bowout.core.transcript import Transcript, from_text, shifted
from bowout.errors import UsageError
from drilltakes import DRILLS, HOLDS, NOW, PAIRS, SCENARIOS, Manner, Pair, judged, spoken

CARDS = [card(scenario) for scenario in SCENARIOS.values()]
ILL = SCENARIOS["ill-on-the-day"]
PUSHBACK = DRILLS["pushback"]
NAMED = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.drill)


def test_the_eleven_are_there_each_with_its_pair() -> None:
    assert len(DRILLS) == 11 and {pair.drill for pair in PAIRS} == set(DRILLS)
    assert {drill.shape for drill in DRILLS.values()} == set(SHAPES)
    assert all(drill.modes == ("practice", "live") for drill in DRILLS.values())
    assert all(fitting(drill, CARDS) for drill in DRILLS.values())


# A skill alone.


@NAMED
def test_who_is_good_in_everything_meets_the_gate(pair: Pair) -> None:
    result = judged(DRILLS[pair.drill], SCENARIOS[pair.scenario], pair.good)
    assert result.met is True and result.missed == () and result.measured and result.value is not None
    assert "found" not in result.marked.values() and "not_heard" not in result.marked.values()


@NAMED
def test_who_is_wrong_in_one_skill_loses_on_its_figure_alone(pair: Pair) -> None:
    drill, scenario = DRILLS[pair.drill], SCENARIOS[pair.scenario]
    good, bad = (
        judged(drill, scenario, pair.good),
        judged(drill, scenario, pair.bad or pair.good, pair.badly),
    )
    assert bad.met is False and bad.missed == ("figure",)
    assert bad.marked == good.marked, "the other marks stay"
    assert bad.change and bad.change != good.change
    others = [other for other in PAIRS if other.drill != pair.drill and not pair.bad and not other.bad]
    if pair.badly != Manner() and pair.drill in ("pace", "clean-minute"):
        for other in others:
            if other.scenario == pair.scenario and other.drill in ("pace", "clean-minute"):
                assert judged(DRILLS[other.drill], scenario, pair.good, pair.badly).met, "it is another drill's skill"


@NAMED
def test_typed_words_have_no_times_and_the_gate_says_so(pair: Pair) -> None:
    drill = DRILLS[pair.drill]
    result = judged(drill, SCENARIOS[pair.scenario], pair.good, None)
    if drill.measures.timed:
        assert (result.value, result.measured, result.met) == (None, False, None)
        assert "typed words have no times" in result.detail[0] and "can't be judged" in verdict(drill, result)
    else:
        assert result.met is True and result.measured


@NAMED
def test_who_says_nothing_is_told_what_to_do(pair: Pair) -> None:
    drill = DRILLS[pair.drill]
    result = judged(drill, SCENARIOS[pair.scenario], [""] * len(pair.good))
    assert result.met is not True and result.change.startswith("Say one sentence")
    assert all(lines(drill, result, standing(drill, ())))


def test_one_typed_turn_takes_the_times_away() -> None:
    cut = drill_scenario(DRILLS["whole-call"], ILL)
    facts = cut.facts_at(NOW)
    call = spoken(["Good morning, this is Alex.", "Thank you."])
    torn = Transcript((call.turns[0], replace(call.turns[1], times="none")), "s", "builtin")
    result = judge(DRILLS["whole-call"], cut, mark_scenario(torn, cut, facts), facts)
    assert not result.measured and result.value is None


def test_what_was_said_first_counts_and_not_the_quote() -> None:
    """“I can't come” was the decision; “could we move it”, where the quote is, only says it again."""
    early = "Good morning David, this is Alex Morgan. I can't come to the interview today."
    late = f"{early} Something about the way here, and about the weather. Could we move it to Monday at ten?"
    drill = DRILLS["first-ten-seconds"]
    assert judged(drill, ILL, [late]).value == judged(drill, ILL, [early]).value


def test_the_history_and_the_drill_have_one_rule() -> None:
    """Seconds to the point are the same ones whether a drill asks for them or the history keeps them."""
    turns = ["Good morning David.", "This is Alex Morgan, I can't come today. Could we move it to Monday at ten?"]
    cut = drill_scenario(DRILLS["cold-call"], ILL)
    facts = cut.facts_at(NOW)
    marks = mark_scenario(spoken(turns), cut, facts)
    hesitated = Manner().hesitates_s
    drilled = judge(DRILLS["cold-call"], cut, marks, facts).value
    kept = decision_s(marks, cut, facts)
    assert kept is not None and drilled == pytest.approx(kept + hesitated, abs=0.05)
    assert kept < 8.0, "the first “I can't come”, not the “could we move it” that is quoted"
    assert decision_s(mark_scenario(from_text(*turns), cut, facts), cut, facts) is None, "typed"
    assert decision_s(mark_scenario(spoken(["Hello."]), cut, facts), cut, facts) is None, "not said"


def test_saying_nothing_to_the_first_line_is_no_way_to_gain_time() -> None:
    drill, says = DRILLS["cold-call"], "I can't come to the interview today."
    cut = drill_scenario(drill, ILL)
    facts = cut.facts_at(NOW)
    late = tuple(
        replace(shifted(turn, 7.0), prompt_end=(turn.prompt_end or 0.0) + (7.0 if turn.index else 0.0))
        for turn in spoken(["", says]).turns
    )
    silent = judge(drill, cut, mark_scenario(Transcript(late, "s", "builtin"), cut, facts), facts).value
    at_once = judged(drill, ILL, [says]).value
    assert silent is not None and at_once is not None
    assert silent - at_once == pytest.approx(cut.limits.no_speech_s, abs=0.15)


def test_breaking_in_is_no_decision() -> None:
    drill, scenario = DRILLS["leave-the-room"], SCENARIOS["not-a-fit"]
    begins = "Excuse me, may I stop you there?"
    talks = "What you tell me about the people here sounds very good, and so does the house, and the garden behind it."
    says = "I would like to end the interview here."
    short, long = judged(drill, scenario, [f"{begins} {says}"]), judged(drill, scenario, [f"{begins} {talks} {says}"])
    assert short.value is not None and long.value is not None and long.value - short.value > 6


def test_the_recruiters_lines_are_not_the_callers_time() -> None:
    drill = DRILLS["cold-call"]
    at_once = judged(drill, ILL, ["I can't come to the interview today."])
    asked = judged(drill, ILL, ["Hello David.", "I can't come to the interview today."])
    assert at_once.value is not None and asked.value is not None
    # Two more words, and once more the moment of thought; not the three seconds of the line in between.
    assert asked.value - at_once.value == pytest.approx(2 * 60 / 140 + 0.6, abs=0.11)


def test_the_unsafe_variant_owes_no_reason() -> None:
    drill = DRILLS["leave-the-room"]
    crossed = SCENARIOS["hands-on-the-chair"]
    result = judged(drill, crossed, ["Stop. I'm ending this interview now, and I'm leaving."])
    assert result.met is True and set(result.marked) & {"reason", "thanks", "apology"} == set()
    # Also where the scenario does not say what is owed: one's own case.
    own = replace(SCENARIOS["not-a-fit"], follow_up="after_misconduct", required=None)
    assert marked_items(drill, own) == {"ask"}
    assert marked_items(drill, SCENARIOS["not-a-fit"]) >= {"ask", "reason", "thanks"}


def test_a_reason_must_be_one_and_nothing_private() -> None:
    drill = DRILLS["reason-in-one-breath"]
    assert judged(drill, ILL, ["Something came up."]).missed == ("reason", "vague_reason")
    assert judged(drill, ILL, ["I have diarrhea and I was sick all over the bathroom."]).missed == ("oversharing",)
    assert judged(drill, ILL, ["Um, I have come down with a fever."]).value == 7, "a filler is no word of a reason"


def test_too_little_speech_gives_no_rate() -> None:
    result = judged(DRILLS["clean-minute"], ILL, ["Good morning, I can't come today."], Manner(fillers=2))
    assert result.value is None and not result.measured and "less than 10 s" in result.detail[0]


# Pushback.

_OPENS = "Good morning David, this is Alex Morgan. I can't come to the interview today, I have come down with a fever."


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("", "no answer"),
        ("All right, let's do it by video then.", "gives in"),
        ("I have been throwing up all night and I have diarrhea.", "oversharing"),
        ("I don't know, maybe some other time, I'll let you know.", "soft no"),
        ("You people never listen, this is ridiculous.", "negativity"),
        ("Could you say that again, please?", "no answer"),
    ],
)
def test_a_push_is_lost(answer: str, told: str) -> None:
    result = judged(PUSHBACK, ILL, [_OPENS, *HOLDS[:2], answer, *HOLDS[3:]])
    assert result.value == 4 and len(result.detail) == 1
    assert result.detail[0].startswith("Push 3 (") and told in result.detail[0]


def test_a_push_that_was_heard_twice_is_one_push() -> None:
    cut = drill_scenario(PUSHBACK, ILL)
    facts = cut.facts_at(NOW)
    marks = mark_scenario(from_text(_OPENS, "Sorry, could you repeat that?", *HOLDS), cut, facts)
    names = ["first", "push-1", *(f"push-{n}" for n in range(1, 6))]
    assert judge(PUSHBACK, cut, marks, facts, dict(enumerate(names))).value == 5


def _gives_in(text: str) -> bool:
    assert PUSHBACK.gives_in is not None
    hits: dict[str, list[Hit]] = {}
    Extra({"gives_in": PUSHBACK.gives_in}).add_to(hits, normalise(from_text(text)), "withdraw")
    return bool(hits)


GIVING_IN = """
Alright, I'll come over after all.
Well, if it's so important, I can do it by video.
Sure, half past five is okay.
Okay, put me in for Friday night, then. Yes, that works.
Fine, fifteen minutes then. I can spare that.
I could try to make it, I suppose I can come.
Yes, all right, I'll take that slot.
How much more are we talking about? What would the salary be?
Ten per cent would change my mind, I think.
I'd be willing to talk about it.
Let me think it over until tomorrow.
I'll reconsider.
Okay, you've talked me into it.
Yes, keep me on the list for now.
All right, I'll stay a bit longer.
Fine, ten more minutes.
Okay, let's finish the page.
Sure, call him in.
Maybe I should stay, then.
I guess I could hear you out.
All right, I'll keep the appointment and decide afterwards. Let's do that.
Yes, I'll be there in half an hour.
Okay, fire away.
That sounds tempting, tell me more.
I'm willing to come in for an hour.
Well, I can probably squeeze you in before lunch.
Okay, I'll be right over.
Sure, we can do the interview over the phone now.
You're right, I should give it a chance.
Yes please, leave my name on the list.
I'd stay for twenty per cent more.
All right, I'll wait until you've finished.
Fine. Half past five it is.
If the pay were better, I'd think again.
I suppose one quick call wouldn't hurt.
Okay, you can move it to Friday night.
I'll drop by after work then.
Yes, go ahead and ask.
Perhaps I was too quick, I'll have another think.
What kind of offer would that be?
Fine, but only ten minutes.
I can make Friday night work.
Oh, well, in that case I'll come.
Yes, I think I could do that.
Sure, why not.
Okay, I'm on my way.
Yes, I could do with a bit more money.
All right, you have ten minutes.
Well, Friday night is doable.
I didn't know that. Then I'd like to hear more.
Fine, write me down for it.
I can be persuaded for a better salary.
Okay, I take it back, I'm coming.
Let's hear it, then.
Yes, all right, video works.
I'll leave it open for now.
Then I'll stay in the process.
What are you offering?
Maybe next week I'll feel different about it.
Well, since you ask so nicely, yes.
Okay, one more question.
I suppose you could call me back with an offer.
Fine, we can talk now.
I'd come for that.
Alright, I'll sit back down.
""".strip().splitlines()
HOLDING = """
I'm afraid the answer stays the same.
Thank you, but no.
I've made my decision, and I'm at peace with it.
It's a private matter, and I'd like to keep it that way.
No, it isn't about money.
I appreciate the offer very much, and I'm still withdrawing.
I can see that this is inconvenient, and I'm sorry for it.
I can't do video either, I'm in bed.
That time is too early for me, I'm sorry. Monday at ten is certain.
I could do Monday or Tuesday, as I said.
Please strike me off the list.
I'd rather not go into that.
I have nothing to add, but thank you for asking.
I'm going now. Goodbye.
I won't stay, thank you.
Thank you for your patience, I'm leaving.
No, I don't need to hear more.
I understand that you're disappointed.
I'm very interested in this job, which is why I'm calling myself.
It has been a pleasure, and I'm ending it here.
There is nothing wrong with your company. It isn't right for me.
I'm not going to change my mind about it.
Yes, it's short notice, and I apologise for that.
Yes, this is final.
Another offer won't change anything for me.
My doctor says that I should stay in bed.
We can leave it at that.
I'll put it in writing this afternoon.
I will be well again on Monday.
I hope you find somebody soon.
As I said, it's for personal reasons.
I have a high temperature and I'm staying in bed.
That won't be possible, I'm sorry.
My answer is no, and it will stay no.
I'd prefer not to say more about it.
The money is not the reason.
I've signed a contract elsewhere, so there is nothing to decide.
I know you put a lot of work into it, and I thank you for that.
No, not today. Monday at ten or Tuesday at two.
I'm sorry, I can't talk any longer now.
I want this job, and I'd like to be well when we meet.
Please don't hold a place for me.
I'm afraid I won't be able to.
Thank you, I'm quite sure.
It was good to meet you. I'll see myself out.
I don't think it would be right to stay.
I have another appointment at that time that I can't move.
Half past five is too early for me.
I am grateful, and I have decided.
No, please take my name off.
I'd only be wasting your time.
I have told you everything that I can tell you.
Yes, I understand how that looks.
You will have my email within the hour.
I really do have to go.
Friday night isn't possible for me.
We both know that it's not the right fit.
I wouldn't be any use to you today.
I'm still very keen on the position.
Could you tell me which of the two times suits you?
It's the flu, nothing more to tell.
No. I'm sorry about the trouble.
I wouldn't like to go into it.
Thank you, I know that you mean well.
I'm not free at that hour.
Today is out of the question.
The answer is still no, whatever the salary.
I've chosen the other place.
You've been very kind. Goodbye.
I'm sorry, but I have to end this here.
It doesn't suit me, and more talking won't help.
I see your point, and I'm firm on this.
That is all I'd like to say about it.
I do care about it, and I'd like a new date.
My two dates are firm.
I'd rather be honest with you now than waste your time later.
I can't promise what I can't keep.
Please, accept my decision.
This conversation is over for me.
Thanks for understanding, I'll email you.
""".strip().splitlines()
"""Both written after the patterns, in three rounds. Before they were looked at, 13 of 20 and 20 of 20 of the last round
were told right: who gives in is now and then let off, who holds is hardly ever told otherwise."""


def test_giving_in_is_told_from_holding() -> None:
    missed = [text for text in GIVING_IN if not _gives_in(text)]
    wrongly = [text for text in HOLDING if _gives_in(text)]
    assert len(missed) <= 0.1 * len(GIVING_IN), missed
    assert len(wrongly) <= 0.02 * len(HOLDING), wrongly
    bare = [text for text in GIVING_IN if _gives_in(text) != _gives_in(text.lower().replace(",", "").replace(".", ""))]
    assert not bare, "an ear writes no punctuation"


_OPENINGS: dict[str, tuple[str, str]] = {
    "reschedule": ("ill-on-the-day", _OPENS),
    "withdraw": ("accepted-another-offer", "Hello, this is Alex Morgan. I am calling to withdraw my application."),
    "leave": ("not-a-fit", "Excuse me, I would like to end the interview here."),
}


def test_answers_to_a_push_in_every_intent() -> None:
    """What holds is hardly ever lost, by giving in or by a fault; one in five that gives in may be let off."""
    wrongly: list[str] = []
    let_off: list[str] = []
    lines = (Path(__file__).parents[1] / "data" / "pushes.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        name, opening = _OPENINGS[row["intent"]]
        cut = drill_scenario(PUSHBACK, SCENARIOS[name])
        facts = cut.facts_at(NOW)
        marks = mark_scenario(from_text(opening, "I'd rather keep that to myself.", row["text"]), cut, facts)
        faults = {fault.id for fault in marks.faults.values() if fault.found}
        lost = why_lost(PUSHBACK, cut, facts, "plan", [row["text"]], faults)
        if bool(lost) != row["gives_in"]:
            (wrongly if lost else let_off).append(row["text"])
    assert len(wrongly) <= 0.04 * 120, wrongly
    assert len(let_off) <= 0.2 * 120, let_off


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        ("In my last job I led a team of five, and we delivered a new website in three months.", True),
        ("We were three people, and I was responsible for the layout and the pictures.", True),
        ("I know what I want from work, and I have seen today that it is something quiet and regular.", False),
        ("I'd like us to part as friends. Have a good afternoon.", False),
        ("I know. I'm sorry about the hour.", False),
    ],
)
def test_who_answers_their_questions_has_not_left(answer: str, lost: bool) -> None:
    opens = _OPENINGS["leave"][1]
    holds = "I would like to end the interview here, thank you."
    result = judged(PUSHBACK, SCENARIOS["not-a-fit"], [opens, holds, answer, holds, holds, holds])
    assert result.value == (4 if lost else 5), result.detail


def test_whoever_is_asked_why_may_answer_at_length() -> None:
    says = "The first project was a shop for a bakery, and it took us about five weeks."
    cut = drill_scenario(PUSHBACK, SCENARIOS["not-a-fit"])
    facts = cut.facts_at(NOW)
    assert why_lost(PUSHBACK, cut, facts, "details", [says], ()) == ""
    assert "goes on" in why_lost(PUSHBACK, cut, facts, "plan", [says], ())


def test_two_times_of_ones_own_are_no_giving_in() -> None:
    own = "I could manage Monday at ten, or Tuesday at two."
    assert judged(PUSHBACK, ILL, [_OPENS, *HOLDS[:2], own, *HOLDS[3:]]).value == 5


def test_a_sentence_that_reads_like_a_fault_when_it_stands_alone_is_none() -> None:
    alone = "It's a health matter, and I'd like to leave it at that."
    assert mark_scenario(from_text(alone), ILL, ILL.facts_at(NOW)).faults["soft_no"].found
    assert judged(PUSHBACK, ILL, [_OPENS, *HOLDS[:2], alone, *HOLDS[3:]]).value == 5


def test_its_own_sentences_do() -> None:
    assert PUSHBACK.gives_in is not None
    assert not list(try_sentences(PUSHBACK.gives_in, "withdraw", ()))


@pytest.mark.parametrize("intent", ["reschedule", "withdraw", "leave"])
def test_another_seed_brings_other_pushes_and_always_why_first(intent: str) -> None:
    scenario = next(s for s in SCENARIOS.values() if s.intent == intent)
    kinds = set()
    for seed in range(12):
        cut = drill_scenario(PUSHBACK, scenario, seed)
        row = [step.pushback for step in cut.steps.values() if step.id.startswith("push-")]
        assert len(row) == 5 == len(set(row)) and row[0] == "why"
        kinds.add(tuple(row))
    assert len(kinds) > 3


# The cut.


def _fitting(drill: Drill) -> list[Scenario]:
    return [s for s in SCENARIOS.values() if suits(drill, s.intent, s.channel, s.difficulty)]


@pytest.mark.parametrize("name", sorted(DRILLS))
def test_every_scenario_that_fits_can_be_cut_and_comes_to_an_end(name: str) -> None:
    drill = DRILLS[name]
    for scenario in _fitting(drill):
        cut = drill_scenario(drill, scenario, 3)
        kept = (cut.id, cut.pack, cut.version, cut.sha256, cut.title, cut.facts)
        assert kept == (scenario.id, scenario.pack, scenario.version, scenario.sha256, scenario.title, scenario.facts)
        assert (cut.limits.green_s, cut.limits.red_s) == (drill.timer.amber_s, drill.timer.red_s)
        if drill.shape == "whole":
            assert cut.steps is scenario.steps
            continue
        assert all(key == step.id for key, step in cut.steps.items()) and cut.start == next(iter(cut.steps))
        facts = cut.facts_at(NOW)
        walk, said = Walk(cut, facts, 1), []
        while walk.outcome is None:
            assert "{" not in walk.line() and cut.speaker(walk.step).name
            said.append(walk.step.id)
            if walk.outcome is None:
                walk.answer(Heard("well", frozenset(), frozenset()))
        assert walk.outcome == OVER != RAN_OUT and said == list(cut.steps)
        assert set(cut.outcomes) == {OVER}


def test_everything_said_ends_it_sooner() -> None:
    cut = drill_scenario(DRILLS["leave-the-room"], SCENARIOS["not-a-fit"])
    facts, required = cut.facts_at(NOW), cut.required
    assert required is not None
    walk = Walk(cut, facts, 0)
    walk.line()
    walk.answer(Heard("…", required, frozenset()))
    assert walk.step.id == "close"


def test_a_question_of_the_scenarios_own_is_asked_first() -> None:
    drill = DRILLS["reason-in-one-breath"]
    assert drill_scenario(drill, ILL).steps["first"].say == ILL.steps["why"].say
    without = replace(ILL, steps={k: replace(s, asks=frozenset()) for k, s in ILL.steps.items()})
    assert drill_scenario(drill, without).steps["first"].say == drill.lines["ask"]


def test_a_scenarios_own_mailbox_is_kept_and_another_gets_one() -> None:
    drill = DRILLS["voicemail"]
    own = drill_scenario(drill, SCENARIOS["ill-on-the-day-voicemail"])
    assert own.steps["first"].say == SCENARIOS["ill-on-the-day-voicemail"].steps["greeting"].say
    made = drill_scenario(drill, ILL)
    assert made.steps["first"].say == drill.lines["greeting"] and made.speaker(made.steps["first"]).name == "Mailbox"
    for cut in (own, made):
        assert cut.steps["first"].beep and cut.steps["first"].listen.max_turn_s == drill.ends.turn_s


def test_the_model_is_said_in_lines_and_nothing_of_it_is_lost() -> None:
    for scenario in SCENARIOS.values():
        parts = model_parts(scenario)
        whole = " ".join(" ".join(text.split()) for text in scenario.model_answer)
        assert whole.startswith(" ".join(" ".join(parts).split())[: len(whole)]) and len(parts) <= 12
        assert all(len(part.split()) >= 3 for part in parts)
    cut = drill_scenario(DRILLS["shadow"], ILL)
    assert cut.channel == "in_person" and all(step.beep for step in cut.steps.values() if step.by == MODEL)


def test_a_drill_that_marks_nothing_here_is_refused() -> None:
    with pytest.raises(UsageError, match="can't be made of"):
        drill_scenario(DRILLS["two-options"], SCENARIOS["accepted-another-offer"])


# Words said of the model's.


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("i can not come today", 5),
        ("well i can not ever come today", 5),
        ("today come not can i", 1),
        ("i can not com toda", 5),
        ("", 0),
    ],
)
def test_alignment(said: str, expected: int) -> None:
    assert aligned("i can not come today".split(), said.split()) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("a bb ccc dddd eeeee".split()), max_size=8), st.data())
def test_leaving_words_out_never_helps(model: list[str], data: st.DataObject) -> None:
    kept = [word for word in model if data.draw(st.booleans())]
    assert len(kept) == aligned(model, kept) <= aligned(model, model) == len(model)


# Where one stands.


@dataclass(frozen=True)
class Row:
    figure: float | None
    met: bool | None = True
    disputed: bool = False


LESS = Drill("a", 1, "A", "", "", "question", "words", gate=Gate(most=12, takes=2))
MORE = replace(LESS, id="b", figure="held", shape="pushback", gate=Gate(least=5, takes=2))
BAND = replace(LESS, id="c", figure="pace", shape="whole", gate=Gate(least=110, most=165, takes=2))


@pytest.mark.parametrize(
    ("drill", "takes", "best", "median", "to_beat", "row", "is_open"),
    [
        (LESS, [], None, None, 12, 0, False),
        (LESS, [Row(9), Row(11), Row(20, False)], 9, 11, 9, 2, True),
        (LESS, [Row(2, False), Row(11)], 11, 6.5, 11, 0, False),
        (LESS, [Row(8, disputed=True), Row(10)], 10, 9, 10, 2, True),
        (LESS, [Row(None, None), Row(10), Row(9)], 9, 9.5, 9, 0, True),
        (LESS, [Row(n, False) for n in (1, 2, 3, 4, 5, 99)], None, 3, 12, 0, False),
        (MORE, [Row(3, False), Row(5)], 5, 4, 5, 0, False),
        (BAND, [Row(115), Row(135), Row(160)], 135, 135, 135, 3, True),
        (BAND, [], None, None, None, 0, False),
    ],
)  # fmt: skip
def test_standing(
    drill: Drill,
    takes: list[Row],
    best: float | None,
    median: float | None,
    to_beat: float | None,
    row: int,
    is_open: bool,
) -> None:
    now = standing(drill, takes)
    assert (now.best, now.median_of_last_five, now.to_beat) == (best, median, to_beat)
    assert (now.takes, now.in_a_row, now.open) == (len(takes), row, is_open)


@settings(max_examples=60)
@given(st.lists(st.builds(Row, st.one_of(st.none(), st.floats(0, 99)), st.sampled_from([True, False, None]))))
def test_a_worse_take_never_makes_the_best_worse(takes: list[Row]) -> None:
    before, after = standing(LESS, takes), standing(LESS, [Row(98.5, False), *takes])
    assert after.best == before.best and after.open == before.open and after.in_a_row == 0


# The rest.


@pytest.mark.parametrize(
    ("seconds", "light"), [(0, "green"), (7.9, "green"), (8, "amber"), (10, "red"), (14.9, "red"), (15, "over")]
)
def test_the_light(seconds: float, light: str) -> None:
    assert Timer(8, 10, 5).light(seconds) == light


def test_it_rings_at_another_time_with_another_seed() -> None:
    drill = DRILLS["cold-call"]
    times = [rings_after(drill, seed) for seed in range(40)]
    assert all(5 <= each <= 20 for each in times) and len(set(times)) == 40
    assert rings_after(drill, 7) == rings_after(drill, 7) and rings_after(DRILLS["pace"], 7) == 0


def test_a_cold_call_takes_one_that_has_not_been_met() -> None:
    drill = DRILLS["cold-call"]
    suitable = [each.id for each in fitting(drill, CARDS)]
    seen = set(suitable[:-2])
    assert {pick(drill, CARDS, seen, seed).id for seed in range(12)} == set(suitable[-2:])
    assert pick(drill, CARDS, set(suitable), 1).id in suitable, "all have been met: any will do"
    assert pick(DRILLS["voicemail"], CARDS, suitable, 1) == fitting(DRILLS["voicemail"], CARDS)[0]
    with pytest.raises(UsageError, match="No scenario here fits"):
        pick(replace(drill, fits=Fits(intents=frozenset({"leave"}), channels=frozenset({"phone"}))), CARDS, (), 0)


def test_drills_are_found_and_told_apart() -> None:
    twin = replace(LESS, id="pace", pack="mine")
    drills = told_apart([*DRILLS.values(), twin])
    assert {each.key for each in drills if each.shared} == {"drills/pace", "mine/pace"}
    assert find_drill(drills, "mine/pace").pack == "mine"
    with pytest.raises(UsageError) as told:
        find_drill(drills, "pace")
    assert "“drills/pace” or “mine/pace”" in told.value.hint
    with pytest.raises(UsageError) as told:
        find_drill(drills, "shadwo")
    assert told.value.hint == "Did you mean “shadow”?"


def test_words_for_figures() -> None:
    assert amount(FIGURES["words"], 1) == "1 word" and amount(FIGURES["held"], 5) == "5 pushes"
    assert amount(FIGURES["spoken"], 10.0) == "10 s" and amount(FIGURES["spoken"], 8.25) == "8.25 s"


def test_no_word_shames() -> None:
    told = [judged(DRILLS[p.drill], SCENARIOS[p.scenario], p.bad or p.good, p.badly).change for p in PAIRS]
    told += [text for drill in DRILLS.values() for text in (drill.about, drill.tell)]
    for word in ("fail", "bad ", "wrong", "poor", "sloppy", "weak", "stupid", "never mind", "should have"):
        assert not [text for text in told if word in text.lower()], word


def test_the_row_of_takes_is_counted_from_the_newest() -> None:
    for newer, older in pairwise([standing(MORE, [Row(5)] * n) for n in range(4, 0, -1)]):
        assert newer.in_a_row == older.in_a_row + 1
