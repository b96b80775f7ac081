"""Fit the local grader's coefficients and calibrate them on single points; prints what it measured, writes the weights.

    python scripts/fit_grading.py --encoder FOLDER --collections FOLDER --write

COLLECTIONS holds scientsbank_dev.jsonl, beetle.jsonl and saf_en.jsonl (rows: question, references, answer, score 0..1).
DEVELOPMENT holds our own answers labelled point by point. CONTENT holds chapters, of which every second is used: what
their authors give as other ways to say the points of a question is taken as an answer to it, whole and by half, and as
an answer to the next question of the chapter, which it does not answer. Each of the five weighs the same.
Nothing here is needed to run the tutor.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.stats import pearsonr

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tutor.domain.text import sentences
from tutor.grading.evidence import find, read_answer, stand
from tutor.grading.features import NAMES, Question, Reader, Reading, read, read_question
from tutor.grading.weights import COVERED_AT, MISSING_AT, PHRASING_DISCOUNT
from tutor.library.parser import parse_chapter
from tutor.retrieval.encoder import Encoder

COLLECTIONS = {
    "scientsbank": ("scientsbank_dev.jsonl", "SemEval-2013 task 7, SciEntsBank", "CC-BY-SA"),
    "beetle": ("beetle.jsonl", "SemEval-2013 task 7, Beetle", "CC-BY-SA"),
    "saf": ("saf_en.jsonl", "Short Answer Feedback, communication networks (English)", "MIT"),
}
HONEST = frozenset({"full", "partial", "near", "off-topic", "ramble", "ramble-empty", "reference"})
"""Kinds of development answers that say what they mean; the others are for guards and the contradiction channel."""
OWN = ("development", "varied")
"""The sets of labelled answers that are fitted on; the others never are."""
RIDGE = 3e-4
HALF = 0.5
ROUNDS = 4
"""The coefficients and the phrasings they prefer settle in so many."""
FALSE_CREDIT = 0.07
"""So many of the points that an answer leaves out may be called covered, for the sake of those said in other words."""
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
        if text not in questions:
            questions[text] = read_question(text, encoder)
        question = questions[text]
        for reference in row["references"]:
            if (text, reference) not in kept:
                kept[text, reference] = read(sentences(reference)[:20] or [reference], encoder, question)
        answer = read_answer(row["answer"], encoder, question, frozenset())
        means = []
        for reference in row["references"]:
            points = kept[text, reference]
            standing = stand([[point] for point in points], answer, question)
            every = [True] * len(answer.units)
            found = [find(point, i, answer, standing, every) for i, point in enumerate(points)]
            means.append(np.mean([f.features if f else np.zeros(len(NAMES)) for f in found], axis=0))
        features.append(max(means, key=lambda m: float(m.sum())))
        scores.append(float(row["score"]))
    return np.array(features), np.array(scores)


@dataclass(frozen=True)
class Point:
    """One point of one answer with what a person says of it."""

    question: str
    whole: bool
    """Of an answer of our own, written as one; chapters only lend their phrasings."""
    covered: bool
    features: Matrix
    """(phrasings, 7)."""


def point_features(points: Sequence[Sequence[Reading]], text: str, question: Question, encoder: Reader) -> list[Matrix]:
    """Features of each phrasing of each point in an answer."""
    answer = read_answer(text, encoder, question, frozenset())
    standing = stand(points, answer, question)
    every = [True] * len(answer.units)
    return [
        np.array([f.features for f in (find(p, i, answer, standing, every) for p in phrasings) if f])
        if answer.units
        else np.zeros((1, len(NAMES)))
        for i, phrasings in enumerate(points)
    ]


def development_points(folder: Path, encoder: Reader) -> list[Point]:
    """Our own answers, those of honest kinds, with the labels given to each point; with and without other phrasings."""
    out = []
    for stem in OWN:
        questions = {row["id"]: row for row in rows_of(folder / f"{stem}_questions.jsonl")}
        for row in rows_of(folder / f"{stem}_answers.jsonl"):
            asked = questions[row["question_id"]]
            question = read_question(asked["question"], encoder)
            for most in (1, None):
                points = [read([p["text"], *p["also"]][:most], encoder, question) for p in asked["points"]]
                features = point_features(points, row["answer"], question, encoder)
                labels = [row["points"][p["id"]] for p in asked["points"]]
                for label, values in zip(labels, features, strict=True):
                    if row["kind"] in HONEST and label in ("covered", "missing"):
                        out.append(Point(row["question_id"], True, label == "covered", values))
    return out


def content_points(folder: Path, encoder: Reader) -> list[Point]:
    """Authored phrasings as answers: to their own question whole and by half, without themselves, and to the next."""
    chance, out = random.Random(3), []
    for path in sorted(folder.glob("*/*.md"))[::2]:
        chapter = parse_chapter(path.read_text(encoding="utf-8"), path=str(path), track_id="rag", section_id="any")
        questions = [q for q in chapter.questions if len(q.points) > 1 and all(point.also for point in q.points)]
        for n, question in enumerate(questions):
            asked = read_question(question.text, encoder)
            readings = [read(list(point.phrasings), encoder, asked) for point in question.points]
            k = chance.randrange(min(len(point.also) for point in question.points))
            order = chance.sample(range(len(readings)), len(readings))
            half = set(order[: max(1, len(order) // 2)])
            other = questions[(n + 1) % len(questions)]
            answers = [
                (" ".join(question.points[i].also[k] for i in order), set(order), True),
                (" ".join(question.points[i].also[k] for i in order if i in half), half, True),
                (" ".join(point.also[0] for point in other.points), set[int](), False),
            ]
            for text, said, own in answers if len(questions) > 1 else answers[:2]:
                for points in ([r[:1] for r in readings], [r[: k + 1] + r[k + 2 :] if own else r for r in readings]):
                    features = point_features(points, text, asked, encoder)
                    out += [Point(question.id, False, i in said, f) for i, f in enumerate(features)]
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


def raw(point: Point, theta: Matrix) -> float:
    """The best of the point's phrasings, less what their number costs."""
    best: float = (point.features @ theta[:-1]).max() + theta[-1]
    return best - PHRASING_DISCOUNT * float(np.log(len(point.features)))


