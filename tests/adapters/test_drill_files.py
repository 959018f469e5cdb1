"""Drills in packs: read with every problem and its place, within bounds, and carried by archive, index and schema."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from adapters.pack_files import PACK, pack_files, write_folder
from bowout.core import drills_reading as reading
from bowout.core.document import MOST_PROBLEMS, Node, Problems
from bowout.core.drills import Drill
from bowout.core.drills_cut import LINES
from bowout.errors import InputError
from bowout.storage.bowpack import archive, open_bowpack
from bowout.storage.catalogue import Catalogue
from bowout.storage.compiled import fingerprint, from_json, to_json
from bowout.storage.drill_schema import drill_schema
from bowout.storage.pack_check import check
from bowout.storage.pack_store import install
from bowout.storage.packs import MAX_DRILLS, PackError, load_pack
from bowout.storage.yaml_reader import parse_yaml
from drilltakes import DRILLS, NOW

ROOT = Path(__file__).parents[2] / "scenarios"
SCHEMA = Draft202012Validator(drill_schema())
SHORT = """\
schema: 1
id: short-reason
version: 2
title: A short reason
about: One reason in few words.
tell: "Say why, in few words."
shape: question
figure: words
modes: [live]
fits: {intents: [reschedule], channels: [phone], easiest: 2, hardest: 4, unseen: true}
ends: {turns: 2, turn_s: 20, speaking_s: 30, heard: true}
marks: {items: [reason, ask], faults: [oversharing], targets: {words_per_minute: [90, 170]}, lost_by: [soft_no]}
gate: {items: 1, faults: 1, most: 9, takes: 2}
timer: {amber_s: 5, red_s: 8, grace_s: 4}
countdown_s: 0
wait_s: [1, 2.5]
reads: false
headphones: true
takes: 4
lines:
  ask: ["Why?", "And why is that?"]
  nudge: ["Yes?"]
  close: ["I see."]
