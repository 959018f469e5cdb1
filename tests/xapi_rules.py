"""What xAPI 1.0.3 demands of a statement from whoever makes it, as a checker that says what is wrong.

Written after “Experience API, part two: data” (Advanced Distributed Learning, version 1.0.3); the section of each rule
stands in the words of its complaint. What a store must refuse is checked, and so is what a provider should do where a
store may refuse it: additional properties, empty objects, a missing ``display``.
"""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

_STATEMENT = {
    "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version", "attachments",
}  # fmt: skip
_IFI = ("mbox", "mbox_sha1sum", "openid", "account")
_INTERACTIONS = {
    "true-false": (), "choice": ("choices",), "fill-in": (), "long-fill-in": (), "matching": ("source", "target"),
    "performance": ("steps",), "sequencing": ("choices",), "likert": ("scale",), "numeric": (), "other": (),
}  # fmt: skip
_COMPONENTS = {"choices", "scale", "source", "target", "steps"}
_VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_CMI = "http://adlnet.gov/expapi/activities/cmi.interaction"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s<>\"{}|\\^`\x00-\x20\x7f%]|%[0-9A-Fa-f]{2})+")
_IRL = re.compile(r"(?:https?|ftp)://[^/?#\s]+(?:[/?#].*)?", re.IGNORECASE)
_MAIL = re.compile(r"mailto:(?:[A-Za-z0-9!$&'*+./=?^_`~-]|%[0-9A-Fa-f]{2})+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
_TAG = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-[A-Za-z0-9]{5,8})*"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = r"\d+(?:[.,]\d+)?"
_DURATION = re.compile(
    rf"P(?:{_NUMBER}W|(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d{{1,2}})?S)?)?)"
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def problems(statement: object, now: datetime | None = None) -> list[str]:
    """Everything that is wrong with a statement, each with where it is; empty if a store accepts it.

    Args:
        now: with it, a ``timestamp`` after it is wrong, too.
    """
    return list(_statement(statement, "statement", now))


def _statement(value: object, at: str, now: datetime | None, *, sub: bool = False) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.2: is no object"
        return
    yield from _empty(value, at)
    yield from _only(value, at, _STATEMENT | ({"objectType"} if sub else set()))
    for key in ("actor", "verb", "object"):
        if key not in value:
            yield f"{at}: 2.2: has no {key}"
    if sub:
        for key in ("id", "stored", "version", "authority"):
            if key in value:
                yield f"{at}: 2.4.4.3: a SubStatement has no {key}"
    rules: dict[str, Callable[[object, str], Iterator[str]]] = {
        "id": _uuid, "actor": _person, "verb": _verb, "result": _result, "authority": _person, "timestamp": _stamp,
        "stored": _stamp,
    }  # fmt: skip
    for key, rule in rules.items():
        if key in value:
            yield from rule(value[key], f"{at}.{key}")
    if "object" in value:
        yield from _object(value["object"], f"{at}.object", nested=sub)
    if "context" in value:
        yield from _context(value["context"], f"{at}.context", _kind(value.get("object")))
    if "version" in value and value["version"] != "1.0.0":
        yield f"{at}.version: 2.4.10: a provider sets 1.0.0 or nothing"
    if "attachments" in value:
        yield from _attachments(value["attachments"], f"{at}.attachments")
    verb, kind = value.get("verb"), _kind(value.get("object"))
    if isinstance(verb, Mapping) and verb.get("id") == _VOIDED and kind != "StatementRef":
        yield f"{at}.object: 2.3.2: what is voided is a StatementRef"
    stamp = value.get("timestamp")
    if now is not None and not list(_stamp(stamp, "")) and datetime.fromisoformat(stamp.replace("Z", "+00:00")) > now:
        yield f"{at}.timestamp: 2.4.7: lies in the future"


# What is everywhere.


def _empty(value: object, at: str) -> Iterator[str]:
    """No null and no empty object, but within extensions."""
    if value is None:
        yield f"{at}: 2.2: is null"
    elif isinstance(value, Mapping):
        if not value:
            yield f"{at}: 2.2: is an empty object"
        for key, each in value.items():
            if key != "extensions":
                yield from _empty(each, f"{at}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _empty(each, f"{at}[{number}]")


def _only(value: Mapping[str, Any], at: str, known: set[str]) -> Iterator[str]:
    for key in value.keys() - known:
        yield f"{at}: 2.2: “{key}” is not allowed"


def _string(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{at}: 2.2: is no string"


def _flag(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{at}: 2.2: is no boolean"


def _iri(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, str) or not _IRI.fullmatch(value):
        yield f"{at}: 4.3: is no IRI with a scheme"


def _irl(value: object, at: str) -> Iterator[str]:
    yield from _iri(value, at)
    if not isinstance(value, str) or not _IRL.fullmatch(value):
        yield f"{at}: 2.4.2.4: is no IRL"


def _uuid(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, str) or not _UUID.fullmatch(value) or uuid.UUID(value).variant != uuid.RFC_4122:
        yield f"{at}: 4.4: is no UUID in standard form"


def _stamp(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, str) or not _STAMP.fullmatch(value):
        yield f"{at}: 4.5: is no moment of RFC 3339"
        return
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", value).replace("Z", "+00:00"))
    except ValueError:
        yield f"{at}: 4.5: is no moment that there is"


def _languages(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 4.2: is no language map"
        return
    for key, each in value.items():
        if not _TAG.fullmatch(key):
            yield f"{at}: 4.2: “{key}” is no language tag"
        yield from _string(each, f"{at}.{key}")


def _extensions(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 4.1: is no object"
        return
    for key in value:
        yield from _iri(key, f"{at}.{key}")


# Who.


def _person(value: object, at: str) -> Iterator[str]:
    """An Agent or a Group."""
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.2: is no object"
        return
    kind = value.get("objectType", "Agent")
    if kind not in ("Agent", "Group"):
        yield f"{at}: 2.4.2: is neither Agent nor Group"
        return
    yield from _only(value, at, {"objectType", "name", *_IFI} | ({"member"} if kind == "Group" else set()))
    if "name" in value:
        yield from _string(value["name"], f"{at}.name")
    identifiers = [key for key in _IFI if key in value]
    if len(identifiers) > 1 or (kind == "Agent" and not identifiers):
        yield f"{at}: 2.4.2.3: has {len(identifiers)} inverse functional identifiers"
    if kind == "Group" and not identifiers and not value.get("member"):
        yield f"{at}: 2.4.2.2: an anonymous group has members"
    for number, each in enumerate(value.get("member", ())):
        if isinstance(each, Mapping) and each.get("objectType") == "Group":
            yield f"{at}.member[{number}]: 2.4.2.2: is a Group"
        else:
            yield from _person(each, f"{at}.member[{number}]")
    for key in identifiers:
        yield from _identifier(key, value[key], f"{at}.{key}")


def _identifier(key: str, value: object, at: str) -> Iterator[str]:
    if key == "mbox":
        if not isinstance(value, str) or not _MAIL.fullmatch(value):
            yield f"{at}: 2.4.2.3: is no mailto IRI"
    elif key == "mbox_sha1sum":
        if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{40}", value):
            yield f"{at}: 2.4.2.3: is no SHA1 sum"
    elif key == "openid":
        yield from _iri(value, at)
    elif not isinstance(value, Mapping):
        yield f"{at}: 2.4.2.4: is no object"
    else:
        yield from _only(value, at, {"homePage", "name"})
        yield from _irl(value.get("homePage"), f"{at}.homePage")
        if not isinstance(value.get("name"), str) or not value["name"]:
            yield f"{at}.name: 2.4.2.4: is missing or empty"


# Did.


def _verb(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.3: is no object"
        return
    yield from _only(value, at, {"id", "display"})
    yield from _iri(value.get("id"), f"{at}.id")
    yield from _languages(value.get("display"), f"{at}.display")


# What.


def _kind(value: object) -> str:
    return str(value.get("objectType", "Activity")) if isinstance(value, Mapping) else ""


def _object(value: object, at: str, *, nested: bool = False) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.4: is no object"
        return
    kind = _kind(value)
    if kind == "Activity":
        yield from _activity(value, at)
    elif kind in ("Agent", "Group"):
        yield from _person(value, at)
    elif kind == "StatementRef":
        yield from _reference(value, at)
    elif kind == "SubStatement" and not nested:
        yield from _statement(value, at, None, sub=True)
    else:
        yield f"{at}: 2.4.4: “{kind}” can't be here"


def _reference(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping) or value.get("objectType") != "StatementRef":
        yield f"{at}: 2.4.4.3: is no StatementRef"
        return
    yield from _only(value, at, {"objectType", "id"})
    yield from _uuid(value.get("id"), f"{at}.id")


def _activity(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping) or _kind(value) != "Activity":
        yield f"{at}: 2.4.4.1: is no Activity"
        return
    yield from _only(value, at, {"objectType", "id", "definition"})
    yield from _iri(value.get("id"), f"{at}.id")
    if "definition" in value:
        yield from _definition(value["definition"], f"{at}.definition")


def _definition(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.4.1: is no object"
        return
    plain = {"name", "description", "type", "moreInfo", "extensions"}
    of_interaction = {"interactionType", "correctResponsesPattern", *_COMPONENTS}
    yield from _only(value, at, plain | of_interaction)
    rules: dict[str, Callable[[object, str], Iterator[str]]] = {
        "name": _languages, "description": _languages, "type": _iri, "moreInfo": _irl, "extensions": _extensions,
    }  # fmt: skip
    for key, rule in rules.items():
        if key in value:
            yield from rule(value[key], f"{at}.{key}")
    if not (of_interaction & value.keys() or value.get("type") == _CMI):
        return
    kind = value.get("interactionType")
    if kind not in _INTERACTIONS:
        yield f"{at}: 2.4.4.1: has no valid interactionType"
        return
    for key in (_COMPONENTS & value.keys()) - set(_INTERACTIONS[kind]):
        yield f"{at}: 2.4.4.1: “{kind}” has no {key}"
    for key in _COMPONENTS & value.keys():
        ids = [each.get("id") if isinstance(each, Mapping) else None for each in value[key]]
        if len(set(ids)) != len(ids) or not all(isinstance(each, str) for each in ids):
            yield f"{at}.{key}: 2.4.4.1: ids are missing or not distinct"


# With what result.


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _result(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.5: is no object"
        return
    yield from _only(value, at, {"score", "success", "completion", "response", "duration", "extensions"})
    rules: dict[str, Callable[[object, str], Iterator[str]]] = {
        "score": _score, "success": _flag, "completion": _flag, "response": _string, "extensions": _extensions,
    }  # fmt: skip
    for key, rule in rules.items():
        if key in value:
            yield from rule(value[key], f"{at}.{key}")
    if "duration" in value and not (isinstance(value["duration"], str) and _DURATION.fullmatch(value["duration"])):
        yield f"{at}.duration: 4.6: is no duration of ISO 8601, to 0.01 s"


def _score(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.5.1: is no object"
        return
    yield from _only(value, at, {"scaled", "raw", "min", "max"})
    figures = {key: each for key, each in value.items() if _number(each)}
    for key in value.keys() & {"scaled", "raw", "min", "max"} - figures.keys():
        yield f"{at}.{key}: 2.2: is no number"
    if not -1 <= figures.get("scaled", 0) <= 1:
        yield f"{at}.scaled: 2.4.5.1: is not from -1 to 1"
    low, high = figures.get("min", -math.inf), figures.get("max", math.inf)
    if low >= high:
        yield f"{at}: 2.4.5.1: min is not less than max"
    elif "raw" in figures and not low <= figures["raw"] <= high:
        yield f"{at}.raw: 2.4.5.1: is not from min to max"


# In what context.


def _context(value: object, at: str, kind: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.6: is no object"
        return
    strings = {"revision", "platform", "language"}
    known = {"registration", "instructor", "team", "contextActivities", "statement", "extensions"}
    yield from _only(value, at, known | strings)
    rules: dict[str, Callable[[object, str], Iterator[str]]] = {
        "registration": _uuid, "instructor": _person, "team": _person, "contextActivities": _around,
        "statement": _reference, "extensions": _extensions, **dict.fromkeys(strings, _string),
    }  # fmt: skip
    for key, rule in rules.items():
        if key in value:
            yield from rule(value[key], f"{at}.{key}")
    if isinstance(value.get("team"), Mapping) and value["team"].get("objectType") != "Group":
        yield f"{at}.team: 2.4.6: is no Group"
    if isinstance(value.get("language"), str) and not _TAG.fullmatch(value["language"]):
        yield f"{at}.language: 2.4.6: is no language tag"
    for key in {"revision", "platform"} & value.keys():
        if kind != "Activity":
            yield f"{at}.{key}: 2.4.6: is for Activities alone"


def _around(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{at}: 2.4.6.2: is no object"
        return
    yield from _only(value, at, {"parent", "grouping", "category", "other"})
    for key, each in value.items():
        if not isinstance(each, list):
            yield f"{at}.{key}: 2.4.6.2: is no array of Activities"
            continue
        for number, activity in enumerate(each):
            yield from _activity(activity, f"{at}.{key}[{number}]")


def _attachments(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{at}: 2.4.11: is no array"
        return
    for number, each in enumerate(value):
        here = f"{at}[{number}]"
        if not isinstance(each, Mapping):
            yield f"{here}: 2.4.11: is no object"
            continue
        yield from _only(
            each, here, {"usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"}
        )
        yield from _iri(each.get("usageType"), f"{here}.usageType")
        yield from _languages(each.get("display"), f"{here}.display")
        yield from _string(each.get("contentType"), f"{here}.contentType")
        yield from _string(each.get("sha2"), f"{here}.sha2")
        if not isinstance(each.get("length"), int) or isinstance(each.get("length"), bool):
            yield f"{here}.length: 2.4.11: is no integer"


__all__ = ["problems"]
