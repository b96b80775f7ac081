"""Keeping indexes in step with the material, and searching while they are."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.retrieval import material
from tests.retrieval.material import CHAPTERS, OVERLAP_QUESTION
from tutor.domain.errors import NotFound, TutorError
from tutor.domain.passage import ANSWERING, FOUND, Passage, PassageKind, SearchResult
from tutor.retrieval import keyword_upkeep
from tutor.retrieval.encoder import BATCH, Encoder
from tutor.retrieval.index import DEPTH, SearchIndex
from tutor.retrieval.locks import writing
from tutor.retrieval.passages import indexed_text, to_index
from tutor.retrieval.reports import Made, SyncReport

PASSAGES = material.passages()
MEANING = "finding an exact product code"
"""Shares its words with one passage, and its meaning too."""
BY_MEANING = "lexical retrieval for identifiers and serial numbers"
"""Shares no content word with the passage it means."""


class CountingEncoder(Encoder):
    """The real encoder; it remembers which texts it was given."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str], batch: int = BATCH) -> np.ndarray:
        self.seen += texts
        return super().encode(texts, batch)

    def encode_query(self, query: str) -> np.ndarray:
        self.seen.append(query)
        return super().encode_query(query)


@pytest.fixture(scope="session")
def counting(encoder_folder: Path) -> CountingEncoder:
    return CountingEncoder(encoder_folder)


@pytest.fixture
def seen(counting: CountingEncoder) -> list[str]:
    """The texts the counting encoder was given in this test."""
    counting.seen.clear()
    return counting.seen


