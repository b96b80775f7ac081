"""Owns the choice of concrete parts: builds each on first use and hands it out. The only place that reads the clock.

Methods marked thread-safe may run in a worker; everything else belongs to the thread that opened the workspace.
"""

from __future__ import annotations

import os
import random
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tutor.domain.content import Chapter, KeyQuestion, Library
from tutor.domain.errors import EncoderMissing, ModelError, NotFound
from tutor.domain.passage import PassageKind, SearchResult
from tutor.domain.settings import EngineChoice, Settings
from tutor.store.home import Home

if TYPE_CHECKING:
    from tutor.answering.answerer import Answerer
    from tutor.domain.answer import Answer
    from tutor.domain.grade import Grade
    from tutor.grading.grader import Grader
    from tutor.grading.local import LocalEngine
    from tutor.grading.matching import Match
    from tutor.grading.task import GradingTask
    from tutor.library.catalogue import Loaded
    from tutor.library.problem import Problem
    from tutor.llm.cancel import Cancel
    from tutor.llm.client import OllamaClient
    from tutor.retrieval.encoder import Encoder
    from tutor.retrieval.index import SearchIndex, SyncReport
    from tutor.store.store import Store
    from tutor.study.quiz import QuizSession

Progress = Callable[[int, int, str], None]

ANSWER_PASSAGES = 12
"""Passages an answer is looked for in; more than it cites, so that both sides of a comparison are among them."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the search index is."""

    passages: int
    encoder_ready: bool
    waiting: int
    """Passages found by keywords only, because they have no vector yet."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Which engine answers and grades now."""

    active: str
    """`local`, or `ollama:MODEL`."""
    detail: str
    """One sentence: why this one."""


