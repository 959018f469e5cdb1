"""Bad files of coaches and learners: for each, how to make it, what opens it, and a part of the sentence that answers.

Where a file is sound and only what is in it is meant to do harm (markup, escape sequences, formulas), it is taken, and
what it says is shown harmlessly: those are ``harmless``.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from adapters.pack_files import Entry, Zip, pack_files, zip_of
from bowout.core.coaching.answer import Answer, Comment, Override, Review
from bowout.core.coaching.parties import Party
from bowout.core.coaching.result import Result
from bowout.storage.bowpack import archive
from bowout.storage.canonical_zip import MANIFEST, sums, zipped
from bowout.storage.coaching.container import seal_for, sign
from bowout.storage.coaching.exchange import write_answer
from bowout.storage.coaching.keys import Keys
from bowout.storage.strict_json import written
from coachcases import (
    GOOD,
    NOW,
    TERMS,
    Class,
    learner_keys,
    pack,
    recording,
    result_of,
    sealed_result,
    signed_result,
)

Via = Literal["open", "collect", "roster"]
ZERO = bytes(32)
"""A public key of low order: whatever is sealed for it anybody can open."""


@dataclass(frozen=True)
class World:
    """Who is there: a coach with a class that asks for marks and words, another coach, and a learner who takes part."""

    class_: Class
    other: Class
    """Of another coach."""
    learner: Keys
    sent: Result
    """What the learner has sent; its id is the true one."""

    @property
    def coach(self) -> Party:
        return self.class_.keys.party


class Bad(NamedTuple):
    name: str
    via: Via
    make: Callable[[World], bytes]
    told: str
    harmless: bool = False


def cases() -> Iterator[Bad]:
    """All of them."""
    yield from _archives()
    yield from _manifests()
    yield from _assignments()
    yield from _sealed()
    yield from _results()
    yield from _answers()
    yield from _rosters()


# What an archive can be.


def _files(world: World) -> dict[str, bytes]:
    """The files of the assignment that was handed out."""
    with zipfile.ZipFile(io.BytesIO(world.class_.file.read_bytes())) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _entries(world: World) -> list[Entry]:
    return [Entry(name.encode(), raw) for name, raw in sorted(_files(world).items())]


def _with(*more: Entry) -> Callable[[World], bytes]:
    return lambda world: Zip([*_entries(world), *more]).bytes()


def _changed(name: str, **changes: Any) -> Callable[[World], bytes]:
    def make(world: World) -> bytes:
        entries = _entries(world)
        return Zip([replace(each, **changes) if each.name == name.encode() else each for each in entries]).bytes()

    return make


def _zip(**changes: Any) -> Callable[[World], bytes]:
    return lambda world: Zip(_entries(world), **changes).bytes()


def _without(name: str) -> Callable[[World], bytes]:
    return lambda world: zipped({key: raw for key, raw in _files(world).items() if key != name})


def _repacked(world: World) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, raw in _files(world).items():
            made.writestr(name, raw)
    return out.getvalue()


def _bomb(world: World) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(MANIFEST, b" " * (20 * 2**20))
    return out.getvalue()


def _long_directory(world: World) -> bytes:
    """An end that says three files, and a directory of many: each would become an object before it is counted."""
    entry = b"PK\1\2" + struct.pack("<BBHHHHHLLLHHHHHLL", 20, 3, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 100_000
    head = b"PK\3\4" + bytes(26)
    return head + directory + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 3, 3, len(directory), len(head), 0)


def _zip64(world: World) -> bytes:
    raw = world.class_.file.read_bytes()
    return raw[:-22] + b"PK\6\7" + struct.pack("<LQL", 0, 0, 1) + raw[-22:]


def _archives() -> Iterator[Bad]:
    for name, make, told in (
        ("traversal", _with(Entry(b"../../evil.txt", b"x")), "leads out"),
        ("traversal-windows", _with(Entry(b"..\\evil.txt", b"x")), "leads out"),
        ("absolute", _with(Entry(b"/etc/evil", b"x")), "absolute path"),
        ("drive", _with(Entry(b"C:evil", b"x")), "absolute path"),
        ("folder", _with(Entry(b"d/", b"")), "is a folder"),
        ("in-a-folder", _with(Entry(b"d/x", b"")), "lies in a folder"),
        ("nul", _with(Entry(b"TERMS.txt\0.exe", b"x")), "NUL"),
        ("link", _with(Entry(b"take-1.wav", b"/etc/passwd", mode=0o120777)), "is a link"),
        ("device", _with(Entry(b"take-1.wav", b"", mode=0o020666)), "is a device"),
        ("twice", _with(Entry(b"TERMS.txt", b"other")), "twice"),
        ("clash", _with(Entry(b"terms.TXT", b"other")), "clashes with"),
        ("stranger", _with(Entry(b"run.exe", b"MZ")), "no file that belongs there"),
        ("stranger-known", _with(Entry(b"answer.json", b"{}")), "does not belong there"),
        ("recording-in-assignment", _with(Entry(b"take-1.wav", b"x")), "does not belong there"),
        (
            "many",
            lambda world: Zip([Entry(f"take-{n}.wav".encode()) for n in range(1, 400)]).bytes(),
            "files, more than",
        ),
        ("many-claimed", _zip(count=60_000), "60000 files"),
        ("bomb", _bomb, "larger than"),
        ("long-directory", _long_directory, "longer list of files"),
        ("zip64", _zip64, "longer list of files"),
        ("compressed", _changed("TERMS.txt", method=8), "is compressed"),
        ("encrypted", _changed("TERMS.txt", flags=1), "is encrypted"),
        ("size-lie", _changed("TERMS.txt", size=7), "two lengths"),
        ("huge-claimed", _changed(MANIFEST, size=2**31, packed=2**31), "larger than"),
        ("crc", _changed("TERMS.txt", crc=1), "damaged"),
        ("other-name-inside", _changed("TERMS.txt", local_name=b"TERMS.exe"), "damaged"),
        ("date", _changed("TERMS.txt", date=99), "packed anew"),
        ("mode", _changed("TERMS.txt", mode=0o100777), "packed anew"),
        ("extra", _changed("TERMS.txt", extra=b"\1\0\0\0"), "packed anew"),
        ("gap", _changed("TERMS.txt", gap=b"hidden"), "something before its first file"),
        ("before", _zip(before=b"#!/bin/sh\n"), "something before"),
        ("after", _zip(after=b"hidden"), "something behind"),
        ("comment", _zip(comment=b"hidden"), "something behind"),
        ("shifted", _zip(directory_shift=5), "damaged"),
        ("repacked", _repacked, "packed anew"),
        ("no-manifest", _without(MANIFEST), "holds no manifest.json"),
        ("no-signature", _without("signature"), "is not signed"),
        ("no-pack", _without("pack.bowpack"), "holds no pack.bowpack"),
        ("no-terms", _without("TERMS.txt"), "holds no TERMS.txt"),
        ("empty", lambda world: b"", "is no file that"),
        ("text", lambda world: b"Dear Sir or Madam\n", "is no file that"),
        ("html", lambda world: b"<script>alert(1)</script>", "is no file that"),
        ("half", lambda world: world.class_.file.read_bytes()[:5000], "its end is missing"),
        ("end-alone", lambda world: b"PK\5\6" + bytes(18), "is no file that"),
        ("pack-damaged", lambda world: zip_of(pack_files())[:-30], "damaged"),
    ):
        yield Bad(f"archive-{name}", "open", make, told)


# What a manifest can say.


def _manifest(text: str | bytes) -> Callable[[World], bytes]:
    raw = text.encode() if isinstance(text, str) else text
    return lambda world: zipped({**_files(world), MANIFEST: raw})


def _lie(**changes: Any) -> Callable[[World], bytes]:
    """A manifest that was changed and not signed again."""

    def make(world: World) -> bytes:
        files = _files(world)
        head = {**json.loads(files[MANIFEST]), **changes}
        return zipped({**files, MANIFEST: json.dumps(head).encode()})

    return make


def _other_signature(world: World) -> bytes:
    files, others = _files(world), zipfile.ZipFile(io.BytesIO(world.other.file.read_bytes()))
    with others:
        return zipped({**files, "signature": others.read("signature")})


def _signed_as(kind: Any) -> Callable[[World], bytes]:
    """An assignment whose signature was made for another kind of file."""

    def make(world: World) -> bytes:
        files = _files(world)
        signature = world.class_.keys.sign(f"bowout {kind} 1\0".encode() + files[MANIFEST])
        return zipped({**files, "signature": signature})

    return make


def _impostor(world: World) -> bytes:
    """The coach's name and keys in the manifest, somebody else's signature."""
    files = _files(world)
    signature = world.other.keys.sign(b"bowout assignment 1\0" + files[MANIFEST])
    return zipped({**files, "signature": signature})


def _swapped(name: str, raw: bytes) -> Callable[[World], bytes]:
    return lambda world: zipped({**_files(world), name: raw})


def _manifests() -> Iterator[Bad]:
    for name, make, told in (
        ("no-json", _manifest("{"), "can't be read"),
        ("list", _manifest("[]"), "should be an object"),
        ("utf-16", _manifest('{"schema": 1}'.encode("utf-16")), "can't be read"),
        ("twice", _manifest('{"schema": 1, "schema": 1, "kind": "assignment"}'), "a key is there twice"),
        ("nan", _manifest('{"schema": NaN}'), "no number"),
        ("infinity", _manifest('{"schema": -Infinity}'), "no number"),
        ("beyond-all", _manifest('{"schema": 1e999}'), "too large"),
        ("endless-number", _manifest('{"schema": ' + "9" * 5000 + "}"), "too long"),
        ("deep", _manifest('{"a": ' + "[" * 50_000 + "]" * 50_000 + "}"), "too many levels"),
        ("deep-objects", _manifest('{"a": ' * 20_000 + "1" + "}" * 20_000), "too many levels"),
        ("later", _manifest('{"schema": 2, "kind": "assignment"}'), "later version"),
        ("schema-true", _manifest('{"schema": true, "kind": "assignment"}'), "not known here"),
        ("schema-text", _manifest('{"schema": "1", "kind": "assignment"}'), "not known here"),
        ("kind-unknown", _manifest('{"schema": 1, "kind": "program"}'), "not known here"),
        ("kind-list", _manifest('{"schema": 1, "kind": ["assignment"]}'), "not known here"),
        ("changed", _lie(made="2030-01-01T00:00:00+00:00"), "The signature of"),
        ("terms-changed", _lie(terms={**TERMS.as_json(), "ask": ["audio"]}), "The signature of"),
        ("nobody", _lie(**{"from": None}), "does not say whom it is from"),
        ("key-short", _lie(**{"from": {"name": "x", "sign": "00", "box": "00" * 32}}), "hexadecimal digits"),
        ("key-zero", _lie(**{"from": {"name": "x", "sign": "00" * 32, "box": "00" * 32}}), "The signature of"),
        ("signature-of-another-file", _other_signature, "The signature of"),
        ("signature-of-another-kind", _signed_as("result"), "The signature of"),
        ("signature-of-another-person", _impostor, "The signature of"),
        ("signature-short", _swapped("signature", b"x"), "The signature of"),
        ("signature-zero", _swapped("signature", bytes(64)), "The signature of"),
        ("pack-swapped", _swapped("pack.bowpack", zip_of(pack_files(two=None))), "sums differ"),
        ("terms-swapped", _swapped("TERMS.txt", b"Nothing will be sent back.\n"), "sums differ"),
    ):
        yield Bad(f"manifest-{name}", "open", make, told)


# Assignments that are signed well.


def _assigned(
    files: Mapping[str, bytes] | None = None, terms: Mapping[str, Any] | None = None, **head: Any
) -> Callable[[World], bytes]:
    """Signed by a coach whom nobody knows, with some of it changed."""

    def make(world: World) -> bytes:
        keys = replace(world.other.keys, name="Mallory")
        base = {**world.class_.assignment.head(), "from": keys.party.as_json()}
        base["terms"] = {**base["terms"], **(terms or {})}
        whole = {"pack.bowpack": archive(pack()), "TERMS.txt": b"Be good.\n", **(files or {})}
        return sign("assignment", {**base, **head}, whole, keys)[1]

    return make


def _assignments() -> Iterator[Bad]:
    for name, make, told in (
        ("no-terms", _assigned(terms={"class": None}), "“class” should be a text"),
        ("class-empty", _assigned(terms={"class": " "}), "“class” is empty"),
        ("class-long", _assigned(terms={"class": "x" * 100_000}), "characters"),
        ("takes-none", _assigned(terms={"takes": 0}), "“takes”"),
        ("takes-huge", _assigned(terms={"takes": 10**20}), "“takes”"),
        ("takes-true", _assigned(terms={"takes": True}), "“takes”"),
        ("limit-negative", _assigned(terms={"limit_s": -1}), "“limit_s”"),
        ("limit-huge", _assigned(terms={"limit_s": 1e300}), "“limit_s”"),
        ("mode", _assigned(terms={"mode": "exec"}), "“mode”"),
        ("mark", _assigned(terms={"mark": 101}), "“mark”"),
        ("ask-nothing", _assigned(terms={"ask": []}), "“ask”"),
        ("ask-everything", _assigned(terms={"ask": ["home folder"]}), "should be one of marks"),
        ("due-far", _assigned(terms={"due": "9999-12-31T23:59:59+00:00"}), "“due”"),
        ("due-no-zone", _assigned(terms={"due": "2026-11-27T18:00:00"}), "“due”"),
        ("due-number", _assigned(terms={"due": 12}), "“due”"),
        ("calls-none", _assigned(terms={"scenarios": []}), "“scenarios”"),
        ("calls-twice", _assigned(terms={"scenarios": ["one", "one"]}), "“scenarios”"),
        ("call-elsewhere", _assigned(terms={"scenarios": ["../../etc/passwd"]}), "can't be an id"),
        ("call-missing", _assigned(terms={"scenarios": ["three"]}), "not in its pack"),
        ("drill-elsewhere", _assigned(terms={"drill": "../../x"}), "“drill”"),
        ("note-long", _assigned(terms={"note": "x" * 10_000}), "“note”"),
        ("titles-many", _assigned(titles={f"t{n}": "x" for n in range(500)}), "“titles”"),
        ("made-never", _assigned(made="yesterday"), "“made”"),
        ("no-name", _assigned(**{"from": {"name": "", "sign": "00" * 32, "box": "00" * 32}}), "does not say whom"),
        ("pack-none", _assigned({"pack.bowpack": b"MZ"}), "is no .bowpack"),
        ("pack-other", _assigned(pack={"id": "other", "version": 1, "title": "x"}), "not the one that it names"),
        ("pack-lie", _assigned({"pack.bowpack": zip_of(pack_files(), after=b"x")}), "something behind"),
        ("pack-alias", _assigned({"pack.bowpack": zip_of(pack_files(one="a: &a [*a]\n"))}), "Anchors"),
        ("pack-traversal", _assigned({"pack.bowpack": Zip([Entry(b"../x", b"x")]).bytes()}), "leads out"),
        ("wrong-sum", _sum_missing, "has no sum"),
        ("not-listed", _not_listed, "does not list"),
        ("not-held", _not_held, "does not hold it"),
    ):
        yield Bad(f"assignment-{name}", "open", make, told)
    nasty = "\x1b]0;owned\x07\x1b[2J\u202egnihsif [bold red]x[/] <script>alert(1)</script>"
    yield Bad("assignment-nasty-texts", "open", _assigned(terms={"note": nasty, "class": nasty}), "[bold red]", True)
    yield Bad("assignment-nasty-name", "open", _named(nasty), "<script>", True)


def _named(name: str) -> Callable[[World], bytes]:
    def make(world: World) -> bytes:
        keys = replace(world.other.keys, name=name)
        head = {**world.class_.assignment.head(), "from": keys.party.as_json()}
        return sign("assignment", head, {"pack.bowpack": archive(pack()), "TERMS.txt": b"x"}, keys)[1]

    return make


def _relisted(world: World, change: Callable[[dict[str, Any]], Any]) -> bytes:
    """Signed well, with a manifest that lists other files than there are."""
    keys = world.other.keys
    files = {"pack.bowpack": archive(pack()), "TERMS.txt": b"x"}
    listing = sums(files)
    change(listing)
    head = {**world.class_.assignment.head(), "from": keys.party.as_json()}
    manifest = written({"schema": 1, "kind": "assignment", **head, "files": listing})
    signature = keys.sign(b"bowout assignment 1\0" + manifest)
    return zipped({**files, MANIFEST: manifest, "signature": signature})


def _sum_missing(world: World) -> bytes:
    return _relisted(world, lambda listing: listing.update({"TERMS.txt": {"bytes": 1}}))


def _not_listed(world: World) -> bytes:
    return _relisted(world, lambda listing: listing.pop("TERMS.txt"))


def _not_held(world: World) -> bytes:
    return _relisted(world, lambda listing: listing.update({"../x": {"sha256": "00" * 32}}))


# Boxes.


def _box(world: World) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(sealed_result(world.class_, world.learner, world.sent))) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _boxed(change: Callable[[bytes], bytes]) -> Callable[[World], bytes]:
    """A box that was changed, with a manifest that fits."""

    def make(world: World) -> bytes:
        files = {"sealed": change(_box(world)["sealed"])}
        manifest = written({"schema": 1, "kind": "sealed-result", "to": world.coach.key, "files": sums(files)})
        return zipped({**files, MANIFEST: manifest})

    return make


def _sealed() -> Iterator[Bad]:
    def to_another(world: World) -> bytes:
        return sealed_result(world.other, world.learner, world.sent)

    def readdressed(world: World) -> bytes:
        files = _box_of(to_another(world))
        head = {**json.loads(files[MANIFEST]), "to": world.coach.key}
        return zipped({**files, MANIFEST: written(head)})

    def bare(world: World) -> bytes:
        return signed_result(world.learner, world.sent.head(), {"result.json": written(world.sent.as_json())})

    def twice(world: World) -> bytes:
        return seal_for(world.coach, "result", sealed_result(world.class_, world.learner, world.sent))

    for name, make, told in (
        ("for-another", to_another, "other keys than yours"),
        ("readdressed", readdressed, "changed on its way"),
        ("not-in-a-box", bare, "is no result"),
        ("box-in-a-box", twice, "is no result"),
        ("bit-flipped", _boxed(lambda box: box[:-1] + bytes([box[-1] ^ 1])), "changed on its way"),
        ("first-bit-flipped", _boxed(lambda box: bytes([box[0] ^ 1]) + box[1:]), "changed on its way"),
        ("cut", _boxed(lambda box: box[:-40]), "changed on its way"),
        ("empty-box", _boxed(lambda box: b""), "changed on its way"),
        ("zeros", _boxed(lambda box: bytes(200)), "changed on its way"),
        ("sum", lambda world: zipped({**_box(world), "sealed": b"x"}), "sums differ"),
        ("no-box", lambda world: zipped({MANIFEST: _box(world)[MANIFEST]}), "holds no sealed"),
        ("signed-box", lambda world: zipped({**_box(world), "signature": bytes(64)}), "does not belong there"),
        ("an-assignment", lambda world: world.class_.file.read_bytes(), "is no result"),
        ("a-pack", lambda world: zip_of(pack_files()), "no file that belongs there"),
        ("an-answer", lambda world: _answer_for(world), "is no result"),
        ("text", lambda world: b"See attached.\n", "is no file that"),
        ("nothing", lambda world: b"", "is no file that"),
    ):
        yield Bad(f"sealed-{name}", "collect", make, told)


def _box_of(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


# Results that are sealed and signed well.


def _sent(
    audio: Mapping[str, bytes] = {}, head: Mapping[str, Any] = {}, raw: bytes | None = None, **content: Any
) -> Callable[[World], bytes]:
    """A learner's result, with some of it changed before it was signed."""

    def make(world: World) -> bytes:
        keys = learner_keys("Eve")
        base = {**result_of(world.class_, keys, *GOOD).head(), **head}
        body = raw if raw is not None else written({**world.sent.as_json(), **content})
        return seal_for(world.coach, "result", signed_result(keys, base, {"result.json": body, **audio}))

    return make