@pytest.fixture(scope="session")
def full_cache(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A cache in step with the small track; copy it before changing it."""
    cache = tmp_path_factory.mktemp("full")
    SearchIndex(cache).sync(PASSAGES, encoder=encoder)
    return cache


@pytest.fixture
def cache(full_cache: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(full_cache, tmp_path / "cache"))


def headings(result: SearchResult) -> list[str]:
    return [hit.passage.heading for hit in result.hits]


def edited(passages: Sequence[Passage], place: int, words: str) -> list[Passage]:
    old = passages[place]
    new = replace(old, id=f"{old.chapter_id}:changed{place}", text=f"{old.text} {words}")
    return [*passages[:place], new, *passages[place + 1 :]]


def test_without_an_encoder_search_goes_by_keywords_and_says_so(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)
    assert index.sync(PASSAGES, encoder=None) == SyncReport(added=5, removed=0, embedded=0, waiting=5)
    result = index.search(MEANING, encoder=None)
    assert result.engine == "keyword"
    assert headings(result)[0] == "Keyword search"
    assert result.hits[0].cosine is None
    assert result.hits[0].keyword == result.hits[0].score == 1.0
    assert index.search(BY_MEANING, encoder=None).hits == ()


def test_with_vectors_a_passage_is_found_by_what_it_means(cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(cache)
    index.sync(PASSAGES, encoder=encoder)
    result = index.search(BY_MEANING, encoder=encoder)
    assert result.engine == "hybrid"
    assert headings(result)[0] == "Keyword search"
    assert result.hits[0].keyword == 0.0


def test_hits_come_best_first_with_both_their_scores(cache: Path, encoder: Encoder) -> None:
    result = SearchIndex(cache).search("Why overlap chunks?", encoder=encoder)
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
    for hit in result.hits:
        assert hit.cosine is not None
        assert hit.score == pytest.approx(0.4 * hit.keyword + 0.6 * max(0.0, hit.cosine))


ASKED = "why does my bot quote half a sentence"


def test_a_passage_is_found_by_the_questions_it_answers_too(cache: Path, encoder: Encoder, tmp_path: Path) -> None:
    asked = [
        replace(one, answers=(ASKED, "cut too early")) if one.text.startswith("Neigh") else one for one in PASSAGES
    ]
    index = SearchIndex(cache)
    assert index.sync(asked, encoder=encoder).embedded == 1
    early = SearchIndex(tmp_path / "early")
    early.sync(asked, encoder=None)
    for each in (index, early):
        hit = each.search("my bot quotes only half of the sentence, why", encoder=encoder).hits[0]
        assert hit.passage.heading == "Overlap"
        assert hit.cosine is not None and hit.asked is not None
        assert hit.asked > 0.8 > hit.cosine
        assert hit.score == pytest.approx(0.4 * hit.keyword + 0.6 * (0.9 * hit.asked + 0.1 * hit.cosine), abs=1e-3)
    assert [hit.asked for hit in index.search(MEANING, encoder=encoder).hits].count(None) == len(PASSAGES) - 1
    assert index.sync(PASSAGES, encoder=encoder).embedded == 0, "its own vector is still there"


def test_what_is_beyond_the_chapters_is_never_found_and_only_compared_with(tmp_path: Path, encoder: Encoder) -> None:
    asked = "how do I cut a zeppelin into chunks"
    near = replace(CHAPTERS[0], beyond=(asked, "what is an n-gram"))
    index = SearchIndex(tmp_path)
    index.sync([passage for one in (near, CHAPTERS[1]) for passage in to_index(one)], encoder=encoder)
    for kinds in (FOUND, ANSWERING, frozenset(PassageKind)):
        found = index.search(asked, 50, encoder=encoder, kinds=kinds)
        assert PassageKind.BEYOND not in {hit.passage.kind for hit in found.hits}
        assert found.beyond == ({} if kinds == FOUND else {"rag": pytest.approx(1.0, abs=0.01)})
    assert index.search("zeppelin", encoder=None).hits == ()
    assert not index.lexicon().knows("zeppelin"), "its words are not the material's"
    assert index.search("?!", encoder=encoder, kinds=ANSWERING).beyond == {}


def test_before_there_are_vectors_what_the_keywords_found_is_embedded_at_once(
    tmp_path: Path, counting: CountingEncoder, seen: list[str]
) -> None:
    index = SearchIndex(tmp_path)
    index.sync(PASSAGES, encoder=None)
    result = index.search(MEANING, encoder=counting)
    assert result.engine == "hybrid"
    assert result.hits[0].cosine is not None
    assert seen[0] == MEANING
    again = len(seen)
    assert index.search(MEANING, encoder=counting) == result
    assert seen[again:] == [MEANING]
    assert index.search(BY_MEANING, encoder=counting).engine == "keyword"


def test_what_was_synced_once_is_not_computed_again(cache: Path, counting: CountingEncoder, seen: list[str]) -> None:
    for _ in range(2):
        assert SearchIndex(cache).sync(PASSAGES, encoder=counting) == SyncReport(0, 0, 0, 0)
    assert seen == []


def test_one_chapter_is_replaced_and_the_others_stay(cache: Path, counting: CountingEncoder, seen: list[str]) -> None:
    index = SearchIndex(cache)
    chapter = PASSAGES[0].chapter_id
    now = [passage for passage in edited(PASSAGES, 1, "Windows slide.") if passage.chapter_id == chapter]
    assert index.sync(now, encoder=counting, chapters=[chapter]) == SyncReport(1, 1, embedded=1, waiting=0)
    assert len(seen) == 1
    assert index.made(counting.version).passages == len(PASSAGES)
    assert index.sync([], encoder=counting, chapters=[chapter]) == SyncReport(0, len(now), 0, 0)
    assert {hit.passage.chapter_id for hit in index.search(MEANING, 9, encoder=counting).hits} == {"rag/ranking"}


def test_a_chapter_is_not_put_into_an_index_that_lost_the_others(cache: Path) -> None:
    index = SearchIndex(cache)
    index.sync(PASSAGES, encoder=None)
    shutil.rmtree(cache)
    with pytest.raises(LookupError):
        index.sync(PASSAGES[:1], encoder=None, chapters=[PASSAGES[0].chapter_id])


def test_no_more_are_embedded_at_once_than_asked_for(
    tmp_path: Path, counting: CountingEncoder, seen: list[str]
) -> None:
    index = SearchIndex(tmp_path)
    assert index.sync(PASSAGES, encoder=counting, most=2) == SyncReport(5, 0, embedded=2, waiting=3)
    assert SearchIndex(tmp_path).made(counting.version).waiting == 3
    assert index.complete(encoder=counting) == SyncReport(0, 0, embedded=3, waiting=0)
    assert len(set(seen)) == len(seen) == len(PASSAGES)


def test_an_index_says_what_it_was_made_of(cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(cache)
    index.sync(PASSAGES, encoder=encoder, sources={"a.md": [1, 2, "3", "rag/a"]})
    made = SearchIndex(cache).made(encoder.version)
    assert made == Made(len(PASSAGES), {"a.md": [1, 2, "3", "rag/a"]}, encoder.version, 0)
    assert SearchIndex(cache.parent / "none").made(encoder.version) is None


def test_after_many_edits_the_vectors_stand_in_few_segments(
    cache: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.retrieval.vector_upkeep.CHUNK", 2)
    index, now = SearchIndex(cache), PASSAGES
    for turn in range(9):
        now = edited(now, turn % 4, f"Turn {turn}.")
        index.sync(now, encoder=encoder)
    held = index._vectors.opened(encoder.version)
    assert held is not None
    assert len(held.index.segments) <= 4
    assert len(held.index) <= 2 * len(PASSAGES) + 1
    expected = SearchIndex(cache.parent / "afresh")
    expected.sync(now, encoder=encoder)
    assert headings(index.search(BY_MEANING, encoder=encoder)) == headings(expected.search(BY_MEANING, encoder=encoder))


def kinds_of_files(cache: Path) -> list[str]:
    """Of the vectors, without the names of their segments."""
    return sorted(file.name.partition(".")[2] for file in cache.glob("vectors/*/g-*/s*"))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two vectors are many."""
    monkeypatch.setattr("tutor.retrieval.segments.EXACT_UP_TO", 1)
    monkeypatch.setattr("tutor.retrieval.segments.BATCH", 2)


@pytest.mark.usefixtures("few")
def test_many_vectors_get_a_graph_that_finds_the_same_and_is_there_for_the_next_process(
    tmp_path: Path, counting: CountingEncoder, seen: list[str]
) -> None:
    index = SearchIndex(tmp_path)
    index.sync(PASSAGES, encoder=counting)
    expected = index.search(BY_MEANING, encoder=counting)
    assert kinds_of_files(tmp_path) == ["codes.npy", "texts.npy"]
    index.draw(counting.version)
    assert kinds_of_files(tmp_path) == ["codes.npy", "graph", "mean.npy", "texts.npy"]
    for each in (index, SearchIndex(tmp_path)):
        found = each.search(BY_MEANING, encoder=counting)
        assert headings(found) == headings(expected)
        assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in expected.hits], abs=1e-5)
    seen.clear()
    assert SearchIndex(tmp_path).sync(PASSAGES, encoder=counting) == SyncReport(0, 0, 0, 0)
    index.draw(counting.version)
    assert seen == []


