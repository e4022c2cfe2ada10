"""Gaps are closed by the cheapest feasible set, exactly; nothing that money can buy refuses anyone."""

from datetime import date, timedelta
from importlib.resources import files
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.editions import EditionError
from assessments.matching import matching
from assessments.questionnaires import instruments
from assessments.questionnaires.scoring import Gap
from assessments.remedies import catalogue as catalogues
from assessments.remedies.catalogue import Catalogue, CatalogueRemedy, Effect, Means, Payer
from assessments.remedies.covering import Choice, Offer, cheapest
from assessments.remedies.planning import gaps_of_answers, plan_remedies
from assessments.remedies.plans import Nature, OpenGap, PlanOutcome, RemedyPlan, Shortfall, Training
from assessments.values import Text

DATA = files("assessments").joinpath("data")
SHIPPED = (DATA / "policies/remedies/2026-11.yaml").read_text("utf-8")
CATALOGUE = catalogues.read(SHIPPED)
MONDAY = date(2026, 11, 23)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def words(text: str) -> Text:
    return Text(fr=text, en=text)


def gap(key: str, nature: Nature = Nature.ARRANGE, **facts: object) -> OpenGap:
    return OpenGap.model_validate(
        {"key": key, "text": words(f"{key} is lacking."), "nature": nature, **facts}
    )


def thing(name: str, **facts: object) -> CatalogueRemedy:
    shape = {"id": name, "text": words(name), "source": "test", "confidence": "reasoned", **facts}
    return CatalogueRemedy.model_validate(shape)


def with_only(*remedies: CatalogueRemedy) -> Catalogue:
    return CATALOGUE.model_copy(update={"remedies": remedies})


def plan(*gaps: OpenGap, catalogue: Catalogue = CATALOGUE, **facts: object) -> RemedyPlan:
    return plan_remedies(gaps, catalogue, today=MONDAY, working_days=weekdays, **facts)  # type: ignore[arg-type]


def ids(made: RemedyPlan) -> list[str]:
    return [step.remedy for step in made.steps]


# The shipped catalogue


def test_every_remedy_of_every_questionnaire_is_in_the_catalogue() -> None:
    folders = [folder for folder in (DATA / "instruments").iterdir() if folder.is_dir()]
    shipped = [
        instruments.read(source.read_text("utf-8")) for folder in folders for source in folder.iterdir()
    ]
    named = {remedy.id for instrument in shipped for remedy in instrument.remedies}
    assert len(shipped) >= 3
    assert named - {one.id for one in CATALOGUE.remedies} == set()


def test_every_remedy_that_matching_names_is_in_the_catalogue_or_a_class() -> None:
    policy = matching.read_policy((DATA / "policies/matching/2026-11.yaml").read_text("utf-8"))
    ours = {name for one in CATALOGUE.remedies for name in one.matching}
    assert {name for name in policy.remedies if not name.startswith("training")} == ours


def test_what_is_for_the_work_is_paid_by_the_employer_and_never_by_the_person_alone() -> None:
    payers = {one.id: one.payer for one in CATALOGUE.remedies}
    assert {name for name, payer in payers.items() if payer is not Payer.EMPLOYER} == {"line_upgrade"}
    own = CATALOGUE.remedy("line_upgrade")
    assert own is not None
    assert (own.payer, own.means) == (Payer.SHARED, Means.TALK), "the person's own contract is never planned"


def test_no_gap_that_money_can_close_is_ever_left_without_something_to_order() -> None:
    for key in (
        "computer_missing",
        "headset_missing",
        "room_noisy",
        "room_open",
        "line_unmeasured",
        "line_rescued",
    ):
        made = plan(gap(key))
        assert made.outcome is PlanOutcome.AFTER_REMEDY
        assert made.holds_from is not None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("stands_in_for: [headset_loan]", "excludes: [hedset_loan]", "no remedy is called 'hedset_loan'"),
        ("stands_in_for: [headset_loan]", "stands_in_for: [noise_headset]", "cannot name itself"),
        ("figure: latency_ms, at_most: 70", "figure: latency, at_most: 70", "no figure is called 'latency'"),
        ("figure: latency_ms, at_most: 70", "figure: latency_ms", "says nothing"),
        ("Rien à aménager.", "Rien à {do}.", "words.no_gap.fr"),
        ("once_cents: 6000", "once_cents: -1", "once_cents"),
        ("id: webcam_loan", "id: screen_loan", "comes twice"),
    ],
)
def test_a_faulty_catalogue_says_where(old: str, new: str, said: str) -> None:
    with pytest.raises(EditionError, match=said.replace("(", r"\(")):
        catalogues.read(SHIPPED.replace(old, new))


