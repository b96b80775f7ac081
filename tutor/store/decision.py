"""Owns the learner's last word on a grade: what they decided, and the grade as it then reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Verdict


class DecisionKind(StrEnum):
    """What the learner can decide."""

    OVERRIDE = "override"
    """One key point is covered or missing, whatever the engine said; also when the engine said the same."""
    VOID = "void"
    """The whole grade does not count."""
    DISPUTE = "dispute"
    """The answer is right, whatever the grade says; the note says why. The grade does not count."""
    CHOOSE = "choose"
    """Of the grades of one attempt, this is the one that counts."""


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


@dataclass(frozen=True, slots=True)
class KeptGrade:
    """A grade in the history, with what stands decided about it."""

    id: str
    """UUIDv7."""
    given: Grade
    """As the engine gave it."""
    decisions: tuple[Decision, ...] = ()
    """Those not taken back, oldest first."""

    @property
    def seen(self) -> Grade:
        """As the learner left it."""
        return effective(self.given, self.decisions)

    @property
    def set_aside(self) -> bool:
        """It was voided or disputed."""
        return any(decision.kind in (DecisionKind.VOID, DecisionKind.DISPUTE) for decision in self.decisions)


def standing(grades: Sequence[KeptGrade]) -> KeptGrade | None:
    """Of an attempt's grades, oldest first, the one that counts; None of none.

    The one the learner chose last; else the newest that is a grade at all, so that a second grading that fails takes
    nothing away; else the newest.
    """
    chosen = [(d.id, kept) for kept in grades for d in kept.decisions if d.kind is DecisionKind.CHOOSE]
    if chosen:
        return max(chosen, key=lambda pair: pair[0])[1]
    made = [kept for kept in grades if kept.given.outcome is not Outcome.NOT_GRADED]
    return made[-1] if made else grades[-1] if grades else None


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
DISPUTE_REASON = "You hold that your answer is right."


def effective(grade: Grade, decisions: Iterable[Decision]) -> Grade:
    """The grade as the learner left it, from its live decisions, oldest first; the last word on a point counts.

    What the engine said in sum speaks of its own statuses, so an override takes its place. Where the engine gave no
    verdict, the first override makes the outcome the learner's own: self-graded, with a score once no point is open. A
    grade set aside is not graded: it keeps its points to look at, has no score, and suggests no rating.
    """
    outcome = Outcome.SELF_GRADED if grade.verdict is Verdict.UNSURE else grade.outcome
    reason = ""
    for decision in decisions:
        if decision.kind is DecisionKind.OVERRIDE:
            points = tuple(_judged(point, decision) for point in grade.points)
            grade = replace(grade, outcome=outcome, points=points, feedback=OVERRIDE_FEEDBACK)
        elif decision.kind in (DecisionKind.VOID, DecisionKind.DISPUTE):
            said = VOID_REASON if decision.kind is DecisionKind.VOID else DISPUTE_REASON
            reason = f"{said} {decision.note}".strip()
    return replace(grade, outcome=Outcome.NOT_GRADED, reason=reason) if reason else grade


def _judged(point: PointGrade, decision: Decision) -> PointGrade:
    if point.id != decision.point_id or decision.status is None:
        return point
    return replace(
        point,
        status=decision.status,
        credit=CREDIT.get(decision.status, point.credit),
        note=decision.note or OVERRIDE_NOTE,
    )
