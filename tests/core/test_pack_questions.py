"""Ten questions: which there are, what is taken, and what is said of an answer that can't be."""

from __future__ import annotations

import pytest

from bowout import paths
from bowout.core.pack_questions import KEYS, Question, answers_from, canonical_time, questions, taken, template_question
from bowout.core.pack_template import Kit
from bowout.errors import UsageError
from bowout.storage.pack_writer import load_kit


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit(paths.resource("templates"))


def ids(kit: Kit, **answers: str) -> list[str]:
    return [question.id for question in questions(answers, kit)]


def ask(kit: Kit, id_: str, **answers: str) -> Question:
    if id_ == "template":
        return template_question(answers, kit)
    return next(question for question in questions(answers, kit) if question.id == id_)


def wrong(kit: Kit, id_: str, typed: str, **answers: str) -> str:
    value, told = taken(ask(kit, id_, **answers), typed, answers, kit)
    assert told and not value, value
    return told


def right(kit: Kit, id_: str, typed: str, **answers: str) -> str:
    value, told = taken(ask(kit, id_, **answers), typed, answers, kit)
    assert not told, told
    return value


def test_there_are_ten_at_most_and_each_can_be_understood_alone(kit: Kit) -> None:
    for intent in kit.intents:
        asked = questions({"intent": intent}, kit)
        assert 9 <= len(asked) <= 10, intent
        for question in asked:
            assert question.ask.endswith("?") and (question.choices or question.example), question
            value, told = taken(question, "", {"intent": intent, "interview": ask(kit, "interview").default}, kit)
            assert value and not told, (intent, question.id, told)


def test_alternatives_are_asked_for_where_the_interview_moves_and_a_channel_where_there_is_a_choice(kit: Kit) -> None:
    assert "alternatives" in ids(kit, intent="reschedule") and "channel" not in ids(kit, intent="reschedule")
    for intent in ("withdraw", "leave", "repair"):
        assert "alternatives" not in ids(kit, intent=intent)
    assert [c.id for c in ask(kit, "channel", intent="leave").choices] == ["in_person", "video"]


def test_an_intent_offers_the_templates_and_pushbacks_that_are_made_for_it(kit: Kit) -> None:
    assert {c.id for c in template_question({"intent": "leave", "channel": "video"}, kit).choices} == {
        "exit", "persuader",
    }  # fmt: skip
    assert len(template_question({"intent": "reschedule"}, kit).choices) >= 5
    assert "counter_offer" not in {c.id for c in ask(kit, "pushback", intent="repair").choices}
    assert len(kit.templates) >= 6


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("today 15:00", "today 15:00"),
        ("Tomorrow at 3 pm", "tomorrow 15:00"),
        ("tomorrow, 9.30", "tomorrow 09:30"),
        ("today at noon", "today 12:00"),
        ("today 12 am", "today 00:00"),
        ("today 12:15 p.m.", "today 12:15"),
        ("in 2 workdays 10:00", "+2 workdays 10:00"),
        ("in 1 working day at 8", "+1 workday 08:00"),
        ("in 3 days 10:00", "+3 days 10:00"),
        ("yesterday 10:00", "yesterday 10:00"),
        ("4 workdays ago at 9 am", "-4 workdays 09:00"),
        ("+2 workdays 14:00", "+2 workdays 14:00"),
        ("-1 days 10:00", "-1 day 10:00"),
        ("soon", None),
        ("today", None),
        ("at 3 pm", None),
        ("today 25:00", None),
        ("today 10:75", None),
        ("today 13 pm", None),
        ("in 200 days 10:00", None),
        ("Friday 10:00", None),
    ],
)
def test_times_are_taken_as_people_say_them(typed: str, written: str | None) -> None:
    assert canonical_time(typed) == written


