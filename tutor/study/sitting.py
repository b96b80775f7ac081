"""Owns where a sitting stands: whose turn it is, and how it moves on, back, and to grades that came later."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from tutor.domain.content import KeyQuestion
from tutor.domain.errors import TutorError
from tutor.domain.grade import Grade
from tutor.domain.review import Attempt, Rating, Review
from tutor.store.decision import KeptGrade
from tutor.store.store import Store
from tutor.study.rating import rating_for
from tutor.study.summary import Summary, summarise
from tutor.study.turn import Phase, Turn


class OutOfTurn(TutorError):
    """A step that does not fit where the sitting stands."""


class Sitting:
    """Turns in order. Belongs to the thread that owns the store."""

    KIND = "quiz"
    """What the store calls it."""

    def __init__(self, questions: Sequence[KeyQuestion], store: Store, *, clock: Callable[[], datetime]) -> None:
        self._turns = [Turn(question) for question in questions]
        self._store = store
        self._clock = clock
        self._position = 0
        self._furthest = 0
        self._rated: list[int] = []
        self._session = store.new_session(self.KIND) if questions else None

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
        """Of the current attempt's grades the one that counts, as the learner left it."""
        return None if self.phase is Phase.DONE else self._turn.grade

    @property
    def grades(self) -> tuple[KeptGrade, ...]:
        """Every grade of the current attempt, oldest first."""
        return () if self.phase is Phase.DONE else self._turn.grades

    @property
    def counting(self) -> KeptGrade | None:
        """The one of `grades` that counts."""
        return None if self.phase is Phase.DONE else self._turn.counting

    @property
    def suggestion(self) -> Rating | None:
        """The rating that follows from the grade; None when the learner has to choose."""
        return rating_for(self.grade) if self.grade else None

    @property
    def awaited(self) -> tuple[int, int]:
        """Answers the learner went on from: (still being graded, graded and waiting to be looked at)."""
        waiting = [turn.phase for turn in self._turns if turn.deferred and turn.open]
        return waiting.count(Phase.GRADING), waiting.count(Phase.GRADED)

    def pick_up(self, left: Iterable[Attempt]) -> None:
        """Show these answers of an earlier sitting with their grades, to be rated, instead of asking once more."""
        answers = {attempt.question_id: attempt for attempt in left}
        for turn in self._turns:
            if attempt := answers.get(turn.question.id):
                turn.attempt, turn.grades = attempt, self._store.kept_grades(attempt.id)
                turn.phase = Phase.GRADED

    def later(self) -> KeyQuestion | None:
        """Go on while the answer is being graded; it is shown again once the other questions have been asked."""
        turn = self._in(Phase.GRADING)
        turn.deferred = True
        return self._next()

    def look(self) -> KeyQuestion | None:
        """To the first answer that was graded meanwhile; rating it leads back to the question left for it."""
        for number, turn in enumerate(self._turns):
            if turn.deferred and turn.open and turn.phase is Phase.GRADED:
                self._position = number
                return turn.question
        raise OutOfTurn("No grade has come in for an answer you went on from.")

    def advance(self) -> KeyQuestion | None:
        """Go on to the next question; None when that was the last."""
        self._in(Phase.RATED)
        return self._next()

    def skip(self) -> KeyQuestion | None:
        """Leave the question unrated and go on; a grade that is still to come will be kept with its answer."""
        self._in(Phase.ASKING, Phase.GRADING, Phase.GRADED).skipped = True
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
        """The first open question; those left behind to be graded come last, the graded ones among them first."""
        left = [(turn.deferred, turn.deferred and turn.phase is not Phase.GRADED, number)
                for number, turn in enumerate(self._turns) if turn.open]  # fmt: skip
        self._position = min(left)[-1] if left else len(self._turns)
        self._furthest = max(self._furthest, self._position)
        if not left:
            self.finish()
        return self.current

    def _take_back_rating(self, turn: Turn) -> Review | None:
        review = turn.review
        if review is None:
            return None
        self._store.undo_review(review.id, memory=turn.before)
        self._position = self._rated.pop()
        turn.review, turn.before, turn.phase = None, None, Phase.GRADED
        return review
