"""What is seen of a server, which model is taken, what leaves the machine, and downloads."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.doubles.ollama_server import FakeModel, FakeOllama, Reply
from tutor.domain.errors import ModelInterrupted, ModelMissing, ModelRefused
from tutor.llm.address import parse_address
from tutor.llm.client import OllamaClient
from tutor.llm.nouns import Message
from tutor.llm.wire import open_client

Connect = Callable[..., OllamaClient]
HELLO = [Message("user", "hello")]
EMBEDDER = FakeModel("nomic-embed-text:latest", ("embedding",))
CLOUD = FakeModel("big:cloud", remote_host="https://ollama.com:443")
STUB = FakeModel("alias:latest", remote_host="https://ollama.com:443")


def test_status_names_version_and_models(server: FakeOllama, connect: Connect) -> None:
    status = connect().status()
    assert (status.running, status.version) == (True, "0.33.0")
    model = status.models[0]
    assert (model.name, model.context_length, model.capabilities) == ("small:latest", 8192, ("completion",))
    assert (model.parameter_size, model.quantisation, model.remote) == ("1.2B", "Q4_K_M", False)
    assert status.detail == f"Ollama 0.33.0 runs at {connect().host} with 1 model."


def test_status_says_how_to_start_what_does_not_listen() -> None:
    status = OllamaClient("127.0.0.1:1").status()
    assert not status.running
    assert 'Start it with "ollama serve"' in status.detail


STRANGE = {
    "no JSON": Reply(raw=b"hello", raw_type="text/plain"),
    "a list": Reply(raw=b"[]"),
    "an error": Reply(status=500, error="boom"),
    "not found": Reply(status=404, raw=b"404 page not found"),
    "forbidden": Reply(status=403, raw=b""),
}


@pytest.mark.parametrize("path", ["/api/version", "/api/tags"])
@pytest.mark.parametrize("reply", STRANGE.values(), ids=STRANGE.keys())
def test_status_never_raises(reply: Reply, path: str, server: FakeOllama, connect: Connect) -> None:
    server.script(path, reply)
    status = connect().status()
    assert not status.running
    assert status.detail.endswith(".")


def test_entries_that_make_no_sense_are_left_out(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/tags", Reply(raw=b'{"models":[null,{"name":""},{"name":"ok:1","details":null,"size":"big"}]}'))
    assert [model.name for model in connect().status().models] == ["ok:1"]


CHOICES = {
    "the only one": (["a:1"], "", "a:1"),
    "the first": (["a:1", "b:1"], "", "a:1"),
    "instruction-tuned before others": (["a:1", "b:1-instruct"], "", "b:1-instruct"),
    "never an embedder": ([EMBEDDER, "a:1"], "", "a:1"),
    "never the cloud unasked": ([CLOUD, STUB, "a:1"], "", "a:1"),
    "by name": (["a:1", "b:1"], "b:1", "b:1"),
    "by name without tag": (["a:1", "b:latest"], "b", "b:latest"),
    "with a name space": (["a:1", "me/b:latest"], "me/b", "me/b:latest"),
}


@pytest.mark.parametrize(("installed", "wanted", "taken"), CHOICES.values(), ids=CHOICES.keys())
@pytest.mark.parametrize("version", ["0.33.0", "0.20.0"])
def test_takes(installed: list, wanted: str, taken: str, version: str) -> None:
    with FakeOllama(installed, version=version) as server:
        assert OllamaClient(server.url, model=wanted).choose_model().name == taken


DENIED = {
    "none installed": ([], "", ModelMissing, "ollama pull"),
    "only an embedder": ([EMBEDDER], "", ModelMissing, "no model that can chat"),
    "only the cloud": ([CLOUD], "", ModelMissing, "no model that can chat"),
    "not installed": (["a:1"], "b:1", ModelMissing, "ollama pull b:1.*Installed: a:1"),
    "the cloud by name": ([CLOUD], "big:cloud", ModelRefused, "sent to ollama.com"),
    "the cloud, never pulled": (["a:1"], "gpt-oss:120b-cloud", ModelRefused, "allow_remote"),
    "the cloud under another name": ([STUB], "alias", ModelRefused, "does not run on this machine"),
    "an embedder by name": ([EMBEDDER], "nomic-embed-text", ModelRefused, "cannot write"),
}


@pytest.mark.parametrize(("installed", "wanted", "kind", "says"), DENIED.values(), ids=DENIED.keys())
def test_does_not_take(installed: list, wanted: str, kind: type[Exception], says: str) -> None:
    with FakeOllama(installed) as server:
        client = OllamaClient(server.url, model=wanted)
        with pytest.raises(kind, match=says):
            client.choose_model()
        with pytest.raises(kind, match=says):
            list(client.chat_stream(HELLO, max_tokens=50))
        assert not server.requests("/api/chat")


def test_the_cloud_with_permission(server: FakeOllama, connect: Connect) -> None:
    server.models = {CLOUD.name: CLOUD}
    model = connect(model="big:cloud", allow_remote=True).choose_model()
    assert model.remote
    assert connect(model="other:cloud", allow_remote=True).choose_model().name == "other:cloud"


def test_a_proxy_is_not_asked_for_this_machine(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert connect().status().running
    assert list(connect().chat_stream(HELLO, max_tokens=50))


@pytest.mark.parametrize(
    ("host", "sent"),
    [("http://10.1.2.3", False), ("https://ollama.example", True), ("127.0.0.1", True)],
    ids=["open to readers on the way", "encrypted", "this machine"],
)
async def test_the_key_goes_only_where_nobody_reads_along(
    host: str, sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx

    monkeypatch.setenv("OLLAMA_API_KEY", "secret")
    seen: list[httpx.Request] = []

    async def answer(transport: object, request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, text='{"models":[]}')

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer)
    async with open_client(parse_address(host)) as client:
        await client.list()
    assert seen[0].extensions["timeout"]["connect"] == 3
    assert ("authorization" in seen[0].headers) is sent


@pytest.mark.parametrize(("host", "sent"), [("http://10.1.2.3", False), ("https://ollama.example", True)])
def test_so_does_the_key_when_only_looking(host: str, sent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    monkeypatch.setenv("OLLAMA_API_KEY", "secret")
    seen: list[httpx.Request] = []

    def answer(transport: object, request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, text='{"models":[],"version":"0.33.0"}')

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    assert OllamaClient(host).status().running
    assert ("authorization" in seen[0].headers) is sent


def test_a_bad_ollama_host_is_explained_though_another_address_is_set(server: FakeOllama) -> None:
    """The library reads OLLAMA_HOST when it is imported; a fresh interpreter shows it."""
    code = f"""
