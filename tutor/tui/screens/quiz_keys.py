"""Owns the keys of a sitting: what each does, in which phase it means something, and which are shown."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tutor.domain.review import Rating
from tutor.study.turn import Phase
from tutor.tui.widgets.ratings import WORDS

QUIZ_BINDINGS: list[BindingType] = [
    Binding("ctrl+s,ctrl+enter", "submit", "Submit", id="quiz.submit", tooltip="Submit the answer to be graded"),
    Binding("enter", "write", "Write", id="quiz.write", tooltip="Back to your answer"),
    Binding("space,enter", "accept", "Accept", id="quiz.accept", tooltip="Take the marked rating and go on"),
    Binding("h,f2", "hint", "Hint", id="quiz.hint", tooltip="A follow-up an interviewer might give; never the answer"),
    Binding("v,f3", "reveal", "Reveal", id="quiz.reveal", tooltip="Show the reference answer"),
    Binding("s,f4", "skip", "Skip", id="quiz.skip", tooltip="Leave this question for another day"),
    Binding("u,f5", "undo", "Undo", id="quiz.undo", tooltip="Take your last call or rating back"),
    *(
        Binding(str(int(r)), f"rate({int(r)})", WORDS[r], id=f"quiz.rate{int(r)}", tooltip=f"Rate it: {WORDS[r]}")
        for r in Rating
    ),
    Binding("left", "choose(-1)", "Rating to the left", id="quiz.left"),
    Binding("right", "choose(1)", "Rating to the right", id="quiz.right"),
    Binding("n", "point(1)", "Next point", id="quiz.next", tooltip="To the next key point"),
    Binding("p", "point(-1)", "Previous point", id="quiz.previous", tooltip="To the previous key point"),
    Binding("c", "cite", "Chapter", id="quiz.cite", tooltip="Open the chapter where this point is stated"),
    Binding("i", "receipt", "Receipt", id="quiz.receipt", tooltip="Who graded, with what, against what"),
    Binding("o", "override", "My call", id="quiz.override", tooltip="Judge this point yourself: covered or missing"),
    Binding("x", "void", "Void", id="quiz.void", tooltip="Set this grade aside; you rate yourself"),
    Binding("R", "regrade", "Grade again", id="quiz.regrade", tooltip="Grade the same answer again"),
    Binding("enter,space", "finish", "Done", id="quiz.finish", tooltip="Back to where you came from"),
]

ALLOWED = {
    "submit": (Phase.ASKING,),
    "write": (Phase.ASKING,),
    "hint": (Phase.ASKING,),
    "reveal": (Phase.ASKING, Phase.GRADING, Phase.GRADED),
    "skip": (Phase.ASKING, Phase.GRADING, Phase.GRADED),
    "rate": (Phase.GRADED,),
    "accept": (Phase.GRADED,),
    "choose": (Phase.GRADED,),
    "point": (Phase.GRADED,),
    "cite": (Phase.GRADED,),
    "receipt": (Phase.GRADED,),
    "override": (Phase.GRADED,),
    "void": (Phase.GRADED,),
    "regrade": (Phase.GRADED,),
    "undo": (Phase.ASKING, Phase.GRADED, Phase.DONE),
    "finish": (Phase.DONE,),
}
"""In which phases an action means something; elsewhere its key does nothing."""


def bar(phase: Phase, *, writing: bool, suggested: bool) -> tuple[str, ...]:
    """Ids of the keys that matter in a phase, the most important first."""
    if phase is Phase.ASKING:
        first = "quiz.submit" if writing else "quiz.write"
        return (first, "quiz.hint", "quiz.reveal", "go.back", "quiz.skip", "quiz.undo")
    if phase is Phase.GRADING:
        return ("quiz.reveal", "quiz.skip", "go.back")
    if phase is Phase.GRADED:
        accept = ("quiz.accept",) if suggested else ()
        return (*accept, "quiz.override", "quiz.cite", "quiz.next", "go.back", "quiz.reveal", "quiz.receipt")
    return ("quiz.finish", "quiz.undo", "go.roadmap", "go.back")
