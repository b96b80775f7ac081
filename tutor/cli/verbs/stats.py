"""`tutor stats`: how far the learner is, and what is missed most."""

from __future__ import annotations

import argparse

from tutor.cli.output import emit, json_flag, tell
from tutor.study.progress import Standing, overview
from tutor.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's words."""
    json_flag(parser)
