"""Owns cramming: the weakest and heaviest questions first, on a schedule that stays exactly as it was.

Ratings say only whether a question comes once more in this sitting. Answers and grades are kept like any others.
"""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tutor.domain.content import KeyQuestion, Library
from tutor.domain.grade import Grade
from tutor.domain.review import Attempt, Memory, Rating, RatingSource, Review
from tutor.study.queue import interleaved
from tutor.study.quiz import QuizSession
from tutor.study.rounds import WEIGHTS, weaknesses
from tutor.study.schedule import retrievability
from tutor.study.turn import Phase, Turn

USUAL = 20
"""Questions of one sitting: about an hour."""


def build_cram(
    library: Library,
    memories: Mapping[str, Memory],
    graded: Iterable[tuple[Attempt, Grade]],
    now: datetime,
    *,
    rng: random.Random,
    chapter_id: str | None = None,
    limit: int = USUAL,
) -> list[KeyQuestion]:
    """The questions that most deserve the last hours: chapter weight times weakness, equals by chance.

    A question never asked counts 1; one that is remembered counts less the surer it would be recalled now, one that
    went badly more (`rounds.weaknesses`). `graded` is what `Store.latest_grades` gives.
    """
    weak = weaknesses(memories, graded)

    def need(question: KeyQuestion) -> float:
        memory = memories.get(question.id)
        faded = 1.0 if memory is None else 1.25 - retrievability(memory, now)
        return weak.get(question.id, faded)

    pairs = [
        (question, WEIGHTS.get(chapter.weight, 2.0) * need(question))
        for chapter in library.chapters()
        if chapter_id in (None, chapter.id)
        for question in chapter.questions
    ]
    rng.shuffle(pairs)
    pairs.sort(key=lambda pair: -pair[1])
    return interleaved(question for question, _ in pairs[:limit])


class CramSession(QuizSession):
    """A sitting that never moves the schedule; a question rated again comes once more before the end."""

    KIND = "cram"

    def preview(self) -> dict[Rating, timedelta]:
        """Nothing: no rating sends a question anywhere."""
        return {}

    def rate(self, rating: Rating) -> Review:
        """Take note of the rating for this sitting; nothing of it is written down."""
        turn = self._in(Phase.GRADED)
        source = RatingSource.GRADE if rating is self.suggestion else RatingSource.LEARNER
        attempt_id = turn.attempt.id if turn.attempt else None
        turn.review = Review("", turn.question.id, rating, self._clock(), source, attempt_id)
        turn.phase = Phase.RATED
        self._rated.append(self._position)
        if rating is Rating.AGAIN:
            self._turns.append(Turn(turn.question))
        return turn.review

    def _take_back_rating(self, turn: Turn) -> Review | None:
        review = turn.review
        if review is None:
            return None
        if review.rating is Rating.AGAIN:
            # Ratings are taken back newest first, so the newest copy is this one's.
            copies = [n for n, other in enumerate(self._turns) if other.question == turn.question]
            del self._turns[copies[-1]]
        self._position = self._rated.pop()
        turn.review, turn.phase = None, Phase.GRADED
        return review
