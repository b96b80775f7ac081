"""Cramming: weakest and heaviest first, and a schedule that stays exactly as it was."""

import random
from datetime import timedelta

from tests.doubles.clock import FrozenClock
from tests.doubles.grades import STRONG, WEAK, chapter, library
from tutor.domain.content import KeyQuestion
from tutor.domain.review import Attempt, Memory, Rating, RatingSource
from tutor.store.store import Store
from tutor.study.cram import CramSession, build_cram
from tutor.study.schedule import following, next_memory
from tutor.study.turn import Phase

SHELF = library(chapter("light", 2, weight="low"), chapter("heavy", 3, weight="high"))
BY_ID = {question.id: question for question in SHELF.questions()}


def order(memories: dict[str, Memory], graded: list[tuple[Attempt, object]], store: Store) -> list[str]:
    found = build_cram(SHELF, memories, graded, store._clock(), rng=random.Random(1))  # type: ignore[arg-type]
    return [question.id for question in found]


def test_heavy_ones_come_before_light_ones_and_failed_ones_before_all(store: Store, clock: FrozenClock) -> None:
    failed = Attempt("a", "rag/heavy#q2", "", clock(), "")
    strong = Attempt("b", "rag/heavy#q1", "", clock(), "")
    found = order({}, [(failed, WEAK), (strong, STRONG)], store)
    assert found[0] == "rag/heavy#q2"
    assert set(found) == set(BY_ID)
    limited = build_cram(SHELF, {}, [(strong, STRONG)], clock(), rng=random.Random(1), limit=2)
    assert {question.id for question in limited} == {"rag/heavy#q2", "rag/heavy#q3"}


def test_what_is_remembered_well_comes_last(store: Store, clock: FrozenClock) -> None:
    fresh = {name: next_memory(None, name, Rating.EASY, clock()) for name in BY_ID if "heavy" in name}
    found = build_cram(SHELF, fresh, [], clock(), rng=random.Random(1), limit=2)
    assert all(question.chapter_id == "rag/light" for question in found)


def answered(session: CramSession, rating: Rating) -> KeyQuestion | None:
    attempt = session.submit("It retrieves.")
    session.record(attempt.id, STRONG)
    session.rate(rating)
    return session.advance()


def test_the_schedule_stays_exactly_as_it_was(store: Store, clock: FrozenClock) -> None:
    question = BY_ID["rag/heavy#q1"]
    store.add_review(question.id, Rating.GOOD, RatingSource.LEARNER, follow=following(question.id, Rating.GOOD))
    before = (store.memories(), store.reviews())
    clock.forward(days=3)
    session = CramSession([question, BY_ID["rag/light#q1"]], store, clock=clock)
    assert session.preview() == {}
    answered(session, Rating.HARD)
    answered(session, Rating.EASY)
    assert session.phase is Phase.DONE
    assert (store.memories(), store.reviews()) == before
    assert [attempt.text for attempt in store.attempts()] == ["It retrieves."] * 2
    assert session.summary.ratings == {Rating.HARD: 1, Rating.EASY: 1}


def test_what_was_not_known_comes_once_more_before_the_end(store: Store, clock: FrozenClock) -> None:
    first, second = BY_ID["rag/heavy#q1"], BY_ID["rag/light#q1"]
    session = CramSession([first, second], store, clock=clock)
    assert answered(session, Rating.AGAIN) == second
    assert session.position == (2, 3)
    assert answered(session, Rating.GOOD) == first
    assert answered(session, Rating.GOOD) is None


def test_undo_takes_the_rating_and_its_repetition_back(store: Store, clock: FrozenClock) -> None:
    first, second = BY_ID["rag/heavy#q1"], BY_ID["rag/light#q1"]
    session = CramSession([first, second], store, clock=clock)
    answered(session, Rating.AGAIN)
    session.undo()
    assert (session.phase, session.current, session.position) == (Phase.GRADED, first, (1, 2))
    session.rate(Rating.GOOD)
    session.advance()
    assert answered(session, Rating.GOOD) is None
    clock.now += timedelta(days=1)
    assert store.reviews() == []
