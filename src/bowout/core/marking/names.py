"""Who is calling, and whether the listener was greeted.

Recognisers mangle names, so no name is ever required exactly: what counts is that something which is not an
everyday word stands where a caller puts a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bowout.core.marking.patterns import Hit
from bowout.core.text import Tokens

_NOT_AFTER_THIS_IS = frozenset(
    "about a an the to for regarding re concerning not in on in my your our me it that how what why when "
    "where too all "
    "your going because no getting bad hard difficult awkward of with from one as been only also this is a "
    "recording still now important urgent unprofessional ridiculous more less mostly it fully night fine good better "
    "terrible awful embarrassing short late last right wrong at if something somebody someone nothing everything "
    "recorded hr".split()
)
_EVERYDAY = frozenset(
    "im ok okay yeah yep yup nah no yes sir madam mate love pal hun pet hen duck bab boss guys hr please "
    "bye cheers thanks sorry "
    "ach och aye oi oh uhh well right listen look see hang hold today tomorrow monday tuesday wednesday "
    "thursday friday "
    "saturday sunday january february march august september october november december english online ill "
    "unwell poorly "
    "salaam alaikum asalamu assalamu alaykum ji sahib sasa pregnant overnights dentist flu covid zoom "
    "teams skype whatsapp am pm um cv iphone gmail app wfh asap lol omg "
    "yous allyuh wasnt calling ringing phoning writing gutted knackered chuffed skint recruiter "
    "interviewer voicemail "
    "sat quid shite bloody arse bairn mum dad nan grandad auntie aunty mam granddad stepdad stepmum "
    "boyfriend girlfriend "
    "childcare hospital migraine tonsillitis bronchitis pneumonia surgery".split()
)
_TITLES = frozenset("mister missus miz miss doctor professor sister nurse father pastor captain sergeant major".split())
_SIGNS_OFF = frozenset("thanks cheers best regards love sincerely you wishes x".split())
_LEADS = frozenset(
    "dear the a to in at of with for your my and from on miz mister missus doctor miss see tell is by "
    "about near".split()
)
_OPENERS = frozenset(
    "i for about here from regarding speaking calling ringing with at we is it on in the and yeah re my your you "
    "missed withdrawing cancelling canceling rescheduling i".split()
)
_GOES_ON = frozenset("i we it yeah for about regarding here my".split())
_FIRST_PERSON = frozenset("i about regarding".split())
"""After “hello” and two names: the caller's own, for listeners are called by one (“hello, Ines Caldeira, I'm …”)."""
_GREETING_REACH = 16
"""Tokens from the start of the call within which “hello” opens it (“is that the agency? yes, hello …”)."""
_EARLY = 14
"""Tokens within which a bare name is the caller's."""
_SPELT = 4
"""Single letters in a row that spell something."""
_RIGHT_AFTER = frozenset("ringing calling phoning for about regarding re with i here from speaking the on".split())
_RIGHT_BEFORE = frozenset(
    ("", *"yes yeah yep okay morning afternoon evening day sir madam no right well well so is um".split())
)
_SIGNATURE = 4
"""Tokens a signature at the end may have."""


class Names:
    """Tells words that may be names from everyday ones."""

    def __init__(self, everyday: frozenset[str], also: frozenset[str]) -> None:
        self._everyday = everyday | _EVERYDAY
        self._also = also
        """Everyday words that are names too."""

    def like(self, token: str) -> bool:
        """Whether the token, where a name is expected, may be one."""
        if token in self._also:
            return True
        return len(token) > 1 and token.isalpha() and token not in self._everyday

    def odd(self, token: str) -> bool:
        """Whether the token is hardly anything but a name (or a mangled one)."""
        return token not in self._everyday and len(token) > 1 and token.isalpha() and token not in self._also


