"""Owns how a grade is kept: one JSON document that reads back as the same grade, field by field."""

import json
from typing import Any

from tutor.domain.answer import Citation
from tutor.domain.grade import Grade, MisconceptionFound, Outcome, PointGrade, PointStatus, Receipt
from tutor.store.moments import moment_from_text, text_from_moment


def grade_to_text(grade: Grade) -> str:
    """The document. Score and verdict are not in it: they follow from the points."""
    document = {
        "outcome": grade.outcome.value,
        "engine": grade.engine,
        "reason": grade.reason,
        "points": [_point_to_row(point) for point in grade.points],
        "misconceptions": [
            {"text": found.text, "evidence": found.evidence, "correction": found.correction}
            for found in grade.misconceptions
        ],
        "feedback": grade.feedback,
        "confidence": grade.confidence,
        "receipt": _receipt_to_row(grade.receipt) if grade.receipt else None,
        "second_opinion": grade.second_opinion,
        "advisory": grade.advisory,
    }
    return json.dumps(document)


def grade_from_text(text: str) -> Grade:
    """The grade that the document was made from."""
    row: dict[str, Any] = json.loads(text)
    return Grade(
        outcome=Outcome(row["outcome"]),
        engine=row["engine"],
        reason=row["reason"],
        points=tuple(_point_from_row(point) for point in row["points"]),
        misconceptions=tuple(
            MisconceptionFound(text=found["text"], evidence=found["evidence"], correction=found["correction"])
            for found in row["misconceptions"]
        ),
        feedback=row["feedback"],
        confidence=row["confidence"],
        receipt=_receipt_from_row(row["receipt"]) if row["receipt"] else None,
        second_opinion=row.get("second_opinion", ""),  # grades of the first version had none
        advisory=row.get("advisory", ""),
    )


def _point_to_row(point: PointGrade) -> dict[str, Any]:
    return {
        "id": point.id,
        "text": point.text,
        "status": point.status.value,
        "credit": point.credit,
        "essential": point.essential,
        "evidence": point.evidence,
        "cite": _citation_to_row(point.cite) if point.cite else None,
        "note": point.note,
        "probability": point.probability,
    }


def _point_from_row(row: dict[str, Any]) -> PointGrade:
    return PointGrade(
        id=row["id"],
        text=row["text"],
        status=PointStatus(row["status"]),
        credit=row["credit"],
        essential=row["essential"],
        evidence=row["evidence"],
        cite=_citation_from_row(row["cite"]) if row["cite"] else None,
        note=row["note"],
        probability=row.get("probability"),
    )


def _citation_to_row(cite: Citation) -> dict[str, Any]:
    return {
        "n": cite.n,
        "passage_id": cite.passage_id,
        "chapter_id": cite.chapter_id,
        "heading": cite.heading,
        "quote": cite.quote,
        "verified": cite.verified,
    }


def _citation_from_row(row: dict[str, Any]) -> Citation:
    return Citation(
        n=row["n"],
        passage_id=row["passage_id"],
        chapter_id=row["chapter_id"],
        heading=row["heading"],
        quote=row["quote"],
        verified=row["verified"],
    )


def _receipt_to_row(receipt: Receipt) -> dict[str, Any]:
    return {
        "engine": receipt.engine,
        "version": receipt.version,
        "content": receipt.content,
        "at": text_from_moment(receipt.at),
        "seconds": receipt.seconds,
        "options": dict(receipt.options),
    }


def _receipt_from_row(row: dict[str, Any]) -> Receipt:
    return Receipt(
        engine=row["engine"],
        version=row["version"],
        content=row["content"],
        at=moment_from_text(row["at"]),
        seconds=row["seconds"],
        options=row["options"],
    )
