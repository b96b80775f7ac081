"""Owns what a reply's size and end say: whether the whole prompt was read, and what to ask for when it is unusable."""

from collections.abc import Sequence
from dataclasses import replace

from tutor.domain.errors import ModelError, ModelInterrupted, ModelReplyInvalid
from tutor.llm.exchange import Written
from tutor.llm.nouns import Message
from tutor.llm.wire import Call

RESERVED_TOKENS = 64
"""For the marks a model's template puts around messages."""
LETTERS_PER_TOKEN = 3
"""English has four to five; three leaves room for code and rare words."""
MOST_LETTERS_PER_TOKEN = 6
"""Fewer tokens than the letters over this cannot be the whole prompt. A cut one keeps at most half of its tokens, and
so about nine letters to a token."""
SHOWN_BACK = 2_000
"""Characters of a broken reply that are shown to the model when it is asked again."""


def estimated_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens a prompt takes, rather too many: letters beyond ASCII count as a token each."""
    text = "".join(message.content for message in messages)
    plain = sum(letter.isascii() for letter in text)
    return plain // LETTERS_PER_TOKEN + (len(text) - plain) + RESERVED_TOKENS


def check_prompt_was_read(call: Call, written: Written) -> None:
    """Raise ModelReplyInvalid when the server counted far too few tokens: it cuts a long prompt without a word."""
    letters = sum(len(message.content) for message in call.messages)
    if 0 < written.prompt_tokens < letters // MOST_LETTERS_PER_TOKEN:
        raise ModelReplyInvalid(
            f'"{call.model}" read only the end of what it was sent ({written.prompt_tokens} tokens of about '
            f"{letters // 4}). Choose a model with a longer context, or lower context_tokens in the settings."
        )


def whole_text(written: Written) -> str:
    """The text of a reply that the model itself ended. Raises ValueError for one that was cut or is empty."""
    if not written.whole:
        raise ValueError("The reply is not complete.")
    return written.text


def asked_again(call: Call, written: Written, fault: str, window: int) -> Call:
    """The call to send after an unusable reply: with twice the budget if it was cut, else with its fault named.

    Raises ModelError when that does not fit into the window (tokens).
    """
    budget = int(call.options["num_predict"])
    if not written.whole:
        room = window - estimated_tokens(call.messages)
        return replace(call, options=call.options | {"num_predict": min(2 * budget, room)})
    told = (
        Message("assistant", written.text[:SHOWN_BACK]),
        Message("user", f"That was not usable. {fault} Send the corrected JSON object and nothing else."),
    )
    messages = (*call.messages, *told)
    if estimated_tokens(messages) + budget > window:
        raise unusable(written, call.model, fault)
    return replace(call, messages=messages)


def unusable(written: Written, model: str, fault: str) -> ModelError:
    """The error for a reply that is not whole, or (with a fault) is whole and wrong."""
    if written.reason and not written.text.strip() and written.thought:
        return ModelReplyInvalid(
            f'"{model}" thought, and then answered nothing. Choose one that does not think ("-instruct" in its name).'
        )
    if written.reason == "length":
        return ModelInterrupted(f'"{model}" ran out of room before its reply was complete. Choose another model.')
    if not written.reason:
        return ModelInterrupted(f'"{model}" broke off without finishing its reply. Try again, or choose another model.')
    if not written.text.strip():
        return ModelReplyInvalid(f'"{model}" answered nothing. Try again, or choose another model.')
    return ModelReplyInvalid(f'"{model}" did not answer in the form it was asked for. {fault} Choose another model.')
