"""Owns the learner's whole history in the order it happened, taken back or not: what an export is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tutor.domain.grade import Grade
from tutor.domain.review import Attempt, Review
from tutor.store.decision import Decision
from tutor.store.grade_document import grade_from_text
from tutor.store.moments import moment_from_text
from tutor.store.rows import attempt_from_row, decision_from_row, review_from_row
from tutor.store.shelf import Shelf


@dataclass(frozen=True, slots=True)
class GradeEntry:
    """A grade as it came in."""

    id: str
    """UUIDv7."""
    attempt_id: str
    at: datetime
    """UTC."""
    grade: Grade
    """As the engine gave it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    item: Attempt | GradeEntry | Decision | Review
    undone: bool = False
    """It was taken back since: a decision or a review."""


_UNDONE = "EXISTS (SELECT 1 FROM undos WHERE undos.{column} = {table}.id) AS undone"


class History(Shelf):
    """Everything that only grows. Raises StoreError."""

    def history(self) -> list[Entry]:
        """Attempts, grades, decisions and reviews, oldest first; what happened at once stands in that order."""
        entries = [Entry(attempt_from_row(row)) for row in self._database.rows("SELECT * FROM attempts ORDER BY seq")]
        for row in self._database.rows("SELECT * FROM grades ORDER BY seq"):
            grade, at = grade_from_text(row["document"]), moment_from_text(row["at"])
            entries.append(Entry(GradeEntry(row["id"], row["attempt_id"], at, grade)))
        undone = _UNDONE.format(column="decision_id", table="decisions")
        for row in self._database.rows(f"SELECT decisions.*, {undone} FROM decisions ORDER BY seq"):
            entries.append(Entry(decision_from_row(row), bool(row["undone"])))
        undone = _UNDONE.format(column="review_id", table="reviews")
        for row in self._database.rows(f"SELECT reviews.*, {undone} FROM reviews ORDER BY seq"):
            entries.append(Entry(review_from_row(row), bool(row["undone"])))
        return sorted(entries, key=lambda entry: entry.item.at)
