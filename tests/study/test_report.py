"""The report of an interview: the same words in every format, nothing in it that acts, nothing from elsewhere."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.doubles.clock import FrozenClock
from tests.doubles.grades import COVERED, FAILED, MISSING, WEAK, chapter, grade, library
from tutor.domain.errors import TutorError
from tutor.domain.interview import Round
from tutor.store.store import Store
from tutor.study.interview import Interview
from tutor.study.report import Part, PartKind, report
from tutor.study.report_formats import as_html, as_markdown, write_report
from tutor.study.scorecard import scorecard

HOSTILE = "<script>alert(1)</script> \x1b]0;owned\x07 [x](javascript:1) **b** `c`\n# no heading\n1. no list\n- no item"
SHELF = library(chapter("basics", 3))


@pytest.fixture
def parts(store: Store, clock: FrozenClock) -> list[Part]:
    """The report of an interview with a hostile answer, a follow-up, a failed grade and a question not reached."""
    known = {question.id: question for question in SHELF.questions()}
    agenda = store.begin_interview(Round.SCREENING, list(known.values()), minutes=9, seed=1, engine="local")
    interview = Interview(agenda, known, store, clock=clock)
    interview.go_on()
    for given in (grade(MISSING, COVERED), WEAK, WEAK, FAILED):
        clock.forward(seconds=61)
        exchange = interview.submit(HOSTILE)
        assert exchange.attempt is not None
        interview.record(exchange.attempt.id, given)
        interview.advance()
    interview.finish()
    return report(scorecard(interview, SHELF))


def test_it_says_what_was_asked_said_missed_and_what_to_do(parts: list[Part]) -> None:
    words = "\n".join(part.text for part in parts)
    for expected in (
        "Mock interview: Screening",
        "No verdict",
        "4:04 of 9 min, 1 of 3 not reached",
        "What cost the most",
        "Point first. (question 1, missing)",
        "1. Basics: read it again, then answer",
        "Follow-up: ",
        "○ missing (essential): Point first.",
        "Ollama is not running.",
        "took 1:01 · graded by local",
        "How the verdict is reached",
    ):
        assert expected in words, expected
    assert words.count("<script>") == 4, "the learner's words are there, as they wrote them"


def test_no_character_of_it_acts_on_a_terminal(parts: list[Part]) -> None:
    words = "".join(part.text for part in parts)
    assert "\x1b" not in words and "\x07" not in words and "␛" in words


class Tags(HTMLParser):
    """Collects what a browser would build."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_the_page_stands_alone_and_runs_nothing(parts: list[Part]) -> None:
    page = as_html(parts)
    found = Tags()
    found.feed(page)
    known = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "blockquote"}
    assert set(found.tags) == known
    assert {name for name, _ in found.attributes} == {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert "default-src 'none'" in page and "prefers-color-scheme: dark" in page
    assert "http://" not in page and "https://" not in page and "url(" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_markdown_shows_the_learners_words_as_words(parts: list[Part]) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(as_markdown(parts))
    kinds = {token.type for token in tokens}
    inner = {child.type for token in tokens for child in token.children or ()}
    assert {"heading_open", "blockquote_open", "bullet_list_open"} <= kinds
    assert "html_block" not in kinds and not inner & {"html_inline", "link_open", "code_inline", "em_open"}
    quotes = [token for token in tokens if token.type == "blockquote_open"]
    assert len(quotes) == 4
    headings = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
    assert not any("no heading" in heading for heading in headings)
    texts = [child.content for token in tokens for child in token.children or () if child.type == "text"]
    assert any("<script>alert(1)</script>" in text for text in texts)
    assert {"# no heading", "1. no list", "- no item"} <= set(texts)


@pytest.mark.parametrize("name", ["card.md", "card.html", "CARD.HTM"])
def test_the_ending_chooses_the_format(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    write_report(target, [Part(PartKind.TITLE, "A round")])
    start = "# A round" if name.endswith("md") else "<!doctype html>"
    assert target.read_text().startswith(start)
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("card.pdf", "ending .md or .html"), ("card", "ending .md or .html"), ("nowhere/card.md", "cannot be written")],
)
def test_a_file_that_cannot_be_a_report_is_refused(tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(TutorError, match=sentence):
        write_report(tmp_path / name, [])
    assert list(tmp_path.iterdir()) == []
