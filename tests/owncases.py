"""Cases of one's own, one for each way, for the tests."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bowout.core.case import Case
from bowout.core.decide_questions import answers_from, case_from

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN)
ID = "20261125T080000000Z-0a1b2c"
WHO = {"caller": "Sam Lee", "contact": "Maria Keller", "company": "Northwind", "role": "site planner"}
REACHED = {**WHO, "number": "+49 30 1234"}

GIVEN: dict[str, dict[str, str]] = {
    "ill": {"happened": "illness", "interview": "today 15:00", **REACHED},
    "ill_early": {"happened": "illness", "interview": "Monday 15:00", **REACHED},
    "video": {"happened": "illness", "video": "yes", "interview": "today 15:00", **REACHED},
    "emergency": {"happened": "emergency", "interview": "Friday 9:30", **REACHED},
    "clash": {"happened": "clash", "interview": "4 December 9:30", "wrote_by": "phone", **REACHED},
    "own_reason": {
        "happened": "clash",
        "reason": "my ferry does not sail in this storm",
        "interview": "tomorrow 8:00 America/New_York",
        **REACHED,
        "caller": "Xiomara Quispe-Ñahui",
        "role": "Head of Sales, EMEA",
    },
    "offer": {"happened": "offer", "accepted": "yesterday 20:00", "interview": "4 December 10:00", **REACHED},
    "move": {"happened": "mobility", "return": "in the third quarter", "interview": "Friday 9:00", **REACHED},
    "visa": {"happened": "mobility", "mobility": "visa", "interview": "tomorrow 9:00", **REACHED},
    "constraint": {
        "happened": "mobility",
        "mobility": "visa",
        "feasible": "yes",
        "interview": "Friday 9:00",
        **REACHED,
    },
    "not_wanted": {"happened": "weak", "want": "no", "interview": "today 15:00", **REACHED},
    "learn": {"happened": "doubts", "want": "unsure", "interview": "today 15:00", **WHO},
    "attend": {"happened": "weak", "weak": "nerves", "interview": "today 15:00"},
    "pause": {"stage": "during", "happened": "doubts", "want": "unsure", "interview": "now", **WHO},
    "leave": {"stage": "during", "happened": "mismatch", "want": "no", "interview": "now", **WHO},
    "called_away": {"stage": "during", "happened": "emergency", "want": "yes", "interview": "today 8:30", **WHO},
    "misconduct": {
        "stage": "during",
        "happened": "misconduct",
        "interview": "now",
        "reason": "some of it was inappropriate",
        **WHO,
    },
    "left": {"stage": "after", "happened": "left", "interview": "today 8:00", **REACHED},
    "missed": {"stage": "after", "happened": "missed", "interview": "yesterday 10:00", **REACHED},
    "silent": {"stage": "after", "happened": "silent", "want": "no", "interview": "12 November 10:00", **REACHED},
}


def case(name: str, now: datetime = NOW) -> Case:
    """The case of this name as it is made at ``now``."""
    return case_from(answers_from(GIVEN[name], now), now, ID)
