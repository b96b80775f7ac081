"""Owns finding a chapter or a key question by whatever a person calls it."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from tutor.domain.content import Chapter, KeyQuestion, Library
from tutor.domain.errors import NotFound
from tutor.domain.text import normalise, visible

_MOST_LISTED = 5
_LONGEST_SHOWN = 80
Noun = TypeVar("Noun", Chapter, KeyQuestion)


def find_chapter(library: Library, name: str) -> Chapter:
    """The chapter with this id, slug, title or alias, tried in that order; case does not matter.

    A bare slug means the shipped chapter where a pack has one too. Raises NotFound with the candidates when several
    answer to the name, and with the nearest names when none does.
    """
    chapters = list(library.chapters())
    wanted = normalise(name)
    if not wanted:
        raise NotFound('No chapter was named. Run "tutor chapters" to see them all.')
    found = [chapter for chapter in chapters if chapter.id == wanted]
    found = found or _preferred(library, [chapter for chapter in chapters if chapter.slug == wanted])
    found = found or [chapter for chapter in chapters if normalise(chapter.title) == wanted]
    found = found or [chapter for chapter in chapters if wanted in map(normalise, chapter.aliases)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(_ambiguous("chapters", name, [chapter.id for chapter in found]))
    names = {normalise(called): chapter.id for chapter in reversed(chapters) for called in _names(chapter)}
    raise NotFound(_unknown("chapter", name, names, 'Run "tutor chapters" to see them all'))


def chapters_with(library: Library, words: str) -> list[Chapter]:
    """The chapters whose title, other names or section hold every word, or the beginning of one, in reading order."""
    wanted = normalise(words).split()
    found = []
    for track in library.tracks:
        for section in track.sections:
            for chapter in section.chapters:
                called = normalise(" ".join((*_names(chapter), section.title)))
                if all(word in called for word in wanted):
                    found.append(chapter)
    return found


def find_question(library: Library, name: str) -> KeyQuestion:
    """The key question with this full id, `chapter#question`, own id or text, tried in that order.

    Raises NotFound as `find_chapter` does.
    """
    questions = list(library.questions())
    wanted = normalise(name)
    if not wanted:
        raise NotFound('No question was named. Run "tutor show" with a chapter to see its questions.')

    def by_text(question: KeyQuestion) -> bool:
        return normalise(question.text) == wanted

    stages: Sequence[Callable[[KeyQuestion], bool]] = (
        lambda question: question.id == wanted,
        lambda question: question.id.partition("/")[2] == wanted,
        lambda question: question.id.partition("#")[2] == wanted.removeprefix("#"),
        by_text,
    )
    for matches in stages:
        found = [question for question in questions if matches(question)]
        found = found if matches is by_text else _preferred(library, found)
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(_ambiguous("questions", name, [question.id for question in found]))
    names: dict[str, str] = {}
    for question in reversed(questions):
        names[normalise(question.text)] = question.id
        names[question.id.partition("#")[2]] = question.id
        names[question.id.partition("/")[2]] = question.id
    raise NotFound(_unknown("question", name, names, 'Run "tutor show" with a chapter to see its questions'))


def _preferred(library: Library, found: list[Noun]) -> list[Noun]:
    """The shipped ones when there are any: a pack does not take a name away from the course."""
    shipped = {track.id for track in library.tracks if track.shipped}
    return [noun for noun in found if noun.id.partition("/")[0] in shipped] or found


def _names(chapter: Chapter) -> Iterable[str]:
    return (*chapter.aliases, chapter.title, chapter.slug, chapter.id)


def _shown(name: str) -> str:
    line = " ".join(visible(name).split())
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"


def _ambiguous(what: str, name: str, ids: Sequence[str]) -> str:
    listed = ", ".join(ids[:_MOST_LISTED]) + (", ..." if len(ids) > _MOST_LISTED else "")
    return f'{len(ids)} {what} answer to "{_shown(name)}". Name one by its id: {listed}.'


def _unknown(what: str, name: str, names: dict[str, str], where: str) -> str:
    """Suggestions are the three nearest names by difflib's ratio, at 0.6 and more (difflib's own default)."""
    near = get_close_matches(normalise(name)[:200], names, n=_MOST_LISTED, cutoff=0.6)
    ids = list(dict.fromkeys(names[match] for match in near))[:3]
    mend = f"Did you mean {' or '.join(ids)}?" if ids else f"{where}."
    return f'There is no {what} "{_shown(name)}". {mend}'
