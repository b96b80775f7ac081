"""A mock interview from the first question to the scorecard, on a real store, under a clock that tests move."""

from dataclasses import replace

import pytest

from tests.doubles.clock import FrozenClock, counting_entropy
from tests.doubles.grades import COVERED, FAILED, MISSING, PARTIAL, STRONG, WEAK, chapter, grade, library
from tutor.domain.content import KeyQuestion
from tutor.domain.grade import Grade, PointStatus
from tutor.domain.interview import Round
from tutor.store.home import Home
from tutor.store.store import Store
from tutor.study.exchange import override, undo_decision, void
from tutor.study.hiring import Hire
from tutor.study.interview import Interview, Stage
from tutor.study.quiz import OutOfTurn
from tutor.study.scorecard import Scorecard, scorecard

LIBRARY = library(chapter("basics", 2), chapter("search", 2))
KNOWN = {question.id: question for question in LIBRARY.questions()}
ASKED: list[KeyQuestion] = [KNOWN["rag/basics#q1"], KNOWN["rag/search#q1"], KNOWN["rag/basics#q2"]]


@pytest.fixture
def interview(store: Store, clock: FrozenClock) -> Interview:
    agenda = store.begin_interview(Round.SCREENING, ASKED, minutes=12, seed=1, engine="local")
    return Interview(agenda, KNOWN, store, clock=clock)


def taken_up(interview: Interview, store: Store, clock: FrozenClock) -> Interview:
    """The same interview as another process would read it from the disk."""
    return Interview(store.interview(interview.agenda.id), KNOWN, store, clock=clock)


def answer(interview: Interview, text: str, given: Grade | None) -> None:
    """Answer what is in front, let the grade come, go on."""
    exchange = interview.submit(text)
    assert exchange.attempt is not None
    if given is not None:
        interview.record(exchange.attempt.id, given)
    interview.advance()


def card(interview: Interview) -> Scorecard:
    return scorecard(interview, LIBRARY)


def test_a_round_from_the_first_question_to_the_verdict(interview: Interview, store: Store, clock: FrozenClock) -> None:
    assert interview.stage is Stage.AWAY and interview.current is None
    interview.go_on()
    for expected in ASKED:
        assert interview.current is not None and interview.current.question == expected
        clock.forward(minutes=2)
        answer(interview, f"About {expected.id}.", STRONG)
    assert interview.stage is Stage.DONE
    found = card(interview)
    assert (found.finding.verdict, found.finding.score, found.waiting) == (Hire.STRONG_HIRE, 1.0, 0)
    assert (found.elapsed, found.not_reached, found.costs) == (360, (), ())
    assert len(found.strengths) == 5 and found.strengths[0][1].essential
    assert store.interview(interview.agenda.id).ended == clock.now


def test_nothing_of_it_moves_the_schedule(interview: Interview, store: Store) -> None:
    interview.go_on()
    for _ in ASKED:
        answer(interview, "Words.", STRONG)
    assert (store.memories(), store.reviews()) == ({}, [])
    assert [attempt.session_id for attempt in store.attempts()] == [interview.agenda.id] * 3


def test_the_answer_is_on_the_disk_before_it_is_graded(interview: Interview, store: Store) -> None:
    interview.go_on()
    exchange = interview.submit("My words.")
    assert [attempt.text for attempt in store.attempts()] == ["My words."]
    assert interview.to_grade == [exchange] and interview.stage is Stage.LISTENING


def test_the_clock_runs_only_in_front_of_a_question(interview: Interview, clock: FrozenClock) -> None:
    clock.forward(minutes=9)
    interview.go_on()
    clock.forward(seconds=90)
    assert (interview.elapsed, interview.left, interview.on_this_question) == (90, 630, 90)
    assert interview.allowance == 240
    interview.submit("Words.")
    clock.forward(minutes=9)
    interview.advance()
    assert (interview.elapsed, interview.on_this_question) == (90, 0)
    assert interview.allowance == 315
    interview.leave()
    clock.forward(hours=9)
    assert (interview.stage, interview.elapsed) == (Stage.AWAY, 90)


