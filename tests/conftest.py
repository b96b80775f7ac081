"""What every test stands on: no network but this machine, a home of its own, the real encoder."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from tutor.workspace import Workspace

pytest_plugins = ("tests.fixtures_encoder",)

for said_size in ("COLUMNS", "LINES"):
    # Parallel runs set these for their own lines; a tutor in a test has the size of the terminal it is given.
    os.environ.pop(said_size, None)

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


def _link(source: str, target: str) -> None:
    """The encoder is 90 MB and never written to, so its files are shared where the disk allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture(scope="session")
def prepared_cache(encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of a home after its first start: the encoder, and an index of the shipped chapters."""
    home = tmp_path_factory.mktemp("prepared")
    shutil.copytree(encoder_folder, home / "cache" / "encoder", copy_function=_link)
    with Workspace.open(home, environ={}) as workspace:
        workspace.prepare()
    return home / "cache"


@pytest.fixture
def prepared_home(tutor_home: Path, prepared_cache: Path) -> Path:
    """A home as it is after its first start."""
    for part in prepared_cache.iterdir():
        if part.name == "encoder":
            shutil.copytree(part, tutor_home / "cache" / "encoder", copy_function=_link)
        elif part.is_dir():
            shutil.copytree(part, tutor_home / "cache" / part.name)
        else:
            shutil.copy2(part, tutor_home / "cache" / part.name)
    return tutor_home
