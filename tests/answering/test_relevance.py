"""When the material answers a question and when it does not."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.answering.conftest import QUESTIONS, Material, chapter_of, indexed, library_of
from tutor.answering.relevance import judge, nearest
from tutor.answering.vocabulary import Vocabulary, coverage
from tutor.domain.content import Chapter
from tutor.domain.passage import SearchResult
from tutor.retrieval.reading import Reading


def vocabulary_of(folder: Path, *chapters: Chapter) -> Vocabulary:
    library = library_of(*chapters)
    return Vocabulary(library, indexed(library, folder, None).index.lexicon)


def share_enough(material: Material, rows: Sequence[dict[str, str]]) -> float:
    vocabulary = Vocabulary(material.library, material.index.lexicon)
    texts = [Reading(material.index.lexicon()).read_as(row["question"]) for row in rows]
    return sum(judge(text, material.search(text), vocabulary, material.encoder).enough for text in texts) / len(rows)


def test_the_development_set_is_large_enough_to_choose_a_floor_on() -> None:
    assert sum(row["chapter"] is not None for row in QUESTIONS) >= 60
    assert sum(row["chapter"] is None for row in QUESTIONS) >= 50


def test_most_development_questions_are_decided_rightly(material: Material) -> None:
    assert share_enough(material, [row for row in QUESTIONS if row["chapter"]]) >= 0.80
    assert share_enough(material, [row for row in QUESTIONS if not row["chapter"]]) <= 0.05


def test_without_the_encoder_most_are_still(words_only: Material) -> None:
    assert share_enough(words_only, [row for row in QUESTIONS if row["chapter"]]) >= 0.72
    assert share_enough(words_only, [row for row in QUESTIONS if not row["chapter"]]) <= 0.06


def test_weights_do_not_depend_on_how_much_there_is(tmp_path: Path) -> None:
    once = [chapter_of(str(n), "T", A="retrieval finds a passage", B="an index holds vectors") for n in range(3)]
    many = [chapter_of(str(n), "T", A="retrieval finds a passage", B="an index holds vectors") for n in range(60)]
    few, lots = vocabulary_of(tmp_path / "few", *once), vocabulary_of(tmp_path / "lots", *many)
    assert few.subject("does retrieval find a passage") == lots.subject("does retrieval find a passage")


def test_that_a_few_notes_lack_a_word_says_less(tmp_path: Path, material: Material) -> None:
    notes = chapter_of("db", "Databases", Scans="A sequential scan costs less than an index scan on small tables.")
    material = indexed(library_of(notes), tmp_path, material.encoder)
    assert judged(material, "when is a sequential scan cheaper")
    assert not judged(material, "how long do I rest a steak")


def test_a_word_of_every_section_weighs_little_and_a_foreign_one_most(tmp_path: Path) -> None:
    vocabulary = vocabulary_of(tmp_path, chapter_of("a", "T", A="rag index", B="rag vectors", C="rag prompt"))
    subject = vocabulary.subject("rag index steak")
    assert subject["rag"] < subject["index"] < subject["steak"]


def test_words_of_asking_do_not_name_a_subject(tmp_path: Path) -> None:
    vocabulary = vocabulary_of(tmp_path, chapter_of("a", "T", A="rag index"))
    assert set(vocabulary.subject("Can you please explain what the best index is?")) == {"index"}
    assert coverage(vocabulary.subject("?!"), ["rag"]) == 0.0


def test_nearest_are_the_chapters_of_the_hits_and_never_none(material: Material) -> None:
    vocabulary = Vocabulary(material.library, material.index.lexicon)
    steak = material.search("How long do I rest a steak?")
    found = nearest("steak", steak, material.library, vocabulary)
    assert found[0] == steak.hits[0].passage.chapter_id
    assert len(set(found)) == len(found) >= 1
    nothing = SearchResult("xyzzy", "keyword", ())
    assert nearest("how to fine-tune LoRA", nothing, material.library, vocabulary)[0] == "rag/rag-vs-fine-tuning"


def test_the_learners_own_chapter_is_answered_from_once_it_is_there(material: Material, tmp_path: Path) -> None:
    steak = chapter_of("steak", "Steak", Resting="Rest a steak for about five minutes, so that the juices settle.")
    library = library_of(*material.library.chapters(), steak)
    more = indexed(library, tmp_path, material.encoder)
    rows = [{"question": "How long do I rest a steak?", "chapter": "t/steak"}]
    assert share_enough(material, rows) == 0.0
    assert share_enough(more, rows) == 1.0


def test_near_and_worded_alike_must_be_the_same_passage(tmp_path: Path, material: Material) -> None:
    kettles = "A kettle boils water with a heating element in its base."
    pages = "Search engines rank web pages, and a page links to other pages of the site."
    library = library_of(chapter_of("k", "Kettles", Kettles=kettles), chapter_of("p", "Pages", Pages=pages))
    more = indexed(library, tmp_path, material.encoder)
    vocabulary = Vocabulary(library, more.index.lexicon)
    found = more.search("how does a kettle boil pages of water")
    seen = judge("how does a kettle boil pages of water", found, vocabulary, more.encoder)
    assert seen.cosine == max(hit.cosine or 0.0 for hit in found.hits)
    assert seen.coverage < 1.0


QUEUE = "A priority queue hands out its most urgent entry first. Nobody has to wait who cannot wait."
NEAR_MISS = "which heap makes a priority queue fast"


def judged(material: Material, question: str) -> bool:
    vocabulary = Vocabulary(material.library, material.index.lexicon)
    return judge(question, material.search(question), vocabulary, material.encoder).enough


def test_a_question_like_those_beyond_the_chapters_is_refused(tmp_path: Path, material: Material) -> None:
    chapter = chapter_of("q", "Queues", Priority_queue=QUEUE)
    fenced = replace(chapter, beyond=("which heap makes a priority queue fastest", "what is a message queue"))
    other = replace(
        chapter_of("h", "Heaps", Heap="Which heap makes a priority queue fast? A Fibonacci heap does."), id="u/h"
    )
    bare = indexed(library_of(chapter), tmp_path / "bare", material.encoder)
    told = indexed(library_of(fenced), tmp_path / "told", material.encoder)
    both = indexed(library_of(fenced, other), tmp_path / "both", material.encoder)
    assert judged(bare, NEAR_MISS)
    assert not judged(told, NEAR_MISS)
    assert judged(told, "which entry does a priority queue hand out first")
    assert judged(both, NEAR_MISS), "another track answers it"


def test_a_question_that_is_a_chapters_name_is_answered(tmp_path: Path, material: Material) -> None:
    chapter = replace(chapter_of("r", "Adapting models", Basics=QUEUE), aliases=("RAFT",))
    fenced = replace(chapter, beyond=("how does raft elect a leader", "what is raft consensus"))
    material = indexed(library_of(fenced), tmp_path, material.encoder)
    assert judged(material, "What is RAFT?")
    assert not judged(material, "how does raft elect its leader")


def test_an_answer_rests_on_tracks_that_reach_the_floor_by_themselves(material: Material, tmp_path: Path) -> None:
    notes = chapter_of(
        "db", "Databases", Autovacuum="Autovacuum removes dead rows of a table when enough have gathered."
    )
    more = indexed(library_of(*material.library.chapters(), notes), tmp_path, material.encoder)
    answer = more.answerer().ask("what does autovacuum remove")
    assert not answer.abstained
    assert {cited.passage_id.partition("/")[0] for cited in answer.citations} == {"t"}
