"""Owns noticing sentences that speak to the grader instead of the question, whatever form they take."""

import re

from tutor.retrieval.words import content_stems

OWN_MATTER = 0.6
"""A sentence with this share of its content words in the reference or the points answers the question, whatever else
its words are used for: courses on evaluation and on injection speak of scores and instructions themselves."""

_GRADER = (
    r"(?:grader|grade\s?bot|evaluator|examiner|reviewer|marker|grading\s+(?:assistant|system|model|engine|pipeline|note)"
    r"|ai\s+(?:grad(?:er|ing)|evaluator|examiner|judge))"
)
_MARKS = r"(?:marks?|scores?|points?|credits?|grades?|rating|band)"
_MINE = r"(?:this|my|mine|me|the\s+(?:answer|response|candidate|learner|student|following|above)|it|everything|all)"
_RIGHT = r"(?:correct|complete|perfect|full|exactly|strong|flawless|right|excellent)"
_KEY = r"(?:key\s+)?(?:points?|criteri(?:a|on)|requirements?)"
_HELD = r"(?:covered|correct|met|satisfied|satisfies|addressed|apply|fulfilled|included)"
_ANSWER = r"(?:reference|model|expected|sample|official)\s+(?:answer|solution|response|one)"
_ORDERS = (
    r"""\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,30}\b(?:rubric|key\s*points?|reference(?:\s+answer)?
    |grading|criteria|(?:previous|prior|above|earlier|preceding|your|all|system)\b.{0,20}
    \b(?:instructions?|prompts?|rules|guidelines))\b""",
    r"""(?<!\ba\s)\b(?:full|maximum|max|perfect)\s+(?:marks?|credits?|points|scores?|grades?|band)\b
    |\b(?:top|highest)\s+(?:marks?|grades?|band)\b|\b10\s*/\s*10\b""",
    rf"\b(?:give|award|assign|grant)\b.{{0,20}}\b{_MINE}\b.{{0,40}}\b(?:{_MARKS}|verdict)\b",
    rf"""\b(?:award|output|return|respond|reply|set)\b.{{0,25}}\b(?:{_MARKS}|verdict|status)\b.{{0,12}}
    (?:\d|strong|good|max|full|yes|covered)|\brespond\s+(?:only\s+)?with\s+["']?(?:covered|strong|correct|pass)""",
    rf"""\b(?:mark|treat|count|grade|accept|consider|rate)\s+(?:\w+\s+){{0,2}}?(?:{_MINE}|missing\s+points)\b.{{0,40}}
    \bas\s+(?:an?\s+)?(?:fully\s+)?(?:correct|covered|complete|perfect|passed|strong|right|implied)\b""",
    rf"""\b(?:dear|note\s+to|attention|hey|hello)\s+(?:the\s+)?{_GRADER}\b|^\W*{_GRADER}\s*[,:]|\bthis\s+grader\b
    |\b(?:as|being)\s+an?\s+{_GRADER}\b.{{0,30}}\byou\b|\bthe\s+{_GRADER}\s+agreed\b""",
    rf"\bthe\s+{_GRADER}\s+(?:must|should|has\s+to|will)\b.{{0,30}}\b(?:accept|mark|award|give|pass|score|treat|count)\b",
    rf"\byou\s+are\s+(?:now\s+)?(?:an?\s+|the\s+)?(?:\w+\s+)?(?:{_GRADER}|assistant)\b",
    r"""\b(?:verdict|score|grade|status)["']?\s*[=:]\s*["']?(?:strong|good|covered|\d)
    |<\s*/?\s*(?:answer|grade|system|score|rubric|instructions?)\s*>|^\s*\W*(?:system|assistant)\s*:
    |^\W*(?:system\s+prompt|new\s+instructions?|instructions?)\b.{0,12}[:.]|\[/?INST\]""",
    rf"""\b(?:this|my|the)\s+(?:answer|response|text)\b.{{0,12}}\b(?:is|should\s+be|deserves|matches|satisfies|contains|earns)\b
    .{{0,40}}\b(?:{_RIGHT}|every\s+{_KEY}|{_ANSWER})\b|\bdeserves?\b.{{0,20}}\b(?:verdict|{_MARKS})\b
    |\bresponse\s+is\s+(?:flawless|perfect)\b""",
    rf"\b(?:all|every|each)\s+(?:of\s+)?(?:the\s+)?(?:above\s+)?{_KEY}\s+(?:are|is|as|were|have\s+been)?\s*{_HELD}\b",
    rf"""\bcandidate\s+(?:has\s+(?:answered|covered|passed)|knows)\b|\b(?:output|return)\s+status\b
    |\b(?:same|identical|equal|agree|equivalent)\b.{{0,16}}\b(?:the\s+)?{_ANSWER}\b|\beverything\s+the\s+reference\b
    |\b(?:reveal|print|show|repeat|translate)\b.{{0,16}}\b(?:rubric|{_ANSWER}|key\s+points|system\s+prompt)\b""",
    r"""\b(?:be|so)\s+(?:lenient|generous|kind)\b|\bdon[’']?t\s+grade\b|\blet\s+(?:it|this|me)\s+pass\b
    |\bpass\s+(?:everything|this\s+(?:one|answer)|me)\b|\bjust\s+confirm\s+it\b|\bdebug\s+mode\b
    |\b(?:scoring|passing)\s+threshold\s+is\b.{0,10}\b(?:zero|0)\b|\bexpected\s+output\s+is\b""",
)
_ORDER = re.compile("|".join(_ORDERS), re.IGNORECASE | re.VERBOSE)


def speaks_to_grader(sentence: str, matter: frozenset[str] = frozenset()) -> bool:
    """True when a sentence gives orders to a grader; `matter` are the content stems of what is asked about."""
    if not _ORDER.search(" ".join(sentence.split())):
        return False
    said = content_stems(sentence)
    return sum(word in matter for word in said) < OWN_MATTER * len(said) or not said
