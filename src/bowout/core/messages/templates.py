"""The words of the messages: one kind a situation, each as a mail and as a text message.

``{blank}`` is filled from the facts. ``[[…]]`` is left out where a blank in it has no fact. ``{opening}`` is chosen by
what came of the real contact (``contact``): nothing but it may speak of a call. ``{Reason}`` is the written reason with
a capital, ``{reason}`` the same in the middle of a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bowout.core.criteria import Intent

Contact = Literal["unmade", "tried", "voicemail", "phone", "room", "written", "refused", "refused_written"]
"""What the reader knows already: nothing; that somebody rang in vain; a voicemail; a call; a talk; an exchange in
writing; a call or an exchange in which a request was refused."""


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message."""

    label: str
    """For a list of choices."""
    intent: Intent | None
    """By whose checklist it is read; ``None``: it ends and moves nothing."""
    subject: str
    full: str
    short: str
    openings: Mapping[Contact, str]
    """``unmade`` is always there and stands for those that are not."""
    short_openings: Mapping[Contact, str] = field(default_factory=dict)


_HELLO = "Dear {contact},\n\n"
_BYE = "\n\nKind regards,\n{caller}"
_TEXT = "Hello {contact}, this is {caller}. "
_LEFT: Mapping[Contact, str] = {"room": "As I said when we met,", "phone": "As I said at the time,"}
_SHORT: Mapping[Contact, str] = {
    "voicemail": "I left you a voicemail. ",
    "tried": "I tried to call you. ",
    "phone": "Thank you for the call. ",
    "room": "Thank you for the talk. ",
    "written": "Thank you for your reply. ",
    "refused": "Thank you for the call. ",
    "refused_written": "Thank you for your reply. ",
}

