"""Owns the protocol that every grading engine keeps."""

from typing import Protocol

from tutor.domain.grade import Grade
from tutor.grading.task import GradingTask
from tutor.llm.cancel import Cancel


class GradingEngine(Protocol):
    """Judges an answer point by point. It states no score, and never raises for a grade it could not make."""

    @property
    def name(self) -> str:
        """`local`, or `ollama:MODEL`."""
        ...

    def grade(self, task: GradingTask, *, cancel: Cancel | None = None) -> Grade:
        """One status for each point of the task, in its order.

        An engine that cannot judge gives `not_graded` with its reason. Blocks; call it from a worker thread.
        """
        ...
