"""A workspace that can be read in a minute: two chapters, scripted grades and answers, the real store and sittings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tutor.domain.answer import Answer, Citation
from tutor.domain.content import (
    BodySection,
    Chapter,
    KeyPoint,
    KeyQuestion,
    Library,
    Section,
    Source,
    StudyPath,
    Track,
)
from tutor.domain.errors import NotFound
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Receipt
from tutor.domain.passage import Hit, Passage, SearchResult
from tutor.domain.settings import EngineChoice, Settings
from tutor.grading.selftest.report import KindReport, SelfTestReport, Share
from tutor.store.home import Home
from tutor.workspace import EngineStatus, IndexState, Workspace

START = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)

SUPPLIES = "RAG supplies knowledge at inference time by retrieving documents."
TRAINS = "Fine-tuning changes the model itself through training."
SHAPES = "Fine-tuning is for behaviour, not for facts."

DIFFERENCE = KeyQuestion(
    id="rag/rag-vs-fine-tuning#difference",
    text="What is the difference between RAG and fine-tuning?",
    reference="RAG injects external knowledge at inference time. Fine-tuning changes the model through training.",
    points=(
        KeyPoint("knowledge", SUPPLIES, essential=True),
        KeyPoint("training", TRAINS),
        KeyPoint("behaviour", SHAPES),
    ),
    follow_ups=("How would you decide with one week and 200 examples?",),
    contrast=("RAG", "fine-tuning"),
    line=40,
)
CHOOSE = KeyQuestion(
    id="rag/rag-vs-fine-tuning#choose",
    text="When would you choose RAG over fine-tuning?",
    reference="When knowledge changes often, when sources must be traceable.",
    points=(KeyPoint("fresh", "Choose RAG when knowledge changes often.", essential=True),),
    line=50,
)
DEFINITION = KeyQuestion(
    id="rag/what-is-rag#definition",
    text="What does retrieval-augmented generation mean, with `list[int]` and [/] in it?",
    reference="The model is given retrieved text to answer from.",
    points=(KeyPoint("retrieved", "The model answers from retrieved text.", essential=True),),
    line=30,
)

VERSUS = Chapter(
    id="rag/rag-vs-fine-tuning",
    title="RAG vs Fine-tuning",
    section_id="foundations",
    sections=(
        BodySection("In one breath", 2, ("In one breath",), f"**{SUPPLIES}** {TRAINS}", 10),
        BodySection(
            "When RAG is the better choice",
            2,
            ("When RAG is the better choice",),
            "RAG is usually the better choice when:\n\n- knowledge changes often\n- you need *traceable* sources\n"
            "- the answer should come from a known corpus\n\nSee [the paper](https://arxiv.org/abs/2312.05934).",
            14,
        ),
        BodySection(
            "When fine-tuning helps more",
            2,
            ("When fine-tuning helps more",),
            f"{SHAPES}\n\n| wish | RAG | fine-tuning |\n|---|---|---|\n| fresh facts | yes, by retrieval | no |\n"
            "| house style | hardly | yes, from a few hundred good examples |\n\n"
            '```python\ndef choose(needs: list[str]) -> str:\n    return "rag" if "facts" in needs else "tune"\n```\n\n'
            "> Fine-tuning teaches form, retrieval brings facts.",
            24,
        ),
        BodySection("Together", 3, ("When fine-tuning helps more", "Together"), "Many systems use both. " * 12, 36),
    ),
    questions=(DIFFERENCE, CHOOSE),
    markdown="",
    weight="high",
    updated=date(2026, 11, 22),
    sources=(Source("Fine-Tuning or Retrieval?", "arXiv:2312.05934", 2023),),
)
WHAT = Chapter(
    id="rag/what-is-rag",
    title="What is RAG",
    section_id="foundations",
    sections=(
        BodySection("In one breath", 2, ("In one breath",), "The model answers from retrieved text.", 10),
        BodySection("Signs", 2, ("Signs",), "Types like list[int], a [/] and [@click=app.quit]quit[/] are text.", 20),
    ),
    questions=(DEFINITION,),
    markdown="",
    weight="medium",
)
PATH = StudyPath("evening", "One evening", "For tomorrow's interview.", (VERSUS.id,))
LIBRARY = Library(
    (Track("rag", "RAG engineering", (Section("foundations", "Foundations", (WHAT, VERSUS)),), paths=(PATH,)),)
)

CITED = Citation(1, "rag/rag-vs-fine-tuning:aa", VERSUS.id, "In one breath", SUPPLIES, True)
ANSWER = Answer(
    question="",
    engine="ollama:llama3.2:3b",
    text=f"{SUPPLIES} [1] Fine-tuning shapes behaviour. [2]\n\nBoth can win prizes.",
    citations=(
        CITED,
        Citation(2, "rag/rag-vs-fine-tuning:bb", VERSUS.id, "When fine-tuning helps more", SHAPES, True),
    ),
    unsupported=("Both can win prizes.",),
)
ABSTAINED = Answer(
    question="",
    engine="extractive",
    text="The chapters say nothing about steaks.",
    abstained=True,
    nearest=(WHAT.id,),
)
GOOD_GRADE = Grade(
    outcome=Outcome.GRADED,
    engine="local",
    points=(
        PointGrade(
            "knowledge", SUPPLIES, PointStatus.COVERED, 1.0, essential=True, evidence="rag looks things up", cite=CITED
        ),
        PointGrade("training", TRAINS, PointStatus.PARTIAL, 0.5, evidence="tuning trains"),
        PointGrade("behaviour", SHAPES, PointStatus.MISSING, 0.0, note="Say that fine-tuning shapes behaviour."),
    ),
    feedback="You have the heart of it. Add what fine-tuning is good for.",
    confidence=0.9,
    receipt=Receipt("local", "3", "abc", START, 0.4),
)
NOT_GRADED = Grade(Outcome.NOT_GRADED, "ollama:llama3.2:3b", reason="Ollama is not running at 127.0.0.1:11434.")


REPORT = SelfTestReport(
    engine="local",
    version="7",
    at=START,
    set_version="2",
    quick=True,
    answers=62,
    agreement=Share(300, 366),
    false_passes=Share(6, 46),
    passed=Share(27, 36),
    false_fails=Share(2, 36),
    wrong_credited=Share(4, 30),
    contradictions=Share(9, 30),
    false_alarms=Share(1, 80),
    unsure=Share(20, 300),
    calibration=0.19,
    seconds=0.1,
    slowest=0.3,
    kinds=(KindReport("full", Share(27, 36), Share(2, 36), Share(7, 36), Share(90, 100)),),
)


@dataclass
class Script:
    """What the fake's engines say, and what holds them up."""

    grade: Grade = GOOD_GRADE
    answer: Answer = ANSWER
    pieces: tuple[str, ...] = ()
    """Texts so far that an answer is streamed as."""
    gate: threading.Event = field(default_factory=threading.Event)
    """Graders and answerers wait for it; set from the start unless a test clears it."""
    error: Exception | None = None
    history: tuple[Answer, ...] = ()
    """What the last question was asked after."""
    tested: tuple[SelfTestReport, ...] = ()
    """Outcomes of self-tests that are kept."""

    def __post_init__(self) -> None:
        self.gate.set()


