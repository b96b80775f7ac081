"""Owns the scorecard of an interview: what was said to each question, what it came to, and what to study next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.domain.content import KeyQuestion, Library
from tutor.domain.grade import ESSENTIAL_WEIGHT, Grade, PointGrade, PointStatus
from tutor.domain.interview import Agenda
from tutor.study.exchange import Exchange
from tutor.study.hiring import Finding, finding, score_of
from tutor.study.interview import Interview
from tutor.study.readiness import Standing

MOST_LISTED = 5
"""Strengths, costs and steps of the plan are lists one can act on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the round with everything said to it."""

    number: int
    """From 1."""
    question: KeyQuestion
    chapter: str
    """The chapter's title."""
    exchanges: tuple[Exchange, ...]
    """The question and its follow-ups, as put and as answered."""
    passed: bool
    grade: Grade | None
    """Over the answer and its follow-ups; None when it was passed on or its grade has not come."""
    prompted: frozenset[str]
    """Ids of the points that took a follow-up."""
    score: float | None
    """0..1; None when no engine could tell."""


@dataclass(frozen=True, slots=True)
class Cost:
    """A point that was not made, or not in full, with what that cost."""

    asked: Asked
    text: str
    share: float
    """Of the whole round, 0..1."""
    point: PointGrade | None
    """None when the question was passed on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One chapter of the study plan."""

    chapter_id: str
    title: str
    share: float
    """Of the round lost there, 0..1."""
    questions: tuple[KeyQuestion, ...]
    """The questions to answer again, the costliest first."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """An interview, looked back upon. Everything in it is computed from stored grades."""

    agenda: Agenda
    elapsed: float
    """Seconds of the clock."""
    finding: Finding
    asked: tuple[Asked, ...]
    not_reached: tuple[KeyQuestion, ...]
    """Never put, or open when the round ended."""
    strengths: tuple[tuple[Asked, PointGrade], ...]
    """Points made without help, essential ones first."""
    costs: tuple[Cost, ...]
    """The costliest first."""
    plan: tuple[Step, ...]
    waiting: int
    """Answers whose grade has not come yet."""
    practice: Standing | None = None
    """How the questions of the round stand in memory, beyond those it asked; None when nobody looked."""

    @property
    def missed(self) -> tuple[str, ...]:
        """Ids of the questions worth another look: those that lost anything."""
        return tuple(dict.fromkeys(question.id for step in self.plan for question in step.questions))


def scorecard(interview: Interview, library: Library, *, practice: Standing | None = None) -> Scorecard:
    """The scorecard as it stands now; grades that come later change it."""
    titles = {chapter.id: chapter.title for chapter in library.chapters()}
    firsts = [each for each in interview.exchanges if each.put.follows is None and each.reply is not None]
    asked = tuple(_asked(interview, first, number, titles) for number, first in enumerate(firsts, 1))
    closed = {each.question.id for each in asked}
    essentials = [sum(point.essential for point in each.question.points) for each in asked]
    found = finding([(each.grade, each.passed, count) for each, count in zip(asked, essentials, strict=True)])
    costs = sorted((cost for each in asked for cost in _costs(each, found.judged)), key=lambda cost: -cost.share)
    return Scorecard(
        agenda=interview.agenda,
        elapsed=interview.elapsed,
        finding=found,
        asked=asked,
        not_reached=tuple(question for question in interview.questions if question.id not in closed),
        strengths=_strengths(asked),
        costs=tuple(costs[:MOST_LISTED]),
        plan=_plan(costs, titles),
        waiting=len(interview.to_grade),
        practice=practice,
    )


def _asked(interview: Interview, first: Exchange, number: int, titles: dict[str, str]) -> Asked:
    whole = interview.heard(first)
    passed = first.attempt is None
    return Asked(
        number=number,
        question=first.question,
        chapter=titles.get(first.question.chapter_id, first.question.chapter_id),
        exchanges=(first, *interview.follow_ups(first)),
        passed=passed,
        grade=whole.grade if whole else None,
        prompted=whole.prompted if whole else frozenset(),
        score=score_of(whole.grade if whole else None, passed=passed),
    )


def _costs(asked: Asked, judged: int) -> Iterable[Cost]:
    """What the question lost, point by point, as shares of the round; a question not judged loses nothing."""
    if asked.score is None or not judged:
        return
    if asked.passed or asked.grade is None:
        yield Cost(asked, "Passed on.", 1 / judged, None)
        return
    weights = [ESSENTIAL_WEIGHT if point.essential else 1.0 for point in asked.grade.points]
    for point, weight in zip(asked.grade.points, weights, strict=True):
        lost = weight * (1.0 - point.credit) / sum(weights) / judged
        # An unsure point carries an estimate: it is for the learner to compare, not a loss to state. A point made
        # without help may lack a little credit, but nobody should be told that it carried them and cost them.
        made = point.status is PointStatus.COVERED and point.id not in asked.prompted
        if lost > 0.001 and point.status is not PointStatus.UNSURE and not made:
            yield Cost(asked, point.text, lost, point)


def _strengths(asked: Iterable[Asked]) -> tuple[tuple[Asked, PointGrade], ...]:
    made = [
        (each, point)
        for each in asked
        if each.grade is not None and each.score is not None
        for point in each.grade.points
        if point.status is PointStatus.COVERED and point.id not in each.prompted
    ]
    return tuple(sorted(made, key=lambda pair: (not pair[1].essential, -(pair[0].score or 0.0)))[:MOST_LISTED])


def _plan(costs: Iterable[Cost], titles: dict[str, str]) -> tuple[Step, ...]:
    """Chapters by what was lost in them, each with its questions in the same order."""
    lost: defaultdict[str, float] = defaultdict(float)
    questions: defaultdict[str, dict[str, KeyQuestion]] = defaultdict(dict)
    for cost in costs:
        chapter_id = cost.asked.question.chapter_id
        lost[chapter_id] += cost.share
        questions[chapter_id][cost.asked.question.id] = cost.asked.question
    steps = [
        Step(chapter_id, titles.get(chapter_id, chapter_id), share, tuple(questions[chapter_id].values()))
        for chapter_id, share in lost.items()
    ]
    return tuple(sorted(steps, key=lambda step: -step.share)[:MOST_LISTED])
