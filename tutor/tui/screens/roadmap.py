"""Owns the roadmap: every track, section and chapter, with how far one is in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.domain.content import Chapter, Library, StudyPath
from tutor.domain.text import visible
from tutor.library.finding import chapters_with
from tutor.study.readiness import group_standing, standing_words
from tutor.study.record import asked_for
from tutor.tui import opening
from tutor.tui.facts import ChapterState, chapter_states
from tutor.tui.keys import key_of
from tutor.tui.screens.place import Place
from tutor.tui.widgets.chapter import about
from tutor.tui.widgets.filter_line import FilterLine
from tutor.tui.widgets.listing import Listing
from tutor.tui.widgets.roadmap_rows import WEIGHTS, chapter_row
from tutor.tui.widgets.words import counted


class ChapterList(Listing):
    """The list of chapters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Read", id="roadmap.read", tooltip="Open this chapter"),
    ]


class Roadmap(Place):
    """Everything there is to study."""

    NAME = "Roadmap"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Read", id="roadmap.read", tooltip="Open this chapter"),
        Binding("q", "quiz", "Quiz", id="roadmap.quiz", tooltip="Answer the key questions of this chapter"),
        Binding(
            "w", "cram", "Cram", id="roadmap.cram", tooltip="This chapter's weakest first; your schedule stays as it is"
        ),
        Binding("f", "filter", "Filter", id="roadmap.filter", tooltip="Only chapters with these words"),
        Binding(
            "p", "path", "Path", id="roadmap.path", tooltip="The next study path; after the last, everything again"
        ),
    ]

    path: StudyPath | None = None
    """The study path that is shown; None for every chapter."""
    _listed: Library | None = None

    def compose_place(self) -> Iterable[Widget]:
        """One list, above it the words that narrow it."""
        yield FilterLine()
        yield ChapterList(id="chapters", markup=False)
        yield Static(id="legend", markup=False)

    def on_mount(self) -> None:
        """Ready before anybody can have pressed a key."""
        self.fill()
        self.query_one(ChapterList).focus()

    def on_screen_resume(self) -> None:
        """Standings may have moved while one was away."""
        super().on_screen_resume()
        self.fill()
        if not self.writing:
            self.query_one(ChapterList).focus()

    def facts_changed(self) -> None:
        """Chapters that were read again are listed anew."""
        super().facts_changed()
        if self.workspace.library is not self._listed:
            self.path = self.path if self.path in self.paths() else None
            self.fill()

    def on_resize(self, _: events.Resize) -> None:
        """Columns follow the width."""
        if self.query("#chapters"):
            self.fill()

    def bar(self) -> tuple[str, ...]:
        """Read first."""
        if self.writing:
            return ("filter.keep", "go.back")
        paths = ("roadmap.path",) if self.paths() else ()
        return (
            "roadmap.read",
            "roadmap.quiz",
            "roadmap.filter",
            *paths,
            "go.back",
            "roadmap.cram",
            "go.search",
            "go.ask",
        )

    def paths(self) -> list[StudyPath]:
        """Every study path of every track."""
        return [path for track in self.workspace.library.tracks for path in track.paths]

    def fill(self) -> None:
        """The list anew, the highlight where it was."""
        self._listed = self.workspace.library
        chapters = self.query_one(ChapterList)
        current = chapters.highlighted
        at = chapters.get_option_at_index(current).id if current is not None and chapters.option_count else None
        chapters.clear_options()
        chapters.add_options(self.options())
        ids = [option.id for option in chapters.options]
        chapters.highlighted = ids.index(at) if at and at in ids else next((n for n, i in enumerate(ids) if i), None)
        self.describe()

    def options(self) -> Iterator[Option]:
        """Sections as quiet headings, chapters as lines with columns."""
        states, width = chapter_states(self.workspace), self.app.size.width
        words = self.query_one(FilterLine).words
        if words:
            yield from self.narrowed(words, states)
            return
        if self.path is not None:
            title, about = visible(self.path.title), visible(f"   {self.path.about}")
            yield Option(Content.assemble((title, "bold $text-primary"), (about, "$text-muted")), disabled=True)
            for name in self.path.chapters:
                yield Option(chapter_row(self.workspace.chapter(name), states[name], width), id=name)
            return
        tracks = self.workspace.library.tracks
        if not tracks:
            yield Option(
                Content(f"There are no chapters yet. Leave with {key_of('go.back')}, then: tutor import FILE"),
                disabled=True,
            )
        for track in tracks:
            if len(tracks) > 1:
                yield Option(Content.styled(visible(track.title), "bold $text-primary"), disabled=True)
            for section in track.sections:
                if section.chapters:
                    yield Option(Content.assemble("\n", (visible(section.title), "bold $text-primary")), disabled=True)
                for chapter in section.chapters:
                    yield Option(chapter_row(chapter, states[chapter.id], width), id=chapter.id)

    def narrowed(self, words: str, states: dict[str, ChapterState]) -> Iterator[Option]:
        """The chapters that hold every word, in reading order."""
        found, width = chapters_with(self.workspace.library, words), self.app.size.width
        for chapter in found:
            yield Option(chapter_row(chapter, states[chapter.id], width), id=chapter.id)
        if not found:
            told = f"No chapter has these words. {key_of('go.back')} shows all."
            yield Option(Content.styled(told, "$text-muted"), disabled=True)

    def legend(self) -> Content:
        """The facts of the chosen chapter: what it is, how one stands in it, what to read before it."""
        chapter = self.chosen()
        if chapter is None:
            return Content("\n\n")
        questions = counted(len(chapter.questions), "key question")
        weight = Content.styled(WEIGHTS.get(chapter.weight, ""), "$text-accent")
        tail = Content.styled(f" · {questions}", "$text-muted")
        store, now = self.workspace.store, self.workspace.now()
        at = asked_for(self.workspace.settings)
        standing = group_standing(chapter.id, chapter.title, chapter.questions, store.memories(), now, at=at)
        lines = (
            Content.assemble(weight, "  ", about(chapter, read=False), tail),
            Content.assemble(("Readiness  ", "$text-muted"), standing_words(standing)),
            Content.assemble(("Read first ", "$text-muted"), self.before(chapter)),
        )
        width = max(1, self.app.size.width - 4)
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def before(self, chapter: Chapter) -> str:
        """The chapters to read first, by their titles."""
        titles = {each.id: each.title for each in self.workspace.library.chapters()}
        return visible(", ".join(titles.get(name, name) for name in chapter.prerequisites)) or "nothing"

    @on(OptionList.OptionHighlighted)
    def describe(self) -> None:
        """Say what the signs of the chosen chapter mean."""
        self.query_one("#legend", Static).update(self.legend())

    def chosen(self) -> Chapter | None:
        """The chapter under the highlight."""
        chapters = self.query_one(ChapterList)
        if chapters.highlighted is None:
            return None
        identity = chapters.get_option_at_index(chapters.highlighted).id
        return self.workspace.chapter(identity) if identity else None

    @on(FilterLine.Changed)
    def narrow(self) -> None:
        """Other words, other chapters; the first is chosen."""
        self.fill()

    @on(FilterLine.Left)
    def to_list(self) -> None:
        """What was found can be walked through."""
        self.query_one(ChapterList).focus()

    def action_filter(self) -> None:
        """Type words."""
        self.query_one(FilterLine).begin()

    def action_back(self) -> None:
        """Every chapter again, then out of here."""
        line = self.query_one(FilterLine)
        if line.display:
            line.clear()
            self.query_one(ChapterList).focus()
        else:
            super().action_back()

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Read the chosen chapter."""
        chapter = self.chosen()
        if chapter is not None:
            opening.read(self.tutor, chapter)

    def action_path(self) -> None:
        """The chapters of the next study path, in its order; after the last path every chapter."""
        paths = self.paths()
        place = paths.index(self.path) + 1 if self.path in paths else 0
        self.path = paths[place] if place < len(paths) else None
        self.fill()
        self.query_one(ChapterList).scroll_home(animate=False)

    def action_quiz(self) -> None:
        """Answer the chosen chapter's questions."""
        chapter = self.chosen()
        if chapter is not None:
            opening.start_quiz(self.tutor, chapter)

    def action_cram(self) -> None:
        """The chosen chapter's weakest questions, on a schedule that stays as it is."""
        chapter = self.chosen()
        if chapter is not None:
            opening.start_quiz(self.tutor, chapter, cram=True)
