"""The keys of a call. Which of them count, and are shown, depends on the phase (``SpeakScreen.check_action``)."""

from __future__ import annotations

from textual.binding import Binding, BindingType

KEYS: list[BindingType] = [
    Binding("space", "end_turn", "I'm done", id="speak.end_turn", tooltip="End your turn now"),
    Binding("h", "hang_up", "Hang up", id="speak.hang_up", tooltip="End the call and be marked"),
    Binding("f8", "hang_up_typing", "Hang up", id="speak.hang_up_typing", tooltip="End the call and be marked"),
    Binding("p", "repeat", "Repeat", id="speak.repeat", tooltip="Hear the last line again"),
    Binding("left", "silence(-1)", "Shorter", show=False, id="speak.shorter", tooltip="Less silence ends a turn"),
    Binding(
        "right",
        "silence(1)",
        "Pause",
        key_display="← →",
        id="speak.longer",
        tooltip="More silence ends your turn (left: less)",
    ),
    Binding("s", "script", "Script", id="speak.script", tooltip="Show or hide what you might say"),
    Binding("f7", "script_typing", "Script", id="speak.script_typing", tooltip="Show or hide what you might say"),
    Binding("v", "live_line", "Live line", show=False, id="speak.live_line", tooltip="Show what you are saying"),
    Binding("r", "again", "Start again", id="speak.again", tooltip="Begin this call anew"),
    Binding("t", "typed", "Type instead", id="speak.typed", tooltip="Begin anew with typed answers"),
    Binding("escape", "leave", "Leave", id="speak.leave", tooltip="Leave without being marked"),
]
