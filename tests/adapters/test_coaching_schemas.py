"""The published schemas hold for what is documented and for what is really written."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bowout.core.coaching.answer import Comment, Override, Review, answer_from
from bowout.core.coaching.result import result_from
from bowout.core.coaching.terms import assignment_from
from bowout.storage.coaching.container import unsealed
from bowout.storage.coaching.schemas import SCHEMAS, schema
from coachcases import GOOD, WEAK, joined, marked, open_class, practised, recording

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
EXAMPLES = dict(re.findall(r"```json (\S+)\n(.*?)```", FORMATS.read_text(encoding="utf-8"), re.DOTALL))


def check(name: str, value: Any) -> None:
    Draft202012Validator(schema(name), format_checker=FormatChecker()).validate(value)


def inside(raw: bytes) -> dict[str, Any]:
    """Every JSON file of an archive."""
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: json.loads(opened.read(name)) for name in opened.namelist() if name.endswith(".json")}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_its_example_fits(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    check(name, json.loads(EXAMPLES[name]))


def test_examples_are_read_by_the_program() -> None:
    example = {name: json.loads(text) for name, text in EXAMPLES.items()}
    assert assignment_from("0" * 32, example["assignment"]).terms.limit_s == 45
    assert result_from("0" * 32, example["result-manifest"], example["result"]).takes[0].cause
    assert answer_from("0" * 32, example["answer-manifest"], example["answer"]).review.comments[0].quote


def test_what_is_written_fits(tmp_path: Path) -> None:
    class_ = open_class(tmp_path)
    check("assignment", inside(class_.file.read_bytes())["manifest.json"])
    learner, records = joined(tmp_path, class_, "Ben")
    attempt = practised(records, class_.assignment.id, *WEAK)
    records.append(attempt, "marks", result=marked(*GOOD), corrected=True)
    (tmp_path / "attempts" / attempt / "audio.wav").write_bytes(recording())
    sent = tmp_path / "ben.bowresult"
    learner.submit(learner.draft(class_.assignment.id, records, class_.assignment.terms.ask), sent)
    check("sealed", inside(sent.read_bytes())["manifest.json"])
    opened = inside(unsealed(sent.read_bytes(), "x", "result", class_.keys))
    check("result-manifest", opened["manifest.json"])
    check("result", opened["result.json"])
    assert opened["result.json"]["sent"][0]["audio"] == "take-1.wav"
    outcome = class_.coach.collect(sent)
    review = Review((Comment("x", 1, 0, 1),), (Override(1, "thanks", "not_heard", "No."),), ((1, "ask"),))
    class_.coach.review(outcome.result, review)
    answer = class_.coach.answer(outcome.result, tmp_path)
    check("sealed", inside(answer.read_bytes())["manifest.json"])
    assert learner.keys is not None
    opened = inside(unsealed(answer.read_bytes(), "x", "answer", learner.keys))
    check("answer-manifest", opened["manifest.json"])
    check("answer", opened["answer.json"])


def test_a_result_of_a_call_fits() -> None:
    check("score", marked(*GOOD))
    check("score", marked(*WEAK, call="two"))
