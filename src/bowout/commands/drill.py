"""``bowout drill``: short, timed takes of one skill, on the terminal; without a name what there is."""

from __future__ import annotations

import argparse
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bowout.commands.call import keyboard, options_for
from bowout.commands.common import add_ear, add_json, follow, services
from bowout.commands.output import emit, say, tell
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO, MissingPart, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bowout.bootstrap import RealServices
    from bowout.core.drills import Drill
    from bowout.core.scenario import Scenario
    from bowout.rehearsal.call import Rehearsal

MOST_TAKES = 50


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "drill",
        help="practise one skill, with one figure to beat",
        description="Short, timed takes of one skill. Without NAME: which drills there are, and where you stand. "
        "Exit code 1 means: a take did not meet the gate.",
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="a drill")
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="what it is made of (default: one that fits)")
    parser.add_argument("--case", metavar="ID", help="make it of the call of your own case instead")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--wav", metavar="FILE", nargs="+", help="your answers as recordings, one a turn, in every take")
    how.add_argument("--typed", action="store_true", help="type your answers; what is timed is then not measured")
    parser.add_argument("--live", action="store_true", help="like the real call: your turn ends after a short silence")
    parser.add_argument("--takes", metavar="N", type=int, default=1, help="how many takes, one after the other")
    parser.add_argument("--seed", type=int, default=0, help="which variants of the lines (default 0)")
    parser.add_argument("--no-sound", action="store_true", help="show the lines instead of playing them")
    add_ear(parser)
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    if not 1 <= arguments.takes <= MOST_TAKES:
        raise UsageError(f"--takes is {arguments.takes}.", f"It should be a number from 1 to {MOST_TAKES}.")
    if arguments.case is not None and arguments.scenario is not None:
        raise UsageError("A drill is made of a scenario or of your own case, not of both.", "Leave one of them out.")
    made = services("typed" if arguments.typed else arguments.ear)
    try:
        if arguments.name is None:
            return _list(made, as_json=arguments.json)
        return _takes(made, made.drill(arguments.name), arguments)
    finally:
        made.close()


def _list(made: RealServices, *, as_json: bool) -> int:
    from bowout.core.drills_words import limit, standing_line
    from bowout.rehearsal.drilling import standing_in

    for drill in made.drills:
        now = standing_in(drill, made.records)
        if as_json:
            emit(
                {
                    "drill": drill.key,
                    "version": drill.version,
                    "title": drill.title,
                    "about": drill.about,
                    "pack": drill.pack,
                    "unit": drill.measures.unit,
                    "standing": asdict(now),
                }
            )
            continue
        say(f"{drill.key}  {drill.title}: {limit(drill)} {drill.measures.what}")
        if now.takes:
            say(f"    {standing_line(drill, now)}")
    return EXIT_DONE


def _takes(made: RealServices, drill: Drill, arguments: argparse.Namespace) -> int:
    from bowout.core.drills_cut import drill_scenario
    from bowout.core.drills_words import lines
    from bowout.rehearsal.call import Rehearsal
    from bowout.rehearsal.drill_takes import Material, read, take_over
    from bowout.rehearsal.drilling import check_possible, drill_options
    from bowout.rehearsal.parts import TypedLines

    mode = "live" if arguments.live else made.settings.mode
    clips = None if arguments.wav is None else made.read_clips(Path(name) for name in arguments.wav)
    if clips is not None and made.ear_name() == "typed":
        raise MissingPart("There is no ear here to hear a recording.", "Get one with: bowout model install")
    silent = clips is not None or made.ear_name() == "typed"
    check_possible(drill, mode, headphones=made.settings.headphones, typed=silent)
    for notice in made.notices():
        tell(f"  [{notice.part}] {notice.message} {notice.fix}".rstrip())

    material = Material(scenario=arguments.scenario or "", case=arguments.case or "")
    going: list[Rehearsal] = []
    typed = TypedLines()
    if clips is not None:
        typed.close()
    else:
        threading.Thread(target=keyboard, args=(lambda: going[-1] if going else None, typed), daemon=True).start()
    stop = threading.Event()
    met = True
    try:
        for take in range(arguments.takes):
            seed = arguments.seed + take
            scenario = drill_scenario(drill, read(made, drill, material, seed), seed)
            options = options_for(made.settings, mode, seed, from_files=clips is not None)
            options = drill_options(drill, options, case=arguments.case or "")
            parts = made.parts(clips=clips, sound=not arguments.no_sound)
            going.append(Rehearsal(scenario, parts, options, typed))
            brief = list(_brief(scenario, made.now()))
            for line in (f"Take {take + 1} of {arguments.takes}: {drill.tell}", *(brief if drill.reads else ())):
                tell(line)
            if not silent and made.settings.countdown:
                _count_down(drill.countdown_s, stop)
            marked = follow(going[-1], stop, prompt_typed=sys.stdin.isatty(), at_ring=() if drill.reads else brief)
            if marked is None:
                return EXIT_MISSING
            taken = take_over(made, drill, scenario, marked)
            result, now = taken.result, taken.now
            if taken.unkept:
                tell(f"  [records] {taken.unkept} The figure is not in your history.")
            met = met and result.met is not False
            if arguments.json:
                emit(
                    {
                        **result.as_json(),
                        "take": take + 1,
                        "attempt": marked.attempt or None,
                        "scenario": scenario.id,
                        "standing": asdict(now),
                    }
                )
                continue
            say()
            for line in lines(drill, result, now):
                say(line)
    finally:
        stop.set()
    return EXIT_DONE if met else EXIT_NO


def _brief(scenario: Scenario, now: datetime) -> Iterator[str]:
    from bowout.core.scenario import fill

    facts = scenario.facts_at(now)
    brief = scenario.brief
    for text in (brief.you, f"With: {brief.them}", brief.situation):
        yield f"  {fill(text, facts)}"


def _count_down(seconds: int, stop: threading.Event) -> None:
    for left in range(seconds, 0, -1):
        tell(f"  {left} …")
        stop.wait(1.0)


__all__ = ["MOST_TAKES", "add_parser", "run"]
