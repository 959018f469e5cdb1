"""Scenarios as JSON, so that they open without YAML: what a dataclass holds, and the dataclass again.

It follows the types of the fields, so a field that is added is kept without a word here. What does not fit the types
is refused: a file that was damaged is made again, and never half believed.
"""

from __future__ import annotations

import functools
import hashlib
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import time
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class Misfit(ValueError):
    """The JSON is not what the type wants."""


def to_json(value: Any) -> Any:
    """A dataclass, and what can be in it, as JSON values. Fields that hold their default are left out."""
    if is_dataclass(value):
        return {
            field.name: to_json(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != field.default
        }
    if isinstance(value, Mapping):
        return {key: to_json(entry) for key, entry in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    if isinstance(value, (tuple, list)):
        return [to_json(entry) for entry in value]
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass ``kind`` out of JSON values. Raises ``Misfit``."""
    made: T = _make(kind, value)
    return made


@functools.cache
def fingerprint(kind: type) -> str:
    """Changes whenever a field of ``kind``, or of a dataclass in it, does."""
    seen: dict[str, str] = {}
    waiting = [kind]
    while waiting:
        here = waiting.pop()
        if here.__name__ in seen:
            continue
        hints = _hints(here)
        told = [
            (field.name, str(hints[field.name]), None if field.default is MISSING else field.default)
            for field in fields(here)
        ]
        seen[here.__name__] = repr(told)
        waiting += [inner for hint in hints.values() for inner in _classes(hint)]
    return hashlib.sha256(repr(sorted(seen.items())).encode()).hexdigest()[:16]


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _classes(hint: Any) -> list[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        return [hint]
    return [inner for argument in get_args(hint) for inner in _classes(argument)]


def _make(hint: Any, value: Any) -> Any:
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint, value)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _if(value in inner, value, hint)
    if origin in (Union, types.UnionType):
        return None if value is None else _make(next(kind for kind in inner if kind is not type(None)), value)
    if origin is tuple:
        _if(isinstance(value, list), value, hint)
        if inner[-1] is Ellipsis:
            return tuple(_make(inner[0], entry) for entry in value)
        _if(len(value) == len(inner), value, hint)
        return tuple(_make(kind, entry) for kind, entry in zip(inner, value, strict=True))
    if origin is frozenset:
        return frozenset(_make(inner[0], entry) for entry in _if(isinstance(value, list), value, hint))
    if origin is not None and issubclass(origin, Mapping):
        _if(isinstance(value, dict), value, hint)
        return {key: _make(inner[1], entry) for key, entry in value.items()}
    if hint is time:
        return _time(value)
    if hint is float:
        return float(_if(isinstance(value, (int, float)) and not isinstance(value, bool), value, hint))
    return _if(type(value) is hint, value, hint)


def _dataclass(kind: type, value: Any) -> Any:
    hints = _hints(kind)
    _if(isinstance(value, dict) and value.keys() <= hints.keys(), value, kind)
    try:
        return kind(**{name: _make(hints[name], entry) for name, entry in value.items()})
    except TypeError as error:
        raise Misfit(f"{kind.__name__} is not complete") from error


def _time(value: Any) -> time:
    try:
        return time.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Misfit("no time of day") from error


def _if(fits: bool, value: Any, hint: Any) -> Any:
    if not fits:
        raise Misfit(f"{str(value)[:40]!r} is no {hint}")
    return value


__all__ = ["Misfit", "fingerprint", "from_json", "to_json"]
