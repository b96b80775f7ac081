"""Owns a scriptable stand-in for an Ollama server, on a real socket, so that the official client talks HTTP to it.

Checked against the server's own source (v0.33): streaming is the default; NDJSON in chunks, flushed line by line;
Go's escaping; an error before the first chunk is an HTTP status, after it one more line with status 200; unknown
model and unknown route are different 404s; a prompt over num_ctx is cut without a word to about half of it.

    with FakeOllama([FakeModel("llama3.2:latest")], brain=lambda body: "hello") as server:
        OllamaClient(server.url, ...)
"""

import asyncio
import contextlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from typing import Any, Self

from tests.doubles.ollama_script import FakeModel, Reply, Seen, go_json, now

__all__ = ["FakeModel", "FakeOllama", "Reply", "Seen"]

REASONS = {200: "OK", 301: "Moved Permanently", 400: "Bad Request", 404: "Not Found", 503: "Service Unavailable"}
ROUTES = {"/api/version": "GET", "/api/tags": "GET", "/api/show": "POST", "/api/chat": "POST", "/api/pull": "POST"}
DECISIONS, DECISIONS_SINCE = "/v1/systemone", (0, 35)
Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


class FakeOllama:
    """A server in a thread of its own. `brain` writes the replies that no script gives: request body -> text.

    `decider` gives the probability of yes for a question about a state, where the version knows such questions.
    """

    def __init__(
        self,
        models: Iterable[FakeModel | str] = (),
        *,
        brain: Callable[[dict[str, Any]], str] = lambda body: "ok",
        version: str = "0.33.0",
        decider: Callable[[dict[str, Any], dict[str, Any]], float] = lambda state, question: 0.0,
    ) -> None:
        made = [model if isinstance(model, FakeModel) else FakeModel(model) for model in models]
        self.models = {model.name: model for model in made}
        self.version = version
        self.brain = brain
        self.decider = decider
        self.queue: dict[str, list[Reply]] = {}
        self.seen: list[Seen] = []
        self.port = 0
        self._ready = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def script(self, path: str, *replies: Reply) -> None:
        """The next requests to the path get these replies, in order; after them the brain answers again."""
        self.queue.setdefault(path, []).extend(replies)

    def requests(self, path: str) -> list[Seen]:
        """Every request to the path so far, oldest first."""
        return [seen for seen in self.seen if seen.path == path]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the double did not start")
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening and hang up on everybody; a second time does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(5)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()

    async def _connection(self, reader: Reader, writer: Writer) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            while await self._request(reader, writer):
                pass
        writer.close()

    async def _request(self, reader: Reader, writer: Writer) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        pairs = (line.split(":", 1) for line in head[1:] if ":" in line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        seen = Seen(method, path.partition("?")[0], headers, json.loads(body) if body else None)
        self.seen.append(seen)
        reply = Reply()
        scripted = bool(self.queue.get(seen.path))
        if scripted:
            reply = self.queue[seen.path].pop(0)
        if self._route(seen.path) != method:
            return await self._plain(writer, Reply(status=404, raw=b"404 page not found", raw_type="text/plain"))
        if reply.status != 200:
            await asyncio.sleep(reply.first_delay)
            return await self._plain(writer, reply)
        if seen.path == "/api/chat":
            return await self._chat(reader, writer, seen, reply if scripted else None)
        if seen.path == "/api/pull":
            return await self._stream(reader, writer, self._pulled(seen.body["model"], reply), reply, seen)
        await asyncio.sleep(reply.first_delay)
        return await self._plain(writer, reply if reply.raw is not None else self._known(seen))

    def _route(self, path: str) -> str | None:
        if path == DECISIONS:
            return "POST" if tuple(int(n) for n in self.version.split(".")[:2]) >= DECISIONS_SINCE else None
        return ROUTES.get(path)

    def _decided(self, body: dict[str, Any]) -> Reply:
        answers = {
            name: {"type": "noul", "noul": self.decider(body["state"], question)}
            for name, question in body["questions"].items()
        }
        usage = {"input_tokens": len(json.dumps(body)) // 4, "output_tokens": len(answers)}
        return _json({"model": body["model"], "answers": answers, "usage": usage})

    def _known(self, seen: Seen) -> Reply:
        if seen.path == "/api/version":
            return _json({"version": self.version})
        if seen.path == "/api/tags":
            old = self.version.startswith(("0.1", "0.2"))
            return _json({"models": [model.tag(old=old) for model in self.models.values()]})
        model = self._find(seen.body["model"])
        if model is None:
            return _missing(seen.body["model"])
        return self._decided(seen.body) if seen.path == DECISIONS else _json(model.shown())

    def _find(self, name: str) -> FakeModel | None:
        return self.models.get(name if ":" in name.rpartition("/")[2] else f"{name}:latest")

    def _pulled(self, name: str, reply: Reply) -> list[bytes]:
        """A pull's lines; its failure comes after the first of them, with status 200."""
        layer = {"status": "pulling dde5aa3fc5ff", "digest": "sha256:dde5aa3fc5ff", "total": 2_000}
        lines: list[dict[str, Any]] = [{"status": "pulling manifest"}]
        if reply.error:
            return [go_json(line) + b"\n" for line in [*lines, {"error": reply.error}]]
        lines += [layer, *(layer | {"completed": part} for part in (500, 1_000, 2_000))]
        lines += [{"status": "verifying sha256 digest"}, {"status": "success"}]
        self.models.setdefault(name, FakeModel(name))
        return [go_json(line) + b"\n" for line in lines]

    async def _chat(self, reader: Reader, writer: Writer, seen: Seen, reply: Reply | None) -> bool:
        body = seen.body
        model = self._find(body["model"])
        if model is None:
            return await self._plain(writer, _missing(body["model"]))
        lacking = "thinking" if body.get("think") and "thinking" not in model.capabilities else ""
        lacking = lacking or ("" if "completion" in model.capabilities else "chat")
        if lacking:
            return await self._plain(writer, _failed(400, f'"{body["model"]}" does not support {lacking}'))
        reply = reply or Reply(text=self.brain(body))
        if reply.raw is not None:
            return await self._stream(reader, writer, [reply.raw], reply, seen)
        return await self._stream(reader, writer, _chat_lines(body, model, reply), reply, seen)

    async def _plain(self, writer: Writer, reply: Reply) -> bool:
        body = reply.raw if reply.raw is not None else go_json({"error": reply.error})
        location = f"Location: {reply.location}\r\n" if reply.location else ""
        head = f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Error')}\r\n{location}"
        writer.write(f"{head}Content-Type: {reply.raw_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        return True

    async def _stream(self, reader: Reader, writer: Writer, lines: list[bytes], reply: Reply, seen: Seen) -> bool:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {reply.raw_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({gone}, timeout=reply.first_delay)
            if gone.done():
                seen.client_gone_after = 0
                return False
            writer.write(head.encode())
            for count, line in enumerate(lines if reply.drop_after is None else lines[: reply.drop_after]):
                size = reply.split_bytes or max(len(line), 1)
                for part in (line[at : at + size] for at in range(0, len(line), size)):
                    writer.write(b"%x\r\n%s\r\n" % (len(part), part))
                    await writer.drain()
                await asyncio.wait({gone}, timeout=reply.gap)
                if gone.done():
                    seen.client_gone_after = count + 1
                    return False
            if reply.drop_after is not None:
                return await _drop(writer, gone, reply, seen)
            writer.write(b"0\r\n\r\n")
            await writer.drain()
            seen.finished = True
        finally:
            gone.cancel()
        return False


async def _drop(writer: Writer, gone: "asyncio.Future[bytes]", reply: Reply, seen: Seen) -> bool:
    if reply.drop_how == "hang":
        await asyncio.wait({gone})
        seen.client_gone_after = reply.drop_after
    if reply.drop_how == "clean":
        writer.write(b"0\r\n\r\n")
        await writer.drain()
    if reply.drop_how == "rst":
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    return False


def _json(value: object) -> Reply:
    return Reply(raw=go_json(value), raw_type="application/json; charset=utf-8")


def _failed(status: int, error: str) -> Reply:
    return Reply(status=status, error=error, raw_type="application/json; charset=utf-8")


def _missing(name: str) -> Reply:
    return _failed(404, f"model '{name}' not found")


def _chat_lines(body: dict[str, Any], model: FakeModel, reply: Reply) -> list[bytes]:
    options = body.get("options") or {}
    window = min(int(options.get("num_ctx") or 4096), model.context_length)
    prompt = sum(len(message.get("content") or "") for message in body["messages"]) // 4
    if prompt >= window:
        prompt = window - (window - 4) // 2
    pieces = reply.pieces if reply.pieces is not None else re.findall(r"\s*\S+\s*$|\s*\S+", reply.text)
    reason, limit = reply.done_reason, options.get("num_predict", -1)
    if 0 <= limit < len(pieces):
        pieces, reason = pieces[:limit], "length"
    base = {"model": body["model"], "created_at": now()}
    thinks = "thinking" in model.capabilities and body.get("think") is not False
    said = [{"content": "", "thinking": part} for part in re.findall(r"\S+\s*", reply.thinking) if thinks]
    said += [{"content": piece} for piece in pieces]
    lines = [base | {"message": {"role": "assistant"} | part, "done": False} for part in said]
    if reply.error_after is not None:
        return [go_json(line) + b"\n" for line in [*lines[: reply.error_after], {"error": reply.error}]]
    final = {"done": True, "done_reason": reason, "prompt_eval_count": prompt, "eval_count": len(pieces)}
    lines.append(base | {"message": {"role": "assistant", "content": ""}} | final | reply.metrics)
    return [go_json(line) + b"\n" for line in lines]
