"""Owns reading parts of a large file: unlike those of a mapped one they leave no memory behind."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from weakref import finalize


def reader(file: Path) -> Callable[[int, int], bytes]:
    """Reads so many bytes from a place on, fewer where the file ends; in several threads. Raises OSError.

    The file stays open, also when it is renamed or removed, for as long as anybody has the reader.
    """
    opened = os.open(file, os.O_RDONLY)
    read = partial(os.pread, opened)
    finalize(read, os.close, opened)
    return read
