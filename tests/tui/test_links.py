"""Links: where each leads is said in full before anything is opened, and nothing but the web is ever opened."""

from __future__ import annotations

import shlex
import webbrowser
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.driving import Driver, driven
from tests.tui.fakes import ANSWER, VERSUS, FakeWorkspace
from tutor.domain.content import BodySection, Chapter, Source
from tutor.tui import opening
from tutor.tui.links import LONGEST, Link, LinkRefused, address_of, destination
from tutor.tui.screens.jump import Jump
from tutor.tui.screens.link import FollowLink
from tutor.tui.screens.reader import Reader
from tutor.tui.widgets.blocks import markdown_blocks
from tutor.tui.widgets.document import Document

PAPER = "https://arxiv.org/abs/2312.05934"

REFUSED = {
    "a script": "javascript:alert(1)",
    "a script in disguise": "JaVaScRiPt:alert(1)//http://good.org",
    "a file": "file:///etc/passwd",
    "data": "data:text/html,<script>",
    "mail": "mailto:somebody@example.org",
    "another program": "vscode://file/etc/passwd",
    "no scheme": "//evil.org/",
    "a path": "../../etc/passwd",
    "a name before the site": "http://good.org@evil.org/",
    "a name and a password": "https://good.org:443@evil.org",
    "a name that is escaped": "https://good.org%2F@evil.org",
    "a backslash": "https://good.org\\@evil.org/",
    "a blank": "https://good.org /x",
    "a new line": "https://good.org/\nx",
    "a direction": "https://good.org/\u202egro.live",
    "nothing to see": "https://go\u200bod.org/",
    "an escape": "https://good.org/\x1b]52;c;x\x07",
    "no site": "https:///path",
    "half a site": "https://-good.org/",
    "a port that is none": "https://good.org:99999/",
    "a broken bracket": "https://[::1/",
    "letters that look like a slash": "https://good.org\u2044@evil.org/",
    "more than fits": "https://good.org/" + "a" * LONGEST,
    "an option of a program": "--version",
}

PLAIN = {
    "as it is": (PAPER, PAPER),
    "in capitals": ("HTTPS://Example.ORG/Path", "https://example.org/Path"),
    "with a port and a query": ("http://a.org:8080/x?y=z&w=%20#q", "http://a.org:8080/x?y=z&w=%20#q"),
    "with letters in the path": ("https://a.org/grün\u00a0".strip(), "https://a.org/gr%C3%BCn"),
    "with quotes": ("https://a.org/'\"`$(x)", "https://a.org/'%22%60$(x)"),
    "with an address of numbers": ("http://93.184.216.34/", "http://93.184.216.34/"),
    "with a new address of numbers": ("http://[2606:4700::1111]:81/", "http://[2606:4700::1111]:81/"),
}

CAUTIONS = {
    "letters of another script": (Link("https://xn--80ak6aa92e.com", "apple"), "another script"),
    "the same, not yet in ASCII": (Link("https://\u0430\u0440\u0440\u04cf\u0435.com", "apple"), "another script"),
    "words that name another site": (Link("https://evil.org/x", "https://good.org/x"), "name good.org"),
    "words that name another site by www": (Link("https://evil.org/x", "www.good.org"), "name www.good.org"),
    "this machine": (Link("http://127.0.0.1:11434/api/delete", "here"), "this machine"),
    "this machine by name": (Link("http://localhost/", "here"), "this machine"),
    "one's own network": (Link("http://192.168.1.1/", "here"), "own network"),
    "a number for a name": (Link("http://2130706433/", "here"), "this machine"),
}


@pytest.mark.parametrize("href", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_plainly_the_web_is_refused_with_a_reason(href: str) -> None:
    with pytest.raises(LinkRefused, match="not opened"):
        destination(Link(href, "words"))


@pytest.mark.parametrize(("href", "url"), PLAIN.values(), ids=PLAIN.keys())
def test_what_is_shown_is_what_is_opened_in_ascii(href: str, url: str) -> None:
    found = destination(Link(href, "words"))
    assert (found.url, found.cautions) == (url, ())
    assert found.url.isascii() and found.url.isprintable() and " " not in found.url


@pytest.mark.parametrize(("link", "said"), CAUTIONS.values(), ids=CAUTIONS.keys())
def test_what_is_worth_knowing_is_said(link: Link, said: str) -> None:
    assert any(said in caution for caution in destination(link).cautions)


def test_words_that_name_the_site_itself_need_no_caution() -> None:
    assert destination(Link("https://www.good.org/x", "https://good.org/x")).cautions == ()


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("arXiv:2312.05934", PAPER),
        ("arXiv:2312.05934v2", PAPER + "v2"),
        ("doi:10.1145/2408776.2408794", "https://doi.org/10.1145/2408776.2408794"),
        ("https://example.org/a", "https://example.org/a"),
        ("arXiv:2312.05934 and more", ""),
        ("javascript:alert(1)", ""),
        ("ISBN 978-0", ""),
    ],
)
def test_a_source_is_read_at_its_address(reference: str, address: str) -> None:
    assert address_of(reference) == address


def test_markdown_makes_no_link_of_a_script() -> None:
    (block,) = markdown_blocks("[here](javascript:alert(1)) and [there](file:///etc/passwd)")
    assert "javascript:alert(1)" in block.content.plain
    assert not any("link" in getattr(span.style, "meta", {}) for span in block.content.spans)


