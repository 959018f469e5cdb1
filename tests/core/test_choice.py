"""What to practise next: from what was missed, with its reason, the same all day."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.cards import ScenarioCard
from bowout.core.choice import LEAST, Choice, Shelf, choose, needs
from bowout.core.criteria import FAULTS, INTENTS, ITEMS, Intent
from bowout.core.drills import Drill, Fits
from bowout.ports import AttemptSummary


def card(id_: str, intent: Intent = "withdraw", difficulty: int = 1, pack: str = "p") -> ScenarioCard:
    return ScenarioCard(id_, pack, f"The call {id_}", intent, "phone", difficulty)


def drill(id_: str, figure: str = "words", **more: Any) -> Drill:
    return Drill(id_, 1, f"Drill {id_}", "about", "tell", "whole", figure, **more)


CARDS = (
    card("a"), card("b", "reschedule"), card("c", "reschedule", 2), card("d", "leave", 2), card("e", difficulty=4),
    card("f", difficulty=5),
)  # fmt: skip
DRILLS = (
    drill("first-ten-seconds", "until_said"),
    drill("whole-call", "spoken"),
    drill("reason-in-one-breath"),
    drill("two-options", fits=Fits(intents=frozenset({"reschedule"}))),
    drill("voicemail", "message"),
    drill("pushback", "held"),
    drill("cold-call", "until_point", fits=Fits(unseen=True)),
    drill("clean-minute", "fillers"),
    drill("pace", "pace"),
    drill("shadow", "model", headphones=True),
)
SHELF = Shelf(CARDS, DRILLS, headphones=True)
OWED = {intent: [item.id for item in ITEMS.values() if intent in item.required] for intent in INTENTS}


def take(missed: str = "", intent: Intent = "reschedule", scenario: str = "b", **more: Any) -> AttemptSummary:
    """A whole call in which everything was said but what is named."""
    states = {item: "not_heard" if item in missed.split() else "heard" for item in OWED[intent]}
    given = {"score": 80, "items": states, "pack": "p", **more}
    return AttemptSummary(
        "x", "2026-11-25T09:00:00+00:00", scenario, "S", intent, "live", "vosk", given.pop("score"), None, None, 0,
        False, **given,
    )  # fmt: skip


def chosen(takes: list[AttemptSummary], shelf: Shelf = SHELF, **more: Any) -> Choice:
    made = choose(takes, shelf, seed=1, **more)
    assert made is not None
    return made


def test_it_says_what_was_left_out_and_what_to_try() -> None:
    made = chosen([take("options"), take("options"), take(), take("options")])
    assert (made.drill, made.scenario) == ("two-options", "b")
    assert made.sentence == "You left out two alternatives in 3 of the last 4 calls: try Drill two-options."


@pytest.mark.parametrize(
    ("takes", "wanted", "says"),
    [
        ([take("name")], "first-ten-seconds", "You left out your name in the last call"),
        ([take("ask"), take("ask")], "first-ten-seconds", "You left out the decision in 2 of the last 2 calls"),
        ([take("reason")], "reason-in-one-breath", "You left out a reason in the last call"),
        ([take("thanks")], "whole-call", "You left out thanks in the last call"),
        ([take(faults=("oversharing",))], "reason-in-one-breath", "There was too much detail in the last call"),
        ([take(faults=("leverage",))], "pushback", "There was bargaining in the last call"),
        ([take(words_per_minute=190.0)], "pace", "Your pace was outside 110–165 words a minute in the last call"),
        ([take(words_per_minute=90.0)], "pace", "Your pace was outside 110–165 words a minute in the last call"),
        ([take(fillers_per_minute=6.0)], "clean-minute", "There were more than 4 fillers a minute in the last call"),
        ([take(longest_pause_s=3.0)], "shadow", "There was a pause of more than 2 s in the last call"),
        ([take(point_s=20.0)], "first-ten-seconds", "It took more than 10 s to the point in the last call"),
        ([take(spoken_s=120.0)], "whole-call", "You spoke for more than 90 s in the last call"),
    ],
)
def test_what_each_thing_is_trained_by(takes: list[AttemptSummary], wanted: str, says: str) -> None:
    made = chosen(takes)
    assert (made.drill, made.why) == (wanted, says)


def test_what_is_no_miss() -> None:
    fine = take(words_per_minute=150.0, fillers_per_minute=4.0, longest_pause_s=2.0, point_s=10.0, spoken_s=90.0)
    assert needs([fine]) == ()
    assert needs([take(items={"options": "unsure"}), take(items={"goodwill": "not_heard"})]) == (), "unsure; not owed"
    assert needs([take(items={"apology": "not_heard"}, intent="withdraw")]) == (), "not owed by this intent"
    assert needs([take("options", score=None)]) == (), "never marked"
    assert needs([take(items={"own-thing": "not_heard"})]) == ()
    in_a_drill = take("options thanks", drill="first-ten-seconds")
    assert needs([in_a_drill]) == (), "a drill marks a part of the call"
    assert [need.id for need in needs([take("name", drill="p/first-ten-seconds")])] == ["name"]


def test_recent_calls_weigh_more_and_a_slip_long_ago_nothing() -> None:
    (old,) = needs([take(), take("options"), take("options")])
    (new,) = needs([take("options"), take("options"), take()])
    assert new.weight > old.weight >= LEAST and (new.missed, new.of) == (old.missed, old.of) == (2, 3)
    assert needs([take()] * 4 + [take("options")] * 2) == ()


def test_what_is_hard_comes_more_often_and_the_rest_is_not_forgotten() -> None:
    takes = [take("options reason"), take("options"), take("options"), take("options"), take("options")]
    picked = Counter((choose(takes, SHELF, seed=day) or Choice("", "")).drill for day in range(400))
    assert set(picked) == {"two-options", "reason-in-one-breath"}
    assert picked["two-options"] > 5 * picked["reason-in-one-breath"] > 0


def test_what_is_not_there_is_not_chosen() -> None:
    missed = [take("options")]
    assert chosen(missed, Shelf(CARDS)).drill == "", "no drills: the call in which it was missed"
    assert chosen(missed, Shelf(CARDS)).scenario == "b"
    assert chosen([take("name")], Shelf(CARDS, DRILLS, spoken=False)).drill == "", "typed words have no times"
    assert chosen([take(longest_pause_s=3.0)], Shelf(CARDS, DRILLS)).drill == "", "no headphones"
    only_leaving = Shelf((card("d", "leave", 2),), DRILLS)
    assert chosen(missed, only_leaving).drill == "", "no scenario that the drill could be made of"
    assert choose(missed, Shelf(()), seed=1) is None and choose([], Shelf((), DRILLS), seed=1) is None


def test_an_unseen_scenario_is_one_that_was_not_met() -> None:
    takes = [take(scenario=id_) for id_ in ("a", "b", "c", "d", "e")]
    shelf = Shelf(CARDS, (drill("cold-call", fits=Fits(unseen=True)),))
    made = {(c.drill, c.scenario) for day in range(60) if (c := choose(takes, shelf, seed=day)) is not None}
    assert ("cold-call", "f") in made
    assert {scenario for id_, scenario in made if id_ == "cold-call"} == {"f"}


def test_a_first_time_is_one_whole_call_and_nothing_missed_is_the_level() -> None:
    first = chosen([])
    assert (first.drill, first.scenario) == ("", "a") and "where you stand" in first.why
    shelf = Shelf(CARDS)
    hard = chosen([take()] * 3, shelf, level=4)
    assert hard.scenario in {"e", "f"} and "annoyed or silent" in hard.why and hard.others
    new = {c.drill for day in range(80) if (c := choose([take()], SHELF, seed=day)) is not None}
    assert new == {"", "voicemail", "pushback", "cold-call"}, "drills that were never tried, now and then"


def test_the_users_own_call_comes_before_any_scenario() -> None:
    own = Shelf(CARDS, DRILLS, intent="reschedule", own=True)
    assert chosen([], own).title == "Your own call" and chosen([], own).scenario == ""
    two = chosen([take("options")], own)
    assert (two.drill, two.scenario) == ("two-options", "")
    assert chosen([take("options", intent="withdraw")], own).drill == "", "what other intents missed says nothing"
    for role in ("call", "quick"):
        assert chosen([take("options")], own, role=role).drill == ""


def test_the_roles_of_a_session() -> None:
    assert chosen([take("options")], role="warm_up").drill == "first-ten-seconds"
    assert chosen([], Shelf(CARDS), role="warm_up").scenario
    quick = chosen([take("options")], role="quick")
    assert quick.title == "Read once, speak twice, send" and quick.drill == "" and quick.scenario
    assert chosen([take("options")], role="call").drill == ""


def test_only_calls_of_the_intent_are_offered_where_there_are_some() -> None:
    shelf = Shelf(CARDS, intent="leave")
    assert {choose([], shelf, seed=day).scenario for day in range(30)} == {"d"}  # type: ignore[union-attr]
    assert chosen([], Shelf(CARDS, intent="repair")).scenario, "none of it: any"


def test_the_least_rested_call_comes_last() -> None:
    cards = tuple(card(f"s{n}") for n in range(8))
    takes = [take(intent="withdraw", scenario=f"s{n}") for n in range(8)]
    made = {choose(takes, Shelf(cards), seed=day, role="call").scenario for day in range(100)}  # type: ignore[union-attr]
    assert made == {f"s{n}" for n in range(3, 8)}


states = st.sampled_from(["heard", "not_heard", "unsure", "", "nonsense"])
figures = st.one_of(st.none(), st.floats(0, 500, allow_nan=False))


@st.composite
def takes_(draw: st.DrawFn) -> AttemptSummary:
    intent = draw(st.sampled_from([*INTENTS, ""]))
    return AttemptSummary(
        "x", "", draw(st.sampled_from([*"abcdef", "gone"])), "S", intent, "live", "vosk",
        draw(st.one_of(st.none(), st.integers(0, 100))), None, None, 0, False,
        drill=draw(st.sampled_from(["", "", "pace", "two-options", "p/reason-in-one-breath", "gone"])),
        items=draw(st.dictionaries(st.sampled_from([*ITEMS, "own"]), states)),
        faults=tuple(draw(st.lists(st.sampled_from([*FAULTS, "own"]), max_size=3, unique=True))),
        words_per_minute=draw(figures), fillers_per_minute=draw(figures), point_s=draw(figures),
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    st.lists(takes_(), max_size=12),
    st.sets(st.sampled_from(range(len(CARDS)))),
    st.sets(st.sampled_from(range(len(DRILLS)))),
    st.sampled_from([*INTENTS, ""]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10**6),
    st.integers(1, 4),
    st.sampled_from(["practice", "call", "warm_up", "quick"]),
)
def test_whatever_is_chosen_is_there_and_is_the_same_all_day(
    takes: list[AttemptSummary],
    card_at: set[int],
    drill_at: set[int],
    intent: str,
    own: bool,
    spoken: bool,
    seed: int,
    level: int,
    role: Any,
) -> None:
    shelf = Shelf(
        [CARDS[n] for n in sorted(card_at)], [DRILLS[n] for n in sorted(drill_at)], intent, own and bool(intent), spoken
    )
    made = choose(takes, shelf, seed=seed, level=level, role=role)
    assert made == choose(list(takes), shelf, seed=seed, level=level, role=role)
    if made is None:
        assert not shelf.cards and not shelf.own
        return
    assert made.why and made.title and not made.why.endswith(".")
    keys = {each.key for each in shelf.cards}
    assert made.scenario in keys if made.scenario else shelf.own
    assert set(made.others) <= keys
    by_key = {each.key: each for each in shelf.drills}
    if made.drill:
        found = by_key[made.drill]
        assert (spoken or not found.measures.timed) and not found.headphones
