"""Owns the JSON shape of an interview's scorecard."""

from __future__ import annotations

from tutor.cli.shapes import Shape, grade_shape
from tutor.study.exchange import Exchange
from tutor.study.report import reading_words
from tutor.study.scorecard import Asked, Scorecard


def scorecard_shape(card: Scorecard) -> Shape:
    """`tutor interview --json`."""
    agenda, found = card.agenda, card.finding
    return {
        "id": agenda.id,
        "round": agenda.round.value,
        "minutes": agenda.minutes,
        "seed": agenda.seed,
        "started": agenda.started.isoformat(),
        "ended": agenda.ended.isoformat() if agenda.ended else None,
        "seconds": round(card.elapsed, 1),
        "breaks": agenda.breaks,
        "verdict": found.verdict.value if found.verdict else None,
        "score": _rounded(found.score),
        "why": found.why,
        "judged": found.judged,
        "essentials": {"made": found.essentials[0], "of": found.essentials[1]},
        "questions": [_asked(asked) for asked in card.asked],
        "not_reached": [question.id for question in card.not_reached],
        "strengths": _strengths(card),
        "costs": _costs(card),
        "plan": _plan(card),
        "practice": _practice(card),
        "waiting": card.waiting,
    }


def _strengths(card: Scorecard) -> list[Shape]:
    return [
        {"number": asked.number, "point_id": point.id, "text": point.text, "evidence": point.evidence}
        for asked, point in card.strengths
    ]


def _costs(card: Scorecard) -> list[Shape]:
    return [
        {
            "number": cost.asked.number,
            "point_id": cost.point.id if cost.point else None,
            "text": cost.text,
            "share": _rounded(cost.share),
        }
        for cost in card.costs
    ]


def _plan(card: Scorecard) -> list[Shape]:
    return [
        {
            "chapter_id": step.chapter_id,
            "title": step.title,
            "share": _rounded(step.share),
            "questions": [question.id for question in step.questions],
        }
        for step in card.plan
    ]


def _practice(card: Scorecard) -> Shape | None:
    standing = card.practice
    if standing is None:
        return None
    recall = _rounded(standing.recall)
    return {"seen": standing.seen, "questions": standing.total, "recall": recall, "readiness": standing.readiness.value}


def _asked(asked: Asked) -> Shape:
    return {
        "number": asked.number,
        "question_id": asked.question.id,
        "question": asked.question.text,
        "chapter_id": asked.question.chapter_id,
        "reading": reading_words(asked),
        "score": _rounded(asked.score),
        "passed": asked.passed,
        "prompted": sorted(asked.prompted),
        "answers": [_exchange(each) for each in asked.exchanges],
        "grade": grade_shape(asked.grade, None) if asked.grade else None,
    }


def _exchange(exchange: Exchange) -> Shape:
    return {
        "text": exchange.put.text,
        "follow_up": exchange.put.follows is not None,
        "answer": exchange.attempt.text if exchange.attempt else None,
        "seconds": round(exchange.reply.seconds, 1) if exchange.reply else None,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
