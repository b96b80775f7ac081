"""Owns the editorial rules of one chapter: what makes it good to learn from and its questions good to grade."""

import re

from tutor.domain.content import KeyQuestion
from tutor.domain.text import normalise, sentences
from tutor.library.parser import Reading
from tutor.library.problem import Faults
from tutor.library.prose import paragraphs, statements

POINT_WORDS = (6, 18)
FEWEST_POINTS = 3
MOST_ESSENTIAL = 2
SENTENCE_WORDS = 35
SECTION_WORDS = 250
OPENING = "In one breath"


def check_chapter(reading: Reading, faults: Faults) -> None:
    """Note what the rules find in a chapter. One whose points were all derived was written for none of them."""
    chapter = reading.chapter
    if chapter is None or not _authored(reading):
        return
    if not chapter.sources:
        faults.error(reading.key_lines.get("sources", 1), "the chapter names no sources. Add them to the front matter.")
    if not any(section.heading.casefold() == OPENING.casefold() for section in chapter.sections):
        message = f"the chapter has no `## {OPENING}`. Open the body with it: the answer in 60 to 90 words."
        faults.error(reading.body_line, message)
    if not chapter.questions:
        faults.warning(reading.body_line, "the chapter asks nothing. Add `## Key questions` with a question or more.")
    _check_prose(reading, faults)
    for question in chapter.questions:
        _check_question(question, faults)


def _authored(reading: Reading) -> bool:
    questions = reading.chapter.questions if reading.chapter else ()
    return not questions or any(not point.derived for question in questions for point in question.points)


def _check_prose(reading: Reading, faults: Faults) -> None:
    for statement in statements(reading):
        _check_sentence(statement.text, statement.line, faults)
    words: dict[tuple[int, str], int] = {}
    for paragraph in paragraphs(reading):
        place = (paragraph.heading_line, paragraph.heading)
        words[place] = words.get(place, 0) + (0 if paragraph.table else _count(paragraph.text))
    for (line, heading), count in words.items():
        if count > SECTION_WORDS:
            message = f'the section "{heading}" has {count} words, over {SECTION_WORDS}. Split it in two.'
            faults.warning(line, message)


def _check_sentence(text: str, line: int, faults: Faults) -> None:
    count = _count(text)
    if count > SENTENCE_WORDS:
        faults.warning(line, f"this sentence has {count} words, over {SENTENCE_WORDS}. Make it two.")


def _check_question(question: KeyQuestion, faults: Faults) -> None:
    for sentence in sentences(question.reference):
        _check_sentence(sentence, question.line, faults)
    for point in question.points:
        count = _count(point.text)
        if not point.derived and not POINT_WORDS[0] <= count <= POINT_WORDS[1]:
            low, high = POINT_WORDS
            faults.warning(point.line, f"this key point has {count} words. Say one claim in {low} to {high} words.")
    essential = sum(point.essential for point in question.points)
    if essential > MOST_ESSENTIAL:
        message = f"{essential} key points are essential. Keep the one or two without which an answer fails."
        faults.error(question.line, message)
    if essential == 0:
        faults.warning(question.line, "no key point is essential. Mark the one that an answer cannot do without.")
    if len(question.points) < FEWEST_POINTS:
        message = f"the question has {len(question.points)} key points. Split them into {FEWEST_POINTS} or more claims."
        faults.warning(question.line, message)
    _check_contrast(question, faults)


def _check_contrast(question: KeyQuestion, faults: Faults) -> None:
    said = normalise(" ".join([question.text, *(text for point in question.points for text in point.phrasings)]))
    for name in question.contrast:
        if not re.search(rf"\b{re.escape(normalise(name))}", said):
            message = f'the Contrast name "{name}" is in neither the question nor a key point. Use their words.'
            faults.error(question.line, message)


def _count(text: str) -> int:
    """Words as a reader counts them."""
    return sum(any(character.isalnum() for character in word) for word in text.split())
