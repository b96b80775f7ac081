"""Models: what is there and where it runs, one is chosen, another downloaded meanwhile, the grader tested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.doubles.ollama_server import FakeModel, FakeOllama, Reply
from tests.tui.driving import Driver, driven
from tests.tui.fakes import FakeWorkspace
from tutor.domain.errors import TutorError
from tutor.domain.settings import EngineChoice
from tutor.store.settings_file import load_settings
from tutor.tui.messages import Pulled, SelfTestDone
from tutor.tui.screens.models import Models
from tutor.workspace import EngineStatus

CLOUD, VECTORS = "gpt-oss:120b-cloud", "nomic-embed-text:latest"


@pytest.fixture
def server(workspace: FakeWorkspace) -> Iterator[FakeOllama]:
    models = [FakeModel("llama3.2:3b"), FakeModel(VECTORS, capabilities=("embedding",)), FakeModel(CLOUD)]
    with FakeOllama(models) as running:
        workspace.settings = replace(workspace.settings, ollama_host=running.url)
        yield running


async def at(tutor: Driver, name: str) -> Models:
    """The models, this line chosen."""
    await tutor.press("M")
    await tutor.sees("local engine", "needs no model", "gpt-oss:20b")
    place = tutor.app.screen
    assert isinstance(place, Models)
    await tutor.until(lambda: place._status is not None)
    for _ in range(12):
        if place.chosen == name:
            break
        await tutor.press("j")
    assert place.chosen == name
    return place


async def test_without_ollama_it_says_what_to_do_and_nothing_waits(workspace: FakeWorkspace) -> None:
    workspace.settings = replace(workspace.settings, ollama_host="127.0.0.1:1")
    async with driven(workspace) as tutor:
        await at(tutor, "phi4-mini")
        await tutor.sees("No Ollama at 127.0.0.1:1", "ollama serve", "It can be had once Ollama runs.")
        await tutor.press("enter")
        await tutor.sees("There is no Ollama to download it.")


async def test_an_address_that_is_none_is_said(workspace: FakeWorkspace) -> None:
    workspace.settings = replace(workspace.settings, ollama_host="ftp://x")
    async with driven(workspace, (120, 40)) as tutor:
        await tutor.press("M")
        await tutor.sees("No Ollama at ftp://x")


async def test_what_is_installed_is_listed_with_what_it_costs_and_can(
    workspace: FakeWorkspace, server: FakeOllama
) -> None:
    workspace.engine = EngineStatus("ollama:llama3.2:3b", "")
    async with driven(workspace) as tutor:
        await at(tutor, "llama3.2:3b")
        await tutor.sees("Ollama 0.33.0 runs at", "● llama3.2:3b", "1.3 GB", "completion", "answers and grades now")
        assert tutor.text.count("llama3.2:3b") == 2  # the title bar and one line: what is there is not suggested
        await tutor.sees("not measured here", "gemma3:4b 4B 3.3 GB")


async def test_enter_lets_a_model_answer_and_the_local_engine_again(
    workspace: FakeWorkspace, server: FakeOllama
) -> None:
    workspace.settings = replace(workspace.settings, engine=EngineChoice.LOCAL)
    async with driven(workspace) as tutor:
        await at(tutor, "llama3.2:3b")
        await tutor.press("enter")
        await tutor.sees("from now on.")
        kept = load_settings(workspace.home.settings_file)
        assert (kept.model, kept.engine) == ("llama3.2:3b", EngineChoice.AUTO)
        await tutor.press("k", "enter")
        await tutor.until(lambda: load_settings(workspace.home.settings_file).engine is EngineChoice.LOCAL)


@pytest.mark.parametrize(("name", "why"), [(CLOUD, "sent to ollama.com"), (VECTORS, "turns text into vectors")])
async def test_a_model_that_cannot_be_used_says_why_before_and_after_enter(
    workspace: FakeWorkspace, server: FakeOllama, name: str, why: str
) -> None:
    async with driven(workspace, (80, 30)) as tutor:
        await at(tutor, name)
        await tutor.sees(why)
        await tutor.press("enter")
        await tutor.pilot.pause(0.1)
        assert workspace.settings.model == ""


async def test_a_remote_model_can_be_chosen_once_allowed(workspace: FakeWorkspace, server: FakeOllama) -> None:
    workspace.settings = replace(workspace.settings, allow_remote=True)
    async with driven(workspace) as tutor:
        await at(tutor, CLOUD)
        await tutor.sees("sends text off this machine", "your questions and answers are sent there")
        await tutor.press("enter")
        await tutor.until(lambda: workspace.settings.model == CLOUD)


async def test_a_download_says_its_size_first_goes_on_elsewhere_and_tells_when_it_is_done(
    workspace: FakeWorkspace, server: FakeOllama
) -> None:
    server.script("/api/pull", Reply(gap=0.3))
    async with driven(workspace) as tutor:
        await at(tutor, "gemma3:4b")
        await tutor.sees("Enter downloads about 3.3 GB.")
        await tutor.press("enter")
        await tutor.sees("Downloading gemma3:4b", "x stops it", "x Stop")
        await tutor.press("enter")
        await tutor.sees("one at a time")
        await tutor.press("escape", "r")
        await tutor.sees("Foundations", "gemma3:4b is installed.")
        place = await at(tutor, "gemma3:4b")
        await tutor.until(lambda: "gemma3:4b" in place.installed())


async def test_any_model_can_be_downloaded_by_its_name(workspace: FakeWorkspace, server: FakeOllama) -> None:
    async with driven(workspace) as tutor:
        place = await at(tutor, "?")
        await tutor.sees("Enter asks for the name of a model")
        await tutor.press("enter", "escape", "enter", "enter")
        await tutor.sees("another, by its name")
        assert not server.requests("/api/pull")
        await tutor.press("enter", *"qwen3:8b", "enter")
        await tutor.sees("qwen3:8b is installed.")
        await tutor.until(lambda: "qwen3:8b" in place.installed())


async def test_a_name_that_nobody_offers_is_said(workspace: FakeWorkspace, server: FakeOllama) -> None:
    server.script("/api/pull", Reply(error="pull model manifest: file does not exist"))
    async with driven(workspace) as tutor:
        await at(tutor, "?")
        await tutor.press("enter", *"qwen33", "enter")
        await tutor.sees('There is no model "qwen33" to download.')


async def test_a_download_is_stopped_and_what_comes_late_is_dropped(
    workspace: FakeWorkspace, server: FakeOllama
) -> None:
    from tutor.llm.nouns import PullProgress
    from tutor.tui.widgets.download import Download

    server.script("/api/pull", Reply(gap=2.0))
    async with driven(workspace) as tutor:
        place = await at(tutor, "phi4-mini")
        await tutor.press("enter")
        await tutor.sees("Downloading phi4-mini")
        await tutor.press("x")
        await tutor.sees("Stopped. Getting phi4-mini again")
        place.query_one(Download).post_message(Pulled(1, PullProgress("late", 1, 2)))
        await tutor.pilot.pause(0.1)
        assert "Downloading" not in tutor.text


async def test_a_download_that_fails_says_why(workspace: FakeWorkspace, server: FakeOllama) -> None:
    server.script("/api/pull", Reply(error="pull model manifest: file does not exist"))
    async with driven(workspace, (120, 40)) as tutor:
        await at(tutor, "phi4-mini")
        await tutor.press("enter")
        await tutor.sees('There is no model "phi4-mini" to', "ollama.com/library")
        assert "Downloading" not in tutor.text


async def test_the_grader_is_tested_against_its_bar(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace, (80, 40)) as tutor:
        await tutor.press("M", "s")
        await tutor.sees("It was not tested here yet.", "Enter Quick test", "f Full test")
        await tutor.press("enter")
        await tutor.sees("31 of 62 answers", "x stops it")
        assert "Quick test" not in tutor.text
        await tutor.press("escape")
        await tutor.sees("Test grader")
        workspace.script.gate.set()
        await tutor.sees("The self-test is done")
        await tutor.press("s")
        await tutor.sees("Below the bar.", "answers passed that should not, 6 of 46", "at most 0.03 or one")


async def test_a_test_that_is_stopped_keeps_nothing(workspace: FakeWorkspace) -> None:
    workspace.script.gate.clear()
    async with driven(workspace, (80, 40)) as tutor:
        await tutor.press("M", "s", "f")
        await tutor.sees("31 of 62 answers")
        await tutor.press("x")
        await tutor.sees("Stopped.", "Enter Quick test")
        tutor.app.screen.post_message(SelfTestDone(1))
        await tutor.pilot.pause(0.1)
        assert "is done" not in tutor.text


async def test_an_engine_that_cannot_grade_says_why(workspace: FakeWorkspace) -> None:
    workspace.script.error = TutorError("The self-test was given up, because the engine could not grade: asleep.")
    async with driven(workspace, (80, 40)) as tutor:
        await tutor.press("M", "s", "enter")
        await tutor.sees("could not grade: asleep.", "It was not tested here yet.")


async def test_the_chosen_engine_is_tested_without_being_used(workspace: FakeWorkspace, server: FakeOllama) -> None:
    workspace.engine = EngineStatus("ollama:other:1b", "")
    async with driven(workspace, (120, 40)) as tutor:
        await at(tutor, "local")
        await tutor.press("s")
        await tutor.sees("Testing the grader: local engine")
        await tutor.press("enter")
        await tutor.sees("Testing the grader: local engine", "Below the bar.")
        await tutor.press("escape")
        await at(tutor, "llama3.2:3b")
        await tutor.press("s")
        await tutor.sees("Testing the grader: Ollama · llama3.2:3b", "It was not tested here yet.")
        await tutor.press("enter")
        await tutor.until(lambda: len(workspace.script.tested) == 2)
        await tutor.press("escape")
        await at(tutor, CLOUD)
        await tutor.press("s")
        await tutor.sees("allow_remote")
        await at(tutor, "phi4-mini")
        await tutor.press("s")
        await tutor.sees("Testing the grader: Ollama · other:1b")
    assert [report.engine for report in workspace.script.tested] == ["ollama:llama3.2:3b", "local"]
    assert workspace.settings.model == ""


def test_another_model_than_the_one_in_use_judges_the_labelled_answers(workspace: FakeWorkspace) -> None:
    from tutor.workspace import Workspace

    real = Workspace(workspace.home, replace(workspace.settings, ollama_host="127.0.0.1:1"), environ={})
    with pytest.raises(TutorError, match=r"127\.0\.0\.1:1"):
        real.test_grader(model="llama3.2:3b", quick=True)
