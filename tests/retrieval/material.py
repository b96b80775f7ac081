"""A small track to search in: two chapters with tables, code, lists and key questions."""

from tutor.domain.content import BodySection, Chapter, KeyPoint, KeyQuestion
from tutor.domain.passage import Passage
from tutor.retrieval.passages import passages_of

CHUNKING = """Chunks are the pieces a document is cut into before it is embedded. A chunk that is too long dilutes its
vector; one that is too short loses the context that makes it understandable."""
OVERLAP = """Neighbouring chunks may share some sentences, so that a fact at a border is whole in one of them. Overlap
costs storage and brings duplicates into the results."""
RERANKING = """A cross-encoder reads the query and one candidate together and gives a relevance score. It is far slower
than comparing two vectors, and more exact, so it orders only the first fifty candidates.

| stage | model | latency |
|---|---|---|
| recall | bi-encoder | 5 ms |
| precision | cross-encoder | 200 ms |
"""
KEYWORDS = """BM25 rewards rare words and saturates repeated ones. It finds error codes, product names and other exact
strings that embeddings blur."""


def chapter(name: str, title: str, *bodies: tuple[str, str], questions: tuple[KeyQuestion, ...] = ()) -> Chapter:
    """A chapter of the given headings and texts, written to Markdown the way a file holds it."""
    sections, lines = [], [""]
    for heading, text in bodies:
        lines.append(f"## {heading}")
        sections.append(BodySection(heading, 2, (heading,), text.strip(), line=len(lines)))
        lines += ["", *text.strip().splitlines(), ""]
    return Chapter(f"rag/{name}", title, "documents", tuple(sections), questions, "\n".join(lines))


OVERLAP_QUESTION = KeyQuestion(
    id="rag/chunking#overlap",
    text="Why do neighbouring chunks overlap?",
    reference="So that a fact which falls on a border is still whole in at least one chunk.",
    points=(KeyPoint("border", "A fact on a border stays whole in one chunk."),),
)
CHAPTERS = (
    chapter("chunking", "Chunking", ("Size", CHUNKING), ("Overlap", OVERLAP), questions=(OVERLAP_QUESTION,)),
    chapter("ranking", "Ranking", ("Reranking", RERANKING), ("Keyword search", KEYWORDS)),
)


def passages() -> list[Passage]:
    """All passages of the small track: four of text, one reference answer."""
    return [passage for each in CHAPTERS for passage in passages_of(each)]
