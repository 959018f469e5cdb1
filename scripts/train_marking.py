"""Trains the small linear model that votes in marking, and says what it is worth.

    .venv/bin/python scripts/train_marking.py            cross-validation, nothing written
    .venv/bin/python scripts/train_marking.py --write    and the weights for all labelled calls

Labelled calls: ``tests/data/calls.jsonl`` (as written and, ``heard.jsonl``, as heard), ``own_calls_dev*.jsonl``;
single labelled phrases: ``phrases.jsonl``. The held-out ``own_calls_held*.jsonl`` are never read.
Folds are whole writers, so that no caller is in both halves.
Needs numpy, which marking itself does not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from bowout.core.criteria import FAULTS, ITEMS  # noqa: E402
from bowout.core.marking import engine, faults, items  # noqa: E402
from bowout.core.marking.evidence import Evidence  # noqa: E402
from bowout.core.marking.model import call_features, token_pairs, value_of  # noqa: E402
from bowout.core.marking.patterns import Hit  # noqa: E402
from bowout.core.marking.resources import load  # noqa: E402
from bowout.core.transcript import from_text  # noqa: E402

DATA = ROOT / "tests" / "data"
WEIGHTS = ROOT / "src" / "bowout" / "core" / "marking" / "banks" / "model.json"
STRENGTH = 0.3
"""Inverse strength of the L2 penalty; 0.1 and 1.0 did worse or the same in cross-validation."""
SELDOM = 3
"""Features of fewer documents are left out."""
SMALLEST = 0.05
"""Weights below are left out."""
NEVER = -99.0
VOTES: dict[str, tuple[float, float]] = {
    "reason": (1.0, NEVER),
    "ask": (1.5, NEVER),
    "options": (0.5, NEVER),
    "oversharing": (-0.25, NEVER),
    "mixed_message": (0.25, -2.0),
    "negativity": (0.0, NEVER),
    "leverage": (-0.5, NEVER),
    "soft_no": (0.5, -4.0),
    "vague_reason": (1.0, NEVER),
    "weak_reason": (0.75, NEVER),
}
"""Criterion → log-odds from which the model finds what patterns did not, and below which what they found is not
believed. Chosen on calls that the patterns had not been tuned on. Criteria that are not here did not gain."""


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line]


def documents() -> list[dict[str, Any]]:
    """Every text with its labels (criterion → bool; a phrase has one) and its group."""
    made = []
    for name in ("calls", "own_calls_dev", "own_calls_dev2", "own_calls_dev3", "own_calls_dev4", "own_calls_dev5"):
        for row in read(f"{name}.jsonl"):
            group = row["id"].split("-")[0] if name == "calls" else name
            made.append({**row, "labels": {**row["items"], **row["faults"]}, "group": group})
    known = {row["id"]: row for row in made if "id" in row}
    for row in read("heard.jsonl"):
        made.append({**known[row["id"]], "text": row["text"], "heard": True})
    for row in read("phrases.jsonl"):
        made.append({**row, "labels": {row["criterion"]: row["met"]}, "group": "phrases"})
    return made


def evidence(text: str, intent: Any) -> Evidence:
    return engine.evidence(from_text(text), intent, replace(load(), model=None))


def decided(call: Evidence, id_: str) -> Hit | None:
    return (items.DECISIONS if id_ in ITEMS else faults.DECISIONS)[id_](call)


def features(call: Evidence) -> dict[str, float]:
    built = call_features(call.intent, call.tokens, call.hits, list(call.moments))
    return {feature: value_of(feature) for feature in (*built, *call.plain, *token_pairs(call.plain))}


def fit(x: Any, y: Any) -> Any:
    """L2 logistic regression by Newton's method in the span of the documents; the last column is the bias."""
    kernel = x @ x.T
    a = np.zeros(len(y))
    for _ in range(12):
        p = 1 / (1 + np.exp(-(kernel @ a)))
        slope = p * (1 - p) + 1e-9
        step = np.linalg.solve(slope[:, None] * kernel + np.eye(len(y)) / STRENGTH, y - p - a / STRENGTH)
        a += step
        if np.abs(step).max() < 1e-7:
            break
    return x.T @ a


def f1(y: Any, p: Any) -> float:
    return float(2 * (y & p).sum() / max(1, y.sum() + p.sum()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    rows = documents()
    calls = [evidence(row["text"], row["intent"]) for row in rows]
    made = [features(call) for call in calls]
    often = Counter(feature for one in made for feature in one)
    names = sorted(feature for feature, count in often.items() if count >= SELDOM)
    column = {name: index for index, name in enumerate(names)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, -1] = 1.0
    for index, one in enumerate(made):
        for feature, value in one.items():
            if feature in column:
                x[index, column[feature]] = value
    groups = np.array([row["group"] for row in rows])
    out: dict[str, Any] = {}
    print(f"{len(rows)} texts, {len(names)} features; F1 on writers left out: patterns, with votes")
    for id_, (found, kept) in VOTES.items():
        chosen = np.array([i for i, row in enumerate(rows) if id_ in row["labels"]])
        y = np.array([bool(rows[i]["labels"][id_]) for i in chosen])
        rule = np.array([decided(calls[i], id_) is not None for i in chosen])
        odds = np.zeros(len(chosen))
        for group in sorted(set(groups[chosen]) - {"phrases"}):
            test = groups[chosen] == group
            weights = fit(x[chosen[~test]], y[~test].astype(float))
            weights[:-1][np.abs(weights[:-1]) < SMALLEST] = 0.0
            odds[test] = x[chosen[test]] @ weights
        real = np.array([groups[i] != "phrases" and "heard" not in rows[i] for i in chosen])
        voted = np.where(rule, odds > kept, odds > found)
        kind = "item" if id_ in ITEMS else "fault" if id_ in FAULTS else "?"
        print(f"  {id_:14} {kind:5} {f1(y[real], rule[real]):.3f} {f1(y[real], voted[real]):.3f}")
        weights = fit(x[chosen], y.astype(float))
        out[id_] = {
            "bias": round(float(weights[-1]), 4),
            "found": found,
            "kept": kept,
            "weights": {n: round(float(w), 3) for n, w in zip(names, weights, strict=False) if abs(w) >= SMALLEST},
        }
    if arguments.write:
        WEIGHTS.write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"wrote {WEIGHTS.relative_to(ROOT)}, {WEIGHTS.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
