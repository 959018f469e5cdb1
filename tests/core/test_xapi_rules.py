"""The checker of xAPI statements knows good ones from bad ones."""

from __future__ import annotations

import copy
from datetime import datetime, timezone
from typing import Any

import pytest

from xapi_rules import problems

NOW = datetime(2026, 11, 27, tzinfo=timezone.utc)
GONE: Any = object()
AGENT = {"mbox": "mailto:a@example.org"}
GOOD: dict[str, Any] = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": {"objectType": "Agent", "name": "Ben", "account": {"homePage": "https://a.invalid/x", "name": "12"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en": "passed", "zh-Hant-TW": "x"}},
    "object": {
        "objectType": "Activity",
        "id": "https://a.invalid/فعل",
        "definition": {"name": {"en": "x"}, "type": "http://adlnet.gov/expapi/activities/simulation"},
    },
    "result": {
        "score": {"scaled": 0.84, "raw": 84, "min": 0, "max": 100},
        "success": True,
        "completion": True,
        "response": "",
        "duration": "PT43.25S",
        "extensions": {"https://a.invalid/e": None},
    },
    "context": {
        "registration": "ec531277-b57b-5c15-8d91-d292c5b2b8f7",
        "instructor": {"openid": "https://a.invalid/ana"},
        "team": {"objectType": "Group", "member": [AGENT]},
        "contextActivities": {"parent": [{"id": "https://a.invalid/p"}], "grouping": [{"id": "urn:x:y"}]},
        "revision": "3",
        "platform": "x",
        "language": "en",
        "extensions": {"https://a.invalid/take": {}},
    },
    "timestamp": "2026-11-26T09:30:00.000Z",
}
CMI = "http://adlnet.gov/expapi/activities/cmi.interaction"


