"""Packs damaged at random: whatever is read is a pack or a sentence, and an archive that changed is never taken."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from adapters.pack_files import PACK, SCENARIO, pack_files, zip_of
from bowout.core.lint import lint
from bowout.core.safety import printable
from bowout.errors import InputError
from bowout.storage.bowpack import archive, read_archive
from bowout.storage.packs import Pack, PackError, Unpacked, read_pack

ROUNDS = 10
"""Rounds of a test; a dozen mutants each."""
MUTANTS = 12
GOOD = zip_of(pack_files())
SPICE = (
    "&a ", "*a", "!!x ", "---\n", "...\n", "%YAML 1.1\n", "[", "]", "{", "}", "? ", ": ", "- ", "|\n", ">\n",
    '"', "'", "#", "\t", "\\", "\x1b", "\u202e", "\ufeff", "\0", "\r", "\x85", "{caller}", "{x}", "1e999", "-1",
    "true", "null", "~", "<<: ", "..", "/", "é", "\U0001f600", "9" * 400, "x" * 3000, "schema: 2\n", "go: go\n",
)  # fmt: skip


def flipped(raw: bytes, dice: random.Random) -> bytes:
    made = bytearray(raw)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        made[dice.randrange(len(made))] = dice.choice((0, 1, 0x7F, 0xFF, dice.randrange(256)))
    return bytes(made)


def cut(raw: bytes, dice: random.Random) -> bytes:
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:first] + raw[last:]


def doubled(raw: bytes, dice: random.Random) -> bytes:
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    at = dice.randrange(len(raw) + 1)
    return raw[:at] + raw[first:last] + raw[at:]


def stuffed(raw: bytes, dice: random.Random) -> bytes:
    at = dice.choice((0, len(raw), dice.randrange(len(raw))))
    return raw[:at] + dice.randbytes(dice.choice((1, 4, 22, 46, 300))) + raw[at:]


def header_changed(raw: bytes, dice: random.Random) -> bytes:
    """A byte of what the archive says about its files, where the reader believes most."""
    starts = [at for mark in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06") for at in places(raw, mark)]
    made = bytearray(raw)
    made[min(len(made) - 1, dice.choice(starts) + dice.randrange(46))] = dice.choice((0, 1, 2, 8, 0x2F, 0xFF))
    return bytes(made)


def places(raw: bytes, mark: bytes) -> list[int]:
    return [at for at in range(len(raw)) if raw.startswith(mark, at)]


@pytest.mark.parametrize("change", [flipped, cut, doubled, stuffed, header_changed], ids=lambda f: f.__name__)
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_an_archive_that_changed_is_refused(change: Callable[[bytes, random.Random], bytes], seed: int) -> None:
    dice = random.Random(f"{change.__name__}{seed}")
    for _ in range(MUTANTS):
        raw = change(GOOD, dice)
        try:
            pack = read_archive(raw, "fuzzed.bowpack")
        except InputError as error:
            assert is_a_sentence(error)
        else:
            assert raw == archive(pack) == GOOD


def mutant(text: str, dice: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(lines))
        line = lines[at]
        kind = dice.randrange(8)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(dice.randrange(len(lines)), line)
        elif kind == 2:
            lines[at] = " " * dice.randrange(9) + line.lstrip(" ")
        elif kind == 3:
            lines[at] = line[: dice.randrange(len(line))] + "\n"
        elif kind == 4:
            lines[at] = line.replace(":", "", 1)
        else:
            column = dice.randrange(len(line))
            lines[at] = line[:column] + dice.choice(SPICE) + line[column:]
        if not lines:
            return ""
    return "".join(lines)


def is_a_sentence(error: InputError) -> bool:
    """Nothing that drives a terminal is left in it once it is printed, and it is of a length that can be read."""
    return bool(error.message) and len(printable(error.sentence())) < 1_000


@pytest.mark.parametrize("file", ["one", "pack"])
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_file_that_changed_is_a_pack_or_its_problems(file: str, seed: int) -> None:
    dice = random.Random(f"{file}{seed}")
    for _ in range(MUTANTS):
        text = mutant(PACK if file == "pack" else SCENARIO, dice)
        files = pack_files(**{file: text.encode("utf-8", "surrogatepass")})
        try:
            pack = read_pack(Unpacked("fuzzed", files))
        except PackError as error:
            assert is_a_sentence(error)
            for problem in error.problems:
                assert problem.message and problem.line >= 1 and problem.column >= 1
                assert len(str(problem)) < 2_000
        else:
            goes_all_the_way(pack)


def goes_all_the_way(pack: Pack) -> None:
    """What could be read can be looked at, kept and opened again."""
    for scenario in pack.scenarios:
        lint(scenario)
    assert read_archive(archive(pack), "again.bowpack").scenarios == pack.scenarios
