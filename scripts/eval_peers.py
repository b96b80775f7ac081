"""Other people's search over the same documents, each with its defaults; what is not installed is skipped, saying so.

Used by `eval_retrieval.py --peers`.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from tutor.domain.passage import Passage

Ranker = Callable[[str], list[str]]
Encode = Callable[[str], np.ndarray]
DEEPEST = 10


def peers(passages: Sequence[Passage], vectors: np.ndarray, encode: Encode) -> Iterator[tuple[str, Ranker]]:
    """Each peer's name with its ranker."""
    names = [passage.chapter_id for passage in passages]
    texts = [f"{passage.chapter} {passage.text}".strip() for passage in passages]
    made: dict[str, Callable[[], Ranker]] = {
        "bm25s": lambda: by_bm25s(names, texts),
        "tantivy": lambda: by_tantivy(passages),
        "txtai": lambda: by_txtai(names, texts, vectors, encode, hybrid=False),
        "txtai hybrid": lambda: by_txtai(names, texts, vectors, encode, hybrid=True),
        "llama-index in memory": lambda: by_llama_index(names, texts, vectors, encode),
        "langchain in memory": lambda: by_langchain(names, texts, vectors, encode),
    }
    for label, make in made.items():
        try:
            ranker = make()
        except ImportError as error:
            sys.stderr.write(f"{label} is skipped: {error}. Install it in an environment of its own.\n")
            continue
        yield label, ranker


def by_bm25s(names: Sequence[str], texts: Sequence[str]) -> Ranker:
    """bm25s: its tokenizer with English stop words and no stemmer, Lucene's BM25, k1 1.5 and b 0.75."""
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(texts), show_progress=False), show_progress=False)

    def rank(query: str) -> list[str]:
        tokens = bm25s.tokenize([query], show_progress=False)
        found, _ = index.retrieve(tokens, k=DEEPEST, show_progress=False)
        return [names[place] for place in found[0]]

    return rank


def by_tantivy(passages: Sequence[Passage]) -> Ranker:
    """tantivy: its query parser over a title and a body field with its English stemmer."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", tokenizer_name="en_stem")
    builder.add_text_field("body", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=50_000_000, num_threads=1)
    for passage in passages:
        writer.add_document(tantivy.Document(name=passage.chapter_id, title=passage.chapter, body=passage.text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(query: str) -> list[str]:
        parsed, _ = index.parse_query_lenient(query, ["title", "body"])
        found = searcher.search(parsed, DEEPEST).hits
        return [searcher.doc(address)["name"][0] for _, address in found]

    return rank


def by_txtai(
    names: Sequence[str], texts: Sequence[str], vectors: np.ndarray, encode: Encode, *, hybrid: bool
) -> Ranker:
    """txtai: Embeddings with its default model's vectors, dense or with `hybrid=True`; nothing else set."""
    from txtai import Embeddings

    known = dict(zip(texts, vectors, strict=True))

    def transform(inputs: str | list[str]) -> np.ndarray:
        each = [inputs] if isinstance(inputs, str) else inputs
        return np.stack([known[text] if text in known else encode(text) for text in each])

    index = Embeddings(method="external", transform=transform, hybrid=hybrid)
    index.index((name, text, None) for name, text in zip(names, texts, strict=True))
    return lambda query: [str(name) for name, _ in index.search(query, DEEPEST)]


def by_llama_index(names: Sequence[str], texts: Sequence[str], vectors: np.ndarray, encode: Encode) -> Ranker:
    """llama-index: SimpleVectorStore behind a VectorStoreIndex; its default model is a paid one."""
    from llama_index.core.schema import TextNode
    from llama_index.core.vector_stores import SimpleVectorStore
    from llama_index.core.vector_stores.types import VectorStoreQuery

    store = SimpleVectorStore()
    nodes = zip(names, texts, vectors.tolist(), strict=True)
    store.add([TextNode(id_=name, text=text, embedding=vector) for name, text, vector in nodes])

    def rank(query: str) -> list[str]:
        asked = VectorStoreQuery(query_embedding=encode(query).tolist(), similarity_top_k=DEEPEST)
        return list(store.query(asked).ids or [])

    return rank


def by_langchain(names: Sequence[str], texts: Sequence[str], vectors: np.ndarray, encode: Encode) -> Ranker:
    """langchain: InMemoryVectorStore; it has no default model."""
    from langchain_core.embeddings import Embeddings
    from langchain_core.vectorstores import InMemoryVectorStore

    known = dict(zip(texts, vectors.tolist(), strict=True))

    class Given(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [known[text] for text in texts]

        def embed_query(self, text: str) -> list[float]:
            return [float(value) for value in encode(text)]

    store = InMemoryVectorStore(Given())
    store.add_texts(list(texts), ids=list(names))
    return lambda query: [str(found.id) for found in store.similarity_search(query, k=DEEPEST)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    parser.error("It measures nothing by itself. Run eval_retrieval.py --peers COLLECTION.")
