"""What an interviewer asks next: after what is missing, in words the learner has seen, never giving it away."""

from dataclasses import replace

import pytest

from tests.doubles.grades import COVERED, FAILED, MISSING, PARTIAL, grade, question
from tutor.domain.content import KeyPoint
from tutor.domain.grade import Grade, Outcome, PointGrade, PointStatus
from tutor.domain.text import normalise
from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root
from tutor.retrieval.words import content_stems
from tutor.study.followups import asked_as, follow_up, made_up
from tutor.study.prompted import heard

UNSURE, CONTRADICTED = PointStatus.UNSURE, PointStatus.CONTRADICTED
ASKED = replace(
    question(),
    text="How do RAG and fine-tuning differ?",
    points=(
        KeyPoint("first", "RAG retrieves documents when the question arrives.", essential=True),
        KeyPoint("second", "Fine-tuning changes weights by training examples."),
    ),
    follow_ups=("Which model would you retire?", "How many training examples would change the weights enough?"),
    contrast=("RAG", "fine-tuning"),
)


def judged(first: PointStatus, second: PointStatus, *, said: str = "") -> Grade:
    points = [
        PointGrade(p.id, p.text, status, {COVERED: 1.0, PARTIAL: 0.5}.get(status, 0.0), p.essential, evidence=said)
        for p, status in zip(ASKED.points, (first, second), strict=True)
    ]
    return Grade(Outcome.GRADED, "local", points=tuple(points))


@pytest.mark.parametrize(
    ("given", "text", "probes"),
    [
        (judged(COVERED, MISSING), "How many training examples would change the weights enough?", ("second",)),
        (judged(MISSING, COVERED), "What about RAG? Say more about that side.", ("first",)),
        (judged(PARTIAL, COVERED, said="It looks up"), "You said “It looks up.” Make that precise", ("first",)),
        (judged(CONTRADICTED, COVERED, said="RAG trains."), "You said “RAG trains.” Are you sure?", ("first",)),
        (judged(MISSING, MISSING), "How many training examples would change", ("first", "second")),
    ],
    ids=["authored, when it is near", "the side that is missing", "their own words", "a doubt", "several at once"],
)
def test_what_is_asked_after_what(given: Grade, text: str, probes: tuple[str, ...]) -> None:
    found = follow_up(ASKED, given)
    assert found is not None
    assert found.text.startswith(text) and found.probes == probes


@pytest.mark.parametrize(
    ("given", "before"),
    [
        (judged(COVERED, COVERED), []),
        (judged(COVERED, UNSURE), []),
        (judged(COVERED, MISSING), ["One."]),
        (judged(PARTIAL, MISSING), ["One.", "Two."]),
        (judged(MISSING, MISSING), ["One."]),
        (FAILED, []),
    ],
    ids=["nothing missing", "nobody can tell", "a side point twice", "two were put", "nothing said", "not graded"],
)
def test_when_nothing_is_asked(given: Grade, before: list[str]) -> None:
    assert follow_up(ASKED, given, before=before) is None


def test_an_authored_follow_up_is_put_once() -> None:
    given = judged(PARTIAL, MISSING)
    first = follow_up(ASKED, given)
    assert first is not None and first.text in ASKED.follow_ups
    second = follow_up(ASKED, given, before=[first.text])
    assert second is not None and second.text not in ASKED.follow_ups


def test_a_made_up_follow_up_says_nothing_the_learner_has_not_seen() -> None:
    shelf = load_library(((shipped_root(), True),)).library
    house = set(content_stems(" ".join(made_up(question(), grade(MISSING).points[0], n) for n in range(3))))
    for asked in shelf.questions():
        seen = set(content_stems(asked.text)) | house | set(content_stems("What about? Say more about that side."))
        for point in asked.points:
            for number in range(2):
                text = made_up(asked, PointGrade(point.id, point.text, MISSING, 0.0), number)
                given_away = set(content_stems(text)) & set(content_stems(point.text)) - seen
                named = {word for side in asked.contrast for word in content_stems(side)}
                assert not given_away - named, f"{asked.id}: {text}"


def test_long_words_of_the_learner_are_quoted_in_short() -> None:
    said = "word " * 40
    text = made_up(ASKED, PointGrade("first", "", PARTIAL, 0.5, evidence=said), 0)
    assert text.count("word") == 18 and "…”" in text


def test_a_follow_up_is_judged_on_its_points_and_cannot_be_echoed() -> None:
    posed = asked_as(ASKED, "What about RAG?", ("first",))
    assert [point.id for point in posed.points] == ["first"]
    assert posed.id == ASKED.id and normalise("What about RAG?") in normalise(posed.text)


@pytest.mark.parametrize(
    ("first", "later", "earned", "prompted"),
    [
        (grade(MISSING, COVERED), [grade(COVERED)], [0.5, 1.0], {"first"}),
        (grade(MISSING, COVERED), [grade(PARTIAL)], [0.25, 1.0], {"first"}),
        (grade(PARTIAL, COVERED), [grade(COVERED)], [0.5, 1.0], {"first"}),
        (grade(PARTIAL, COVERED), [grade(PARTIAL)], [0.5, 1.0], set()),
        (grade(COVERED, COVERED), [grade(MISSING, PARTIAL)], [1.0, 1.0], set()),
        (grade(MISSING, COVERED), [FAILED], [0.0, 1.0], set()),
        (grade(CONTRADICTED, COVERED), [grade(COVERED)], [0.5, 1.0], {"first"}),
        (grade(MISSING, MISSING), [grade(MISSING), grade(COVERED)], [0.5, 0.0], {"first"}),
    ],
    ids=["made", "half made", "made whole", "no better", "no worse", "not graded", "put right", "at the second try"],
)
def test_what_follow_ups_add(first: Grade, later: list[Grade], earned: list[float], prompted: set[str]) -> None:
    found = heard(first, later)
    assert [point.credit for point in found.grade.points] == earned
    assert found.prompted == prompted


def test_a_first_answer_that_nobody_graded_stays_not_graded() -> None:
    assert heard(FAILED, [grade(COVERED)]).grade is FAILED