def _take(**changes: Any) -> Callable[[World], bytes]:
    return lambda world: _sent(takes=[{**world.sent.as_json()["takes"][0], **changes}])(world)


def _of_take(**changes: Any) -> Callable[[World], bytes]:
    return lambda world: _sent(sent=[{**world.sent.as_json()["sent"][0], **changes}])(world)


def _marks(**changes: Any) -> Callable[[World], bytes]:
    return lambda world: _of_take(marks={**world.sent.as_json()["sent"][0]["marks"], **changes})(world)


def _raw(text: str) -> Callable[[World], bytes]:
    return _sent(raw=text.encode("utf-8", "surrogatepass"))


def _forged(world: World) -> bytes:
    """Another's keys in the manifest, one's own signature."""
    head = {**world.sent.head(), "from": world.learner.party.as_json()}
    eve = learner_keys("Eve")
    return seal_for(world.coach, "result", signed_result(eve, head, {"result.json": written(world.sent.as_json())}))


def _taken_over(world: World) -> bytes:
    """The learner's name with keys of somebody else."""
    eve = learner_keys(world.learner.name)
    return sealed_result(world.class_, eve, result_of(world.class_, eve, *GOOD, who=world.sent.who))


def _results() -> Iterator[Bad]:
    item = {"state": "heard", "required": True, "quote": None, "start": None, "end": None, "turn": None}
    words = [{"word": "x", "start": 0, "end": 1, "confidence": None, "turn": 0}]
    wav = recording()
    for name, make, told in (
        ("signed-by-another", _forged, "The signature of"),
        ("somebody-elses-name", _taken_over, "Other keys than before"),
        ("unknown-assignment", _sent(head={"assignment": "0" * 32}), "not handed out from here"),
        ("assignment-elsewhere", _sent(head={"assignment": "../../../etc/passwd"}), "“assignment”"),
        ("of-another-coach", lambda world: _of_other(world), "not handed out from here"),
        ("sequence-none", _sent(head={"sequence": 0}), "“sequence”"),
        ("sequence-huge", _sent(head={"sequence": 10**19}), "“sequence”"),
        ("made-long-ago", _sent(head={"made": "0001-01-01T00:00:00+00:00"}), "“made”"),
        ("takes-back-and-sends", _sent(head={"withdrawn": True}), "takes back and sends"),
        ("no-json", _raw("]"), "can't be read"),
        ("nan", _raw('{"schema": 1, "who": NaN}'), "no number"),
        ("key-twice", _raw('{"schema": 1, "who": "a", "who": "b"}'), "there twice"),
        ("deep", _raw('{"schema": 1, "who": ' + "[" * 99_000 + "]" * 99_000 + "}"), "too many levels"),
        ("half-a-character", _raw('{"schema": 1, "who": "\ud800"}'), "can't be read"),
        ("later", _sent(schema=2), "later version"),
        ("schema-none", _sent(schema=None), "“schema”"),
        ("who-nobody", _sent(who=""), "“who”"),
        ("who-long", _sent(who="x" * 10_000), "“who”"),
        ("who-number", _sent(who=7), "“who”"),
        ("parts-unknown", _sent(parts=["marks", "diary"]), "should be one of"),
        ("not-asked-for", lambda world: _with_audio(world, wav), "did not ask"),
        ("holds-more-than-it-says", _sent(parts=["marks"]), "says it does not"),
        ("takes-a-mapping", _sent(takes={}), "“takes” should be a list"),
        ("takes-many", _sent(takes=[{}] * 500), "more than"),
        ("take-twice", lambda w: _sent(takes=w.sent.as_json()["takes"] * 2)(w), "don't agree"),
        ("take-missing", _sent(takes=[]), "don't agree"),
        ("take-of-another-call", _take(scenario="two"), "don't agree"),
        ("take-negative", _take(seconds=-1), "“seconds”"),
        ("take-endless", _take(seconds=1e12), "“seconds”"),
        ("take-score", _take(score=101), "“score”"),
        ("take-score-true", _take(score=True), "“score”"),
        ("take-state", _take(state="won"), "“state”"),
        ("take-moment", _take(started="2026-11-25T09:00:00"), "“started”"),
        ("take-mode", _take(mode="x" * 999), "“mode”"),
        ("call-not-asked", lambda world: _other_call(world), "not asked for"),
        ("sent-twice", lambda w: _sent(sent=w.sent.as_json()["sent"] * 2)(w), "twice"),
        ("score-huge", _marks(score=10**15), "“score”"),
        ("score-float", _marks(score=99.5), "“score”"),
        ("passed-text", _marks(passed="yes"), "“passed”"),
        ("marks-later", _marks(schema=9), "later version"),
        ("intent", _marks(intent="rm -rf /"), "“intent”"),
        ("item-id", _marks(items={"../../x": item}), "can't be an id"),
        ("item-state", _marks(items={"ask": {**item, "state": "maybe"}}), "“state”"),
        ("item-quote-nowhere", _marks(items={"ask": {**item, "quote": "x"}}), "has no place"),
        ("items-many", _marks(items={f"i{n}": item for n in range(99)}), "more than"),
        ("delivery-none", _marks(delivery=None), "“delivery”"),
        ("delivery-text", _marks(delivery={"seconds": {"value": "long"}}), "should be a number"),
        ("dispute-unknown", _of_take(disputes={"ask": "shouted"}), "“ask”"),
        ("words-many", _of_take(words=words * 7000), "more than"),
        ("word-nowhere", _of_take(words=[{**words[0], "turn": -1}]), "“turn”"),
        ("word-long", _of_take(words=[{**words[0], "word": "x" * 5000}]), "“word”"),
        ("word-sure", _of_take(words=[{**words[0], "confidence": 2}]), "“confidence”"),
        ("lines-many", _of_take(lines=[{"turn": 0, "speaker": "", "text": "x"}] * 900), "more than"),
        ("audio-path", _of_take(audio="../../x.wav"), "“audio”"),
        ("audio-missing", _of_take(audio="take-1.wav"), "says it does not"),
        ("audio-hidden", _sent({"take-7.wav": wav}), "other recordings than it says"),
        ("audio-program", lambda world: _with_audio(world, b"MZ" + bytes(100)), "no recording of Bow Out's"),
        ("audio-header", lambda world: _with_audio(world, wav + b"\0\0"), "no recording of Bow Out's"),
        ("audio-tiny", lambda world: _with_audio(world, wav[:2]), "no recording of Bow Out's"),
        ("audio-empty", lambda world: _with_audio(world, b""), "no recording of Bow Out's"),
        ("audio-odd", lambda world: _with_audio(world, wav[:-1]), "no recording of Bow Out's"),
        ("no-result", lambda world: _no_result(world), "holds no result.json"),
        ("key-of-low-order", lambda world: _low_order(world), "can be sealed"),
    ):
        yield Bad(f"result-{name}", "collect", make, told)
    formula = '=HYPERLINK("http://evil.example","x")'
    yield Bad("result-formula-name", "collect", _sent(who=formula), "not on the roster", True)
    yield Bad("result-nasty-name", "collect", _sent(who="\x1b[2J[red]Eve\u202e<b>"), "[red]Eve", True)


