"""The list of speech models that can be fetched, and how to tell that one is the right one (``models.lock.toml``)."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bowout.errors import InputError
from bowout.paths import resource

SCHEMA = 1
FILE_NAME = "models.lock.toml"


@dataclass(frozen=True, slots=True)
class LockedModel:
    """One model as its makers publish it."""

    name: str
    """Name of its folder, in the vendor's archive and on disk."""
    ear: str
    """Which ear it is for."""
    language: str
    url: str
    """Where the vendor keeps the archive."""
    bytes: int
    """Size of the archive."""
    sha256: str
    """Of the archive, in lower-case hexadecimal."""
    licence: str
    about: str = ""
    default: bool = False
    """The one that is meant when none is named."""


def read_lock(path: Path | None = None) -> tuple[LockedModel, ...]:
    """All models, in the order of preference. Raises ``InputError`` if the file can't be used."""
    path = path or resource(FILE_NAME)
    try:
        document = _parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"The list of models {path} can't be read: {error}", "Install Bow Out again.") from error
    if document.get("schema") != SCHEMA:
        raise InputError(f"The list of models {path} has schema {document.get('schema')}, not {SCHEMA}.")
    return tuple(_model(path, entry) for entry in document.get("model", []))


def default_model(models: tuple[LockedModel, ...]) -> LockedModel:
    """The model that is meant when none is named."""
    return next((model for model in models if model.default), models[0])


def named(name: str, models: tuple[LockedModel, ...]) -> LockedModel | None:
    """The model of that exact name, if it is in the list."""
    return next((model for model in models if model.name == name), None)


def unknown_model(name: str, models: tuple[LockedModel, ...]) -> InputError:
    """What to say when a name is not in the list."""
    known = [model.name for model in models]
    near = get_close_matches(name, known, n=1, cutoff=0.3)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
    return InputError(f"There is no model “{name}” in the list.", hint)


def _parse(text: str) -> dict[str, Any]:
    """TOML to plain values; raises a ``ValueError``. The standard library's parser loads ten times as fast."""
    if sys.version_info >= (3, 11):
        import tomllib

        return tomllib.loads(text)
    import tomlkit

    return dict(tomlkit.parse(text).unwrap())


def _model(path: Path, entry: dict[str, Any]) -> LockedModel:
    try:
        model = LockedModel(**entry)
    except TypeError as error:
        raise InputError(f"An entry of {path} is not a model: {error}") from error
    hexadecimal = len(model.sha256) == 64 and set(model.sha256) <= set("0123456789abcdef")
    if not (hexadecimal and type(model.bytes) is int and model.bytes > 0):
        raise InputError(f"{model.name} in {path} needs a size in bytes and a sha256.")
    return model


__all__ = ["LockedModel", "default_model", "named", "read_lock", "unknown_model"]
