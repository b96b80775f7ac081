"""Owns the line between rows and nouns: a row goes in as these functions write it and comes out as the same noun."""

from typing import Any

from tutor.domain.grade import PointStatus
from tutor.domain.review import Attempt, Memory, Rating, RatingSource, Review, Session
from tutor.store.decision import Decision, DecisionKind
from tutor.store.moments import moment_from_text, storable, text_from_moment

Row = dict[str, Any]


def session_to_row(session: Session) -> Row:
    """A row of `sessions`."""
    return {
        "id": session.id,
        "kind": session.kind,
        "started": text_from_moment(session.started),
        "ended": text_from_moment(session.ended) if session.ended else None,
    }


def attempt_to_row(attempt: Attempt) -> Row:
    """A row of `attempts`."""
    return {
        "id": attempt.id,
        "at": text_from_moment(attempt.at),
        "question_id": attempt.question_id,
        "text": attempt.text,
        "content": attempt.content,
        "session_id": attempt.session_id,
    }


def attempt_from_row(row: Row) -> Attempt:
    """The attempt of a row of `attempts`."""
    return Attempt(
        id=row["id"],
        question_id=row["question_id"],
        text=row["text"],
        at=moment_from_text(row["at"]),
        content=row["content"],
        session_id=row["session_id"],
    )


def decision_to_row(decision: Decision) -> Row:
    """A row of `decisions`."""
    return {
        "id": decision.id,
        "at": text_from_moment(decision.at),
        "grade_id": decision.grade_id,
        "kind": decision.kind.value,
        "point_id": decision.point_id,
        "status": decision.status.value if decision.status else None,
        "note": storable(decision.note),
    }


def decision_from_row(row: Row) -> Decision:
    """The decision of a row of `decisions`."""
    return Decision(
        id=row["id"],
        grade_id=row["grade_id"],
        kind=DecisionKind(row["kind"]),
        point_id=row["point_id"],
        status=PointStatus(row["status"]) if row["status"] else None,
        note=row["note"],
        at=moment_from_text(row["at"]),
    )


def review_to_row(review: Review, session_id: str | None) -> Row:
    """A row of `reviews`; the session is where it happened and not part of the noun."""
    return {
        "id": review.id,
        "at": text_from_moment(review.at),
        "question_id": review.question_id,
        "rating": int(review.rating),
        "source": review.source.value,
        "attempt_id": review.attempt_id,
        "session_id": session_id,
    }


def review_from_row(row: Row) -> Review:
    """The review of a row of `reviews`."""
    return Review(
        id=row["id"],
        question_id=row["question_id"],
        rating=Rating(row["rating"]),
        at=moment_from_text(row["at"]),
        source=RatingSource(row["source"]),
        attempt_id=row["attempt_id"],
    )


def memory_to_row(memory: Memory) -> Row:
    """A row of `memories`."""
    return {
        "question_id": memory.question_id,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "due": text_from_moment(memory.due),
        "last_review": text_from_moment(memory.last_review),
        "state": memory.state,
        "step": memory.step,
        "reps": memory.reps,
        "lapses": memory.lapses,
    }


def memory_from_row(row: Row) -> Memory:
    """The memory of a row of `memories`."""
    return Memory(
        question_id=row["question_id"],
        stability=row["stability"],
        difficulty=row["difficulty"],
        due=moment_from_text(row["due"]),
        last_review=moment_from_text(row["last_review"]),
        state=row["state"],
        step=row["step"],
        reps=row["reps"],
        lapses=row["lapses"],
    )