@pytest.mark.parametrize(
    ("intent", "id_", "typed", "told"),
    [
        ("reschedule", "situation", "x" * 101, "at most 100"),
        ("reschedule", "situation", "a " * 30, "30 words"),
        ("reschedule", "caller", "{caller}", "mark blanks"),
        ("reschedule", "caller", "Sam\x1b[31m", "no terminal shows"),
        ("reschedule", "caller", "Sam\u202e", "no terminal shows"),
        ("reschedule", "company", "…!", "no word in it"),
        ("reschedule", "company", "a b c d e f g h i", "9 words"),
        ("reschedule", "interview", "soon", "“soon” is no time that is known here."),
        ("reschedule", "interview", "yesterday 10:00", "still to come"),
        ("leave", "interview", "tomorrow 10:00", "in the middle of it"),
        ("repair", "interview", "tomorrow 10:00", "over already"),
        ("reschedule", "reason", "illness", "a short sentence"),
        ("reschedule", "reason", "something came up", "an empty phrase"),
        ("withdraw", "reason", "I overslept", "a weak reason"),
        ("reschedule", "reason", "I was sick all over the bathroom floor", "more than an employer needs"),
        ("leave", "reason", "your company is a joke", "criticism"),
        ("reschedule", "alternatives", "tomorrow 10:00", "Two times"),
        ("reschedule", "alternatives", "tomorrow 10:00, soon", "“soon” is no time"),
        ("reschedule", "alternatives", "tomorrow 10:00, tomorrow at 10 am", "both are the same"),
        ("reschedule", "alternatives", "in 3 days 10:00, in 3 workdays 10:00", "both are the same"),
        ("reschedule", "alternatives", "yesterday 10:00, tomorrow 11:00", "in the past"),
        ("reschedule", "alternatives", "today 15:00, tomorrow 11:00", "the interview itself"),
        ("reschedule", "pushback", "9", "Type a number from 1 to 7"),
        ("reschedule", "pushback", "counter_offer", "“counter_offer” is not among them"),
        ("reschedule", "template", "exit", "not among them"),
    ],
)  # fmt: skip
def test_what_can_not_be_taken_is_said_in_a_sentence(kit: Kit, intent: str, id_: str, typed: str, told: str) -> None:
    sentence = wrong(kit, id_, typed, intent=intent)
    assert told in sentence and sentence.endswith("."), sentence


def test_a_choice_is_a_number_an_id_a_title_or_its_beginning(kit: Kit) -> None:
    for typed in ("2", "withdraw", "WITHDRAW", "with"):
        assert right(kit, "intent", typed) == "withdraw"
    assert right(kit, "pushback", "counter offer", intent="withdraw") == "counter_offer"
    assert right(kit, "pushback", "They are an", intent="withdraw") == "annoyed"
    assert "not among them" in wrong(kit, "pushback", "They", intent="withdraw")


def test_a_reason_is_put_into_the_middle_of_a_sentence(kit: Kit) -> None:
    for typed in (
        "My train has been cancelled.",
        "because my train has been cancelled",
        "Because My train has been cancelled",
    ):
        assert right(kit, "reason", typed, intent="reschedule") == "my train has been cancelled"
    assert right(kit, "reason", "I have come down with a fever", intent="reschedule").startswith("I have")
    assert right(kit, "reason", "Ramadan ends on that day", intent="reschedule").startswith("Ramadan")


def test_alternatives_are_kept_in_the_form_of_the_files(kit: Kit) -> None:
    typed = "tomorrow at 9 am or in 2 workdays 14:00"
    assert right(kit, "alternatives", typed, intent="reschedule") == "tomorrow 09:00, +2 workdays 14:00"


def test_all_answers_at_once(kit: Kit) -> None:
    answers = answers_from({}, kit)
    assert answers.intent == "reschedule" and answers.alternatives == ("+2 workdays 10:00", "+3 workdays 14:00")
    answers = answers_from({"intent": "leave", "channel": "by video", "caller": "  Jo   Rivera "}, kit)
    assert (answers.channel, answers.caller, answers.template) == ("video", "Jo Rivera", "exit")
    assert answers_from({"intent": "withdraw", "channel": "phone"}, kit).channel == "phone"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"callr": "Sam"}, "There is no question “callr”. Did you mean “caller”?"),
        ({"reason": "something came up"}, "“reason”: That is an empty phrase"),
        ({"intent": "withdraw", "alternatives": "today 10:00, today 11:00"}, "“alternatives” is not asked where you"),
        ({"channel": "video"}, "“channel” is not asked where you move the interview."),
        ({"template": "nothing"}, "“template”: “nothing” is not among them."),
    ],
)
def test_answers_that_can_not_be_taken_at_once(kit: Kit, given: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        answers_from(given, kit)
    assert told in error.value.sentence()
    assert set(given) <= set(KEYS) or "no question" in told
