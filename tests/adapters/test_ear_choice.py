"""Which ear is chosen, what is said of those that are not there, and the folder Vosk is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bowout.core.transcript import Word
from bowout.errors import BowoutError, MissingPart, UsageError
from bowout.ports import Recogniser
from bowout.speech.ears import available, choose_ear, vosk_model
from bowout.speech.ears.scripted import ScriptedEar
from bowout.speech.ears.typed import TypedEar
from bowout.speech.ears.vosk import VoskEar, believed
from spoken import has_module, need

CONF = "--beam=10.0\n--endpoint.silence-phones=1:2\n--endpoint.rule2.min-trailing-silence=0.5\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that looks like a whole small model."""
    folder = tmp_path / "vosk-model-small-en-us-0.15"
    for name in (*vosk_model.REQUIRED, *vosk_model.GRAPHS[0]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(CONF if name.endswith("model.conf") else "x")
    return folder


def nowhere(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name in modules else find(name, *a))


def test_vosk_comes_first(model: Path) -> None:
    need("vosk", has_module("vosk"))
    ear = choose_ear("auto", vosk_model=model, aligner=None)
    assert ear.ear == "vosk" and ear.model == model.name and isinstance(ear, Recogniser)


def test_then_the_builtin_ear_then_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    need("the built-in ear (extra builtin-ear)", has_module("moonshine_voice") and has_module("onnxruntime"))
    assert choose_ear("auto", vosk_model=None, aligner=None).ear == "builtin"
    nowhere(monkeypatch, "moonshine_voice")
    assert choose_ear("auto", vosk_model=None, aligner=None).ear == "typed"


def test_the_one_that_was_named_must_be_there(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_ear("typed", vosk_model=model, aligner=None).ear == "typed"
    with pytest.raises(MissingPart, match="model is not here") as problem:
        choose_ear("vosk", vosk_model=None, aligner=None)
    assert "bowout model install" in problem.value.hint
    nowhere(monkeypatch, "onnxruntime")
    with pytest.raises(MissingPart) as problem:
        choose_ear("builtin", vosk_model=None, aligner=None)
    assert "builtin-ear" in problem.value.hint
    with pytest.raises(UsageError):
        choose_ear("whisper", vosk_model=None, aligner=None)


def test_verdicts_name_the_fix(model: Path) -> None:
    (model / "graph" / "Gr.fst").unlink()
    verdicts = available(model)
    assert list(verdicts) == ["vosk", "builtin", "typed"]
    assert not verdicts["vosk"].ok and verdicts["vosk"].fix
    assert verdicts["typed"].ok


def test_looking_loads_nothing() -> None:
    code = (
        "import sys; from bowout.speech.ears import available; available();"
        "print(sorted({'numpy', 'vosk', 'onnxruntime', 'moonshine_voice', 'pocketsphinx'} & set(sys.modules)))"
    )
    source = Path(__file__).resolve().parents[2] / "src"
    env = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [*vosk_model.REQUIRED, *vosk_model.GRAPHS[0]])
def test_a_model_that_is_not_whole_is_not_loaded(model: Path, name: str) -> None:
    assert vosk_model.missing_files(model) == []
    (model / name).write_bytes(b"")
    assert vosk_model.missing_files(model) == [name]
    with pytest.raises(MissingPart, match="not whole"):
        VoskEar(model).start()


def test_no_model_at_all(tmp_path: Path) -> None:
    with pytest.raises(MissingPart):
        VoskEar(tmp_path / "none").start()


def test_the_twin_never_ends_a_turn(model: Path) -> None:
    twin = vosk_model.overlay(model)
    conf = (twin / "conf" / "model.conf").read_text()
    assert "--beam=10.0" in conf and "--endpoint.silence-phones=1:2" in conf
    assert "rule2.min-trailing-silence=0.5" not in conf
    assert "--endpoint.rule5.min-utterance-length=600" in conf
    assert (model / "conf" / "model.conf").read_text() == CONF
    assert (twin / "conf" / "mfcc.conf").read_text().endswith("--dither=0\n")
    assert vosk_model.missing_files(twin) == []
    assert vosk_model.overlay(model) == twin
    assert [p.name for p in twin.parent.iterdir()] == [twin.name]


def test_the_twin_is_copied_where_links_are_not_allowed(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("not allowed")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    monkeypatch.setattr(os, "link", refuse)
    twin = vosk_model.overlay(model)
    assert vosk_model.missing_files(twin) == [] and not (twin / "am").is_symlink()


def test_a_twin_whose_model_moved_is_made_again(model: Path) -> None:
    twin = vosk_model.overlay(model)
    shutil.rmtree(twin / "conf")
    assert vosk_model.overlay(model) == twin
    assert vosk_model.missing_files(twin) == []


def test_another_model_gets_another_twin(model: Path) -> None:
    twin = vosk_model.overlay(model)
    (model / "am" / "final.mdl").write_text("longer")
    assert vosk_model.overlay(model) != twin


def test_words_where_nobody_spoke_are_not_believed() -> None:
    words = [Word("huh", 0.1, 0.2), Word("hello", 3.0, 3.4), Word("the", 8.0, 8.1), Word("a", 3.6, 3.7)]
    assert [w.text for w in believed(words, [(3.0, 3.5)])] == ["hello", "a"]
    assert believed(words, []) == []


def test_the_typed_ear_reads() -> None:
    ear = TypedEar()
    ear.start()
    with pytest.raises(BowoutError):
        ear.submit("too early")
    ear.begin_turn()
    assert ear.submit("Hello,  this is Anna.\n") == "Hello, this is Anna."
    assert ear.feed(bytes(320), voiced=True) == "Hello, this is Anna."
    ear.submit("Bye.")
    ear.settle()
    heard = ear.finish_turn()
    assert heard.text == "Hello, this is Anna. Bye." and heard.times == "none" and heard.fillers is None
    assert [(w.start, w.end) for w in heard.words] == [(n, n + 1) for n in range(5)]
    assert ear.refine(b"", heard) == heard
    ear.begin_turn()
    assert ear.finish_turn().words == ()
    ear.close()


def test_the_script_goes_on_only_when_a_line_was_heard() -> None:
    ear = ScriptedEar(["one two", "um three"])
    ear.begin_turn()
    assert ear.finish_turn().words == ()
    ear.begin_turn()
    ear.feed(bytes(32_000), voiced=True)
    ear.begin_turn()
    assert ear.feed(bytes(16_000), voiced=True) == "one"
    assert ear.finish_turn().text == "one two"
    ear.begin_turn()
    ear.feed(bytes(32_000), voiced=True)
    quick = ear.finish_turn()
    fillers = ear.refine(b"", quick).fillers
    assert quick.text == "um three" and fillers is not None and fillers[0].kind == "um"
    ear.begin_turn()
    ear.feed(bytes(32_000), voiced=True)
    assert ear.finish_turn().words == ()
