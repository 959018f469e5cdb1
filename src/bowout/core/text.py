"""One plain form for everything a caller may say or write, with a map back to the words as they came.

Recognisers, typists and letter writers spell the same speech differently: “I'll”, “ill be”, “10.30”, “ten thirty”,
“a m”, “to-morrow”, “thx”. Everything that decides a mark reads the *tokens* made here; everything that is shown is
quoted from the caller's own words, found again through :attr:`Tokens.first` and :attr:`Tokens.last`.

Casing and punctuation never matter. Apostrophes inside words and separators inside numbers are not punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from bowout.core.transcript import Transcript

_PART = re.compile(r"\d+(?:[.:,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_SLASH = re.compile(r"(?<=\d)/(?=\d)")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'"})
_UNSAFE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]")
_LONGEST_WORD = 60
"""Characters of a word that are read or quoted; the longest English words in use have about 30."""

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90}  # fmt: skip
_CARDINALS = {word: number for number, word in enumerate(UNITS) if number > 1}
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_ORDINALS = {word: number for number, word in enumerate(_ORDINAL_WORDS, 1)}
_ORDINALS |= {"twentieth": 20, "thirtieth": 30}
_SMALL_ORDINALS = {1: "first", 2: "second", 3: "third"}

_INTERVIEW = re.compile(
    r"(?:interm(?!ed|i[snt])|internew|intimi(?!d)|intervie|intervue|interveiw|intermew|interw|inturv|intreview)"
    r"[a-z]*(?<!er)(?<!ers)(?<!ed)"
    r"(?<!ing)$"
)
"""“Interview” as recognisers mishear it from robotic voices (intermure, internew, intimion)."""
_ISE_ENDS = ("ise", "ised", "ises", "ising", "isation", "isations")
_ISE = re.compile(r"is(e|ed|es|ing|ation|ations)$")
_NOT_IZE = frozenset(
    f"{stem}{end}"
    for stem in (
        "prom exerc adv surpr otherw likew ra no pra prec rev superv improv comprom disgu expert franch merchand "
        "enterpr telev dev desp compr ar cru bru conc parad prem treat clockw dem appra advert"
    ).split()
    for end in _ISE_ENDS
)
"""Words that end so everywhere."""

FILLERS = frozenset("um umm ummm uhm uh uhh uhhh er err erm ermm em hm hmm hmmm mm mmm mhm ah ahh eh ehm".split())
"""Hesitations; they carry no words and are left out of the tokens."""
PARTICLES = frozenset("po lah leh lor nga sha sef abeg na haan haa yoh hor".split())
"""Discourse particles of other Englishes that stand between words without changing what is said."""
ADVERBS = frozenset(
    "just really actually basically honestly literally very truly terribly awfully extremely absolutely "
    "dreadfully deeply simply obviously definitely genuinely totally completely so unfortunately sadly regrettably "
    "humbly quite also frankly incredibly massively frightfully hugely kindly "
    "immensely heartily greatly tremendously enormously wholeheartedly".split()
)
"""Degree words and sentence adverbs: left out, so that “I am ever so sorry” and “I'm sorry” are one."""
_DROPPED = FILLERS | PARTICLES | ADVERBS

_NT_BASES = {"ca": "can", "wo": "will", "sha": "shall", "ai": "am"}
_IS_AFTER = frozenset(
    "i it that there here he she what who where how when why something everything nothing somebody someone "
    "anybody everyone name one this life thing".split()
)

