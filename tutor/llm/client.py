"""Owns talking to Ollama: every call the rest of the house may make to a language model."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from tutor.domain.errors import ModelError, ModelInterrupted, ModelMissing, ModelNotRunning, ModelRefused
from tutor.domain.text import visible
from tutor.llm import models, wire
from tutor.llm.address import Address, parse_address
from tutor.llm.cancel import Cancel
from tutor.llm.exchange import joined
from tutor.llm.failures import UNKNOWN_NAME, client_failures, explain
from tutor.llm.nouns import JsonReply, Message, ModelInfo, PullProgress, ServerStatus
from tutor.llm.relay import Limits, Relay, waited_for
from tutor.llm.repair import check_prompt_was_read, unusable
from tutor.llm.session import SEED, Session
from tutor.llm.wire import Chunk


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

    def session(self, cancel: Cancel | None = None, *, deciding: bool = False) -> Session:
        """A run of calls to the model that would be used now, under one deadline that begins here.

        Asks the server what it has. `deciding` permits a model that only decides. Raises ModelError.
        """
        address = self._address()
        limits = Limits(self._clock() + self._deadline, self._idle, self._clock, address.shown)
        cancel = cancel or Cancel()
        model, version = waited_for(lambda: self._ready(deciding=deciding), cancel)
        return Session(
            address, model, version, limits, context_tokens=self._context_tokens, pause=self._pause, cancel=cancel
        )

    def chat_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        max_tokens: int,
        cancel: Cancel | None = None,
    ) -> JsonReply:
        """One reply of the schema's shape; see `Session.chat_json`. Raises ModelError."""
        return self.session(cancel).chat_json(messages, schema, max_tokens=max_tokens)

    def chat_stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: Cancel | None = None
    ) -> Iterator[str]:
        """The pieces of a free reply as they come, safe to show.

        Nothing is sent before the first piece is asked for. Closing the iterator closes the connection. A failure
        after some pieces is raised too: what came before it is not a whole reply.
        """
        session = self.session(cancel)
        call = session.call(messages, max_tokens, None)
        came: list[Chunk] = []
        with contextlib.closing(session.exchange().stream(call)) as chunks:
            for chunk in chunks:
                came.append(chunk)
                if chunk.text:
                    yield visible(chunk.text)
        written = joined(came)
        check_prompt_was_read(call, written)
        if not written.whole:
            raise unusable(written, call.model, "")

    def pull(self, model: str, *, cancel: Cancel | None = None) -> Iterator[PullProgress]:
        """Download a model, however long it takes. Closing the iterator stops; a later pull goes on from there.

        Raises ModelMissing for a name nobody offers.
        """
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
            failure = explain(error, host=address.shown, model=model)
            if isinstance(failure, ModelMissing):
                failure = ModelMissing(visible(UNKNOWN_NAME.format(model=model)))
            raise failure from error
        finally:
            relay.close()
        if status != "success":
            raise ModelInterrupted(f'The download of "{model}" stopped early. Pull it again; it goes on where it was.')

    def _address(self) -> Address:
        return parse_address(self._host)

    def _ready(self, *, deciding: bool = False) -> tuple[ModelInfo, str]:
        """The model to use, with what it can do, and the server's version."""
        status = self.status()
        if not status.running:
            self._address()
            raise ModelNotRunning(status.detail)
        chosen = models.choose(status.models, self._model, allow_remote=self._allow_remote, deciding=deciding)
        return (chosen if chosen.capabilities else models.described(self._address(), chosen)), status.version
