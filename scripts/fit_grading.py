"""Fit the local grader's coefficients and calibrate them on single points; prints what it measured, writes the weights.

    python scripts/fit_grading.py --encoder FOLDER --collections FOLDER --development tests/grading/data --write

COLLECTIONS holds scientsbank_dev.jsonl, beetle.jsonl and saf_en.jsonl (rows: question, references, answer, score 0..1).
DEVELOPMENT holds our own answers labelled point by point; it is one more collection, and the calibration is made on it.
Nothing here is needed to run the tutor.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.stats import pearsonr

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tutor.domain.text import sentences
from tutor.grading.evidence import find, read_answer
from tutor.grading.features import NAMES, Question, Reader, Reading, read, read_question
from tutor.grading.weights import COVERED_AT, MISSING_AT
from tutor.retrieval.encoder import Encoder

COLLECTIONS = {
    "scientsbank": ("scientsbank_dev.jsonl", "SemEval-2013 task 7, SciEntsBank", "CC-BY-SA"),
    "beetle": ("beetle.jsonl", "SemEval-2013 task 7, Beetle", "CC-BY-SA"),
    "saf": ("saf_en.jsonl", "Short Answer Feedback, communication networks (English)", "MIT"),
}
HONEST = frozenset({"full", "partial", "near", "off-topic", "ramble", "ramble-empty", "reference"})
"""Kinds of development answers that say what they mean; the others are for guards and the contradiction channel."""
RIDGE = 1e-3
Matrix = np.ndarray[Any, np.dtype[np.float64]]
Sets = dict[str, tuple[Matrix, Matrix]]


def rows_of(path: Path, limit: int | None = None) -> list[dict[str, Any]]:
    """The rows of a JSONL file; with a limit, a fixed random sample."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if limit is not None and len(rows) > limit:
        rows = random.Random(1).sample(rows, limit)
    return rows


def collection_features(rows: list[dict[str, Any]], encoder: Reader) -> tuple[Matrix, Matrix]:
    """Mean features over the sentences of the best reference, and the human scores."""
    kept: dict[tuple[str, str], list[Reading]] = {}
    questions: dict[str, Question] = {}
    features, scores = [], []
    for row in (r for r in rows if r["answer"].strip()):
        text = row["question"]
        question = questions.setdefault(text, read_question(text, encoder)) if text not in questions else questions[text]
        for reference in row["references"]:
            if (text, reference) not in kept:
                kept[text, reference] = read(sentences(reference)[:20] or [reference], encoder, question)
        answer = read_answer(row["answer"], encoder, question, frozenset())
        means = []
        for reference in row["references"]:
            found = [find(point, answer, question) for point in kept[text, reference]]
            means.append(np.mean([f.features if f else np.zeros(len(NAMES)) for f in found], axis=0))
        features.append(max(means, key=lambda m: float(m.sum())))
        scores.append(float(row["score"]))
    return np.array(features), np.array(scores)


def point_features(folder: Path, stem: str, encoder: Reader) -> list[tuple[str, str, str, list[Matrix]]]:
    """(question id, kind, label, features of each phrasing) for every point of every answer of our own."""
    questions = {row["id"]: row for row in rows_of(folder / f"{stem}_questions.jsonl")}
    read_once: dict[str, tuple[Question, dict[str, list[Reading]]]] = {}
    for row in questions.values():
        asked = read_question(row["question"], encoder)
        points = {p["id"]: read([p["text"], *p["also"]], encoder, asked) for p in row["points"]}
        read_once[row["id"]] = asked, points
    out = []
    for row in rows_of(folder / f"{stem}_answers.jsonl"):
        asked, points = read_once[row["question_id"]]
        answer = read_answer(row["answer"], encoder, asked, frozenset())
        for point_id, phrasings in points.items():
            found = [f.features for f in (find(p, answer, asked) for p in phrasings) if f]
            if found:
                out.append((row["question_id"], row["kind"], row["points"][point_id], found))
    return out