class Workspace:
    """Everything one learner's tutor is made of. Use as a context manager, or call `close`."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        self.home = home
        self.settings = settings
        self._environ = environ
        self._lock = threading.RLock()
        self._index_lock = threading.Lock()
        self._loaded: Loaded | None = None
        self._store: Store | None = None
        self._index: SearchIndex | None = None
        self._sizes: tuple[int, int] | None = None
        self._encoder: Encoder | None = None
        self._local: LocalEngine | None = None
        self._ollama: OllamaClient | None = None
        self._answerers: dict[EngineChoice, Answerer] = {}

    @classmethod
    def open(cls, home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Self:
        """The workspace of one home folder, made when it is not there yet. Raises SettingsError, StoreError."""
        from tutor.store.settings_file import load_settings

        place = Home.locate(home, environ)
        place.prepare()
        return cls(place, load_settings(place.settings_file), environ=environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; the workspace can be used again and would reopen it."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def now(self) -> datetime:
        """The present, UTC."""
        return datetime.now(UTC)

    # The material

    @property
    def roots(self) -> Sequence[tuple[Path, bool]]:
        """Folders that hold tracks, each with whether it is shipped."""
        from tutor.library.roots import shipped_root

        return ((shipped_root(), True), (self.home.packs, False))

    @property
    def library(self) -> Library:
        """Everything there is to study. Thread-safe."""
        return self._load().library

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Chapter files that were left out, and why. Thread-safe."""
        return self._load().problems

    def reload(self) -> None:
        """Read the chapter files again at the next use."""
        with self._lock:
            self._loaded = None
            self._answerers.clear()

    def chapter(self, name: str) -> Chapter:
        """The chapter with this id, slug, title or alias. Raises NotFound. Thread-safe."""
        from tutor.library.catalogue import find_chapter

        return find_chapter(self.library, name)

    def question(self, name: str) -> KeyQuestion:
        """The key question with this id or wording. Raises NotFound. Thread-safe."""
        from tutor.library.catalogue import find_question

        return find_question(self.library, name)

    def named_question(self, name: str) -> KeyQuestion | None:
        """The key question with this id or wording; None for any other text.

        Raises NotFound for what can only be an id, one lower-case word or one with a `#`, and is none.
        """
        try:
            return self.question(name)
        except NotFound:
            if re.fullmatch(r"\S*#\S*|[a-z0-9]+(?:-[a-z0-9]+)*", name.strip()):
                raise
            return None

    def _load(self) -> Loaded:
        from tutor.library.catalogue import load_library

        with self._lock:
            if self._loaded is None:
                self._loaded = load_library(self.roots)
            return self._loaded

    # The learner

    @property
    def store(self) -> Store:
        """The learner's database. Raises StoreError."""
        from tutor.store.store import Store

        if self._store is None:
            self._store = Store.open(self.home, clock=self.now, entropy=os.urandom)
        return self._store

    def change_settings(self, settings: Settings) -> None:
        """Use these settings from now on, and keep them. Raises SettingsError when they cannot be written."""
        from tutor.store.settings_file import save_settings

        save_settings(self.home.settings_file, settings)
        with self._lock:
            self.settings = settings
            self._ollama = None
            self._answerers.clear()

    def quiz(self, *, limit: int | None = None, chapter: str | None = None) -> QuizSession:
        """A sitting over what is due and new, or over one chapter's questions. Raises NotFound."""
        from tutor.study.queue import build_queue
        from tutor.study.quiz import QuizSession

        now = self.now()
        chapter_id = self.chapter(chapter).id if chapter else None
        rng = random.Random(now.date().toordinal())  # the day's order stays when the quiz is left and opened again
        queue = build_queue(
            self.library,
            self.store.memories(),
            now,
            new_limit=max(0, self.settings.new_per_day - self.store.counts(now).new_today),
            rng=rng,
            chapter_id=chapter_id,
        )
        return QuizSession(queue[:limit], self.store, clock=self.now, retention=self.settings.retention)

    # Finding

    @property
    def index(self) -> SearchIndex:
        """The search index, as fresh as the last `refresh_index`. Thread-safe."""
        from tutor.library.roots import shipped_root
        from tutor.retrieval.index import SearchIndex
        from tutor.retrieval.shipped import FILE

        with self._lock:
            if self._index is None:
                self._index = SearchIndex(self.home.cache, shipped=sorted(shipped_root().glob(f"*/{FILE}")))
            return self._index

    @property
    def _encoder_folder(self) -> Path:
        from tutor.retrieval.prepare import encoder_folder

        return encoder_folder(self.home.cache)

    def encoder(self) -> Encoder | None:
        """The sentence encoder; None until it has been prepared. Opening it takes about 0.4 s once. Thread-safe."""
        from tutor.retrieval.encoder import Encoder

        with self._lock:
            if self._encoder is None and Encoder.ready(self._encoder_folder):
                try:
                    self._encoder = Encoder(self._encoder_folder)
                except EncoderMissing:
                    return None
            return self._encoder

    def index_state(self) -> IndexState:
        """How far the index is, as of the last refresh; refreshes when there was none. Thread-safe."""
        from tutor.retrieval.encoder import Encoder

        if self._sizes is None:
            self.refresh_index()
        passages, waiting = self._sizes or (0, 0)
        return IndexState(passages, Encoder.ready(self._encoder_folder), waiting)

    def refresh_index(self, progress: Progress | None = None) -> SyncReport:
        """Index what changed, for keywords only without an encoder; milliseconds when nothing did. Thread-safe."""
        from tutor.retrieval.passages import passages_of

        with self._index_lock:
            passages = [passage for chapter in self.library.chapters() for passage in passages_of(chapter)]
            report = self.index.sync(passages, encoder=self.encoder(), progress=progress)
            self._sizes = len(passages), report.waiting
            return report

    def prepare(self, progress: Progress | None = None) -> None:
        """Export the encoder if it is missing (once, about half a minute), then index what changed. Thread-safe."""
        from tutor.retrieval.prepare import prepare_encoder

        if self.encoder() is None:
            prepare_encoder(self.home.cache, progress)
        self.refresh_index(progress)

    def search(self, query: str, k: int = 5, kinds: frozenset[PassageKind] = frozenset(PassageKind)) -> SearchResult:
        """The best k passages. Thread-safe."""
        return self.index.search(query, k, encoder=self.encoder(), kinds=kinds)

    def support_measure(self) -> Callable[[str, Sequence[str]], float] | None:
        """Cosine of a claim and the nearest of some sentences; None until the encoder is prepared."""
        from tutor.retrieval.support import SupportMeasure

        encoder = self.encoder()
        return None if encoder is None else SupportMeasure(encoder)

    # Asking and grading

    @property
    def ollama(self) -> OllamaClient:
        """The configured Ollama server; building it connects to nothing. Raises ModelRefused. Thread-safe."""
        from tutor.llm.client import OllamaClient

        with self._lock:
            if self._ollama is None:
                settings = self.settings
                self._ollama = OllamaClient(
                    settings.ollama_host or self._environ.get("OLLAMA_HOST", ""),
                    model=settings.model,
                    allow_remote=settings.allow_remote,
                    context_tokens=settings.context_tokens,
                    deadline=settings.deadline,
                )
            return self._ollama

    def engine_status(self, engine: EngineChoice | None = None) -> EngineStatus:
        """Which engine would answer now; asks the server, so up to 1.5 s. Thread-safe."""
        choice = engine or self.settings.engine
        if choice is EngineChoice.LOCAL:
            return EngineStatus("local", "The settings ask for the local engine.")
        try:
            model = self.ollama.choose_model()
        except ModelError as error:
            return EngineStatus("local", str(error))
        return EngineStatus(f"ollama:{model.name}", f"Ollama runs at {self.ollama.host}.")

    def ask(
        self,
        question: str,
        *,
        engine: EngineChoice | None = None,
        on_text: Callable[[str], None] | None = None,
        cancel: Cancel | None = None,
    ) -> Answer:
        """An answer from the material. Raises TutorError. Thread-safe."""
        return self._answerer(engine).ask(question, on_text=on_text, cancel=cancel)

    def _answerer(self, engine: EngineChoice | None) -> Answerer:
        """One for all questions, because it keeps what it knows of the chapters' words."""
        from tutor.answering.answerer import Answerer

        choice = engine or self.settings.engine
        with self._lock:
            if choice not in self._answerers:
                self._answerers[choice] = Answerer(
                    search=lambda query: self.search(query, k=ANSWER_PASSAGES),
                    encoder=self.encoder,
                    client=None if choice is EngineChoice.LOCAL else self.ollama,
                    choice=choice,
                    library=self.library,
                    context_tokens=self.settings.context_tokens,
                )
            return self._answerers[choice]

    def task(self, question: KeyQuestion, answer: str) -> GradingTask:
        """An answer with its reference and the passages of the chapter that support it. Thread-safe."""
        from tutor.grading.task import task_for
        from tutor.retrieval.passages import passages_of
        from tutor.retrieval.support import supporting

        passages = passages_of(self.chapter(question.chapter_id))
        claims = [question.reference, *(point.text for point in question.points)]
        return task_for(question, answer, supporting(passages, claims))

    def match(self, text: str) -> Match | None:
        """The key question nearest to a question in the learner's own words, if one is near enough. Thread-safe."""
        from tutor.grading.matching import match_question

        encoder = self.encoder()
        return None if encoder is None else match_question(text, list(self.library.questions()), encoder)

    def grade(self, task: GradingTask, *, engine: EngineChoice | None = None, cancel: Cancel | None = None) -> Grade:
        """Judge an answer; an engine that fails gives `not_graded` with its reason. Blocks. Thread-safe."""
        return self._grader(engine).grade(task, cancel=cancel)

    def _grader(self, engine: EngineChoice | None) -> Grader:
        from tutor.grading.grader import Grader
        from tutor.grading.model import ModelEngine

        choice = engine or self.settings.engine

        def model() -> ModelEngine:
            return ModelEngine(self.ollama, self.now, self.encoder())

        return Grader(self._local_engine, None if choice is EngineChoice.LOCAL else model, choice, self.now)

    def _local_engine(self) -> LocalEngine:
        """One for all grades, because it keeps what it has encoded of each reference. Raises EncoderMissing."""
        from tutor.grading.local import LocalEngine

        with self._lock:
            if self._local is None:
                encoder = self.encoder()
                if encoder is None:
                    raise EncoderMissing(
                        'The local engine needs the sentence encoder, which is not ready. Run "tutor index" once.'
                    )
                self._local = LocalEngine(encoder, self.now)
            return self._local
