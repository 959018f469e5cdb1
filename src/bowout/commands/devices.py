"""``bowout devices``: microphones and loudspeakers."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from bowout.commands.common import add_json, services
from bowout.commands.output import emit, say
from bowout.errors import EXIT_DONE, EXIT_NO


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("devices", help="list microphones and loudspeakers")
    add_json(parser)
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    made = services()
    try:
        devices = made.devices()
    finally:
        made.close()
    if arguments.json:
        for device in devices:
            emit(asdict(device))
        return EXIT_DONE if devices else EXIT_NO
    for device in devices:
        uses = [name for name, there in (("microphone", device.inputs), ("loudspeakers", device.outputs)) if there]
        chosen = " (default)" if device.default_input or device.default_output else ""
        say(f"{device.name}  [{device.host}]  {' and '.join(uses)}, {device.rate:g} Hz{chosen}")
    if not devices:
        say("No audio devices. Calls can be typed: bowout call SCENARIO --typed")
        return EXIT_NO
    return EXIT_DONE
