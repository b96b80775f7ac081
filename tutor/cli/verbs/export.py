"""`tutor export`: the learner's whole history, or their disputes with the graders, one JSON object a line."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tutor.cli.output import counted, narrate
from tutor.cli.shapes import Shape, decision_shape, grade_shape, receipt_shape
from tutor.domain.content import KeyQuestion
from tutor.domain.errors import TutorError
from tutor.domain.review import Attempt, Review
from tutor.store.decision import Decision, standing
from tutor.store.history import Entry, GradeEntry
from tutor.store.new_file import refuse_to_replace
from tutor.study.agreement import contested
from tutor.workspace import Workspace

ALL = 10**9
"""More answers than anybody writes."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="write here (stdout otherwise)")
    parser.add_argument(
        "--disputes",
        action="store_true",
        help="only what you decided against a grader, with question, reference and answer; it holds your own words, so "
        "read it before you share it",
    )


def run(options: argparse.Namespace) -> int:
    """Write every line, or none: a file is there only once it is whole."""
    if options.file is not None:
        refuse_to_replace(options.file, "an export")
    with Workspace.open(options.home) as workspace:
        shapes = disputes(workspace) if options.disputes else history(workspace)
        lines = [json.dumps(shape, ensure_ascii=False) for shape in shapes]
    if options.file is None:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return 0
    write_whole(options.file, lines)
    narrate(f"{options.file}: {counted(len(lines), 'line')}.")
    if options.disputes:
        narrate("It holds what you wrote, word for word. Read it before you share it.")
    return 0


def history(workspace: Workspace) -> Iterator[Shape]:
    """Attempts, grades, decisions and reviews in the order they happened; what was taken back is marked so."""
    questions = workspace.library.questions_by_id()
    counting = {kept.id for _, grades in workspace.store.graded(ALL) if (kept := standing(grades))}
    for entry in workspace.store.history():
        yield entry_shape(entry, questions, counting)


def entry_shape(entry: Entry, questions: dict[str, KeyQuestion], counting: set[str]) -> Shape:
    """One line of the history; `record` says which kind it is."""
    match entry.item:
        case Attempt() as attempt:
            question = questions.get(attempt.question_id)
            return {
                "record": "attempt",
                "id": attempt.id,
                "at": attempt.at.isoformat(),
                "question_id": attempt.question_id,
                "question": question.text if question else None,
                "content": attempt.content,
                "session_id": attempt.session_id,
                "answer": attempt.text,
            }
        case GradeEntry() as made:
            head: Shape = {"record": "grade", "id": made.id, "at": made.at.isoformat(), "attempt_id": made.attempt_id}
            return {**head, "counts": made.id in counting, **grade_shape(made.grade)}
        case Decision() as decision:
            return {"record": "decision", **decision_shape(decision), "undone": entry.undone}
        case Review() as review:
            return {
                "record": "review",
                "id": review.id,
                "at": review.at.isoformat(),
                "question_id": review.question_id,
                "attempt_id": review.attempt_id,
                "rating": review.rating.name.lower(),
                "source": review.source.value,
                "undone": entry.undone,
            }


def disputes(workspace: Workspace) -> Iterator[Shape]:
    """Each standing decision against an engine, with all that is needed to judge who is right; newest answer first."""
    questions = workspace.library.questions_by_id()
    for attempt, kept, decision in contested(workspace.store.graded(ALL)):
        question = questions.get(attempt.question_id)
        yield {
            "question_id": attempt.question_id,
            "question": question.text if question else None,
            "reference": question.reference if question else None,
            "revised": question is not None and question.revision != attempt.content,
            "points": [point.text for point in kept.given.points],
            "answer": attempt.text,
            "grade": grade_shape(kept.given),
            "receipt": receipt_shape(kept.given.receipt),
            "decision": decision_shape(decision),
            "note": decision.note,
        }


def write_whole(path: Path, lines: Iterable[str]) -> None:
    """Write a new file, whole, readable by its owner only. Raises TutorError."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise TutorError(f"{path} cannot be written ({error.strerror}). Name another file, or leave it out.") from error
