"""Owns the learner's say on a grade in the shell: one line a call, the same decisions as in the app."""

from __future__ import annotations

import re

from tutor.domain.errors import TutorError
from tutor.domain.grade import PointStatus
from tutor.study.quiz import QuizSession

HELP = (
    "Or a call of yours: had 2, missed 3 (judge points), right REASON (your answer is right), void (set the grade "
    "aside), other (grade by the other engine), counts (let another grade count), undo, receipt."
)

_CALL = re.compile(r"(had|missed|right|void|other|counts|undo|receipt)\b\s*(.*)", re.IGNORECASE)


def call_in(line: str) -> tuple[str, str] | None:
    """The word and the rest of a line that says something about the grade; None for any other line."""
    found = _CALL.fullmatch(line.strip())
    return (found[1].lower(), found[2].strip()) if found else None


def decide(session: QuizSession, word: str, rest: str) -> None:
    """Carry a decision out. Raises TutorError for one that makes no sense here."""
    match word:
        case "had":
            _judge(session, rest, PointStatus.COVERED)
        case "missed":
            _judge(session, rest, PointStatus.MISSING)
        case "right":
            if not rest:
                raise TutorError("say why your answer is right, on the same line: right REASON.")
            session.dispute(rest)
        case "void":
            session.void()
        case "counts":
            session.choose_other()
        case "undo":
            session.undo_decision()


def _judge(session: QuizSession, rest: str, status: PointStatus) -> None:
    points = session.grade.points if session.grade and session.contestable else ()
    numbers = [int(word) for word in re.findall(r"\d+", rest)]
    if not numbers or not all(1 <= number <= len(points) for number in numbers):
        what = f"the points are numbered 1 to {len(points)}" if points else "this grade has no point to judge"
        raise TutorError(f"{what}; name them like this: had 1 3.")
    for number in numbers:
        session.override(points[number - 1].id, status)
