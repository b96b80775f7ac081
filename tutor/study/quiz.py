"""Owns one sitting of key questions, as a state machine without a terminal.

    ASKING --submit--> GRADING --record--> GRADED --rate--> RATED --advance--> ASKING of the next, or DONE
    ASKING or GRADING --reveal--> GRADED (the learner compares and rates)
    ASKING, GRADING or GRADED --skip--> the next question, nothing rated
    GRADED --regrade--> GRADING;  undo--> GRADED of the question rated last

What the learner did is on the disk before a call returns, and before the machine moves. A call that its phase does not
allow raises OutOfTurn and changes nothing.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from tutor.domain.content import KeyQuestion
from tutor.domain.errors import StoreError, TutorError
from tutor.domain.grade import Grade, Outcome, PointStatus
from tutor.domain.review import Attempt, Rating, RatingSource, Review
from tutor.store.decision import DecisionKind, effective
from tutor.store.store import Store
from tutor.study.rating import rating_for
from tutor.study.schedule import RETENTION, next_memory, preview
from tutor.study.summary import Summary, summarise
from tutor.study.turn import Phase, Turn

SELF = "learner"
"""The engine named in a grade that the learner gave themself."""


class OutOfTurn(TutorError):
    """A step that does not fit where the sitting stands."""


class QuizSession:
    """One sitting. Belongs to the thread that owns the store; grades are made elsewhere and handed to `record`."""

    def __init__(
        self,
        questions: Sequence[KeyQuestion],
        store: Store,
        *,
        clock: Callable[[], datetime],
        retention: float = RETENTION,
    ) -> None:
        self._turns = [Turn(question) for question in questions]
        self._store = store
        self._clock = clock
        self._retention = retention
        self._position = 0
        self._furthest = 0
        self._rated: list[int] = []
        self._session = store.new_session("quiz") if questions else None

    @property
    def id(self) -> str | None:
        """The session's id in the store; None for a sitting without questions."""
        return self._session.id if self._session else None

    @property
    def phase(self) -> Phase:
        """Where the sitting stands."""
        return Phase.DONE if self._position == len(self._turns) else self._turn.phase

    @property
    def position(self) -> tuple[int, int]:
        """The current question's number, from 1, and how many there are; the number stops at the last."""
        return min(self._position + 1, len(self._turns)), len(self._turns)

    @property
    def current(self) -> KeyQuestion | None:
        """The question whose turn it is; None when done."""
        return None if self.phase is Phase.DONE else self._turn.question

    @property
    def attempt(self) -> Attempt | None:
        """What the learner wrote to the current question; None before, or when only the reference was shown."""
        return None if self.phase is Phase.DONE else self._turn.attempt

    @property
    def grade(self) -> Grade | None:
        """The current attempt's last grade, as the learner left it."""
        return None if self.phase is Phase.DONE else self._turn.grade

    @property
    def suggestion(self) -> Rating | None:
        """The rating that follows from the grade; None when the learner has to choose."""
        return rating_for(self.grade) if self.grade else None

    @property
    def decided(self) -> bool:
        """True when the learner overrode a point of the shown grade, or set the grade aside."""
        return self.phase is Phase.GRADED and bool(self._turn.decisions)

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
        grade_id = self._store.add_grade(attempt_id, grade)
        turn = next((turn for turn in self._turns if turn.attempt and turn.attempt.id == attempt_id), None)
        if turn is None:
            return False
        if turn.phase is not Phase.RATED:
            turn.grade_id, turn.grade, turn.decisions = grade_id, grade, ()
            turn.phase = Phase.GRADED
        return self.phase is not Phase.DONE and turn is self._turn

    def reveal(self, text: str = "") -> Attempt | None:
        """Show the reference answer without a grade: the learner compares and rates. What was written is kept."""
        turn = self._in(Phase.ASKING, Phase.GRADING)
        if turn.phase is Phase.ASKING and text.strip():
            self.submit(text)
        if turn.attempt:
            self.record(turn.attempt.id, Grade(Outcome.SELF_GRADED, SELF))
        turn.revealed = True
        turn.phase = Phase.GRADED
        return turn.attempt

    def regrade(self) -> Attempt:
        """Wait for another grade of the same answer; the one before stays in the history."""
        turn = self._in(Phase.GRADED)
        if turn.attempt is None:
            raise OutOfTurn("There is no answer to grade: only the reference answer was shown.")
        turn.phase = Phase.GRADING
        return turn.attempt

    def override(self, point_id: str, status: PointStatus, note: str = "") -> Grade:
        """Judge one key point yourself; gives the grade as it now reads. A rating that was given is taken back."""
        return self._decide(DecisionKind.OVERRIDE, point_id, status, note)

    def void(self, note: str = "") -> Grade:
        """Set the grade aside; gives it as it now reads. A rating that was given is taken back."""
        return self._decide(DecisionKind.VOID, None, None, note)

    def undo_decision(self) -> Grade:
        """Take the last override or void of the shown grade back; gives the grade as it now reads."""
        turn = self._in(Phase.GRADED, Phase.RATED)
        if not turn.decisions:
            raise OutOfTurn("There is no decision on this grade to take back.")
        self._take_back_rating(turn)
        self._store.undo_decision(turn.decisions[-1])
        return self._reread(turn)

    def preview(self) -> dict[Rating, timedelta]:
        """How long each rating would send the current question away for; empty when done."""
        if self.current is None:
            return {}
        return preview(self._store.memory(self.current.id), self._clock(), retention=self._retention)

    def rate(self, rating: Rating) -> Review:
        """Rate the recall: the review and the memory are on the disk together when this returns."""
        turn = self._in(Phase.GRADED)
        source = RatingSource.GRADE if rating is self.suggestion else RatingSource.LEARNER
        before = self._store.memory(turn.question.id)
        memory = next_memory(before, turn.question.id, rating, self._clock(), retention=self._retention)
        attempt_id = turn.attempt.id if turn.attempt else None
        turn.review = self._store.add_review(
            turn.question.id, rating, source, attempt_id, memory=memory, session_id=self.id
        )
        turn.before = before
        turn.phase = Phase.RATED
        self._rated.append(self._position)
        return turn.review

    def advance(self) -> KeyQuestion | None:
        """Go on to the next question; None when that was the last."""
        self._in(Phase.RATED)
        return self._next()

    def skip(self) -> KeyQuestion | None:
        """Leave the question unrated and go on; a grade that is still to come will be kept with its answer."""
        self._in(Phase.ASKING, Phase.GRADING, Phase.GRADED)
        return self._next()

    def undo(self) -> Review:
        """Take the last rating of this sitting back: its memory is restored and its question shown to rate again."""
        if not self._rated:
            raise OutOfTurn("There is no rating in this sitting to take back.")
        turn = self._turns[self._rated[-1]]
        review = self._take_back_rating(turn)
        assert review is not None, "a rated turn has its review"
        return review

    def finish(self) -> Summary:
        """End the sitting, wherever it stands."""
        if self.id:
            self._store.end_session(self.id)
        return self.summary

    @property
    def summary(self) -> Summary:
        """How the sitting went so far."""
        return summarise(self._turns, self._furthest, self._store.memories().values())

    @property
    def _turn(self) -> Turn:
        return self._turns[self._position]

    def _in(self, *phases: Phase) -> Turn:
        if self.phase not in phases:
            allowed = " or ".join(phases)
            raise OutOfTurn(f"This works while a question is {allowed}; now it is {self.phase}.")
        return self._turn

    def _next(self) -> KeyQuestion | None:
        if self._position + 1 == len(self._turns):
            self.finish()
        self._position += 1
        self._furthest = max(self._furthest, self._position)
        return self.current

    def _decide(self, kind: DecisionKind, point_id: str | None, status: PointStatus | None, note: str) -> Grade:
        turn = self._in(Phase.GRADED, Phase.RATED)
        if turn.grade_id is None:
            raise OutOfTurn("There is no grade to decide about.")
        self._take_back_rating(turn)
        self._store.add_decision(turn.grade_id, kind, point_id, status, note)
        return self._reread(turn)

    def _reread(self, turn: Turn) -> Grade:
        assert turn.attempt and turn.grade_id, "only a kept grade is decided about"
        given = dict(self._store.grades(turn.attempt.id))[turn.grade_id]
        decisions = self._store.decisions(turn.grade_id)
        turn.decisions = tuple(decision.id for decision in decisions)
        turn.grade = effective(given, decisions)
        return turn.grade

    def _take_back_rating(self, turn: Turn) -> Review | None:
        review = turn.review
        if review is None:
            return None
        self._store.undo_review(review.id, memory=turn.before)
        self._position = self._rated.pop()
        turn.review, turn.before, turn.phase = None, None, Phase.GRADED
        return review
