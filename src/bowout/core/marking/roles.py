"""Which interview it is about: the position, title, team or department.

A stage (“the technical round”), a day, a firm or a bare “interview” is not a role.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bowout.core.marking.names import Names
from bowout.core.marking.patterns import Hit
from bowout.core.text import Tokens

_STRONG = frozenset(
    "position positions role roles post vacancy opening internship apprenticeship placement traineeship "
    "fellowship studentship "
    "scheme program department dept team faculty".split()
)
"""Before these any content word names work; before the others it must be a word for work."""
_LOOSE = frozenset("round desk place work seat route call chat search group meeting conversation".split())
"""Nouns so common that only a clear word for work before them names a role."""
_NAMING = frozenset(
    "job jobs interview interviews one gig spot lab group unit division desk search panel contract slot "
    "seat trial round application".split()
)
_STOP = frozenset(
    "the a an my your our his her for about of i to with this that and have has at on it is was be am are "
    "as in from or "
    "me you we they he she not no s re regarding by been had do did can will would not but if because so what which "
    "got get missed miss cancel attend move any another other some please yes hello hi there here now when where who "
    "its than then just off out up down over these those upcoming us them new move reschedule one thank thanks".split()
)
_GENERIC = frozenset(
    "technical first second third fourth final last phone telephone video zoom teams skype online virtual "
    "next job jobs interview "
    "interviews today tomorrow yesterday tonight monday tuesday wednesday thursday friday saturday sunday "
    "morning afternoon "
    "evening night am pm oclock same whole big scheduled personal good great right wrong missed round stage panel "
    "assessment initial formal informal quick group face remote short planned booked important open current present "
    "old different alternative available better suitable perfect particular whole lovely real full time part "
    "permanent temporary temp paid advertised vacant best particular key applied offered proposed "
    "candidate screening "
    "two 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 half past quarter noon hour minute week month year january "
    "february march "
    "april may june july august september october november december date slot early late dream local nice certain "
    "call meeting in person position role post opportunity vacancy opening original previous earlier upcoming "
    "competency based practical wasted bad second chance amazing wonderful exciting considered interesting".split()
)
_SUFFIXES = (
    "ologist",
    "ographer",
    "ician",
    "keeper",
    "worker",
    "maker",
    "smith",
    "monger",
    "wright",
    "ist",
    "eer",
    "ster",
    "man",
    "woman",
)
_NOT_WORK = frozenset(
    "sister minister master mister register easter disaster chemist twist list assist exist resist "
    "consist insist wrist "
    "career german human woman man roman minster monster poster foster faster cluster beer deer cheer steer peer "
    "mist fist gist volunteer cheers cheer ambulance".split()
)
_WHOSE = frozenset(
    "today tomorrow monday tuesday wednesday thursday friday saturday sunday yesterday company mum dad "
    "somebody someone anyone everybody son daughter".split()
)
_OF_A_JOB = frozenset("interview position role post job vacancy application".split())
_AGENTS = ("er", "or", "ship", "wife", "hand", "mate", "lady", "ing")
"""Endings of words for who does a work, or for the work; trusted only where a job is being named."""
_NO_AGENTS = frozenset(
    "other another later earlier longer further summer winter december november october september former proper newer "
    "better older bigger smaller shorter easier harder order number weather letter dinner supper paper whether never "
    "ever over under after offer water matter major minor prior error favor color labor honor harbor career answer "
    "morning evening meeting hiring upcoming following coming screening missing training working recruiting opening "
    "posting closing thing something anything nothing everything being having doing going calling ringing hearing "
    "remaining missing exciting interesting amazing outstanding demanding friendship relationship hardship "
    "scholarship member remember customer computer user corner center quarter hour your our for or nor door floor "
    "neighbor visitor doctor mother father sister brother daughter mister master dear father her consider together "
    "river server silver power tower flower super inner outer upper lower left hand beforehand secondhand".split()
)
_NAMED = frozenset("interview interviews position role post job applied apply application vacancy placement".split())
"""Words that say a job is being named."""
_SPOKEN = frozenset("thing spot slot place stage gig trial".split())
"""What people say for “job” after a word for who does it (“the installer thing”)."""
_NOT_FOR = frozenset(
    "company firm organization business reason reasons health family other others people person everyone anyone "
    "someone somebody everybody nothing anything something long ages week weeks month months while hour hours half "
    "son daughter brother sister wife husband mother father friend client myself himself herself again ever good "
    "like near late soon sure sake real once here which who what where".split()
)
"""After “the interview for”, these name no job."""
_REACH = 6
"""Tokens before or after the head noun that may belong to the role's name."""
_PEOPLE = frozenset(
    "my our his her their a your me said says told asked called rang dear mister miz missus miss another "
    "nobody somebody".split()
) - {"said"}


@dataclass(frozen=True, slots=True)
class Work:
    """Words for work."""

    anywhere: frozenset[str]
    beside: frozenset[str]
    """Words that name work only right before “interview”, “job” and the like (“shop”, “bank”, “site”)."""

    def agent(self, token: str) -> bool:
        """Whether the word sounds like who does something (“milker”, “grader”) or what is done (“bindery”)."""
        return len(token) > 4 and token.removesuffix("s").endswith(_AGENTS) and token not in _NO_AGENTS

    def names(self, token: str, *, beside: bool) -> bool:
        if token in self.anywhere or (beside and token in self.beside):
            return True
        if token in _NOT_WORK or len(token) < 6:
            return False
        stem = token.removesuffix("s")
        return stem.endswith(_SUFFIXES) or stem in self.anywhere


