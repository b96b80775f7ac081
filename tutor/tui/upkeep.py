"""Owns what goes on behind every place: reading the chapters, keeping the index up to date, finding the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.domain.errors import EncoderRefused
from tutor.tui import collector
from tutor.tui.background import in_background
from tutor.tui.messages import ChaptersEdited, EngineKnown, Failed, IndexMoved, IndexProgress, LibraryLoaded

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp


BEGIN_AFTER = 0.1
"""Seconds between the first screen and the work behind it: reading the chapters would hold up keys typed early."""


def begin(app: TutorApp) -> None:
    """Read the chapters, find out about Ollama, bring the index up to date: three things nobody should wait for."""
    workspace = app.workspace

    def load_library() -> None:
        try:
            next(iter(workspace.library.tracks), None)
        finally:
            collector.settle()
        app.post_message(LibraryLoaded())
        look_after_index(app)

    in_background(app, "library", load_library)
    look_for_engine(app)


def look_after_index(app: TutorApp, *, rechosen: bool = False) -> None:
    """Do what is left to do for search; after another encoder was chosen, also tidy up what was begun before."""
    workspace = app.workspace

    def tell(index: IndexProgress) -> None:
        app.post_message(IndexMoved(index))

    def prepare() -> None:
        trouble = ""

        def progress(done: int, total: int, label: str) -> None:
            tell(IndexProgress(ready=workspace.encoder() is not None, done=done, total=total, label=label))

        workspace.refresh_index(progress)
        state = workspace.index_state()
        if rechosen or not state.done:
            try:
                workspace.prepare(progress)
            except EncoderRefused as error:
                trouble = str(error)
                if rechosen:  # said where it was chosen, too
                    app.post_message(Failed("encoder", trouble))
            state = workspace.index_state()
        tell(IndexProgress(ready=state.encoder_ready, trouble=trouble))

    in_background(app, "index", prepare)


def look_for_edits(app: TutorApp) -> None:
    """Whether a chapter was edited since it was read; looking takes milliseconds."""

    def look() -> None:
        if app.workspace.edited():
            app.post_message(ChaptersEdited())

    if app.library_ready:
        in_background(app, "edits", look)


def look_for_engine(app: TutorApp) -> None:
    """Which engine answers now; asking the server may take a second."""

    def look() -> None:
        status = app.workspace.engine_status()
        app.post_message(EngineKnown(status.active, status.detail))

    in_background(app, "engine", look)
