"""`tutor show`: a chapter, a key question or a passage as it stands."""

from __future__ import annotations

import argparse

from tutor.cli.output import emit, json_flag, tell
from tutor.cli.shapes import chapter_shape, passage_shape, question_shape
from tutor.domain.content import KeyQuestion
from tutor.domain.passage import Passage
from tutor.domain.text import visible
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("name", nargs="+", metavar="NAME", help="an id, or a chapter's title or alias")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Print what the name stands for. Raises NotFound."""
    name = " ".join(options.name)
    with Workspace.open(options.home) as workspace:
        if "#" in name:
            question = workspace.question(name)
            if options.json:
                emit(question_shape(question))
            else:
                show_question(question)
        elif ":" in name and "/" in name:
            workspace.refresh_index(most=0)
            passage = workspace.index.passage(name)
            if options.json:
                emit(passage_shape(passage))
            else:
                show_passage(passage)
        else:
            chapter = workspace.chapter(name)
            if options.json:
                emit(chapter_shape(chapter))
            else:
                print(visible(f"# {chapter.title}\n\n{chapter.markdown.strip()}"))
        return 0


def show_question(question: KeyQuestion) -> None:
    """The question with its reference and points."""
    tell(question.text)
    tell()
    tell(question.reference)
    tell()
    for point in question.points:
        tell(f"- {'(essential) ' if point.essential else ''}{point.text}", hang="  ")


def show_passage(passage: Passage) -> None:
    """The passage under its headings."""
    tell(f"{passage.chapter} › {passage.heading}")
    tell()
    print(visible(passage.text))
