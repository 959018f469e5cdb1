"""A class of 40 for reports, made of the real types and the real marking, the same every time."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from bowout.core.coaching.answer import Override, Review
from bowout.core.coaching.parties import Party, Pseudonyms
from bowout.core.coaching.result import Result
from bowout.core.coaching.roster import Person, Roster
from bowout.core.coaching.sending import rows, sent_take
from bowout.core.coaching.standing import Collected, Standing, standings
from bowout.core.coaching.takes import Take, best, numbered, take_of
from bowout.core.coaching.terms import PARTS, Assignment, Part, Terms
from bowout.core.coaching.verdict import verdicts
from coachcases import GOOD, NOW, WEAK, events

DUE = NOW + timedelta(days=2)
AFTER = DUE + timedelta(hours=6)
"""When the report is made: the date has passed."""
HOSTILE = "</td><script>document.title='x'</script><img src=http://example.invalid/x onerror=alert(1)> & \"'\x1b[31m"
"""A learner who is on no roster calls themselves this."""
SECRET = Pseudonyms(b"a secret of the tests")
_NAMES = (
    "Ben Lee|Åse Ødegård|李雷|Jürgen O’Hara|Amara Nwosu|Chloé Dubois|Дмитрий Соколов|Fatima Al-Sayed|Giulia Rossi|"
    "Hiro Tanaka|Ingrid Bergström|José Álvarez|Kwame Mensah|Leila Haddad|Mateusz Wójcik|Nadia Petrova|Owen Price|"
    "Priya Raman|Quentin Moreau|Rosa Marín|Samir Khan|Tuulikki Nieminen|Umberto Greco|Vera Novak|Will May|Ximena Ruiz|"
    "Yusuf Demir|Zoë Janssen|Adam Clarke|Bianca Popescu|Carlos Mendes|Dana Weiss|Erik Lund|Freya Olsen|Goran Ilić|"
    "Hanna Virtanen|Ivan Horvat|Jana Dvořák|Karim Aziz|Lena Maximiliane Freifrau von und zu Hohenstein-Wolfenstein"
).split("|")
_PLAIN = (
    "Good morning, this is Sam Lee. My train has been cancelled and I can't come to the site planner interview today "
    "at 3 pm. Can I come some other day next week?",
    "Thank you so much for understanding.",
)
_COLD = (
    "My train has been cancelled and I can't come to the site planner interview today at 3 pm. Could we move it to "
    "Thursday at 10 am, or Friday at 2 pm?",
    "Yes.",
)
_KINDS = (GOOD, _PLAIN, _COLD, WEAK)
_COURSES = ("3110", "31", "1100", "2", "110", "332", "31", "20", "0", "312")
"""Kinds of takes, one after the other; the best is sent."""
SENT = 33
NOTHING = Review()
UNHEARD = Review(overrides=(Override(4, "thanks", "not_heard", "I could not hear it."),))
"""The coach's word on the take that the first one has sent."""


def party(name: str) -> Party:
    sums = [hashlib.sha256(f"{kind} {name}".encode()).digest() for kind in ("sign", "box")]
    return Party(name, *sums)


TERMS = Terms("Spring class", ("one",), due=DUE, ask=PARTS, mark=75)
ASSIGNMENT = Assignment(
    "0123456789abcdef" * 2, party("Ana Lee"), NOW, "samples", 3, "Samples", TERMS, {"one": "Your train is cancelled"}
)
ROSTER = Roster(
    tuple(
        Person(name, str(100 + at), "" if at % 5 == 0 else f"learner{at}@Example.org") for at, name in enumerate(_NAMES)
    )
)


@cache
def _recorded(kind: int, mode: str) -> tuple[dict[str, object], ...]:
    return tuple(events(ASSIGNMENT.id, *_KINDS[kind], mode=mode))


def takes_of(course: str, began: datetime) -> tuple[tuple[Take, ...], dict[int, tuple[dict[str, object], ...]]]:
    """Takes of these kinds, half an hour apart, practised but for the last one; and the record of each."""
    made = []
    for at, kind in enumerate(course):
        take = take_of(f"{at}", _recorded(int(kind), "live" if at == len(course) - 1 else "practice"))
        assert take is not None
        made.append(replace(take, started=began + timedelta(minutes=30 * at), seconds=31.25 + at))
    takes = numbered(made, TERMS)
    return takes, {each.number: _recorded(int(course[int(each.attempt)]), each.mode) for each in takes}


def collected(
    person: Person,
    course: str,
    *,
    began: datetime = NOW,
    parts: tuple[Part, ...] = ("marks", "transcript"),
    review: Review = NOTHING,
    listed: bool = True,
    name: str = "",
) -> Collected:
    """What one person has sent."""
    takes, recorded = takes_of(course, began)
    chosen = best(takes, "one")
    assert chosen is not None
    sender = party(name or person.name)
    sent = sent_take(chosen, recorded[chosen.number], parts)
    identity = hashlib.sha256(f"{person.id} {course}".encode()).hexdigest()[:32]
    made = began + timedelta(hours=4)
    result = Result(identity, ASSIGNMENT.id, sender, made, 1, sender.name, parts, rows(takes, parts), (sent,))
    return Collected(result, person, listed, made + timedelta(hours=1), 1, review, verdicts(result, review, {}))


@cache
def everybody() -> tuple[Standing, ...]:
    """33 of 40 have sent: three came late, one without marks, on one the coach has given another word; and somebody
    who is on no roster has sent something, too."""
    made = []
    for at, person in enumerate(ROSTER.people[:SENT]):
        began = DUE - timedelta(hours=1) if at % 11 == 10 else NOW + timedelta(hours=at)
        review = UNHEARD if at == 0 else NOTHING
        parts: tuple[Part, ...] = ("transcript",) if at == 6 else ("marks", "transcript")
        made.append(collected(person, _COURSES[at % len(_COURSES)], began=began, review=review, parts=parts))
    made.append(collected(Person(HOSTILE, key="k1"), "3", listed=False))
    return standings(ASSIGNMENT, ROSTER, made, AFTER)


def nothing_good(sent: int) -> tuple[Standing, ...]:
    """So many have sent, all of them below the mark; the others nothing."""
    made = [collected(person, "3") for person in ROSTER.people[:sent]]
    return standings(ASSIGNMENT, ROSTER, made, AFTER)


__all__ = [
    "AFTER", "ASSIGNMENT", "DUE", "HOSTILE", "ROSTER", "SECRET", "SENT", "TERMS", "collected", "everybody",
    "nothing_good", "party", "takes_of",
]  # fmt: skip
