"""Owns the words for every way a call to Ollama fails: each becomes one ModelError, a sentence with its remedy."""

import json
from collections.abc import Callable

from tutor.domain.errors import (
    ModelBusy,
    ModelError,
    ModelInterrupted,
    ModelMissing,
    ModelNotRunning,
    ModelRefused,
    ModelReplyInvalid,
)
from tutor.domain.text import visible

SHOWN_LENGTH = 200
"""Characters of a server's own words that are repeated to a person."""

NOT_RUNNING = 'Ollama is not running at {host}. Start it with "ollama serve", or correct the address.'
UNKNOWN_NAME = (
    'There is no model "{model}" to download. Look its name up at ollama.com/library and write it as it stands there, '
    "tag included."
)
MISSING = 'Ollama does not have the model "{model}". Get it with {get}.'
BAD_ADDRESS = "The Ollama address {host} cannot be used. Write it like 127.0.0.1:11434."
TOO_SLOW = "Ollama at {host} took too long to answer. Try again; if it stays so, restart Ollama."
BROKEN = "The connection to Ollama at {host} broke in the middle of the reply. Try again."
FAILED = "The language model at {host} failed in the middle of its reply. Try again, or restart Ollama."
NOT_OLLAMA = "What {host} sent back is not a reply of Ollama. Check that Ollama, and nothing else, answers there."
_CANNOT_LOAD = ("memory", "terminated", "waiting for llama-server", "failed to load")


class RequestUnknown(ModelRefused):
    """The server has no such route: it is older than the request, or it is no Ollama."""


ANSWERED: tuple[tuple[Callable[[int, str], bool], type[ModelError], str], ...] = (
    (
        lambda _, said: ("exceed" in said and "context" in said) or "context length" in said,
        ModelRefused,
        "Ollama says the text is too long for the model{said}. Shorten it, or raise context_tokens in the settings.",
    ),
    (
        lambda status, said: "file does not exist" in said or (status == 404 and "model" in said),
        ModelMissing,
        MISSING,
    ),
    (
        lambda status, _: status in (429, 502, 503, 504),
        ModelBusy,
        "Ollama at {host} is too busy or cannot reach its model{said}. Try again in a minute.",
    ),
    (
        lambda status, _: 300 <= status < 400,
        ModelRefused,
        "{host} sends visitors to another address. Write that one (perhaps with https://) instead.",
    ),
    (
        lambda status, _: status == 401,
        ModelRefused,
        'Ollama asks for a sign-in{said}. Run "ollama signin", or choose a model on this machine.',
    ),
    (
        lambda status, said: status == 403 and not said,
        ModelRefused,
        "Ollama at {host} only takes calls that name its own machine. Set OLLAMA_HOST=0.0.0.0 where it runs.",
    ),
    (
        lambda status, _: status == 403,
        ModelRefused,
        "Ollama at {host} does not allow this{said}. Choose a model on this machine.",
    ),
    (
        lambda status, _: status in (404, 405),
        RequestUnknown,
        "{host} does not know this request: it is a very old Ollama, or none. Update it, or correct the address.",
    ),
    (
        lambda status, said: (400 <= status < 500 and status not in (408, 499)) or "invalid format" in said,
        ModelRefused,
        'Ollama refused the request to "{model}"{said}. Choose another model, or update Ollama.',
    ),
    (
        lambda _, said: any(sign in said for sign in _CANNOT_LOAD),
        ModelRefused,
        'Ollama could not load "{model}"{said}. Choose a smaller model, or restart Ollama.',
    ),
    (
        lambda *_: True,
        ModelInterrupted,
        '"{model}" stopped before its reply was complete{said}. Try again, or restart Ollama.',
    ),
)
"""What a status code and the server's own words (casefolded) mean, the first that fits; -1 is a line in mid-stream."""


