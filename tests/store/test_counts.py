"""The greeting numbers, by the learner's own days, with and without the store's library."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.clock import FrozenClock, counting_entropy
from tutor.domain.errors import StoreError
from tutor.domain.review import Memory, Rating, RatingSource
from tutor.store.counts import Counts, quick_counts
from tutor.store.days import day_end, day_of, day_start, is_due
from tutor.store.home import Home
from tutor.store.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def rate(store: Store, question_id: str, due: datetime, state: str = "review") -> str:
    memory = Memory(question_id, 1.0, 5.0, due, NOON, state, None, 1, 0)
    return store.add_review(question_id, Rating.GOOD, RatingSource.GRADE, follow=lambda *_: memory)[0].id


@pytest.mark.parametrize(
    ("state", "due", "expected"),
    [
        ("review", "2026-11-22T23:59:59", True),
        ("review", "2026-11-23T00:00:00", False),
        ("review", "2026-11-01T00:00:00", True),
        ("learning", "2026-11-22T12:00:00", True),
        ("learning", "2026-11-22T12:00:01", False),
        ("relearning", "2026-11-22T12:10:00", False),
    ],
    ids=["later today", "at midnight", "long ago", "learning, now", "learning, in a second", "relearning, soon"],
)
def test_what_is_due(store: Store, state: str, due: str, expected: bool) -> None:
    moment = datetime.fromisoformat(due).replace(tzinfo=UTC)
    rate(store, "q", moment, state)
    memory = store.memory("q")
    assert memory is not None
    assert is_due(memory, NOON) is expected
    assert store.counts(NOON).due == expected


def test_counts_leave_out_what_was_undone(store: Store, home: Home, clock: FrozenClock) -> None:
    rate(store, "old", NOON)
    clock.forward(days=2)
    rate(store, "old", NOON + timedelta(days=9))
    rate(store, "new", NOON + timedelta(days=2))
    gone = rate(store, "mistake", NOON)
    expected = Counts(due=1, seen=2, reviews_today=2, new_today=1)
    store.undo_review(gone, memory=None)
    assert store.counts(clock.now) == expected
    assert quick_counts(home, clock.now) == expected


def test_a_streak_counts_days_in_a_row_and_today_may_be_missing(store: Store, clock: FrozenClock) -> None:
    assert store.streak(clock.now) == 0
    for gap in (0, 2, 1, 1):
        clock.forward(days=gap)
        rate(store, "q", NOON)
    assert store.streak(clock.now) == 3
    assert store.streak(clock.now + timedelta(days=1)) == 3
    assert store.streak(clock.now + timedelta(days=2)) == 0


def test_a_day_is_the_learners_own(store: Store, clock: FrozenClock, zone: pytest.MonkeyPatch) -> None:
    zone.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    evening = datetime(2026, 11, 23, 2, tzinfo=UTC)  # six in the evening of the 22nd in Los Angeles
    assert day_of(evening).isoformat() == "2026-11-22"
    assert day_start(day_of(evening)) == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert day_end(day_of(evening)) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    clock.now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    rate(store, "q", evening + timedelta(days=3))
    assert store.counts(evening).reviews_today == 1
    assert store.counts(evening + timedelta(hours=7)).reviews_today == 0
    autumn = datetime(2026, 11, 1).date()
    assert day_end(autumn) - day_start(autumn) == timedelta(hours=25)


def test_quick_counts_make_nothing(home: Home) -> None:
    assert quick_counts(home, NOON) == Counts()
    assert not home.path.exists()


def test_quick_counts_of_an_empty_file_are_zero(home: Home) -> None:
    home.prepare()
    home.database.touch()
    assert quick_counts(home, NOON) == Counts()


@pytest.mark.parametrize("name", ["home", "a home # with? 100% odd signs"])
def test_quick_counts_see_a_store_that_is_open_and_one_that_is_closed(home: Home, name: str) -> None:
    odd = Home(home.path / name)
    with Store.open(odd, clock=FrozenClock(), entropy=counting_entropy()) as store:
        rate(store, "q", NOON)
        assert quick_counts(odd, NOON).seen == 1
    assert quick_counts(odd, NOON).seen == 1


def test_quick_counts_refuse_what_they_cannot_read(home: Home) -> None:
    home.prepare()
    home.database.write_text("not a database at all " * 100)
    with pytest.raises(StoreError, match="damaged, or not a progress database"):
        quick_counts(home, NOON)


def test_quick_counts_need_the_standard_library_alone(store: Store, home: Home) -> None:
    rate(store, "q", NOON)
    probe = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from tutor.store.counts import quick_counts; from tutor.store.home import Home\n"
        "print(quick_counts(Home(Path(sys.argv[1])), datetime.now(UTC)).seen)\n"
        "print([name for name in ('sqlite_utils', 'numpy', 'fsrs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe, str(home.path)], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n[]\n"
