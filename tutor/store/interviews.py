"""Owns the record of mock interviews: every step is on the disk when it returns, so that a crash ends none."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.domain.content import KeyQuestion
from tutor.domain.errors import NotFound
from tutor.domain.interview import Agenda, Put, Reply, Round
from tutor.domain.review import Attempt
from tutor.store.moments import moment_from_text, storable, text_from_moment
from tutor.store.rows import Row, attempt_to_row
from tutor.store.shelf import Shelf

if TYPE_CHECKING:
    from sqlite_utils import Database

_AGENDA = "SELECT * FROM interviews JOIN sessions ON sessions.id = interviews.session_id"


class Interviews(Shelf):
    """Questions and replies only grow; the clock of an interview moves. Every method raises StoreError."""

    def begin_interview(
        self, round_: Round, questions: Sequence[KeyQuestion], *, minutes: int, seed: int, engine: str
    ) -> Agenda:
        """Keep what was agreed, as a new session of the kind `interview`."""
        ids = tuple(question.id for question in questions)
        agenda = Agenda(self._new_id(), round_, minutes, seed, engine, ids, self._clock())
        started = text_from_moment(agenda.started)
        with self._database.writing() as db:
            db.table("sessions").insert({"id": agenda.id, "kind": "interview", "started": started, "ended": None})
            db.table("interviews").insert(
                {
                    "session_id": agenda.id,
                    "round": round_.value,
                    "minutes": minutes,
                    "seed": seed,
                    "engine": engine,
                    "questions": json.dumps(ids),
                    "spent": 0.0,
                    "breaks": 0,
                }
            )
        return agenda

    def interview(self, interview_id: str) -> Agenda:
        """One interview. Raises NotFound."""
        found = self._database.rows(f"{_AGENDA} WHERE sessions.id = ?", [interview_id])
        if not found:
            raise NotFound(f"No interview has the id {interview_id}.")
        return _agenda(found[0])

    def interviews(self, limit: int = 20) -> list[Agenda]:
        """The newest interviews, newest first."""
        found = self._database.rows(f"{_AGENDA} ORDER BY sessions.id DESC LIMIT ?", [limit])
        return [_agenda(row) for row in found]

    def open_interview(self) -> Agenda | None:
        """The newest interview when it has not ended; an older one that was never ended is history."""
        newest = self.interviews(1)
        return newest[0] if newest and newest[0].ended is None else None

    def put_question(
        self, interview_id: str, question_id: str, text: str, *, follows: str | None = None, probes: Sequence[str] = ()
    ) -> Put:
        """Keep a question as it is put to the learner."""
        put = Put(self._new_id(), interview_id, question_id, text, self._clock(), follows, tuple(probes))
        row = {
            "id": put.id,
            "at": text_from_moment(put.at),
            "interview_id": interview_id,
            "question_id": question_id,
            "text": storable(text),
            "follows": follows,
            "probes": json.dumps(put.probes),
        }
        with self._database.writing() as db:
            db.table("interview_questions").insert(row)
        return put

    def puts(self, interview_id: str) -> list[tuple[Put, Reply | None]]:
        """The questions of an interview in the order they were put, each with how it was left; None while open."""
        found = self._database.rows(
            "SELECT interview_questions.*, interview_replies.id AS reply, attempt_id, seconds FROM interview_questions "
            "LEFT JOIN interview_replies ON put_id = interview_questions.id "
            "WHERE interview_id = ? ORDER BY interview_questions.seq",
            [interview_id],
        )
        return [(_put(row), _reply(row)) for row in found]

    def follow_ups(self) -> dict[str, Put]:
        """The follow-ups that were answered, by the id of the attempt."""
        found = self._database.rows(
            "SELECT interview_questions.*, attempt_id FROM interview_replies "
            "JOIN interview_questions ON interview_questions.id = put_id "
            "WHERE follows IS NOT NULL AND attempt_id IS NOT NULL"
        )
        return {row["attempt_id"]: _put(row) for row in found}

    def reply(self, put: Put, question: KeyQuestion, text: str, *, seconds: float, spent: float) -> Attempt:
        """Keep an answer, the question it closes and the clock, in one transaction."""
        attempt = Attempt(
            self._new_id(), question.id, storable(text), self._clock(), question.revision, put.interview_id
        )
        with self._database.writing() as db:
            db.table("attempts").insert(attempt_to_row(attempt))
            self._close(db, put, attempt.id, seconds, spent)
        return attempt

    def pass_on(self, put: Put, *, seconds: float, spent: float) -> None:
        """Keep that a question was passed on without an answer."""
        with self._database.writing() as db:
            self._close(db, put, None, seconds, spent)

    def keep_clock(self, interview_id: str, spent: float) -> None:
        """Keep how many seconds of the clock have run."""
        with self._database.writing() as db:
            db.execute("UPDATE interviews SET spent = ? WHERE session_id = ?", [spent, interview_id])

    def count_break(self, interview_id: str) -> None:
        """Keep that an interview was left and taken up again."""
        with self._database.writing() as db:
            db.execute("UPDATE interviews SET breaks = breaks + 1 WHERE session_id = ?", [interview_id])

    def _close(self, db: "Database", put: Put, attempt_id: str | None, seconds: float, spent: float) -> None:
        row = {"id": self._new_id(), "at": self._now(), "put_id": put.id, "attempt_id": attempt_id, "seconds": seconds}
        db.table("interview_replies").insert(row)
        db.execute("UPDATE interviews SET spent = ? WHERE session_id = ?", [spent, put.interview_id])


def _agenda(row: Row) -> Agenda:
    return Agenda(
        id=row["session_id"],
        round=Round(row["round"]),
        minutes=row["minutes"],
        seed=row["seed"],
        engine=row["engine"],
        question_ids=tuple(json.loads(row["questions"])),
        started=moment_from_text(row["started"]),
        ended=moment_from_text(row["ended"]) if row["ended"] else None,
        spent=row["spent"],
        breaks=row["breaks"],
    )


def _put(row: Row) -> Put:
    return Put(
        id=row["id"],
        interview_id=row["interview_id"],
        question_id=row["question_id"],
        text=row["text"],
        at=moment_from_text(row["at"]),
        follows=row["follows"],
        probes=tuple(json.loads(row["probes"])),
    )


def _reply(row: Row) -> Reply | None:
    # The row's id is the question's; a reply without its own id is none.
    return Reply(row["id"], row["attempt_id"], row["seconds"]) if row["reply"] else None