from tutor.llm.client import OllamaClient
from tutor.llm.nouns import Message
client = OllamaClient({server.url!r})
assert client.status().running
try:
    list(client.chat_stream([Message("user", "hello")], max_tokens=5))
except Exception as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OLLAMA_HOST": "127.0.0.1:port"},
    )
    assert done.stdout.startswith('ModelRefused OLLAMA_HOST is "127.0.0.1:port"')
    assert "unset it" in done.stdout


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import sys, tutor.llm.client; print({'ollama', 'httpx', 'pydantic', 'anyio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_pulling_shows_progress(server: FakeOllama, connect: Connect) -> None:
    steps = list(connect().pull("new:1"))
    assert [step.status for step in steps][:2] == ["pulling manifest", "pulling dde5aa3fc5ff"]
    assert [(step.completed, step.total) for step in steps][2:5] == [(500, 2000), (1000, 2000), (2000, 2000)]
    assert steps[-1].status == "success"


def test_pulling_what_does_not_exist(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/pull", Reply(error="pull model manifest: file does not exist"))
    with pytest.raises(ModelMissing, match=r'no model "nope:1" to download\. Look its name up at ollama\.com/library'):
        list(connect().pull("nope:1"))


def test_a_pull_that_stops_early_says_so(server: FakeOllama, connect: Connect) -> None:
    server.script("/api/pull", Reply(drop_after=3, drop_how="clean"), Reply(drop_after=3, drop_how="rst"))
    for _ in range(2):
        with pytest.raises(ModelInterrupted):
            list(connect().pull("new:1"))


def test_pulling_from_the_cloud_needs_permission(connect: Connect) -> None:
    with pytest.raises(ModelRefused, match="allow_remote"):
        list(connect().pull("big:cloud"))
