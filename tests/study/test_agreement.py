"""Agreement of the learner with the engines, and what it teaches, from the history alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.doubles.clock import FrozenClock
from tests.doubles.grades import COVERED, FAILED, MISSING, grade, question
from tutor.domain.grade import Grade, PointStatus, Receipt
from tutor.domain.review import Rating
from tutor.grading.recalibration import Label
from tutor.store.store import Store
from tutor.study.agreement import agreement, contested, labels
from tutor.study.quiz import QuizSession

UNSURE = PointStatus.UNSURE
AT = datetime(2026, 11, 22, tzinfo=UTC)


def local(*statuses: PointStatus, version: str = "v1", **options: str) -> Grade:
    """A local grade whose points carry a probability."""
    made = grade(*statuses)
    by_status = {COVERED: 0.9, MISSING: 0.1, UNSURE: 0.5}
    points = tuple(replace(p, probability=by_status.get(p.status)) for p in made.points)
    return replace(made, points=points, receipt=Receipt("local", version, "c", AT, 0.1, options))


@pytest.fixture
def quiz(store: Store, clock: FrozenClock) -> QuizSession:
    return QuizSession([question(f"rag/basics#{n}") for n in range(4)], store, clock=clock)


def answered(quiz: QuizSession, *grades: Grade) -> None:
    """The current question answered, with these grades one after another."""
    attempt = quiz.submit("Words.")
    for number, given in enumerate(grades):
        if number:
            quiz.regrade()
        quiz.record(attempt.id, given)


def go_on(quiz: QuizSession) -> None:
    quiz.rate(Rating.GOOD)
    quiz.advance()


def test_agreement_counts_by_engine_and_status(quiz: QuizSession, store: Store) -> None:
    answered(quiz, local(COVERED, MISSING))
    quiz.override("second", COVERED)
    go_on(quiz)
    answered(quiz, local(COVERED, UNSURE))
    quiz.override("first", COVERED)
    quiz.override("second", MISSING)
    go_on(quiz)
    answered(quiz, replace(grade(MISSING, MISSING, engine="ollama:tiny"), second_opinion="The local engine disagrees."))
    quiz.dispute("It is right.")
    go_on(quiz)
    answered(quiz, FAILED)
    first, second = agreement(store.graded())
    assert (first.engine, first.grades, first.voided, first.disputed, first.disagreed) == ("local", 2, 0, 0, 0)
    assert (first.judged, first.confirmed, first.overruled) == (2, 1, 1)
    assert first.stood == pytest.approx(2 / 3)
    unsure = first.statuses[UNSURE]
    assert (unsure.given, unsure.had, unsure.missed) == (1, 0, 1)
    assert (second.engine, second.disputed, second.disagreed, second.stood) == ("ollama:tiny", 1, 1, 1.0)


def test_an_answer_graded_again_by_the_same_engine_counts_once(quiz: QuizSession, store: Store) -> None:
    answered(quiz, local(MISSING), grade(MISSING, engine="ollama:tiny"), local(COVERED), local(COVERED))
    first, second = agreement(store.graded())
    assert [(record.engine, record.grades) for record in (first, second)] == [("local", 1), ("ollama:tiny", 1)]
    assert list(first.statuses) == [COVERED]


def test_a_decision_that_was_taken_back_counts_nowhere(quiz: QuizSession, store: Store) -> None:
    answered(quiz, local(COVERED, MISSING))
    quiz.override("second", COVERED)
    quiz.undo_decision()
    [record] = agreement(store.graded())
    assert record.judged == 0
    assert list(contested(store.graded())) == []


def taught(store: Store, version: str = "v1") -> list[Label]:
    rated = {review.attempt_id for review in store.reviews() if review.attempt_id}
    return sorted(labels(store.graded(), rated, version), key=lambda label: (label.probability, label.target))


def test_points_passed_over_in_a_rated_grade_hold_the_engine_where_it_is(quiz: QuizSession, store: Store) -> None:
    answered(quiz, local(COVERED, MISSING))
    quiz.override("second", COVERED)
    assert taught(store) == [Label(0.1, 1.0, judged=True)], "nothing was accepted yet"
    go_on(quiz)
    assert taught(store) == [Label(0.1, 1.0, judged=True), Label(0.9, 0.9, judged=False)]


def test_what_a_recalibrated_grade_showed_is_what_was_accepted(quiz: QuizSession, store: Store) -> None:
    answered(quiz, local(COVERED, MISSING, slope="1.0", shift="1.0"))
    go_on(quiz)
    missing, covered = taught(store)
    assert missing.target == pytest.approx(0.232, abs=1e-3)
    assert covered.target == pytest.approx(0.961, abs=1e-3)


@pytest.mark.parametrize(
    "spoil",
    ["voided", "disputed", "another version", "a model", "not the one that counts"],
)
def test_some_grades_teach_nothing(quiz: QuizSession, store: Store, spoil: str) -> None:
    given = local(COVERED, MISSING, version="v0" if spoil == "another version" else "v1")
    if spoil == "a model":
        assert given.receipt
        given = replace(given, receipt=replace(given.receipt, engine="ollama:tiny"))
    answered(quiz, given, *([grade(COVERED, COVERED)] if spoil == "not the one that counts" else []))
    if spoil == "voided":
        quiz.void()
    if spoil == "disputed":
        quiz.dispute("Right.")
    go_on(quiz)
    assert taught(store) == []


def test_contested_lists_what_was_decided_against_an_engine(quiz: QuizSession, store: Store) -> None:
    answered(quiz, local(COVERED, MISSING))
    quiz.override("first", COVERED)
    quiz.override("second", COVERED, "I said so.")
    go_on(quiz)
    answered(quiz, local(UNSURE, UNSURE))
    quiz.override("first", COVERED)
    go_on(quiz)
    answered(quiz, local(MISSING, MISSING))
    quiz.void("It misread me.")
    found = [(decision.kind, decision.point_id, decision.note) for _, _, decision in contested(store.graded())]
    assert found == [("void", None, "It misread me."), ("override", "second", "I said so.")]
