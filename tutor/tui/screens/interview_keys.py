"""Owns the keys of an interview: what each does, and at which stage it means something."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tutor.study.interview import Stage

INTERVIEW_BINDINGS: list[BindingType] = [
    Binding("enter,space", "begin", "Begin", id="interview.begin", tooltip="Begin; the clock runs from then"),
    Binding("ctrl+s,ctrl+enter", "submit", "Hand in", id="interview.submit", tooltip="Hand the answer in and go on"),
    Binding("enter", "write", "Write", id="interview.write", tooltip="Back to your answer"),
    Binding("f4", "pass_on", "Pass", id="interview.pass", tooltip="Leave this question unanswered; it counts 0"),
    Binding("f8", "end", "End", id="interview.end", tooltip="End the round now; press it twice"),
    Binding("n", "point(1)", "Next point", id="interview.next", tooltip="To the next key point"),
    Binding("p", "point(-1)", "Previous point", id="interview.previous", tooltip="To the previous key point"),
    Binding("c", "cite", "Chapter", id="interview.cite", tooltip="Open the chapter where this point is stated"),
    Binding("o", "override", "My call", id="interview.override", tooltip="Judge this point yourself"),
    Binding("x", "void", "Void", id="interview.void", tooltip="Set the grade of this question aside"),
    Binding("u,f5", "undo", "Undo", id="interview.undo", tooltip="Take your last call back"),
    Binding("R", "regrade", "Grade again", id="interview.regrade", tooltip="Grade what was not graded once more"),
    Binding("m", "again", "Ask again today", id="interview.again", tooltip="Ask what you missed in today's quiz again"),
    Binding("w", "write_report", "Report", id="interview.report", tooltip="Write the scorecard as HTML and Markdown"),
    Binding("r", "visit('roadmap')", "Roadmap", id="go.roadmap", tooltip="Tracks, sections and chapters"),
    Binding("slash", "visit('search')", "Search", id="go.search", tooltip="Find a passage as you type"),
    Binding("t", "today", "Today", id="go.today", tooltip="Back to the first screen"),
    Binding("enter,space", "finish", "Done", id="interview.finish", tooltip="Back to where you came from"),
]

ALLOWED = {
    "begin": (Stage.AWAY,),
    "submit": (Stage.ASKING,),
    "write": (Stage.ASKING,),
    "pass_on": (Stage.ASKING,),
    "end": (Stage.ASKING, Stage.LISTENING, Stage.AWAY),
    "point": (Stage.DONE,),
    "cite": (Stage.DONE,),
    "override": (Stage.DONE,),
    "void": (Stage.DONE,),
    "undo": (Stage.DONE,),
    "regrade": (Stage.DONE,),
    "again": (Stage.DONE,),
    "write_report": (Stage.DONE,),
    "finish": (Stage.DONE,),
}
"""At which stages an action means something; elsewhere its key does nothing."""

ELSEWHERE = ("visit", "ask", "today")
"""Ways to other places, which an interviewer would not let you take in the middle of a question."""


def bar(stage: Stage, *, writing: bool) -> tuple[str, ...]:
    """Ids of the keys that matter at a stage, the most important first."""
    if stage is Stage.AWAY:
        return ("interview.begin", "go.back", "interview.end")
    if stage is Stage.ASKING:
        first = "interview.submit" if writing else "interview.write"
        return (first, "interview.pass", "go.back", "interview.end")
    if stage is Stage.LISTENING:
        return ("go.back",)
    return (
        "interview.finish", "interview.again", "interview.report", "interview.next", "interview.override",
        "interview.cite", "go.back",
    )  # fmt: skip
