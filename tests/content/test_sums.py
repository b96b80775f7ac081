"""The sums that chapters print in one line are recomputed: `20,000,000 × 768 × 4 = 61.4 GB`."""

import re

import pytest

from tutor.domain.content import Chapter
from tutor.library.catalogue import load_library
from tutor.library.roots import shipped_root

CHAPTERS = list(load_library([(shipped_root(), True)]).library.chapters())
NUMBER = r"\d[\d,]*(?:\.\d+)?"
SUM = re.compile(
    rf"(?<![\w.,/^×*+−–(\-])(?<![×*+/−-] )({NUMBER}(?: [×*+/−] {NUMBER})+) = \$?({NUMBER})(?![\d,.]*\d)"
    r"(?! ?[×*+/−])(?: ?(%|[KMGT]?B\b|million|billion))?"
)
"""Numbers with signs between them, outside brackets, and a result that is not the start of a further sum."""
UNITS = {
    "%": 0.01, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "million": 1e6, "billion": 1e9,
}  # fmt: skip


def sums(text: str) -> list[tuple[str, float, str, str]]:
    """Each sum as written, its value, its printed result and unit."""
    found = []
    for match in SUM.finditer(text):
        terms = re.findall(r"[×*+/−]|[\d.]+", match[1].replace(",", ""))
        found.append((match[0], value(terms), match[2].replace(",", ""), match[3] or ""))
    return found


def value(terms: list[str]) -> float:
    """Products before sums, left to right."""
    total, sign, product = 0.0, 1, float(terms[0])
    for operator, number in zip(terms[1::2], map(float, terms[2::2]), strict=True):
        if operator in "×*":
            product *= number
        elif operator == "/":
            product /= number
        else:
            total, sign, product = total + sign * product, 1 if operator == "+" else -1, number
    return total + sign * product


def agrees(exact: float, printed: str, unit: str) -> bool:
    """True when the printed digits are the exact value rounded, in the unit or in plain numbers."""
    half = 0.5 * 10 ** -len(printed.partition(".")[2]) + 1e-9
    return any(abs(exact / scale - float(printed)) <= half for scale in {1.0, UNITS.get(unit, 1.0)})


@pytest.mark.parametrize("chapter", [c for c in CHAPTERS if sums(c.markdown)], ids=lambda chapter: chapter.slug)
def test_its_sums_come_out(chapter: Chapter) -> None:
    wrong = [(written, exact) for written, exact, printed, unit in sums(chapter.markdown)
             if not agrees(exact, printed, unit)]  # fmt: skip
    assert wrong == []


def test_a_wrong_sum_would_be_noticed() -> None:
    [(_, exact, printed, unit)] = sums("It takes 20,000 × 768 × 4 = 62.0 MB of memory.")
    assert not agrees(exact, printed, unit)
    assert agrees(exact, "61.4", "MB")
