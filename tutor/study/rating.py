"""Owns what rating a grade suggests; the learner may always choose another."""

from tutor.domain.grade import Grade, PointStatus, Verdict
from tutor.domain.review import Rating

SURE = 0.8
"""Confidence from which a flawless answer is called easy. Easy sends a new question away four times as long as good,
so it takes every point covered and an engine that is sure of it."""

_RATINGS = {
    Verdict.STRONG: Rating.GOOD,
    Verdict.GOOD: Rating.GOOD,
    Verdict.PARTIAL: Rating.HARD,
    Verdict.WEAK: Rating.AGAIN,
    Verdict.WRONG: Rating.AGAIN,
}


def rating_for(grade: Grade) -> Rating | None:
    """The rating that follows from a grade; None when the grade says nothing and the learner chooses.

    Strong is good, or easy when every point is covered for sure; partial is hard; weak and wrong are again. Unsure,
    not graded and voided grades suggest nothing, nor do self-graded ones before every point is judged.
    """
    verdict = grade.verdict
    flawless = all(point.status is PointStatus.COVERED for point in grade.points)
    if verdict is Verdict.STRONG and flawless and grade.confidence >= SURE:
        return Rating.EASY
    return _RATINGS.get(verdict)
