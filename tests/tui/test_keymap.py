"""The learner's own keys: what they change, what a bad line says, and that it never keeps anybody out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace
from tutor.tui.keymap import load_keymap


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
