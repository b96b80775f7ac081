"""`tutor quiz`: a sitting in the shell; the same session as the app's, without a screen."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from tutor.cli.output import engine_flag, narrate, tell
from tutor.cli.preparing import make_ready
from tutor.cli.verbs.grade import show as show_grade
from tutor.domain.content import KeyQuestion
from tutor.domain.errors import TutorError
from tutor.domain.review import Rating
from tutor.domain.settings import EngineChoice
from tutor.study.quiz import QuizSession
from tutor.study.schedule import interval
from tutor.workspace import Workspace

HELP = (
    "Write your answer and end it with a line that holds only a dot. "
    "Instead of an answer: :skip, :show (see the reference and rate yourself), :quit."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("-n", type=int, default=5, metavar="N", help="how many questions, 1 to 100 (5)")
    parser.add_argument("--chapter", metavar="ID", help="only the questions of this chapter")
    engine_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Ask, grade, rate, until the queue is empty or the learner stops."""
    if not 1 <= options.n <= 100:
        raise TutorError(f"-n is {options.n}; give a number from 1 to 100.")
    with Workspace.open(options.home) as workspace:
        session = workspace.quiz(limit=options.n, chapter=options.chapter)
        if session.current is None:
            tell("Nothing is due and there is nothing new today. Read a chapter, or come back tomorrow.")
            return 0
        make_ready(workspace)
        narrate(HELP)
        while session.current is not None:
            if not ask_one(workspace, session, session.current, options.engine):
                break
        summary(session)
        return 0


def ask_one(workspace: Workspace, session: QuizSession, question: KeyQuestion, engine: EngineChoice | None) -> bool:
    """One question from asking to rating. False when the learner stops."""
    done, total = session.position
    tell()
    tell(f"{done} of {total}  {workspace.chapter(question.chapter_id).title}")
    tell(question.text)
    text = read_answer()
    if text is None or text == ":quit":
        return False
    if text == ":skip":
        session.skip()
        return True
    if text == ":show":
        session.reveal()
        tell(question.reference, indent="  ")
    else:
        attempt = session.submit(text)
        grade = workspace.grade(workspace.task(question, text), engine=engine)
        session.record(attempt.id, grade)
        show_grade(grade, None)
    rating = read_rating(session.preview(), session.suggestion)
    if rating is None:
        return False
    session.rate(rating)
    session.advance()
    return True


def read_answer() -> str | None:
    """Lines up to a lone dot or a command; None at the end of input with nothing written."""
    lines: list[str] = []
    for line in sys.stdin:
        text = line.rstrip("\n")
        if text == "." or (not lines and text in (":skip", ":show", ":quit")):
            return text if text != "." else "\n".join(lines)
        lines.append(text)
    return "\n".join(lines) if lines else None


def read_rating(intervals: dict[Rating, timedelta], suggested: Rating | None) -> Rating | None:
    """A rating from the learner; Enter takes the suggested one. None at the end of input: nothing is rated."""
    choices = "  ".join(f"{rating.value} {rating.name.lower()} ({interval(intervals[rating])})" for rating in Rating)
    default = f" [Enter: {suggested.name.lower()}]" if suggested else ""
    while True:
        narrate(f"How well did you know it? {choices}{default}")
        line = sys.stdin.readline()
        if not line:
            return None
        if not line.strip() and suggested:
            return suggested
        if line.strip() in {"1", "2", "3", "4"}:
            return Rating(int(line))
        narrate("Type 1, 2, 3 or 4.")


def summary(session: QuizSession) -> None:
    """What the sitting came to."""
    result = session.summary
    tell()
    tell(f"Answered {result.answered}, skipped {result.skipped}.")
    if result.next_due is not None:
        tell(f"The next review is due on {result.next_due.astimezone():%d %B at %H:%M}.")