def _of_other(world: World) -> bytes:
    """A result for an assignment of another coach, sealed for this one."""
    keys = learner_keys("Eve")
    return sealed_result(world.class_, keys, result_of(world.other, keys, *GOOD))


def _with_audio(world: World, content: bytes) -> bytes:
    """With a recording that was chosen; the class did not ask for any."""
    sent = {**world.sent.as_json()["sent"][0], "audio": "take-1.wav"}
    return _sent({"take-1.wav": content}, parts=["marks", "transcript", "audio"], sent=[sent])(world)


def _other_call(world: World) -> bytes:
    content = world.sent.as_json()
    content["takes"][0]["scenario"] = content["sent"][0]["scenario"] = "two"
    return _sent(**content)(world)


def _no_result(world: World) -> bytes:
    keys = learner_keys("Eve")
    head = result_of(world.class_, keys, *GOOD).head()
    return seal_for(world.coach, "result", signed_result(keys, head, {}))


def _low_order(world: World) -> bytes:
    keys = learner_keys("Eve")
    result = result_of(world.class_, keys, *GOOD)
    weak = replace(result, learner=replace(keys.party, box=ZERO))
    return seal_for(world.coach, "result", signed_result(keys, weak.head(), {"result.json": written(weak.as_json())}))


# Answers.


