"""Owns reading a chapter file: text in, Chapter out, and every fault named with its line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tutor.domain.content import BodySection, Chapter
from tutor.domain.text import visible
from tutor.library.front_matter import FrontMatter, read_front_matter, split_front_matter
from tutor.library.lines import Line, joined, number_lines
from tutor.library.problem import Faults, Problem
from tutor.library.questions import read_questions

QUESTIONS_HEADING = "Key questions"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one file."""

    chapter: Chapter | None
    """As much as could be understood; None without a usable front matter."""
    problems: tuple[Problem, ...]
    body_line: int
    """The line the chapter's Markdown starts on, from 1."""
    key_lines: dict[str, int]
    """The line of each front matter key."""

    @property
    def sound(self) -> bool:
        """True when nothing keeps the file from being a chapter."""
        return self.chapter is not None and all(problem.severity != "error" for problem in self.problems)


def parse_chapter(text: str, *, path: str, track_id: str, section_id: str) -> Chapter:
    """The chapter that a file holds. Raises ContentError for the first fault in the file."""
    faults = Faults(path)
    chapter = _read(text, faults, track_id, section_id).chapter
    fault = faults.first_error()
    if fault is not None:
        raise fault
    assert chapter is not None
    return chapter


def examine_chapter(text: str, *, path: str, track_id: str, section_id: str) -> Reading:
    """All that is wrong with a file, and what could be read of it. Never raises."""
    return _read(text, Faults(path), track_id, section_id)


def _read(text: str, faults: Faults, track_id: str, section_id: str) -> Reading:
    texts = visible(text.removeprefix("\ufeff")).split("\n")
    size = split_front_matter(texts, faults)
    front = read_front_matter(texts[1 : size - 1], faults) if size else None
    if size is None or front is None:
        return Reading(None, tuple(faults.problems), 1, {})
    lines = number_lines(texts[size:], size + 1, faults)
    body, asked, heading = _divide(lines, faults)
    chapter_id = f"{track_id}/{front.slug}"
    chapter = Chapter(
        id=chapter_id,
        title=front.title,
        section_id=section_id,
        sections=_answering(_sections(body), front, faults),
        questions=read_questions(asked, heading, chapter_id, faults) if heading else (),
        markdown="\n".join(texts[size:]),
        level=front.level,
        weight=front.weight,
        updated=front.updated,
        prerequisites=_full_ids(front, track_id),
        aliases=front.aliases,
        beyond=front.beyond,
        sources=front.sources,
        path=faults.path,
    )
    return Reading(chapter, tuple(faults.problems), size + 1, dict(front.lines))


def _full_ids(front: FrontMatter, track_id: str) -> tuple[str, ...]:
    return tuple(name if "/" in name else f"{track_id}/{name}" for name in front.prerequisites)


def _divide(lines: Sequence[Line], faults: Faults) -> tuple[list[Line], list[Line], int]:
    """The body's lines, the lines under `## Key questions`, and that heading's line number (0: there is none)."""
    body: list[Line] = []
    asked: list[Line] = []
    heading, inside = 0, False
    for line in lines:
        if line.level == 1:
            faults.error(line.number, "a heading with one `#` is the chapter's title, kept in front matter. Use `##`.")
        if line.level and not line.heading:
            faults.error(line.number, "heading has no text. Write it after the `#` marks, or delete them.")
        if line.level in (1, 2):
            inside = is_questions_heading(line)
            if inside and heading:
                faults.error(line.number, f"key questions already start on line {heading}. Move these there.")
            elif inside:
                heading = line.number
                continue
        (asked if inside else body).append(line)
    return body, asked, heading


def is_questions_heading(line: Line) -> bool:
    """True for the line that opens the key questions."""
    return line.level == 2 and line.heading.rstrip(":").casefold() == QUESTIONS_HEADING.casefold()


def _answering(sections: tuple[BodySection, ...], front: FrontMatter, faults: Faults) -> tuple[BodySection, ...]:
    """The sections with the questions that the front matter says they answer."""
    names = {section: (section.heading, " > ".join(section.path)) for section in sections}
    for heading in front.answers:
        if not any(heading in both for both in names.values()):
            line = front.lines["answers"]
            faults.warning(line, f'answers names "{heading[:80]}", which is no heading here. Copy the heading exactly.')
    return tuple(
        replace(
            section,
            answers=tuple(q for heading in dict.fromkeys(names[section]) for q in front.answers.get(heading, ())),
        )
        for section in sections
    )


def _sections(lines: Sequence[Line]) -> tuple[BodySection, ...]:
    sections: list[BodySection] = []
    starts = [index for index, line in enumerate(lines) if line.level]
    opening = lines[: starts[0] if starts else len(lines)]
    if text := joined(opening):
        first = next(line.number for line in opening if line.text.strip())
        sections.append(BodySection("", 1, (), text, first))
    above: list[tuple[int, str]] = []
    for start, end in pairwise([*starts, len(lines)]):
        head = lines[start]
        above = [(level, heading) for level, heading in above if level < head.level]
        above.append((head.level, head.heading))
        path = tuple(heading for _, heading in above)
        sections.append(BodySection(head.heading, head.level, path, joined(lines[start + 1 : end]), head.number))
    return tuple(sections)
