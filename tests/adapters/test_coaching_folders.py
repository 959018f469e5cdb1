"""The coach's and the learner's folders: what they keep, what they refuse, and that it stays private."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bowout.core.coaching.answer import Comment, Override, Review
from bowout.core.coaching.roster import Person, Roster
from bowout.errors import InputError, UsageError
from bowout.rehearsal.assigned import assigned_take, drill_of, mode_of
from bowout.rehearsal.call import Options
from bowout.rehearsal.coaching import Coach, Learner
from bowout.storage.coaching.coach import CoachFolder
from bowout.storage.coaching.keys import exported, imported, new_keys
from bowout.storage.coaching.learner import LearnerFolder
from bowout.storage.coaching.many_files import ManyFiles
from bowout.storage.packs import load_pack
from coachcases import (
    GOOD,
    TERMS,
    WEAK,
    Class,
    clock,
    joined,
    learner_keys,
    open_class,
    practised,
    recording,
    result_of,
    scenario,
    sealed_result,
)


@pytest.fixture
def class_(tmp_path: Path) -> Class:
    return open_class(tmp_path, roster=Roster((Person("Ben", "1"), Person("Cleo", "2"))))


def test_the_folders_are_what_front_ends_expect(tmp_path: Path) -> None:
    coach: Coach = CoachFolder(tmp_path / "c", clock)
    learner: Learner = LearnerFolder(tmp_path / "l", clock)
    assert coach.me is None and coach.assignments() == [] and learner.list() == []
    assert not (tmp_path / "c").exists() and not (tmp_path / "l").exists(), "looking makes nothing"


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX's")
def test_everything_is_readable_by_the_user_alone(class_: Class, tmp_path: Path) -> None:
    learner, records = joined(tmp_path, class_, "1")
    practised(records, class_.assignment.id, *GOOD)
    learner.submit(learner.draft(class_.assignment.id, records, ("marks",)), tmp_path / "r.bowresult")
    outcome = class_.coach.collect(tmp_path / "r.bowresult")
    class_.coach.review(outcome.result, Review((Comment("x"),)))
    answer = class_.coach.answer(outcome.result, tmp_path)
    learner.take_answer(learner.look(answer), records)
    for root in (tmp_path / "coach", tmp_path / "learner"):
        for path in root.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path
    assert answer.stat().st_mode & 0o077 == 0 and (tmp_path / "r.bowresult").stat().st_mode & 0o077 == 0


def test_an_answer_comes_once_and_lies_beside_the_attempt(class_: Class, tmp_path: Path) -> None:
    learner, records = joined(tmp_path, class_, "1")
    attempt = practised(records, class_.assignment.id, *GOOD)
    learner.submit(learner.draft(class_.assignment.id, records, ("marks", "transcript")), tmp_path / "r.bowresult")
    outcome = class_.coach.collect(tmp_path / "r.bowresult")
    review = Review(
        (Comment("Well put.", 1, 0, 1), Comment("All in all.")), (Override(1, "thanks", "not_heard", "No."),)
    )
    class_.coach.review(outcome.result, review)
    answer = class_.coach.answer(outcome.result, tmp_path)
    for _ in range(2):
        opened = learner.look(answer)
        held = learner.take_answer(opened, records)
    assert len(held.answers) == 1 and opened.held
    noted = [event for event in records.load(attempt).events if event["kind"] == "coach"]
    assert len(noted) == 1 and len(noted[0]["comments"]) == 2 and noted[0]["verdict"]["passed"] is False
    records.delete(attempt)
    class_.coach.review(outcome.result, review.commented(Comment("More.")))
    learner.take_answer(learner.look(class_.coach.answer(outcome.result, tmp_path)), records)
    assert len(learner.load(class_.assignment.id).answers) == 2, "also where the attempt is gone"


def test_a_recording_that_was_not_kept_is_missed_and_named(class_: Class, tmp_path: Path) -> None:
    learner, records = joined(tmp_path, class_, "1")
    attempt = practised(records, class_.assignment.id, *GOOD)
    draft = learner.draft(class_.assignment.id, records, ("marks", "audio"))
    assert draft.missing == ("The recording of take 1 was not kept.",) and draft.result.parts == ("marks",)
    with pytest.raises(InputError, match="was not kept"):
        learner.draft(class_.assignment.id, records, ("audio",))
    (tmp_path / "attempts" / attempt / "audio.wav").write_bytes(recording(0.5))
    draft = learner.draft(class_.assignment.id, records, ("marks", "audio"))
    learner.submit(draft, tmp_path / "r.bowresult")
    outcome = class_.coach.collect(tmp_path / "r.bowresult")
    assert class_.coach.audio(outcome.result, 1) == recording(0.5) and class_.coach.audio(outcome.result, 2) is None


def test_a_sender_who_is_not_on_the_roster_is_matched_for_good(class_: Class, tmp_path: Path) -> None:
    keys = learner_keys("Benny")
    outcomes = []
    for number in (1, 2):
        file = tmp_path / f"{number}.bowresult"
        file.write_bytes(sealed_result(class_, keys, result_of(class_, keys, sequence=number)))
        outcomes.append(class_.coach.collect(file))
    assert "not on the roster" in outcomes[0].why and outcomes[1].why == ""
    assert [row.listed for row in class_.coach.standings(class_.assignment.id)] == [True, False, True]
    with pytest.raises(InputError, match="nobody, or more than one"):
        class_.coach.match(outcomes[0].result, "Nobody")
    class_.coach.match(outcomes[0].result, "1")
    ben, cleo = class_.coach.standings(class_.assignment.id)
    assert ben.person.name == "Ben" and len(ben.all) == 2 and cleo.latest is None


def test_the_next_assignment_takes_the_roster_over_and_knows_the_keys(class_: Class, tmp_path: Path) -> None:
    keys = learner_keys("1")
    (tmp_path / "a.bowresult").write_bytes(sealed_result(class_, keys, result_of(class_, keys, who="1")))
    class_.coach.collect(tmp_path / "a.bowresult")
    second = open_class(tmp_path, replace(TERMS, note="The second one."))
    assert len(second.coach.load(second.assignment.id).roster.people) == 2
    other = learner_keys("1")
    (tmp_path / "b.bowresult").write_bytes(sealed_result(second, other, result_of(second, other, who="1")))
    assert "Other keys" in second.coach.collect(tmp_path / "b.bowresult").why
    (tmp_path / "c.bowresult").write_bytes(sealed_result(second, keys, result_of(second, keys, who="somebody")))
    assert second.coach.collect(tmp_path / "c.bowresult").person == "Ben"
    assert [h.assignment.terms.note for h in second.coach.assignments()].count("The second one.") == 1


def test_of_several_results_the_newest_counts_in_any_order(class_: Class, tmp_path: Path) -> None:
    keys = learner_keys("1")
    for number in (3, 1, 2):
        turns = GOOD if number == 3 else WEAK
        result = result_of(class_, keys, *turns, who="1", sequence=number)
        (tmp_path / f"{number}.bowresult").write_bytes(sealed_result(class_, keys, result))
    states = [o.state for o in class_.coach.collect_all([tmp_path])]
    assert states.count("accepted") == 3
    ben = class_.coach.standings(class_.assignment.id)[0]
    assert ben.reached and [each.result.sequence for each in ben.all] == [1, 2, 3]


def test_what_was_noted_again_is_to_be_answered_again(class_: Class, tmp_path: Path) -> None:
    keys = learner_keys("1")
    (tmp_path / "a.bowresult").write_bytes(sealed_result(class_, keys, result_of(class_, keys, who="1")))
    result = class_.coach.collect(tmp_path / "a.bowresult").result
    with pytest.raises(InputError, match="Nothing has been noted"):
        class_.coach.answer(result, tmp_path)
    with pytest.raises(InputError, match="has no mark"):
        class_.coach.review(result, Review(confirmed=((1, "nothing"),)))
    class_.coach.review(result, Review(confirmed=((1, "ask"),)))
    class_.coach.answer(result, tmp_path)
    assert class_.coach.result(result).phase == "answered"
    assert class_.coach.review(result[:6], Review((Comment("x"),))).phase == "to_review"
    assert class_.coach.done(result).phase == "done" and class_.coach.done(result, done=False).phase == "to_review"


def test_a_damaged_assignment_hides_no_other(class_: Class, tmp_path: Path) -> None:
    second = open_class(tmp_path, replace(TERMS, note="Another."))
    broken = tmp_path / "coach" / "assignments" / class_.assignment.id / "assignment.bowassign"
    broken.write_bytes(broken.read_bytes()[:-1])
    assert [handed.assignment.id for handed in second.coach.assignments()] == [second.assignment.id]
    with pytest.raises(InputError, match="end"):
        second.coach.load(class_.assignment.id)
    second.coach.delete(class_.assignment.id)
    with pytest.raises(InputError, match="There is no assignment"):
        second.coach.load(class_.assignment.id)


def test_ids_are_told_by_their_beginning(class_: Class) -> None:
    assert class_.coach.load(class_.assignment.id[:4]).assignment.id == class_.assignment.id
    for typed in ("", "abc", "../../x", class_.assignment.id + "0"):
        with pytest.raises(InputError, match="There is no assignment"):
            class_.coach.load(typed)


def test_a_learner_with_new_keys_is_somebody_else_until_the_coach_agrees(class_: Class, tmp_path: Path) -> None:
    learner, records = joined(tmp_path, class_, "1")
    practised(records, class_.assignment.id, *GOOD)
    learner.submit(learner.draft(class_.assignment.id, records, ("marks",)), tmp_path / "a.bowresult")
    assert class_.coach.collect(tmp_path / "a.bowresult").state == "accepted"
    learner.keep_keys(new_keys("1"))
    learner.submit(learner.draft(class_.assignment.id, records, ("marks",)), tmp_path / "b.bowresult")
    refused = class_.coach.collect(tmp_path / "b.bowresult")
    assert refused.state == "refused" and "--accept-new-key" in refused.why
    assert class_.coach.collect(tmp_path / "b.bowresult", new_key=True).state == "accepted"
    ben = class_.coach.standings(class_.assignment.id)[0]
    assert ben.latest is not None and ben.latest.rank == 2


def test_a_copy_of_keys_comes_back_and_a_wrong_one_does_not() -> None:
    keys = new_keys("Ana")
    assert imported(exported(keys, ""), "x", "") == keys
    locked = exported(keys, "correct horse")
    assert keys.seed.hex().encode() not in locked and imported(locked, "x", "correct horse") == keys
    for raw, phrase in (
        (locked, "wrong horse"), (locked[:-8], "correct horse"), (b"{}", ""), (b"\xff", ""), (b"[" * 20_000, ""),
        (exported(keys, "").replace(b'"schema":1', b'"schema":2'), ""), (exported(keys, "")[:40], ""),
    ):  # fmt: skip
        with pytest.raises(InputError):
            imported(raw, "x", phrase)
    with pytest.raises(UsageError, match="at least"):
        exported(keys, "short")


def test_a_take_runs_as_agreed(class_: Class) -> None:
    assignment = replace(class_.assignment, terms=replace(TERMS, limit_s=45.0, drill="pace"))
    base = Options(mode="live", silence_s=1.3, keep_audio=False, meta={"mine": 1})
    _, options = assigned_take(class_.assignment, scenario(), base, "until_review")
    assert options.meta == {"mine": 1, "assignment": class_.assignment.id}
    assert (options.mode, options.keep_audio, options.retention, options.strict) == ("live", True, "keep", False)
    assert not assigned_take(class_.assignment, scenario(), base, "never")[1].keep_audio
    drills = load_pack(Path(__file__).parents[2] / "scenarios" / "drills").drills
    drill = drill_of(assignment, (), drills)
    assert drill is not None and drill_of(class_.assignment, (), drills) is None
    cut, options = assigned_take(assignment, scenario(), base, "never", drill)
    assert options.meta["drill"] == "pace" and options.strict and (options.speaking_s or 99) <= 45 and cut.id == "one"
    assert mode_of(assignment, "practice") == "live"
    free = replace(assignment, terms=replace(TERMS, mode=None))
    assert mode_of(free, "practice") == "practice"


def test_many_files_are_made_to_last_together(tmp_path: Path) -> None:
    files = ManyFiles()
    for name in ("a", "b"):
        files.write(tmp_path / name, b"x")
    (tmp_path / "a").unlink()
    files.sync()
    assert (tmp_path / "b").read_bytes() == b"x"
