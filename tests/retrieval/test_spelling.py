"""What a misspelt word was meant to be."""

import pytest

from tutor.retrieval.spelling import respelt

MATERIAL = {"retrieval": 9, "reranker": 5, "context": 50, "contact": 2, "temperature": 3, "reset": 2, "chunk": 4}
"""Words of some material, each with how many passages use it."""


def read(text: str, material: dict[str, int] = MATERIAL) -> str:
    """The text as it is read by somebody who knows the material's words and "how"."""
    known = {*material, "how"}
    return respelt(text, lambda beginning: {w: n for w, n in material.items() if w.startswith(beginning)}, known)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("retreival", "retrieval"),
        ("retrievl", "retrieval"),
        ("rerankker", "reranker"),
        ("conte4t context", "conte4t context"),
        ("conrext", "context"),
        ("tempreture", "temperature"),
        ("hcunk", "hcunk"),
        ("chnuk", "chunk"),
    ],
    ids=["swapped", "left out", "doubled", "not letters", "wrong letter", "two slips", "other beginning", "short"],
)
def test_a_slip_is_read_as_the_materials_word(written: str, meant: str) -> None:
    assert read(written) == meant


def test_the_material_and_the_usual_slips_come_first() -> None:
    assert read("contect") == "context"
    assert read("contect", {"contact": 30, "context": 1}) == "contact"


@pytest.mark.parametrize(
    "name", ["ResNet", "SaaS", "CVAT", "resnet", "qdrant", "weaviate", "shap", "gpt-4o", "node.js"]
)
def test_names_stay_as_they_are(name: str) -> None:
    assert read(f"how {name}") == f"how {name}"


@pytest.mark.parametrize("word", ["steak", "recruiter", "chuck", "retreating"])
def test_an_english_word_is_no_slip_of_another(word: str) -> None:
    assert read(word) == word


def test_common_english_is_restored_where_the_material_lacks_it() -> None:
    assert read("the diference of conections") == "the difference of connections"


def test_what_one_passage_misspells_is_no_word_to_read_others_as() -> None:
    assert read("documnts", {"documants": 1}) == "documents"
    assert read("documnts", {"documants": 2}) == "documants"
    assert read("qxyzzing", {"qxyzzingg": 1}) == "qxyzzing"


def test_each_part_and_a_shouted_word_are_read_and_the_rest_is_kept() -> None:
    assert read("How: (RETREIVAL-contexxt)?") == "How: (retrieval-context)?"
