"""The ``bowout`` command line. ``--help`` must stay fast: nothing heavy is imported here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bowout import __version__
from bowout.errors import EXIT_DONE, EXIT_MISSING, EXIT_NO, BowoutError

COMMANDS = (
    "now", "due", "plan", "cases", "incident", "demo", "call", "drill", "message", "history", "progress", "score",
    "batch", "doctor", "devices", "voices", "model", "recordings", "backup", "pack", "guide", "open", "assignments",
    "submit", "coach", "schema",
)  # fmt: skip


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    import importlib

    parser = argparse.ArgumentParser(
        prog="bowout",
        description="Rehearse aloud how to get out of a job interview, privately and offline. "
        "Without a command it opens the trainer.",
        epilog="Exit codes: 0 done, 1 it ran and the answer is no, 2 usage, 3 a missing part.",
    )
    parser.add_argument("--version", action="version", version=f"bowout {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in COMMANDS:
        importlib.import_module(f"bowout.commands.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = build_parser().parse_args(argv)
    try:
        if arguments.command is None:
            return _trainer()
        if getattr(arguments, "json", False) or getattr(arguments, "jsonl", None):
            from bowout.commands.output import json_alone

            with json_alone():
                return int(arguments.func(arguments))
        return int(arguments.func(arguments))
    except BowoutError as error:
        _complain(error.message, error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _complain("Stopped.", "")
        return 130
    except BrokenPipeError:
        # Whoever read our output has had enough; there is nobody left to tell.
        sys.stderr.close()
        return EXIT_DONE
    except OSError as error:
        _complain(f"Standard output or a file can't be written: {error.strerror or error}.", "Check free space.")
        return EXIT_NO


def _complain(message: str, hint: str) -> None:
    from bowout.commands.output import tell

    tell(f"bowout: {message}")
    if hint:
        tell(f"        {hint}")


def _trainer() -> int:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        _complain("There is no terminal to draw on.", "Try “bowout demo”, or “bowout call SCENARIO --typed”.")
        return EXIT_MISSING
    from bowout.bootstrap import run_trainer

    return run_trainer()


__all__ = ["COMMANDS", "build_parser", "main"]
