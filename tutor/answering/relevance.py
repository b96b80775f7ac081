"""Owns the decision whether the material answers a question at all.

With the encoder the statistic adds four things, each the best of any passage found: how near and worded alike a
passage is (`cosine x (COSINE_SHARE + coverage)`, of one and the same passage), the same of a heading, how much of the
question's subject stands in one chapter, and how near the question is to one that a section is known to answer. While
the encoder is missing there is only coverage.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answering.vocabulary import Vocabulary, coverage
from tutor.domain.content import Library
from tutor.domain.passage import Passage, SearchResult

if TYPE_CHECKING:
    from tutor.retrieval.encoder import Encoder

FLOOR = 0.75
"""Chosen on the development questions (`scripts/eval_answers.py`), to refuse no more than 3 % of what is answerable: on
the held-out half it answers 0.98 and refuses all of the others."""
KEYWORD_FLOOR = 0.58
"""Without the encoder: 0.92 and 0.90."""
BY_HEADING, BY_CHAPTER = 0.7, 0.5
"""What a heading and a chapter contribute, a passage contributing 1: the weights of a logistic regression on the
development questions."""
BY_ASKED, EVEN = 0.6, 0.58
"""What the nearest known question contributes, and the cosine from which on it speaks for an answer; below, against.
Material without such questions is judged without."""
MOST_NEAREST = 3
"""Chapters named beside an answer or an abstention."""
COSINE_SHARE = 0.3
"""How much of the cosine counts when no word of the question stands in the passage."""


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

    @property
    def enough(self) -> bool:
        """True when an answer may be composed."""
        return self.statistic >= self.floor


def judge(question: str, found: SearchResult, vocabulary: Vocabulary, encoder: "Encoder | None" = None) -> Relevance:
    """Whether what was found bears on the question; the encoder must be the one the search used, if it used one."""
    subject = vocabulary.subject(question)
    passages = [hit.passage for hit in found.hits]
    held = [coverage(subject, [_names(one), one.text]) for one in passages]
    near = [(_both(hit.cosine, own), hit.cosine, own) for hit, own in zip(found.hits, held, strict=True) if hit.cosine]
    if encoder is None or not near:
        best = max(held, default=0.0)
        return Relevance(best, KEYWORD_FLOOR, None, best)
    vectors = encoder.encode([question, *(one.heading for one in passages)])
    cosines = [float(row @ vectors[0]) for row in vectors[1:]]
    named = [coverage(subject, [_names(one)]) for one in passages]
    heading = max(_both(cosine, own) for cosine, own in zip(cosines, named, strict=True))
    chapter = max(vocabulary.held_by(name, subject) for name in {one.chapter_id for one in passages})
    asked = max((hit.asked for hit in found.hits if hit.asked is not None), default=EVEN)
    passage, cosine, own = max(near)
    statistic = passage + BY_HEADING * heading + BY_CHAPTER * chapter + BY_ASKED * (asked - EVEN)
    return Relevance(statistic, FLOOR, cosine, own)


def nearest(question: str, found: SearchResult, library: Library, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Ids of the chapters closest to a question, best first: those of the hits, or else by its words."""
    ids = dict.fromkeys(hit.passage.chapter_id for hit in found.hits)
    if not ids:
        subject = vocabulary.subject(question)
        every = (chapter.id for chapter in library.chapters())
        ids.update(dict.fromkeys(sorted(every, key=lambda one: -vocabulary.held_by(one, subject))))
    return tuple(ids)[:MOST_NEAREST]


def _both(cosine: float, held: float) -> float:
    """Near and worded alike at once."""
    return max(0.0, cosine) * (COSINE_SHARE + held)


def _names(passage: Passage) -> str:
    """The names a passage goes by: its headings, its chapter's title and aliases."""
    return " ".join((passage.chapter, *passage.aliases, *passage.heading_path))
