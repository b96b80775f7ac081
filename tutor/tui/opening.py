"""Owns how places are opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from tutor.domain.errors import NotFound
from tutor.tui import upkeep

if TYPE_CHECKING:
    from tutor.domain.content import Chapter
    from tutor.study.progress import WeakPoint
    from tutor.study.quiz import QuizSession
    from tutor.tui.app import TutorApp
    from tutor.tui.links import Link
    from tutor.tui.screens.place import Place
    from tutor.tui.widgets.target import Target


def _roadmap() -> Place:
    from tutor.tui.screens.roadmap import Roadmap

    return Roadmap()


def _ask() -> Place:
    from tutor.tui.screens.ask import Ask

    return Ask()


def _search() -> Place:
    from tutor.tui.screens.search import Search

    return Search()


def _progress() -> Place:
    from tutor.tui.screens.progress import Progress

    return Progress()


def _history() -> Place:
    from tutor.tui.screens.history import History

    return History()


def _settings() -> Place:
    from tutor.tui.screens.settings import SettingsPlace

    return SettingsPlace()


def _models() -> Place:
    from tutor.tui.screens.models import Models

    return Models()


def _selftest() -> Place:
    from tutor.tui.screens.selftest import SelfTest

    return SelfTest()


LASTING: dict[str, Callable[[], Place]] = {
    "roadmap": _roadmap,
    "ask": _ask,
    "search": _search,
    "progress": _progress,
    "history": _history,
    "settings": _settings,
    "models": _models,
    "selftest": _selftest,
}
"""Places that keep what they hold for the whole sitting."""


def visit(app: TutorApp, name: str) -> None:
    """Bring a lasting place to the front; when it lies under others, they are left."""
    upkeep.look_for_edits(app)
    target = cast("Place", app.get_screen(name))
    if target in app.screen_stack:
        while app.screen is not target:
            app.pop_screen()
    else:
        app.push_screen(target)
        if target.is_mounted:
            target.arrive()


def read(app: TutorApp, chapter: Chapter, *, quote: str = "", heading: str = "") -> None:
    """Open a chapter, at a quoted passage when one is given."""
    from tutor.tui.screens.reader import Reader

    app.push_screen(Reader(chapter, quote=quote, heading=heading))


def read_point(app: TutorApp, point: WeakPoint) -> None:
    """Open the chapter at the passage that states a point."""
    from tutor.retrieval.passages import passages_of
    from tutor.retrieval.support import supporting

    try:
        chapter = app.workspace.chapter(point.question_id.partition("#")[0])
    except NotFound as error:
        app.notify(str(error), severity="warning", markup=False, timeout=6)
        return
    found = supporting(passages_of(chapter), [point.text])
    quote, heading = (found[0].text, found[0].heading) if found else ("", "")
    read(app, chapter, quote=quote, heading=heading)


def start_quiz(app: TutorApp, chapter: Chapter | None = None, *, cram: bool = False) -> None:
    """Begin a sitting: today's, or one chapter's; cramming leaves the schedule as it is."""
    workspace, name = app.workspace, chapter.id if chapter else None
    sit(app, workspace.cram(chapter=name) if cram else workspace.quiz(chapter=name, left=workspace.unrated()))


def practise(app: TutorApp, points: Sequence[WeakPoint]) -> None:
    """Begin a sitting over the questions of these points, due or not."""
    sit(app, app.workspace.practice([point.question_id for point in points]))


def sit(app: TutorApp, session: QuizSession) -> None:
    """Open a sitting, when it holds a question."""
    from tutor.tui.screens.quiz import Quiz

    if session.current is None:
        app.notify("There is nothing to ask here yet.", markup=False)
        return
    app.push_screen(Quiz(session))


def interviews(app: TutorApp) -> None:
    """The place one chooses a mock interview in, or goes on with one."""
    from tutor.tui.screens.interview_lobby import InterviewLobby

    if app.library_ready:
        app.push_screen(InterviewLobby())
    else:
        app.notify("The chapters are still being read; try again in a moment.", markup=False, timeout=3)


def jump(app: TutorApp, targets: Sequence[Target]) -> None:
    """A letter over each of these, and the letter leads there."""
    from tutor.tui.screens.jump import Jump

    def go(chosen: Target | None) -> None:
        if chosen is not None:
            chosen.go()

    if targets:
        app.push_screen(Jump(targets), go)
    else:
        app.notify("There is nothing to jump to here.", markup=False, timeout=3)


def links(app: TutorApp) -> None:
    """The link in the focused text, or a letter over each when there are several."""
    from tutor.tui.widgets.linked import Linked

    found = app.focused.links() if isinstance(app.focused, Linked) else []
    if not found:
        app.notify("There is no link in view.", markup=False, timeout=3)
    elif len(found) == 1:
        found[0].go()
    else:
        jump(app, found)


def follow(app: TutorApp, link: Link) -> None:
    """Ask before a link is opened; one that is never opened says why."""
    from tutor.tui.links import LinkRefused, destination
    from tutor.tui.screens.link import FollowLink

    try:
        app.push_screen(FollowLink(destination(link), link.words))
    except LinkRefused as refused:
        app.notify(str(refused), severity="warning", markup=False, timeout=8)
