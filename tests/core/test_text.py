"""The one plain form of speech and writing, and the way back to the words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bowout.core.marking import mark
from bowout.core.text import neutral, normalise
from bowout.core.transcript import from_text


def plain(text: str) -> str:
    return " ".join(normalise(from_text(text)).texts)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("i can't come", "I can’t come."),
        ("i cannot come", "I can not come"),
        ("at ten thirty", "at 10.30"),
        ("at ten thirty", "at 10:30"),
        ("at two p m", "at 2pm"),
        ("ten a m", "10 a.m."),
        ("the fourteenth of may", "the 14th of May"),
        ("the twenty first", "the 21st"),
        ("twenty six", "26"),
        ("see you tomorrow", "See you to-morrow!"),
        ("i'm sorry", "im sorry"),
        ("thanks", "thx"),
        ("please do", "pls do"),
        ("one thousand", "one thousand"),
        ("mister lee", "Mr. Lee"),
        ("the h r department", "the HR department"),
    ],
)
def test_spellings_of_the_same_speech_are_one(said: str, written: str) -> None:
    assert plain(said) == plain(written)


def test_hesitations_and_degree_words_carry_nothing() -> None:
    assert plain("um i'm ever so terribly sorry") == plain("I'm sorry")
    assert plain("i would like to, like, move it") == "i would like to move it"


def test_restarts_are_folded_but_sorry_is_counted() -> None:
    assert plain("i need to i need to withdraw") == "i need to withdraw"
    assert plain("sorry sorry sorry") == "sorry sorry sorry"


def test_you_know_is_a_filler_but_not_after_let() -> None:
    assert plain("it's, you know, hard") == "it is hard"
    assert plain("to let you know") == "to let you know"


def test_every_token_leads_back_to_its_words() -> None:
    transcript = from_text("Good morning, um, it's at 10 a. m. on", "the twenty first")
    tokens = normalise(transcript)
    words = [word.text for word in transcript.words]
    at = tokens.texts.index("am")
    first, last = tokens.words(at, at + 1)
    assert words[first:last] == ["a.", "m."]
    at = tokens.texts.index("21st")
    first, last = tokens.words(at, at + 1)
    assert words[first:last] == ["twenty", "first"]


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_unicode_is_read(text: str) -> None:
    tokens = normalise(from_text(text))
    assert all(token and " " not in token for token in tokens.texts)
    assert list(tokens.first) == sorted(tokens.first)
    assert tokens.text == " " + "".join(f"{t} " for t in tokens.texts)


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_quotes_carry_no_control_characters_and_no_mark_up(text: str) -> None:
    made = neutral(text)
    assert not set(made) & set("\x1b\x9b\x00\r[]<>\\")
    assert len(made) <= 60


def test_escape_sequences_are_taken_out_whole() -> None:
    assert neutral("\x1b[31mred\x1b[0m") == "red"
    assert neutral("\x1b]0;title\x07word") == "word"
    assert neutral("[bold]loud[/bold]") == "(bold)loud(/bold)"


@pytest.mark.parametrize("ending", ["n't", "'n't", "'ll", "'ve", "'re", "'m", "'d", "'s", "l'", "n''t"])
def test_an_ending_without_its_word_leaves_no_empty_token(ending: str) -> None:
    """Ears write such things: “thank you for n't chat”."""
    assert all(normalise(from_text(f"thank you for {ending} chat")).texts)
    mark(from_text(ending), "withdraw")
