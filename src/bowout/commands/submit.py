"""``bowout submit``: see exactly what goes to a coach, then write it as one file. Nothing is sent from here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.asking import tell_folded
from bowout.commands.coach_common import output_file
from bowout.commands.common import add_json
from bowout.commands.output import emit, say
from bowout.commands.pack_common import agreed
from bowout.errors import EXIT_DONE, EXIT_NO

if TYPE_CHECKING:
    from bowout.core.coaching.terms import Part
    from bowout.rehearsal.coaching import Draft, Held


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "submit",
        help="write a result for your coach, and see what is in it",
        description="Show exactly what goes, then write one .bowresult file that only your coach can open. Without "
        "further words the least of what was asked goes. Handing the file over is up to you.",
    )
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its id, or the beginning of it")
    for part, words in (
        ("marks", "send the marks, without your words"),
        ("transcript", "send your words"),
        ("audio", "send your voice"),
    ):
        parser.add_argument(f"--{part}", action=argparse.BooleanOptionalAction, default=None, help=f"{words}, or not")
    parser.add_argument(
        "--take", metavar="N", type=int, action="append", default=[], help="this take (default: the best)"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("-o", "--output", metavar="FILE.bowresult", type=Path, help="default: CLASS-NAME-N, here")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_services
    from bowout.core.coaching.file_names import slug
    from bowout.core.coaching.terms import least

    services = build_services()
    learner = services.learner
    held = learner.load(arguments.assignment)
    draft = learner.draft(
        held.assignment.id, services.records, _parts(arguments, least(held.assignment.terms)), arguments.take
    )
    default = f"{slug(held.assignment.terms.class_name)}-{slug(held.who)}-{len(held.submissions) + 1}"
    path = output_file(arguments.output, ".bowresult", default)
    for line in draft_lines(held, draft):
        tell_folded(line)
    if not agreed(f"Write this as {path}?", yes=arguments.yes):
        say("Nothing was written.")
        return EXIT_NO
    made = learner.submit(draft, path)
    if arguments.json:
        emit({"file": str(path), "result": made.result, "parts": list(made.parts), "takes": list(made.takes)})
        return EXIT_DONE
    say(f"{path}: {path.stat().st_size / 1000:.0f} kB. Only {held.assignment.coach.name} can open it.")
    say("Hand it over by mail, chat or stick. What has been handed over can't be called back, only asked back: "
        f"bowout assignments withdraw {held.assignment.id[:8]}")  # fmt: skip
    return EXIT_DONE


def _parts(arguments: argparse.Namespace, least: tuple[Part, ...]) -> list[Part]:
    """What was chosen: exactly what was switched on, and where nothing was, the least but for what was switched off."""
    from bowout.core.coaching.terms import PARTS

    said: dict[str, bool | None] = {part: getattr(arguments, part) for part in PARTS}
    on = any(said.values())
    return [part for part in PARTS if said[part] or (part in least and said[part] is None and not on)]


def draft_lines(held: Held, draft: Draft) -> list[str]:
    """Exactly what goes, for reading before it does."""
    from bowout.core.coaching.sending import goes
    from bowout.core.coaching.takes import take_words
    from bowout.core.coaching.words import sent_lines
    from bowout.local_time import LocalZone

    result = draft.result
    lines = [f"To {held.assignment.coach.name}, for {held.assignment.terms.class_name}, as “{result.who}”:"]
    lines += [f"  [{'x' if row.on else ' '}] {row.text}" for row in goes(held.assignment, result.parts)]
    lines.append("Every take is listed:")
    lines += [f"  {take_words(take, LocalZone())}" for take in result.takes]
    for sent in result.sent:
        lines += ["", f"What goes of take {sent.number}:"]
        lines += [f"  {line}" for line in sent_lines(sent)]
    lines += [f"! {told}" for told in draft.missing]
    lines.append("")
    return lines


__all__ = ["add_parser", "draft_lines", "run"]
