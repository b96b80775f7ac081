"""When an answer as a whole leans to the other side, and when a denial is plain. Vectors are angles on a circle."""

import math

import numpy as np
import pytest

from tutor.grading.claims import Claim, Said
from tutor.grading.contradiction import contraries
from tutor.grading.exchange import mixes_up


def at(degrees: float) -> np.ndarray:
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])


def claim(point: str, side: int | None, degrees: float, text: str = "it keeps order") -> Claim:
    return Claim(point, text, text, False, side, at(degrees))


def said(side: int | None, degrees: float, text: str = "it keeps the order") -> Said:
    negative = "not" in text
    return Said(0, len(text), text, text, negative, ("keep", "order", "index"), side, frozenset(), at(degrees))


BOTH = [claim("first", 0, 0), claim("second", 1, 90)]


@pytest.mark.parametrize(
    ("clauses", "mixed_up"),
    [
        ([said(0, 10), said(1, 80), said(0, 5)], False),
        ([said(0, 40), said(1, 50), said(0, 40)], False),
        ([said(0, 50), said(1, 40), said(0, 50)], True),
        ([said(0, 80), said(1, 80), said(1, 85)], False),
        ([said(0, 80), said(1, 10)], False),
        ([said(None, 80), said(None, 10), said(None, 80)], False),
    ],
    ids=["each its own", "hardly its own", "rather the other's", "one of three", "two clauses", "of nobody"],
)
def test_an_answer_is_mixed_up_by_its_clauses_on_average(clauses: list[Said], mixed_up: bool) -> None:
    assert mixes_up(BOTH, clauses) is mixed_up


def test_among_three_sides_nothing_is_read_into_names() -> None:
    assert not mixes_up([*BOTH, claim("third", 2, 45)], [said(0, 80), said(1, 10), said(0, 70)])


@pytest.mark.parametrize(
    ("supporting", "found"),
    [(20, []), (42, [False]), (80, [True])],
    ids=["said as closely", "said less closely", "hardly said"],
)
def test_a_denial_beside_words_that_say_the_point_leaves_it_in_doubt(supporting: float, found: list[bool]) -> None:
    claims = [claim("order", None, 0, "The queue keeps order.")]
    clauses = [said(None, 35, "the queue does not keep order"), said(None, supporting, "the queue keeps order")]
    assert [contrary.plain for contrary in contraries(claims, clauses).values()] == found
