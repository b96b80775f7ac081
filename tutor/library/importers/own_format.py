"""Owns importing a chapter that is already in our format: it is checked, and finds its track by the files around it."""

import re
from pathlib import Path

from tutor.library.front_matter import bordered
from tutor.library.importers.draft import HOME_TRACK, Draft
from tutor.library.parser import parse_chapter
from tutor.library.problem import Problem
from tutor.library.reading import shown_path
from tutor.library.slugs import is_id
from tutor.library.tracks import TRACK_FILE, read_track, without_number

_SECTION = ("chapters", "Chapters")
_ID = re.compile(r"id[ \t]*:")


def recognises(text: str) -> bool:
    """True for text that starts with front matter, unless that has no id and so is another program's."""
    texts = text.split("\n")
    size = bordered(texts)
    return text.startswith("---") and (size is None or any(map(_ID.match, texts[:size])))


def read(text: str, file: Path) -> Draft:
    """The chapter, in the track and section of its folders when there is a `track.yaml`. Raises ContentError."""
    track, section = _place(file)
    chapter = parse_chapter(text, path=shown_path(file), track_id=track[0], section_id=section[0])
    return Draft(track, section, chapter)


def _place(file: Path) -> tuple[tuple[str, str], tuple[str, str]]:
    folder = file.absolute().parent
    section_id = without_number(folder.name)
    if not is_id(section_id) or not (folder.parent / TRACK_FILE).is_file():
        return HOME_TRACK, _SECTION
    problems: list[Problem] = []
    track = read_track(folder.parent, folder.parent, problems)
    if track is None:
        return HOME_TRACK, _SECTION
    title = dict(track.sections).get(section_id, section_id.replace("-", " ").capitalize())
    return (track.id, track.title), (section_id, title)
