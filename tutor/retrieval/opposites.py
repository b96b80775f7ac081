"""Owns which words say the opposite of each other."""

from __future__ import annotations

from functools import lru_cache

from tutor.retrieval.words import stem


def word_set(text: str) -> frozenset[str]:
    """The words of a text between blanks."""
    return frozenset(text.split())


_OPPOSITES = word_set(
    """
    increase/decrease increase/reduce raise/lower raise/reduce rise/fall grow/shrink more/less more/fewer
    high/low higher/lower before/after fast/slow faster/slower quick/slow same/different
    identical/different same/differ always/never large/small larger/smaller big/small
    bigger/smaller long/short longer/shorter strong/weak better/worse best/worst add/remove
    insert/delete static/dynamic fixed/variable single/multiple together/separately
    together/apart jointly/apart jointly/separately jointly/independently together/independently
    joint/separate online/offline
    frozen/trainable freeze/update precise/vague precise/imprecise exact/approximate accurate/inaccurate
    cheap/expensive easy/hard easy/difficult simple/complex early/late encode/decode
    include/exclude allow/prevent allow/forbid enable/disable accept/reject possible/impossible
    required/optional necessary/unnecessary safe/dangerous useful/useless improve/worsen improve/degrade
    improve/hurt help/hurt gain/lose keep/lose relevant/irrelevant equal/unequal
    maximise/minimise maximize/minimize
    local/global temporary/permanent frequently/rarely often/rarely often/seldom
    broad/narrow wide/narrow dependent/independent
    comparable/incomparable change/unchanged change/untouched
    update/frozen train/frozen update/unchanged valid/invalid
    slow/faster faster/slow depend/regardless depend/whatever depend/irrespective depend/same vary/constant
    vary/fixed change/constant forward/backward succeed/fail rise/drop increase/drop raise/drop increase/fall
    gain/drop improve/harm help/harm help/harmful protect/expose encrypt/decrypt compress/expand mutable/immutable
    ordered/unordered sorted/unsorted stable/unstable reliable/unreliable secure/insecure trusted/untrusted
    known/unknown visible/hidden public/private synchronous/asynchronous sequential/parallel stateless/stateful
    lossy/lossless shared/separate share/separate share/isolated eager/lazy strict/lenient sufficient/insufficient
    complete/incomplete consistent/inconsistent efficient/inefficient similar/dissimilar correct/incorrect
    present/absent presence/absence maximum/minimum upper/lower above/below explicit/implicit manual/automatic
    random/deterministic supervised/unsupervised labelled/unlabelled weaker/stronger cheaper/dearer cheaper/costlier
    cheap/costly lighter/heavier shorter/longer earlier/later newer/older closer/farther easier/harder
    """
)
"""Pairs of opposites that say what something does or how it compares; those that only tell which thing is meant (the
positive pole, the input) are left out."""


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITES:
        left, right = (stem(word) for word in pair.split("/"))
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return {key: frozenset(value) for key, value in found.items()}


@lru_cache(maxsize=1)
def opposites() -> dict[str, frozenset[str]]:
    """Stem -> stems that say the opposite."""
    return _table()
