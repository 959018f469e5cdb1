"""``bowout voices``: which voices the recruiter can have here."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say
from bowout.errors import EXIT_DONE, EXIT_NO


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("voices", help="list the recruiter's voices")
    parser.add_argument("--language", default="en", help="only this language (default en; “all” for every one)")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    made = services()
    try:
        voices = made.voices()
    finally:
        made.close()
    if arguments.language != "all":
        voices = [v for v in voices if v.language.lower().startswith(arguments.language.lower())]
    for voice in voices:
        if arguments.json:
            emit(asdict(voice))
        else:
            say(f"{voice.engine:8} {voice.id:24} {voice.language}{'  natural' if voice.natural else ''}")
    if not voices and not arguments.json:
        say("No voice here: the recruiter's lines are shown as text.")
    return EXIT_DONE if voices else EXIT_NO
