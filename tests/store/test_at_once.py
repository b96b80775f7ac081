"""Several tutors that do the same thing at the same moment: it is done once, the others hear so, nothing is harmed."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.doubles.clock import FrozenClock
from tests.store.test_history import remembered
from tutor.domain.errors import StoreError
from tutor.domain.review import Rating, RatingSource
from tutor.store.contents import look_into
from tutor.store.home import Home
from tutor.store.practice import Rated
from tutor.store.restoring import restore
from tutor.store.store import Store

TUTORS = 6


def at_once(home: Home, clock: FrozenClock, do: Callable[[Store], object]) -> tuple[list[object], list[str]]:
    """What tutors, each with the database open, get from doing this at one moment, and what is said to who cannot."""
    ready = threading.Barrier(TUTORS)
    got: list[object] = []
    told: list[str] = []

    def tutor() -> None:
        with Store.open(home, clock=clock, entropy=os.urandom) as store:
            ready.wait()
            try:
                got.append(do(store))
            except StoreError as error:
                told.append(str(error))

    threads = [threading.Thread(target=tutor) for _ in range(TUTORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got, told


@pytest.fixture(params=range(3))
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A race is run more than once, and nobody gives up because the machine is slow."""
    monkeypatch.setattr("tutor.store.locks.PATIENCE", 60)
    monkeypatch.setattr("tutor.store.database.BUSY_SECONDS", 60)
    return Home(tmp_path / str(request.param))


def test_what_an_interview_missed_is_queued_once(home: Home, clock: FrozenClock) -> None:
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        session = store.new_session("interview")
    missed = [
        Rated(name, Rating.AGAIN, RatingSource.LEARNER, None, lambda before, _, name=name: remembered(name))
        for name in ("a", "b", "c")
    ]
    got, told = at_once(home, clock, lambda store: len(store.add_reviews_once(missed, session.id)))
    assert (sorted(got), told) == ([0] * (TUTORS - 1) + [3], [])  # type: ignore[type-var]
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        assert sorted(review.question_id for review in store.reviews()) == ["a", "b", "c"]
        assert store.memories().keys() == {"a", "b", "c"}


def test_a_rating_is_taken_back_once(home: Home, clock: FrozenClock) -> None:
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        store.add_review("q", Rating.GOOD, RatingSource.LEARNER, follow=lambda *_: remembered("q"))
        later = remembered("q", reps=2)
        review, before = store.add_review("q", Rating.EASY, RatingSource.LEARNER, follow=lambda *_: later)
    got, told = at_once(home, clock, lambda store: store.undo_review(review.id, memory=before))
    assert (len(got), len(told)) == (1, TUTORS - 1)
    assert all("it already was" in sentence for sentence in told)
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        assert len(store.reviews()) == 1
        assert store.memory("q") == before == remembered("q")


def test_copies_asked_for_in_the_same_second_are_all_whole(home: Home, clock: FrozenClock) -> None:
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        store.new_session("quiz")
    got, told = at_once(home, clock, lambda store: store.backup())
    assert (len(set(got)), told) == (TUTORS, [])
    for copy in got:
        assert isinstance(copy, Path)
        look_into(copy)


def test_of_two_restorations_the_later_keeps_what_the_earlier_put_there(home: Home, clock: FrozenClock) -> None:
    with Store.open(home, clock=clock, entropy=os.urandom) as store:
        copy = store.backup()
        store.new_session("quiz")
    done: list[Path | None] = []

    def put_back(number: int) -> None:
        done.append(restore(home, copy, clock() + timedelta(seconds=number)).kept)

    threads = [threading.Thread(target=put_back, args=[number]) for number in range(TUTORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({*done} - {None}) == TUTORS
    assert look_into(home.database) == look_into(copy)
    for kept in done:
        assert kept is not None
        look_into(kept / "progress.db")
    assert [path.name for path in home.path.iterdir() if "restoring" in path.name] == []
