"""Reports of a class: what is in them, what is not, and that a spreadsheet and a record store take them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.bootstrap import build_catalogue, build_guide
from bowout.core.coaching.answer import Override, Review
from bowout.core.coaching.lessons import Lesson, lessons
from bowout.core.coaching.naming import Naming
from bowout.core.coaching.parties import Pseudonyms
from bowout.core.coaching.report import Counted, Sheet, counted, ordered, sheet, spread
from bowout.core.coaching.report_charts import bars, histogram, spark
from bowout.core.coaching.report_csv import lines
from bowout.core.coaching.report_heat import heat_map
from bowout.core.coaching.report_page import page
from bowout.core.coaching.result import SentTake
from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.standing import Standing, standings
from bowout.core.coaching.verdict import verdicts
from bowout.core.coaching.xapi import BASE, duration, line, statements
from bowout.core.criteria import FAULTS, ITEMS
from bowout.core.guide_links import page_of_criterion
from coachclass import AFTER, ASSIGNMENT, HOSTILE, ROSTER, SECRET, collected, everybody
from needs import has_module
from xapi_rules import problems


def class_sheet(pseudonyms: Pseudonyms | None = None) -> tuple[Sheet, Naming]:
    naming = Naming(everybody(), pseudonyms)
    return sheet(ASSIGNMENT, everybody(), naming), naming


def row_of(*results: object, person: Person = ROSTER.people[0]) -> Standing:
    roster = Roster((person,))
    (row,) = standings(ASSIGNMENT, roster, results, AFTER)  # type: ignore[arg-type]
    return row


# What counts.


def test_takes_of_several_results_are_listed_once_with_the_coachs_word() -> None:
    person = ROSTER.people[0]
    first = collected(person, "31", parts=("marks",))
    word = Review(overrides=(Override(2, "thanks", "not_heard", "Not on the recording."),))
    first = replace(first, review=word, verdicts=verdicts(first.result, word, {}))
    later = collected(person, "310", parts=("marks",))
    later = replace(later, result=replace(later.result, sequence=2))
    takes = counted(row_of(first, later, person=person))
    assert [each.take.number for each in takes] == [1, 2, 3]
    assert takes[1].take.score == first.verdicts[0].score < (first.result.takes[1].score or 0)
    assert takes[1].of is first and takes[2].of is later and takes[0].sent is None
    assert all(each.latest is later for each in takes)

    # With other keys, takes of their own; what does not count is left out.
    anew = replace(collected(person, "0"), rank=2)
    failed = tuple(replace(take, counted=False, state="failed") for take in anew.result.takes)
    assert len(counted(row_of(first, anew))) == 3
    assert len(counted(row_of(first, replace(anew, result=replace(anew.result, takes=failed))))) == 2


def test_a_dispute_leaves_success_open_until_the_coach_says_a_word() -> None:
    one = collected(ROSTER.people[0], "0")
    disputed = replace(one.result.sent[0], disputes={"apology": "not_heard"})
    takes = tuple(replace(each, disputed=True) for each in one.result.takes)
    open_ = replace(one, result=replace(one.result, sent=(disputed,), takes=takes))
    made = sheet(ASSIGNMENT, [row_of(open_)], Naming([]))
    assert made.success(made.learners[0].takes[0]) is None and made.below == ()
    settled = replace(open_, review=Review(confirmed=((1, "apology"),)))
    made = sheet(ASSIGNMENT, [row_of(settled)], Naming([]))
    assert made.success(made.learners[0].takes[0]) is True


def test_order_and_spread() -> None:
    assert ordered(["own_b", "soft_no", "thanks", "own_a", "greeting", "leverage"], ["soft_no", "leverage"]) == [
        "greeting", "thanks", "own_a", "own_b", "soft_no", "leverage",
    ]  # fmt: skip
    assert spread([40]) == "40" and spread([80, 40]) == "40, 80"
    assert spread([30, 50, 70, 90]) == "Median 60, the middle half from 40 to 80, the lowest 30, the highest 90"
    assert bars([0, 9, 10, 99, 100, 100]) == (2, 1, 0, 0, 0, 0, 0, 0, 0, 3)


@given(st.lists(st.integers(0, 100), max_size=60), st.integers(0, 100))
@settings(max_examples=50, deadline=None)
def test_charts_of_any_scores_stay_within_themselves(scores: list[int], mark: int) -> None:
    assert sum(bars(scores)) == len(scores)
    for drawn in (histogram(scores, mark, "i", "<t>", "&d"), spark([(each, "live") for each in scores], mark)):
        _, _, width, height = map(float, re.search(r'viewBox="([^"]+)"', drawn)[1].split())  # type: ignore[index]
        assert "<t>" not in drawn and "nan" not in drawn
        for x, y in re.findall(r'cx="([-\d.]+)" cy="([-\d.]+)"', drawn):
            assert 0 <= float(x) <= width and 0 <= float(y) <= height


# What to teach.


@cache
def taught() -> tuple[Lesson, ...]:
    guide, catalogue = build_guide(), build_catalogue()
    rehearse = {each.id: each.rehearse for each in guide.pages}
    return lessons(class_sheet()[0], catalogue.drills, catalogue.scenarios, rehearse)


def test_lessons_follow_what_is_missed_and_name_what_trains_it() -> None:
    guide = build_guide()
    made = taught()
    assert [each.missed.criterion for each in made] == ["apology", "options", "thanks"]
    options = made[1]
    assert options.drill is not None and options.drill.id == "two-options"
    assert guide.page(options.page).title == "Asking for another day"
    assert {card.intent for card in options.calls} == {"reschedule"} and len(options.calls) == 2
    assert f"{options.calls[0].pack}/{options.calls[0].id}" in guide.page(options.page).rehearse
    assert len(options.who) == options.missed.missed
    for criterion in (*ITEMS, *FAULTS):
        assert guide.page(page_of_criterion(criterion))
    assert lessons(sheet(ASSIGNMENT, [], Naming([])), (), ()) == ()


# Pseudonyms.


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hello this is ben lee from the course", "hello this is * from the course"),
        ("Hello, BEN speaking. Ben's here; Lee, too.", "Hello, * speaking. *'s here; *, too."),
        ("Benjamin and the sleeve stay", "Benjamin and the sleeve stay"),
        ("I sit beside Åse\n Ødegård", "I sit beside +"),
        ("I sit beside ase ødegård", "I sit beside +"),
        ("mail learner1@example.org", "mail +"),
        ("at 12 o'clock", "at 12 o'clock"),
        ("Be\u0301n Le\u0301e", "*"),
    ],
)
def test_names_are_replaced_in_texts(said: str, expected: str) -> None:
    naming = Naming(everybody(), SECRET)
    ben, ase = ROSTER.people[0], ROSTER.people[1]
    told = naming.text(said, ben)
    assert told.replace(SECRET.of(ben.id), "*").replace(SECRET.of(ase.id), "+") == expected
    assert Naming(everybody()).text(said, ben) == said


def test_names_without_spaces_around_them_are_replaced() -> None:
    naming = Naming(everybody(), SECRET)
    assert naming.text("我叫李雷。", ROSTER.people[2]) == f"我叫{SECRET.of(ROSTER.people[2].id)}。"


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_and_any_name(before: str, after: str) -> None:
    naming = Naming(everybody(), SECRET)
    assert "Fatima Al-Sayed" not in naming.text(f"{before} Fatima Al-Sayed {after}", ROSTER.people[0])


def everything(pseudonyms: Pseudonyms | None) -> str:
    """Every report in one text, words included."""
    made, naming = class_sheet(pseudonyms)
    written = [page([made], lessons(made, (), ()), {}, AFTER, pseudonyms=pseudonyms is not None)]
    written += lines([made], pseudonyms=pseudonyms is not None)
    written += [line(each) for each in statements(made, naming, with_words)]
    return "\n".join(written)


def with_words(counted: Counted) -> SentTake | None:
    """The take as sent, in which its speaker says their own name."""
    if counted.sent is None or counted.of is None or not counted.sent.words:
        return None
    name = counted.of.person.name
    first, *others = counted.sent.words
    return replace(counted.sent, words=(replace(first, text=f"This is {name.upper()}."), *others))


def test_no_name_is_left_with_pseudonyms() -> None:
    plain, masked = everything(None), everything(SECRET)
    for at, person in enumerate(ROSTER.people):
        assert person.name in plain
        assert person.name.casefold() not in masked.casefold(), person.name
        assert not person.email or person.email.casefold() not in masked.casefold()
        assert SECRET.of(person.id) in masked, at
        assert person.id not in masked
    assert "onerror" not in masked and "k1" not in masked
    assert "number" not in next(iter(lines([class_sheet(SECRET)[0]], pseudonyms=True)))
    # Their order is that of the pseudonyms, not of the names.
    shown = [each.name for each in class_sheet(SECRET)[0].learners]
    assert shown == sorted(shown, key=str.casefold)


# A table.


def test_the_table_is_read_back() -> None:
    made, _ = class_sheet()
    text = "\n".join(lines([made], pseudonyms=False))
    rows = list(csv.DictReader(io.StringIO(text)))
    takes = sum(len(each.takes) for each in made.learners)
    without = [each for each in made.learners if not each.takes]
    assert len(rows) == takes + len(without) and len(without) == 7
    ben = [row for row in rows if row["learner"] == "Ben Lee"]
    assert [row["take"] for row in ben] == ["1", "2", "3", "4"] and ben[-1]["score"] == "90"
    assert ben[-1]["item_thanks"] == "not_heard" and ben[-1]["sent"] == "true", "the coach's word"
    assert ben[0]["item_thanks"] == "" and ben[0]["sent"] == "false"
    assert ben[0]["success"] == "false" and ben[0]["faults"] == "", "of a take that was not sent the score is known"
    missing = next(row for row in rows if row["learner"] == "Karim Aziz")
    assert missing["state"] == "missing" and missing["late"] == "true" and missing["take"] == missing["score"] == ""
    assert {row["learner"] for row in rows} >= {person.name for person in ROSTER.people}
    assert all(None not in row and None not in row.values() for row in rows), "every row is as long as the header"
    if has_module("pandas"):
        import pandas

        frame = pandas.read_csv(io.BytesIO(("\ufeff" + text).encode()), encoding="utf-8-sig")
        assert frame.columns[0] == "class" and len(frame) == len(rows)
        assert frame["score"].dtype.kind == frame["seconds"].dtype.kind == "f"
        best = frame.groupby("learner")["score"].max()
        assert best["Ben Lee"] == 90 and best["Erik Lund"] == 100


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "=cmd|' /C calc'!A0", "x;=1+1", 'x;"=1+1', "x\t=1", "x\n=1", "＝1+1",
     "a,=1", "x|+1"],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_no_cell_is_a_formula_however_the_table_is_parted(name: str, delimiter: str) -> None:
    person = Person(name, key="k")
    made = sheet(ASSIGNMENT, [row_of(collected(person, "0"), person=person)], Naming([]))
    text = "\n".join(lines([made], pseudonyms=False))
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        for cell in cells:
            assert not cell.strip(" \"'").startswith(("=", "+", "-", "@", "＝")) or cell.lstrip(' "').startswith("'")


# Statements.


def test_every_statement_keeps_to_the_specification() -> None:
    for pseudonyms in (None, SECRET):
        made, naming = class_sheet(pseudonyms)
        for words in (with_words, lambda counted: None):
            found = list(statements(made, naming, words))
            assert {problem for each in found for problem in problems(each, AFTER)} == set()
            assert len({each["id"] for each in found}) == len(found) > 300
            assert any("response" in each["result"] for each in found if "result" in each) == (words is with_words)


def test_what_a_statement_says() -> None:
    made, naming = class_sheet()
    found = [json.loads(line(each)) for each in statements(made, naming)]
    ase = [each for each in found if each["actor"]["name"] == "Åse Ødegård"]
    takes = [each for each in ase if each["object"]["id"] == f"{BASE}packs/samples/calls/one"]
    assert [each["verb"]["id"].rpartition("/")[2] for each in takes] == ["failed", "passed"]
    assert takes[1]["result"] == {
        "completion": True, "duration": "PT32.25S", "score": {"scaled": 0.75, "raw": 75, "min": 0, "max": 100},
        "success": True,
    }  # fmt: skip
    assert takes[1]["actor"]["mbox"] == "mailto:learner1@example.org" and "account" not in takes[1]["actor"]
    assert takes[1]["timestamp"] == "2026-11-25T10:30:00.000Z"
    ben = next(each for each in found if each["actor"]["name"] == "Ben Lee")
    assert ben["actor"]["account"]["name"] == "number:100" and ".invalid/" in ben["actor"]["account"]["homePage"]
    items = {each["object"]["id"].rpartition("/")[2]: each for each in ase if "/criteria/" in each["object"]["id"]}
    assert items["apology"]["result"] == {"success": False} and items["ask"]["result"] == {"success": True}
    assert items["soft_no"]["result"] == {"success": True} and "goodwill" not in items, "it was not owed"
    assert items["ask"]["context"]["contextActivities"]["parent"][0]["id"] == takes[0]["object"]["id"]
    assert {each["context"]["registration"] for each in ase} == {ase[0]["context"]["registration"]}
    assert ase[0]["context"]["registration"] != ben["context"]["registration"]


def test_ids_stay_until_what_they_stand_for_changes() -> None:
    made, naming = class_sheet()
    first, second = ([each["id"] for each in statements(made, naming)] for _ in range(2))
    assert first == second
    rows = list(everybody())
    at = next(n for n, row in enumerate(rows) if row.person.name == "Åse Ødegård")
    latest = rows[at].latest
    assert latest is not None
    word = Review(overrides=(Override(latest.result.sent[0].number, "thanks", "not_heard", "No."),))
    changed = replace(latest, review=word, verdicts=verdicts(latest.result, word, {}))
    rows[at] = row_of(changed, person=rows[at].person)
    again = {each["id"] for each in statements(sheet(ASSIGNMENT, rows, naming), naming)}
    assert len(set(first) - again) == 2, "the take and the one mark"


def test_broken_off_and_unmarked_takes() -> None:
    one = collected(ROSTER.people[0], "00")
    left, done = one.result.takes
    left = replace(left, state="broken_off", score=None, passed=None)
    done = replace(done, score=None, passed=None, started=AFTER + timedelta(days=400))
    bare = replace(one, result=replace(one.result, takes=(left, done), sent=()), verdicts=())
    made = sheet(ASSIGNMENT, [row_of(bare)], Naming([]))
    found = list(statements(made, Naming([])))
    assert [each["verb"]["display"]["en"] for each in found] == ["attempted", "completed"]
    assert found[0]["result"]["completion"] is False and "score" not in found[1]["result"]
    assert [problem for each in found for problem in problems(each, AFTER)] == [], "a clock that is fast, too"
    assert "broken off, –" in page([made], (), {}, AFTER, pseudonyms=False)


@given(st.floats(0, 1e6))
def test_durations_keep_to_iso_8601(seconds: float) -> None:
    written = duration(seconds)
    assert re.fullmatch(r"PT\d+(\.\d{1,2})?S", written) and abs(float(written[2:-1]) - seconds) <= 0.00501


# A page.


def test_a_page_has_an_end() -> None:
    many = [Person(f"Person {n:04}", str(n)) for n in range(1200)]
    result = collected(many[0], "3")
    rows = standings(ASSIGNMENT, Roster(tuple(many)), [replace(result, person=each) for each in many[:900]], AFTER)
    made = sheet(ASSIGNMENT, rows, Naming([]))
    text = page([made] * 40, lessons(made, (), ()), {}, AFTER, pseudonyms=False)
    assert len(text) < 8_000_000 and "28 earlier assignments are not shown" in text
    assert "and 252 more" in text and "The first 400 of 900 are shown" in text and "and 880 more" in text


def test_a_calls_own_items_have_columns_as_far_as_there_is_room() -> None:
    one = collected(ROSTER.people[0], "0")
    marks = dict(one.result.sent[0].marks or {})
    marks["items"] = marks["items"] | {
        f"own_{n}": {"state": "not_heard", "required": True, "quote": None} for n in range(40)
    }
    sent = replace(one.result.sent[0], marks=marks)
    made = sheet(ASSIGNMENT, [row_of(replace(one, result=replace(one.result, sent=(sent,))))], Naming([]))
    text = "".join(heat_map(made, "h", 10))
    assert text.count('scope="col"') + text.count("scope='col'") == 24 + 2
    assert "more are in the table with --csv" in text and "the decision" in text
    first = lessons(made, (), ())[0]
    assert first.page == "" and first.calls == ()
    assert "no other one has this item" in page([made], [first], {}, AFTER, pseudonyms=False)


def test_earlier_assignments_follow_and_takes_run_through_all() -> None:
    made, _ = class_sheet()
    earlier = replace(ASSIGNMENT, id="f" * 32, titles={"one": "<b>Warm-up</b>"})
    text = page([made, sheet(earlier, everybody(), Naming([]))], (), {}, AFTER, pseudonyms=False)
    assert "Earlier: &lt;b&gt;Warm-up&lt;/b&gt;" in text and text.count("At a glance") == 2
    assert "of 2 assignments" in text and len(set(re.findall(r'id="([^"]+)"', text))) == text.count(' id="')


def test_an_empty_class() -> None:
    made = sheet(ASSIGNMENT, (), Naming([]))
    text = page([made], (), {}, AFTER, pseudonyms=False)
    assert "0 of 0 have sent" in text and "No marks were sent so far." in text
    assert list(lines([made], pseudonyms=False))[1:] == [] and list(statements(made, Naming([]))) == []


def test_what_came_from_outside_is_text() -> None:
    text = page([class_sheet()[0]], taught(), {}, AFTER, pseudonyms=False)
    assert HOSTILE not in text and "<script" not in text and "<img" not in text and "\x1b" not in text
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", text) and "url(" not in text and "@import" not in text
