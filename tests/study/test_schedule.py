"""The schedule: deterministic, replayable, monotone in the rating."""

import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.doubles.clock import FrozenClock
from tutor.domain.review import Memory, Rating, RatingSource
from tutor.store.store import Store
from tutor.study.schedule import astray, following, next_memory, preview, replay, retrievability

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGAIN, HARD, GOOD, EASY = Rating


def after(*ratings: Rating, retention: float = 0.9) -> Memory:
    """The memory after these ratings, each given when the one before fell due."""
    memory = None
    for rating in ratings:
        now = memory.due if memory else NOON
        memory = next_memory(memory, "q", rating, now, retention=retention)
    assert memory is not None
    return memory


@pytest.mark.parametrize(
    ("ratings", "state", "interval", "reps", "lapses"),
    [
        ([AGAIN], "learning", timedelta(minutes=10), 1, 0),
        ([HARD], "learning", timedelta(minutes=15), 1, 0),
        ([GOOD], "review", timedelta(days=2), 1, 0),
        ([EASY], "review", timedelta(days=8), 1, 0),
        ([AGAIN, GOOD], "review", timedelta(days=1), 2, 0),
        ([GOOD, GOOD], "review", timedelta(days=11), 2, 0),
        ([GOOD, AGAIN], "relearning", timedelta(minutes=10), 2, 1),
        ([GOOD, AGAIN, AGAIN], "relearning", timedelta(minutes=10), 3, 1),
    ],
    ids=lambda value: "-".join(rating.name.lower() for rating in value) if isinstance(value, list) else None,
)
def test_ratings_lead_to_intervals(
    ratings: list[Rating], state: str, interval: timedelta, reps: int, lapses: int
) -> None:
    memory = after(*ratings)
    assert (memory.state, memory.due - memory.last_review) == (state, interval)
    assert (memory.reps, memory.lapses) == (reps, lapses)
    assert (memory.step is None) == (state == "review")


def test_a_higher_retention_brings_questions_back_sooner() -> None:
    intervals = [after(GOOD, GOOD, GOOD, retention=wanted) for wanted in (0.97, 0.9, 0.8)]
    days = [(memory.due - memory.last_review).days for memory in intervals]
    assert days == sorted(set(days))


def test_preview_is_what_rating_would_do() -> None:
    memory = after(GOOD, GOOD)
    now = memory.due + timedelta(hours=5)
    shown = preview(memory, now, retention=0.85)
    assert shown == {rating: next_memory(memory, "q", rating, now, retention=0.85).due - now for rating in Rating}
    assert list(shown.values()) == sorted(shown.values())
    assert preview(None, NOON)[GOOD] == timedelta(days=2)


def test_recall_fades_and_is_nine_tenths_after_one_stability() -> None:
    memory = after(EASY)
    moments = [memory.last_review + timedelta(days=days) for days in (0, 4, 8, 40)]
    recalls = [retrievability(memory, moment) for moment in moments]
    assert recalls[0] == 1.0
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[2] == pytest.approx(0.9, abs=0.005)


def test_memories_do_not_depend_on_chance_or_the_wall_clock() -> None:
    probe = (
        "from datetime import UTC, datetime, timedelta\nfrom tutor.domain.review import Rating\n"
        "from tutor.study.schedule import next_memory\nmemory, now = None, datetime(2026, 11, 22, 12, tzinfo=UTC)\n"
        "for _ in range(6):\n    memory = next_memory(memory, 'q', Rating.GOOD, now)\n    now = memory.due\n"
        "print(repr(memory))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    random.seed(1)
    assert done.stdout.strip() == repr(after(*[GOOD] * 6))


steps = st.lists(
    st.tuples(
        st.sampled_from(["rag/a#1", "rag/a#2", "rag/b#1"]),
        st.sampled_from([*Rating, None]),
        st.integers(0, 60 * 24 * 40),
    ),
    max_size=25,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=steps, retention=st.sampled_from([0.7, 0.9, 0.97]))
def test_replaying_the_reviews_gives_the_stored_memories(
    store: Store, clock: FrozenClock, steps: list[tuple[str, Rating | None, int]], retention: float
) -> None:
    """Ratings and undos of any questions at any pace; None takes the last rating of the question back."""
    run = f"{store.new_session('quiz').id}:"
    undo: dict[str, list[tuple[str, Memory | None]]] = {}
    for name, rating, minutes in steps:
        clock.forward(minutes=minutes)
        question_id = run + name
        if rating is not None:
            follow = following(question_id, rating, retention=retention)
            review, before = store.add_review(question_id, rating, RatingSource.LEARNER, follow=follow)
            undo.setdefault(question_id, []).append((review.id, before))
        elif undo.get(question_id):
            review_id, restored = undo[question_id].pop()
            store.undo_review(review_id, memory=restored)
    mine = {key: memory for key, memory in store.memories().items() if key.startswith(run)}
    reviews = [review for review in store.reviews() if review.question_id.startswith(run)]
    assert replay(reviews, retention=retention) == mine


def test_a_memory_that_is_not_what_the_reviews_leave_is_astray(store: Store, clock: FrozenClock) -> None:
    memories = {name: next_memory(None, name, GOOD, clock(), retention=0.8) for name in ("q1", "q2")}
    for name in memories:
        store.add_review(name, GOOD, RatingSource.LEARNER, follow=following(name, GOOD, retention=0.8))
    assert astray(store.memories(), store.reviews()) == []
    harmed = {"q1": replace(memories["q1"], stability=99.0)}
    assert astray(harmed, store.reviews()) == ["q1", "q2"]
