"""Owns how ready the learner is for a group of questions, a section or a round; or that it is too early to say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from tutor.domain.content import KeyQuestion, Library
from tutor.domain.review import Memory
from tutor.study.progress import HORIZON, NEARLY, READY, Readiness
from tutor.study.schedule import retrievability


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group of questions stands."""

    id: str
    title: str
    seen: int
    """Questions rated at least once."""
    total: int
    recall: float | None
    """Mean probability, 0..1, of knowing the seen ones at the horizon; None while too few are seen to say."""
    readiness: Readiness


def group_standing(
    name: str,
    title: str,
    questions: Iterable[KeyQuestion],
    memories: Mapping[str, Memory],
    now: datetime,
    *,
    at: datetime | None = None,
) -> Standing:
    """The standing of some questions. Recall is asked for at `at`, the interview's day, else a week ahead.

    The words are a chapter's (`progress.chapter_standing`): below half of the questions nothing honest can be said.
    """
    asked = list(questions)
    known = [memories[question.id] for question in asked if question.id in memories]
    if not known:
        return Standing(name, title, 0, len(asked), None, Readiness.NOT_STARTED)
    if 2 * len(known) < len(asked):
        return Standing(name, title, len(known), len(asked), None, Readiness.TOO_FEW)
    moment = max(at or now + HORIZON, now)
    # Outside review a question has not been recalled since it was last missed: it counts as not known.
    recall = fmean(retrievability(memory, moment) if memory.state == "review" else 0.0 for memory in known)
    ready = recall >= READY and len(known) == len(asked)
    word = Readiness.READY if ready else Readiness.NEARLY if recall >= NEARLY else Readiness.SHAKY
    return Standing(name, title, len(known), len(asked), recall, word)


def section_standings(
    library: Library, memories: Mapping[str, Memory], now: datetime, *, at: datetime | None = None
) -> list[Standing]:
    """Every section that has questions, in reading order."""
    return [
        group_standing(section.id, section.title, questions, memories, now, at=at)
        for track in library.tracks
        for section in track.sections
        if (questions := [question for chapter in section.chapters for question in chapter.questions])
    ]


def standing_words(standing: Standing) -> str:
    """`12 of 62 practised, too few to say`."""
    practised = f"{standing.seen} of {standing.total} practised"
    if standing.recall is None:
        return f"{practised}, too few to say"
    return f"{practised}, {standing.readiness}, recall then about {standing.recall:.0%}"
