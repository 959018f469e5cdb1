"""``bowout call``: one call on the terminal, spoken, typed, or answered from recordings."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from bowout.commands.common import add_ear, add_json, follow, services, show, show_message
from bowout.commands.output import tell
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO, MissingPart


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "call",
        help="make one call on the terminal",
        description="Make one call without the full-screen trainer: spoken, typed line by line, or answered from "
        "recordings, one a turn. Exit code 1 means: marked, not passed.",
    )
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="its id (default: the first one)")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--wav", metavar="FILE", nargs="+", help="your answers as recordings, one a turn")
    how.add_argument("--typed", action="store_true", help="type your answers")
    parser.add_argument("--live", action="store_true", help="like the real call: your turn ends after a short silence")
    parser.add_argument("--seed", type=int, default=0, help="which variants of the recruiter's lines (default 0)")
    parser.add_argument("--no-sound", action="store_true", help="show the recruiter's lines instead of playing them")
    add_ear(parser)
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.rehearsal.call import Options, Rehearsal
    from bowout.rehearsal.parts import TypedLines

    made = services("typed" if arguments.typed else arguments.ear)
    stop = threading.Event()
    try:
        scenario = made.scenario(arguments.scenario)
        mode = "live" if arguments.live else made.settings.mode
        clips = None if arguments.wav is None else made.read_clips(Path(name) for name in arguments.wav)
        if clips is not None and made.ear_name() == "typed":
            raise MissingPart("There is no ear here to hear a recording.", "Get one with: bowout model install")
        parts = made.parts(clips=clips, sound=not arguments.no_sound)
        for notice in made.notices():
            tell(f"  [{notice.part}] {notice.message} {notice.fix}".rstrip())
        typed = TypedLines()
        options = Options(
            mode=mode,
            silence_s=made.settings.silence_s(mode),
            seed=arguments.seed,
            headphones=made.settings.headphones,
            keep_audio=made.settings.keep_recordings == "keep" and clips is None,
            retention="keep" if made.settings.keep_recordings == "keep" else "",
            score_delivery=not made.settings.extra_time,
            patience=made.settings.patience,
            read_pause=False,
        )
        rehearsal = Rehearsal(scenario, parts, options, typed)
        if clips is not None:
            typed.close()
        else:
            threading.Thread(target=_keyboard, args=(rehearsal, typed), daemon=True).start()
        marked = follow(rehearsal, stop, prompt_typed=sys.stdin.isatty())
    finally:
        stop.set()
        made.close()
    if marked is None:
        return EXIT_MISSING
    show(marked, scenario, as_json=arguments.json)
    if not arguments.json:
        show_message(rehearsal)
    return EXIT_DONE if marked.marks.passed else EXIT_NO


def _keyboard(rehearsal: object, typed: object) -> None:
    """Lines from standard input: an answer where one is typed, the end of the turn where it is spoken."""
    from bowout.rehearsal.call import Rehearsal
    from bowout.rehearsal.parts import TypedLines

    assert isinstance(rehearsal, Rehearsal) and isinstance(typed, TypedLines)
    for line in sys.stdin:
        if rehearsal.typing:
            typed.submit(line)
        else:
            rehearsal.end_turn()
    typed.close()
