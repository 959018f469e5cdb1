"""The files that coaches and learners exchange: canonical ZIPs with a signed manifest, some of them sealed.

    a signed one     manifest.json   {"schema": 1, "kind": …, "from": {name, sign, box}, …, "files": {name: sums}}
                     signature       64 bytes, Ed25519 over “bowout KIND 1”, a NUL and the manifest
                     … its files
    a sealed one     manifest.json   {"schema": 1, "kind": "sealed-…", "to": whose, "files": …}
                     sealed          a signed one in a box that only the addressee can open

An id is the beginning of the sha256 of a signed manifest, which has the sums of everything else: it can't be claimed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bowout.core.coaching import fields
from bowout.core.coaching.fields import Unreadable
from bowout.core.coaching.parties import Party, party_from
from bowout.core.coaching.result import MAX_AUDIO_BYTES
from bowout.core.document import shown
from bowout.errors import InputError
from bowout.storage.bowpack import MAX_ARCHIVE_BYTES as MAX_PACK_ARCHIVE
from bowout.storage.bowpack import SHAPE as PACK_SHAPE
from bowout.storage.canonical_zip import MANIFEST, Shape, check_sums, names_in, sums, unzipped, zipped
from bowout.storage.coaching.keys import Keys, needs_nacl, seal, signed_by
from bowout.storage.packs import PACK_FILE
from bowout.storage.strict_json import read_json, written

Kind = Literal["assignment", "result", "answer"]
Sealed = Literal["sealed-result", "sealed-answer"]
ENDINGS: dict[Kind, str] = {"assignment": ".bowassign", "result": ".bowresult", "answer": ".bowanswer"}
SCHEMA = 1
SIGNATURE, BOX = "signature", "sealed"
PACK, TERMS, RESULT, ANSWER = "pack.bowpack", "TERMS.txt", "result.json", "answer.json"
_HOLDS: dict[str, tuple[str, ...]] = {
    "assignment": (PACK, TERMS),
    "result": (RESULT,),
    "answer": (ANSWER,),
    "sealed-result": (BOX,),
    "sealed-answer": (BOX,),
}
"""Files of each kind, beside the manifest and the signature."""
MAX_JSON = 2 * 2**20
MAX_MANIFEST = 256 * 1024
MAX_TERMS = 256 * 1024
MAX_BOX = MAX_AUDIO_BYTES + MAX_JSON + MAX_MANIFEST + 64 * 1024
MAX_FILE = MAX_BOX + 64 * 1024
"""Bytes of a whole file of any kind."""
MAX_FILES = 220
ID_DIGITS = 32

_RECORDING = re.compile(r"take-[1-9][0-9]{0,2}\.wav")
_ATTACK = "Nothing of it was taken. Ask whoever made it for a new one."
_DAMAGED = "Fetch it again, or ask whoever made it for a new one."


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file, read and checked."""

    kind: Kind
    id: str
    sender: Party
    head: Mapping[str, Any]
    """The manifest."""
    files: Mapping[str, bytes] = field(repr=False)
    """Those beside the manifest and the signature."""


def _most(name: str) -> int:
    return {
        MANIFEST: MAX_MANIFEST,
        SIGNATURE: 1024,
        TERMS: MAX_TERMS,
        PACK: MAX_PACK_ARCHIVE,
        RESULT: MAX_JSON,
        ANSWER: MAX_JSON,
        BOX: MAX_BOX,
    }.get(name, MAX_AUDIO_BYTES)


def _check_name(file: str, name: str) -> None:
    if file not in (MANIFEST, SIGNATURE, BOX, PACK, TERMS, RESULT, ANSWER) and not _RECORDING.fullmatch(file):
        raise InputError(f"“{shown(file)}” in {name} is no file that belongs there.", _ATTACK)


SHAPE = Shape(
    noun="file of a coach or a learner",
    ending="file that a coach or a learner made",
    max_bytes=MAX_FILE,
    max_unpacked=MAX_FILE,
    max_files=MAX_FILES,
    max_file=_most,
    needed=(MANIFEST,),
    check_name=_check_name,
    refused=_ATTACK,
    damaged=_DAMAGED,
    foreign="Such files end with .bowassign, .bowresult or .bowanswer.",
    incomplete=_DAMAGED,
    rewritten="Take the file as it came, not one that another program has packed anew.",
)


def sign(kind: Kind, head: Mapping[str, Any], files: Mapping[str, bytes], keys: Keys) -> tuple[str, bytes]:
    """A signed file: its id and its bytes. ``head`` names the sender under ``from``."""
    manifest = written({"schema": SCHEMA, "kind": kind, **head, "files": sums(files)})
    signature = keys.sign(_context(kind) + manifest)
    return _id(manifest), zipped({**files, MANIFEST: manifest, SIGNATURE: signature})


