"""The history keeps what was written, in order, and nothing in it can be changed."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.doubles.clock import FrozenClock, counting_entropy
from tests.doubles.grades import FULL, STRONG, WEAK, question
from tutor.domain.errors import NotFound, StoreError
from tutor.domain.grade import Outcome, PointStatus, Verdict
from tutor.domain.review import Attempt, Memory, Rating, RatingSource
from tutor.store.grade_document import grade_from_text, grade_to_text
from tutor.store.home import Home
from tutor.store.store import Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def remembered(question_id: str = "rag/basics#why", **changes: object) -> Memory:
    memory = Memory(question_id, 2.5, 5.0, NOON + timedelta(days=2), NOON, "review", None, 1, 0)
    return replace(memory, **changes)


def reopened(home: Home) -> Store:
    return Store.open(home, clock=FrozenClock(), entropy=counting_entropy(10**6))


def test_an_attempt_reads_back_as_it_was_returned_from_another_connection(store: Store, home: Home) -> None:
    session = store.new_session("quiz")
    attempt = store.add_attempt(question(), "RAG  retrieves.\n\tThen “cites” \0 🙂", session.id)
    with reopened(home) as other:
        assert other.attempt(attempt.id) == attempt
    assert attempt.content == question().revision
    assert attempt.text == "RAG  retrieves.\n\tThen “cites” \0 🙂"


def test_half_a_character_does_not_cost_the_answer(store: Store) -> None:
    attempt = store.add_attempt(question(), "caf\udce9 answer")
    assert store.attempt(attempt.id).text == attempt.text == "caf� answer"


def test_attempts_come_newest_first_even_when_the_clock_is_set_back(store: Store, clock: FrozenClock) -> None:
    first = store.add_attempt(question(), "one")
    clock.forward(days=-3)
    second = store.add_attempt(question(), "two")
    other = store.add_attempt(question("rag/other#x"), "three")
    assert [a.id for a in store.attempts()] == [other.id, second.id, first.id]
    assert [a.id for a in store.attempts("rag/basics#why")] == [second.id, first.id]
    assert [a.id for a in store.attempts(limit=1)] == [other.id]
    assert first.id < second.id < other.id


def test_an_unknown_attempt_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="No attempt has the id nothing"):
        store.attempt("nothing")
    with pytest.raises(NotFound):
        store.add_grade("nothing", STRONG)


@pytest.mark.parametrize("field", ["second_opinion", "advisory"])
def test_a_grade_kept_before_there_was_such_a_sentence_reads_back_without_it(field: str) -> None:
    kept = json.loads(grade_to_text(FULL))
    del kept[field]
    assert grade_from_text(json.dumps(kept)) == replace(FULL, **{field: ""})


def test_a_full_grade_reads_back_equal(store: Store) -> None:
    attempt = store.add_attempt(question(), "x")
    grade_id = store.add_grade(attempt.id, FULL)
    assert store.grades(attempt.id) == [(grade_id, FULL)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    words=st.text(st.characters(exclude_categories=[])),
    credit=st.floats(0, 1),
    at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),
)
def test_any_grade_reads_back_equal(store: Store, words: str, credit: float, at: datetime) -> None:
    point = replace(FULL.points[0], evidence=words, credit=credit)
    assert FULL.receipt is not None
    odd = replace(FULL, feedback=words, points=(point,), receipt=replace(FULL.receipt, at=at))
    attempt = store.add_attempt(question(), "x")
    store.add_grade(attempt.id, odd)
    assert store.grades(attempt.id)[0][1] == odd


def test_moments_from_other_zones_are_kept_as_the_same_moment(store: Store) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    store.add_review("q", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: remembered("q", due=east))
    assert store.memory("q") == remembered("q", due=NOON)


def test_the_memory_before_is_read_where_no_other_tutor_can_write_in_between(store: Store, home: Home) -> None:
    """Else two tutors that rate one question at the same moment would both follow from the same memory."""

    def follow(before: Memory | None, at: datetime) -> Memory:
        with (
            closing(sqlite3.connect(home.database, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
        return remembered("q", reps=before.reps + 1 if before else 1)

    store.add_review("q", Rating.GOOD, RatingSource.GRADE, follow=follow)
    _, before = store.add_review("q", Rating.GOOD, RatingSource.GRADE, follow=follow)
    assert before == remembered("q", reps=1)
    assert store.memory("q") == remembered("q", reps=2)


def test_a_review_and_its_memory_are_written_together_or_not_at_all(store: Store) -> None:
    bad = remembered(state=None)
    with pytest.raises(StoreError):
        store.add_review("rag/basics#why", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: bad)
    assert store.reviews() == []
    review = store.add_review("rag/basics#why", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: remembered())[0]
    assert store.reviews() == [review]
    assert store.memories() == {"rag/basics#why": remembered()}


def test_undo_keeps_both_rows_and_restores_the_memory_given(store: Store, home: Home) -> None:
    first = store.add_review("q", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: remembered("q"))[0]
    second = store.add_review("q", Rating.EASY, RatingSource.LEARNER, follow=lambda *_: remembered("q", reps=2))[0]
    store.undo_review(second.id, memory=remembered("q"))
    assert store.reviews("q") == [first]
    assert store.last_review() == first
    assert store.memory("q") == remembered("q")
    store.undo_review(first.id, memory=None)
    assert store.reviews() == []
    assert store.memory("q") is None
    with sqlite3.connect(home.database) as raw:
        assert raw.execute("SELECT count(*) FROM reviews").fetchone() == (2,)
        assert raw.execute("SELECT count(*) FROM undos").fetchone() == (2,)


def test_reviews_come_oldest_first_even_when_the_clock_is_set_back(store: Store, clock: FrozenClock) -> None:
    first = store.add_review("q", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: remembered("q"))[0]
    clock.forward(days=-3)
    second = store.add_review("q", Rating.EASY, RatingSource.GRADE, follow=lambda *_: remembered("q"))[0]
    other = store.add_review("p", Rating.EASY, RatingSource.GRADE, follow=lambda *_: remembered("p"))[0]
    assert store.reviews() == [first, second, other]
    assert store.reviews("q") == [first, second]


def test_only_the_newest_review_of_a_question_can_be_undone_and_only_once(store: Store) -> None:
    first = store.add_review("q", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: remembered("q"))[0]
    second = store.add_review("q", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: remembered("q", reps=2))[0]
    with pytest.raises(StoreError, match="rated again since"):
        store.undo_review(first.id, memory=None)
    store.undo_review(second.id, memory=remembered("q"))
    with pytest.raises(StoreError, match="already was"):
        store.undo_review(second.id, memory=None)
    assert store.memory("q") == remembered("q")


def test_the_last_review_can_be_asked_for_by_session(store: Store) -> None:
    one, two = store.new_session("quiz"), store.new_session("quiz")
    a, b = remembered("a"), remembered("b")
    mine, _ = store.add_review("a", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: a, session_id=one.id)
    other, _ = store.add_review("b", Rating.GOOD, RatingSource.GRADE, follow=lambda *_: b, session_id=two.id)
    assert store.last_review(one.id) == mine
    assert store.last_review() == other
    assert store.last_review("nobody") is None


def test_a_decision_changes_what_latest_grades_gives_and_undoing_it_changes_it_back(store: Store) -> None:
    attempt = store.add_attempt(question(), "x")
    grade_id = store.add_grade(attempt.id, WEAK)
    decision = store.add_decision(grade_id, "override", "first", PointStatus.COVERED, "I said so")
    (kept, seen) = store.latest_grades()[0]
    assert kept == attempt
    assert seen.points[0].status is PointStatus.COVERED
    assert seen.points[0].note == "I said so"
    assert seen.verdict is Verdict.PARTIAL
    assert store.grades(attempt.id) == [(grade_id, WEAK)]
    store.undo_decision(decision)
    assert store.decisions(grade_id) == []
    assert store.latest_grades()[0][1] == WEAK


def test_latest_grades_gives_the_last_grade_of_each_attempt(store: Store) -> None:
    old, new = store.add_attempt(question(), "old"), store.add_attempt(question(), "new")
    store.add_grade(new.id, WEAK)
    store.add_grade(new.id, STRONG)
    store.add_grade(old.id, WEAK)
    store.add_decision(store.grades(old.id)[0][0], "void")
    found = store.latest_grades()
    assert [(a.text, g.outcome) for a, g in found] == [("new", Outcome.GRADED), ("old", Outcome.NOT_GRADED)]
    assert found[0][1] == STRONG


@pytest.mark.parametrize(
    ("point", "status"),
    [("nowhere", PointStatus.COVERED), (None, PointStatus.COVERED), ("first", None)],
    ids=["a point the grade does not have", "no point", "no status"],
)
def test_an_override_that_says_nothing_is_refused(store: Store, point: str | None, status: PointStatus | None) -> None:
    attempt = store.add_attempt(question(), "x")
    grade_id = store.add_grade(attempt.id, WEAK)
    with pytest.raises(NotFound, match="It has: first, second"):
        store.add_decision(grade_id, "override", point, status)
    with pytest.raises(NotFound, match="No grade has the id"):
        store.add_decision("nothing", "void")


def filled(store: Store) -> Attempt:
    attempt = store.add_attempt(question(), "x")
    decision = store.add_decision(store.add_grade(attempt.id, WEAK), "void")
    store.add_review("q", Rating.GOOD, RatingSource.GRADE, attempt.id, follow=lambda *_: remembered("q"))
    store.undo_decision(decision)
    return attempt


@pytest.mark.parametrize("table", ["attempts", "grades", "decisions", "reviews", "undos"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {0} SET at = 'never'",
        "DELETE FROM {0}",
        "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
        "REPLACE INTO {0} (seq, id, at) SELECT NULL, id, 'never' FROM {0}",
    ],
    ids=["update", "delete", "replace by position", "replace by id"],
)
def test_history_refuses_to_be_changed(store: Store, home: Home, table: str, statement: str) -> None:
    filled(store)
    raw = sqlite3.connect(home.database)
    before = raw.execute(f"SELECT * FROM {table}").fetchall()
    assert before
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
        raw.execute(statement.format(table))
    raw.rollback()
    assert raw.execute(f"SELECT * FROM {table}").fetchall() == before
    raw.close()


def test_bookmarks_keep_the_last_word(store: Store, clock: FrozenClock) -> None:
    assert (store.last_opened(), store.read_chapters(), store.draft("q")) == (None, {}, "")
    store.mark_read("rag/a")
    later = clock.forward(hours=1)
    store.mark_read("rag/a")
    store.remember_place("rag/a", 10)
    store.remember_place("rag/b", 5)
    store.remember_place("rag/a", 40)
    store.save_draft("q", "half a tho")
    store.save_draft("q", "half a thought")
    assert store.read_chapters() == {"rag/a": later}
    assert store.last_opened() == ("rag/a", 40)
    assert (store.place_in("rag/a"), store.place_in("rag/b"), store.place_in("rag/c")) == (40, 5, 0)
    assert store.draft("q") == "half a thought"
    store.clear_draft("q")
    assert store.draft("q") == ""


def test_notes_are_kept_by_place_and_an_empty_one_is_taken_away(store: Store) -> None:
    store.save_note("rag/a", "", "on the whole")
    store.save_note("rag/a", "Why › How", "first")
    store.save_note("rag/a", "Why › How", "then \ud800 again")
    store.save_note("rag/b", "Why", "elsewhere")
    assert store.notes("rag/a") == {"": "on the whole", "Why › How": "then \ufffd again"}
    store.save_note("rag/a", "", "  \n")
    assert store.notes("rag/a") == {"Why › How": "then \ufffd again"}
