"""Writes new scenarios into folders of the user's: whole or not at all, and over nothing that is there.

A new pack appears in one step, under another name until it is complete. Where a folder is there already, the scenario
is written first and ``pack.yaml`` names it last; what was written before something failed is taken back.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bowout import paths
from bowout.core.document import Node, Problems
from bowout.core.pack_mending import holds, missed
from bowout.core.pack_template import Kit, read_template, read_words
from bowout.core.pack_writing import Answers, pack_text, scenario_text, slug
from bowout.core.scenario import Scenario
from bowout.core.scenario import read as read_scenario
from bowout.errors import BowoutError, InputError, UsageError
from bowout.rehearsal.workshop import Kept, Plan, There
from bowout.storage.atomic import disk_error, sync_folder, write_public
from bowout.storage.pack_check import check, faults_of
from bowout.storage.pack_store import folder as installed_folder
from bowout.storage.pack_store import install, installed, open_installed
from bowout.storage.packs import MAX_SCENARIOS, PACK_FILE, Pack, PackError, load_pack
from bowout.storage.yaml_reader import decode, parse_yaml

WORDS = "words.yaml"
_FALLBACK_PACK = "my-calls"
_FALLBACK_SCENARIO = "my-call"


def load_kit(folder: Path) -> Kit:
    """The templates of a folder. Raises ``InputError``: the installation is incomplete."""
    kit, names = read_words(*_document(folder / WORDS))
    templates = []
    for name in names:
        node, problems = _document(folder / f"{name}.yaml")
        templates.append(read_template(name, node, problems))
        _none(problems)
    return replace(kit, templates=tuple(templates))


def _document(path: Path) -> tuple[Node, Problems]:
    problems = Problems(str(path))
    try:
        text = decode(path.read_bytes(), problems)
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Install bowout again.") from error
    node = None if text is None else parse_yaml(text, problems)
    _none(problems)
    assert node is not None, "else there is a problem"
    return node, problems


def _none(problems: Problems) -> None:
    if problems.found:
        raise PackError(problems.found)


def new_scenario(id_: str, answers: Answers, kit: Kit, now: datetime) -> str:
    """The file of a new scenario, with whatever it needs for its own answers to pass.

    Args:
        now: aware; the first of the seven days on which they are tried.
    """
    plain = scenario_text(id_, answers, kit)
    scenario = parsed(plain)
    if holds(scenario, now):
        return plain
    cues = missed(scenario, answers, kit, now)
    for insists in (False, True):
        text = scenario_text(id_, answers, kit, cues, insists=insists)
        if holds(parsed(text), now):
            return text
    return scenario_text(id_, answers, kit, cues)  # the check tells what is wrong with it


def parsed(text: str) -> Scenario:
    """A scenario that was just made. Raises ``PackError`` where the templates don't fit the reader."""
    problems = Problems("the new scenario")
    node = parse_yaml(text, problems)
    scenario = None if node is None else read_scenario(node, problems)
    _none(problems)
    assert scenario is not None, "else there is a problem"
    return scenario


class FolderWorkshop:
    """``Workshop`` over folders of the user's and the packs of this machine."""

    def __init__(self, default: Path | None = None) -> None:
        """``default``: the folder to suggest."""
        self._default = default

    @cached_property
    def kit(self) -> Kit:
        return load_kit(paths.resource("templates"))

    @property
    def suggested(self) -> Path:
        return self._default or Path.home() / "bowout-packs" / _FALLBACK_PACK

    def place(self, typed: str) -> Path:
        try:
            return Path(typed).expanduser()
        except RuntimeError as error:
            raise UsageError(f"There is no home folder for “{typed}”.", "Write the whole path.") from error

    def look_at(self, folder: Path) -> There:
        pack = existing(folder)
        return There("", 0) if pack is None else There(pack.title, len(pack.scenarios))

    def plan(self, folder: Path, answers: Answers) -> Plan:
        pack, name = existing(folder), slug(answers.situation, _FALLBACK_SCENARIO)
        taken = pack is not None and (
            (folder / f"{name}.yaml").exists() or any(scenario.id == name for scenario in pack.scenarios)
        )
        return Plan(folder, name, taken)

    def draft(self, answers: Answers) -> Scenario:
        return parsed(scenario_text(_FALLBACK_SCENARIO, answers, self.kit))

    def free_name(self, folder: Path, name: str) -> str:
        pack = existing(folder)
        ids = {scenario.id for scenario in pack.scenarios} if pack is not None else set()
        return slug(name, name, ids | {path.stem for path in folder.glob("*.yaml")})

    def keep(self, folder: Path, name: str, answers: Answers, now: datetime, *, replaces: bool = False) -> Kept:
        text = new_scenario(name, answers, self.kit, now)
        pack = existing(folder)
        if pack is None:
            _new_pack(folder, name, text)
        else:
            _into(folder, pack, name, text, replaces)
        result = check(folder, now)
        return Kept(
            folder,
            folder / f"{name}.yaml",
            name,
            result.pack.id if result.pack else "",
            tuple(str(problem) for problem in result.problems),
            tuple(result.notes),
        )

    def lost_by_installing(self, folder: Path) -> list[str]:
        pack = load_pack(folder)
        for path in installed(installed_folder()):
            if path.stem == pack.id:
                kept = {scenario.id for scenario in pack.scenarios}
                try:
                    return [s.title for s in open_installed(path).scenarios if s.id not in kept]
                except InputError:
                    return []  # nobody can use it as it is
        return []

    def install(self, folder: Path, scenario: str) -> str:
        pack = load_pack(folder)
        if pack.id in _shipped():
            raise UsageError(f"Bow Out brings a pack “{pack.id}” of its own.", "Give yours another id in pack.yaml.")
        faults, _ = faults_of(pack)
        if faults:
            raise PackError(faults)
        install(pack, installed_folder())
        return f"{pack.id}/{scenario}"


