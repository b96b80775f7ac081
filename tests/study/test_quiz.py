"""A sitting from the first question to the last, on a real store, under a frozen clock."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.doubles.clock import FrozenClock, counting_entropy
from tests.doubles.grades import COVERED, FAILED, HALF, MISSING, STRONG, WEAK, ScriptedGrader, question
from tutor.domain.errors import StoreError
from tutor.domain.grade import Outcome, PointStatus, Verdict
from tutor.domain.review import Rating, RatingSource
from tutor.store.home import Home
from tutor.store.store import Store
from tutor.study.quiz import OutOfTurn, QuizSession
from tutor.study.schedule import replay
from tutor.study.turn import Phase

FIRST, SECOND, THIRD = (question(f"rag/basics#{name}") for name in ("one", "two", "three"))


@pytest.fixture
def quiz(store: Store, clock: FrozenClock) -> QuizSession:
    return QuizSession([FIRST, SECOND, THIRD], store, clock=clock)


def answer(quiz: QuizSession, grader: ScriptedGrader, text: str = "It retrieves.") -> None:
    """One question as the terminal plays it, up to the rating."""
    attempt = quiz.submit(text)
    quiz.record(attempt.id, grader.grade(attempt.text))


def test_an_evening(quiz: QuizSession, store: Store, clock: FrozenClock) -> None:
    grader = ScriptedGrader([STRONG, WEAK, FAILED])
    for expected, suggested in ((FIRST, Rating.EASY), (SECOND, Rating.AGAIN), (THIRD, None)):
        assert (quiz.phase, quiz.current) == (Phase.ASKING, expected)
        answer(quiz, grader, f"About {expected.id}")
        assert (quiz.phase, quiz.suggestion) == (Phase.GRADED, suggested)
        quiz.rate(suggested or Rating.HARD)
        assert quiz.phase is Phase.RATED
        clock.forward(minutes=3)
        quiz.advance()
    assert (quiz.phase, quiz.current, quiz.position) == (Phase.DONE, None, (3, 3))
    summary = quiz.summary
    assert (summary.asked, summary.answered, summary.skipped, summary.not_graded) == (3, 3, 0, 1)
    assert summary.verdicts == {Verdict.STRONG: 1, Verdict.WEAK: 1}
    assert summary.ratings == {Rating.AGAIN: 1, Rating.HARD: 1, Rating.EASY: 1}
    assert [(asked.question, asked.rating) for asked in summary.questions] == [
        (FIRST, Rating.EASY),
        (SECOND, Rating.AGAIN),
        (THIRD, Rating.HARD),
    ]
    again = store.memory(SECOND.id)
    assert again is not None
    assert summary.next_due == again.due
    assert [review.source for review in store.reviews()] == [
        RatingSource.GRADE,
        RatingSource.GRADE,
        RatingSource.LEARNER,
    ]
    assert replay(store.reviews()) == store.memories()


def test_the_answer_is_on_the_disk_before_anything_is_graded(quiz: QuizSession, home: Home) -> None:
    attempt = quiz.submit("My answer.")
    assert quiz.phase is Phase.GRADING
    with sqlite3.connect(home.database) as raw:
        row = raw.execute("SELECT id, text, session_id FROM attempts").fetchone()
    assert row == (attempt.id, "My answer.", quiz.id)


def test_an_answer_that_cannot_be_kept_leaves_the_question_open(
    quiz: QuizSession, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "add_attempt", full)
        with pytest.raises(StoreError):
            quiz.submit("My answer.")
    assert (quiz.phase, quiz.attempt) == (Phase.ASKING, None)
    assert quiz.submit("My answer.").text == "My answer."


def test_a_grade_for_a_question_left_behind_is_kept_with_its_answer(quiz: QuizSession, store: Store) -> None:
    late = quiz.submit("First answer.")
    quiz.skip()
    current = quiz.submit("Second answer.")
    assert quiz.record(late.id, STRONG) is False
    assert (quiz.phase, quiz.grade) == (Phase.GRADING, None)
    assert [grade for _, grade in store.grades(late.id)] == [STRONG]
    assert quiz.record(current.id, WEAK) is True
    assert quiz.grade == WEAK
    assert quiz.summary.verdicts == {Verdict.STRONG: 1, Verdict.WEAK: 1}
    assert store.memories() == {}


def test_a_grade_from_an_earlier_sitting_is_kept(quiz: QuizSession, store: Store, clock: FrozenClock) -> None:
    old = quiz.submit("Asked before the restart.")
    fresh = QuizSession([SECOND], store, clock=clock)
    assert fresh.record(old.id, HALF) is False
    assert store.grades(old.id)[0][1] == HALF
    assert fresh.phase is Phase.ASKING


def test_a_late_grade_after_the_rating_does_not_touch_the_schedule(quiz: QuizSession, store: Store) -> None:
    attempt = quiz.submit("Words.")
    quiz.reveal()
    quiz.rate(Rating.HARD)
    memory = store.memory(FIRST.id)
    quiz.record(attempt.id, STRONG)
    assert quiz.phase is Phase.RATED
    assert store.memory(FIRST.id) == memory
    assert [grade.outcome for _, grade in store.grades(attempt.id)] == [Outcome.SELF_GRADED, Outcome.GRADED]


@pytest.mark.parametrize("spoil", ["failed", "voided"])
def test_a_grade_that_does_not_count_suggests_nothing_and_moves_nothing(
    quiz: QuizSession, store: Store, spoil: str
) -> None:
    answer(quiz, ScriptedGrader([FAILED if spoil == "failed" else STRONG]))
    if spoil == "voided":
        assert quiz.suggestion is Rating.EASY
        quiz.void("It misread me.")
    assert (quiz.phase, quiz.suggestion) == (Phase.GRADED, None)
    assert quiz.grade is not None
    assert quiz.grade.outcome is Outcome.NOT_GRADED
    quiz.skip()
    assert store.reviews() == []
    assert store.memories() == {}
    assert quiz.summary.not_graded == 1


def test_revealing_without_writing_lets_the_learner_rate(quiz: QuizSession, store: Store) -> None:
    assert quiz.reveal("  \n") is None
    assert (quiz.phase, quiz.grade, quiz.suggestion) == (Phase.GRADED, None, None)
    review = quiz.rate(Rating.GOOD)
    assert (review.source, review.attempt_id) == (RatingSource.LEARNER, None)
    assert store.last_review(quiz.id) == review


def test_revealing_keeps_what_was_written_and_says_who_graded(quiz: QuizSession, store: Store) -> None:
    attempt = quiz.reveal("Half an answer")
    assert attempt is not None
    assert store.attempt(attempt.id).text == "Half an answer"
    assert quiz.grade is not None
    assert (quiz.grade.outcome, quiz.grade.engine) == (Outcome.SELF_GRADED, "learner")
    assert (quiz.grade.score, quiz.suggestion) == (None, None)
    assert quiz.rate(Rating.HARD).attempt_id == attempt.id


def test_a_grade_that_arrives_after_the_reveal_is_shown(quiz: QuizSession) -> None:
    attempt = quiz.submit("It retrieves.")
    quiz.reveal()
    assert quiz.record(attempt.id, HALF)
    assert (quiz.grade, quiz.suggestion) == (HALF, Rating.HARD)


def test_grading_again_keeps_both_grades_and_shows_the_last(quiz: QuizSession, store: Store) -> None:
    answer(quiz, ScriptedGrader([FAILED]))
    attempt = quiz.regrade()
    assert quiz.phase is Phase.GRADING
    quiz.record(attempt.id, STRONG)
    assert quiz.grade == STRONG
    assert [grade for _, grade in store.grades(attempt.id)] == [FAILED, STRONG]
    assert len(store.attempts()) == 1


def test_overriding_a_point_changes_the_suggestion_and_can_be_undone(quiz: QuizSession, store: Store) -> None:
    answer(quiz, ScriptedGrader([WEAK]))
    seen = quiz.override("first", COVERED)
    assert (seen.verdict, quiz.suggestion) == (Verdict.PARTIAL, Rating.HARD)
    quiz.override("second", COVERED)
    assert quiz.undo_decision() == seen
    assert quiz.undo_decision() == WEAK
    with pytest.raises(OutOfTurn, match="no decision"):
        quiz.undo_decision()
    assert quiz.attempt is not None
    assert [grade for _, grade in store.grades(quiz.attempt.id)] == [WEAK]


@pytest.mark.parametrize(
    "decide",
    [lambda quiz: quiz.void(), lambda quiz: quiz.override("first", MISSING)],
    ids=["voiding", "overriding"],
)
def test_deciding_about_a_rated_grade_takes_the_rating_back(
    quiz: QuizSession, store: Store, decide: Callable[[QuizSession], object]
) -> None:
    answer(quiz, ScriptedGrader([STRONG]))
    quiz.rate(Rating.EASY)
    decide(quiz)
    assert quiz.phase is Phase.GRADED
    assert store.reviews() == []
    assert store.memory(FIRST.id) is None
    quiz.rate(Rating.AGAIN)
    assert [review.rating for review in store.reviews()] == [Rating.AGAIN]


def test_undo_restores_the_memory_and_shows_the_question_again(
    quiz: QuizSession, store: Store, clock: FrozenClock
) -> None:
    quiz.reveal()
    quiz.rate(Rating.GOOD)
    known = store.memory(FIRST.id)
    clock.forward(days=3)
    again = QuizSession([FIRST, SECOND], store, clock=clock)
    answer(again, ScriptedGrader([STRONG]))
    mistake = again.rate(Rating.AGAIN)
    again.advance()
    assert again.current == SECOND
    assert again.undo() == mistake
    assert store.memory(FIRST.id) == known
    assert (again.current, again.phase, again.grade, again.suggestion) == (FIRST, Phase.GRADED, STRONG, Rating.EASY)
    again.rate(Rating.EASY)
    again.advance()
    assert (again.current, again.phase) == (SECOND, Phase.ASKING)
    assert replay(store.reviews()) == store.memories()


def test_undo_goes_back_rating_by_rating_even_when_done(quiz: QuizSession, store: Store) -> None:
    for _ in range(3):
        quiz.reveal()
        quiz.rate(Rating.GOOD)
        quiz.advance()
    assert quiz.phase is Phase.DONE
    assert [quiz.undo().question_id for _ in range(3)] == [THIRD.id, SECOND.id, FIRST.id]
    assert (store.memories(), store.reviews(), quiz.current) == ({}, [], FIRST)
    with pytest.raises(OutOfTurn, match="no rating in this sitting"):
        quiz.undo()


def test_undo_refuses_when_another_window_has_rated_the_question_since(
    quiz: QuizSession, store: Store, home: Home, clock: FrozenClock
) -> None:
    quiz.reveal()
    quiz.rate(Rating.GOOD)
    with Store.open(home, clock=clock, entropy=counting_entropy(10**6)) as other:
        elsewhere = QuizSession([FIRST], other, clock=clock)
        elsewhere.reveal()
        elsewhere.rate(Rating.EASY)
        with pytest.raises(StoreError, match="rated again since"):
            quiz.undo()
        assert quiz.phase is Phase.RATED
        assert replay(store.reviews()) == other.memories()


def test_a_draft_is_offered_again_until_it_is_submitted(quiz: QuizSession, store: Store, clock: FrozenClock) -> None:
    quiz.keep_draft("Half a tho")
    later = QuizSession([FIRST], store, clock=clock)
    assert later.draft == "Half a tho"
    later.submit("Half a thought, finished.")
    assert quiz.draft == ""
    quiz.keep_draft("other")
    quiz.keep_draft("   ")
    assert quiz.draft == ""


def test_preview_shows_what_each_rating_does(store: Store, clock: FrozenClock) -> None:
    quiz = QuizSession([FIRST], store, clock=clock, retention=0.8)
    quiz.reveal()
    shown = quiz.preview()
    quiz.rate(Rating.EASY)
    memory = store.memory(FIRST.id)
    assert memory is not None
    assert shown[Rating.EASY] == memory.due - clock() > timedelta(days=8)


def test_skipping_counts_and_rates_nothing(quiz: QuizSession, store: Store) -> None:
    assert quiz.position == (1, 3)
    assert quiz.skip() == SECOND
    quiz.reveal()
    assert quiz.skip() == THIRD
    assert (quiz.summary.asked, quiz.summary.skipped, quiz.summary.answered) == (3, 2, 0)
    assert quiz.skip() is None
    assert (quiz.summary.asked, quiz.summary.skipped) == (3, 3)
    assert (store.reviews(), quiz.summary.next_due) == ([], None)


def test_a_sitting_is_marked_ended_when_done_or_finished(store: Store, clock: FrozenClock, home: Home) -> None:
    done, left = (QuizSession([FIRST], store, clock=clock) for _ in range(2))
    clock.forward(minutes=20)
    done.skip()
    assert left.finish().asked == 1
    with sqlite3.connect(home.database) as raw:
        rows = raw.execute("SELECT kind, started < ended FROM sessions").fetchall()
    assert rows == [("quiz", 1), ("quiz", 1)]


def test_a_sitting_without_questions_is_done(store: Store, clock: FrozenClock, home: Home) -> None:
    quiz = QuizSession([], store, clock=clock)
    assert (quiz.phase, quiz.current, quiz.position, quiz.draft) == (Phase.DONE, None, (0, 0), "")
    assert (quiz.attempt, quiz.grade, quiz.suggestion, quiz.preview()) == (None, None, None, {})
    assert quiz.finish().asked == 0
    with sqlite3.connect(home.database) as raw:
        assert raw.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def test_an_answer_may_be_graded_while_the_next_is_written(quiz: QuizSession, store: Store) -> None:
    first = quiz.submit("First.")
    assert quiz.later() == SECOND
    assert quiz.awaited == (1, 0)
    quiz.keep_draft("Sec")
    assert quiz.record(first.id, WEAK) is False
    assert (quiz.awaited, quiz.current, quiz.phase) == ((0, 1), SECOND, Phase.ASKING)
    assert quiz.look() == FIRST
    assert (quiz.phase, quiz.suggestion) == (Phase.GRADED, Rating.AGAIN)
    quiz.rate(Rating.AGAIN)
    assert (quiz.advance(), quiz.draft, quiz.awaited) == (SECOND, "Sec", (0, 0))
    assert replay(store.reviews()) == store.memories()


def test_grades_that_came_later_are_shown_after_the_last_question(quiz: QuizSession, store: Store) -> None:
    attempts = []
    for _ in range(2):
        attempts.append(quiz.submit("Words."))
        quiz.later()
    quiz.record(attempts[1].id, STRONG)
    quiz.skip()
    assert (quiz.current, quiz.phase) == (SECOND, Phase.GRADED), "the graded one first"
    quiz.rate(Rating.GOOD)
    assert (quiz.advance(), quiz.phase) == (FIRST, Phase.GRADING), "the sitting waits for the last"
    assert quiz.record(attempts[0].id, FAILED) is True
    quiz.skip()
    assert quiz.phase is Phase.DONE
    assert (quiz.summary.skipped, quiz.summary.answered) == (2, 2)
    assert [review.question_id for review in store.reviews()] == [SECOND.id]


def test_there_is_nothing_to_look_at_before_a_grade_has_come(quiz: QuizSession) -> None:
    quiz.submit("Words.")
    quiz.later()
    with pytest.raises(OutOfTurn, match="No grade has come in"):
        quiz.look()


def test_a_second_grading_that_fails_takes_nothing_away(quiz: QuizSession) -> None:
    answer(quiz, ScriptedGrader([STRONG]))
    quiz.record(quiz.regrade().id, FAILED)
    assert (quiz.phase, quiz.grade, quiz.suggestion) == (Phase.GRADED, STRONG, Rating.EASY)
    assert [kept.given for kept in quiz.grades] == [STRONG, FAILED]


def test_of_two_engines_grades_the_learner_says_which_counts(quiz: QuizSession, store: Store) -> None:
    answer(quiz, ScriptedGrader([WEAK]))
    with pytest.raises(OutOfTurn, match="no other grade"):
        quiz.choose_other()
    quiz.record(quiz.regrade().id, STRONG)
    assert quiz.grade == STRONG, "the newer one counts unless the learner says otherwise"
    assert (quiz.choose_other(), quiz.suggestion) == (WEAK, Rating.AGAIN)
    [(_, counted)] = store.latest_grades()
    assert counted == WEAK
    assert quiz.choose_other() == STRONG
    assert quiz.undo_decision() == WEAK
    assert quiz.undo_decision() == STRONG


def test_a_dispute_keeps_the_learners_words_and_moves_nothing(quiz: QuizSession, store: Store) -> None:
    answer(quiz, ScriptedGrader([WEAK]))
    assert quiz.contestable
    seen = quiz.dispute("The paper says so.")
    assert (seen.outcome, quiz.suggestion, quiz.contestable) == (Outcome.NOT_GRADED, None, False)
    [kept] = quiz.grades
    assert [(d.kind, d.note) for d in kept.decisions] == [("dispute", "The paper says so.")]
    assert store.reviews() == []
    assert quiz.undo_decision() == WEAK


def test_marking_every_point_of_a_revealed_answer_is_a_grade_of_ones_own(quiz: QuizSession) -> None:
    quiz.reveal("It retrieves.")
    quiz.override("first", COVERED)
    assert quiz.suggestion is None
    seen = quiz.override("second", MISSING)
    assert (seen.outcome, seen.verdict, quiz.suggestion) == (Outcome.SELF_GRADED, Verdict.PARTIAL, Rating.HARD)


CALLS: dict[str, Callable[[QuizSession], object]] = {
    "submit": lambda quiz: quiz.submit("x"),
    "keep_draft": lambda quiz: quiz.keep_draft("x"),
    "reveal": lambda quiz: quiz.reveal(),
    "regrade": lambda quiz: quiz.regrade(),
    "later": lambda quiz: quiz.later(),
    "dispute": lambda quiz: quiz.dispute("It is right."),
    "override": lambda quiz: quiz.override("first", PointStatus.COVERED),
    "void": lambda quiz: quiz.void(),
    "rate": lambda quiz: quiz.rate(Rating.GOOD),
    "advance": lambda quiz: quiz.advance(),
    "skip": lambda quiz: quiz.skip(),
}

ALLOWED = {
    Phase.ASKING: {"submit", "keep_draft", "reveal", "skip"},
    Phase.GRADING: {"reveal", "skip", "later"},
    Phase.GRADED: {"regrade", "override", "void", "dispute", "rate", "skip"},
    Phase.RATED: {"override", "void", "dispute", "advance"},
    Phase.DONE: set(),
}


def brought_to(quiz: QuizSession, phase: Phase) -> None:
    if phase is Phase.DONE:
        for _ in range(3):
            quiz.skip()
    if phase in (Phase.GRADING, Phase.GRADED, Phase.RATED):
        attempt = quiz.submit("x")
    if phase in (Phase.GRADED, Phase.RATED):
        quiz.record(attempt.id, STRONG)
    if phase is Phase.RATED:
        quiz.rate(Rating.EASY)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("phase", Phase)
def test_each_phase_allows_its_calls_and_refuses_the_others(
    quiz: QuizSession, store: Store, phase: Phase, call: str
) -> None:
    brought_to(quiz, phase)
    assert quiz.phase is phase
    before = (quiz.phase, quiz.current, store.attempts(), store.reviews(), store.memories())
    if call in ALLOWED[phase]:
        CALLS[call](quiz)
    else:
        with pytest.raises(OutOfTurn):
            CALLS[call](quiz)
        assert (quiz.phase, quiz.current, store.attempts(), store.reviews(), store.memories()) == before


def test_a_reference_that_was_only_shown_cannot_be_graded_or_decided_about(quiz: QuizSession) -> None:
    quiz.reveal()
    for call, sentence in ((quiz.regrade, "no answer to grade"), (quiz.void, "no grade to decide")):
        with pytest.raises(OutOfTurn, match=sentence):
            call()
    assert quiz.phase is Phase.GRADED
