"""Owns one question's turn in a sitting: how far it has come and what it holds."""

from dataclasses import dataclass
from enum import StrEnum

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade
from tutor.domain.review import Attempt, Memory, Review
from tutor.store.decision import Decision, KeptGrade, standing


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
    grades: tuple[KeptGrade, ...] = ()
    """Every grade of the attempt, oldest first."""
    deferred: bool = False
    """The learner went on before its grade came; it is shown again after the questions still to be asked."""
    skipped: bool = False
    """Left without a rating."""
    review: Review | None = None
    before: Memory | None = None
    """The memory from before `review`, to go back to."""

    @property
    def counting(self) -> KeptGrade | None:
        """Of the grades, the one that counts."""
        return standing(self.grades)

    @property
    def grade(self) -> Grade | None:
        """The one that counts, as the learner left it."""
        return self.counting.seen if self.counting else None

    @property
    def decisions(self) -> list[Decision]:
        """The learner's standing decisions on any of the grades, oldest first."""
        return sorted((d for kept in self.grades for d in kept.decisions), key=lambda decision: decision.id)

    @property
    def open(self) -> bool:
        """Still to be rated."""
        return self.review is None and not self.skipped
