"""One file a pack: the same bytes from the same pack, and in its place whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from adapters.pack_files import PACK, SCENARIO, pack_files, write_folder, zip_of
from bowout.errors import BowoutError, InputError, UsageError
from bowout.storage import atomic
from bowout.storage.bowpack import MANIFEST, archive, open_bowpack, read_archive
from bowout.storage.pack_store import install, installed, open_installed, open_pack, remove
from bowout.storage.packs import Pack, PackError, load_pack


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load_pack(write_folder(tmp_path / "samples", pack_files(LICENSE="CC0", README="Hello")))


def newer(tmp_path: Path) -> Pack:
    files = pack_files(pack=PACK.replace("version: 1", "version: 2").replace("title: Samples", "title: Newer"))
    return load_pack(write_folder(tmp_path / "newer", files))


def test_built_twice_it_is_the_same(pack: Pack, tmp_path: Path) -> None:
    elsewhere = write_folder(tmp_path / "elsewhere", dict(reversed(pack_files(LICENSE="CC0").items())))
    (elsewhere / "notes.txt").write_text("not part of it", encoding="utf-8")
    for path in elsewhere.iterdir():
        os.utime(path, (1, 1))
        path.chmod(0o600)
    assert archive(load_pack(elsewhere)) == archive(pack)


def test_the_independent_writer_of_the_tests_agrees(pack: Pack) -> None:
    """Every byte of the archive is written down twice: by the program and by the tests."""
    assert archive(pack) == zip_of(pack.files)


def test_any_unzip_reads_it(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "x.bowpack"
    path.write_bytes(archive(pack))
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        listed = json.loads(opened.read(MANIFEST))
    assert names == sorted(names) and set(names) == {"LICENSE", MANIFEST, "one.yaml", "pack.yaml", "two.yaml"}
    assert (listed["id"], listed["version"], listed["title"]) == ("samples", 1, "Samples")
    assert set(listed["files"]) == set(names) - {MANIFEST}


def test_what_comes_out_is_what_went_in(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "x.bowpack"
    path.write_bytes(archive(pack))
    again = open_bowpack(path)
    assert again.scenarios == pack.scenarios and again.files == pack.files
    assert [s.pack for s in again.scenarios] == ["samples", "samples"]


def test_problems_in_an_archive_name_the_file_in_it() -> None:
    raw = zip_of(pack_files(one=SCENARIO.replace("channel: phone", "channel: pigeon")))
    with pytest.raises(PackError, match=r"x\.bowpack/one\.yaml:6:10: “channel” is “pigeon”"):
        read_archive(raw, "x.bowpack")


def test_installed_it_is_the_users_alone(pack: Pack, tmp_path: Path) -> None:
    root = tmp_path / "data" / "packs"
    path = install(pack, root)
    assert installed(root) == [path] and open_installed(path).scenarios == pack.scenarios
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(root.stat().st_mode) == 0o700


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_an_interruption_leaves_the_old_one(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    root = tmp_path / "packs"
    old = install(pack, root).read_bytes()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(*((atomic.os, "fsync") if moment == "fsync" else (Path, "replace")), interrupted)
        with pytest.raises(KeyboardInterrupt):
            install(newer(tmp_path), root)
    assert [path.name for path in root.iterdir()] == ["samples.bowpack"]
    assert (root / "samples.bowpack").read_bytes() == old
    install(newer(tmp_path), root)
    assert open_installed(root / "samples.bowpack").title == "Newer"


def test_killed_in_the_middle_it_leaves_the_old_one(pack: Pack, tmp_path: Path) -> None:
    """A process that dies without a word: what it had begun is nobody's, and is swept away later."""
    root = tmp_path / "packs"
    old = install(pack, root).read_bytes()
    newer(tmp_path)
    code = (
        "import os; from pathlib import Path; from bowout.storage.packs import load_pack\n"
        "from bowout.storage.pack_store import install\n"
        f"pack = load_pack(Path({str(tmp_path / 'newer')!r}))\n"
        "Path.replace = lambda *_: os._exit(9)\n"
        f"install(pack, Path({str(root)!r}))\n"
    )
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 9
    assert (root / "samples.bowpack").read_bytes() == old
    assert installed(root) == [root / "samples.bowpack"]
    (left,) = root.glob(".*.tmp")
    os.utime(left, (1, 1))
    install(pack, root)
    assert [path.name for path in root.iterdir()] == ["samples.bowpack"]


def test_a_full_disk_is_a_sentence(pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(BowoutError, match="The disk is full"):
        install(pack, tmp_path / "packs")
    assert not list((tmp_path / "packs").iterdir())


def test_removing_looks_up_and_never_composes(pack: Pack, tmp_path: Path) -> None:
    root = tmp_path / "packs"
    install(pack, root)
    outside = tmp_path / "mine.bowpack"
    outside.write_bytes(b"mine")
    for name in ("../mine", str(tmp_path / "mine"), "", ".", "*", "sample"):
        with pytest.raises(UsageError, match="is installed"):
            remove(name, root)
    assert outside.exists()
    remove("samples", root)
    assert not installed(root)


def test_an_archive_must_hold_what_its_name_says(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "other.bowpack"
    path.write_bytes(archive(pack))
    with pytest.raises(InputError, match=r"other\.bowpack holds the pack “samples”"):
        open_installed(path)


def test_a_pack_is_a_folder_or_a_file(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "x.bowpack"
    path.write_bytes(archive(pack))
    assert open_pack(path).scenarios == open_pack(tmp_path / "samples").scenarios
    with pytest.raises(InputError, match="can't be read"):
        open_pack(tmp_path / "nothing.bowpack")
    with pytest.raises(PackError, match=r"pack\.yaml"):
        open_pack(tmp_path)
