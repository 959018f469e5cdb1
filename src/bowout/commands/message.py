"""``bowout message``: the message for a case or a rehearsed scenario, to print, check, or save."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_NO, BowoutError, InputError, UsageError

if TYPE_CHECKING:
    from bowout.bootstrap import RealServices
    from bowout.core.draft import Draft
    from bowout.core.messages import Message
    from bowout.core.messages.occasion import Occasion
    from bowout.core.writing_check import Finding

_ENDINGS = (".txt", ".eml", ".ics")
_MOST_BYTES = 256 * 1024


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "message",
        help="the message that follows, to check, copy or save as a draft",
        description="Write the message for a case of yours (default: the newest open one) or for a rehearsed scenario. "
        "A case's message is filled from what you reported of the real call, never from the rehearsal. Nothing is ever "
        "sent. Exit code 1 means: it is not ready.",
    )
    parser.add_argument(
        "kind", metavar="KIND", nargs="?", help="such as withdrawal or reschedule (default: what suits; --kinds lists)"
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--case", metavar="ID", help="the case it is for")
    whose.add_argument("--scenario", metavar="ID", help="practice: the scenario it is for")
    parser.add_argument("--short", action="store_true", help="as a text message")
    parser.add_argument("--own", action="store_true", help="in your own wording, where you keep one")
    edit = parser.add_mutually_exclusive_group()
    edit.add_argument("--edit", action="store_true", help="change it in $EDITOR first; what you wrote last is there")
    edit.add_argument("--anew", action="store_true", help="the same, without what you wrote last")
    out = parser.add_mutually_exclusive_group()
    out.add_argument(
        "--out", metavar=f"FILE{'|'.join(_ENDINGS)}", type=Path, help="write there, for your eyes only (.eml: a draft)"
    )
    out.add_argument("--mailto", action="store_true", help="print a mailto: link")
    out.add_argument(
        "--check", metavar="FILE", help="check the text in FILE (- for standard input) and say what to mend"
    )
    out.add_argument(
        "--keep", metavar="FILE", help="keep the text in FILE as your own wording of KIND; empty forgets it"
    )
    out.add_argument("--kinds", action="store_true", help="list the kinds, what suits first")
    parser.add_argument("--replace", action="store_true", help="replace a file that is there")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    made = services()
    try:
        return _run(arguments, made)
    finally:
        made.close()


def _run(arguments: argparse.Namespace, made: RealServices) -> int:
    from bowout.core.messages import KINDS, TEMPLATES

    if arguments.kind is not None and arguments.kind not in KINDS:
        raise UsageError(f"There is no message “{arguments.kind}”.", f"Known: {', '.join(KINDS)}.")
    occasion = _occasion(arguments, made)
    draft = _draft(arguments, made, occasion)
    begun = draft.texts.get("kind", "") if draft is not None else ""
    kind: str = arguments.kind or (begun if begun in KINDS else "") or occasion.kinds[0]
    if arguments.kinds:
        for number, each in enumerate(occasion.kinds):
            if number == occasion.suiting and number and not arguments.json:
                say("The others:")
            if arguments.json:
                emit({"kind": each, "label": TEMPLATES[each].label})
            else:
                say(f"{each:18}{TEMPLATES[each].label}")
        return EXIT_DONE
    if arguments.keep is not None:
        return _keep(arguments, made, occasion, kind)
    if arguments.out is not None and arguments.out.suffix.lower() not in _ENDINGS:
        raise UsageError(f"“{arguments.out}” ends with none of {', '.join(_ENDINGS)}.", "The ending decides the form.")
    message = _message(arguments, made, occasion, kind, draft)
    if arguments.check is not None:
        from bowout.core.messages import parsed

        message = parsed(_read(arguments.check))
    findings = _findings(made, occasion, kind, message)
    if arguments.json:
        emit(_as_json(occasion, kind, message, findings))
    elif arguments.check is not None:
        _show(findings, practice=occasion.practice)
    elif arguments.mailto:
        from bowout.core.messages.mail import mailto

        say(mailto(message, occasion.email))
    elif arguments.out is None:
        for text in message.text.splitlines():
            say(text)
    if arguments.out is not None:
        _save(arguments.out, made, occasion, message, replace=arguments.replace)
        if not arguments.json:
            say(f"{arguments.out}: readable by you alone. Nothing has been sent.")
    if not arguments.json and arguments.check is None:
        _warn(findings, occasion)
    return _verdict(arguments, made, occasion, findings)


def _draft(arguments: argparse.Namespace, made: RealServices, occasion: Occasion) -> Draft | None:
    """What was written last, where it is gone on with."""
    draft = made.drafts.load(_key(occasion)) if arguments.edit else None
    if draft is None or not draft.texts.get("text", "").strip():
        return None
    from bowout.core import when

    told = when.spoken_here(draft.at, occasion.now)
    begun = draft.texts.get("kind", "")
    if arguments.kind not in (None, begun):
        hint = f"Go on with it: --edit alone. Or throw it away: {arguments.kind} --anew"
        raise UsageError(f"You began another message {told} ({begun}).", hint)
    tell(f"  [draft] You go on with what you wrote {told}. --anew begins anew.")
    return draft


def _key(occasion: Occasion) -> str:
    from bowout.core.draft import key_of

    return key_of("message", occasion.case) if occasion.case else key_of("practice", occasion.scenario)


def _occasion(arguments: argparse.Namespace, made: RealServices) -> Occasion:
    from bowout.core.messages.occasion import of_case, of_scenario, said_in

    now = made.now()
    if arguments.scenario is not None:
        return of_scenario(made.scenario(arguments.scenario), now)
    if arguments.case is not None:
        case = made.cases.load(arguments.case)
    else:
        open_cases = [each for each in made.cases.list() if each.closed is None]
        if not open_cases:
            raise UsageError("There is no open case.", "Begin one with: bowout now. Or practise with --scenario ID.")
        case = open_cases[0]
        tell(f"  [case] {case.title}")
    said = None
    if case.marks:
        try:
            said = said_in(made.records.load(case.marks[-1]).events)
        except InputError:  # the attempt was deleted: there is nothing to hold the message against
            said = None
    return of_case(case, now, said)


def _message(
    arguments: argparse.Namespace, made: RealServices, occasion: Occasion, kind: str, draft: Draft | None
) -> Message:
    from bowout.core.messages import OWN_KINDS, parsed

    own = ""
    if arguments.own:
        own = made.outbox.own().get(kind, "")
        if not own:
            known = ", ".join(OWN_KINDS)
            raise UsageError(f"You keep no wording of your own for “{kind}”.", f"--keep FILE keeps one ({known}).")
    message = occasion.message(kind, "short" if arguments.short else "full", own)
    if not arguments.edit and not arguments.anew:
        return message
    key, filled = _key(occasion), message.text
    texts = {"text": filled, "kind": kind, "length": "short" if arguments.short else "full"}
    texts |= draft.texts if draft is not None else {}
    texts["ready"] = ""
    texts["text"] = made.drafts.edited(key, texts, "text")
    if texts["text"].strip() == filled.strip():
        made.drafts.drop(key)
    else:
        made.drafts.keep(key, texts)
    return parsed(texts["text"])


def _keep(arguments: argparse.Namespace, made: RealServices, occasion: Occasion, kind: str) -> int:
    from bowout.core.messages import unfilled

    text = _read(arguments.keep)
    made.outbox.keep_own(kind, unfilled(text, occasion.facts, occasion.report_for(kind)))
    say(f"Kept as your own wording of {kind}." if text.strip() else f"Your own wording of {kind} is forgotten.")
    return EXIT_DONE


def _findings(made: RealServices, occasion: Occasion, kind: str, message: Message) -> tuple[Finding, ...]:
    """What the writing check says; what can't be checked here is told."""
    from bowout.core.writing_check import check, offered

    setting = occasion.setting(kind)
    busy, misspelt = [], {}
    try:
        busy = made.outbox.busy([each.at for each in offered(message, setting) if each.at is not None])
    except BowoutError as error:
        tell(f"  [calendar] {error.sentence()}")
    try:
        misspelt = dict(made.outbox.misspelt(message.text, tuple(occasion.facts.values())))
    except BowoutError as error:
        tell(f"  [spelling] {error.sentence()}")
    return check(message, occasion.setting(kind, busy=tuple(busy), misspelt=misspelt))


