"""``bowout incident``: private notes of what happened in an interview. Added to, never rewritten."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.asking import BACK, ask, goes_on, read_answers, say_folded, somebody_is_here, tell_folded
from bowout.commands.common import add_json, hand_out, services
from bowout.commands.output import emit, say, tell
from bowout.commands.pack_common import count, typed_line
from bowout.errors import EXIT_DONE, InputError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from bowout.bootstrap import RealServices
    from bowout.core.case import Case
    from bowout.core.incident import Incident
    from bowout.rehearsal.incidents import Incidents

NEWEST = "newest"
_HINT = "It should look like {“happened”: “yesterday 15:10”, “what”: “…”}, in straight quotes."
_LONGEST_FILE = 64 * 1024
"""Bytes of a file to add."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "incident",
        help="a private note of misconduct in an interview: facts first, with date and time",
        description="Notes of what happened, for yourself and for whoever you may want to tell. A note is added to and "
        "never rewritten; it stays on this machine, readable by you alone. What to do with it, in general: bowout "
        "guide reporting. None of it is typed into the command line, which shells remember.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    new = actions.add_parser("new", help="write a note: when, where, who, what, who saw it")
    new.add_argument("--case", metavar="ID", default="", help="the case it belongs to, as in bowout cases list")
    new.add_argument("--answers", metavar="FILE.json", type=Path, help="the answers from a file")
    add_json(new)
    new.set_defaults(func=run_new)
    add = actions.add_parser("add", help="add to a note, with its own date; from standard input or a file")
    add.add_argument("id", metavar="ID", nargs="?", default=NEWEST, help="as in the list (default: the newest)")
    add.add_argument("--file", metavar="FILE", type=Path, help="the text to add (default: as typed)")
    add.set_defaults(func=run_add)
    shown = actions.add_parser("show", help="a whole note")
    shown.add_argument("id", metavar="ID", nargs="?", default=NEWEST, help="as in the list (default: the newest)")
    add_json(shown)
    shown.set_defaults(func=run_show)
    listing = actions.add_parser("list", help="every note, newest first")
    add_json(listing)
    listing.set_defaults(func=run_list)
    export = actions.add_parser("export", help="a note as text")
    export.add_argument("id", metavar="ID", nargs="?", default=NEWEST, help="as in the list (default: the newest)")
    export.add_argument("-o", "--out", metavar="FILE", type=Path, help="write there, for your eyes only")
    export.set_defaults(func=run_export)
    delete = actions.add_parser("delete", help="delete whole notes for good")
    delete.add_argument("id", metavar="ID", nargs="*", help="as in the list")
    delete.add_argument("--all", action="store_true", help="every note")
    delete.set_defaults(func=run_delete)


def run_new(arguments: argparse.Namespace) -> int:
    from bowout.core.draft import key_of
    from bowout.core.incident import answers_from, incident_from

    made = services()
    now = made.now()
    case = made.cases.load(arguments.case) if arguments.case else None
    if arguments.answers is not None:
        answers = answers_from(read_answers(arguments.answers, _HINT), case, now)
    else:
        answers = _ask_all(made, case, now)
    note = made.incidents.begin(incident_from(answers, now, arguments.case))
    if arguments.answers is None:
        made.drafts.drop(key_of("incident", arguments.case))
    if arguments.json:
        emit(note.as_json())
        return EXIT_DONE
    _show(note)
    say()
    tell_folded(f"Kept as {note.id}, readable by you alone. It can be added to, and not changed: bowout incident add")
    tell("Whom such things are reported to, in general: bowout guide reporting")
    return EXIT_DONE


def _ask_all(made: RealServices, case: Case | None, now: datetime) -> dict[str, str]:
    from bowout.core.draft import key_of
    from bowout.core.incident import begun, questions, taken, told_again

    somebody_is_here()
    key = key_of("incident", case.id if case is not None else "")
    asked, answers, at = questions(case, now), dict[str, str](), 0
    if (draft := made.drafts.load(key)) is not None and goes_on(draft, now):
        texts = begun(asked, draft, now)
        asked = tuple(replace(each, default=texts.get(each.id) or each.default) for each in asked)
    tell_folded(
        f"The facts first. Enter alone takes what stands in brackets. “{BACK}” goes back. Ctrl-C leaves; what you "
        "wrote is offered again."
    )
    while at < len(asked):
        value = ask(at + 1, asked[at], lambda question, typed: taken(question, typed, now))
        if value is not None:
            answers[asked[at].id] = value
            made.drafts.keep(key, told_again(asked, answers, now))
        at = at + 1 if value is not None else max(0, at - 1)
    return answers


def run_add(arguments: argparse.Namespace) -> int:
    from bowout.core.incident import plain

    made = services()
    note = _named(made.incidents, arguments.id)
    text, wrong = plain(_typed() if arguments.file is None else _read(arguments.file))
    if wrong:
        raise UsageError(wrong)
    note = made.incidents.add(note.id, text, made.now())
    say(f"Added, with today's date: {note.title}.")
    return EXIT_DONE


def _typed() -> str:
    """Lines until an empty one, or the end of standard input."""
    if sys.stdin.isatty():
        tell("What is to be added? An empty line ends it.")
    lines: list[str] = []
    while line := typed_line():
        if sys.stdin.isatty() and not line.strip():
            break
        lines.append(line)
    return "".join(lines)


def _read(path: Path) -> str:
    try:
        with path.expanduser().open("rb") as file:
            raw = file.read(_LONGEST_FILE + 1)
        if len(raw) > _LONGEST_FILE:
            raise InputError(f"{path} is larger than {_LONGEST_FILE // 1024} KB.", "Add it in parts.")
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Check the name.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error


def _named(incidents: Incidents, name: str) -> Incident:
    if name != NEWEST:
        return incidents.load(name)
    notes = incidents.list()
    if not notes:
        raise UsageError("There are no incident notes.", "Write one: bowout incident new")
    return notes[0]


def _show(note: Incident) -> None:
    from bowout.core.incident import note_lines

    for line in note_lines(note):
        say_folded(line)


def run_show(arguments: argparse.Namespace) -> int:
    note = _named(services().incidents, arguments.id)
    if arguments.json:
        emit(note.as_json())
    else:
        _show(note)
    return EXIT_DONE


def run_list(arguments: argparse.Namespace) -> int:
    from bowout.core.incident import row

    notes = services().incidents.list()
    for note in notes:
        if arguments.json:
            emit(note.as_json())
        else:
            say(f"{note.id}  {row(note)}")
    if not notes and not arguments.json:
        say("There are no incident notes.")
    return EXIT_DONE


def run_export(arguments: argparse.Namespace) -> int:
    from bowout.core.incident import export_text

    text = export_text(_named(services().incidents, arguments.id))
    hand_out(text, arguments.out, "the whole note")
    return EXIT_DONE


def run_delete(arguments: argparse.Namespace) -> int:
    made = services()
    incidents = made.incidents
    if bool(arguments.id) == arguments.all:
        raise UsageError("Which notes?", "Name their ids, or --all.")
    ids = list(dict.fromkeys(arguments.id))
    for note_id in ids:
        incidents.delete(note_id)
        made.drafts.drop_of(note_id)
    gone = incidents.delete_all() if arguments.all else len(ids)
    if arguments.all:
        made.drafts.drop_all("addition")
    say(f"Deleted {count(gone, 'incident note')}.")
    return EXIT_DONE
