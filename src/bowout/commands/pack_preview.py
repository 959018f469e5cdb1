"""``bowout pack preview``: walk through a call by typing, and see what each answer does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bowout.commands.output import say, tell
from bowout.commands.pack_common import count, open_named, scenario_of, typed_line
from bowout.core.safety import printable
from bowout.errors import EXIT_DONE, InputError, UsageError

if TYPE_CHECKING:
    from bowout.core.preview import Made, Preview, Said
    from bowout.core.scenario import Scenario

_LONGEST_SCRIPT = 256 * 1024
"""Bytes of a script."""


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "preview",
        help="walk through a call by typing, and see what each answer does",
        description="Walk through a scenario's call by typing, one line a turn; an empty line is silence, and so is "
        "whatever comes after the last one. After each turn it says what was heard and which way out was taken.",
    )
    parser.add_argument("pack", metavar="FOLDER|FILE|ID", help="a pack's folder or file, or the id of one that is here")
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="one of its scenarios (default: the first)")
    parser.add_argument("--say", action="store_true", help="speak the lines, where a voice is there")
    parser.add_argument("--seed", type=int, default=0, help="which variants of the lines (default 0)")
    parser.add_argument("--script", metavar="FILE", type=Path, help="your answers, one a line, in place of typing them")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    scenario = _scenario(arguments.pack, arguments.scenario)
    answers = typed if arguments.script is None else _from(arguments.script)
    walk_through(scenario, answers, seed=arguments.seed, aloud=arguments.say)
    return EXIT_DONE


def _scenario(pack: str, name: str | None) -> Scenario:
    from bowout.bootstrap import build_catalogue

    try:
        opened = open_named(pack)
    except UsageError as error:
        if name is not None:
            raise
        try:
            return build_catalogue().scenario(pack)  # the id of a scenario will do, too
        except UsageError:
            raise error from None
    if name is not None:
        return scenario_of(opened, name)
    if not opened.scenarios:
        raise UsageError(f"The pack “{opened.id}” has no scenario to walk through.", "Its drills: bowout drill")
    if len(opened.scenarios) > 1:
        others = ", ".join(s.id for s in opened.scenarios[1:])
        tell(f"The first of {count(len(opened.scenarios), 'scenario')}. The others: {others}.")
    return opened.scenarios[0]


Answers = Callable[[], "str | None"]
"""The next answer; ``None`` once there are no more."""


def typed() -> str | None:
    """A line from the keyboard, or from whatever stands in for one."""
    if sys.stdin.isatty():
        sys.stderr.write("You: ")
        sys.stderr.flush()
    line = typed_line()
    return line.strip() if line else None


def _from(path: Path) -> Answers:
    try:
        with path.expanduser().open("rb") as file:
            raw = file.read(_LONGEST_SCRIPT + 1)
        lines = raw.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.", "Check the name.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8.", "Save it as UTF-8 in your editor.") from error
    if len(raw) > _LONGEST_SCRIPT:
        raise InputError(f"{path} is larger than {_LONGEST_SCRIPT // 1024} KB.", "One line a turn is enough.")
    rest = iter(lines)
    return lambda: next(rest, None)


def walk_through(scenario: Scenario, answers: Answers, *, seed: int = 0, aloud: bool = False) -> None:
    """The whole call on the terminal."""
    from datetime import datetime

    from bowout.commands.saying import Saying
    from bowout.core.preview import Preview
    from bowout.core.scenario import RAN_OUT, fill

    preview = Preview(scenario, scenario.facts_at(datetime.now().astimezone()), seed)
    say(f"{scenario.title}  [{scenario.pack}/{scenario.id}]")
    for text in (scenario.brief.you, scenario.brief.situation):
        say(f"  {fill(text, preview.facts)}")
    say()
    if sys.stdin.isatty() and answers is typed:
        tell("Type what you say, then Enter. Enter alone is silence, Ctrl-C leaves.")
    opened: Any = Saying(phone=scenario.channel == "phone") if aloud else nullcontext()
    silent = False
    with opened as voice:
        while True:
            _show_line(preview.line(), scenario, voice)
            if preview.over:
                break
            answer = None if silent else answers()
            silent = silent or answer is None
            if answers is not typed or not sys.stdin.isatty() or silent:
                say(f"You: {answer or '(nothing)'}")
            for line in _made(preview.answer(printable(answer or "")), over=preview.over):
                say(f"    {line}")
            if preview.outcome == RAN_OUT:
                break
    say()
    for line in _end(preview):
        say(line)


def _show_line(said: Said, scenario: Scenario, voice: Any) -> None:
    name = " ".join(printable(said.speaker.name).split())
    if said.rings:
        say("(it rings)")
        if voice is not None:
            voice.ring()
    if said.step.wait_s and not said.again:
        say(f"({said.step.wait_s:g} s of silence)")
    say(f"{name}: {said.text}")
    if voice is not None:
        voice.line(said.text, said.speaker)
    if said.step.beep:
        say("(beep)")
        if voice is not None:
            voice.beep()


def _made(made: Made, *, over: bool) -> Iterator[str]:
    """What came of a turn, in a line or two."""
    from bowout.commands.pack_show import rule_words

    found = [f"heard {', '.join(made.items)}"] if made.items else []
    found += [f"fault {', '.join(made.faults)}"] if made.faults else []
    yield f"· {'; '.join(found) or 'nothing new was heard'}"
    if not made.ways and not over:
        yield "· the line is said again"
    for way in made.ways:
        passed = " without a word" if way.unsaid else ""
        yield f"· {way.step}{passed}: way out {way.number} ({rule_words(way.rule)}) → {way.rule.go}"
    if made.hint:
        yield f"· hint in practice: {made.hint}"


def _end(preview: Preview) -> Iterator[str]:
    from bowout.core.marks import State
    from bowout.core.scenario import RAN_OUT, fill

    outcome = preview.scenario.outcomes.get(preview.outcome or "")
    if preview.outcome == RAN_OUT:
        yield f"The end: the limit of {preview.scenario.limits.turns} turns is reached."
    elif outcome is None:
        yield f"The end: {preview.outcome}"
    else:
        kind = "good" if outcome.good else "bad"
        yield f"The end: {preview.outcome} ({kind}). {fill(outcome.says, preview.facts)}"
    marks = preview.marks()
    yield f"Marks: {marks.score} of 100, {'passed' if marks.passed else 'not passed'}."
    missing = [mark.id for mark in marks.items.values() if mark.required and mark.state is not State.HEARD]
    if missing:
        yield f"  Left out: {', '.join(missing)}"
    for fault in marks.faults.values():
        if fault.found:
            yield f"  Fault: {fault.id}{f', “{fault.span.quote}”' if fault.span else ''}"
    if marks.next_time:
        yield f"  Next time: {marks.next_time}"


__all__ = ["typed", "walk_through"]