# What a plan says


def test_nothing_lacking_is_a_match_today() -> None:
    made = plan()
    assert (made.outcome, made.cost_cents, made.holds_from, made.steps) == (PlanOutcome.MATCH, 0, MONDAY, ())
    assert [reason.en for reason in made.reasons] == ["Nothing to arrange."]


def test_one_remedy_that_closes_two_gaps_is_planned_once_although_another_looks_cheaper() -> None:
    made = plan(gap("headset_missing"), gap("room_noisy"))
    assert ids(made) == ["noise_headset"]
    assert made.steps[0].closes == ("headset_missing", "room_noisy")
    assert "A USB headset on loan" in made.steps[0].why.en
    assert made.gaps[0].closed_by == ("noise_headset",)


def test_a_talk_is_named_beside_what_can_be_ordered_and_costs_nothing_yet() -> None:
    made = plan(gap("room_noisy"))
    assert [text.en for text in made.gaps[0].after_talk] == [
        "A start on site, then a gradual move to home.",
        "Other hours, when the place is quiet.",
    ]
    assert made.cost_cents == 16000


def test_what_only_a_talk_settles_is_to_discuss_without_a_date() -> None:
    made = plan(gap("hours_partial", Nature.TALK), gap("headset_missing"))
    assert (made.outcome, made.holds_from) == (PlanOutcome.TO_DISCUSS, None)
    assert ids(made) == ["headset_loan"]
    assert [left.key for left in made.open_gaps] == ["hours_partial"]


def test_a_condition_that_nothing_closes_is_no_for_this_programme_and_names_another() -> None:
    made = plan(gap("language_0", Nature.CONDITION))
    assert made.outcome is PlanOutcome.NO
    assert made.instead[0].en.startswith("Another programme")


def test_dates_count_working_days_and_classes_follow_one_another() -> None:
    lessons = [
        gap(f"skill_{at}", Nature.TRAINING, training=Training(text=words("class"), days=5)) for at in (0, 1)
    ]
    made = plan(*lessons, gap("computer_missing"))
    assert made.outcome is PlanOutcome.AFTER_TRAINING
    assert [step.ready_on for step in made.steps] == [
        date(2026, 12, 1), MONDAY + timedelta(days=7), MONDAY + timedelta(days=14)
    ]  # fmt: skip
    assert (made.delay_days, made.holds_from) == (10, date(2026, 12, 7))
    assert made.cost_cents == 65000 + 10 * CATALOGUE.training.day_cents


def test_a_cable_mends_the_jitter_of_wifi_and_no_other() -> None:
    wifi = plan(gap("x", shortfall=Shortfall(figure="wifi_jitter_ms", value=60, asked=30, is_ceiling=True)))
    wired = plan(gap("x", shortfall=Shortfall(figure="wired_jitter_ms", value=60, asked=30, is_ceiling=True)))
    assert (ids(wifi), ids(wired)) == (["cable_given"], ["router_4g"])
    assert wifi.gaps[0].text.en == "jitter on Wi-Fi (ms): 60 measured, at most 30 asked."


def test_a_line_too_weak_in_two_ways_gets_the_one_thing_that_mends_both() -> None:
    slow = gap("upload_kbps", shortfall=Shortfall(figure="upload_kbps", value=200, asked=1000))
    far = gap("latency_ms", shortfall=Shortfall(figure="latency_ms", value=600, asked=150, is_ceiling=True))
    made = plan(slow, far)
    assert ids(made) == ["router_4g"]
    assert made.steps[0].closes == ("upload_kbps", "latency_ms")
    assert "A faster internet offer, with help to be agreed." in [text.en for text in made.gaps[0].after_talk]


def test_a_questionnaire_s_gap_is_closed_only_by_what_the_questionnaire_names() -> None:
    named = [
        instruments.Remedy(id="third_place", text=words("a seat")),
        instruments.Remedy(id="a_hug", text=words("a hug")),
    ]
    gaps = gaps_of_answers([Gap(about="room_closes", text=words("open"), remedies=tuple(named))])
    made = plan(*gaps)
    assert ids(made) == ["third_place"]
    assert [text.en for text in made.gaps[0].after_talk] == ["a hug"]


