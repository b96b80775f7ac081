"""Owns making ready what a verb needs: said as it goes, and gone without when it cannot be had."""

from __future__ import annotations

from tutor.cli.output import Narrator, narrate
from tutor.domain.errors import EncoderMissing
from tutor.workspace import Workspace
from tutor.workspace.finding import SOON


def make_ready(workspace: Workspace) -> None:
    """Prepare the encoder and the index. Without the encoder the verb goes on with what works without it."""
    try:
        with Narrator() as narrator:
            workspace.prepare(narrator, most=SOON)
    except EncoderMissing as error:
        narrate(f"tutor: {error}")
