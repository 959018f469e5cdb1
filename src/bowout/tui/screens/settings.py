"""Settings: every choice a row, changed at once and written down at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.validation import Number, ValidationResult, Validator
from textual.widgets import Footer, Input, Select, Static
from textual.worker import Worker, WorkerState

from bowout.core.safety import printable
from bowout.core.settings import LONGEST_DAYS, Settings
from bowout.core.sizes import size_words
from bowout.paths import config_dir
from bowout.ports import DeviceInfo
from bowout.tui.messages import DevicesFound, RecordsMeasured
from bowout.tui.screens.base import AppScreen
from bowout.tui.widgets.top_bar import TopBar

CHOICES: dict[str, tuple[str, dict[str, str]]] = {
    "ear": ("Ear", {"auto": "the best there is", "vosk": "Vosk", "builtin": "built-in", "typed": "typed words"}),
    "mode": ("Usual mode", {"practice": "practice: longer pauses", "live": "live: as in the real call"}),
    "live_line": ("Show the line I am saying", {"auto": "in practice", "on": "always", "off": "never"}),
    "voice": ("Recruiter's voice", {
        "": "the best there is", "piper": "Piper", "pyttsx3": "pyttsx3", "system": "the system's own", "silent": "none",
    }),
    "keep_recordings": ("Recordings", {
        "until_review": "until the review is closed", "keep": "keep them", "never": "never write any",
        "ask": "ask at the next start",
    }),
}  # fmt: skip
NUMBERS = {
    "silence_practice_s": "Silence ends a turn, practice (s)",
    "silence_live_s": "Silence ends a turn, live (s)",
}
SWITCHES = {
    "headphones": "I wear headphones",
    "extra_time": "Extra time: pace and pauses leave the score",
    "rate_first": "Ask how it was before the marks",
    "countdown": "Count down before a drill",
}
DEVICES = {"microphone": "Microphone", "speakers": "Loudspeakers"}
SYSTEM = ("", "")
KEEP_DAYS = "Delete sound older than (days, 0 = never)"
CALENDAR = "My calendar file (.ics), for times I offer"


class CalendarFile(Validator):
    """Nothing, or a file that is there."""

    def validate(self, value: str) -> ValidationResult:
        if not value.strip() or Path(value.strip()).expanduser().is_file():
            return self.success()
        return self.failure("There is no such file.")


class Row(Select[Any], inherit_bindings=False):
    """A closed list in one line. The arrows go from row to row; only Enter opens the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "show_overlay", "Change", id="settings.change", tooltip="Open the list of choices"),
    ]


