"""Owns importing a chapter page saved as plain text from the web.

The page starts with the site, its navigation, the section, the title and a date, each on its line; then come
headings, paragraphs and bullets, and at the end `Key Questions` with `Q:` lines, each followed by its answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tutor.domain.content import BodySection
from tutor.domain.errors import ContentError
from tutor.domain.text import sentences
from tutor.library.importers.draft import HOME_TRACK, Draft, composed, literal, unmarked
from tutor.library.reading import shown_path
from tutor.library.slugs import slug

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})")
_NUMERIC = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_BULLET = re.compile(r"\s*[•◦▪·‣*–-]\s+(.*)")
_NUMBERED = re.compile(r"\s*(\d{1,2})[.)]\s+(.*)")
_QUESTION = re.compile(r"\s*Q\d{0,3}\s?:\s*(.*)")
_KEY_QUESTIONS = "key questions"
_MOST_HEADER_LINES = 12
_LONGEST_HEADING = (10, 120)
"""Words and characters."""


@dataclass(slots=True)
class _Page:
    """The page, gathered block by block."""

    sections: list[tuple[str, list[str]]] = field(default_factory=lambda: [("", [])])
    """Heading and Markdown blocks."""
    asked: list[tuple[str, list[str]]] = field(default_factory=list)
    """Question and the Markdown blocks of its answer."""
    answering: bool = False


def recognises(text: str) -> bool:
    """True for text with a date among its first lines, or with a `Key Questions` heading."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    dated = any(_day(line) for line in lines[1:_MOST_HEADER_LINES])
    return len(lines) > 1 and (dated or any(line.casefold() == _KEY_QUESTIONS for line in lines))


def read(text: str, file: Path) -> Draft:
    """The chapter. Raises ContentError when a question has no words or no answer."""
    blocks = _blocks(text)
    at = next((index for index, block in enumerate(blocks[:_MOST_HEADER_LINES]) if _day(block[0].strip())), None)
    header = [block[0].strip() for block in blocks[: 1 if at is None else at]]
    body = blocks[1 if at is None else at + 1 :]
    track, section, title = _names(header, file)
    page = _gather(body)
    _check(page, text, file)
    sections = []
    for heading, texts in page.sections:
        name = unmarked(re.sub(r"(#+)$", r"\\\1", heading))
        if heading or texts:
            markdown = "\n\n".join(texts)
            sections.append(BodySection(name, 2 if name else 1, (name,) if name else (), markdown, 0))
    asked = [(unmarked(question), "\n\n".join(answer)) for question, answer in page.asked]
    draft = composed(track, section, title, sections, asked)
    updated = None if at is None else _day(blocks[at][0].strip())
    return replace(draft, chapter=replace(draft.chapter, updated=updated))


def _check(page: _Page, text: str, file: Path) -> None:
    """See that every question has words and an answer. Raises ContentError."""
    for question, answer in page.asked:
        if question and sentences("\n\n".join(answer)):
            continue
        lines = ((n, " ".join(line.split())) for n, line in enumerate(text.split("\n"), 1))
        number = next(n for n, line in lines if (found := _QUESTION.match(line)) and found[1] == question)
        fault = "answer. Write it under the question." if question else "text. Write it after `Q:`."
        raise ContentError(f"question has no {fault}", path=shown_path(file), line=number)


def _names(header: Sequence[str], file: Path) -> tuple[tuple[str, str], tuple[str, str], str]:
    """Track, section and title from the lines above the date: first the site, last the title, before it the section."""
    title = unmarked(header[-1]) if header else file.stem
    track = (slug(header[0]), header[0]) if len(header) > 1 else HOME_TRACK
    section = (slug(header[-2]), header[-2]) if len(header) > 2 else ("pages", "Pages")
    return track, section, title


def _blocks(text: str) -> list[list[str]]:
    """Runs of lines that are not blank."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            blocks[-1].append(line.rstrip())
        elif blocks[-1]:
            blocks.append([])
    return blocks if blocks[-1] else blocks[:-1]


def _gather(blocks: Sequence[list[str]]) -> _Page:
    page = _Page()
    introduced = False
    for block in blocks:
        first = block[0].strip()
        question = _QUESTION.match(first)
        if len(block) == 1 and first.rstrip(":").casefold() == _KEY_QUESTIONS:
            page.answering = True
        elif question:
            page.asked.append((" ".join(question[1].split()), [_markdown(block[1:])] if block[1:] else []))
            page.answering = True
        elif not introduced and _is_heading(block):
            page.sections.append((" ".join(first.split()), []))
            page.answering = False
        elif page.answering and page.asked:
            page.asked[-1][1].append(_markdown(block))
        else:
            page.sections[-1][1].append(_markdown(block))
        introduced = block[-1].rstrip().endswith(":")
    return page


def _is_heading(block: Sequence[str]) -> bool:
    """A short line by itself that begins with a capital or a digit and does not end like a sentence or a list item.

    What follows a colon is never one: there a page quotes.
    """
    line = block[0].strip()
    return (
        len(block) == 1
        and not _BULLET.match(block[0])
        and not _NUMBERED.match(block[0])
        and (line[0].isupper() or line[0].isdigit())
        and line[-1] not in ".:;,!"
        and len(line.split()) <= _LONGEST_HEADING[0]
        and len(line) <= _LONGEST_HEADING[1]
    )


def _markdown(block: Sequence[str]) -> str:
    """A block as Markdown: bullets become list items, anything else stays a paragraph of its own lines."""
    parts: list[tuple[str, list[str]]] = []
    for line in block:
        bullet, numbered = _BULLET.match(line), _NUMBERED.match(line)
        if bullet or numbered:
            item = f"- {_prose(bullet[1])}" if bullet else f"{numbered[1]}. {_prose(numbered[2])}" if numbered else ""
            kind = "list"
        elif parts and parts[-1][0] == "list" and line[:1].isspace():
            kind, item = "list", f"  {_prose(line.strip())}"
        else:
            kind, item = "prose", _prose(line.strip())
        if not parts or parts[-1][0] != kind:
            parts.append((kind, []))
        parts[-1][1].append(item)
    return "\n\n".join("\n".join(lines) for _, lines in parts)


def _prose(line: str) -> str:
    """A line of plain text as Markdown that shows the same characters."""
    return unmarked(re.sub(r"<(?=[A-Za-z/!?])", r"\\<", literal(line)))


def _day(line: str) -> date | None:
    """The date that a line consists of: `Mar 30, 2026`, `30 March 2026` or `2026-03-30`."""
    if found := _MONTH_FIRST.fullmatch(line):
        month, day, year = found[1], found[2], found[3]
    elif found := _DAY_FIRST.fullmatch(line):
        day, month, year = found[1], found[2], found[3]
    elif found := _NUMERIC.fullmatch(line):
        year, month, day = found[1], found[2], found[3]
    else:
        return None
    number = int(month) if month.isdigit() else _month(month)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _month(name: str) -> int:
    """1 to 12, or 0 for a word that is no month."""
    return next((number for number, start in enumerate(_MONTHS, 1) if name.lower().startswith(start)), 0)
