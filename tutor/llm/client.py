"""Owns talking to Ollama: every call the rest of the house may make to a language model."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from tutor.llm.cancel import Cancel
from tutor.llm.nouns import JsonReply, Message, ModelInfo, PullProgress, ServerStatus


class OllamaClient:
    """Calls to one Ollama server. Every failure is a `ModelError` that says what is wrong and what to do."""

    def __init__(
        self,
        host: str,
        *,
        model: str = "",
        allow_remote: bool = False,
        context_tokens: int = 8192,
        deadline: float = 300.0,
        idle: float = 60.0,
        pause: float = 0.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        raise NotImplementedError

    @property
    def host(self) -> str:
        raise NotImplementedError

    def status(self) -> ServerStatus:
        raise NotImplementedError

    def choose_model(self) -> ModelInfo:
        raise NotImplementedError

    def chat_json(
        self, messages: Sequence[Message], schema: Mapping[str, object], *, max_tokens: int, cancel: Cancel | None = None
    ) -> JsonReply:
        raise NotImplementedError

    def chat_stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: Cancel | None = None
    ) -> Iterator[str]:
        raise NotImplementedError

    def pull(self, model: str, *, cancel: Cancel | None = None) -> Iterator[PullProgress]:
        raise NotImplementedError
