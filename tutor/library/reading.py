"""Owns reading a file that anybody may have written: regular, inside its folder, bounded, UTF-8."""

import os
import stat
from pathlib import Path

from tutor.domain.errors import ContentError
from tutor.domain.text import visible

MOST_BYTES = 2_000_000


def read_text(file: Path, *, root: Path | None = None) -> str:
    """The text of a file of at most 2 MB. Raises ContentError with the mend.

    With a root, the file must stand under it once symbolic links are followed.
    """
    shown = shown_path(file)
    if root is not None and not stands_under(file, root):
        raise ContentError("a symbolic link leads out of this folder. Put the file itself here.", path=shown, line=1)
    data = _read_bytes(file, shown)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError("this line is not UTF-8 text. Save the file as UTF-8.", path=shown, line=line) from None


def stands_under(path: Path, root: Path) -> bool:
    """True when the path exists and is inside the root once symbolic links are followed."""
    try:
        return path.resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, RuntimeError):
        return False


def shown_path(path: Path) -> str:
    """The path on one line, with nothing in it that could act on a terminal."""
    return visible(str(path)).replace("\n", "␤").replace("\t", "␉")


def _read_bytes(file: Path, shown: str) -> bytes:
    try:
        # Not blocking, so that a named pipe put in a chapter's place cannot hold the program for ever.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ContentError(f"cannot be read ({error.strerror}). Mend its permissions.", path=shown, line=1) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ContentError("is not an ordinary file. Put a text file here.", path=shown, line=1)
    with os.fdopen(descriptor, "rb") as opened:
        try:
            data = opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise ContentError(f"cannot be read ({error.strerror}). Copy it here again.", path=shown, line=1) from None
    if len(data) > MOST_BYTES:
        raise ContentError("is larger than 2 MB. Split it into several chapters.", path=shown, line=1)
    return data
