"""The whole format: what is read, what is told when it is wrong, and that no file can be beyond measure."""

from __future__ import annotations

import pytest

from bowout.core import reading
from bowout.core.document import MOST_PROBLEMS, Mapped, Node, Problems
from bowout.core.scenario import Listen, Outcome, Persona
from written import FULL, full, read


def test_everything_in_a_file_is_read() -> None:
    scenario = full()
    assert scenario.tags == ("pause", "desk")
    assert scenario.people == {"desk": Persona("Front desk", "en-gb", 180)}
    assert scenario.outcomes["left"] == Outcome("You left {company} in good order.", True)
    assert not scenario.outcomes["lost"].good
    desk, room, redial = (scenario.steps[name] for name in ("desk", "room", "redial"))
    assert scenario.speaker(desk).name == "Front desk" and scenario.speaker(room).name == "Ines Roth"
    assert desk.listen == Listen(1.0, 5.0, 20.0) and room.listen == Listen()
    assert redial.ring and not room.ring and scenario.steps["after"].beep
    assert (room.wait_s, room.asks, room.pushback, room.hint) == (
        2.0, frozenset({"pause"}), "plan", "Ask for a break, {caller}.",
    )  # fmt: skip
    assert [rule.visits for rule in desk.rules] == [0, 2, 0, 0]
    assert scenario.required == {"ask", "reason", "thanks", "pause"} and scenario.weights == {"ask": 30, "pause": 20}
    assert scenario.targets == {"words_per_minute": (100.0, 170.0), "longest_pause_s": (None, 3.5)}
    assert set(scenario.cues) == {"reason", "negativity"}
    pause = scenario.items["pause"]
    assert len(pause.patterns) == 2 and len(pause.met) == len(pause.not_met) == 5
    assert pause.filled({"contact": "Ines Roth"}) == "Could we take a short break, Ines Roth?"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("by: desk\n      listen", "by: dask\n      listen", "nobody called “dask” among the “people”. Did"),
        ("end: lost", "end: losst", "“outcomes” says nothing of “losst”. Did you mean “lost”?"),
        ("end: lost", "end: ran_out", "“ran_out” is what the program calls an end of its own."),
        ("end: lost", "end: lost, asks: [pause]", "nobody can answer what it asks"),
        ("asks: [pause]", "asks: [paus]", "“asks” names “paus”. Did you mean “pause”?"),
        ("pushback: plan", "pushback: plam", "“pushback” is “plam”. Did you mean “plan”?"),
        ("wait_s: 2", "wait_s: 11", "“wait_s” is “11”. It should be a number from 0 to 10."),
        ("silence_s: 1,", "silence_s: 0.1,", "“silence_s” is “0.1”. It should be a number from 0.5 to 10."),
        ("silence_s: 1,", "silense_s: 1,", "“listen” has no “silense_s”. Did you mean “silence_s”?"),
        ("visits: 2, go: nobody}\n", "visits: 0, go: nobody}\n", "“visits” is “0”. It should be a number from 1"),
        ("says: \"Nobody heard you.\", ", "", "“says” is missing."),
        ("good: false", "goood: false", "Outcome “lost” does not say whether it is “good”."),
        ("  lost: {says", "  hung_up: {says", "“hung_up” is what the program calls an end of its own."),
        ("[100, 170]", "[170, 100]", "“words_per_minute” should be two numbers: the least and the most."),
        ("[-, 3.5]", "[3.5]", "“longest_pause_s” should be two numbers"),
        ("words_per_minute: [100", "word_per_minute: [100", "“targets” has no “word_per_minute”."),
        ("cues: {reason:", "cues: {reasn:", "“cues” has no “reasn”. Did you mean “reason”?"),
        ("(is|was)", "(is|was", "This pattern can't be read: a group is not closed."),
        ("short break?\n    say", "short break?\n    sai", "Item “pause” has no “sai”. Did you mean “say”?"),
        ("      - Can I have a break?\n", "", "Item “pause” has 4 sentences in “met”. At least 5."),
        ("! no break", "no brake! x", "“brake!” is neither a word in small letters nor a sign of the pattern language"),
        ("a? ..2", "<dya>? ..2", "there is no class <dya>; did you mean <day>"),
        ("  pause:\n    question", "  apology:\n    question", "“apology” is there already."),
        ("  pause:\n    question", "  Pause it:\n    question", "“Pause it” can't be an item."),
        ("channel: phone", "channel: video", "“ring” belongs to a call by phone."),
        ("channel: phone", "channel: video", "“beep” belongs to a call by phone."),
        ("hint: \"Ask for a break, {caller}.\"", "hint: \"Ask, {caler}.\"", "“{caler}” is no fact of this scenario."),
        ("reason_written: \"{reason}\"", "reason_written: \"{other}\"\n  other: x", "“{other}” stands below"),
        ("  company: Northwind", "  the company: Northwind", "“the company” can't be a name here."),
        ("    redial:\n", "    re dial!:\n", "“re dial!” can't be a step's name."),
        ("tags: [pause, desk]", "tags: [" + "a" * 31 + "]", "“tags” has 31 characters. At most 30."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(old: str, new: str, told: str) -> None:
    assert old in FULL
    made, problems = read(FULL.replace(old, new, 1))
    assert made is None
    assert any(told in problem for problem in problems), problems


def test_the_place_of_a_pattern_is_its_own_line() -> None:
    line = next(n for n, text in enumerate(FULL.splitlines(), 1) if "no break" in text)
    _, problems = read(FULL.replace("! no break", "! no break ("))
    assert problems[0].startswith(f"s.yaml:{line}:9: This pattern")


def many(count: int, entry: str = "x") -> str:
    """So many entries of a list."""
    return ", ".join([entry] * count)


STEPS = "".join(f"    s{n}: {{say: x, end: lost}}\n" for n in range(60))
PEOPLE = "".join(f"  p{n}: {{name: x}}\n" for n in range(8))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    bye: {", STEPS + "    bye: {", "“steps” has 67 entries. At most 60."),
        ('["Goodbye, then."]', f"[{many(13)}]", "“say” has 13 entries. At most 12."),
        ('["Goodbye, then."]', f"[{'a' * 401}]", "A line of 401 characters is too long to listen to."),
        ("next: [{go: redial}]", f"next: [{many(21, '{go: redial}')}]", "“next” has 21 entries. At most 20."),
        ('cue: ["wrong number"]', f"cue: [{many(21)}]", "“cue” has 21 entries. At most 20."),
        ('["what a circus"]', f"[{many(41)}]", "“negativity” has 41 entries. At most 40."),
        ('["what a circus"]', f"[{'a ' * 101}a]", "“negativity” has 203 characters. At most 200."),
        ('["what a circus"]', '["! a circus"]', "“negativity” has nothing but exceptions (“!”)."),
        ("tags: [pause, desk]", f"tags: [{many(13)}]", "“tags” has 13 entries. At most 12."),
        ("  desk: {name", PEOPLE + "  desk: {name", "“people” has 9 entries. At most 8."),
        ("title: A break first", f"title: {'a' * 121}", "“title” has 121 characters. At most 120."),
        ("  caller: Sam Lee", f"  caller: {'a' * 301}", "“facts.caller” has 301 characters. At most 300."),
        ("model_answer:\n", "model_answer:\n" + 18 * "  - x\n", "“model_answer” has 21 entries. At most 20."),
    ],
)  # fmt: skip
def test_nothing_is_beyond_measure(old: str, new: str, told: str) -> None:
    assert old in FULL
    made, problems = read(FULL.replace(old, new, 1))
    assert made is None
    assert any(told in problem for problem in problems), problems


def test_facts_can_not_multiply() -> None:
    """Each fact a hundred times the one above it: a few lines that would fill a disk."""
    bomb = "".join(f'  f{n}: "{70 * f"{{f{n - 1}}}"}"\n' for n in range(1, 9))
    made, problems = read(FULL.replace("facts:\n", f"facts:\n  f0: {300 * 'x'}\n{bomb}"))
    assert made is None
    assert any("With its blanks filled this text may have 21280 characters. At most 2500." in p for p in problems)


def test_a_file_that_is_wrong_all_over_is_told_of_a_hundred_times() -> None:
    keys = "\n".join(f"unknown_{n}: 1" for n in range(2000))
    made, problems = read(f"{FULL}{keys}\n")
    assert made is None and len(problems) == MOST_PROBLEMS


@pytest.mark.parametrize("value", ["", [], {}], ids=["text", "list", "mapping"])
def test_any_kind_of_value_in_any_place_is_a_problem_and_no_crash(value: object) -> None:
    """Every key of every mapping, with a value that does not belong there."""
    from bowout.storage.packs import parse_yaml

    whole = parse_yaml(FULL, Problems("s.yaml"))
    assert whole is not None
    places = list(_mappings(whole))
    assert len(places) > 60
    for mapping, key in places:
        kept = mapping[key]
        mapping[key] = Node(value, 1, 1)  # type: ignore[arg-type]
        problems = Problems("s.yaml")
        made = reading.read(whole, problems)
        assert (made is None) == bool(problems.found)
        mapping[key] = kept


def _mappings(node: Node) -> list[tuple[dict[str, Node], str]]:
    found: list[tuple[dict[str, Node], str]] = []
    if isinstance(node.value, dict):
        found += [(node.value, key) for key in node.value]
        for child in node.value.values():
            found += _mappings(child)
    elif isinstance(node.value, list):
        for child in node.value:
            found += _mappings(child)
    return found


def test_a_long_value_is_quoted_in_part() -> None:
    problems = Problems("s.yaml")
    Mapped(Node({"intent": Node("x" * 1900, 1, 1)}, 1, 1), problems, ["intent"], "It").choice("intent", ["leave"])
    assert len(str(problems.found[0])) < 200
