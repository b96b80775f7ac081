"""Owns the course of one question: search, abstain or answer, by the engine that was chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.answering import asking, composed, extractive, following, sides
from tutor.answering.citations import written
from tutor.answering.conflicts import conflicts_among, told
from tutor.answering.excerpts import Excerpt
from tutor.answering.prompt import AnswerTask
from tutor.answering.relevance import Relevance, judge, nearest
from tutor.answering.vocabulary import Vocabulary
from tutor.domain.answer import Answer
from tutor.domain.content import Library
from tutor.domain.errors import ModelError, ModelNotRunning, TutorError
from tutor.domain.passage import SearchResult
from tutor.domain.settings import EngineChoice, Settings
from tutor.llm.models import THINKING_TOKENS
from tutor.retrieval.lexicon import Lexicon
from tutor.retrieval.reading import Reading
from tutor.retrieval.words import content_stems

if TYPE_CHECKING:
    from tutor.llm.cancel import Cancel
    from tutor.llm.client import OllamaClient
    from tutor.retrieval.encoder import Encoder

LONGEST_QUESTION = 4_000
"""Characters; a longer text is a document, and no search would know what in it is asked."""
EXTRACTIVE = "extractive"
INSTEAD = "The answer below is made of sentences from the chapters."
WORDS_ONLY = "Searched by words only: the sentence encoder is not ready yet."


class Answerer:
    """Answers questions from one library. Keeps nothing between questions but what it read of the chapters' words."""

    def __init__(
        self,
        search: Callable[[str], SearchResult],
        encoder: "Callable[[], Encoder | None]",
        client: "OllamaClient | None",
        choice: EngineChoice,
        library: Library,
        *,
        lexicon: Callable[[], Lexicon],
        context_tokens: int = Settings().context_tokens,
    ) -> None:
        """`search` gives the best dozen passages of every kind, `lexicon` the words of what is searched.

        `client` may be None when the choice is local.
        """
        self._search = search
        self._encoder = encoder
        self._client = client
        self._choice = choice
        self._library = library
        self._context_tokens = context_tokens
        self._lexicon = lexicon
        self._vocabulary = Vocabulary(library, lexicon)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer] = (),
        on_text: Callable[[str], None] | None = None,
        cancel: "Cancel | None" = None,
    ) -> Answer:
        """An answer from the material, or an abstention that names the nearest chapters.

        `history` holds the answers so far, the newest last, so that a follow-up can be read as what it stands for.
        `on_text` gets the text so far each time it grows or is replaced. Raises TutorError for a question that is
        empty or longer than LONGEST_QUESTION, and ModelError when only Ollama may answer and it cannot, or when the
        learner's own `cancel` stopped it.
        """
        inquiry = self._inquiry(question, history, cancel)
        if not inquiry.relevance.enough:
            return self._abstention(inquiry, EXTRACTIVE)
        tell = on_text or (lambda text: None)
        if self._choice is EngineChoice.LOCAL:
            return self._by_excerpts(inquiry, tell)
        try:
            return self._by_model(inquiry, tell, cancel)
        except ModelError as error:
            if self._choice is EngineChoice.OLLAMA or (cancel is not None and cancel.cancelled):
                raise
            return self._by_excerpts(inquiry.noting(f"{error} {INSTEAD}"), tell)

    def _inquiry(self, question: str, history: Sequence[Answer], cancel: "Cancel | None") -> "_Inquiry":
        """The question as it stands, or as a follow-up where it points back or finds too little by itself."""
        asked = _checked(question)
        respelt = Reading(self._lexicon()).respelt(asked)
        alone = self._found(question, respelt)
        if content_stems(respelt) != content_stems(asked):
            alone = alone.noting(f"Read as “{respelt}”.")
        if not history or not following.may_follow(respelt):
            return alone
        if alone.relevance.enough and not following.points_back(respelt):
            return alone
        standalone = self._rewritten(respelt, history, cancel) or following.carried(respelt, history)
        followed = self._found(question, standalone)
        return followed.noting(f"Read as “{standalone}”.") if followed.relevance.enough else alone

    def _found(self, question: str, wording: str) -> "_Inquiry":
        read_as = Reading(self._lexicon()).widened(wording)
        found = self._search(read_as)
        encoder = self._encoder() if found.engine != "keyword" else None
        relevance = judge(read_as, found, self._vocabulary, encoder)
        near = nearest(read_as, found, self._library, self._vocabulary)
        if relevance.enough:
            hits = tuple(hit for hit in found.hits if hit.passage.track_id in relevance.tracks)
            found = replace(found, hits=hits)
        note = WORDS_ONLY if found.engine == "keyword" else ""
        return _Inquiry(question, wording, read_as, found, relevance, near, note)

    def _rewritten(self, question: str, history: Sequence[Answer], cancel: "Cancel | None") -> str:
        """The follow-up as a model reads it; empty without a model, or when it made something else of it."""
        if self._choice is EngineChoice.LOCAL or self._client is None:
            return ""
        try:
            pieces = self._client.chat_stream(
                following.rewriting(question, history), max_tokens=following.REWRITTEN_TOKENS, cancel=cancel
            )
            return following.rewritten("".join(pieces), question, history)
        except ModelError:
            return ""

    def _by_model(self, inquiry: "_Inquiry", tell: Callable[[str], None], cancel: "Cancel | None") -> Answer:
        if self._client is None:
            raise ModelNotRunning("No Ollama server is set up. Set ollama_host in the settings.")
        model = self._client.choose_model()
        engine = f"ollama:{model.name}"
        window = min(self._context_tokens, model.context_length or self._context_tokens)
        window -= THINKING_TOKENS if "thinking" in model.capabilities else 0
        task = AnswerTask.of(inquiry.wording, [hit.passage for hit in inquiry.found.hits], window)
        encoder = self._encoder() if inquiry.found.engine != "keyword" else None
        reply = composed.compose(task, self._client, encoder=encoder, tell=tell, cancel=cancel)
        if reply is None:
            return self._abstention(inquiry, engine)
        tell(reply.text)
        conflicts, citations = told(task.conflicts, reply.citations, word_for_word=False)
        return Answer(
            inquiry.question,
            engine,
            reply.text,
            citations,
            nearest=inquiry.near,
            unsupported=reply.unsupported,
            note=inquiry.note,
            conflicts=conflicts,
        )

    def _by_excerpts(self, inquiry: "_Inquiry", tell: Callable[[str], None]) -> Answer:
        read = asking.read(inquiry.wording, self._vocabulary.knows)
        chosen = sides.completed(self._chosen(read, inquiry.read_as, inquiry.found), read, self._of_one)
        if not chosen:
            return self._abstention(inquiry, EXTRACTIVE)
        text, citations = written(chosen)
        tell(text)
        found = conflicts_among(hit.passage for hit in inquiry.found.hits)
        conflicts, citations = told(found, citations, word_for_word=True)
        return Answer(
            inquiry.question,
            EXTRACTIVE,
            text,
            citations,
            nearest=inquiry.near,
            note=inquiry.note,
            conflicts=conflicts,
        )

    def _chosen(self, read: asking.Asking, read_as: str, found: SearchResult) -> list[Excerpt]:
        encoder = self._encoder() if found.engine != "keyword" else None
        return extractive.choose(read, self._vocabulary.subject(read_as), found.hits, encoder)

    def _of_one(self, question: str) -> list[Excerpt]:
        """The excerpts that answer a question about one side of a comparison."""
        read_as = Reading(self._lexicon()).widened(question)
        return self._chosen(asking.read(question, self._vocabulary.knows), read_as, self._search(read_as))

    def _abstention(self, inquiry: "_Inquiry", engine: str) -> Answer:
        titles = {chapter.id: chapter.title for chapter in self._library.chapters()}
        names = [f"“{titles.get(one, one)}”" for one in inquiry.near]
        if not names:
            text = "There are no chapters to answer from yet."
        else:
            listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
            text = f"The chapters do not answer this; nearest {'is' if len(names) == 1 else 'are'} {listed}."
        return Answer(inquiry.question, engine, text, abstained=True, nearest=inquiry.near, note=inquiry.note)


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """A question with what was found for it."""

    question: str
    """As the learner wrote it."""
    wording: str
    """Spelt right, and a follow-up as a question of its own."""
    read_as: str
    """As it was searched for."""
    found: SearchResult
    relevance: Relevance
    near: tuple[str, ...]
    """Ids of the nearest chapters, best first."""
    note: str
    """What is to be said beside any answer."""

    def noting(self, sentence: str) -> "_Inquiry":
        """The same with one more thing to say."""
        return replace(self, note=f"{self.note} {sentence}".strip())


def _checked(question: str) -> str:
    """The question on one line. Raises TutorError."""
    asked = " ".join(question.split())
    if not asked:
        raise TutorError("There is no question. Write what you want to know, for example: What is RAG?")
    if len(asked) > LONGEST_QUESTION:
        raise TutorError(
            f"The question has {len(asked):,} characters; at most {LONGEST_QUESTION:,} are read. Ask one thing only."
        )
    return asked
