"""Owns what workers say to screens. Each message carries the id it belongs to; a handler drops strangers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tutor.domain.answer import Answer
    from tutor.domain.grade import Grade
    from tutor.domain.passage import SearchResult
    from tutor.llm.nouns import PullProgress, ServerStatus


class EngineKnown(Message):
    """Which engine answers and grades was found out."""

    def __init__(self, active: str, detail: str) -> None:
        super().__init__()
        self.active = active
        """`local`, or `ollama:MODEL`."""
        self.detail = detail
        """Why, or what to do for another one; a sentence, or empty."""


class IndexMoved(Message):
    """The index is being prepared and came further, or is finished, or could not be."""

    def __init__(self, state: "IndexProgress") -> None:
        super().__init__()
        self.state = state

    def can_replace(self, message: Message) -> bool:
        """Only the newest word on progress matters."""
        return isinstance(message, IndexMoved)


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far the preparation of search and grading is."""

    ready: bool = False
    """Search goes by meaning; passages that wait for their vectors are read when they are candidates."""
    done: int = 0
    total: int = 0
    label: str = ""
    """What is being done, a few words."""
    trouble: str = ""
    """Why it stopped; a sentence, or empty."""


class LibraryLoaded(Message):
    """The chapters have been read from disk."""


class ChaptersEdited(Message):
    """A chapter file came, went or changed since."""


class Graded(Message):
    """A grader is done with one attempt."""

    def __init__(self, attempt_id: str, grade: "Grade") -> None:
        super().__init__()
        self.attempt_id = attempt_id
        self.grade = grade


class AnswerGrew(Message):
    """An answer is being written; its text so far."""

    def __init__(self, request: int, text: str) -> None:
        super().__init__()
        self.request = request
        self.text = text

    def can_replace(self, message: Message) -> bool:
        """Text so far makes any shorter text of the same request superfluous."""
        return isinstance(message, AnswerGrew) and message.request == self.request


class Answered(Message):
    """An answer is complete."""

    def __init__(self, request: int, answer: "Answer") -> None:
        super().__init__()
        self.request = request
        self.answer = answer


class Found(Message):
    """A search is complete."""

    def __init__(self, request: int, result: "SearchResult") -> None:
        super().__init__()
        self.request = request
        self.result = result


class Failed(Message):
    """A worker could not do what it was asked."""

    def __init__(self, request: int | str, sentence: str) -> None:
        super().__init__()
        self.request = request
        """The id of what was asked: a request number or an attempt id."""
        self.sentence = sentence


class ServerSeen(Message):
    """Somebody looked what stands at Ollama's address."""

    def __init__(self, status: "ServerStatus") -> None:
        super().__init__()
        self.status = status


class Pulled(Message):
    """A download came further."""

    def __init__(self, request: int, step: "PullProgress") -> None:
        super().__init__()
        self.request = request
        self.step = step

    def can_replace(self, message: Message) -> bool:
        """Only the newest word on progress matters."""
        return isinstance(message, Pulled) and message.request == self.request


class PullEnded(Message):
    """A model is there."""

    def __init__(self, request: int) -> None:
        super().__init__()
        self.request = request


class SelfTestMoved(Message):
    """The grader's self-test came further."""

    def __init__(self, request: int, done: int, total: int) -> None:
        super().__init__()
        self.request = request
        self.done = done
        self.total = total

    def can_replace(self, message: Message) -> bool:
        """Only the newest word on progress matters."""
        return isinstance(message, SelfTestMoved) and message.request == self.request


class SelfTestDone(Message):
    """The grader's self-test is done, and what came out is kept."""

    def __init__(self, request: int) -> None:
        super().__init__()
        self.request = request