TEMPLATES: Mapping[str, Template] = {
    "withdrawal": Template(
        "withdraw",
        "withdraw",
        "{caller} – withdrawal from the {role} interview",
        _HELLO + "{opening} I am withdrawing from the process for the {role} position[[ and will not attend the "
        "interview on {interview_date}]]: {reason}. I am sorry for the inconvenience, I appreciate the time you have "
        "given me, and I wish you every success in finding the right person." + _BYE,
        _TEXT + "{opening}I am withdrawing from the process for the {role} position[[ and won't attend on "
        "{interview_date}]]: {reason}. Thank you for your time, and every success in finding the right person.",
        {
            "unmade": "Thank you for considering my application. After careful thought,",
            "tried": "Thank you for considering my application. I tried to reach you by phone, so that you would know "
            "at once:",
            "voicemail": "Thank you for considering my application. As I said in the message on your voicemail,",
            "phone": "Thank you for speaking with me. As I said on the phone,",
            "room": "Thank you for speaking with me. As I said when we met,",
            "written": "Thank you for your reply. To confirm it:",
            "refused": "Thank you for taking my call. As the interview can't be moved,",
            "refused_written": "Thank you for your reply. As the interview can't be moved,",
        },
        _SHORT,
    ),
    "return_window": Template(
        "withdraw, and say when you are back",
        "withdraw",
        "{caller} – withdrawal from the {role} interview, available again later",
        _HELLO + "{opening} I am withdrawing from the process for the {role} position[[ and will not attend the "
        "interview on {interview_date}]]: {reason}. I expect to be available again {return} and would be glad to "
        "reconnect then, if it suits you. I am sorry for the inconvenience, thank you for your time, and wish you "
        "every success in finding the right person." + _BYE,
        _TEXT + "{opening}I am withdrawing from the {role} process[[, interview on {interview_date}]]: {reason}. I "
        "expect to be available again {return} and would be glad to reconnect then. Thank you, and every success.",
        {
            "unmade": "Thank you for considering my application. After careful thought,",
            "tried": "Thank you for considering my application. I tried to reach you by phone, so that you would know "
            "at once:",
            "voicemail": "Thank you for considering my application. As I said in the message on your voicemail,",
            "phone": "Thank you for speaking with me. As I said on the phone,",
            "room": "Thank you for speaking with me. As I said when we met,",
            "written": "Thank you for your reply. To confirm it:",
        },
        _SHORT,
    ),
    "reschedule": Template(
        "ask for another date",
        "reschedule",
        "{caller} – new date for the {role} interview",
        _HELLO + "{opening} {reason}, so I can't attend the {role} interview on {interview_date}. I could come on "
        "{option_1_date}, or on {option_2_date}; please tell me which suits you. I apologise for the inconvenience "
        "and look forward to meeting you." + _BYE,
        _TEXT + "{opening}{Reason}, so I can't attend the {role} interview on {interview_date}. I'm sorry for the "
        "trouble. Could we meet on {option_1_date}, or on {option_2_date}? Thank you.",
        {
            "unmade": "Thank you for the invitation. I am writing as soon as I know:",
            "tried": "Thank you for the invitation. I tried to reach you by phone, so here it is in writing:",
            "voicemail": "Thank you for the invitation. As I said in the message on your voicemail,",
            "phone": "Thank you for your understanding on the phone. To confirm:",
            "room": "Thank you for your understanding when we spoke. To confirm:",
            "written": "Thank you for your reply. To confirm:",
            "refused": "Thank you for taking my call. As I said,",
            "refused_written": "Thank you for your reply. As I wrote,",
        },
        _SHORT,
    ),
    "same_day": Template(
        "cancel on the same day",
        "reschedule",
        "{caller} – can't attend the {role} interview on {interview_date}",
        _HELLO + "{opening} {reason}, and I can't attend our interview for the {role} position on {interview_date}. I "
        "am sorry for the very short notice. If you would still see me, I could come on {option_1_date}, or on "
        "{option_2_date}. Thank you for your understanding." + _BYE,
        _TEXT + "{opening}{Reason}, and I can't attend the {role} interview on {interview_date}. I'm sorry for the "
        "very short notice. Could we meet on {option_1_date}, or on {option_2_date}? Thank you.",
        {
            "unmade": "This comes at very short notice, and at the first moment I could write:",
            "tried": "I tried to reach you by phone, so that you would know at once:",
            "voicemail": "As I said in the message on your voicemail,",
            "phone": "Thank you for your understanding on the phone. To confirm:",
            "room": "Thank you for your understanding when we spoke. To confirm:",
            "written": "Thank you for your quick reply. To confirm:",
        },
        _SHORT,
    ),
    "confirm": Template(
        "confirm the new date",
        "reschedule",
        "{caller} – {role} interview confirmed for {slot_date}",
        _HELLO + "{opening} we meet for the {role} interview on {slot_date}[[, in place of {interview_date}]]. I am "
        "sorry for the inconvenience, thank you for making it possible, and look forward to meeting you." + _BYE,
        _TEXT + "{opening}I confirm the {role} interview on {slot_date}[[, in place of {interview_date}]]. I'm sorry "
        "for the trouble, and thank you.",
        {
            "unmade": "To confirm the new date:",
            "phone": "Thank you for your understanding on the phone. To confirm what we agreed:",
            "room": "Thank you for your understanding when we spoke. To confirm what we agreed:",
            "written": "Thank you for your reply. To confirm:",
        },
        _SHORT,
    ),
    "attend": Template(
        "confirm that you come as planned",
        None,
        "{caller} – attending the {role} interview on {interview_date}",
        _HELLO + "{opening} I will attend the {role} interview on {interview_date} as planned. Thank you for your "
        "time; I look forward to meeting you." + _BYE,
        _TEXT + "{opening}I will attend the {role} interview on {interview_date} as planned. Thank you.",
        {
            "unmade": "To confirm:",
            "phone": "Thank you for speaking with me. To confirm:",
            "room": "Thank you for speaking with me. To confirm:",
            "written": "Thank you for your reply. To confirm:",
            "refused": "Thank you for taking my call. I understand that the date can't be moved:",
            "refused_written": "Thank you for your reply. I understand that the date can't be moved:",
        },
        _SHORT,
    ),
    "video": Template(
        "ask for a video call instead",
        None,
        "{caller} – {role} interview on {interview_date}: by video?",
        _HELLO + "{opening} {reason}, so I can't come to the {role} interview on {interview_date} in person. Could we "
        "hold it by video at the same time? I am sorry for the inconvenience, and thank you." + _BYE,
        _TEXT + "{opening}{Reason}, so I can't come in person on {interview_date}. Could we hold the {role} interview "
        "by video at the same time? I'm sorry for the trouble, and thank you.",
        {
            "unmade": "Thank you for the invitation. I am writing as soon as I know:",
            "tried": "Thank you for the invitation. I tried to reach you by phone, so here it is in writing:",
            "voicemail": "Thank you for the invitation. As I said in the message on your voicemail,",
            "phone": "Thank you for your understanding on the phone. To confirm:",
            "room": "Thank you for your understanding when we spoke. To confirm:",
            "written": "Thank you for your reply. To confirm:",
        },
        _SHORT,
    ),
    "disclose": Template(
        "say beforehand what stands in the way",
        None,
        "{caller} – one thing before the {role} interview on {interview_date}",
        _HELLO + "{opening} Before we meet about the {role} position on {interview_date}, I want to be open about one "
        "thing: {reason}. I am still interested. Please tell me if this rules me out; otherwise I look forward to "
        "meeting you. Thank you." + _BYE,
        _TEXT + "{opening}Before the {role} interview on {interview_date} I want to be open about one thing: {reason}. "
        "I am still interested; please tell me if this rules me out. Thank you.",
        {
            "unmade": "Thank you for the invitation.",
            "phone": "Thank you for speaking with me.",
            "room": "Thank you for speaking with me.",
            "written": "Thank you for your reply.",
        },
        _SHORT,
    ),
    "learn": Template(
        "say beforehand that you come to learn more",
        None,
        "{caller} – before the {role} interview on {interview_date}",
        _HELLO + "{opening} Before we meet about the {role} position on {interview_date}, I want to be open: I have "
        "not decided yet and would use our talk to find out whether we suit each other. If you would rather give the "
        "time to somebody else, I understand. Thank you." + _BYE,
        _TEXT + "{opening}Before the {role} interview on {interview_date} I want to be open: I have not decided yet "
        "and come to find out more. If you would rather give the time to somebody else, I understand. Thank you.",
        {
            "unmade": "Thank you for the invitation.",
            "phone": "Thank you for speaking with me.",
            "room": "Thank you for speaking with me.",
            "written": "Thank you for your reply.",
        },
        _SHORT,
    ),
    "after_leaving": Template(
        "thank them after leaving",
        "leave",
        "{caller} – thank you, and withdrawal from the {role} interview",
        _HELLO + "Thank you for your time on {interview_date} and for being so open about the {role} position. "
        "{opening} {reason}, and I am withdrawing from the process so that I don't take up more of your time. I wish "
        "you and the team well in finding the right person." + _BYE,
        _TEXT + "Thank you for your time on {interview_date}. {Reason}, so I am withdrawing from the {role} process. I "
        "wish you and the team well in finding the right person.",
        {"unmade": "I have to tell you that", **_LEFT},
    ),
    "cut_short": Template(
        "after an emergency cut it short",
        "leave",
        "{caller} – the {role} interview on {interview_date}",
        _HELLO + "Thank you for your time on {interview_date}{opening}: {reason}, and I had to end our conversation "
        "early. I would be glad to finish the {role} interview on {option_1_date}, or on {option_2_date}; please tell "
        "me which suits you. I apologise for the inconvenience." + _BYE,
        _TEXT + "Thank you for your time on {interview_date}. {Reason}, and I had to end the {role} interview early. "
        "I'm sorry. Could we finish it on {option_1_date}, or on {option_2_date}?",
        {"unmade": "", "room": ", and for letting me go", "phone": ", and for letting me go"},
    ),
    "after_misconduct": Template(
        "after misconduct",
        "leave",
        "{caller} – end of the {role} interview on {interview_date}",
        _HELLO + "I ended my interview of {interview_date} for the {role} position at {company}[[, because "
        "{reason}]]. I withdraw my application. Please put this message on file and confirm in writing that you have "
        "received it.\n\n{caller}",
        "This is {caller}. I ended my interview of {interview_date} for the {role} position at {company}[[, because "
        "{reason}]]. I withdraw my application. Please confirm in writing that you have received this.",
        {"unmade": ""},
    ),
    "repair": Template(
        "apologise for how it went",
        "repair",
        "{caller} – apology for the {role} interview on {interview_date}",
        _HELLO + "I am sorry for how I handled the {role} interview on {interview_date}; {reason}. That was my "
        "responsibility, and it cost you time. {opening}" + _BYE,
        _TEXT + "I am sorry for how I handled the {role} interview on {interview_date}; {reason}. That was my "
        "responsibility, and it cost you time. {opening}",
        {
            "unmade": "Thank you for reading this.",
            "phone": "Thank you for hearing me out.",
            "room": "Thank you for hearing me out.",
            "written": "Thank you for your reply.",
            "refused": "Thank you for hearing me out.",
            "refused_written": "Thank you for your reply.",
        },
        {
            "unmade": "Thank you for reading this.",
            "phone": "Thank you for hearing me out.",
            "room": "Thank you for hearing me out.",
            "written": "Thank you for your reply.",
            "refused": "Thank you for hearing me out.",
            "refused_written": "Thank you for your reply.",
        },
    ),
    "light_touch": Template(
        "keep in touch, months later",
        None,
        "{caller} – news since the {role} interview at {company}",
        _HELLO + "Some months ago you considered me for the {role} position at {company}, and I still appreciate it. A "
        "short update: {update}. If that is of use to you one day, I would be glad to hear from you; no reply is "
        "needed." + _BYE,
        _TEXT + "Some months ago you considered me for the {role} position at {company}; thank you again. A short "
        "update: {update}. No reply is needed.",
        {"unmade": ""},
    ),
}  # fmt: skip

__all__ = ["TEMPLATES", "Contact", "Template"]
