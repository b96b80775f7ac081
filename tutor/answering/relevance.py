"""Owns the decision whether the material answers a question at all.

With the encoder the statistic is `top cosine x (0.3 + coverage)`: coverage is the weighted share of the question's
subject words that stand in the best passages (facts: retrieval, finding 9: 0.99 AUC for questions from elsewhere).
While the encoder is missing there is only coverage. Neither depends on how many chapters there are.
"""

from dataclasses import dataclass

from tutor.answering.vocabulary import Vocabulary, coverage
from tutor.domain.content import Chapter, Library
from tutor.domain.passage import Hit, SearchResult

FLOOR = 0.26
"""Chosen on the development questions (`scripts/eval_answers.py`): answers 0.88 of the answerable and refuses 0.99
of the others with the three chapters they were written for; 0.93 and 0.94 with thirteen chapters."""
KEYWORD_FLOOR = 0.56
"""Likewise without the encoder: answers 0.84, refuses 0.95."""
MOST_NEAREST = 3
"""Chapters named beside an answer or an abstention."""
BEST_PASSAGES = 3
"""Passages that may share the question's words among them; an answer is made from about as many."""
COVERAGE_SHARE = 0.3
"""How much of the cosine counts when no word of the question stands in the passages (facts: retrieval, tables)."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """How near the material comes to a question."""

    statistic: float
    """0..1.3 with the encoder, 0..1 without."""
    floor: float
    """What the statistic must reach for an answer."""
    cosine: float | None
    """Best cosine of the question and a passage; None without the encoder."""
    coverage: float
    """Weighted share of the subject's words in the best passages, 0..1."""

    @property
    def enough(self) -> bool:
        """True when an answer may be composed."""
        return self.statistic >= self.floor


def judge(question: str, found: SearchResult, vocabulary: Vocabulary, chapters: dict[str, Chapter]) -> Relevance:
    """Whether what was found bears on the question."""
    hits = found.hits[:BEST_PASSAGES]
    covered = coverage(vocabulary.subject(question), (_words_of(hit, chapters) for hit in hits))
    cosines = [hit.cosine for hit in found.hits if hit.cosine is not None]
    if not cosines:
        return Relevance(covered, KEYWORD_FLOOR, None, covered)
    top = max(0.0, *cosines)
    return Relevance(top * (COVERAGE_SHARE + covered), FLOOR, top, covered)


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