_SPELLINGS: dict[str, str] = {
    "cannot": "can not", "cant": "can not", "dont": "do not", "didnt": "did not", "wont": "will not",
    "im": "i am", "ive": "i have", "isnt": "is not", "wasnt": "was not", "doesnt": "does not", "thats": "that is",
    "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not", "havent": "have not",
    "hasnt": "has not", "arent": "are not", "werent": "were not", "whats": "what is", "youre": "you are",
    "theyre": "they are", "weve": "we have", "theyve": "they have", "youve": "you have", "lets": "let us",
    "gonna": "going to", "gunna": "going to", "gon": "going to", "wanna": "want to", "gotta": "have to",
    "hafta": "have to", "oughta": "ought to", "lemme": "let me", "gimme": "give me", "dunno": "do not know",
    "kinda": "kind of", "sorta": "sort of", "outta": "out of", "tryna": "trying to", "imma": "i am going to",
    "finna": "going to", "innit": "is not it", "aint": "am not", "y'all": "you all", "yall": "you all",
    "ye": "you", "youse": "you", "you's": "you", "ya": "you", "u": "you", "ur": "your", "yr": "your",
    "allyuh": "you all", "coulda": "could have", "shoulda": "should have", "woulda": "would have",
    "n": "and", "b4": "before", "cuz": "because", "cos": "because", "coz": "because", "'cause": "because",
    "bc": "because", "bcs": "because", "bcuz": "because", "thx": "thanks", "tnx": "thanks", "thnx": "thanks",
    "thanx": "thanks", "ty": "thank you", "tysm": "thank you", "thankyou": "thank you", "tks": "thanks",
    "tq": "thank you", "pls": "please", "plz": "please", "plse": "please", "tmrw": "tomorrow", "tmw": "tomorrow",
    "tmr": "tomorrow", "tomoz": "tomorrow", "tomo": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow",
    "2moro": "tomorrow", "tonite": "tonight", "2nite": "tonight", "weds": "wednesday", "wed": "wednesday",
    "tues": "tuesday", "tue": "tuesday", "thurs": "thursday", "thur": "thursday", "thu": "thursday",
    "fri": "friday", "jan": "january", "feb": "february", "aug": "august", "sept": "september", "sep": "september",
    "oct": "october", "nov": "november", "dec": "december", "apr": "april", "arvo": "afternoon",
    "avo": "afternoon", "morn": "morning", "mornin": "morning", "evenin": "evening", "sry": "sorry",
    "soz": "sorry", "sori": "sorry", "apologise": "apologize", "apologised": "apologized",
    "apologising": "apologizing", "apologises": "apologizes", "cba": "can not be bothered",
    "idk": "i do not know", "tbh": "to be honest", "imo": "in my opinion", "abt": "about", "rly": "really",
    "msg": "message", "txt": "text", "appt": "appointment", "intvw": "interview", "int": "interview",
    "mgr": "manager", "asst": "assistant", "ok": "okay", "okey": "okay", "mr": "mister", "mrs": "missus",
    "ms": "miz", "dr": "doctor", "prof": "professor", "cancelled": "canceled", "cancelling": "canceling",
    "travelling": "traveling", "organise": "organize", "rearrange": "rearrange", "programme": "program",
    "re-arrange": "rearrange", "e-mail": "email", "mam": "madam", "ma'am": "madam", "maam": "madam",
    "mum": "mum", "mom": "mum", "mam's": "mum s", "daddy": "dad", "mummy": "mum", "mommy": "mum",
    "mama": "mum", "mother": "mum", "father": "dad", "papa": "dad", "mem": "madam", "gran": "nan",
    "grandma": "nan", "granny": "nan", "nana": "nan", "grandmother": "nan", "grandfather": "grandad",
    "grandpa": "grandad", "granddad": "grandad", "kid": "child", "kids": "children", "bairn": "child",
    "bairns": "children", "wee": "little", "pa": "dad", "favour": "favor", "honour": "honor",
    "realise": "realize", "realised": "realized", "recognise": "recognize", "behaviour": "behavior",
    "licence": "license", "theatre": "theater", "centre": "center", "labour": "labor", "colour": "color",
    "o'clock": "oclock", "noone": "no one", "alot": "a lot", "someplace": "somewhere", "callin": "calling",
    "ringin": "ringing", "phonin": "phoning", "goin": "going", "comin": "coming", "doin": "doing",
    "nothin": "nothing", "somethin": "something", "findin": "finding", "lookin": "looking", "fillin": "filling",
    "tellin": "telling", "gettin": "getting", "havin": "having", "makin": "making", "takin": "taking",
    "pullin": "pulling", "droppin": "dropping", "workin": "working", "wastin": "wasting", "givin": "giving",
    "nuttin": "nothing", "dis": "this", "dat": "that", "dem": "them", "cv": "cv", "resume": "cv", "cheque": "check",
    "till": "until", "til": "until", "hols": "holiday", "vacay": "vacation", "ta": "thanks", "tara": "bye",
    "s'posed": "supposed", "sposed": "supposed", "ma": "madam", "gud": "good", "plan": "plan", "hv": "have",
    "wud": "would", "cud": "could", "shud": "should", "wkend": "weekend", "wk": "week", "wks": "weeks",
    "hr": "hr", "hrs": "hours", "min": "minute", "mins": "minutes", "ppl": "people", "sth": "something",
    "smth": "something", "w/": "with", "tho": "though", "altho": "although", "thru": "through", "nite": "night",
    "gf": "girlfriend", "bf": "boyfriend", "hubby": "husband", "missis": "wife", "wan": "want",
    "rung": "rang", "ringed": "rang", "dept": "department", "yesterday's": "yesterday s", "whatsapp": "whatsapp",
    "emailed": "emailed", "luv": "love", "favourable": "favorable", "apologies": "apologies", "appology": "apology",
    "appologies": "apologies", "apologys": "apologies", "appologise": "apologize", "appologize": "apologize",
    "recieve": "receive", "definately": "definitely", "interveiw": "interview", "intervew": "interview",
    "reshedule": "reschedule", "rescedule": "reschedule", "withdrawl": "withdrawal", "1st": "first", "2nd": "second",
    "3rd": "third", "1": "one", "lmk": "let me know", "pray": "pray", "mi": "my", "defo": "definitely",
}  # fmt: skip

