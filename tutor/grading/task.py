"""Owns what a grading engine is given: one answer with everything it is judged against."""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.domain.content import KeyPoint, KeyQuestion, Misconception, digest
from tutor.domain.passage import Passage
from tutor.domain.text import sentences


@dataclass(frozen=True, slots=True)
class GradingTask:
    """One answer to one question, with the reference it is graded against."""

    question_id: str
    """`track/chapter#question`; empty for a question that no chapter asks."""
    question: str
    reference: str
    """The reference answer, in prose."""
    points: tuple[KeyPoint, ...]
    """What is judged, in authored order; the grade has one status for each."""
    misconceptions: tuple[Misconception, ...]
    contrast: tuple[str, ...]
    """The things the question sets against each other; empty or two and more."""
    answer: str
    """What the learner wrote, as written: evidence is quoted from it."""
    passages: tuple[Passage, ...]
    """Passages of the material that support the reference, best first; possibly none."""
    revision: str
    """12 hex digits naming the question, reference and points; goes into the receipt."""


def task_for(question: KeyQuestion, answer: str, passages: Sequence[Passage] = ()) -> GradingTask:
    """The task of grading an answer to a key question of the material."""
    return GradingTask(
        question_id=question.id,
        question=question.text,
        reference=question.reference,
        points=question.points,
        misconceptions=question.misconceptions,
        contrast=question.contrast,
        answer=answer,
        passages=tuple(passages),
        revision=question.revision,
    )


def task_from_text(question: str, reference: str, points: Sequence[str] | None, answer: str) -> GradingTask:
    """The task of grading an answer against a reference that stands in no chapter.

    Without points, each sentence of the reference is one, marked as derived. Their ids are `p1`, `p2` and so on.
    """
    derived = points is None
    texts = sentences(reference) if points is None else list(points)
    made = tuple(KeyPoint(id=f"p{n}", text=text, derived=derived) for n, text in enumerate(texts, start=1))
    return GradingTask(
        question_id="",
        question=question,
        reference=reference,
        points=made,
        misconceptions=(),
        contrast=(),
        answer=answer,
        passages=(),
        revision=digest(question, reference, *texts),
    )
