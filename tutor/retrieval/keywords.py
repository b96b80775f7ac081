"""Owns finding passages by their words: BM25 over stemmed words with tantivy, in titles, headings and text.

What is ranked are numbers; the passages they stand for are read from files beside the index when they are shown.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tutor.domain.passage import FOUND, Passage, PassageKind
from tutor.retrieval import passage_files
from tutor.retrieval.keyword_fields import FIELDS, analyser, clean, document_of, schema
from tutor.retrieval.passage_files import PassageFiles
from tutor.retrieval.passage_rows import text_number

if TYPE_CHECKING:
    from tantivy import DocAddress, Index, Query

LOCKS = (".tantivy-writer.lock", ".tantivy-meta.lock")
"""Files of the library that belong to a process, not to the index."""
MOST_TERMS = 200
"""Different words of a query that count; a pasted page needs no more to be found by."""
FEW = 500
"""Texts up to which the passages that have them are looked up one by one: half the time of the library's query for
sets at a hundred, a twentieth at five, and four times as long at ten thousand."""
PLENTY = 0.55
"""Of the score of a passage that has every word of a query in every field. Words of which no passage has as much say
little, so meaning decides. Out of 0.3 to 0.7: a right passage comes first for 0.01 more of the learners' questions than
without, is among the best five for 0.006 more, and nothing changes on the public collections."""
WRITER_MEMORY = 30_000_000
"""Bytes the writer may hold before it writes a segment; the library's least is 15 MB."""


class Entry(NamedTuple):
    """A passage as the index knows it."""

    stamp: int
    """`passage_rows.stamp_of` it: one passage, at one place."""
    text: int
    """`passage_rows.text_number` of its hash, which names its vector."""


