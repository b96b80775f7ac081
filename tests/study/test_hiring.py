"""The hiring verdict: what it takes, what rules it out, and when there is none."""

import pytest

from tests.doubles.grades import COVERED, FAILED, MISSING, PARTIAL, STRONG, WEAK, grade
from tutor.domain.grade import Grade, MisconceptionFound, Outcome, PointStatus
from tutor.study.hiring import Hire, finding

UNSURE, CONTRADICTED = PointStatus.UNSURE, PointStatus.CONTRADICTED
GOOD = grade(COVERED, MISSING)
NOBODY_KNOWS = grade(UNSURE, UNSURE)
OPPOSITE = grade(COVERED, CONTRADICTED)
MIXED_UP = Grade(
    Outcome.GRADED, "local", points=STRONG.points, misconceptions=(MisconceptionFound("It trains.", "it trains"),)
)
PASSED = None


@pytest.mark.parametrize(
    ("grades", "verdict"),
    [
        ([STRONG, STRONG, STRONG], Hire.STRONG_HIRE),
        ([STRONG, STRONG, GOOD, STRONG], Hire.STRONG_HIRE),
        ([STRONG, GOOD, GOOD], Hire.HIRE),
        ([STRONG, STRONG, OPPOSITE], Hire.HIRE),
        ([STRONG, STRONG, OPPOSITE, OPPOSITE], Hire.NO_HIRE),
        ([STRONG, STRONG, MIXED_UP], Hire.HIRE),
        ([STRONG, STRONG, STRONG, PASSED], Hire.HIRE),
        ([STRONG, STRONG, WEAK], Hire.NO_HIRE),
        ([STRONG, PASSED], Hire.NO_HIRE),
        ([grade(PARTIAL, COVERED)] * 3, Hire.NO_HIRE),
        ([WEAK, WEAK, STRONG], Hire.STRONG_NO_HIRE),
        ([PASSED, PASSED], Hire.STRONG_NO_HIRE),
        ([STRONG, STRONG, NOBODY_KNOWS], Hire.STRONG_HIRE),
        ([STRONG, NOBODY_KNOWS, NOBODY_KNOWS], None),
        ([STRONG, FAILED], None),
        ([STRONG], None),
        ([], None),
    ],
    ids=[
        "flawless", "flawless but for a side point", "sound", "one contradiction", "two contradictions",
        "a mix-up is a contradiction", "one of four passed on", "essentials missing in one of three", "half passed on",
        "no essential point made in full", "one of three", "nothing said", "an unsure one is left out",
        "mostly unsure", "one judged", "a single question", "nothing asked",
    ],
)  # fmt: skip
def test_the_verdict(grades: list[Grade | None], verdict: Hire | None) -> None:
    assert finding([(each, each is None, 1) for each in grades]).verdict is verdict


def test_the_sentence_says_what_it_follows_from() -> None:
    found = finding([(STRONG, False, 1), (OPPOSITE, False, 1), (FAILED, False, 1)])
    assert found.why == (
        "83% of what was asked; 2 of 2 essential points; 1 contradiction left standing, "
        "from 2 of 3 answers that could be judged."
    )
    assert finding([]).why == "No question was answered."
    assert finding([(FAILED, False, 1)]).why == "None of the answers could be judged."


def test_an_unsure_essential_point_is_neither_made_nor_missed() -> None:
    found = finding([(grade(UNSURE, COVERED, COVERED), False, 1), (STRONG, False, 1)])
    assert found.essentials == (1, 1)