def _show(findings: tuple[Finding, ...], *, practice: bool) -> None:
    from bowout.core.writing_check import ready

    for each in findings:
        sign = "✗" if each.weight == "stop" else "?"
        say(f"{sign} {'The message differs. ' if each.differs else ''}{each.says}")
    told = "Ready." if ready(findings) else "Not ready: mend what is marked ✗."
    say(f"{told} It is practice: it goes to nobody." if practice else told)


def _warn(findings: tuple[Finding, ...], occasion: Occasion) -> None:
    if occasion.practice:
        tell("  [practice] From a scenario, as if the call had gone like that. Send it to nobody.")
    elif occasion.sent is not None:
        from bowout.core import when

        told = when.spoken_here(occasion.sent, occasion.now)
        tell(f"  [sent] You sent a message {told}, by your own word. One is enough.")
    elif occasion.report is None or occasion.report.result == "none":
        tell("  [report] No call has been reported made, so the message speaks of none.")
    for each in findings:
        if each.weight == "stop":
            tell(f"  [check] {each.says}")


def _verdict(
    arguments: argparse.Namespace, made: RealServices, occasion: Occasion, findings: tuple[Finding, ...]
) -> int:
    from bowout.core.writing_check import ready

    if not ready(findings):
        own = arguments.check is not None or arguments.edit or arguments.anew
        if own and occasion.case and "message_ready" in made.cases.load(occasion.case).done:
            made.cases.undid(occasion.case, "message_ready")
        return EXIT_NO
    if occasion.case:
        made.cases.did(occasion.case, "message_ready", made.now())
    return EXIT_DONE


