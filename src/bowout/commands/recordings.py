"""``bowout recordings``: what has been kept of your calls; hear it, delete it, take your own marks out of it."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, line, say, tell
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError

if TYPE_CHECKING:
    from bowout.ports import StorageSize, StoredAttempt

LABELS = ".jsonl"
"""How a file of labelled calls must end, so that no slip replaces anything else."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("recordings", help="list, play or delete what was kept of your calls")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every call, newest first")
    add_json(listing)
    listing.set_defaults(func=run_list)
    shown = actions.add_parser("show", help="read what was said in a call, also in one that was broken off")
    shown.add_argument("id", metavar="ID", help="as in the list")
    shown.set_defaults(func=run_show)
    play = actions.add_parser("play", help="hear your own recording")
    play.add_argument("id", metavar="ID", help="as in the list")
    play.add_argument(
        "--from", dest="start", type=_seconds, default=0.0, metavar="SECONDS", help="start here (default 0)"
    )
    play.set_defaults(func=run_play)
    labels = actions.add_parser(
        "labels",
        help="export the calls whose marks you dispute, as labelled examples",
        description="One JSON object a line for each call of which you dispute a mark (D in the review): what you said "
        "and the marks, yours where you dispute one. No sound, no time, no name but those you said. "
        "Exit code 1 means: there is nothing to export.",
    )
    labels.add_argument("id", metavar="ID", nargs="*", help="as in the list (default: every call)")
    labels.add_argument(
        "-o", "--out", metavar=f"FILE{LABELS}", type=Path, help="write there, for your eyes only (default: print)"
    )
    labels.set_defaults(func=run_labels)
    size = actions.add_parser("size", help="what your calls take on the disk")
    add_json(size)
    size.set_defaults(func=run_size)
    prune = actions.add_parser(
        "prune",
        help="delete the sound of old calls, keep words and marks",
        description="Deletes the sound of calls by a rule; words and marks stay. Without a rule the setting "
        "keep_audio_days is used. The sound of a call of which you dispute a mark stays, and so does that of an "
        "assignment that is not handed in. Exit code 1 means: there is nothing to delete.",
    )
    prune.add_argument("--older-than", type=_days, metavar="DAYS", help="what is older than that")
    prune.add_argument(
        "--keep-best-and-last", action="store_true", help="all but the best and the last marked take of each call"
    )
    prune.add_argument("--dry-run", action="store_true", help="only say which")
    add_json(prune)
    prune.set_defaults(func=run_prune)
    delete = actions.add_parser("delete", help="delete calls for good")
    delete.add_argument("id", metavar="ID", nargs="*", help="as in the list")
    delete.add_argument("--all", action="store_true", help="every call")
    delete.add_argument("--audio-only", action="store_true", help="delete the sound, keep words and marks")
    delete.set_defaults(func=run_delete)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds")
    return value


def _days(text: str) -> int:
    from bowout.core.settings import LONGEST_DAYS

    value = int(text)
    if not 1 <= value <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"{text} is no number of days")
    return value


def run_list(arguments: argparse.Namespace) -> int:
    made = services()
    rows = made.records.list()
    for row in rows:
        if arguments.json:
            emit(asdict(row))
            continue
        score = "broken off" if row.score is None else f"{row.score} of 100{', passed' if row.passed else ''}"
        kept = f", {row.seconds:.0f} s of sound" if row.audio else ""
        disputed = ", disputed" if row.disputed else ""
        say(f"{row.id}  {row.title}: {score}{disputed}{kept}")
    if not arguments.json:
        say(_size_words(made.records.size()) if rows else "Nothing has been kept.")
    return EXIT_DONE


def run_size(arguments: argparse.Namespace) -> int:
    size = services().records.size()
    if arguments.json:
        emit(asdict(size))
    else:
        say(_size_words(size))
    return EXIT_DONE


def _size_words(size: StorageSize) -> str:
    from bowout.core.sizes import size_words

    return size_words(size.attempts, size.audio_bytes, size.other_bytes)


def run_prune(arguments: argparse.Namespace) -> int:
    from bowout.core.retention import Policy
    from bowout.core.sizes import byte_words
    from bowout.rehearsal.pruning import prunable, prune

    made = services()
    days = arguments.older_than or 0
    if not days and not arguments.keep_best_and_last:
        days = made.settings.keep_audio_days
    policy = Policy(days, arguments.keep_best_and_last)
    if policy.keeps_all:
        raise UsageError("Which recordings?", "Say --older-than DAYS, --keep-best-and-last, or both.")
    before = made.records.size().audio_bytes
    gone = (prunable if arguments.dry_run else prune)(made, policy)
    for row in gone:
        if arguments.json:
            emit({"id": row.id, "started_at": row.started_at, "title": row.title, "seconds": row.seconds})
        else:
            say(f"{row.id}  {row.title}: {row.seconds:.0f} s of sound")
    if not arguments.json:
        what = f"the sound of {len(gone)} call{'' if len(gone) == 1 else 's'}"
        if not gone:
            say("There is nothing to delete.")
        elif arguments.dry_run:
            say(f"Would delete {what}.")
        else:
            say(f"Deleted {what}, {byte_words(before - made.records.size().audio_bytes)}.")
    return EXIT_DONE if gone else EXIT_NO


