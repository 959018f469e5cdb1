"""Items and wordings of a scenario's own: found like the banks' patterns, marked like any item, never for long."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowout.core.assessment import mark_scenario, rules_of
from bowout.core.marking import Rules, mark
from bowout.core.marking.extra import Extra, fault_in
from bowout.core.marking.patterns import Bank, BankError
from bowout.core.marking.resources import bank_files
from bowout.core.marking.sweep import Sweep, Text
from bowout.core.marks import State, as_json
from bowout.core.scenario import OwnItem
from bowout.core.text import Tokens, normalise
from bowout.core.transcript import Transcript, Turn, Word, from_text
from bowout.errors import InputError
from written import full

CALLS = Path(__file__).parents[1] / "data" / "calls.jsonl"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)


def tokens_of(*words: str) -> Tokens:
    """Tokens as they are, without anything being folded."""
    offsets = [1]
    for word in words:
        offsets.append(offsets[-1] + len(word) + 1)
    places = tuple(range(len(words)))
    starts = {offset: at for at, offset in enumerate(offsets)}
    return Tokens(words, places, places, " " + "".join(f"{w} " for w in words), starts, tuple(offsets))


def searched(pattern: str, tokens: Tokens) -> list[tuple[int, int]]:
    """What the banks' own search finds."""
    bank = Bank()
    bank.read(f"[x]\n{pattern}")
    return [(hit.start, hit.end) for hit in bank.find(tokens).hits.get("x", [])]


_words = st.sampled_from("ant antler bee cat".split())
_patterns = st.recursive(
    _words | _words.map(lambda w: f"{w}?") | st.sampled_from(["_", "..1", "..2", "ant*"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join).map("({})".format),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("({})".format),
        st.tuples(inner, st.sampled_from("?*+")).map(lambda p: f"({p[0]}){p[1]}"),
    ),
    max_leaves=6,
)


@given(st.lists(_patterns, min_size=1, max_size=3).map(" ".join), st.lists(_words, max_size=9))
def test_any_pattern_matches_what_the_banks_would_match(pattern: str, words: list[str]) -> None:
    tokens = tokens_of(*words)
    try:
        expected = searched(pattern, tokens)
    except BankError:
        with pytest.raises(BankError):
            Sweep(pattern)
        return
    found = list(Sweep(pattern).spans(Text(tokens)))
    assert bool(found) == bool(expected)
    assert {start for start, _ in expected} <= {start for start, _ in found}
    # The banks look around one word at a time and may miss a match that begins farther away, never the other way.
    assert all(Sweep(pattern)._part.on(Text(tokens), 1 << start) >> end & 1 for start, end in expected)


def test_every_pattern_of_the_banks_matches_the_same_here() -> None:
    """All of the language, as it is written, on real calls: 1 in 5 of the lines, 1 in 24 of the calls."""
    calls = [json.loads(line)["text"] for line in CALLS.read_text(encoding="utf-8").splitlines()][::24]
    texts = [normalise(from_text(call)) for call in calls]
    swept = [Text(tokens) for tokens in texts]
    bank = Bank()
    lines: list[str] = []
    for name, text in bank_files():
        kept = [line.split("#", 1)[0].strip() for line in text.splitlines()]
        bank.read("\n".join(line for line in kept if line.startswith("@")), name)
        lines += [line.removeprefix("!").strip() for line in kept if line and line[0] not in "@["]
    compared = hits = 0
    for line in lines[::5]:
        if fault_in(line):
            continue
        one = Bank(classes=bank.classes)
        one.read(f"[x]\n{line}")
        for tokens, text in zip(texts, swept, strict=True):
            expected = {hit.start for hit in one.find(tokens).hits.get("x", [])}
            found = {start for start, _ in Sweep(line).spans(text)}
            assert expected <= found and bool(expected) == bool(found), line
            compared += 1
            hits += bool(expected)
    assert compared > 3000 and hits > 40


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("", "there is nothing in it"),
        ("!", "there is nothing in it"),
        ("(a", "a group is not closed"),
        ("a)", "a bracket too many"),
        ("a|b", "outside brackets"),
        ("..3 _", "at least one word that must be there"),
        ("..13 a", "a gap of 13 words; at most 12"),
        ("..x a", "“..x” is neither a word in small letters"),
        ("Thanks", "“Thanks” is neither a word in small letters"),
        ("thanks!", "“thanks!” is neither"),
        ("[thanks]", "“[thanks]” is neither"),
        ("@day", "“@day” is neither"),
        ("thanks # a lot", "“#” is neither"),
        ("an* hour", "“an*” begins too many words: at least 3 letters"),
        ("can't come", "“can't” is always read as “can not”: write that"),
        ("just come", "“just” is passed over in every call"),
        ("two days", "“two” is always read as “2”: write that"),
        ("on <dya>", "there is no class <dya>; did you mean <day>"),
        ("on <xyzzy>", "there is no class <xyzzy>; there are <bad>, "),
        ("(((((((((a)))))))))", "more than 8 brackets inside one another"),
        ("(" * 8 + "a" + ")*" * 8, "too many alternatives, gaps or repetitions"),
    ],
)
def test_a_pattern_that_can_not_be_used_says_why(pattern: str, told: str) -> None:
    assert told in fault_in(pattern)