def existing(folder: Path) -> Pack | None:
    """The pack in a folder; ``None`` where there is none yet.

    Raises:
        UsageError: it is no folder.
        PackError: there is a pack that can't be read, so nothing can be added to it.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"“{folder}” is a file.", "Name a folder.")
    return load_pack(folder) if (folder / PACK_FILE).exists() else None


def _shipped() -> set[str]:
    return {path.parent.name for path in paths.resource("scenarios").glob(f"*/{PACK_FILE}")}


def _new_pack(folder: Path, name: str, text: str) -> None:
    id_ = slug(folder.resolve().name, _FALLBACK_PACK)
    if id_ in _shipped():
        id_ = f"my-{id_}"
    title = " ".join(id_.split("-")).capitalize()
    files = {f"{name}.yaml": text, PACK_FILE: pack_text(id_, title, [name])}  # pack.yaml last: it makes a pack of it
    if folder.exists():
        _beside_others(folder, files)
        return
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.tmp")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        for file, content in files.items():
            write_public(temporary / file, content.encode())
        temporary.rename(folder)
    except OSError as error:
        raise disk_error(error, folder) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    sync_folder(folder.parent)


def _beside_others(folder: Path, files: Mapping[str, str]) -> None:
    for file in files:
        if (folder / file).exists():
            raise UsageError(f"There is a file “{folder / file}” already.", "Take another folder, or another title.")
    _write({folder / file: content.encode() for file, content in files.items()})


def _into(folder: Path, pack: Pack, name: str, text: str, replaces: bool) -> None:
    """A scenario more, or another one in the place of ``name``."""
    path = folder / f"{name}.yaml"
    file = next((pack.sources[s.id].file for s in pack.scenarios if s.id == name), path.name)
    if (path.exists() or file != path.name) and not replaces:
        raise UsageError(f"There is a scenario “{name}” in {folder} already.", "Take another title, or replace it.")
    if file != path.name:
        raise UsageError(f"“{name}” is the id of {file} in {folder}.", "Take another title.")
    files = {path: text.encode()}
    if path.name not in pack.files:
        if len(pack.scenarios) >= MAX_SCENARIOS:
            raise UsageError(f"The pack in {folder} has {MAX_SCENARIOS} scenarios, as many as a pack may have.")
        files[folder / PACK_FILE] = _with_entry(pack.files[PACK_FILE].decode("utf-8"), name, folder).encode()
    _write(files)


def _write(files: Mapping[Path, bytes]) -> None:
    """One after the other; if one of them fails, those before it are as they were."""
    before: dict[Path, bytes | None] = {}
    try:
        for path, content in files.items():
            before[path] = path.read_bytes() if path.exists() else None
            write_public(path, content)
    except BaseException:
        for path, old in before.items():
            with contextlib.suppress(OSError, BowoutError):  # the first error is the one to tell
                if old is None:
                    path.unlink(missing_ok=True)
                elif path.read_bytes() != old:
                    write_public(path, old)
        raise


def _with_entry(text: str, name: str, folder: Path) -> str:
    """``pack.yaml`` with one scenario more; everything else in it stays as it is."""
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import SequenceNode

    mark = "\ufeff" if text.startswith("\ufeff") else ""  # some editors begin a file with it
    text = text.removeprefix(mark)
    end = "\r\n" if "\r\n" in text else "\n"
    whole = YAML(typ="safe", pure=True).compose(text)
    listed = next(value for key, value in whole.value if key.value == "scenarios")
    if isinstance(listed, SequenceNode) and not listed.flow_style:
        at = text.find(end, listed.value[-1].end_mark.index)
        line = f"{end}{' ' * listed.start_mark.column}- {name}"
        changed = f"{text}{line}{end}" if at < 0 else f"{text[:at]}{line}{text[at:]}"
    elif isinstance(listed, SequenceNode):
        last = listed.value[-1].end_mark.index
        changed = f"{text[:last]}, {name}{text[last:]}"
    else:
        first, last = listed.start_mark.index, listed.end_mark.index
        changed = f"{text[:first]}[{text[first:last]}, {name}]{text[last:]}"
    problems = Problems(str(folder / PACK_FILE))
    node = parse_yaml(changed, problems)
    entries = node.value["scenarios"].value if node is not None and isinstance(node.value, dict) else []
    if problems.found or not isinstance(entries, list) or not entries or entries[-1].value != name:
        raise UsageError(
            f"“{name}” can't be added to the list in {folder / PACK_FILE}.", "Lay out “scenarios” as [one, two]."
        )
    return mark + changed


__all__ = ["FolderWorkshop", "existing", "load_kit", "new_scenario", "parsed"]
