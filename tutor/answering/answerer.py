"""Owns the course of one question: search, abstain or answer, by the engine that was chosen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.answering import asking, composed, extractive, prompt
from tutor.answering.citations import written
from tutor.answering.relevance import judge, nearest
from tutor.answering.vocabulary import Vocabulary
from tutor.domain.answer import Answer
from tutor.domain.content import Library
from tutor.domain.errors import ModelError, ModelNotRunning, TutorError
from tutor.domain.passage import SearchResult
from tutor.domain.settings import EngineChoice, Settings

if TYPE_CHECKING:
    from tutor.llm.cancel import Cancel
    from tutor.llm.client import OllamaClient
    from tutor.retrieval.encoder import Encoder

LONGEST_QUESTION = 4_000
"""Characters; a longer text is a document, and no search would know what in it is asked."""
EXTRACTIVE = "extractive"
WORDS_ONLY = "Searched by words only: the sentence encoder is not ready yet."


class Answerer:
    """Answers questions from one library. Keeps nothing between questions but the library's vocabulary."""

    def __init__(
        self,
        search: Callable[[str], SearchResult],
        encoder: "Callable[[], Encoder | None]",
        client: "OllamaClient | None",
        choice: EngineChoice,
        library: Library,
        *,
        context_tokens: int = Settings().context_tokens,
    ) -> None:
        """`search` gives the best dozen passages of every kind; `client` may be None when the choice is local."""
        self._search = search
        self._encoder = encoder
        self._client = client
        self._choice = choice
        self._library = library
        self._context_tokens = context_tokens
        self._vocabulary = Vocabulary(library)

    def ask(
        self, question: str, *, on_text: Callable[[str], None] | None = None, cancel: "Cancel | None" = None
    ) -> Answer:
        """An answer from the material, or an abstention that names the nearest chapters.

        `on_text` gets the text so far each time it grows or is replaced. Raises TutorError for a question that is
        empty or longer than LONGEST_QUESTION, and ModelError when only Ollama may answer and it cannot, or when the
        learner's own `cancel` stopped it.
        """
        asked = _checked(question)
        read_as = self._vocabulary.respelt(asked)
        found = self._search(read_as)
        notes = [f"Read as “{read_as}”."] if read_as != asked else []
        notes += [WORDS_ONLY] if found.engine == "keyword" else []
        near = nearest(read_as, found, self._library)
        chapters = {chapter.id: chapter for chapter in self._library.chapters()}
        tell = on_text or (lambda text: None)
        if not judge(read_as, found, self._vocabulary, chapters).enough:
            return self._abstention(question, near, " ".join(notes), EXTRACTIVE)
        if self._choice is not EngineChoice.LOCAL:
            try:
                return self._by_model(question, read_as, found, near, notes, tell, cancel)
            except ModelError as error:
                if self._choice is EngineChoice.OLLAMA or (cancel is not None and cancel.cancelled):
                    raise
                notes.append(f"{error} The sentences below are taken from the chapters as they stand.")
        return self._by_excerpts(question, read_as, found, near, notes, tell)

    def _by_model(
        self,
        question: str,
        read_as: str,
        found: SearchResult,
        near: tuple[str, ...],
        notes: list[str],
        tell: Callable[[str], None],
        cancel: "Cancel | None",
    ) -> Answer:
        if self._client is None:
            raise ModelNotRunning("No Ollama server is set up. Set ollama_host in the settings.")
        model = self._client.choose_model()
        engine = f"ollama:{model.name}"
        window = min(self._context_tokens, model.context_length or self._context_tokens)
        task = prompt.AnswerTask.of(read_as, [hit.passage for hit in found.hits], window)
        reply = composed.compose(task, self._client, encoder=self._encoder(), tell=tell, cancel=cancel)
        if reply is None:
            return self._abstention(question, near, " ".join(notes), engine)
        tell(reply.text)
        return Answer(
            question, engine, reply.text, reply.citations, False, near, reply.unsupported, " ".join(notes)
        )

    def _by_excerpts(
        self,
        question: str,
        read_as: str,
        found: SearchResult,
        near: tuple[str, ...],
        notes: list[str],
        tell: Callable[[str], None],
    ) -> Answer:
        chosen = extractive.choose(
            asking.read(read_as, self._vocabulary.knows),
            self._vocabulary.subject(read_as),
            found.hits,
            self._encoder() if found.engine != "keyword" else None,
        )
        if not chosen:
            return self._abstention(question, near, " ".join(notes), EXTRACTIVE)
        text, citations = written(chosen)
        tell(text)
        return Answer(question, EXTRACTIVE, text, citations, nearest=near, note=" ".join(notes))

    def _abstention(self, question: str, near: tuple[str, ...], note: str, engine: str) -> Answer:
        titles = {chapter.id: chapter.title for chapter in self._library.chapters()}
        names = [f"“{titles.get(one, one)}”" for one in near]
        if not names:
            text = "There are no chapters to answer from yet."
        else:
            listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
            text = f"The chapters do not answer this. Nearest {'is' if len(names) == 1 else 'are'} {listed}."
        return Answer(question, engine, text, abstained=True, nearest=near, note=note)


def _checked(question: str) -> str:
    asked = " ".join(question.split())
    if not asked:
        raise TutorError("There is no question. Write what you want to know, for example: What is RAG?")
    if len(asked) > LONGEST_QUESTION:
        raise TutorError(
            f"The question has {len(asked):,} characters. Shorten it to {LONGEST_QUESTION:,} and ask one thing at a time."
        )
    return asked
