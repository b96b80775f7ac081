"""Settings: all of them there, changed in place, saved at once; a wrong value is said and nothing is lost."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import FakeWorkspace
from tutor.domain.errors import EncoderRefused
from tutor.domain.settings import EngineChoice, Settings
from tutor.store.settings_file import load_settings
from tutor.tui.screens.settings import SettingsPlace
from tutor.tui.widgets.setting_words import WORDS


def saved(workspace: FakeWorkspace) -> Settings:
    return load_settings(workspace.home.settings_file)


async def at(tutor: Driver, key: str) -> SettingsPlace:
    """The settings, this line chosen."""
    await tutor.press("S")
    await tutor.sees("Engine", "u Usual")
    place = tutor.app.screen
    assert isinstance(place, SettingsPlace)
    for _ in WORDS:
        if place.key == key:
            break
        await tutor.press("j")
    assert place.key == key
    return place


def test_every_setting_is_listed_and_explained() -> None:
    assert set(WORDS) == {field.name for field in fields(Settings)}
    assert all(effect.endswith(".") for _, effect in WORDS.values())


async def test_a_choice_turns_and_is_saved_at_once(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await at(tutor, "engine")
        await tutor.sees("Who answers and grades", 'engine: "auto", "local" or "ollama". Usually auto.')
        await tutor.press("enter")
        await tutor.sees("● Engine local")
        assert saved(workspace).engine is EngineChoice.LOCAL
        await tutor.press("right")
        await tutor.sees("● Engine ollama")
        await tutor.press("left", "u")
        await tutor.until(lambda: saved(workspace).engine is EngineChoice.AUTO)


TYPED = {
    "a number": ("new_per_day", "12", 12),
    "a fraction": ("retention", "0.85", 0.85),
    "a text": ("model", "llama3.2", "llama3.2"),
    "a list": ("target_rounds", "debugging, screening", ("debugging", "screening")),
    "a day in words": ("interview_date", "in 3 days", "2026-11-25"),
    "nothing": ("model", "", ""),
}


@pytest.mark.parametrize(("key", "text", "value"), TYPED.values(), ids=TYPED)
async def test_a_value_is_typed_in_place(workspace: FakeWorkspace, key: str, text: str, value: object) -> None:
    async with driven(workspace) as tutor:
        place = await at(tutor, key)
        await tutor.press("enter")
        await tutor.sees("Enter keeps it")
        place.query_one("#value").value = text  # type: ignore[attr-defined]
        await tutor.press("enter")
        await tutor.until(lambda: not place.writing)
        assert getattr(workspace.settings, key) == getattr(saved(workspace), key) == value


async def test_a_wrong_value_is_said_and_kept_to_mend_and_escape_leaves_it_as_it_was(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        place = await at(tutor, "retention")
        await tutor.press("enter")
        await tutor.sees("Enter keeps it")
        await tutor.type("7")
        await tutor.press("enter")
        await tutor.sees('retention must be a number from 0.7 to 0.97, not "7".')
        assert place.writing
        await tutor.press("escape")
        await tutor.until(lambda: not place.writing)
        assert tutor.app.screen is place
        assert workspace.settings.retention == 0.9
        assert not workspace.home.settings_file.exists()


async def test_colours_and_layout_follow_at_once(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await at(tutor, "theme")
        await tutor.press("enter")
        await tutor.until(lambda: tutor.app.theme == "atlas-light")
        await tutor.press("j", "enter")
        await tutor.sees("* Flat layout on")
        assert saved(workspace).flat


async def test_a_file_that_cannot_be_changed_is_said_and_the_setting_stays(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await at(tutor, "allow_remote")
        Path(workspace.home.settings_file).write_text("theme = [\n", encoding="utf-8")
        await tutor.press("enter")
        await tutor.sees("not TOML")
        assert not workspace.settings.allow_remote


async def test_another_search_model_is_prepared_at_once_and_a_refused_one_is_said(
    workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def prepare(progress: object = None) -> None:
        asked.append(workspace.settings.encoder)
        if workspace.settings.encoder:
            raise EncoderRefused("There is no folder /models/none.")

    async with driven(workspace) as tutor:
        await at(tutor, "encoder")
        monkeypatch.setattr(workspace, "prepare", prepare)
        await tutor.press("enter")
        await tutor.type("/models/none")
        await tutor.press("enter")
        await tutor.sees("There is no folder /models/none.")
        assert asked == ["/models/none"]
        await tutor.press("escape")
        await tutor.sees("Search by meaning and by keywords", "There is no folder /models/none.")
        await at(tutor, "encoder")
        await tutor.press("u")
        await tutor.until(lambda: asked == ["/models/none", ""])
        assert saved(workspace).encoder == ""
