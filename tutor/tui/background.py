"""Owns work off the main thread: a worker speaks through messages, and touches neither widgets nor database."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

from tutor.domain.errors import TutorError
from tutor.tui.crash import write_down
from tutor.tui.messages import Failed

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp


def in_background(listener: MessagePump, request: int | str, work: Callable[[], None]) -> None:
    """Run `work` in its own thread; a failure reaches `listener` as `Failed(request, sentence)`.

    A daemon thread, so that leaving the program never waits for a grader or an export to finish.
    """

    logs = cast("TutorApp", listener.app).workspace.home.logs

    def run() -> None:
        try:
            work()
        except TutorError as error:
            listener.post_message(Failed(request, str(error)))
        except Exception as error:
            # A worker must not take the program down: what the learner wrote is on the screen and on disk.
            where = write_down(error, logs)
            words = f"Something unexpected went wrong ({type(error).__name__}). {where}"
            listener.post_message(Failed(request, words))

    # Messages look up the running app in the context they are made in.
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), daemon=True, name="tutor-worker").start()
