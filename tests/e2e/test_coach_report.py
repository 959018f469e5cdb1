"""The report of a class: the page in a real browser, and all three from the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bowout.bootstrap import build_catalogue, build_guide
from bowout.cli import main
from bowout.core.coaching.lessons import lessons
from bowout.core.coaching.naming import Naming
from bowout.core.coaching.parties import Pseudonyms
from bowout.core.coaching.report import sheet
from bowout.core.coaching.report_page import page
from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.standing import Standing
from bowout.paths import data_dir
from browser import Browser, Scheme, browser
from coachcases import GOOD, TERMS, WEAK, Class, learner_keys, open_class, result_of, sealed_result
from coachclass import AFTER, ASSIGNMENT, ROSTER, SECRET, everybody, nothing_good
from xapi_rules import problems

WIDTH, HEIGHT = 1280, 800


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


def write(file: Path, rows: tuple[Standing, ...], pseudonyms: Pseudonyms | None = None) -> Path:
    made = sheet(ASSIGNMENT, rows, Naming(rows, pseudonyms))
    pages, drills, cards = shipped()
    taught = lessons(made, drills, cards, {each.id: each.rehearse for each in pages})
    titles = {each.id: each.title for each in pages}
    file.write_text(page([made], taught, titles, AFTER, pseudonyms=pseudonyms is not None), "utf-8")
    return file


@cache
def shipped() -> tuple[Any, ...]:
    """Pages of the guide, drills, scenarios."""
    catalogue = build_catalogue()
    return build_guide().pages, catalogue.drills, catalogue.scenarios


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("class") / "report.html", everybody())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_leaves_it_and_everybody_can_read_it(
    chromium: Browser, written: Path, scheme: Scheme, tmp_path: Path
) -> None:
    with chromium.open(written, scheme=scheme, width=WIDTH, height=HEIGHT) as opened:
        page = opened.page
        assert page.title() == "Spring class · Bow Out", "the script in a learner's name did not run"
        assert page.locator("script, img, iframe, object, embed, form").count() == 0
        headings = page.locator("h2").all_inner_texts()
        assert headings == [
            "At a glance", "Who missed what", "How the scores are spread", "Each learner over time",
            "What to teach next", "How to read this",
        ]  # fmt: skip
        # Signs have words, charts have names, and the figures are there as tables.
        row = page.locator("table.heat tbody tr", has=page.get_by_role("rowheader", name="Ben Lee"))
        assert row.get_by_role("cell", name="left out").count() == 1, "thanks, with the coach's word"
        assert row.get_by_role("cell", name="heard").count() == 7
        assert page.get_by_role("img", name="Scores of the class").is_visible()
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.get_by_role("row", name="90–100").is_visible()
        assert page.get_by_role("row", name=re.compile("Karim Aziz.*nothing yet")).is_visible()
        assert opened.violations() == []
        assert not opened.overflows()
        assert opened.requests == [] and opened.console == []
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", back)[:3])) > 600) == (scheme == "light")
        assert opened.picture(tmp_path / "page.png").stat().st_size > 20_000


def bottoms(opened: Any) -> dict[str, float]:
    """Where each card of the first screen ends, by its heading, in pixels from the top."""
    cards = opened.page.locator(".glance .card")
    found = {}
    for n in range(cards.count()):
        box = cards.nth(n).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= WIDTH
        found[cards.nth(n).locator("h3").inner_text()] = box["y"] + box["height"]
    return found


def test_the_first_screen_has_what_a_coach_looks_for(chromium: Browser, written: Path, tmp_path: Path) -> None:
    with chromium.open(written, width=WIDTH, height=HEIGHT) as opened:
        ends = bottoms(opened)
        assert set(ends) == {"Missing: 7", "Below the mark: 7", "Missed most"} and max(ends.values()) <= HEIGHT
        assert opened.page.evaluate("scrollY") == 0
        cards = opened.page.locator(".glance .card").all_inner_texts()
        assert all(person.name in cards[0] for person in ROSTER.people[33:])
        assert "Leila Haddad" in cards[1] and "an apology" in cards[2] and "two alternatives" in cards[2]
    # The longest lists of 40 people: half of them each, and all of them in one.
    for sent, missing, below in ((20, 20, 20), (0, 40, 0), (40, 0, 40)):
        with chromium.open(write(tmp_path / f"{sent}.html", nothing_good(sent)), width=WIDTH, height=HEIGHT) as opened:
            ends = bottoms(opened)
            assert set(ends) == {f"Missing: {missing}", f"Below the mark: {below}", "Missed most"}
            assert max(ends.values()) <= HEIGHT, (sent, ends)


def test_on_a_telephone_and_on_paper(chromium: Browser, written: Path) -> None:
    with chromium.open(written, width=360) as opened:
        assert not opened.overflows()
        assert opened.violations() == []
    with chromium.open(written, scheme="dark", width=720, print_it=True) as opened:
        assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert opened.page.get_by_role("row", name="90–100").is_visible(), "paper shows the tables"
        assert not opened.overflows(), "nothing of the map is cut off"


def test_pseudonyms_are_on_the_page_in_place_of_names(chromium: Browser, tmp_path: Path) -> None:
    with chromium.open(write(tmp_path / "masked.html", everybody(), SECRET)) as opened:
        text = opened.page.inner_text("body")
        assert "Names are replaced." in text and SECRET.of(ROSTER.people[0].id) in text
        assert not [person.name for person in ROSTER.people if person.name in text]


# The command.

BEN, ASE = Person("Ben Lee", "1", "ben@example.org"), Person("Åse Ødegård", "2")


@pytest.fixture
def handed() -> Class:
    """A class of three: a good one, a weak one, one who has sent nothing."""
    made = open_class(data_dir() / "coaching", roster=Roster((BEN, ASE, Person("Lou Late", "3"))))
    for who, turns in ((BEN, (GOOD[0].replace("Sam", "Ben"), GOOD[1])), (ASE, WEAK)):
        keys = learner_keys(who.name)
        result = result_of(made, keys, *turns, who=who.number)
        file = data_dir() / f"{who.number}.bowresult"
        file.write_bytes(sealed_result(made, keys, result))
        assert made.coach.collect(file).state == "accepted"
    return made


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["coach", "report", *map(str, arguments)])
    return (code, *capsys.readouterr())


def test_three_reports_from_the_command_line(handed: Class, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    html, table, xapi = (tmp_path / f"class.{ending}" for ending in ("html", "csv", "jsonl"))
    code, out, _ = told(capsys, "Class 1", "--html", html)
    assert code == 0 and str(html) in out and html.stat().st_mode & 0o077 == 0
    text = html.read_text("utf-8")
    assert "Lou Late" in text and "Missing: 1" in text and "bowout guide" in text and "Good morning" not in text

    code, out, _ = told(capsys, "class 1", "--csv", table)
    assert code == 0 and "3 rows" in out and table.stat().st_mode & 0o077 == 0
    assert table.read_bytes().startswith(b"\xef\xbb\xbfclass,")
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    assert [(row["learner"], row["state"]) for row in rows] == [
        ("Ben Lee", "sent"), ("Lou Late", "missing"), ("Åse Ødegård", "sent"),
    ]  # fmt: skip

    code, out, _ = told(capsys, handed.assignment.id[:8], "--xapi", xapi)
    assert code == 0 and "Nothing was sent" in out and xapi.stat().st_mode & 0o077 == 0
    found = [json.loads(each) for each in xapi.read_text("utf-8").splitlines()]
    assert [problem for each in found for problem in problems(each)] == []
    assert not any("response" in each.get("result", {}) for each in found), "no word without being asked for"

    told(capsys, "--xapi", xapi, "--with-words", "--pseudonyms")
    masked = xapi.read_text("utf-8").replace("Ana Lee", "the coach")
    ben = handed.coach.pseudonyms.of(BEN.id)
    assert f"this is {ben}. I'm sorry" in masked, "the name within what was said, too"
    assert "example.org" not in masked and not re.search(r"\bben\b|\blee\b|Åse", masked, re.IGNORECASE)
    assert [problem for each in masked.splitlines() for problem in problems(json.loads(each))] == []


def test_what_the_command_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--html", tmp_path / "x.html")
    assert code == 1 and "Nothing has been handed out yet" in out
    for arguments, words in (
        (("--html", "x.txt"), "does not end with .html"),
        (("--xapi", "x.json"), "does not end with .jsonl"),
        (("--csv", "x.csv", "--with-words"), "--with-words goes with --xapi"),
    ):
        code, _, err = told(capsys, *arguments)
        assert code == 2 and words in err
    with pytest.raises(SystemExit):
        told(capsys, "Class 1")
    root = data_dir() / "coaching"
    open_class(root)
    open_class(root, replace(TERMS, class_name="Class 2"))
    code, _, err = told(capsys, "--html", tmp_path / "x.html")
    assert code == 2 and "A page is of one class" in err and "“Class 2”" in err and not (tmp_path / "x.html").exists()
    assert told(capsys, "class 2", "--html", tmp_path / "x.html")[0] == 0
