"""Owns the rules that compare places: questions asked twice, terms used before they are taught, and misconceptions that
read like what is right."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tutor.domain.content import Chapter, KeyQuestion, Misconception
from tutor.domain.text import normalise, sentences
from tutor.library.parser import Reading
from tutor.library.problem import Faults
from tutor.library.prose import statements
from tutor.library.support import Supports

SAME_QUESTION_COSINE = 0.92
"""Two questions this close ask the same thing; on the shipped track the closest pair that does not stands at 0.90."""
SAME_QUESTION_WORDS = 0.8
"""Share of words in common from which two questions are the same; judged by when there is no encoder."""
READS_TRUE_WORDS = 0.85
"""Share of words that a misconception and a true sentence may have in common, when both deny or both affirm."""
_WORD = re.compile(r"[^\W_]+")
_DENIALS = frozenset({"not", "no", "never", "none", "without", "cannot", "nothing", "neither", "nor", "t"})
"""The `t` is what is left of "don't" and its like."""
_LINK = re.compile(r"\]\(<?(?:[^)\s>#]*/)?([^)\s>#/]+)")


def check_across(readings: Sequence[Reading], supports: Supports | None, faults: Mapping[str, Faults]) -> None:
    """Note what the rules find; faults are by chapter id."""
    sound = [reading for reading in readings if reading.sound and reading.chapter is not None]
    chapters = [reading.chapter for reading in sound if reading.chapter is not None]
    _check_repeated_questions(chapters, supports, faults)
    for reading in sound:
        if reading.chapter is not None:
            _check_misconceptions(reading.chapter, faults[reading.chapter.id])
            _check_terms(reading, reading.chapter, chapters, faults[reading.chapter.id])


def _check_repeated_questions(
    chapters: Sequence[Chapter], supports: Supports | None, faults: Mapping[str, Faults]
) -> None:
    earlier: list[KeyQuestion] = []
    for chapter in chapters:
        own_track = [question for question in earlier if question.id.split("/")[0] == chapter.track_id]
        for question in chapter.questions:
            twin = _twin(question, own_track, supports)
            if twin is not None:
                message = f'this question repeats {twin.id}, "{twin.text}". Ask for something else, or drop one.'
                faults[chapter.id].warning(question.line, message)
        earlier.extend(chapter.questions)


def _twin(question: KeyQuestion, others: Sequence[KeyQuestion], supports: Supports | None) -> KeyQuestion | None:
    if supports is None:
        own = _words(question.text)
        return next((o for o in others if _overlap(own, _words(o.text)) >= SAME_QUESTION_WORDS), None)
    if not others or supports(question.text, [other.text for other in others]) < SAME_QUESTION_COSINE:
        return None
    return max(others, key=lambda other: supports(question.text, [other.text]))


def _check_misconceptions(chapter: Chapter, faults: Faults) -> None:
    for question in chapter.questions:
        points = [phrasing for point in question.points for phrasing in point.phrasings]
        true = [_words(text) for text in (*points, *sentences(question.reference))]
        for wrong in question.misconceptions:
            if any(_says_the_same(wrong, text) for text in true):
                message = f'the misconception "{wrong.text}" reads like what is right. Make plain what is wrong in it.'
                faults.warning(wrong.line, message)


def _says_the_same(wrong: Misconception, true: frozenset[str]) -> bool:
    said = _words(wrong.text)
    return _overlap(said, true) >= READS_TRUE_WORDS and bool(said & _DENIALS) == bool(true & _DENIALS)


def _check_terms(reading: Reading, chapter: Chapter, chapters: Sequence[Chapter], faults: Faults) -> None:
    """A term another chapter teaches later is a link somewhere in this one."""
    place = chapters.index(chapter)
    linked = set(_LINK.findall(chapter.markdown))
    own = normalise(" ".join((chapter.title, *chapter.aliases)))
    later = [c for c in chapters[place + 1 :] if c.track_id == chapter.track_id and c.slug not in linked]
    terms = {term: other for other in later for term in _terms(other) if normalise(term) not in own}
    if not terms:
        return
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(terms, key=len, reverse=True)))})(?![\w-])")
    met: set[str] = set()
    for statement in statements(reading):
        for found in pattern.finditer(statement.text):
            other = terms[found[1]]
            if other.id not in met:
                met.add(other.id)
                message = f'"{found[1]}" is taught later, in {other.slug}. Link it: [{found[1]}]({other.slug}).'
                faults.warning(statement.line, message)


def _terms(chapter: Chapter) -> Iterable[str]:
    """Names of a chapter that are terms of art: acronyms and names with capitals or digits inside."""
    return (
        name for name in (chapter.title, *chapter.aliases) if re.fullmatch(r"[A-Za-z-]*[A-Z0-9][A-Z0-9+-]+s?", name)
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(normalise(text)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words in common, 0..1."""
    return len(one & other) / len(one | other) if one and other else 0.0
