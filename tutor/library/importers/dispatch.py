"""Owns an import from end to end: which format a file has, and the report of what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tutor.domain.errors import ContentError, NotFound
from tutor.domain.text import visible
from tutor.library.importers import own_format, plain_notes, saved_page
from tutor.library.importers.draft import Draft
from tutor.library.importers.pack import place
from tutor.library.importers.sources import gather, unreadable_by_name
from tutor.library.problem import Problem
from tutor.library.reading import read_text, shown_path, stands_under
from tutor.library.roots import shipped_root
from tutor.library.tracks import find_tracks

Progress = Callable[[int, int, str], None]
"""How many files of how many are over, and what is being done."""
Recognises = Callable[[str], bool]
Reads = Callable[[str, Path], Draft]
_FORMATS: tuple[tuple[Recognises, Reads], ...] = (
    (own_format.recognises, own_format.read),
    (plain_notes.has_questions, plain_notes.read),
    (saved_page.recognises, saved_page.read),
    (plain_notes.has_headings, plain_notes.read),
)


def _silent(done: int, total: int, label: str) -> None:
    """For callers who show no progress."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    track_id: str
    """The track of the first chapter; empty when there was none."""
    chapter_ids: tuple[str, ...]
    """Every chapter the source holds, written or not, `track/chapter`."""
    written: tuple[Path, ...]
    """Chapter files written or replaced."""
    unchanged: int
    """Chapters that were there already, word for word."""
    notes: tuple[str, ...]
    """A sentence for each file left out, and for each chapter left alone."""


def import_source(source: Path, packs: Path, *, today: date, progress: Progress = _silent) -> ImportReport:
    """Import a file, or every readable file of a folder, into the packs.

    Importing again changes nothing, and a file edited since is left alone. Raises NotFound for a missing source and
    ContentError for a single file that cannot be imported; in a folder such a file is a note and the rest goes on.
    """
    if source.exists() and packs.exists() and stands_under(source, packs):
        raise NotFound(f'"{shown_path(source)}" is among your packs already. Import a file from somewhere else.')
    files, notes = gather(source)
    taken = _shipped_ids()
    ids: dict[str, None] = {}
    written: list[Path] = []
    unchanged = 0
    for number, file in enumerate(files):
        if len(files) > 1:
            progress(number, len(files), "importing")
        try:
            draft = _read(file)
            if draft.track[0] in taken:
                draft = draft.in_track(f"my-{draft.track[0]}")
            placed = place(draft, visible(file.name), packs, today)
        except ContentError as error:
            if not source.is_dir():
                raise
            notes.append(f"{error} The file was left out.")
            continue
        ids.setdefault(placed.chapter_id)
        written += [placed.file] if placed.written else []
        unchanged += not placed.written and not placed.note
        notes += [placed.note] if placed.note else []
    track_id = next(iter(ids), "").partition("/")[0]
    return ImportReport(track_id, tuple(ids), tuple(written), unchanged, tuple(notes))


def _read(file: Path) -> Draft:
    shown = shown_path(file)
    if reason := unreadable_by_name(file):
        raise ContentError(f"cannot be imported: {reason}", path=shown, line=1)
    raw = read_text(file)
    if "\0" in raw:
        raise ContentError("is not text. Save it as plain text first.", path=shown, line=1)
    text = visible(raw.removeprefix("\ufeff"))
    for recognises, read in _FORMATS:
        if recognises(text):
            return read(text, file)
    mend = "Write a heading, or `Q:` and `A:` lines, or save a chapter page with its date and Key Questions"
    raise ContentError(f"is in no format that can be imported. {mend}.", path=shown, line=1)


def _shipped_ids() -> frozenset[str]:
    """Track ids that packs may not take."""
    problems: list[Problem] = []
    return frozenset(folder.track.id for folder in find_tracks(shipped_root(), problems))
