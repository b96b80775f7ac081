"""Owns the learner's bookmarks: chapters read, the place last left in each, notes, and answers that were begun."""

from datetime import datetime

from tutor.store.moments import moment_from_text, storable
from tutor.store.shelf import Shelf


class Bookmarks(Shelf):
    """What may be overwritten: each write replaces the one before it. Every method raises StoreError."""

    def mark_read(self, chapter_id: str) -> None:
        """Note that the chapter was read to its end now."""
        with self._database.writing() as db:
            row = {"chapter_id": chapter_id, "at": self._now()}
            db.table("chapters_read").upsert(row, pk="chapter_id")

    def read_chapters(self) -> dict[str, datetime]:
        """When each chapter was last read to its end, by chapter id."""
        rows = self._database.rows("SELECT chapter_id, at FROM chapters_read")
        return {row["chapter_id"]: moment_from_text(row["at"]) for row in rows}

    def remember_place(self, chapter_id: str, line: int) -> None:
        """Note where reading stopped."""
        with self._database.writing() as db:
            # A new row takes the highest number, which is what makes it the last opened.
            db.table("places").insert({"chapter_id": chapter_id, "line": line}, pk="seq", replace=True)

    def last_opened(self) -> tuple[str, int] | None:
        """The chapter last read in and the line reached there; None before the first."""
        rows = self._database.rows("SELECT chapter_id, line FROM places ORDER BY seq DESC LIMIT 1")
        return (rows[0]["chapter_id"], rows[0]["line"]) if rows else None

    def place_in(self, chapter_id: str) -> int:
        """The line reached in a chapter; 0 when it was never opened."""
        rows = self._database.rows("SELECT line FROM places WHERE chapter_id = ?", [chapter_id])
        return int(rows[0]["line"]) if rows else 0

    def save_note(self, chapter_id: str, place: str, text: str) -> None:
        """Keep the learner's note on a place of a chapter; an empty one is taken away."""
        with self._database.writing() as db:
            if text.strip():
                row = {"chapter_id": chapter_id, "place": place, "text": storable(text), "at": self._now()}
                db.table("notes").upsert(row, pk=("chapter_id", "place"))
            else:
                db.execute("DELETE FROM notes WHERE chapter_id = ? AND place = ?", [chapter_id, place])

    def notes(self, chapter_id: str) -> dict[str, str]:
        """The notes on a chapter by place."""
        rows = self._database.rows("SELECT place, text FROM notes WHERE chapter_id = ?", [chapter_id])
        return {row["place"]: row["text"] for row in rows}

    def save_draft(self, question_id: str, text: str) -> None:
        """Keep an answer that is not finished."""
        with self._database.writing() as db:
            row = {"question_id": question_id, "text": storable(text), "at": self._now()}
            db.table("drafts").upsert(row, pk="question_id")

    def draft(self, question_id: str) -> str:
        """The unfinished answer; empty when there is none."""
        rows = self._database.rows("SELECT text FROM drafts WHERE question_id = ?", [question_id])
        return str(rows[0]["text"]) if rows else ""

    def clear_draft(self, question_id: str) -> None:
        """Forget the unfinished answer."""
        with self._database.writing() as db:
            db.execute("DELETE FROM drafts WHERE question_id = ?", [question_id])
