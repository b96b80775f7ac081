"""Progress: figures that stand for something, days as signs and in words, a missed point opens its chapter."""

from __future__ import annotations

from dataclasses import replace

from tests.tui.driving import driven
from tests.tui.fakes import FakeWorkspace
from tests.tui.practice import practise
from tutor.domain.review import Rating, RatingSource
from tutor.study.schedule import following
from tutor.tui.widgets.heatmap import CELL, LABEL, SIGNS


async def test_an_empty_page_names_the_next_key(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await tutor.press("P")
        await tutor.sees("Nothing to show yet.", "q Start today's quiz", "q Quiz")
        assert "n Next point" not in tutor.text
        await tutor.press("q")
        await tutor.sees("^s Submit")


async def test_after_one_answer_nothing_is_claimed(workspace: FakeWorkspace) -> None:
    question = next(iter(workspace.library.questions()))
    workspace.store.add_review(
        question.id, Rating.GOOD, RatingSource.LEARNER, follow=following(question.id, Rating.GOOD)
    )
    async with driven(workspace, (80, 40)) as tutor:
        await tutor.press("P")
        await tutor.sees("1 day in a row", "too few attempts (0 of 20)", "1 of 3 too few to say")
        assert "%" not in tutor.text.replace("you wish for 90%", "")


async def test_the_page_shows_days_retention_forecast_readiness_and_agreement(workspace: FakeWorkspace) -> None:
    practise(workspace)
    record = workspace.record()
    async with driven(workspace, (120, 60)) as tutor:
        await tutor.press("P")
        await tutor.sees(
            f"{record.streak} days in a row", "Days of practice", "Coming back", "likely recalled a week from now"
        )
        await tutor.sees("Most often missed", "Local engine", "too few to say how far you agree")
        monday = next(line for line in tutor.lines if line.strip().startswith("Mon"))
        drawn = monday.partition("Mon")[2][LABEL - 3 :]
        signs = [drawn[at] for at in range(0, len(drawn), CELL)]
        shown = record.weeks[-len(signs) :]
        assert signs == [SIGNS[week[0].density] for week in shown]
        assert sum(sign != SIGNS[0] for sign in signs) > 5


async def test_fewer_weeks_fit_on_a_small_screen(workspace: FakeWorkspace) -> None:
    practise(workspace)
    seen = {}
    for width in (60, 120):
        async with driven(workspace, (width, 30)) as tutor:
            await tutor.press("P")
            await tutor.sees("Days of practice", "Mon")
            seen[width] = len(next(line for line in tutor.lines if line.strip().startswith("Mon")).split())
    assert 12 <= seen[60] < seen[120] <= 27


async def test_a_missed_point_opens_its_chapter_where_it_is_stated(workspace: FakeWorkspace) -> None:
    practise(workspace)
    async with driven(workspace, (80, 24)) as tutor:
        await tutor.press("P")
        await tutor.sees("n Next point")
        await tutor.press("n")
        await tutor.sees("Fine-tuning is for behaviour, not for facts.")
        await tutor.press("n", "n", "n", "p", "p", "enter")
        await tutor.sees("f Find", "RAG vs Fine-tuning")
        assert any("▌" in line and "behaviour, not for facts" in line for line in tutor.lines)
        await tutor.press("escape")
        await tutor.sees("Most often missed")


async def test_for_a_screen_reader_days_are_sentences(workspace: FakeWorkspace) -> None:
    practise(workspace)
    workspace.settings = replace(workspace.settings, flat=True)
    async with driven(workspace, (80, 40)) as tutor:
        await tutor.press("P")
        await tutor.sees("Week of Mon 16 Nov: ", " answers on ", "Sun 22 Nov: ")
        assert not set("".join(tutor.lines)) & set("░▒▓█")


async def test_coming_back_counts_anew(workspace: FakeWorkspace) -> None:
    practise(workspace)
    async with driven(workspace, (80, 24)) as tutor:
        await tutor.press("P")
        await tutor.sees(f"{workspace.record().counts.reviews_today} answers today")
        await tutor.press("escape")
        question = next(iter(workspace.library.questions()))
        workspace.store.add_review(
            question.id, Rating.GOOD, RatingSource.LEARNER, follow=following(question.id, Rating.GOOD)
        )
        await tutor.press("P")
        await tutor.sees(f"{workspace.record().counts.reviews_today} answers today")
