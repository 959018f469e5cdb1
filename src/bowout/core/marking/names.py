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
_ALSO_NAMES = frozenset(
    "will mark grace hope joy faith may june april rose lily daisy ivy amber ruby jade dawn summer autumn "
    "bill jack frank "
    "dean grant miles art guy ray rich chase drew hunter carter mason taylor cooper baker smith cook "
    "walker page dale glen "
    "clay reed stone wood woods banks brooks brown green young king knight bishop price rice penny robin "
    "jay martin pat "
    "sue victor norm don dell rusty ginger basil rosemary bay hazel holly violet iris jasmine destiny "
    "blessing precious comfort "
    "mercy patience prince princess gift goodness happiness innocent lucky sunny ash jean peace praise "
    "progress promise favor favour "
    "goodluck godwin sunday friday monday bell bella christian angel angela star sky storm brook cliff lane field".split()
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
_TITLES = frozenset(
    "mister missus miz miss doctor professor sister nurse father pastor captain sergeant major"
.split())
_LEADS = frozenset(
    "dear the a to in at of with for your my and from on miz mister missus doctor miss see tell is by "
    "about near"
.split())
_OPENERS = frozenset(
    "i for about here from regarding speaking calling ringing with at we is it on in the and yeah re my your you missed".split()
)
_GOES_ON = frozenset("i we it yeah for about regarding here my".split())
_GREETING_REACH = 16
"""Tokens from the start of the call within which “hello” opens it (“is that the agency? yes, hello …”)."""
_SIGNATURE = 4
"""Tokens a signature at the end may have."""


class Names:
    """Tells words that may be names from everyday ones."""

    def __init__(self, everyday: frozenset[str]) -> None:
        self._everyday = everyday | _EVERYDAY

    def like(self, token: str) -> bool:
        """Whether the token, where a name is expected, may be one."""
        if token in _ALSO_NAMES:
            return True
        return len(token) > 1 and token.isalpha() and token not in self._everyday

    def odd(self, token: str) -> bool:
        """Whether the token is hardly anything but a name (or a mangled one)."""
        return token not in self._everyday and len(token) > 1 and token.isalpha() and token not in _ALSO_NAMES


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
        if end >= len(texts) or texts[end] not in _OPENERS:
            continue
        before = texts[start - 1] if start else ""
        if before in ("hi", "hello", "hey"):
            if end - start < 3 and not (start > 1 and names.odd(texts[start - 2])):
                continue
        elif before in _LEADS:
            continue
        if start < 6 or (names.odd(texts[start]) and texts[end] in _GOES_ON):
            return Hit(start, end, "name")
    return None


def _signature(tokens: Tokens, names: Names) -> Hit | None:
    texts = tokens.texts
    end = len(texts)
    while end > 3 and texts[end - 1] in ("x", "xx", "xxx", "iphone", "sent", "from", "my", "h", "p", "t", "j", "s", "b"):
        end -= 1
    start = end
    while start > max(4, end - _SIGNATURE) and names.odd(texts[start - 1]):
        start -= 1
    if start == end or (start and texts[start - 1] in ("the", "a", "to", "in", "at", "of", "with", "for", "your", "my", "and", "from", "on")):
        return None
    return Hit(start, end, "name")


def find_greeting(tokens: Tokens, hits: Mapping[str, Sequence[Hit]], names: Names) -> Hit | None:
    for hit in hits.get("greeting", ()):
        if hit.start < _GREETING_REACH:
            return hit
    for hit in hits.get("greeting_start", ()):
        if tokens.texts[hit.start] in _TITLES and hit.start and tokens.texts[hit.start - 1] == "is":
            continue
        if hit.start < 3 and (hit.start == 0 or tokens.texts[hit.start - 1] not in ("this", "the", "in", "my", "tomorrow", "i", "for", "at")):
            return hit
    texts = tokens.texts
    if len(texts) > 3 and names.odd(texts[0]) and texts[1:3] in (("it", "is"), ("this", "is")):
        return Hit(0, 1, "greeting")
    return None


__all__ = ["Names", "find_greeting", "find_name"]