def seal_for(party: Party, kind: Kind, signed: bytes) -> bytes:
    """A signed file in a box for ``party``."""
    files = {BOX: seal(party, signed)}
    manifest = written({"schema": SCHEMA, "kind": f"sealed-{kind}", "to": party.key, "files": sums(files)})
    return zipped({**files, MANIFEST: manifest})


def kind_of(raw: bytes, name: str) -> str:
    """What a file is by its content, whatever its name says: ``assignment``, ``sealed-result``, ``sealed-answer`` or
    ``pack``. Its signature is not looked at. Raises ``InputError``."""
    if PACK_FILE in names_in(raw, PACK_SHAPE):  # whoever opens the pack looks at the rest
        return "pack"
    return str(_manifest(unzipped(raw, name, SHAPE), name)[1]["kind"])


def open_signed(raw: bytes, name: str, kind: Kind) -> Signed:
    """A signed file of this kind. Raises ``InputError`` with a sentence for everything that is wrong with it."""
    needs_nacl()
    files = unzipped(raw, name, SHAPE)
    manifest, head = _manifest(files, name)
    if head["kind"] != kind:
        raise InputError(f"{name} is no {kind}.", _ATTACK)
    _complete(files, kind, name)
    if SIGNATURE not in files:
        raise InputError(f"{name} is not signed.", _ATTACK)
    try:
        sender = party_from(head.get("from"))
    except Unreadable as error:
        raise InputError(f"{name} does not say whom it is from: {error}", _ATTACK) from error
    if not signed_by(sender, _context(kind) + manifest, files[SIGNATURE]):
        told = f"The signature of {name} is not that of whom it names, or it was changed after it was signed."
        raise InputError(told, _ATTACK)
    inner = {file: content for file, content in files.items() if file not in (MANIFEST, SIGNATURE)}
    check_sums(inner, head.get("files"), name, SHAPE)
    _as_written(raw, files, name)
    return Signed(kind, _id(manifest), sender, head, inner)


def unsealed(raw: bytes, name: str, kind: Kind, keys: Keys) -> bytes:
    """The signed file in a box for these keys. Raises ``InputError``: it is for somebody else, or damaged."""
    files = unzipped(raw, name, SHAPE)
    _, head = _manifest(files, name)
    if head["kind"] != f"sealed-{kind}":
        raise InputError(f"{name} is no {kind}.", "Its name may say so; what is in it counts.")
    _complete(files, f"sealed-{kind}", name)
    if head.get("to") != keys.party.key:
        raise InputError(f"{name} was made for other keys than yours.", "It can be opened by whom it was made for.")
    inner = {BOX: files[BOX]}
    check_sums(inner, head.get("files"), name, SHAPE)
    _as_written(raw, files, name)
    opened = keys.unseal(files[BOX])
    if opened is None:
        raise InputError(f"{name} can't be opened: it was changed on its way.", _DAMAGED)
    return opened


def _context(kind: Kind) -> bytes:
    """So that no signature of one kind can be passed off as another's."""
    return f"bowout {kind} {SCHEMA}".encode("ascii") + b"\0"


def _id(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:ID_DIGITS]


def _manifest(files: Mapping[str, bytes], name: str) -> tuple[bytes, Mapping[str, Any]]:
    raw = files[MANIFEST]
    try:
        head = fields.mapping(read_json(raw), "manifest")
        schema, kind = head.get("schema"), head.get("kind")
        if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
            raise InputError(f"{name} was made for a later version of Bow Out.", "Install the newest version.")
        if schema != SCHEMA or isinstance(schema, bool) or not isinstance(kind, str) or kind not in _HOLDS:
            raise Unreadable("The kind of file is not known here.")
    except ValueError as error:
        raise InputError(f"The manifest of {name} can't be read: {shown(str(error))}", _DAMAGED) from error
    return raw, head


def _complete(files: Mapping[str, bytes], kind: str, name: str) -> None:
    """The files of this kind and no others."""
    for needed in _HOLDS[kind]:
        if needed not in files:
            raise InputError(f"{name} holds no {needed}.", _DAMAGED)
    sealed = kind.startswith("sealed")
    allowed = {MANIFEST, *_HOLDS[kind], *(() if sealed else (SIGNATURE,))}
    for file in files:
        if file not in allowed and not (kind == "result" and _RECORDING.fullmatch(file)):
            raise InputError(f"“{file}” in {name} does not belong there.", _ATTACK)


def _as_written(raw: bytes, files: Mapping[str, bytes], name: str) -> None:
    if zipped(files) != raw:
        raise InputError(f"{name} is not laid out as Bow Out does it: it was packed anew.", _ATTACK)


__all__ = [
    "ANSWER", "ENDINGS", "MAX_FILE", "PACK", "RESULT", "TERMS", "Kind", "Signed", "kind_of", "open_signed", "seal_for",
    "sign", "unsealed",
]  # fmt: skip
