"""`tutor index`: prepare the encoder, go over to another, and bring the search index up to date."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from tutor.cli.output import Narrator, emit, json_flag, tell
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    json_flag(parser)


def run(options: argparse.Namespace) -> int:
    """Do what is left to do; nothing when all is fresh."""
    with Workspace.open(options.home) as workspace:
        with Narrator() as narrator:
            workspace.prepare(narrator)
        state = workspace.index_state()
    if options.json:
        emit(asdict(state))
    else:
        made = f"{state.passages} passages of content {state.content}"
        tell(f"{made}, {state.passages - state.waiting} with vectors of {state.encoder}.")
        if state.coming:
            tell(f"Another tutor makes the vectors of {state.coming}; {state.coming_waiting} are to come.")
    return 0