def matrices(points: Sequence[Point], theta: Matrix) -> tuple[Matrix, Matrix]:
    """Features (n, 7) of the best phrasing under these coefficients, and labels 0 or 1."""
    best = [p.features[int((p.features @ theta[:-1]).argmax())] for p in points]
    return np.array(best), np.array([float(p.covered) for p in points])


def report(sets: Sets, points: dict[str, list[Point]]) -> None:
    """Print leave-one-collection-out correlation, and rates on single points by folds of questions."""
    theta, _, _ = fit_and_calibrate(sets, points)
    every = sets | {name: matrices(found, theta) for name, found in points.items()}
    print(f"{'left out':12} {'rows':>6} {'Pearson r':>10}")
    for name, (x, y) in every.items():
        theta = fit(every, left_out=name)
        p = 1 / (1 + np.exp(-(x @ theta[:-1] + theta[-1])))
        print(f"{name:12} {len(y):6d} {pearsonr(p, y)[0]:10.3f}")
    print("\nsingle points, six folds by question (rows: what a person says; columns: what the engine says)")
    print(f"{'':12} {'':8} {'n':>5} {'covered':>8} {'unsure':>8} {'missing':>8}")
    for name, (p, y) in _held_out(sets, points).items():
        for label, value in (("covered", 1.0), ("missing", 0.0)):
            mine = p[y == value]
            between = ((mine > MISSING_AT) & (mine < COVERED_AT)).mean()
            shares = (mine >= COVERED_AT).mean(), between, (mine <= MISSING_AT).mean()
            print(f"{name:12} {label:8} {len(mine):5d} " + " ".join(f"{share:8.3f}" for share in shares))


def _held_out(sets: Sets, points: dict[str, list[Point]]) -> Sets:
    names = sorted({p.question for found in points.values() for p in found})
    random.Random(5).shuffle(names)
    fold = {name: i % 6 for i, name in enumerate(names)}
    out = {n: (np.zeros(len(found)), np.array([float(p.covered) for p in found])) for n, found in points.items()}
    for k in range(6):
        kept = {n: [p for p in found if fold[p.question] != k] for n, found in points.items()}
        theta, slope, shift = fit_and_calibrate(sets, kept)
        for name, found in points.items():
            for i, point in enumerate(found):
                if fold[point.question] == k:
                    out[name][0][i] = 1 / (1 + np.exp(-(slope * raw(point, theta) + shift)))
    return out


def fit_and_calibrate(sets: Sets, points: dict[str, list[Point]]) -> tuple[Matrix, float, float]:
    """Coefficients on all sets, each point by the phrasing that the coefficients before prefer; then the slope.

    The shift lets `FALSE_CREDIT` of the points that our own whole answers leave out be called covered.
    """
    theta = np.append(np.ones(len(NAMES)), 0.0)
    for _ in range(ROUNDS):
        theta = fit(sets | {name: matrices(found, theta) for name, found in points.items()})
    scored = {name: np.array([raw(p, theta) for p in found]) for name, found in points.items()}
    labels = {name: np.array([float(p.covered) for p in found]) for name, found in points.items()}
    times = max(1, round(len(scored["chapters"]) / len(scored["own"])))
    both = np.concatenate([scored["own"]] * times + [scored["chapters"]])
    slope, _ = calibrate(both, np.concatenate([labels["own"]] * times + [labels["chapters"]]))
    bound = float(np.quantile(scored["own"][labels["own"] < HALF], 1 - FALSE_CREDIT))
    return theta, slope, float(np.log(COVERED_AT / (1 - COVERED_AT)) - slope * bound)


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--collections", type=Path, required=True)
    parser.add_argument("--development", type=Path, default=Path("tests/grading/data"))
    parser.add_argument("--content", type=Path, default=Path("content/rag"))
    parser.add_argument("--rows", type=int, default=1800)
    parser.add_argument("--write", action="store_true", help="write tutor/grading/local_weights.json")
    given = parser.parse_args()
    encoder = Encoder(given.encoder)
    sets: Sets = {}
    for name, (file, _, _) in COLLECTIONS.items():
        sets[name] = collection_features(rows_of(given.collections / file, given.rows), encoder)
    points = {
        "own": development_points(given.development, encoder),
        "chapters": content_points(given.content, encoder),
    }
    report(sets, points)
    theta, slope, shift = fit_and_calibrate(sets, points)
    weights = {
        "version": "local-2",
        "made_by": f"scripts/fit_grading.py --rows {given.rows}",
        "encoder": encoder.version,
        "data": [{"name": n, "licence": licence, "rows": len(sets[k][1])} for k, (_, n, licence) in COLLECTIONS.items()]
        + [{"name": f"{n} of this project", "licence": "MIT", "rows": len(found)} for n, found in points.items()],
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