def find_name(tokens: Tokens, hits: Mapping[str, Sequence[Hit]], names: Names, written: bool) -> Hit | None:
    """Where the caller says who is calling."""
    texts = tokens.texts
    for hit in hits.get("name.sure", ()):
        return hit
    for hit in hits.get("name.this", ()):
        if texts[hit.end - 1] not in _NOT_AFTER_THIS_IS and not texts[hit.end - 1].isdigit():
            return hit
    for hit in hits.get("name.after", ()):
        slot = hit.end - 1
        if texts[slot] in ("here", "speaking", "calling", "and"):
            slot -= 1
        if texts[slot] in _TITLES and slot + 1 < len(texts):
            slot += 1
        odd = names.odd if texts[slot - 1] == "am" or slot > 30 else names.like
        if odd(texts[slot]):
            return hit
    for hit in hits.get("name.before", ()):
        if names.like(texts[hit.start]) and (hit.start < 25 or hit.start > len(tokens) - 6):
            return hit
    return _bare(tokens, names) or _signature(tokens, names)


def _bare(tokens: Tokens, names: Names) -> Hit | None:
    """“Dylan Marsh, I missed yours on Monday”: two words of a name, and what a caller goes on with."""
    texts = tokens.texts
    for start in range(len(texts) - 2):
        if not names.like(texts[start]) or not names.odd(texts[start + 1]):
            continue
        end = start + 2
        while end < len(texts) and end - start < 4 and names.odd(texts[end]):
            end += 1
        before = texts[start - 1] if start else ""
        if end >= len(texts) or (texts[end] not in _OPENERS and start > _EARLY):
            continue
        if before in ("hi", "hello", "hey"):
            said = end < len(texts) and texts[end] in _FIRST_PERSON
            if end - start < 3 and not said and not (start > 1 and names.odd(texts[start - 2])):
                continue
        elif before in _LEADS:
            continue
        if start < _EARLY or (names.odd(texts[start]) and texts[end] in _GOES_ON):
            return Hit(start, end, "name")
    for start in range(min(_EARLY, len(texts) - 1)):
        before = texts[start - 1] if start else ""
        if names.odd(texts[start]) and texts[start + 1] in _RIGHT_AFTER and before in _RIGHT_BEFORE:
            return Hit(start, start + 1, "name")
    return _spelt(tokens)


def _spelt(tokens: Tokens) -> Hit | None:
    """“M, c, c, a, b, e”: a name spelt out."""
    run = 0
    for index, token in enumerate((*tokens.texts, "")):
        if len(token) == 1 and token.isalpha():
            run += 1
        elif run >= _SPELT:
            return Hit(index - run, index, "name")
        else:
            run = 0
    return None


def _signature(tokens: Tokens, names: Names) -> Hit | None:
    texts = tokens.texts
    end = len(texts)
    while end > 3 and texts[end - 1] in (
        "x",
        "xx",
        "xxx",
        "iphone",
        "sent",
        "from",
        "my",
        "h",
        "p",
        "t",
        "j",
        "s",
        "b",
    ):
        end -= 1
    start = end
    while start > max(4, end - _SIGNATURE) and names.odd(texts[start - 1]):
        start -= 1
    if start == end and end and names.like(texts[end - 1]) and end > 1 and texts[end - 2] in _SIGNS_OFF:
        start = end - 1
    if start == end or (
        start
        and texts[start - 1] in ("the", "a", "to", "in", "at", "of", "with", "for", "your", "my", "and", "from", "on")
    ):
        return None
    return Hit(start, end, "name")


def find_greeting(tokens: Tokens, hits: Mapping[str, Sequence[Hit]], names: Names) -> Hit | None:
    for hit in hits.get("greeting", ()):
        if hit.start < _GREETING_REACH:
            return hit
    for hit in hits.get("greeting_start", ()):
        if tokens.texts[hit.start] in _TITLES and hit.start and tokens.texts[hit.start - 1] == "is":
            continue
        if hit.start < 3 and (
            hit.start == 0
            or tokens.texts[hit.start - 1] not in ("this", "the", "in", "my", "tomorrow", "i", "for", "at")
        ):
            return hit
    texts = tokens.texts
    if len(texts) > 3 and names.odd(texts[0]) and texts[1:3] in (("it", "is"), ("this", "is")):
        return Hit(0, 1, "greeting")
    return None


__all__ = ["Names", "find_greeting", "find_name"]
