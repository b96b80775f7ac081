"""The real encoder for every test that wants it, exported once a machine.

The export is kept in the user's cache folder under a name made of what it depends on, so that a changed exporter or
other weights give a new one. It is checked byte by byte at the start of each session.
"""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

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
    cache = kept("encoder", encoder_export)
    with writing(cache / "export.lock", patience=PATIENCE):
        folder = prepare.encoder_folder(cache)
        if verified_manifest(folder) is None:
            prepare.prepare_encoder(cache)
    return folder


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    """The encoder, open."""
    return Encoder(encoder_folder)


def kept(name: str, *makers: ModuleType) -> Path:
    """Where what these modules make is kept, once a machine; another place when they or the libraries change."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    versions = (version(encoder_export.WEIGHTS_PACKAGE), version("torch"), version("onnxruntime"))
    code = b"".join(Path(str(maker.__file__)).read_bytes() for maker in makers)
    made_of = hashlib.sha256(code + " ".join(versions).encode()).hexdigest()[:12]
    return Path(base) / "atlas-tutor-tests" / f"{name}-{made_of}"