def changed(path: str, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(GOOD)
    *way, last = path.split("/")
    there: Any = made
    for key in way:
        there = there[int(key)] if isinstance(there, list) else there[key]
    if value is GONE:
        del there[last]
    else:
        there[int(last) if isinstance(there, list) else last] = value
    return made


def test_a_good_one() -> None:
    assert problems(GOOD, NOW) == []
    least = {key: GOOD[key] for key in ("actor", "verb", "object")}
    assert problems(least) == []
    voided = {"objectType": "StatementRef", "id": GOOD["id"]}
    assert (
        problems({**least, "object": voided, "verb": {**GOOD["verb"], "id": "http://adlnet.gov/expapi/verbs/voided"}})
        == []
    )
    assert problems({**least, "object": {"objectType": "SubStatement", **least}}) == []
    assert (
        problems(changed("object/definition", {"type": CMI, "interactionType": "choice", "choices": [{"id": "a"}]}))
        == []
    )


@pytest.mark.parametrize("duration", ["P4W", "P3Y1M29DT4H35M59.14S", "PT0S", "P1D", "PT1H0M0S"])
def test_good_durations(duration: str) -> None:
    assert problems(changed("result/duration", duration)) == []


BAD: list[tuple[str, Any, str]] = [
    ("actor", GONE, "has no actor"),
    ("verb", GONE, "has no verb"),
    ("object", GONE, "has no object"),
    ("id", "x", "UUID"),
    ("id", "6690e6c93ef04ed38b377f3964730bee", "UUID"),
    ("id", "6690e6c9-3ef0-4ed3-cb37-7f3964730bee", "UUID"),
    ("more", 1, "“more” is not allowed"),
    ("Result", {"success": True}, "“Result” is not allowed"),
    ("result/response", None, "is null"),
    ("context/contextActivities", {}, "empty object"),
    ("actor/mbox", "mailto:a@example.org", "2 inverse functional"),
    ("actor/account", GONE, "0 inverse functional"),
    ("actor", {"mbox": "a@example.org"}, "mailto IRI"),
    ("actor", {"mbox": "mailto:a b@example.org"}, "mailto IRI"),
    ("actor", {"mbox_sha1sum": "abc"}, "SHA1"),
    ("actor", {"openid": "ana"}, "no IRI"),
    ("actor/account/homePage", "urn:x:y", "no IRL"),
    ("actor/account/homePage", "a.invalid", "no IRI"),
    ("actor/account/name", "", "missing or empty"),
    ("actor/account/name", GONE, "missing or empty"),
    ("actor/account/more", "x", "not allowed"),
    ("actor/objectType", "Person", "neither Agent nor Group"),
    ("actor/objectType", "agent", "neither Agent nor Group"),
    ("actor/member", [AGENT], "not allowed"),
    ("actor", {"objectType": "Group"}, "anonymous group"),
    ("actor", {"objectType": "Group", "member": [{"objectType": "Group", "member": [AGENT]}]}, "is a Group"),
    ("verb/id", "passed", "no IRI"),
    ("verb/id", "http://a.invalid/a b", "no IRI"),
    ("verb/id", "http://a.invalid/%zz", "no IRI"),
    ("verb/display", GONE, "no language map"),
    ("verb/display", {"english!": "passed"}, "no language tag"),
    ("verb/display", {"en": 1}, "no string"),
    ("verb/id", "http://adlnet.gov/expapi/verbs/voided", "StatementRef"),
    ("object/id", GONE, "no IRI"),
    ("object/id", "/calls/one", "no IRI"),
    ("object/objectType", "activity", "can't be here"),
    ("object/definition/type", "simulation", "no IRI"),
    ("object/definition/type", CMI, "interactionType"),
    ("object/definition/interactionType", "Choice", "interactionType"),
    ("object/definition/steps", [{"id": "a"}], "interactionType"),
    ("object/definition", {"interactionType": "choice", "choices": [{"id": "a"}, {"id": "a"}]}, "not distinct"),
    ("object/definition", {"interactionType": "likert", "choices": [{"id": "a"}]}, "has no choices"),
    ("object/definition/extensions", {"take": 1}, "no IRI"),
    ("object", {"objectType": "StatementRef", "id": "x"}, "UUID"),
    ("object", {"objectType": "Agent"}, "0 inverse functional"),
    ("object", {"objectType": "SubStatement", **GOOD}, "SubStatement has no id"),
    ("result/score/scaled", 84, "not from -1 to 1"),
    ("result/score/scaled", "0.84", "no number"),
    ("result/score/scaled", True, "no number"),
    ("result/score/raw", 101, "not from min to max"),
    ("result/score/max", 0, "min is not less"),
    ("result/score/mean", 1, "not allowed"),
    ("result/success", "true", "no boolean"),
    ("result/completion", 1, "no boolean"),
    ("result/response", 7, "no string"),
    ("result/duration", "43 s", "duration"),
    ("result/duration", "PT", "duration"),
    ("result/duration", "P", "duration"),
    ("result/duration", "P4W1D", "duration"),
    ("result/duration", "PT1.5M3S", "duration"),
    ("result/duration", "PT43.123S", "duration"),
    ("result/duration", "P0000-00-00T00:00:43", "duration"),
    ("result/extensions", {"a b": 1}, "no IRI"),
    ("context/registration", "x", "UUID"),
    ("context/instructor", {"name": "Ana"}, "0 inverse functional"),
    ("context/team", AGENT, "no Group"),
    ("context/contextActivities/parent", {"id": "https://a.invalid/p"}, "no array"),
    ("context/contextActivities/above", [{"id": "https://a.invalid/p"}], "not allowed"),
    ("context/contextActivities/parent/0/id", "p", "no IRI"),
    ("context/contextActivities/parent/0/objectType", "Agent", "no Activity"),
    ("context/language", "English language", "language tag"),
    ("context/statement", {"id": GOOD["id"]}, "no StatementRef"),
    ("context/extensions", {"take": 1}, "no IRI"),
    ("object", {"objectType": "Agent", **AGENT}, "for Activities alone"),
    ("timestamp", "2026-11-26 09:30", "RFC 3339"),
    ("timestamp", "2026-11-26T09:30:00", "RFC 3339"),
    ("timestamp", "2026-13-26T09:30:00Z", "there is"),
    ("timestamp", "2026-11-28T09:30:00Z", "future"),
    ("version", "1.0.3", "1.0.0 or nothing"),
    ("attachments", [{"usageType": "https://a.invalid/x"}], "no integer"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "words"), BAD, ids=[f"{at}-{path}" for at, (path, *_) in enumerate(BAD)])
def test_bad_ones(path: str, value: Any, words: str) -> None:
    found = problems(changed(path, value), NOW)
    assert any(words in each for each in found), found
