"""Owns writing a chapter file: what the parser reads back is the chapter that was written."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tutor.domain.content import BodySection, Chapter, KeyPoint, KeyQuestion, Source

_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ()/.'-]*[A-Za-z0-9().])?")
_UNPRINTABLE_IN_YAML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Imported:
    """Where an imported file came from, so that an edit by the learner can be told from the import itself."""

    source: str
    """Name of the file it was read from."""
    day: date
    hash: str
    """Digest of the file as written, without the line that holds this."""

    @property
    def line(self) -> str:
        """Its line of front matter."""
        return f"imported: {{from: {_quoted(self.source)}, on: {self.day.isoformat()}, hash: {self.hash}}}"


def chapter_markdown(chapter: Chapter, imported: Imported | None = None) -> str:
    """The chapter as a file. Parsing it gives the chapter back, up to the path and the line numbers.

    The body is `chapter.markdown` as it is; a chapter made from nouns gets it from `body_markdown`.
    """
    lines = [f"id: {_scalar(chapter.slug)}", f"title: {_scalar(chapter.title)}"]
    lines += [f"level: {chapter.level}", f"weight: {chapter.weight}"]
    if chapter.updated is not None:
        lines.append(f"updated: {chapter.updated.isoformat()}")
    if chapter.prerequisites:
        names = (name.removeprefix(f"{chapter.track_id}/") for name in chapter.prerequisites)
        lines.append(f"prerequisites: [{', '.join(names)}]")
    if chapter.aliases:
        lines.append(f"aliases: [{', '.join(_scalar(alias) for alias in chapter.aliases)}]")
    if chapter.sources:
        lines += ["sources:", *(f"  - {_source(source)}" for source in chapter.sources)]
    if any(section.answers for section in chapter.sections):
        lines += ["answers:", *_answers(chapter.sections)]
    if chapter.beyond:
        lines += ["beyond:", *(f"  - {_scalar(question)}" for question in chapter.beyond)]
    if imported is not None:
        lines.append(imported.line)
    return "\n".join(["---", *lines, "---", chapter.markdown])


def _answers(sections: Sequence[BodySection]) -> Iterator[str]:
    """The questions that each section answers, under its heading, or under all above it where others have the same."""
    for section in sections:
        if section.answers:
            alone = sum(other.heading == section.heading for other in sections) == 1
            yield f"  {_scalar(section.heading if alone else ' > '.join(section.path))}:"
            yield from (f"    - {_scalar(question)}" for question in section.answers)


def track_yaml(track_id: str, title: str, sections: Iterable[tuple[str, str]]) -> str:
    """A `track.yaml`; sections are ids with titles, in order."""
    lines = [f"id: {_scalar(track_id)}", f"title: {_scalar(title)}", "sections:"]
    lines += [f"  - {{id: {_scalar(section_id)}, title: {_scalar(name)}}}" for section_id, name in sections]
    return "\n".join([*lines, ""])


def body_markdown(sections: Sequence[BodySection], questions: Sequence[KeyQuestion]) -> str:
    """The body of a chapter file from its nouns, the key questions last."""
    blocks: list[str] = []
    for section in sections:
        if section.heading:
            blocks.append(f"{'#' * section.level} {section.heading}")
        if section.text:
            blocks.append(section.text)
    if questions:
        blocks.append("## Key questions")
        blocks.extend(_question(question) for question in questions)
    return "\n\n".join(blocks) + "\n"


def _question(question: KeyQuestion) -> str:
    blocks = [f"### {question.text} {{#{question.id.partition('#')[2]}}}\n{question.reference}"]
    if question.contrast:
        blocks.append(f"Contrast: {' | '.join(question.contrast)}")
    blocks.append("\n".join(["Key points:", *(_point(point) for point in question.points)]))
    if question.misconceptions:
        items = (
            f"- {wrong.text} -> {wrong.correction}" if wrong.correction else f"- {wrong.text}"
            for wrong in question.misconceptions
        )
        blocks.append("\n".join(["Misconceptions:", *items]))
    if question.follow_ups:
        blocks.append("\n".join(["Follow-ups:", *(f"- {text}" for text in question.follow_ups)]))
    return "\n\n".join(blocks)


def _point(point: KeyPoint) -> str:
    flags = ("(essential) " if point.essential else "") + ("(derived) " if point.derived else "")
    return "\n".join([f"- {flags}{point.text} {{#{point.id}}}", *(f"  - also: {text}" for text in point.also)])


def _source(source: Source) -> str:
    parts = [f"title: {_quoted(source.title)}"]
    if source.ref:
        parts.append(f"ref: {_quoted(source.ref)}")
    if source.year is not None:
        parts.append(f"year: {source.year}")
    return f"{{{', '.join(parts)}}}"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar; JSON's is one, but for two characters that YAML wants escaped."""
    return _UNPRINTABLE_IN_YAML.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))
