"""Ready or not: every rule of the table in docs/progress.md."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bowout.core.ready import _RULES, FRESH_DAYS, statement
from bowout.ports import AttemptSummary
from takes import NOW, take

SHAMING = ("fail", "bad", "wrong", "poor", "weak,", "unfortunately", "still not", "only")

CASES: list[tuple[str, list[AttemptSummary], str]] = [
    ("nothing", [], "Not yet: nothing that counts so far. Next: say it aloud once, in practice."),
    ("nothing", [take(0, None), take(1, disputed=True), take(2, drill="pace")], "Not yet: nothing that counts so far."),
    ("nothing", [take(0, trouble="microphone")], "Not yet: nothing that counts so far."),
    ("typed only", [take(0, ear="typed"), take(1, ear="typed")], "typed twice, not said aloud so far"),
    ("never live", [take(0, 92, "practice"), take(2, 71, "practice")],
     "Not yet: said twice in practice (best 92), not live so far. Next: one live take."),
    ("live before", [take(0, 76, missed="thanks ask")],
     "Not yet: the last live take was 76 of 100 (not heard: the decision; not heard: thanks). "
     "Next: once more, and say your decision plainly."),
    ("live before", [take(0, 88, faults="negativity")],
     "the last live take was 88 of 100 (heard: criticism). Next: once more, and leave criticism out."),
    ("live before", [take(0, 84)], "the last live take was 84 of 100. Next: once more, for 85;"),
    ("live before", [take(0, 70), take(1, 90), take(2, 90), take(3, 90)], "the last live take was 70 of 100"),
    ("on the way", [take(0, 88), take(1, 60)],
     "Not yet: one live take at 85 or better (88). Next: two more like it."),
    ("on the way", [take(0, 88), take(1, 91), take(2, 40)],
     "Not yet: two live takes in a row at 85 or better (91, 88). Next: one more like it."),
    ("ready", [take(0, 93), take(1, 91), take(2, 88)],
     "Ready: three live takes in a row at 85 or better (88, 91, 93), the last one today."),
    ("ready", [take(0, 50, "practice"), take(1, 93), take(2, 91), take(3, 88)], "the last one yesterday."),
    ("ready", [take(0, 40, disputed=True), take(0.1, 93), take(0.2, 10, trouble="ear"), take(1, 91), take(2, 88)],
     "(88, 91, 93), the last one today"),
    ("ready", [take(n, 90, trouble="speakers") for n in range(3)], "three live takes in a row at 85 or better"),
    ("ready", [take(n, 90) for n in range(7)], "seven live takes in a row at 85 or better (… 90, 90, 90, 90, 90)"),
    ("ready", [take(FRESH_DAYS + n, 90) for n in range(3)], "the last one 7 days ago."),
    ("was ready", [take(FRESH_DAYS + 1 + n, 90) for n in range(3)],
     "Ready when last said: three live takes in a row at 85 or better (90, 90, 90), the last one 8 days ago. "
     "Next: one live take, to have it fresh."),
    ("was ready", [take(40 + n, 90) for n in range(3)], "the last one 5 weeks ago"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "takes", "said"), CASES)
def test_what_is_said(rule: str, takes: list[AttemptSummary], said: str) -> None:
    made = statement(reversed(takes), NOW)
    assert made.rule == rule
    assert said in made.sentence()
    assert not any(word in made.sentence().lower() for word in SHAMING)
    assert bool(made.next) == (made.standing != "ready")


def test_every_rule_is_tried_and_documented() -> None:
    names = [rule.name for rule in _RULES]
    assert {rule for rule, *_ in CASES} == set(names)
    table = (Path(__file__).parents[2] / "docs" / "progress.md").read_text("utf-8")
    places = [table.index(f"| {name} |") for name in names]
    assert places == sorted(places), "the table of the docs has the rules in the order in which they are tried"


def test_days_are_those_of_the_users_zone() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=14)))
    late = [take(n, 90, started_at=f"2026-11-{25 - n}T23:00:00.000+00:00") for n in range(3)]
    assert "the last one yesterday" in statement(late, NOW).sentence()
    assert "the last one today" in statement(late, datetime(2026, 11, 26, 13, tzinfo=east.tzinfo)).sentence()


def test_a_clock_set_back_and_a_record_without_a_time_do_no_harm() -> None:
    ahead = [take(-2, 90), take(-1, 90), take(0, 90)]
    assert "the last one today" in statement(ahead, NOW).sentence()
    assert statement([take(n, 90, started_at="") for n in range(3)], NOW).standing == "ready"