def test_a_dearer_set_in_time_is_told_beside_the_cheapest_and_never_instead() -> None:
    slow = thing("slow", once_cents=100, delay_days=10, closes=["x"])
    fast = thing("fast", once_cents=900, delay_days=1, closes=["x"])
    made = plan(gap("x"), catalogue=with_only(slow, fast), start=MONDAY + timedelta(days=4))
    assert (ids(made), made.is_in_time) == (["slow"], False)
    assert made.sooner is not None
    assert (made.sooner.more_cents, made.sooner.holds_from) == (800, MONDAY + timedelta(days=1))
    late = plan(gap("x"), catalogue=with_only(slow), start=MONDAY - timedelta(days=30))
    assert (late.is_in_time, late.sooner) == (False, None)


def test_a_headset_against_noise_is_also_the_headset_that_another_question_names() -> None:
    made = plan(gap("headset", named=("headset_loan",)), gap("noise", named=("noise_headset",)))
    assert ids(made) == ["noise_headset"]
    assert made.outcome is PlanOutcome.AFTER_REMEDY


def test_a_thing_out_of_stock_comes_later_and_refuses_nobody() -> None:
    stocked = thing("cam", once_cents=10, delay_days=2, closes=["x"], stock=3, restock_days=7)
    assert plan(gap("x"), catalogue=with_only(stocked), taken={"cam": 2}).delay_days == 2
    assert plan(gap("x"), catalogue=with_only(stocked), taken={"cam": 3}).delay_days == 9


def test_a_remedy_brings_what_it_needs_and_shuts_out_what_it_excludes() -> None:
    box = thing("box", once_cents=5, closes=["x"], needs=["lock"])
    lock = thing("lock", once_cents=7)
    other = thing("other", once_cents=1, closes=["y"], excludes=["box"])
    dear = thing("dear", once_cents=20, closes=["y"])
    assert ids(plan(gap("x"), catalogue=with_only(box, lock))) == ["box", "lock"]
    assert ids(plan(gap("x"), gap("y"), catalogue=with_only(box, lock, other, dear))) == [
        "box",
        "dear",
        "lock",
    ]
    assert plan(gap("x"), catalogue=with_only(box)).outcome is PlanOutcome.TO_DISCUSS


def test_ties_go_by_delay_then_number_then_id() -> None:
    assert cheapest(1, (Offer("a", 5, 9, (0,)), Offer("b", 5, 2, (0,)))).ids == ("b",)
    assert cheapest(2, (Offer("a", 0, 1, (0,)), Offer("b", 0, 1, (1,)), Offer("c", 0, 1, (0, 1)))).ids == (
        "c",
    )
    assert cheapest(1, (Offer("z", 5, 1, (0,)), Offer("m", 5, 1, (0,)))).ids == ("m",)


# Laws

offers = st.builds(
    lambda name, cost, delay, closes, excludes, needs, turn: Offer(
        name,
        cost,
        delay,
        tuple(sorted(closes)),
        tuple(needs - {name}),
        tuple(excludes - {name} - needs),
        turn,
    ),
    st.sampled_from("abcdef"),
    st.integers(0, 40),
    st.integers(0, 5),
    st.sets(st.integers(0, 3), max_size=3),
    st.sets(st.sampled_from("abcdef"), max_size=1),
    st.sets(st.sampled_from("abcdef"), max_size=1),
    st.booleans(),
)
boards = st.tuples(
    st.integers(0, 4), st.lists(offers, max_size=6, unique_by=lambda offer: offer.id).map(tuple)
)


def worth(taken: tuple[Offer, ...], gaps: int) -> tuple[int, int, int, int, tuple[str, ...]]:
    closed = {at for offer in taken for at in offer.closes if at < gaps}
    turns = sum(offer.delay_days for offer in taken if offer.in_turn)
    delay = max([turns, *(offer.delay_days for offer in taken)], default=0)
    cost = sum(offer.cost_cents for offer in taken)
    return (gaps - len(closed), cost, delay, len(taken), tuple(sorted(offer.id for offer in taken)))


def feasible(taken: tuple[Offer, ...]) -> bool:
    names = {offer.id for offer in taken}
    return all(set(one.needs) <= names and not set(one.excludes) & names for one in taken)


