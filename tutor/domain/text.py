"""Owns what plain text is here: where sentences end, when a quote is in a text, and which characters may be shown."""

import re
import unicodedata

_SENTENCE_END = re.compile(
    r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[*_`]*[A-Z0-9])|\n\s*\n|\n(?=\s*(?:[-*•>#|]|\d{1,2}[.)])\s)|(?<=;)\s+"
)
_LOOSE_END = re.compile(rf"{_SENTENCE_END.pattern}|(?<=[.!?])\s+(?=[a-z])|\n")
_WRAPPED = 60
"""A line of so many characters that ends in mid-sentence was wrapped, not ended."""
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|Fig|Eq|Dr|Mr|Ms|No|approx)\.|\b[A-Z]\.)$")
_BULLET = re.compile(r"\s*(?:[-*•>#]+|\d{1,2}[.)]|\(?[a-z]\))\s+")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def sentence_spans(text: str, *, typed: bool = False) -> list[tuple[int, int]]:
    """Where the sentences and list items of a text stand, as (start, end); bullets and outer blanks are left out.

    `text[start:end]` is always the text as written, so a sentence can serve as a quote. In a text that was typed in
    haste a sentence may begin with a small letter, and a short line is a sentence of its own.
    """
    cuts: list[tuple[int, int]] = []
    start = 0
    for found in (_LOOSE_END if typed else _SENTENCE_END).finditer(text):
        if _ABBREVIATION.search(text, max(start, found.start() - 8), found.start()) and "\n" not in found.group():
            continue
        if found.group() == "\n" and _is_wrapped(text, found.start()):
            continue
        cuts.append((start, found.start() + len(found.group()) - len(found.group().lstrip("\"')]"))))
        start = found.end()
    cuts.append((start, len(text)))
    spans = (_trimmed(text, *cut) for cut in cuts)
    return [(begin, end) for begin, end in spans if re.search(r"\w", text[begin:end])]


def _is_wrapped(text: str, newline: int) -> bool:
    line = text[text.rfind("\n", 0, newline) + 1 : newline].rstrip()
    return len(line) >= _WRAPPED and line[-1] not in ".!?:;" and text[newline + 1 : newline + 2].islower()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the bullet it begins with and the blanks around it."""
    bullet = _BULLET.match(text, start, end)
    inner = text[bullet.end() if bullet else start : end]
    start = end - len(inner.lstrip())
    return start, start + len(inner.strip())


def sentences(text: str) -> list[str]:
    """The sentences and list items of a text, each exactly as written."""
    return [text[start:end] for start, end in sentence_spans(text)]


def normalise(text: str) -> str:
    """One spelling for comparing: NFKC, casefolded, plain quotes and dashes, single blanks."""
    folded = unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold()
    return " ".join(folded.split())


def holds_quote(text: str, quote: str) -> bool:
    """True when the quote stands in the text up to case, blanks, quote marks and outer punctuation."""
    wanted = normalise(quote).strip(" \"'.,;:!?-")
    return bool(wanted) and wanted in normalise(text)


def visible(text: str) -> str:
    """The text with every character that could act on a terminal or hide itself turned into a visible mark.

    Newlines and tabs stay; carriage returns become newlines; control characters become their Unicode pictures;
    direction overrides, zero-width and tag characters, and lone surrogates become U+FFFD.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDDEN.sub(_mark, unicodedata.normalize("NFC", unified))


def _mark(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�"