_PHRASES: dict[tuple[str, ...], str] = {
    ("a", "m"): "am", ("p", "m"): "pm", ("h", "r"): "hr", ("c", "v"): "cv", ("e", "mail"): "email",
    ("e", "mails"): "emails", ("o", "clock"): "oclock", ("to", "morrow"): "tomorrow", ("to", "night"): "tonight",
    ("mid", "day"): "midday", ("a", "and", "e"): "hospital", ("a", "e"): "hospital", ("e", "r"): "hospital",
    ("voice", "mail"): "voicemail", ("kind", "of"): "", ("sort", "of"): "", ("you", "know"): "",
    ("let", "you", "know"): "let you know", ("letting", "you", "know"): "letting you know",
    ("do", "you", "know"): "do you know", ("if", "you", "know"): "if you know", ("as", "you", "know"): "as you know",
    ("did", "you", "know"): "did you know", ("make", "you", "know"): "make you know",
    ("that", "you", "know"): "that you know",
    ("for", "real"): "", ("for", "reals"): "", ("ever", "so"): "", ("to", "be", "honest"): "",
    ("to", "be", "fair"): "", ("if", "i", "am", "honest"): "", ("being", "honest"): "", ("per", "cent"): "percent",
    ("health", "care"): "healthcare", ("child", "care"): "childcare", ("day", "care"): "daycare",
    ("baby", "sitter"): "babysitter", ("thanks", "interview"): "ta interview", ("thanks", "job"): "ta job",
    ("q", "a"): "qa",
    ("thank", "u"): "thank you",
    ("tank", "you"): "thank you", ("thanking", "you"): "thank you", ("health", "cares"): "healthcare",
    ("girl", "friend"): "girlfriend", ("boy", "friend"): "boyfriend", ("land", "lord"): "landlord",
    ("every", "thing"): "everything", ("some", "thing"): "something", ("any", "more"): "anymore",
    ("any", "time"): "anytime", ("no", "longer"): "no longer", ("week", "end"): "weekend",
    ("with", "draw"): "withdraw", ("with", "drawing"): "withdrawing", ("re", "schedule"): "reschedule",
    ("re", "arrange"): "rearrange", ("re", "scheduling"): "rescheduling", ("for", "ever"): "forever",
    ("could", "of"): "could have", ("should", "of"): "should have", ("would", "of"): "would have",
    ("twenty", "one"): "21", ("twenty", "first"): "21st", ("thirty", "one"): "31", ("thirty", "first"): "31st",
    ("no", "show"): "no show", ("what", "s", "app"): "whatsapp", ("c", "v", "s"): "cvs",
}  # fmt: skip
_PHRASE_HEADS: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(_PHRASES, key=len, reverse=True):
    _PHRASE_HEADS.setdefault(_phrase[0], []).append(_phrase)

