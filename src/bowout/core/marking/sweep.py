"""Patterns of the bank language from strangers, matched in a time that no pattern can stretch.

The banks' own patterns become regular expressions: fast, and trusted. A regular expression from a stranger can take
for ever. Here a pattern is a chain of steps over *sets* of places in the text, kept as bits of one whole number: all
ways through the pattern are followed at once, so the work is its number of steps, whatever the text, and that number
is limited. What matches is the same; where several matches begin at one place, the shortest counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import lru_cache

from bowout.core.marking.patterns import Bank, BankError
from bowout.core.marking.resources import bank_files
from bowout.core.text import Tokens, american, normalise
from bowout.core.transcript import from_text

MOST_STEPS = 600
"""Steps of one pattern. The longest of the banks has about 400."""
_DEEPEST = 8
"""Brackets inside one another."""
_LONGEST_GAP = 12
"""Tokens of one gap."""
_SHORTEST_PREFIX = 3
"""Letters before “*”."""
_REPEATS = 3
"""How often ``(…)*`` and ``(…)+`` may match, as in the banks."""

_LEXER = re.compile(r"\s*(\)[?*+]?|<[a-z_]+>\??|\.\.\d{1,2}(?![^\s()|])|[a-z0-9']+\*?\??|NUM\??|_\??|[(|])")

_SPLITS = re.compile(r"[\s()|]+")

Move = Callable[["Text", int], int]
"""Places before → places after."""


class Text:
    """Tokens as sets of places: bit ``i`` of a set stands for the gap before token ``i``."""

    def __init__(self, tokens: Tokens) -> None:
        self.size = len(tokens)
        self.all = (1 << self.size) - 1
        """Every place with a token after it."""
        places: dict[str, list[int]] = {}
        for at, token in enumerate(tokens.texts):
            places.setdefault(token, []).append(at)
        self._words = {token: _bits(found, self.size) for token, found in places.items()}
        self._kept: dict[object, int] = {}

    def words(self, words: frozenset[str]) -> int:
        """Where one of these words stands."""
        kept = self._kept.get(words)
        if kept is None:
            kept = 0
            for word in words if len(words) < len(self._words) else self._words:
                if word in words:
                    kept |= self._words.get(word, 0)
            self._kept[words] = kept
        return kept

    def beginning(self, prefix: str) -> int:
        """Where a word begins so."""
        return self._where(prefix, lambda word: word.startswith(prefix))

    @property
    def numbers(self) -> int:
        return self._where(str.isdigit, lambda word: word.isascii() and word.isdigit())

    def _where(self, key: object, wanted: Callable[[str], bool]) -> int:
        kept = self._kept.get(key)
        if kept is None:
            kept = 0
            for word, places in self._words.items():
                if wanted(word):
                    kept |= places
            self._kept[key] = kept
        return kept


def _bits(places: list[int], size: int) -> int:
    made = bytearray((size + 7) // 8)
    for at in places:
        made[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(made, "little")


class _Part:
    """A piece of a pattern: where it leads from a set of places, and from where it leads there."""

    __slots__ = ("back", "on", "steps", "word")

    def __init__(self, on: Move, back: Move, steps: int = 1, word: str | None = None) -> None:
        self.on = on
        self.back = back
        self.steps = steps
        self.word = word
        """Set where the part is one plain word."""


def _token(where: Callable[[Text], int], word: str | None = None) -> _Part:
    return _Part(lambda text, at: (at & where(text)) << 1, lambda text, at: (at >> 1) & where(text), 1, word)


def _word(word: str) -> _Part:
    only = frozenset([word])
    return _token(lambda text: text.words(only), word)


def _gap(most: int) -> _Part:
    def on(text: Text, at: int) -> int:
        reached = at
        for _ in range(most):
            at = (at & text.all) << 1
            reached |= at
        return reached

    def back(text: Text, at: int) -> int:
        reached = at
        for _ in range(most):
            at >>= 1
            reached |= at
        return reached

    return _Part(on, back, most)


def _row(parts: list[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    moves, backs = [p.on for p in parts], [p.back for p in reversed(parts)]

    def follow(moves: list[Move]) -> Move:
        def move(text: Text, at: int) -> int:
            for each in moves:
                if not at:
                    break
                at = each(text, at)
            return at

        return move

    return _Part(follow(moves), follow(backs), sum(p.steps for p in parts))


def _either(parts: list[_Part]) -> _Part:
    """Alternatives; those of one word are looked up together."""
    words = frozenset(p.word for p in parts if p.word is not None)
    parts = [p for p in parts if p.word is None]
    if words:
        parts.append(_token(lambda text: text.words(words)))
    if len(parts) == 1:
        return parts[0]

    def gather(moves: list[Move]) -> Move:
        def move(text: Text, at: int) -> int:
            reached = 0
            for each in moves:
                reached |= each(text, at)
            return reached

        return move

    return _Part(gather([p.on for p in parts]), gather([p.back for p in parts]), sum(p.steps for p in parts))


def _repeated(part: _Part, least: int, most: int) -> _Part:
    def again(each: Move) -> Move:
        def move(text: Text, at: int) -> int:
            reached = 0 if least else at
            for _ in range(most):
                if not at:
                    break
                at = each(text, at)
                reached |= at
            return reached

        return move

    return _Part(again(part.on), again(part.back), part.steps * most)


class _Reader:
    """Reads a pattern. Whether it is well-formed the language's own parser has said before."""

    def __init__(self, text: str, depth: int = 0) -> None:
        self.lexemes = _LEXER.findall(text)
        pieces = [piece for piece in _SPLITS.split(text) if piece.strip("*+?")]
        if "".join(self.lexemes) != re.sub(r"\s", "", text) or not all(_LEXER.fullmatch(piece) for piece in pieces):
            raise BankError(_strange(text))
        self.at = 0
        self.depth = depth

    def alternatives(self) -> _Part:
        options = [self.sequence()]
        while self.at < len(self.lexemes) and self.lexemes[self.at] == "|":
            self.at += 1
            options.append(self.sequence())
        return _either(options) if len(options) > 1 else options[0]

    def sequence(self) -> _Part:
        parts: list[_Part] = []
        while self.at < len(self.lexemes) and self.lexemes[self.at][0] not in "|)":
            lexeme = self.lexemes[self.at]
            self.at += 1
            parts.append(self.group() if lexeme == "(" else self.single(lexeme))
        return _row(parts) if parts else _repeated(_gap(0), 0, 0)

    def group(self) -> _Part:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BankError(f"more than {_DEEPEST} brackets inside one another")
        inner = self.alternatives()
        self.depth -= 1
        if self.at >= len(self.lexemes):
            raise BankError("a group is not closed")
        closing = self.lexemes[self.at]
        self.at += 1
        least, most = {")": (1, 1), ")?": (0, 1), ")*": (0, _REPEATS), ")+": (1, _REPEATS)}[closing]
        return inner if (least, most) == (1, 1) else _repeated(inner, least, most)

    def single(self, lexeme: str) -> _Part:
        if lexeme.startswith(".."):
            most = int(lexeme[2:])
            if most > _LONGEST_GAP:
                raise BankError(f"a gap of {most} words; at most {_LONGEST_GAP}")
            return _gap(most)
        plain = lexeme.removesuffix("?")
        if plain == "_":
            part = _token(lambda text: text.all)
        elif plain == "NUM":
            part = _token(lambda text: text.numbers)
        elif plain.startswith("<"):
            part = _class(plain[1:-1])
        elif plain.endswith("*"):
            if len(plain) <= _SHORTEST_PREFIX:
                raise BankError(f"“{plain}” begins too many words: at least {_SHORTEST_PREFIX} letters")
            part = _token(lambda text: text.beginning(plain[:-1]))
        else:
            part = _word(american(plain))
        return _repeated(part, 0, 1) if lexeme.endswith("?") else part


