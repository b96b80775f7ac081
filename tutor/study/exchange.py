"""Owns one question of an interview with what became of it, and the learner's last word on its grade."""

from dataclasses import dataclass

from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, PointStatus
from tutor.domain.interview import Put, Reply
from tutor.domain.review import Attempt
from tutor.store.decision import DecisionKind, standing
from tutor.store.store import Store
from tutor.study.followups import asked_as


@dataclass(slots=True)
class Exchange:
    """Changes as the interview goes along; owned by one `Interview`."""

    put: Put
    question: KeyQuestion
    """The key question it is, or follows up."""
    reply: Reply | None = None
    attempt: Attempt | None = None
    """None while the question is open, and when it was passed on."""
    grade_id: str | None = None
    grade: Grade | None = None
    """As the learner left it."""

    @property
    def judged_as(self) -> KeyQuestion:
        """What the answer is graded against."""
        return asked_as(self.question, self.put.text, self.put.probes) if self.put.follows else self.question


def reread(exchange: Exchange, store: Store) -> Exchange:
    """The exchange with its answer, and of its grades the one that counts, as the store has them."""
    if exchange.reply is not None and exchange.reply.attempt_id is not None:
        exchange.attempt = store.attempt(exchange.reply.attempt_id)
        counting = standing(store.kept_grades(exchange.attempt.id))
        if counting is not None:
            exchange.grade_id, exchange.grade = counting.id, counting.seen
    return exchange


def override(exchange: Exchange, point_id: str, status: PointStatus, store: Store) -> None:
    """Judge one key point of an answer yourself."""
    if exchange.grade_id is not None:
        store.add_decision(exchange.grade_id, DecisionKind.OVERRIDE, point_id, status)
        reread(exchange, store)


def void(exchange: Exchange, store: Store) -> None:
    """Set the grade of an answer aside."""
    if exchange.grade_id is not None:
        store.add_decision(exchange.grade_id, DecisionKind.VOID)
        reread(exchange, store)


def undo_decision(exchange: Exchange, store: Store) -> bool:
    """Take the last decision on an answer's grade back. False when there is none."""
    decisions = store.decisions(exchange.grade_id) if exchange.grade_id else []
    if decisions:
        store.undo_decision(decisions[-1].id)
        reread(exchange, store)
    return bool(decisions)
