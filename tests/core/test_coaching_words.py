"""What coaches and learners read: names as tables have them, titles, what is settled, what is taught, how far it is."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bowout.batch.run import Progress
from bowout.commands.batch_bar import Bar, sentence
from bowout.commands.coach_common import output_file
from bowout.core.coaching.answer import Review
from bowout.core.coaching.lessons import lessons
from bowout.core.coaching.naming import Naming
from bowout.core.coaching.report import newest_known, sheet
from bowout.core.coaching.report_page import page
from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.shown import mark_rows
from bowout.core.coaching.standing import Collected, standings
from bowout.core.coaching.words import criterion_words
from bowout.tui.widgets.result_head import head
from bowout.tui.widgets.words_view import blocks
from coachcases import GOOD, learner_keys, open_class, result_of
from coachclass import AFTER, ASSIGNMENT, ROSTER, SECRET, collected, everybody

SORTED = Roster(
    (Person("Müller, Jörg", "1"), Person('Groß "Charly", Karl', "2"), Person("Lee, Ann"), Person("Ann Lee"))
)


@pytest.mark.parametrize(
    ("who", "number"),
    [
        ("Müller, Jörg", "1"),
        ("Jörg Müller", "1"),
        ("MÜLLER ,jörg", "1"),
        ('Karl Groß "Charly"', "2"),
        ("Jörg", None),
        ("Müller,", None),
        ("Ann Lee", None),  # there are two
    ],
)
def test_a_name_is_found_in_either_order(who: str, number: str | None) -> None:
    found = SORTED.find(who)
    assert (found.number if found is not None else None) == number


def test_a_name_that_begins_with_the_family_leaves_no_part_of_it() -> None:
    person = Person("Müller-Weiß, Jörg (Jo)", "4711")
    (row,) = standings(ASSIGNMENT, Roster((person,)), [], AFTER)
    naming = Naming([row], SECRET)
    own = naming.text("I am Jörg Müller-Weiß. Müller-Weiß, yes; Jo for friends.", person)
    assert own.count(SECRET.of(person.id)) == 4 and not {"Jörg", "Müller", "Weiß"} & set(own.replace("-", " ").split())
    assert naming.text("Beside me: Jörg (Jo) Müller-Weiß.") == f"Beside me: {SECRET.of(person.id)}."


def test_two_assignments_of_one_call_have_two_titles() -> None:
    drill = replace(ASSIGNMENT, terms=replace(ASSIGNMENT.terms, drill="drills/two-options"))
    assert drill.title == f"{ASSIGNMENT.title} (drill two-options)"
    both = replace(drill, terms=replace(drill.terms, scenarios=("one", "two")))
    assert both.title == "Samples (2 calls, drill two-options)"


def test_lessons_are_of_the_newest_that_came_back() -> None:
    came = sheet(ASSIGNMENT, everybody(), Naming([]))
    newer = replace(ASSIGNMENT, id="f" * 32, made=AFTER, titles={"one": "Another day"})
    waiting = sheet(newer, standings(newer, ROSTER, [], AFTER), Naming([]))
    assert newest_known([waiting, came]) is came and newest_known([waiting]) is waiting
    taught = lessons(newest_known([waiting, came]), (), ())
    text = page([waiting, came], taught, {}, AFTER, pseudonyms=False)
    assert taught and "Nothing stands out" not in text
    assert f"By what is missed in “{ASSIGNMENT.title}”" in text
    assert "By what is missed" not in page([came], taught, {}, AFTER, pseudonyms=False)


def test_a_dispute_is_over_with_the_coachs_word() -> None:
    one = collected(ROSTER.people[0], "31")
    sent = replace(one.result.sent[0], disputes={"thanks": "not_heard"})
    one = replace(one, result=replace(one.result, sent=(sent,)))
    (row,) = standings(ASSIGNMENT, Roster(ROSTER.people[:1]), [one], AFTER)
    assert row.disputed and "Disputed" in str(head(one, row, 0, "Ben", AFTER))
    settled: Collected = replace(one, review=Review().agreed(sent.number, "thanks"))
    assert "isputed" not in str(head(settled, row, 0, "Ben", AFTER)), "the queue was read before"


def test_a_coach_does_not_read_of_their_own_name(tmp_path: Path) -> None:
    sent = result_of(open_class(tmp_path), learner_keys(), *GOOD).sent[0]
    labels = [row.row.label for row in mark_rows(sent, Review())]
    tags = [word.after for block in blocks(sent, [False] * len(sent.counting), "Ben") for word in block.words]
    assert criterion_words("name") in labels and "the name" in "".join(tags)
    assert "your name" not in " ".join([*labels, *tags])


def test_no_file_is_replaced_that_nobody_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = []
    for _ in range(3):
        path = output_file(None, ".bowassign", "class-1-samples")
        path.touch()
        names.append(path.name)
    assert names == ["class-1-samples.bowassign", "class-1-samples-2.bowassign", "class-1-samples-3.bowassign"]
    assert output_file(Path(names[0]), ".bowassign", "") == Path(names[0]), "what was named is meant"


def test_a_bar_says_that_it_gets_ready_and_takes_a_typed_stop_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Progress(total=1000)
    assert sentence(progress) == "0 % · getting ready"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar = Bar(json=False)
    bar.show(progress)
    drawn = capsys.readouterr().err
    bar.clear()
    assert len(capsys.readouterr().err.strip("\r")) == len(drawn.strip("\r")) + len("^C")
