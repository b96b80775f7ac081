"""Owns the run of the self-test: every answer through one grader, in order, until done or stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from tutor.domain.errors import EngineUnable, ModelInterrupted
from tutor.domain.grade import Grade, Outcome
from tutor.grading.guards import GUARD_VERSION
from tutor.grading.selftest.items import ItemSet
from tutor.grading.selftest.report import Judged, SelfTestReport, report_of
from tutor.grading.task import GradingTask
from tutor.llm.cancel import Cancel
from tutor.retrieval.progress import Progress, silent

PATIENCE = 3
"""So many answers in a row that an engine could not grade end the run: a server that is gone stays gone."""

Grading = Callable[[GradingTask], Grade]


def run_selftest(
    grade: Grading,
    asked: ItemSet,
    *,
    clock: Callable[[], datetime],
    progress: Progress = silent,
    cancel: Cancel | None = None,
) -> SelfTestReport:
    """Grade every answer and report. Blocks: milliseconds an answer locally, some ten seconds with a small model.

    Raises ModelInterrupted when cancelled, and EngineUnable with the engine's own reason when it cannot grade.
    """
    judged: list[Judged] = []
    refused = 0
    for number, item in enumerate(asked.items):
        progress(number, len(asked.items), f"Grading {len(asked.items)} labelled answers")
        began = clock()
        given = grade(item.task)
        if cancel is not None and cancel.cancelled:
            raise ModelInterrupted("The self-test was stopped, and its outcome so far is not kept.")
        judged.append(Judged(item, given, max(0.0, (clock() - began).total_seconds())))
        refused = refused + 1 if given.outcome is not Outcome.GRADED and item.kind != "language" else 0
        if refused == PATIENCE:
            raise EngineUnable(f"The self-test was given up, because the engine could not grade: {given.reason}")
    progress(len(asked.items), len(asked.items), f"Grading {len(asked.items)} labelled answers")
    engine, version = _who_graded(judged)
    return report_of(judged, engine=engine, version=version, at=clock(), set_version=asked.version, quick=asked.quick)


def _who_graded(judged: list[Judged]) -> tuple[str, str]:
    """The engine and version that stand in most receipts; what the guards judged says nothing of the engine."""
    receipts = [j.grade.receipt for j in judged]
    names = Counter((r.engine, r.version) for r in receipts if r is not None and r.version != GUARD_VERSION)
    if not names:
        raise EngineUnable("The self-test could not be made: no answer reached an engine.")
    return names.most_common(1)[0][0]
