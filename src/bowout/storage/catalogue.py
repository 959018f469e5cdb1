"""Every scenario and drill there is, shipped and installed, read at once from one small index; the scenarios themselves
one by one, when they are asked for.

The index and the compiled scenarios beside it lie in the cache: they may be thrown away at any time. A source carries
a stamp (names, sizes, times of change); what has another stamp, or is not in the index, is read from its YAML again.
A pack that can't be read is left out, and the index remembers why.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout import __version__
from bowout.core.cards import PackCard, ScenarioCard, card, find, told_apart
from bowout.core.scenario import Scenario
from bowout.errors import BowoutError, InputError
from bowout.storage.atomic import write_atomic
from bowout.storage.compiled import Misfit, fingerprint, from_json, to_json

if TYPE_CHECKING:
    from bowout.core.drills import Drill

_log = logging.getLogger(__name__)

INDEX = "index.json"
_FORM = 2
"""Of the index and of the files beside it."""
Stamp = list[list[Any]]
"""``[name, bytes, nanoseconds of its last change]`` of each file."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A pack that is there and can't be used."""

    pack: str
    place: str
    why: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where the compiled form of a scenario lies."""

    file: str
    offset: int
    length: int
    crc: int


@dataclass(slots=True)
class _Source:
    """A pack's folder or archive, and what is known of it."""

    place: str
    shipped: bool
    stamp: Stamp
    pack: PackCard | None = None
    why: str = ""
    """It can't be used: a sentence."""
    cards: list[ScenarioCard] = field(default_factory=list)
    kept: list[_Kept] = field(default_factory=list)
    drills: list[dict[str, Any]] = field(default_factory=list)
    """Compiled; there are few, and they are small."""
    fresh: tuple[Scenario, ...] = ()
    """Read from its files just now, and not kept yet."""


