"""Owns how far a language model's yes is believed: each quote is graded on its own by the local engine.

A model that credits everything, or does what a sentence in an answer or a chapter tells it, quotes real words that do
not state the point. So what decides is not that it says yes, but whether the words it quotes say the point by a measure
it cannot talk to. Where that measure is undecided the model's word counts, for as many points as the measure itself
bears out: a model that knows better than similarity is worth asking, one that is wrong throughout gains nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus
from tutor.domain.text import sentences
from tutor.grading.engine import GradingEngine
from tutor.grading.guards import is_soup
from tutor.grading.task import GradingTask
from tutor.grading.verify import sentences_around
from tutor.retrieval.words import content_stems

SUPPORTED = 0.2
"""How probable the local engine must find a point in the sentences quoted for it. Of 136 quotes picked by hand from
correct paraphrases 0.978 reach it (`scripts/eval_model_checks.py`)."""
STEMS_A_POINT, MOST_SHARED = 4, 3
"""Words that overlap bear out a point for every so many content words among them, and no more than three."""

NOT_ABOUT_IT = "The words that the language model quoted do not say this, so its verdict does not count."
SHARED = "The language model quoted the same words for too many points, so its verdict does not count."
ON_ITS_WORD = "Only the language model finds this in your words; compare yourself."
CONTRARY = "The language model finds this in your words, and the local engine the opposite; compare yourself."


@dataclass(frozen=True, slots=True)
class _Quote:
    """A covered point with what the local engine says of the words quoted for it."""

    point: PointGrade
    start: int
    end: int
    seen: PointGrade
    """The point, as the local engine judges the sentences that the quote stands in."""


def crosschecked(
    task: GradingTask, points: Sequence[PointGrade], view: Grade | None, local: GradingEngine | None
) -> tuple[PointGrade, ...]:
    """The points with every credit that the quoted words do not bear out taken back, as unsure.

    `view` is the local engine's grade of the whole answer. Without one (no encoder, another language) only sharing one
    quote among many points is looked at.
    """
    graded = view is not None and view.outcome is Outcome.GRADED and local is not None
    judged = _judged(task, points, local) if graded and local else {}
    quotes = [_quote(task, point, judged) for point in points if point.status is PointStatus.COVERED]
    doubts: dict[str, PointGrade] = {}
    if view is not None and graded:
        doubts |= _unsupported(quotes, {point.id: point for point in view.points})
    held = [quote for quote in quotes if quote.point.id not in doubts]
    doubts |= _shared(task.answer, held)
    if graded:
        doubts |= _on_its_word([quote for quote in held if quote.point.id not in doubts])
    return tuple(doubts.get(point.id, point) for point in points)


def _judged(task: GradingTask, points: Sequence[PointGrade], local: GradingEngine) -> dict[tuple[str, str], PointGrade]:
    """What the local engine says of each point in each stretch that is quoted, by (evidence, point id)."""
    covered = [point for point in points if point.status is PointStatus.COVERED]
    # "it" and "they" look back, so a quote is read with the sentence before its own.
    stretches = {point.evidence: sentences_around(task.answer, point.evidence, before=1) for point in covered}
    views = {text: local.grade(replace(task, answer=_claims_of(text))) for text in dict.fromkeys(stretches.values())}
    return {
        (evidence, seen.id): seen
        for evidence, text in stretches.items()
        for seen in views[text].points
        if views[text].outcome is Outcome.GRADED
    }


def _claims_of(text: str) -> str:
    """The text without sentences that only string terms together: near to every point, and claiming none."""
    return " ".join(sentence for sentence in sentences(text) if not is_soup(sentence))


def _quote(task: GradingTask, point: PointGrade, judged: Mapping[tuple[str, str], PointGrade]) -> _Quote:
    start = task.answer.find(point.evidence)
    undecided = replace(point, status=PointStatus.UNSURE, credit=0.0)
    return _Quote(point, start, start + len(point.evidence), judged.get((point.evidence, point.id), undecided))


def _unsupported(quotes: Sequence[_Quote], whole: Mapping[str, PointGrade]) -> dict[str, PointGrade]:
    """The points whose quoted words do not say them, or that the answer may contradict."""
    out: dict[str, PointGrade] = {}
    for quote in quotes:
        here, there = quote.seen, whole[quote.point.id]
        turned = next((seen for seen in (here, there) if seen.status is PointStatus.CONTRADICTED), None)
        if turned:
            out[quote.point.id] = _doubt(quote.point, CONTRARY, evidence=turned.evidence or quote.point.evidence)
        elif here.credit < SUPPORTED:
            out[quote.point.id] = _doubt(quote.point, NOT_ABOUT_IT)
    return out


def _shared(answer: str, quotes: Sequence[_Quote]) -> dict[str, PointGrade]:
    """The points that overlapping quotes cannot bear out as well; those they say best are kept."""
    out: dict[str, PointGrade] = {}
    for group in _overlapping(quotes):
        words = answer[min(q.start for q in group) : max(q.end for q in group)]
        room = max(1, min(MOST_SHARED, len(content_stems(words)) // STEMS_A_POINT))
        if len(group) > room:
            by_support = sorted(group, key=lambda quote: -quote.seen.credit)
            known = by_support[0].seen.credit > 0
            out |= {q.point.id: _doubt(q.point, SHARED) for q in (by_support[room:] if known else group)}
    return out


def _overlapping(quotes: Sequence[_Quote]) -> list[list[_Quote]]:
    """The quotes in groups, each of which shares half of the shorter quote with another of its group."""
    groups: list[list[_Quote]] = []
    for quote in sorted(quotes, key=lambda quote: (quote.start, quote.end)):
        near = [group for group in groups if any(_overlap(quote, other) for other in group)]
        joined = [other for group in near for other in group]
        groups = [group for group in groups if group not in near] + [[*joined, quote]]
    return groups


def _overlap(left: _Quote, right: _Quote) -> bool:
    common = min(left.end, right.end) - max(left.start, right.start)
    return 2 * common >= min(left.end - left.start, right.end - right.start)


def _on_its_word(quotes: Sequence[_Quote]) -> dict[str, PointGrade]:
    """The points that only the model's word stands behind, beyond as many as the local engine bears out itself."""
    borne_out = sum(quote.seen.status is PointStatus.COVERED for quote in quotes)
    open_ones = [quote for quote in quotes if quote.seen.status is not PointStatus.COVERED]
    open_ones.sort(key=lambda quote: -quote.seen.credit)
    return {q.point.id: _doubt(q.point, ON_ITS_WORD, credit=q.seen.credit) for q in open_ones[borne_out:]}


def _doubt(point: PointGrade, note: str, *, credit: float = 0.0, evidence: str | None = None) -> PointGrade:
    said = point.evidence if evidence is None else evidence
    return replace(point, status=PointStatus.UNSURE, credit=credit, note=note, evidence=said)
