"""The verbs as scripts use them: shapes, exit codes, sentences. Real content, real encoder, real database, no model."""

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.doubles.ollama_brains import Honest
from tests.doubles.ollama_server import FakeModel, FakeOllama
from tutor.cli.main import main
from tutor.cli.output import tell
from tutor.cli.parser import VERBS

DIFFERENCE = "rag/rag-vs-fine-tuning#difference"
PARAPHRASE = (
    "RAG looks relevant documents up when a question comes in and hands them to the model in the prompt, so it is "
    "about giving it access to knowledge. Fine-tuning trains on examples and changes the model's own weights, so it is "
    "mostly for how the model behaves. They are not interchangeable, because they solve different problems."
)
SWAPPED = (
    "RAG retrains the weights of the model on your documents, so it changes how the model behaves. Fine-tuning looks "
    "documents up at inference time and puts them in the prompt, which gives the model access to external knowledge."
)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """What a verb prints with --json; it must exit with 0."""
    code = main([*words, "--json"])
    out = capsys.readouterr().out
    assert code == 0, out
    return json.loads(out)


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a verb says on stderr when it exits with 2 and prints nothing."""
    try:
        code = main(words)
    except SystemExit as stop:
        code = stop.code
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    return captured.err


def test_search_gives_hits_best_first_with_their_passages(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["index"])
    capsys.readouterr()
    found = answer(capsys, "search", "fine-tuning poor knowledge store", "-k", "3")
    assert found["engine"] == "hybrid" and len(found["hits"]) == 3
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert found["hits"][0]["chapter_id"] == "rag/rag-vs-fine-tuning"
    assert set(found["hits"][0]) == {"rank", "score", "passage_id", "chapter_id", "chapter", "heading", "text"}


def test_index_draws_the_graph_of_many_vectors_and_search_does_not_wait_for_one(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.retrieval.segments.EXACT_UP_TO", 100)
    shutil.rmtree(prepared_home / "cache" / "vectors")
    query = ("search", "why does my bot make things up", "-k", "3")
    before = answer(capsys, *query)
    assert before["engine"] == "hybrid"
    assert not list(prepared_home.rglob("*.graph"))
    assert main(["index"]) == 0
    assert len(list(prepared_home.rglob("*.graph"))) == 1
    capsys.readouterr()
    after = answer(capsys, *query)
    assert [hit["passage_id"] for hit in after["hits"]] == [hit["passage_id"] for hit in before["hits"]]


def test_search_without_an_encoder_uses_keywords_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "hallucinate", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["engine"] == "keyword"
    assert "tutor index" in captured.err


def test_ask_answers_with_verified_citations(prepared_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reply = answer(capsys, "ask", "When should I choose RAG over fine-tuning?")
    assert (reply["engine"], reply["abstained"]) == ("extractive", False)
    assert any(citation["chapter_id"] == "rag/rag-vs-fine-tuning" for citation in reply["citations"])
    assert all(citation["verified"] for citation in reply["citations"])
    for citation in reply["citations"]:
        passage = answer(capsys, "show", citation["passage_id"])
        assert citation["quote"] in passage["text"]


def test_ask_says_where_notes_of_ones_own_disagree(
    prepared_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, limit in (("old", 100), ("new", 60)):
        said = f"The billing API allows {limit} requests per minute per key. Keys of the {name} kind are free."
        (tmp_path / f"{name}.md").write_text(f"# Billing, {name}\n\nQ: What does billing allow?\nA: {said}\n", "utf-8")
        assert main(["import", str(tmp_path / f"{name}.md")]) == 0
    capsys.readouterr()
    question = "How many requests per minute does the billing API allow per key?"
    (sentence,) = answer(capsys, "ask", question)["conflicts"]
    assert "“100 requests”" in sentence and "“60 requests”" in sentence
    assert main(["ask", question]) == 0
    assert sentence in " ".join(capsys.readouterr().out.split())


def test_ask_abstains_off_topic_and_names_the_nearest_chapters(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = answer(capsys, "ask", "How long do I rest a steak?")
    assert reply["abstained"] and reply["citations"] == [] and reply["nearest"]
    assert main(["ask", "How long do I rest a steak?"]) == 0
    assert f"tutor show {reply['nearest'][0]}" in capsys.readouterr().out


def test_grade_covers_a_paraphrase_with_its_own_words_as_evidence(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grade = answer(capsys, "grade", "--question", DIFFERENCE, "--answer", PARAPHRASE)
    assert (grade["outcome"], grade["engine"]) == ("graded", "local")
    assert grade["verdict"] in ("strong", "good")
    covered = [point for point in grade["points"] if point["status"] == "covered"]
    assert len(covered) >= 4 and all(point["evidence"] in PARAPHRASE for point in covered)
    assert grade["receipt"]["content"] and grade["matched"] is None


def test_grade_never_calls_swapped_roles_strong_or_good(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grade = answer(capsys, "grade", "--question", DIFFERENCE, "--answer", SWAPPED)
    assert grade["verdict"] not in ("strong", "good")


def test_a_question_in_own_words_is_graded_against_the_nearest_key_question(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grade = answer(capsys, "grade", "--question", "how do RAG and finetuning differ?", "--answer", PARAPHRASE)
    assert grade["outcome"] == "graded" and grade["matched"]["question_id"] == DIFFERENCE


def test_a_question_the_material_does_not_hold_is_not_graded(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grade = answer(capsys, "grade", "--question", "How long do I rest a steak?", "--answer", "Ten minutes under foil.")
    assert (grade["outcome"], grade["score"], grade["matched"]) == ("not_graded", None, None)
    assert "no reference answer in the material" in grade["reason"]


def test_batches_answer_in_order_and_go_on_after_a_bad_line(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        {"id": "a", "question": "Why sleep?", "reference": "Sleep restores memory. It clears waste.", "answer": "idk"},
        {"id": "b", "question": "no reference here", "answer": "x"},
        {
            "id": "d",
            "question": "Why sleep?",
            "reference": "ref",
            "points": ["Sleep restores memory."],
            "answer": "Sleeping restores your memory.",
        },
    ]
    text = "\n".join([json.dumps(lines[0]), json.dumps(lines[1]), "{not json", json.dumps(lines[2])])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["grade", "--batch", "-"]) == 0
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in out] == ["a", "b", None, "d"]
    assert '"reference"' in out[1]["error"] and "not JSON" in out[2]["error"]
    assert out[3]["points"][0]["status"] == "covered"


def test_an_ollama_model_grades_when_asked_for(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = "changes the model's own weights"

    def brain(body: dict) -> str:
        """Every check passes and every known wrong idea is absent, whatever the schema calls them."""
        parts = body["format"]["properties"]
        yes = {"evidence": quote, "reason": "stated", "verdict": "yes"}
        no = {"evidence": "", "reason": "absent", "verdict": "no"}
        reply = {name: dict.fromkeys(part["required"], no) for name, part in parts.items() if part["type"] == "object"}
        reply["checks"] = dict.fromkeys(parts["checks"]["required"], yes)
        return json.dumps({"feedback": "", **reply})

    with FakeOllama([FakeModel("tiny:latest")], brain=brain) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        grade = answer(capsys, "grade", "--question", DIFFERENCE, "--answer", PARAPHRASE, "--engine", "ollama")
    assert grade["engine"] == "ollama:tiny:latest", grade["reason"]
    assert grade["outcome"] == "graded"
    assert all(point["evidence"] in PARAPHRASE for point in grade["points"])
    assert grade["verdict"] not in ("strong", "good"), "one quote cannot carry five points"


def test_ollama_asked_for_but_absent_is_not_graded_and_auto_says_it_fell_back(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    words = ("grade", "--question", DIFFERENCE, "--answer", PARAPHRASE, "--engine")
    assert main([*words, "ollama", "--json"]) == 1
    wanted = json.loads(capsys.readouterr().out)
    assert (wanted["outcome"], wanted["score"]) == ("not_graded", None)
    assert "not running" in wanted["reason"]
    fallen = answer(capsys, *words, "auto")
    assert (fallen["outcome"], fallen["engine"]) == ("graded", "local")
    assert "not running" in fallen["reason"]


def test_an_engine_that_cannot_is_1_for_every_verb_and_bad_input_2(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    graded = ("grade", "--question", DIFFERENCE, "--answer", PARAPHRASE)
    for words in (("ask", "What is RAG?", "--engine", "ollama"), (*graded, "--engine", "ollama"), ("models",)):
        assert main(words) == 1, words
        captured = capsys.readouterr()
        assert "ollama serve" in captured.out + captured.err
    assert main(["grade", "--question", "rag/nowhere#nothing", "--answer", "x"]) == 2


def test_a_models_reply_is_kept_and_the_receipt_says_so(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("grade", "--question", DIFFERENCE, "--answer", PARAPHRASE, "--engine", "ollama")
    with FakeOllama([FakeModel("tiny:latest")], brain=Honest({})) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        first, second = answer(capsys, *words), answer(capsys, *words)
        sent = len(server.requests("/api/chat"))
    assert first["receipt"]["options"]["kept"] == "0"
    assert second["receipt"]["options"]["kept"] == second["receipt"]["options"]["calls"] == str(sent)
    assert second["points"] == first["points"]
    assert (prepared_home / "cache" / "replies").is_dir()


def test_chapters_lists_the_track_with_its_questions(capsys: pytest.CaptureFixture[str]) -> None:
    tracks = answer(capsys, "chapters")["tracks"]
    rag = next(track for track in tracks if track["id"] == "rag")
    chapters = {chapter["id"]: chapter for section in rag["sections"] for chapter in section["chapters"]}
    assert {"rag/what-is-rag", "rag/rag-pipeline", "rag/rag-vs-fine-tuning"} <= set(chapters)
    assert all(chapter["questions"] >= 4 for chapter in chapters.values())


def test_importing_the_same_page_twice_changes_nothing(
    tutor_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "notes.md"
    page.write_text("# Caching\n\nQ: What is a cache?\nA: A cache keeps results. It saves repeated work.\n")
    first = answer(capsys, "import", str(page))["imports"][0]
    files = {path: path.read_bytes() for path in (tutor_home / "packs").rglob("*.md")}
    second = answer(capsys, "import", str(page))["imports"][0]
    assert len(first["written"]) >= 1 and second["written"] == []
    assert files == {path: path.read_bytes() for path in (tutor_home / "packs").rglob("*.md")}
    shown = answer(capsys, "show", first["chapter_ids"][0])
    assert shown["key_questions"][0]["points"][0]["derived"] is True


def test_check_exits_with_1_and_names_file_line_and_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "tracks" / "t" / "01-s"
    folder.mkdir(parents=True)
    (folder.parent / "track.yaml").write_text("id: t\ntitle: T\nsections: [{id: s, title: S}]\n")
    (folder / "01-c.md").write_text(
        "---\nid: c\ntitle: C\n---\n## Key questions\n\n### What? {#w}\nBecause.\n\nKey points:\n-\n"
    )
    assert main(["check", str(folder.parents[1])]) == 1
    assert "01-c.md:11: " in capsys.readouterr().out


def test_check_of_a_folder_without_tracks_does_not_call_it_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n")
    assert "holds no track" in complaint(capsys, "check", str(tmp_path))


def test_a_wrapped_line_keeps_hyphenated_terms_whole(capsys: pytest.CaptureFixture[str]) -> None:
    tell(f"{'x' * 72} fine-tuning")
    assert capsys.readouterr().out.splitlines()[-1] == "fine-tuning"


def test_the_shipped_content_has_no_errors(prepared_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0, capsys.readouterr().out


def test_quiz_grades_rates_and_schedules(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PARAPHRASE}\n.\n3\n"))
    assert main(["quiz", "--chapter", "rag-vs-fine-tuning", "-n", "1", "--engine", "local"]) == 0
    assert "Answered 1" in capsys.readouterr().out
    assert main(["stats"]) == 0
    assert "1 question seen, 1 review today, 1 day in a row." in capsys.readouterr().out
    stats = answer(capsys, "stats")
    assert (stats["seen"], stats["reviews_today"], stats["streak"]) == (1, 1, 1)


def test_quiz_left_at_the_rating_keeps_the_answer_and_moves_no_schedule(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("An unfinished thought about retrieval.\n.\n"))
    assert main(["quiz", "--chapter", "rag-vs-fine-tuning", "-n", "1", "--engine", "local"]) == 0
    assert "No rating came: your answer is kept" in capsys.readouterr().err
    assert answer(capsys, "stats")["seen"] == 0
    assert answer(capsys, "doctor")["checks"]


def test_quiz_left_at_the_rating_of_a_shown_answer_claims_to_keep_none(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(":show\n"))
    assert main(["quiz", "--chapter", "rag-vs-fine-tuning", "-n", "1", "--engine", "local"]) == 0
    assert "No rating came: when this question comes back stays as it was." in capsys.readouterr().err
    assert answer(capsys, "stats")["seen"] == 0


BAD_INPUT = {
    "an unknown verb": (["serch"], 'Did you mean "tutor search"?'),
    "an empty question": (["ask"], "there is no question"),
    "nothing to search for": (["search"], "nothing to search for"),
    "too many results": (["search", "x", "-k", "0"], "from 1 to 100"),
    "an unknown key question": (
        ["grade", "--question", "rag/rag-vs-fine-tuning#differense", "--answer", "x"],
        "difference",
    ),
    "a short id that is none": (["grade", "--question", "differense", "--answer", "x"], "differense"),
    "a question beside a batch": (["ask", "hi", "--batch", "x.jsonl"], "either a question or --batch"),
    "no answer": (["grade", "--question", DIFFERENCE], "--answer"),
    "an unknown chapter": (["show", "rag-vs-finetunning"], "rag-vs-fine-tuning"),
    "an unknown engine": (["ask", "x", "--engine", "gpt"], "local|ollama|auto"),
    "a batch file that is not there": (["search", "--batch", "nowhere.jsonl"], "nowhere.jsonl"),
    "a file to import that is not there": (["import", "nowhere.txt"], "nowhere.txt"),
    "a folder to check that is not there": (["check", "nowhere"], "nowhere"),
    "an unknown study path": (["chapters", "--path", ""], "no study path"),
}


@pytest.mark.parametrize(("words", "sentence"), BAD_INPUT.values(), ids=BAD_INPUT.keys())
def test_bad_input_exits_with_2_and_says_what_to_do(
    words: list[str], sentence: str, prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sentence in complaint(capsys, *words)


def test_broken_settings_name_the_line_and_lose_nothing(tutor_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tutor_home.mkdir(parents=True)
    settings = tutor_home / "settings.toml"
    settings.write_text('engine = "gpt"\n')
    assert "engine" in complaint(capsys, "due")
    assert settings.read_text() == 'engine = "gpt"\n'


def test_every_verb_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in VERBS:
        with pytest.raises(SystemExit) as stop:
            main([verb, "--help"])
        assert stop.value.code == 0
    assert "--batch" in capsys.readouterr().out


def test_a_home_named_like_a_verb_is_a_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "100" in complaint(capsys, "--home", "search", "quiz", "-n", "0")


def test_the_readme_names_every_verb() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text()
    assert [verb for verb in VERBS if f"`{verb}" not in readme and f"tutor {verb}" not in readme] == []


def test_a_backup_can_be_listed_and_put_back(
    prepared_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PARAPHRASE}\n.\n3\n"))
    assert main(["quiz", "--chapter", "rag-vs-fine-tuning", "-n", "1", "--engine", "local"]) == 0
    capsys.readouterr()
    made = answer(capsys, "backup")
    assert made["attempts"] == 1
    (prepared_home / "progress.db").write_bytes(b"\0" * 8192)
    assert '"tutor restore --recover"' in complaint(capsys, "stats")
    copies = answer(capsys, "restore")["copies"]
    assert copies[0]["file"] == made["file"] and copies[0]["holds"].startswith("1 attempt, 1 review")
    recovered = answer(capsys, "restore", "--recover")
    assert recovered["from_copies"]["attempts"] == 1
    done = answer(capsys, "restore", "newest")
    assert (done["attempts"], done["reviews"]) == (1, 1) and Path(done["kept"]).is_dir()
    assert answer(capsys, "stats")["seen"] == 1
    assert all(check["ok"] for check in answer(capsys, "doctor")["checks"] if check["name"] in ("database", "schedule"))


def test_copies_are_made_and_put_back_whatever_the_settings_say(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "stats")
    (prepared_home / "settings.toml").write_text('engine = "locl"\n')
    assert "settings.toml" in complaint(capsys, "stats")
    made = answer(capsys, "backup")
    assert answer(capsys, "restore")["copies"][0]["file"] == made["file"]
    assert answer(capsys, "restore", "newest")["attempts"] == 0
    assert "settings.toml" in complaint(capsys, "restore", "--recover")


@pytest.mark.parametrize("words", [["backup"], ["export"], ["interview", "--report"]])
def test_a_file_in_a_folder_that_is_not_there_is_refused_by_the_name_of_the_folder(
    words: list[str], prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = prepared_home / "nowhere"
    assert f"file.md: there is no folder {nowhere}. Make it" in complaint(capsys, *words, str(nowhere / "file.md"))
    assert not nowhere.exists()


def test_restoring_what_is_not_there_says_where_to_look(
    prepared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert '"tutor restore" lists' in complaint(capsys, "restore", "nowhere.db")
    assert "no copy yet" in complaint(capsys, "restore", "newest")
    assert "not both" in complaint(capsys, "restore", "newest", "--recover")
