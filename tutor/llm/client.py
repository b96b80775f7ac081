"""Owns talking to Ollama: every call the rest of the house may make to a language model."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tutor.domain.errors import ModelError, ModelInterrupted, ModelNotRunning, ModelRefused
from tutor.domain.text import visible
from tutor.llm import models, wire
from tutor.llm.address import Address, parse_address
from tutor.llm.cancel import Cancel
from tutor.llm.exchange import Exchange, joined
from tutor.llm.failures import client_failures, explain, too_long
from tutor.llm.nouns import JsonReply, Message, ModelInfo, PullProgress, ServerStatus
from tutor.llm.relay import Limits, Relay
from tutor.llm.repair import asked_again, check_prompt_was_read, estimated_tokens, unusable, whole_text
from tutor.llm.shape import read_reply
from tutor.llm.wire import Call, Chunk

SEED = 7
"""Fixed, so that the same question to the same model on the same machine is usually answered alike."""
CHAT_TEMPERATURE = 0.2
"""Of free text; JSON is asked for at 0."""


class OllamaClient:
    """Calls to one Ollama server. Every failure is a `ModelError` that says what is wrong and what to do.

    It keeps no connection and no state between calls, so any thread may use it.
    """

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
        """Remember how to call; nothing is sent, and a bad address is reported by the first call.

        `host` as OLLAMA_HOST is written, empty for 127.0.0.1:11434; `model` empty for the first that can chat;
        `deadline` seconds for a whole call with its retries, `idle` seconds of silence inside a reply, `pause`
        seconds before the first retry; `clock` in seconds, monotonic.
        """
        self._host = host
        self._model = model
        self._allow_remote = allow_remote
        self._context_tokens = context_tokens
        self._deadline = deadline
        self._idle = idle
        self._pause = pause
        self._clock = clock

    @property
    def host(self) -> str:
        """The address as a person writes it, for receipts and sentences."""
        try:
            return self._address().shown
        except ModelRefused:
            return self._host

    @property
    def wanted_model(self) -> str:
        """The configured model's name; empty when the first that can chat is taken."""
        return self._model

    @property
    def json_options(self) -> dict[str, str]:
        """What a reply in JSON is made with, for receipts."""
        return {"temperature": "0", "seed": str(SEED), "num_ctx": str(self._context_tokens)}

    def status(self) -> ServerStatus:
        """What stands at the address. Never raises; about a second when nothing listens."""
        try:
            return models.look(self._address())
        except ModelRefused as error:
            return ServerStatus(False, detail=str(error))

    def choose_model(self) -> ModelInfo:
        """The model that calls would use now. Raises ModelNotRunning, ModelMissing or ModelRefused."""
        return self._ready()[0]

    def chat_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        max_tokens: int,
        cancel: Cancel | None = None,
    ) -> JsonReply:
        """A reply of the schema's shape, at temperature 0.

        A reply that was cut, or that is not of that shape, is asked for once more: with twice the budget, or with the
        fault named. Raises ModelError.
        """
        begun = self._clock()
        exchange = self._exchange(cancel)
        call, window = self._call(messages, max_tokens, dict(schema))
        written = exchange.write(call)
        check_prompt_was_read(call, written)
        try:
            data = read_reply(whole_text(written), schema)
        except ValueError as fault:
            call = asked_again(call, written, str(fault), window)
            written = exchange.write(call)
            try:
                data = read_reply(whole_text(written), schema)
            except ValueError as second:
                raise unusable(written, call.model, str(second)) from second
        return JsonReply(data, call.model, self._clock() - begun, written.prompt_tokens, exchange.requests - 1)

    def chat_stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: Cancel | None = None
    ) -> Iterator[str]:
        """The pieces of a free reply as they come, safe to show.

        Nothing is sent before the first piece is asked for. Closing the iterator closes the connection. A failure
        after some pieces is raised too: what came before it is not a whole reply.
        """
        exchange = self._exchange(cancel)
        call, _ = self._call(messages, max_tokens, None)
        came: list[Chunk] = []
        with contextlib.closing(exchange.stream(call)) as chunks:
            for chunk in chunks:
                came.append(chunk)
                if chunk.text:
                    yield visible(chunk.text)
        written = joined(came)
        check_prompt_was_read(call, written)
        if not written.whole:
            raise unusable(written, call.model, "")

    def pull(self, model: str, *, cancel: Cancel | None = None) -> Iterator[PullProgress]:
        """Download a model, however long it takes. Closing the iterator stops; a later pull goes on from there."""
        address = self._address()
        if models.is_remote_name(model) and not self._allow_remote:
            raise ModelRefused(f'"{model}" runs at ollama.com, not here. Set allow_remote in the settings to use it.')
        limits = Limits(float("inf"), self._idle, self._clock, address.shown)
        relay = iter(Relay(lambda: wire.pull(address, model), limits, cancel or Cancel()))
        status = ""
        try:
            for step in relay:
                status = step.status
                yield step
        except ModelError:
            raise
        except client_failures() as error:
            raise explain(error, host=address.shown, model=model) from error
        finally:
            relay.close()
        if status != "success":
            raise ModelInterrupted(f'The download of "{model}" stopped early. Pull it again; it goes on where it was.')

    def _address(self) -> Address:
        return parse_address(self._host)

    def _ready(self) -> tuple[ModelInfo, str]:
        """The model to use, with what it can do, and the server's version."""
        status = self.status()
        if not status.running:
            self._address()
            raise ModelNotRunning(status.detail)
        chosen = models.choose(status.models, self._model, allow_remote=self._allow_remote)
        return (chosen if chosen.capabilities else models.described(self._address(), chosen)), status.version

    def _exchange(self, cancel: Cancel | None) -> Exchange:
        address = self._address()
        limits = Limits(self._clock() + self._deadline, self._idle, self._clock, address.shown)
        return Exchange(address, limits, pause=self._pause, cancel=cancel or Cancel())

    def _call(self, messages: Sequence[Message], max_tokens: int, schema: dict[str, Any] | None) -> tuple[Call, int]:
        """The call to send, and how many tokens its model reads and writes together."""
        info, version = self._ready()
        think, allowance = models.thinking(info, version, formatted=schema is not None)
        budget = max_tokens + allowance
        window = min(self._context_tokens, info.context_length or self._context_tokens)
        if (needed := estimated_tokens(messages) + budget) > window:
            raise too_long(needed, window)
        options = {
            "num_ctx": self._context_tokens,
            "seed": SEED,
            "temperature": 0.0 if schema is not None else CHAT_TEMPERATURE,
            "num_predict": budget,
        }
        return Call(info.name, tuple(messages), options, schema, think), window
