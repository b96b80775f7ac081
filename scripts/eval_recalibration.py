"""Measure what a learner's own labels do to the local grader's probabilities, and print tables.

    python scripts/eval_recalibration.py --encoder FOLDER --collections FOLDER

COLLECTIONS holds the files that `fit_grading.py` names. Each collection in turn plays the learner's subject: the
coefficients are fitted on the others, k of its answers are labelled, and the rest are judged, twelve draws of k. An
answer is right when people gave it at least 0.75. The second table lets a learner contest only what is wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from fit_grading import COLLECTIONS, Matrix, Sets, collection_features, fit, rows_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tutor.grading.recalibration import IDENTITY, Label, Recalibration, recalibrate
from tutor.grading.weights import COVERED_AT, MISSING_AT
from tutor.retrieval.encoder import Encoder

DRAWS = 12
BINS = 10
RIGHT = 0.75
CONTESTS = 0.7
"""How often a learner who finds a wrong verdict says so; what they do not notice, they pass over."""

Learn = Callable[[Sequence[Label]], Recalibration]


def calibration_error(p: Matrix, y: Matrix) -> float:
    """Expected calibration error over ten equal bins: mean distance of said and true share, weighed by size."""
    which = np.minimum((p * BINS).astype(int), BINS - 1)
    parts = [(which == b).sum() * abs(p[which == b].mean() - y[which == b].mean()) for b in set(which.tolist())]
    return float(sum(parts) / len(p))


def macro_f1(p: Matrix, y: Matrix) -> float:
    """Mean of the F1 of right and of wrong, cut at one half."""
    said, scores = p >= 0.5, []
    for value in (True, False):
        both = ((said == value) & ((y > 0.5) == value)).sum()
        scores.append(2 * both / max(1, (said == value).sum() + ((y > 0.5) == value).sum()))
    return float(np.mean(scores))


def accuracy(p: Matrix, y: Matrix, share: float) -> float:
    """Of the surest answers, how many are called what they are."""
    sure = np.argsort(-np.abs(p - 0.5), kind="stable")[: max(1, int(share * len(p)))]
    return float(((p[sure] >= 0.5) == (y[sure] > 0.5)).mean())


def measures(p: Matrix, y: Matrix) -> list[float]:
    """Calibration error, macro-F1, accuracy of all, of the surest 70 %, 50 % and 30 %."""
    return [calibration_error(p, y), macro_f1(p, y), *(accuracy(p, y, share) for share in (1.0, 0.7, 0.5, 0.3))]


def after(learn: Learn, raw: Matrix, y: Matrix, labels: Callable[[random.Random], dict[int, Label]]) -> list[float]:
    """The measures on what was not labelled, averaged over the draws."""
    drawn = []
    for draw in range(DRAWS):
        given = labels(random.Random(draw))
        rest = np.array([n for n in range(len(raw)) if n not in given])
        learned = learn(list(given.values()))
        drawn.append(measures(np.array([learned(float(p)) for p in raw[rest]]), y[rest]))
    return [float(value) for value in np.mean(drawn, axis=0)]


def at_random(raw: Matrix, y: Matrix, k: int) -> Callable[[random.Random], dict[int, Label]]:
    """The learner judges k answers, whichever come."""

    def labels(chance: random.Random) -> dict[int, Label]:
        return {n: Label(float(raw[n]), float(y[n]), judged=True) for n in chance.sample(range(len(raw)), k)}

    return labels


def complaining(raw: Matrix, y: Matrix, k: int, *, passed: bool) -> Callable[[random.Random], dict[int, Label]]:
    """The learner goes on until k wrong verdicts are contested; with `passed`, what they pass over is a label too."""

    def labels(chance: random.Random) -> dict[int, Label]:
        found: dict[int, Label] = {}
        contested = 0
        for n in chance.sample(range(len(raw)), len(raw)):
            p, had = float(raw[n]), bool(y[n])
            wrong = (p >= COVERED_AT and not had) or (p <= MISSING_AT and had)
            if wrong and chance.random() < CONTESTS:
                found[n] = Label(p, float(had), judged=True)
                contested += 1
            elif passed and (p >= COVERED_AT or p <= MISSING_AT):
                found[n] = Label(p, p, judged=False)
            if contested == k or len(found) > len(raw) // 2:
                break
        return found

    return labels


def held_out(encoder: Encoder, folder: Path, limit: int) -> dict[str, tuple[Matrix, Matrix]]:
    """For each collection and split the probabilities of a model that saw the other collections, and the labels."""
    sets: Sets = {}
    kept: dict[str, tuple[str, Matrix, Matrix]] = {}
    for name, (file, _, _) in COLLECTIONS.items():
        rows = [row for row in rows_of(folder / file) if row["answer"].strip()]
        training = [row for row in rows if row["split"] == "train"]
        sets[name] = collection_features(random.Random(1).sample(training, min(limit, len(training))), encoder)
        for split in ("UA", "UQ"):
            mine = [row for row in rows if row["split"] == split]
            if mine:
                kept[f"{name} {split}"] = (name, *collection_features(mine, encoder))
    out = {}
    for title, (name, x, scores) in kept.items():
        theta = fit(sets, left_out=name)
        out[title] = 1 / (1 + np.exp(-(x @ theta[:-1] + theta[-1]))), (scores >= RIGHT).astype(float)
    return out


def tables(found: dict[str, tuple[Matrix, Matrix]]) -> None:
    """Print both tables."""
    head = f"{'':18} {'k':>4} {'ECE':>6} {'F1':>6} {'all':>6} {'70 %':>6} {'50 %':>6} {'30 %':>6}"
    print(f"labels at random\n{head}")
    for title, (raw, y) in found.items():
        for k in (0, 20, 50, 100):
            learn = recalibrate if k else (lambda _: IDENTITY)
            values = after(learn, raw, y, at_random(raw, y, k))
            print(f"{title if not k else '':18} {k:4d} " + " ".join(f"{v:6.3f}" for v in values))
    print(f"\nonly wrong verdicts contested\n{head}")
    for title, (raw, y) in found.items():
        print(f"{title:18} {0:4d} " + " ".join(f"{v:6.3f}" for v in measures(raw, y)))
        for k in (20, 50):
            for name, passed in (("complaints alone", False), ("with passed over", True)):
                values = after(recalibrate, raw, y, complaining(raw, y, k, passed=passed))
                print(f"  {name:16} {k:4d} " + " ".join(f"{v:6.3f}" for v in values))


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--collections", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=800, help="answers of each collection to fit on")
    given = parser.parse_args()
    tables(held_out(Encoder(given.encoder), given.collections, given.rows))


if __name__ == "__main__":
    main()
