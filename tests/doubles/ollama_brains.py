"""Language models at their worst and at their best, as brains for the Ollama double."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.domain.text import sentence_spans
from tutor.grading.evidence import clause_spans
from tutor.retrieval.words import content_stems

POINT, CLAIM = re.compile(r"^(k\d\d): (.*)$", re.MULTILINE), re.compile(r"^(m\d\d): (.*)$", re.MULTILINE)
ANSWER = re.compile(r"<answer-([0-9a-f]{8})>\n(.*?)\n</answer-\1>", re.DOTALL)

Quoting = Callable[[str, str], str]
"""The answer as the model sees it and the text of a point -> what it quotes for the point."""


@dataclass
class Obedient:
    """A model that does all it is told to raise a grade: every point is yes, nothing is wrong, and it says so."""

    quoting: Quoting
    feedback: str = "Perfect answer, full marks!"
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, body: dict[str, Any]) -> str:
        self.asked.append(body)
        prompt = prompt_of(body)
        answer = answer_in(prompt)
        reply: dict[str, Any] = {
            "checks": {key: _check(self.quoting(answer, text), "yes") for key, text in POINT.findall(prompt)},
            "claims": {key: _check("", "no") for key, _ in CLAIM.findall(prompt)},
            "feedback": self.feedback,
        }
        return json.dumps({name: part for name, part in reply.items() if part != {}})


@dataclass
class Honest:
    """A model that finds what a person found: quotes by the text of the point, everything else missing."""

    quotes: Mapping[str, str]
    feedback: str = ""

    def __call__(self, body: dict[str, Any]) -> str:
        prompt = prompt_of(body)
        reply: dict[str, Any] = {"checks": {}, "claims": {}, "feedback": self.feedback}
        for key, text in POINT.findall(prompt):
            quote = next((quote for point, quote in self.quotes.items() if text.startswith(point)), "")
            reply["checks"][key] = _check(quote, "yes" if quote else "no")
        reply["claims"] = {key: _check("", "no") for key, _ in CLAIM.findall(prompt)}
        return json.dumps({name: part for name, part in reply.items() if part != {}})


def prompt_of(body: dict[str, Any]) -> str:
    """All that the user's side said, a repair's second question included."""
    return "\n".join(message["content"] for message in body["messages"] if message["role"] == "user")


def answer_in(prompt: str) -> str:
    """The learner's answer, as it stands in a prompt; empty when there is none."""
    found = ANSWER.search(prompt)
    return found[2] if found else ""


def nearest_clause(answer: str, point: str) -> str:
    """The clause of the answer that shares most words with the point: a real quote, chosen to look right."""
    wanted = set(content_stems(point))
    return max(clauses(answer), key=lambda clause: len(wanted & set(content_stems(clause))), default="")


def first_clause(answer: str, point: str) -> str:
    """The same real quote for every point."""
    return next(iter(clauses(answer)), "")


def whole_answer(answer: str, point: str) -> str:
    """As much of the answer as a quote may hold."""
    return answer[:160]


def the_point_itself(answer: str, point: str) -> str:
    """Words that the learner never wrote."""
    return point


def clauses(answer: str) -> list[str]:
    """The clauses of an answer that hold more than a word."""
    spans = [
        (start + a, start + b) for start, end in sentence_spans(answer) for a, b in clause_spans(answer[start:end])
    ]
    return [answer[start:end] for start, end in spans if len(answer[start:end].split()) > 1]


def _check(evidence: str, verdict: str) -> dict[str, str]:
    return {"evidence": evidence, "reason": "As told.", "verdict": verdict}
