"""A coach whose folder is lost and who kept the keys: the assignment that went out brings the results back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bowout.cli import main
from bowout.core.coaching.roster import Person, Roster
from bowout.storage.coaching.coach import CoachFolder
from coachcases import clock, learner_keys, open_class, result_of, sealed_result

ROSTER = Roster((Person("Lee, Ben", "1"),))


def test_results_are_read_again_on_another_machine(tmp_path: Path) -> None:
    class_ = open_class(tmp_path, roster=ROSTER)
    other = open_class(tmp_path / "other")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    learner = learner_keys("Ben")
    (inbox / "ben.bowresult").write_bytes(sealed_result(class_, learner, result_of(class_, learner, who="Ben Lee")))
    (inbox / "class.bowassign").write_bytes(class_.file.read_bytes())
    coach = CoachFolder(tmp_path / "new", clock)
    coach.keep_keys(class_.keys)
    first = {each.name: each for each in coach.collect_all([inbox])}
    assert "collect FILE.bowassign" in first["ben.bowresult"].why, "it says how to go on"
    assert first["class.bowassign"].state == "refused" and not coach.assignments(), "nothing comes back unasked"
    (strange,) = coach.collect_all([other.file])
    assert strange.state == "refused" and not coach.assignments()
    (back,) = coach.collect_all([class_.file])
    assert (back.state, back.assignment) == ("accepted", class_.assignment.id)
    (again,) = coach.collect_all([class_.file])
    assert again.state == "refused" and len(coach.assignments()) == 1
    coach.set_roster(class_.assignment.id, ROSTER)
    taken = {each.name: each for each in coach.collect_all([inbox])}
    assert (taken["ben.bowresult"].state, taken["ben.bowresult"].person) == ("accepted", "Lee, Ben")
    assert coach.result(taken["ben.bowresult"].result).result.sent[0].words
    assert coach.pseudonyms.of("number:1") == class_.coach.pseudonyms.of("number:1")


def test_somebody_who_is_on_no_roster_can_be_matched_from_what_is_told(tmp_path: Path) -> None:
    class_ = open_class(tmp_path, roster=ROSTER)
    learner = learner_keys("Benny")
    file = tmp_path / "x.bowresult"
    file.write_bytes(sealed_result(class_, learner, result_of(class_, learner)))
    outcome = class_.coach.collect(file)
    assert f"bowout coach match {outcome.result[:8]} WHO" in outcome.why
    assert class_.coach.match(outcome.result[:8], "Ben Lee").person.number == "1"


def test_a_copy_of_keys_never_takes_the_place_of_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coach", "init", "--name", "Ana Lee"]) == 0
    phrase, copy = tmp_path / "phrase.txt", tmp_path / "ana.bowkeys"
    phrase.write_text("a long phrase", "utf-8")
    export = ["coach", "keys", "export", str(copy), "--passphrase-file", str(phrase)]
    assert main(export) == 0
    before = copy.read_bytes()
    assert main(export) == 2 and copy.read_bytes() == before
    assert "already" in capsys.readouterr().err
