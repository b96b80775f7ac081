"""Owns `tutor check`: everything an author should mend, in every file, in a stable order."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tutor.domain.content import Chapter
from tutor.domain.text import normalise
from tutor.library.across import check_across
from tutor.library.catalogue import survey
from tutor.library.parser import Reading
from tutor.library.problem import Faults, Problem, Severity
from tutor.library.prose import body_lines
from tutor.library.rules import check_chapter
from tutor.library.slugs import slug
from tutor.library.support import Supports, check_support

__all__ = ["Problem", "Severity", "check_library"]

_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"(?<![!\\])\[[^\[\]]*\]\(<?([^)\s>]{1,200})>?(?:\s{1,9}[\"'(][^)]{0,200})?\)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def check_library(roots: Sequence[tuple[Path, bool]], *, supports: Supports | None = None) -> list[Problem]:
    """All problems of all chapter files under the roots, ordered by file and line.

    `supports` gives the cosine of a claim and the nearest of some sentences; without it, whether the body states a
    key point is judged by shared words.
    """
    found = survey(roots)
    chapters = [reading.chapter for reading in found.readings if reading.chapter is not None]
    problems = list(found.problems)
    named = _Names(chapters)
    gathered = {chapter.id: Faults(chapter.path) for chapter in chapters}
    check_across(found.readings, supports, gathered)
    for reading in found.readings:
        if reading.chapter is None:
            continue
        faults = gathered[reading.chapter.id]
        _check_prerequisites(reading, reading.chapter, named, faults)
        _check_links(reading, reading.chapter, named, faults)
        _check_aliases(reading, reading.chapter, named, faults)
        if reading.sound:
            check_chapter(reading, faults)
            check_support(reading, supports, faults)
    problems.extend(problem for faults in gathered.values() for problem in faults.problems)
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda problem: (problem.path, problem.line, problem.severity, problem.message))


class _Names:
    """What chapters can be called, broken ones too: a fault in a file makes no link to it wrong."""

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        self.by_id = {chapter.id: chapter for chapter in chapters}
        self.owners: dict[tuple[str, str], list[Chapter]] = {}
        """Chapters by track and by each name that finds them."""
        for chapter in chapters:
            for name in {normalise(called) for called in (chapter.slug, chapter.title, *chapter.aliases)}:
                self.owners.setdefault((chapter.track_id, name), []).append(chapter)


def _check_prerequisites(reading: Reading, chapter: Chapter, named: _Names, faults: Faults) -> None:
    line = reading.key_lines.get("prerequisites", 1)
    for wanted in chapter.prerequisites:
        if wanted == chapter.id:
            faults.error(line, "the chapter is its own prerequisite. Delete it from the list.")
        elif wanted not in named.by_id:
            faults.error(line, f'the prerequisite "{wanted}" does not exist. Correct the id or delete it.')


def _check_aliases(reading: Reading, chapter: Chapter, named: _Names, faults: Faults) -> None:
    line = reading.key_lines.get("aliases", 1)
    for alias in chapter.aliases:
        owners = named.owners[chapter.track_id, normalise(alias)]
        others = dict.fromkeys(other.id for other in owners if other.id != chapter.id)
        if others:
            faults.error(line, f'the alias "{alias}" also names {", ".join(others)}. Keep it on one chapter.')


def _check_links(reading: Reading, chapter: Chapter, named: _Names, faults: Faults) -> None:
    for line, target in _links(reading):
        name, _, anchor = target.partition("#")
        wanted = chapter.id if not name else name if "/" in name else f"{chapter.track_id}/{name}"
        there = named.by_id.get(wanted)
        if there is None:
            faults.error(line, f'the link to "{target}" leads to no chapter. Write the id of one, like `(chunking)`.')
        elif anchor and anchor not in _anchors(there):
            faults.error(line, f'the link to "{target}" leads to nothing in that chapter. Correct what follows `#`.')


def _links(reading: Reading) -> Iterator[tuple[int, str]]:
    """Line and target of each link that should lead to a chapter."""
    for line in body_lines(reading):
        if line.fenced or "](" not in line.text:
            continue
        for found in _LINK.finditer(_CODE.sub("", line.text)):
            if not _ELSEWHERE.match(found[1]):
                yield line.number, found[1]


def _anchors(chapter: Chapter) -> set[str]:
    headings = {slug(section.heading) for section in chapter.sections if section.heading}
    return headings | {question.id.partition("#")[2] for question in chapter.questions}