class Catalogue:
    """Packs and scenarios of this machine. Nothing is read before it is asked for; safe for several threads."""

    def __init__(self, shipped: Path, installed: Path, cache: Path) -> None:
        """Args:
        shipped: the folder with a folder for each pack of the program.
        installed: the folder with the user's ``.bowpack`` files; it need not exist.
        cache: a folder of the catalogue's own; it need not exist.
        """
        self._shipped = shipped
        self._installed = installed
        self._cache = cache
        self._lock = threading.RLock()
        self._sources: list[_Source] | None = None
        self._cards: tuple[ScenarioCard, ...] = ()

    @property
    def scenarios(self) -> Sequence[ScenarioCard]:
        """All of them, in the order to show them: the essentials, the other packs of the program, the user's."""
        self._look()
        return self._cards

    @property
    def packs(self) -> list[PackCard]:
        """Those that can be used, in the same order."""
        return [source.pack for source in self._look() if source.pack is not None]

    @property
    def drills(self) -> list[Drill]:
        """Every drill, in the same order."""
        from bowout.core.drills import Drill, told_apart

        sources = self._look()
        with self._lock:
            return told_apart(from_json(Drill, entry) for source in sources for entry in source.drills)

    @property
    def left_out(self) -> list[LeftOut]:
        """Those that can't."""
        return [
            LeftOut(Path(source.place).name.removesuffix(".bowpack"), source.place, source.why)
            for source in self._look()
            if source.pack is None
        ]

    def scenario(self, name: str | None) -> Scenario:
        """The scenario with this id or ``pack/id``; the first one for ``None``.

        Raises:
            UsageError: there is none.
            InputError: its pack has become unreadable.
        """
        sources = self._look()
        wanted = find(self._cards, name)
        with self._lock:
            for source in sources:
                for number, entry in enumerate(source.cards):
                    if (entry.pack, entry.id) == (wanted.pack, wanted.id):
                        return self._load(source, number)
        raise AssertionError("every card has a source")

    def refresh(self) -> None:
        """Look again at the disk: a pack came or went."""
        with self._lock:
            self._sources = None

    # Looking.

    def _look(self) -> list[_Source]:
        with self._lock:
            if self._sources is None:
                sources = self._read()
                self._cards = told_apart(entry for source in sources for entry in source.cards)
                if not self._cards:
                    raise InputError(
                        f"There are no scenarios in {self._shipped}.",
                        "The installation is incomplete; install bowout again.",
                    )
                self._sources = sources
            return self._sources

    def _read(self) -> list[_Source]:
        known = {source.place: source for source in self._indexed()}
        sources, changed = [], False
        for there in self._there():
            source = known.pop(there.place, None)
            if source is None or (source.stamp, source.shipped) != (there.stamp, there.shipped):
                source, changed = _compiled(there), True
            sources.append(source)
        if changed or known:
            self._keep(sources)
        own = {source.pack.id for source in sources if source.shipped and source.pack is not None}
        return [_unless_shipped(source, own) for source in sources]

    def _there(self) -> Iterable[_Source]:
        from bowout.storage.packs import pack_folders

        for folder in pack_folders(self._shipped):
            yield _Source(str(folder), True, _stamp(sorted(folder.glob("*.yaml"))))
        for path in sorted(self._installed.glob("*.bowpack")):
            yield _Source(str(path), False, _stamp([path]))

    # One scenario.

    def _load(self, source: _Source, number: int) -> Scenario:
        if source.fresh:
            return source.fresh[number]
        try:
            return self._compiled_scenario(source.kept[number])
        except (OSError, ValueError, IndexError) as error:
            _log.warning("a compiled scenario can't be used and is made again: %s", error)
        entry = source.cards[number]
        again = _compiled(source)
        if again.pack is None:
            raise InputError(f"The pack “{entry.pack}” can't be read any more: {again.why}", "See: bowout pack list")
        self._forget()
        for scenario in again.fresh:
            if scenario.id == entry.id:
                return scenario
        raise InputError(f"The pack “{entry.pack}” has no scenario “{entry.id}” any more.", "See: bowout pack list")

    def _compiled_scenario(self, kept: _Kept) -> Scenario:
        with (self._cache / kept.file).open("rb") as file:
            file.seek(kept.offset)
            line = file.read(kept.length)
        if zlib.crc32(line) != kept.crc:
            raise Misfit(f"{kept.file} is damaged")
        return from_json(Scenario, json.loads(line))

    # The index.

    def _indexed(self) -> list[_Source]:
        """What the index knows; nothing if it is missing, damaged, or made by another version."""
        try:
            digest, _, body = (self._cache / INDEX).read_bytes().partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                _log.warning("the index of scenarios is damaged and is made again")
                return []
            whole = json.loads(body)
            return [_from_row(row) for row in whole["sources"]] if whole["made_by"] == _made_by() else []
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the index of scenarios can't be read and is made again: %s", error)
            return []

    def _keep(self, sources: list[_Source]) -> None:
        """Write what was compiled, and the index. Never fails: what can't be kept is compiled again the next time."""
        lines = bytearray()
        places: list[tuple[_Source, list[tuple[int, int, int]]]] = []
        for source in sources:
            if not source.fresh:
                continue
            spans = []
            for scenario in source.fresh:
                line = json.dumps(to_json(scenario), separators=(",", ":")).encode()
                spans.append((len(lines), len(line), zlib.crc32(line)))
                lines += line + b"\n"
            places.append((source, spans))
        name = f"{hashlib.sha256(lines).hexdigest()[:16]}.jsonl"
        for source, spans in places:
            source.kept = [_Kept(name, *span) for span in spans]
        body = json.dumps(
            {"made_by": _made_by(), "sources": [_row(source) for source in sources]}, separators=(",", ":")
        ).encode()
        try:
            if lines:
                write_atomic(self._cache / name, bytes(lines))
            write_atomic(self._cache / INDEX, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            used = {kept.file for source in sources for kept in source.kept}
            for path in self._cache.glob("*.jsonl"):
                if path.name not in used:
                    path.unlink(missing_ok=True)
        except (BowoutError, OSError) as error:
            _log.warning("the index of scenarios can't be kept: %s", error)
            return
        for source in sources:
            source.fresh = ()

    def _forget(self) -> None:
        try:
            (self._cache / INDEX).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the index of scenarios can't be removed: %s", error)


def _stamp(paths: Iterable[Path]) -> Stamp:
    found = []
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            found.append([path.name, -1, -1])  # what is wrong with it is told when it is read
        else:
            found.append([path.name, stat.st_size, stat.st_mtime_ns])
    return found


def _compiled(source: _Source) -> _Source:
    """The source with everything in it, read from its files."""
    from bowout.storage.pack_store import open_installed
    from bowout.storage.packs import load_pack

    place = Path(source.place)
    try:
        pack = load_pack(place) if source.shipped else open_installed(place)
    except InputError as error:
        return _Source(source.place, source.shipped, source.stamp, why=error.sentence())
    about = PackCard(
        pack.id, pack.version, pack.title, pack.description, pack.author, pack.license, source.shipped, source.place
    )
    return _Source(
        source.place,
        source.shipped,
        source.stamp,
        pack=about,
        cards=[card(scenario) for scenario in pack.scenarios],
        drills=[to_json(drill) for drill in pack.drills],
        fresh=pack.scenarios,
    )


def _unless_shipped(source: _Source, own: set[str]) -> _Source:
    """A pack of the user's that has the id of one of the program's is left out."""
    if source.shipped or source.pack is None or source.pack.id not in own:
        return source
    why = f"Bow Out brings a pack “{source.pack.id}” of its own. Remove this one: bowout pack remove {source.pack.id}"
    return _Source(source.place, source.shipped, source.stamp, why=why)


def _made_by() -> list[Any]:
    """What decides how a file is read: a scenario compiled by another version is compiled again.

    The readers' own files count, too, so that nobody who works on them is shown what an earlier state let through.
    """
    from bowout.core.drills import Drill

    package = Path(__file__).parents[1]
    readers = [*(package / "core").glob("*.py"), *(package / "core" / "marking").glob("*.*")]
    readers += [package / "storage" / f"{name}.py" for name in ("packs", "yaml_reader", "bowpack")]
    seen = hashlib.sha256(json.dumps(_stamp(sorted(readers))).encode()).hexdigest()
    return [_FORM, __version__, fingerprint(Scenario), fingerprint(Drill), seen]


def _row(source: _Source) -> dict[str, Any]:
    return {
        "place": source.place,
        "shipped": source.shipped,
        "stamp": source.stamp,
        "pack": None if source.pack is None else astuple(source.pack),
        "why": source.why,
        "cards": [astuple(entry) for entry in source.cards],
        "kept": [astuple(kept) for kept in source.kept],
        "drills": source.drills,
    }


def _from_row(row: dict[str, Any]) -> _Source:
    cards: list[list[Any]] = [[tuple(v) if isinstance(v, list) else v for v in entry] for entry in row["cards"]]
    return _Source(
        row["place"],
        row["shipped"],
        row["stamp"],
        None if row["pack"] is None else PackCard(*row["pack"]),
        row["why"],
        [ScenarioCard(*entry) for entry in cards],
        [_Kept(*kept) for kept in row["kept"]],
        row["drills"],
    )


def cache_folder(root: Path) -> Path:
    """The catalogue's folder below the cache's."""
    return root / "scenarios"


__all__ = ["Catalogue", "LeftOut", "cache_folder"]
