"""Coaching when programs are killed, keys are lost, and somebody uses another's name: nothing lost, nothing half."""

from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.hostile_child import run
from bowout.core.coaching.answer import Comment, Override, Review
from bowout.core.coaching.parties import Party
from bowout.core.coaching.roster import Person, Roster
from bowout.errors import InputError
from bowout.storage.canonical_zip import zipped
from bowout.storage.coaching.coach import CoachFolder
from bowout.storage.coaching.collecting import Collector
from bowout.storage.coaching.folders import AssignmentFolders
from bowout.storage.coaching.keys import exported, load, new_keys
from bowout.storage.coaching.known_coaches import KnownCoaches
from bowout.storage.coaching.learner import LearnerFolder
from bowout.storage.records import FileRecords
from coachcases import (
    GOOD,
    NOW,
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
    sealed_result,
)


class Killed(BaseException):
    """The program is gone at this point."""


@pytest.fixture
def class_(tmp_path: Path) -> Class:
    return open_class(tmp_path / "class", roster=Roster((Person("Ben", "1"), Person("Cleo", "2"))))


def killed(*_: Any, **__: Any) -> None:
    raise Killed


def put(class_: Class, path: Path, keys: Any, **changes: Any) -> Path:
    """A result of these keys as a file."""
    path.write_bytes(sealed_result(class_, keys, result_of(class_, keys, *GOOD, **changes)))
    return path


def withdrawal(class_: Class, path: Path, keys: Any, sequence: int) -> Path:
    bare = replace(result_of(class_, keys, sequence=sequence, who="1"), parts=(), takes=(), sent=(), withdrawn=True)
    path.write_bytes(sealed_result(class_, keys, bare))
    return path


