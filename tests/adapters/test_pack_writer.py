"""New scenarios in folders of the user's: whole or not at all, over nothing that is there."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from adapters.pack_files import PACK, SCENARIO, pack_files, write_folder
from bowout.core.pack_questions import answers_from
from bowout.core.pack_writing import Answers
from bowout.errors import BowoutError, InputError, UsageError
from bowout.rehearsal.workshop import There
from bowout.storage import pack_store, pack_writer
from bowout.storage.pack_check import check
from bowout.storage.pack_writer import FolderWorkshop
from bowout.storage.packs import load_pack

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
NAME = "your-train-is-cancelled"


@pytest.fixture
def workshop() -> FolderWorkshop:
    return FolderWorkshop()


def answers(workshop: FolderWorkshop, **given: str) -> Answers:
    return answers_from(given, workshop.kit)


def kept(workshop: FolderWorkshop, folder: Path, name: str = NAME, *, replaces: bool = False, **given: str) -> Any:
    return workshop.keep(folder, name, answers(workshop, **given), NOW, replaces=replaces)


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_pack_is_there_and_well(workshop: FolderWorkshop, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "Calls for Trainees"
    assert workshop.look_at(folder) == There("", 0)
    plan = workshop.plan(folder, answers(workshop))
    assert (plan.name, plan.taken) == (NAME, False)
    made = kept(workshop, folder)
    assert made.problems == () and made.notes == () and made.pack == "calls-for-trainees"
    assert sorted(everything(folder)) == ["pack.yaml", f"{NAME}.yaml"] and list(folder.parent.iterdir()) == [folder]
    assert load_pack(folder).title == "Calls for trainees"
    assert not check(folder, NOW).problems
    assert workshop.look_at(folder) == There("Calls for trainees", 1)
    if os.name == "posix":
        umask = os.umask(0)
        os.umask(umask)
        assert (folder / "pack.yaml").stat().st_mode & 0o777 == 0o666 & ~umask, "the user's own file like any other"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("scenarios: [one, two]\n", f"scenarios: [one, two, {NAME}]\n"),
        ("scenarios: [one,\n  two,]  # both\n", f"scenarios: [one,\n  two, {NAME},]  # both\n"),
        ("scenarios:\n- one\n- two  # the second\n", f"scenarios:\n- one\n- two  # the second\n- {NAME}\n"),
        ("scenarios:\n    - one\n    - two", f"scenarios:\n    - one\n    - two\n    - {NAME}\n"),
        ("scenarios:\n  - one\n  - two\n# end\n", f"scenarios:\n  - one\n  - two\n  - {NAME}\n# end\n"),
        ("scenarios: one\n", f"scenarios: [one, {NAME}]\n"),
    ],
)
def test_a_pack_gets_one_more_and_keeps_its_look(
    workshop: FolderWorkshop, tmp_path: Path, listed: str, expected: str
) -> None:
    begin = "# My pack.\n" + PACK.partition("scenarios:")[0]
    files = pack_files(pack=begin + listed)
    if "two" not in listed:
        del files["two.yaml"]
    write_folder(tmp_path / "mine", files)
    made = kept(workshop, tmp_path / "mine")
    assert made.problems == ()
    after = everything(tmp_path / "mine")
    assert after.pop("pack.yaml").decode() == begin + expected
    assert after.pop(f"{NAME}.yaml")
    assert after == {name: raw for name, raw in files.items() if name != "pack.yaml"}
    assert [s.id for s in load_pack(tmp_path / "mine").scenarios][-1] == NAME


def test_line_ends_and_the_mark_of_another_system_stay(workshop: FolderWorkshop, tmp_path: Path) -> None:
    text = "\ufeff" + PACK.replace("scenarios: [one, two]", "scenarios:\n  - one\n  - two").replace("\n", "\r\n")
    write_folder(tmp_path / "mine", pack_files(pack=text))
    kept(workshop, tmp_path / "mine")
    raw = (tmp_path / "mine" / "pack.yaml").read_bytes()
    assert raw == f"{text}  - {NAME}\r\n".encode()


def test_nothing_is_replaced_without_asking(workshop: FolderWorkshop, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    kept(workshop, folder)
    before = everything(folder)
    assert workshop.plan(folder, answers(workshop)).taken
    with pytest.raises(UsageError, match="There is a scenario “your-train-is-cancelled”"):
        kept(workshop, folder, pushback="slot")
    assert everything(folder) == before
    kept(workshop, folder, pushback="slot", replaces=True)
    after = everything(folder)
    assert after["pack.yaml"] == before["pack.yaml"] and after[f"{NAME}.yaml"] != before[f"{NAME}.yaml"]
    assert workshop.free_name(folder, NAME) == f"{NAME}-2"
    assert kept(workshop, folder, f"{NAME}-2").problems == ()
    assert len(load_pack(folder).scenarios) == 2


def test_a_file_that_the_pack_does_not_name_is_no_free_place_either(workshop: FolderWorkshop, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, pack_files(**{NAME: "notes: mine\n"}))
    assert workshop.plan(folder, answers(workshop)).taken and workshop.free_name(folder, NAME) == f"{NAME}-2"
    with pytest.raises(UsageError):
        kept(workshop, folder)
    assert (folder / f"{NAME}.yaml").read_text() == "notes: mine\n"


def test_the_id_of_another_file_is_taken(workshop: FolderWorkshop, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, pack_files(one=SCENARIO.replace("id: one", f"id: {NAME}")))
    assert workshop.plan(folder, answers(workshop)).taken
    before = everything(folder)
    for replaces in (False, True):
        with pytest.raises(UsageError):
            kept(workshop, folder, replaces=replaces)
    assert everything(folder) == before


def test_a_folder_with_other_things_in_it_keeps_them(workshop: FolderWorkshop, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    assert kept(workshop, tmp_path / ".").problems == ()
    assert {"letter.txt", "pack.yaml", f"{NAME}.yaml"} <= set(everything_of(tmp_path))
    other = tmp_path / "other"
    other.mkdir()
    (other / f"{NAME}.yaml").write_text("notes: mine\n")
    with pytest.raises(UsageError, match="There is a file"):
        kept(workshop, other)
    assert everything(other) == {f"{NAME}.yaml": b"notes: mine\n"}


def everything_of(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("kind", ["new", "there", "pack"])
def test_a_disk_that_refuses_leaves_all_as_it_was(
    workshop: FolderWorkshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    folder = tmp_path / "mine"
    if kind == "there":
        folder.mkdir()
    elif kind == "pack":
        write_folder(folder, pack_files())
    before = everything(folder) if folder.exists() else None
    write = pack_writer.write_public

    def full(path: Path, data: bytes) -> None:
        if path.name == "pack.yaml":
            raise BowoutError("The disk is full.")
        write(path, data)

    monkeypatch.setattr(pack_writer, "write_public", full)
    with pytest.raises(BowoutError, match="full"):
        kept(workshop, folder)
    assert (everything(folder) if folder.exists() else None) == before
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("home", "mine")] == []


def test_a_replaced_scenario_comes_back_if_the_rest_can_not_be_written(
    workshop: FolderWorkshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, pack_files(**{NAME: "notes: mine\n"}))
    before = everything(folder)
    write = pack_writer.write_public
    refused = []

    def full(path: Path, data: bytes) -> None:
        if path.name == "pack.yaml":
            refused.append(path)
            raise BowoutError("The disk is full.")
        write(path, data)

    monkeypatch.setattr(pack_writer, "write_public", full)
    with pytest.raises(BowoutError):
        kept(workshop, folder, replaces=True)
    assert refused and everything(folder) == before


def test_a_pack_that_can_not_be_read_is_left_alone(workshop: FolderWorkshop, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_folder(folder, pack_files(one=SCENARIO.replace("channel: phone", "channel: fone")))
    before = everything(folder)
    for attempt in (lambda: workshop.look_at(folder), lambda: kept(workshop, folder)):
        with pytest.raises(InputError, match="fone"):
            attempt()
    assert everything(folder) == before
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        workshop.look_at(tmp_path / "file")


def test_it_takes_no_id_of_the_programs_own_packs(workshop: FolderWorkshop, tmp_path: Path) -> None:
    assert kept(workshop, tmp_path / "repair").pack == "my-repair"


def test_installing_makes_it_ready_to_be_practised(workshop: FolderWorkshop, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    kept(workshop, folder)
    assert workshop.lost_by_installing(folder) == []
    assert workshop.install(folder, NAME) == f"mine/{NAME}"
    assert [path.name for path in pack_store.installed(pack_store.folder())] == ["mine.bowpack"]
    other = tmp_path / "elsewhere" / "mine"
    kept(workshop, other, "another", situation="Another")
    assert workshop.lost_by_installing(other) == ["Your train is cancelled"]
    kept(workshop, folder, "a-second", situation="A second")
    assert workshop.lost_by_installing(folder) == [], "it is the same pack, and has grown"
    pack_file = folder / "pack.yaml"
    pack_file.write_text(pack_file.read_text().replace("id: mine", "id: essentials"))
    with pytest.raises(UsageError, match="of its own"):
        workshop.install(folder, NAME)


def test_a_draft_can_be_listened_to_and_writes_nothing(workshop: FolderWorkshop, tmp_path: Path) -> None:
    scenario = workshop.draft(answers(workshop, template="gatekeeper"))
    assert scenario.start == "desk" and everything_of(tmp_path) == ["home"]


def test_a_home_that_is_nobodys_is_said(workshop: FolderWorkshop) -> None:
    with pytest.raises(UsageError, match="no home folder"):
        workshop.place("~nobody-of-that-name/packs")
    assert workshop.place("~") == Path.home() and workshop.suggested.is_absolute()
