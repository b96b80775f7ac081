"""Which figures a sentence states, and which of them exclude each other."""

import pytest

from tutor.answering.figures import figures_in

EXCLUDE = {
    "shares": ("a budget of 3 %", "a budget of 5 percent"),
    "counts": ("six engineers", "four engineers"),
    "with thousands": ("7,200 seconds", "75 seconds"),
    "of two units of time": ("after 2 minutes", "after 90 minutes"),
    "of two units of size": ("it takes 1.5 GB", "it takes 500 MB"),
    "years": ("standardised in 2012", "standardised in May 2015"),
    "days": ("ends on 31 March 2027", "ends on 30 June 2027"),
    "months": ("launched in January", "launched in April"),
    "ranges apart": ("10 to 20 percent", "30-40 %"),
    "bounds apart": ("at most 20 MB", "at least 50 MB"),
    "without a unit": ("a temperature of 0.2", "a temperature of 0.9"),
    "magnitudes": ("8k tokens", "128,000 tokens"),
    "money": ("$5 a month", "$20 a month"),
}
AGREE = {
    "about and exact": ("about 3 %", "3.1 %"),
    "rounded": ("90 MB", "87 MB"),
    "in another unit": ("2 minutes", "120 seconds"),
    "weeks and days": ("two weeks", "14 days"),
    "a part": ("half of all questions", "50 % of all questions"),
    "within a range": ("50 to 200 candidates", "100 candidates"),
    "under a bound": ("up to 25 MB", "20 MB"),
    "above a bound": ("at least four engineers", "six engineers"),
    "a year and a day in it": ("in 2018", "on 25 May 2018"),
    "other things counted": ("five servers", "two engineers"),
    "since and in": ("since 2018", "in 2016"),
    "other things valued": ("a temperature of 0.2", "a threshold of 0.9"),
}


@pytest.mark.parametrize("pair", EXCLUDE.values(), ids=EXCLUDE.keys())
def test_figures_that_cannot_both_be_right(pair: tuple[str, str]) -> None:
    (one,), (other,) = map(figures_in, pair)
    assert one.excludes(other)
    assert other.excludes(one)


@pytest.mark.parametrize("pair", AGREE.values(), ids=AGREE.keys())
def test_figures_that_can(pair: tuple[str, str]) -> None:
    (one,), (other,) = map(figures_in, pair)
    assert not one.excludes(other)
    assert not other.excludes(one)


@pytest.mark.parametrize(
    "text",
    ["GPT-4 answers", "the p95 is high", "RFC 7540", "a 4-bit model", "Llama 3 models", "step 2 of it", "a 7B model"],
)
def test_a_number_of_a_name_is_no_figure(text: str) -> None:
    assert figures_in(text) == []


def test_what_is_only_usual_reaches_farther() -> None:
    (one,), (other,) = figures_in("300 ms"), figures_in("400 ms")
    assert one.excludes(other)
    assert not one.hedged().excludes(other.hedged())


def test_a_figure_stands_where_it_says() -> None:
    text = "It keeps about 3.5 GB for two weeks."
    assert [text[one.start : one.end].strip() for one in figures_in(text)] == ["about 3.5 GB", "two weeks"]
