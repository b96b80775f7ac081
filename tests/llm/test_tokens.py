"""Estimates that a server's own count does not exceed: a prompt that fits by them is never cut."""

import pytest

from tutor.llm.tokens import RESERVED_TOKENS, tokens_of

COUNTED = {
    "prose": ("Retrieval finds the passages that belong to a question. " * 20, 261),
    "digits": ("3141592653" * 30, 301),
    "hexadecimal": ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" * 5, 296),
    "base64": ("aGVsbG8gd29ybGQsIHRoaXMgaXMgYmFzZTY0IQ==" * 10, 330),
    "Chinese": ("检索增强生成在提问时取回文档，而微调改变模型的权重。" * 20, 540),
    "Cyrillic": ("Поиск извлекает документы во время запроса. " * 20, 361),
    "Amharic": ("ሰነዶችን በጥያቄ ጊዜ ያመጣል። " * 20, 961),
    "emoji": ("🧑‍🚀🏳️‍🌈👩‍👩‍👧" * 20, 700),
    "brackets": ("-=-=-=-=***((()))" * 20, 160),
}
"""Text, and the most tokens that the vocabularies of Qwen, Mistral (Tekken) and Llama 2 make of it."""


@pytest.mark.parametrize(("text", "most"), COUNTED.values(), ids=COUNTED.keys())
def test_never_fewer_than_a_vocabulary_makes_of_it(text: str, most: int) -> None:
    assert tokens_of(text) + RESERVED_TOKENS >= most


def test_prose_is_not_taken_for_much_more_than_it_is() -> None:
    text, most = COUNTED["prose"]
    assert tokens_of(text) < 1.5 * most
