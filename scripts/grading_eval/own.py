"""Owns measuring a grader on our own labelled answers: the self-test's, and those that the tests hold."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.cli.selftest import show_report
from tutor.domain.content import KeyPoint, Misconception, digest
from tutor.domain.grade import Grade, PointGrade, PointStatus
from tutor.grading.grader import Grader
from tutor.grading.selftest.items import DEVELOPMENT, HELD_OUT, half, load_items
from tutor.grading.selftest.report import Judged, report_of
from tutor.grading.selftest.running import run_selftest
from tutor.grading.task import GradingTask

NAMES = [str(status) for status in PointStatus]
BOUNDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
KINDS = {
    "full answers passed": ("full",),
    "passed that should not": ("swapped", "negated", "near", "off-topic", "soup", "echo", "injection", "ramble-empty"),
    "passed with one wrong clause among right ones": ("mixed",),
}
"""What passes of the tests' answers."""
COVERED_CREDIT = 0.9
"""What the local engine credits at least to a covered point."""


def selftest(grader: Grader, *, listing: bool) -> None:
    """The report on each half of the self-test, and every departure from the labels if wanted."""
    whole = load_items()
    for name in (DEVELOPMENT, HELD_OUT):
        print(f"\n== self-test, {name} half\n")
        part = half(whole, name)
        judged = [Judged(item, grader.grade(item.task), 0.0) for item in part.items]
        if listing:
            for one in judged:
                print_departures(one)
        show_report(run_selftest(grader.grade, part, clock=lambda: datetime.now(UTC)))
        show_curve(judged)


def show_curve(judged: Sequence[Judged]) -> None:
    """What passes if a point counted as covered from another probability on: full answers, and those that should not.

    Only an engine that states probabilities has such a curve.
    """
    if all(point.probability is None for one in judged for point in one.grade.points):
        return
    print("\ncovered from   full answers passed   passed that should not")
    for bound in BOUNDS:
        moved = [replace(one, grade=with_bound(one.grade, bound)) for one in judged]
        report = report_of(moved, engine="", version="", at=datetime.now(UTC), set_version="", quick=True)
        print(f"{bound:12.2f}{report.passed.value:22.3f}{report.false_passes.value:25.3f}")


def with_bound(grade: Grade, bound: float) -> Grade:
    """The grade if a point counted as covered from this probability on; what was called contradicted stays so."""
    return replace(grade, points=tuple(_moved(point, bound) for point in grade.points))


def _moved(point: PointGrade, bound: float) -> PointGrade:
    p = point.probability
    if p is None or point.status is PointStatus.CONTRADICTED:
        return point
    if p >= bound:
        return replace(point, status=PointStatus.COVERED, credit=max(p, COVERED_CREDIT))
    return replace(point, status=PointStatus.UNSURE, credit=p) if point.status is PointStatus.COVERED else point


def print_departures(judged: Judged) -> None:
    """Every point judged otherwise than its label."""
    for point in judged.grade.points:
        label = judged.item.labels[point.id]
        if point.status is not label:
            print(
                f"  {judged.item.id} {judged.grade.verdict} {point.id}: {label} -> {point.status} {point.credit:.2f} "
                f"| {point.evidence!r}"
            )


def stems(folder: Path) -> list[str]:
    """The names of the labelled sets in a folder."""
    return sorted(path.name.removesuffix("_questions.jsonl") for path in folder.glob("*_questions.jsonl"))


def labelled(grader: Grader, folder: Path, stem: str, *, bare: bool, listing: bool) -> None:
    """Statuses by kind of answer and label, and verdicts by kind."""
    questions = {row["id"]: row for row in _rows(folder / f"{stem}_questions.jsonl")}
    statuses: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    scores: dict[str, list[float]] = defaultdict(list)
    for row in _rows(folder / f"{stem}_answers.jsonl"):
        grade = grader.grade(_task(questions[row["question_id"]], row["answer"], bare=bare))
        verdicts[row["kind"]][str(grade.verdict)] += 1
        scores[row["kind"]].append(grade.score or 0.0)
        for point in grade.points:
            label = row["points"][point.id]
            statuses[row["kind"], label][str(point.status)] += 1
            if listing and label != "any" and str(point.status) != label:
                print(f"  {row['id']} {point.id}: {label} -> {point.status} {point.credit:.2f} | {point.evidence!r}")
    print(f"\n== {stem}{' (bare)' if bare else ''}\n\n{'kind':18} {'label':13}" + "".join(f"{n:>13}" for n in NAMES))
    for (kind, label), counts in sorted(statuses.items()):
        print(f"{kind:18} {label:13}" + "".join(f"{counts[n]:13d}" for n in NAMES))
    print()
    for kind, counts in sorted(verdicts.items()):
        print(f"{kind:18} mean score {sum(scores[kind]) / len(scores[kind]):.2f}  {dict(counts)}")
    print()
    for words, kinds in KINDS.items():
        passed = sum(verdicts[kind][verdict] for kind in kinds for verdict in ("strong", "good"))
        whole = sum(verdicts[kind].total() for kind in kinds)
        if whole:
            print(f"{words}: {passed} of {whole}")


def _task(question: dict[str, Any], answer: str, *, bare: bool) -> GradingTask:
    """`bare` leaves out what only an author writes: phrasings, misconceptions, contrast."""
    points = tuple(
        KeyPoint(p["id"], p["text"], p["essential"], () if bare else tuple(p["also"])) for p in question["points"]
    )
    wrong = () if bare else tuple(Misconception(text) for text in question["misconceptions"])
    contrast = () if bare else tuple(question["contrast"])
    revision = digest(question["question"], question["reference"], str(bare))
    return GradingTask(
        question["id"], question["question"], question["reference"], points, wrong, contrast, answer, (), revision
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
