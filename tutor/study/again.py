"""Owns the one way a mock interview reaches the schedule: the learner asks for what they missed to come back today."""

from tutor.domain.review import Memory, Rating, RatingSource, Review
from tutor.store.practice import Rated
from tutor.store.store import Store
from tutor.study.schedule import RETENTION, following
from tutor.study.scorecard import Scorecard

Queued = list[tuple[Review, Memory | None]]
"""Reviews made, each with the memory from before it."""


def ask_again_today(card: Scorecard, store: Store, *, retention: float = RETENTION) -> Queued:
    """Rate every missed question `again`, as the learner's own call, so that it is due within minutes.

    All of them or none: empty when nothing was missed, or when this interview's were queued before.
    """
    attempts = {each.question.id: each.exchanges[0].attempt for each in card.asked}
    rated = []
    for question_id in card.missed:
        attempt, follow = attempts.get(question_id), following(question_id, Rating.AGAIN, retention=retention)
        rated.append(Rated(question_id, Rating.AGAIN, RatingSource.LEARNER, attempt.id if attempt else None, follow))
    return store.add_reviews_once(rated, card.agenda.id)


def take_back(queued: Queued, store: Store) -> None:
    """Restore what was known of the questions before. Raises StoreError when one was rated again since."""
    while queued:
        review, before = queued[-1]
        store.undo_review(review.id, memory=before)
        queued.pop()
