"""Owns the choice of engine in a workspace: who answers, who grades, and which stands in for which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderMissing, ModelError
from tutor.domain.passage import ANSWERING, SearchResult
from tutor.domain.settings import EngineChoice, Settings
from tutor.store.home import Home
from tutor.workspace.finding import Progress
from tutor.workspace.searching import Searching

if TYPE_CHECKING:
    from tutor.answering.answerer import Answerer
    from tutor.domain.answer import Answer
    from tutor.domain.content import KeyQuestion
    from tutor.domain.grade import Grade
    from tutor.grading.grader import Grader
    from tutor.grading.local import LocalEngine
    from tutor.grading.matching import Match
    from tutor.grading.recalibration import Recalibration
    from tutor.grading.selftest.report import SelfTestReport
    from tutor.grading.task import GradingTask
    from tutor.llm.cancel import Cancel
    from tutor.llm.client import OllamaClient

ANSWER_PASSAGES = 12
"""Passages an answer is looked for in; more than it cites, so that both sides of a comparison are among them."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Which engine answers and grades now."""

    active: str
    """`local`, or `ollama:MODEL`."""
    detail: str
    """One sentence: why this one."""


class Engines(Searching):
    """Asking and grading. Every method is thread-safe."""

    def __init__(self, home: Home, settings: Settings, *, environ: Mapping[str, str]) -> None:
        super().__init__(home, settings, environ=environ)
        self._local: LocalEngine | None = None
        self._ollama: OllamaClient | None = None
        self._answerers: dict[EngineChoice, Answerer] = {}
        self._learned: Recalibration | None = None

    def reload(self) -> None:
        """Read the chapter files again at the next use."""
        with self._lock:
            super().reload()
            self._answerers.clear()

    @property
    def ollama(self) -> OllamaClient:
        """The configured Ollama server; building it connects to nothing. Raises ModelRefused. Thread-safe."""
        with self._lock:
            if self._ollama is None:
                self._ollama = self._client(self.settings.model)
            return self._ollama

    def _client(self, model: str) -> OllamaClient:
        from tutor.llm.client import OllamaClient

        settings = self.settings
        return OllamaClient(
            settings.ollama_host or self._environ.get("OLLAMA_HOST", ""),
            model=model,
            allow_remote=settings.allow_remote,
            context_tokens=settings.context_tokens,
            deadline=settings.deadline,
        )

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
        history: Sequence[Answer] = (),
        on_text: Callable[[str], None] | None = None,
        cancel: Cancel | None = None,
    ) -> Answer:
        """An answer from the material, after the answers in `history`. Raises TutorError. Thread-safe."""
        return self._answerer(engine).ask(question, history=history, on_text=on_text, cancel=cancel)

    def _answerer(self, engine: EngineChoice | None) -> Answerer:
        """One for all questions, because it keeps what it knows of the chapters' words."""
        from tutor.answering.answerer import Answerer

        choice = engine or self.settings.engine
        with self._lock:
            if choice not in self._answerers:
                self._answerers[choice] = Answerer(
                    search=self._answer_passages,
                    encoder=self.encoder,
                    client=None if choice is EngineChoice.LOCAL else self.ollama,
                    choice=choice,
                    library=self.library,
                    lexicon=self.index.lexicon,
                    context_tokens=self.settings.context_tokens,
                )
            return self._answerers[choice]

    def _answer_passages(self, query: str) -> SearchResult:
        """Found by the encoder that comes along, which the floors of answering were measured with."""
        return self.index.search(query, ANSWER_PASSAGES, encoder=self.encoder(), kinds=ANSWERING)

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

    def grade(
        self,
        task: GradingTask,
        *,
        engine: EngineChoice | None = None,
        fresh: bool = False,
        cancel: Cancel | None = None,
    ) -> Grade:
        """Judge an answer; an engine that fails gives `not_graded` with its reason. Blocks. Thread-safe.

        A model is asked the same thing once and its reply kept, until `fresh` asks it again.

        A grade by an engine that fell short in its self-test says so in `advisory`.
        """
        from tutor.grading.selftest.standing import advisory_for

        given = self._grader(engine, fresh=fresh).grade(task, cancel=cancel)
        return replace(given, advisory=advisory_for(given, self.grader_standing()))

    def grader_standing(self) -> tuple[SelfTestReport, ...]:
        """What the self-tests made here found, one for each engine and version, newest first. Thread-safe."""
        from tutor.grading.selftest.standing import standings

        return standings(self.home.cache)

    def test_grader(
        self,
        engine: EngineChoice | None = None,
        *,
        model: str = "",
        quick: bool = False,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> SelfTestReport:
        """Have one engine grade the labelled answers that ship, or a quarter of them, and keep what comes out.

        `model` names another model of Ollama than the one in use.
        Local: about ten seconds for all. A small model takes some ten seconds an answer. Blocks. Thread-safe.
        Raises ModelInterrupted when cancelled, TutorError when the engine cannot grade or the outcome cannot be kept.
        """
        from tutor.grading.selftest import items
        from tutor.grading.selftest.running import run_selftest
        from tutor.grading.selftest.standing import keep

        wanted = EngineChoice.OLLAMA if model else engine
        local = wanted is not EngineChoice.OLLAMA and self.engine_status(wanted).active == "local"
        grader = self._grader(EngineChoice.LOCAL if local else EngineChoice.OLLAMA, fresh=True, model=model)
        asked = items.quick(items.load_items()) if quick else items.load_items()
        report = run_selftest(
            lambda task: grader.grade(task, cancel=cancel),
            asked,
            clock=self.now,
            progress=progress or (lambda *_: None),
            cancel=cancel,
        )
        keep(self.home.cache, report)
        return report

    def _grader(self, engine: EngineChoice | None, *, fresh: bool = False, model: str = "") -> Grader:
        from tutor.grading.grader import Grader
        from tutor.grading.model import ModelEngine
        from tutor.llm.kept import KeptReplies

        choice = engine or self.settings.engine

        def judge() -> ModelEngine:
            client = self._client(model) if model else self.ollama
            keep = KeptReplies(self.home.cache / "replies", fresh=fresh)
            return ModelEngine(client, self.now, self.encoder(), local=self._local_engine, keep=keep)

        return Grader(self._local_engine, None if choice is EngineChoice.LOCAL else judge, choice, self.now)

    def _local_engine(self) -> LocalEngine:
        """One for all grades, because it keeps what it has encoded of each reference. Raises EncoderMissing."""
        from tutor.grading.local import LocalEngine
        from tutor.grading.recalibration import IDENTITY

        with self._lock:
            if self._local is None:
                encoder = self.encoder()
                if encoder is None:
                    raise EncoderMissing(
                        'The local engine needs the sentence encoder, which is not ready. Run "tutor index" once.'
                    )
                self._local = LocalEngine(encoder, self.now, lambda: self._learned or IDENTITY)
            return self._local
