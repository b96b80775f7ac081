"""Owns collections of human-graded answers: reading their rows, and putting each through the app's own grader.

A row is a JSON object with id, dataset, qid, split, question, references (a list), answer, score (0..1) and, where the
source has them, label2 (correct | incorrect) and label3 (correct | incorrect | contradictory).
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tutor.domain.content import KeyPoint, digest
from tutor.domain.grade import Grade, Outcome, PointStatus, Verdict
from tutor.grading.guards import judged_in_code, screen
from tutor.grading.languages import foreign_language
from tutor.grading.task import GradingTask, task_from_text

HALF = 0.5
FULL_MARKS = 0.99
GOOD = 0.8
SEED = 2
Row = dict[str, Any]


@dataclass(frozen=True)
class Outcomes:
    """What people and the grader said of one answer."""

    human: float
    """0..1."""
    correct: bool
    """label2 where the source has one, else a score of a half or more."""
    label3: str
    """correct | incorrect | contradictory; empty where the source has none."""
    score: float | None
    """The grader's, 0..1; None when it did not grade."""
    passed: bool
    """Read as strong or good."""
    abstained: bool
    """An unsure verdict, or not graded."""
    contradicted: bool
    """Some point called contradicted, or a misconception found."""
    stopped: bool
    """Judged by the guards, or found to be in another language, so that no engine read it."""
    seconds: float

    @property
    def called3(self) -> str:
        """The grader's verdict in the words of label3."""
        if self.contradicted:
            return "contradictory"
        return "correct" if (self.score or 0.0) >= HALF else "incorrect"


def files_of(places: Iterable[Path]) -> list[Path]:
    """The JSONL files named, and those in the folders named. Raises SystemExit with a sentence for a wrong name."""
    files: list[Path] = []
    for place in places:
        found = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
        if not found or not found[0].is_file():
            raise SystemExit(f"{place}: no such file, or a folder without *.jsonl. Name graded answers as JSON Lines.")
        files += found
    return files


def groups_of(file: Path, sample: int | None) -> dict[str, list[Row]]:
    """The rows by `dataset split`; with a sample, at most so many of each, always the same ones."""
    groups: dict[str, list[Row]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            groups.setdefault(f"{row.get('dataset', file.stem)} {row.get('split', '')}".strip(), []).append(row)
    if sample is None:
        return groups
    return {name: random.Random(SEED).sample(rows, min(sample, len(rows))) for name, rows in groups.items()}


def tasks_of(row: Row) -> list[GradingTask]:
    """The answer against each of its references; the best grade counts.

    References of one sentence each are other ways to say one point, and make one task.
    """
    tasks = [task_from_text(row["question"], text, None, row["answer"]) for text in row["references"]]
    if any(len(task.points) != 1 for task in tasks):
        return tasks
    first = tasks[0]
    point = KeyPoint(first.points[0].id, first.points[0].text, also=tuple(t.points[0].text for t in tasks[1:]))
    return [replace(first, points=(point,), revision=digest(first.revision, *point.also))]


def guard_alarms(file: Path) -> tuple[Counter[str], int]:
    """What the guards say of human answers scored 0.8 or more, each a false alarm, and how many answers those are.

    Sentences quarantined as spoken to the grader, and answers taken for another language, are among them.
    """
    rows = [row for rows in groups_of(file, None).values() for row in rows]
    good = [row for row in rows if float(row["score"]) >= GOOD and row["answer"].strip()]
    found: Counter[str] = Counter()
    for row in good:
        task = tasks_of(row)[0]
        screened = screen(task)
        judged = judged_in_code(task, screened)
        found.update([judged.points[0].note] if judged else [])
        found.update(["Speaks to the grader."] if screened.quarantined else [])
        found.update(["Another language."] if foreign_language(row["answer"]) else [])
    return found, len(good)


def judge(row: Row, grade: Callable[[GradingTask], Grade]) -> Outcomes:
    """Put one row through the grader."""
    tasks = tasks_of(row)
    began = time.perf_counter()
    grades = [grade(task) for task in tasks]
    seconds = time.perf_counter() - began
    best = max(grades, key=lambda g: -1.0 if g.score is None else g.score)
    human = float(row["score"])
    graded = best.outcome is Outcome.GRADED
    return Outcomes(
        human=human,
        correct=row["label2"] == "correct" if row.get("label2") else human >= HALF,
        label3=row.get("label3") or "",
        score=best.score if graded else None,
        passed=graded and best.verdict in (Verdict.STRONG, Verdict.GOOD),
        abstained=not graded or best.verdict is Verdict.UNSURE,
        contradicted=bool(best.misconceptions) or any(p.status is PointStatus.CONTRADICTED for p in best.points),
        stopped=judged_in_code(tasks[0]) is not None or bool(foreign_language(row["answer"])),
        seconds=seconds,
    )
