"""Owns the nouns of talking to a language model: what is sent, what comes back, and what a server has."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: str
    """system | user | assistant."""
    content: str


@dataclass(frozen=True, slots=True)
class JsonReply:
    """A reply that was asked to be JSON of a certain shape, and is."""

    data: dict[str, Any]
    """Of the schema's shape; every string is safe to show."""
    model: str
    seconds: float
    """From the first request to the last byte, repairs included."""
    prompt_tokens: int
    """As the server counted them; 0 when it did not say."""
    retries: int
    """How many further requests it took: a busy server, a reply that was cut or had the wrong shape."""
    kept: bool = False
    """True when the reply was made before and kept; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a model that only decides says to some questions."""

    yes: dict[str, float]
    """How probably the answer to each is yes, 0..1, by the questions' names."""
    seconds: float
    prompt_tokens: int
    """As the server counted them."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that a server offers."""

    name: str
    """As the server lists it, with its tag: `llama3.2:latest`."""
    size: int = 0
    """Bytes on disk."""
    parameter_size: str = ""
    """As the server says it: `3.2B`."""
    quantisation: str = ""
    """As the server says it: `Q4_K_M`."""
    context_length: int = 0
    """The most tokens it was trained to read; 0 when the server does not say."""
    capabilities: tuple[str, ...] = ()
    """`completion`, `thinking`, `embedding`...; empty when the server is too old to say."""
    remote: bool = False
    """True when it runs elsewhere: using it sends text off this machine."""
    digest: str = ""
    """Of the weights, in hex; empty when the server does not say."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What stands behind the configured address, as far as could be seen."""

    running: bool
    version: str = ""
    models: tuple[ModelInfo, ...] = ()
    """In the server's order: last changed first."""
    detail: str = ""
    """A sentence: what is there, or why nothing is and how to mend it."""


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far the download of a model has come."""

    status: str
    """As the server says it: `pulling manifest`, `pulling dde5aa3fc5ff`, `success`."""
    completed: int = 0
    """Bytes of the current layer."""
    total: int = 0
    """Bytes of the current layer; 0 while unknown."""
