"""Looking back: old answers with their grades, contested and graded anew, and a schedule that stays as it was."""

import pytest

from tests.doubles.clock import FrozenClock
from tests.doubles.grades import STRONG, WEAK, chapter, library
from tutor.domain.content import Library
from tutor.domain.grade import Outcome
from tutor.domain.review import Rating
from tutor.store.store import Store
from tutor.study.lookback import LookBack, past_answers
from tutor.study.quiz import QuizSession
from tutor.study.sitting import OutOfTurn
from tutor.study.turn import Phase

SHELF = library(chapter("light", 2))
FIRST, SECOND = SHELF.questions()


def practised(store: Store, clock: FrozenClock) -> None:
    """The first question graded and rated, the second answered and left while it was being graded."""
    session = QuizSession([FIRST, SECOND], store, clock=clock)
    session.record(session.submit("one").id, WEAK)
    session.rate(Rating.HARD)
    session.advance()
    session.submit("two")


def test_every_answer_is_there_newest_first_graded_or_not(store: Store, clock: FrozenClock) -> None:
    practised(store, clock)
    newest, oldest = past_answers(SHELF, store)
    assert (newest.question, newest.grade, newest.rating) == (SECOND, None, None)
    assert (oldest.question, oldest.grade, oldest.rating) == (FIRST, WEAK, Rating.HARD)
    assert [past.attempt.text for past in past_answers(SHELF, store, limit=1)] == ["two"]


def test_a_grade_is_made_again_set_aside_and_the_schedule_stays(store: Store, clock: FrozenClock) -> None:
    practised(store, clock)
    memory, reviews = store.memory(FIRST.id), store.reviews()
    back = LookBack(past_answers(SHELF, store)[1], store, clock=clock)
    assert (back.phase, back.grade, back.id) == (Phase.GRADED, WEAK, None)
    assert (back.suggestion, back.preview()) == (None, {})
    attempt = back.regrade()
    assert back.record(attempt.id, STRONG)
    assert back.grade == STRONG
    assert back.void().outcome is Outcome.NOT_GRADED
    assert back.undo_decision() == STRONG
    with pytest.raises(OutOfTurn, match="not rated again"):
        back.rate(Rating.EASY)
    assert len(store.kept_grades(attempt.id)) == 2
    assert (store.memory(FIRST.id), store.reviews()) == (memory, reviews)


def test_an_answer_whose_question_is_gone_cannot_be_opened(store: Store, clock: FrozenClock) -> None:
    practised(store, clock)
    past = past_answers(Library(()), store)[0]
    assert past.question is None
    with pytest.raises(OutOfTurn, match="no longer in the chapters"):
        LookBack(past, store, clock=clock)


def test_what_was_graded_and_left_is_picked_up_to_be_rated(store: Store, clock: FrozenClock) -> None:
    session = QuizSession([FIRST, SECOND], store, clock=clock)
    session.record(session.submit("one").id, STRONG)
    left = store.unrated(clock())
    assert [attempt.text for attempt in left] == ["one"]
    again = QuizSession([FIRST, SECOND], store, clock=clock)
    again.pick_up(left)
    assert (again.phase, again.grade) == (Phase.GRADED, STRONG)
    again.rate(Rating.GOOD)
    assert again.advance() == SECOND
    assert again.phase is Phase.ASKING
    assert store.unrated(left[0].at) == []
