"""Owns the nouns of practice: what the learner wrote, how it went, and what memory that leaves."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Rating(IntEnum):
    """How well a question was recalled; the numbers are Anki's and FSRS's."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class RatingSource(StrEnum):
    """Who chose a rating."""

    GRADE = "grade"
    """It followed from the grade and the learner accepted it."""
    LEARNER = "learner"
    """The learner chose it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the learner wrote to a key question. On disk before any grader sees it."""

    id: str
    """UUIDv7."""
    question_id: str
    text: str
    at: datetime
    """UTC."""
    content: str
    """Revision of the question answered."""
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One line of history: a question was recalled this well at this time."""

    id: str
    """UUIDv7."""
    question_id: str
    rating: Rating
    at: datetime
    """UTC."""
    source: RatingSource
    attempt_id: str | None = None
    """None when the learner rated without writing."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS believes of one question; derived from its reviews and replayable from them."""

    question_id: str
    stability: float
    """Days until recall falls to 90 %."""
    difficulty: float
    """1..10."""
    due: datetime
    """UTC."""
    last_review: datetime
    """UTC."""
    state: str
    """learning | review | relearning."""
    step: int | None = None
    """Position in the learning steps; None in review."""
    reps: int = 0
    """Reviews so far."""
    lapses: int = 0
    """Reviews rated again after it had been learned."""


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting."""

    id: str
    """UUIDv7."""
    kind: str
    """quiz | interview."""
    started: datetime
    ended: datetime | None = None