def find_role(tokens: Tokens, hits: Mapping[str, Sequence[Hit]], work: Work, names: Names) -> Hit | None:
    """Where the caller says which interview it is about."""
    for hit in hits.get("role_before", ()):
        found = _before(tokens, hit, work)
        if found:
            return found
    for hit in hits.get("role_after", ()):
        found = _after(tokens, hit, work)
        if found:
            return found
    return _compound(tokens, work) or _unknown(tokens, names) or _anything(tokens, names)


def _before(tokens: Tokens, hit: Hit, work: Work) -> Hit | None:
    texts = tokens.texts
    noun = texts[hit.start]
    owned = noun == "s"
    if noun == "s" and hit.start + 1 < len(texts):
        noun = texts[hit.start + 1]
    start = hit.start
    content = False
    while start > 0 and hit.start - start < _REACH:
        token = texts[start - 1]
        if token in _STOP:
            if (
                token in ("of", "and", "to", "in", "on")
                and content
                and hit.start - start >= 1
                and start >= 2
                and work.names(texts[start - 2], beside=True)
            ):
                start -= 1
                continue
            break
        start -= 1
        if token in _GENERIC or token.isdigit():
            continue
        if (
            work.names(token, beside=noun not in _LOOSE)
            or ((noun in _NAMED or noun in _SPOKEN) and hit.start - start == 1 and work.agent(token))
            or (noun in ("job", "jobs") and hit.start - start <= 2 and start and texts[start - 1] in ("the", "your"))
        ) or ((owned or noun in _STRONG) and len(token) > 2 and hit.start - start <= 3 and token not in _WHOSE):
            content = True
    if not content or (
        noun not in _STRONG
        and noun not in _NAMING
        and not any(work.names(t, beside=False) for t in texts[start : hit.start])
    ):
        return None
    if (
        start
        and texts[start - 1] in ("my", "our", "his", "her")
        and noun in ("team", "department", "office", "lab", "job", "role", "contract", "work", "shift")
    ):
        return None
    if start and texts[start - 1] in ("another", "new", "different", "other", "any", "next") and noun != "interview":
        return None
    return Hit(start, hit.end, "role")


def _after(tokens: Tokens, hit: Hit, work: Work) -> Hit | None:
    texts = tokens.texts
    end = hit.end
    named = False
    job_named = not _NAMED.isdisjoint(texts[hit.start : hit.end])
    while end < len(texts) and end - hit.end < _REACH:
        token = texts[end]
        if token in _STOP and token not in ("in", "and", "of", "to"):
            break
        end += 1
        if token in _GENERIC:
            continue
        if work.names(token, beside=False) or (job_named and end - hit.end <= 3 and work.agent(token)):
            named = True
            break
    if not named or (
        hit.start and texts[hit.start - 1] in ("waiting", "wait", "look", "looking", "need", "ring", "call")
    ):
        return None
    if (
        end < len(texts)
        and texts[end] in ("s", "said", "says", "told", "called", "rang", "asked")
        and texts[end - 1] != "teacher"
    ):
        return None
    return Hit(hit.start, end, "role")


def _unknown(tokens: Tokens, names: Names) -> Hit | None:
    """“The interview for Dubop's”: an unknown word where only a job can stand (recognisers mangle titles)."""
    texts = tokens.texts
    for index in range(len(texts) - 2):
        if texts[index] in _OF_A_JOB and texts[index + 1] in ("for", "of"):
            at = index + (3 if texts[index + 2] in ("the", "a", "an", "your", "my") else 2)
            if at < len(texts) and names.odd(texts[at]) and (at + 1 >= len(texts) or texts[at + 1] != "s"):
                return Hit(index, at + 1, "role")
    return None


def _anything(tokens: Tokens, names: Names) -> Hit | None:
    """“The interview for front of house”: whatever an interview is for, unless it is a time, a person or a firm."""
    texts = tokens.texts
    for index in range(len(texts) - 2):
        if texts[index] in _NAMED and texts[index + 1] in ("for", "as") and texts[index] not in ("applied", "apply"):
            at = index + (3 if texts[index + 2] in ("the", "a", "an") else 2)
            if at >= len(texts):
                continue
            token = texts[at]
            plain = token.isalpha() and len(token) > 3 and not names.odd(token) and not names.like(token)
            if plain and token not in _STOP and token not in _GENERIC and token not in _NOT_FOR:
                return Hit(index, at + 1, "role")
    return None


def _compound(tokens: Tokens, work: Work) -> Hit | None:
    """“It said shift supervisor”, “I thought it was the heating engineer one”: two words for work in a row."""
    texts = tokens.texts
    for index in range(len(texts) - 1):
        one, two = texts[index], texts[index + 1]
        if work.names(two, beside=False) and work.names(one, beside=True) and one != two:
            before = texts[index - 1] if index else ""
            after = texts[index + 2] if index + 2 < len(texts) else ""
            if (
                before not in _PEOPLE
                and before != "your"
                and after not in ("said", "says", "told", "called", "rang", "asked", "has", "is")
            ):
                return Hit(index, index + 2, "role")
    return None


__all__ = ["Work", "find_role"]
