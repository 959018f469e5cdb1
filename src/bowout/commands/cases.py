"""``bowout cases``: your own cases. See, report, close, export and delete them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.common import add_json, hand_out, services
from bowout.commands.output import emit, say, tell
from bowout.commands.pack_common import count
from bowout.errors import EXIT_DONE, EXIT_NO, UsageError

if TYPE_CHECKING:
    from bowout.bootstrap import RealServices

NEWEST = "newest"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "cases", help="list, show, report, close, export or delete your own cases; the pattern"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="every case, newest first")
    add_json(listing)
    listing.set_defaults(func=run_list)
    shown = actions.add_parser("show", help="the decision, the five steps, what to say, what is done")
    shown.add_argument("id", metavar="ID", nargs="?", default=NEWEST, help="as in the list (default: the newest)")
    add_json(shown)
    shown.set_defaults(func=run_show)
    report = actions.add_parser("report", help="enter what came of the real call")
    report.add_argument("id", metavar="ID", help=f"as in the list, or {NEWEST}")
    report.add_argument("result", metavar="RESULT", help="agreed, withdrawn, voicemail, no_answer, refused, left, none")
    report.add_argument("--slot", metavar="TIME", default="", help="the new time, such as “Friday 10:00”")
    report.add_argument(
        "--by", metavar="HOW", default="", help="phone, email, message, in_person (default: as the case says)"
    )
    report.set_defaults(func=run_report)
    done = actions.add_parser("done", help="enter what you have done")
    done.add_argument("id", metavar="ID", help=f"as in the list, or {NEWEST}")
    done.add_argument("what", metavar="WHAT", help="read, spoken, message_ready, sent, touched")
    done.set_defaults(func=run_done)
    closed = actions.add_parser("close", help="it is done: nothing more is due")
    closed.add_argument("id", metavar="ID", help=f"as in the list, or {NEWEST}")
    closed.set_defaults(func=run_close)
    export = actions.add_parser("export", help="the whole case with everything that made it")
    export.add_argument("id", metavar="ID", help=f"as in the list, or {NEWEST}")
    export.add_argument("--text", action="store_true", help="as text for people (default: JSON)")
    export.add_argument(
        "-o", "--out", metavar="FILE", type=Path, help="write there, for your eyes only (default: print)"
    )
    export.set_defaults(func=run_export)
    found = actions.add_parser("pattern", help="how often and why your interviews were called off; for you alone")
    add_json(found)
    found.set_defaults(func=run_pattern)
    delete = actions.add_parser("delete", help="delete cases for good, with the rehearsals made for them")
    delete.add_argument("id", metavar="ID", nargs="*", help="as in the list")
    delete.add_argument("--all", action="store_true", help="every case")
    delete.set_defaults(func=run_delete)


def _named(made: RealServices, name: str) -> str:
    if name != NEWEST:
        return name
    cases = made.cases.list()
    if not cases:
        raise UsageError("There are no cases.", "Begin one: bowout now")
    return cases[0].id


def run_list(arguments: argparse.Namespace) -> int:
    from bowout.core.case_text import row

    made = services()
    now = made.now()
    cases = made.cases.list()
    for case in cases:
        if arguments.json:
            emit(case.as_json())
        else:
            say(f"{case.id}  {row(case, now)}")
    if not cases and not arguments.json:
        say("There are no cases. Begin one: bowout now")
    return EXIT_DONE


def run_show(arguments: argparse.Namespace) -> int:
    from bowout.commands.asking import say_folded
    from bowout.commands.now import as_json
    from bowout.core.case_text import case_lines
    from bowout.rehearsal.own import up_to_date

    made = services()
    now = made.now()
    case, last = up_to_date(made, made.cases.load(_named(made, arguments.id)))
    if arguments.json:
        emit(as_json(case, now))
        return EXIT_DONE
    for line in case_lines(case, now, None if last is None else last.score):
        say_folded(line)
    for note in made.incidents.list():
        if note.case == case.id:
            say(f"An incident note belongs to it: bowout incident show {note.id}")
    return EXIT_DONE


def run_report(arguments: argparse.Namespace) -> int:
    from bowout.core import when
    from bowout.core.call_card import needs_slot, outcomes
    from bowout.core.case import BYS, Report
    from bowout.core.decide import decision_of
    from bowout.core.due import due

    made = services()
    now = made.now()
    case = made.cases.load(_named(made, arguments.id))
    fitting = [result for result, _ in outcomes(case)]
    if arguments.result not in fitting:
        raise UsageError(f"“{arguments.result}” can't come of this case.", f"One of {', '.join(fitting)}.")
    slot = None
    if arguments.slot:
        try:
            slot = when.parse(arguments.slot, now)
        except when.NotATime as error:
            raise UsageError(str(error)) from error
        if when.elapsed(now, slot).total_seconds() <= 0:
            raise UsageError(f"“{arguments.slot}” has passed.", "Give the new time, which is still to come.")
    channel = decision_of(case, now).channel
    by = arguments.by or ("phone" if channel == "none" else channel)
    if by not in BYS:
        raise UsageError(f"“{by}” is no way to reach anybody.", f"One of {', '.join(BYS)}.")
    case = made.cases.report(case.id, Report(now, arguments.result, slot, by))
    open_ = ", no new time yet" if needs_slot(case, arguments.result) and slot is None else ""
    say(f"Noted for {case.title}{open_}.")
    if open_:
        tell(f"Once they name it: bowout cases report {case.id} agreed --slot “Friday 10:00”")
    for each in due(case, now):
        say(each.says)
    return EXIT_DONE


def run_done(arguments: argparse.Namespace) -> int:
    from bowout.core import when
    from bowout.core.case import DONE
    from bowout.core.case_text import checklist

    if arguments.what not in DONE:
        raise UsageError(f"“{arguments.what}” is nothing that can be done.", f"One of {', '.join(DONE)}.")

    made = services()
    now = made.now()
    case = made.cases.load(_named(made, arguments.id))
    if arguments.what == "sent" and "sent" in case.done:
        told = when.spoken_here(case.done["sent"], now)
        tell(f"You sent it {told}, by your own word. One message is enough; a light touch months later is “touched”.")
        return EXIT_NO
    case = made.cases.did(case.id, arguments.what, now)
    say(f"Noted for {case.title}: {'; '.join(words for _, _, words in checklist(case, now))}.")
    return EXIT_DONE


def run_close(arguments: argparse.Namespace) -> int:
    made = services()
    case = made.cases.close(_named(made, arguments.id), made.now())
    say(f"Closed: {case.title}.")
    return EXIT_DONE


def run_export(arguments: argparse.Namespace) -> int:
    from bowout.core.case_text import export_text

    made = services()
    id_ = _named(made, arguments.id)
    exported = made.cases.export(id_)
    if arguments.text:
        text = export_text(exported, made.cases.load(id_), made.now())
    else:
        text = json.dumps(exported, ensure_ascii=False, indent=2) + "\n"
    hand_out(text, arguments.out, "the whole case")
    return EXIT_DONE


def run_pattern(arguments: argparse.Namespace) -> int:
    from bowout.core.cancelled import pattern, pattern_lines

    made = services()
    found = pattern(made.cases.list(), made.now())
    if arguments.json:
        emit(found.as_json())
        return EXIT_DONE
    for line in pattern_lines(found):
        say(line)
    return EXIT_DONE


def run_delete(arguments: argparse.Namespace) -> int:
    from bowout.rehearsal.own import delete_case

    made = services()
    if bool(arguments.id) == arguments.all:
        raise UsageError("Which cases?", "Name their ids, or --all.")
    ids = [case.id for case in made.cases.list()] if arguments.all else list(dict.fromkeys(arguments.id))
    rehearsals = sum(delete_case(made, id_) for id_ in ids)
    gone = len(ids)
    if arguments.all:
        gone += made.cases.delete_all()  # those that can't be read
        made.drafts.drop_all("message", "incident")
    told = f", with {rehearsals} rehearsal{'' if rehearsals == 1 else 's'}" if rehearsals else ""
    say(f"Deleted {gone} case{'' if gone == 1 else 's'}{told}.")
    kept = sum(note.case in ids for note in made.incidents.list())
    if kept:
        tell(f"Kept: {count(kept, 'incident note')} of theirs. bowout incident delete deletes notes.")
    return EXIT_DONE
