"""Owns the layout on disk: `<root>/<track>/track.yaml` and `<NN-section>/<NN-chapter>.md`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.domain.content import StudyPath
from tutor.domain.errors import ContentError
from tutor.domain.text import visible
from tutor.library.fields import Field, read_fields
from tutor.library.front_matter import read_id, read_list, read_text, warn_of_unknown_keys
from tutor.library.problem import Faults, Problem
from tutor.library.reading import read_text as read_file
from tutor.library.reading import shown_path, stands_under

TRACK_FILE = "track.yaml"
_NUMBERED = re.compile(r"(\d{1,4})-(.+)")
_CHAPTER_NAME = re.compile(r"\d{1,4}-[a-z0-9]+(?:-[a-z0-9]+)*\.md")


@dataclass(frozen=True, slots=True)
class TrackFile:
    """What `track.yaml` says."""

    id: str
    title: str
    sections: tuple[tuple[str, str], ...]
    """Id and title of each section, in order."""
    paths: tuple[StudyPath, ...] = ()
    lines: tuple[int, ...] = ()
    """The line of each study path."""


@dataclass(frozen=True, slots=True)
class TrackFolder:
    """A track on disk, its chapters not yet read."""

    path: Path
    track: TrackFile
    """Sections that only exist as folders stand at the end."""
    chapters: tuple[tuple[str, Path], ...]
    """Section id and file of each chapter, in reading order."""


def find_tracks(root: Path, problems: list[Problem]) -> list[TrackFolder]:
    """The tracks in a folder, by name; what cannot be used is added to the problems. A missing folder holds none."""
    folders = []
    for path in _folders(root, root, problems):
        track = read_track(path, root, problems)
        if track is not None:
            folders.append(_survey(path, root, track, problems))
    return folders


def read_track(folder: Path, root: Path, problems: list[Problem]) -> TrackFile | None:
    """What the folder's `track.yaml` says; None once its fault is among the problems."""
    file = folder / TRACK_FILE
    faults = Faults(shown_path(file))
    try:
        if not file.exists():
            raise ContentError("is missing. Write it with `id:`, `title:` and `sections:`.", path=faults.path, line=1)
        track = parse_track(read_file(file, root=root), faults)
    except ContentError as error:
        faults.error(error.line, error.message)
        track = None
    problems.extend(faults.problems)
    return track


def parse_track(text: str, faults: Faults) -> TrackFile | None:
    """What the text of a `track.yaml` says; None when it names no track."""
    fields = read_fields(visible(text.removeprefix("\ufeff")), "the track", first_line=1, faults=faults)
    if fields is None:
        return None
    warn_of_unknown_keys(fields, ("id", "title", "sections", "paths"), "the track", faults)
    track_id = read_id(fields, "id", "the track", 1, faults)
    title = read_text(fields, "title", "the track", 1, faults)
    sections: dict[str, str] = {}
    for item in read_list(fields, "sections", '[{id: first, title: "First"}]', faults):
        if not isinstance(item.value, dict):
            faults.error(item.line, 'a section must be a mapping. Write {id: first, title: "First"}.')
            continue
        section_id = read_id(item.value, "id", "a section", item.line, faults)
        section_title = read_text(item.value, "title", "a section", item.line, faults)
        if section_id in sections:
            faults.error(item.line, f'section id "{section_id}" is already used. Give this section another.')
        elif section_id:
            sections[section_id] = section_title or section_id
    if not track_id:
        return None
    paths = [path for path in _paths(fields, track_id, faults) if path[0].id]
    return TrackFile(
        track_id,
        title or track_id,
        tuple(sections.items()),
        tuple(path for path, _ in paths),
        tuple(line for _, line in paths),
    )


def _paths(fields: Mapping[str, Field], track_id: str, faults: Faults) -> Iterator[tuple[StudyPath, int]]:
    """The study paths, each with its line."""
    for item in read_list(fields, "paths", '[{id: short, title: "Short", chapters: [first]}]', faults):
        if not isinstance(item.value, dict):
            faults.error(item.line, 'a path must be a mapping. Write {id: short, title: "Short", chapters: [first]}.')
            continue
        warn_of_unknown_keys(item.value, ("id", "title", "about", "chapters"), "a path", faults)
        path_id = read_id(item.value, "id", "a path", item.line, faults)
        title = read_text(item.value, "title", "a path", item.line, faults)
        about = item.value.get("about")
        names = [str(name.value) for name in read_list(item.value, "chapters", "[first, second]", faults)]
        chapters = tuple(name if "/" in name else f"{track_id}/{name}" for name in names)
        yield StudyPath(path_id or "", title or "", str(about.value) if about else "", chapters), item.line


def without_number(name: str) -> str:
    """`02-chunking` -> `chunking`."""
    found = _NUMBERED.fullmatch(name)
    return found[2] if found else name


def number_of(name: str) -> int:
    """The number that a name starts with; names without one come last."""
    found = _NUMBERED.fullmatch(name)
    return int(found[1]) if found else 10_000


def _survey(path: Path, root: Path, track: TrackFile, problems: list[Problem]) -> TrackFolder:
    found: dict[str, list[Path]] = {section_id: [] for section_id, _ in track.sections}
    titles = dict(track.sections)
    for folder in _folders(path, root, problems):
        section_id = without_number(folder.name)
        if section_id not in found:
            mend = f'Add {{id: {section_id}, title: "..."}} to its sections, or rename the folder'
            message = f'the folder "{shown_path(folder)}" is no section of this track. {mend}.'
            problems.append(Problem(shown_path(path / TRACK_FILE), 1, message.replace("\n", " ")))
            found[section_id], titles[section_id] = [], visible(section_id).replace("-", " ").capitalize()
        found[section_id].extend(_chapter_files(folder, problems))
    chapters = tuple((section_id, file) for section_id, files in found.items() for file in files)
    return TrackFolder(path, replace(track, sections=tuple(titles.items())), chapters)


def _folders(parent: Path, root: Path, problems: list[Problem]) -> list[Path]:
    folders = []
    for path in _ordered(parent, problems):
        if not path.is_dir():
            continue
        if path.is_symlink() and not stands_under(path, root):
            message = "a symbolic link leads out of this folder. Put the folder itself here."
            problems.append(Problem(shown_path(path), 1, message))
        else:
            folders.append(path)
    return folders


def _chapter_files(folder: Path, problems: list[Problem]) -> list[Path]:
    files = []
    for path in _ordered(folder, problems):
        if _CHAPTER_NAME.fullmatch(path.name):
            files.append(path)
        elif path.suffix.lower() in (".md", ".markdown"):
            message = "is not read as a chapter, because of its name. Rename it like `03-chunking.md`."
            problems.append(Problem(shown_path(path), 1, message, "warning"))
    return files


def _ordered(folder: Path, problems: list[Problem]) -> Iterable[Path]:
    """What stands in a folder: numbered names by number, then the others; hidden ones are left out."""
    try:
        names = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(Problem(shown_path(folder), 1, f"cannot be read ({error.strerror}). Mend its permissions."))
        return []
    return sorted(names, key=lambda path: (number_of(path.name), path.name))
