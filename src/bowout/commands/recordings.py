"""``bowout recordings``: what has been kept of your calls; hear it, delete it."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError


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


def run_list(arguments: argparse.Namespace) -> int:
    made = services()
    rows = made.records.list()
    for row in rows:
        if arguments.json:
            emit(asdict(row))
            continue
        score = "broken off" if row.score is None else f"{row.score} of 100{', passed' if row.passed else ''}"
        kept = f", {row.seconds:.0f} s of sound" if row.audio else ""
        say(f"{row.id}  {row.title}: {score}{kept}")
    if not rows and not arguments.json:
        say("Nothing has been kept.")
    return EXIT_DONE


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
    return EXIT_DONE


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
