"""What every test stands on: no network but this machine, a home of its own, the real encoder."""

import os
import socket
from pathlib import Path

import pytest

pytest_plugins = ("tests.fixtures_encoder",) if (Path(__file__).parent / "fixtures_encoder.py").exists() else ()

_connect = socket.socket.connect


def _connect_here_only(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else None
    if host is not None and host not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test tried to reach {host}: the tutor speaks to the configured Ollama host only")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _connect_here_only)
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)


@pytest.fixture(autouse=True)
def tutor_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home that nothing else uses; `$TUTOR_HOME` names it."""
    home = tmp_path / "home"
    monkeypatch.setenv("TUTOR_HOME", str(home))
    return home


@pytest.fixture
def prepared_home(tutor_home: Path, encoder_folder: Path) -> Path:
    """A home whose encoder is ready, as it is after the first start."""
    target = tutor_home / "cache" / "encoder"
    target.mkdir(parents=True, mode=0o700)
    for file in encoder_folder.iterdir():
        os.link(file, target / file.name)
    return tutor_home
