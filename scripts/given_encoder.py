"""Owns which encoder a script measures with: that of a folder which was named, or else of the learner's home."""

import argparse
import os
from pathlib import Path

from tutor.domain.errors import EncoderMissing
from tutor.retrieval.encoder import Encoder
from tutor.store.home import Home


def encoder_option(parser: argparse.ArgumentParser) -> None:
    """Let a folder be named."""
    parser.add_argument("--encoder", type=Path, help="folder of an exported encoder; else that of the learner's home")


def given_encoder(options: argparse.Namespace, parser: argparse.ArgumentParser) -> tuple[Path, Encoder]:
    """The folder and what stands in it, open. Ends the script with a sentence when that is no whole encoder."""
    folder = options.encoder or Home.locate(None, os.environ).cache / "encoder"
    try:
        return folder, Encoder(folder)
    except EncoderMissing:
        parser.error(
            f"There is no whole encoder in {folder}. "
            'Run "tutor index", which makes cache/encoder in the home, or name another folder with --encoder.'
        )
