"""What a grade tells the learner to do."""

from dataclasses import replace

import pytest

from tests.doubles.grades import COVERED, FAILED, MISSING, PARTIAL, STRONG, WEAK, grade
from tutor.domain.answer import Citation
from tutor.domain.content import KeyPoint, KeyQuestion
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus, Verdict
from tutor.grading import feedback
from tutor.study.advice import READINGS, compares, counted_range, own_note, say_instead, study_next

UNSURE, CONTRADICTED = PointStatus.UNSURE, PointStatus.CONTRADICTED
CITE = Citation(1, "rag/basics:abc", "rag/basics", "Why", "It retrieves.", True)
QUESTION = KeyQuestion(
    "rag/basics#why",
    "Why?",
    "It retrieves.",
    (KeyPoint("first", "It retrieves.", also=("It looks things up.",)), KeyPoint("second", "It cites.")),
)


def point(name: str, status: PointStatus, *, essential: bool = False, cited: bool = True) -> PointGrade:
    return PointGrade(name, f"Point {name}.", status, 0.0, essential, cite=CITE if cited else None)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (grade(COVERED, COVERED), "2 of 2 points"),
        (grade(COVERED, UNSURE, PARTIAL, MISSING), "1–3 of 4 points"),
        (grade(MISSING), "0 of 1 point"),
    ],
)
def test_points_are_counted_as_a_range(given: Grade, shown: str) -> None:
    assert counted_range(given) == shown


def test_every_verdict_has_its_reading() -> None:
    assert set(READINGS) == set(Verdict)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, True),
        (grade(UNSURE, UNSURE), True),
        (replace(grade(UNSURE), outcome=Outcome.SELF_GRADED), True),
        (STRONG, False),
        (WEAK, False),
        (FAILED, False),
    ],
    ids=["only the reference was shown", "unsure", "self-graded, points open", "strong", "weak", "failed"],
)
def test_the_learner_compares_where_nobody_gave_a_verdict(given: Grade | None, expected: bool) -> None:
    assert compares(given) is expected


def test_the_next_thing_to_study_is_the_essential_that_is_wrong_or_missing() -> None:
    points = [
        point("a", COVERED, essential=True),
        point("b", MISSING),
        point("c", CONTRADICTED),
        point("d", MISSING, essential=True),
    ]
    found = study_next(points)
    assert found and found.id == "d"
    assert study_next([point("a", COVERED)]) is None
    assert study_next([point("b", MISSING, cited=False)]) is None, "there is nothing to open"
    between = study_next(points[:3])
    assert between and between.id == "c"


SAYS = "RAG supplies knowledge at inference time by retrieving documents."
WROTE = "Fine-tuning looks the documents up while RAG trains"


OWN = "Say that knowledge comes in by retrieving documents."


@pytest.mark.parametrize(
    ("status", "note", "kept"),
    [
        (MISSING, feedback.missing_note(SAYS), ""),
        (UNSURE, feedback.unsure_note(SAYS), "Your words come near, but not near enough to be sure."),
        (
            CONTRADICTED,
            feedback.contrary_note("swapped", WROTE, SAYS),
            "This may give one side's role to the other.",
        ),
        (MISSING, OWN, OWN),
    ],
    ids=["missing", "unsure", "contradicted", "a model's own words"],
)
def test_a_note_is_shown_without_what_stands_beside_it(status: PointStatus, note: str, kept: str) -> None:
    assert own_note(PointGrade("first", SAYS, status, 0.0, evidence=WROTE, note=note)) == kept


@pytest.mark.parametrize(
    ("status", "name", "said"),
    [
        (MISSING, "first", "It looks things up."),
        (UNSURE, "first", "It looks things up."),
        (CONTRADICTED, "first", "It retrieves."),
        (MISSING, "second", "It cites."),
        (COVERED, "first", ""),
        (MISSING, "gone", "It is gone."),
    ],
    ids=["missing", "unsure", "contradicted", "no other wording", "covered", "removed from the question since"],
)
def test_what_to_say_instead_is_the_authors_other_wording(status: PointStatus, name: str, said: str) -> None:
    texts = {"first": "It retrieves.", "second": "It cites.", "gone": "It is gone."}
    assert say_instead(PointGrade(name, texts[name], status, 0.0), QUESTION) == said
