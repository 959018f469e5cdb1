"""``bowout pack schema``: JSON Schema for editors."""

from __future__ import annotations

import argparse
import json

from bowout.commands.output import say
from bowout.errors import EXIT_DONE


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "schema",
        help="JSON Schema (2020-12) of a scenario, a drill or pack.yaml, for editors",
        description="Print the JSON Schema that lets an editor complete and underline while you write.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--scenario", action="store_true", help="of a scenario's file (default)")
    which.add_argument("--drill", action="store_true", help="of a drill's file")
    which.add_argument("--pack", action="store_true", help="of pack.yaml")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from bowout.storage import drill_schema, pack_schema

    if arguments.drill:
        schema = drill_schema.drill_schema()
    else:
        schema = pack_schema.pack_schema() if arguments.pack else pack_schema.scenario_schema()
    say(json.dumps(schema, indent=2, ensure_ascii=True))
    return EXIT_DONE