def _save(path: Path, made: RealServices, occasion: Occasion, message: Message, *, replace: bool) -> None:
    suffix = path.suffix.lower()
    if suffix == ".eml":
        from bowout.core.messages.mail import draft

        if not message.subject:
            raise UsageError("A text message is no mail draft.", "Leave --short out, or write a .txt.")
        data = draft(message, occasion.email, occasion.facts.get("contact", ""))
    elif suffix == ".ics":
        entries = occasion.entries()
        if not entries:
            why = "A rehearsal makes no appointment." if occasion.practice else "There is nothing for a calendar yet."
            raise UsageError(why, "Report what came of the real call in the case first.")
        data = made.outbox.calendar(entries, made.now())
    else:
        data = message.text.encode("utf-8")
    try:
        made.outbox.store(path.expanduser(), data, replace=replace)
    except FileExistsError as error:
        raise UsageError(f"There is a file {path} already.", "--replace replaces it.") from error


def _as_json(occasion: Occasion, kind: str, message: Message, findings: tuple[Finding, ...]) -> dict[str, object]:
    from bowout.core.writing_check import ready

    return {
        "schema": 1,
        "kind": kind,
        "practice": occasion.practice,
        "case": occasion.case or None,
        "subject": message.subject or None,
        "body": message.body,
        "missing": list(message.missing),
        "ready": ready(findings),
        "findings": [
            {"id": f.id, "weight": f.weight, "says": f.says, "quote": f.quote or None, "differs": f.differs}
            for f in findings
        ],
    }


def _read(name: str) -> str:
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(name).expanduser().open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{name} can't be read: {error.strerror}.", "Check the name.") from error
    if len(raw) > _MOST_BYTES:
        raise InputError(f"{name} is too large for a message.", "Name the file with the message alone.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text.", "Save it as UTF-8.") from error
