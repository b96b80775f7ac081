"""Owns what follow-ups make of an answer: the grade of a question over everything that was said to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tutor.domain.grade import Grade, PointGrade, PointStatus

PROMPTED = 0.5
"""What a point counts that was only made when asked again: the interviewer had to help."""

_HEARD = (PointStatus.COVERED, PointStatus.PARTIAL)


@dataclass(frozen=True, slots=True)
class Heard:
    """A question's grade over its answer and follow-ups."""

    grade: Grade
    """The first answer's grade with each point as well as it was ever made; follow-ups never lower one."""
    prompted: frozenset[str] = frozenset()
    """Ids of the points that took a follow-up."""


def heard(first: Grade, follow_ups: Iterable[Grade]) -> Heard:
    """Merge the grades of follow-up answers into the first answer's. What is not graded changes nothing."""
    if first.score is None:
        return Heard(first)
    points = {point.id: point for point in first.points}
    misconceptions, prompted = list(first.misconceptions), set[str]()
    for grade in follow_ups:
        if grade.score is None:
            continue
        misconceptions += [found for found in grade.misconceptions if found not in misconceptions]
        for point in grade.points:
            before = points.get(point.id)
            credit = PROMPTED * point.credit
            if before is not None and point.status in _HEARD and _better(point, credit, before):
                points[point.id] = replace(point, credit=max(credit, before.credit))
                prompted.add(point.id)
    merged = replace(first, points=tuple(points.values()), misconceptions=tuple(misconceptions))
    return Heard(merged, frozenset(prompted))


def _better(point: PointGrade, credit: float, before: PointGrade) -> bool:
    if before.status is PointStatus.COVERED:
        return False
    if before.status is PointStatus.PARTIAL and point.status is PointStatus.PARTIAL:
        return False
    return credit >= before.credit or before.status is PointStatus.UNSURE
