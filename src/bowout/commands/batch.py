"""``bowout batch score``: mark a folder of recordings and transcripts."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date, datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.batch_bar import Bar, state
from bowout.commands.common import EARS, add_json, services
from bowout.commands.output import emit, say, tell
from bowout.core.criteria import INTENTS
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bowout.batch.executor import Executor
    from bowout.batch.items import Plan
    from bowout.batch.listing import Listing, Source
    from bowout.batch.marker import Hearing
    from bowout.batch.run import Progress
    from bowout.batch.work import Asked

A_MONDAY = "2026-01-05"
"""The day of calls of which nobody says it: dates in what to say instead are then the same in every run."""
MOST_PROCESSES = 256


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "batch",
        help="mark a folder of recordings or transcripts",
        description="Work on many files at once, with several processes or on a cluster. More in docs/batch.md.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    score = actions.add_parser(
        "score",
        help="mark every recording and transcript in a folder",
        description="Mark every .wav, .txt and .jsonl in a folder, one line of JSON a call. Run again, it goes on "
        "where it stopped. Exit code 1 means: some files could not be marked; their lines say why.",
    )
    score.add_argument("folder", metavar="DIR", help="the folder; folders in it are looked into")
    score.add_argument("--out", metavar="FILE", required=True, help="where the results go (JSON Lines)")
    asked = score.add_mutually_exclusive_group()
    asked.add_argument("--intent", choices=INTENTS, help="what all callers wanted")
    asked.add_argument("--scenario", metavar="ID", help="mark all by this scenario's own rules and facts")
    asked.add_argument("--labels", metavar="FILE", help="a table (CSV or JSON Lines): file, intent, scenario")
    score.add_argument("--ear", choices=EARS[:-1], help="which ear listens (default: as in the settings)")
    score.add_argument("--processes", type=int, metavar="N", help="processes on this machine (default: its cores)")
    score.add_argument("--scheduler", metavar="ADDRESS", help="work on a Dask cluster instead: tcp://HOST:8786")
    score.add_argument("--send", action="store_true", help="send recordings to workers that can't see the folder")
    score.add_argument("--day", metavar="DATE", help="when the calls were made, for a scenario's dates (2026-05-04)")
    score.add_argument("--redo", action="store_true", help="mark again what had an error or was marked otherwise")
    add_json(score)
    score.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.batch.listing import list_folder
    from bowout.batch.results import Results
    from bowout.batch.run import check_jobs
    from bowout.batch.run import run as mark_all

    _check(arguments)
    folder, out = Path(arguments.folder), Path(arguments.out)
    labels = [Path(arguments.labels)] if arguments.labels else []
    listing = list_folder(folder, [out, *labels])
    asked = _asked(arguments, listing)
    hears = any(source.kind == "sound" for source in listing.sources)
    with Results(out) as results:
        executor, hearing = _executor(arguments, folder, hears=hears)
        try:
            plan = _plan(arguments, asked, hearing if hears else None)
            check_jobs(listing, plan, results, redo=arguments.redo)
            bar = Bar(json=arguments.json)
            try:
                progress = mark_all(listing, plan, executor, results, bar.show)
            except KeyboardInterrupt:
                bar.clear()
                tell("What is marked is kept. Run it again to go on.")
                raise
            finally:
                bar.clear()
        finally:
            executor.close()
    _report(arguments, progress, listing.passed_over, results.damaged)
    return EXIT_NO if progress.counts["error"] else EXIT_DONE


def _check(arguments: argparse.Namespace) -> None:
    if arguments.processes is not None and not 1 <= arguments.processes <= MOST_PROCESSES:
        raise UsageError(f"--processes is {arguments.processes}.", f"From 1 to {MOST_PROCESSES}.")
    if arguments.scheduler and arguments.processes:
        raise UsageError("--processes is for this machine; a cluster has the workers it has.", "Leave one out.")
    if arguments.send and not arguments.scheduler:
        raise UsageError("--send is for a cluster: name its --scheduler.")


def _asked(arguments: argparse.Namespace, listing: Listing) -> Callable[[Source], Asked | None]:
    """What each file is marked by."""
    from bowout.batch.labels import asked_for, plain, read_labels
    from bowout.bootstrap import build_catalogue

    moment = _moment(arguments.day)
    catalogue = lru_cache(maxsize=1)(build_catalogue)
    make = asked_for(lambda id_: catalogue().scenario(id_), lambda scenario: scenario.facts_at(moment))
    if arguments.labels:
        table = read_labels(Path(arguments.labels), make)
        unused = table.keys() - {plain(source.file) for source in listing.sources}
        if unused:
            tell(f"{_many(len(unused), 'label')} for files that are not there, such as “{min(unused)}”.")
        return lambda source: table.get(plain(source.file))
    if arguments.intent or arguments.scenario:
        one = make(arguments.intent or "", arguments.scenario or "")
        return lambda source: one
    if any(source.kind != "lines" and not source.error for source in listing.sources):
        raise UsageError("What did the callers want?", f"Add --intent ({', '.join(INTENTS)}), --scenario or --labels.")
    return lambda source: None


def _moment(day: str | None) -> datetime:
    try:
        found = date.fromisoformat(day or A_MONDAY)
    except ValueError as error:
        raise UsageError(f"“{day}” is no date.", f"Such as: --day {A_MONDAY}") from error
    return datetime(found.year, found.month, found.day, 9, tzinfo=timezone.utc)


def _executor(arguments: argparse.Namespace, folder: Path, *, hears: bool) -> tuple[Executor, Hearing]:
    if arguments.scheduler:
        from bowout.batch.dask_cluster import DaskCluster

        seen = None if arguments.send else folder.resolve()
        cluster = DaskCluster(arguments.scheduler, ear=arguments.ear, hears=hears, folder=seen)
        return cluster, cluster.hearing
    from bowout.batch.local import LocalProcesses, cores
    from bowout.batch.marker import How, hearing

    made = services(arguments.ear)
    try:
        found = hearing(made)
    finally:
        made.close()
    return LocalProcesses(arguments.processes or cores(), How(found.ear)), found


def _plan(arguments: argparse.Namespace, asked: Callable[[Source], Asked | None], hearing: Hearing | None) -> Plan:
    from bowout.batch.items import Plan
    from bowout.core.marking import MARKING_VERSION

    return Plan(asked, MARKING_VERSION, hearing, arguments.day or A_MONDAY, send=arguments.send)


def _report(arguments: argparse.Namespace, progress: Progress, passed_over: Counter[str], damaged: int) -> None:
    errors = progress.counts["error"]
    if damaged:
        tell(f"{_many(damaged, 'line')} of {arguments.out} could not be read; what belongs there was marked again.")
    if passed_over:
        kinds = ", ".join(f"{count} {ending or 'without an ending'}" for ending, count in passed_over.most_common(5))
        tell(f"{_many(passed_over.total(), 'other file')} passed over ({kinds}).")
    for sentence in progress.errors:
        tell(f"  {sentence}")
    if errors > len(progress.errors):
        tell(f"  Every line with an “error” in {arguments.out} says why; --redo tries them again.")
    if arguments.json:
        emit({**state(progress), "passed": progress.counts["passed"], "kept": progress.kept, "out": arguments.out})
        return
    calls = _many(progress.marked + errors, "call")
    kept = f" ({progress.kept:,} of them before)" if progress.kept else ""
    failed = f", {errors:,} with an error" if errors else ""
    say(f"{calls}{kept}: {progress.marked:,} marked, {progress.counts['passed']:,} of them passed{failed}.")
    say(f"Results: {arguments.out}")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
