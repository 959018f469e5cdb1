"""Lines rendered ahead: in order, once each, kept on disk, and never in anybody's way."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bowout
from bowout.errors import BowoutError
from bowout.ports import Cancelled, Clip, Voice, VoiceInfo
from bowout.speech.voices import VoiceCache, VoiceLadder
from bowout.speech.voices.cache import MEMORY_BYTES, Line
from bowout.speech.voices.shelf import SUFFIX, Shelf
from conftest import has_program, need


class Slow:
    """A voice whose lines come when the test lets them."""

    def __init__(self, engine: str = "slow", *, gated: bool = False, size: int = 1000) -> None:
        self.engine = engine
        self.said: list[str] = []
        self.threads: set[int] = set()
        self.gate = threading.Semaphore(0 if gated else 1_000_000)
        self.fails: Exception | None = None
        self.closed = False
        self.size = size

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        self.said.append(text)
        self.threads.add(threading.get_ident())
        while not self.gate.acquire(timeout=0.02):
            if self.closed:
                raise BowoutError("closed")
        if self.fails:
            raise self.fails
        made = f"{self.engine}/{voice}/{words_per_minute}/{text}/".encode() * self.size
        return Clip(made[: self.size * 2], 16_000)

    def voices(self) -> list[VoiceInfo]:
        return []

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "voices"


@pytest.fixture
def cached() -> Iterator[Callable[..., VoiceCache]]:
    made: list[VoiceCache] = []

    def make(voice: Voice, folder: Path | None = None, **options: object) -> VoiceCache:
        made.append(VoiceCache(voice, folder, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for cache in made:
        cache.close()


Cached = Callable[..., VoiceCache]


class TestRenderingAhead:
    def test_each_line_once_and_in_order(self, cached: Cached, slow: Slow, wait_until: Callable[..., None]) -> None:
        cache = cached(slow)
        assert isinstance(cache, Voice)
        cache.prepare(["one", "two", "three", "two"])
        wait_until(lambda: cache.ready("three"))
        assert slow.said == ["one", "two", "three"]
        assert cache.get("two") == cache.render("two") == Clip(cache.get("two").pcm, 16_000)
        assert slow.said == ["one", "two", "three"]
        assert len(slow.threads) == 1 and threading.get_ident() not in slow.threads

    def test_a_line_asked_for_goes_first(self, cached: Cached, wait_until: Callable[..., None]) -> None:
        slow = Slow(gated=True)
        cache = cached(slow)
        cache.prepare(["a", "b", "c", "d"])
        wait_until(lambda: slow.said == ["a"])
        got: list[Clip] = []
        thread = threading.Thread(target=lambda: got.append(cache.get("d")))
        thread.start()
        wait_until(lambda: next(iter(cache._queue)).text == "d", "d to be first")
        slow.gate.release(2)
        thread.join(5)
        assert got and slow.said[:2] == ["a", "d"]
        slow.gate.release(5)
        wait_until(lambda: cache.ready("c"))
        assert slow.said == ["a", "d", "b", "c"]

    def test_many_who_wait_for_one_line_get_one_rendering(self, cached: Cached) -> None:
        slow = Slow(gated=True)
        cache = cached(slow)
        got: list[Clip] = []
        threads = [threading.Thread(target=lambda: got.append(cache.get("same"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        slow.gate.release(1)
        for thread in threads:
            thread.join(5)
        assert len(got) == 8 and len({clip.pcm for clip in got}) == 1 and slow.said == ["same"]

    def test_forget_drops_only_what_nobody_waits_for(self, cached: Cached, wait_until: Callable[..., None]) -> None:
        slow = Slow(gated=True)
        cache = cached(slow)
        cache.prepare(["a", "b", "c"])
        wait_until(lambda: slow.said == ["a"])
        got: list[Clip] = []
        thread = threading.Thread(target=lambda: got.append(cache.get("c")))
        thread.start()
        wait_until(lambda: any(job.wanted for job in cache._queue.values()))
        cache.forget()
        slow.gate.release(10)
        thread.join(5)
        assert got and slow.said == ["a", "c"]

    def test_voice_pace_and_engine_tell_lines_apart(self, cached: Cached, slow: Slow) -> None:
        cache = cached(slow, default_voice="eve", default_words_per_minute=150)
        clips = {cache.get("x").pcm, cache.get("x", voice="bob").pcm, cache.get("x", words_per_minute=200).pcm}
        assert len(clips) == 3
        assert cache.get("x", voice="eve", words_per_minute=150).pcm == cache.get("x").pcm
        slow.engine = "other"
        assert cache.get("x").pcm.startswith(b"other/eve/150/x")

    def test_memory_is_bounded(self, cached: Cached) -> None:
        slow = Slow(size=1_000_000)
        cache = cached(slow)
        for n in range(12):
            cache.get(str(n))
        assert sum(len(clip.pcm) for clip in cache._memory.values()) == cache._held <= MEMORY_BYTES
        assert cache.ready("11") and not cache.ready("0")


class TestFailures:
    def test_an_error_reaches_who_asks_and_is_tried_again(
        self, cached: Cached, slow: Slow, wait_until: Callable[..., None]
    ) -> None:
        cache = cached(slow)
        slow.fails = BowoutError("No voice.")
        cache.prepare(["x"])
        wait_until(lambda: cache.failures == {"x": "No voice."})
        with pytest.raises(BowoutError, match="No voice"):
            cache.get("x")
        slow.fails = None
        assert cache.get("x").pcm and cache.failures == {}

    def test_a_bug_in_an_engine_does_not_end_the_thread(self, cached: Cached, slow: Slow) -> None:
        cache = cached(slow)
        slow.fails = ZeroDivisionError()
        with pytest.raises(ZeroDivisionError):
            cache.get("x")
        slow.fails = None
        assert cache.get("x").pcm

    def test_stop_is_honoured(self, cached: Cached) -> None:
        cache = cached(Slow(gated=True))
        stop = threading.Event()
        threading.Timer(0.2, stop.set).start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            cache.get("x", stop=stop)
        assert time.monotonic() - began < 0.6

    def test_close_releases_everybody(self, cached: Cached, wait_until: Callable[..., None]) -> None:
        slow = Slow(gated=True)
        cache = cached(slow)
        errors: list[BowoutError] = []

        def ask(text: str) -> None:
            try:
                cache.get(text)
            except BowoutError as error:
                errors.append(error)

        threads = [threading.Thread(target=ask, args=(text,)) for text in "abc"]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(cache._queue) == 2)
        cache.close()
        for thread in threads:
            thread.join(5)
        assert len(errors) == 3 and slow.closed
        with pytest.raises(BowoutError, match="closed"):
            cache.get("d")
        with pytest.raises(BowoutError, match="closed"):
            cache.prepare(["d"])
        cache.close()

    def test_silence_is_not_kept(self, cached: Cached, folder: Path) -> None:
        cache = cached(VoiceLadder("silent"), folder)
        assert cache.get("Hello").pcm == b"" and cache.engine == "silent"
        assert not folder.exists()

    @pytest.mark.parametrize("voice", [VoiceLadder("silent"), Slow(size=0)], ids=["silent", "no words"])
    def test_silence_once_rendered_is_waited_for_no_more(
        self, cached: Cached, voice: Voice, wait_until: Callable[..., None]
    ) -> None:
        """Else each line of a call without a voice would be given up only after half a minute."""
        cache = cached(voice)
        assert not cache.ready("…")
        cache.prepare(["…"])
        wait_until(lambda: cache.ready("…"))
        assert not cache.ready("Hello?") and cache.get("…").pcm == b""


class TestOnDisk:
    def test_outlives_the_program(self, cached: Cached, folder: Path) -> None:
        first = cached(Slow(), folder).get("Good morning.", voice="v", words_per_minute=170)
        later = Slow()
        assert cached(later, folder).get("Good morning.", voice="v", words_per_minute=170) == first
        assert later.said == []

    def test_private_and_wordless(self, cached: Cached, folder: Path) -> None:
        cached(Slow(), folder).get("Secret words")
        (file,) = folder.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700 and stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stem == Line("Secret words").key("slow") and "ecret" not in file.name

    @pytest.mark.parametrize("damage", ["cut", "flip", "empty", "head", "rate", "nothing"])
    def test_a_damaged_file_is_made_again(self, cached: Cached, folder: Path, damage: str) -> None:
        good = cached(Slow(), folder).get("x")
        (file,) = folder.iterdir()
        data = file.read_bytes()
        file.write_bytes(
            {
                "cut": data[:-10],
                "flip": data[:-1] + bytes([data[-1] ^ 1]),
                "empty": b"",
                "head": b"{" + data,
                "rate": data.replace(b"16000", b"00000"),
                "nothing": data.partition(b"\n")[0] + b"\n",
            }[damage]
        )
        slow = Slow()
        assert cached(slow, folder).get("x") == good
        assert slow.said == ["x"] and file.read_bytes() == data

    def test_bounded_and_the_oldest_go(self, folder: Path) -> None:
        shelf = Shelf(folder, limit_bytes=10_500)
        clip = Clip(b"ab" * 1500, 16_000)
        for n in range(3):
            shelf.write(f"{n}", clip)
            time.sleep(0.01)
        assert shelf.read("0") == clip  # now the youngest
        time.sleep(0.01)
        shelf.write("3", clip)
        assert {path.stem for path in folder.iterdir()} == {"0", "2", "3"}

    def test_temporary_files_of_a_killed_program_go(self, folder: Path) -> None:
        shelf = Shelf(folder, limit_bytes=10_000)
        shelf.write("a", Clip(b"ab", 16_000))
        old, new = folder / "old.tmp", folder / "new.tmp"
        old.touch()
        new.touch()
        os.utime(old, (1, 1))
        shelf.write("b", Clip(b"ab", 16_000))
        assert not old.exists() and new.exists()

    def test_a_folder_that_cannot_be_used_is_no_matter(self, cached: Cached, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        cache = cached(Slow(), tmp_path / "file" / "voices")
        assert cache.get("x").pcm and cache.get("x").pcm

    def test_several_programs_at_once(self, folder: Path) -> None:
        script = (
            "import sys; from pathlib import Path\n"
            "from bowout.ports import Clip; from bowout.speech.voices.shelf import Shelf\n"
            "shelf = Shelf(Path(sys.argv[1]), 40_000)\n"
            "for n in range(300):\n"
            "    clip = Clip(bytes([n % 7]) * 4000, 16000)\n"
            "    got = shelf.read(str(n % 7)); assert got in (None, clip), got\n"
            "    shelf.write(str(n % 7), clip)\n"
        )
        env = {**os.environ, "PYTHONPATH": str(Path(bowout.__file__).parents[1])}
        running = [subprocess.Popen([sys.executable, "-c", script, str(folder)], env=env) for _ in range(3)]
        assert [child.wait(60) for child in running] == [0, 0, 0]
        assert {path.suffix for path in folder.iterdir()} == {SUFFIX}


@pytest.mark.voice
def test_real_lines_are_ready_at_once(cached: Cached, folder: Path, wait_until: Callable[..., None]) -> None:
    need("espeak-ng", has_program("espeak-ng"))
    lines = [f"This is line number {n} of the recruiter." for n in range(5)]
    cache = cached(VoiceLadder("system"), folder)
    cache.prepare(lines, voice="en-us+f3")
    wait_until(lambda: all(cache.ready(line, voice="en-us+f3") for line in lines))
    again = cached(VoiceLadder("system"), folder)
    began = time.monotonic()
    clips = [again.get(line, voice="en-us+f3") for line in lines]
    assert time.monotonic() - began < 0.5 and all(clip.seconds > 1 for clip in clips)
    assert again.engine == "system"
