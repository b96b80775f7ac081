"""Mock interviews on a real file: every step reads back as it was kept, and nothing of it can be changed later."""

import sqlite3

import pytest

from tests.doubles.clock import FrozenClock, counting_entropy
from tests.doubles.grades import question
from tutor.domain.errors import NotFound, StoreError
from tutor.domain.interview import Agenda, Round
from tutor.store.home import Home
from tutor.store.store import Store

FIRST, SECOND = question("rag/basics#one"), question("rag/basics#two")


def begun(store: Store, round_: Round = Round.DEBUGGING) -> Agenda:
    return store.begin_interview(round_, [FIRST, SECOND], minutes=25, seed=7, engine="local")


def test_an_agenda_reads_back_as_it_was_agreed(store: Store, home: Home, clock: FrozenClock) -> None:
    agenda = begun(store)
    assert (agenda.question_ids, agenda.spent, agenda.ended) == ((FIRST.id, SECOND.id), 0.0, None)
    with Store.open(home, clock=clock, entropy=counting_entropy(50)) as again:
        assert again.interview(agenda.id) == agenda
        assert again.interviews() == [agenda]


def test_questions_and_replies_read_back_in_the_order_they_were_put(store: Store) -> None:
    agenda = begun(store)
    first = store.put_question(agenda.id, FIRST.id, FIRST.text)
    attempt = store.reply(first, FIRST, "It retrieves \ud800.", seconds=61.5, spent=62.0)
    follow = store.put_question(agenda.id, FIRST.id, "And then?", follows=first.id, probes=["second"])
    store.pass_on(follow, seconds=3.0, spent=65.0)
    third = store.put_question(agenda.id, SECOND.id, SECOND.text)
    puts = store.puts(agenda.id)
    assert [put for put, _ in puts] == [first, follow, third]
    replies = [reply and (reply.put_id, reply.attempt_id, reply.seconds) for _, reply in puts]
    assert replies == [(first.id, attempt.id, 61.5), (follow.id, None, 3.0), None]
    assert store.attempt(attempt.id).session_id == agenda.id
    assert store.interview(agenda.id).spent == 65.0


def test_an_answer_and_the_question_it_closes_are_kept_together_or_not_at_all(store: Store) -> None:
    agenda = begun(store)
    put = store.put_question(agenda.id, FIRST.id, FIRST.text)
    store.reply(put, FIRST, "Once.", seconds=1.0, spent=1.0)
    with pytest.raises(StoreError):
        store.reply(put, FIRST, "Twice.", seconds=1.0, spent=9.0)
    assert [attempt.text for attempt in store.attempts()] == ["Once."]
    assert store.interview(agenda.id).spent == 1.0


def test_only_the_newest_interview_can_be_open(store: Store, clock: FrozenClock) -> None:
    assert store.open_interview() is None
    old = begun(store)
    assert store.open_interview() == old
    clock.forward(hours=1)
    new = begun(store, Round.CODING)
    store.end_session(new.id)
    assert store.open_interview() is None
    assert [agenda.id for agenda in store.interviews()] == [new.id, old.id]
    assert store.interviews(1)[0].ended == clock.now


def test_the_clock_and_the_breaks_are_kept(store: Store) -> None:
    agenda = begun(store)
    store.keep_clock(agenda.id, 12.25)
    store.count_break(agenda.id)
    store.count_break(agenda.id)
    kept = store.interview(agenda.id)
    assert (kept.spent, kept.breaks) == (12.25, 2)


def test_what_was_put_and_replied_cannot_be_changed(store: Store, home: Home) -> None:
    agenda = begun(store)
    put = store.put_question(agenda.id, FIRST.id, FIRST.text)
    store.pass_on(put, seconds=1.0, spent=1.0)
    with sqlite3.connect(home.database) as raw:
        for change in ("UPDATE interview_questions SET text = 'x'", "DELETE FROM interview_replies"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(change)


def test_an_unknown_interview_is_named(store: Store) -> None:
    with pytest.raises(NotFound, match="No interview has the id nowhere"):
        store.interview("nowhere")
