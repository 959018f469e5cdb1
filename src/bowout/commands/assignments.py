"""``bowout assignments …``: what you have accepted; practise it, leave it, delete it."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.asking import say_folded
from bowout.commands.coach_common import output_file
from bowout.commands.common import add_ear, add_json
from bowout.commands.key_files import Owner, add_actions
from bowout.commands.open import due_words
from bowout.commands.output import emit, say, tell
from bowout.commands.pack_common import agreed
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO, InputError, MissingPart, UsageError

if TYPE_CHECKING:
    from bowout.core.coaching.terms import Assignment
    from bowout.rehearsal.coaching import Held


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "assignments",
        help="what a coach has asked of you: see it, practise it, leave it",
        description="Assignments that you have accepted (bowout open FILE).",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every assignment, newest first")
    add_json(listing)
    listing.set_defaults(func=run_list)
    shown = actions.add_parser("show", help="the terms, every take, what you sent, and what your coach answered")
    _add_which(shown)
    shown.set_defaults(func=run_show)
    practise = actions.add_parser("practise", help="make one take on the terminal", aliases=["practice"])
    _add_which(practise)
    practise.add_argument("scenario", metavar="CALL", nargs="?", help="which call, where there are several")
    how = practise.add_mutually_exclusive_group()
    how.add_argument("--wav", metavar="FILE", nargs="+", help="your answers as recordings, one a turn")
    how.add_argument("--typed", action="store_true", help="type your answers")
    practise.add_argument("--live", action="store_true", help="live, where the mode is yours to choose")
    practise.add_argument("--no-sound", action="store_true", help="show the lines instead of playing them")
    add_ear(practise)
    add_json(practise)
    practise.set_defaults(func=run_practise)
    withdraw = actions.add_parser(
        "withdraw",
        help="leave an assignment",
        description="Leave an assignment. What was handed over can't be called back from here; with -o a .bowresult is "
        "written that asks your coach's program to delete what you sent. Your own attempts stay yours.",
    )
    _add_which(withdraw)
    withdraw.add_argument("-o", "--output", metavar="FILE.bowresult", type=Path, help="ask to delete what was sent")
    withdraw.add_argument("--yes", action="store_true", help="do not ask")
    withdraw.set_defaults(func=run_withdraw)
    delete = actions.add_parser(
        "delete",
        help="delete an assignment from this machine",
        description="Delete an assignment and its answers from this machine. Your attempts stay: they are yours "
        "(bowout recordings). What was handed over is your coach's.",
    )
    _add_which(delete)
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(func=run_delete)
    add_actions(actions, _owner)


def _add_which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its id, or the beginning of it, as in the list")


def _owner() -> Owner:
    from bowout.bootstrap import build_learner

    return build_learner()


def run_list(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_learner

    every = build_learner().list()
    for held in every:
        assignment = held.assignment
        if arguments.json:
            emit(_json(held))
            continue
        sent = sum(bool(each.parts) for each in held.submissions)  # what asks to delete sends nothing
        state = "withdrawn" if held.withdrawn else f"sent {sent} ×" if sent else "not sent"
        due = due_words(assignment)
        answered = f", {len(held.answers)} answered" if held.answers else ""
        say(f"{assignment.id[:8]}  {assignment.title}, {assignment.coach.name}: {state}{answered}"
            f"{f', due {due}' if due else ''}")  # fmt: skip
    if not every and not arguments.json:
        say("You have accepted nothing yet. A coach's file is opened by: bowout open FILE")
    return EXIT_DONE


def _json(held: Held) -> dict[str, object]:
    assignment = held.assignment
    return {
        "assignment": assignment.id,
        "title": assignment.title,
        "coach": assignment.coach.name,
        "fingerprint": assignment.coach.fingerprint,
        "who": held.who,
        "terms": assignment.terms.as_json(),
        "accepted": held.accepted.isoformat(),
        "submitted": [each.made.isoformat() for each in held.submissions],
        "answers": len(held.answers),
        "withdrawn": None if held.withdrawn is None else held.withdrawn.isoformat(),
    }


def run_show(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_services
    from bowout.core.coaching.takes import take_words
    from bowout.core.coaching.terms import terms_in_words
    from bowout.core.coaching.words import answer_lines
    from bowout.local_time import LocalZone

    services = build_services()
    held = services.learner.load(arguments.assignment)
    for line in terms_in_words(held.assignment, due_words(held.assignment)):
        say_folded(line)
    takes = services.learner.takes(held.assignment.id, services.records)
    say()
    say("Takes:" if takes else "No take has been made yet.")
    for take in takes:
        say(f"  {take_words(take, LocalZone())}")
    for submission in held.submissions:
        what = ", ".join(submission.parts) or "a request to delete what was sent"
        say(f"Sent {submission.made:%Y-%m-%d %H:%M}: {what}")
    for answer in held.answers:
        say()
        say(f"{answer.coach.name}, {answer.made:%Y-%m-%d %H:%M}:")
        for line in answer_lines(answer):
            say(f"  {line}")
    if held.withdrawn is not None:
        say(f"You withdrew on {held.withdrawn:%Y-%m-%d}.")
    return EXIT_DONE


def run_practise(arguments: argparse.Namespace) -> int:
    from bowout.commands.call import keyboard, options_for
    from bowout.commands.common import follow, services, show
    from bowout.core.coaching.takes import allowance
    from bowout.rehearsal.assigned import assigned_take, drill_of, mode_of
    from bowout.rehearsal.call import Rehearsal
    from bowout.rehearsal.drilling import check_possible, judged, keep
    from bowout.rehearsal.parts import TypedLines

    made = services("typed" if arguments.typed else arguments.ear)
    stop = threading.Event()
    try:
        held = made.learner.load(arguments.assignment)
        assignment = held.assignment
        if held.withdrawn is not None:
            raise UsageError("You have withdrawn from this assignment.", "Open its file again to take part once more.")
        scenario = made.learner.scenario(assignment.id, _which(assignment, arguments.scenario))
        may = allowance(assignment, made.learner.takes(assignment.id, made.records), scenario.id, made.now())
        if not may.may:
            raise UsageError(may.why, f"Send one: bowout submit {assignment.id[:8]}")
        if may.why:
            tell(f"  {may.why}")
        mode = mode_of(assignment, "live" if arguments.live else made.settings.mode)
        # What is installed takes a moment to look through: only where it is needed.
        wanted = bool(assignment.terms.drill)
        drill = drill_of(assignment, made.learner.drills(assignment.id), made.drills) if wanted else None
        clips = None if arguments.wav is None else made.read_clips(Path(name) for name in arguments.wav)
        if clips is not None and made.ear_name() == "typed":
            raise MissingPart("There is no ear here to hear a recording.", "Get one with: bowout model install")
        base = options_for(made.settings, mode, 0, from_files=clips is not None)
        taken, options = assigned_take(assignment, scenario, base, made.settings.keep_recordings, drill)
        if drill is not None:
            silent = clips is not None or made.ear_name() == "typed"
            check_possible(drill, options.mode, headphones=made.settings.headphones, typed=silent)
        typed = TypedLines()
        rehearsal = Rehearsal(taken, made.parts(clips=clips, sound=not arguments.no_sound), options, typed)
        if clips is not None:
            typed.close()
        else:
            threading.Thread(target=keyboard, args=(lambda: rehearsal, typed), daemon=True).start()
        marked = follow(rehearsal, stop, prompt_typed=sys.stdin.isatty())
        if marked is not None and drill is not None:
            keep(made.records, marked.attempt, judged(drill, taken, marked))
    finally:
        stop.set()
        made.close()
    if marked is None:
        return EXIT_MISSING
    show(marked, taken, as_json=arguments.json)
    return EXIT_DONE if marked.marks.passed else EXIT_NO


def _which(assignment: Assignment, typed: str | None) -> str:
    """The call that is meant. Raises ``UsageError``."""
    from bowout.core.document import suggestion

    scenarios = assignment.terms.scenarios
    if typed is None and len(scenarios) == 1:
        return scenarios[0]
    if typed in scenarios:
        return typed
    if typed is None:
        raise UsageError("Which call?", f"Asked for: {', '.join(scenarios)}.")
    raise UsageError(f"“{typed}” is not asked for.", suggestion(typed, scenarios))


def run_withdraw(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_learner

    learner = build_learner()
    held = learner.load(arguments.assignment)
    path = None
    if arguments.output is not None:
        path = output_file(arguments.output, ".bowresult", "")
    if not agreed(f"Leave “{held.assignment.title}”?", yes=arguments.yes):
        say("Nothing was changed.")
        return EXIT_NO
    learner.withdraw(held.assignment.id, path)
    say("You have left it. Your attempts stay yours: bowout recordings list")
    if path is not None:
        say(f"{path} asks {held.assignment.coach.name}'s program to delete what you sent: hand it over as before.")
    elif held.submissions:
        say(f"What you handed over is with {held.assignment.coach.name}: ask them to delete it.")
    return EXIT_DONE


def run_delete(arguments: argparse.Namespace) -> int:
    from bowout.bootstrap import build_learner

    learner = build_learner()
    identity = learner.full(arguments.assignment)
    try:
        what = f"“{learner.load(identity).assignment.title}”"
    except InputError as error:  # damaged: then it can be deleted all the more
        tell(error.message)
        what = f"the assignment {identity[:8]}, which is damaged,"
    if not agreed(f"Delete {what} from this machine?", yes=arguments.yes):
        say("Nothing was deleted.")
        return EXIT_NO
    learner.delete(identity)
    say("Deleted. Your attempts stay: bowout recordings list")
    return EXIT_DONE
