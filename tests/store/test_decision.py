"""The learner's last word on a grade."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.doubles.grades import COVERED, FAILED, MISSING, PARTIAL, STRONG, WEAK, grade
from tutor.domain.grade import Grade, Outcome, PointStatus, Verdict
from tutor.store.decision import Decision, DecisionKind, KeptGrade, effective, standing

AT = datetime(2026, 11, 22, tzinfo=UTC)


def override(point: str, status: PointStatus, note: str = "") -> Decision:
    return Decision("d", "g", DecisionKind.OVERRIDE, point, status, note, AT)


VOID = Decision("d", "g", DecisionKind.VOID, None, None, "It graded another question.", AT)


@pytest.mark.parametrize(
    ("decisions", "score", "verdict"),
    [
        ([], 0.0, Verdict.WEAK),
        ([override("first", COVERED)], 2 / 3, Verdict.PARTIAL),
        ([override("first", COVERED), override("second", COVERED)], 1.0, Verdict.STRONG),
        ([override("first", COVERED), override("first", PARTIAL)], 1 / 3, Verdict.WEAK),
        ([override("elsewhere", COVERED)], 0.0, Verdict.WEAK),
        ([override("first", COVERED), VOID], None, Verdict.UNSURE),
    ],
    ids=["nothing decided", "one point", "both points", "the last word counts", "a point it does not have", "voided"],
)
def test_a_grade_reads_as_the_learner_left_it(decisions: list[Decision], score: float | None, verdict: Verdict) -> None:
    seen = effective(WEAK, decisions)
    assert seen.score == pytest.approx(score)
    assert seen.verdict is verdict


def test_an_override_touches_its_point_only_and_says_who_judged() -> None:
    seen = effective(STRONG, [override("second", MISSING)])
    assert seen.points[0] == STRONG.points[0]
    assert seen.points[1] == replace(
        STRONG.points[1], status=MISSING, credit=0.0, note="You judged this point yourself."
    )


def test_an_override_leaves_out_what_the_engine_said_of_its_own_statuses() -> None:
    given = replace(STRONG, feedback="Both points are there.")
    assert "Both points" not in effective(given, [override("second", MISSING)]).feedback
    assert effective(given, []).feedback == "Both points are there."


def test_a_point_called_unsure_keeps_its_estimate() -> None:
    assert effective(grade(PARTIAL), [override("first", PointStatus.UNSURE)]).points[0].credit == 0.5


def test_a_voided_grade_keeps_its_points_and_gives_the_reason() -> None:
    seen = effective(STRONG, [VOID])
    assert seen.outcome is Outcome.NOT_GRADED
    assert seen.points == STRONG.points
    assert seen.reason == "You set this grade aside. It graded another question."


@pytest.mark.parametrize("given", [STRONG, FAILED], ids=["graded", "not graded"])
def test_without_decisions_a_grade_is_itself(given: Grade) -> None:
    assert effective(given, []) is given


DISPUTE = Decision("d", "g", DecisionKind.DISPUTE, None, None, "HyDE also does this.", AT)
UNSURE = PointStatus.UNSURE


def test_a_disputed_grade_does_not_count_and_gives_the_learners_reason() -> None:
    seen = effective(WEAK, [DISPUTE])
    assert (seen.outcome, seen.score) == (Outcome.NOT_GRADED, None)
    assert seen.reason == "You hold that your answer is right. HyDE also does this."


def test_where_the_engine_gave_no_verdict_the_learner_grades_point_by_point() -> None:
    open_ended = grade(UNSURE, UNSURE)
    half = effective(open_ended, [override("first", COVERED)])
    assert (half.outcome, half.verdict, half.score) == (Outcome.SELF_GRADED, Verdict.UNSURE, None)
    whole = effective(open_ended, [override("first", COVERED), override("second", MISSING)])
    assert (whole.outcome, whole.verdict, whole.score) == (Outcome.SELF_GRADED, Verdict.PARTIAL, pytest.approx(2 / 3))


def test_a_self_grade_has_no_score_while_a_point_is_open() -> None:
    assert replace(grade(COVERED, UNSURE), outcome=Outcome.SELF_GRADED).score is None


def kept(name: str, given: Grade, *decisions: Decision) -> KeptGrade:
    return KeptGrade(name, given, tuple(replace(d, grade_id=name) for d in decisions))


def chosen(decision_id: str) -> Decision:
    return Decision(decision_id, "g", DecisionKind.CHOOSE, None, None, "", AT)


@pytest.mark.parametrize(
    ("grades", "counts"),
    [
        ([], None),
        ([kept("a", FAILED)], "a"),
        ([kept("a", STRONG), kept("b", WEAK)], "b"),
        ([kept("a", STRONG), kept("b", FAILED)], "a"),
        ([kept("a", STRONG, chosen("1")), kept("b", WEAK)], "a"),
        ([kept("a", STRONG, chosen("1")), kept("b", WEAK, chosen("2"))], "b"),
        ([kept("a", STRONG), kept("b", WEAK, VOID)], "b"),
    ],
    ids=["none", "only a failure", "the newest", "a failure takes nothing away", "the chosen one", "the last choice",
         "a voided one is not replaced unasked"],
)  # fmt: skip
def test_of_several_grades_one_counts(grades: list[KeptGrade], counts: str | None) -> None:
    found = standing(grades)
    assert (found.id if found else None) == counts