def _strange(text: str) -> str:
    """What in a pattern is no part of the language."""
    for piece in _SPLITS.split(text):
        if piece and not _LEXER.fullmatch(piece.rstrip("*+?")) and not _LEXER.fullmatch(piece):
            return f"“{piece}” is neither a word in small letters nor a sign of the pattern language"
    return "brackets, “|” or signs stand where they can't"


@lru_cache(maxsize=1)
def _classes() -> Bank:
    """The banks' classes of words alone: a scenario is read without its patterns being searched for."""
    bank = Bank()
    for name, text in bank_files():
        bank.read("\n".join(line if line.startswith("@") else "" for line in text.splitlines()), name)
    return bank


@lru_cache(maxsize=64)
def _class(name: str) -> _Part:
    known = _classes().members
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean <{near[0]}>" if near else "there are " + ", ".join(f"<{each}>" for each in sorted(known))
        raise BankError(f"there is no class <{name}>; {hint}")
    return _Reader("|".join(known[name])).alternatives()


def _check_words(source: str) -> None:
    """Calls are matched in one plain spelling: a word that has another there would never be found."""
    for piece in _SPLITS.split(source):
        word = piece.rstrip("?*+")
        if not word or word in ("_", "NUM") or word[0] in "<." or piece.rstrip("?").endswith("*"):
            continue
        heard = normalise(from_text(word)).texts
        # “like” is a filler but for “would like”, so what is lost alone gets a second chance there.
        if american(word) in (*heard, *normalise(from_text(f"would {word}")).texts[1:]):
            continue
        if not heard:
            raise BankError(f"“{word}” is passed over in every call: leave it out")
        raise BankError(f"“{word}” is always read as “{' '.join(heard)}”: write that")


class Sweep:
    """One pattern, ready to be searched for."""

    def __init__(self, line: str) -> None:
        self.guard = line.startswith("!")
        source = line.removeprefix("!").strip()
        if not source:
            raise BankError("there is nothing in it")
        part = _Reader(source).alternatives()
        if part.steps > MOST_STEPS:
            raise BankError("too many alternatives, gaps or repetitions; make two patterns of it")
        _check_words(source)
        # The language's own parser has the last word on what a pattern may look like.
        trial = Bank(classes=_classes().classes)
        try:
            trial.read(f"[x]\n{source}", "")
        except BankError as error:
            if str(error).startswith(":2: nothing to file"):
                raise BankError("it needs at least one word that must be there") from None
            raise BankError(str(error).removeprefix(":2: ")) from None
        self._part = part

    def spans(self, text: Text) -> Iterator[tuple[int, int]]:
        """``(start, end)`` of the shortest match from every place where one begins, in order."""
        ends = self._part.on(text, text.all)
        if not ends:
            return
        starts = self._part.back(text, ends) & text.all
        while starts:
            first = starts & -starts
            starts ^= first
            reached = self._part.on(text, first) & ~first
            if reached:
                yield first.bit_length() - 1, (reached & -reached).bit_length() - 1


@lru_cache(maxsize=4096)
def sweep(line: str) -> Sweep:
    """A pattern made ready, or ``BankError`` with the reason in words."""
    return Sweep(line)


__all__ = ["MOST_STEPS", "Sweep", "Text", "sweep"]
