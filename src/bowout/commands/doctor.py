"""``bowout doctor``: is everything there that a spoken call needs?"""

from __future__ import annotations

import argparse
import sys

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_NO


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "doctor",
        help="check microphone, level, speakers, voice, ears and terminal",
        description="Check each part: a verdict and the fix. Exit code 1 means: something is not well.",
    )
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.examination import examine

    made = services()
    try:
        parts = examine(made, cue=tell if sys.stdin.isatty() else None)
    finally:
        made.close()
    if arguments.json:
        emit({"parts": {name: {"ok": v.ok, "detail": v.detail, "fix": v.fix} for name, v in parts.items()}})
    else:
        for name, verdict in parts.items():
            say(f"{'✓ well   ' if verdict.ok else '✗ missing'}  {name:11} {verdict.detail}")
            if not verdict.ok and verdict.fix:
                say(f"{'':23}{verdict.fix}")
    return EXIT_DONE if all(verdict.ok for verdict in parts.values()) else EXIT_NO
