"""The card that stays open while the person phones, and what may come of the contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bowout.core.case import Case, Result
from bowout.core.case_script import BECAUSE, kind_of, script
from bowout.core.scenario import fill


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the card: what it is for, and the words."""

    id: str
    title: str
    text: str


_ABOUT = "Hello {contact}, this is {caller}. It's about the {role} interview {when}"
_FIRST = {
    "reschedule": f"{_ABOUT}: I can't come at that time.",
    "video": f"{_ABOUT}: I can't come in person.",
    "withdraw": f"{_ABOUT}: I'm withdrawing.",
    "disclose": f"{_ABOUT}: there is one thing to tell.",
    "repair": f"{_ABOUT}. I'd like to apologise.",
    "leave": "{contact}, may I stop you there? Thank you for your time. I would like to end the interview here.",
    "leave_emergency": "{contact}, I'm very sorry to interrupt you: {reason}, so I have to end the interview here.",
    "leave_misconduct": f"I'm ending the interview here{BECAUSE}. Goodbye.",
}
_WHY = {
    "repair": "I have no good excuse. I should have told you at once.",
    "disclose": "Because I'd rather tell you now than after the final round.",
    "leave_emergency": "It can't wait, and I'd rather not go into it. I'll write to you today.",
    "leave_misconduct": "I don't have to explain that. Goodbye.",
}
_MESSAGE = "Hello {contact}, this is {caller}, about the {role} interview {when}."
_MAILBOX = {
    "reschedule": f"{_MESSAGE} I'm sorry, but {{reason}}, so I can't come then. I could come {{option_1}}, or "
    "{option_2}. I'll write to you as well. Thank you.",
    "video": f"{_MESSAGE} I'm sorry, but {{reason}}, so I can't come in person. We could do it {{option_1}}, or else "
    "{option_2}. I'll write to you as well. Thank you.",
    "withdraw": f"{_MESSAGE} I have to tell you that {{reason}}, so I'm withdrawing. Thank you for your time, and good "
    "luck. I'll write to you as well.",
    "disclose": f"{_MESSAGE} Before it, I'd like you to know that {{reason}}. I'll write to you as well. Thank you.",
    "repair": f"{_MESSAGE} I have to be honest with you: {{reason}}. I apologise for that, and I'll write to you as "
    "well. Thank you.",
}
_RING_BACK = " You can ring me back on {callback}."
_IF_THEN = {
    "reschedule": "If they press me to come, then I say “I can't, but I will keep either of those two times”.",
    "video": "If they say no to video, then I offer the other time, and nothing more.",
    "withdraw": "If they make an offer or ask me to stay, then I say “Thank you, my decision is made”.",
    "disclose": "If they ask for details that I don't know, then I say “I'll find out and write to you”.",
    "repair": "If they are annoyed, then I let them finish, say “You are right”, and don't explain.",
    "leave": "If they try to keep me, then I say “Thank you, I'd still like to end here”, and go.",
    "leave_misconduct": "If they argue or try to keep me, then I say nothing more, and leave the room or the call.",
}


def card(case: Case, now: datetime) -> tuple[Line, ...]:
    """The lines of the card; what the case does not need is not there. Blanks that nothing fills stay visible."""
    facts, kind = case.facts(now), kind_of(case)
    lines = []
    if case.path != "leave":
        lines.append(
            Line("number", "Number", case.number or "none known: the invitation, a signature, the switchboard")
        )
    if kind in _FIRST:
        first = _FIRST[kind] if case.reason else _FIRST[kind].replace(BECAUSE, "")
        lines.append(Line("first", "First sentence", fill(first, facts)))
    elif script(case, now).parts:
        lines.append(Line("first", "What to say", script(case, now).text))
    offered = [facts[name] for name in ("option_1", "option_2") if name in facts]
    if offered:
        lines.append(Line("options", "Two options", ", or ".join(offered)))
    if case.reason or kind in _WHY:
        said = "It's as I said" if kind != "leave" else "To be open"  # the first sentence of the others has it
        why = _WHY.get(kind, f"{said}: {{reason}}. I'd rather leave it at that.")
        lines.append(Line("why", "If they ask why", fill(why, facts)))
    if case.path in _MAILBOX:
        said = _MAILBOX[case.path] + (_RING_BACK if case.callback else "")
        lines.append(Line("voicemail", "On the voicemail", fill(said, facts)))
    if case.path in _IF_THEN:
        lines.append(Line("if_then", "If, then", _IF_THEN.get(kind, _IF_THEN[case.path])))
    return tuple(lines)


def outcomes(case: Case) -> tuple[tuple[Result, str], ...]:
    """What may have come of the contact, in this case's words."""
    reached: tuple[tuple[Result, str], ...]
    if case.path in ("reschedule", "video"):
        reached = (("agreed", "They agreed: there is a new time"), ("refused", "They refused: no other time"))
    elif case.path == "withdraw":
        reached = (("withdrawn", "I withdrew, and they know"),)
    elif case.path == "leave":
        return (("left", "I ended it, and I am out"), ("none", "I stayed after all"))
    elif case.path == "repair":
        reached = (("agreed", "They accepted the apology"), ("refused", "They did not want to talk about it"))
    else:
        reached = (("agreed", "I told them, and it is fine"), ("refused", "I told them, and it does not work"))
    return (
        *reached,
        ("voicemail", "I left a message on the voicemail"),
        ("no_answer", "Nobody answered"),
        ("none", "I have not called"),
    )


def needs_slot(case: Case, result: Result) -> bool:
    """Whether the new time has to be entered, too."""
    return result == "agreed" and case.path in ("reschedule", "video")


__all__ = ["Line", "card", "needs_slot", "outcomes"]
