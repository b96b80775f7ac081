"""Owns the way from a task to a grade: the guards first, then the chosen engine, then, visibly, the other one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderMissing, ModelError
from tutor.domain.grade import Grade, Outcome
from tutor.domain.settings import EngineChoice
from tutor.grading.guards import Screened, judged_in_code, screen
from tutor.grading.task import GradingTask

if TYPE_CHECKING:
    from tutor.grading.engine import GradingEngine
    from tutor.llm.cancel import Cancel

_PASTED = {
    "reference": "This is the reference answer word for word; the points will stick better in your own words.",
    "chapter": "This is the chapter's own text; the points will stick better in your own words.",
}
_QUARANTINED = "A sentence that speaks to the grader was left out."


class Grader:
    """Grades with what there is. Every fallback is said in the grade's reason."""

    def __init__(
        self,
        local: Callable[[], GradingEngine],
        model: Callable[[], GradingEngine] | None,
        choice: EngineChoice,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """The engines are made when first needed; `local` may raise EncoderMissing.

        The clock dates the receipts of what is judged in code; without it those have none.
        """
        self._local = local
        self._model = model
        self._choice = choice
        self._clock = clock

    def grade(self, task: GradingTask, *, cancel: Cancel | None = None) -> Grade:
        """One status for each point, or `not_graded` with the reason. Blocks; call it from a worker."""
        if not task.points:
            return Grade(Outcome.NOT_GRADED, "local", reason="This question has no key points to grade against.")
        screened = screen(task)
        judged = judged_in_code(task, screened, clock=self._clock)
        if judged is not None:
            return judged
        grade = self._engine_grade(replace(task, answer=screened.answer), cancel)
        return _with_notes(grade, screened)

    def _engine_grade(self, task: GradingTask, cancel: Cancel | None) -> Grade:
        if self._choice is EngineChoice.LOCAL or self._model is None:
            return self._by_local(task, cancel)
        first = self._by_model(task, cancel)
        if first.outcome is Outcome.GRADED or self._choice is EngineChoice.OLLAMA:
            return first
        if cancel is not None and cancel.cancelled:
            return first
        second = self._by_local(task, cancel)
        if second.outcome is not Outcome.GRADED:
            return replace(second, reason=f"{first.reason} {second.reason}".strip())
        return replace(second, reason=f"{first.reason} The local engine graded this.".strip())

    def _by_model(self, task: GradingTask, cancel: Cancel | None) -> Grade:
        assert self._model is not None
        try:
            return self._model().grade(task, cancel=cancel)
        except ModelError as error:
            return Grade(Outcome.NOT_GRADED, "ollama", reason=str(error))

    def _by_local(self, task: GradingTask, cancel: Cancel | None) -> Grade:
        try:
            return self._local().grade(task, cancel=cancel)
        except EncoderMissing as error:
            return Grade(Outcome.NOT_GRADED, "local", reason=str(error))


def _with_notes(grade: Grade, screened: Screened) -> Grade:
    notes = [_PASTED[screened.pasted]] if screened.pasted else []
    notes += [_QUARANTINED] if screened.quarantined else []
    if not notes or grade.outcome is not Outcome.GRADED:
        return grade
    return replace(grade, feedback=" ".join([grade.feedback, *notes]).strip())