class SettingsScreen(AppScreen[None]):
    """Leaves with Escape; there is nothing to confirm."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Done", id="settings.back", tooltip="Back; everything is already kept"),
        Binding("down", "app.focus_next", "Next row", key_display="↑ ↓", id="settings.down", tooltip="To the next row"),
        Binding("up", "app.focus_previous", "Row before", show=False, id="settings.up", tooltip="To the row before"),
    ]

    def compose(self) -> ComposeResult:
        settings = self.bowout.settings
        yield TopBar("Settings", self.bowout.ear_shown)
        with Vertical(id="settings"):
            for name in ("ear", "mode"):
                yield self._choice(name, settings)
            for name, label in NUMBERS.items():
                yield self._row(label, Input(
                    f"{getattr(settings, name):g}", id=name, type="number", compact=True,
                    validators=[Number(0.5, 10, failure_description="0.5 to 10 seconds")],
                ))  # fmt: skip
            yield self._choice("live_line", settings)
            for name, label in SWITCHES.items():
                yield self._row(
                    label,
                    Row(
                        [("yes", True), ("no", False)],
                        value=getattr(settings, name),
                        allow_blank=False,
                        compact=True,
                        id=name,
                    ),
                )
            yield self._choice("voice", settings)
            for name, label in DEVICES.items():
                yield self._row(label, self._devices(name, settings, []))
            yield self._choice("keep_recordings", settings)
            yield self._row(KEEP_DAYS, Input(
                str(settings.keep_audio_days), id="keep_audio_days", type="integer", compact=True,
                validators=[Number(0, LONGEST_DAYS, failure_description=f"0 to {LONGEST_DAYS} days")],
            ))  # fmt: skip
            yield self._row(
                CALENDAR,
                Input(settings.calendar, id="calendar", placeholder="none", compact=True, validators=[CalendarFile()]),
            )
            yield Static("", id="size", classes="aside", markup=False)
            yield Static(f"Kept in {config_dir() / 'settings.toml'}.", id="place", classes="aside", markup=False)
        yield Footer(show_command_palette=False)

    @staticmethod
    def _row(label: str, widget: Any) -> Horizontal:
        return Horizontal(Static(label, classes="label", markup=False), widget, classes="row")

    def _choice(self, name: str, settings: Settings) -> Horizontal:
        label, choices = CHOICES[name]
        options = [(words, value) for value, words in choices.items()]
        return self._row(label, Row(options, value=getattr(settings, name), allow_blank=False, compact=True, id=name))

    @staticmethod
    def _devices(name: str, settings: Settings, found: list[DeviceInfo]) -> Row:
        chosen = (getattr(settings, name), getattr(settings, f"{name}_host"))
        return Row(_options(chosen, found), value=chosen, allow_blank=False, compact=True, id=name)

    def on_mount(self) -> None:
        self._find_devices()
        self._measure()

    @work(thread=True, exclusive=True, group="size", exit_on_error=False)
    def _measure(self) -> None:
        size = self.services.records.size()
        self.post_message(RecordsMeasured(size_words(size.attempts, size.audio_bytes, size.other_bytes)))

    def on_records_measured(self, event: RecordsMeasured) -> None:
        self.query_one("#size", Static).update(event.words)

    @work(thread=True, exclusive=True, group="devices", exit_on_error=False)
    def _find_devices(self) -> None:
        self.post_message(DevicesFound(self.services.devices()))

    def on_devices_found(self, event: DevicesFound) -> None:
        settings = self.bowout.settings
        for name, side in (("microphone", "inputs"), ("speakers", "outputs")):
            chosen = (getattr(settings, name), getattr(settings, f"{name}_host"))
            select = self.query_one(f"#{name}", Select)
            with select.prevent(Select.Changed):
                select.set_options(_options(chosen, [d for d in event.devices if getattr(d, side)]))
                select.value = chosen

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.group == "devices":
            self.query_one("#place", Static).update(f"No devices can be listed here. {event.worker.error}")
            return
        super().on_worker_state_changed(event)

    # Changes.

    def _keep(self, **changes: Any) -> None:
        settings = self.bowout.settings
        changed = replace(settings, **changes)
        if changed != settings:
            if changes.keys() & {"ear"}:
                self.bowout.ear_state = "cold"
            self.bowout.keep(changed)

    def on_select_changed(self, event: Select.Changed) -> None:
        event.stop()
        name = event.select.id or ""
        if name in DEVICES:
            device, host = event.value if isinstance(event.value, tuple) else SYSTEM
            settings = self.bowout.settings
            if (getattr(settings, name), getattr(settings, f"{name}_host")) != (device, host):
                self._keep(**{name: device, f"{name}_host": host, "checked_microphone": False})
        else:
            self._keep(**{name: event.value})

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.validation_result is None or not event.validation_result.is_valid:
            return
        if event.input.id == "calendar":
            self._keep(calendar=event.value.strip())
        elif event.input.id == "keep_audio_days":
            self._keep(keep_audio_days=int(event.value))
        else:
            self._keep(**{event.input.id or "": round(float(event.value), 2)})

    def action_back(self) -> None:
        self.dismiss()


def _options(chosen: tuple[str, str], found: list[DeviceInfo]) -> list[tuple[Content, tuple[str, str]]]:
    """The system's own, everything found, and the chosen one even where it is unplugged."""
    options = [("the system's own", SYSTEM)]
    options += [(f"{d.name} ({d.host})", (d.name, d.host)) for d in found]
    if chosen not in [value for _, value in options]:
        options.append((f"{chosen[0]} (not plugged in)", chosen))
    # A device's name is text from outside: no markup, nothing that drives the terminal.
    return [(Content(printable(label)), value) for label, value in dict.fromkeys(options)]
