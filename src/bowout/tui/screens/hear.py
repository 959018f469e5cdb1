"""Hear it: mine against the model answer, or mine then against mine today, line by line; and the recording as a
picture in which one can go to every quote, pause and filler."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Footer, OptionList, Static
from textual.worker import get_current_worker

from bowout.core.compare import Line, Pair, compare
from bowout.core.places import Kind, after, places
from bowout.core.review import clock
from bowout.core.scenario import Persona, Scenario, fill
from bowout.core.transcript import from_text
from bowout.core.waveform import SIGNS, levels
from bowout.core.when import spoken_here
from bowout.errors import InputError, MissingPart
from bowout.ports import Clip
from bowout.rehearsal.events import CallMarked
from bowout.rehearsal.reopened import Reopened, earlier
from bowout.tui.messages import HearRead, PlayBegan, PlayedBack
from bowout.tui.playing import LEAD_S, cut, play
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.pairs import PairsList
from bowout.tui.widgets.top_bar import TopBar
from bowout.tui.widgets.wave import Wave

Against = Literal["model", "then"]
SLOW = 0.7
"""Share of its pace at which a line is played on request."""
MODEL_WORDS_PER_MINUTE = 150
WHOLE_S = 1e6
"""Longer than any recording."""
KIND_WORDS: dict[Kind, str] = {"quote": "Quote", "fault": "Fault", "pause": "Pause", "filler": "Filler"}
_SOUGHT = {"": "place to go to", "quote": "quote or fault", "pause": "long pause", "filler": "filler"}
"""What a key goes to, by its kind."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something to be played."""

    whose: Literal["mine", "model", "then"]
    text: str = ""
    start: float = 0.0
    end: float = 0.0


