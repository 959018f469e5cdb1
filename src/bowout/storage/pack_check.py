"""A pack that could be read, looked at as a whole: its graphs, its own answers, its own items; each finding with the
place in the file where it is to be mended."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bowout.core.criteria import INTENTS
from bowout.core.document import Problem, Problems
from bowout.core.drills import Drill
from bowout.core.lint import Finding, examine, lint, locate, try_sentences
from bowout.core.scenario import OwnItem, Scenario
from bowout.storage.pack_store import open_pack
from bowout.storage.packs import Pack, PackError, Source, unlisted
from bowout.storage.yaml_reader import decode, parse_yaml


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    pack: Pack | None
    """``None`` where it can't even be read."""
    problems: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    """What is not wrong and worth a look."""


def check(path: Path, now: datetime) -> Checked:
    """Check the pack in a folder or an archive.

    Args:
        now: aware; the day on which the pack's own answers are tried.

    Raises:
        InputError: the archive is none, or not to be trusted.
    """
    try:
        pack = open_pack(path)
    except PackError as error:
        return Checked(None, error.problems)
    problems, notes = faults_of(pack)
    wrong, odd = doubts_of(pack, now)
    notes = [*notes, *odd]
    if path.is_dir():
        notes += [f"{name} is not named in pack.yaml, so it is no part of the pack." for name in unlisted(pack, path)]
    return Checked(pack, [*problems, *wrong], notes)


def faults_of(pack: Pack) -> tuple[list[Problem], list[str]]:
    """What is wrong with the scenarios as they are written, and what is merely odd."""
    return _told(pack, ((scenario, lint(scenario)) for scenario in pack.scenarios))


def doubts_of(pack: Pack, now: datetime, *, within_s: float = float("inf")) -> tuple[list[Problem], list[str]]:
    """What the marking makes of the scenarios' own answers and items: a matter of this version's marking, too.

    Args:
        now: aware; the day on which they are tried.
        within_s: seconds after which the scenarios that are left are not tried, which a note says.
    """
    until = time.monotonic() + within_s
    tried: list[tuple[Scenario, Sequence[Finding]]] = []
    for scenario in pack.scenarios:
        if time.monotonic() > until:
            break
        tried.append((scenario, examine(scenario, now).findings))
    problems, notes = _told(pack, tried)
    for drill in pack.drills:
        if drill.gives_in is not None:
            wrong, _ = _found_in(pack, pack.drill_sources[drill.id], _tried(drill, drill.gives_in))
            problems += wrong
    left = len(pack.scenarios) - len(tried)
    return problems, [
        *notes,
        f"It takes long to try the answers: those of {left} scenarios were not.",
    ] if left else notes


def _told(pack: Pack, found: Iterable[tuple[Scenario, Iterable[Finding]]]) -> tuple[list[Problem], list[str]]:
    problems: list[Problem] = []
    notes: list[str] = []
    for scenario, findings in found:
        wrong, odd = _found_in(pack, pack.sources[scenario.id], findings)
        problems += wrong
        notes += odd
    return problems, notes


def _tried(drill: Drill, giving_in: OwnItem) -> Iterable[Finding]:
    """The sentences of a drill. A pattern without facts means the same under every intent."""
    return try_sentences(giving_in, INTENTS[0], ("gives_in",))


def _found_in(pack: Pack, source: Source, findings: Iterable[Finding]) -> tuple[list[Problem], list[str]]:
    """What is wrong and what is odd with one file, with the places in it."""
    findings = list(findings)
    if not findings:
        return [], []
    wrong, odd = Problems(source.place), Problems(source.place)
    text = decode(pack.files[source.file], Problems(""))
    document = None if text is None else parse_yaml(text, Problems(""))
    assert document is not None, "it has been read before"
    for finding in findings:
        into = wrong if finding.wrong else odd
        into.add(locate(document, finding.place), finding.message, finding.hint)
    return wrong.found, [str(each) for each in odd.found]


__all__ = ["Checked", "check", "doubts_of", "faults_of"]
