"""`tutor grade`: one answer, or a file of them, judged point by point."""

from __future__ import annotations

import argparse
import sys

from tutor.cli.batch import BadLine, run_batch, text_field
from tutor.cli.graded import show_grade
from tutor.cli.output import emit, engine_flag, json_flag, narrate, tell
from tutor.cli.preparing import make_ready
from tutor.cli.shapes import Shape, attempt_shape, grade_shape
from tutor.domain.content import KeyQuestion
from tutor.domain.errors import NotFound, TutorError
from tutor.domain.grade import Grade, Outcome
from tutor.domain.settings import EngineChoice
from tutor.store.decision import DecisionKind, standing
from tutor.study.advice import counted_range
from tutor.workspace import Workspace

NO_REFERENCE = "There is no reference answer in the material for this question, so nothing was graded."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("--question", metavar="ID|TEXT", help="a key question's id, or any question in your own words")
    parser.add_argument("--answer", metavar="TEXT|-", help="the answer; - reads stdin")
    parser.add_argument(
        "--batch", metavar="FILE", help='grade a file of {"id","question","reference","points"?,"answer"} lines'
    )
    parser.add_argument("--attempt", metavar="ID|last", help="grade an answer of yours again; every grade is kept")
    parser.add_argument("--list", action="store_true", help="with --attempt: list its grades and which one counts")
    parser.add_argument("--count", metavar="GRADE", help="with --attempt: let this one of its grades count")
    engine_flag(parser)
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Grade once, or once per line of a batch, or a stored answer again."""
    if options.attempt:
        with Workspace.open(options.home) as workspace:
            return regrade(workspace, options)
    if not options.batch and not options.question:
        raise TutorError("there is no question. Give one: tutor grade --question ID --answer TEXT.")
    if not options.batch and options.answer is None:
        raise TutorError("there is no answer. Give one: --answer TEXT, or --answer - to read it from stdin.")
    with Workspace.open(options.home) as workspace:
        make_ready(workspace)
        if options.batch:  # somebody's answers against a reference of their own: what you taught the engine stays out
            return run_batch(options.batch, lambda item: grade_line(workspace, item, options.engine))
        answer = sys.stdin.read() if options.answer == "-" else options.answer
        workspace.recalibrate()
        grade, matched = grade_one(workspace, options.question, answer, options.engine)
        if options.json:
            emit(grade_shape(grade, matched))
        else:
            if matched:
                narrate(f"Graded against the key question “{matched[0].text}” ({matched[0].id}).")
            show_grade(grade, matched[0] if matched else workspace.named_question(options.question))
        return exit_code(grade)


def exit_code(grade: Grade) -> int:
    """1 when the engine could not grade; that the material holds no reference is an answer like any other."""
    return int(grade.outcome is Outcome.NOT_GRADED and grade.reason != NO_REFERENCE)


def grade_one(
    workspace: Workspace, question: str, answer: str, engine: EngineChoice | None
) -> tuple[Grade, tuple[KeyQuestion, float] | None]:
    """Grade against the key question with this id, else against the nearest one to this text."""
    named = workspace.named_question(question)
    if named is not None:
        return workspace.grade(workspace.task(named, answer), engine=engine), None
    match = workspace.match(question)
    if match is None:
        return Grade(Outcome.NOT_GRADED, engine="local", reason=NO_REFERENCE), None
    grade = workspace.grade(workspace.task(match.question, answer), engine=engine)
    return grade, (match.question, match.similarity)


def grade_line(workspace: Workspace, item: dict[str, object], engine: EngineChoice | None) -> Shape:
    """Grade one line of a batch, which brings its own reference. Raises BadLine."""
    from tutor.grading.task import task_from_text

    points = item.get("points")
    if points is not None and not (isinstance(points, list) and all(isinstance(p, str) for p in points)):
        raise BadLine('"points" is not a list of sentences. Write "points": ["...", "..."], or leave it out.')
    question, reference = text_field(item, "question"), text_field(item, "reference")
    task = task_from_text(question, reference, points, text_field(item, "answer"))
    return grade_shape(workspace.grade(task, engine=engine))


def regrade(workspace: Workspace, options: argparse.Namespace) -> int:
    """Grade a stored answer once more, or let another of its grades count; every grade is kept.

    Raises NotFound for an attempt, a question or a grade that is not there.
    """
    store = workspace.store
    attempt = store.attempts(limit=1)[0] if options.attempt == "last" and store.attempts(limit=1) else None
    attempt = attempt or store.attempt(options.attempt)
    question = workspace.question(attempt.question_id)
    code = 0
    if options.count:
        if options.count not in [kept.id for kept in store.kept_grades(attempt.id)]:
            raise NotFound(f'this attempt has no grade "{options.count}". "tutor grade --attempt ID --list" lists them')
        store.add_decision(options.count, DecisionKind.CHOOSE)
    elif not options.list:
        make_ready(workspace)
        workspace.recalibrate()
        grade = workspace.grade(workspace.task(question, attempt.text), engine=options.engine, fresh=True)
        code = exit_code(grade)
        store.add_grade(attempt.id, grade)
        if not options.json:
            show_grade(grade, question)
            tell()
    kept = store.kept_grades(attempt.id)
    counts = standing(kept)
    if options.json:
        emit(attempt_shape(attempt, kept, counts))
        return code
    for each in kept:
        mark = "▸ counts" if counts and each.id == counts.id else "        "
        tell(f"{mark}  {each.id}  {each.given.engine}: {reading(each.seen)}", hang="          ")
    return code


def reading(grade: Grade) -> str:
    """A grade in a few words."""
    if grade.outcome is Outcome.NOT_GRADED:
        return f"not graded. {grade.reason}"
    return f"{grade.verdict.value}, {counted_range(grade)}"
