"""Reading our own labelled answers: questions with points, answers with what a person says of each point."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tutor.domain.content import KeyPoint, Misconception, digest
from tutor.domain.grade import Grade
from tutor.grading.task import GradingTask

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Judged:
    """One labelled answer with the grade it got."""

    id: str
    kind: str
    labels: dict[str, str]
    answer: str
    contrasting: bool
    """The question sets things against each other, by its author's word."""
    grade: Grade


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@lru_cache(maxsize=8)
def questions(stem: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows(f"{stem}_questions.jsonl")}


def task(stem: str, question_id: str, answer: str) -> GradingTask:
    row = questions(stem)[question_id]
    points = tuple(KeyPoint(p["id"], p["text"], p["essential"], tuple(p["also"])) for p in row["points"])
    wrong = tuple(Misconception(text) for text in row["misconceptions"])
    return GradingTask(
        question_id,
        row["question"],
        row["reference"],
        points,
        wrong,
        tuple(row["contrast"]),
        answer,
        (),
        digest(row["question"], row["reference"]),
    )
