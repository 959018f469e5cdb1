"""Where the user's files live. Nothing is created here: whoever writes makes the folder, user-only.

``BOWOUT_DATA_DIR``, ``BOWOUT_CONFIG_DIR`` and ``BOWOUT_CACHE_DIR`` override the platform's places.
"""

from __future__ import annotations

import os
from pathlib import Path


def _place(variable: str, kind: str) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_path")("bowout", appauthor=False))


def data_dir() -> Path:
    """Recordings, transcripts, marks, downloaded models."""
    return _place("BOWOUT_DATA_DIR", "data")


def config_dir() -> Path:
    """``settings.toml``."""
    return _place("BOWOUT_CONFIG_DIR", "config")


def cache_dir() -> Path:
    """What can be made again: rendered lines, model overlays."""
    return _place("BOWOUT_CACHE_DIR", "cache")


def log_path() -> Path:
    """Where native libraries' messages go while the trainer draws on the terminal."""
    return cache_dir() / "native.log"


def checkout_root() -> Path | None:
    """The project folder when running from a clone, else ``None``."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "scenarios").is_dir() else None


def resource(name: str) -> Path:
    """A folder or file that ships with the program: the installed package's, else the checkout's."""
    packaged = Path(__file__).resolve().parent / name
    if packaged.exists():
        return packaged
    root = checkout_root()
    if root is not None:
        for candidate in (root / name, root / "models" / name):
            if candidate.exists():
                return candidate
    return packaged


def private_dir(path: Path) -> Path:
    """Make ``path`` (and parents) if need be, readable by the user alone."""
    for folder in reversed((path, *path.parents)):
        if not folder.exists():
            folder.mkdir(exist_ok=True, mode=0o700)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path
