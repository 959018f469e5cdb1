"""Options and steps that several commands share."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bowout.commands.output import say, tell
from bowout.core.safety import printable

if TYPE_CHECKING:
    from pathlib import Path

    from bowout.bootstrap import RealServices
    from bowout.core.scenario import Scenario
    from bowout.rehearsal.call import Rehearsal
    from bowout.rehearsal.events import CallMarked

EARS = ("auto", "vosk", "builtin", "typed")


def add_json(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output, one object a line")


def add_ear(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ear", choices=EARS, help="which ear listens (default: as in the settings)")


def services(ear: str | None = None) -> RealServices:
    """The real services, with the ear that was asked for."""
    from dataclasses import replace

    from bowout.bootstrap import build_services

    made = build_services(strict=ear is not None)
    if made.settings_trouble is not None:
        tell(f"  [settings] {made.settings_trouble.sentence()} The defaults hold.")
    if ear is not None:
        made.settings = replace(made.settings, ear=ear)  # type: ignore[arg-type]
    return made


def hand_out(text: str, out: Path | None, what: str) -> None:
    """An export: on standard output, or in the file ``out``, user-only; ``what`` it holds is said of the file."""
    if out is None:
        say(text.rstrip("\n"))
        return
    from bowout.storage.atomic import write_own

    path = out.expanduser()
    write_own(path, text.encode("utf-8"))
    say(f"{path}: {what}, readable by you alone.")


def follow(
    rehearsal: Rehearsal, stop: threading.Event, *, prompt_typed: bool = False, at_ring: Iterable[str] = ()
) -> CallMarked | None:
    """Run a call on the terminal: both sides as text on standard error. ``None`` if it was abandoned.

    Args:
        at_ring: lines that are shown when the phone rings first, and no sooner.
    """
    lines = iter(at_ring)
    from bowout.rehearsal import events as e

    marked = None
    for event in rehearsal.run(stop):
        match event:
            case e.Noticed():
                tell(f"  [{event.part}] {event.message} {event.fix}".rstrip())
            case e.Rang():
                tell("  (it rings)")
                for line in lines:
                    tell(line)
            case e.RecruiterSpoke():
                tell(f"{printable(event.speaker) or 'Recruiter'}: {event.text}")
            case e.Beeped():
                tell("  (beep)")
            case e.Hinted():
                tell(f"  (hint: {event.text})")
            case e.MicrophoneOpened():
                tell("  (speak now)")
            case e.TypingWanted() if prompt_typed:
                tell("  (type what you say, then Enter)")
            case e.TurnHeard() if not event.careful:
                tell(f"You: {event.turn.text or '(nothing)'}")
            case e.CallMarked():
                marked = event
            case _:
                pass
    return marked


def show(marked: CallMarked, scenario: Scenario, *, as_json: bool) -> None:
    """Print a call's result."""
    if as_json:
        from bowout.commands.output import emit
        from bowout.core.marks import as_json as result_json

        emit(result_json(marked.marks, marked.provenance))
        return
    from bowout.commands.review import lines

    say()
    for line in lines(marked.marks, scenario.title):
        say(line)


def show_message(rehearsal: Rehearsal) -> None:
    """The message that would follow: practice, for no real call was reported."""
    from bowout.core.letters import write

    message = write(rehearsal.scenario.follow_up, rehearsal.facts, rehearsal.scenario.channel)
    say()
    say("A practice message, as if the call had gone like that (it goes to nobody)")
    for line in message.text.splitlines():
        say(f"  {line}")