_LIKE_AFTER = frozenset(
    "would i you we they not feel feels felt look looks sound sounds seem seems do does did more much really he she "
    "anything nothing stuff".split()
)
_KEPT = 12
_NEVER_COLLAPSED = frozenset("sorry thank thanks bye hello hi please no yes".split())
_REPEATS = (4, 3, 2, 1)
"""Tokens of a restart that is folded (“I need to, I need to withdraw”), the longest first."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A call as plain tokens; token ``i`` was made of the words ``first[i]`` to ``last[i]`` of the transcript."""

    texts: tuple[str, ...]
    first: tuple[int, ...]
    """Index into ``Transcript.words`` of the first word behind each token."""
    last: tuple[int, ...]
    """Index of the last word behind each token (the same, but for “a m”, “per cent” and their like)."""
    text: str = ""
    """All tokens, one space before and after each; what patterns are matched on."""
    starts: dict[int, int] = field(default_factory=dict)
    """Offset in :attr:`text` of the first letter of each token → its index; the end maps to ``len(texts)``."""
    offsets: tuple[int, ...] = ()
    """Offset in :attr:`text` of each token, and of the end."""

    def __len__(self) -> int:
        return len(self.texts)

    def words(self, start: int, end: int) -> tuple[int, int]:
        """Word range ``[a, b)`` behind the tokens ``[start, end)``; ``start < end``."""
        return self.first[start], max(self.last[start:end]) + 1


def neutral(text: str) -> str:
    """``text`` without escape sequences, control, format or unassigned characters, and with harmless brackets.

    Square brackets carry mark-up in a terminal and ``<``/``>`` in a page; they come back as look-alikes that carry
    none. Long words are cut.
    """
    text = _ESCAPE.sub("", text[: 4 * _LONGEST_WORD])
    if not text.isascii() or not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) not in _UNSAFE)
    if len(text) > _LONGEST_WORD:
        text = text[: _LONGEST_WORD - 1] + "…"
    return text.translate(_BRACKETS)


_BRACKETS = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›", "\\": "/"})


def _plain(word: str) -> str:
    """Lower case, no accents, no invisible characters."""
    word = word[: 2 * _LONGEST_WORD].translate(_APOSTROPHES)
    if not word.isascii():
        word = unicodedata.normalize("NFKD", _ESCAPE.sub("", word))
        word = "".join(
            c for c in word if unicodedata.category(c) not in _UNSAFE and not unicodedata.combining(c)
        ).translate(_APOSTROPHES)
    elif not word.isprintable():
        word = "".join(c for c in _ESCAPE.sub("", word) if c.isprintable())
    return word.casefold()


def _number(part: str) -> list[str]:
    """“10.30” → 10 30; “1,000” → 1000."""
    part = re.sub(r",(?=\d{3}(?:\D|$))", "", part)
    return [spelt(str(int(p)) if len(p) > 1 and p[0] == "0" and p != "00" else p) for p in re.split(r"[.:,]", part)]


def spelt(part: str) -> str:
    return _SPELLINGS.get(part, part)


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[str, ...]:
    """The tokens one word makes, before anything that needs its neighbours."""
    plain = _plain(word)
    if not plain:
        return ()
    if plain in _SPELLINGS:
        return tuple(_SPELLINGS[plain].split())
    if plain == "&" or plain == "+":
        return ("and",)
    made: list[str] = []
    pieces = _PART.findall(
        _SLASH.sub(" slash ", plain)
        .replace("to-day", "today")
        .replace("to-morrow", "tomorrow")
        .replace("to-night", "tonight")
    )
    index = 0
    while index < len(pieces):
        part = pieces[index]
        index += 1
        if part[0].isdigit():
            if index < len(pieces) and pieces[index] in ("st", "nd", "rd", "th"):
                made.append(_ordinal(int(part) if part.isdecimal() and len(part) < 5 else 0) or part)
                index += 1
            else:
                made.extend(_number(part))
            continue
        made.extend(_word(part))
    return tuple(token for token in made if token)  # of a lone “n't” no stem is left


def _ordinal(number: int) -> str:
    if not number:
        return ""
    return _SMALL_ORDINALS.get(number, f"{number}th" if number not in (21, 31) else f"{number}st")


def american(word: str) -> str:
    """“organised” → organized: one spelling, in calls and in banks, for what both sides of the ocean say."""
    if len(word) < 7 or "is" not in word or word in _NOT_IZE:
        return word
    return _ISE.sub(r"iz\1", word)


def _word(part: str) -> list[str]:
    if part in _SPELLINGS:
        return _SPELLINGS[part].split()
    if part.startswith("int") and _INTERVIEW.match(part):
        return ["interview"]
    if part.endswith(_ISE_ENDS):
        part = american(part)
    if part in _CARDINALS:
        return [str(_CARDINALS[part])]
    if part in _ORDINALS:
        return [_ordinal(_ORDINALS[part])]
    if "'" in part:
        base, _, tail = part.rpartition("'")
        base = base.replace("'", "")
        if tail == "t" and base.endswith("n"):
            stem = base[:-1]
            return [_NT_BASES.get(stem, stem), "not"]
        if tail in ("ll", "l"):
            return [*_word(base), "will"]
        if tail == "ve":
            return [*_word(base), "have"]
        if tail == "re":
            return [*_word(base), "are"]
        if tail == "m":
            return [*_word(base), "am"]
        if tail == "d":
            return [*_word(base), "would"]
        if tail == "s":
            return [*_word(base), "is" if base in _IS_AFTER else ("us" if base == "let" else "s")]
        return _word(base + tail)
    return [part]


