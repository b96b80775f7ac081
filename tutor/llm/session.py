"""Owns a run of calls to one model: chosen once, under one deadline, given up as one."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.domain.errors import ModelReplyInvalid
from tutor.llm import models
from tutor.llm.address import Address
from tutor.llm.cancel import Cancel
from tutor.llm.exchange import Exchange
from tutor.llm.failures import too_long
from tutor.llm.kept import KeptReplies, key_of
from tutor.llm.nouns import Decision, JsonReply, Message, ModelInfo
from tutor.llm.relay import Limits
from tutor.llm.repair import asked_again, check_prompt_was_read, unusable, whole_text
from tutor.llm.shape import read_reply
from tutor.llm.tokens import estimated_tokens, tokens_of
from tutor.llm.wire import Asked, Call

SEED = 7
"""Fixed, so that the same question to the same model on the same machine is usually answered alike."""
CHAT_TEMPERATURE = 0.2
"""Of free text; JSON is asked for at 0."""
DECIDING_TOKENS = 4_096
"""What a model that decides is given to read at most: the context that servers load by default."""


class Session:
    """Calls to one model. Use it from one thread; every failure is a `ModelError`."""

    def __init__(
        self,
        address: Address,
        model: ModelInfo,
        version: str,
        limits: Limits,
        *,
        context_tokens: int,
        pause: float,
        cancel: Cancel,
    ) -> None:
        self.model = model
        """What the calls go to."""
        self._address = address
        self._version = version
        self._limits = limits
        self._context_tokens = context_tokens
        self._pause = pause
        self._cancel = cancel

    @property
    def window(self) -> int:
        """Tokens that the model reads and writes together."""
        return min(self._context_tokens, self.model.context_length or self._context_tokens)

    @property
    def room(self) -> int:
        """Tokens that a prompt and its reply in JSON may share: the window less what thinking takes."""
        return self.window - models.thinking(self.model, self._version, formatted=True)[1]

    def chat_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        *,
        max_tokens: int,
        keep: KeptReplies | None = None,
    ) -> JsonReply:
        """A reply of the schema's shape, at temperature 0.

        A reply that was cut, or that is not of that shape, is asked for once more: with twice the budget, or with the
        fault named. With `keep`, the reply to the same call of the same weights is given again. Raises ModelError.
        """
        begun = self._limits.clock()
        call = self.call(messages, max_tokens, dict(schema))
        key = key_of(call, self.model.digest) if keep else ""
        if keep and (data := keep.get(key)) is not None:
            return JsonReply(data, call.model, 0.0, 0, 0, kept=True)
        exchange = self.exchange()
        written = exchange.write(call)
        check_prompt_was_read(call, written)
        try:
            data = read_reply(whole_text(written), schema)
        except ValueError as fault:
            call = asked_again(call, written, str(fault), self.window)
            written = exchange.write(call)
            check_prompt_was_read(call, written)
            try:
                data = read_reply(whole_text(written), schema)
            except ValueError as second:
                raise unusable(written, call.model, str(second)) from second
        if keep:
            keep.put(key, data)
        seconds = self._limits.clock() - begun
        return JsonReply(data, call.model, seconds, written.prompt_tokens, exchange.requests - 1)

    def decide(self, state: Mapping[str, str], questions: Mapping[str, Mapping[str, Any]]) -> Decision:
        """How probably the answer to each question about the state is yes.

        Raises ModelError; `RequestUnknown` when the server is too old to be asked.
        """
        begun = self._limits.clock()
        asked = Asked(self.model.name, dict(state), {name: dict(question) for name, question in questions.items()})
        needed = sum(tokens_of(str(part)) for part in itertools.chain(state.values(), questions.values()))
        if needed > (room := min(DECIDING_TOKENS, self.window)):
            raise too_long(needed, room)
        yes, tokens = self.exchange().decide(asked)
        if set(yes) != set(questions) or not all(0 <= value <= 1 for value in yes.values()):
            raise ModelReplyInvalid(f'"{self.model.name}" did not decide what it was asked. Choose another model.')
        return Decision(yes, self._limits.clock() - begun, tokens)

    def exchange(self) -> Exchange:
        """A conversation under what is left of the deadline."""
        return Exchange(self._address, self._limits, pause=self._pause, cancel=self._cancel)

    def call(self, messages: Sequence[Message], max_tokens: int, schema: dict[str, Any] | None) -> Call:
        """The call to send. Raises ModelRefused for a prompt that the server would cut without a word."""
        think, allowance = models.thinking(self.model, self._version, formatted=schema is not None)
        budget = max_tokens + allowance
        if (needed := estimated_tokens(messages) + budget) > self.window:
            raise too_long(needed, self.window)
        options = {
            "num_ctx": self._context_tokens,
            "seed": SEED,
            "temperature": 0.0 if schema is not None else CHAT_TEMPERATURE,
            "num_predict": budget,
        }
        return Call(self.model.name, tuple(messages), options, schema, think)
