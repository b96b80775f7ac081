"""Owns noticing which chapter files changed since they were indexed: by time and size, then by what they hold.

With nothing changed no file is opened. An edited, added, removed or renamed chapter is read alone; whenever it is not
certain what a change means for other chapters, all of them are read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tutor

if TYPE_CHECKING:
    from tutor.domain.passage import Passage

Roots = Sequence[tuple[Path, bool]]
Sources = dict[str, list[object]]
"""By path: time in nanoseconds, size, SHA-256, and the id of the chapter or track in it, empty for none."""
_CHAPTER = re.compile(r"\d{1,4}-[a-z0-9]+(?:-[a-z0-9]+)*\.md")
_READERS = ("domain", "library", "retrieval")
"""Rooms of the program that decide which passages come of a chapter: a newer program reads everything again."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What is to be indexed."""

    passages: list[Passage]
    chapters: frozenset[str] | None
    """The chapters whose passages these now are; None for all there are."""
    sources: Sources
    """For the next look."""


def changed_since(known: Mapping[str, object], roots: Roots) -> Changed | None:
    """What changed since the sources were as `known`; None when nothing did."""
    seen = stamps(roots)
    before = {path: list(entry) for path, entry in known.items() if isinstance(entry, list) and len(entry) == 4}
    if {path: entry[:2] for path, entry in before.items()} == seen:
        return None
    return _some(before, seen) or _all(seen, roots)


def everything(roots: Roots) -> Changed:
    """All chapters, as for an index that is made afresh."""
    return _all(stamps(roots), roots)


def _all(seen: Mapping[str, list[int]], roots: Roots) -> Changed:
    from tutor.library.catalogue import load_library
    from tutor.library.reading import shown_path
    from tutor.retrieval.passages import to_index

    library = load_library(roots).library
    chapters = {chapter.path: chapter for chapter in library.chapters()}
    folders = {Path(chapter.path).parent.parent: chapter.track_id for chapter in chapters.values()}
    sources: Sources = {}
    for path, stamp in seen.items():
        name, file = "", Path(path)
        if file.suffix == ".md" and (found := chapters.get(shown_path(file))):
            name = found.id
        elif file.suffix == ".yaml":
            name = folders.get(Path(shown_path(file)).parent, "")
        sources[path] = [*stamp, _sha256(file), name]
    passages = [passage for chapter in library.chapters() for passage in to_index(chapter)]
    return Changed(passages, None, sources)


def _some(before: Sources, seen: Mapping[str, list[int]]) -> Changed | None:
    """The changed chapters alone; None when others may be concerned."""
    touched = [path for path, stamp in seen.items() if path not in before or before[path][:2] != stamp]
    gone = {path: before[path] for path in before.keys() - seen.keys()}
    if not before or not all(_CHAPTER.fullmatch(Path(path).name) for path in (*touched, *gone)):
        return None
    sources: Sources = {path: [*seen[path], *entry[2:]] for path, entry in before.items() if path in seen}
    chapters, anew = {str(entry[3]) for entry in gone.values()}, {""}
    passages: list[Passage] = []
    for path in touched:
        digest = _sha256(Path(path))
        old = before.get(path) or next((entry for entry in gone.values() if entry[2] == digest), None)
        if old is None or old[2] != digest:
            name, found = _read(Path(path), _track(Path(path), before))
            chapters |= {str(old[3])} if old else set()
            anew.add(name)
            passages += found
            sources[path] = [*seen[path], digest, name]
        elif _track(Path(path), before) == str(old[3]).partition("/")[0]:
            sources[path] = [*seen[path], *old[2:]]
        else:
            return None
    names = [str(entry[3]) for path, entry in sources.items() if path.endswith(".md")]
    if len(set(names)) < len(names) or (chapters and "" in names):
        return None
    return Changed(passages, frozenset((chapters - set(names) | anew) - {""}), sources)


def _read(file: Path, track_id: str) -> tuple[str, list[Passage]]:
    """The id and passages of the chapter in a file; nothing when it is none."""
    from tutor.domain.errors import ContentError
    from tutor.library.parser import examine_chapter
    from tutor.library.reading import read_text, shown_path
    from tutor.retrieval.passages import to_index

    try:
        text = read_text(file, root=file.parent.parent.parent)
    except ContentError:
        return "", []
    reading = examine_chapter(text, path=shown_path(file), track_id=track_id, section_id="")
    if not track_id or not reading.sound or reading.chapter is None:
        return "", []
    return reading.chapter.id, to_index(reading.chapter)


def _track(file: Path, before: Sources) -> str:
    entry = before.get(str(file.parent.parent / "track.yaml"))
    return str(entry[3]) if entry else ""


def stamps(roots: Roots) -> dict[str, list[int]]:
    """Time and size of every file a chapter may come from, by path; no file is opened."""
    return {entry.path: [found.st_mtime_ns, found.st_size] for entry, found in _files(roots)}


def _files(roots: Roots) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    """Every file a chapter may come from, and every file of the program that says how."""
    folders = [section for root, _ in roots for track in _folders(root) for section in _folders(track.path)]
    tracks = [track for root, _ in roots for track in _folders(root)]
    rooms = [folder for room in _READERS for folder, _, _ in os.walk(Path(tutor.__file__).parent / room)]
    named = [(folder.path, ".md") for folder in folders] + [(track.path, "track.yaml") for track in tracks]
    for folder, ending in (*named, *((room, ".py") for room in rooms)):
        for entry in _entries(folder):
            if entry.name.endswith(ending):
                with contextlib.suppress(OSError):
                    found = entry.stat()
                    if stat.S_ISREG(found.st_mode):  # opening a named pipe would wait for ever
                        yield entry, found


def _folders(parent: Path | str) -> list[os.DirEntry[str]]:
    return [entry for entry in _entries(parent) if entry.is_dir()]


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        return [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
    except OSError:
        return []


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
