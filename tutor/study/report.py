"""Owns what the report of an interview says, as parts that any format can write down: the same words everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tutor.domain.grade import PointGrade, PointStatus, Verdict
from tutor.domain.text import visible
from tutor.study.exchange import Exchange
from tutor.study.hiring import RULE
from tutor.study.readiness import standing_words
from tutor.study.rounds import format_of
from tutor.study.scorecard import Asked, Cost, Scorecard

SIGNS = {
    PointStatus.COVERED: "✓ covered",
    PointStatus.PARTIAL: "◐ partly",
    PointStatus.MISSING: "○ missing",
    PointStatus.CONTRADICTED: "! check",
    PointStatus.UNSURE: "? unsure",
}
"""A sign and a word for each status."""


class PartKind(StrEnum):
    """What a part is, so that a format can set it."""

    TITLE = "title"
    HEADING = "heading"
    SUBHEADING = "subheading"
    VERDICT = "verdict"
    TEXT = "text"
    QUIET = "quiet"
    ITEM = "item"
    DETAIL = "detail"
    """Belongs to the item above."""
    QUOTE = "quote"
    """The learner's own words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of a report."""

    kind: PartKind
    text: str
    """One paragraph; a quote keeps its lines."""


def report(card: Scorecard) -> list[Part]:
    """The whole report. Characters that could act on a screen are already visible marks."""
    return [Part(part.kind, visible(part.text)) for part in _parts(card)]


def verdict_words(card: Scorecard) -> str:
    """The verdict for people; that there is none yet, or none at all."""
    if card.waiting:
        return "Grading …"
    return card.finding.verdict.value.capitalize() if card.finding.verdict else "No verdict"


