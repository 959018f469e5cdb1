"""Packs: ``pack.yaml`` and one YAML file a scenario or drill, from a folder or out of an archive.

Whatever is wrong is collected, all of it, each with its file, line and column.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeVar

from bowout.core import scenario as scenarios
from bowout.core.document import Mapped, Node, Problem, Problems, shown
from bowout.core.drills import Drill
from bowout.core.scenario import Scenario
from bowout.errors import InputError
from bowout.storage.yaml_reader import MAX_BYTES, decode, parse_yaml

PACK_FILE = "pack.yaml"
PACK_SCHEMA = "1"
PACK_KEYS = ("schema", "id", "version", "title", "description", "author", "license", "scenarios", "drills")
DRILL_SUFFIX = ".drill.yaml"
"""How a drill's file ends; scenarios end with ``.yaml``."""
EXTRAS = ("LICENSE", "README.md")
"""Files beside the scenarios that travel with a pack."""
MAX_SCENARIOS = 200
MAX_DRILLS = 50
MAX_PACK_BYTES = 4 * 1024 * 1024
"""Of all files together."""
MAX_ID = 64
"""Characters of a pack's id and of a scenario's file name."""
MOST_PROBLEMS = 300
"""Problems of a whole pack after which no further file is read."""

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})
"""Names that no file can have on Windows, whatever comes after the dot."""
_START = Node("", 1, 1)


_Part = TypeVar("_Part", Scenario, Drill)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scenario or a drill was read from."""

    file: str
    """Its name within the pack."""
    place: str
    """How a problem names it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Scenarios and drills that belong together."""

    id: str
    version: int
    title: str
    description: str
    scenarios: tuple[Scenario, ...]
    author: str = ""
    license: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Every file that belongs to it, as it was read."""
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    """By the id of the scenario."""
    drills: tuple[Drill, ...] = ()
    drill_sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    """By the id of the drill."""


class PackError(InputError):
    """A pack that can't be used; ``problems`` holds everything that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{first.file}:{first.line}:{first.column}: {first.message}{more}", first.hint)
        self.problems = tuple(problems)


class Files(Protocol):
    """Where a pack's files come from."""

    def place(self, name: str) -> str:
        """How a problem names the file."""

    def there(self, name: str) -> bool: ...

    def read(self, name: str, problems: Problems) -> bytes | None:
        """The file, or ``None`` with a problem reported. At most ``MAX_BYTES``."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a folder."""

    folder: Path

    def place(self, name: str) -> str:
        return str(self.folder / name)

    def there(self, name: str) -> bool:
        return (self.folder / name).exists()

    def read(self, name: str, problems: Problems) -> bytes | None:
        path = self.folder / name
        try:
            # Opening a pipe would wait for somebody who writes into it.
            if not stat.S_ISREG(path.stat().st_mode):
                problems.add(_START, "This is no ordinary file.")
                return None
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except OSError as error:
            problems.add(_START, f"The file can't be read: {error.strerror}.")
            return None
        return raw


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of an archive, read already."""

    archive: str
    contents: Mapping[str, bytes]

    def place(self, name: str) -> str:
        return f"{self.archive}/{name}"

    def there(self, name: str) -> bool:
        return name in self.contents

    def read(self, name: str, problems: Problems) -> bytes | None:
        if name not in self.contents:
            problems.add(_START, "The file is not there.")
        return self.contents.get(name)


def load_pack(folder: Path) -> Pack:
    """The pack in a folder.

    Raises:
        PackError: with every problem of every file in it.
    """
    return read_pack(Folder(folder))


def load_all(root: Path) -> tuple[Pack, ...]:
    """Every pack below ``root``, by folder name; the essentials come first."""
    return tuple(load_pack(folder) for folder in pack_folders(root))


def pack_folders(root: Path) -> list[Path]:
    """The folders below ``root`` that hold a pack; the essentials come first. Raises ``InputError`` without any."""
    folders = sorted(p.parent for p in root.glob(f"*/{PACK_FILE}"))
    if not folders:
        raise InputError(f"There are no scenarios in {root}.", "The installation is incomplete; install bowout again.")
    return sorted(folders, key=lambda f: (f.name != "essentials", f.name))


def read_pack(files: Files) -> Pack:
    """Read and check a whole pack. Raises ``PackError`` with every problem of every file."""
    return _Reader(files).pack()


def is_name(text: str) -> bool:
    """Can it be a pack's id, or a file's name without ``.yaml`` or ``.drill.yaml``, on every system?"""
    return len(text) <= MAX_ID and ID.fullmatch(text) is not None and text not in _DEVICES


def unlisted(pack: Pack, folder: Path) -> list[str]:
    """YAML files of a pack's folder that its ``pack.yaml`` does not name."""
    return sorted(path.name for path in folder.glob("*.yaml") if path.name not in pack.files)


