"""What leaves the machine: nothing but what goes to the configured Ollama host. What stays is the learner's alone."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from tests.doubles.ollama_server import FakeModel, FakeOllama

ROOT = Path(__file__).parents[2]
QUESTION = "rag/rag-vs-fine-tuning#difference"
SECRET = "xylophone-secret retrieval finds documents at query time, and fine-tuning changes the weights by training"
WATCH = """
import os, sys

def watch(event, args):
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = args[:2]
    else:
        return
    with open(os.environ["WATCHED"], "a") as file:
        file.write(f"{event} {address}\\n")

sys.addaudithook(watch)
"""
VERBS = {
    "ask": ["ask", "When should I choose RAG?"],
    "grade": ["grade", "--question", QUESTION, "--answer", SECRET],
    "search": ["search", "chunk overlap"],
    "models": ["models"],
    "doctor": ["doctor"],
    "index": ["index"],
    "backup": ["backup"],
}


@pytest.fixture
def watched(tmp_path: Path, prepared_home: Path) -> dict[str, str]:
    """An environment in which every process of the tutor writes down whom it speaks to."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    elsewhere = {name: str(tmp_path / "elsewhere") for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    elsewhere |= {name: str(tmp_path / "elsewhere") for name in ("XDG_DATA_HOME", "XDG_STATE_HOME")}
    return {
        **os.environ,
        **elsewhere,
        "PYTHONPATH": f"{tmp_path / 'watch'}:{ROOT}",
        "WATCHED": str(tmp_path / "watched.txt"),
        "TUTOR_HOME": str(prepared_home),
        "TERM": "xterm-256color",
    }


def addresses(environ: dict[str, str]) -> set[str]:
    """Whom the processes spoke to."""
    file = Path(environ["WATCHED"])
    return set(file.read_text().splitlines()) if file.exists() else set()


def left_elsewhere(environ: dict[str, str]) -> list[str]:
    """What they wrote into the user's folders, which are not the tutor's home."""
    return [str(path) for path in Path(environ["HOME"]).rglob("*")]


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS.keys())
def test_a_verb_speaks_to_the_configured_host_and_nobody_else(watched: dict[str, str], words: list[str]) -> None:
    with FakeOllama([FakeModel("tiny:latest")]) as server:
        port = server.url.rpartition(":")[2].strip("/")
        watched["OLLAMA_HOST"] = server.url
        subprocess.run([sys.executable, "-m", "tutor", *words], env=watched, cwd=ROOT, capture_output=True, check=False)
    host = "127.0.0.1"
    assert addresses(watched) <= {f"socket.connect ('{host}', {port})", f"socket.getaddrinfo ('{host}', {port})"}
    assert left_elsewhere(watched) == []


OFF_THE_NET = {
    "ask": (["-m", "tutor", "ask", "When should I choose RAG?"], False),
    "index": (["-m", "tutor", "index"], False),
    "a program that speaks to another machine": (
        ["-c", "import socket; socket.create_connection(('192.0.2.1', 9))"],
        True,
    ),
    "a program that asks for a name": (["-c", "import socket; socket.getaddrinfo('example.org', 9)"], True),
}
"""What is run, and whether the kernel must count something: libraries below Python are seen by nobody else."""


@pytest.mark.parametrize(("words", "sends"), OFF_THE_NET.values(), ids=OFF_THE_NET.keys())
def test_no_library_below_python_sends_anything_off_the_machine(
    watched: dict[str, str], words: list[str], sends: bool
) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False, capture_output=True).returncode:
        pytest.skip("a network of one's own needs Linux, and a machine that allows it")
    program = [unshare, "-rn", sys.executable, "-m", "tests.scripts.off_the_net", sys.executable, *words]
    done = subprocess.run(program, env=watched, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert (told["sent"] > 0) is sends, told
    assert sends or told["code"] == 0, told


def test_an_evening_in_the_app_speaks_to_nobody_and_leaves_nothing_for_others(
    watched: dict[str, str], prepared_home: Path
) -> None:
    (prepared_home / "settings.toml").write_text('engine = "local"\n')
    app = pexpect.spawn(sys.executable, ["-m", "tutor"], env=watched, cwd=str(ROOT), dimensions=(24, 80), timeout=60)
    app.expect("Start")
    time.sleep(1)
    app.send("\r")
    app.expect("Submit")
    time.sleep(1)
    app.send(SECRET)
    time.sleep(1)
    app.send("\x13")
    app.expect("Accept")
    time.sleep(1)
    app.send("\x11")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 0
    assert addresses(watched) == set()
    assert left_elsewhere(watched) == []
    mine = [path for path in prepared_home.rglob("*") if "cache" not in path.parts and not path.is_symlink()]
    assert {path.name for path in mine} >= {"progress.db", "logs", "packs"}
    for path in mine:
        written_by_us = path.name != "settings.toml"
        mode = stat.S_IMODE(path.stat().st_mode)
        assert not written_by_us or mode in (0o600, 0o700), f"{path} is {oct(mode)}"
    told = [path for path in (prepared_home / "logs").rglob("*") if b"xylophone" in path.read_bytes()]
    assert told == []
