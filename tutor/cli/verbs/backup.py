"""`tutor backup`: a copy of the learner's progress, made now and checked."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor.cli.output import emit, json_flag, tell
from tutor.cli.verbs.restore import holding
from tutor.store.contents import look_into
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="write here (the home's backups otherwise)")
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Copy, then read the copy back. Raises StoreError."""
    with Workspace.without_settings(options.home) as workspace:
        path = workspace.store.backup(options.file)
    contents = look_into(path)
    if options.json:
        emit({"file": str(path), "size": path.stat().st_size, "attempts": contents.attempts})
    else:
        tell(f"{path}: {holding(contents)}.", hang="  ")
    return 0
