"""What rating a grade suggests."""

from dataclasses import replace

import pytest

from tests.doubles.grades import COVERED, FAILED, HALF, MISSING, PARTIAL, SHY, STRONG, WEAK, grade
from tutor.domain.grade import Grade, MisconceptionFound, Outcome, PointStatus
from tutor.domain.review import Rating
from tutor.study.rating import rating_for

WRONG_IDEA = (MisconceptionFound("It trains.", "it trains"),)

CASES = {
    "flawless, by a sure engine": (STRONG, Rating.EASY),
    "flawless, by an engine in doubt": (SHY, Rating.GOOD),
    "strong with a point half said": (grade(COVERED, COVERED, COVERED, PARTIAL), Rating.GOOD),
    "good": (grade(COVERED, COVERED, MISSING), Rating.GOOD),
    "the essential half of two points": (grade(COVERED, MISSING), Rating.HARD),
    "partial": (HALF, Rating.HARD),
    "weak": (WEAK, Rating.AGAIN),
    "wrong": (
        replace(grade(PointStatus.CONTRADICTED, MISSING), misconceptions=WRONG_IDEA),
        Rating.AGAIN,
    ),
    "flawless but for a misconception": (replace(STRONG, misconceptions=WRONG_IDEA), Rating.HARD),
    "unsure": (grade(PointStatus.UNSURE, PointStatus.UNSURE), None),
    "not graded": (FAILED, None),
    "voided": (replace(STRONG, outcome=Outcome.NOT_GRADED), None),
    "self-graded": (Grade(Outcome.SELF_GRADED, "learner"), None),
    "graded on no points": (Grade(Outcome.GRADED, "local", confidence=1.0), None),
}


@pytest.mark.parametrize(("given", "expected"), CASES.values(), ids=CASES.keys())
def test_the_rating_follows_from_the_grade(given: Grade, expected: Rating | None) -> None:
    assert rating_for(given) is expected
