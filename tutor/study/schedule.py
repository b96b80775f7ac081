"""Owns when a question comes back: FSRS-6 through the `fsrs` package, and nothing else in the house knows it.

Intervals are not fuzzed, so that the same reviews always give the same memory. One learning step of ten minutes stands
in for Anki's two: a written answer is a deeper first test than a card, and good is enough to send it to another day.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from tutor.domain.review import Memory, Rating, Review
from tutor.store.practice import Follow

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

STEP = timedelta(minutes=10)
"""How soon a question that was failed comes back."""

RETENTION = 0.9
"""FSRS's usual share of due questions that should still be known."""


def next_memory(
    memory: Memory | None, question_id: str, rating: Rating, now: datetime, *, retention: float = RETENTION
) -> Memory:
    """The memory after a rating; `memory` is None before the first. `now` is aware, `retention` 0.7..0.97."""
    from fsrs import Rating as FsrsRating

    moment = now.astimezone(UTC)
    card, _ = _scheduler(retention).review_card(_card(memory, moment), FsrsRating(int(rating)), moment)
    assert card.stability is not None and card.difficulty is not None, "a reviewed card has both"
    lapsed = memory is not None and memory.state == "review" and rating is Rating.AGAIN
    return Memory(
        question_id=question_id,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due,
        last_review=moment,
        state=card.state.name.lower(),
        step=card.step,
        reps=(memory.reps if memory else 0) + 1,
        lapses=(memory.lapses if memory else 0) + lapsed,
    )


def following(question_id: str, rating: Rating, *, retention: float = RETENTION) -> Follow:
    """What `next_memory` gives for this rating, once the memory before it and its moment are known."""
    return lambda memory, now: next_memory(memory, question_id, rating, now, retention=retention)


def preview(memory: Memory | None, now: datetime, *, retention: float = RETENTION) -> dict[Rating, timedelta]:
    """How long each rating would send the question away for."""
    return {rating: next_memory(memory, "", rating, now, retention=retention).due - now for rating in Rating}


def interval(span: timedelta) -> str:
    """How long until a question comes back: `10 min`, `4 d`, `2.5 mo`."""
    minutes = span.total_seconds() / 60
    if minutes < 60:
        return f"{max(1, round(minutes))} min"
    if minutes < 24 * 60:
        return f"{round(minutes / 60)} h"
    days = minutes / 1440
    if days < 31:
        return f"{round(days)} d"
    return f"{days / 30.4:.1f} mo" if days < 365 else f"{days / 365:.1f} y"


def replay(reviews: Iterable[Review], *, retention: float = RETENTION) -> dict[str, Memory]:
    """The memories that these reviews leave, by question id. Reviews come oldest first."""
    memories: dict[str, Memory] = {}
    for review in reviews:
        known = memories.get(review.question_id)
        memories[review.question_id] = next_memory(
            known, review.question_id, review.rating, review.at, retention=retention
        )
    return memories


def astray(memories: Mapping[str, Memory], reviews: Iterable[Review]) -> list[str]:
    """The ids of questions whose stored memory is not what the reviews leave; when they are due is left aside.

    The wanted retention, which may have changed since, moves only that.
    """
    left = replay(reviews)
    return sorted(name for name in memories.keys() | left.keys() if _core(memories.get(name)) != _core(left.get(name)))


def _core(memory: Memory | None) -> tuple[object, ...] | None:
    if memory is None:
        return None
    # Stability and difficulty are sums and powers of floats, which another machine may round otherwise.
    sizes = (f"{memory.stability:.6g}", f"{memory.difficulty:.6g}")
    return (*sizes, memory.state, memory.step, memory.reps, memory.lapses)


def retrievability(memory: Memory, moment: datetime) -> float:
    """The probability, 0..1, that the question would be recalled at a moment; FSRS counts in whole days."""
    return float(_scheduler(RETENTION).get_card_retrievability(_card(memory, moment), moment.astimezone(UTC)))


@lru_cache(maxsize=8)
def _scheduler(retention: float) -> "Scheduler":
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=retention, learning_steps=(STEP,), relearning_steps=(STEP,), enable_fuzzing=False
    )


def _card(memory: Memory | None, now: datetime) -> "Card":
    from fsrs import Card, State

    # A card without an id would read the clock and sleep to make one.
    if memory is None:
        return Card(card_id=0, due=now)
    return Card(
        card_id=0,
        state=State[memory.state.capitalize()],
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        last_review=memory.last_review,
    )
