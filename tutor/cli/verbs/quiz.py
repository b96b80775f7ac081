"""`tutor quiz`: a sitting in the shell; the same session as the app's, without a screen."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from tutor.cli.contesting import HELP as CALLS
from tutor.cli.contesting import call_in, decide
from tutor.cli.graded import show_beside, show_grade
from tutor.cli.output import engine_flag, narrate, tell
from tutor.cli.preparing import make_ready
from tutor.cli.shapes import receipt_shape
from tutor.domain.content import KeyQuestion
from tutor.domain.errors import TutorError
from tutor.domain.grade import Outcome
from tutor.domain.review import Rating
from tutor.domain.settings import EngineChoice
from tutor.study.advice import compares
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
    parser.add_argument("--cram", action="store_true", help="weakest and heaviest first; your schedule stays as it is")
    parser.add_argument("--chapter", metavar="ID", help="only the questions of this chapter")
    engine_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Ask, grade, rate, until the queue is empty or the learner stops."""
    if not 1 <= options.n <= 100:
        raise TutorError(f"-n is {options.n}; give a number from 1 to 100.")
    with Workspace.open(options.home) as workspace:
        sitting = workspace.cram if options.cram else workspace.quiz
        session = sitting(limit=options.n, chapter=options.chapter)
        if session.current is None:
            tell("Nothing is due and there is nothing new today. Read a chapter, or come back tomorrow.")
            return 0
        make_ready(workspace)
        narrate(HELP)
        narrate(f"After a grade: 1 to 4 to rate. {CALLS}")
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
        session.submit(text)
        grade_now(workspace, session, question, engine)
    rating = read_rating(workspace, session, question)
    if rating is None:
        kept = "your answer is kept, and " if session.attempt is not None else ""
        narrate(f"No rating came: {kept}when this question comes back stays as it was.")
        return False
    session.rate(rating)
    session.advance()
    return True


def grade_now(workspace: Workspace, session: QuizSession, question: KeyQuestion, engine: EngineChoice | None) -> None:
    """Grade what was submitted, by what the learner's decisions have taught so far, and show it."""
    attempt = session.attempt
    assert attempt is not None, "only a submitted answer is graded"
    workspace.recalibrate()
    grade = workspace.grade(workspace.task(question, attempt.text), engine=engine)
    session.record(attempt.id, grade)
    if grade.outcome is Outcome.NOT_GRADED and session.grade != grade:
        narrate(f"No second grade: {grade.reason} The one before still counts.")
    show(session, question)


def show(session: QuizSession, question: KeyQuestion) -> None:
    """The grade that counts; where nobody gave a verdict, both answers to compare."""
    grade, attempt = session.grade, session.attempt
    if grade is None:
        return
    show_grade(grade, question)
    if attempt is not None and compares(grade):
        show_beside(attempt.text, question.reference)
        tell()
        tell("Mark the points: had 1 3, missed 2. Your marks make the grade; then rate yourself.")


def again(workspace: Workspace, session: QuizSession, question: KeyQuestion, call: tuple[str, str]) -> None:
    """Carry out a call on the grade, and show what it comes to. Raises TutorError."""
    word, rest = call
    if word == "receipt":
        receipt = receipt_shape(session.grade.receipt if session.grade else None)
        for name, value in (receipt or {"receipt": "no engine graded this answer"}).items():
            tell(f"{name}: {value}")
    elif word == "other":
        engine = session.other_engine
        session.regrade()
        grade_now(workspace, session, question, engine)
    else:
        decide(session, word, rest)
        show(session, question)


def read_answer() -> str | None:
    """Lines up to a lone dot or a command; None at the end of input with nothing written."""
    lines: list[str] = []
    for line in sys.stdin:
        text = line.rstrip("\n")
        if text == "." or (not lines and text in (":skip", ":show", ":quit")):
            return text if text != "." else "\n".join(lines)
        lines.append(text)
    return "\n".join(lines) if lines else None


def read_rating(workspace: Workspace, session: QuizSession, question: KeyQuestion) -> Rating | None:
    """A rating from the learner; Enter takes the suggested one. None at the end of input: nothing is rated."""
    intervals = session.preview()
    choices = "  ".join(_choice(rating, intervals.get(rating)) for rating in Rating)
    while True:
        suggested = session.suggestion
        default = f" [Enter: {suggested.name.lower()}]" if suggested else ""
        narrate(f"How well did you know it? {choices}{default}")
        line = sys.stdin.readline()
        if not line:
            return None
        call = call_in(line)
        if call is not None:
            try:
                again(workspace, session, question, call)
            except TutorError as error:
                narrate(f"tutor: {error}")
        elif not line.strip() and suggested:
            return suggested
        elif line.strip() in {"1", "2", "3", "4"}:
            return Rating(int(line))
        else:
            narrate(f"Type 1, 2, 3 or 4. {CALLS}")


def _choice(rating: Rating, after: timedelta | None) -> str:
    """`3 good (4 d)`; without the interval where no schedule is moved."""
    return f"{rating.value} {rating.name.lower()}" + (f" ({interval(after)})" if after is not None else "")


def summary(session: QuizSession) -> None:
    """What the sitting came to."""
    result = session.summary
    tell()
    tell(f"Answered {result.answered}, skipped {result.skipped}.")
    if result.next_due is not None:
        tell(f"The next review is due on {result.next_due.astimezone():%d %B at %H:%M}.")
