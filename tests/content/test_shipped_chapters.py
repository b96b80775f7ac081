"""Content is code: its Python runs, its numbers come out, its questions can be graded, its paths lead somewhere."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tutor.domain.content import Chapter, Library
from tutor.domain.grade import Verdict
from tutor.domain.settings import EngineChoice
from tutor.grading.grader import Grader
from tutor.grading.local import LocalEngine
from tutor.grading.task import task_for
from tutor.library.catalogue import find_chapter, load_library
from tutor.library.lint import check_library
from tutor.library.roots import shipped_root
from tutor.retrieval.encoder import Encoder
from tutor.retrieval.support import SupportMeasure

LIBRARY: Library = load_library([(shipped_root(), True)]).library
CHAPTERS: list[Chapter] = list(LIBRARY.chapters())
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SEED_QUESTIONS = (
    "What is the difference between RAG and fine-tuning?",
    "When would you choose RAG over fine-tuning?",
    "Can RAG and fine-tuning be used together?",
)
SEED_CHAPTERS = (
    "What is RAG?",
    "Embeddings",
    "Chunking",
    "Retrieval",
    "Metadata Filtering",
    "Query Transformation",
    "Reranking",
    "Context Construction",
    "Generation",
    "RAG Evaluation",
    "Production Failure Modes",
    "RAG vs Fine-tuning",
    "Agentic RAG",
)


def test_the_check_finds_nothing(encoder: Encoder) -> None:
    problems = check_library([(shipped_root(), True)], supports=SupportMeasure(encoder))
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize(
    "chapter", [chapter for chapter in CHAPTERS if CODE.search(chapter.markdown)], ids=lambda chapter: chapter.slug
)
def test_its_python_runs_and_its_assertions_hold(chapter: Chapter, tmp_path: Path) -> None:
    for number, code in enumerate(CODE.findall(chapter.markdown), 1):
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{chapter.path}, block {number}:\n{done.stderr}"


@pytest.fixture(scope="module")
def grader(encoder: Encoder) -> Grader:
    engine = LocalEngine(encoder, lambda: datetime(2026, 11, 22, tzinfo=UTC))
    return Grader(lambda: engine, None, EngineChoice.LOCAL)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_its_references_earn_their_points_and_its_misconceptions_do_not(chapter: Chapter, grader: Grader) -> None:
    for question in chapter.questions:
        score = grader.grade(task_for(question, question.reference)).score
        assert score is not None and score >= 0.9, question.id
        for wrong in question.misconceptions:
            verdict = grader.grade(task_for(question, wrong.text)).verdict
            assert verdict not in (Verdict.STRONG, Verdict.GOOD), f"{question.id}: {wrong.text}"


@pytest.mark.parametrize("name", SEED_CHAPTERS)
def test_the_seed_roadmap_is_found_by_its_names(name: str) -> None:
    assert find_chapter(LIBRARY, name).track_id == "rag"


def test_the_seed_questions_are_asked() -> None:
    asked = {question.text for question in find_chapter(LIBRARY, "rag-vs-fine-tuning").questions}
    assert asked >= set(SEED_QUESTIONS)


def test_every_study_path_leads_through_chapters() -> None:
    [track] = LIBRARY.tracks
    assert {"one-evening", "one-week", "three-weeks"} <= {path.id for path in track.paths}
    whole = next(path for path in track.paths if path.id == "three-weeks")
    assert whole.chapters == tuple(chapter.id for chapter in CHAPTERS)
