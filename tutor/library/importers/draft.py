"""Owns what every importer hands over: a chapter with the track and section it wants to stand in."""

import re
from dataclasses import dataclass, replace

from tutor.domain.content import BodySection, Chapter, KeyQuestion, digest
from tutor.library.derive import derived_contrast, derived_points
from tutor.library.slugs import slug, slug_of_sentence
from tutor.library.writer import body_markdown

HOME_TRACK = ("imported", "Imported")
"""Id and title of the track for sources that name none."""
_MARKER = re.compile(r"^(\s*(?:key points|misconceptions|follow-ups|contrast)[ \t]*):", re.IGNORECASE | re.MULTILINE)
_BLOCK_START = re.compile(r"^(#|```|~~~|---|===|>)")
_FLAG = re.compile(r"\((essential|derived)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A chapter on its way into the packs."""

    track: tuple[str, str]
    """Id and title."""
    section: tuple[str, str]
    """Id and title."""
    chapter: Chapter

    def in_track(self, track_id: str) -> "Draft":
        """The same chapter in a track of another id."""
        old, chapter = self.chapter.track_id, self.chapter
        questions = tuple(
            replace(question, id=question.id.replace(f"{old}/", f"{track_id}/", 1)) for question in chapter.questions
        )
        names = tuple(
            f"{track_id}/{name.partition('/')[2]}" if name.startswith(f"{old}/") else name
            for name in chapter.prerequisites
        )
        moved = replace(chapter, id=f"{track_id}/{chapter.slug}", questions=questions, prerequisites=names)
        return Draft((track_id, self.track[1]), self.section, moved)


def literal(line: str) -> str:
    """A line of plain text that Markdown does not take for a heading, a fence, a rule or a quotation."""
    return _BLOCK_START.sub(r"\\\1", line)


def unmarked(text: str) -> str:
    """Prose with everything that our grammar would read as a marker escaped, so that it stays prose."""
    return _FLAG.sub(r"\\(\1)", _MARKER.sub(r"\1\\:", text)).replace("{#", "\\{#")


def composed(
    track: tuple[str, str],
    section: tuple[str, str],
    title: str,
    sections: list[BodySection],
    asked: list[tuple[str, str]],
) -> Draft:
    """A draft from a body and its questions, each with its reference answer; ids and key points are derived."""
    chapter_id = f"{track[0]}/{slug(title)}"
    questions: dict[str, KeyQuestion] = {}
    for text, reference in asked:
        question_id = f"{chapter_id}#{slug_of_sentence(text)}"
        if question_id in questions and questions[question_id].reference != reference:
            question_id = f"{chapter_id}#{slug_of_sentence(text)[:70].rstrip('-')}-{digest(text, reference)[:6]}"
        points = derived_points(text, reference)
        questions[question_id] = KeyQuestion(question_id, text, reference, points, contrast=derived_contrast(text))
    asked_nouns = tuple(questions.values())
    body = body_markdown(sections, asked_nouns)
    return Draft(track, section, Chapter(chapter_id, title, section[0], tuple(sections), asked_nouns, body))
