"""Owns one question's turn in a sitting: how far it has come and what it holds."""

from dataclasses import dataclass
from enum import StrEnum

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade
from tutor.domain.review import Attempt, Memory, Review


class Phase(StrEnum):
    """Where a turn stands. `QuizSession` says which calls each phase allows."""

    ASKING = "asking"
    """The question is shown; nothing is written down yet."""
    GRADING = "grading"
    """The answer is on the disk; a grade is awaited."""
    GRADED = "graded"
    """A grade, or the reference answer, is shown; a rating is awaited."""
    RATED = "rated"
    """Rated and scheduled; the next question is awaited."""
    DONE = "done"
    """Every question has had its turn."""


@dataclass(slots=True)
class Turn:
    """Changes as the learner goes along; owned by one `QuizSession`."""

    question: KeyQuestion
    phase: Phase = Phase.ASKING
    attempt: Attempt | None = None
    grade_id: str | None = None
    grade: Grade | None = None
    """The last grade as the learner left it."""
    decisions: tuple[str, ...] = ()
    """Ids of the learner's standing decisions on that grade, oldest first."""
    revealed: bool = False
    """The reference answer was shown without waiting for a grade."""
    review: Review | None = None
    before: Memory | None = None
    """The memory from before `review`, to go back to."""