@pytest.mark.parametrize("pattern", ["would like (a|the) break", "(thank you)? for NUM minutes", "organis* <day>? it"])
def test_a_good_pattern_has_no_fault(pattern: str) -> None:
    assert fault_in(pattern) == ""


HOSTILE = [
    "(((((a b?)*)*)*)*)* a",
    "a ..12 " * 28 + "a",
    "_? " * 60 + "a",
    "..12 " * 30 + "a",
    "(a|a a|a a a|a a a a)* " * 6 + "a",
    "(a b)* " * 25 + "a",
    "<woes> " * 15,
]


def test_no_pattern_takes_for_ever() -> None:
    """Twelve items of forty hostile patterns each, on the longest text that is read: a regular expression would not
    come back from one of them."""
    patterns = tuple(pattern.strip() for pattern in HOSTILE)
    assert all(len(pattern) <= 200 and not fault_in(pattern) for pattern in patterns)
    everything = tuple(f"{'! ' * (n % 2)}{patterns[n % len(patterns)]}" for n in range(40))
    items = {f"i{n}": OwnItem(f"i{n}", "", "", everything) for n in range(12)}
    for words in (("a",) * 20_000, ("a", "b") * 10_000, ("a", "cancer", "diabetes", "you") * 5_000):
        begun = time.process_time()
        Extra(items).add_to({}, tokens_of(*words), "leave")
        assert time.process_time() - begun < 20


def test_the_first_place_that_no_exception_touches_counts() -> None:
    hits: dict = {}
    item = OwnItem("pause", "", "", ("take (a|no) break", "! take no break"))
    Extra({"pause": item}).add_to(hits, tokens_of(*"we take no break but you take a break now".split()), "leave")
    assert [(hit.start, hit.end) for hit in hits["extra.pause"]] == [(6, 9)]


def test_an_own_item_is_marked_after_the_published_ones() -> None:
    scenario = full()
    facts = scenario.facts_at(NOW)
    said = mark_scenario(from_text("Hello.", "Could we take a short break, please?"), scenario, facts)
    assert list(said.items)[-1] == "pause"
    pause = said.items["pause"]
    assert pause.state is State.HEARD and pause.required and pause.question == "Asks for a short break?"
    assert pause.span is not None and (pause.span.quote, pause.span.turn) == ("Could we take a short break,", 1)
    missed = mark_scenario(from_text("Thank you for your time."), scenario, facts).items["pause"]
    assert missed.state is State.NOT_HEARD and missed.say_instead == "Could we take a short break, Ines Roth?"
    in_json = as_json(said)["items"]
    assert in_json["pause"]["question"] == "Asks for a short break?" and "question" not in in_json["thanks"]


