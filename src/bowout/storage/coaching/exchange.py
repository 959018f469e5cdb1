"""Assignments, results and answers, from their types to files and back.

Reading raises ``InputError`` with a sentence for everything that no honest file has; what comes back has been checked
value by value, and its texts are safe to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from bowout.core.coaching import fields
from bowout.core.coaching.answer import Answer, answer_from
from bowout.core.coaching.fields import Unreadable
from bowout.core.coaching.parties import Party
from bowout.core.coaching.result import MAX_AUDIO_BYTES, Result, result_from
from bowout.core.coaching.terms import Assignment, assignment_from, terms_in_words
from bowout.errors import InputError
from bowout.ports import RATE
from bowout.storage.bowpack import archive, read_archive
from bowout.storage.coaching.container import ANSWER, PACK, RESULT, TERMS, Signed, open_signed, seal_for, sign
from bowout.storage.coaching.keys import Keys, seal
from bowout.storage.packs import Pack
from bowout.storage.strict_json import read_json, written
from bowout.storage.wav_writer import HEADER_BYTES, wav_header

_ASK = "Ask whoever made it for a new one."
_T = TypeVar("_T")


def write_assignment(assignment: Assignment, pack: Pack, keys: Keys) -> tuple[Assignment, bytes]:
    """The ``.bowassign`` of an assignment, and the assignment with its id."""
    words = "\n".join(terms_in_words(assignment)) + "\n"
    files = {PACK: archive(pack), TERMS: words.encode("utf-8", "replace")}
    identity, raw = sign("assignment", assignment.head(), files, keys)
    return replace(assignment, id=identity), raw


def read_assignment(raw: bytes, name: str) -> tuple[Assignment, Pack]:
    """An assignment and the pack in it. Raises ``InputError``, ``PackError``."""
    signed = open_signed(raw, name, "assignment")
    assignment = head_of(signed, name)
    pack = read_archive(signed.files[PACK], f"{name}/{PACK}")
    if (pack.id, pack.version) != (assignment.pack, assignment.pack_version):
        raise InputError(f"The pack in {name} is not the one that it names.", _ASK)
    there = {scenario.id for scenario in pack.scenarios}
    for scenario in assignment.terms.scenarios:
        if scenario not in there:
            raise InputError(f"{name} asks for “{scenario}”, which is not in its pack.", _ASK)
    return assignment, pack


def head_of(signed: Signed, name: str) -> Assignment:
    """An assignment without a look at its pack."""
    try:
        return assignment_from(signed.id, signed.head)
    except Unreadable as error:
        raise InputError(f"{name} can't be read: {error}", _ASK) from error


def write_result(result: Result, audio: Mapping[str, bytes], keys: Keys, coach: Party) -> tuple[Result, bytes]:
    """The ``.bowresult`` of a result, sealed for the coach, and the result with its id. Raises ``InputError``: it is
    too large, or nothing can be sealed for this coach."""
    total = sum(map(len, audio.values()))
    if total > MAX_AUDIO_BYTES:
        told = f"The recordings take {total / 2**20:.0f} MB, more than the {MAX_AUDIO_BYTES // 2**20} MB of a result."
        raise InputError(told, "Leave the audio out.")
    files = {RESULT: written(result.as_json()), **audio}
    identity, raw = sign("result", result.head(), files, keys)
    read_result(raw, "This result")  # what the coach's program could not open is not handed out
    return replace(result, id=identity), seal_for(coach, "result", raw)


def read_result(raw: bytes, name: str) -> tuple[Result, dict[str, bytes]]:
    """A result that has been taken out of its box, and its recordings by name. Raises ``InputError``."""
    signed = open_signed(raw, name, "result")
    result = _read(signed, RESULT, name, result_from)
    audio = {file: content for file, content in signed.files.items() if file != RESULT}
    if {sent.audio for sent in result.sent if sent.audio} != audio.keys():
        raise InputError(f"{name} holds other recordings than it says.", _ASK)
    if sum(map(len, audio.values())) > MAX_AUDIO_BYTES:
        raise InputError(f"The recordings in {name} are larger than any result's.", _ASK)
    for file, content in audio.items():
        samples = len(content) - HEADER_BYTES
        if samples < 0 or samples % 2 or content[:HEADER_BYTES] != wav_header(samples, RATE):
            raise InputError(f"“{file}” in {name} is no recording of Bow Out's.", _ASK)
    seal(result.learner, b"")  # an answer could not be sealed for a key that is none
    return result, audio


def write_answer(answer: Answer, learner: Party, keys: Keys) -> tuple[Answer, bytes]:
    """The ``.bowanswer`` of an answer, sealed for the learner, and the answer with its id."""
    identity, raw = sign("answer", answer.head(), {ANSWER: written(answer.as_json())}, keys)
    return replace(answer, id=identity), seal_for(learner, "answer", raw)


def read_answer(raw: bytes, name: str) -> Answer:
    """An answer that has been taken out of its box. Raises ``InputError``."""
    return _read(open_signed(raw, name, "answer"), ANSWER, name, answer_from)


def _read(signed: Signed, file: str, name: str, read: Callable[[str, Mapping[str, Any], object], _T]) -> _T:
    """The content of a signed file, by the reader of its kind."""
    try:
        data = fields.mapping(read_json(signed.files[file]), file)
        schema = data.get("schema")
        if isinstance(schema, int) and not isinstance(schema, bool) and schema > 1:
            raise InputError(f"{name} was made for a later version of Bow Out.", "Install the newest version.")
        if schema != 1 or isinstance(schema, bool):
            raise Unreadable("“schema” should be 1.")
        return read(signed.id, signed.head, data)
    except ValueError as error:
        raise InputError(f"{name} can't be read: {error}", _ASK) from error


__all__ = [
    "head_of", "read_answer", "read_assignment", "read_result", "write_answer", "write_assignment", "write_result",
]  # fmt: skip
