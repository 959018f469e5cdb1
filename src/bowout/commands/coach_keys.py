"""``bowout coach keys``: a copy of the coach's keys, put away and taken back."""

from __future__ import annotations

import argparse

from bowout.commands.key_files import Owner, add_actions


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add_actions(actions, _owner)


def _owner() -> Owner:
    from bowout.bootstrap import build_coach

    return build_coach()
