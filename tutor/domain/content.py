"""Owns the nouns of the material: what is read and asked. They come from chapter files and never change in place."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """Where a chapter's facts come from."""

    title: str
    ref: str
    """An arXiv id, DOI, standard number or address; empty when the title says it all."""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One claim that a good answer makes."""

    id: str
    """Stable inside its question; authored as `{#id}`, never positional."""
    text: str
    essential: bool = False
    """An answer without it is not a good one."""
    also: tuple[str, ...] = ()
    """Other ways to say it; an answer is graded by the best of them."""
    derived: bool = False
    """Made from the reference answer on import; nobody authored it."""
    line: int = 0
    """Line in the chapter file, from 1; 0 when it comes from no file."""

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The claim and its other wordings, the authored wording first."""
        return (self.text, *self.also)


@dataclass(frozen=True, slots=True)
class Misconception:
    """A tempting sentence that is wrong."""

    text: str
    correction: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """A question an interviewer asks, with what a good answer holds."""

    id: str
    """`track/chapter#question`."""
    text: str
    reference: str
    """The reference answer, in prose one could say aloud."""
    points: tuple[KeyPoint, ...]
    misconceptions: tuple[Misconception, ...] = ()
    follow_ups: tuple[str, ...] = ()
    contrast: tuple[str, ...] = ()
    """The things the question sets against each other, so that swapped roles can be noticed; empty or two and more."""
    line: int = 0

    @property
    def chapter_id(self) -> str:
        """`track/chapter`."""
        return self.id.partition("#")[0]

    @property
    def revision(self) -> str:
        """12 hex digits of what grading depends on: the question, its reference and its points.

        A grade keeps the revision it was made against, so that a changed reference can be shown as revised since.
        """
        parts = [self.text, self.reference, *(p for point in self.points for p in (point.id, *point.phrasings))]
        return digest(*parts, *(str(point.essential) for point in self.points))


@dataclass(frozen=True, slots=True)
class BodySection:
    """A heading of a chapter with the text that stands directly under it."""

    heading: str
    level: int
    """2 for `##`, 3 for `###` and so on; 1 for text before the first heading."""
    path: tuple[str, ...]
    """The headings above it and its own, without the chapter's title."""
    text: str
    """Markdown, without the heading line."""
    line: int
    answers: tuple[str, ...] = ()
    """Questions it answers, in learners' words, by which it can be found too."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One topic: text to read and key questions to answer."""

    id: str
    """`track/chapter`."""
    title: str
    section_id: str
    sections: tuple[BodySection, ...]
    """The body in reading order; the key questions are not part of it."""
    questions: tuple[KeyQuestion, ...]
    markdown: str
    """The whole file after the front matter, as written."""
    level: str = "core"
    """core | advanced."""
    weight: str = "medium"
    """How often interviews ask: high | medium | low."""
    updated: date | None = None
    prerequisites: tuple[str, ...] = ()
    """Ids of chapters to read first, `track/chapter`."""
    aliases: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    beyond: tuple[str, ...] = ()
    """Questions near its subject that neither it nor any other chapter answers."""
    path: str = ""
    """The file it was read from."""

    @property
    def slug(self) -> str:
        """The id without its track."""
        return self.id.rpartition("/")[2]

    @property
    def track_id(self) -> str:
        """The id's first part."""
        return self.id.partition("/")[0]

    @property
    def revision(self) -> str:
        """12 hex digits of the chapter's title and text."""
        return digest(self.title, self.markdown)


@dataclass(frozen=True, slots=True)
class Section:
    """A named group of chapters in reading order."""

    id: str
    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class StudyPath:
    """A way through a track for someone with little time, or one kind of interview round ahead."""

    id: str
    title: str
    about: str
    """One sentence: for whom, or how to walk it."""
    chapters: tuple[str, ...]
    """Ids of chapters in the order to study them."""


@dataclass(frozen=True, slots=True)
class Track:
    """A whole course: sections in order."""

    id: str
    title: str
    sections: tuple[Section, ...]
    shipped: bool = True
    """False for the learner's own packs."""
    paths: tuple[StudyPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """Everything there is to study, shipped tracks first."""

    tracks: tuple[Track, ...]

    def chapters(self) -> Iterator[Chapter]:
        """Every chapter in reading order."""
        for track in self.tracks:
            for section in track.sections:
                yield from section.chapters

    def questions(self) -> Iterator[KeyQuestion]:
        """Every key question in reading order."""
        for chapter in self.chapters():
            yield from chapter.questions

    def questions_by_id(self) -> dict[str, KeyQuestion]:
        """Every key question by its id."""
        return {question.id: question for question in self.questions()}


def digest(*parts: str) -> str:
    """12 hex digits (48 bits of SHA-256) naming these texts in this order."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:12]
