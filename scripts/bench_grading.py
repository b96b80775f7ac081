"""Times a grade by the local engine: a 200-word answer, five key points, as a ratio to encoding the same text once.

    python scripts/bench_grading.py --encoder FOLDER [--rounds N]

The text is encoded once in one piece and once sentence by sentence, beside each grade in the same run, so that the
ratios hold on any machine; the milliseconds are only as quiet as this one is. The engine reads no answer twice.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tutor.domain.settings import EngineChoice
from tutor.domain.text import sentences
from tutor.grading.grader import Grader
from tutor.grading.guards import judged_in_code, screen
from tutor.grading.local import LocalEngine
from tutor.grading.selftest.items import FULL, Item, load_items
from tutor.grading.task import GradingTask
from tutor.retrieval.encoder import Encoder

WORDS, POINTS = 200, 5
WARMING = "It depends on the question, and on what the system has been given to answer it with."
"""An answer that has each question read before anything is timed."""
FIRST_EVERY = 5
"""Rounds between two engines made anew, to time the first grade of a question beside a later one."""


def main() -> None:
    """Print one line for each wait, then the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", required=True, type=Path, help="an exported encoder: cache/encoder of a home")
    parser.add_argument("--rounds", type=int, default=100, help="answers graded")
    options = parser.parse_args()
    encoder = Encoder(options.encoder)
    tasks = long_answers(options.rounds)
    grader = made(encoder)
    for task in {task.question_id: task for task in tasks}.values():
        grader.grade(replace(task, answer=WARMING))
    whole, parts, guards, grades, firsts = [], [], [], [], []
    for number, task in enumerate(tasks):
        said = sentences(task.answer)
        whole.append(timed(lambda text=task.answer: encoder.encode([text])))
        parts.append(timed(lambda said=said: encoder.encode(said)))
        guards.append(timed(lambda task=task: judged_in_code(task, screen(task))))
        grades.append(timed(lambda task=task: grader.grade(task)))
        if number % FIRST_EVERY == 0:
            firsts.append(timed(lambda task=task: made(encoder).grade(task)))
    print(f"{options.rounds} answers of {WORDS} words, {POINTS} points; milliseconds\n")
    print(f"{'':38}{'median':>8}{'p99':>8}")
    report("encoding the text in one piece", whole)
    report("encoding it sentence by sentence", parts)
    report("guards alone", guards)
    report("a grade", grades)
    report("the first grade of a question", firsts)
    print()
    ratio("a grade / text in one piece", grades, whole)
    ratio("a grade / sentence by sentence", grades, parts)
    ratio("guards / text in one piece", guards, whole)
    ratio("the first grade / a later one", firsts, grades[::FIRST_EVERY])


def made(encoder: Encoder) -> Grader:
    """The app's grader with the local engine, having read nothing yet."""
    engine = LocalEngine(encoder, lambda: datetime.now(UTC))
    return Grader(lambda: engine, None, EngineChoice.LOCAL)


def long_answers(count: int) -> list[GradingTask]:
    """Answers of 200 words to the self-test's questions of five points: sentences of its full answers, shuffled."""
    chance = random.Random(1)
    items = [item for item in load_items().items if item.kind in FULL and len(item.task.points) == POINTS]
    questions: dict[str, list[Item]] = {}
    for item in items:
        questions.setdefault(item.task.question_id, []).append(item)
    tasks = []
    for n in range(count):
        chosen = list(questions.values())[n % len(questions)]
        pool = [sentence for item in chosen for sentence in sentences(item.task.answer)]
        chance.shuffle(pool)
        tasks.append(replace(chosen[0].task, answer=" ".join(" ".join(pool).split()[:WORDS])))
    return tasks


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def report(label: str, seconds: Sequence[float]) -> None:
    """Median and 99th percentile in milliseconds."""
    print(f"{label:38}{statistics.median(seconds) * 1000:8.1f}{percentile(seconds) * 1000:8.1f}")


def ratio(label: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    """Median and 99th percentile of the ratio, answer by answer."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    print(f"{label:38}{statistics.median(ratios):8.2f}{percentile(ratios):8.2f}")


def percentile(values: Sequence[float]) -> float:
    """The 99th."""
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


if __name__ == "__main__":
    main()