def everything(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# What is deleted is gone.


def test_a_diary_has_none_of_the_learners_words(class_: Class, tmp_path: Path) -> None:
    assert class_.coach.collect(put(class_, tmp_path / "a", learner_keys(), who="1")).state == "accepted"
    diary = tmp_path / "class" / "coach" / "assignments" / class_.assignment.id / "events.jsonl"
    assert b"cancelled" not in diary.read_bytes() and b'"score":' in diary.read_bytes()


def test_withdrawing_deletes_words_marks_and_what_was_noted(class_: Class, tmp_path: Path) -> None:
    keys = learner_keys()
    made = class_.coach.collect(put(class_, tmp_path / "a", keys, who="1"))
    class_.coach.review(made.result, Review((Comment("Rather mumbled.", 1, 0, 3),)))
    other = class_.coach.collect(put(class_, tmp_path / "b", learner_keys("2")))
    assert class_.coach.collect(withdrawal(class_, tmp_path / "w", keys, 2)).state == "withdrawn"
    here = everything(tmp_path / "class" / "coach" / "assignments")
    assert made.result.encode() not in here and b"mumbled" not in here
    ben, cleo = class_.coach.standings(class_.assignment.id)
    assert ben.withdrawn and cleo.latest is not None and cleo.latest.result.id == other.result
    again = class_.coach.collect(tmp_path / "a")
    assert again.state == "refused" and "taken it back" in again.why
    assert class_.coach.collect(tmp_path / "w").state == "again"


def test_a_withdrawal_that_was_broken_off_is_finished(
    class_: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = learner_keys()
    made = class_.coach.collect(put(class_, tmp_path / "a", keys, who="1"))
    withdrawal(class_, tmp_path / "w", keys, 2)
    with monkeypatch.context() as patch:
        patch.setattr(AssignmentFolders, "erase", lambda self, assignment, results: list(results) and killed())
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            class_.coach.collect(tmp_path / "w")
    assert made.result.encode() in everything(tmp_path / "class" / "coach" / "assignments")
    assert class_.coach.collect(tmp_path / "w").state == "again"
    results = tmp_path / "class" / "coach" / "assignments" / class_.assignment.id / "results"
    assert made.result.encode() not in everything(results.parent) and not list(results.iterdir())


# Collecting.


def test_a_result_that_a_power_cut_took_comes_again(class_: Class, tmp_path: Path) -> None:
    file = put(class_, tmp_path / "a", learner_keys(), who="1")
    made = class_.coach.collect(file)
    kept = tmp_path / "class" / "coach" / "assignments" / class_.assignment.id / "results" / made.result
    for spoil in (lambda: kept.write_bytes(kept.read_bytes()[:100]), kept.unlink):
        spoil()
        with pytest.raises(InputError):
            class_.coach.result(made.result)
        assert class_.coach.collect(file).state == "again"
        assert class_.coach.result(made.result).result.sent[0].words


def test_an_archive_is_not_held_many_times_over() -> None:
    content = bytes(4 * 2**20)
    tracemalloc.start()
    try:
        made = zipped({"take-1.wav": content})
        assert tracemalloc.get_traced_memory()[1] < 1.5 * len(content)
    finally:
        tracemalloc.stop()
    assert len(made) > len(content)


def test_two_who_collect_at_once_undo_nothing_of_each_other(class_: Class, tmp_path: Path) -> None:
    file, first = put(class_, tmp_path / "a", learner_keys(), who="1"), put(class_, tmp_path / "b", learner_keys("2"))
    keys = learner_keys("x")
    with class_.coach.collecting() as slow:
        slow.collect(first)
        made = class_.coach.collect(file)
        class_.coach.review(made.result, Review((Comment("Clear."),)))
        gone = class_.coach.collect(put(class_, tmp_path / "c", keys))
        class_.coach.collect(withdrawal(class_, tmp_path / "w", keys, 2))
        assert slow.collect(file).state == "accepted", "it has not seen the other's"
        slow.collect(tmp_path / "c")
    assert class_.coach.result(made.result).review.comments
    with pytest.raises(InputError, match="There is no result"):
        class_.coach.result(gone.result)
    assert isinstance(slow, Collector)


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX's")
def test_no_folder_on_the_way_can_be_read_by_others(tmp_path: Path) -> None:
    CoachFolder(tmp_path / "data" / "coaching" / "coach", clock).init("Ana Lee")
    for path in (tmp_path / "data").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


# The learner.


def test_an_assignment_that_was_half_accepted_is_accepted_again_or_deleted(
    class_: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOWOUT_DATA_DIR", str(tmp_path / "data"))
    learner, _ = joined(tmp_path / "data" / "coaching", class_, "1")
    half = tmp_path / "data" / "coaching" / "learner" / "assignments" / class_.assignment.id / "assignment.bowassign"
    half.unlink()
    opened = learner.look(class_.file)
    assert not opened.held and learner.accept(opened, "1").who == "1"
    half.write_bytes(b"PK")
    code, said = run(["assignments", "delete", class_.assignment.id[:6], "--yes"])
    assert code == 0 and "Deleted" in said and learner.list() == []


def test_a_files_name_can_not_draw_a_line_of_its_own(
    class_: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOWOUT_DATA_DIR", str(tmp_path / "data"))
    CoachFolder(tmp_path / "data" / "coaching" / "coach", clock).init("Ana Lee")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x\n+ cleo.bowresult, Cleo").write_bytes(b"x")
    code, said = run(["coach", "collect", str(tmp_path / "in")])
    assert code == 1 and not any(line.startswith("+") for line in said.splitlines())
    code, said = run(["coach", "collect", str(tmp_path / "in"), "--accept-new-key"])
    assert code == 2 and "about one file" in said, "who has asked one has not asked all"


def test_nothing_is_begun_without_its_file(class_: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learner = LearnerFolder(tmp_path / "learner", clock)
    with monkeypatch.context() as patch:
        patch.setattr("bowout.storage.event_folders.EventFolders._write", killed)
        with pytest.raises(Killed):
            learner.accept(learner.look(class_.file), "1")
    assert learner.list() == []
    assert learner.accept(learner.look(class_.file), "1").assignment.id == class_.assignment.id
    with monkeypatch.context() as patch:
        patch.setattr("bowout.storage.event_folders.write_atomic", killed)
        with pytest.raises(Killed):
            class_.coach.assign(*_task(class_))
    assert [each.assignment.id for each in class_.coach.assignments()] == [class_.assignment.id]


def _task(class_: Class) -> tuple[Any, Any]:
    from coachcases import pack

    return pack(), replace(class_.assignment.terms, note="Another.")


def test_who_has_lost_the_keys_gets_new_ones_by_opening_again(class_: Class, tmp_path: Path) -> None:
    learner, records = joined(tmp_path, class_, "1")
    practised(records, class_.assignment.id, *GOOD)
    before = learner.keys
    (tmp_path / "learner" / "keys.json").unlink()
    with pytest.raises(InputError, match="keys are gone"):
        learner.draft(class_.assignment.id, records, ("marks",))
    opened = learner.look(class_.file)
    assert not opened.held
    learner.accept(opened, "1")
    assert learner.keys not in (None, before) and learner.draft(class_.assignment.id, records, ("marks",)).attempts


def test_a_result_is_known_before_it_is_there(class_: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learner, records = joined(tmp_path, class_, "1")
    practised(records, class_.assignment.id, *GOOD)
    draft = learner.draft(class_.assignment.id, records, ("marks",))
    with monkeypatch.context() as patch:
        patch.setattr(AssignmentFolders, "append", killed)
        with pytest.raises(Killed):
            learner.submit(draft, tmp_path / "r.bowresult")
    assert not list(tmp_path.glob("*.bowresult")) and not list(tmp_path.glob(".r*"))


def test_an_answer_that_was_half_taken_is_noted_once(
    class_: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner, records = joined(tmp_path, class_, "1")
    attempt = practised(records, class_.assignment.id, *GOOD)
    learner.submit(learner.draft(class_.assignment.id, records, ("marks",)), tmp_path / "r.bowresult")
    made = class_.coach.collect(tmp_path / "r.bowresult")
    class_.coach.review(made.result, Review((Comment("Well put."),)))
    answer = class_.coach.answer(made.result, tmp_path)
    for where, step in ((AssignmentFolders, "below"), (FileRecords, "append"), (AssignmentFolders, "append")):
        with monkeypatch.context() as patch:
            patch.setattr(where, step, killed)
            with pytest.raises(Killed):
                learner.take_answer(learner.look(answer), records)
        assert not learner.look(answer).held
    assert len(learner.take_answer(learner.look(answer), records).answers) == 1
    assert sum(event["kind"] == "coach" for event in records.load(attempt).events) == 1


def test_after_an_assignment_was_deleted_and_accepted_again_the_newest_still_counts(
    class_: Class, tmp_path: Path
) -> None:
    times: list[datetime] = [NOW]
    learner = LearnerFolder(tmp_path / "learner", lambda: times[-1])
    learner.accept(learner.look(class_.file), "1")
    _, records = joined(tmp_path / "other", class_, "1")
    practised(records, class_.assignment.id, *WEAK)

    def sent(name: str) -> None:
        times.append(times[-1] + timedelta(hours=1))
        learner.submit(learner.draft(class_.assignment.id, records, ("marks",)), tmp_path / name)
        assert class_.coach.collect(tmp_path / name).state == "accepted"

    for name in ("1.bowresult", "2.bowresult"):
        sent(name)
    practised(records, class_.assignment.id, *GOOD)
    learner.delete(class_.assignment.id)
    learner.accept(learner.look(class_.file), "1")
    sent("3.bowresult")
    ben = class_.coach.standings(class_.assignment.id)[0]
    assert len(ben.all) == 3 and ben.reached
    times.append(NOW - timedelta(days=9))
    sent("4.bowresult")
    numbers = [each.result.sequence for each in class_.coach.standings(class_.assignment.id)[0].all]
    assert numbers == sorted(set(numbers)), "also where the clock was set back"


def test_what_a_coach_could_not_open_is_not_written(class_: Class, tmp_path: Path) -> None:
    learner, records = joined(tmp_path, class_, "1")
    attempt = practised(records, class_.assignment.id, *GOOD)
    (tmp_path / "attempts" / attempt / "audio.wav").write_bytes(recording(0.1) + b"\0")
    draft = learner.draft(class_.assignment.id, records, ("marks", "audio"))
    with pytest.raises(InputError, match="no recording"):
        learner.submit(draft, tmp_path / "r.bowresult")
    assert not (tmp_path / "r.bowresult").exists()


# Keys and names.


def test_answers_are_not_written_with_keys_that_learners_would_refuse(class_: Class, tmp_path: Path) -> None:
    made = class_.coach.collect(put(class_, tmp_path / "a", learner_keys(), who="1"))
    class_.coach.review(made.result, Review((), (Override(1, "thanks", "not_heard", "No."),)))
    old = class_.keys
    class_.coach.keep_keys(new_keys("Ana Lee"))
    with pytest.raises(InputError, match="other keys than yours now"):
        class_.coach.answer(made.result, tmp_path)
    class_.coach.keep_keys(old)
    assert class_.coach.answer(made.result, tmp_path).exists()


def test_a_copy_of_keys_takes_the_place_of_damaged_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOWOUT_DATA_DIR", str(tmp_path / "data"))
    coach = CoachFolder(tmp_path / "data" / "coaching" / "coach", clock)
    coach.init("Ana Lee")
    keys, file = coach.keys, tmp_path / "data" / "coaching" / "coach" / "keys.json"
    assert keys is not None
    (tmp_path / "copy.bowkeys").write_bytes(exported(keys, ""))
    (tmp_path / "phrase").write_text("\n")
    code, said = run(["coach", "keys", "export", str(tmp_path / "x.bowkeys"), "--passphrase-file",
                      str(tmp_path / "phrase")])  # fmt: skip
    assert code == 2 and "empty" in said and not (tmp_path / "x.bowkeys").exists(), "never unlocked by a slip"
    file.write_bytes(file.read_bytes()[:20])
    with pytest.raises(InputError, match="are damaged"):
        load(file)
    code, said = run(["coach", "keys", "import", str(tmp_path / "copy.bowkeys")])
    assert code == 0 and "are damaged" in said and coach.keys == keys


def test_a_name_stands_for_the_keys_that_were_last_accepted(tmp_path: Path) -> None:
    known = KnownCoaches(tmp_path / "coaches.json")
    ana, mallory, later = (new_keys(name).party for name in ("Ana Lee", "Mallory", "Ana Lee"))
    for each in (ana, mallory):
        assert known.trust(each) == ("new", None)
        known.remember(each)
        assert known.trust(each) == ("known", None)
    for twin in ("Ana Lee", "ana  LEE", "\u0410na L\u0435e", "Ana Lee\u3164", "Аná Iee", "Ana\u2800Lee"):
        assert known.trust(_called(mallory, twin)) == ("changed", ana), twin
        assert known.trust(_called(later, twin)) == ("changed", ana), twin
    assert known.trust(_called(mallory, "Mallory M.")) == ("known", mallory)
    known.remember(later)
    assert known.trust(later) == ("known", None)
    assert known.trust(ana) == ("changed", later), "old keys may have been lost to somebody"


def _called(party: Party, name: str) -> Party:
    return replace(party, name=name)


def test_without_a_roster_a_name_is_believed_once(tmp_path: Path) -> None:
    class_ = open_class(tmp_path, TERMS)
    first = class_.coach.collect(put(class_, tmp_path / "a", learner_keys(), who="Ben"))
    other = learner_keys()
    refused = class_.coach.collect(put(class_, tmp_path / "b", other, who="ben"))
    assert first.state == "accepted" and refused.state == "refused" and "Other keys than before" in refused.why
    taken = class_.coach.collect(tmp_path / "b", new_key=True)
    assert taken.state == "accepted" and other.party.fingerprint in taken.why
    (ben,) = class_.coach.standings(class_.assignment.id)
    assert len(ben.all) == 2 and ben.latest is not None and ben.latest.result.learner.key == other.party.key
