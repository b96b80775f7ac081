"""`tutor chapters`: everything there is to read, in order."""

from __future__ import annotations

import argparse

from tutor.cli.output import emit, json_flag, narrate, tell
from tutor.cli.shapes import library_shape
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """List tracks, sections and chapters."""
    with Workspace.open(options.home) as workspace:
        library = workspace.library
        if options.json:
            emit(library_shape(library))
        else:
            for track in library.tracks:
                tell(f"{track.title}  ({track.id})")
                for section in (s for s in track.sections if s.chapters):
                    tell(section.title, indent="  ")
                    for chapter in section.chapters:
                        count = len(chapter.questions)
                        questions = f"{count} question{'' if count == 1 else 's'}"
                        tell(f"{chapter.title}  {chapter.id}  {chapter.level}, {questions}", indent="    ")
        for problem in workspace.problems:
            narrate(f"left out: {problem}")
        return 0
