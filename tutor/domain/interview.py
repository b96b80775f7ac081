"""Owns the nouns of a mock interview: which round, what was agreed at the start, and each question as it was put."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Round(StrEnum):
    """The kind of interview round. A study path of a track with the same id says what the round is about."""

    SCREENING = "screening"
    SYSTEM_DESIGN = "system-design"
    DEBUGGING = "debugging"
    TRADE_OFF = "trade-off"
    CODING = "coding"
    BEHAVIOURAL = "behavioural"
    MIXED = "mixed"
    """A bit of every other round."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What was agreed when an interview began, and how much of its clock has run."""

    id: str
    """That of its session; UUIDv7."""
    round: Round
    minutes: int
    """Length of the round."""
    seed: int
    """The questions were drawn with it."""
    engine: str
    """The engine that was asked for: auto | local | ollama."""
    question_ids: tuple[str, ...]
    """The questions to put, in order; follow-ups come between them."""
    started: datetime
    """UTC."""
    ended: datetime | None = None
    spent: float = 0.0
    """Seconds of the clock that have run; it stands still while the interview is left."""
    breaks: int = 0
    """How often it was left and taken up again."""


@dataclass(frozen=True, slots=True)
class Put:
    """One question as the interviewer put it."""

    id: str
    """UUIDv7."""
    interview_id: str
    question_id: str
    """The key question it is, or follows up."""
    text: str
    """The words it was put in."""
    at: datetime
    """UTC."""
    follows: str | None = None
    """The question that this one follows up; None for one of the agenda."""
    probes: tuple[str, ...] = ()
    """Ids of the key points that a follow-up gives another chance at."""


@dataclass(frozen=True, slots=True)
class Reply:
    """How one question was left: answered, or passed on."""

    put_id: str
    attempt_id: str | None
    """None when the learner passed."""
    seconds: float
    """Of the interview's clock, from the question to its reply."""