@pytest.mark.usefixtures("few")
def test_vectors_of_a_graph_are_kept_when_segments_are_joined(cache: Path, counting: CountingEncoder) -> None:
    index = SearchIndex(cache)
    once = edited(edited(PASSAGES, 1, "Once."), 2, "Once.")
    twice = edited(edited(once, 0, "Twice."), 3, "Twice.")
    for now in (once, twice):
        index.sync(now, encoder=counting)
        index.draw(counting.version)
        assert kinds_of_files(cache) == ["codes.npy", "codes.npy", "graph", "mean.npy", "texts.npy", "texts.npy"]
    held = index._vectors.opened(counting.version)
    assert held is not None
    assert [len(segment) for segment in held.index.segments.values()] == [5, 4]
    vector = index.vector(once[1].id)
    np.testing.assert_allclose(vector, counting.encode([indexed_text(once[1])])[0], atol=2e-3)


@pytest.mark.usefixtures("few")
def test_searches_stay_exact_while_a_graph_is_drawn_and_when_that_is_broken_off(
    tmp_path: Path, counting: CountingEncoder
) -> None:
    index = SearchIndex(tmp_path)
    index.sync(PASSAGES, encoder=counting)
    expected = index.search(BY_MEANING, encoder=counting)

    def search_then_stop(done: int, total: int, label: str) -> None:
        assert index.search(BY_MEANING, encoder=counting) == expected
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.draw(counting.version, search_then_stop)
    for each in (index, SearchIndex(tmp_path)):
        assert headings(each.search(BY_MEANING, encoder=counting)) == headings(expected)
    index.draw(counting.version)
    assert kinds_of_files(tmp_path) == ["codes.npy", "graph", "mean.npy", "texts.npy"]


