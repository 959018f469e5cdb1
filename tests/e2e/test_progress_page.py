"""The page of progress in a real browser: nothing leaves it, nothing is said on its console, anybody can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bowout.core.drills import Drill, Gate
from bowout.core.page_parts import POLICY
from bowout.core.progress import courses, drill_courses
from bowout.core.progress_page import page
from browser import Browser, Scheme, browser
from takes import NOW, take

FIRST_TEN = Drill("first-ten", 1, "First ten seconds", "", "", "opening", "until_said", gate=Gate(most=10.0))
HOSTILE = (
    "</title><script>document.title='x'</script><img src=http://example.invalid/x onerror=alert(1)>"
    " & “quotes” ' \" \x1b[31m"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        take(
            30 - n, min(100, 60 + n), "live" if n % 3 else "practice", disputed=n == 12, words_per_minute=100.0 + 3 * n,
            fillers_per_minute=8 - n / 4, longest_pause_s=n / 10, point_s=20.0 - n / 2, missed="ask" if n < 9 else "",
        )
        for n in range(30)
    ]  # fmt: skip
    rows += [take(n, 90, scenario="hostile", title=HOSTILE, id=f"h{n}", items={HOSTILE: "heard"}) for n in range(2)]
    rows += [take(n, 70, drill="first-ten", figure=12.0 - n, met=n > 2) for n in range(5)]
    rows += [take(n, 70, drill=HOSTILE, figure=3.0) for n in range(2)]
    file = tmp_path_factory.mktemp("page") / "progress.html"
    words = {"h0": [HOSTILE, "thank you"]}
    file.write_text(page(courses(rows, NOW), drill_courses(rows, [FIRST_TEN]), NOW, words), "utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_leaves_it_and_everybody_can_read_it(
    chromium: Browser, written: Path, scheme: Scheme, tmp_path: Path
) -> None:
    with chromium.open(written, scheme=scheme) as opened:
        assert opened.page.title() == "Progress · Bow Out"
        assert opened.page.locator("svg[role=img]").count() == 8
        assert opened.page.locator("script, img, iframe, object, embed, form").count() == 0
        # Charts have names, and the figures are there as tables too.
        assert opened.page.get_by_role("img", name="Score: Accepted another offer").is_visible()
        opened.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert opened.page.get_by_role("rowheader", name="26 Nov 2026, 09:30").count() >= 1
        assert "thank you" in opened.page.inner_text("blockquote")
        assert opened.violations() == []
        assert not opened.overflows()
        assert opened.requests == [] and opened.console == []
        back = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", back)[:3])) > 600) == (scheme == "light")
        assert opened.picture(tmp_path / "page.png").stat().st_size > 20_000


def test_on_a_telephone_and_on_paper(chromium: Browser, written: Path) -> None:
    with chromium.open(written, width=360) as opened:
        assert not opened.overflows()
    with chromium.open(written, scheme="dark", print_it=True) as opened:
        assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert opened.page.get_by_role("cell", name="passed").first.is_visible(), "paper shows the tables"


def test_what_is_in_it(written: Path) -> None:
    text = written.read_text("utf-8")
    assert POLICY == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert f'content="{POLICY}"' in text
    assert "<script" not in text and "<img" not in text and "\x1b" not in text
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", text) and "@import" not in text and "url(" not in text
    bare = page(courses([take(0, id="a")], NOW), [], NOW)
    assert "blockquote" not in re.sub(r"<style>.*?</style>", "", bare, flags=re.S)
    assert "No whole call has been marked" in page([], [], NOW)


def test_the_guard_sees_a_page_that_is_not_clean(chromium: Browser, tmp_path: Path) -> None:
    """What the tests above rest on can fail."""
    file = tmp_path / "dirty.html"
    file.write_text(
        "<!doctype html><title>x</title><img src='http://example.invalid/a.png'>"
        "<script>console.error('said')</script><div style='width:3000px'>x</div>"
    )
    with chromium.open(file) as opened:
        assert opened.requests == ["http://example.invalid/a.png"]
        assert any("said" in line for line in opened.console)
        assert any("image-alt" in found for found in opened.violations())
        assert opened.overflows()
