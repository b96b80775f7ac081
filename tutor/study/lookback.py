"""Owns looking back: what was answered and how it was judged, and one such answer to contest or have graded again.

Looking back never rates: the schedule stays as the ratings of the day left it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tutor.domain.content import KeyQuestion, Library
from tutor.domain.grade import Grade
from tutor.domain.review import Attempt, Rating, Review
from tutor.store.decision import KeptGrade, standing
from tutor.store.store import Store
from tutor.study.followups import asked_as
from tutor.study.quiz import QuizSession
from tutor.study.sitting import OutOfTurn
from tutor.study.turn import Phase, Turn

MOST = 500
"""Answers that are listed."""


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """One answer of the past."""

    attempt: Attempt
    question: KeyQuestion | None
    """What it is judged as, a follow-up of an interview with the points it was after; None when it is gone."""
    grades: tuple[KeptGrade, ...]
    """Oldest first."""
    rating: Rating | None
    """How the learner rated it; None when they did not."""
    revised: bool
    """The question was edited since."""

    @property
    def grade(self) -> Grade | None:
        """The one that counts, as the learner left it."""
        kept = standing(self.grades)
        return kept.seen if kept else None


def past_answers(library: Library, store: Store, limit: int = MOST) -> list[PastAnswer]:
    """The newest answers, newest first, whether graded or not. Raises StoreError."""
    known = library.questions_by_id()
    puts = store.follow_ups()
    ratings = {review.attempt_id: review.rating for review in store.reviews() if review.attempt_id}
    found = []
    for attempt, grades in store.answered(limit):
        question, put = known.get(attempt.question_id), puts.get(attempt.id)
        revised = question is not None and question.revision != attempt.content
        if question is not None and put is not None:
            question = asked_as(question, put.text, put.probes)
        found.append(PastAnswer(attempt, question, grades, ratings.get(attempt.id), revised))
    return found


class LookBack(QuizSession):
    """One answer of the past with its grades: contested, graded by another engine, never rated."""

    def __init__(self, past: PastAnswer, store: Store, *, clock: Callable[[], datetime]) -> None:
        if past.question is None:
            raise OutOfTurn("The question of this answer is no longer in the chapters.")
        super().__init__((), store, clock=clock)
        self.past = past
        self._turns = [Turn(past.question, Phase.GRADED, past.attempt, past.grades)]

    @property
    def suggestion(self) -> Rating | None:
        """None: there is nothing to rate."""
        return None

    def preview(self) -> dict[Rating, timedelta]:
        """Nothing: no rating sends the question anywhere."""
        return {}

    def rate(self, rating: Rating) -> Review:
        """Raises OutOfTurn: the question is rated when it is asked."""
        raise OutOfTurn("An answer of the past is not rated again; its question is asked when it is due.")
