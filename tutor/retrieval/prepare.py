"""Owns getting the encoder made: the export in a process of its own, at low priority, with its progress passed on."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tutor.domain.errors import EncoderMissing
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.progress import Progress, silent

NICENESS = 10
"""Enough to leave the learner's keystrokes their share of two cores while torch is imported."""

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
"""Where the export process starts, so that `-m tutor...` means this package wherever the learner stands."""


def encoder_folder(cache: Path) -> Path:
    """Where the exported encoder stands inside the cache."""
    return cache / "encoder"


def prepare_encoder(cache: Path, progress: Progress | None = None) -> None:
    """Make sure that an exported encoder stands in the cache; half a minute the first time, nothing afterwards.

    Call it from a worker: it waits for the process. Raises EncoderMissing with what the export said when it failed.
    """
    folder = encoder_folder(cache).resolve()
    if Encoder.ready(folder):
        return
    command = [sys.executable, "-m", "tutor.retrieval.encoder_export", str(folder)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    folder.parent.mkdir(parents=True, exist_ok=True)
    failure_log = folder.parent / f"encoder-export.{os.getpid()}.log"
    with failure_log.open("w+", encoding="utf-8", errors="replace") as narration:
        with subprocess.Popen(
            command,
            env=environment,
            cwd=PACKAGE_PARENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=narration,
            text=True,
        ) as process:
            try:
                _lower_priority(process.pid)
                _relay(process, progress or silent)
            except BaseException:
                process.terminate()
                raise
        narration.seek(0)
        lines = narration.read().strip().splitlines()
    failure_log.unlink(missing_ok=True)
    if process.returncode != 0 or not Encoder.ready(folder):
        reason = lines[-1] if lines else f"the process ended with {process.returncode}"
        raise EncoderMissing(f"The sentence encoder could not be prepared: {reason}. Search goes on by keywords.")


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
