"""``bowout demo``: two voices have the call, and the same pipeline hears and marks it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from pathlib import Path

from bowout.commands.common import add_ear, add_json, follow, services, show, show_message
from bowout.commands.output import tell
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO

CALLER_WORDS_PER_MINUTE = 115
"""As the voice counts, pauses included; without them it comes out inside the band that the checklist calls ideal."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "demo",
        help="hear a model call, or a weak one, and see it marked",
        description="Two voices have the call: voice, audio, recogniser, marks, all as in your own. It is the proof "
        "without a microphone and a lesson by example. Exit code 1 means: it was not marked as its scenario declares.",
    )
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="its id (default: the first one)")
    parser.add_argument("--weak", action="store_true", help="a call with the mistakes that its scenario declares")
    parser.add_argument("--seed", type=int, default=0, help="which variants of the recruiter's lines (default 0)")
    sound = parser.add_mutually_exclusive_group()
    sound.add_argument("--sound", action="store_true", help="play it even where no terminal is watching")
    sound.add_argument("--no-sound", action="store_true", help="do not play it")
    add_ear(parser)
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.core.scenario import fill
    from bowout.rehearsal.call import Options, Rehearsal
    from bowout.rehearsal.parts import TypedLines

    made = services(arguments.ear)
    stop = threading.Event()
    folder = tempfile.TemporaryDirectory(prefix="bowout-demo-")
    sound = arguments.sound or (sys.stderr.isatty() and not arguments.no_sound and not arguments.json)
    try:
        made.without_history(Path(folder.name))
        scenario = made.scenario(arguments.scenario)
        facts = scenario.facts_at(made.now())
        answers = [fill(t, facts) for t in (scenario.weak_answer if arguments.weak else scenario.model_answer)]
        tell(f"{'A weak' if arguments.weak else 'A model'} call: {scenario.title}.")
        clips = made.caller_clips(answers, CALLER_WORDS_PER_MINUTE)
        if clips is None:
            tell("No voice or no ear here: the caller's words are taken as typed.")
        parts = made.parts(clips=clips, sound=sound, play_clips=sound, recruiter_voice="demo", typed=clips is None)
        typed = TypedLines(answers)
        typed.close()
        options = Options(mode="live", silence_s=1.3, seed=arguments.seed, keep_audio=False, read_pause=False)
        rehearsal = Rehearsal(scenario, parts, options, typed)
        marked = follow(rehearsal, stop)
    finally:
        stop.set()
        made.close()
        folder.cleanup()
    if marked is None:
        return EXIT_MISSING
    show(marked, scenario, as_json=arguments.json)
    if not arguments.json:
        show_message(rehearsal)
    found = {mark.id for mark in marked.marks.faults.values() if mark.found}
    as_declared = found == scenario.weak_faults if arguments.weak else marked.marks.passed
    return EXIT_DONE if as_declared else EXIT_NO
