"""The three chapters that the development questions were written for, searched with the real encoder."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.doubles.ollama_server import FakeOllama
from tutor.answering.answerer import Answerer
from tutor.domain.content import BodySection, Chapter, Library, Section, Track
from tutor.domain.passage import ANSWERING, Passage, SearchResult
from tutor.domain.settings import EngineChoice
from tutor.library.catalogue import load_library
from tutor.llm.client import OllamaClient
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.index import SearchIndex
from tutor.retrieval.passages import to_index

MODEL = "small:latest"
CONTENT = Path(__file__).parents[2] / "content"
CHAPTERS = ("rag/what-is-rag", "rag/rag-pipeline", "rag/rag-vs-fine-tuning")
QUESTIONS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "questions.jsonl").read_text("utf-8").splitlines()
]


@dataclass(frozen=True)
class Material:
    """A library with its index, and the encoder it was made with, if any."""

    library: Library
    index: SearchIndex
    encoder: Encoder | None

    def search(self, query: str) -> SearchResult:
        return self.index.search(query, 12, encoder=self.encoder, kinds=ANSWERING)

    def answerer(
        self, client: OllamaClient | None = None, choice: EngineChoice = EngineChoice.LOCAL, tokens: int = 8192
    ) -> Answerer:
        lexicon = self.index.lexicon
        return Answerer(
            self.search, lambda: self.encoder, client, choice, self.library, lexicon=lexicon, context_tokens=tokens
        )


def library_of(*chapters: Chapter) -> Library:
    return Library((Track("t", "T", (Section("s", "S", chapters),)),))


def chapter_of(name: str, title: str, **sections: str) -> Chapter:
    made = [BodySection(h.replace("_", " "), 2, (h.replace("_", " "),), text, 1) for h, text in sections.items()]
    return Chapter(f"t/{name}", title, "s", tuple(made), (), "\n".join(sections.values()))


def passage_of(text: str, heading: str = "Heading") -> Passage:
    return Passage("t/c:0123456789ab", "t/c", "Chapter", (heading,), text)


def indexed(library: Library, folder: Path, encoder: Encoder | None) -> Material:
    index = SearchIndex(folder)
    index.sync([one for chapter in library.chapters() for one in to_index(chapter)], encoder=encoder, progress=None)
    return Material(library, index, encoder)


@pytest.fixture(scope="session")
def three_chapters() -> Library:
    (track,) = (one for one in load_library([(CONTENT, True)]).library.tracks if one.id == "rag")
    sections = (replace(s, chapters=tuple(c for c in s.chapters if c.id in CHAPTERS)) for s in track.sections)
    return Library((replace(track, sections=tuple(sections)),))


@pytest.fixture(scope="session")
def material(three_chapters: Library, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Material:
    return indexed(three_chapters, tmp_path_factory.mktemp("index"), encoder)


@pytest.fixture(scope="session")
def words_only(three_chapters: Library, tmp_path_factory: pytest.TempPathFactory) -> Material:
    return indexed(three_chapters, tmp_path_factory.mktemp("words"), None)


@pytest.fixture
def server() -> Iterator[FakeOllama]:
    with FakeOllama([MODEL]) as running:
        yield running


@pytest.fixture
def ollama(server: FakeOllama, material: Material) -> Callable[..., Answerer]:
    """An answerer whose model is the double."""

    def made(choice: EngineChoice = EngineChoice.AUTO, tokens: int = 8192) -> Answerer:
        client = OllamaClient(server.url, context_tokens=tokens, deadline=60.0, idle=30.0, pause=0.01)
        return material.answerer(client, choice, tokens)

    return made
