"""Owns the prose of a chapter's body as a reader meets it: paragraphs and statements with their lines."""

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.domain.text import sentence_spans
from tutor.library.lines import Line, number_lines
from tutor.library.parser import Reading, is_questions_heading
from tutor.library.problem import Faults


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines without a blank between them, outside code, headings and key questions."""

    line: int
    heading: str
    """The `##` heading above it."""
    heading_line: int
    text: str
    """As written."""
    table: bool
    """Rows of a table."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, a list item or a row of a table."""

    line: int
    text: str


def body_lines(reading: Reading) -> list[Line]:
    """Every line under the front matter, key questions too."""
    markdown = reading.chapter.markdown if reading.chapter else ""
    return number_lines(markdown.split("\n"), reading.body_line, Faults(""))


def paragraphs(reading: Reading) -> Iterator[Paragraph]:
    """The paragraphs of the body in order; a list is one paragraph."""
    heading, heading_line, asked = "", reading.body_line, False
    held: list[Line] = []
    for line in body_lines(reading):
        ends = line.fenced or line.level or not line.text.strip()
        starts_other_kind = held and _in_table(line) != _in_table(held[-1])
        if held and (ends or starts_other_kind):
            yield _paragraph(held, heading, heading_line)
            held = []
        if line.level and line.level <= 2:
            heading, heading_line, asked = line.heading, line.number, is_questions_heading(line)
        elif not ends and not asked:
            held.append(line)
    if held:
        yield _paragraph(held, heading, heading_line)


def statements(reading: Reading) -> Iterator[Statement]:
    """What the body states, piece by piece."""
    for paragraph in paragraphs(reading):
        if paragraph.table:
            for offset, row in enumerate(paragraph.text.split("\n")):
                yield Statement(paragraph.line + offset, " ".join(row.replace("|", " ").split()))
        else:
            for start, end in sentence_spans(paragraph.text):
                yield Statement(paragraph.line + paragraph.text.count("\n", 0, start), paragraph.text[start:end])


def _in_table(line: Line) -> bool:
    return line.text.lstrip().startswith("|")


def _paragraph(lines: list[Line], heading: str, heading_line: int) -> Paragraph:
    text = "\n".join(line.text for line in lines)
    return Paragraph(lines[0].number, heading, heading_line, text, _in_table(lines[0]))