class HearScreen(AppScreen[None]):
    """One call, to be heard."""

    AUTO_FOCUS = "#pairs"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "both", "Both", id="hear.both", tooltip="Play this line: mine, then the other", priority=True),
        Binding("p", "mine", "Mine", id="hear.mine", tooltip="Play my words of this line"),
        Binding("m", "other", "Other", id="hear.other", tooltip="Play the model's line, or mine of then"),
        Binding("space", "from_here", "On", id="hear.on", tooltip="Play from the cursor on; again stops"),
        Binding("s", "slow", "Slow", id="hear.slow", tooltip="Slower, at the same pitch; again: as it was"),
        Binding("t", "then", "Then", id="hear.then", tooltip="Against an earlier call of mine, or the model"),
        Binding("1", "place(1, 'quote')", show=False, id="hear.quote", tooltip="Next quote or fault"),
        Binding("2", "place(1, 'pause')", show=False, id="hear.pause", tooltip="Next long pause"),
        Binding("3", "place(1, 'filler')", show=False, id="hear.filler", tooltip="Next filler"),
        Binding("escape", "back", "Back", id="hear.back", tooltip="Back to the marks"),
    ]

    playing: reactive[bool] = reactive(False, layout=False, init=False)
    slow: reactive[bool] = reactive(False, layout=False, init=False)

    def __init__(self, scenario: Scenario, call: CallMarked, facts: Mapping[str, str]) -> None:
        super().__init__()
        self.scenario = scenario
        self.call = call
        self.against: Against = "model"
        self._facts = facts
        self._spoken = call.marks.transcript.unit == "s"
        self._places = places(call.marks)
        self._place: int | None = None
        self._read: HearRead | None = None
        self._clock: Timer | None = None
        self._going: tuple[float, float, float] | None = None
        """Where a playing stretch began, when (monotonic), and how fast it goes."""

    def compose(self) -> ComposeResult:
        yield TopBar(f"Hear it · {self.scenario.title}", self.call.marks.transcript.ear)
        yield Wave(id="wave")
        yield Static("… Getting the recording", id="heard-at", markup=False)
        yield Static("", id="against", classes="aside", markup=False)
        yield PairsList(id="pairs", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one(Wave).display = False
        self._clock = self.set_interval(0.1, self._follow, pause=True)
        self._look()

    # What there is.

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self) -> None:
        mine, records = self.call.marks.transcript, self.services.records
        audio, then = None, None
        if self.call.attempt:
            audio = records.load(self.call.attempt).audio_path if self._spoken else None
            then = earlier(records, self.scenario, self.call.attempt)
        against: dict[str, Sequence[Pair]] = {}
        if self.scenario.model_answer or then is None:
            model = from_text(*(fill(line, self._facts) for line in self.scenario.model_answer))
            against["model"] = compare(mine, model)
        if then is not None:
            against["then"] = compare(mine, then.marks.transcript)
        clip = None if audio is None else cut(audio, 0.0, WHOLE_S)
        self.post_message(HearRead(None if clip is None else levels(clip.pcm, clip.rate), audio, then, against))

    def on_hear_read(self, event: HearRead) -> None:
        self._read = event
        self.against = "model" if "model" in event.against else "then"
        if event.levels is not None:
            wave = self.query_one(Wave)
            wave.display = True
            wave.show(event.levels, self.call.marks.transcript.words, self._places)
        self._show_pairs()
        self._tell(self._sound_words())
        self.refresh_bindings()

    def _sound_words(self) -> str:
        if not self._spoken:
            return "This call was typed, so there is nothing of yours to hear: its words can be compared."
        if self._read is None or self._read.audio is None:
            return "The recording of this call is gone, or was never kept: its words can be compared."
        counts = [(kind, sum(place.kind == kind for place in self._places)) for kind in KIND_WORDS]
        found = [f"{n} {SIGNS[kind]} {KIND_WORDS[kind].lower()}{'' if n == 1 else 's'}" for kind, n in counts if n]
        return f"{', '.join(found)}. ← → goes from one to the next." if found else "Enter plays a line."

    def _show_pairs(self) -> None:
        read = self._read
        if read is None:
            return
        name = {"model": "Model", "then": "Then"}[self.against]
        self.query_one(PairsList).show(read.against[self.against], name, timed=self._spoken)
        if self.against == "model":
            words = "You, and a model answer." if self.scenario.model_answer else "This call has no model answer here."
            words += " Underlined: what yours does not have."
        else:
            words = f"You today, and you {self._then_at(read.then)}."
        self.query_one("#against", Static).update(words)

    def _then_at(self, then: Reopened | None) -> str:
        if then is None or not then.started_at:
            return "then"
        return spoken_here(datetime.fromisoformat(then.started_at), self.services.now())

    def _tell(self, sentence: str) -> None:
        slow = f"   slow: {SLOW:.0%} of the pace" if self.slow else ""
        self.query_one("#heard-at", Static).update(f"{sentence}{slow}")

    # Going to places.

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        pair = self.query_one(PairsList).pair
        if self._spoken and pair is not None and pair.mine is not None and self._going is None:
            self.query_one(Wave).at = pair.mine.start
        self.refresh_bindings()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_both()

    def action_place(self, by: int, kind: str = "") -> None:
        kinds: tuple[Kind, ...] = {"quote": ("quote", "fault"), "pause": ("pause",), "filler": ("filler",)}.get(
            kind, ()
        )  # type: ignore[assignment]
        found = after(self._places, self._place, by, kinds)
        if found is None:
            self._tell(f"No {_SOUGHT[kind]} was found in this call.")
            return
        self._place = found
        place = self._places[found]
        self._stop()
        self.query_one(Wave).at = place.start
        self.query_one(PairsList).go_to(place.start)
        self._tell(f"{KIND_WORDS[place.kind]}: {place.label}, at {clock(place.start)}. Space plays on from here.")

    # Playing.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        read = self._read
        if action in ("from_here", "place"):
            return bool(read is not None and read.audio is not None and (action == "from_here" or self._places))
        if action == "mine":
            return read is not None and read.audio is not None
        if action == "then":
            return read is not None and len(read.against) > 1
        return True

    def action_slow(self) -> None:
        self.slow = not self.slow
        self._tell("Slower from the next line on." if self.slow else "As it was, from the next line on.")

    def action_then(self) -> None:
        self.against = "then" if self.against == "model" else "model"
        self._show_pairs()

    def action_both(self) -> None:
        pair = self.query_one(PairsList).pair
        if pair is None:
            return
        parts = [self._mine(pair.mine)] if pair.mine is not None and self._read and self._read.audio else []
        if pair.other is not None:
            parts.append(self._other(pair.other))
        self._start(parts)

    def action_mine(self) -> None:
        pair = self.query_one(PairsList).pair
        if pair is not None and pair.mine is not None:
            self._start([self._mine(pair.mine)])

    def action_other(self) -> None:
        pair = self.query_one(PairsList).pair
        if pair is not None and pair.other is not None:
            self._start([self._other(pair.other)])

    def action_from_here(self) -> None:
        if self.playing:
            self._stop()
        else:
            self._start([Part("mine", "", self.query_one(Wave).at + LEAD_S, WHOLE_S)])

    def _mine(self, line: Line) -> Part:
        return Part("mine", line.text, line.start, line.end)

    def _other(self, line: Line) -> Part:
        return Part(self.against, line.text, line.start, line.end)

    def _start(self, parts: list[Part]) -> None:
        if parts:
            self.playing = True
            self._play(parts)

    def _stop(self) -> None:
        self.workers.cancel_group(self, "play")

    @work(thread=True, exclusive=True, group="play", exit_on_error=False)
    def _play(self, parts: list[Part]) -> None:
        stop = get_current_worker().cancelled_event
        speed = SLOW if self.slow else 1.0
        try:
            for part in parts:
                clip = self._clip(part, speed)
                if stop.is_set():
                    break
                playback = self.services.playback()
                if not playback.audible:
                    raise MissingPart("There are no loudspeakers here.", "Plug some in; `bowout doctor` helps.")
                play(playback, clip, stop, self._began(part, speed))
        finally:
            if not stop.is_set():  # else the next one has begun, or the screen is gone
                self.post_message(PlayedBack())

    def _began(self, part: Part, speed: float) -> Callable[[], None] | None:
        def tell() -> None:
            self.post_message(PlayBegan(max(0.0, part.start - LEAD_S), speed))

        return tell if part.whose == "mine" else None

    def _clip(self, part: Part, speed: float) -> Clip:
        """The sound of a part. Blocks while a voice renders it or the recording is read."""
        services, read = self.services, self._read
        if part.whose == "model":
            pace = round(MODEL_WORDS_PER_MINUTE * speed)
            clip = services.parts(typed=True).lines.get(part.text, Persona("Model", words_per_minute=pace))
            if not clip.pcm:
                raise InputError("There is no voice here to say the model's line.", "Install espeak-ng, or Piper.")
            return clip
        path: Path | None = None
        if read is not None:
            path = read.audio if part.whose == "mine" else (read.then.audio if read.then is not None else None)
        if path is None:
            raise InputError("The sound of that call was not kept.", "Its words are still there to be compared.")
        return services.slower(cut(path, part.start, part.end), speed)

    def on_play_began(self, event: PlayBegan) -> None:
        self._going = (event.start, time.monotonic(), event.speed)
        if self._clock is not None:
            self._clock.resume()

    def _follow(self) -> None:
        """The cursor goes with what is heard."""
        if self._going is not None and self._read is not None and self._read.levels is not None:
            start, since, speed = self._going
            self.query_one(Wave).at = min(start + (time.monotonic() - since) * speed, self._read.levels.end)

    def on_played_back(self) -> None:
        self.playing = False

    def watch_playing(self, playing: bool) -> None:
        if not playing:
            self._going = None
            if self._clock is not None:
                self._clock.pause()

    def action_back(self) -> None:
        self.dismiss(None)

    def on_screen_suspend(self) -> None:
        self._stop()

    def on_unmount(self) -> None:
        self._stop()


__all__ = ["HearScreen"]
