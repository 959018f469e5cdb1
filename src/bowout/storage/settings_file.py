"""``settings.toml``: read with the place of every mistake, written without touching what the user put there."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from bowout.core.settings import Settings, from_mapping
from bowout.errors import InputError
from bowout.paths import config_dir
from bowout.storage.atomic import write_atomic

HEADER = "Bow Out's settings. A line that is not here has its default."


def settings_path() -> Path:
    """Where the settings are."""
    return config_dir() / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """The user's settings; the defaults if there is no file.

    Raises:
        InputError: naming the file and the line that can't be used. The file is left as it is.
    """
    path = path or settings_path()
    text = _read(path)
    return Settings() if text is None else settings_in(text, path)


def settings_in(text: str, path: Path) -> Settings:
    """The settings in a file's text; ``path`` is what messages call it. Raises ``InputError``."""
    data = _parse(text, path).unwrap()
    for key, value in data.items():
        from_mapping({key: value}, f"{path}, line {_line_of(key, text)}")
    return from_mapping(data, str(path))


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write what differs from the defaults and what the file names already; comments and order stay.

    Raises:
        InputError: the file that is there is broken: it is never overwritten.
        BowoutError: it can't be written; the old one stands.
    """
    path = path or settings_path()
    text = _read(path)
    if text is None:
        document = tomlkit.document()
        document.add(tomlkit.comment(HEADER))
    else:
        load_settings(path)
        document = _parse(text, path)
    defaults = asdict(Settings())
    for key, value in asdict(settings).items():
        if key in document:
            if document[key] != value:
                document[key] = value
        elif value != defaults[key]:
            document.add(key, tomlkit.item(value))
    written = tomlkit.dumps(document)
    if written != text:
        write_atomic(path, written.encode("utf-8"))


def _read(path: Path) -> str | None:
    """The file's text with its own line ends, ``None`` if there is no file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: this is not UTF-8 text.", "Save the file as UTF-8.") from error


def _parse(text: str, path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        why = re.sub(r" at line \d+ col \d+$", "", str(error)).rstrip(".")
        twice = "already exists" in why  # noticed too late, or without a line
        line = error.line if isinstance(error, ParseError) and not twice else _first_bad_line(text)
        why = why.replace(r"Unexpected character: '\n'", "the line ends too early")
        raise InputError(f"{path}, line {line}: {why}.", "Correct the line, or delete the file.") from error


def _first_bad_line(text: str) -> int:
    """The line up to which the text can't be read any more."""
    lines = text.splitlines(keepends=True)
    for number in range(1, len(lines)):
        try:
            tomlkit.parse("".join(lines[:number]))
        except TOMLKitError:
            return number
    return len(lines)


def _line_of(key: str, text: str) -> int:
    """The line on which a key (or a table) of that name begins."""
    begins = re.compile(rf"""\s*(\[\s*)?["']?{re.escape(key)}["']?\s*(=|\]|\.)""")
    return next((n for n, line in enumerate(text.splitlines(), start=1) if begins.match(line)), 1)
