"""What content reports while it runs: times, statuses, resuming, and messages that come twice, late or wrong."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.packages import scorm_states
from onboarding.packages.manifests import Manifest, Standard, Unit, UnitKind
from onboarding.packages.packages import check
from onboarding.packages.scorm_messages import MessageFault, read_values
from onboarding.packages.scorm_resuming import resumed_values
from onboarding.packages.scorm_snapshots import Snapshot, Status
from onboarding.packages.scorm_states import (
    Answer,
    Message,
    Outcome,
    UnitState,
    error_of,
    is_open,
    open_session,
    receive,
    show_asset,
    standing,
)
from onboarding.packages.scorm_values import (
    LONGEST_CENTISECONDS,
    add_spans,
    read_duration,
    read_span,
    write_duration,
    write_span,
)
from tests.onboarding.package_makers import several
from tests.onboarding.samples import PACKAGE_RULES as RULES

UNIT = Unit(identifier="SCO-1", title="Accueillir", kind=UnitKind.SCO, path="index.html")
EXAM = UNIT.model_copy(update={"mastery_score": Decimal(80)})
STATUS, SCORE, TIME = "cmi.core.lesson_status", "cmi.core.score.raw", "cmi.core.session_time"
PLACE, KEPT, EXIT = "cmi.core.lesson_location", "cmi.suspend_data", "cmi.core.exit"


def begun(session: str = "one", state: UnitState | None = None) -> UnitState:
    return open_session(state or UnitState(unit="SCO-1"), session)


def told(
    state: UnitState,
    number: int,
    values: dict[str, Any],
    *,
    final: bool = False,
    unit: Unit = UNIT,
    **changes: Any,
) -> Outcome:
    message = Message(
        **(
            {"unit": "SCO-1", "session": state.session, "number": number, "is_final": final, "values": values}
            | changes
        )
    )
    return receive(state, message, unit=unit, standard=Standard.SCORM_1_2, rules=RULES)


def after(state: UnitState, number: int, values: dict[str, Any], **changes: Any) -> UnitState:
    outcome = told(state, number, values, **changes)
    assert outcome.answer is Answer.KEPT, outcome
    return outcome.state


def snapshot(values: dict[str, Any], standard: Standard = Standard.SCORM_1_2) -> Snapshot:
    limits = RULES.scorm_1_2 if standard is Standard.SCORM_1_2 else RULES.scorm_2004
    found = read_values(values, standard=standard, limits=limits)
    assert isinstance(found, Snapshot), found
    return found


def faults(values: dict[str, Any], standard: Standard = Standard.SCORM_1_2) -> set[MessageFault]:
    limits = RULES.scorm_1_2 if standard is Standard.SCORM_1_2 else RULES.scorm_2004
    found = read_values(values, standard=standard, limits=limits)
    assert isinstance(found, tuple)
    return set(found)


# Times


@given(st.integers(0, LONGEST_CENTISECONDS))
def test_a_span_written_is_read_back(centiseconds: int):
    assert read_span(write_span(centiseconds)) == centiseconds
    assert read_duration(write_duration(centiseconds)) == centiseconds


@given(st.lists(st.integers(0, LONGEST_CENTISECONDS)), st.randoms())
def test_spans_add_up_in_any_order_and_never_beyond_what_can_be_written(spans: list[int], chance: Any):
    shuffled = list(spans)
    chance.shuffle(shuffled)
    assert add_spans(*spans) == add_spans(*shuffled) == min(sum(spans), LONGEST_CENTISECONDS)
    assert read_span(write_span(add_spans(*spans))) == add_spans(*spans)


@given(st.text(alphabet="0123456789:.PTHMS-+ ٣", max_size=14))
def test_what_is_no_span_is_none_and_never_stumbles(text: str):
    for read in (read_span, read_duration):
        found = read(text)
        assert found is None or found >= 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0000:00:00.00", 0), ("00:00:01", 100), ("0001:00:00", 360_000), ("9999:59:59.99", LONGEST_CENTISECONDS),
        ("00:00:01.5", 150), ("00:61:61", 61 * 6_000 + 6_100), ("", None), ("1:00:00", 360_000), ("00:00", None),
        ("00:00:00.123", None), ("-1:00:00", None), ("00:00:0٣", None), ("00:00:00\n", None),
    ],
)  # fmt: skip
def test_spans_of_scorm_1_2_are_read_as_content_writes_them(text: str, expected: int | None):
    assert read_span(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT0S", 0), ("PT1.5S", 150), ("PT1M", 6_000), ("P1D", 8_640_000), ("P0Y0M1DT1H", 9_000_000), ("P", 0),
        ("PT", 0), ("P1M", 259_200_000), ("PT0.5H", 180_000), ("PT1", None), ("1H", None), ("PT-1S", None), ("", None),
    ],
)  # fmt: skip
def test_durations_of_scorm_2004_are_read_as_content_writes_them(text: str, expected: int | None):
    assert read_duration(text) == expected


def test_the_total_is_the_sum_of_sessions_whatever_was_told_within_each():
    state = begun()
    state = after(state, 1, {TIME: "00:05:00"})
    state = after(state, 2, {TIME: "00:10:00"})
    state = after(begun("two", state), 1, {TIME: "00:00:30.5"})
    assert write_span(state.total_centiseconds) == "0000:10:30.50"
    assert state.sessions == 2


# One message


def test_everything_that_counts_is_kept():
    found = snapshot(
        {
            STATUS: "incomplete", SCORE: "72.5", "cmi.core.score.min": "0", "cmi.core.score.max": "100",
            TIME: "0000:12:00.00", PLACE: "page-4", KEPT: "état=4;é", EXIT: "suspend", "cmi.comments": "trop court",
            "cmi.objectives.0.id": "O1", "cmi.objectives.0.status": "passed", "cmi.objectives.0.score.raw": "80",
            "cmi.interactions.0.id": "Q1", "cmi.interactions.0.type": "choice",
            "cmi.interactions.0.student_response": "b", "cmi.interactions.0.result": "wrong",
            "cmi.interactions.0.latency": "00:00:09", "cmi.interactions.0.weighting": "1",
            "cmi.interactions.0.correct_responses.0.pattern": "a", "cmi.interactions.0.objectives.0.id": "O1",
        }
    )  # fmt: skip
    assert (found.status, found.score.percent, found.location) == (
        Status.INCOMPLETE,
        Decimal("72.5"),
        "page-4",
    )
    assert (found.session_centiseconds, found.suspend_data) == (72_000, "état=4;é")
    assert (found.objectives[0].identifier, found.objectives[0].score.raw) == ("O1", Decimal(80))
    (asked,) = found.interactions
    assert (asked.response, asked.result, asked.patterns, asked.objectives) == ("b", "wrong", ("a",), ("O1",))


def test_what_belongs_to_us_is_passed_over_and_never_believed():
    ours = {
        "cmi.core.student_id": "x", "cmi.core.student_name": "y", "cmi.core.total_time": "9999:00:00",
        "cmi.core.credit": "no-credit", "cmi.core.lesson_mode": "review", "cmi.core.entry": "resume",
        "cmi.launch_data": "z", "cmi.student_data.mastery_score": "1", "cmi.student_preference.audio": "1",
        "cmi.core._children": "a,b", "cmi.objectives._count": "0", "cmi._version": "3.4",
    }  # fmt: skip
    assert snapshot(ours) == Snapshot()


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        (STATUS, "finished", 405), (STATUS, "PASSED", 405), (SCORE, "101", 405), (SCORE, "-1", 405),
        (SCORE, "many", 405), (SCORE, "1e2", 405), (SCORE, "NaN", 405), (SCORE, True, 405), (SCORE, [1], 405),
        (TIME, "5 min", 405), (EXIT, "bye", 405), (PLACE, "x" * 256, 405), (KEPT, "x" * 64_001, 405),
        (KEPT, "a\0b", 405), (KEPT, "a\ud800", 405),
        (KEPT, 10**16, 405), ("cmi.comments", "x" * 4_097, 405), ("cmi.interactions.0.type", "duel", 405),
        ("cmi.interactions.0.result", "so-so", 405), ("cmi.interactions.0.id", "x" * 256, 405),
        ("cmi.unheard_of", "1", 401), ("cmi.interactions.x.id", "1", 401), ("cmi.interactions.0.price", "1", 401),
        ("cmi.objectives.0.colour", "1", 401), ("__proto__", "1", 401),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_kept_is_named_with_scorms_own_code(element: str, value: Any, error: int):
    assert faults({element: value}) == {MessageFault(element, error)}


def test_every_value_that_cannot_be_kept_is_named_at_once_and_nothing_is_changed():
    state = after(begun(), 1, {KEPT: "before"})
    outcome = told(state, 2, {STATUS: "finished", SCORE: "x", KEPT: "after"})
    assert (outcome.answer, outcome.state, len(outcome.faults)) == (Answer.FAULTY, state, 2)
    assert error_of(outcome) == 405


def test_suspend_data_is_kept_to_the_last_character_of_its_limit():
    held = "é" * 64_000
    assert snapshot({KEPT: held}).suspend_data == held


def test_only_the_newest_interactions_are_kept_and_the_others_counted():
    many = {f"cmi.interactions.{n}.id": f"Q{n}" for n in range(700)}
    found = snapshot(many)
    assert (len(found.interactions), found.interactions_left_out) == (500, 200)
    assert (found.interactions[0].identifier, found.interactions[-1].identifier) == ("Q200", "Q699")


def test_a_message_of_scorm_2004_says_the_same_in_its_own_words():
    found = snapshot(
        {
            "cmi.completion_status": "completed", "cmi.success_status": "unknown", "cmi.score.scaled": "0.9",
            "cmi.session_time": "PT1M30S", "cmi.location": "3", "cmi.exit": "normal", "cmi.progress_measure": "1",
            "cmi.interactions.0.id": "Q1", "cmi.interactions.0.learner_response": "b",
            "cmi.interactions.0.timestamp": "2026-11-22T10:00:00", "cmi.learner_name": "x", "adl.nav.request": "exit",
        },
        Standard.SCORM_2004,
    )  # fmt: skip
    assert (found.status, found.score.percent, found.session_centiseconds) == (
        Status.COMPLETED,
        Decimal(90),
        9_000,
    )
    assert found.interactions[0].at == "2026-11-22T10:00:00"
    assert faults({"cmi.score.scaled": "1.1"}, Standard.SCORM_2004) == {MessageFault("cmi.score.scaled", 405)}
    assert faults({STATUS: "passed"}, Standard.SCORM_2004) == {MessageFault(STATUS, 401)}


# Statuses


@pytest.mark.parametrize(
    ("values", "is_final", "unit", "expected"),
    [
        ({STATUS: "completed", SCORE: "80"}, False, EXAM, "passed"),
        ({STATUS: "completed", SCORE: "79.99"}, False, EXAM, "failed"),
        ({STATUS: "passed", SCORE: "10"}, True, EXAM, "failed"),
        ({STATUS: "failed", SCORE: "90"}, True, EXAM, "passed"),
        ({STATUS: "incomplete", SCORE: "90"}, True, EXAM, "passed"),
        ({STATUS: "incomplete", SCORE: "90"}, False, EXAM, "incomplete"),
        ({STATUS: "incomplete", SCORE: "0", EXIT: "suspend"}, True, EXAM, "incomplete"),
        ({STATUS: "passed"}, True, EXAM, "passed"),
        ({STATUS: "browsed", SCORE: "90"}, True, EXAM, "browsed"),
        ({SCORE: "90"}, True, EXAM, "passed"),
        ({}, True, UNIT, "completed"),
        ({EXIT: "suspend"}, True, UNIT, "not attempted"),
        ({}, False, UNIT, "not attempted"),
        ({STATUS: "failed"}, True, UNIT, "failed"),
    ],
)
def test_the_pass_mark_decides_once_the_content_is_done(
    values: dict[str, str], is_final: bool, unit: Unit, expected: str
):
    assert after(begun(), 1, values, final=is_final, unit=unit).snapshot.status.value == expected


@pytest.mark.parametrize(
    ("values", "is_final", "expected"),
    [
        (
            {"cmi.completion_status": "incomplete", "cmi.success_status": "failed", "cmi.exit": "suspend"},
            True,
            "incomplete",
        ),
        ({"cmi.completion_status": "incomplete", "cmi.success_status": "failed"}, False, "incomplete"),
        ({"cmi.completion_status": "incomplete", "cmi.success_status": "failed"}, True, "failed"),
        ({"cmi.completion_status": "completed", "cmi.success_status": "failed"}, False, "failed"),
        ({"cmi.completion_status": "incomplete", "cmi.success_status": "passed"}, False, "passed"),
        ({"cmi.completion_status": "completed", "cmi.score.scaled": "0.79"}, True, "failed"),
        ({"cmi.completion_status": "completed", "cmi.score.scaled": "0.8"}, True, "passed"),
        ({"cmi.completion_status": "unknown"}, True, "completed"),
    ],
)  # fmt: skip
def test_success_and_completion_of_scorm_2004_make_one_status(
    values: dict[str, str], is_final: bool, expected: str
):
    message = Message(unit="SCO-1", session="one", number=1, is_final=is_final, values=values)
    outcome = receive(begun(), message, unit=EXAM, standard=Standard.SCORM_2004, rules=RULES)
    assert outcome.state.best_status.value == expected


def test_what_was_passed_stays_passed():
    state = after(begun(), 1, {STATUS: "passed", SCORE: "90"}, final=True)
    state = after(begun("two", state), 1, {STATUS: "incomplete", SCORE: "10"})
    assert (state.best_status, state.best_percent, state.is_done) == (Status.PASSED, Decimal(90), True)
    assert state.snapshot.status is Status.INCOMPLETE


# Sessions


def test_a_unit_resumes_where_it_was_suspended():
    state = begun()
    first = resumed_values(state, UNIT, standard=Standard.SCORM_1_2, learner="l1", name="Aïcha")
    assert (first["cmi.core.entry"], first["cmi.core.lesson_status"]) == ("ab-initio", "not attempted")
    values = {STATUS: "incomplete", PLACE: "p3", KEPT: "abc", SCORE: "40", TIME: "00:01:00", EXIT: "suspend"}
    state = begun("two", after(state, 1, values, final=True))
    again = resumed_values(state, EXAM, standard=Standard.SCORM_1_2, learner="l1", name="Aïcha")
    assert again["cmi.core.entry"] == "resume"
    assert (again[PLACE], again[KEPT], again["cmi.core.total_time"]) == ("p3", "abc", "0000:01:00.00")
    assert (again["cmi.student_data.mastery_score"], again[SCORE]) == ("80", "40")
    assert read_values(
        again, standard=Standard.SCORM_1_2, limits=RULES.scorm_1_2
    ) == state.snapshot.model_copy(update={"exit": ""})


ANSWERED = {
    "cmi.objectives.0.id": "O1", "cmi.objectives.0.score.raw": "50", "cmi.interactions.0.id": "Q1",
    "cmi.interactions.0.type": "choice", "cmi.interactions.0.result": "wrong", "cmi.interactions.0.weighting": "2",
    "cmi.interactions.0.correct_responses.0.pattern": "a", "cmi.interactions.0.objectives.0.id": "O1",
}  # fmt: skip
OF_1_2 = ANSWERED | {
    STATUS: "incomplete", SCORE: "50", PLACE: "p", KEPT: "k", "cmi.comments": "c", "cmi.objectives.0.status": "failed",
    "cmi.interactions.0.student_response": "b", "cmi.interactions.0.time": "10:00:00",
    "cmi.interactions.0.latency": "00:00:09",
}  # fmt: skip
OF_2004 = ANSWERED | {
    "cmi.completion_status": "incomplete", "cmi.success_status": "failed", "cmi.score.scaled": "0.5",
    "cmi.location": "p", KEPT: "k", "cmi.progress_measure": "0.5", "cmi.objectives.0.success_status": "failed",
    "cmi.objectives.0.completion_status": "completed", "cmi.interactions.0.learner_response": "b",
    "cmi.interactions.0.description": "d", "cmi.interactions.0.timestamp": "2026-11-22T10:00:00",
}  # fmt: skip


@pytest.mark.parametrize(
    ("standard", "values"), [(Standard.SCORM_1_2, OF_1_2), (Standard.SCORM_2004, OF_2004)]
)
def test_all_that_was_reported_comes_back_and_reads_the_same(standard: Standard, values: dict[str, str]):
    message = Message(unit="SCO-1", session="one", number=1, values=values)
    state = receive(begun(), message, unit=UNIT, standard=standard, rules=RULES).state
    again = resumed_values(begun("two", state), UNIT, standard=standard, learner="l", name="n")
    assert snapshot(again, standard) == state.snapshot
    assert {element: again.get(element) for element in values} == values


def test_a_unit_resumes_where_the_line_was_lost_and_not_where_it_was_finished():
    lost = begun("two", after(begun(), 1, {STATUS: "completed", KEPT: "x"}))
    finished = begun("two", after(begun(), 1, {STATUS: "completed", KEPT: "x"}, final=True))
    never = begun("three", begun("two", begun()))
    assert [one.entry for one in (lost, finished, never)] == ["resume", "", "ab-initio"]
    assert begun("three", lost).entry == "resume"


def test_a_unit_of_scorm_2004_resumes_in_its_own_words():
    message = Message(
        unit="SCO-1",
        session="one",
        number=1,
        values={"cmi.completion_status": "incomplete", "cmi.location": "7", "cmi.score.scaled": "0.5",
                "cmi.session_time": "PT2S", "cmi.exit": "suspend"},
    )  # fmt: skip
    state = receive(begun(), message, unit=EXAM, standard=Standard.SCORM_2004, rules=RULES).state
    again = resumed_values(begun("two", state), EXAM, standard=Standard.SCORM_2004, learner="l", name="n")
    assert (again["cmi.entry"], again["cmi.location"], again["cmi.total_time"]) == ("resume", "7", "PT2.00S")
    assert (again["cmi.completion_status"], again["cmi.success_status"]) == ("incomplete", "unknown")
    assert again["cmi.scaled_passing_score"] == "0.8"


def test_opening_a_session_twice_changes_nothing():
    state = after(begun(), 1, {TIME: "00:01:00"})
    assert open_session(state, "one") == state


# Messages that come wrong


def test_a_message_told_twice_counts_once():
    state = after(begun(), 1, {TIME: "00:01:00", STATUS: "incomplete"})
    outcome = told(state, 1, {STATUS: "incomplete", TIME: "00:01:00"})
    assert (outcome.answer, outcome.state) == (Answer.REPEATED, state)
    assert error_of(outcome) == 0


def test_a_number_used_again_for_something_else_is_refused():
    state = after(begun(), 1, {STATUS: "incomplete"})
    outcome = told(state, 1, {STATUS: "passed"})
    assert (outcome.answer, outcome.state, error_of(outcome)) == (Answer.NUMBER_REUSED, state, 101)


def test_a_late_message_changes_no_place_but_may_have_been_the_best():
    state = after(begun(), 3, {PLACE: "p9", STATUS: "incomplete"})
    outcome = told(state, 2, {PLACE: "p2", STATUS: "passed"})
    assert outcome.answer is Answer.LATE
    assert (outcome.state.snapshot.location, outcome.state.best_status) == ("p9", Status.PASSED)


def test_messages_of_another_unit_another_session_or_after_the_end_are_refused():
    state = after(begun(), 1, {STATUS: "incomplete"})
    assert told(state, 2, {}, unit=UNIT, session="zero").answer is Answer.SESSION_REPLACED
    wrong = Message(unit="SCO-2", session="one", number=2, values={STATUS: "passed"})
    outcome = receive(state, wrong, unit=UNIT, standard=Standard.SCORM_1_2, rules=RULES)
    assert (outcome.answer, outcome.state) == (Answer.WRONG_UNIT, state)
    over = after(state, 2, {STATUS: "completed"}, final=True)
    assert told(over, 3, {STATUS: "failed"}).answer is Answer.SESSION_OVER
    replaced = begun("two", state)
    assert told(replaced, 2, {STATUS: "passed"}, session="one").answer is Answer.SESSION_REPLACED


def test_a_message_too_big_is_refused_before_it_is_read():
    state = begun()
    assert told(state, 1, {f"cmi.x.{n}": "" for n in range(12_001)}).answer is Answer.TOO_BIG
    assert told(state, 1, {KEPT: "x" * 1_000_001}).answer is Answer.TOO_BIG


REPORTS = st.fixed_dictionaries(
    {},
    optional={
        STATUS: st.sampled_from(["incomplete", "completed", "passed", "failed", "browsed"]),
        SCORE: st.integers(0, 100).map(str),
        TIME: st.integers(0, 10_000_000).map(write_span),
        PLACE: st.text("abc", max_size=5),
        KEPT: st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
        EXIT: st.sampled_from(["", "suspend", "logout", "time-out"]),
    },
)


@settings(max_examples=150)
@given(reports=st.lists(REPORTS, min_size=1, max_size=6), data=st.data(), has_mark=st.booleans())
def test_the_state_after_a_session_does_not_depend_on_the_order_or_the_number_of_arrivals(
    reports: list[dict[str, str]], data: st.DataObject, has_mark: bool
):
    unit = EXAM if has_mark else UNIT
    messages = [
        Message(unit="SCO-1", session="one", number=n, is_final=n == len(reports), values=values)
        for n, values in enumerate(reports, 1)
    ]
    extra = data.draw(st.lists(st.sampled_from(messages), max_size=6))
    states = []
    for arriving in (messages, data.draw(st.permutations(messages + extra))):
        state = begun()
        for message in arriving:
            outcome = receive(state, message, unit=unit, standard=Standard.SCORM_1_2, rules=RULES)
            assert outcome.answer.is_taken
            assert outcome.state.best_status.rank >= state.best_status.rank
            assert (outcome.state.best_percent or 0) >= (state.best_percent or 0)
            state = outcome.state
        states.append(state)
    assert states[0] == states[1]
    assert UnitState.model_validate_json(states[0].model_dump_json()) == states[0]


@given(times=st.lists(st.integers(0, 1_000_000), max_size=8))
def test_the_total_over_sessions_is_exact(times: list[int]):
    state = UnitState(unit="SCO-1")
    for number, time in enumerate(times):
        state = open_session(state, str(number))
        state = after(state, 1, {TIME: write_span(time // 2)})
        state = after(state, 2, {TIME: write_span(time)}, final=number % 2 == 0)
    assert state.total_centiseconds == sum(times)


@given(
    st.dictionaries(st.text(max_size=40), st.none() | st.booleans() | st.integers() | st.floats() | st.text())
)
def test_no_message_makes_a_reader_stumble(values: dict[str, Any]):
    assert told(begun(), 1, values).answer in (Answer.KEPT, Answer.FAULTY)


# The whole package


def _manifest() -> Manifest:
    found = check(BytesIO(several()), RULES).manifest
    assert found is not None
    return found


def test_units_open_as_their_prerequisites_are_met_and_the_whole_adds_up():
    manifest = _manifest()
    first, second, document = manifest.units
    states: dict[str, UnitState] = {}
    assert standing(manifest, states).open_units == ("SCO-1",)
    assert not is_open(manifest, document, states)
    done = UnitState(unit="SCO-1", best_status=Status.PASSED, best_percent=Decimal(90))
    states = {"SCO-1": done}
    assert standing(manifest, states).open_units == ("SCO-1", "SCO-2")
    states["SCO-2"] = UnitState(unit="SCO-2", best_status=Status.COMPLETED, best_percent=Decimal(75))
    assert is_open(manifest, document, states)
    half = standing(manifest, states)
    assert (half.is_complete, half.percent, half.score) == (False, 66, Decimal("82.50"))
    states["DOC"] = show_asset(UnitState(unit="DOC"), document)
    assert standing(manifest, states).is_complete
    assert show_asset(UnitState(unit="SCO-2"), second) == UnitState(unit="SCO-2")
    assert first.mastery_score == 80


def test_a_script_that_stands_over_many_units_is_weighed_once(monkeypatch: pytest.MonkeyPatch):
    units = tuple(
        UNIT.model_copy(update={"identifier": f"S{n}", "prerequisites": ("S0",)}) for n in range(50)
    )
    whole = Manifest.model_construct(units=units, groups={})
    read, texts = scorm_states.read_script, list[str]()
    monkeypatch.setattr(scorm_states, "read_script", lambda text: texts.append(text) or read(text))
    assert standing(whole, {}).open_units == ()
    assert texts == ["S0"]
