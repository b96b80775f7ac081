"""Owns what a test tells the Ollama double to do, and what the double remembers of it."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

GO_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def go_json(value: object) -> bytes:
    """JSON as Go's json.Marshal writes it: HTML escaped, otherwise raw UTF-8 (U+0085 too), no blanks."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: GO_ESCAPES[found.group()], text).encode()


def now() -> str:
    """The time as the server writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@dataclass
class Reply:
    """What the next request to a path gets."""

    text: str = ""
    """Content to stream, one piece a word."""
    thinking: str = ""
    pieces: list[str] | None = None
    """Content to stream, cut exactly so."""
    done_reason: str = "stop"
    status: int = 200
    error: Any = ""
    """The `error` of an HTTP error or of a line in mid-stream; a string, or the object a nested engine error is."""
    error_after: int | None = None
    """Send the error as one more line after that many pieces."""
    drop_after: int | None = None
    """Stop after that many lines, in the way `drop_how` says."""
    drop_how: str = "fin"
    """fin (close without the last chunk) | rst (TCP reset) | clean (proper end, no `done` line) | hang."""
    first_delay: float = 0.0
    """Seconds before the headers, as while a model loads."""
    gap: float = 0.0
    """Seconds between pieces."""
    raw: bytes | None = None
    """Exact bytes for the body instead."""
    raw_type: str = "application/x-ndjson"
    split_bytes: int = 0
    """Cut the body into writes of this size, through lines and characters."""
    metrics: dict[str, int] = field(default_factory=dict)
    """Fields of the `done` line to set otherwise."""
    location: str = ""
    """The address of a redirect."""


@dataclass
class Seen:
    """A request the double got."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    client_gone_after: int | None = None
    """Lines written before the client hung up; None if it never did."""
    finished: bool = False
    """True when the whole reply went out."""


@dataclass
class FakeModel:
    """A model the double has."""

    name: str
    capabilities: tuple[str, ...] = ("completion",)
    context_length: int = 8192
    family: str = "llama"
    parameter_size: str = "1.2B"
    quant: str = "Q4_K_M"
    size: int = 1_300_000_000
    remote_host: str = ""
    remote_model: str = ""
    digest: str = "a80c4f17"

    def details(self) -> dict[str, Any]:
        """The `details` object of the protocol."""
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameter_size,
            "quantization_level": self.quant,
            "context_length": self.context_length,
        }

    def tag(self, *, old: bool) -> dict[str, Any]:
        """Its entry in /api/tags; servers before 0.30 (old) do not list capabilities or context lengths."""
        entry: dict[str, Any] = {"name": self.name, "model": self.name}
        if self.remote_host:
            entry |= {"remote_model": self.remote_model, "remote_host": self.remote_host}
        entry |= {"modified_at": now(), "size": self.size, "digest": self.digest, "details": self.details()}
        if old:
            del entry["details"]["context_length"]
            return entry
        return entry | {"capabilities": list(self.capabilities)}

    def shown(self) -> dict[str, Any]:
        """What /api/show says of it."""
        return {
            "modelfile": "",
            "parameters": "temperature 0.7",
            "template": "{{ .Prompt }}",
            "details": self.details(),
            "model_info": {
                "general.architecture": self.family,
                f"{self.family}.context_length": self.context_length,
            },
            "capabilities": list(self.capabilities),
            "modified_at": now(),
        }
