"""The message that must follow the call, filled from the scenario's facts.

One short paragraph and a closing line, a subject that is found at once, no mixed message: the article's rules for
writing. Facts used: ``caller``, ``contact``, ``company``, ``role``, ``interview_date`` and, where they apply,
``reason_written``, ``option_1_date``, ``option_2_date``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Ready to be copied; nothing is ever sent from here."""

    subject: str
    body: str

    @property
    def text(self) -> str:
        return f"Subject: {self.subject}\n\n{self.body}\n"

    @property
    def missing(self) -> tuple[str, ...]:
        """Blanks that no fact filled."""
        return tuple(dict.fromkeys(re.findall(r"\{([a-z_0-9]+)\}", self.text)))


_TEMPLATES: dict[str, Message] = {
    "withdrawal": Message(
        "{caller} – withdrawal from the {role} interview",
        "Dear {contact},\n\n"
        "Thank you for speaking with me. As I said on the phone, I am withdrawing from the process for the {role} "
        "position and will not attend the interview on {interview_date}: {reason_written}. I am sorry for the short "
        "notice, I appreciate the time you have given me, and I wish you every success in finding the right person.\n\n"
        "Kind regards,\n{caller}",
    ),
    "reschedule": Message(
        "{caller} – new date for the {role} interview",
        "Dear {contact},\n\n"
        "Thank you for your understanding on the phone. To confirm: {reason_written}, so I can't attend the {role} "
        "interview on {interview_date}. I could come on {option_1_date}, or on {option_2_date}; please tell me "
        "which suits you. I apologise for the inconvenience and look forward to meeting you.\n\n"
        "Kind regards,\n{caller}",
    ),
    "after_leaving": Message(
        "{caller} – thank you, and withdrawal from the {role} interview",
        "Dear {contact},\n\n"
        "Thank you for your time on {interview_date} and for being so open about the {role} position. As I said in "
        "the room, {reason_written}, and I am withdrawing from the process so that I don't take up more of your time. "
        "I wish you and the team well in finding the right person.\n\n"
        "Kind regards,\n{caller}",
    ),
    "cut_short": Message(
        "{caller} – the {role} interview on {interview_date}",
        "Dear {contact},\n\n"
        "Thank you for your time on {interview_date}, and for letting me go: {reason_written}, and I had to end our "
        "conversation early. I would be glad to finish the {role} interview on {option_1_date}, or on "
        "{option_2_date}; please tell me which suits you. I apologise for the inconvenience.\n\n"
        "Kind regards,\n{caller}",
    ),
    "after_misconduct": Message(
        "{caller} – end of the {role} interview on {interview_date}",
        "Dear {contact},\n\n"
        "On {interview_date} I ended my interview for the {role} position at {company}, because {reason_written}. I "
        "withdraw my application. Please put this message on file and confirm in writing that you have received "
        "it.\n\n"
        "{caller}",
    ),
    "repair": Message(
        "{caller} – apology for the {role} interview on {interview_date}",
        "Dear {contact},\n\n"
        "I am sorry for how I handled the {role} interview on {interview_date}; {reason_written}. That was my "
        "responsibility, and it cost you time. Thank you for hearing me out.\n\n"
        "Kind regards,\n{caller}",
    ),
}

KINDS: tuple[str, ...] = tuple(_TEMPLATES)


def write(kind: str, facts: Mapping[str, str]) -> Message:
    """The message of this kind. A blank without a fact stays as ``{blank}`` and is listed in ``missing``."""
    template = _TEMPLATES[kind]

    def put(text: str) -> str:
        return re.sub(r"\{([a-z_0-9]+)\}", lambda m: facts.get(m.group(1), m.group(0)), text)

    return Message(put(template.subject), put(template.body))