def by_trying_all(gaps: int, known: tuple[Offer, ...]) -> tuple[int, int, int, int, tuple[str, ...]]:
    every = chain.from_iterable(combinations(known, size) for size in range(len(known) + 1))
    return min(worth(taken, gaps) for taken in every if feasible(taken))


def worth_of(choice: Choice) -> tuple[int, int, int, int, tuple[str, ...]]:
    return (len(choice.open_gaps), choice.cost_cents, choice.delay_days, len(choice.ids), choice.ids)


def clipped(gaps: int, known: tuple[Offer, ...]) -> tuple[Offer, ...]:
    return tuple(
        Offer(one.id, one.cost_cents, one.delay_days, tuple(at for at in one.closes if at < gaps),
              one.needs, one.excludes, one.in_turn)
        for one in known
    )  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(boards)
def test_the_choice_is_the_best_of_all_sets_there_are(board: tuple[int, tuple[Offer, ...]]) -> None:
    gaps, known = board[0], clipped(*board)
    assert worth_of(cheapest(gaps, known)) == by_trying_all(gaps, known)


@settings(max_examples=60, deadline=None)
@given(boards, st.integers(0, 5))
def test_more_to_choose_from_never_leaves_more_open_nor_costs_more(
    board: tuple[int, tuple[Offer, ...]], left_out: int
) -> None:
    gaps, known = board[0], clipped(*board)
    fewer = known[:left_out] + known[left_out + 1 :]
    assert worth_of(cheapest(gaps, known))[:2] <= worth_of(cheapest(gaps, fewer))[:2]


@settings(max_examples=60, deadline=None)
@given(boards)
def test_one_more_gap_never_leaves_less_open_nor_costs_less(board: tuple[int, tuple[Offer, ...]]) -> None:
    gaps, known = board
    here, more = cheapest(gaps, clipped(gaps, known)), cheapest(gaps + 1, clipped(gaps + 1, known))
    assert worth_of(more)[:2] >= worth_of(here)[:2]


@settings(max_examples=60, deadline=None)
@given(boards, st.randoms())
def test_the_order_in_which_things_are_offered_changes_nothing(
    board: tuple[int, tuple[Offer, ...]], chance: object
) -> None:
    gaps, known = board[0], list(clipped(*board))
    shuffled = sorted(known, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert cheapest(gaps, tuple(known)) == cheapest(gaps, tuple(shuffled))


ARRANGED = [one for one in CATALOGUE.remedies if one.means is Means.ARRANGE]
bought = st.lists(
    st.sampled_from([gap(key) for one in ARRANGED for key in one.closes])
    | st.sampled_from(ARRANGED).map(lambda one: gap(f"named_{one.id}", named=(one.id,))),
    max_size=8,
)
money = st.integers(0, 10_000_000)


@settings(max_examples=60, deadline=None)
@given(bought, money, st.dictionaries(st.sampled_from([one.id for one in ARRANGED]), st.integers(0, 99)))
def test_nothing_that_money_can_buy_refuses_anyone_whatever_it_costs_and_however_scarce(
    gaps: list[OpenGap], price: int, taken: dict[str, int]
) -> None:
    dear = CATALOGUE.model_copy(
        update={"remedies": tuple(one.model_copy(update={"once_cents": price}) for one in CATALOGUE.remedies)}
    )
    made = plan(*gaps, catalogue=dear, taken=taken)
    assert made.outcome in (PlanOutcome.MATCH, PlanOutcome.AFTER_REMEDY)
    assert made.holds_from is not None


@settings(max_examples=40, deadline=None)
@given(bought)
def test_a_plan_adds_up_and_names_a_reason_for_each_step(gaps: list[OpenGap]) -> None:
    made = plan(*gaps)
    assert made.cost_cents == sum(step.cost_cents for step in made.steps) == sum(made.cents_by_payer.values())
    assert made.cost_cents == made.once_cents + made.months * made.monthly_cents
    assert all(step.why.fr and step.why.en for step in made.steps)
    assert all(planned.closed_by for planned in made.gaps)
    assert RemedyPlan.model_validate(made.model_dump(mode="json")) == made


def test_a_remedy_never_makes_a_figure_worse() -> None:
    assert Effect(figure="up", at_least=8000).after(9000) == 9000
    assert Effect(figure="trip", at_most=70).after(20) == 20
    assert Effect(figure="jitter", cut_percent=90).after(1) == 1
