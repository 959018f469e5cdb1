"""Files of coaches and learners damaged at random: one that changed is answered by a sentence and never taken."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from adapters.test_pack_fuzz import cut, doubled, flipped, header_changed, stuffed
from bowout.core.coaching.fields import Unreadable
from bowout.core.coaching.result import result_from
from bowout.core.coaching.terms import terms_from
from bowout.core.safety import printable
from bowout.errors import InputError
from bowout.storage.coaching.container import kind_of, unsealed
from bowout.storage.coaching.exchange import read_assignment, read_result
from coachcases import GOOD, TERMS, Class, learner_keys, open_class, result_of, sealed_result

ROUNDS = 5
MUTANTS = 12
DAMAGE = (flipped, cut, doubled, stuffed, header_changed)
SPICE: tuple[object, ...] = (
    None, True, False, -1, 0, 10**30, 1e308, float("nan"), "", "\x1b[2J", "x" * 5000, "../../x", [], {}, [[]],
)  # fmt: skip


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Class:
    return open_class(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_damaged_assignment_is_refused(class_: Class, seed: int) -> None:
    good, dice = class_.file.read_bytes(), random.Random(seed)
    for _ in range(MUTANTS):
        raw = dice.choice(DAMAGE)(good, dice)
        if raw == good:
            continue
        with pytest.raises(InputError) as told:
            kind_of(raw, "x")
            read_assignment(raw, "x")
        assert printable(told.value.sentence())


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_damaged_result_is_refused(class_: Class, seed: int) -> None:
    keys, dice = learner_keys(), random.Random(seed)
    good = sealed_result(class_, keys, result_of(class_, keys, *GOOD))
    for _ in range(MUTANTS):
        raw = dice.choice(DAMAGE)(good, dice)
        if raw == good:
            continue
        with pytest.raises(InputError):
            read_result(unsealed(raw, "x", "result", class_.keys), "x")


def mutated(value: object, dice: random.Random) -> object:
    """The value with one thing in it replaced by something else."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(list(value))
        return {**value, key: mutated(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.9:
        at = dice.randrange(len(value))
        return [*value[:at], mutated(value[at], dice), *value[at + 1 :]]
    return dice.choice(SPICE)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_reader_takes_a_value_or_says_what_is_wrong(class_: Class, seed: int) -> None:
    keys, dice = learner_keys(), random.Random(seed)
    good = result_of(class_, keys, *GOOD)
    head, content = good.head(), good.as_json()
    for _ in range(20 * MUTANTS):
        try:
            key = dice.choice(list(head))
            other = {**head, key: mutated(head[key], dice)}
            made = result_from("0" * 32, dice.choice((head, head, other)), mutated(content, dice))
        except Unreadable:
            continue
        # What was taken can be written and read again, and says the same.
        assert result_from("0" * 32, made.head(), made.as_json()) == made
    for _ in range(5 * MUTANTS):
        try:
            assert terms_from(mutated(TERMS.as_json(), dice)).scenarios
        except Unreadable:
            continue


def test_a_file_cut_short_anywhere_is_refused(class_: Class, tmp_path: Path) -> None:
    keys = learner_keys("Dora")
    good = sealed_result(class_, keys, result_of(class_, keys, *GOOD))
    for length in range(0, len(good), len(good) // 40):
        file = tmp_path / "cut.bowresult"
        file.write_bytes(good[:length])
        assert class_.coach.collect(file).state == "refused"
    file.write_bytes(good)
    assert class_.coach.collect(file).state == "accepted"
