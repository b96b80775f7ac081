"""Owns telling English from other languages, by their commonest words and letters."""

import re

from tutor.retrieval.opposites import word_set
from tutor.retrieval.words import STOP_WORDS

_FOREIGN = {
    "German": "der die das ein eine einen einem und in zu den von mit für auf ist sind nicht wenn wie oder als dem des "
    "es aus beide werden wird sich weil dass auch man kann",
    "French": "le la les un une des du de en que est sont avec pour par pas plus quand comme ou au aux sur dans ce qui "
    "il ne se et on son sa lui ou",
    "Spanish": "el la los las un una de del en que es son con para por no más cuando como o al se lo cada hay y su sus",
    "Portuguese": "o os um uma de do da dos das em no na nos que é são com para por não mais quando como ou ao "
    "pelo pela e se",
    "Italian": "il lo la gli le i un una di del dei della in che è sono con per non più quando come o al si e nel nei "
    "sta",
    "Dutch": "de het een en van in is op te dat die voor met zijn niet aan er om ook als bij wordt of door naar",
    "Polish": "i w na do z się że jest to nie oraz który które jak dla przez po od są a może jego",
    "Czech": "a v se na je že do z s o k pro ale jako po od při který která které není nebo když",
    "Swedish": "och i att det som en på är av för med till den har inte om ett kan från de eller vid",
    "Turkish": "ve bir bu ile için da de ise gibi daha çok olarak olan değil ne ya mi en kadar",
    "Vietnamese": "và của là các một những trong khi không được cho với còn thì có để này từ",
}
_FOREIGN_SETS = {name: frozenset(text.split()) for name, text in _FOREIGN.items()}
LEAST_WORDS, SHARE, OVER_ENGLISH = 6, 0.16, 1.5
"""A language is named from so many words on, when this share of them is its own, and so many times as many as are
English."""
LEAST_FOUND = 3
SHORT_FROM, SHORT_BELOW = 3, 12
SHORT_FOUND, SHORT_SHARE = 2, 0.25
"""An answer of so few words is in another language with so many of its words, and this share, when none is English."""
_BOTH = word_set("a al an as come de die do e en et i in is me no o on per plus s se so v van w was z")
"""Words of other languages that stand in English texts too."""
ACCENTED_SHARE = 0.3
"""With this share of words holding letters that English lacks, too, when there is hardly an English word."""
SCRIPT_SHARE = 0.3
_READ = 5_000
"""Characters read."""
_ACCENTS = re.compile(r"[à-öø-ÿĀ-ſƀ-ɏḀ-ỿ]")


def foreign_language(text: str) -> str:
    """The name of the language an answer is in when it is plainly not English; else empty."""
    letters = [letter for letter in text[:_READ] if letter.isalpha()]
    if len(letters) >= LEAST_WORDS and _of_another_script(letters) > SCRIPT_SHARE * len(letters):
        return "another script"
    said = re.findall(r"[^\W\d_]+", text[:_READ].lower())
    if len(said) < SHORT_FROM:
        return ""
    name, count = max(((n, sum(w in s for w in said)) for n, s in _FOREIGN_SETS.items()), key=lambda pair: pair[1])
    english = sum(word in STOP_WORDS for word in said)
    if len(said) < SHORT_BELOW and _plainly_of(name, said):
        return name
    if len(said) < LEAST_WORDS:
        return ""
    different = len({word for word in said if word in _FOREIGN_SETS[name]})
    if different > 1 and count >= LEAST_FOUND and count > SHARE * len(said) and count > OVER_ENGLISH * english:
        return name
    accented = sum(bool(_ACCENTS.search(word)) for word in said)
    return "another language" if accented >= ACCENTED_SHARE * len(said) and english <= 1 else ""


def _plainly_of(name: str, said: list[str]) -> bool:
    words = [word for word in said if word not in _BOTH]
    own = {word for word in words if word in _FOREIGN_SETS[name]}
    english = any(word in STOP_WORDS for word in words)
    return not english and len(own) >= SHORT_FOUND and len(own) >= SHORT_SHARE * len(said)


def _of_another_script(letters: list[str]) -> int:
    return sum(ord(letter) > 0x24F and not "Ḁ" <= letter <= "ỿ" for letter in letters)