class _Reader:
    """Reads one pack."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._problems: list[Problem] = []
        self._contents: dict[str, bytes] = {}
        self._sources: dict[str, Source] = {}
        self._drill_sources: dict[str, Source] = {}
        self._named = 0
        """Entries of “scenarios” and “drills”."""

    def pack(self) -> Pack:
        found = Problems(self._files.place(PACK_FILE))
        document = self._document(PACK_FILE, found)
        if document is None:
            raise PackError(found.found)
        top = Mapped(document, found, PACK_KEYS, "A pack")
        if top.text("schema") not in ("", PACK_SCHEMA):
            found.add(top.at("schema"), "This schema is not known here.", f"This version reads {PACK_SCHEMA}.")
        identity = top.text("id")
        if identity and not is_name(identity):
            hint = f"Use lower-case words joined by hyphens, at most {MAX_ID} characters."
            found.add(top.at("id"), f"“{shown(identity)}” can't be an id.", hint)
        pack = Pack(
            id=identity,
            version=top.whole("version", 1, 1, 10_000),
            title=top.text("title", longest=100),
            description=top.text("description", "", longest=500),
            scenarios=tuple(
                replace(scenario, pack=identity)
                for file in self._listed(top, "scenarios", ".yaml", MAX_SCENARIOS)
                if (scenario := self._scenario(file)) is not None
            ),
            author=top.text("author", "", longest=100),
            license=top.text("license", "", longest=100),
            files=self._contents,
            sources=self._sources,
            drills=tuple(
                replace(drill, pack=identity)
                for file in self._listed(top, "drills", DRILL_SUFFIX, MAX_DRILLS)
                if (drill := self._drill(file)) is not None
            ),
            drill_sources=self._drill_sources,
        )
        if not self._named:
            found.add(top.at("scenarios"), "A pack needs at least one scenario.", "Name its file in “scenarios”.")
        for name in EXTRAS:
            self._extra(name)
        problems = [*found.found, *self._problems]
        if problems:
            raise PackError(problems)
        return pack

    def _listed(self, top: Mapped, key: str, suffix: str, most: int) -> Iterator[str]:
        """The files that ``pack.yaml`` names, those that can't be read reported."""
        what = key.removesuffix("s")
        for entry in top.items(key, most=most):
            self._named += 1
            name = entry.value if isinstance(entry.value, str) else ""
            file = f"{name}{suffix}"
            if not is_name(name) or file == PACK_FILE:
                hint = f"Name files of this folder without “{suffix}”: lower-case words joined by hyphens."
                top.problems.add(entry, f"“{shown(name)}” is no {what}'s file name.", hint)
            elif file in self._contents:
                top.problems.add(entry, f"“{name}” is there twice.")
            elif not self._files.there(file):
                top.problems.add(entry, f"There is no file {file} in this folder.")
            elif len(self._problems) >= MOST_PROBLEMS:
                top.problems.add(entry, "This file and those after it were not read.", "Mend the others first.")
                return
            else:
                yield file

    def _scenario(self, file: str) -> Scenario | None:
        return self._part(file, scenarios.read, self._sources)

    def _drill(self, file: str) -> Drill | None:
        from bowout.core import drills_reading  # here: most packs have none

        return self._part(file, drills_reading.read, self._drill_sources)

    def _part(
        self, file: str, read: Callable[[Node, Problems], _Part | None], sources: dict[str, Source]
    ) -> _Part | None:
        problems = Problems(self._files.place(file))
        document = self._document(file, problems)
        part = None if document is None else read(document, problems)
        if document is not None and part is not None:
            if part.id in sources:
                at = document.value["id"] if isinstance(document.value, dict) else document
                problems.add(at, f"“{part.id}” is the id of {sources[part.id].file}, too.", "Choose another.")
            sources[part.id] = Source(file, problems.file)
            part = replace(part, sha256=hashlib.sha256(self._contents[file]).hexdigest())
        self._problems += problems.found
        return part

    def _document(self, file: str, problems: Problems) -> Node | None:
        raw = self._files.read(file, problems)
        text = None if raw is None else decode(raw, problems)
        if raw is None or text is None or not self._keep(file, raw, problems):
            return None
        return parse_yaml(text, problems)

    def _extra(self, name: str) -> None:
        if not self._files.there(name):
            return
        problems = Problems(self._files.place(name))
        raw = self._files.read(name, problems)
        if raw is not None and decode(raw, problems) is not None:
            self._keep(name, raw, problems)
        self._problems += problems.found

    def _keep(self, file: str, raw: bytes, problems: Problems) -> bool:
        if sum(map(len, self._contents.values())) + len(raw) > MAX_PACK_BYTES:
            problems.add(_START, f"With this file the pack is larger than {MAX_PACK_BYTES // 2**20} MB.")
            return False
        self._contents[file] = raw
        return True


__all__ = [
    "DRILL_SUFFIX",
    "EXTRAS",
    "MAX_DRILLS",
    "MAX_PACK_BYTES",
    "MAX_SCENARIOS",
    "PACK_FILE",
    "Files",
    "Folder",
    "Pack",
    "PackError",
    "Source",
    "Unpacked",
    "is_name",
    "load_all",
    "load_pack",
    "pack_folders",
    "parse_yaml",
    "read_pack",
    "unlisted",
]