def test_time_that_is_up_ends_the_round_after_the_answer_at_hand(interview: Interview, clock: FrozenClock) -> None:
    interview.go_on()
    clock.forward(minutes=13)
    assert interview.left == -60 and interview.stage is Stage.ASKING
    answer(interview, "The end of my sentence.", STRONG)
    assert interview.stage is Stage.DONE
    found = card(interview)
    assert [question.id for question in found.not_reached] == [question.id for question in ASKED[1:]]
    assert found.finding.verdict is None


def test_a_missed_point_brings_a_follow_up_at_once_when_the_grade_is_there(interview: Interview) -> None:
    interview.go_on()
    answer(interview, "Hm.", WEAK)
    follow = interview.current
    assert follow is not None and follow.put.follows == interview.exchanges[0].put.id
    assert follow.put.probes == ("first", "second")
    assert follow.question == ASKED[0] and follow.judged_as.points == ASKED[0].points
    assert interview.number == (1, 3)


def test_a_grade_that_comes_late_brings_its_follow_up_late(interview: Interview) -> None:
    interview.go_on()
    answer(interview, "Hm.", None)
    late, second = interview.exchanges[0], interview.current
    assert second is not None and second.question == ASKED[1]
    assert late.attempt is not None and interview.record(late.attempt.id, WEAK)
    answer(interview, "It retrieves and cites.", STRONG)
    assert interview.current is not None and interview.current.put.follows == late.put.id


def test_a_second_follow_up_comes_only_after_an_essential_point(interview: Interview) -> None:
    interview.go_on()
    answer(interview, "It cites.", grade(MISSING, COVERED))
    answer(interview, "Still not.", WEAK)
    assert interview.current is not None and interview.current.put.probes == ("first",)
    answer(interview, "No.", WEAK)
    assert interview.current is not None and interview.current.question == ASKED[1]
    answer(interview, "It retrieves.", grade(COVERED, MISSING))
    answer(interview, "Something else.", WEAK)
    assert interview.current is not None and interview.current.question == ASKED[2]


def test_a_point_made_on_a_follow_up_counts_half(interview: Interview) -> None:
    interview.go_on()
    answer(interview, "It cites.", grade(MISSING, COVERED))
    answer(interview, "It retrieves.", grade(COVERED))
    asked = card(interview).asked[0]
    assert asked.grade is not None and asked.prompted == {"first"}
    assert [(p.status, p.credit) for p in asked.grade.points] == [(COVERED, 0.5), (COVERED, 1.0)]
    assert asked.score == pytest.approx(2 / 3)


def test_a_follow_up_never_lowers_what_was_said_before(interview: Interview) -> None:
    interview.go_on()
    answer(interview, "Both, more or less.", grade(PARTIAL, PARTIAL))
    before = card(interview).asked[0].score
    answer(interview, "I do not know.", WEAK)
    assert card(interview).asked[0].score == before == 0.5


def test_a_question_passed_on_counts_as_nothing_said(interview: Interview, store: Store) -> None:
    interview.go_on()
    interview.pass_on()
    interview.advance()
    answer(interview, "It retrieves and cites.", STRONG)
    interview.finish()
    found = card(interview)
    assert [(each.passed, each.score) for each in found.asked] == [(True, 0.0), (False, 1.0)]
    assert found.costs[0].share == 0.5 and found.costs[0].point is None
    assert len(store.attempts()) == 1


def test_a_grade_that_failed_counts_for_nothing_and_brings_no_follow_up(interview: Interview) -> None:
    interview.go_on()
    for given in (FAILED, FAILED, STRONG):
        answer(interview, "Words.", given)
    found = card(interview)
    assert [each.score for each in found.asked] == [None, None, 1.0]
    assert (found.finding.verdict, found.finding.judged, found.finding.score) == (None, 1, 1.0)
    assert found.plan == ()


def test_it_goes_on_where_a_crash_left_it(interview: Interview, store: Store, home: Home, clock: FrozenClock) -> None:
    interview.go_on()
    clock.forward(seconds=30)
    exchange = interview.submit("First.")
    interview.advance()
    clock.forward(seconds=40)
    interview.keep("half of the seco")
    clock.forward(hours=5)
    with Store.open(home, clock=clock, entropy=counting_entropy(99)) as reopened:
        assert reopened.open_interview() is not None
        again = taken_up(interview, reopened, clock)
        assert (again.stage, again.elapsed, again.draft) == (Stage.AWAY, 70, "half of the seco")
        assert [each.attempt for each in again.to_grade] == [exchange.attempt]
        assert again.go_on() is again.current and again.current is not None
        assert (again.current.question, again.on_this_question) == (ASKED[1], 40)
        assert again.agenda.breaks == 1
        assert exchange.attempt is not None and again.record(exchange.attempt.id, STRONG)
        answer(again, "Second.", STRONG)
        assert again.number == (3, 3)


