"""Owns finding passages by their words: BM25 over stemmed words with tantivy, in titles, headings and text."""

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage, PassageKind
from tutor.retrieval.markup import plain
from tutor.retrieval.words import STOP_WORDS

if TYPE_CHECKING:
    from tantivy import Document, Index, Schema, TextAnalyzer

VERSION = 1
"""Of fields and analysis; an index of another version is made again."""
FIELDS = ("title", "heading", "body")
"""Scored one by one and added up. A word in a title or heading counts more by itself, because BM25 measures it against
that field's few words; a boost of 2 on top cost 0.01 nDCG@10 on Cranfield, and more on the shipped chapters."""
LOCKS = (".tantivy-writer.lock", ".tantivy-meta.lock")
"""Files of the library that belong to a process, not to the index."""
MOST_TERMS = 200
"""Different words of a query that count; a pasted page needs no more to be found by."""
LONGEST_WORD = 60
"""Bytes; longer tokens are noise such as encoded data."""
WRITER_MEMORY = 30_000_000
"""Bytes the writer may hold before it writes a segment; the library's least is 15 MB."""


class KeywordIndex:
    """An opened index. Searches may run in several threads."""

    def __init__(self, folder: Path) -> None:
        """Open a finished index. Raises ValueError when the library cannot read it; check the checksums first."""
        self._index = _opened(folder)
        self._index.config_reader("manual")
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(
        self,
        query: str,
        depth: int,
        *,
        kinds: Collection[PassageKind] = tuple(PassageKind),
        exclude: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """Passage ids with their BM25 scores, best first, at most `depth` of them.

        Only passages of these kinds, and none that belongs to an excluded key question. Any text is a query: its words
        are looked up as words, nothing in it is syntax. A query without a content word finds nothing.
        """
        terms = list(dict.fromkeys(_analyser().analyze(_clean(query))))[:MOST_TERMS]
        if not terms or depth < 1:
            return []
        from tantivy import Occur, Query

        schema = self._index.schema
        hidden = [("kind", str(kind)) for kind in PassageKind if kind not in kinds]
        hidden += [("question", question_id) for question_id in exclude]
        wanted = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, field, term, "freq")) for term in terms for field in FIELDS]
        )
        clauses = [(Occur.Must, wanted)]
        clauses += [(Occur.MustNot, Query.term_query(schema, field, value)) for field, value in hidden]
        found = self._searcher.search(Query.boolean_query(clauses), depth, count=False).hits
        ranked = [(str(self._searcher.doc(address).get_first("id")), float(score)) for score, address in found]
        return sorted(ranked, key=lambda hit: (-hit[1], hit[0]))


def update(folder: Path, *, add: Iterable[Passage], remove: Iterable[str]) -> None:
    """Change the index in a folder that nobody reads yet; an empty folder becomes an index. Raises OSError, ValueError.

    `remove` holds passage ids. Returns when every file is as it will stay.
    """
    index = _opened(folder)
    writer = index.writer(WRITER_MEMORY, 1)
    for passage_id in remove:
        writer.delete_documents_by_term("id", passage_id)
    for passage in add:
        writer.add_document(_document(passage))
    writer.commit()
    writer.wait_merging_threads()


def _opened(folder: Path) -> "Index":
    from tantivy import Index

    index = Index(_schema(), path=str(folder))
    index.register_tokenizer("words", _analyser())
    return index


@cache
def _schema() -> "Schema":
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("question", tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="words", index_option="freq")
    return builder.build()


@cache
def _analyser() -> "TextAnalyzer":
    """One way to find words for passages and queries; the same stop words and stemmer as `words`."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for each in (
        Filter.remove_long(LONGEST_WORD),
        Filter.lowercase(),
        Filter.ascii_fold(),
        Filter.custom_stopword(sorted(STOP_WORDS)),
        Filter.stemmer("english"),
    ):
        builder = builder.filter(each)
    return builder.build()


def _document(passage: Passage) -> "Document":
    from tantivy import Document

    document = Document()
    document.add_text("id", passage.id)
    document.add_text("kind", str(passage.kind))
    document.add_text("question", passage.question_id or "")
    document.add_text("title", _clean(passage.chapter))
    document.add_text("heading", _clean(" ".join(passage.heading_path)))
    document.add_text("body", _clean(plain(passage.text)))
    return document


def _clean(text: str) -> str:
    """The text without lone surrogates, which have no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
