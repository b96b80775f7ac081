"""Owns the record of recall: reviews as they were made or taken back, and the memory they leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.domain.errors import StoreError
from tutor.domain.review import Memory, Rating, RatingSource, Review
from tutor.store.counts import Counts, counts, streak
from tutor.store.rows import memory_from_row, memory_to_row, review_from_row, review_to_row
from tutor.store.shelf import Shelf

if TYPE_CHECKING:
    from sqlite_utils import Database

Follow = Callable[[Memory | None, datetime], Memory]
"""The memory that a rating leaves, from the one before it, if any, and the rating's moment."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating to be kept."""

    question_id: str
    rating: Rating
    source: RatingSource
    attempt_id: str | None
    follow: Follow


class Practice(Shelf):
    """A review and its memory are written together or not at all. Every method raises StoreError."""

    def add_review(
        self,
        question_id: str,
        rating: Rating,
        source: RatingSource,
        attempt_id: str | None = None,
        *,
        follow: Follow,
        session_id: str | None = None,
    ) -> tuple[Review, Memory | None]:
        """Keep a rating and the memory that follows from it, in one transaction; gives it and the memory before it.

        The memory before is read under the lock of the write: another tutor may be rating the same question.
        """
        with self._database.writing() as db:
            return self._add(db, Rated(question_id, rating, source, attempt_id, follow), session_id)

    def add_reviews_once(self, rated: Sequence[Rated], session_id: str) -> list[tuple[Review, Memory | None]]:
        """Keep all ratings of a session, or none when one of it stands already; as `add_review`, in one transaction."""
        with self._database.writing() as db:
            if self.last_review(session_id) is not None:
                return []
            return [self._add(db, each, session_id) for each in rated]

    def _add(self, db: "Database", rated: Rated, session_id: str | None) -> tuple[Review, Memory | None]:
        review = Review(self._new_id(), rated.question_id, rated.rating, self._clock(), rated.source, rated.attempt_id)
        before = self.memory(rated.question_id)
        db.table("reviews").insert(review_to_row(review, session_id))
        db.table("memories").upsert(memory_to_row(rated.follow(before, review.at)), pk="question_id")
        return review, before

    def undo_review(self, review_id: str, *, memory: Memory | None) -> None:
        """Take a review back and restore the memory from before it; None forgets the question.

        Only the newest review of a question can be taken back: the memory of a later one stands on it.
        """
        with self._database.writing() as db:
            newest = self._database.rows(
                "SELECT id, question_id FROM live_reviews WHERE question_id = "
                "(SELECT question_id FROM reviews WHERE id = ?) ORDER BY seq DESC LIMIT 1",
                [review_id],
            )
            if not newest or newest[0]["id"] != review_id:
                raise StoreError(
                    "This rating cannot be taken back: it already was, or its question has been rated again since. "
                    "Take the later rating back first."
                )
            db.table("undos").insert({"id": self._new_id(), "at": self._now(), "review_id": review_id})
            if memory is None:
                db.execute("DELETE FROM memories WHERE question_id = ?", [newest[0]["question_id"]])
            else:
                db.table("memories").upsert(memory_to_row(memory), pk="question_id")

    def reviews(self, question_id: str | None = None) -> list[Review]:
        """The reviews that stand, of one question or of all, oldest first."""
        which, values = ("WHERE question_id = ?", [question_id]) if question_id else ("", [])
        found = self._database.rows(f"SELECT * FROM live_reviews {which} ORDER BY seq", values)
        return [review_from_row(row) for row in found]

    def last_review(self, session_id: str | None = None) -> Review | None:
        """The newest review that stands, of one session or of all."""
        which, values = ("WHERE session_id = ?", [session_id]) if session_id else ("", [])
        found = self._database.rows(f"SELECT * FROM live_reviews {which} ORDER BY seq DESC LIMIT 1", values)
        return review_from_row(found[0]) if found else None

    def memories(self) -> dict[str, Memory]:
        """What is remembered of every question rated so far, by question id."""
        found = self._database.rows("SELECT * FROM memories ORDER BY question_id")
        return {row["question_id"]: memory_from_row(row) for row in found}

    def memory(self, question_id: str) -> Memory | None:
        """What is remembered of one question; None before its first rating."""
        found = self._database.rows("SELECT * FROM memories WHERE question_id = ?", [question_id])
        return memory_from_row(found[0]) if found else None

    def counts(self, now: datetime) -> Counts:
        """How much there is to do and how much was done."""
        with self._database.reading() as connection:
            return counts(connection, now)

    def streak(self, now: datetime) -> int:
        """Days in a row with at least one review, up to today; a day that is not over does not break it."""
        with self._database.reading() as connection:
            return streak(connection, now)