def test_a_crash_between_two_questions_goes_on_with_the_next(
    interview: Interview, store: Store, clock: FrozenClock
) -> None:
    interview.go_on()
    interview.submit("First.")
    again = taken_up(interview, store, clock)
    going = again.go_on()
    assert going is not None and going.question == ASKED[1]


def test_a_question_that_was_removed_meanwhile_is_left_out(
    interview: Interview, store: Store, clock: FrozenClock
) -> None:
    interview.go_on()
    answer(interview, "First.", STRONG)
    fewer = {name: question for name, question in KNOWN.items() if name != ASKED[1].id}
    again = Interview(store.interview(interview.agenda.id), fewer, store, clock=clock)
    going = again.go_on()
    assert going is not None and going.question == ASKED[2]
    assert again.number == (2, 2)


def test_a_finished_interview_reads_back_the_same(interview: Interview, store: Store, clock: FrozenClock) -> None:
    interview.go_on()
    for given in (WEAK, grade(COVERED), STRONG, STRONG):
        answer(interview, "Words.", given)
    before, again = card(interview), card(taken_up(interview, store, clock))
    assert again.finding == before.finding and again.costs == before.costs and again.plan == before.plan


def test_the_learner_has_the_last_word_on_the_scorecard(interview: Interview, store: Store) -> None:
    interview.go_on()
    for given in (WEAK, WEAK):
        answer(interview, "Words.", given)
    interview.finish()
    first = interview.exchanges[0]
    override(first, "first", PointStatus.COVERED, store)
    assert card(interview).asked[0].score == pytest.approx(2 / 3)
    assert undo_decision(first, store) and card(interview).asked[0].score == 0.0
    void(first, store)
    assert card(interview).asked[0].score is None
    assert undo_decision(first, store) and not undo_decision(first, store)


def test_a_step_out_of_turn_changes_nothing(interview: Interview, store: Store) -> None:
    for step in (interview.advance, interview.pass_on, lambda: interview.submit("Words.")):
        with pytest.raises(OutOfTurn):
            step()
    interview.go_on()
    with pytest.raises(OutOfTurn):
        interview.go_on()
    assert (store.attempts(), len(store.puts(interview.agenda.id))) == ([], 1)


def test_a_grade_of_somebody_else_is_kept_and_changes_nothing(interview: Interview, store: Store) -> None:
    stranger = store.add_attempt(ASKED[0], "In a quiz.")
    interview.go_on()
    assert interview.record(stranger.id, STRONG) is False
    assert [each for _, each in store.grades(stranger.id)] == [STRONG]


def test_what_was_missed_is_named_with_its_cost_and_its_chapter(interview: Interview) -> None:
    interview.go_on()
    answer(interview, "It cites.", grade(MISSING, COVERED))
    answer(interview, "No.", WEAK)
    answer(interview, "No.", WEAK)
    answer(interview, "It retrieves and cites.", STRONG)
    interview.finish()
    found = card(interview)
    assert [(cost.text, round(cost.share, 3)) for cost in found.costs] == [("Point first.", 0.333)]
    assert [(step.chapter_id, [q.id for q in step.questions]) for step in found.plan] == [
        ("rag/basics", ["rag/basics#q1"])
    ]
    assert found.missed == ("rag/basics#q1",)


def test_a_point_made_without_help_is_no_cost_however_its_credit_fell(interview: Interview) -> None:
    nearly = grade(COVERED, COVERED)
    nearly = replace(nearly, points=tuple(replace(point, credit=0.9) for point in nearly.points))
    interview.go_on()
    answer(interview, "It retrieves and cites.", nearly)
    answer(interview, "It retrieves and cites.", nearly)
    interview.finish()
    found = card(interview)
    assert found.finding.score == pytest.approx(0.9)
    assert (found.costs, found.plan) == ((), ())
