"""Owns what the keyword index holds of a passage, and how words are found in it."""

import re
from functools import cache
from typing import TYPE_CHECKING

from tutor.domain.passage import Passage, PassageKind
from tutor.retrieval.passage_rows import stamp_of, text_number
from tutor.retrieval.words import STOP_WORDS

if TYPE_CHECKING:
    from tantivy import Document, Schema, TextAnalyzer

VERSION = 7
"""Of fields and analysis; an index of another version is made again."""
FIELDS = {"title": 0.5, "heading": 1.0, "alias": 1.0, "answers": 0.5, "body": 1.0}
"""Scored one by one and added up with these weights; the body holds the title and headings too. Chosen on the
development halves: against title, heading and body as they are, +0.007 nDCG@10 on Cranfield, and a right passage among
the best five for 3 % more of the learners' questions; the answered questions' weight out of 0.3 to 1.5."""
LONGEST_WORD = 60
"""Bytes; longer tokens are noise such as encoded data."""
_ACRONYM = re.compile(r"\b[A-Z]{3,4}\b")


@cache
def schema() -> "Schema":
    """The fields: some to find by, some to filter by."""
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("stamp", indexed=True, fast=True)
    builder.add_unsigned_field("text", indexed=True, fast=True)
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("chapter", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("question", tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="words", index_option="freq")
    builder.add_text_field("has", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("word", tokenizer_name="plain", index_option="basic")
    builder.add_text_field("acronym", tokenizer_name="raw", index_option="basic")
    return builder.build()


@cache
def analyser(stemmed: bool = True) -> "TextAnalyzer":
    """One way to find words for passages and queries; the same stop words and stemmer as `words`."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple())
    filters = [Filter.remove_long(LONGEST_WORD), Filter.lowercase(), Filter.ascii_fold()]
    if stemmed:
        filters += [Filter.custom_stopword(sorted(STOP_WORDS)), Filter.stemmer("english")]
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


def document_of(passage: Passage) -> "Document":
    """The passage as the index holds it; what is beyond a chapter has no words, as these are not the material's."""
    from tantivy import Document

    from tutor.retrieval.markup import plain

    document = Document()
    document.add_unsigned("stamp", stamp_of(passage))
    document.add_unsigned("text", text_number(passage.hash))
    document.add_text("id", clean(passage.id))
    document.add_text("chapter", clean(passage.chapter_id))
    document.add_text("kind", str(passage.kind))
    document.add_text("question", passage.question_id or "")
    if passage.kind is PassageKind.BEYOND:
        return document
    aliases = clean(" ".join(passage.aliases))
    body = clean("\n".join((passage.chapter, *passage.heading_path, plain(passage.text))))
    texts = {
        "title": clean(passage.chapter),
        "heading": clean(" ".join(passage.heading_path)),
        "alias": aliases,
        "answers": clean("\n".join(passage.answers)),
        "body": body,
    }
    for field, text in texts.items():
        if text:
            document.add_text(field, text)
            document.add_text("has", field)
    document.add_text("word", f"{body} {aliases}")
    for acronym in _ACRONYM.findall(" ".join((passage.chapter, *passage.aliases))):
        document.add_text("acronym", acronym.lower())
    return document


def clean(text: str) -> str:
    """The text without lone surrogates, which have no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
