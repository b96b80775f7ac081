"""Owns which files of a folder an import may read, and a sentence for each that it may not."""

import heapq
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tutor.domain.errors import NotFound
from tutor.library.reading import MOST_BYTES, shown_path, stands_under
from tutor.library.tracks import TRACK_FILE

MOST_FILES = 2_000
"""Files that one import reads."""
MOST_LOOKED_AT = 20_000
"""Files and folders that one import looks at to find them; of a fuller folder the first ones by name."""
MOST_NOTES = 50
"""Sentences about files left out; the rest are counted."""
READABLE = (".md", ".markdown", ".txt")
_TEXT = "Save its text as a .txt file and import that"
_MENDS = {
    ".zip": "Unpack it and import the folder",
    ".pdf": _TEXT,
    ".html": _TEXT,
    ".htm": _TEXT,
    ".docx": _TEXT,
    ".epub": _TEXT,
}


def gather(source: Path) -> tuple[list[Path], list[str]]:
    """The files to read, in a stable order, and why the others were left out. Raises NotFound for a missing source.

    A file is its own only entry, whatever its name: its importer says what is wrong with it.
    """
    if not source.exists():
        raise NotFound(f'There is no file or folder at "{shown_path(source)}". Check the path.')
    if not source.is_dir():
        return [source], []
    files: list[Path] = []
    notes: list[str] = []
    for looked_at, path in enumerate(_walk(source, notes)):
        if len(files) == MOST_FILES or looked_at == MOST_LOOKED_AT:
            too_many = f"{shown_path(source)} holds more than {max(len(files), looked_at):,} files"
            return files, [*_shortened(notes), f"{too_many}; the rest were not read. Import its folders one by one."]
        if path is None or path.name == TRACK_FILE:
            continue
        reason = _refusal(path, source)
        if reason:
            notes.append(f"{shown_path(path)} {reason}")
        else:
            files.append(path)
    return files, _shortened(notes)


def unreadable_by_name(path: Path) -> str:
    """Why a file cannot be imported by its name, with the mend; empty for one that can."""
    suffix = path.suffix.lower()
    if suffix in READABLE:
        return ""
    mend = f" {_MENDS[suffix]}." if suffix in _MENDS else ""
    return f"an import reads {', '.join(READABLE)}.{mend}"


def _shortened(notes: list[str]) -> list[str]:
    more = len(notes) - MOST_NOTES
    return notes if more <= 0 else [*notes[:MOST_NOTES], f"{more:,} more files or folders were left out."]


def _walk(source: Path, notes: list[str]) -> Iterator[Path | None]:
    """Files under the folder, without hidden folders and without following links to folders; None for each folder."""
    waiting = [source]
    while waiting:
        folders = []
        for entry in _entries(waiting.pop()):
            path = Path(entry)
            if not path.is_dir():
                yield path
                continue
            yield None
            if entry.name.startswith("."):
                notes.append(f"{shown_path(path)} is a hidden folder and was left out.")
            elif entry.is_symlink():
                notes.append(f"{shown_path(path)} is a link to a folder and was left out. Import that folder itself.")
            else:
                folders.append(path)
        waiting += reversed(folders)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, in order, at most one more than an import looks at; nothing if it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            return heapq.nsmallest(MOST_LOOKED_AT + 1, found, key=lambda entry: entry.name)
    except OSError:
        return []


def _refusal(path: Path, source: Path) -> str:
    """Why a file is left out, as the end of a sentence; empty for one that may be read."""
    if path.name.startswith("."):
        return "is a hidden file and was left out."
    if path.is_symlink() and not stands_under(path, source):
        return "is a link that leads out of the folder and was left out. Copy the file itself there."
    if reason := unreadable_by_name(path):
        return f"was left out: {reason}"
    return _unreadable(path)


def _unreadable(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError as error:
        return f"cannot be read ({error.strerror}) and was left out."
    if not stat.S_ISREG(facts.st_mode):
        return "is not an ordinary file and was left out."
    return "is larger than 2 MB and was left out. Split it." if facts.st_size > MOST_BYTES else ""
