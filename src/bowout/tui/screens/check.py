"""Check: ten seconds that show whether this machine hears you, before the first spoken call."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from bowout.core.endpoint import Endpointer, TurnLimits
from bowout.errors import BowoutError
from bowout.ports import RATE, WIDTH, AudioSource, Clip, DeviceInfo
from bowout.tui.messages import CheckHeard, CheckListening, DevicesFound, MicrophoneLooked, PlayedBack
from bowout.tui.messages import LiveLine as LineHeard
from bowout.tui.playing import play
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.choices import Choices
from bowout.tui.widgets.level_meter import QUIET, LevelMeter
from bowout.tui.widgets.live_line import LiveLine
from bowout.tui.widgets.top_bar import TopBar

Way = Literal["spoken", "typed"]
Phase = Literal["idle", "opening", "listening", "heard", "playing", "trouble"]
SENTENCE = "Hello, this is a short check of my microphone."
SYSTEMS = "the system's microphone"
LIMITS = TurnLimits(silence_s=1.5, no_speech_s=6.0, max_s=10.0)


def verdict(heard: CheckHeard) -> str:
    """What the ten seconds showed, and what to do."""
    if heard.muted:
        return "✗ Nothing but silence. The microphone is muted, or this terminal may not use it. D picks another one."
    if heard.loudest < QUIET:
        return "? You are very quiet. Come closer, turn the microphone up, or press D to pick another one."
    if not heard.text:
        return "? There was sound, but no words were read. Space tries again, D picks another device."
    return "✓ You can be heard. Enter goes on."


class CheckScreen(AppScreen[Way]):
    """Answers how the call is to be held; ``None`` if the user went back."""

    AUTO_FOCUS = ""
    LIMITS: ClassVar[TurnLimits] = LIMITS

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "listen", "Speak", id="check.listen", tooltip="Open the microphone for one sentence"),
        Binding("p", "play", "Hear it back", id="check.play", tooltip="Play what was recorded"),
        Binding("d", "devices", "Devices", id="check.devices", tooltip="Pick another microphone or loudspeaker"),
        Binding("enter", "go_on", "Go on", id="check.go_on", tooltip="To the call, by voice"),
        Binding("t", "type", "Type", id="check.type", tooltip="To the call, with typed answers"),
        Binding("escape", "back", "Back", id="check.back", tooltip="Back to the brief"),
    ]

    phase: reactive[Phase] = reactive("idle", layout=False, bindings=True, init=False)

    def __init__(self) -> None:
        super().__init__()
        self._end = threading.Event()
        self._pcm = b""
        self._source: AudioSource | None = None
        self._devices: list[tuple[str, DeviceInfo]] = []
        self._there: bool | None = None
        """A microphone is plugged in; ``None`` = not looked yet."""

    def compose(self) -> ComposeResult:
        yield TopBar("Check your microphone", self.bowout.ear_shown)
        with Vertical(id="check"):
            yield Static("Ten seconds, once", classes="title", markup=False)
            yield Static(f"Press Space, say “{SENTENCE}”, then wait or press Space again.", markup=False)
            yield Static("", id="state", markup=False)
            yield LevelMeter(id="level")
            yield LiveLine(id="live")
            yield Static("", id="checked", markup=False)
            yield Choices(id="devices", markup=False)
            yield Static(
                "The microphone is open only while “listening” is shown. The sentence stays in memory and is not kept.",
                classes="aside",
                markup=False,
            )
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.query_one("#devices").display = False
        self.watch_phase(self.phase)
        self._look()

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self) -> None:
        try:
            there = any(device.inputs for device in self.services.devices())
        except BowoutError:  # without an audio library there is none; the reason comes once it is to be opened
            there = False
        self.post_message(MicrophoneLooked(there))

    def on_microphone_looked(self, event: MicrophoneLooked) -> None:
        self._there = event.there
        self.watch_phase(self.phase)

    def _ready(self) -> str:
        """What Space would open."""
        if self._there is None:
            return "… Looking for a microphone"
        if not self._there:
            return "✗ No microphone was found. Plug one in and press D, or T: type your answers."
        return f"○ Ready: {self.bowout.settings.microphone or SYSTEMS}"

    def watch_phase(self, phase: Phase) -> None:
        text = {
            "idle": self._ready(),
            "opening": "… Getting the ear and the microphone ready",
            "listening": "● Listening: speak now",
            "heard": "■ The microphone is closed again",
            "playing": "» Playing what was recorded",
            "trouble": "✗ That did not work",
        }[phase]
        self.query_one("#state", Static).update(text)
        for name in ("idle", "opening", "listening", "heard", "playing", "trouble"):
            self.set_class(name == phase, f"-{name}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "play":
            return True if self._pcm and self.phase in ("heard", "playing") else None
        if action == "listen":
            return None if self.phase in ("opening", "playing") else True
        if action == "devices":
            return None if self.phase in ("opening", "listening", "playing") else True
        return True

    # Listening.

    def action_listen(self) -> None:
        if self.phase == "listening":
            self._end.set()
            return
        self._end = threading.Event()
        self._pcm = b""
        self.query_one(LiveLine).text = ""
        self.query_one("#checked", Static).update("")
        self.phase = "opening"
        self._listen(self._end)

    @work(thread=True, exclusive=True, group="check", exit_on_error=False)
    def _listen(self, end: threading.Event) -> None:
        stop = get_current_worker().cancelled_event
        self.bowout.settle_settings()
        # The ear first: loading it takes seconds, in which no microphone should be open.
        ear, activity = self.services.ear(), self.services.voice_activity()
        source = self.services.microphone()
        if stop.is_set():
            return
        activity.reset()
        pcm, loudest, text = bytearray(), 0.0, ""
        endpointer = Endpointer(self.LIMITS)
        self._source = source
        try:
            source.open()
            source.begin_turn()
            ear.begin_turn()
            self.post_message(CheckListening(source.name))
            while not stop.is_set() and not end.is_set():
                block = source.read(0.1)
                if block is None:
                    continue
                pcm += block.pcm
                loudest = max(loudest, source.level)
                voiced = activity.voiced(block.pcm)
                partial = ear.feed(block.pcm, voiced=voiced)
                if partial != text:
                    text = partial
                    self.post_message(LineHeard(text))
                if endpointer.should_settle():
                    ear.settle()
                if endpointer.update(len(block.pcm) / WIDTH / RATE, voiced, partial) is not None:
                    break
        finally:
            source.close()
        if not stop.is_set():
            heard = ear.finish_turn()
            self.post_message(CheckHeard(bytes(pcm), heard.text or text, loudest, not any(pcm)))

    def on_check_listening(self, event: CheckListening) -> None:
        source = self._source
        if source is not None:
            self.query_one(LevelMeter).run(lambda: source.level)
        self.phase = "listening"

    def on_live_line(self, event: LineHeard) -> None:
        self.query_one(LiveLine).text = event.text

    def on_check_heard(self, event: CheckHeard) -> None:
        self._pcm = event.pcm
        self.query_one(LevelMeter).rest()
        # The line shows the end of a sentence only; here the whole of it should be read.
        self.query_one(LiveLine).text = ""
        self.query_one("#checked", Static).update(self._told(event))
        self.phase = "heard"

    def _told(self, event: CheckHeard) -> str:
        """What was read, and what it means."""
        read = f"Read: “{event.text}”\n\n" if event.text else ""
        return read + verdict(event)

    def failed(self, error: BaseException) -> None:
        self.query_one(LevelMeter).rest()
        self.phase = "trouble"
        if isinstance(error, BowoutError):
            self.query_one("#checked", Static).update(
                f"{error.sentence()} T goes on with typed answers, D picks another device."
            )
        else:
            self.bowout.explain(error)

    # Hearing it back.

    def action_play(self) -> None:
        if self.phase == "playing":
            self.workers.cancel_group(self, "play")
            return
        self.phase = "playing"
        self._play(Clip(self._pcm, RATE))

    @work(thread=True, exclusive=True, group="play", exit_on_error=False)
    def _play(self, clip: Clip) -> None:
        try:
            play(self.services.playback(), clip, get_current_worker().cancelled_event)
        finally:
            self.post_message(PlayedBack())

    def on_played_back(self) -> None:
        if self.phase == "playing":
            self.phase = "heard"

    # Another device.

    def action_devices(self) -> None:
        options = self.query_one("#devices", OptionList)
        if options.display:
            options.display = False
            self.set_focus(None)
        else:
            self._find_devices()

    @work(thread=True, exclusive=True, group="devices", exit_on_error=False)
    def _find_devices(self) -> None:
        self.post_message(DevicesFound(self.services.devices()))

    def on_devices_found(self, event: DevicesFound) -> None:
        self._devices = [("microphone", d) for d in event.devices if d.inputs]
        self._there = bool(self._devices)
        self.watch_phase(self.phase)
        self._devices += [("speakers", d) for d in event.devices if d.outputs]
        options = self.query_one("#devices", OptionList)
        options.clear_options()
        options.add_option(Option("The system's own devices", id="default"))
        options.add_options(
            Option(f"{kind}: {device.name} ({device.host})", id=str(n))
            for n, (kind, device) in enumerate(self._devices)
        )
        options.highlighted = 0
        options.display = True
        options.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        settings = replace(self.bowout.settings, checked_microphone=False)
        if event.option.id == "default":
            settings = replace(settings, microphone="", microphone_host="", speakers="", speakers_host="")
        else:
            kind, device = self._devices[int(event.option.id or 0)]
            if kind == "microphone":
                settings = replace(settings, microphone=device.name, microphone_host=device.host)
            else:
                settings = replace(settings, speakers=device.name, speakers_host=device.host)
        self.bowout.keep(settings)
        self.query_one("#devices").display = False
        self.set_focus(None)
        self._pcm = b""
        self.phase = "idle"
        self.watch_phase("idle")

    # Ways on.

    def action_go_on(self) -> None:
        """Checked or not: nobody is held up by this screen twice."""
        self.bowout.keep(replace(self.bowout.settings, checked_microphone=True))
        self.dismiss("spoken")

    def action_type(self) -> None:
        self.dismiss("typed")

    def action_back(self) -> None:
        self.dismiss(None)

    def on_screen_suspend(self) -> None:
        self._release()

    def on_unmount(self) -> None:
        self._release()

    def _release(self) -> None:
        for group in ("check", "play"):
            self.workers.cancel_group(self, group)
        if self._source is not None:
            threading.Thread(target=self._source.close, name="let-go", daemon=True).start()
