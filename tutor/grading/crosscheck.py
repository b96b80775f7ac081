"""Owns how far a language model's yes is believed: each quote is graded on its own by the local engine.

A model that credits everything, or does what a sentence in an answer or a chapter tells it, quotes real words that do
not state the point. So what decides is not that it says yes, but whether the words it quotes say the point by a measure
it cannot talk to. Where that measure is undecided the model's word counts for a few points beside those that it bears
out: a model that knows better than similarity is worth asking, one that is wrong throughout gains nothing.
"""

from collections.abc import Sequence
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
correct paraphrases at least 0.97 reach it (`scripts/eval_model_checks.py`)."""
WORD_FOR = 3
"""A point may stand on the model's word alone for every so many that the local engine bears out. With one for each, a
fully obedient model passes half as many wrong answers again; with this, no more than if its word never counted."""
STEMS_A_POINT, MOST_SHARED = 3, 3
"""Words that overlap bear out a point for every so many content words among them, and no more than three."""

NOT_ABOUT_IT = "The words that the language model quoted do not say this, so its verdict does not count."
SHARED = "The language model quoted the same words for too many points, so its verdict does not count."
ON_ITS_WORD = "Only the language model finds this in your words; compare yourself."
CONTRARY = "The language model finds this in your words, and the local engine the opposite; compare yourself."


@dataclass(frozen=True, slots=True)
class Quoted:
    """A covered point with what the local engine says of the words quoted for it."""

    point: PointGrade
    start: int
    end: int
    seen: PointGrade
    """The point, as the local engine finds it there."""


def crosschecked(
    task: GradingTask, points: Sequence[PointGrade], view: Grade | None, local: GradingEngine | None
) -> tuple[PointGrade, ...]:
    """The points with every credit that the quoted words do not bear out taken back, as unsure.

    `view` is the local engine's grade of the whole answer. Without one (no encoder, another language) only sharing one
    quote among many points is looked at.
    """
    covered = [point for point in points if point.status is PointStatus.COVERED]
    if view is None or local is None or view.outcome is not Outcome.GRADED:
        doubts = _shared(task.answer, [_quote(task, point, _unread(point)) for point in covered])
        return tuple(doubts.get(point.id, point) for point in points)
    quotes = judged(task, covered, view, local)
    doubts = {quote.point.id: doubt for quote in quotes if (doubt := _unsupported(quote))}
    held = [quote for quote in quotes if quote.point.id not in doubts]
    doubts |= _shared(task.answer, held)
    doubts |= _on_its_word([quote for quote in held if quote.point.id not in doubts])
    return tuple(doubts.get(point.id, point) for point in points)


def judged(task: GradingTask, covered: Sequence[PointGrade], view: Grade, local: GradingEngine) -> list[Quoted]:
    """The quotes, each with the point as the local engine finds it in them."""
    whole = {point.id: point for point in view.points}
    # "it" and "they" look back, so a quote is read with the sentence before its own.
    around = {point.evidence: sentences_around(task.answer, point.evidence, before=1) for point in covered}
    alone = {text: local.grade(replace(task, answer=_claims_of(text))) for text in dict.fromkeys(around.values())}
    out = []
    for point in covered:
        found = alone[around[point.evidence]].points
        own = next((seen for seen in found if seen.id == point.id), _unread(point))
        out.append(_quote(task, point, _seen(task.answer, point, own, whole[point.id])))
    return out


def _seen(answer: str, point: PointGrade, alone: PointGrade, whole: PointGrade) -> PointGrade:
    """What the local engine says of a point: in the quoted sentences alone, or in the answer where it rests on them."""
    if PointStatus.CONTRADICTED in (alone.status, whole.status):
        return whole if whole.status is PointStatus.CONTRADICTED else replace(alone, evidence=point.evidence)
    sentence = sentences_around(answer, point.evidence)
    rests = bool(whole.evidence) and (whole.evidence in sentence or sentence in whole.evidence)
    if rests and not is_soup(sentences_around(answer, whole.evidence)):
        return max(alone, whole, key=lambda seen: seen.credit)
    return alone


def _claims_of(text: str) -> str:
    """The text without sentences that only string terms together: near to every point, and claiming none."""
    return " ".join(sentence for sentence in sentences(text) if not is_soup(sentence))


def _quote(task: GradingTask, point: PointGrade, seen: PointGrade) -> Quoted:
    start = task.answer.find(point.evidence)
    return Quoted(point, start, start + len(point.evidence), seen)


def _unread(point: PointGrade) -> PointGrade:
    return replace(point, status=PointStatus.UNSURE, credit=0.0)


def _unsupported(quote: Quoted) -> PointGrade | None:
    """The point in doubt, when the quoted words do not say it or the answer may contradict it; else None."""
    if quote.seen.status is PointStatus.CONTRADICTED:
        return _doubt(quote.point, CONTRARY, evidence=quote.seen.evidence)
    return _doubt(quote.point, NOT_ABOUT_IT) if quote.seen.credit < SUPPORTED else None


def _shared(answer: str, quotes: Sequence[Quoted]) -> dict[str, PointGrade]:
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


def _overlapping(quotes: Sequence[Quoted]) -> list[list[Quoted]]:
    """The quotes in groups, each of which shares half of the shorter quote with another of its group."""
    groups: list[list[Quoted]] = []
    for quote in sorted(quotes, key=lambda quote: (quote.start, quote.end)):
        near = [group for group in groups if any(_overlap(quote, other) for other in group)]
        joined = [other for group in near for other in group]
        groups = [group for group in groups if group not in near] + [[*joined, quote]]
    return groups


def _overlap(left: Quoted, right: Quoted) -> bool:
    common = min(left.end, right.end) - max(left.start, right.start)
    return 2 * common >= min(left.end - left.start, right.end - right.start)


def _on_its_word(quotes: Sequence[Quoted]) -> dict[str, PointGrade]:
    """The points that only the model's word stands behind, beyond one for every few that are borne out besides."""
    borne_out = sum(quote.seen.status is PointStatus.COVERED for quote in quotes)
    open_ones = [quote for quote in quotes if quote.seen.status is not PointStatus.COVERED]
    open_ones.sort(key=lambda quote: -quote.seen.credit)
    return {q.point.id: _doubt(q.point, ON_ITS_WORD, credit=q.seen.credit) for q in open_ones[borne_out // WORD_FOR :]}


def _doubt(point: PointGrade, note: str, *, credit: float = 0.0, evidence: str | None = None) -> PointGrade:
    said = point.evidence if evidence is None else evidence
    return replace(point, status=PointStatus.UNSURE, credit=credit, note=note, evidence=said)
