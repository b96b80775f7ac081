"""Owns how a sitting went, in numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, Outcome, Verdict
from tutor.domain.review import Memory, Rating
from tutor.study.turn import Turn


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a sitting, as it was left."""

    question: KeyQuestion
    grade: Grade | None
    """The grade that counts, as the learner left it; None when nothing was graded."""
    rating: Rating | None
    """None when it was skipped."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of the questions of one sitting."""

    asked: int
    """Questions put to the learner so far."""
    answered: int
    """Questions answered in writing."""
    skipped: int
    """Questions left without a rating."""
    verdicts: Mapping[Verdict, int]
    """How many answers got each verdict; only verdicts that occurred. Grades as the learner left them."""
    not_graded: int
    """Answers that no engine graded, or whose grade was set aside."""
    ratings: Mapping[Rating, int]
    """How often each rating was given; only ratings that occurred."""
    questions: tuple[Asked, ...]
    """Each question put, in order."""
    next_due: datetime | None
    """When the first of all known questions comes back, UTC; None when nothing is known yet."""


def summarise(turns: Sequence[Turn], furthest: int, memories: Iterable[Memory]) -> Summary:
    """The numbers of a sitting. `furthest` is the index of the last turn begun, or the number of turns when done."""
    grades = [turn.grade for turn in turns if turn.grade]
    verdicts = Counter(grade.verdict for grade in grades if _read(grade))
    ratings = Counter(turn.review.rating for turn in turns if turn.review)
    asked = min(furthest + 1, len(turns))
    return Summary(
        asked=asked,
        questions=tuple(Asked(t.question, t.grade, t.review.rating if t.review else None) for t in turns[:asked]),
        answered=sum(turn.attempt is not None for turn in turns),
        skipped=sum(turn.skipped for turn in turns),
        verdicts={verdict: verdicts[verdict] for verdict in Verdict if verdicts[verdict]},
        not_graded=sum(grade.outcome is Outcome.NOT_GRADED for grade in grades),
        ratings={rating: ratings[rating] for rating in Rating if ratings[rating]},
        next_due=min((memory.due for memory in memories), default=None),
    )


def _read(grade: Grade) -> bool:
    """Whether anybody read it: an engine, or the learner point by point."""
    return grade.outcome is Outcome.GRADED or grade.score is not None