def normalise(transcript: Transcript, most: int = 20_000) -> Tokens:
    """The tokens of a call's first ``most`` words, in time linear in them."""
    raw: list[tuple[str, int, int]] = []
    for index, word in enumerate(transcript.words[:most]):
        for part in _parts(word.text[: 2 * _LONGEST_WORD]):
            raw.append((part, index, index))
    raw = _phrases(raw)
    raw = _numbers(raw)
    raw = _without_noise(raw)
    raw = _without_restarts(raw)
    texts = tuple(t for t, _, _ in raw)
    offsets = [1]
    for text in texts:
        offsets.append(offsets[-1] + len(text) + 1)
    return Tokens(
        texts,
        tuple(f for _, f, _ in raw),
        tuple(e for _, _, e in raw),
        " " + "".join(f"{t} " for t in texts),
        {offset: index for index, offset in enumerate(offsets)},
        tuple(offsets),
    )


def _phrases(raw: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    made: list[tuple[str, int, int]] = []
    index = 0
    while index < len(raw):
        token = raw[index]
        for phrase in _PHRASE_HEADS.get(token[0], ()):
            length = len(phrase)
            if (
                index + length <= len(raw)
                and raw[index + 1][0] == phrase[1]
                and (length == 2 or all(raw[index + k][0] == phrase[k] for k in range(2, length)))
            ):
                made.extend((t, token[1], raw[index + length - 1][2]) for t in _PHRASES[phrase].split())
                index += length
                break
        else:
            made.append(token)
            index += 1
    return made


def _numbers(raw: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """“twenty six” → 26, “twenty sixth” → 26th, “fifty” → 50."""
    if not any(token[0] in TENS for token in raw):
        return raw
    made: list[tuple[str, int, int]] = []
    index = 0
    while index < len(raw):
        text, first, last = raw[index]
        tens = TENS.get(text)
        if tens is None:
            made.append(raw[index])
            index += 1
            continue
        after = raw[index + 1][0] if index + 1 < len(raw) else ""
        if after.isdecimal() and len(after) == 1 and after != "0":
            made.append((str(tens + int(after)), first, raw[index + 1][2]))
            index += 2
        elif after in ("second", "third"):
            made.append((f"{tens + (2 if after == 'second' else 3)}th", first, raw[index + 1][2]))
            index += 2
        elif len(after) == 3 and after.endswith("th") and after[0].isdecimal():
            made.append((f"{tens + int(after[0])}th", first, raw[index + 1][2]))
            index += 2
        else:
            made.append((str(tens), first, last))
            index += 1
    return made


def _without_noise(raw: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    made: list[tuple[str, int, int]] = []
    for position, token in enumerate(raw):
        text = token[0]
        if text in _DROPPED:
            continue
        if text == "like" and (position == 0 or raw[position - 1][0] not in _LIKE_AFTER):
            continue
        made.append(token)
    return made


def _without_restarts(raw: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Folds immediate repeats of up to four tokens, the latest kept; “sorry sorry” stays, it is counted."""
    made: list[tuple[str, int, int]] = []
    texts: list[str] = []
    before: dict[str, int] = {}
    for token in raw:
        text = token[0]
        made.append(token)
        texts.append(text)
        near = len(texts) - before.get(text, -_REPEATS[0]) <= _REPEATS[0]
        before[text] = len(texts)
        if not near:
            continue
        for length in _REPEATS:
            if len(texts) < 2 * length or text != texts[-1 - length]:
                continue
            if texts[-length:] == texts[-2 * length : -length]:
                if not any(t in _NEVER_COLLAPSED or t.isdigit() for t in texts[-length:]):
                    del made[-2 * length : -length], texts[-2 * length : -length]
                    before = {t: i for i, t in enumerate(texts[-_KEPT:], max(0, len(texts) - _KEPT) + 1)}
                break
    return made


__all__ = ["ADVERBS", "FILLERS", "PARTICLES", "Tokens", "neutral", "normalise"]
