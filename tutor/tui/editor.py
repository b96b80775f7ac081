"""Owns the way through the learner's own editor: their text goes out in a private file and comes back."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tutor.domain.errors import TutorError


class EditorMissing(TutorError):
    """No editor could be run; what was written is untouched."""


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The words of $VISUAL, else of $EDITOR. Raises EditorMissing."""
    wanted = environ.get("VISUAL") or environ.get("EDITOR") or ""
    try:
        words = shlex.split(wanted)
    except ValueError as error:
        raise EditorMissing(f"$EDITOR is {wanted!r}, which cannot be read ({error}). Correct it.") from error
    if not words:
        raise EditorMissing("No editor is named. Set $EDITOR, for example: export EDITOR=nano")
    return words


def edited(text: str, environ: Mapping[str, str]) -> str:
    """The text as the editor leaves it. Blocks until it closes. Raises EditorMissing."""
    words = editor_command(environ)
    with tempfile.TemporaryDirectory(prefix="tutor-") as folder:  # only the owner may look into it
        path = Path(folder) / "answer.md"
        path.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*words, str(path)], check=False, env=dict(os.environ))
        except OSError as error:
            raise EditorMissing(f"{words[0]} could not be started ({error.strerror}). Check $EDITOR.") from error
        if done.returncode:
            raise EditorMissing(f"{words[0]} ended with an error; your answer is as it was.")
        return path.read_text(encoding="utf-8", errors="replace").rstrip("\n")
