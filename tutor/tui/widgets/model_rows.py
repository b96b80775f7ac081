"""Owns how models read: a line each, a few words about the chosen one, and what to do while there is no Ollama."""

from __future__ import annotations

from textual.content import Content

from tutor.domain.text import visible
from tutor.llm.nouns import ModelInfo, PullProgress, ServerStatus
from tutor.llm.suggested import AS_OF, Suggestion
from tutor.tui.keys import key_of
from tutor.tui.widgets.words import progress_bar

NARROW, WIDE = 20, 30
"""Cells for a model's name in a narrow window and in one of `ROOMY` cells."""

ROOMY = 72

BAR = 12

LOCAL = "local"
"""Id of the line of the local engine."""

ANOTHER = "?"
"""Id of the line that asks for a name; no model's name has this sign."""

ABOUT_LOCAL = "Always there and quick: it compares meanings, quotes the chapters, and says when it cannot tell."
SENDS = "It runs elsewhere: your questions and answers are sent there."


def server_words(status: ServerStatus | None, host: str) -> Content:
    """What stands at Ollama's address; without one, three lines of what to do."""
    if status is None:
        return Content.styled(visible(f"Looking for Ollama at {host} …"), "$text-muted")
    if status.running:
        return Content.assemble(("● ", "$text-success"), visible(status.detail))
    missing = f"No Ollama at {host}; nothing here needs it."
    steps = (
        "\n  Install it from ollama.com, then run: ollama serve"
        f"\n  Then press {key_of('models.look')}. A model can write and judge answers."
    )
    return Content.assemble(("○ ", "$text-muted"), visible(missing), (steps, "$text-muted"))


def local_row(*, used: bool, width: int) -> Content:
    """The engine that needs no model."""
    return Content.assemble(_sign(used), _name("local engine", width), (" needs no model", "$text-muted"))


def model_row(model: ModelInfo, *, used: bool, width: int) -> Content:
    """Name, parameters, size on disk, what it can do; that it runs elsewhere, before all that."""
    row = Content.assemble(_sign(used), _name(model.name, width))
    if model.remote:
        return Content.assemble(row, (" sends text off this machine", "$text-warning")).truncate(width, ellipsis=True)
    size = f"{gigabytes(model.size)}" if model.size else ""
    does = ", ".join(map(visible, model.capabilities))
    return Content.assemble(
        row, (f" {model.parameter_size:>6} {size:>8}", ""), (f"   {does}", "$text-muted")
    ).truncate(width, ellipsis=True)  # fmt: skip


def suggestion_row(suggestion: Suggestion, width: int) -> Content:
    """What it would cost to have it."""
    size = f"{suggestion.gigabytes:.1f} GB"
    row = Content.assemble("  ", _name(suggestion.name, width), f" {suggestion.parameters:>6} {size:>8}")
    return Content.assemble(row, (f"   {suggestion.about}", "$text-muted")).truncate(width, ellipsis=True)


def another_row(width: int) -> Content:
    """Whatever else Ollama has."""
    return Content("  another, by its name").truncate(width, ellipsis=True)


def about_model(model: ModelInfo, *, used: bool, refusal: str) -> Content:
    """What Enter would do, or why it cannot be used."""
    if refusal:
        there = f" {key_of('go.settings')} leads there." if model.remote else ""
        return Content.styled(f"{visible(refusal)}{there}", "$text-warning")
    facts = ", ".join(part for part in (model.quantisation, _context(model)) if part)
    first = "It answers and grades now." if used else f"{key_of('models.choose')} lets it answer and grade."
    aside = f"  {SENDS}" if model.remote else ""
    return Content.assemble(first, (aside, "$text-warning"), (f"  {visible(facts)}", "$text-muted"))


def about_suggestion(suggestion: Suggestion, *, running: bool) -> Content:
    """The price, before anything is downloaded."""
    enter = f"{key_of('models.choose')} downloads about {suggestion.gigabytes:.1f} GB."
    enter = enter if running else "It can be had once Ollama runs."
    aside = f"  A suggestion, not measured here; size as of {AS_OF}. {key_of('models.test')} tests how it grades."
    return Content.assemble(enter, (aside, "$text-muted"))


def about_another(*, running: bool) -> Content:
    """That a name is asked for."""
    enter = f"{key_of('models.choose')} asks for the name of a model in Ollama's library and downloads it."
    return Content(enter if running else "It can be had once Ollama runs.")


def pull_words(name: str, step: PullProgress | None) -> Content:
    """How far a download is; the server counts layer by layer, the first one being nearly all."""
    words = Content.assemble((visible(f"Downloading {name}  "), "bold"))
    if step is not None and step.total:
        done = f"{gigabytes(step.completed)} of {gigabytes(step.total)}"
        words = Content.assemble(words, progress_bar(step.completed, step.total, BAR), (done, "$text-muted"))
    elif step is not None:
        words = Content.assemble(words, (visible(step.status), "$text-muted"))
    return Content.assemble(words, (f"   {key_of('models.stop')} stops it", "$text-muted"))


def gigabytes(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.0f} MB"


def _context(model: ModelInfo) -> str:
    return f"reads up to {model.context_length:,} tokens" if model.context_length else ""


def _name(name: str, width: int) -> Content:
    room = WIDE if width >= ROOMY else NARROW
    shown = Content(name).truncate(room, ellipsis=True)
    return Content.assemble(shown, " " * (room - shown.cell_length))


def _sign(used: bool) -> Content:
    return Content.styled("● " if used else "  ", "$text-success")
