"""The kinds of question: an order, an act in a situation, a file, a measurement; what is taken, and what is refused."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from assessments.questionnaires.answer_values import measured_in_words, said
from assessments.questionnaires.answers import (
    Answers,
    Problem,
    from_json,
    from_stored,
    merged,
    progress,
    read,
    with_measurements,
)
from assessments.questionnaires.credits import credit_percent, measured_percent, ranking_percent
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import Item, MeasurementItem
from tests.assessments.answer_sets import (
    FILE_ID,
    SLUGS,
    answer_sets,
    answered,
    full_form,
    shipped,
    values_of,
)

# The machine is shared: a slow moment is no fault of the law.
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORK, HOME, EQUIPMENT = map(shipped, SLUGS)
instruments = st.sampled_from([WORK, HOME, EQUIPMENT])
KEY = ("test_sound", "todays_rules", "promised_calls", "chat", "tidy_files")
MEASURED = [item.id for item in EQUIPMENT.measurements]
LINE = {
    "download_kbps": 94_000,
    "upload_kbps": 21_500,
    "idle_latency_ms": 18,
    "loss_permille": 4,
    "mic_level": 23,
}


def taken(result: Answers | tuple[Problem, ...]) -> Answers:
    assert isinstance(result, Answers), result
    return result


def codes(result: Answers | tuple[Problem, ...]) -> list[tuple[str, str]]:
    assert isinstance(result, tuple), result
    return [(problem.item, problem.code) for problem in result]


def item_of(instrument: Instrument, name: str) -> Item:
    item = instrument.item(name)
    assert item is not None
    return item


def measurement(name: str) -> MeasurementItem:
    return next(item for item in EQUIPMENT.measurements if item.id == name)


# An order


@untimed
@given(order=st.permutations(KEY))
def test_an_order_earns_its_share_of_pairs_which_is_kendalls_tau(order: list[str]) -> None:
    tau = kendalltau(range(len(KEY)), [order.index(value) for value in KEY]).statistic
    assert ranking_percent(order, KEY) == pytest.approx(50 * (tau + 1), abs=0.5)
    assert ranking_percent(order, KEY) + ranking_percent(order[::-1], KEY) == 100


@untimed
@given(order=st.permutations(KEY), at=st.integers(0, len(KEY) - 2))
def test_putting_two_neighbours_right_never_earns_less(order: list[str], at: int) -> None:
    better = order.copy()
    better[at : at + 2] = sorted(order[at : at + 2], key=KEY.index)
    assert ranking_percent(better, KEY) >= ranking_percent(order, KEY)


@pytest.mark.parametrize(
    "order", [KEY[:4], (*KEY[:4], "test_sound"), (*KEY, "test_sound"), (*KEY[:4], "sleep"), ()]
)
def test_an_order_names_each_line_once(order: tuple[str, ...]) -> None:
    expected = "unknown_option" if "sleep" in order else "every_once"
    if order:
        assert codes(read(WORK, {"morning_order": order}, complete=False)) == [("morning_order", expected)]
        assert codes(from_json(WORK, {"morning_order": list(order)}, complete=False)) == [
            ("morning_order", expected)
        ]
    assert taken(from_json(WORK, {"morning_order": []}, complete=False)).get("morning_order") is None


def test_an_order_is_kept_as_given_and_read_back_by_place() -> None:
    answers = taken(read(WORK, {"morning_order": list(KEY[::-1])}, complete=False))
    assert answers.get("morning_order") == KEY[::-1]
    words = said(WORK, item_of(WORK, "morning_order"), KEY[::-1])
    assert [text.en[:3] for text in words] == ["1. ", "2. ", "3. ", "4. ", "5. "]
    assert words[-1].fr == "5. Essayer le casque et la connexion"


# What is measured


@untimed
@given(typed=st.text(max_size=10) | st.integers() | st.booleans() | st.none(), name=st.sampled_from(MEASURED))
def test_nobody_types_a_measurement(typed: object, name: str) -> None:
    body = {} if typed in (None, "") else {name: typed}
    assert (codes(from_json(EQUIPMENT, {name: typed}, complete=False)) if body else []) == [
        (one, "measured_only") for one in body
    ]
    posted = str(typed)
    assert (codes(read(EQUIPMENT, {name: [posted]}, complete=False)) if posted.strip() else []) == [
        (name, "measured_only") for _ in range(bool(posted.strip()))
    ]


def test_measured_values_are_put_in_kept_and_read_back() -> None:
    typed = taken(read(EQUIPMENT, full_form(EQUIPMENT), complete=True))
    both = taken(with_measurements(EQUIPMENT, typed, LINE))
    assert both.get("download_kbps") == 94_000
    assert from_stored(EQUIPMENT, both.to_json(), complete=True) == both
    assert taken(with_measurements(EQUIPMENT, both, {"download_kbps": 8_000})).get("download_kbps") == 8_000
    page = next(page for page in EQUIPMENT.pages if page.id == "measured")
    assert merged(EQUIPMENT, both, page, answered(EQUIPMENT, {})) == both


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("download_kbps", 10_000_000, "out_of_range"),
        ("idle_latency_ms", -3, "out_of_range"),
        ("loss_permille", 1001, "out_of_range"),
        ("jitter_ms", 2**70, "out_of_range"),
        ("jitter_ms", 3.5, "wrong_type"),
        ("jitter_ms", True, "wrong_type"),
        ("jitter_ms", "3", "wrong_type"),
        ("screens", 1, "unknown_item"),
        ("stranger\x00", 1, "unknown_item"),
    ],
)
def test_an_impossible_measurement_is_a_problem_and_changes_nothing(
    name: str, value: object, code: str
) -> None:
    found = with_measurements(EQUIPMENT, answered(EQUIPMENT, {}), {**LINE, name: value})
    assert [problem for _, problem in codes(found)] == [code]
    assert isinstance(found, tuple)
    assert found[0].item.isprintable()
    assert "{" not in found[0].text.fr


def test_what_is_measured_is_not_asked() -> None:
    answers = taken(read(EQUIPMENT, full_form(EQUIPMENT), complete=True))
    where = progress(EQUIPMENT, answers)
    assert where.is_complete
    assert where.answered == where.total == len(EQUIPMENT.items) - len(MEASURED)


@untimed
@given(data=st.data(), name=st.sampled_from(MEASURED))
def test_a_better_measurement_never_earns_less(data: st.DataObject, name: str) -> None:
    item = measurement(name)
    low, high = sorted(data.draw(st.lists(st.integers(item.minimum, item.maximum), min_size=2, max_size=2)))
    worse, better = (low, high) if item.better == "more" else (high, low)
    assert 0 <= measured_percent(item, worse) <= measured_percent(item, better) <= 100


def test_a_mark_is_reached_on_its_edge() -> None:
    assert [measured_percent(measurement("idle_latency_ms"), ms) for ms in (100, 101, 401)] == [100, 80, 0]
    assert [measured_percent(measurement("upload_kbps"), kbps) for kbps in (5000, 4999, 499)] == [100, 80, 0]


@pytest.mark.parametrize(
    ("name", "value", "fr", "en"),
    [
        ("download_kbps", 94_000, "94\u00a0Mbit/s", "94\u00a0Mbit/s"),
        ("upload_kbps", 1_250, "1,3\u00a0Mbit/s", "1.3\u00a0Mbit/s"),
        ("loss_permille", 4, "0,4\u00a0%", "0.4\u00a0%"),
        ("idle_latency_ms", 18, "18\u00a0ms", "18\u00a0ms"),
    ],
)
def test_a_measurement_is_said_in_the_unit_that_people_read(name: str, value: int, fr: str, en: str) -> None:
    words = measured_in_words(measurement(name), value)
    assert (words.fr, words.en) == (fr, en)
    assert said(EQUIPMENT, measurement(name), value) == (words,)


# Files, situations, numbers with a unit


@pytest.mark.parametrize("typed", ["1", FILE_ID[:-1], FILE_ID.upper(), f"{FILE_ID}0", "../../etc/passwd" * 2])
def test_a_file_is_given_by_the_id_of_a_kept_file(typed: str) -> None:
    assert codes(read(HOME, {"electrical_file": [typed]}, complete=False)) == [
        ("electrical_file", "unknown_file")
    ]
    assert (
        taken(from_json(HOME, {"electrical_file": FILE_ID}, complete=False)).get("electrical_file") == FILE_ID
    )
    assert said(HOME, item_of(HOME, "electrical_file"), FILE_ID)[0].en == "A file is attached"


def test_a_file_is_asked_only_where_there_is_something_to_show() -> None:
    form = full_form(HOME) | {"electrical": ["good"]}
    assert taken(read(HOME, form, complete=True)).get("electrical_file") is None
    assert taken(read(HOME, full_form(HOME), complete=True)).get("electrical_file") == FILE_ID


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("140", 140),
        ("140 cm", 140),
        ("140cm.", 140),
        ("1\u202f40 CM", 140),
        ("140 mm", "wrong_unit"),
        ("1 m", "wrong_unit"),
        ("140 cm ou 150", "wrong_unit"),
        ("1,4 m", "not_a_number"),
        ("cm", "not_a_number"),
        ("401 cm", "out_of_range"),
        ("-1 cm", "out_of_range"),
        ("9" * 100_000, "not_a_number"),
        ("1" + " " * 100_000 + ",", "not_a_number"),
    ],
)
def test_a_number_may_carry_its_own_unit_and_no_other(typed: str, expected: int | str) -> None:
    result = read(HOME, {"desk_width": [typed]}, complete=False)
    if isinstance(expected, int):
        assert taken(result).get("desk_width") == expected
    else:
        assert codes(result) == [("desk_width", expected)]


def test_a_wrong_unit_is_answered_with_the_right_one_in_each_language() -> None:
    found = read(EQUIPMENT, {"memory": ["8 To"]}, complete=False)
    assert isinstance(found, tuple)
    assert found[0].text.fr == "Écrivez seulement le nombre, compté en Go."
    assert found[0].text.en == "Write the number alone, counted in GB."
    assert taken(read(EQUIPMENT, {"screens": ["1 écran"]}, complete=False)).get("screens") == 1


@pytest.mark.parametrize(
    ("instrument", "name", "value"),
    [
        (WORK, "morning_order", "test_sound"),
        (WORK, "morning_order", [1, 2, 3, 4, 5]),
        (WORK, "morning_order", {"test_sound": 1}),
        (WORK, "card_digits", ["stop_and_link"]),
        (WORK, "card_digits", 3),
        (WORK, "card_digits", True),
        (HOME, "electrical_file", 12),
        (HOME, "electrical_file", [FILE_ID]),
        (HOME, "desk_width", "140 cm"),
    ],
)
def test_each_kind_takes_its_own_type_and_no_other(instrument: Instrument, name: str, value: object) -> None:
    assert codes(from_json(instrument, {name: value}, complete=False)) == [(name, "wrong_type")]


# What holds of every kind


@untimed
@given(data=st.data(), instrument=instruments)
def test_whatever_the_order_of_the_fields_the_same_is_read(
    data: st.DataObject, instrument: Instrument
) -> None:
    values = data.draw(answer_sets(instrument))
    stored = answered(instrument, values).to_json()
    shuffled = dict(data.draw(st.permutations(list(stored.items()))))
    assert from_stored(instrument, stored) == from_stored(instrument, shuffled)


@untimed
@given(data=st.data(), instrument=instruments)
def test_every_answer_has_a_credit_of_0_to_100_and_words_in_both_languages(
    data: st.DataObject, instrument: Instrument
) -> None:
    item = data.draw(st.sampled_from(instrument.items))
    value = data.draw(values_of(instrument, item))
    if item.is_scored:
        credit = credit_percent(instrument, item, value)
        assert credit is None or 0 <= credit <= 100
    assert all(text.fr and text.en for text in said(instrument, item, value))


@untimed
@given(names=st.lists(st.text(min_size=1, max_size=30), unique=True, max_size=4), instrument=instruments)
def test_an_unknown_item_is_named_and_nothing_else_is_lost_from_view(
    names: list[str], instrument: Instrument
) -> None:
    strangers = [name for name in names if instrument.item(name) is None]
    found = read(instrument, {name: ["x"] for name in strangers}, complete=False)
    if strangers:
        assert [code for _, code in codes(found)] == ["unknown_item"] * len(strangers)
    else:
        assert taken(found).answers == ()
