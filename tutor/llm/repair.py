"""Owns what a reply's size and end say: whether the whole prompt was read, and what to ask for when it is unusable."""

from dataclasses import replace

from tutor.domain.errors import ModelError, ModelInterrupted, ModelReplyInvalid
from tutor.llm.exchange import Written
from tutor.llm.nouns import Message
from tutor.llm.tokens import estimated_tokens
from tutor.llm.wire import Call

MOST_LETTERS_PER_TOKEN = 6
"""Fewer tokens than the letters over this cannot be the whole prompt. A cut one keeps at most half of its tokens, and
so about nine letters to a token."""
SHOWN_BACK = 2_000
"""Characters of a broken reply that are shown to the model when it is asked again."""


def check_prompt_was_read(call: Call, written: Written) -> None:
    """Raise ModelReplyInvalid when the server's counts show that text was thrown away: it does so without a word.

    It cuts a prompt that is too long, and while it writes it drops the oldest text once the window is full.
    """
    letters = sum(len(" ".join(message.content.split())) for message in call.messages)
    cut = 0 < written.prompt_tokens < letters // MOST_LETTERS_PER_TOKEN
    window = int(call.options.get("num_ctx", 0))
    dropped = written.prompt_tokens and 0 < window < written.prompt_tokens + written.reply_tokens
    if cut or dropped:
        raise ModelReplyInvalid(
            f'"{call.model}" read only the end of what it was sent ({written.prompt_tokens} tokens of about '
            f"{max(letters // 4, written.prompt_tokens)}). Choose a model with a longer context, or lower "
            "context_tokens in the settings."
        )


def whole_text(written: Written) -> str:
    """The text of a reply that the model itself ended. Raises ValueError for one that was cut or is empty."""
    if not written.whole:
        raise ValueError("The reply is not complete.")
    return written.text


def asked_again(call: Call, written: Written, fault: str, window: int) -> Call:
    """The call to send after an unusable reply: with twice the budget if it was cut, else with its fault named.

    The broken reply is shown to the model where there is room for it. Raises ModelError when not even the fault fits
    into the window (tokens).
    """
    budget = int(call.options["num_predict"])
    if not written.whole:
        room = window - estimated_tokens(call.messages)
        return replace(call, options=call.options | {"num_predict": min(2 * budget, room)})
    shown = Message("assistant", written.text[:SHOWN_BACK])
    told = Message("user", f"That was not usable. {fault} Send the corrected JSON object and nothing else.")
    for added in ((shown, told), (told,)):
        messages = (*call.messages, *added)
        if estimated_tokens(messages) + budget <= window:
            return replace(call, messages=messages)
    raise unusable(written, call.model, fault)


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
