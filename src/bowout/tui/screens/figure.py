"""The figure of a take: one number, what was to be beaten, where that leaves one, and what to change next."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Digits, Footer, Static

from bowout.core.drills import distance
from bowout.core.drills_words import amount, limit, verdict
from bowout.core.if_then import IfThen, propose
from bowout.core.safety import printable
from bowout.rehearsal.drill_takes import Taken, read
from bowout.tui.after_call import Ended
from bowout.tui.messages import TakeMade
from bowout.tui.screens.base import AppScreen
from bowout.tui.sitting import Sitting
from bowout.tui.widgets.drill_list import gate
from bowout.tui.widgets.labelled import Labelled
from bowout.tui.widgets.top_bar import TopBar

_LABEL = 26


class FigureScreen(AppScreen[None]):
    """R goes again at once."""

    AUTO_FOCUS = "#figure"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "Again", id="figure.again", tooltip="The next take, at once"),
        Binding("n", "following", "Next call", id="figure.following", tooltip="The same drill on the next call"),
        Binding("enter,v", "review", "Review", id="figure.review", tooltip="The whole review: marks, words, details"),
        Binding("i", "if_then", "If-then", id="figure.if_then", tooltip="One sentence for next time: said and kept"),
        Binding("escape", "back", "Back", id="figure.back", tooltip="Back to the drill"),
    ]

    def __init__(self, sitting: Sitting, taken: Taken, ended: Ended) -> None:
        super().__init__()
        self.sitting = sitting
        self.taken = taken
        self.ended = ended
        self.kept: IfThen | None = None
        """The sentence that was kept after this take."""
        self._going = False

    @property
    def guide_page(self) -> str:
        return "rehearse"

    def compose(self) -> ComposeResult:
        result = self.taken.result
        yield TopBar(
            f"{printable(self.sitting.drill.title)} · {self.sitting.place}", self.ended.call.marks.transcript.ear
        )
        with VerticalScroll(id="figure"):
            with Horizontal(id="number"):
                if result.value is not None:
                    yield Digits(f"{result.value:g}", id="value")
                yield Static(self._what(), id="what")
            glyph = {True: "✓", False: "○", None: "?"}[result.met]
            yield Static(f"{glyph} {verdict(self.sitting.drill, result)}", id="met", markup=False)
            yield Static(self._stands(), id="stands")
            yield Static(Content.assemble(("Next time  ", "bold $text-accent"), printable(result.change)), id="change")
            yield Static("\n".join(map(printable, result.detail)), id="more", classes="aside", markup=False)
            yield Static(self._following(), id="sitting", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#more").display = bool(self.taken.result.detail)
        self.set_class(self.taken.result.met is True, "-met")
        if self.taken.unkept:
            self.bowout.say(f"The figure could not be kept. {self.taken.unkept}", severe=True)

    def _what(self) -> Content:
        """What the number is; in its place where there is none."""
        result, measures = self.taken.result, self.sitting.drill.measures
        if result.value is None:
            words = "Not measured" if not result.measured else "No figure yet"
            unit = {"s": "seconds", "%": "per cent"}.get(measures.unit, measures.unit)
            return Content.assemble((words, "bold"), "\n", (f"{unit} {measures.what}", "dim"))
        unit = amount(measures, result.value).partition(" ")[2]
        return Content.assemble((unit, "bold"), "\n", (measures.what, "dim"), "\n", self._against())

    def _against(self) -> Content:
        """The figure beside the one that was to be beaten."""
        drill, value, mark = self.sitting.drill, self.taken.result.value, self.taken.before.best
        if value is None or mark is None:
            return Content("")
        if self.taken.result.met and distance(drill, value) < distance(drill, mark):
            return Content.assemble(("✓ ", "$text-success"), "your best so far")
        return Content("")

    def _stands(self) -> Labelled:
        drill, before, now = self.sitting.drill, self.taken.before, self.taken.now
        rows: list[tuple[str, str, str]] = []
        if before.to_beat is not None:
            rows.append(("To beat", amount(drill.measures, before.to_beat), ""))
        elif limit(drill):
            rows.append(("Aim", limit(drill), ""))
        if now.median_of_last_five is not None:
            median = amount(drill.measures, round(now.median_of_last_five, 1))
            rows.append(("Median of the last five", median, ""))
        if now.best is not None:
            rows.append(("Best", amount(drill.measures, now.best), ""))
        rows.append(("Gate", gate(drill, now) if now.open else f"{gate(drill, now)} in a row", ""))
        return Labelled(tuple(rows), _LABEL)

    def _following(self) -> str:
        left = self.sitting.takes - self.sitting.number
        if left > 0:
            return f"R: {self.sitting.once_more().place}, at once."
        return "That was the sitting. R: one more." if left == 0 else "R: one more."

    # Ways on.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # What is drawn is another call each time, so R is the next call already.
        return not self.sitting.material.drawn if action == "following" else True

    def action_again(self) -> None:
        if self._going:
            return
        self._going = True
        if self.sitting.material.drawn:
            self._draw(self.sitting)
        else:
            self._go(self.sitting.once_more())

    @work(thread=True, exclusive=True, group="take", exit_on_error=False)
    def _draw(self, sitting: Sitting) -> None:
        scenario = read(self.services, sitting.drill, sitting.material, sitting.seed + 1)
        self.post_message(TakeMade(sitting.once_more(scenario)))

    def on_take_made(self, event: TakeMade) -> None:
        self._go(event.sitting)

    def failed(self, error: BaseException) -> None:
        self._going = False
        super().failed(error)

    def _go(self, sitting: Sitting) -> None:
        from bowout.tui.screens.take import TakeScreen

        self.app.switch_screen(TakeScreen(sitting))

    def action_following(self) -> None:
        """Back to the drill, where the next call can be read first."""
        from bowout.tui.screens.drill import DrillScreen

        below = self.app.screen_stack[-2]
        if isinstance(below, DrillScreen):
            below.to_next()
        self.dismiss()

    def action_review(self) -> None:
        from bowout.tui.screens.review import ReviewScreen

        review = ReviewScreen.of(self.ended)
        review.kept = self.kept

        def left(_: None) -> None:
            self.kept = review.kept

        self.app.push_screen(review, left)

    def action_if_then(self) -> None:
        from bowout.tui.screens.if_then import IfThenScreen

        call = self.ended.call
        proposed = self.kept or propose(call.marks, self.ended.scenario, call.facts)
        screen = IfThenScreen(proposed, call.attempt, self.ended.typed)

        def left(_: object) -> None:
            self.kept = screen.kept or self.kept

        self.app.push_screen(screen, left)

    def action_back(self) -> None:
        self.dismiss()

    def on_unmount(self) -> None:
        if self.app.is_running:
            self.bowout.drop_recording(self.ended.call.attempt)


__all__ = ["FigureScreen"]
