"""Owns getting the encoder made: the export in a process of its own, at low priority, with its progress passed on."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tutor.domain.errors import EncoderMissing, EncoderRefused
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.libraries import SILENT
from tutor.retrieval.locks import writing
from tutor.retrieval.progress import Progress, silent

NICENESS = 10
"""Enough to leave the learner's keystrokes their share of two cores while torch is imported."""

PATIENCE = 600.0
"""Seconds to wait for another tutor's export before trying anyway."""
PACKAGE_PARENT = Path(__file__).resolve().parents[2]
"""Where the export process starts, so that `-m tutor...` means this package wherever the learner stands."""


def encoder_folder(cache: Path) -> Path:
    """Where the exported encoder stands inside the cache."""
    return cache / "encoder"


def prepare_encoder(cache: Path, progress: Progress | None = None) -> None:
    """Make sure that the encoder that comes along stands in the cache; half a minute the first time, then nothing.

    Call it from a worker: it waits for its process, or for another tutor's that came first. Raises EncoderMissing with
    what the export said when it failed.
    """
    reason = _made(encoder_folder(cache).resolve(), progress or silent)
    if reason:
        raise EncoderMissing(
            f"The sentence encoder could not be prepared: {reason.rstrip('.')}. Search goes on by keywords."
        )


def prepare_chosen(folder: Path, chosen: str, progress: Progress) -> None:
    """Make sure that the model a setting names stands exported in a folder, as `prepare_encoder` does for its own.

    A `progress` that raises ends the export. Raises EncoderRefused with what the export said when it failed.
    """
    reason = _made(folder.resolve(), progress, chosen)
    if reason:
        raise EncoderRefused(f"{reason.rstrip('.')}. Search stays with the encoder it has.")


def _made(folder: Path, progress: Progress, chosen: str = "") -> str:
    """Export into a folder unless that is done; why it could not be, or nothing."""
    if Encoder.ready(folder):
        return ""
    reason = "what another tutor prepared is damaged"
    try:
        with writing(folder.with_name("encoder.lock"), patience=PATIENCE):
            if not Encoder.ready(folder):
                _remove_unfinished(folder)
                reason = _export(folder, progress, chosen)
    except OSError as error:
        reason = f"{folder} cannot be written ({error.strerror or error})"
    return "" if Encoder.ready(folder) else reason


def _export(folder: Path, progress: Progress, chosen: str) -> str:
    """Run the export to its end; what it said last."""
    command = [sys.executable, "-m", "tutor.retrieval.encoder_export", str(folder), *([chosen] if chosen else [])]
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    environment = {**os.environ, **SILENT, **offline}
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as narration,
        subprocess.Popen(
            command,
            env=environment,
            cwd=PACKAGE_PARENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=narration,
            text=True,
        ) as process,
    ):
        try:
            _lower_priority(process.pid)
            _relay(process, progress)
            process.wait()
        except BaseException:
            process.terminate()
            raise
        narration.seek(0)
        lines = narration.read().strip().splitlines()
    return lines[-1] if lines else f"its process ended with {process.returncode}"


def _remove_unfinished(folder: Path) -> None:
    """Remove what exports left behind that were killed; the lock says that none is running for a living tutor."""
    for left in (*folder.parent.glob(f"{folder.name}.new-*"), *folder.parent.glob(f"{folder.name}.old-*")):
        shutil.rmtree(left, ignore_errors=True)


def _relay(process: "subprocess.Popen[str]", progress: Progress) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        try:
            step = json.loads(line)
            progress(int(step["done"]), int(step["total"]), str(step["label"]))
        except (ValueError, KeyError, TypeError):
            continue


def _lower_priority(pid: int) -> None:
    if hasattr(os, "setpriority"):
        try:
            os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
        except OSError:
            return
