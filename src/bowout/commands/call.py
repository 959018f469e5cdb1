"""``bowout call``: one call on the terminal, spoken, typed, or answered from recordings."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.common import add_ear, add_json, follow, services, show, show_message
from bowout.commands.output import tell
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO, MissingPart

if TYPE_CHECKING:
    from bowout.core.settings import Mode, Settings
    from bowout.rehearsal.call import Options, Rehearsal
    from bowout.rehearsal.parts import TypedLines


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
    from bowout.rehearsal.call import Rehearsal
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
        options = options_for(made.settings, mode, arguments.seed, from_files=clips is not None)
        rehearsal = Rehearsal(scenario, parts, options, typed)
        if clips is not None:
            typed.close()
        else:
            threading.Thread(target=keyboard, args=(lambda: rehearsal, typed), daemon=True).start()
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


def options_for(settings: Settings, mode: Mode, seed: int, *, from_files: bool) -> Options:
    """How a call on the terminal is run; ``from_files``: it is answered from recordings."""
    from bowout.rehearsal.call import Options

    return Options(
        mode=mode,
        silence_s=settings.silence_s(mode),
        seed=seed,
        headphones=settings.headphones,
        keep_audio=settings.keep_recordings == "keep" and not from_files,
        retention="keep" if settings.keep_recordings == "keep" else "",
        score_delivery=not settings.extra_time,
        patience=settings.patience,
        read_pause=False,
    )


def keyboard(rehearsal: Callable[[], Rehearsal | None], typed: TypedLines) -> None:
    """Lines from standard input: an answer where one is typed, the end of the turn where it is spoken.

    Args:
        rehearsal: the call that is going on; ``None`` before the first one, where what comes is typed.
    """
    for line in sys.stdin:
        now = rehearsal()
        if now is None or now.typing:
            typed.submit(line)
        else:
            now.end_turn()
    typed.close()


__all__ = ["add_parser", "keyboard", "options_for", "run"]
