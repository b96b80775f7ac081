"""Questions and grades to practise with, and a grader that says what it was told to say."""

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime

from tutor.domain.answer import Citation
from tutor.domain.content import Chapter, KeyPoint, KeyQuestion, Library, Section, Track
from tutor.domain.grade import Grade, MisconceptionFound, Outcome, PointGrade, PointStatus, Receipt

COVERED, PARTIAL, MISSING = PointStatus.COVERED, PointStatus.PARTIAL, PointStatus.MISSING
CREDIT = {COVERED: 1.0, PARTIAL: 0.5}


def question(name: str = "rag/basics#why") -> KeyQuestion:
    """A question with two points, the first essential."""
    points = (KeyPoint("first", "It retrieves.", essential=True), KeyPoint("second", "It cites."))
    return KeyQuestion(id=name, text=f"What about {name}?", reference="It retrieves and cites.", points=points)


def grade(*statuses: PointStatus, confidence: float = 0.9, engine: str = "local") -> Grade:
    """A grade of the points `first` (essential), `second`, and so on, with these statuses."""
    names = ("first", "second", "third", "fourth")
    points = tuple(
        PointGrade(name, f"Point {name}.", status, CREDIT.get(status, 0.0), essential=name == "first")
        for name, status in zip(names, statuses, strict=False)
    )
    return Grade(Outcome.GRADED, engine, points=points, confidence=confidence)


STRONG = grade(COVERED, COVERED)
SHY = grade(COVERED, COVERED, confidence=0.5)
HALF = grade(PARTIAL, PARTIAL)
WEAK = grade(MISSING, MISSING)
FAILED = Grade(Outcome.NOT_GRADED, "ollama:tiny", reason="Ollama is not running.")

FULL = Grade(
    outcome=Outcome.GRADED,
    engine="ollama:tiny",
    reason="The local engine took over.",
    points=(
        PointGrade(
            "first",
            "It retrieves.",
            COVERED,
            0.1 + 0.2,
            essential=True,
            evidence="“it retrieves” — naïve \ud800",
            cite=Citation(1, "rag/basics:abc", "rag/basics", "Why › How", "It retrieves.", True),
            note="Say when.",
        ),
        PointGrade("second", "It cites.", PointStatus.UNSURE, 0.4, probability=0.35),
    ),
    misconceptions=(MisconceptionFound("It trains.", "it trains the model", "It does not."),),
    feedback="Two sentences. Like these.",
    confidence=1 / 3,
    receipt=Receipt(
        engine="ollama:tiny",
        version="p3",
        content="abcdef012345",
        at=datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC),
        seconds=1.25,
        options={"temperature": "0", "seed": "7"},
    ),
    second_opinion="The local engine reads this one differently.",
    advisory="On the self-test this engine fell short of the bar.",
)
"""A grade with every field filled."""


class ScriptedGrader:
    """Gives the grades it was made with, in order, and remembers the answers it was shown."""

    def __init__(self, grades: Iterable[Grade]) -> None:
        self._grades = deque(grades)
        self.shown: list[str] = []

    def grade(self, answer: str) -> Grade:
        """The next grade."""
        self.shown.append(answer)
        return self._grades.popleft()


def chapter(name: str, questions: int, *, weight: str = "medium") -> Chapter:
    """A chapter of the track `rag` with questions q1, q2 and so on."""
    return Chapter(
        id=f"rag/{name}",
        title=name.title(),
        section_id="all",
        sections=(),
        questions=tuple(question(f"rag/{name}#q{number}") for number in range(1, questions + 1)),
        markdown="",
        weight=weight,
    )


def library(*chapters: Chapter) -> Library:
    """A library of one track with these chapters in this order."""
    return Library((Track("rag", "RAG", (Section("all", "All", chapters),)),))
