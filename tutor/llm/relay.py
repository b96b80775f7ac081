"""Owns waiting: a stream read in a thread of its own, so that a deadline, silence or the learner can end it at once."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from tutor.domain.errors import ModelInterrupted
from tutor.llm.cancel import Cancel

T = TypeVar("T")

POLL_SECONDS = 0.05
"""How often a wish to stop is looked for."""
CLOSE_SECONDS = 2.0
"""How long closing a connection may take before it is left to itself."""
STOPPED = "You stopped the language model before it had finished."


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a stream may take."""

    until: float
    """By the clock; the stream ends with `ModelInterrupted` then."""
    idle: float
    """Seconds of silence allowed after the first item; before it, only `until` holds (a model may be loading)."""
    clock: Callable[[], float]
    """Seconds, monotonic."""
    host: str
    """For the sentences."""


def waited_for(work: Callable[[], T], cancel: Cancel) -> T:
    """What the work gives, or ModelInterrupted as soon as the learner cancels; the work then ends by itself."""
    done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except Exception as error:
            done.put((None, error))

    threading.Thread(target=run, name="ollama-look", daemon=True).start()
    while not cancel.cancelled:
        with contextlib.suppress(queue.Empty):
            result, error = done.get(timeout=POLL_SECONDS)
            if error is not None:
                raise error
            return cast("T", result)
    raise ModelInterrupted(STOPPED)


class _End:
    """The last thing a relay hands over."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class Relay(Generic[T]):
    """An asynchronous stream as an ordinary iterator.

    The connection is closed, and the server told by that, when the stream ends, when a limit is reached, when the
    learner cancels (even while nobody is iterating) and when the iterator is closed. Errors of the stream are raised
    as they are; limits and cancelling as ModelInterrupted.
    """

    def __init__(self, source: Callable[[], AsyncGenerator[T, None]], limits: Limits, cancel: Cancel) -> None:
        self._source = source
        self._limits = limits
        self._cancel = cancel
        self._dropped = threading.Event()
        self._out: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
        self._heard = 0.0
        self._thread = threading.Thread(target=self._run, name="ollama-stream", daemon=True)

    def __iter__(self) -> Generator[T, None, None]:
        """Start the stream and hand over its items."""
        self._thread.start()
        try:
            while not isinstance(item := self._out.get(), _End):
                yield item
            if item.error is not None:
                raise item.error
        finally:
            self._dropped.set()
            self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._watch())
        finally:  # whoever iterates must never wait for a thread that is gone
            self._out.put(_End(ModelInterrupted("The program stopped waiting for the language model.")))

    async def _watch(self) -> None:
        reading = asyncio.ensure_future(self._read())
        why: BaseException | None = None
        while not reading.done() and why is None:
            await asyncio.wait({reading}, timeout=POLL_SECONDS)
            why = self._reason_to_stop()
        if not reading.done():
            reading.cancel()
            await asyncio.wait({reading}, timeout=CLOSE_SECONDS)
        elif not reading.cancelled():
            why = reading.exception()
        self._out.put(_End(why))

    async def _read(self) -> None:
        async with contextlib.aclosing(self._source()) as items:
            async for item in items:
                self._heard = self._limits.clock()
                self._out.put(item)

    def _reason_to_stop(self) -> ModelInterrupted | None:
        now = self._limits.clock()
        if self._cancel.cancelled or self._dropped.is_set():
            return ModelInterrupted(STOPPED)
        if now >= self._limits.until:
            return ModelInterrupted(
                f"Ollama at {self._limits.host} did not finish within the deadline. Choose a smaller model, or raise "
                "deadline in the settings."
            )
        if self._heard and now - self._heard >= self._limits.idle:
            return ModelInterrupted(
                f"Ollama at {self._limits.host} fell silent in the middle of its reply. Try again; if it stays so, "
                "restart Ollama."
            )
        return None
