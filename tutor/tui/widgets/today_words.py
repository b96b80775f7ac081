"""Owns the sentences of the first screen: what the day looks like, and the one thing to do."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content, Span
from textual.style import Style

from tutor.domain.text import visible
from tutor.tui.facts import TodayFacts
from tutor.tui.greeting import due_words
from tutor.tui.keys import key_of
from tutor.tui.widgets.words import ahead, counted

MINUTES_A_QUESTION = 2
"""A spoken-length answer, its grade and a look at it."""

KEYS = 7
"""Cells for a key and the air after it."""


def summary(facts: TodayFacts, now: datetime) -> Content:
    """What the day looks like, in a sentence or three."""
    if facts.first_run:
        return Content(
            "Read a chapter, then answer what interviewers ask, in your own words.\n"
            "Every answer is graded point by point, against the chapter's text.\n"
            "What you forget comes back in time. All of it stays on this machine."
        )
    parts = []
    if facts.due:
        parts.append(due_words(facts.due))
    if facts.new:
        parts.append(f"{facts.new} new {'one waits' if facts.new == 1 else 'ones wait'}")
    sentence = ", ".join(parts) + "." if parts else "Nothing is due."
    if not parts and facts.next_due is not None:
        sentence += f" The next question comes back {ahead(facts.next_due - now)}."
    if facts.unrated:
        sentence += f" {unrated_words(facts.unrated)}"
    if facts.reviews_today:
        sentence += f" {counted(facts.reviews_today, 'answer')} today."
    if facts.streak > 1:
        sentence += f" {facts.streak} days in a row."
    return Content(sentence)


def unrated_words(count: int) -> str:
    """Answers that were graded, and left before they were rated."""
    if count == 1:
        return "A graded answer of yours waits for your rating: the quiz begins with it."
    return f"{count} graded answers of yours wait for your rating: the quiz begins with them."


def start_words(facts: TodayFacts) -> Content:
    """The one thing to do."""
    count = facts.due + facts.new
    left = interview_words(facts)
    if not count and facts.unrated:
        return keyed("today.start", "start", Content.styled("Rate what was graded", "bold")) + left
    if not count:
        return keyed("go.roadmap", "app.visit('roadmap')", "Read ahead in the roadmap") + left
    about = f"{counted(count, 'question')}, {count * MINUTES_A_QUESTION} min"
    title = "Start your first quiz" if facts.first_run else "Start today's quiz"
    words = keyed("today.start", "start", Content.assemble((title, "bold"), "  ", (about, "$text-muted")))
    if facts.first_run:
        words += "\n" + keyed("go.roadmap", "app.visit('roadmap')", "Read a chapter first")
    return words + left


def interview_words(facts: TodayFacts) -> Content:
    """The line that leads back to an interview that was left; empty when there is none."""
    if not facts.left:
        return Content("")
    going = Content.assemble("Go on with your interview   ", (facts.left, "$text-muted"))
    return "\n" + keyed("go.interview", "interview", going)


def reading_words(facts: TodayFacts, width: int) -> Content:
    """Where one was reading, in this many cells."""
    if facts.reading is None:
        return Content("")
    chapter, heading = facts.reading
    at = f" · {heading}" if heading else ""
    words = Content.assemble((visible(chapter.title), "bold"), (visible(at), "$text-muted"))
    return keyed(
        "today.continue",
        "continue_reading",
        Content.assemble("Continue  ", words.truncate(max(12, width), ellipsis=True)),
    )


def keyed(identity: str, does: str, words: Content | str) -> Content:
    """What a key does, after it, all of them beginning at one edge."""
    return acting(Content.assemble((key_of(identity).ljust(KEYS), "bold $text-accent"), words), does)


def acting(words: Content, does: str) -> Content:
    """Words that a click or a letter makes do something: an action of the place, told by their meta `does`."""
    return words.add_spans([Span(0, len(words), Style.from_meta({"does": does}))])
