"""What comes after a call: one's own rating, if the settings ask for it, then the marks, or what a drill has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bowout.core.rating import Rating, questions
from bowout.core.scenario import Scenario
from bowout.core.settings import Mode
from bowout.rehearsal.events import CallMarked, RecruiterSpoke
from bowout.tui.screens.base import AppScreen


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that is over."""

    scenario: Scenario
    call: CallMarked
    mode: Mode
    typed: bool
    lines: tuple[RecruiterSpoke, ...] = ()
    rating: Rating | None = None
    """What the caller thought of it, where they said so."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """What the call was made for, as it stands in its record: a case, an assignment, a drill."""
    keeps_audio: bool = False
    """Its recording outlives the review, whatever the settings say."""


Then = Callable[[AppScreen[Any], Ended], None]
"""Goes on from the screen that is shown now, and takes it away."""


def go_on(screen: AppScreen[Any], ended: Ended, then: Then | None = None) -> None:
    """Go on from a call's screen to what follows it.

    Args:
        then: in place of the review.
    """
    app, attempt = screen.bowout, ended.call.attempt
    if attempt and app.settings.keep_recordings in ("ask", "until_review") and not ended.keeps_audio:
        # From here on: the program may be left before there is a review that could be closed.
        app.drop_after_review(attempt)
    follow = then or to_review
    if not app.settings.rate_first or all(asked.fault for asked in questions(ended.call.marks)):
        follow(screen, ended)  # where nothing is owed there is nothing to rate
        return
    from bowout.tui.screens.rate import RateScreen

    def rated(rate: AppScreen[Any], rating: Rating | None) -> None:
        follow(rate, replace(ended, rating=rating))

    app.switch_screen(RateScreen(ended, rated))


def to_review(screen: AppScreen[Any], ended: Ended) -> None:
    """The marks."""
    from bowout.tui.screens.review import ReviewScreen

    screen.bowout.switch_screen(ReviewScreen.of(ended))


__all__ = ["Ended", "Then", "go_on", "to_review"]
