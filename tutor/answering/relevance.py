"""Owns the decision whether the material answers a question at all.

With the encoder the statistic is the best `cosine x (0.3 + coverage)` of any passage found: coverage is the weighted
share of the question's subject words that stand in that passage. Near and worded alike must be one and the same
passage; with top cosine and coverage taken from different passages the same questions
were told apart less and less well while chapters were added (AUC 0.98 to 0.97, here 0.99 throughout). While the encoder
is missing there is only coverage.
"""

from dataclasses import dataclass

from tutor.answering.vocabulary import Vocabulary, coverage
from tutor.domain.content import Chapter, Library
from tutor.domain.passage import Hit, SearchResult

FLOOR = 0.25
"""Chosen on the development questions (`scripts/eval_answers.py`), where it answers 0.84 of the answerable and refuses
0.99 of the others with the three chapters they were written for, 0.94 and 0.91 with 35 chapters."""
KEYWORD_FLOOR = 0.58
"""Likewise without the encoder: 0.79 and 0.98, then 0.89 and 0.89."""
MOST_NEAREST = 3
"""Chapters named beside an answer or an abstention."""
COVERAGE_SHARE = 0.3
"""How much of the cosine counts when no word of the question stands in the passage."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """How near the material comes to a question."""

    statistic: float
    """0..1.3 with the encoder, 0..1 without."""
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


def judge(question: str, found: SearchResult, vocabulary: Vocabulary, chapters: dict[str, Chapter]) -> Relevance:
    """Whether what was found bears on the question."""
    subject = vocabulary.subject(question)
    seen = [(hit.cosine, coverage(subject, [_words_of(hit, chapters)])) for hit in found.hits]
    near = [(max(0.0, cosine) * (COVERAGE_SHARE + held), cosine, held) for cosine, held in seen if cosine is not None]
    if near:
        statistic, cosine, held = max(near)
        return Relevance(statistic, FLOOR, cosine, held)
    held = max((held for _, held in seen), default=0.0)
    return Relevance(held, KEYWORD_FLOOR, None, held)


def nearest(question: str, found: SearchResult, library: Library, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Ids of the chapters closest to a question, best first: those of the hits, or else by its words."""
    ids = dict.fromkeys(hit.passage.chapter_id for hit in found.hits)
    if not ids:
        subject = vocabulary.subject(question)
        rest = sorted(library.chapters(), key=lambda one: -coverage(subject, (one.title, one.markdown)))
        ids.update(dict.fromkeys(chapter.id for chapter in rest))
    return tuple(ids)[:MOST_NEAREST]


def _words_of(hit: Hit, chapters: dict[str, Chapter]) -> str:
    """A passage with the names it goes by: its headings, its chapter's title and aliases."""
    chapter = chapters.get(hit.passage.chapter_id)
    names = (chapter.title, *chapter.aliases) if chapter else (hit.passage.chapter,)
    return " ".join((*names, *hit.passage.heading_path, hit.passage.text))
