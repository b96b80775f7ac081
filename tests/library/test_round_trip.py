"""What is written is read back, and no text makes the parser do anything but answer or name a fault."""

from dataclasses import replace
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.library.samples import CHAPTER, QUESTION
from tutor.domain.content import BodySection, Chapter, KeyPoint, KeyQuestion, Misconception, Source
from tutor.domain.errors import ContentError
from tutor.domain.text import visible
from tutor.library.catalogue import load_library
from tutor.library.derive import derived_points
from tutor.library.importers.draft import unmarked
from tutor.library.parser import examine_chapter, parse_chapter
from tutor.library.roots import shipped_root
from tutor.library.writer import body_markdown, chapter_markdown

IDS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
PREREQUISITES = st.lists(st.one_of(IDS.map("rag/{}".format), IDS.map("other/{}".format)), max_size=2).map(tuple)


def _line(text: str) -> str:
    """A text as it can stand on one line of a chapter: single blanks, no hidden characters, no markers."""
    return " ".join(visible(text).split())


TITLES = WORDS.map(_line).filter(bool)
SOURCES = st.builds(Source, TITLES, WORDS.map(_line), st.one_of(st.none(), st.just(2024)))
LINES = WORDS.map(_line).map(unmarked).filter(bool)
PROSE = LINES.filter(lambda text: text[0] not in "#`~-*|>=")
ITEMS = LINES.filter(lambda text: "->" not in text and "→" not in text and not text.lower().startswith("also"))
HEADINGS = LINES.filter(lambda text: not text.endswith("#") and text.rstrip(":").casefold() != "key questions")
CONTRASTS = st.lists(LINES.filter(lambda text: "|" not in text), min_size=2, max_size=3).map(tuple)


@st.composite
def key_points(draw: st.DrawFn) -> tuple[KeyPoint, ...]:
    names = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    return tuple(
        KeyPoint(name, draw(ITEMS), draw(st.booleans()), tuple(draw(st.lists(LINES, max_size=2))), draw(st.booleans()))
        for name in names
    )


@st.composite
def key_questions(draw: st.DrawFn, chapter_id: str) -> tuple[KeyQuestion, ...]:
    wrong = st.builds(Misconception, ITEMS, st.one_of(st.just(""), LINES))
    return tuple(
        KeyQuestion(
            id=f"{chapter_id}#{name}",
            text=draw(LINES),
            reference="\n\n".join(draw(st.lists(PROSE, min_size=1, max_size=3))),
            points=draw(key_points()),
            misconceptions=tuple(draw(st.lists(wrong, max_size=2))),
            follow_ups=tuple(draw(st.lists(LINES, max_size=2))),
            contrast=draw(st.one_of(st.just(()), CONTRASTS)),
        )
        for name in draw(st.lists(IDS, max_size=3, unique=True))
    )


@st.composite
def chapters(draw: st.DrawFn) -> Chapter:
    chapter_id = f"rag/{draw(IDS)}"
    sections = tuple(
        BodySection(heading, 2, (heading,), draw(st.one_of(st.just(""), PROSE)), 0)
        for heading in draw(st.lists(HEADINGS, max_size=3))
    )
    questions = draw(key_questions(chapter_id))
    return Chapter(
        id=chapter_id,
        title=draw(TITLES),
        section_id="foundations",
        sections=sections,
        questions=questions,
        markdown=body_markdown(sections, questions),
        level=draw(st.sampled_from(["core", "advanced"])),
        weight=draw(st.sampled_from(["high", "medium", "low"])),
        updated=draw(st.one_of(st.none(), st.dates(date(1000, 1, 1)))),
        prerequisites=draw(PREREQUISITES),
        aliases=tuple(draw(st.lists(TITLES, max_size=3))),
        sources=tuple(draw(st.lists(SOURCES, max_size=2))),
    )


def placeless(chapter: Chapter) -> Chapter:
    """The chapter without its path and line numbers."""
    return replace(
        chapter,
        path="",
        sections=tuple(replace(section, line=0) for section in chapter.sections),
        questions=tuple(
            replace(
                question,
                line=0,
                points=tuple(replace(point, line=0) for point in question.points),
                misconceptions=tuple(replace(wrong, line=0) for wrong in question.misconceptions),
            )
            for question in chapter.questions
        ),
    )


def read_back(chapter: Chapter) -> Chapter:
    return parse_chapter(chapter_markdown(chapter), path="x", track_id=chapter.track_id, section_id=chapter.section_id)


@settings(deadline=None, max_examples=150)
@given(chapters())
def test_a_chapter_made_from_nouns_is_read_back_as_it_was(chapter: Chapter):
    assert placeless(read_back(chapter)) == chapter


def test_every_shipped_chapter_is_written_as_it_was_read():
    chapters = list(load_library([(shipped_root(), True)]).library.chapters())
    assert chapters
    for chapter in chapters:
        assert placeless(read_back(chapter)) == placeless(chapter)


MARKERS = """```
~~~
  - also: x
Contrast: a | b
Misconceptions:
Follow-ups:
- a -> b
*a
sources: [{title: t}]
updated: 2026-13-01
"""
HOSTILE = ["&a ", "!!x ", "\ufeff", "\x00", "\ud800", "\x85", "#", "\u2028"]
FRAGMENTS = st.sampled_from([*(CHAPTER + QUESTION + MARKERS).splitlines(keepends=True), *HOSTILE])
NEAR_CHAPTERS = st.lists(st.one_of(FRAGMENTS, st.text(max_size=10)), max_size=40).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=200), NEAR_CHAPTERS, NEAR_CHAPTERS.map(lambda text: CHAPTER + text)))
@example("---\n" + "[" * 60_000 + "\n---\n")
@example("---\n" + "a: {" * 10_000 + "\n---\n")
@example("---\n" + "".join(f"k{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)) + "---\n")
@example("---\ntitle: \ud800\n---\n")
@example(CHAPTER + "```" * 20_000)
def test_any_text_is_a_chapter_or_a_content_error_with_a_line_of_the_file(text: str):
    try:
        chapter = parse_chapter(text, path="x", track_id="rag", section_id="s")
    except ContentError as error:
        assert 1 <= error.line <= visible(text).count("\n") + 1
        assert error.message.endswith(".") and "\n" not in str(error)
    else:
        assert placeless(read_back(chapter)) == placeless(chapter)
        assert examine_chapter(text, path="x", track_id="rag", section_id="s").sound


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.text(max_size=300))
def test_points_are_derived_from_any_text_with_distinct_ids(question: str, reference: str):
    points = derived_points(question, reference)
    assert len({point.id for point in points}) == len(points) <= 12
    assert all(point.derived and point.text for point in points)
    assert 1 <= sum(point.essential for point in points) <= 2 if points else True
