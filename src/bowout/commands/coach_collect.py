"""``bowout coach collect``: results come in, in any order, twice, damaged, for other classes."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from bowout.commands.coach_common import add_new_key
from bowout.commands.common import add_json
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "collect",
        help="take results that came back",
        description="Take .bowresult files, or folders of them, whatever they are called. Each is taken once or "
        "refused with a reason; a refused one keeps no other from being taken. "
        "Exit code 1 means: something was refused.",
    )
    parser.add_argument("files", metavar="FILE|FOLDER", nargs="+", type=Path)
    parser.add_argument("--class", dest="class_name", metavar="NAME", default="", help="only results of this class")
    add_new_key(parser, "learner")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict, replace

    from bowout.bootstrap import build_coach

    paths = [path.expanduser() for path in arguments.files]
    for path in paths:
        if not path.exists():
            raise UsageError(f"There is no file or folder “{path}”.", "Check the name.")
    if arguments.accept_new_key and (len(paths) > 1 or paths[0].is_dir()):
        raise UsageError("--accept-new-key is about one file.", "Name the one whose sender you have asked.")
    made: Counter[str] = Counter()
    outcomes = build_coach().collect_all(paths, class_name=arguments.class_name, new_key=arguments.accept_new_key)
    for outcome in outcomes:
        made[outcome.state] += 1
        if arguments.json:
            emit(asdict(outcome))
            continue
        who = f", {outcome.person}" if outcome.person else ""
        # A file's name may have lines of its own, which would look like another file's.
        outcome = replace(outcome, name=_line(outcome.name), why=_line(outcome.why))
        match outcome.state:
            case "accepted":
                say(f"+ {outcome.name}{who}{f'. {outcome.why}' if outcome.why else ''}")
            case "again":
                say(f"= {outcome.name}{who}: {outcome.why}")
            case "withdrawn":
                say(f"- {outcome.name}: {outcome.why}")
            case "refused":
                tell(f"! {outcome.why if outcome.name in outcome.why else f'{outcome.name}: {outcome.why}'}")
    if not arguments.json:
        words = {"accepted": "new", "again": "here already", "withdrawn": "withdrawn", "refused": "refused"}
        told = [f"{made[state]} {word}" for state, word in words.items() if made[state]]
        say(f"{', '.join(told) or 'No file was found'}.")
    return EXIT_NO if made["refused"] or not made else EXIT_DONE


def _line(text: str) -> str:
    return " ".join(text.split())
