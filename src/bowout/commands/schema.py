"""``bowout schema``: the published JSON Schemas."""

from __future__ import annotations

import argparse
import json

from bowout.commands.output import say
from bowout.errors import EXIT_DONE, UsageError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "schema",
        help="JSON Schemas of results, assignments and answers",
        description="Print a JSON Schema (2020-12) of what Bow Out writes; without NAME which there are. "
        "Examples are in docs/formats.md; packs have their own: bowout pack schema.",
    )
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.core.document import suggestion
    from bowout.storage.coaching.schemas import SCHEMAS, schema

    if arguments.name is None:
        for name, made in SCHEMAS.items():
            say(f"{name:16} {(made.__doc__ or '').replace('``', '')}")
        return EXIT_DONE
    if arguments.name not in SCHEMAS:
        raise UsageError(f"There is no schema “{arguments.name}”.", suggestion(arguments.name, SCHEMAS))
    say(json.dumps(schema(arguments.name), indent=2, ensure_ascii=True))
    return EXIT_DONE
