"""Owns the learner's packs on disk: where an imported chapter goes, and that an edited file is never overwritten."""

import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tutor.domain.content import digest
from tutor.domain.errors import ContentError
from tutor.library.importers.draft import Draft
from tutor.library.parser import parse_chapter
from tutor.library.problem import Problem
from tutor.library.reading import read_text, shown_path
from tutor.library.tracks import TRACK_FILE, number_of, read_track, without_number
from tutor.library.writer import Imported, chapter_markdown, track_yaml

_IMPORTED = re.compile(r'^imported: \{from: (".*"), on: [0-9-]{10}, hash: ([0-9a-f]{12})\}\n', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one chapter."""

    chapter_id: str
    file: Path
    written: bool
    note: str = ""
    """Why nothing was written, when that is not simply because nothing changed."""


def place(draft: Draft, source_name: str, packs: Path, today: date) -> Placed:
    """Write a chapter into the packs, unless it is there already. Raises ContentError when it cannot be done.

    A file that differs from what an import wrote there belongs to the learner and is left alone.
    """
    folder = packs / draft.track[0]
    chapter = draft.chapter
    origin = Imported(source_name, today, digest(chapter_markdown(chapter)))
    text = chapter_markdown(chapter, origin)
    file = _existing(folder, chapter.slug)
    if file is not None:
        old = read_text(file, root=packs)
        note = _objection(old, origin, file)
        if note or _stored_hash(old) == origin.hash:
            return Placed(chapter.id, file, written=False, note=note)
    _check(text, draft, source_name)
    notes = _declare(draft, folder, packs)
    file = file or _new_file(folder, draft)
    write_whole(file, text)
    return Placed(chapter.id, file, written=True, note=notes)


def _check(text: str, draft: Draft, source_name: str) -> None:
    """See that what would be written can be read. Raises ContentError, which names the source: its lines are others."""
    try:
        parse_chapter(text, path=source_name, track_id=draft.track[0], section_id=draft.section[0])
    except ContentError as error:
        raise ContentError(error.message, path=source_name, line=1) from None


def write_whole(file: Path, text: str) -> None:
    """Write a file that is there completely or not at all, readable by its owner only. Raises ContentError."""
    missing = [folder for folder in (file.parent, *file.parent.parents) if not folder.exists()]
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(text.encode("utf-8"))
                opened.flush()
                os.fsync(descriptor)
            os.replace(name, file)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        with suppress(OSError):
            for folder in missing:
                folder.rmdir()
        message = f"cannot be written ({error.strerror}). Make room or mend the permissions."
        raise ContentError(message, path=shown_path(file), line=1) from None


def _imported_line(text: str) -> re.Match[str] | None:
    """The line of front matter that an import left, with the quoted source and the hash as its groups."""
    return _IMPORTED.search(text, 0, text.find("\n---\n") + 1)


def _stored_hash(text: str) -> str:
    found = _imported_line(text)
    return found[2] if found else ""


def _objection(old: str, new: Imported, file: Path) -> str:
    """Why the file there may not be replaced; empty when it is as an import of this source left it."""
    found = _imported_line(old)
    shown = shown_path(file)
    if not found:
        return f"{shown} was not written by an import, so it was left alone. Rename one of the two chapters."
    if digest(old[: found.start()] + old[found.end() :]) != found[2]:
        return f"{shown} was edited since it was imported, so it was left alone. Delete it to import it afresh."
    if found[2] != new.hash and f"{{from: {found[1]}," not in new.line:
        return f"{shown} was imported from {found[1]}, so it was left alone. Give one of the two another title."
    return ""


def _existing(folder: Path, chapter_slug: str) -> Path | None:
    """The chapter's file in whatever section and under whatever number the learner keeps it. Raises ContentError."""
    try:
        return min(
            (path for path in folder.glob("*/*.md") if without_number(path.name) == f"{chapter_slug}.md"), default=None
        )
    except OSError as error:
        message = f"cannot be read ({error.strerror}). Mend its permissions."
        raise ContentError(message, path=shown_path(folder), line=1) from None


def _new_file(folder: Path, draft: Draft) -> Path:
    section_id = draft.section[0]
    folders = [path for path in folder.iterdir() if path.is_dir()]
    section = next((path for path in sorted(folders) if without_number(path.name) == section_id), None)
    if section is None:
        section = folder / f"{_next_number(folders):02d}-{section_id}"
    files = list(section.glob("*.md")) if section.is_dir() else []
    return section / f"{_next_number(files):02d}-{draft.chapter.slug}.md"


def _next_number(paths: list[Path]) -> int:
    return 1 + max((number_of(path.name) for path in paths if path.name[0].isdigit()), default=0)


def _declare(draft: Draft, folder: Path, packs: Path) -> str:
    """See that `track.yaml` names the section; gives a note where the learner's own file has to be left alone."""
    file = folder / TRACK_FILE
    track_id, section = draft.track[0], draft.section
    if not file.exists():
        write_whole(file, track_yaml(*draft.track, [section]))
        return ""
    problems: list[Problem] = []
    track = read_track(folder, packs, problems)
    if track is None:
        raise ContentError(problems[0].message, path=problems[0].path, line=problems[0].line)
    if track.id != track_id:
        message = f'the id here is "{track.id}", but this folder is for "{track_id}". Rename the folder or the id.'
        raise ContentError(message, path=shown_path(file), line=1)
    if section[0] in dict(track.sections):
        return ""
    if read_text(file) != track_yaml(track.id, track.title, track.sections):
        mend = f'Add {{id: {section[0]}, title: "{section[1]}"}} to its sections'
        return f"{shown_path(file)} was edited, so it was left alone. {mend}."
    write_whole(file, track_yaml(track.id, track.title, [*track.sections, section]))
    return ""
