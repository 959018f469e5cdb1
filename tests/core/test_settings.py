"""The choices a user has, their defaults and their limits."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import get_args

import pytest

from bowout.core.settings import Ear, Keep, Mode, Settings, from_mapping
from bowout.errors import InputError


def test_defaults() -> None:
    settings = from_mapping({}, "x")
    assert settings == Settings()
    assert (settings.silence_s("practice"), settings.silence_s("live")) == (2.5, 1.3)
    assert settings.keep_recordings == "ask", "nothing is kept before the user was asked"


def test_extra_time_doubles_the_silence() -> None:
    settings = from_mapping({"extra_time": True, "silence_live_s": 2}, "x")
    assert (settings.silence_s("practice"), settings.silence_s("live")) == (5.0, 4.0)


def test_there_and_back() -> None:
    assert from_mapping(asdict(Settings()), "x") == Settings()


@pytest.mark.parametrize(
    ("key", "choices"), [("ear", get_args(Ear)), ("mode", get_args(Mode)), ("keep_recordings", get_args(Keep))]
)
def test_every_choice_is_taken_and_no_other(key: str, choices: tuple[str, ...]) -> None:
    for choice in choices:
        assert getattr(from_mapping({key: choice}, "x"), key) == choice
    with pytest.raises(InputError) as caught:
        from_mapping({key: "other"}, "here")
    assert caught.value.message == f"here: “{key}” is 'other'."
    assert all(f"“{choice}”" in caught.value.hint for choice in choices)


@pytest.mark.parametrize("value", [0.5, 1, 10, 3.3])
def test_silences_in_range(value: float) -> None:
    made = from_mapping({"silence_live_s": value}, "x").silence_live_s
    assert made == value and isinstance(made, float)


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("silence_live_s", 0.4, "0.5 to 10"),
        ("silence_live_s", 10.1, "0.5 to 10"),
        ("silence_live_s", float("nan"), "0.5 to 10"),
        ("silence_live_s", "2", "0.5 to 10"),
        ("silence_live_s", True, "0.5 to 10"),
        ("keep_audio_days", -1, "0 to 36500"),
        ("keep_audio_days", 36_501, "0 to 36500"),
        ("keep_audio_days", 1.5, "0 to 36500"),
        ("keep_audio_days", True, "0 to 36500"),
        ("headphones", 1, "true or false"),
        ("headphones", "yes", "true or false"),
        ("microphone", 3, "a text"),
        ("voice", "robot", "“piper”"),
        ("mode", None, "“live”"),
        ("ear", ["vosk"], "“vosk”"),
    ],
)
def test_values_that_cannot_be(key: str, value: object, hint: str) -> None:
    with pytest.raises(InputError, match=key) as caught:
        from_mapping({key: value}, "x")
    assert hint in caught.value.hint


def test_an_unknown_key_offers_the_nearest_or_all() -> None:
    with pytest.raises(InputError) as near:
        from_mapping({"headphone": True}, "x")
    assert near.value.hint == "Did you mean “headphones”?"
    with pytest.raises(InputError) as far:
        from_mapping({"zzz": True}, "x")
    assert all(field.name in far.value.hint for field in fields(Settings))
