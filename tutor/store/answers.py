"""Owns the record of answering: what the learner wrote, how it was graded, and what they decided about the grade."""

import json
from collections.abc import Sequence
from datetime import datetime

from tutor.domain.content import KeyQuestion
from tutor.domain.errors import NotFound
from tutor.domain.grade import Grade, PointStatus
from tutor.domain.review import Attempt
from tutor.store.decision import Decision, DecisionKind, KeptGrade, standing
from tutor.store.grade_document import grade_from_text, grade_to_text
from tutor.store.moments import storable, text_from_moment
from tutor.store.rows import attempt_from_row, attempt_to_row, decision_from_row, decision_to_row
from tutor.store.shelf import Shelf


class Answers(Shelf):
    """Only grows. What a method has written is on the disk when it returns; every method raises StoreError."""

    def add_attempt(self, question: KeyQuestion, text: str, session_id: str | None = None) -> Attempt:
        """Keep what the learner wrote; halves of broken characters become U+FFFD, nothing else is changed."""
        attempt = Attempt(
            id=self._new_id(),
            question_id=question.id,
            text=storable(text),
            at=self._clock(),
            content=question.revision,
            session_id=session_id,
        )
        with self._database.writing() as db:
            db.table("attempts").insert(attempt_to_row(attempt))
        return attempt

    def attempt(self, attempt_id: str) -> Attempt:
        """One attempt. Raises NotFound."""
        found = self._database.rows("SELECT * FROM attempts WHERE id = ?", [attempt_id])
        if not found:
            raise NotFound(f"No attempt has the id {attempt_id}.")
        return attempt_from_row(found[0])

    def attempts(self, question_id: str | None = None, limit: int = 100) -> list[Attempt]:
        """The newest attempts, of one question or of all, newest first."""
        which, values = ("WHERE question_id = ?", [question_id]) if question_id else ("", [])
        found = self._database.rows(f"SELECT * FROM attempts {which} ORDER BY seq DESC LIMIT ?", [*values, limit])
        return [attempt_from_row(row) for row in found]

    def unrated(self, since: datetime) -> list[Attempt]:
        """Graded answers to quizzes that were left before their end, given since a moment and never rated.

        Oldest first. Those whose question was answered or rated again since then are left out.
        """
        found = self._database.rows(
            "SELECT attempts.* FROM attempts JOIN sessions ON sessions.id = session_id "
            "WHERE kind = 'quiz' AND ended IS NULL AND attempts.at >= ? "
            "AND EXISTS (SELECT 1 FROM grades WHERE attempt_id = attempts.id) AND NOT EXISTS (SELECT 1 FROM attempts "
            "AS later WHERE later.question_id = attempts.question_id AND later.seq > attempts.seq) AND NOT EXISTS "
            "(SELECT 1 FROM live_reviews AS rated WHERE rated.question_id = attempts.question_id "
            "AND rated.at >= attempts.at) ORDER BY attempts.seq",
            [text_from_moment(since)],
        )
        return [attempt_from_row(row) for row in found]

    def add_grade(self, attempt_id: str, grade: Grade) -> str:
        """Keep a grade with its attempt; gives the grade's id. Raises NotFound for an unknown attempt."""
        self.attempt(attempt_id)
        grade_id = self._new_id()
        row = {
            "id": grade_id,
            "at": self._now(),
            "attempt_id": attempt_id,
            "engine": grade.engine,
            "outcome": grade.outcome.value,
            "document": grade_to_text(grade),
        }
        with self._database.writing() as db:
            db.table("grades").insert(row)
        return grade_id

    def grades(self, attempt_id: str) -> list[tuple[str, Grade]]:
        """Ids and grades of an attempt as the engines gave them, oldest first."""
        return [(kept.id, kept.given) for kept in self.kept_grades(attempt_id)]

    def kept_grades(self, attempt_id: str) -> tuple[KeptGrade, ...]:
        """An attempt's grades with what stands decided about each, oldest first; `decision.standing` counts."""
        return self._kept([attempt_id]).get(attempt_id, ())

    def graded(self, limit: int = 500) -> list[tuple[Attempt, tuple[KeptGrade, ...]]]:
        """The newest attempts that have grades, newest first, each with all of them, oldest first."""
        found = self._database.rows(
            "SELECT * FROM attempts WHERE EXISTS (SELECT 1 FROM grades WHERE attempt_id = attempts.id) "
            "ORDER BY seq DESC LIMIT ?",
            [limit],
        )
        return self._with_grades([attempt_from_row(row) for row in found])

    def answered(self, limit: int = 500) -> list[tuple[Attempt, tuple[KeptGrade, ...]]]:
        """The newest attempts, newest first, each with its grades, oldest first; none while it was not graded."""
        return self._with_grades(self.attempts(limit=limit))

    def _with_grades(self, attempts: Sequence[Attempt]) -> list[tuple[Attempt, tuple[KeptGrade, ...]]]:
        kept = self._kept([attempt.id for attempt in attempts])
        return [(attempt, kept.get(attempt.id, ())) for attempt in attempts]

    def latest_grades(self, limit: int = 500) -> list[tuple[Attempt, Grade]]:
        """The newest graded attempts, newest first, each with the grade that counts as the learner left it."""
        return [(attempt, kept.seen) for attempt, grades in self.graded(limit) if (kept := standing(grades))]

    def _kept(self, attempt_ids: Sequence[str]) -> dict[str, tuple[KeptGrade, ...]]:
        chosen = "SELECT value FROM json_each(?)"
        wanted = [json.dumps(list(attempt_ids))]
        decided: dict[str, list[Decision]] = {}
        for row in self._database.rows(
            "SELECT live_decisions.* FROM live_decisions JOIN grades ON grades.id = live_decisions.grade_id "
            f"WHERE grades.attempt_id IN ({chosen}) ORDER BY live_decisions.seq",
            wanted,
        ):
            decided.setdefault(row["grade_id"], []).append(decision_from_row(row))
        kept: dict[str, tuple[KeptGrade, ...]] = {}
        for row in self._database.rows(
            f"SELECT id, attempt_id, document FROM grades WHERE attempt_id IN ({chosen}) ORDER BY seq", wanted
        ):
            one = KeptGrade(row["id"], grade_from_text(row["document"]), tuple(decided.get(row["id"], ())))
            kept[row["attempt_id"]] = (*kept.get(row["attempt_id"], ()), one)
        return kept

    def add_decision(
        self, grade_id: str, kind: str, point_id: str | None = None, status: PointStatus | None = None, note: str = ""
    ) -> str:
        """Keep the learner's say on a grade, of a `DecisionKind`; gives the decision's id.

        Raises NotFound for a grade, or a point of it, that does not exist.
        """
        found = self._database.rows("SELECT document FROM grades WHERE id = ?", [grade_id])
        if not found:
            raise NotFound(f"No grade has the id {grade_id}.")
        decision = Decision(self._new_id(), grade_id, DecisionKind(kind), point_id, status, note, self._clock())
        points = [point.id for point in grade_from_text(found[0]["document"]).points]
        if decision.kind is DecisionKind.OVERRIDE and (point_id not in points or status is None):
            raise NotFound(f"This grade has no key point {point_id!r} to judge. It has: {', '.join(points) or 'none'}.")
        with self._database.writing() as db:
            db.table("decisions").insert(decision_to_row(decision))
        return decision.id

    def undo_decision(self, decision_id: str) -> None:
        """Take a decision back, if it has not been already; both stay in the history."""
        with self._database.writing() as db:
            undo = {"id": self._new_id(), "at": self._now(), "decision_id": decision_id}
            db.table("undos").insert(undo, ignore=True)

    def decisions(self, grade_id: str) -> list[Decision]:
        """The decisions on a grade that were not taken back, oldest first."""
        found = self._database.rows("SELECT * FROM live_decisions WHERE grade_id = ? ORDER BY seq", [grade_id])
        return [decision_from_row(row) for row in found]
