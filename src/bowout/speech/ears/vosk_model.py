"""A Vosk model folder: is it whole, and a twin of it in which Vosk's own end-of-turn rules and its own noise are
switched off.

Vosk reads its endpoint rules from ``conf/model.conf`` only and how much noise it adds from ``conf/mfcc.conf`` (0.3.45
has no call for either), so the twin has a ``conf`` of its own and links to everything else. It lies in the cache folder
and can be made again at any time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bowout.errors import MissingPart
from bowout.paths import cache_dir, private_dir

GRAPHS = (("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int"), ("graph/HCLG.fst", "graph/words.txt"))
"""Either of these: a graph composed while decoding (the small models), or one big one."""
REQUIRED = (
    "am/final.mdl",
    "conf/model.conf",
    "conf/mfcc.conf",
    "graph/phones/word_boundary.int",
    "ivector/final.ie",
    "ivector/final.dubm",
    "ivector/final.mat",
    "ivector/global_cmvn.stats",
    "ivector/online_cmvn.conf",
    "ivector/splice.conf",
)
"""Vosk itself notices some of these only while decoding, or never (times degrade)."""
FIX = "Fetch it again with: bowout model install"

NEVER_END = (
    "--endpoint.rule1.min-trailing-silence=60",
    "--endpoint.rule2.min-trailing-silence=30",
    "--endpoint.rule3.min-trailing-silence=30",
    "--endpoint.rule4.min-trailing-silence=30",
    "--endpoint.rule5.min-utterance-length=600",
)
"""Longer, in seconds, than the longest pause and the longest turn."""


def missing_files(folder: Path) -> list[str]:
    """Files of a Vosk model that ``folder`` lacks or has empty; nothing if it is whole."""
    wanted = list(REQUIRED)
    wanted += min(GRAPHS, key=lambda graph: sum(not _there(folder / name) for name in graph))
    return [name for name in wanted if not _there(folder / name)]


def check(folder: Path) -> None:
    """Raise ``MissingPart`` unless ``folder`` holds a whole model."""
    if not folder.is_dir():
        raise MissingPart(f"There is no Vosk model at {folder}.", FIX)
    missing = missing_files(folder)
    if missing:
        raise MissingPart(f"The Vosk model at {folder} is not whole: {', '.join(missing[:3])} missing or empty.", FIX)


def never_ending(conf: str) -> str:
    """``model.conf`` with the endpoint rules replaced by ones that never fire in a turn."""
    kept = [line for line in conf.splitlines() if line.strip() and not line.lstrip().startswith("--endpoint.rule")]
    return "\n".join([*kept, *NEVER_END]) + "\n"


def undithered(conf: str) -> str:
    """``mfcc.conf`` without the noise that Kaldi adds to every sample. It is another one each time, and the words of
    the same recording with it; ``VoskEar`` adds one that is always the same."""
    kept = [line for line in conf.splitlines() if line.strip() and not line.lstrip().startswith("--dither")]
    return "\n".join([*kept, "--dither=0"]) + "\n"


def overlay(folder: Path) -> Path:
    """The twin of a whole model, made if need be. Raises ``OSError`` if the cache folder can't be written."""
    changed = {
        name: change((folder / "conf" / name).read_text("utf-8", "replace"))
        for name, change in (("model.conf", never_ending), ("mfcc.conf", undithered))
    }
    stamp = "\n".join([str(folder.resolve()), *changed.values(), *(_signature(folder, n) for n in REQUIRED)])
    twin = cache_dir() / "vosk" / hashlib.sha256(stamp.encode()).hexdigest()[:16]
    if not missing_files(twin):
        return twin
    private_dir(twin.parent)
    made = Path(tempfile.mkdtemp(prefix="new-", dir=twin.parent))
    try:
        for part in sorted(folder.iterdir()):
            if part.is_dir() and part.name != "conf":
                _link_folder(part.resolve(), made / part.name)
        shutil.copytree(folder / "conf", made / "conf")
        for name, conf in changed.items():
            (made / "conf" / name).write_text(conf, "utf-8")
        if twin.is_symlink() or twin.exists():  # links into a model that was moved away
            shutil.rmtree(twin)
        made.replace(twin)
    except OSError:
        if missing_files(twin):  # else somebody else made it meanwhile
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return twin


def native_path(folder: Path) -> str:
    """The path as libvosk can open it: on Windows it reads bytes in the local code page, so no letters beyond ASCII."""
    path = str(folder)
    if path.isascii() or sys.platform != "win32":
        return path
    import ctypes

    buffer = ctypes.create_unicode_buffer(1024)
    length = ctypes.windll.kernel32.GetShortPathNameW(path, buffer, len(buffer))
    if 0 < length < len(buffer) and buffer.value.isascii():
        return buffer.value
    raise MissingPart(
        f"Vosk can't open {path}: its name has letters beyond ASCII.",
        "Set BOWOUT_DATA_DIR and BOWOUT_CACHE_DIR to folders with plain names, such as C:\\bowout.",
    )


def _there(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _signature(folder: Path, name: str) -> str:
    facts = (folder / name).stat()
    return f"{name} {facts.st_size} {facts.st_mtime_ns}"


def _link_folder(source: Path, target: Path) -> None:
    """A symbolic link; where that is not allowed (Windows), hard links; across drives, copies."""
    try:
        target.symlink_to(source, target_is_directory=True)
    except OSError:
        shutil.copytree(source, target, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    _first_that_works(os.link, shutil.copy2)(source, target)


def _first_that_works(*ways: Callable[[str, str], object]) -> Callable[[str, str], None]:
    def run(source: str, target: str) -> None:
        for way in ways[:-1]:
            try:
                way(source, target)
                return
            except OSError:
                continue
        ways[-1](source, target)

    return run


__all__ = ["check", "missing_files", "native_path", "never_ending", "overlay", "undithered"]
