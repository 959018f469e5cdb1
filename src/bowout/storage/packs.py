"""Scenario packs on disk: a folder with ``pack.yaml`` and one YAML file a scenario.

YAML 1.2 is read without implicit types (``10:30`` and ``no`` stay what they are), with limits on size and depth, and
without aliases; every problem comes with its file, line and column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.core import scenario as scenarios
from bowout.core.document import Mapped, Node, Problem, Problems
from bowout.core.scenario import Scenario
from bowout.errors import InputError

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node as YamlNode

MAX_BYTES = 256 * 1024
"""Of one YAML file; the longest shipped scenario has 6 KB."""
MAX_DEPTH = 12
PACK_SCHEMA = "1"


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of scenarios that belong together."""

    id: str
    version: int
    title: str
    description: str
    scenarios: tuple[Scenario, ...]


class PackError(InputError):
    """A pack that can't be used; ``problems`` holds everything that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{first.file}:{first.line}:{first.column}: {first.message}{more}", first.hint)
        self.problems = tuple(problems)


def load_pack(folder: Path) -> Pack:
    """Read a whole pack.

    Raises:
        PackError: with every problem of every file in it.
    """
    problems: list[Problem] = []
    path = folder / "pack.yaml"
    found = Problems(str(path))
    raw = _bytes(path, found)
    node = None if raw is None else _parse(raw, found)
    problems += found.found
    if node is None:
        raise PackError(problems)
    top = Mapped(node, found, ("schema", "id", "version", "title", "description", "scenarios"), "A pack")
    if top.text("schema") not in ("", PACK_SCHEMA):
        found.add(top.at("schema"), "This schema is not known here.", f"This version reads {PACK_SCHEMA}.")
    pack_id = top.text("id")
    made: list[Scenario] = []
    for entry in top.items("scenarios"):
        name = entry.value if isinstance(entry.value, str) else ""
        if not name or Path(name).name != name or name.startswith("."):
            found.add(entry, f"“{name}” is no scenario's file name.", "Name files of this folder without “.yaml”.")
            continue
        file = folder / f"{name}.yaml"
        if not file.is_file():
            found.add(entry, f"There is no file {file.name} in this folder.")
            continue
        inner = Problems(str(file))
        content = _bytes(file, inner)
        document = None if content is None else _parse(content, inner)
        if content is not None and document is not None:
            read = scenarios.read(document, inner)
            if read is not None:
                made.append(replace(read, sha256=hashlib.sha256(content).hexdigest(), pack=pack_id))
        problems += inner.found
    version = top.whole("version", 1, 1, 10_000)
    pack = Pack(pack_id, version, top.text("title"), top.text("description", ""), tuple(made))
    problems = [*found.found, *problems]
    if problems:
        raise PackError(problems)
    return pack


def load_all(root: Path) -> tuple[Pack, ...]:
    """Every pack below ``root``, by folder name; the essentials come first."""
    folders = sorted(p.parent for p in root.glob("*/pack.yaml"))
    if not folders:
        raise InputError(f"There are no scenarios in {root}.", "The installation is incomplete; install bowout again.")
    return tuple(load_pack(f) for f in sorted(folders, key=lambda f: (f.name != "essentials", f.name)))


def _bytes(path: Path, problems: Problems) -> bytes | None:
    """The whole file, or ``None`` with a problem reported."""
    start = Node("", 1, 1)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        problems.add(start, f"The file can't be read: {error.strerror}.")
        return None
    if len(raw) > MAX_BYTES:
        problems.add(start, f"The file is larger than {MAX_BYTES // 1024} KB.")
        return None
    return raw


def _parse(raw: bytes, problems: Problems) -> Node | None:
    """The document's tree, or ``None`` with a problem reported."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.add(Node("", line, 1), "The file is not UTF-8.", "Save it as UTF-8 in your editor.")
        return None
    return parse_yaml(text, problems)


def parse_yaml(text: str, problems: Problems) -> Node | None:
    """A tree of strings, lists and mappings out of YAML text; ``None`` with a problem reported."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    try:
        root: Any = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        at = Node("", mark.line + 1, mark.column + 1) if mark else Node("", 1, 1)
        problems.add(at, f"This is not YAML: {error.problem or error.context}.")
        return None
    except (YAMLError, RecursionError, ValueError) as error:
        problems.add(Node("", 1, 1), f"This is not YAML: {str(error).splitlines()[0] if str(error) else 'too deep'}.")
        return None
    if root is None:
        problems.add(Node("", 1, 1), "The file is empty.")
        return None
    return _convert(root, problems, 0, set())


def _convert(node: YamlNode, problems: Problems, depth: int, seen: set[int]) -> Node | None:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    at = Node("", node.start_mark.line + 1, node.start_mark.column + 1)
    if depth > MAX_DEPTH:
        problems.add(at, f"Nested more than {MAX_DEPTH} levels deep.")
        return None
    if id(node) in seen:
        problems.add(at, "Aliases (“*name”) are not read here.", "Write the text out.")
        return None
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        text = str(node.value)
        bad = next((c for c in text if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0), None)
        if bad is not None:
            problems.add(at, f"A control character (U+{ord(bad):04X}) is in this text.")
            return None
        return Node(text, at.line, at.column)
    if isinstance(node, SequenceNode):
        entries = [_convert(child, problems, depth + 1, seen) for child in node.value]
        return Node([e for e in entries if e is not None], at.line, at.column)
    if isinstance(node, MappingNode):
        mapping: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                problems.add(at, "A key should be a plain word.")
                continue
            child = _convert(value, problems, depth + 1, seen)
            if key.value in mapping:
                twice = Node("", key.start_mark.line + 1, key.start_mark.column + 1)
                problems.add(twice, f"“{key.value}” is there twice.")
            elif child is not None:
                mapping[str(key.value)] = child
        return Node(mapping, at.line, at.column)
    problems.add(at, "This kind of YAML value is not read here.")
    return None