class FakeWorkspace(Workspace):
    """The real store, sittings and settings in a folder of the test; everything else scripted."""

    def __init__(self, folder: Path, library: Library = LIBRARY) -> None:
        home = Home(folder)
        home.prepare()
        super().__init__(home, Settings(), environ={})
        self.script = Script()
        self.time = START
        self.shelf = library
        self.encoder_ready = True
        self.preparing = threading.Event()
        self.preparing.set()
        self.engine = EngineStatus("local", "")

    def now(self) -> datetime:
        """A clock that moves when a test moves it."""
        self.time += timedelta(milliseconds=1)
        return self.time

    @property
    def library(self) -> Library:
        """Two chapters."""
        return self.shelf

    def chapter(self, name: str) -> Chapter:
        """By id or slug."""
        for chapter in self.shelf.chapters():
            if name in (chapter.id, chapter.slug):
                return chapter
        raise NotFound(f'There is no chapter "{name}".')

    def engine_status(self, engine: object = None) -> EngineStatus:
        """As scripted."""
        return self.engine

    def index_state(self) -> IndexState:
        """As scripted."""
        return IndexState(4, self.encoder_ready, 0)

    def refresh_index(self, progress: object = None) -> None:  # type: ignore[override]
        """Nothing to do."""

    def prepare(self, progress: Callable[[int, int, str], None] | None = None) -> None:
        """Half way, then whatever the test waits for."""
        if progress is not None:
            progress(1, 2, "exporting the encoder")
        self.preparing.wait(60)
        self.encoder_ready = True

    def search(self, query: str, k: int = 5, kinds: object = None) -> SearchResult:
        """Sections that hold a word of the query."""
        words = query.casefold().split()
        hits = [
            Hit(Passage(f"{c.id}:{s.line}", c.id, c.title, s.path, s.text, line=s.line), 1.0)
            for c in self.shelf.chapters()
            for s in c.sections
            if any(word in f"{s.heading} {s.text}".casefold() for word in words)
        ]
        return SearchResult(query, "hybrid" if self.encoder_ready else "keyword", tuple(hits[:k]))

    def ask(
        self,
        question: str,
        *,
        engine: object = None,
        history: Sequence[Answer] = (),
        on_text: object = None,
        cancel: object = None,
    ) -> Answer:
        """The scripted answer, in the scripted pieces."""
        self.script.history = tuple(history)
        if callable(on_text):
            for piece in self.script.pieces:
                on_text(piece)
        self.script.gate.wait(60)
        if self.script.error is not None:
            raise self.script.error
        return self.script.answer

    def grader_standing(self) -> tuple[SelfTestReport, ...]:
        """As scripted."""
        return self.script.tested

    def test_grader(
        self,
        engine: object = None,
        *,
        model: str = "",
        quick: bool = False,
        progress: object = None,
        cancel: object = None,
    ) -> SelfTestReport:
        """Half way, then the scripted failure or a fine outcome once the gate is open."""
        if callable(progress):
            progress(31, 62, "Grading")
        self.script.gate.wait(60)
        if self.script.error is not None:
            raise self.script.error
        named = "local" if engine is EngineChoice.LOCAL else self.engine.active
        report = replace(REPORT, quick=quick, engine=f"ollama:{model}" if model else named)
        self.script.tested = (report, *self.script.tested)
        return report

    def task(self, question: KeyQuestion, answer: str) -> tuple[KeyQuestion, str]:  # type: ignore[override]
        """What the scripted grader needs: nothing."""
        return question, answer

    def grade(self, task: object, *, engine: object = None, cancel: object = None) -> Grade:
        """The scripted grade, once the gate is open."""
        self.script.gate.wait(60)
        if self.script.error is not None:
            raise self.script.error
        return self.script.grade