def test_an_own_item_counts_in_the_score_and_is_what_to_say_next_time() -> None:
    scenario = full()
    facts = scenario.facts_at(NOW)
    answer = "Thank you. I don't think this role is the right fit for me, so I would like to end the interview here."
    without = mark_scenario(from_text(answer), scenario, facts)
    # ask 30, reason 15, thanks 10 of 75, pause 20 missing.
    assert (without.score, without.passed) == (73, False)
    assert without.next_time == "Say this as well: “Could we take a short break, Ines Roth?”"
    assert mark_scenario(from_text("Could we have a break? " + answer), scenario, facts).passed


def test_a_further_wording_counts_like_a_published_one() -> None:
    scenario = full()
    facts = scenario.facts_at(NOW)
    said = from_text("Mercury is in the wrong house. What a circus.")
    plain = mark(said, "leave", rules=rules_of(scenario), facts=facts)
    assert plain.items["reason"].state is State.NOT_HEARD and not plain.faults["negativity"].found
    marks = mark_scenario(said, scenario, facts)
    reason, negativity = marks.items["reason"], marks.faults["negativity"]
    assert reason.state is State.HEARD and reason.span is not None
    assert reason.span.quote == "Mercury is in the wrong house."
    assert negativity.found and negativity.span is not None and negativity.span.quote == "What a circus."


def test_a_reason_in_a_further_wording_is_no_empty_phrase() -> None:
    """Its hits count where the reason is weighed against “something came up”."""
    said = from_text("Sorry, something came up: the goats are dancing again.")
    extra = Extra(cues={"reason": ("goats are dancing _",)})
    assert mark(said, "reschedule").faults["vague_reason"].found
    marks = mark(said, "reschedule", extra=extra)
    assert marks.items["reason"].state is State.HEARD and not marks.faults["vague_reason"].found


def test_words_that_an_ear_doubts_leave_an_own_item_open() -> None:
    def heard(confidence: float) -> State:
        words = "could we take a break".split()
        turn = Turn(0, tuple(Word(w, n, n + 1.0, confidence) for n, w in enumerate(words)))
        scenario = full()
        return mark_scenario(Transcript((turn,), "s", "builtin"), scenario, {}).items["pause"].state

    assert heard(0.9) is State.HEARD
    assert heard(0.2) is State.UNSURE


def test_targets_of_a_scenario_replace_the_published_ones() -> None:
    marks = mark_scenario(from_text("Hello."), full(), {})
    assert (marks.delivery.words_per_minute.low, marks.delivery.words_per_minute.high) == (100.0, 170.0)
    assert (marks.delivery.longest_pause_s.low, marks.delivery.longest_pause_s.high) == (None, 3.5)


def test_without_additions_nothing_changes() -> None:
    call = json.loads(CALLS.read_text(encoding="utf-8").splitlines()[0])
    said = from_text(call["text"])
    assert mark(said, call["intent"], rules=Rules()) == mark(said, call["intent"], rules=Rules(), extra=Extra())


def test_a_broken_pattern_is_a_sentence_and_no_crash() -> None:
    with pytest.raises(InputError, match="a group is not closed"):
        mark(from_text("hello"), "leave", extra=Extra(cues={"reason": ("(a",)}))


def test_the_examples_of_the_handbook_are_true() -> None:
    handbook = (Path(__file__).parents[2] / "docs" / "patterns.md").read_text(encoding="utf-8")
    table = handbook.split("| pattern | meets it | does not |")[1].split("\n\n")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:4] for line in table.splitlines()[2:]]
    assert len(rows) == 5
    for pattern, met, not_met in rows:
        sweep = Sweep(pattern.replace("\\|", "|").strip(" `"))
        assert list(sweep.spans(Text(normalise(from_text(met))))), pattern
        assert not list(sweep.spans(Text(normalise(from_text(not_met))))), pattern
    for line in re.findall(r"^\| (`.+?`)(?:, (`.+?`))? \|", handbook.split("## Words")[0], re.MULTILINE):
        for pattern in filter(None, line):
            assert not fault_in(pattern.replace("\\|", "|").strip("`")), pattern
    classes = re.findall(r"`<([a-z]+)>`", handbook.split("## Classes")[1].split("## What")[0])
    assert len(classes) > 15 and not any(fault_in(f"on <{name}>") for name in classes)
