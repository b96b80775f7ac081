"""Owns one sitting of key questions, as a state machine without a terminal.

    ASKING --submit--> GRADING --record--> GRADED --rate--> RATED --advance--> ASKING of the next, or DONE
    ASKING or GRADING --reveal--> GRADED (the learner compares and rates)
    GRADING --later--> ASKING of the next; its own turn comes again after the others, or at once by --look-->
    ASKING, GRADING or GRADED --skip--> the next question, nothing rated
    GRADED --regrade--> GRADING;  undo--> GRADED of the question rated last

What the learner did is on the disk before a call returns, and before the machine moves. A call that its phase does not
allow raises OutOfTurn and changes nothing. `sitting` moves from turn to turn, `contest` takes decisions.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from tutor.domain.content import KeyQuestion
from tutor.domain.errors import StoreError
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus
from tutor.domain.review import Attempt, Rating, RatingSource, Review
from tutor.store.store import Store
from tutor.study.contest import Contest
from tutor.study.schedule import RETENTION, following, preview
from tutor.study.sitting import OutOfTurn
from tutor.study.turn import Phase

__all__ = ["OutOfTurn", "QuizSession"]

SELF = "learner"
"""The engine named in a grade that the learner gave themself."""


class QuizSession(Contest):
    """One sitting. Belongs to the thread that owns the store; grades are made elsewhere and handed to `record`."""

    def __init__(
        self,
        questions: Sequence[KeyQuestion],
        store: Store,
        *,
        clock: Callable[[], datetime],
        retention: float = RETENTION,
    ) -> None:
        super().__init__(questions, store, clock=clock)
        self._retention = retention

    @property
    def draft(self) -> str:
        """What was written to the current question and not submitted, in this sitting or an earlier one."""
        return self._store.draft(self.current.id) if self.current else ""

    def keep_draft(self, text: str) -> None:
        """Keep an unfinished answer; a blank one is forgotten."""
        turn = self._in(Phase.ASKING)
        if text.strip():
            self._store.save_draft(turn.question.id, text)
        else:
            self._store.clear_draft(turn.question.id)

    def submit(self, text: str) -> Attempt:
        """Commit the answer; it is on the disk when this returns, and waits for its grade."""
        turn = self._in(Phase.ASKING)
        turn.attempt = self._store.add_attempt(turn.question, text, self.id)
        turn.phase = Phase.GRADING
        with suppress(StoreError):  # the answer is safe; a draft left over is only offered again
            self._store.clear_draft(turn.question.id)
        return turn.attempt

    def record(self, attempt_id: str, grade: Grade) -> bool:
        """Keep a grade with its attempt, whenever it arrives. True when it is for the question now shown."""
        self._store.add_grade(attempt_id, grade)
        turn = next((turn for turn in self._turns if turn.attempt and turn.attempt.id == attempt_id), None)
        if turn is None:
            return False
        turn.grades = self._store.kept_grades(attempt_id)
        if turn.phase is not Phase.RATED:
            turn.phase = Phase.GRADED
        return self.phase is not Phase.DONE and turn is self._turn

    def reveal(self, text: str = "") -> Attempt | None:
        """Show the reference answer without a grade: the learner compares and rates. What was written is kept.

        A written answer becomes self-graded, each point open until the learner judges it by `override`.
        """
        turn = self._in(Phase.ASKING, Phase.GRADING, *([Phase.GRADED] if self.ungraded else []))
        if turn.phase is Phase.ASKING and text.strip():
            self.submit(text)
        if turn.attempt:
            points = [PointGrade(p.id, p.text, PointStatus.UNSURE, 0.0, p.essential) for p in turn.question.points]
            self.record(turn.attempt.id, Grade(Outcome.SELF_GRADED, SELF, points=tuple(points)))
        turn.phase = Phase.GRADED
        return turn.attempt

    def regrade(self) -> Attempt:
        """Wait for another grade of the same answer; the one before stays in the history."""
        turn = self._in(Phase.GRADED)
        if turn.attempt is None:
            raise OutOfTurn("There is no answer to grade: only the reference answer was shown.")
        turn.phase = Phase.GRADING
        return turn.attempt

    def preview(self) -> dict[Rating, timedelta]:
        """How long each rating would send the current question away for; empty when done."""
        if self.current is None:
            return {}
        return preview(self._store.memory(self.current.id), self._clock(), retention=self._retention)

    def rate(self, rating: Rating) -> Review:
        """Rate the recall: the review and the memory are on the disk together when this returns."""
        turn = self._in(Phase.GRADED)
        source = RatingSource.GRADE if rating is self.suggestion else RatingSource.LEARNER
        turn.review, turn.before = self._store.add_review(
            turn.question.id,
            rating,
            source,
            turn.attempt.id if turn.attempt else None,
            follow=following(turn.question.id, rating, retention=self._retention),
            session_id=self.id,
        )
        turn.phase = Phase.RATED
        self._rated.append(self._position)
        return turn.review
