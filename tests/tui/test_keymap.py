"""The learner's own keys: what they change, what a bad line says, and that it never keeps anybody out."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace
from tutor.tui.keymap import load_keymap
from tutor.tui.keys import bindings, every_module


def written(workspace: FakeWorkspace, text: str) -> None:
    (workspace.home.path / "keymap.toml").write_text(text, encoding="utf-8")


async def test_an_action_answers_to_its_new_key_alone_and_help_names_it(workspace: FakeWorkspace) -> None:
    written(workspace, '[go]\nroadmap = ["w", "ctrl+r"]\n')
    async with driven(workspace, (80, 50)) as tutor:
        await tutor.sees("w Roadmap")
        await tutor.press("r")
        await tutor.pilot.pause(0.1)
        assert "Foundations" not in tutor.text
        await tutor.press("w")
        await tutor.sees("Foundations")
        await tutor.press("question_mark")
        await tutor.sees("w ^r Tracks, sections and chapters")


async def test_a_key_shared_by_several_actions_keeps_the_others(workspace: FakeWorkspace) -> None:
    written(workspace, '"quiz.accept" = "y"\n"text.down" = "e"\n"app.quit" = "ctrl+x"\n')
    async with driven(workspace) as tutor:
        await tutor.press("enter")
        await tutor.sees("^s Submit")
        await tutor.type("an answer")
        await tutor.press("escape")
        await tutor.sees("Enter Write")
        await tutor.press("enter", "ctrl+s")
        await tutor.sees("y Accept")
        await tutor.press("y")
        await tutor.sees("2 of 3")
        await tutor.press("ctrl+x")
        await tutor.until(lambda: tutor.app.return_code == 0)


BAD = {
    "an unknown action": ('[reader]\nnxt = "l"', ':2: there is no action "reader.nxt". Did you mean "reader.next"?'),
    "an unknown key": ('reader.next = "contrl+x"', ':1: there is no key "contrl+x". A key is'),
    "no key at all": ("reader.next = 3", ':1: reader.next must be a key like "l"'),
    "an empty list": ("reader.next = []", ':1: reader.next must be a key like "l"'),
    "not TOML": ("reader.next l", ": not TOML"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_line_is_said_and_left_out(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "keymap.toml"
    path.write_text(text)
    found = load_keymap(path)
    assert found.keys == {}
    assert f"{path}{said}" in found.problems[0]


def test_the_good_lines_of_a_bad_file_work(tmp_path: Path) -> None:
    path = tmp_path / "keymap.toml"
    path.write_text('[reader]\nnxt = "l"\nfind = "?"\n')
    found = load_keymap(path)
    assert found.keys == {"reader.find": ("question_mark",)}
    assert len(found.problems) == 1


@pytest.mark.parametrize("content", [b"\xff\xfe", None], ids=["not UTF-8", "a folder"])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "keymap.toml"
    path.mkdir() if content is None else path.write_bytes(content)
    assert load_keymap(path).problems


async def test_a_bad_keymap_is_told_and_the_app_works(workspace: FakeWorkspace) -> None:
    written(workspace, 'reader.nxt = "l"')
    async with driven(workspace) as tutor:
        await tutor.sees('there is no action "reader.nxt"', "Start your first quiz")
        await tutor.press("r")
        await tutor.sees("Foundations")


HINTS = {
    "the first screen": ('go.roadmap = "f6"', (), "F6 Read a chapter first"),
    "the key that starts": ('today.start = "f6"', (), "F6 Start your first quiz"),
    "the help at the end of the bottom line": ('go.help = "f6"', (), "F6 Help"),
    "a chapter's invitation": ('reader.quiz = "f6"', ("r", "enter", "G"), "F6 Answer 1 question in your own words"),
    "what a notice leads to": ('reader.quiz = "f6"', ("r", "enter", "m"), "Marked as read. F6 answers its 1 key"),
    "an answer not yet begun": ('quiz.reveal = ["e", "f6"]', ("enter", "ctrl+s"), "F6 shows the reference answer."),
    "an answer to compare": ('quiz.had = "f6"', ("enter", "x", "f3"), "Mark each point: F6 I had this"),
    "the threshold of a round": ('interview.begin = "f6"', ("i", "enter"), "F6 Begin"),
    "a round's list": ('go.back = "f6"', ("i", "enter"), "F6 leaves and stops the clock"),
    "the models": ('models.look = "f6"', ("M",), "Then press F6."),
    "a note": ('note.keep = "f6"', ("r", "enter", "e"), "F6 keeps it and closes."),
    "the day of the interview": ('date.close = "f6"', ("d",), "Enter keeps it, F6 closes."),
    "no progress yet": ('go.quiz = "f6"', ("P",), "F6 Start today's quiz"),
    "a value": ('go.back = "f6"', ("S", "j", "enter"), "Enter keeps it, F6 leaves it as it was."),
}


@pytest.mark.parametrize(("line", "keys", "said"), HINTS.values(), ids=HINTS.keys())
async def test_every_hint_names_the_learners_own_key(
    workspace: FakeWorkspace, line: str, keys: tuple[str, ...], said: str
) -> None:
    workspace.settings = replace(workspace.settings, ollama_host="127.0.0.1:1")
    written(workspace, line)
    async with driven(workspace) as tutor:
        await tutor.walk(*keys)
        await tutor.sees(said)


def test_an_action_has_the_same_usual_keys_wherever_it_is_bound() -> None:
    keys: dict[str, set[str]] = {}
    for binding in bindings(every_module()):
        keys.setdefault(binding.id or "", set()).add(binding.key)
    assert {identity: found for identity, found in keys.items() if len(found) > 1} == {}


def test_no_text_names_a_key_itself() -> None:
    """A hint asks `key_of`, so that it stays true under the learner's own keys."""
    from tutor import tui

    named = re.compile(r"\bF\d\b|\bEsc\b|\^[a-z]\b")
    found = []
    for path in sorted(Path(tui.__path__[0]).rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        documentation = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        said = [text for text in texts if id(text) not in documentation and named.search(str(text.value))]
        found += [f"{path.name}:{text.lineno}: {text.value!s}" for text in said if path.name != "keys.py"]
    assert found == []


def test_a_hint_that_names_another_place_loads_no_more_than_its_keys() -> None:
    """Loading every place for one word would hold the screen up."""
    program = "import sys, tutor.tui.app; from tutor.tui.keys import key_of; key_of('reader.quiz')\n"
    program += "print([name for name in sys.modules if name.startswith('tutor.tui.screens')])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "tutor.tui.screens.reader_keys" in told
    assert "tutor.tui.screens.reader'" not in told
    assert "tutor.tui.screens.models" not in told
