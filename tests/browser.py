"""A real browser for files: nothing but the file may be loaded, and every request and complaint is written down."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from needs import has_module, need

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
GRAVE = ("serious", "critical")
"""Impact of a violation of the rules of accessibility that is no matter of taste."""
Scheme = Literal["light", "dark"]


@dataclass
class Opened:
    """A file in the browser."""

    page: Any
    """Playwright's."""
    requests: list[str] = field(default_factory=list)
    """Addresses asked for, that of the file itself left out."""
    console: list[str] = field(default_factory=list)
    """Warnings, errors and exceptions."""

    def violations(self) -> list[str]:
        """What axe-core finds serious or worse: the rule, and the places."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{each['id']}: {each['help']}: {', '.join(str(node['target']) for node in each['nodes'])}"
            for each in found
            if each["impact"] in GRAVE
        ]

    def overflows(self) -> bool:
        """Whether the page must be scrolled sideways."""
        wide: bool = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        return wide

    def picture(self, path: Path) -> Path:
        """The whole page as a PNG."""
        self.page.screenshot(path=str(path), full_page=True)
        return path


@dataclass
class Browser:
    """A browser that stays for several files."""

    _driver: Any

    @contextmanager
    def open(
        self, file: Path, *, scheme: Scheme = "light", width: int = 1280, height: int = 900, print_it: bool = False
    ) -> Iterator[Opened]:
        """Open a file; whatever is neither a file nor ``data:`` is refused, and written down like every request.

        Scripts of the page run if it has any; so do those of ``Opened``.
        """
        context = self._driver.new_context(
            color_scheme=scheme, viewport={"width": width, "height": height}, offline=True, accept_downloads=False
        )
        try:
            page = context.new_page()
            made = Opened(page)
            address = file.resolve().as_uri()

            def asked(request: Any) -> None:
                if request.url != address:
                    made.requests.append(request.url)

            def route(route: Any) -> None:
                allowed = route.request.url.startswith(("file:", "data:"))
                route.continue_() if allowed else route.abort()

            page.on("request", asked)
            page.on("pageerror", lambda error: made.console.append(str(error)))
            page.on("console", lambda m: made.console.append(m.text) if m.type in ("error", "warning") else None)
            page.route("**/*", route)
            if print_it:
                page.emulate_media(media="print")
            page.goto(address, wait_until="load")
            yield made
        finally:
            context.close()


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium once, for all files of a module; a test on a machine without one is skipped, and fails in CI."""
    program = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    need("chromium", program is not None)
    for module in ("playwright", "axe_playwright_python"):
        need(module, has_module(module))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking", "--no-first-run"]
        )
        try:
            yield Browser(started)
        finally:
            started.close()


__all__ = ["GRAVE", "Browser", "Opened", "Scheme", "browser"]
