"""Owns loading all chapters there are: what can be read becomes the Library, the rest becomes problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.domain.content import Chapter, Library, Section, StudyPath, Track
from tutor.domain.errors import ContentError
from tutor.library.finding import find_chapter, find_question
from tutor.library.parser import Reading, examine_chapter
from tutor.library.problem import Problem
from tutor.library.reading import read_text, shown_path
from tutor.library.tracks import TRACK_FILE, TrackFolder, find_tracks

__all__ = ["Loaded", "Survey", "find_chapter", "find_question", "load_library", "survey"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The library, and what had to be left out of it."""

    library: Library
    problems: tuple[Problem, ...]
    """Errors only; `tutor check` lists the warnings too."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that was read, broken chapters too."""

    library: Library
    """Sound chapters only."""
    readings: tuple[Reading, ...]
    """Every chapter file that could be opened, in reading order."""
    problems: tuple[Problem, ...]
    """All errors and warnings of reading."""


def load_library(roots: Sequence[tuple[Path, bool]]) -> Loaded:
    """Load the tracks under each root, given with whether it is the shipped one.

    A broken chapter is a problem and is left out. Of two tracks or chapters with one id the first is kept.
    """
    found = survey(roots)
    return Loaded(found.library, tuple(problem for problem in found.problems if problem.severity == "error"))


def survey(roots: Sequence[tuple[Path, bool]]) -> Survey:
    """Read every chapter file under the roots, shipped roots first."""
    problems: list[Problem] = []
    readings: list[Reading] = []
    tracks: dict[str, Track] = {}
    for folder, root, shipped in _track_folders(roots, problems):
        track_id = folder.track.id
        if track_id in tracks:
            message = f'track id "{track_id}" is already used by another track. Give this one another id.'
            problems.append(Problem(shown_path(folder.path / TRACK_FILE), 1, message))
            continue
        sections: dict[str, list[Chapter]] = {section_id: [] for section_id, _ in folder.track.sections}
        for chapter in _sound_chapters(folder, root, problems, readings):
            sections[chapter.section_id].append(chapter)
        named = (Section(name, title, tuple(sections[name])) for name, title in folder.track.sections)
        track = Track(track_id, folder.track.title, tuple(named), shipped)
        tracks[track_id] = replace(track, paths=tuple(_sound_paths(folder, track, problems)))
    return Survey(Library(tuple(tracks.values())), tuple(readings), tuple(problems))


def _track_folders(
    roots: Sequence[tuple[Path, bool]], problems: list[Problem]
) -> Iterator[tuple[TrackFolder, Path, bool]]:
    for root, shipped in sorted(roots, key=lambda pair: not pair[1]):
        folders = find_tracks(root, problems)
        if shipped and not folders:
            problems.append(Problem(shown_path(root), 1, "the shipped chapters are missing. Install the tutor again."))
        for folder in folders:
            yield folder, root, shipped


def _sound_paths(folder: TrackFolder, track: Track, problems: list[Problem]) -> Iterator[StudyPath]:
    """The study paths without the chapters that could not be read, each of which is a problem."""
    known = {chapter.id for section in track.sections for chapter in section.chapters}
    for path, line in zip(folder.track.paths, folder.track.lines, strict=True):
        for name in path.chapters:
            if name not in known:
                message = f'the path "{path.id}" leads to "{name}", which is no chapter. Correct the id or delete it.'
                problems.append(Problem(shown_path(folder.path / TRACK_FILE), line, message))
        yield replace(path, chapters=tuple(name for name in path.chapters if name in known))


def _sound_chapters(
    folder: TrackFolder, root: Path, problems: list[Problem], readings: list[Reading]
) -> Iterator[Chapter]:
    first_file: dict[str, str] = {}
    for section_id, file in folder.chapters:
        shown = shown_path(file)
        try:
            text = read_text(file, root=root)
        except ContentError as error:
            problems.append(Problem(error.path, error.line, error.message))
            continue
        reading = examine_chapter(text, path=shown, track_id=folder.track.id, section_id=section_id)
        readings.append(reading)
        problems.extend(reading.problems)
        if not reading.sound or reading.chapter is None:
            continue
        if reading.chapter.id in first_file:
            other = first_file[reading.chapter.id]
            message = f'chapter id "{reading.chapter.slug}" is already used by {other}. Give this chapter another id.'
            problems.append(Problem(shown, reading.key_lines["id"], message))
            continue
        first_file[reading.chapter.id] = shown
        yield reading.chapter