class KeywordIndex:
    """An opened index. Searches may run in several threads."""

    def __init__(self, folder: Path) -> None:
        """Open a finished index. Raises OSError or ValueError when it cannot be read; check the checksums first."""
        self._index = _opened(folder)
        self._index.config_reader("manual")
        self._index.reload()
        self._searcher = self._index.searcher()
        self._passages = PassageFiles(folder)

    def search(
        self,
        query: str,
        depth: int,
        *,
        kinds: Collection[PassageKind] = FOUND,
        exclude: Collection[str] = (),
    ) -> dict[Entry, float]:
        """Passages with their scores, best first, at most `depth` of them: BM25, 1 being `_plenty` for this query.

        Only passages of these kinds, and none that belongs to an excluded key question. Any text is a query: its words
        are looked up as words, nothing in it is syntax. A query without a content word finds nothing.
        """
        terms = list(dict.fromkeys(analyser().analyze(clean(query))))[:MOST_TERMS]
        if not terms or depth < 1:
            return {}
        from tantivy import Occur, Query

        schema = self._index.schema
        wanted = Query.boolean_query(
            [
                (Occur.Should, Query.boost_query(Query.term_query(schema, field, term, "freq"), weight))
                for term in terms
                for field, weight in FIELDS.items()
            ]
        )
        # What has no words needs no clause to be kept out, which would cost time.
        shown = self._shown(wanted, {*kinds, PassageKind.BEYOND}, exclude)
        found = self._searcher.search(shown, depth, count=False).hits
        entries = self._entries([address for _, address in found])
        plenty = self._plenty(terms)
        ranked = zip(entries, (float(score) / plenty for score, _ in found), strict=True)
        return dict(sorted(ranked, key=lambda hit: (-hit[1], hit[0].stamp)))

    def _plenty(self, terms: Sequence[str]) -> float:
        """The BM25 score of a passage that holds most of what is asked; a best score below it says little."""
        every = self._searcher.num_docs
        counts = (self._count("body", term) for term in terms)
        return PLENTY * self._reach * sum(log(1 + (every - count + 0.5) / (count + 0.5)) for count in counts)

    @cached_property
    def _reach(self) -> float:
        """The weights of the fields that passages have, in the mean."""
        every = max(1, self._searcher.num_docs)
        return sum(weight * self._count("has", field) / every for field, weight in FIELDS.items())

    def _count(self, field: str, term: str) -> int:
        """How many passages have a term, at most all there are: the library counts some that were removed."""
        return min(int(self._searcher.num_docs), int(self._searcher.doc_freq(field, term)))

    def having(
        self,
        texts: Collection[int],
        kinds: Collection[PassageKind] = FOUND,
        exclude: Collection[str] = (),
    ) -> list[Entry]:
        """The passages with these texts, as far as they are here; kinds and questions as in `search`."""
        shown = self._shown(self._any_of(texts), kinds, exclude)
        return self._entries(self._addresses(shown, len(texts)))

    @cached_property
    def beyond(self) -> dict[str, list[int]]:
        """By track the texts that hold the questions beyond its chapters."""
        from tantivy import Query

        kind = str(PassageKind.BEYOND)
        query = Query.term_query(self._index.schema, "kind", kind)
        texts: dict[str, list[int]] = {}
        found = self._entries(self._addresses(query, self._searcher.doc_freq("kind", kind)))
        for passage in self.passages([entry.stamp for entry in found]).values():
            texts.setdefault(passage.track_id, []).append(text_number(passage.hash))
        return texts

    def entries(self, chapter_id: str | None = None) -> list[Entry]:
        """Every passage, or every one of a chapter."""
        from tantivy import Query

        if chapter_id is None:
            return self._entries(self._addresses(Query.all_query()))
        return self._entries(self._addresses(Query.term_query(self._index.schema, "chapter", chapter_id)))

    def passages(self, stamps: Iterable[int]) -> dict[int, Passage]:
        """The passages of these stamps, which are of entries here."""
        found = ((stamp, self._passages.get(stamp)) for stamp in stamps)
        return {stamp: passage for stamp, passage in found if passage is not None}

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of this id."""
        from tantivy import Query

        entries = self._entries(self._addresses(Query.term_query(self._index.schema, "id", passage_id)))
        return next(iter(self.passages(entry.stamp for entry in entries).values()), None)

    def holding(self, stem: str) -> int:
        """How many passages hold a stem in headings or text; of one with dots or signs inside, all its parts."""
        parts = analyser(stemmed=False).analyze(clean(stem))
        return min((self._searcher.doc_freq("body", part) for part in parts), default=0)

    def words(self, beginning: str) -> dict[str, int]:
        """The words that begin so, lower case, each with how many passages use it or are named by it."""
        return dict(self._searcher.terms_with_prefix("word", beginning))

    def acronym(self, word: str) -> bool:
        """True when a title or alias has this word, given in lower case, in capitals."""
        return bool(self._searcher.doc_freq("acronym", word))

    def __len__(self) -> int:
        """How many passages there are that can be found."""
        return int(self._searcher.num_docs) - self._searcher.doc_freq("kind", str(PassageKind.BEYOND))

    def _any_of(self, texts: Collection[int]) -> "Query":
        """Passages with one of these texts."""
        from tantivy import Occur, Query

        if len(texts) > FEW:
            return Query.term_set_query(self._index.schema, "text", list(texts))
        terms = (Query.term_query(self._index.schema, "text", text, "basic") for text in texts)
        return Query.boolean_query([(Occur.Should, term) for term in terms])

    def _addresses(self, query: "Query", about: int | None = None) -> list["DocAddress"]:
        """Where all that a query finds is; `about` how many that will be, for which the library makes less room."""
        every = max(1, self._searcher.num_docs)
        most = every if about is None else min(2 * about + 1, every)
        hits = self._searcher.search(query, most, count=False).hits
        if len(hits) == most < every:  # many passages have the same text
            return self._addresses(query)
        return [address for _, address in hits]

    def _entries(self, addresses: list["DocAddress"]) -> list[Entry]:
        both = (self._searcher.fast_field_values(field, addresses) for field in ("stamp", "text"))
        return [Entry(int(stamp or 0), int(text or 0)) for stamp, text in zip(*both, strict=True)]

    def _shown(self, wanted: "Query", kinds: Collection[PassageKind], exclude: Collection[str]) -> "Query":
        """What is wanted without the passages that are to stay hidden."""
        from tantivy import Occur, Query

        schema = self._index.schema
        hidden = [("kind", str(kind)) for kind in PassageKind if kind not in kinds]
        hidden += [("question", question_id) for question_id in exclude]
        clauses = [(Occur.MustNot, Query.term_query(schema, field, value)) for field, value in hidden]
        return Query.boolean_query([(Occur.Must, wanted), *clauses]) if clauses else wanted


def update(folder: Path, *, add: Sequence[Passage], remove: Iterable[int]) -> None:
    """Change the index in a folder that nobody reads yet; an empty folder becomes an index. Raises OSError, ValueError.

    `remove` holds stamps. Returns when every file is as it will stay.
    """
    from tantivy import Query

    index = _opened(folder)
    writer = index.writer(WRITER_MEMORY, 1)
    gone = list(remove)
    if gone:
        writer.delete_documents_by_query(Query.term_set_query(index.schema, "stamp", gone))
    for passage in add:
        writer.add_document(document_of(passage))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    passage_files.keep(folder, add, index.searcher().num_docs, lambda: _stamps(folder))


def _opened(folder: Path) -> "Index":
    from tantivy import Index

    index = Index(schema(), path=str(folder))
    index.register_tokenizer("words", analyser())
    index.register_tokenizer("plain", analyser(stemmed=False))
    return index


def _stamps(folder: Path) -> set[int]:
    return {entry.stamp for entry in KeywordIndex(folder).entries()}
