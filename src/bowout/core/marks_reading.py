"""A result read back from its published form: what ``as_json`` of ``core.marks`` wrote, schema 1.

Keys of later versions are left alone. Times come back as they were written, to a hundredth of a second; the pauses
before the turns are not in the published form, and neither is which turn had which kind of times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from bowout.core.criteria import INTENTS
from bowout.core.marks import SCHEMA, Delivery, FaultMark, ItemMark, Marks, Measure, Provenance, Span, State
from bowout.core.transcript import Filler, Times, Transcript, Turn, Word
from bowout.errors import InputError

_MEASURES = tuple(Delivery().measures())


def marks_from_json(data: Mapping[str, Any]) -> Marks:
    """The marks of a published result.

    Raises:
        InputError: it is not of that form.
    """
    try:
        return _marks(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("This result can't be read: it is damaged, or no result of a call.") from error


def provenance_from_json(data: Mapping[str, Any]) -> Provenance:
    """What a published result rests on; what is not there, or not of its kind, is left out."""

    def of(kind: type, key: str) -> Any:
        value = data.get(key)
        return value if isinstance(value, kind) else None

    return Provenance(
        scenario=of(str, "scenario"),
        scenario_version=of(int, "scenario_version"),
        scenario_sha256=of(str, "scenario_sha256"),
        seed=of(int, "seed"),
        ear_version=of(str, "ear_version"),
        model=of(str, "model"),
        marking_version=of(str, "marking_version") or "",
    )


def _marks(data: Mapping[str, Any]) -> Marks:
    if data.get("schema") != SCHEMA or data["intent"] not in INTENTS or data["unit"] not in ("s", "word"):
        raise ValueError(data.get("schema"))
    delivery = _delivery(data["delivery"])
    return Marks(
        intent=data["intent"],
        score=int(data["score"]),
        passed=data["passed"] is True,
        items={str(id_): _item(str(id_), mark) for id_, mark in data["items"].items()},
        faults={str(id_): _fault(str(id_), mark) for id_, mark in data["faults"].items()},
        delivery=delivery,
        transcript=Transcript(_turns(data, delivery.fillers), data["unit"], str(data["ear"])),
        next_time=_text(data.get("next_time")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _span(mark: Mapping[str, Any]) -> Span | None:
    if mark.get("quote") is None:
        return None
    return Span(str(mark["quote"]), float(mark["start"]), float(mark["end"]), int(mark["turn"]))


def _item(id_: str, mark: Mapping[str, Any]) -> ItemMark:
    yours = mark.get("yours")
    return ItemMark(
        id_,
        State(mark["state"]),
        mark["required"] is True,
        _span(mark),
        _text(mark.get("say_instead")),
        _text(mark.get("question")),
        None if yours is None else State(yours),
    )


def _fault(id_: str, mark: Mapping[str, Any]) -> FaultMark:
    yours = mark.get("yours")
    return FaultMark(
        id_,
        mark["found"] is True,
        _span(mark),
        _text(mark.get("say_instead")),
        None if yours is None else yours is True,
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _delivery(data: Mapping[str, Any]) -> Delivery:
    measures = {
        name: Measure(*(_number(data[name].get(key)) for key in ("value", "low", "high")))
        for name in _MEASURES
        if name in data
    }
    fillers = data.get("fillers")
    found = None if fillers is None else tuple(_filler(filler) for filler in fillers)
    return Delivery(**measures, fillers=found)


def _filler(data: Mapping[str, Any]) -> Filler:
    return Filler(str(data["kind"]), float(data["start"]), float(data["end"]))


def _turns(data: Mapping[str, Any], fillers: tuple[Filler, ...] | None) -> tuple[Turn, ...]:
    """The turns in which something was said, each with the fillers that were found in it."""
    words: dict[int, list[Word]] = {}
    for word in data["transcript"]:
        made = Word(str(word["word"]), float(word["start"]), float(word["end"]), _number(word.get("confidence")))
        words.setdefault(int(word["turn"]), []).append(made)
    where = [filler.get("turn") for filler in data["delivery"].get("fillers") or ()]
    times = _times(data.get("times") or ())
    return tuple(
        Turn(
            index,
            tuple(said),
            None if fillers is None else tuple(f for f, turn in zip(fillers, where, strict=True) if turn == index),
            None,
            times,
        )
        for index, said in sorted(words.items())
    )


def _times(kinds: Iterable[str]) -> Times:
    """How far the times can be trusted: of several kinds, none can be taken for exact."""
    known = set(kinds)
    return cast(Times, known.pop()) if len(known) == 1 and known <= {"exact", "approximate", "none"} else (
        "approximate" if known else "none"
    )  # fmt: skip


__all__ = ["marks_from_json", "provenance_from_json"]
