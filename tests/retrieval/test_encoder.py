"""The exported encoder gives the original's vectors, and says so when it cannot."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.retrieval import material, original
from tutor.domain.errors import EncoderMissing
from tutor.retrieval.encoder import GRAPH, TOKENIZER, Encoder
from tutor.retrieval.passages import indexed_text

ROOT = Path(__file__).parents[2]
TEXTS = [
    *(indexed_text(passage) for passage in material.passages()),
    "RAG",
    "",
    "   \n\t ",
    "What is the difference between RAG and fine-tuning?",
    "Ünïcödé, naïve façade; 検索拡張生成; Привет, мир; 🙂🙂",
    "x = {'a': [1, 2]}  # code",
    "supercalifragilistic" * 20,
    "The reranker reads the query and the passage together. " * 60,
]


def test_vectors_are_those_of_sentence_transformers(encoder: Encoder) -> None:
    found = encoder.encode(TEXTS)
    process = subprocess.run(
        [sys.executable, "-m", original.__name__],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        check=True,
    )
    expected = np.array(json.loads(process.stdout), dtype=np.float32)
    cosines = (found * expected).sum(axis=1)
    assert cosines.min() > 0.99999
    assert np.abs(found - expected).max() < 1e-4


def test_rows_are_unit_vectors_in_the_order_of_the_texts_whatever_the_batch(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS, batch=3)
    one_by_one = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(together, one_by_one, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.tokens([]) == []


def test_a_lone_surrogate_is_a_text_like_any_other(encoder: Encoder) -> None:
    assert np.isfinite(encoder.encode(["broken \ud800 paste"])).all()


def test_token_states_know_where_their_words_stand(encoder: Encoder) -> None:
    text = "Naïve RAG: retrieval-augmented generation 🙂 with an unembeddable word"
    (states,) = encoder.tokens([text])
    assert len(states.tokens) == len(states.offsets) == states.layers.shape[1]
    assert states.layers.shape == (3, len(states.tokens), 384)
    assert states.tokens[:2] == ["naive", "rag"]
    assert [text[start:end] for start, end in states.offsets[:2]] == ["Naïve", "RAG"]
    assert "[CLS]" not in states.tokens
    np.testing.assert_allclose(np.linalg.norm(states.layers, axis=-1), 1.0, atol=1e-5)


def test_token_states_come_with_the_same_vector_as_encode(encoder: Encoder) -> None:
    states = encoder.tokens(TEXTS)
    np.testing.assert_allclose(np.stack([each.vector for each in states]), encoder.encode(TEXTS), atol=1e-5)


def test_the_last_layer_depends_on_context_and_the_first_only_on_word_and_place(encoder: Encoder) -> None:
    river, money = encoder.tokens(["the bank of the river", "the bank of the lender"])
    first, _, last = (float(river.layers[layer, 1] @ money.layers[layer, 1]) for layer in range(3))
    assert first == pytest.approx(1.0, abs=1e-4)
    assert last < 0.9


def test_an_empty_text_has_no_tokens(encoder: Encoder) -> None:
    (states,) = encoder.tokens([""])
    assert states.tokens == []
    assert states.layers.shape == (3, 0, 384)
    assert states.offsets.shape == (0, 2)


def test_threads_share_one_encoder(encoder: Encoder) -> None:
    expected = encoder.encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: encoder.encode(TEXTS), range(6)):
            np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.fixture
def copied(encoder_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(encoder_folder, tmp_path / "encoder"))


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER])
def test_a_flipped_bit_is_noticed_before_it_is_used_and_the_folder_counts_as_missing(copied: Path, name: str) -> None:
    flip_a_bit(copied / name)
    assert Encoder.ready(copied)
    with pytest.raises(EncoderMissing, match="tutor index"):
        Encoder(copied)
    assert not Encoder.ready(copied)


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER, "manifest.json"])
@pytest.mark.parametrize("left", [0, 100], ids=["emptied", "cut short"])
def test_a_shortened_file_makes_the_encoder_missing_at_a_glance(copied: Path, name: str, left: int) -> None:
    with (copied / name).open("r+b") as file:
        file.truncate(left)
    assert not Encoder.ready(copied)
    with pytest.raises(EncoderMissing):
        Encoder(copied)


@pytest.mark.parametrize(
    "manifest", ["{}", "[]", "null", '{"format": 0, "files": {}}', '{"format": 1, "files": {"../x": 1}}', "\xff"]
)
def test_a_manifest_of_something_else_makes_the_encoder_missing(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest, encoding="latin-1")
    assert not Encoder.ready(tmp_path)


def test_a_missing_folder_is_an_encoder_that_is_not_ready(tmp_path: Path) -> None:
    assert not Encoder.ready(tmp_path / "nowhere")
    with pytest.raises(EncoderMissing, match="not prepared"):
        Encoder(tmp_path / "nowhere")
