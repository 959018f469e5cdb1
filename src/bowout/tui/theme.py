"""The house's colours. Screens name roles (``$success``), never colours, so every other theme works as well."""

from __future__ import annotations

from textual.theme import Theme

CALM = Theme(
    name="bow-out",
    primary="#7fb4ca",
    secondary="#957fb8",
    accent="#e6c384",
    foreground="#dfe2e5",
    background="#15181c",
    surface="#1b1f25",
    panel="#262c34",
    success="#8fc28a",
    warning="#e0b45c",
    error="#e5737f",
    dark=True,
    variables={"footer-key-foreground": "#e6c384", "footer-background": "#1b1f25", "border-blurred": "#39424e"},
)
