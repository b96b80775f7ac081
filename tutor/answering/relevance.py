"""Owns the decision whether the material answers a question at all.

Each track is judged by itself, and the best counts. With the encoder the statistic adds five things: how near and
worded alike a passage is (`cosine x (COSINE_SHARE + coverage)`, of one and the same passage), the same of a heading,
how much of the question's subject stands in one chapter, how near the question is to those that sections are known to
answer, and, against it, to those that the track is known not to answer. While the encoder is missing there is only
coverage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tutor.answering.vocabulary import Vocabulary, coverage
from tutor.domain.content import Library
from tutor.domain.passage import Hit, Passage, SearchResult
from tutor.retrieval.meaning import soft_maximum
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.retrieval.encoder import Encoder

FLOOR = 0.575
"""Chosen on the development questions (`scripts/eval_answers.py`), to answer 0.99 of what is answerable."""
KEYWORD_FLOOR = 0.58
"""Without the encoder: 0.92 and 0.90."""
BY_HEADING, BY_CHAPTER = 0.5, 0.5
"""What a heading and a chapter contribute, a passage contributing 1: near the weights of a logistic regression on the
development questions, as those below are."""
BY_ASKED, EVEN = 1.5, 0.585
"""What being near to questions that sections answer contributes, and from which nearness on; below, it takes away.
Material without such questions is judged without."""
BY_BEYOND, FAR, UNKNOWN = 3.0, 0.56, 0.585
"""What being near to questions that no chapter answers takes away, and up to which nearness it takes nothing; and how
near a question counts as where none such are known."""
MOST_NEAREST = 3
"""Chapters named beside an answer or an abstention."""
COSINE_SHARE = 0.3
"""How much of the cosine counts when no word of the question stands in the passage."""

Subject = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Relevance:
    """How near the material comes to a question."""

    statistic: float
    """0..3 with the encoder, 0..1 without."""
    floor: float
    """What the statistic must reach for an answer."""
    cosine: float | None
    """Of the question and the passage that decided; None without the encoder."""
    coverage: float
    """Weighted share of the subject's words in that passage, 0..1."""
    tracks: frozenset[str] = frozenset()
    """Tracks that reach the floor by themselves; an answer rests on these alone."""

    @property
    def enough(self) -> bool:
        """True when an answer may be composed."""
        return self.statistic >= self.floor


def judge(question: str, found: SearchResult, vocabulary: Vocabulary, encoder: "Encoder | None" = None) -> Relevance:
    """Whether what was found bears on the question; the encoder must be the one the search used, if it used one."""
    subject = vocabulary.subject(question)
    held = [coverage(subject, [_names(hit.passage), hit.passage.text]) for hit in found.hits]
    if encoder is None or not any(hit.cosine for hit in found.hits):
        best = max(held, default=0.0)
        enough = (hit.passage.track_id for hit, own in zip(found.hits, held, strict=True) if own >= KEYWORD_FLOOR)
        return Relevance(best, KEYWORD_FLOOR, None, best, frozenset(enough))
    vectors = encoder.encode([question, *(hit.passage.heading for hit in found.hits)])
    named = (coverage(subject, [_names(hit.passage)]) for hit in found.hits)
    headings = [_both(float(row @ vectors[0]), own) for row, own in zip(vectors[1:], named, strict=True)]
    tracks: dict[str, list[_Near]] = {}
    for hit, own, heading in zip(found.hits, held, headings, strict=True):
        near = _Near(_both(hit.cosine or 0.0, own), heading, hit, own)
        tracks.setdefault(hit.passage.track_id, []).append(near)
    judged = {
        track_id: _of_track(near, found.beyond.get(track_id), vocabulary, subject) for track_id, near in tracks.items()
    }
    nearest_track = max(judged.values(), key=lambda one: one.statistic)
    return replace(nearest_track, tracks=frozenset(track_id for track_id, one in judged.items() if one.enough))


def _of_track(near: "Sequence[_Near]", beyond: float | None, vocabulary: Vocabulary, subject: Subject) -> Relevance:
    """What the passages of one track say, and the questions known to be beyond it."""
    best = max(near, key=lambda one: one.passage)
    chapter = max(vocabulary.held_by(name, subject) for name in {one.hit.passage.chapter_id for one in near})
    asked = soft_maximum([one.hit.asked for one in near if one.hit.asked is not None])
    statistic = best.passage + BY_HEADING * max(one.heading for one in near) + BY_CHAPTER * chapter
    statistic += BY_ASKED * (asked - EVEN) if asked is not None else 0.0
    statistic -= BY_BEYOND * max(0.0, (UNKNOWN if beyond is None else beyond) - FAR)
    if statistic < FLOOR and any(_is_named(one.hit.passage, subject) for one in near):
        statistic = FLOOR
    return Relevance(statistic, FLOOR, best.hit.cosine, best.held)


def nearest(question: str, found: SearchResult, library: Library, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Ids of the chapters closest to a question, best first: those of the hits, or else by its words."""
    ids = dict.fromkeys(hit.passage.chapter_id for hit in found.hits)
    if not ids:
        subject = vocabulary.subject(question)
        every = (chapter.id for chapter in library.chapters())
        ids.update(dict.fromkeys(sorted(every, key=lambda one: -vocabulary.held_by(one, subject))))
    return tuple(ids)[:MOST_NEAREST]


class _Near(NamedTuple):
    """A hit with what it says of the question."""

    passage: float
    heading: float
    hit: Hit
    held: float


def _both(cosine: float, held: float) -> float:
    """Near and worded alike at once."""
    return max(0.0, cosine) * (COSINE_SHARE + held)


def _is_named(passage: Passage, subject: Subject) -> bool:
    """True when all that a question is about is a name of the passage's chapter, as in "What is RAFT?"."""
    return any(set(content_stems(name)) == subject.keys() for name in (passage.chapter, *passage.aliases))


def _names(passage: Passage) -> str:
    """The names a passage goes by: its headings, its chapter's title and aliases."""
    return " ".join((passage.chapter, *passage.aliases, *passage.heading_path))
