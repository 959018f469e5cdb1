"""The practice message of a scenario: as it would be sent if the call had gone as rehearsed.

For a real call see :mod:`bowout.core.messages`, which says nothing of a call that was not reported made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from bowout.core.messages import Message, compose, practice_report

KINDS: tuple[str, ...] = ("withdrawal", "reschedule", "after_leaving", "cut_short", "after_misconduct", "repair")
"""What a scenario may owe."""
_SOME_TIME = datetime(2000, 1, 1, tzinfo=timezone.utc)


def write(kind: str, facts: Mapping[str, str], channel: str = "") -> Message:
    """The message of this kind. A blank without a fact stays as ``{blank}`` and is listed in ``missing``.

    ``channel``: the scenario's; without one, a call for what is said on the phone and a room for what is said there.
    """
    rooms = ("after_leaving", "cut_short", "after_misconduct")
    where = channel or ("in_person" if kind in rooms else "phone")
    # No text of a practice message shows when the report was made.
    return compose(kind, facts, report=practice_report(kind, where, _SOME_TIME))


__all__ = ["KINDS", "Message", "write"]
