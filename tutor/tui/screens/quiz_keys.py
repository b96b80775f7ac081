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
    Binding("f9", "later", "Next meanwhile", id="quiz.later", tooltip="The next question while this one is graded"),
    Binding("f9", "look", "See the grade", id="quiz.look", tooltip="A grade that came in while you went on"),
    Binding("f8", "ask", "Ask", id="quiz.ask", tooltip="Ask the tutor; it never counts as your answer"),
    Binding("ctrl+o", "editor", "Editor", id="quiz.editor", tooltip="Write in the editor that $EDITOR names"),
    *(
        Binding(str(int(r)), f"rate({int(r)})", WORDS[r], id=f"quiz.rate{int(r)}", tooltip=f"Rate it: {WORDS[r]}")
        for r in Rating
    ),
    Binding("left", "choose(-1)", "Rating to the left", id="quiz.left"),
    Binding("right", "choose(1)", "Rating to the right", id="quiz.right"),
    Binding("n", "point(1)", "Next point", id="quiz.next", tooltip="To the next key point"),
    Binding("p", "point(-1)", "Previous point", id="quiz.previous", tooltip="To the previous key point"),
    Binding("o", "mark('covered')", "I had this", id="quiz.had", tooltip="Your call: you had this point"),
    Binding("m", "mark('missing')", "I missed it", id="quiz.missed", tooltip="Your call: you missed this point"),
    Binding("c", "cite", "Chapter", id="quiz.cite", tooltip="Open the chapter where this point is stated"),
    Binding("y", "study", "Study", id="quiz.study", tooltip="Open the one passage most worth studying next"),
    Binding("i", "receipt", "Receipt", id="quiz.receipt", tooltip="Who graded, with what, against what"),
    Binding("d", "dispute", "I am right", id="quiz.dispute", tooltip="Say why your answer is right"),
    Binding("x", "void", "Void", id="quiz.void", tooltip="Set this grade aside; you rate yourself"),
    Binding("R", "regrade", "Other engine", id="quiz.regrade", tooltip="The same answer, graded by another"),
    Binding("w", "count_other", "Which counts", id="quiz.count", tooltip="Let another grade of this answer count"),
    Binding("enter,space", "finish", "Done", id="quiz.finish", tooltip="Back to where you came from"),
]

_GRADED = (Phase.GRADED,)

ALLOWED = {
    "submit": (Phase.ASKING,),
    "write": (Phase.ASKING,),
    "hint": (Phase.ASKING,),
    "editor": (Phase.ASKING,),
    "reveal": (Phase.ASKING, Phase.GRADING, Phase.GRADED),
    "skip": (Phase.ASKING, Phase.GRADING, Phase.GRADED),
    "later": (Phase.GRADING,),
    "look": (Phase.ASKING, Phase.GRADED),
    "rate": _GRADED,
    "accept": _GRADED,
    "choose": _GRADED,
    "point": _GRADED,
    "mark": _GRADED,
    "cite": _GRADED,
    "study": _GRADED,
    "receipt": _GRADED,
    "dispute": _GRADED,
    "void": _GRADED,
    "regrade": _GRADED,
    "count_other": _GRADED,
    "undo": (Phase.ASKING, Phase.GRADED, Phase.DONE),
    "finish": (Phase.DONE,),
}
"""In which phases an action means something; elsewhere its key does nothing."""

CONTESTING = ("mark", "void", "dispute")
"""Actions that need a grade which counts."""


def bar(
    phase: Phase, *, writing: bool, suggested: bool, written: bool, contestable: bool, decided: bool
) -> tuple[str, ...]:
    """Ids of the keys that matter in a phase, the most important first; those that mean nothing now are left out."""
    if phase is Phase.ASKING:
        first = "quiz.submit" if writing else "quiz.write"
        return (first, "quiz.look", "quiz.hint", "quiz.reveal", "go.back", "quiz.ask", "quiz.skip", "quiz.undo")
    if phase is Phase.GRADING:
        return ("quiz.later", "quiz.reveal", "quiz.skip", "go.back")
    if phase is Phase.GRADED:
        accept = ("quiz.accept",) if suggested else ()
        undo = ("quiz.undo",) if decided else ()
        if not written:
            return ("quiz.cite", "quiz.skip", "go.back")
        if not contestable:
            return (*accept, *undo, "quiz.reveal", "quiz.regrade", "quiz.cite", "go.back", "quiz.receipt")
        marks = ("quiz.had", "quiz.missed", *undo, "quiz.next", "quiz.count", "quiz.study", "quiz.dispute", "quiz.cite")
        return (*accept, *marks, "go.back", "quiz.reveal", "quiz.receipt", "quiz.regrade")
    return ("quiz.finish", "quiz.undo", "go.roadmap", "go.back")
