"""The real encoder for every test that wants it, exported once a machine.

The export is kept in the user's cache folder under a name made of what it depends on, so that a changed exporter or
other weights give a new one. It is checked byte by byte at the start of each session.
"""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from tutor.retrieval import encoder_export, prepare
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.locks import writing
from tutor.retrieval.manifest import verified_manifest

PATIENCE = 170
"""Seconds to wait for another test process that is exporting."""


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """A folder with the exported encoder. Nobody may write into it."""
    cache = _kept_exports() / f"encoder-{_what_it_depends_on()}"
    with writing(cache / "export.lock", patience=PATIENCE):
        folder = prepare.encoder_folder(cache)
        if verified_manifest(folder) is None:
            prepare.prepare_encoder(cache)
    return folder


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    """The encoder, open."""
    return Encoder(encoder_folder)


def _kept_exports() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "atlas-tutor-tests"


def _what_it_depends_on() -> str:
    exporter = Path(encoder_export.__file__).read_bytes()
    versions = (version(encoder_export.WEIGHTS_PACKAGE), version("torch"), version("onnxruntime"))
    return hashlib.sha256(exporter + " ".join(versions).encode()).hexdigest()[:12]
