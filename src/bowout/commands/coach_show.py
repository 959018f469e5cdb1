"""``bowout coach show``: read one result, with the numbers of its words."""

from __future__ import annotations

import argparse
from pathlib import Path

from bowout.commands.coach_common import add_pseudonyms, called
from bowout.commands.common import add_json
from bowout.commands.output import emit, say
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "show",
        help="read one result",
        description="Every take, the marks, and what was said, each turn with the numbers of its words.",
    )
    parser.add_argument("result", metavar="RESULT", help="its id, or the beginning of it, as in the status")
    parser.add_argument("--audio", metavar="FILE.wav", type=Path, help="also write the recording that was sent there")
    parser.add_argument("--take", metavar="N", type=int, help="whose recording (default: the first that has one)")
    add_pseudonyms(parser)
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach
    from bowout.core.coaching.words import PHASE_WORDS, result_lines
    from bowout.local_time import LocalZone
    from bowout.storage.atomic import write_own

    if arguments.audio is not None and arguments.audio.suffix != ".wav":
        raise UsageError(f"“{arguments.audio}” does not end with .wav.", "Such as: --audio take.wav")
    coach = build_coach()
    found = coach.result(arguments.result)
    name = called(found.person, coach.pseudonyms if arguments.pseudonyms else None)
    if arguments.json:
        emit({
            "result": found.result.id, "assignment": found.result.assignment, "name": name,
            "made": found.result.made.isoformat(), "phase": found.phase,
            **found.result.as_json(), "who": name, "review": found.review.as_json(),
            "verdicts": [each.as_json() for each in found.verdicts],
        })  # fmt: skip
    else:
        say(f"{name}, {found.result.made:%Y-%m-%d %H:%M}, {PHASE_WORDS[found.phase]}  {found.result.id[:8]}")
        for line in result_lines(found.result, LocalZone()):
            say(f"  {line}".rstrip())
    if arguments.audio is None:
        return EXIT_DONE
    numbers = [sent.number for sent in found.result.sent if sent.audio and arguments.take in (None, sent.number)]
    sound = coach.audio(found.result.id, numbers[0]) if numbers else None
    if sound is None:
        say("No recording of it was sent.")
        return EXIT_NO
    write_own(arguments.audio.expanduser(), sound)
    return EXIT_DONE
