"""Owns the bytes: the official client opened safely, and the two questions it cannot ask (version and models)."""

import contextlib
import os
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from tutor.domain.errors import ModelRefused
from tutor.llm.address import Address
from tutor.llm.failures import explain
from tutor.llm.nouns import Message, PullProgress

if TYPE_CHECKING:
    import httpx
    from ollama import AsyncClient, ChatResponse, ProgressResponse

CONNECT_SECONDS = 3.0
"""A server that is there takes a connection at once; loading a model happens after that."""
PROBE_SECONDS = 1.2
"""How long a status may take to find out that nothing is there."""
KEEP_LOADED = "10m"
"""How long the server keeps the model in memory between two answers of a learner."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model."""

    model: str
    messages: tuple[Message, ...]
    options: dict[str, Any]
    """As Ollama names them; those that concern loading must not differ between calls."""
    schema: dict[str, Any] | None = None
    think: bool | str | None = None
    """None leaves it to the server."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One line of a streamed reply."""

    text: str
    thought: bool
    """True when the model was thinking aloud in it."""
    done: bool
    reason: str
    """Why it is done: `stop`, or `length` when the budget was used up; empty before."""
    prompt_tokens: int
    """Of the whole prompt, said with the last line; 0 when the server does not say."""
    reply_tokens: int = 0
    """Written, thoughts included, said with the last line; 0 when the server does not say."""


async def chat(address: Address, call: Call) -> AsyncGenerator[Chunk, None]:
    """The reply to a call, line by line. Closing the iterator closes the connection, and the server stops."""
    async with open_client(address) as client:
        parts = await client.chat(
            model=call.model,
            messages=[{"role": message.role, "content": message.content} for message in call.messages],
            stream=True,
            format=call.schema,
            think=call.think,
            options=call.options,
            keep_alive=KEEP_LOADED,
        )
        async with contextlib.aclosing(cast("AsyncGenerator[ChatResponse, None]", parts)) as lines:
            async for part in lines:
                yield Chunk(
                    text=part.message.content or "",
                    thought=bool(part.message.thinking),
                    done=bool(part.done),
                    reason=part.done_reason or "",
                    prompt_tokens=part.prompt_eval_count or 0,
                    reply_tokens=part.eval_count or 0,
                )


@dataclass(frozen=True, slots=True)
class Asked:
    """Yes or no questions about a state of things, for a model that only decides."""

    model: str
    state: dict[str, str]
    questions: dict[str, dict[str, Any]]
    """By name; each of type `noul`, with its `instructions` and `criteria`."""


async def decide(address: Address, asked: Asked) -> AsyncGenerator[tuple[dict[str, float], int], None]:
    """Probabilities of yes by name, and the tokens read: one item, so that it is waited for like any other stream."""
    async with open_client(address) as client:
        reply = await client.systemone(asked.model, asked.state, asked.questions, keep_alive=KEEP_LOADED)
        said = {name: getattr(answer, "noul", None) for name, answer in reply.answers.items()}
        yield {name: float(value) for name, value in said.items() if value is not None}, reply.usage.input_tokens


async def pull(address: Address, model: str) -> AsyncGenerator[PullProgress, None]:
    """The download of a model, step by step. Closing the iterator stops it; a later pull goes on where it was."""
    async with open_client(address) as client:
        parts = await client.pull(model, stream=True)
        async with contextlib.aclosing(cast("AsyncGenerator[ProgressResponse, None]", parts)) as lines:
            async for part in lines:
                yield PullProgress(part.status or "", part.completed or 0, part.total or 0)


def open_client(address: Address) -> "AsyncClient":
    """The official client for this address alone. Raises ModelRefused when its import stumbles over OLLAMA_HOST."""
    import httpx

    try:
        from ollama import AsyncClient
    except ValueError as error:
        shown = os.environ.get("OLLAMA_HOST", "")
        raise ModelRefused(
            f'OLLAMA_HOST is "{shown}", which Ollama\'s own library cannot read ({error}). Correct it, or unset it and '
            "write the address into ollama_host of the settings."
        ) from error

    async def guard(request: httpx.Request) -> None:
        if not address.private:
            request.headers.pop("authorization", None)

    return AsyncClient(
        address.url,
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=not address.loopback,
        verify=address.scheme == "https",
        event_hooks={"request": [guard], "response": [_keep_lines_whole]},
    )


async def _keep_lines_whole(response: "httpx.Response") -> None:
    """httpx ends a line at U+0085 as well, which the server writes unescaped inside JSON strings."""
    import httpx

    class Escaped(httpx.AsyncByteStream):
        def __init__(self, stream: httpx.AsyncByteStream) -> None:
            self.stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            held = b""
            async for block in self.stream:
                joined = held + block
                held = joined[-1:] if joined.endswith(b"\xc2") else b""
                yield joined[: len(joined) - len(held)].replace(b"\xc2\x85", b"\\u0085")
            yield held

        async def aclose(self) -> None:
            await self.stream.aclose()

    if "content-encoding" not in response.headers and isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = Escaped(response.stream)


def ask(address: Address, path: str, body: dict[str, Any] | None = None) -> object:
    """The JSON at a path of the server, got or (with a body) posted.

    Raises OSError when nothing listens, ModelError for other failures of the wire, ValueError when it is not JSON.
    """
    if address.loopback:
        # Finding out that nothing listens must not cost the import of httpx.
        socket.create_connection((address.host, address.port), timeout=PROBE_SECONDS).close()
    import httpx

    key = os.environ.get("OLLAMA_API_KEY", "")
    url = f"{address.url}{path}"
    with httpx.Client(
        timeout=httpx.Timeout(CONNECT_SECONDS, connect=PROBE_SECONDS),
        trust_env=not address.loopback,
        verify=address.scheme == "https",
        headers={"authorization": f"Bearer {key}"} if key and address.private else {},
    ) as client:
        try:
            response = client.get(url) if body is None else client.post(url, json=body)
            response.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise explain(error, host=address.shown) from error
        answer: object = response.json()
        return answer
