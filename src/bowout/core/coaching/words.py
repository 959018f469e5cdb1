"""Standings, takes and marks in plain words, for terminals and screens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from bowout.core.coaching.answer import Answer, Comment
from bowout.core.coaching.result import Result, SentTake
from bowout.core.coaching.standing import Phase, Standing
from bowout.core.coaching.takes import take_words
from bowout.core.coaching.terms import paragraphs
from bowout.core.review import FAULT_WORDS, item_words, state_words

_OF_BOTH = {"name": "the name"}
"""Where the learner's own screens say “your”."""
PHASE_WORDS: dict[Phase, str] = {"to_review": "to review", "answered": "answered", "done": "done"}


def criterion_words(criterion: str) -> str:
    """“a reason”, “too many apologies”; in words that are right for the coach and for the learner."""
    return _OF_BOTH.get(criterion) or FAULT_WORDS.get(criterion) or item_words(criterion)


def standing_words(row: Standing) -> str:
    """“84 of 100, below the mark, late, to review”."""
    if row.latest is None and row.withdrawn:
        return "has withdrawn"
    if row.latest is None:
        return "nothing yet, late" if row.late else "nothing yet"
    words = [f"{row.score} of 100" if row.score is not None else "no marks sent"]
    if row.below:
        words.append("below the mark")
    if row.disputed:
        words.append("a mark is disputed")
    if row.late:
        words.append("late")
    numbers = {take.number for take in row.latest.result.takes if take.counted}
    if any(sent.number not in numbers for sent in row.latest.result.sent):
        words.append("a take that does not count")
    if not row.listed:
        words.append("not on the roster")
    if len(row.all) > 1:
        words.append(f"newest of {len(row.all)}")
    return ", ".join([*words, PHASE_WORDS[row.latest.phase]])


def result_lines(result: Result, zone: tzinfo) -> Iterator[str]:
    """A result for reading: every take, then what was sent; words have their numbers, for comments."""
    for take in result.takes:
        yield take_words(take, zone)
    for sent in result.sent:
        yield ""
        yield f"Take {sent.number}, {sent.scenario}"
        for line in sent_lines(sent):
            yield f"  {line}"


def sent_lines(sent: SentTake) -> Iterator[str]:
    """All that goes, or came, of one take."""
    yield from _mark_lines(sent)
    yield from _talk_lines(sent)
    yield from _first_lines(sent)
    if sent.audio:
        yield "The recording of the whole call."


def _mark_lines(sent: SentTake) -> Iterator[str]:
    if sent.marks is None:
        return
    yield f"{sent.marks['score']} of 100{', passed' if sent.marks['passed'] else ''}"
    first = None if sent.first_marks is None else sent.first_marks["score"]
    if first is not None:
        yield f"The words were corrected by the learner; first marked {first}."
    for criterion, state in sent.states().items():
        if state == "not_found":
            continue
        mine = sent.disputes.get(criterion)
        disputed = f"; disputed: {state_words(mine)}" if mine else ""
        yield f"  {criterion}: {state_words(state)}{disputed}"
    figures = [f"{name.replace('_', ' ')} {each['value']:g}" for name, each in _measured(sent.marks["delivery"])]
    if figures:
        yield f"  figures: {', '.join(figures)}"
    if sent.marks["next_time"]:
        yield f"  next time: {' '.join(sent.marks['next_time'].split())}"


def _measured(delivery: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, figure in delivery.items():
        if name != "fillers" and figure["value"] is not None:
            yield name, figure


def _talk_lines(sent: SentTake) -> Iterator[str]:
    """Both sides, turn by turn; each turn of the learner's begins with the number of its first word."""
    turns: dict[int, list[int]] = {}
    for index, word in enumerate(sent.counting):
        turns.setdefault(word.turn, []).append(index)
    told: set[int] = set()
    for turn, speaker, text in sent.lines:
        for earlier in sorted(each for each in turns if each < turn and each not in told):
            told.add(earlier)
            yield _turn_line(sent, turns[earlier])
        yield f"  {speaker or 'They'}: {text}"
    for turn in sorted(each for each in turns if each not in told):
        yield _turn_line(sent, turns[turn])


def _turn_line(sent: SentTake, indexes: list[int]) -> str:
    words = " ".join(sent.counting[index].text for index in indexes)
    return f"  [{indexes[0]}–{indexes[-1]}] {words}"


def _first_lines(sent: SentTake) -> Iterator[str]:
    """What was understood before the learner corrected it: it goes, too."""
    if sent.corrected is None:
        return
    yield "  Before the corrections:"
    turns: dict[int, list[str]] = {}
    for word in sent.words:
        turns.setdefault(word.turn, []).append(word.text)
    for turn in sorted(turns):
        yield f"    {' '.join(turns[turn])}"


def answer_lines(answer: Answer) -> Iterator[str]:
    """What a coach has answered."""
    for verdict in answer.verdicts:
        passed = ", passed" if verdict.passed else ""
        yield f"Take {verdict.take}: {verdict.score} of 100{passed}, with the coach's word"
    for override in answer.review.overrides:
        what = criterion_words(override.criterion)
        yield from paragraphs(f"Take {override.take}, {what}: {state_words(override.state)}. {override.reason}")
    for take, criterion in answer.review.confirmed:
        yield f"Take {take}, {criterion_words(criterion)}: confirmed."
    for comment in answer.review.comments:
        yield from paragraphs(f"{_where(comment)}{comment.text}")


def _where(comment: Comment) -> str:
    if comment.take is None:
        return ""
    return f"Take {comment.take}, “{comment.quote}”: " if comment.quote else f"Take {comment.take}: "


__all__ = ["PHASE_WORDS", "answer_lines", "criterion_words", "result_lines", "sent_lines", "standing_words"]