def clock_words(seconds: float) -> str:
    """`24:05`, minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def reading_words(asked: Asked) -> str:
    """How one question went, in a word or three."""
    if asked.passed:
        return "passed on"
    if asked.grade is None:
        return "not graded yet"
    if asked.grade.score is None:
        return "not graded"
    return "unsure, compare yourself" if asked.grade.verdict is Verdict.UNSURE else asked.grade.verdict.value


def time_words(card: Scorecard) -> str:
    """How the clock was used, and how often the interview was left."""
    agenda = card.agenda
    words = f"{clock_words(card.elapsed)} of {agenda.minutes} min"
    if agenda.breaks:
        words += f", {agenda.breaks} {'break' if agenda.breaks == 1 else 'breaks'}"
    if card.not_reached:
        words += f", {len(card.not_reached)} of {len(card.not_reached) + len(card.asked)} not reached"
    return words


def engine_notes(card: Scorecard) -> list[str]:
    """Why another engine than the wanted one graded, each reason once."""
    reasons = (
        each.grade.reason
        for asked in card.asked
        for each in asked.exchanges
        if each.grade and each.grade.score is not None
    )
    return [reason for reason in dict.fromkeys(reasons) if reason]


def _parts(card: Scorecard) -> Iterator[Part]:
    agenda = card.agenda
    yield Part(PartKind.TITLE, f"Mock interview: {format_of(agenda.round).title}")
    yield Part(PartKind.QUIET, f"{agenda.started.astimezone():%d %B %Y, %H:%M} · {time_words(card)}")
    yield Part(PartKind.VERDICT, verdict_words(card))
    if card.waiting:
        yield Part(PartKind.TEXT, f"{card.waiting} answers wait for their grade.")
    yield Part(PartKind.TEXT, card.finding.why)
    yield from (Part(PartKind.QUIET, note) for note in engine_notes(card))
    yield from _strengths(card)
    yield from _costs(card)
    yield from _plan(card)
    for asked in card.asked:
        yield from _question(asked)
    if card.not_reached:
        yield Part(PartKind.HEADING, "Not reached")
        yield from (Part(PartKind.ITEM, question.text) for question in card.not_reached)
    yield Part(PartKind.HEADING, "How the verdict is reached")
    yield Part(PartKind.QUIET, RULE)


def _strengths(card: Scorecard) -> Iterator[Part]:
    if card.strengths:
        yield Part(PartKind.HEADING, "What carried you")
    for asked, point in card.strengths:
        yield Part(PartKind.ITEM, f"{point.text} (question {asked.number})")
        if point.evidence:
            yield Part(PartKind.DETAIL, f"you said “{_line(point.evidence)}”")


def _costs(card: Scorecard) -> Iterator[Part]:
    if card.costs:
        yield Part(PartKind.HEADING, "What cost the most")
    for cost in card.costs:
        yield Part(PartKind.ITEM, cost_words(cost))
        if cost.point is not None and cost.point.evidence:
            yield Part(PartKind.DETAIL, f"you said “{_line(cost.point.evidence)}”")


def cost_words(cost: Cost) -> str:
    """`−12 %  The point. (question 3, missing)`."""
    status = "passed on" if cost.point is None else SIGNS[cost.point.status][2:]
    if cost.point is not None and cost.point.id in cost.asked.prompted:
        status = "after a follow-up"
    text = cost.asked.question.text if cost.point is None else cost.text
    return f"−{cost.share:.0%}  {text} (question {cost.asked.number}, {status})"


def _plan(card: Scorecard) -> Iterator[Part]:
    if card.plan:
        yield Part(PartKind.HEADING, "Study next, in this order")
    if card.plan and card.practice is not None:
        yield Part(PartKind.QUIET, f"Questions of this round in memory: {standing_words(card.practice)}.")
    for number, step in enumerate(card.plan, 1):
        yield Part(PartKind.ITEM, f"{number}. {step.title}: read it again, then answer")
        yield from (Part(PartKind.DETAIL, question.text) for question in step.questions)


def _question(asked: Asked) -> Iterator[Part]:
    yield Part(PartKind.HEADING, f"{asked.number}. {asked.question.text}")
    score = "" if asked.score is None or asked.passed else f" · {asked.score:.0%}"
    yield Part(PartKind.QUIET, f"{asked.chapter} · {reading_words(asked)}{score}")
    for exchange in asked.exchanges:
        yield from _exchange(exchange)
    grade = asked.grade
    if grade is not None and grade.score is None and grade.reason:
        yield Part(PartKind.TEXT, grade.reason)
    if grade is not None and grade.advisory:
        yield Part(PartKind.QUIET, grade.advisory)
    for point in grade.points if grade is not None else ():
        yield from _point(point, prompted=point.id in asked.prompted)
    for found in grade.misconceptions if grade is not None else ():
        yield Part(PartKind.ITEM, f"! mix-up: {found.text}")
        yield Part(PartKind.DETAIL, f"you said “{_line(found.evidence)}”; rather: {found.correction}")


def _exchange(exchange: Exchange) -> Iterator[Part]:
    if exchange.put.follows is not None:
        yield Part(PartKind.SUBHEADING, f"Follow-up: {exchange.put.text}")
    if exchange.attempt is None:
        yield Part(PartKind.QUIET, "Passed on." if exchange.reply else "Not answered.")
        return
    yield Part(PartKind.QUOTE, exchange.attempt.text.strip())
    used = f"took {clock_words(exchange.reply.seconds)}" if exchange.reply else ""
    engine = f" · graded by {exchange.grade.engine}" if exchange.grade and exchange.grade.score is not None else ""
    yield Part(PartKind.QUIET, f"{used}{engine}")


def _point(point: PointGrade, *, prompted: bool) -> Iterator[Part]:
    marks = ", ".join(
        word for word, holds in (("essential", point.essential), ("after a follow-up", prompted)) if holds
    )
    yield Part(PartKind.ITEM, f"{SIGNS[point.status]}{f' ({marks})' if marks else ''}: {point.text}")
    if point.evidence:
        yield Part(PartKind.DETAIL, f"you said “{_line(point.evidence)}”")
    if point.cite is not None and point.cite.quote:
        yield Part(PartKind.DETAIL, f"the chapter says “{_line(point.cite.quote)}”")
    if point.note and point.text not in point.note:
        yield Part(PartKind.DETAIL, point.note)


def _line(text: str) -> str:
    return " ".join(text.split())
