"""Owns the one way a mock interview reaches the schedule: the learner asks for what they missed to come back today."""

from datetime import datetime

from tutor.domain.review import Memory, Rating, RatingSource, Review
from tutor.store.store import Store
from tutor.study.schedule import RETENTION, next_memory
from tutor.study.scorecard import Scorecard

Queued = list[tuple[Review, Memory | None]]
"""Reviews made, each with the memory from before it."""


def ask_again_today(card: Scorecard, store: Store, now: datetime, *, retention: float = RETENTION) -> Queued:
    """Rate every missed question `again`, as the learner's own call, so that it is due within minutes.

    Empty when nothing was missed, or when this interview's were queued before.
    """
    if store.last_review(card.agenda.id) is not None:
        return []
    attempts = {each.question.id: each.exchanges[0].attempt for each in card.asked}
    queued: Queued = []
    for question_id in card.missed:
        before, attempt = store.memory(question_id), attempts.get(question_id)
        memory = next_memory(before, question_id, Rating.AGAIN, now, retention=retention)
        review = store.add_review(
            question_id,
            Rating.AGAIN,
            RatingSource.LEARNER,
            attempt.id if attempt else None,
            memory=memory,
            session_id=card.agenda.id,
        )
        queued.append((review, before))
    return queued


def take_back(queued: Queued, store: Store) -> None:
    """Restore what was known of the questions before. Raises StoreError when one was rated again since."""
    while queued:
        review, before = queued[-1]
        store.undo_review(review.id, memory=before)
        queued.pop()
