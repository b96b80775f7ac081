"""Owns the JSON shapes other programs may rely on: nouns to plain dictionaries, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.domain.answer import Answer, Citation
    from tutor.domain.content import Chapter, KeyQuestion, Library
    from tutor.domain.grade import Grade, PointGrade, Receipt
    from tutor.domain.passage import Passage, SearchResult
    from tutor.domain.review import Attempt
    from tutor.store.decision import Decision, KeptGrade

Shape = dict[str, object]


def search_shape(result: SearchResult) -> Shape:
    """`tutor search --json`."""
    hits = [
        {
            "rank": rank,
            "score": round(hit.score, 4),
            "passage_id": hit.passage.id,
            "chapter_id": hit.passage.chapter_id,
            "chapter": hit.passage.chapter,
            "heading": hit.passage.heading,
            "text": hit.passage.text,
        }
        for rank, hit in enumerate(result.hits, 1)
    ]
    respelt = {"respelt": result.respelt} if result.respelt else {}
    return {"query": result.query, **respelt, "engine": result.engine, "hits": hits}


def citation_shape(citation: Citation) -> Shape:
    """One citation of an answer or of a point."""
    return {
        "n": citation.n,
        "passage_id": citation.passage_id,
        "chapter_id": citation.chapter_id,
        "heading": citation.heading,
        "quote": citation.quote,
        "verified": citation.verified,
    }


def answer_shape(answer: Answer) -> Shape:
    """`tutor ask --json`."""
    return {
        "question": answer.question,
        "engine": answer.engine,
        "abstained": answer.abstained,
        "answer": answer.text,
        "citations": [citation_shape(citation) for citation in answer.citations],
        "nearest": list(answer.nearest),
        "unsupported": list(answer.unsupported),
        "conflicts": list(answer.conflicts),
        "note": answer.note,
    }


def point_shape(point: PointGrade) -> Shape:
    """One key point of a grade."""
    return {
        "id": point.id,
        "text": point.text,
        "status": point.status.value,
        "evidence": point.evidence,
        "cite": citation_shape(point.cite) if point.cite else None,
        "essential": point.essential,
        "credit": round(point.credit, 3),
        "note": point.note,
        "probability": None if point.probability is None else round(point.probability, 4),
    }


def receipt_shape(receipt: Receipt | None) -> Shape | None:
    """Who graded, with what, against what, when."""
    if receipt is None:
        return None
    return {
        "engine": receipt.engine,
        "version": receipt.version,
        "content": receipt.content,
        "at": receipt.at.isoformat(timespec="seconds"),
        "seconds": round(receipt.seconds, 3),
        "options": dict(receipt.options),
    }


def grade_shape(grade: Grade, matched: tuple[KeyQuestion, float] | None = None) -> Shape:
    """`tutor grade --json`. `matched` is the key question that free text was graded against, with its similarity."""
    score = grade.score
    return {
        "outcome": grade.outcome.value,
        "reason": grade.reason,
        "engine": grade.engine,
        "score": None if score is None else round(score, 4),
        "verdict": grade.verdict.value,
        "points": [point_shape(point) for point in grade.points],
        "misconceptions": [{"text": m.text, "evidence": m.evidence} for m in grade.misconceptions],
        "feedback": grade.feedback,
        "confidence": round(grade.confidence, 3),
        "receipt": receipt_shape(grade.receipt),
        "second_opinion": grade.second_opinion,
        "advisory": grade.advisory,
        "matched": None
        if matched is None
        else {"question_id": matched[0].id, "question": matched[0].text, "similarity": round(matched[1], 3)},
    }


def decision_shape(decision: Decision) -> Shape:
    """One decision of the learner about a grade."""
    return {
        "id": decision.id,
        "grade_id": decision.grade_id,
        "kind": decision.kind.value,
        "point_id": decision.point_id,
        "status": decision.status.value if decision.status else None,
        "note": decision.note,
        "at": decision.at.isoformat(timespec="seconds"),
    }


def attempt_shape(attempt: Attempt, grades: Sequence[KeptGrade], counting: KeptGrade | None) -> Shape:
    """`tutor grade --attempt --json`: every grade as its engine gave it, with what stands decided about it."""
    return {
        "attempt_id": attempt.id,
        "question_id": attempt.question_id,
        "grades": [
            {
                "grade_id": kept.id,
                "counts": counting is not None and kept.id == counting.id,
                **grade_shape(kept.given),
                "decisions": [decision_shape(decision) for decision in kept.decisions],
            }
            for kept in grades
        ],
    }


def chapter_line(chapter: Chapter) -> Shape:
    """One chapter of the roadmap."""
    return {
        "id": chapter.id,
        "title": chapter.title,
        "level": chapter.level,
        "weight": chapter.weight,
        "questions": len(chapter.questions),
        "prerequisites": list(chapter.prerequisites),
        "aliases": list(chapter.aliases),
        "updated": chapter.updated.isoformat() if chapter.updated else None,
    }


def library_shape(library: Library) -> Shape:
    """`tutor chapters --json`."""
    return {
        "tracks": [
            {
                "id": track.id,
                "title": track.title,
                "sections": [
                    {
                        "id": section.id,
                        "title": section.title,
                        "chapters": [chapter_line(chapter) for chapter in section.chapters],
                    }
                    for section in track.sections
                ],
                "paths": [
                    {"id": path.id, "title": path.title, "about": path.about, "chapters": list(path.chapters)}
                    for path in track.paths
                ],
            }
            for track in library.tracks
        ]
    }


def question_shape(question: KeyQuestion) -> Shape:
    """A key question with everything authored for it."""
    return {
        "id": question.id,
        "question": question.text,
        "reference": question.reference,
        "contrast": list(question.contrast),
        "points": [
            {"id": p.id, "text": p.text, "essential": p.essential, "also": list(p.also), "derived": p.derived}
            for p in question.points
        ],
        "misconceptions": [{"text": m.text, "correction": m.correction} for m in question.misconceptions],
        "follow_ups": list(question.follow_ups),
        "revision": question.revision,
    }


def chapter_shape(chapter: Chapter) -> Shape:
    """A chapter with its text and key questions."""
    return {
        **chapter_line(chapter),
        "section_id": chapter.section_id,
        "markdown": chapter.markdown,
        "sources": [{"title": s.title, "ref": s.ref, "year": s.year} for s in chapter.sources],
        "key_questions": [question_shape(question) for question in chapter.questions],
    }


def passage_shape(passage: Passage) -> Shape:
    """A passage as `tutor show` gives it."""
    return {
        "passage_id": passage.id,
        "chapter_id": passage.chapter_id,
        "chapter": passage.chapter,
        "heading": passage.heading,
        "kind": passage.kind.value,
        "text": passage.text,
    }
