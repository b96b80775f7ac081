"""Owns importing Markdown notes: headings and text, `Q:` and `A:` lines as key questions, an optional `# Title`."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tutor.domain.content import BodySection
from tutor.domain.text import sentences
from tutor.library.front_matter import bordered
from tutor.library.importers.draft import HOME_TRACK, Draft, composed, literal, unmarked
from tutor.library.lines import Line, joined, number_lines
from tutor.library.problem import Faults
from tutor.library.reading import shown_path

_QUESTIONS, _NOTES = ("question-lists", "Question lists"), ("notes", "Notes")
_TITLE = re.compile(r"title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$")
_START = re.compile(r"\s{0,3}(?:#{1,6} +|[-*] +|>\s*)?\*{0,2}([QA])\d{0,3} ?:\*{0,2}(?:\s+|$)(.*)", re.IGNORECASE)


@dataclass(slots=True)
class _Pair:
    line: int
    question: str
    answer: list[Line] | None = None
    """None until the `A:` line comes."""


@dataclass(slots=True)
class _List:
    """What the file holds, gathered line by line."""

    title: str = ""
    pairs: list[_Pair] = field(default_factory=list)
    body: list[tuple[int, str, list[Line]]] = field(default_factory=list)
    """Level, heading and lines of what belongs to no question."""
    in_body: bool = True


def has_headings(text: str) -> bool:
    """True for text with a Markdown heading."""
    return any(line.level and line.heading for line in number_lines(text.split("\n"), 1, Faults("")))


def has_questions(text: str) -> bool:
    """True for text with both a `Q:` and an `A:` line."""
    kinds = {found[1].upper() for line in text.split("\n") if (found := _START.match(line))}
    return kinds == {"Q", "A"}


def read(text: str, file: Path) -> Draft:
    """The chapter; of other programs' front matter the title is kept.

    Raises ContentError at a question or an answer that lacks the other.
    """
    faults = Faults(shown_path(file))
    texts = text.split("\n")
    above = bordered(texts) or 0
    titles = (found[1] for line in texts[:above] if (found := _TITLE.match(line)))
    gathered = _List(next(titles, ""))
    for line in number_lines(texts[above:], above + 1, faults):
        _take(gathered, line, faults)
    for pair in gathered.pairs:
        if not pair.question:
            faults.error(pair.line, "question has no text. Write it after `Q:`.")
        if pair.answer is None or not sentences(joined(pair.answer)):
            faults.error(pair.line, "question has no answer. Write it under the question, after `A:`.")
    fault = faults.first_error()
    if fault is not None:
        raise fault
    title = gathered.title or file.stem.replace("-", " ").replace("_", " ").strip().capitalize() or "Questions"
    asked = [(unmarked(pair.question), unmarked(joined(pair.answer or []))) for pair in gathered.pairs]
    section = _QUESTIONS if asked else _NOTES
    return composed(HOME_TRACK, section, unmarked(title), _sections(gathered), asked)


def _take(gathered: _List, line: Line, faults: Faults) -> None:
    found = None if line.fenced else _START.match(line.text)
    if found and found[1].upper() == "Q":
        gathered.pairs.append(_Pair(line.number, " ".join(found[2].split())))
        gathered.in_body = False
    elif found:
        pair = gathered.pairs[-1] if gathered.pairs else None
        if pair is None or pair.answer is not None or gathered.in_body:
            faults.error(line.number, "this answer has no question. Write a `Q:` line above it.")
        else:
            pair.answer = [Line(line.number, literal(found[2].strip()))]
    elif line.level:
        _take_heading(gathered, line)
    elif gathered.in_body:
        if not gathered.body:
            gathered.body.append((1, "", []))
        gathered.body[-1][2].append(line)
    else:
        _go_on(gathered.pairs[-1], line)


def _take_heading(gathered: _List, line: Line) -> None:
    if not line.heading:
        return
    if line.level == 1 and not gathered.title and not gathered.pairs:
        gathered.title = line.heading
        return
    gathered.body.append((max(line.level, 2), line.heading, []))
    gathered.in_body = True


def _go_on(pair: _Pair, line: Line) -> None:
    if pair.answer is not None:
        pair.answer.append(line)
    elif line.text.strip():
        pair.question = f"{pair.question} {' '.join(line.text.split())}".strip()


def _sections(gathered: _List) -> list[BodySection]:
    """What belongs to no question; a heading that only grouped questions keeps its place as an empty section."""
    sections = []
    for level, heading, lines in gathered.body:
        text = unmarked(joined(lines))
        if heading or text:
            name = unmarked(heading) + (" list" if heading.rstrip(":").casefold() == "key questions" else "")
            sections.append(BodySection(name, level, (name,) if name else (), text, 0))
    return sections