def fit(sets: Sets, *, left_out: str = "") -> Matrix:
    """Logistic with non-negative coefficients and a free intercept (last), each collection weighing the same."""
    used = [(x, y) for name, (x, y) in sets.items() if name != left_out]
    x, y = np.concatenate([x for x, _ in used]), np.concatenate([y for _, y in used])
    weight = np.concatenate([np.full(len(y), 1 / len(y)) for _, y in used]) / len(used)

    def loss(theta: Matrix) -> tuple[float, Matrix]:
        p = 1 / (1 + np.exp(-(x @ theta[:-1] + theta[-1])))
        cost = -(weight * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum()
        error = weight * (p - y)
        gradient = np.append(x.T @ error + 2 * RIDGE * theta[:-1], error.sum())
        return float(cost + RIDGE * (theta[:-1] ** 2).sum()), gradient

    start = np.append(np.ones(x.shape[1]), -3.0)
    bounds = [(0.0, None)] * x.shape[1] + [(None, None)]
    result: Matrix = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return result


def calibrate(z: Matrix, y: Matrix) -> tuple[float, float]:
    """Slope and shift of a logistic over the raw score, each label weighing half (Platt, balanced)."""
    weight = np.where(y > 0.5, 0.5 / max(1.0, y.sum()), 0.5 / max(1.0, (1 - y).sum()))

    def loss(theta: Matrix) -> float:
        p = 1 / (1 + np.exp(-np.clip(theta[0] * z + theta[1], -30, 30)))
        return float(-(weight * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum() + 1e-3 * theta[0] ** 2)

    result = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(result[0]), float(result[1])


def development_set(points: list[tuple[str, str, str, list[Matrix]]]) -> tuple[Matrix, Matrix, list[str]]:
    """Features of the best phrasing, 1 for covered and 0 for missing, question ids; honest kinds only."""
    kept = [p for p in points if p[1] in HONEST and p[2] in ("covered", "missing")]
    x = np.array([max(found, key=lambda f: float(f.sum())) for _, _, _, found in kept])
    return x, np.array([float(label == "covered") for _, _, label, _ in kept]), [q for q, _, _, _ in kept]


def report(sets: Sets, questions: list[str]) -> None:
    """Print leave-one-collection-out correlation and leave-one-question-out rates on our own points."""
    print(f"{'left out':12} {'rows':>6} {'Pearson r':>10}")
    for name, (x, y) in sets.items():
        theta = fit(sets, left_out=name)
        p = 1 / (1 + np.exp(-(x @ theta[:-1] + theta[-1])))
        print(f"{name:12} {len(y):6d} {pearsonr(p, y)[0]:10.3f}")
    x, y = sets["development"]
    held = np.array(questions)
    p = np.zeros(len(y))
    for question in sorted(set(questions)):
        out = held == question
        theta = fit({**sets, "development": (x[~out], y[~out])})
        z = x @ theta[:-1] + theta[-1]
        slope, shift = calibrate(z[~out], y[~out])
        p[out] = 1 / (1 + np.exp(-(slope * z[out] + shift)))
    print("\nour own points, leave one question out (rows: what a person says; columns: what the engine says)")
    print(f"{'':10} {'n':>5} {'covered':>8} {'unsure':>8} {'missing':>8}")
    for name, value in (("covered", 1.0), ("missing", 0.0)):
        mine = p[y == value]
        shares = (mine >= COVERED_AT).mean(), ((mine > MISSING_AT) & (mine < COVERED_AT)).mean(), (mine <= MISSING_AT).mean()
        print(f"{name:10} {len(mine):5d} " + " ".join(f"{share:8.3f}" for share in shares))


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--collections", type=Path, required=True)
    parser.add_argument("--development", type=Path, default=Path("tests/grading/data"))
    parser.add_argument("--rows", type=int, default=1800)
    parser.add_argument("--write", action="store_true", help="write tutor/grading/local_weights.json")
    given = parser.parse_args()
    encoder = Encoder(given.encoder)
    sets: Sets = {}
    for name, (file, _, _) in COLLECTIONS.items():
        sets[name] = collection_features(rows_of(given.collections / file, given.rows), encoder)
    x, y, questions = development_set(point_features(given.development, "development", encoder))
    sets["development"] = x, y
    report(sets, questions)
    theta = fit(sets)
    slope, shift = calibrate(x @ theta[:-1] + theta[-1], y)
    weights = {
        "version": "local-1",
        "made_by": f"scripts/fit_grading.py --rows {given.rows}",
        "encoder": encoder.version,
        "data": [{"name": n, "licence": licence, "rows": len(sets[k][1])} for k, (_, n, licence) in COLLECTIONS.items()]
        + [{"name": "development answers of this project", "licence": "MIT", "rows": len(y)}],
        "coefficients": {n: round(float(c), 4) for n, c in zip(NAMES, theta[:-1], strict=True)},
        "intercept": round(float(theta[-1]), 4),
        "calibration": {"slope": round(slope, 4), "shift": round(shift, 4)},
    }
    print(json.dumps(weights, indent=2))
    if given.write:
        target = Path(__file__).resolve().parents[1] / "tutor" / "grading" / "local_weights.json"
        target.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
