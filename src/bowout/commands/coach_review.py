"""``bowout coach review``: open the trainer at the review queue."""

from __future__ import annotations

import argparse
import sys

from bowout.errors import MissingPart, UsageError


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "review",
        help="review what came back, in the trainer",
        description="Open the trainer at the review queue: transcripts with their marks, recordings where they were "
        "given, marks to confirm or override, comments, and the answers.",
    )
    parser.set_defaults(func=run)


def run(_: argparse.Namespace) -> int:
    from bowout.bootstrap import build_coach, run_trainer

    if build_coach().me is None:
        raise UsageError("You have no coach's keys yet.", "Make them: bowout coach init")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise MissingPart("There is no terminal to draw on.", "Read results with: bowout coach status, coach show")
    return run_trainer(place="queue")