"""
PUSH = (ROOT / "drills" / "pushback.drill.yaml").read_text(encoding="utf-8")


def read(text: str) -> tuple[Drill | None, list[str]]:
    problems = Problems("d.yaml")
    node = parse_yaml(text, problems)
    drill = reading.read(node, problems) if node is not None else None
    return drill, [str(problem) for problem in problems.found]


def test_everything_is_read() -> None:
    drill, problems = read(SHORT)
    assert problems == [] and drill is not None
    assert (drill.id, drill.version, drill.shape, drill.figure, drill.modes) == (
        "short-reason", 2, "question", "words", ("live",),
    )  # fmt: skip
    assert drill.fits.unseen and (drill.fits.easiest, drill.fits.hardest) == (2, 4)
    assert (drill.ends.turns, drill.ends.turn_s, drill.ends.speaking_s, drill.ends.heard) == (2, 20, 30, True)
    assert (drill.items, drill.faults, drill.lost_by) == (("ask", "reason"), {"oversharing"}, {"soft_no"})
    assert (drill.gate.items, drill.gate.faults, drill.gate.most, drill.gate.takes) == (1, 1, 9, 2)
    assert (drill.timer.amber_s, drill.timer.red_s, drill.timer.grace_s) == (5, 8, 4)
    assert (drill.countdown_s, drill.wait_s, drill.reads, drill.headphones, drill.takes) == (
        0,
        (1, 2.5),
        False,
        True,
        4,
    )
    assert drill.lines["ask"] == ("Why?", "And why is that?") and drill.targets == {"words_per_minute": (90, 170)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("shape: question", "shape: qestion", "d.yaml:7:8: “shape” is “qestion”. Did you mean “question”?"),
        ("figure: words", "figure: word", "d.yaml:8:9: “figure” is “word”. Did you mean “words”?"),
        ("figure: words", "figure: held", "The figure “held” belongs to the shape “pushback”."),
        ("figure: words", "figure: model", "This shape has: until_said, until_point, spoken, words, fillers"),
        ("schema: 1", "schema: 2", "d.yaml:1:9: This schema is not known here. This version reads 1."),
        ("id: short-reason", "id: Short Reason", "“Short Reason” can't be an id."),
        ("takes: 4", "tkaes: 4", "A drill has no “tkaes”. Did you mean “takes”?"),
        ("takes: 4", "takes: 400", "“takes” is “400”. It should be a number from 1 to 20."),
        ("intents: [reschedule]", "intents: [reshedule]", "“intents” names “reshedule”. Did you mean “reschedule”?"),
        ("items: [reason, ask]", "items: [reasons]", "“items” names “reasons”. Did you mean “reason”?"),
        ("faults: [oversharing]", "faults: [over_sharing]", "Did you mean “oversharing”?"),
        ("most: 9", "most: nine", "“most” is “nine”. It should be a number from 0 to 1000."),
        ("most: 9", "least: 9", "The gate has no “most” for the figure “words”. It is counted in: words."),
        ("most: 9", "least: 9, most: 8", "“most” is smaller than “least”."),
        ("red_s: 8", "red_s: 4", "“red_s” comes before “amber_s”."),
        ("easiest: 2", "easiest: 5", "“hardest” comes before “easiest”."),
        ("wait_s: [1, 2.5]", "wait_s: [3, 2]", "“wait_s” should be two numbers from 0 to 60"),
        ("wait_s: [1, 2.5]", "wait_s: soon", "Such as [5, 20]."),
        ("wait_s: [1, 2.5]", "wait_s: [1, 2, 3]", "Such as [5, 20]."),
        ("wait_s: [1, 2.5]", "wait_s: [0, inf]", "Such as [5, 20]."),
        ('  close: ["I see."]\n', "", "needs a line “close”. What is said when the last line."),
        ('  nudge: ["Yes?"]\n', "", "A drill of the shape “question” needs a line “nudge”."),
        ('["Why?"', '["Why, {caller}?"', "d.yaml:21:9: A drill's line has no blanks, such as {caller}."),
        ("words_per_minute: [90, 170]", "words_per_minute: [170, 90]", "should be two numbers"),
        ("modes: [live]", "modes: [lively]", "Did you mean “live”?"),
        ("reads: false", "reads: maybe", "“reads” is “maybe”."),
        ("about: One reason in few words.\n", "", "“about” is missing."),
        ("tell: \"Say why, in few words.\"", f"tell: {'x' * 200}", "“tell” has 200 characters. At most 120."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in SHORT
    drill, problems = read(SHORT.replace(old, new))
    assert drill is None and any(expected in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("- kind: why", "- kind: wyh", "“kind” is “wyh”. Did you mean “why”?"),
        ("gives_in:", "givesin:", "A drill of the shape “pushback” needs “gives_in”."),
        ("  withdraw:\n", "  witdraw:\n", "“pushes” has 0 for “withdraw”, and 5 are wanted."),
        ("turns: 5", "turns: 9", "“pushes” has 7 for “leave”, and 9 are wanted."),
        ("give (it|you|them|that)", "give (it|you", "This pattern can't be read"),
    ],
)
def test_pushes_and_giving_in_are_checked(old: str, new: str, expected: str) -> None:
    drill, problems = read(PUSH.replace(old, new, 1))
    assert drill is None and any(expected in problem for problem in problems), problems


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "just words",
        "schema: 1",
        SHORT + "".join(f"key{n}: 1\n" for n in range(3000)),
        SHORT.replace('["Yes?"]', "[" + ", ".join(["x"] * 5000) + "]"),
        SHORT.replace('["Yes?"]', f'["{"x" * 5000}"]'),
        SHORT.replace("gate:", "gate: [[[[[[[[[[[[[]]]]]]]]]]]]]\nold:"),
        SHORT.replace('["Yes?"]', '["\\u202eYes?"]'),
        PUSH.replace("reschedule:\n", "reschedule:\n" + "    - {kind: why, say: [x]}\n" * 400, 1),
        PUSH.replace("  patterns:\n", "  patterns:\n" + '    - "a ..12 b ..12 c ..12 d"\n' * 400),
        PUSH.replace("  patterns:\n", '  patterns:\n    - "' + "(a|" * 60 + "b" + ")" * 60 + '"\n'),
    ],
    ids=range(11),
)
def test_hostile_files_are_refused_within_bounds(text: str) -> None:
    drill, problems = read(text)
    assert drill is None and 0 < len(problems) <= MOST_PROBLEMS
    assert all(len(problem) < 1500 for problem in problems)


# A pack with drills.


def pack_with(drill: str = SHORT, listed: str = "drills: [short-reason]", scenarios: bool = True) -> dict[str, bytes]:
    files = pack_files() if scenarios else {}
    text = PACK if scenarios else PACK.replace("scenarios: [one, two]\n", "")
    return {**files, "pack.yaml": f"{text}{listed}\n".encode(), "short-reason.drill.yaml": drill.encode()}


def test_a_pack_may_hold_drills_alone(tmp_path: Path) -> None:
    pack = load_pack(write_folder(tmp_path / "p", pack_with(scenarios=False)))
    assert pack.scenarios == () and [(d.id, d.pack) for d in pack.drills] == [("short-reason", "samples")]
    assert len(pack.drills[0].sha256) == 64 and "short-reason.drill.yaml" in pack.files
    with pytest.raises(PackError, match="at least one scenario"):
        load_pack(write_folder(tmp_path / "none", {"pack.yaml": PACK.replace("scenarios: [one, two]\n", "").encode()}))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (pack_with(listed="drills: [missing]"), "There is no file missing.drill.yaml in this folder."),
        (pack_with(listed="drills: [short-reason, short-reason]"), "“short-reason” is there twice."),
        (pack_with(listed="drills: [../x]"), "“../x” is no drill's file name."),
        (pack_with(SHORT.replace("version: 2", "version: x")), "short-reason.drill.yaml:3:10: “version” is “x”."),
        (
            pack_with(listed="drills: [short-reason, twin]") | {"twin.drill.yaml": SHORT.encode()},
            "“short-reason” is the id of short-reason.drill.yaml, too.",
        ),
        (pack_with(listed=f"drills: [{', '.join(['x'] * (MAX_DRILLS + 1))}]"), f"At most {MAX_DRILLS}."),
    ],
    ids=["missing", "twice", "outside", "unreadable", "same id", "too many"],
)
def test_a_pack_whose_drills_are_wrong(files: dict[str, bytes], expected: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as told:
        load_pack(write_folder(tmp_path / "p", files))
    assert any(expected in str(problem) for problem in told.value.problems), told.value.problems


def test_giving_in_is_tried_on_its_own_sentences(tmp_path: Path) -> None:
    wrong = PUSH.replace('    - "Okay, I can do that."', '    - "The weather is fair."', 1)
    files = pack_with(scenarios=False, listed="drills: [pushback]") | {"pushback.drill.yaml": wrong.encode()}
    del files["short-reason.drill.yaml"]
    folder = write_folder(tmp_path / "p", files)
    (problem,) = check(folder, NOW).problems
    line = wrong.splitlines().index('    - "The weather is fair."') + 1
    assert (problem.line, problem.column) == (line, 7)
    assert problem.message == "“The weather is fair.” does not meet “gives_in”."
    assert not check(ROOT / "drills", NOW).problems


def test_an_archive_and_the_index_carry_them(tmp_path: Path) -> None:
    pack = load_pack(write_folder(tmp_path / "p", pack_with()))
    path = tmp_path / "samples.bowpack"
    path.write_bytes(archive(pack))
    opened = open_bowpack(path)
    assert opened.drills == pack.drills and archive(opened) == archive(pack)
    look: Any = lambda: Catalogue(ROOT, tmp_path / "packs", tmp_path / "cache")  # noqa: E731
    install(pack, tmp_path / "packs")
    first, again = look(), look()
    assert [d.id for d in first.drills] == [*DRILLS, "short-reason"]
    assert again.drills == first.drills, "compiled, they are the same"
    assert {d.id: d for d in again.drills} == {**DRILLS, "short-reason": pack.drills[0]}


def test_an_unnamed_file_is_no_part_of_it_and_a_hidden_one_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "p", {**pack_with(), "other.drill.yaml": SHORT.encode()})
    assert "other.drill.yaml is not named in pack.yaml" in " ".join(check(folder, NOW).notes)
    pack = load_pack(folder)
    smuggled = pack.__class__(
        **{f: getattr(pack, f) for f in pack.__slots__}
        | {  # type: ignore[attr-defined]
            "files": {**pack.files, "other.drill.yaml": SHORT.encode()}
        }
    )
    path = tmp_path / "samples.bowpack"
    path.write_bytes(archive(smuggled))
    with pytest.raises(InputError, match=r"other\.drill\.yaml.*does not name"):
        open_bowpack(path)


def test_json_keeps_every_field() -> None:
    for drill in DRILLS.values():
        assert from_json(Drill, to_json(drill)) == drill
    assert fingerprint(Drill) == fingerprint(Drill)


# The schema.


def as_an_editor_reads(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_the_schema_knows_what_the_reader_knows() -> None:
    properties = drill_schema()["properties"]
    assert set(properties) == set(reading.KEYS) and set(properties["lines"]["properties"]) == set(LINES)
    assert SCHEMA.is_valid(as_an_editor_reads(SHORT)) and SCHEMA.is_valid(as_an_editor_reads(PUSH))


def node_of(value: Any) -> Node:
    if isinstance(value, dict):
        return Node({key: node_of(entry) for key, entry in value.items()}, 1, 1)
    if isinstance(value, list):
        return Node([node_of(entry) for entry in value], 1, 1)
    return Node(str(value).lower() if isinstance(value, bool) else str(value), 1, 1)


def test_what_must_be_there_is_the_same() -> None:
    whole = as_an_editor_reads(SHORT)
    for key in whole:
        changed = copy.deepcopy(whole)
        del changed[key]
        problems = Problems("d.yaml")
        reading.read(node_of(changed), problems)
        # What one part asks of another no schema sees.
        found = [p for p in problems.found if "needs a line" not in p.message and "The gate has no" not in p.message]
        assert SCHEMA.is_valid(changed) is (not found) or key == "gate", key
