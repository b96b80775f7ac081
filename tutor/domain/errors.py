"""Owns every failure a person can be told about.

An error is a sentence to a person: what is wrong, where, and how to mend it. The shell prints it and exits with 2;
the terminal shows it beside what it concerns. Nothing the learner wrote is lost by any of them.
"""


class TutorError(Exception):
    """Something a person can mend. `str(error)` is the whole sentence to show."""


class ContentError(TutorError):
    """A chapter file that cannot be read as one.

    Shown as `path:line: what is wrong, and the mend`.
    """

    def __init__(self, message: str, *, path: str, line: int) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.message = message
        """What is wrong, and the mend."""
        self.path = path
        self.line = line
        """Counted from 1."""


class NotFound(TutorError):
    """An id or name that nothing in the material answers to."""


class StoreError(TutorError):
    """The learner's database cannot be opened, read or written."""


class SettingsError(TutorError):
    """A setting that cannot be understood."""


class EncoderMissing(TutorError):
    """The sentence encoder has not been prepared yet; `tutor index` prepares it."""


class EncoderRefused(TutorError):
    """The model the learner chose for search cannot be used, and why; what was in use stays in use."""


class EngineUnable(TutorError):
    """A grading engine could not grade what it was tested on, for a reason of its own."""


class ModelError(TutorError):
    """The language model gave no usable result. Subclasses say why; none of them may move the schedule."""


class ModelNotRunning(ModelError):
    """No Ollama server answers at the configured address."""


class ModelMissing(ModelError):
    """The server runs, but does not have the model that was asked for."""


class ModelBusy(ModelError):
    """The server has too much to do; the same call may succeed later."""


class ModelRefused(ModelError):
    """The server or our own rules will not run this request (a cloud model, a bad request, no permission)."""


class ModelInterrupted(ModelError):
    """The reply stopped before it was complete: a timeout, a cut connection, or the learner's own cancel."""


class ModelReplyInvalid(ModelError):
    """The reply is complete but is not what was asked for (broken JSON, wrong keys, empty text)."""
