"""Owns a model's download: one at a time, in the background, shown as one line that is there while it runs."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, cast

from textual.message import Message
from textual.widgets import Static

from tutor.tui.background import in_background
from tutor.tui.keys import key_of
from tutor.tui.messages import Failed, Pulled, PullEnded
from tutor.tui.widgets.model_rows import pull_words

if TYPE_CHECKING:
    from tutor.llm.cancel import Cancel
    from tutor.llm.nouns import PullProgress
    from tutor.tui.app import TutorApp

EVERY = 0.2
"""Seconds between two words on a download."""


class Download(Static):
    """Hidden unless a model is being downloaded; goes on while its place is not in front."""

    DEFAULT_CSS = "Download { height: 1; padding: 0 3; margin-bottom: 1; display: none; }"

    class Ended(Message):
        """It is there, or will not be: a sentence."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.name_of_model = ""
        """Of the download that runs; empty for none."""
        self._request = 0
        self._cancel: Cancel | None = None

    @property
    def running(self) -> bool:
        """Whether there is something to stop."""
        return bool(self.name_of_model)

    def begin(self, name: str) -> None:
        """Download this model."""
        from tutor.llm.cancel import Cancel

        self._request += 1
        self.name_of_model, self._cancel = name, Cancel()
        in_background(self, self._request, partial(self._work, self._request, name, self._cancel))
        self._say(None)

    def _work(self, request: int, name: str, cancel: Cancel) -> None:
        last = 0.0
        for step in cast("TutorApp", self.app).workspace.ollama.pull(name, cancel=cancel):
            if monotonic() - last >= EVERY:
                last = monotonic()
                self.post_message(Pulled(request, step))
        self.post_message(PullEnded(request))

    def on_pulled(self, message: Pulled) -> None:
        """It came further."""
        if message.request == self._request and self.running:
            self._say(message.step)

    def on_pull_ended(self, message: PullEnded) -> None:
        """It is there."""
        if message.request == self._request and self.running:
            leads, lets = key_of("go.models"), key_of("models.choose")
            self._end(f"{self.name_of_model} is installed. {leads} leads to it, {lets} there lets it answer.")

    def on_failed(self, message: Failed) -> None:
        """The server could not, or the disk under it."""
        message.stop()
        if message.request == self._request and self.running:
            self._end(message.sentence)

    def stop(self) -> None:
        """No further; what came stays with the server."""
        if self._cancel is not None and self.running:
            self._cancel.cancel()
            self._end(f"Stopped. Getting {self.name_of_model} again goes on where it was.")

    def _say(self, step: PullProgress | None) -> None:
        self.display = True
        self.update(pull_words(self.name_of_model, step))

    def _end(self, sentence: str) -> None:
        self.name_of_model = ""
        self.display = False
        self.post_message(self.Ended(sentence))