def client_failures() -> tuple[type[Exception], ...]:
    """What the official client was seen to raise for things outside this program.

    Its own ResponseError, httpx's errors (never wrapped while streaming), OSError; ValueError for lines that are not
    JSON or lack fields; AttributeError and TypeError for error bodies that are neither an object nor a string.
    """
    import httpx
    from ollama import ResponseError

    return ResponseError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, AttributeError, TypeError


def retries_worth(error: Exception) -> int:
    """How often the same call may be sent again after this failure: twice, once, or (most often) never."""
    import httpx

    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | ConnectionRefusedError):
        return 2
    status = getattr(error, "status_code", 0)
    if status == 503:
        return 2
    return int(status in (-1, 500) and "unexpectedly stopped" in plain_words(getattr(error, "error", "")))


def explain(error: Exception, *, host: str, model: str = "") -> ModelError:
    """The ModelError that says this failure; `host` as a person writes it.

    Ollama's ResponseError is known by its fields: importing it is one of the things that can have failed.
    """
    import httpx

    if isinstance(error, ModelError):
        return error
    status, words = getattr(error, "status_code", None), plain_words(getattr(error, "error", ""))
    if isinstance(error, httpx.HTTPStatusError):
        status, words = error.response.status_code, plain_words(error.response.text)
    if isinstance(status, int):
        said = f': "{words}"' if words else ""
        kind, sentence = next((kind, sentence) for fits, kind, sentence in ANSWERED if fits(status, words.casefold()))
        return kind(sentence.format(host=host, model=model, said=said, get=_get(model)))
    broken: tuple[tuple[tuple[type[Exception], ...], type[ModelError], str], ...] = (
        (
            (httpx.ConnectError, httpx.ConnectTimeout, ConnectionRefusedError, TimeoutError),
            ModelNotRunning,
            NOT_RUNNING,
        ),
        ((httpx.InvalidURL, httpx.UnsupportedProtocol), ModelRefused, BAD_ADDRESS),
        ((httpx.TimeoutException,), ModelInterrupted, TOO_SLOW),
        ((httpx.HTTPError, OSError), ModelInterrupted, BROKEN),
        ((TypeError,), ModelInterrupted, FAILED),  # an error object in mid-stream, which the client cannot read
        ((Exception,), ModelReplyInvalid, NOT_OLLAMA),
    )
    kind, sentence = next((kind, sentence) for kinds, kind, sentence in broken if isinstance(error, kinds))
    return kind(sentence.format(host=host))


def not_running(host: str) -> ModelNotRunning:
    """Nothing answers at the address."""
    return ModelNotRunning(NOT_RUNNING.format(host=host))


def missing(model: str, installed: tuple[str, ...] = ()) -> ModelMissing:
    """The model is not there; names what is."""
    others = f" Installed: {', '.join(installed[:5])}." if installed else ""
    return ModelMissing(MISSING.format(model=model, get=_get(model)) + others)


def too_long(needed: int, window: int) -> ModelRefused:
    """A prompt that the server would cut without a word."""
    return ModelRefused(
        f"This is too long for the language model: about {needed} tokens with its reply, and it reads {window}. "
        "Shorten the text, or raise context_tokens in the settings."
    )


def plain_words(error: object) -> str:
    """The innermost message of an error: engines nest theirs, as an object or as JSON inside a string."""
    for _ in range(4):
        if isinstance(error, str) and error.lstrip().startswith("{"):
            try:
                error = json.loads(error, strict=False)
            except ValueError:
                return ""
        if not isinstance(error, dict):
            break
        error = error.get("error", error.get("message", ""))
    words = " ".join(visible(error if isinstance(error, str) else "").split())
    if words.startswith("<"):  # a page of HTML, which says nothing to a person
        return ""
    return words if len(words) <= SHOWN_LENGTH else words[: SHOWN_LENGTH - 1] + "…"


def _get(model: str) -> str:
    return f'"ollama pull {model}"'
