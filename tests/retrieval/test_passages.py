"""What a chapter is cut into."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.retrieval.material import CHAPTERS, OVERLAP_QUESTION, chapter
from tutor.domain.passage import PassageKind
from tutor.retrieval.markup import plain
from tutor.retrieval.passages import MOST_WORDS, embedded_texts, indexed_text, passages_of, pieces, to_index


def sentences(count: int, word: str = "word") -> str:
    return " ".join(f"Sentence {number} has this {word} in it." for number in range(count))


def test_each_passage_is_a_verbatim_slice_of_its_chapter_and_knows_its_line() -> None:
    for each in CHAPTERS:
        lines = each.markdown.splitlines()
        for passage in passages_of(each):
            if passage.kind is PassageKind.BODY:
                assert passage.text in each.markdown
                assert lines[passage.line - 1] == passage.text.splitlines()[0]


def test_the_line_of_a_later_piece_counts_from_the_file_not_from_the_section() -> None:
    long = chapter("long", "Long", ("First", "\n\n".join(sentences(20, word) for word in ("noun", "verb", "name"))))
    lines = long.markdown.splitlines()
    found = passages_of(long)
    assert len(found) > 1
    assert all(lines[passage.line - 1].startswith(passage.text[:40]) for passage in found)


def test_a_reference_answer_is_a_passage_under_its_question() -> None:
    reference = passages_of(CHAPTERS[0])[-1]
    assert reference.kind is PassageKind.REFERENCE
    assert reference.question_id == OVERLAP_QUESTION.id
    assert reference.heading_path == (OVERLAP_QUESTION.text,)
    assert reference.text == OVERLAP_QUESTION.reference


def test_an_edit_changes_the_ids_of_the_edited_passage_only() -> None:
    before = chapter("c", "C", ("One", "The first text stands here."), ("Two", "The second text stands here."))
    after = chapter("c", "C", ("One", "The first text was changed."), ("Two", "The second text stands here."))
    old, new = ([passage.id for passage in passages_of(each)] for each in (before, after))
    assert old[0] != new[0]
    assert old[1] == new[1]


def test_a_renamed_chapter_changes_the_hash_because_the_title_is_searched() -> None:
    before = passages_of(CHAPTERS[1])[0]
    after = passages_of(replace(CHAPTERS[1], title="Ordering"))[0]
    assert before.hash != after.hash


def test_a_text_written_twice_under_one_heading_is_one_passage() -> None:
    twice = chapter("c", "C", ("Same", "The very same words."), ("Same", "The very same words."))
    assert len(passages_of(twice)) == 1


def test_the_searched_text_names_chapter_and_headings_and_drops_the_marks() -> None:
    searched = indexed_text(passages_of(CHAPTERS[1])[0])
    assert searched.startswith("Ranking. Reranking\nA cross-encoder reads")
    assert "recall, bi-encoder, 5 ms" in searched
    assert "|" not in searched


TABLE = "| a | b |\n|---|---|\n" + "\n".join(f"| row {n} with words | {sentences(2)} |" for n in range(30))
FENCE = "```python\n" + "\n\n".join(f"value_{n} = compute({n})  # a line of code" for n in range(60)) + "\n```"


@pytest.mark.parametrize("block", [TABLE, FENCE, FENCE.replace("```", "~~~~")], ids=["table", "fence", "tilde fence"])
def test_tables_and_fences_are_never_cut(block: str) -> None:
    text = f"{sentences(15)}\n\n{block}\n\n{sentences(15)}"
    holding = [text[start:end] for start, end in pieces(text) if block in text[start:end]]
    assert len(holding) == 1


def test_a_fence_hides_the_list_and_table_marks_inside_it() -> None:
    block = "```\n- not an item\n| not | a table |\n\n# not a heading\n```"
    text = f"{sentences(25)}\n\n{block}\n\n{sentences(25)}"
    assert any(block in text[start:end] for start, end in pieces(text))


@pytest.mark.parametrize(
    "text",
    [
        sentences(120),
        "\n\n".join(sentences(8) for _ in range(12)),
        "\n".join(f"- {sentences(4)}" for _ in range(25)),
    ],
    ids=["one endless paragraph", "paragraphs", "list items"],
)
def test_long_sections_become_pieces_of_even_size(text: str) -> None:
    sizes = [len(text[start:end].split()) for start, end in pieces(text)]
    assert max(sizes) <= MOST_WORDS
    assert min(sizes) >= MOST_WORDS / 3


def test_list_items_are_cut_between_not_inside() -> None:
    items = [f"- {sentences(4)}\n  - nested {n}\n\n  still item {n}" for n in range(20)]
    text = "\n".join(items)
    starts = [text[start:end][:2] for start, end in pieces(text)]
    assert len(starts) > 1
    assert set(starts) == {"- "}


def test_what_ends_in_a_colon_stays_with_what_it_announces() -> None:
    text = f"{sentences(21)}\n\n{sentences(3)} The stages are:\n\n1. {sentences(5)}\n2. {sentences(5)}"
    (holding,) = [text[start:end] for start, end in pieces(text) if "The stages are:" in text[start:end]]
    assert "\n\n1. Sentence" in holding


def test_a_short_end_stays_with_the_piece_before_it() -> None:
    text = f"{sentences(22)}\n\nA last short word on it."
    assert len(pieces(text)) == 1


LINES = (
    *("", "\t", "```", "~~~", "````", "- item one", "1. one", "  - nested", "   indented", "| a | b |", "|---|---|"),
    *("Words end here.", "It is:", sentences(30)),
)
markdown = st.lists(st.sampled_from(LINES), max_size=40).map("\n".join)


@given(text=st.one_of(st.text(max_size=300), markdown))
def test_pieces_hold_everything_but_blank_space_once_and_in_order(text: str) -> None:
    last = 0
    for start, end in pieces(text):
        assert not text[last:start].strip()
        assert start < end
        last = end
    assert not text[last:].strip()


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("**Bold** and *leaning* and `code`", "Bold and leaning and code"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("[the paper](https://arxiv.org/abs/1) says", "the paper says"),
        ("![a diagram](x.png)", "a diagram"),
        ("[the paper][ref] says", "the paper says"),
        ("### Heading {#anchor}", "Heading"),
        ("> - quoted item", "quoted item"),
        ("3. third\n   - nested", "third\nnested"),
        ("| a | b |\n|:--|--:|\n| 1 | 2 |", "a, b\n1, 2"),
        ("```python\nx = a[0]\n```", "x = a[0]"),
        ("line<br>break <!-- note\nover lines --> end", "line break end"),
        (r"\*not emphasis\*", "*not emphasis*"),
        ("a < b and c > d", "a < b and c > d"),
        ("", ""),
    ],
)
def test_plain_text_keeps_the_words_only(marked: str, words: str) -> None:
    assert plain(marked) == words


def test_what_a_chapter_says_about_itself_is_told_from_its_subject() -> None:
    both = chapter("c", "C", ("Sources and freshness", "Checked in May."), ("Sources of error", "A passage is missed."))
    assert [each.kind for each in passages_of(both)] == [PassageKind.ASIDE, PassageKind.BODY]


def test_questions_beyond_a_chapter_are_indexed_and_are_no_passage_of_it() -> None:
    near = replace(CHAPTERS[0], beyond=("how do I cut a video into chunks", "what is an n-gram"))
    *found, beyond = to_index(near)
    assert found == passages_of(near) == to_index(CHAPTERS[0])
    assert (beyond.kind, beyond.text) == (PassageKind.BEYOND, "")
    assert embedded_texts(beyond) == near.beyond
    assert to_index(replace(near, beyond=near.beyond[:1]))[-1].hash != beyond.hash
