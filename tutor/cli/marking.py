"""Owns grading behind an interview in the shell: one worker, answers in order; it never touches the store."""

from __future__ import annotations

import queue
import threading
from time import monotonic

from tutor.domain.errors import TutorError
from tutor.domain.grade import Grade, Outcome
from tutor.domain.settings import EngineChoice
from tutor.study.exchange import Exchange
from tutor.study.interview import Interview
from tutor.workspace import Workspace

PATIENCE = 4.0
"""Seconds to wait for a grade before the next question is put: as long as an interviewer may think."""


class Marking:
    """Grades answers while the next ones are written."""

    def __init__(self, workspace: Workspace, interview: Interview, engine: EngineChoice) -> None:
        self._workspace = workspace
        self._interview = interview
        self._engine = engine
        self._todo: queue.SimpleQueue[Exchange] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, Grade]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True, name="tutor-marking").start()

    def hand_in(self, exchange: Exchange) -> None:
        """Let the worker grade an answer."""
        self._todo.put(exchange)

    def settle(self, patience: float = PATIENCE) -> bool:
        """Keep the grades that have come, waiting so many seconds for the others. True when none is awaited."""
        end = monotonic() + patience
        while self._interview.to_grade:
            try:
                attempt_id, grade = self._done.get(timeout=max(0.0, end - monotonic()))
            except queue.Empty:
                return False
            self._interview.record(attempt_id, grade)
        return True

    def _work(self) -> None:
        while True:
            exchange = self._todo.get()
            if exchange.attempt is not None:
                self._done.put((exchange.attempt.id, self._graded(exchange, exchange.attempt.text)))

    def _graded(self, exchange: Exchange, text: str) -> Grade:
        try:
            return self._workspace.grade(self._workspace.task(exchange.judged_as, text), engine=self._engine)
        except TutorError as error:
            return Grade(Outcome.NOT_GRADED, self._engine.value, reason=str(error))
        except Exception as error:
            reason = f"Something unexpected went wrong ({type(error).__name__}: {error})."
            return Grade(Outcome.NOT_GRADED, self._engine.value, reason=reason)
