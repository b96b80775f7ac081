"""Owns fitting a grading task into what a model can read: what is left out first when there is too much of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.domain.content import KeyPoint, Misconception
from tutor.domain.errors import ModelRefused
from tutor.domain.text import sentences
from tutor.grading.prompt import Batch, messages_of, shown_passages, tag_of
from tutor.grading.task import GradingTask
from tutor.llm.nouns import Message
from tutor.llm.tokens import estimated_tokens

BATCH = 8
"""Checks in one call; small models lose track of longer lists."""
PASSAGES = 3
"""Supporting passages shown where there is room."""
STEPS = (
    *((BATCH, shown, 1.0) for shown in range(PASSAGES, -1, -1)),
    *((size, 0, 0.5) for size in (BATCH, 4, 2, 1)),
    (1, 0, 0.0),
)
"""What is tried in turn: checks a call, passages, share of the reference's sentences. The points say what counts, so
the passages that explain them go first."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call to make."""

    batch: Batch
    messages: list[Message]
    tokens: int
    """Estimated, of the prompt."""


def planned(task: GradingTask, room: int, *, backwards: bool) -> list[PlannedCall]:
    """The calls that ask about every point and misconception once, each within `room` (tokens, reply included).

    Raises ModelRefused when the answer itself is too long: none of it is ever left out.
    """
    for size, passages, share in STEPS:
        reference = _shortened(task.reference, share)
        shown = shown_passages(task, passages)
        asked = batches(task, size, backwards=backwards)
        calls = [_planned(batch, messages_of(task, batch, shown, reference)) for batch in asked]
        needed = max(call.tokens + call.batch.max_tokens for call in calls)
        if needed <= room:
            return calls
    raise ModelRefused(
        f"Your answer is too long for the language model: with the question it takes about {needed} tokens, and the "
        f"model reads {room} at once. Shorten it, or raise context_tokens in the settings."
    )


def batches(task: GradingTask, size: int = BATCH, *, backwards: bool = False) -> list[Batch]:
    """Every point and misconception once, in even batches of at most `size`.

    The order is shuffled, since a place in the list sways a verdict (arXiv 2602.02219), by a seed made of the task: the
    same answer is asked about in the same order. `backwards` is that order reversed.
    """
    order = random.Random(tag_of(task))
    asked: list[KeyPoint | Misconception] = [*task.points]
    order.shuffle(asked)
    ideas = list(task.misconceptions)
    order.shuffle(ideas)
    asked += ideas
    if backwards:
        asked.reverse()
    count = -(-len(asked) // size)
    even = -(-len(asked) // count)
    return [_batch(asked[start : start + even]) for start in range(0, len(asked), even)]


def _planned(batch: Batch, messages: list[Message]) -> PlannedCall:
    return PlannedCall(batch, messages, estimated_tokens(messages))


def _batch(asked: Sequence[KeyPoint | Misconception]) -> Batch:
    points = tuple(item for item in asked if isinstance(item, KeyPoint))
    return Batch(points, tuple(item for item in asked if isinstance(item, Misconception)))


def _shortened(reference: str, share: float) -> str:
    """The first sentences of the reference, at least one unless the share is nothing."""
    parts = sentences(reference)
    return reference if share >= 1 else " ".join(parts[: -(-len(parts) // 2)] if share else [])
