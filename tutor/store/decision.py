"""Owns the learner's last word on a grade: what they decided, and the grade as it then reads."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus


class DecisionKind(StrEnum):
    """What the learner can decide."""

    OVERRIDE = "override"
    """One key point has another status than the engine said."""
    VOID = "void"
    """The whole grade does not count."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the learner's say; never changed, only undone."""

    id: str
    """UUIDv7."""
    grade_id: str
    kind: DecisionKind
    point_id: str | None
    """The key point, for an override."""
    status: PointStatus | None
    """What the point is, for an override."""
    note: str
    """The learner's reason; may be empty."""
    at: datetime
    """UTC."""


CREDIT = {
    PointStatus.COVERED: 1.0,
    PointStatus.PARTIAL: 0.5,
    PointStatus.MISSING: 0.0,
    PointStatus.CONTRADICTED: 0.0,
}
"""What a point earns by the learner's word. An unsure one keeps the engine's estimate."""

OVERRIDE_NOTE = "You judged this point yourself."
OVERRIDE_FEEDBACK = "Your call counts; the engine's comment on its own grade is left out."
VOID_REASON = "You set this grade aside."


def effective(grade: Grade, decisions: Iterable[Decision]) -> Grade:
    """The grade as the learner left it, from its live decisions, oldest first; the last word on a point counts.

    What the engine said in sum speaks of its own statuses, so an override takes its place. A voided grade is not
    graded: it keeps its points to look at, has no score, and suggests no rating.
    """
    for decision in decisions:
        if decision.kind is DecisionKind.VOID:
            reason = f"{VOID_REASON} {decision.note}".strip()
            grade = replace(grade, outcome=Outcome.NOT_GRADED, reason=reason)
        else:
            points = tuple(_judged(point, decision) for point in grade.points)
            grade = replace(grade, points=points, feedback=OVERRIDE_FEEDBACK)
    return grade


def _judged(point: PointGrade, decision: Decision) -> PointGrade:
    if point.id != decision.point_id or decision.status is None:
        return point
    return replace(
        point,
        status=decision.status,
        credit=CREDIT.get(decision.status, point.credit),
        note=decision.note or OVERRIDE_NOTE,
    )
