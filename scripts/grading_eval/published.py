"""Owns the published figures that ours are printed beside, each with where it stands.

Only figures that were looked up are here. Systems "trained on it" saw labelled answers of the same collection; ours
judges a question it has never seen by its reference alone.
"""

from __future__ import annotations

from dataclasses import dataclass

SEMEVAL = "Dzikovska et al. 2013, SemEval-2013 task 7; figures as reported by Singh, Arya and Mukerjee, IIT Kanpur"
MOHLER = "figures as reported by Gaddipati, Nair and Plöger 2020, arXiv 2009.01303, and its repository"


@dataclass(frozen=True)
class Published:
    """One result of others."""

    collection: str
    """The beginning of `dataset split`, lower case."""
    figure: str
    value: float
    system: str
    source: str


RESULTS = (
    Published("beetle ua", "2-way macro-F1", 0.833, "best systems, ETS and CoMeT, trained on it", SEMEVAL),
    Published("beetle ua", "2-way macro-F1", 0.78, "lexical baseline, trained on it", SEMEVAL),
    Published("beetle ua", "3-way macro-F1", 0.715, "best system, CoMeT, trained on it", SEMEVAL),
    Published("beetle ua", "3-way macro-F1", 0.55, "lexical baseline, trained on it", SEMEVAL),
    Published("beetle uq", "2-way macro-F1", 0.73, "lexical baseline, trained on it", SEMEVAL),
    Published("beetle uq", "2-way macro-F1", 0.702, "ETS, trained on it", SEMEVAL),
    Published("beetle uq", "3-way macro-F1", 0.585, "best system, ETS, trained on it", SEMEVAL),
    Published("beetle uq", "3-way macro-F1", 0.48, "lexical baseline, trained on it", SEMEVAL),
    Published("mohler", "Pearson r", 0.592, "Sultan et al. 2016, trained on it", MOHLER),
    Published("mohler", "Pearson r", 0.48, "bag of words with SVMRank, Mohler et al. 2011, trained on it", MOHLER),
    Published("mohler", "Pearson r", 0.485, "ELMo, trained on it", MOHLER),
    Published("mohler", "Pearson r", 0.318, "BERT, trained on it", MOHLER),
)
ELSEWHERE = (
    "Language models on other collections, zero-shot or nearly: GPT-4 against people, kappa 0.70 where two people had "
    "0.75 (Henkel et al. 2024, short answers in schools); GPT-4, QWK 0.92 and F1 0.89 on reading comprehension "
    "(Henkel et al. 2023, arXiv 2310.18373).",
)


def published_for(group: str) -> list[Published]:
    """The results on this collection and split."""
    return [result for result in RESULTS if group.lower().startswith(result.collection)]
