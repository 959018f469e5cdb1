"""Bad packs: for each, how to make it and a part of the sentence that must answer it.

Made and not stored: an archive with a path that leads out of its folder, or a file that is 250 KB of brackets, is
better read as code than kept as bytes.
"""

from __future__ import annotations

import os
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from adapters.pack_files import (
    PACK,
    SCENARIO,
    Entry,
    Zip,
    entries_of,
    manifest_of,
    pack_files,
    write_folder,
    zip_of,
)

NEARLY_ALL = 256 * 1024 - 200
"""Bytes of a file that is just not too large."""


class Bad(NamedTuple):
    name: str
    make: Callable[[Path], Path]
    """Makes it below a folder of its own and says where it is."""
    told: str


def cases() -> Iterator[Bad]:
    """All of them."""
    yield from _yaml_cases()
    yield from _folder_cases()
    yield from _zip_cases()


# Folders with a bad file.


def _yaml_cases() -> Iterator[Bad]:
    n = NEARLY_ALL
    laugh = "".join(f"x{i + 1}: &x{i + 1} [{', '.join([f'*x{i}'] * 10)}]\n" for i in range(9))
    for name, text, told in (
        ("alias", "script: &s [x]\nfacts: *s\n", "Aliases (“*s”) are not read here"),
        ("anchor", SCENARIO.replace("title: Your", "title: &t Your"), "Anchors (“&t”) are not read here"),
        ("billion-laughs", "x0: &x0 [lol]\n" + laugh, "Aliases (“*x0”)"),
        ("merge", "a: &a {b: c}\nd:\n  <<: *a\n", "Aliases (“*a”)"),
        ("alias-to-itself", "&a [*a]", "Aliases (“*a”)"),
        ("tag-python", "!!python/object/apply:os.system ['touch /tmp/x']\n", "Tags (“tag:yaml.org,2002:python/object"),
        ("tag-binary", "title: !!binary aGVsbG8=\n", "Tags (“tag:yaml.org,2002:binary”)"),
        ("tag-own", "title: !include /etc/passwd\n", "Tags (“!include”)"),
        ("documents", SCENARIO + "---\n" + SCENARIO, "Several documents in one file"),
        ("documents-many", "--- a\n" * (n // 6), "Several documents in one file"),
        ("directive", "%YAML 1.1\n---\n" + SCENARIO, "Directives"),
        ("directive-tag", "%TAG ! tag:evil.example,2000:\n---\n" + SCENARIO, "Directives"),
        ("key-twice", SCENARIO + "title: Another\n", "“title” is there twice"),
        ("key-complex", "? [a, b]\n: c\n", "A key should be a plain word"),
        ("key-complex-many", "? [a]\n: b\n" * (n // 10), "A key should be a plain word"),
        ("flow-open", "a: " + "[" * n, "levels deep"),
        ("flow-closed", "a: " + "[" * (n // 2) + "]" * (n // 2), "levels deep"),
        ("flow-mappings", "a: " + "{" * n, "levels deep"),
        ("flow-mappings-keyed", "{a: " * (n // 4), "levels deep"),
        ("block-sequences", "- " * (n // 2), "levels deep"),
        ("question-marks", "? " * (n // 2), "levels deep"),
        ("colons", ": " * (n // 2), "levels deep"),
        ("indents", "".join(" " * i + "a:\n" for i in range(700)), "levels deep"),
        ("nodes-list", "a: [" + "a," * (n // 2) + "]", "more than 6000 values"),
        ("nodes-keys", "".join(f"k{i}: v\n" for i in range(n // 11)), "more than 6000 values"),
        ("nodes-flow-keys", "[" + "? a," * (n // 4) + "]", "more than 6000 values"),
        ("key-twice-many", "{" + "a: 1," * (n // 5) + "}", "“a” is there twice"),
        ("anchors-many", "".join(f"k{i}: &a{i} x\n" for i in range(n // 20)), "Anchors"),
        ("anchor-long", "a: &" + "x" * n, "Anchors"),
        ("tags-many", "a: [" + "!a b, " * (n // 6) + "]", "Tags (“!a”)"),
        ("text-long", f"title: {'x' * n}\n", "characters is too long"),
        ("text-long-quoted", 'title: "' + "\\n" * (n // 2) + '"', "characters is too long"),
        ("text-long-folded", "title: >\n" + "  x\n" * (n // 4), "characters is too long"),
        ("quote-open", 'title: "' + "x " * (n // 2), "This is not YAML"),
        ("quote-open-lines", "title: '" + "x\n" * (n // 2), "This is not YAML"),
        ("list-open", "a: [" + "a " * (n // 2), "This is not YAML"),
        ("comments", "#\n" * (n // 2), "The file is empty"),
        ("blank", "\n" * n, "The file is empty"),
        ("spaces", " " * n, "The file is empty"),
        ("tabs", "\t" * n, "This is not YAML"),
        ("no-character", 'title: "\\UFFFFFFFF"', "names no character"),
        ("half-a-character", 'title: "\\ud800"', "Half a character (U+D800)"),
        ("escape", "title: \x1b[2J\n", "A control character (U+001B)"),
        ("escape-quoted", 'title: "\\e]0;x\\a"\n', "A control character (U+001B)"),
        ("c1", "title: \x9b2J\n", "A control character (U+009B)"),
        ("line-separator", "title: a\u2028b\n", "A control character (U+2028)"),
        ("bidi", "title: \u202eabc\n", "turns the direction of writing (U+202E)"),
        ("bidi-isolate", "title: a\u2066b\n", "turns the direction of writing (U+2066)"),
        ("bidi-quoted", 'title: "\\u202e"\n', "turns the direction of writing (U+202E)"),
        ("a-text", "hello\n", "A scenario should be a mapping, not a text"),
        ("a-list", "- a\n- b\n", "A scenario should be a mapping, not a list"),
        ("nothing-in-it", "{}\n", "“title” is missing"),
        ("unknown-key", SCENARIO + "tilte: x\n", "has no “tilte”. Did you mean “title”?"),
        ("unknown-keys", "".join(f"title{i}: x\n" for i in range(2900)), "has no “title0”"),
        ("later-schema", SCENARIO.replace("schema: 1", "schema: 2"), "This schema is not known here"),
        ("steps-wrong", SCENARIO.replace("go: slot", "go: " + "s" * 500), "There is no step “sss"),
        ("line-long", SCENARIO.replace("Good. Until then.", "x" * 500), "too long to listen to"),
        ("facts-grow", _growing_facts(), "With its blanks filled this text may have"),
        ("fact-of-itself", SCENARIO.replace("caller: Sam Lee", 'caller: "{caller}{caller}"'), "caller"),
    ):
        yield Bad(f"yaml-{name}", _scenario(text.encode("utf-8", "surrogatepass")), told)
    for name, raw, told in (
        ("utf-16", b"\xff\xfe" + SCENARIO.encode("utf-16-le"), "The file is UTF-16"),
        ("utf-16-be", b"\xfe\xff" + SCENARIO.encode("utf-16-be"), "The file is UTF-16"),
        ("utf-32", b"\xff\xfe\0\0" + SCENARIO.encode("utf-32-le"), "The file is UTF-32"),
        ("utf-16-unmarked", SCENARIO.encode("utf-16-le"), "NUL bytes"),
        ("latin-1", SCENARIO.replace("Maria", "Mária").encode("latin-1"), "The file is not UTF-8"),
        ("surrogate-bytes", b"title: \xed\xa0\x80\n", "The file is not UTF-8"),
        ("overlong", b"title: \xc0\xaf\n", "The file is not UTF-8"),
        ("nul", b"title: a\0b\n", "NUL bytes"),
        ("binary", bytes(range(256)) * 100, "NUL bytes"),
        ("too-large", b"title: x\n" + b"# comment\n" * 30_000, "larger than 256 KB"),
    ):
        yield Bad(f"yaml-{name}", _scenario(raw), told)


def _growing_facts() -> str:
    """Each fact is ten times the one above it."""
    facts = ["a0: " + "x" * 100] + [f'a{i}: "{f"{{a{i - 1}}}" * 10}"' for i in range(1, 12)]
    return SCENARIO.replace("facts:\n", "facts:\n  " + "\n  ".join(facts) + "\n")


def _scenario(raw: bytes) -> Callable[[Path], Path]:
    return lambda root: write_folder(root / "pack", pack_files(one=raw))


def _pack(text: str) -> Callable[[Path], Path]:
    return lambda root: write_folder(root / "pack", pack_files(pack=text))


def _folder_cases() -> Iterator[Bad]:
    def named(*names: str) -> Callable[[Path], Path]:
        return _pack(PACK.replace("[one, two]", f"[{', '.join(names)}]"))

    for name, make, told in (
        ("traversal", named("one", "'../../x'"), "“../../x” is no scenario's file name"),
        ("absolute", named("/etc/passwd"), "“/etc/passwd” is no scenario's file name"),
        ("backslash", named("'..\\x'"), "is no scenario's file name"),
        ("hidden", named("'.one'"), "“.one” is no scenario's file name"),
        ("device", named("nul"), "“nul” is no scenario's file name"),
        ("upper-case", named("One"), "“One” is no scenario's file name"),
        ("itself", named("pack"), "“pack” is no scenario's file name"),
        ("twice", named("one", "one"), "“one” is there twice"),
        ("missing", named("three"), "There is no file three.yaml"),
        ("none", named(), "A pack needs at least one scenario"),
        ("too-many", named(*(f"s{i}" for i in range(201))), "At most 200"),
        ("too-many-by-far", named(*(f"s{i}" for i in range(5900))), "At most 200"),
        ("id-path", _pack(PACK.replace("id: samples", "id: ../../samples")), "“../../samples” can't be an id"),
        ("id-device", _pack(PACK.replace("id: samples", "id: con")), "“con” can't be an id"),
        ("id-long", _pack(PACK.replace("id: samples", "id: " + "a" * 65)), "can't be an id"),
        ("later-schema", _pack(PACK.replace("schema: 1", "schema: 7")), "This schema is not known here"),
        ("version", _pack(PACK.replace("version: 1", "version: 1e9")), "“version” is “1e9”"),
        ("same-id", lambda root: write_folder(root / "pack", pack_files(two=SCENARIO)), "is the id of one.yaml, too"),
        ("no-pack-yaml", lambda root: write_folder(root / "pack", {"one.yaml": SCENARIO.encode()}), "No such file"),
        ("pack-yaml-empty", _pack(""), "The file is empty"),
        ("readme-latin", lambda root: write_folder(root / "pack", {**pack_files(), "README.md": b"\xe9"}), "not UTF-8"),
        ("too-large", _large_folder, "the pack is larger than 4 MB"),
        ("folder-for-file", _special("folder"), "This is no ordinary file"),
        *(
            [("fifo", _special("fifo"), "This is no ordinary file"), ("endless", _special("zero"), "no ordinary file")]
            if os.name == "posix"
            else []
        ),
    ):
        yield Bad(f"folder-{name}", make, told)


def _large_folder(root: Path) -> Path:
    names = [f"s{i}" for i in range(20)]
    big = SCENARIO + "# " + "x" * (250 * 1024)
    files = {f"{name}.yaml": big.replace("id: one", f"id: {name}").encode() for name in names}
    pack = PACK.replace("[one, two]", f"[{', '.join(names)}]")
    return write_folder(root / "pack", {"pack.yaml": pack.encode(), **files})


def _special(kind: str) -> Callable[[Path], Path]:
    def make(root: Path) -> Path:
        folder = write_folder(root / "pack", pack_files(two=None))
        path = folder / "two.yaml"
        if kind == "folder":
            path.mkdir()
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/zero")
        return folder

    return make


# Archives.


def _archive(raw: bytes | Callable[[], bytes]) -> Callable[[Path], Path]:
    def make(root: Path) -> Path:
        root.mkdir(parents=True, exist_ok=True)
        path = root / "bad.bowpack"
        path.write_bytes(raw if isinstance(raw, bytes) else raw())
        return path

    return make


def _with(*more: Entry, files: Mapping[str, bytes] | None = None) -> bytes:
    """An honest archive with further entries in it."""
    return Zip([*more, *entries_of(files or pack_files())]).bytes()


def _changed(name: str, **changes: object) -> bytes:
    """An honest archive in which one entry is different."""
    entries = entries_of(pack_files())
    for entry in entries:
        if entry.name == name.encode():
            for key, value in changes.items():
                setattr(entry, key, value)
    return Zip(entries).bytes()


def _listed(**changes: object) -> bytes:
    """An archive whose manifest is different."""
    files = pack_files()
    whole = {**files, "manifest.json": manifest_of(files, **changes)}
    return Zip([Entry(name.encode(), raw) for name, raw in sorted(whole.items())]).bytes()


def _manifest(raw: bytes) -> bytes:
    whole = {**pack_files(), "manifest.json": raw}
    return Zip([Entry(name.encode(), content) for name, content in sorted(whole.items())]).bytes()


def _deflated(raw: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(raw) + packer.flush()


def _bomb() -> bytes:
    """One entry that would unpack to 200 MB and says so honestly; the sizes of the others are well."""
    packed = _deflated(b"\0" * (200 * 2**20))
    return _with(Entry(b"a.yaml", packed, method=8, size=200 * 2**20))


def _quiet_bomb() -> bytes:
    """The same, and it claims to be small."""
    packed = _deflated(b"\0" * (200 * 2**20))
    return _with(Entry(b"a.yaml", packed, method=8, size=1000))


def _many_bombs() -> bytes:
    """Entries that all share one packed stream."""
    packed = _deflated(b"\0" * (250 * 1024))
    first = Entry(b"a0.yaml", packed, method=8, size=250 * 1024)
    rest = [
        Entry(f"a{i}.yaml".encode(), b"", method=8, size=250 * 1024, packed=len(packed), offset=0)
        for i in range(1, 150)
    ]
    return _with(first, *rest)


def _zip_cases() -> Iterator[Bad]:
    good = zip_of(pack_files())
    files = pack_files()
    composed, decomposed = unicodedata.normalize("NFC", "é.yaml"), unicodedata.normalize("NFD", "é.yaml")
    archives: tuple[tuple[str, bytes | Callable[[], bytes], str], ...] = (
        ("empty", b"", "is no .bowpack"),
        ("text", b"hello\n" * 100, "is no .bowpack"),
        ("gzip", b"\x1f\x8b" + b"\0" * 500, "is no .bowpack"),
        ("end-alone", b"PK\x05\x06" + b"\0" * 18, "is no .bowpack"),
        ("cut", good[:-30], "its end is missing"),
        ("cut-at-start", good[10:], "something before its first file"),
        ("before", b"#!/bin/sh\necho hi\n" + good, "something before its first file"),
        ("behind", good + b"\0" * 100, "something behind its end"),
        ("behind-a-second-archive", good + good, "not laid out as"),
        ("comment", zip_of(files, comment=b"hello"), "something behind its end"),
        ("too-large", good + b"\0" * 5 * 2**20, "larger than 4.5 MB"),
        ("traversal", _with(Entry(b"../evil.yaml", b"x")), "“../evil.yaml” in bad.bowpack leads out of the pack"),
        ("traversal-deep", _with(Entry(b"a/../../evil.yaml", b"x")), "leads out of the pack"),
        ("traversal-windows", _with(Entry(b"a\\..\\..\\evil.yaml", b"x")), "leads out of the pack"),
        ("absolute", _with(Entry(b"/tmp/evil.yaml", b"x")), "is an absolute path"),
        ("drive", _with(Entry(b"C:evil.yaml", b"x")), "is an absolute path"),
        ("drive-root", _with(Entry(b"C:/evil.yaml", b"x")), "is an absolute path"),
        ("share", _with(Entry(b"\\\\host\\share\\evil.yaml", b"x")), "is an absolute path"),
        ("backslash", _with(Entry(b"sub\\evil.yaml", b"x")), "has a backslash"),
        ("nul-in-name", _with(Entry(b"evil.yaml\0.txt", b"x")), "has a NUL in its name"),
        ("folder", _with(Entry(b"sub/", b"")), "is a folder"),
        ("folder-by-mode", _with(Entry(b"sub", b"", mode=0o040755)), "is a folder"),
        ("in-a-folder", _with(Entry(b"sub/evil.yaml", b"x")), "lies in a folder"),
        ("link", _with(Entry(b"link.yaml", b"/etc/passwd", mode=0o120777)), "“link.yaml” in bad.bowpack is a link"),
        ("device", _with(Entry(b"dev.yaml", b"", mode=0o020666)), "is a device"),
        ("pipe", _with(Entry(b"pipe.yaml", b"", mode=0o010666)), "is a device"),
        ("encrypted", _changed("one.yaml", flags=1), "is encrypted"),
        (
            "deflated",
            _changed("one.yaml", raw=_deflated(b"x" * 99), method=8, size=99),
            "compressed",
        ),
        ("bzip2", _changed("one.yaml", method=12), "is compressed"),
        ("method-unknown", _changed("one.yaml", method=99), "is compressed"),
        ("bomb", _bomb, "larger than 256 KB"),
        ("bomb-quiet", _quiet_bomb, "is compressed"),
        ("bomb-shared", _many_bombs, "is compressed"),
        ("size-huge", _changed("one.yaml", size=0xFFFFFFF0, packed=0xFFFFFFF0), "larger than 256 KB"),
        ("size-two", _changed("one.yaml", size=10), "has two lengths"),
        ("size-short", _changed("one.yaml", size=10, packed=10), "damaged"),
        ("sum-wrong", _changed("one.yaml", crc=1), "damaged"),
        ("overlap", _with(Entry(b"a.yaml", b"", size=100, packed=100, offset=0)), "damaged"),
        ("other-local-name", _changed("one.yaml", local_name=b"evil.yaml"), "damaged"),
        ("case", _with(Entry(b"ONE.yaml", b"x")), "clashes with “ONE.yaml”"),
        ("case-sharp-s", _with(Entry("ß.yaml".encode(), b"x", flags=2048), Entry(b"SS.yaml", b"x")), "clashes with"),
        (
            "composed",
            _with(Entry(composed.encode(), b"x", flags=2048), Entry(decomposed.encode(), b"y", flags=2048)),
            "clashes with",
        ),
        ("twice", _with(Entry(b"one.yaml", b"x")), "it is in it twice"),
        ("manifest-twice", _with(Entry(b"manifest.json", b"{}")), "it is in it twice"),
        ("name-upper", _with(Entry(b"Three.yaml", b"x")), "is no file of a pack"),
        ("name-script", _with(Entry(b"setup.py", b"x")), "is no file of a pack"),
        ("name-hidden", _with(Entry(b".bashrc", b"x")), "is no file of a pack"),
        ("name-device", _with(Entry(b"con.yaml", b"x")), "is no file of a pack"),
        ("name-bidi", _with(Entry("a\u202elmay.yaml".encode(), b"x", flags=2048)), "is no file of a pack"),
        ("name-no-utf-8", _with(Entry(b"\xff\xfe.yaml", b"x", flags=2048)), "damaged"),
        ("name-long", _with(Entry(b"a" * 60_000 + b".yaml", b"x")), "is no file of a pack"),
        ("many", _with(*(Entry(f"a{i}.yaml".encode()) for i in range(300))), "holds 304 files"),
        ("count-lies", zip_of(files, count=3), "not laid out as"),
        ("count-huge", zip_of(files, count=65_535), "holds 65535 files"),
        ("disks", zip_of(files, disk=3), "bad.bowpack"),
        ("directory-elsewhere", zip_of(files, directory_shift=5000), "damaged"),
        ("directory-near", zip_of(files, directory_shift=-1), "damaged"),
        ("gap", _changed("two.yaml", gap=b"hidden" * 100), "not laid out as"),
        ("dates", _changed("two.yaml", date=21_000), "not laid out as"),
        ("executable", _changed("two.yaml", mode=0o100755), "not laid out as"),
        ("extra", _changed("two.yaml", extra=struct.pack("<HH", 0x7075, 4) + b"evil"), "bad.bowpack"),
        ("zip64", _changed("two.yaml", extra=struct.pack("<HHQ", 1, 8, 10)), "bad.bowpack"),
        ("descriptor", _changed("two.yaml", flags=8), "not laid out as"),
        ("order", Zip(entries_of(files)[::-1]).bytes(), "not laid out as"),
        ("no-manifest", Zip([Entry(n.encode(), r) for n, r in files.items()]).bytes(), "holds no manifest.json"),
        ("no-pack-yaml", zip_of(pack_files(pack=None)), "holds no pack.yaml"),
        ("manifest-no-json", _manifest(b"\xff{"), "is no JSON"),
        ("manifest-deep", _manifest(b"[" * 200_000), "is no JSON"),
        ("manifest-list", _manifest(b"[]"), "is not one of a pack"),
        ("manifest-number", _manifest(b"1e999"), "is not one of a pack"),
        ("manifest-later", _listed(schema=2), "was made for a later version"),
        ("manifest-schema", _listed(schema=True), "is not one of a pack"),
        ("manifest-no-files", _listed(files=[]), "holds “one.yaml”, which its manifest does not list"),
        ("manifest-no-sums", _listed(files={"one.yaml": 3}), "has no sum for “one.yaml”"),
        ("manifest-lists-more", _listed(files={"x.yaml": {"sha256": "0"}}), "holds “one.yaml”"),
        ("manifest-title", _listed(title="Another"), "not laid out as"),
        ("manifest-more", _listed(more=1), "not laid out as"),
        ("sums-differ", _changed("one.yaml", raw=SCENARIO.replace("Maria", "Marie").encode()), "the sums differ"),
        ("not-named", zip_of(pack_files(three=SCENARIO)), "which its pack.yaml does not name"),
        ("yaml-alias", zip_of(pack_files(one="a: &a [x]\nb: *a\n")), "Aliases (“*a”)"),
        ("yaml-escape", zip_of(pack_files(one=SCENARIO.replace("Your train", "\x1b[2JYour"))), "control character"),
    )
    for name, raw, told in archives:
        yield Bad(f"zip-{name}", _archive(raw), told)


__all__ = ["Bad", "cases"]
