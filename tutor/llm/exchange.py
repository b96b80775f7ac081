"""Owns sending a call: what is tried again and what never, under one deadline for all of it."""

import itertools
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tutor.domain.errors import ModelError
from tutor.llm import wire
from tutor.llm.address import Address
from tutor.llm.cancel import Cancel
from tutor.llm.failures import client_failures, explain, retries_worth
from tutor.llm.relay import Limits, Relay
from tutor.llm.wire import Asked, Call, Chunk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote in answer to a call."""

    text: str
    thought: bool
    """True when it also, or only, thought aloud."""
    reason: str
    """Why it ended: `stop`, or `length` for a used-up budget; empty when the server broke off without a word."""
    prompt_tokens: int
    """As the server counted them; 0 when it did not say."""
    reply_tokens: int = 0
    """As the server counted them, thoughts included; 0 when it did not say."""

    @property
    def whole(self) -> bool:
        """True when the model itself ended it and said something."""
        return self.reason not in ("", "length") and bool(self.text.strip())


class Exchange:
    """The requests of one conversation."""

    def __init__(self, address: Address, limits: Limits, *, pause: float, cancel: Cancel) -> None:
        self._address = address
        self._limits = limits
        self._pause = pause
        self._cancel = cancel
        self.requests = 0
        """How many were sent so far."""

    def write(self, call: Call) -> Written:
        """The whole reply, sent for again where that can help. Raises ModelError."""
        return self._patiently(call.model, lambda: joined(list(self._send(call))))

    def stream(self, call: Call) -> Generator[Chunk, None, None]:
        """The reply as it comes; once something came, nothing is tried again. Raises ModelError."""
        first, rest = self._patiently(call.model, lambda: _begun(self._send(call)))
        try:
            yield from itertools.chain(first, rest)
        except client_failures() as error:
            raise explain(error, host=self._address.shown, model=call.model) from error
        finally:
            rest.close()

    def decide(self, asked: Asked) -> tuple[dict[str, float], int]:
        """Probabilities of yes, and the tokens read; sent for again where that can help. Raises ModelError."""
        return self._patiently(asked.model, lambda: self._decided(asked))

    def _decided(self, asked: Asked) -> tuple[dict[str, float], int]:
        self.requests += 1
        (decided,) = Relay(lambda: wire.decide(self._address, asked), self._limits, self._cancel)
        return decided

    def _send(self, call: Call) -> Generator[Chunk, None, None]:
        self.requests += 1
        return iter(Relay(lambda: wire.chat(self._address, call), self._limits, self._cancel))

    def _patiently(self, model: str, attempt: Callable[[], T]) -> T:
        tried = 0
        while True:
            try:
                return attempt()
            except ModelError:
                raise
            except client_failures() as error:
                rest = self._pause * 2**tried
                late = self._limits.clock() + rest >= self._limits.until
                if late or tried >= retries_worth(error):
                    raise explain(error, host=self._address.shown, model=model) from error
                tried += 1
                self._cancel.wait(rest)


def joined(chunks: Sequence[Chunk]) -> Written:
    """The reply that these chunks make."""
    last = chunks[-1] if chunks and chunks[-1].done else None
    return Written(
        text="".join(chunk.text for chunk in chunks),
        thought=any(chunk.thought for chunk in chunks),
        reason=(last.reason or "stop") if last else "",
        prompt_tokens=last.prompt_tokens if last else 0,
        reply_tokens=last.reply_tokens if last else 0,
    )


def _begun(chunks: Generator[Chunk, None, None]) -> tuple[list[Chunk], Generator[Chunk, None, None]]:
    """The first chunk, waited for here so that a failure before it can still be mended by sending again."""
    return list(itertools.islice(chunks, 1)), chunks