def opened_by_browser(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser of its own kind: it writes down what it is given."""
    browser, told = folder / "browser.sh", folder / "told"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {shlex.quote(str(told))}.part\n'
                       f"mv {shlex.quote(str(told))}.part {shlex.quote(str(told))}\n")  # fmt: skip
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s &")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    return told


def chapter_of(text: str, *sources: Source) -> Chapter:
    return replace(VERSUS, sections=(BodySection("Links", 2, ("Links",), text, 10),), questions=(), sources=sources)


async def read(tutor: Driver, text: str, *sources: Source) -> Reader:
    opening.read(tutor.app, chapter_of(text, *sources))
    await tutor.until(lambda: isinstance(tutor.app.screen, Reader) and bool(tutor.app.screen.query(Document)))
    await tutor.sees("Links")
    assert isinstance(tutor.app.screen, Reader)
    return tutor.app.screen


async def test_a_link_says_where_it_leads_and_opens_on_enter_alone(
    workspace: FakeWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = opened_by_browser(tmp_path, monkeypatch)
    async with driven(workspace) as tutor:
        await read(tutor, f"See [the paper]({PAPER}).")
        await tutor.press("l")
        await tutor.sees("This link leads to", PAPER, "The text calls it “the paper”.", "Enter opens it")
        await tutor.press("escape")
        await tutor.until(lambda: isinstance(tutor.app.screen, Reader))
        assert not told.exists()
        await tutor.press("l")
        await tutor.sees("This link leads to")
        await tutor.press("enter")
        await tutor.sees("Opened in your browser: arxiv.org")
        await tutor.until(told.exists)
    assert told.read_text() == f"{PAPER}\n"


async def test_letters_lead_to_several_links_and_to_the_sources(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        source = Source("Fine-Tuning or Retrieval?", "arXiv:2312.05934", 2023)
        await read(tutor, "[one](https://one.org/) and <https://two.org/>", source)
        await tutor.press("l")
        await tutor.until(lambda: isinstance(tutor.app.screen, Jump))
        await tutor.press("s")
        await tutor.sees("This link leads to", "https://two.org/")
        await tutor.press("escape")
        await tutor.until(lambda: isinstance(tutor.app.screen, Reader))
        await tutor.press("l", "d")
        await tutor.sees(PAPER, "“Fine-Tuning or Retrieval?”")


async def test_a_click_on_a_link_asks_too_and_a_click_beside_it_does_not(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await read(tutor, "Look: [one](https://one.org/) here.")
        row = next(n for n, line in enumerate(tutor.lines) if "Look:" in line)
        column = tutor.lines[row].index("one")
        await tutor.pilot.click(offset=(column - 3, row))
        assert isinstance(tutor.app.screen, Reader)
        await tutor.pilot.click(offset=(column + 1, row))
        await tutor.sees("This link leads to", "https://one.org/")


async def test_a_link_that_deceives_is_not_opened_and_says_why(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await read(tutor, "[good.org](http://good.org@evil.org/)")
        await tutor.press("l")
        await tutor.sees("not opened: other words stand before the name of its site.")
        assert not isinstance(tutor.app.screen, FollowLink)


async def test_a_text_without_links_says_so(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await read(tutor, "[x](javascript:alert(1)) is text.")
        await tutor.press("l")
        await tutor.sees("There is no link in view.")


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_the_longest_address_is_shown_in_full(workspace: FakeWorkspace, size: tuple[int, int]) -> None:
    url = "https://example.org/" + "".join(f"{n:04}" for n in range(LONGEST))[: LONGEST - 20]
    async with driven(workspace, size) as tutor:
        await read(tutor, "short")
        opening.follow(tutor.app, Link(url, "w" * 30))
        await tutor.sees("This link leads to", "Enter opens it")
        x, y, width, height = tutor.app.screen.query_one("#link-address").region
        assert "".join(line[x : x + width].strip() for line in tutor.lines[y : y + height]) == url
        assert y + height < size[1] - 2


async def test_links_in_an_answer_are_followed_from_the_line_by_jumping(workspace: FakeWorkspace) -> None:
    workspace.script.answer = replace(ANSWER, text=f"Read [this]({PAPER}) first. [1]")
    async with driven(workspace) as tutor:
        await tutor.press("a")
        await tutor.type("why")
        await tutor.press("enter")
        await tutor.sees("Read this")
        await tutor.press("tab", "l")
        await tutor.sees("This link leads to", PAPER)


async def test_without_a_browser_it_is_said(workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(using: str | None = None) -> webbrowser.BaseBrowser:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    async with driven(workspace) as tutor:
        await read(tutor, f"[x]({PAPER})")
        await tutor.press("l")
        await tutor.sees("This link leads to")
        await tutor.press("enter")
        await tutor.sees("There is no browser here.")


async def test_the_address_can_be_copied(workspace: FakeWorkspace) -> None:
    async with driven(workspace) as tutor:
        await read(tutor, f"[x]({PAPER})")
        await tutor.press("l")
        await tutor.sees("This link leads to")
        await tutor.press("c")
        await tutor.sees("Copied.")
        assert tutor.app.clipboard == PAPER