def run_show(arguments: argparse.Namespace) -> int:
    stored = services().records.load(arguments.id)
    say(f"{stored.summary.title}, {stored.summary.started_at}")
    latest: dict[object, str] = {}
    for event in stored.events:
        kind = event.get("kind")
        if kind == "recruiter":
            for text in latest.values():
                say(f"You: {text}")
            latest.clear()
            say(f"Recruiter: {event.get('text')}")
        elif kind == "partial":
            latest[event.get("turn")] = str(event.get("text"))
        elif kind == "turn" and not event.get("careful"):
            latest[event.get("index")] = " ".join(word["text"] for word in event.get("words", ()))
    for text in latest.values():
        say(f"You: {text}")
    score = stored.summary.score
    say("The call was broken off." if score is None else f"{score} of 100{', passed' if stored.summary.passed else ''}")
    for dispute in _disputed(stored):
        say(dispute)
    return EXIT_DONE


def _disputed(stored: StoredAttempt) -> list[str]:
    """A line for each mark that the caller disputes."""
    from bowout.core.disputes import opposed, published_states, standing
    from bowout.core.review import state_words

    decided: dict[str, str] = {}
    for event in stored.events:
        if event.get("kind") == "marks":
            decided = published_states(event.get("result"))
    mine = opposed(decided, standing(stored.events))
    return [f"Disputed: {id_} is {state_words(decided[id_])}; yours: {state_words(word)}" for id_, word in mine.items()]


def run_play(arguments: argparse.Namespace) -> int:
    made = services()
    try:
        stored = made.records.load(arguments.id)
        if stored.audio_path is None:
            say("The sound of this call was not kept.")
            return EXIT_NO
        clip = made.recording(stored.audio_path, arguments.start)
        playback = made.playback()
        playback.open()
        if not playback.audible:
            say("There are no loudspeakers here.")
            return EXIT_NO
        tell(f"{clip.seconds:.0f} s. Ctrl+C stops.")
        playing = playback.play(clip)
        while not playing.done():
            time.sleep(0.05)
        playback.close()
    finally:
        made.close()
    return EXIT_DONE


def run_labels(arguments: argparse.Namespace) -> int:
    from bowout.core.disputes import labelled

    out: Path | None = arguments.out
    if out is not None and out.suffix != LABELS:
        raise UsageError(f"“{out}” does not end with {LABELS}.", f"Such as: --out {out.with_suffix(LABELS)}")
    records = services().records
    ids = list(dict.fromkeys(arguments.id)) or [row.id for row in reversed(records.list()) if row.disputed]
    made: list[dict[str, Any]] = []
    for identity in ids:
        # The id of an attempt tells when the call was; its last part is as good a name.
        label = labelled(f"yours-{identity.rpartition('-')[2]}", records.load(identity).events)
        if label is not None:
            made.append(label)
        else:
            tell(f"{identity}: nothing in it can be exported. No mark of the published checklist is disputed.")
    if not made:
        tell("There is nothing to export. In a call's review, D disputes the chosen mark.")
        return EXIT_NO
    if out is None:
        for label in made:
            emit(label)
        return EXIT_DONE
    from bowout.storage.atomic import write_own

    path = out.expanduser()
    write_own(path, "".join(line(label) for label in made).encode("ascii"))
    marks = sum(len(label["disputed"]) for label in made)
    say(
        f"{path}: {len(made)} call{'' if len(made) == 1 else 's'}, {marks} disputed mark{'' if marks == 1 else 's'}. "
        "It holds your words; you decide who reads them."
    )
    return EXIT_DONE


def run_delete(arguments: argparse.Namespace) -> int:
    made = services()
    if bool(arguments.id) == arguments.all:
        raise UsageError("Which calls?", "Name their ids, or --all.")
    if arguments.all and not arguments.audio_only:
        gone = made.records.delete_all()
        made.forget_voices()
        say(f"Deleted everything: {gone} call{'' if gone == 1 else 's'}.")
        return EXIT_DONE
    ids = [row.id for row in made.records.list()] if arguments.all else list(arguments.id)
    for identity in ids:
        if arguments.audio_only:
            made.records.drop_audio(identity)
        else:
            made.records.delete(identity)
    say(f"Deleted {'the sound of ' if arguments.audio_only else ''}{len(ids)} call{'' if len(ids) == 1 else 's'}.")
    return EXIT_DONE
