"""Owns which encoder search goes by: the exported models in the cache, and the file that points to the one in use.

`encoders/<state>` holds one exported model, named after `model_source.state_of`, so that another setting or a changed
model never meets an old export. `encoders/current` names the one in use; without it that is the one that comes along.
"""

import os
import shutil
from pathlib import Path

from tutor.domain.errors import EncoderRefused
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.manifest import read_manifest
from tutor.retrieval.model_source import is_shipped, state_of

_POINTER = "current"


class ChosenEncoders:
    """The encoders of a learner's choice in one cache folder. Every method may be called from any thread."""

    def __init__(self, cache: Path) -> None:
        """Use a cache folder; nothing is read or written yet."""
        self._home = cache / "encoders"

    def in_use(self, chosen: str) -> Path | None:
        """The folder of the encoder that search goes by under this setting; None for the one that comes along.

        While the encoder of the setting is not ready, that is the one before it. Takes microseconds.
        """
        if is_shipped(chosen):
            return None
        try:
            name = Path((self._home / _POINTER).read_text(encoding="utf-8").strip()).name
        except (OSError, ValueError):
            return None
        folder = self._home / name
        return folder if name and Encoder.ready(folder) else None

    def folder_for(self, chosen: str) -> Path:
        """Where the encoder of this setting is exported to. Raises EncoderRefused when the setting names no model."""
        return self._home / state_of(chosen)

    def coming(self, chosen: str) -> Path | None:
        """Where the encoder of this setting stands or is to stand; None when it is in use. Raises EncoderRefused.

        A model that was removed after it was exported is in use all the same.
        """
        used = self.in_use(chosen)
        about = (read_manifest(used) if used else None) or {}
        try:
            wanted = None if is_shipped(chosen) else self.folder_for(chosen)
        except EncoderRefused:
            if about.get("source") == chosen:
                return None
            raise
        return None if wanted == used else wanted

    def use(self, folder: Path | None) -> None:
        """Let search go by this encoder from now on, and remove the others; None for the one that comes along."""
        pointer = self._home / _POINTER
        if folder is None:
            shutil.rmtree(self._home, ignore_errors=True)
            return
        fresh = pointer.with_name(f"{_POINTER}.{os.getpid()}.new")
        fresh.write_text(folder.name, encoding="utf-8")
        os.replace(fresh, pointer)
        for other in self._home.glob("*/"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
