"""Owns what a server says of its models: which there are, which one to use, and how to keep it from thinking long."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tutor.domain.errors import ModelError, ModelMissing, ModelRefused
from tutor.domain.text import visible
from tutor.llm.address import Address
from tutor.llm.failures import explain, missing, not_running
from tutor.llm.nouns import ModelInfo, ServerStatus
from tutor.llm.wire import ask

THINKING_TOKENS = 1024
"""Added to a reply's budget where a model cannot be told not to think; the thinking counts against it."""
FORMAT_WITHOUT_THINKING = (0, 31, 2)
"""Before this version a server told not to think also ignored the schema (ollama pull request 15901)."""
_EMBEDDERS = re.compile(r"embed|bert|\bbge\b|minilm|rerank", re.IGNORECASE)
_REMOTE_NAME = re.compile(r"[:-]cloud$", re.IGNORECASE)


def look(address: Address) -> ServerStatus:
    """What stands at an address. Never raises; takes about a second when nothing listens there."""
    try:
        version = ask(address, "/api/version")
        listed = ask(address, "/api/tags")
    except OSError:
        return ServerStatus(False, detail=str(not_running(address.shown)))
    except (ModelError, ValueError) as error:
        return ServerStatus(False, detail=str(explain(error, host=address.shown)))
    if not isinstance(version, dict) or not isinstance(listed, dict):
        return ServerStatus(False, detail=str(explain(ValueError(), host=address.shown)))
    entries = listed.get("models")
    models = tuple(info_of(entry) for entry in (entries if isinstance(entries, list) else []) if _named(entry))
    number = visible(str(version.get("version", "")))[:40]
    count = f"{len(models)} model{'' if len(models) == 1 else 's'}"
    return ServerStatus(True, number, models, f"Ollama {number} runs at {address.shown} with {count}.")


def info_of(entry: dict[str, Any]) -> ModelInfo:
    """A model from its entry in /api/tags, missing fields left empty."""
    found = entry.get("details")
    details: dict[str, Any] = found if isinstance(found, dict) else {}
    name = visible(entry["name"])
    context = details.get("context_length")
    size = entry.get("size")
    capabilities = entry.get("capabilities")
    digest = entry.get("digest")
    return ModelInfo(
        name=name,
        size=size if isinstance(size, int) else 0,
        parameter_size=visible(str(details.get("parameter_size") or "")),
        quantisation=visible(str(details.get("quantization_level") or "")),
        context_length=context if isinstance(context, int) else 0,
        capabilities=tuple(str(c) for c in capabilities) if isinstance(capabilities, list) else (),
        remote=bool(entry.get("remote_host")) or is_remote_name(name),
        digest=digest if isinstance(digest, str) else "",
    )


def described(address: Address, model: ModelInfo) -> ModelInfo:
    """The model with its capabilities asked for one by one, as servers before 0.30 want it; unchanged if that fails."""
    try:
        shown = ask(address, "/api/show", {"model": model.name})
    except (ModelError, OSError, ValueError):
        return model
    found = shown.get("capabilities") if isinstance(shown, dict) else None
    return replace(model, capabilities=tuple(str(c) for c in found)) if isinstance(found, list) else model


def is_remote_name(name: str) -> bool:
    """True for names that a server passes on to ollama.com, with the text, even where it never pulled them."""
    return _REMOTE_NAME.search(name) is not None


def can_chat(model: ModelInfo) -> bool:
    """Whether it completes text; guessed from the name where the server does not say."""
    if model.capabilities:
        return "completion" in model.capabilities
    return _EMBEDDERS.search(model.name) is None


def can_decide(model: ModelInfo) -> bool:
    """Whether it gives probabilities of yes or no instead of text (servers from 0.35 on)."""
    return "decision" in model.capabilities


def choose(models: Iterable[ModelInfo], wanted: str, *, allow_remote: bool, deciding: bool = False) -> ModelInfo:
    """The wanted model, or without a wish the first on this machine that can chat.

    Instruction-tuned ones are taken before others: they do not think aloud. `deciding` permits a model that only
    decides, where it is wanted or no other is there. Raises ModelMissing, or ModelRefused for a model that can do
    nothing that is wanted, or runs elsewhere without permission.
    """
    known = list(models)
    if not wanted:
        here = [model for model in known if not model.remote]
        usable = [model for model in here if can_chat(model)] or [m for m in here if deciding and can_decide(m)]
        if not usable:
            raise ModelMissing('Ollama has no model that can chat. Get one with "ollama pull qwen3:4b-instruct".')
        return next((model for model in usable if "instruct" in model.name.casefold()), usable[0])
    full = wanted if ":" in wanted.rpartition("/")[2] else f"{wanted}:latest"
    found = next((model for model in known if model.name.casefold() == full.casefold()), None)
    if found is None and is_remote_name(wanted):
        found = ModelInfo(wanted, capabilities=("completion",), remote=True)
    if found is None:
        raise missing(wanted, tuple(model.name for model in known))
    if found.remote and not allow_remote:
        raise ModelRefused(
            f'"{found.name}" does not run on this machine: your answers would be sent to ollama.com. '
            "Choose an installed model, or set allow_remote in the settings."
        )
    if can_chat(found) or (deciding and can_decide(found)):
        return found
    does = "only decides between yes and no" if can_decide(found) else "turns text into vectors"
    raise ModelRefused(f'"{found.name}" {does} and cannot write. Choose a model that can chat.')


def thinking(model: ModelInfo, version: str, *, formatted: bool) -> tuple[bool | str | None, int]:
    """What to send as `think`, and how many tokens to add to the budget for thinking that cannot be prevented."""
    if "thinking" not in model.capabilities:
        return None, 0
    if model.name.rpartition("/")[2].casefold().startswith("gpt-oss"):
        return "low", THINKING_TOKENS
    numbers = tuple(int(n) for n in re.findall(r"\d+", version)[:3])
    if formatted and (0, 0, 0) < numbers < FORMAT_WITHOUT_THINKING:
        return None, THINKING_TOKENS
    return False, 0


def _named(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("name"), str) and bool(entry["name"])
