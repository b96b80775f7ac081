"""Addresses are read as Ollama reads OLLAMA_HOST."""

import pytest

from tutor.domain.errors import ModelRefused
from tutor.llm.address import parse_address
from tutor.llm.client import OllamaClient

READ = {
    "nothing": ("", "http://127.0.0.1:11434"),
    "a host": ("example.com", "http://example.com:11434"),
    "host and port": ("1.2.3.4:56789", "http://1.2.3.4:56789"),
    "a port alone": (":56789", "http://127.0.0.1:56789"),
    "http has its own port": ("http://1.2.3.4", "http://1.2.3.4:80"),
    "https has its own port": ("https://example.com", "https://example.com:443"),
    "https with a port": ("https://example.com:8443/", "https://example.com:8443"),
    "a path": ("example.com:80/ollama/", "http://example.com:80/ollama"),
    "IPv6": ("[::1]:11434", "http://[::1]:11434"),
    "IPv6 without a port": ("[fe80::2]", "http://[fe80::2]:11434"),
    "where servers bind": ("0.0.0.0", "http://127.0.0.1:11434"),
    "where servers bind, IPv6": ("http://[::]:11434", "http://[::1]:11434"),
    "blanks around it": (" localhost:1 \n", "http://localhost:1"),
}
REFUSED = {
    "a word for a port": "127.0.0.1:ollama",
    "a port too high": "127.0.0.1:99999",
    "port nought": "127.0.0.1:0",
    "another scheme": "ftp://127.0.0.1",
    "IPv6 without brackets": "fe80::1:2",
    "a broken bracket": "[::1:11434",
    "a password": "http://me:secret@127.0.0.1",
    "a sentence": "my own machine",
    "a query": "127.0.0.1:11434?x=1",
}


@pytest.mark.parametrize(("text", "url"), READ.values(), ids=READ.keys())
def test_is_read(text: str, url: str) -> None:
    assert parse_address(text).url == url


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ModelRefused, match=r"cannot be read: .+ Write it like 127\.0\.0\.1:11434"):
        parse_address(text)


def test_a_bad_address_breaks_nothing_before_the_first_call() -> None:
    client = OllamaClient("127.0.0.1:ollama")
    assert client.host == "127.0.0.1:ollama"
    status = client.status()
    assert not status.running
    assert "the port is a number" in status.detail
    with pytest.raises(ModelRefused):
        client.choose_model()


@pytest.mark.parametrize(
    ("text", "loopback", "private"),
    [
        ("127.0.0.1", True, True),
        ("127.1.2.3:80", True, True),
        ("localhost", True, True),
        ("[::1]", True, True),
        ("192.168.0.7", False, False),
        ("http://ollama.example", False, False),
        ("https://ollama.example", False, True),
        ("localhost.example.com", False, False),
    ],
)
def test_knows_what_leaves_the_machine_readable(text: str, loopback: bool, private: bool) -> None:
    address = parse_address(text)
    assert (address.loopback, address.private) == (loopback, private)
