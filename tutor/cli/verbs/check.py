"""`tutor check`: every problem of chapter files, as `file:line: what is wrong, and the mend`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli.output import counted, emit, json_flag, narrate
from tutor.domain.errors import TutorError
from tutor.domain.text import visible
from tutor.library.lint import check_library
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("folder", nargs="*", type=Path, metavar="DIR", help="folders of tracks (all, otherwise)")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Print the problems. Returns 1 when there is an error among them."""
    for folder in options.folder:
        if not folder.is_dir():
            raise TutorError(f"{folder}: is not a folder. Name one that holds track folders.")
        if not any(child.is_dir() for child in folder.iterdir()):
            raise TutorError(f"{folder}: holds no track. Name a folder like content/, with track folders in it.")
    with Workspace.open(options.home) as workspace:
        roots = [(folder, False) for folder in options.folder] or workspace.roots
        problems = check_library(roots, supports=workspace.support_measure())
    if options.json:
        shapes = [{"path": p.path, "line": p.line, "severity": p.severity, "message": p.message} for p in problems]
        emit({"problems": shapes})
    else:
        for problem in problems:
            print(visible(str(problem)))
    errors = sum(problem.severity == "error" for problem in problems)
    found = f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}."
    narrate(found if problems else "No problems found.")
    return 1 if errors else 0