def _answer(world: World, **changes: Any) -> Answer:
    base = Answer(
        id="",
        coach=world.coach,
        learner=world.learner.party.key,
        assignment=world.class_.assignment.id,
        result=world.sent.id,
        made=NOW,
        review=Review((Comment("Well said.", 1, 0, 3),), (Override(1, "thanks", "not_heard", "Mumbled."),)),
    )
    return replace(base, **changes)


def _answer_for(world: World, **changes: Any) -> bytes:
    return write_answer(_answer(world, **changes), world.learner.party, world.class_.keys)[1]


def _answered(**content: Any) -> Callable[[World], bytes]:
    def make(world: World) -> bytes:
        answer = _answer(world)
        body = written({**answer.as_json(), **content})
        signed = sign("answer", answer.head(), {"answer.json": body}, world.class_.keys)[1]
        return seal_for(world.learner.party, "answer", signed)

    return make


def _answers() -> Iterator[Bad]:
    def from_another(world: World) -> bytes:
        answer = _answer(world, coach=world.other.keys.party)
        return write_answer(answer, world.learner.party, world.other.keys)[1]

    def in_the_coachs_name(world: World) -> bytes:
        return write_answer(_answer(world), world.learner.party, world.other.keys)[1]

    def for_another(world: World) -> bytes:
        return write_answer(_answer(world), learner_keys("Cleo").party, world.class_.keys)[1]

    def passed_on(world: World) -> bytes:
        """An answer to somebody else, sealed anew for this learner."""
        answer = _answer(world, learner=learner_keys("Cleo").party.key)
        return write_answer(answer, world.learner.party, world.class_.keys)[1]

    comment = {"text": "x", "take": 1, "first": 0, "last": 0}
    for name, make, told in (
        ("from-another-coach", from_another, "is not signed by"),
        ("in-the-coachs-name", in_the_coachs_name, "The signature of"),
        ("for-another", for_another, "other keys than yours"),
        ("passed-on", passed_on, "to somebody else"),
        ("to-nothing", lambda world: _answer_for(world, result="0" * 32), "did not send"),
        ("of-no-assignment", lambda world: _answer_for(world, assignment="0" * 32), "not here"),
        ("backwards", _answered(comments=[{**comment, "first": 5, "last": 2}]), "ends before"),
        ("nowhere", _answered(comments=[{**comment, "take": None}]), "should name its take"),
        ("long", _answered(comments=[{**comment, "text": "x" * 9000}]), "“text”"),
        ("many", _answered(comments=[comment] * 900), "more than"),
        ("state", _answered(overrides=[{"take": 1, "criterion": "ask", "state": "no", "reason": "x"}]), "“state”"),
        ("criterion", _answered(confirmed=[{"take": 1, "criterion": "../x"}]), "can't be an id"),
        ("score", _answered(verdicts=[{"take": 1, "score": 1e9, "passed": True}]), "“score”"),
        ("take", _answered(verdicts=[{"take": 0, "score": 1, "passed": True}]), "“take”"),
        ("later", _answered(schema=3), "later version"),
        ("a-result", lambda world: sealed_result(world.class_, world.learner, world.sent), "is a result, for a coach"),
    ):
        yield Bad(f"answer-{name}", "open", make, told)
    nasty = "\x1b[31m[link=file:///etc/passwd]x[/link]\u202e"
    yield Bad("answer-nasty-comment", "open", _answered(comments=[{**comment, "text": nasty}]), "[link=", True)


# Tables.


def _rosters() -> Iterator[Bad]:
    for name, raw, told in (
        ("empty", b"", "is empty"),
        ("blank", b"\r\n\r\n", "is empty"),
        ("binary", bytes(range(256)) * 10, "UTF-8"),
        ("latin-1", "name\nJürgen\n".encode("latin-1"), "UTF-8"),
        ("nul", b"name\nA\0B\n", "NUL"),
        ("quote-open", b'name\n"A' + b"\n" * 100, "is no CSV"),
        ("quote-inside", b'name\n"A"b"\n', "is no CSV"),
        ("columns", b"name\n" + b"," * 100 + b"\n", "columns"),
        ("cell-endless", b"name\n" + b"x" * 140_000 + b"\n", "no CSV"),
        ("large", b"name\n" + b"x\n" * 1_500_000, "larger than"),
        ("separator-quote", b'sep=""\nname\n', "Nobody was found"),
        ("headings-alone", b"name;email\n", "Nobody was found"),
        ("formulas-alone", b"name\n=1+1\n@SUM(A1)\n", "is a formula"),
    ):
        yield Bad(f"roster-{name}", "roster", lambda world, raw=raw: raw, told)  # type: ignore[misc]


__all__ = ["Bad", "World", "cases"]