@pytest.mark.usefixtures("few")
def test_while_another_process_writes_no_graph_is_drawn(tmp_path: Path, encoder: Encoder) -> None:
    SearchIndex(tmp_path).sync(PASSAGES, encoder=encoder)
    with writing(tmp_path / "vectors.lock"):
        SearchIndex(tmp_path).draw(encoder.version)
    assert kinds_of_files(tmp_path) == ["codes.npy", "texts.npy"]


def test_only_the_edited_passage_is_embedded(cache: Path, counting: CountingEncoder, seen: list[str]) -> None:
    now = edited(PASSAGES, 1, "Windows slide by a fifth.")
    steps: list[tuple[int, int, str]] = []
    report = SearchIndex(cache).sync(now, encoder=counting, progress=lambda *step: steps.append(step))
    assert report == SyncReport(added=1, removed=1, embedded=1, waiting=0)
    assert len(seen) == 1
    assert "Windows slide by a fifth." in seen[0]
    assert [step[:2] for step in steps] == [(0, 1), (1, 1)]


def test_an_interrupted_embedding_keeps_what_it_had(
    tmp_path: Path, counting: CountingEncoder, seen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.retrieval.vector_upkeep.CHUNK", 2)

    def stop_at_the_second_chunk(done: int, total: int, label: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SearchIndex(tmp_path).sync(PASSAGES, encoder=counting, progress=stop_at_the_second_chunk)
    assert len(seen) == 2
    assert SearchIndex(tmp_path).sync(PASSAGES, encoder=counting).embedded == 3
    assert len(set(seen)) == len(seen) == 5


def test_a_passage_without_a_vector_is_found_by_its_words_among_the_others(cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(cache)
    now = edited(PASSAGES, 1, "A zeppelin marks this place.")
    assert index.sync(now, encoder=None) == SyncReport(added=1, removed=1, embedded=0, waiting=1)
    result = index.search("zeppelin", encoder=encoder)
    assert result.engine == "hybrid"
    assert result.hits[0].passage == now[1]
    assert result.hits[0].cosine is not None
    assert index.vector(now[1].id) is None


def test_removed_passages_are_found_no_more(cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(cache)
    assert index.sync(PASSAGES[:2], encoder=encoder) == SyncReport(0, removed=3, embedded=0, waiting=0)
    assert {hit.passage for hit in index.search(BY_MEANING, 10, encoder=encoder).hits} == set(PASSAGES[:2])
    assert index.sync([], encoder=encoder) == SyncReport(0, removed=2, embedded=0, waiting=0)
    assert index.search(MEANING, encoder=encoder).hits == ()


def test_a_passage_that_only_moved_is_shown_at_its_new_line(cache: Path, counting: CountingEncoder) -> None:
    moved = [replace(passage, line=passage.line + 7) for passage in PASSAGES]
    assert SearchIndex(cache).sync(moved, encoder=counting) == SyncReport(0, 0, 0, 0)
    assert SearchIndex(cache).passage(PASSAGES[0].id).line == PASSAGES[0].line + 7


def test_vectors_of_other_weights_are_not_compared_but_made_again(
    cache: Path, encoder_folder: Path, seen: list[str]
) -> None:
    other = CountingEncoder(encoder_folder)
    other.version = "another 2.0"
    index = SearchIndex(cache)
    assert index.made(other.version).waiting == len(PASSAGES)
    assert index.sync(PASSAGES, encoder=other).embedded == len(PASSAGES)
    assert index.made(other.version).waiting == 0
    assert index.search(MEANING, encoder=other).engine == "hybrid"
    assert len(list(cache.glob("vectors/*"))) == 2
    index.forget({other.version})
    assert len(list(cache.glob("vectors/*"))) == 1
    assert index.search(MEANING, encoder=other).engine == "hybrid"


@pytest.mark.parametrize("with_vectors", [False, True], ids=["keyword", "hybrid"])
def test_kinds_and_hidden_questions_are_kept_out(cache: Path, encoder: Encoder, with_vectors: bool) -> None:
    index, used = SearchIndex(cache), encoder if with_vectors else None
    query = OVERLAP_QUESTION.text
    body = index.search(query, 10, encoder=used, kinds=frozenset({PassageKind.BODY}))
    references = index.search(query, 10, encoder=used, kinds=frozenset({PassageKind.REFERENCE}))
    hidden = index.search(query, 10, encoder=used, exclude=frozenset({OVERLAP_QUESTION.id}))
    assert {hit.passage.kind for hit in body.hits} == {PassageKind.BODY}
    assert [hit.passage.question_id for hit in references.hits] == [OVERLAP_QUESTION.id]
    assert OVERLAP_QUESTION.id not in {hit.passage.question_id for hit in hidden.hits}
    assert hidden.hits


ODD_QUERIES = {
    "empty": "",
    "blank": " \n\t",
    "stop words": "what is the",
    "100 kB of words": "chunk overlap " * 7_500,
    "100 kB of one word": "a" * 100_000,
    "emoji": "🙂🚀",
    "another script": "検索拡張生成とは",
    "right to left": "مرحبا بالعالم",
    "syntax": '"(+-:*`[a TO b]^~{x} AND',
    "control characters": "\x00\x1b[2J",
    "lone surrogate": "\ud83d broken",
}


@pytest.mark.parametrize("query", ODD_QUERIES.values(), ids=ODD_QUERIES.keys())
@pytest.mark.parametrize("k", [0, 1, 5, 1000])
def test_any_text_is_a_query(full_cache: Path, encoder: Encoder, query: str, k: int) -> None:
    index = SearchIndex(full_cache)
    for used in (None, encoder):
        result = index.search(query, k, encoder=used)
        assert result.query == query
        assert len(result.hits) <= min(k, len(PASSAGES))


def test_as_many_are_found_as_are_asked_for(tmp_path: Path) -> None:
    many = [
        Passage(f"a:{number}", "a", "Costs", (), f"Tokens are billed, case {number}.") for number in range(DEPTH + 9)
    ]
    index = SearchIndex(tmp_path)
    index.sync(many, encoder=None)
    assert len(index.search("billed tokens", len(many), encoder=None).hits) == len(many)


def test_a_query_without_a_letter_finds_nothing(full_cache: Path, encoder: Encoder) -> None:
    assert SearchIndex(full_cache).search("?! 🙂", encoder=encoder).hits == ()


def test_a_fresh_process_finds_what_the_last_one_synced(full_cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(full_cache)
    hit = index.search(MEANING, encoder=encoder).hits[0]
    assert hit.passage in PASSAGES
    assert index.passage(hit.passage.id) == hit.passage


def test_an_empty_cache_answers_with_nothing(tmp_path: Path, encoder: Encoder) -> None:
    index = SearchIndex(tmp_path / "none")
    assert index.search(MEANING, encoder=encoder) == SearchResult(MEANING, "keyword", ())
    with pytest.raises(NotFound, match="No passage rag/x:0"):
        index.passage("rag/x:0")
    assert index.vector("rag/x:0") is None
    assert not (tmp_path / "none").exists()


def test_the_vector_of_a_passage_is_the_encoders(full_cache: Path, encoder: Encoder) -> None:
    stored = SearchIndex(full_cache).vector(PASSAGES[2].id)
    np.testing.assert_allclose(stored, encoder.encode([indexed_text(PASSAGES[2])])[0], atol=2e-3)


def test_keyword_search_in_a_fresh_process_loads_neither_numpy_nor_the_encoder(tmp_path: Path) -> None:
    SearchIndex(tmp_path).sync(PASSAGES, encoder=None)
    script = (
        "import sys; from pathlib import Path; from tutor.retrieval.index import SearchIndex\n"
        f"assert SearchIndex(Path({str(tmp_path)!r})).search({MEANING!r}, encoder=None).hits\n"
        "print([name for name in ('numpy', 'onnxruntime', 'usearch', 'tokenizers', 'torch') if name in sys.modules])"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True
    )
    assert process.stdout.strip() == "[]"


def test_a_cache_deleted_under_a_running_tutor_does_not_stop_it(cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(cache)
    index.sync(PASSAGES, encoder=encoder)
    before = index.search(MEANING, encoder=encoder)
    shutil.rmtree(cache)
    assert index.search(MEANING, encoder=encoder) == before
    assert index.sync(edited(PASSAGES, 0, "More."), encoder=encoder).waiting == 0
    assert SearchIndex(cache).search(MEANING, encoder=encoder).engine == "hybrid"


def test_a_cache_deleted_between_sync_and_first_search_is_made_again(cache: Path) -> None:
    index = SearchIndex(cache)
    index.sync(PASSAGES, encoder=None)
    shutil.rmtree(cache)
    assert headings(index.search(MEANING, encoder=None))[0] == "Keyword search"


def test_no_finished_generation_is_ever_written_to(cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(cache)
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in cache.rglob("g-*/*")}
    reader = SearchIndex(cache)
    expected = reader.search(MEANING, encoder=encoder)
    index.sync(edited(PASSAGES, 2, "Later."), encoder=encoder)
    after = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in before if file.exists()}
    assert after == {file: before[file] for file in after}
    assert reader.search(MEANING, encoder=encoder) == expected
    assert len(list(cache.glob("keywords/g-*"))) == len(list(cache.glob("vectors/*/g-*"))) == 1


def test_while_another_process_embeds_the_keywords_go_ahead(tmp_path: Path, encoder: Encoder) -> None:
    with writing(tmp_path / "vectors.lock") as won:
        assert won
        report = SearchIndex(tmp_path).sync(PASSAGES, encoder=encoder)
    assert report == SyncReport(added=5, removed=0, embedded=0, waiting=5)


def test_locked_out_of_the_keyword_index_it_names_the_other_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyword_upkeep, "PATIENCE", 0.05)
    with writing(tmp_path / "keywords.lock"), pytest.raises(TutorError, match=f"process {os.getpid()}"):
        SearchIndex(tmp_path).sync(PASSAGES, encoder=None)


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    script = (
        "import os; from pathlib import Path; from tutor.retrieval.locks import writing\n"
        f"with writing(Path({str(tmp_path / 'x.lock')!r})) as won: print(won, flush=True); os.kill(os.getpid(), 9)"
    )
    process = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    assert process.stdout.strip() == "True"
    with writing(tmp_path / "x.lock") as won:
        assert won


def test_two_threads_do_not_both_hold_a_lock(tmp_path: Path) -> None:
    with writing(tmp_path / "x.lock") as first, writing(tmp_path / "x.lock") as second:
        assert (first, second) == (True, False)


def test_searches_go_on_while_another_thread_syncs(cache: Path, encoder: Encoder) -> None:
    index = SearchIndex(cache)
    index.sync(PASSAGES, encoder=encoder)
    failures: list[BaseException] = []
    done = threading.Event()

    def search_on() -> None:
        try:
            while not done.is_set():
                assert index.search(MEANING, encoder=encoder).hits
        except BaseException as failure:
            failures.append(failure)

    searchers = [threading.Thread(target=search_on) for _ in range(2)]
    for searcher in searchers:
        searcher.start()
    try:
        for turn in range(6):
            index.sync(edited(PASSAGES, turn % 4, f"Turn {turn}."), encoder=encoder)
    finally:
        done.set()
        for searcher in searchers:
            searcher.join()
    assert failures == []


def test_a_file_where_the_cache_should_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(TutorError, match=r"cannot be written.*--home"):
        SearchIndex(tmp_path / "cache").sync(PASSAGES, encoder=None)
