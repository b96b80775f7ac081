"""Measure the local grader and print tables: our own labelled answers, and public human answers if a folder is given.

python scripts/eval_grading.py --encoder FOLDER [--stem development] [--collections FOLDER] [--list]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tutor.domain.content import KeyPoint, Misconception, digest
from tutor.domain.grade import Grade, PointStatus
from tutor.domain.settings import EngineChoice
from tutor.grading.grader import Grader
from tutor.grading.guards import foreign_language, is_echo, is_soup, judged_in_code, screen
from tutor.grading.local import LocalEngine
from tutor.grading.task import GradingTask, task_from_text
from tutor.retrieval.encoder import Encoder


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def task_of(question: dict[str, Any], answer: str, *, bare: bool = False) -> GradingTask:
    """A task from a development question; `bare` leaves out what only an author writes (phrasings, contrast)."""
    points = tuple(
        KeyPoint(p["id"], p["text"], p["essential"], () if bare else tuple(p["also"])) for p in question["points"]
    )
    wrong = () if bare else tuple(Misconception(text) for text in question["misconceptions"])
    contrast = () if bare else tuple(question["contrast"])
    revision = digest(question["question"], question["reference"], str(bare))
    return GradingTask(
        question["id"], question["question"], question["reference"], points, wrong, contrast, answer, (), revision
    )


def own_answers(grader: Grader, folder: Path, stem: str, *, bare: bool, listing: bool) -> None:
    """Statuses by kind of answer and label, verdicts by kind, and every departure from the labels if wanted."""
    questions = {row["id"]: row for row in rows_of(folder / f"{stem}_questions.jsonl")}
    statuses: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    scores: dict[str, list[float]] = defaultdict(list)
    for row in rows_of(folder / f"{stem}_answers.jsonl"):
        grade = grader.grade(task_of(questions[row["question_id"]], row["answer"], bare=bare))
        verdicts[row["kind"]][str(grade.verdict)] += 1
        scores[row["kind"]].append(grade.score or 0.0)
        for point in grade.points:
            label = row["points"][point.id]
            statuses[row["kind"], label][str(point.status)] += 1
            if listing and label != "any" and str(point.status) != label:
                print(f"  {row['id']} {point.id}: {label} -> {point.status} {point.credit:.2f} | {point.evidence!r}")
    names = [str(status) for status in PointStatus]
    print(f"\n{stem}{' (bare)' if bare else ''}\n{'kind':18} {'label':13}" + "".join(f"{n:>13}" for n in names))
    for (kind, label), counts in sorted(statuses.items()):
        print(f"{kind:18} {label:13}" + "".join(f"{counts[n]:13d}" for n in names))
    print()
    for kind, counts in sorted(verdicts.items()):
        print(f"{kind:18} mean score {sum(scores[kind]) / len(scores[kind]):.2f}  {dict(counts)}")


def public_answers(grader: Grader, folder: Path, limit: int) -> None:
    """Correlation of the score with human scores, false alarms of guards and contradictions on full-mark answers."""
    print(
        f"\n{'collection':22} {'n':>5} {'r':>6} {'graded':>7} {'full marks: guard':>18} {'contradicted':>13} "
        f"{'unsure':>7} {'score':>6}"
    )
    for file in sorted(folder.glob("*.jsonl")):
        rows = [r for r in rows_of(file) if r["answer"].strip()]
        rows = random.Random(2).sample(rows, min(limit, len(rows)))
        pairs, full = [], []
        for row in rows:
            task = _public_task(row)
            grade = grader.grade(task)
            if grade.score is not None:
                pairs.append((grade.score, float(row["score"])))
            if float(row["score"]) >= 0.99:
                full.append((grade, _stopped(task)))
        alarms = sum(stopped for _, stopped in full) / len(full)
        against = sum(_has(g, PointStatus.CONTRADICTED) for g, _ in full) / len(full)
        unsure = sum(str(g.verdict) == "unsure" for g, _ in full) / len(full)
        mean = sum(g.score or 0.0 for g, _ in full) / len(full)
        print(
            f"{file.stem:22} {len(rows):5d} {_pearson(pairs):6.3f} {len(pairs) / len(rows):7.3f} {alarms:18.3f} "
            f"{against:13.3f} {unsure:7.3f} {mean:6.2f}"
        )


def guards_only(folder: Path) -> None:
    """How often each guard stops a human answer with full marks."""
    print(
        f"\n{'full-mark answers':22} {'n':>5} {'stopped':>8} {'soup':>7} {'echo':>7} {'injection':>10} {'language':>9}"
    )
    for file in sorted(folder.glob("*.jsonl")):
        rows = [r for r in rows_of(file) if r["answer"].strip() and float(r["score"]) >= 0.99]
        tasks = [_public_task(r) for r in rows]
        counts = [
            sum(_stopped(t) for t in tasks),
            sum(is_soup(t.answer) for t in tasks),
            sum(is_echo(t.question, t.answer, t.reference) for t in tasks),
            sum(bool(screen(t).quarantined) for t in tasks),
            sum(bool(foreign_language(t.answer)) for t in tasks),
        ]
        shares = [count / len(rows) for count in counts]
        print(
            f"{file.stem:22} {len(rows):5d} "
            + " ".join(f"{s:{w}.4f}" for s, w in zip(shares, (8, 7, 7, 10, 9), strict=True))
        )


def _public_task(row: dict[str, Any]) -> GradingTask:
    task = task_from_text(row["question"], row["references"][0], None, row["answer"])
    if len(row["references"]) == 1 or len(task.points) != 1:
        return task
    point = KeyPoint(task.points[0].id, task.points[0].text, also=tuple(row["references"][1:]))
    return GradingTask(
        "", task.question, task.reference, (point,), (), (), row["answer"], (), digest(task.revision, *point.also)
    )


def _stopped(task: GradingTask) -> bool:
    return judged_in_code(task) is not None or bool(foreign_language(task.answer))


def _has(grade: Grade, status: PointStatus) -> bool:
    return any(point.status is status for point in grade.points)


def _pearson(pairs: list[tuple[float, float]]) -> float:
    n = len(pairs)
    mean_x, mean_y = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    xy = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    xx, yy = sum((x - mean_x) ** 2 for x, _ in pairs), sum((y - mean_y) ** 2 for _, y in pairs)
    return xy / (xx * yy) ** 0.5 if xx and yy else 0.0


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--development", type=Path, default=Path("tests/grading/data"))
    parser.add_argument("--stem", default="development")
    parser.add_argument("--collections", type=Path)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--list", action="store_true", help="print every point judged otherwise than its label")
    given = parser.parse_args()
    engine = LocalEngine(Encoder(given.encoder), lambda: datetime.now(UTC))
    grader = Grader(lambda: engine, None, EngineChoice.LOCAL)
    began = time.process_time()
    own_answers(grader, given.development, given.stem, bare=False, listing=given.list)
    own_answers(grader, given.development, given.stem, bare=True, listing=False)
    print(f"\n{time.process_time() - began:.1f} s of CPU")
    if given.collections:
        guards_only(given.collections)
        public_answers(grader, given.collections, given.rows)


if __name__ == "__main__":
    main()
