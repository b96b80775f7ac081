"""`tutor grade`: one answer, or a file of them, judged point by point."""

from __future__ import annotations

import argparse
import sys

from tutor.cli.batch import BadLine, run_batch, text_field
from tutor.cli.output import emit, engine_flag, json_flag, narrate, tell
from tutor.cli.preparing import make_ready
from tutor.cli.shapes import Shape, grade_shape
from tutor.domain.content import KeyQuestion
from tutor.domain.errors import TutorError
from tutor.domain.grade import Grade, Outcome, PointStatus
from tutor.domain.settings import EngineChoice
from tutor.workspace import Workspace

MARKS = {
    PointStatus.COVERED: "✓ covered",
    PointStatus.PARTIAL: "◐ partly",
    PointStatus.MISSING: "✗ missing",
    PointStatus.CONTRADICTED: "! check: this may contradict",
    PointStatus.UNSURE: "? not sure",
}
"""A symbol and a word for each status: never colour or shape alone."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("--question", metavar="ID|TEXT", help="a key question's id, or any question in your own words")
    parser.add_argument("--answer", metavar="TEXT|-", help="the answer; - reads stdin")
    parser.add_argument(
        "--batch", metavar="FILE", help='grade a file of {"id","question","reference","points"?,"answer"} lines'
    )
    engine_flag(parser)
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Grade once, or once per line of a batch."""
    if not options.batch and not options.question:
        raise TutorError("there is no question. Give one: tutor grade --question ID --answer TEXT.")
    if not options.batch and options.answer is None:
        raise TutorError("there is no answer. Give one: --answer TEXT, or --answer - to read it from stdin.")
    with Workspace.open(options.home) as workspace:
        make_ready(workspace)
        if options.batch:
            return run_batch(options.batch, lambda item: grade_line(workspace, item, options.engine))
        answer = sys.stdin.read() if options.answer == "-" else options.answer
        grade, matched = grade_one(workspace, options.question, answer, options.engine)
        if options.json:
            emit(grade_shape(grade, matched))
        else:
            show(grade, matched)
        return 0


def grade_one(
    workspace: Workspace, question: str, answer: str, engine: EngineChoice | None
) -> tuple[Grade, tuple[KeyQuestion, float] | None]:
    """Grade against the key question with this id, else against the nearest one to this text."""
    named = workspace.named_question(question)
    if named is not None:
        return workspace.grade(workspace.task(named, answer), engine=engine), None
    match = workspace.match(question)
    if match is None:
        reason = "There is no reference answer in the material for this question, so nothing was graded."
        return Grade(Outcome.NOT_GRADED, engine="local", reason=reason), None
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


def show(grade: Grade, matched: tuple[KeyQuestion, float] | None) -> None:
    """The grade as text."""
    if matched:
        narrate(f"Graded against the key question “{matched[0].text}” ({matched[0].id}).")
    if grade.outcome is not Outcome.GRADED:
        tell(f"Not graded. {grade.reason}")
        return
    if grade.reason:
        narrate(grade.reason)
    sure, most = grade.covered
    held = f"{sure}" if sure == most else f"{sure}–{most}"
    tell(f"{grade.verdict.value.capitalize()}: {held} of {len(grade.points)} points  — {grade.engine}")
    tell()
    for point in grade.points:
        essential = " (essential)" if point.essential else ""
        tell(f"{MARKS[point.status]}{essential}: {point.text}", hang="    ")
        if point.evidence:
            tell(f"you: “{' '.join(point.evidence.split())}”", indent="    ")
        if point.cite:
            tell(f"chapter: “{' '.join(point.cite.quote.split())}”", indent="    ")
        if point.note:
            tell(point.note, indent="    ")
    for wrong in grade.misconceptions:
        tell(f"! misconception: {wrong.text} → {wrong.correction}", hang="    ")
    for words in filter(None, (grade.feedback, grade.second_opinion, grade.advisory)):
        tell()
        tell(words)
