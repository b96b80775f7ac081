"""Answers made of the chapters' own sentences."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.answering.conftest import QUESTIONS, Material, chapter_of, indexed, library_of
from tutor.answering.asking import read
from tutor.answering.citations import claims_in
from tutor.answering.extractive import choose
from tutor.answering.taking import LEANS
from tutor.domain.answer import Answer
from tutor.domain.content import KeyQuestion
from tutor.domain.passage import Hit, Passage
from tutor.domain.text import sentences
from tutor.retrieval.words import content_stems

ANSWERABLE = [row["question"] for row in QUESTIONS if row["chapter"]]


@pytest.fixture(scope="module")
def answers(material: Material) -> list[Answer]:
    """Every fifth answerable question, answered: what must hold for any answer is checked on all of them."""
    answerer = material.answerer()
    return [answer for answer in map(answerer.ask, ANSWERABLE[::5]) if not answer.abstained]


def test_there_are_answers_to_check(answers: list[Answer]) -> None:
    assert len(answers) >= 12


def test_every_sentence_ends_with_its_number(answers: list[Answer]) -> None:
    for answer in answers:
        for claim in claims_in(answer.text):
            written = answer.text[claim.start : claim.end]
            assert re.search(r"\[\d+\]\W*$", written), (answer.question, written)


def test_numbers_run_from_one_in_order_of_first_use(answers: list[Answer]) -> None:
    for answer in answers:
        used = list(dict.fromkeys(int(n) for n in re.findall(r"\[(\d+)\]", answer.text)))
        assert used == [one.n for one in answer.citations] == list(range(1, len(used) + 1)), answer.question


def test_every_quote_stands_in_its_passage_as_written(answers: list[Answer], material: Material) -> None:
    for answer in answers:
        for citation in answer.citations:
            assert citation.verified
            assert citation.quote in material.index.passage(citation.passage_id).text


def test_every_sentence_is_in_the_quote_it_cites(answers: list[Answer]) -> None:
    for answer in answers:
        quotes = {one.n: set(content_stems(one.quote)) for one in answer.citations}
        for claim in claims_in(answer.text):
            (n,) = claim.numbers
            assert set(content_stems(claim.text)) <= quotes[n], (answer.question, claim.text)


def test_answers_are_a_few_sentences_from_few_places(answers: list[Answer]) -> None:
    for answer in answers:
        lines = answer.text.splitlines()
        prose = "\n".join(line for line in lines if not line.startswith("- "))
        assert (2 if prose == answer.text else 1) <= len(claims_in(prose)) <= 7, answer.question
        assert len({one.passage_id for one in answer.citations}) <= 4, answer.question


def test_no_paragraph_opens_with_a_dangling_word(answers: list[Answer]) -> None:
    for answer in answers:
        for paragraph in answer.text.split("\n\n"):
            if not paragraph.startswith("- "):
                assert not LEANS.match(sentences(paragraph)[0]), (answer.question, paragraph)


def test_no_sentence_stands_twice(answers: list[Answer]) -> None:
    for answer in answers:
        shown = [claim.text for claim in claims_in(answer.text)]
        assert len(set(shown)) == len(shown), answer.question


def test_the_question_of_the_brief_is_answered_from_its_chapter(material: Material) -> None:
    answer = material.answerer().ask("When should I choose RAG over fine-tuning?")
    assert not answer.abstained
    assert answer.engine == "extractive"
    assert answer.citations[0].chapter_id == answer.nearest[0] == "rag/rag-vs-fine-tuning"
    assert "changes often" in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What is RAFT?", "distractor"),
        ("When should I not use RAG?", "SQL"),
        ("Why do RAG systems still hallucinate?", "etrieval can miss"),
        ("is a vector database the same thing as rag", "vector database alone is"),
        ("how many candidates does the reranker get", "50 to 200"),
        ("What is the difference between naive, advanced and modular RAG?", "fixed line"),
    ],
)
def test_the_answer_holds_what_was_asked_for(question: str, said: str, material: Material) -> None:
    assert said in material.answerer().ask(question).text


SIDES = {
    "Apples": "Apples are crisp and keep for months in a cool cellar. Apples are picked in autumn.",
    "Pears": "Pears are soft and spoil within days once they are ripe. Pears are picked before they ripen.",
}


def test_a_comparison_shows_both_sides(tmp_path: Path, material: Material) -> None:
    library = library_of(chapter_of("fruit", "Fruit", **SIDES))
    text = (
        indexed(library, tmp_path, material.encoder)
        .answerer()
        .ask("What is the difference between apples and pears?")
        .text
    )
    assert "Apples" in text and "Pears" in text


def test_things_that_no_passage_compares_are_each_told_of(tmp_path: Path, material: Material) -> None:
    kettles = "A kettle boils water on a stove. A kettle whistles when the water is hot. A kettle fits four cups."
    compasses = "A compass shows where north is. A compass needs no battery. A compass fails beside iron."
    sheds = "People who own a kettle seldom carry a compass. Sheds are full of tools that nobody has asked for."
    library = library_of(
        chapter_of("kettle", "Kettles", Use=kettles),
        chapter_of("compass", "Compasses", Use=compasses),
        chapter_of("shed", "Sheds", Owners=sheds),
    )
    text = indexed(library, tmp_path, material.encoder).answerer().ask("kettle vs compass").text
    first, second = text.split("\n\n")
    assert len(claims_in(first)) >= 2 and all("kettle" in claim.text for claim in claims_in(first))
    assert len(claims_in(second)) >= 2 and all("compass" in claim.text for claim in claims_in(second))
    assert "Sheds" not in text and "seldom" not in text


def test_an_answer_keeps_its_sentences_when_a_side_is_told_of_nowhere() -> None:
    text = "A saw cuts wood along a line. A saw needs setting. A saw is quick on boards, and slow on logs."
    passage = Passage("t/s:1", "t/s", "Saws", ("Saws",), text + " Nobody has seen a good plane in years.")
    chosen = choose(read("saw or plane", lambda stem: True), {"saw": 1.0, "plane": 1.0}, [Hit(passage, 0.9)], None)
    assert len(chosen) >= 3


def test_a_short_passage_that_fits_better_leads_an_answer() -> None:
    short = Passage("t/tea:1", "t/tea", "Tea", ("How to steep",), "Steep the tea for three minutes.")
    rest = "Tea is drunk at four. Tea came by ship. Cups of tea are small. Tea is sold in tins."
    long = Passage("t/tea:2", "t/tea", "Tea", ("Customs",), rest)
    asking = read("how do I steep tea", lambda stem: True)
    chosen = choose(asking, {"steep": 1.0, "tea": 0.3}, [Hit(short, 0.9), Hit(long, 0.85)], None)
    assert chosen[0].passage is short and len(chosen) >= 2


MISTAKES = {
    "Kettles": "A kettle boils water with a heating element. The element sits in the base of a kettle.",
    "Red_flags": "Kettles are heated by the moon, so they work only at night. A kettle is a kind of fish.",
}


def test_a_list_of_wrong_sentences_is_not_given_as_an_answer(tmp_path: Path, material: Material) -> None:
    answerer = indexed(library_of(chapter_of("kettle", "Kettles", **MISTAKES)), tmp_path, material.encoder).answerer()
    assert "moon" not in answerer.ask("How is a kettle heated?").text
    assert "moon" in answerer.ask("What are red flags about kettles?").text


LEANING = (
    "A funnel counts questions at each stage of the pipeline. It shows where most answers are lost. Lunch is at noon."
)


def test_a_sentence_that_leans_brings_the_one_before_it(tmp_path: Path, material: Material) -> None:
    answerer = indexed(
        library_of(chapter_of("f", "Finding losses", Funnel=LEANING)), tmp_path, material.encoder
    ).answerer()
    text = answerer.ask("Where are most answers lost in the pipeline?").text
    assert text.index("A funnel counts") < text.index("It shows where")


FAMILIES = "Teapots differ in what they are made of. Clay teapots keep the heat. A teapot of glass shows the tea."
IN_ONE_BREATH = "A teapot holds leaves and hot water. A teapot then pours the tea. The price of a teapot is washing it."


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("what is a teapot", "A teapot holds"),
        ("teapots", "A teapot holds"),
        ("how do teapots work", "A teapot holds"),
        ("why do teapots differ", "Teapots differ"),
    ],
)
def test_a_topic_by_itself_is_answered_by_what_sums_it_up(question: str, first: str) -> None:
    families = Passage("t/tea:1", "t/tea", "Teapots", ("Families of teapots",), FAMILIES)
    summary = Passage("t/tea:2", "t/tea", "Teapots", ("In one breath",), IN_ONE_BREATH)
    asking = read(question, lambda stem: True)
    chosen = choose(asking, {"teapot": 1.0}, [Hit(families, 0.9), Hit(summary, 0.85)], None)
    assert chosen[0].lead.startswith(first)


def test_a_topic_is_known_when_its_name_is_written_apart() -> None:
    families = Passage(
        "t/tea:1",
        "t/tea",
        "Teapot and kettle",
        ("Families",),
        "Brown ones are round, green ones are tall.",
    )
    summary = Passage("t/tea:2", "t/tea", "Teapot and kettle", ("In one breath",), IN_ONE_BREATH)
    asking = read("tea pot", lambda stem: True)
    chosen = choose(asking, {"tea": 0.5, "pot": 0.5}, [Hit(families, 0.9), Hit(summary, 0.85)], None)
    assert chosen[0].passage is summary


@pytest.mark.parametrize(
    ("question", "first"), [("teapots", "A teapot is round"), ("how good is a teapot", "A teapot is good")]
)
def test_how_a_thing_is_measured_answers_only_who_asks_that(question: str, first: str) -> None:
    measured = Passage(
        "t/tea:1", "t/tea", "Tea", ("Evaluating a teapot",), "A teapot is good when ten cups are poured dry."
    )
    shape = Passage("t/tea:2", "t/tea", "Tea", ("Shape of the teapot",), "A teapot is round or tall in most homes.")
    hits = [Hit(measured, 0.93), Hit(shape, 0.90)]
    chosen = choose(read(question, lambda stem: True), {"teapot": 1.0}, hits, None)
    assert chosen[0].lead.startswith(first)


def test_a_section_that_is_titled_as_asked_comes_before_one_that_is_near() -> None:
    near = Passage(
        "t/k:1", "t/k", "Kitchen", ("The lid and handle of old teapots",), "A lid of a teapot keeps it warm."
    )
    asked = Passage("t/k:2", "t/k", "Kitchen", ("Teapot lids",), "A lid of a teapot costs a penny.")
    asking = read("teapot lid", lambda stem: True)
    chosen = choose(asking, {"teapot": 0.5, "lid": 0.5}, [Hit(near, 0.92), Hit(asked, 0.9)], None)
    assert chosen[0].passage is asked


def test_a_heading_counts_up_to_its_colon() -> None:
    near = Passage("t/k:1", "t/k", "Kitchen", ("Lids of full teapots",), "A teapot that is full may boil over.")
    asked = Passage("t/k:2", "t/k", "Kitchen", ("Teapots: pots with a spout",), "A teapot is a pot for making tea.")
    chosen = choose(
        read("what is a teapot", lambda stem: True), {"teapot": 1.0}, [Hit(near, 0.95), Hit(asked, 0.9)], None
    )
    assert chosen[0].passage is asked


def test_what_leans_on_a_formula_is_not_quoted_without_it() -> None:
    table = "| angle | flow |\n|---|---|\n| 10 | 2 |"
    text = f"A teapot pours by its angle.\n\n{table}\n\nHere it is in degrees. The teapot is full."
    passage = Passage("t/k:1", "t/k", "Kitchen", ("Teapots",), text)
    chosen = choose(read("how does a teapot pour", lambda stem: True), {"teapot": 1.0}, [Hit(passage, 0.9)], None)
    assert [one.quote for one in chosen] == ["A teapot pours by its angle.", "The teapot is full."]


@pytest.mark.parametrize(
    "sentence",
    [
        "The limit is the bill for all of it.",
        "The limit: no rail sees everything.",
        "Newer models are stronger than that.",
        "A year later others tested it too.",
        "Less overlap raised efficiency there.",
        "The dedicated database then earns its place.",
        "Because the two texts meet only at the end.",
        "On the bottom layer it explores with a beam.",
    ],
)
def test_sentences_that_lean_on_the_one_before(sentence: str) -> None:
    assert LEANS.match(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Often it does not matter, because the order is the same.",
        "Naive RAG is one fixed line: retrieve passages, then generate.",
        "The limit of a filter is its list.",
        "Because both texts are read together, nothing is computed in advance.",
        "Teapots differ in what they are made of.",
    ],
)
def test_sentences_that_stand_alone(sentence: str) -> None:
    assert not LEANS.match(sentence)


def test_a_reference_answer_is_quoted_to_a_question_asked_in_other_words(tmp_path: Path, material: Material) -> None:
    reference = "The planner ignores an index when most rows match. A sequential scan is cheaper in that case."
    asked = KeyQuestion("t/db#ignore", "When does a query planner ignore an index?", reference, ())
    notes = replace(chapter_of("db", "Database notes", Indexes="Indexes cost write time."), questions=(asked,))
    answerer = indexed(library_of(notes), tmp_path, material.encoder).answerer()
    answer = answerer.ask("when does the planner do a sequential scan")
    assert "A sequential scan is cheaper" in answer.text


def test_a_reference_answer_may_lean_on_its_very_question(tmp_path: Path, material: Material) -> None:
    asked = KeyQuestion("t/api#twice", "What is idempotence?", "Doing it twice has the same effect as once.", ())
    notes = replace(chapter_of("api", "Interface notes", Calls="Calls cost time."), questions=(asked,))
    answerer = indexed(library_of(notes), tmp_path, material.encoder).answerer()
    assert answerer.ask("What is idempotence?").text == "Doing it twice has the same effect as once [1]."


def test_without_the_encoder_sentences_are_chosen_by_words(words_only: Material) -> None:
    answer = words_only.answerer().ask("When should I choose RAG over fine-tuning?")
    assert answer.citations[0].chapter_id == "rag/rag-vs-fine-tuning"
    assert all(one.verified for one in answer.citations)
    assert "words only" in answer.note
