"""Plots of characters: what is drawn where, at any width, without colour."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core import history_csv
from bowout.core.drills import Drill, Gate
from bowout.core.history_text import about, called, mark, notes, when
from bowout.core.plots import chart, scale, strip, text
from bowout.core.progress import course, courses, drill_courses, when_last
from bowout.core.progress_text import course_lines, drill_lines, plain
from bowout.core.trend import GAUGES, Series, series, strips
from bowout.ports import AttemptSummary
from takes import NOW, take

FIRST_TEN = Drill("first-ten", 1, "First ten seconds", "", "", "opening", "until_said", gate=Gate(most=10.0))


def drawn(made: Series, width: int = 40, height: int = 6) -> list[str]:
    return [text(line) for line in chart(made, width, height, lambda point: point.at[8:10])]


def test_a_chart_as_it_looks() -> None:
    made = series([take(3, 50, "practice"), take(2, 70), take(1, 95, disputed=True), take(0, 90)], GAUGES["score"])
    assert drawn(made, 34, 6) == [
        "100┤                ×",
        "   │                        ●",
        " 80┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄",
        "   │        ●          ⢀⣀⠤⠤⠒⠂",
        "   │    ⣀⣀⠤⠔⠒⠒⠒⠒⠒⠒⠒⠒⠒⠊⠉⠁",
        " 50┤○⠒⠉⠉",
        "   └──────────────────────────────",
        "    23                     26",
    ]


def test_nothing_measured_is_a_line() -> None:
    assert drawn(series([], GAUGES["point_s"])) == ["not measured yet"]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(GAUGES)),
    st.lists(st.tuples(st.floats(0, 5000, allow_nan=False), st.booleans()), min_size=1, max_size=60),
    st.integers(20, 90),
    st.integers(3, 12),
)
def test_every_chart_keeps_to_its_place(name: str, values: list[tuple[float, bool]], width: int, height: int) -> None:
    read = iter(values)
    rows = [take(len(values) - n, disputed=gone) for n, (_, gone) in enumerate(values)]
    made = series(rows, GAUGES[name], lambda row: next(read)[0])
    lines = drawn(made, width, height)
    assert len(lines) == height + 2
    assert all(len(line) <= width for line in lines)
    low, high = scale(GAUGES[name], (point.value for point in made.points))
    signs = sum(line.count(sign) for line in lines[:height] for sign in "●○×▲▼")
    columns = width - lines[0].index("┤") - 1
    assert signs == min(len(values), columns), "a sign for each take, the newest where there is no room for all"
    beyond = sum(point.value > high or point.value < low for point in made.points[-columns:])
    assert beyond == sum(line.count(sign) for line in lines[:height] for sign in "▲▼")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [([], (50, 100)), ([60, 90], (50, 100)), ([37], (30, 100)), ([0, 100], (0, 100))],
)
def test_the_scale_grows_by_whole_steps(values: list[float], wanted: tuple[float, float]) -> None:
    assert scale(GAUGES["score"], values) == wanted


def test_one_slip_does_not_flatten_the_rest() -> None:
    assert scale(GAUGES["longest_pause_s"], [0.5, 60]) == (0, 6)


def test_a_strip_shows_the_newest() -> None:
    rows = [take(n, items={"ask": state}) for n, state in enumerate(["unsure", "not_heard", "heard", "heard"])]
    (made,) = strips(rows)
    assert text(strip(made, 10)) == "■■□?" and text(strip(made, 3)) == "■□?"


@pytest.mark.parametrize("width", [52, 60, 78, 118])
def test_progress_fits_any_width(width: int) -> None:
    rows = [
        take(
            30 - n, 60 + n, "live" if n % 3 else "practice", words_per_minute=90.0 + 3 * n, fillers_per_minute=n / 4,
            longest_pause_s=n / 10, point_s=20.0 - n / 2,
        )
        for n in range(30)
    ]  # fmt: skip
    lines = plain(
        course_lines(course(rows, NOW, "A few calls, and a title that is much too long for one line"), width, NOW)
    )
    assert max(map(len, lines)) <= width
    assert sum("┤" in line for line in lines) >= 10
    said = "\n".join(lines)
    for label in ("Score", "Pace", "Um, uh, er", "Longest pause", "To the point", "the decision"):
        assert label in said


def test_courses_are_told_apart_by_title_and_leave_drills_out() -> None:
    rows = [
        take(3),
        take(2, title="The same id of another pack"),
        take(1, drill="first-ten", figure=8.0),
        take(0, None),
    ]
    made = courses(rows, NOW)
    assert [each.title for each in made] == ["The same id of another pack", "Accepted another offer"]
    assert [len(each.takes) for each in made] == [1, 1]
    assert made[1].as_json()["ready"]["rule"] == "on the way"
    json.dumps([each.as_json() for each in made], allow_nan=False)
    assert when_last(made[0].takes, NOW) == "1 take, all live, the last one 2 days ago"


def test_a_drill_is_plotted_by_its_figure() -> None:
    rows = [
        take(3 - n, drill="first-ten", figure=figure, met=met)
        for n, (figure, met) in enumerate([(14.0, False), (9.0, True), (8.5, True), (None, None)])
    ]
    (made,) = drill_courses([*rows, take(9)], [FIRST_TEN])
    assert made.title == "First ten seconds" and [point.value for point in made.series.points] == [14, 9, 8.5]
    assert made.as_json()["best"] == 8.5 and made.series.gauge.aim == "up to 10"
    lines = plain(drill_lines(made, 76, NOW))
    assert any("best 8.5 s; median of the last five 9.0 s" in line for line in lines)
    assert any("┄" in line for line in lines) and sum(line.count("●") for line in lines) == 3
    (gone,) = drill_courses(rows, [])
    assert gone.standing is None and gone.title == "first-ten" and gone.as_json()["best"] is None
    assert plain(drill_lines(gone, 76, NOW))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (take(0, 88), "today 09:30|88 ✓|Accepted another offer|"),
        (take(1, 61, missed="ask"), "25 Nov 09:30|61 ·|Accepted another offer|"),
        (take(400, None), "22 Oct 2025|–|Accepted another offer|broken off"),
        (take(0, 70, drill="first-ten", figure=9.25, met=True),
         "today 09:30|9.25 s ✓|First ten seconds · Accepted another offer|"),
        (take(0, 70, drill="gone", figure=3.0, met=False), "today 09:30|3 ·|gone · Accepted another offer|"),
        (take(0, 70, drill="first-ten"), "today 09:30|– ·|First ten seconds · Accepted another offer|"),
        (take(0, 88, ear="typed", disputed=True, trouble="ear"),
         "today 09:30|88 ✓|Accepted another offer|disputed, typed, ear failed"),
        (take(0, 88, title="a\x1b[31m\nb", started_at="?"), "unknown|88 ✓|a�[31m b|"),
    ],
)  # fmt: skip
def test_a_row_in_words(row: AttemptSummary, words: str) -> None:
    drills = {"first-ten": FIRST_TEN}
    assert "|".join((when(row, NOW), mark(row, drills), called(row, drills), notes(row))) == words


def test_what_is_said_about_a_row() -> None:
    row = take(0, words_per_minute=132.4, point_s=6.0)
    assert about(row, {}) == "You are out of the process. Pace 132 words a minute, to the point 6.0 s."
    assert about(take(0, None), {}) == "The call was broken off."


def test_the_csv_reads_back_and_holds_no_formula() -> None:
    nasty = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", 'a,"b"\nc', "plain", "\x1b]0;x\x07", "two\nlines"]
    rows = [
        take(n, title=title, words_per_minute=-1.5, items={"ask": "heard", "own": "unsure"})
        for n, title in enumerate(nasty)
    ]
    names = [field.name for field in fields(AttemptSummary)]
    written = "\n".join(history_csv.lines((asdict(row) for row in rows), names)) + "\n"
    assert not any(ord(c) < 32 and c != "\n" for c in written)
    read = list(csv.DictReader(io.StringIO(written)))
    assert len(read) == len(rows)
    for row, cells in zip(rows, read, strict=True):
        assert (cells["words_per_minute"], cells["score"], cells["passed"], cells["met"]) == ("-1.5", "90", "true", "")
        assert (cells["item_ask"], cells["item_name"], cells["own_items"]) == ("heard", "", "own=unsure")
        assert cells["title"].startswith("'") == (row.title[0] in "=+-@\t\r＝")
    assert [cells["title"] for cells in read][7:9] == nasty[7:9] and read[10]["title"] == nasty[10]
