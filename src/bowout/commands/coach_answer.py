"""``bowout coach answer``: note something on a result, and write the answers that are ready."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.coach_common import chosen
from bowout.commands.output import say, tell
from bowout.errors import EXIT_DONE, EXIT_NO, InputError, UsageError

if TYPE_CHECKING:
    from bowout.core.coaching.answer import Review
    from bowout.core.coaching.standing import Collected
    from bowout.storage.coaching.coach import CoachFolder


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "answer",
        help="comment on a result, confirm or override marks, write the .bowanswer",
        description="With RESULT: note something on it, and write its .bowanswer. Without: write a .bowanswer for "
        "everybody on whose newest result something was noted since the last answer.",
    )
    parser.add_argument("result", metavar="RESULT", nargs="?", help="its id, or the beginning of it")
    parser.add_argument("--class", dest="what", metavar="CLASS|ASSIGNMENT", help="without RESULT: only of this one")
    parser.add_argument("--comment", metavar="TEXT", help="a few words")
    parser.add_argument("--words", metavar="FROM-TO", help="the words that it is about, by their numbers")
    parser.add_argument("--take", metavar="N", type=int, help="the take (default: the one that was sent)")
    parser.add_argument("--override", metavar="CRITERION=STATE", help="such as reason=heard or soft_no=not_found")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why")
    parser.add_argument("--confirm", metavar="CRITERION", action="append", default=[], help="you agree with this mark")
    parser.add_argument("--clear", action="store_true", help="forget what was noted on it before")
    parser.add_argument("--note-only", action="store_true", help="write no file yet")
    parser.add_argument("--done", action="store_true", help="put it away: nothing more is to be answered")
    parser.add_argument("-o", "--output", metavar="FOLDER", type=Path, default=Path(), help="default: here")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach

    coach = build_coach()
    folder = arguments.output.expanduser()
    if not folder.is_dir():
        raise UsageError(f"There is no folder “{folder}”.", "Make it first.")
    if arguments.result is None:
        return _all(coach, arguments, folder)
    found = coach.result(arguments.result)
    review = _noted(arguments, found)
    if review != found.review:
        found = coach.review(found.result.id, review)
    if not arguments.note_only and (found.review or not arguments.done):
        _write(coach, found, folder)
    if arguments.done:
        coach.done(found.result.id)
        say(f"{found.person.name}: done.")
    elif arguments.note_only:
        say(f"{found.person.name}: noted. Write the answers: bowout coach answer")
    return EXIT_DONE


def _all(coach: CoachFolder, arguments: argparse.Namespace, folder: Path) -> int:
    from bowout.rehearsal.review_queue import answer_ready

    wrong = [each for each in ("comment", "words", "take", "override", "clear", "confirm") if getattr(arguments, each)]
    if wrong or arguments.done:
        raise UsageError(f"--{(wrong or ['done'])[0]} is about one result.", "Name it: bowout coach answer RESULT …")
    written = refused = 0
    for found, made in answer_ready(coach, folder, chosen(coach, arguments.what)):
        if isinstance(made, InputError):
            tell(f"! {found.person.name}: {made.sentence()}")
            refused += 1
        else:
            say(f"{made}: for {found.person.name}")
            written += 1
    if not written and not refused:
        say("Nothing new was noted. Read a result: bowout coach show RESULT")
    return EXIT_DONE if written and not refused else EXIT_NO


def _write(coach: CoachFolder, found: Collected, folder: Path) -> None:
    path = coach.answer(found.result.id, folder)
    say(f"{path}: for {found.person.name}")


def _noted(arguments: argparse.Namespace, found: Collected) -> Review:
    """What is noted on a result with what was typed. Raises ``UsageError``."""
    from bowout.core.coaching.answer import Comment, Override, Review

    made = Review() if arguments.clear else found.review
    if arguments.override is not None:
        criterion, sign, state = arguments.override.partition("=")
        if not sign:
            raise UsageError(f"“{arguments.override}” is no mark.", "Such as: --override reason=heard --reason “…”")
        made = made.overridden(Override(_take(arguments, found), criterion, state, arguments.reason))
    for criterion in arguments.confirm:
        made = made.agreed(_take(arguments, found), criterion)
    if arguments.words is not None and arguments.comment is None:
        raise UsageError("--words goes with --comment.", "Such as: --comment “Well put” --words 3-7")
    if arguments.comment is not None:
        first, last = _span(arguments.words)
        take = None if first is None and arguments.take is None else _take(arguments, found)
        made = made.commented(Comment(arguments.comment, take, first, last))
    return made


def _take(arguments: argparse.Namespace, found: Collected) -> int:
    """The take that is meant."""
    numbers = [sent.number for sent in found.result.sent]
    if arguments.take is not None:
        return int(arguments.take)
    if len(numbers) != 1:
        raise UsageError("Which take?", f"Say --take with one of {', '.join(map(str, numbers))}.")
    return numbers[0]


def _span(typed: str | None) -> tuple[int | None, int | None]:
    if typed is None:
        return None, None
    found = re.fullmatch(r"(\d{1,5})(?:[-–](\d{1,5}))?", typed.strip())
    if found is None:
        raise UsageError(
            f"“{typed}” are no numbers of words.", "Such as: --words 3-7, as “bowout coach show” has them."
        )
    return int(found[1]), int(found[2] or found[1])
