"""`tutor ask`: a question answered from the chapters, with citations."""

from __future__ import annotations

import argparse
import sys

from tutor.cli.batch import run_batch, text_field
from tutor.cli.output import emit, engine_flag, json_flag, narrate, tell
from tutor.cli.preparing import make_ready
from tutor.cli.shapes import Shape, answer_shape
from tutor.domain.answer import Answer
from tutor.domain.errors import TutorError
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("question", nargs="*", metavar="QUESTION", help="what you want to know; - reads stdin")
    parser.add_argument("--batch", metavar="FILE", help='answer a file of {"id","question"} lines; - reads stdin')
    engine_flag(parser)
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Answer once, or once per line of a batch."""
    question = " ".join(options.question).strip()
    if question == "-":
        question = sys.stdin.read().strip()
    if not question and not options.batch:
        raise TutorError('there is no question. Write it after the verb: tutor ask "What is RAG?".')
    if question and options.batch:
        raise TutorError("there is a question and a batch. Give either a question or --batch FILE.")
    with Workspace.open(options.home) as workspace:
        make_ready(workspace)
        if options.batch:

            def reply(item: dict[str, object]) -> Shape:
                return answer_shape(workspace.ask(text_field(item, "question"), engine=options.engine))

            return run_batch(options.batch, reply)
        answer = workspace.ask(question, engine=options.engine)
        if options.json:
            emit(answer_shape(answer))
        else:
            show(answer, workspace)
        return 0


def show(answer: Answer, workspace: Workspace) -> None:
    """The answer as text, its sources under it."""
    if answer.note:
        narrate(answer.note)
    tell(answer.text)
    tell()
    for sentence in answer.conflicts:
        tell(sentence)
    if answer.conflicts:
        tell()
    for citation in answer.citations:
        mark = "" if citation.verified else "  (quote not found in the passage)"
        tell(f"[{citation.n}] {workspace.chapter(citation.chapter_id).title} › {citation.heading}{mark}", hang="    ")
        tell(f"“{' '.join(citation.quote.split())}”", indent="    ")
    for sentence in answer.unsupported:
        tell(f"Not supported by the material: {sentence}", hang="    ")
    if answer.abstained and answer.nearest:
        tell("Read them: " + ", ".join(f"tutor show {name}" for name in answer.nearest))
    tell(f"— {answer.engine}")
