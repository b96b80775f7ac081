"""Owns the labelled answers of the self-test: reading them, and drawing a smaller set that still holds every kind.

Questions are frozen copies, so that the test means the same after a chapter was edited. The questions of one half are
for whoever tunes an engine; those of the other half are for measuring what came of it.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.domain.content import KeyPoint, Misconception, digest
from tutor.domain.grade import PointStatus
from tutor.grading.task import GradingTask

DEVELOPMENT, HELD_OUT = "development", "held-out"
FULL = frozenset({"full", "paraphrase"})
"""Kinds of answers that say every point: the reference's content, and the same in words of their own."""
TRAPS = frozenset({"wrong", "swapped", "negated", "off-topic", "near-topic", "soup", "echo", "injection"})
"""Kinds that no grader may read as strong or good."""
KINDS = (
    "full", "paraphrase", "partial", "one-wrong", "ramble", "language",
    "wrong", "swapped", "negated", "off-topic", "near-topic", "soup", "echo", "injection", "empty",
)  # fmt: skip
"""Every kind, honest ones first, in the order they are shown."""
QUICK_SHARE = 0.25
QUICK_SEED = 20261122

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Item:
    """One answer with what a person says of each of its points."""

    id: str
    half: str
    """`development` or `held-out`; the same for all answers to a question."""
    kind: str
    """One of `KINDS`."""
    voice: str
    """How a paraphrase speaks (spoken, terse, analogy, learner, typos, formal), or the language; else empty."""
    task: GradingTask
    labels: Mapping[str, PointStatus]
    """Point id -> covered, partial, missing or contradicted."""


@dataclass(frozen=True, slots=True)
class ItemSet:
    """The answers of one test."""

    items: tuple[Item, ...]
    version: str
    """12 hex digits of the shipped files, for reports."""
    quick: bool = False
    """True for a part of the shipped answers."""


def load_items() -> ItemSet:
    """The shipped answers, in the order of their questions."""
    texts = [(_FOLDER / name).read_text(encoding="utf-8") for name in ("questions.jsonl", "answers.jsonl")]
    questions, answers = ([json.loads(line) for line in text.splitlines()] for text in texts)
    asked = {row["id"]: row for row in questions}
    return ItemSet(tuple(_item(asked[row["question_id"]], row) for row in answers), digest(*texts))


def quick(whole: ItemSet) -> ItemSet:
    """A quarter of each kind, rounded up, drawn with a fixed seed: the same answers for every engine."""
    rng = random.Random(QUICK_SEED)
    drawn: set[str] = set()
    for kind in KINDS:
        ids = [item.id for item in whole.items if item.kind == kind]
        drawn.update(rng.sample(ids, math.ceil(QUICK_SHARE * len(ids))))
    return ItemSet(tuple(item for item in whole.items if item.id in drawn), whole.version, quick=True)


def half(whole: ItemSet, name: str) -> ItemSet:
    """The answers to the questions of one half."""
    return ItemSet(tuple(item for item in whole.items if item.half == name), whole.version, quick=True)


def _item(question: Mapping[str, Any], row: Mapping[str, Any]) -> Item:
    task = GradingTask(
        question_id=question["id"],
        question=question["question"],
        reference=question["reference"],
        points=tuple(_points(question["points"])),
        misconceptions=tuple(Misconception(m["text"], m["correction"]) for m in question["misconceptions"]),
        contrast=tuple(question["contrast"]),
        answer=row["answer"],
        passages=(),
        revision=digest(json.dumps(question, sort_keys=True)),
    )
    labels = {point: PointStatus(label) for point, label in row["points"].items()}
    return Item(row["id"], question["half"], row["kind"], row["voice"], task, labels)


def _points(rows: Sequence[Mapping[str, Any]]) -> list[KeyPoint]:
    return [KeyPoint(p["id"], p["text"], p["essential"], tuple(p["also"])) for p in rows]
