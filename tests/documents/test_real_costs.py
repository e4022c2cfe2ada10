from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.allowances import AgreementKind, AllowanceMode, MonthWorked, statement
from documents.rates import RatesError, read
from documents.real_costs import Cost, CostsRefused, HomeArea, state_costs

MARCH = date(2026, 3, 1)
SEVENTY = HomeArea(home_m2=Decimal(70), work_m2=Decimal(10))


def cost(nature, cents, **more):
    return Cost(nature=nature, amount_cents=cents, **({"receipt": "facture 1"} | more))


def test_the_example_of_urssaf_keeps_its_cents(law):
    made = state_costs(law, [cost("rent", 35000), cost("home_insurance", 1500)], month=MARCH, area=SEVENTY)
    assert (made.exempt_cents, made.taxable_cents) == (5214, 0)
    assert len(made.lines) == 1


def test_the_older_example_of_urssaf_with_the_housing_tax_of_its_time(law):
    costs = [cost("rent", 37000), cost("housing_tax", 3500), cost("home_insurance", 1500)]
    assert state_costs(law, costs, month=date(2022, 3, 1), area=SEVENTY).exempt_cents == 6000
    refused = state_costs(law, costs, month=MARCH, area=SEVENTY)
    assert [fault.field for fault in refused.faults] == ["costs.2.nature"]


def test_fixed_and_variable_costs_each_round_once(law):
    costs = [
        cost("rent", 72000),
        cost("local_taxes", 1200),
        cost("home_insurance", 1800),
        cost("electricity", 9500),
    ]
    area = HomeArea(home_m2=Decimal(54), work_m2=Decimal(9))
    made = state_costs(law, costs, month=MARCH, area=area)
    assert [line.exempt_cents for line in made.lines] == [12500, 1583]


def test_half_of_a_chair_that_the_person_keeps_is_exempt(law):
    whole = state_costs(law, [cost("furniture_bought", 24000, paid_cents=24000)], month=MARCH)
    assert (whole.exempt_cents, whole.taxable_cents, whole.apart_cents) == (12000, 12000, 12000)
    assert state_costs(law, [cost("furniture_bought", 24000)], month=MARCH).paid_cents == 12000


@pytest.mark.parametrize(
    ("home", "work", "field"),
    [
        ("70", "71", "area.work_m2"),
        ("0", "0", "area.home_m2"),
        ("-70", "10", "area.home_m2"),
        ("70", "-1", "area.work_m2"),
    ],
)
def test_an_area_that_cannot_be_is_refused_with_its_place(law, home, work, field):
    area = HomeArea(home_m2=Decimal(home), work_m2=Decimal(work))
    refused = state_costs(law, [cost("rent", 35000)], month=MARCH, area=area)
    assert isinstance(refused, CostsRefused)
    assert [fault.field for fault in refused.faults] == [field]


def test_the_electrical_diagnosis_is_exempt_as_a_whole_and_stands_apart(law):
    made = state_costs(law, [cost("diagnosis", 9900), cost("adaptation", 15000)], month=MARCH)
    assert (made.exempt_cents, made.apart_cents, made.in_flat_rate_cents) == (24900, 24900, 0)


def test_what_is_lent_is_not_reimbursed(law):
    made = state_costs(law, [cost("hardware_lent", 80000, paid_cents=1000)], month=MARCH)
    assert (made.exempt_cents, made.taxable_cents) == (0, 1000)
    assert "prêté" in made.reasons[-1]


def test_the_share_of_a_connection_is_given_and_asks_for_a_confirmation(law):
    made = state_costs(law, [cost("connection", 3999, share_percent=50)], month=MARCH)
    assert made.exempt_cents == 2000
    assert [one.figure for one in made.unconfirmed] == ["real-costs/connection/2021-04-01"]
    lacking = state_costs(law, [cost("connection", 3999)], month=MARCH)
    assert [fault.field for fault in lacking.faults] == ["costs.1.share_percent"]


def test_a_metered_share_replaces_the_area(law):
    assert state_costs(law, [cost("electricity", 9500, share_percent=20)], month=MARCH).exempt_cents == 1900


def test_nothing_is_exempt_without_a_receipt(law):
    costs = [cost("rent", 35000, receipt=""), cost("consumables", 1000, receipt="", paid_cents=1000)]
    made = state_costs(law, costs, month=MARCH, area=SEVENTY)
    assert (made.exempt_cents, made.taxable_cents) == (0, 6000)
    assert all("sans justificatif" in line.working for line in made.lines)


def test_the_agreement_comes_before_the_spending(law):
    late = cost("diagnosis", 9900, spent_on=date(2026, 3, 2), agreed_on=date(2026, 3, 3))
    assert any(
        "se donne avant la dépense" in reason for reason in state_costs(law, [late], month=MARCH).reasons
    )
    fine = late.model_copy(update={"agreed_on": date(2026, 3, 2)})
    assert len(state_costs(law, [fine], month=MARCH).reasons) == 1


def test_every_fault_is_told_at_once(law):
    costs = [
        cost("yacht", 100),
        cost("consumables", -1),
        cost("rent", 100, share_percent=10),
        cost("rent", 1, paid_cents=-1),
    ]
    refused = state_costs(law, costs, month=MARCH, area=SEVENTY)
    assert [fault.field for fault in refused.faults] == [
        "costs.1.nature",
        "costs.2.amount_cents",
        "costs.3.share_percent",
        "costs.4.paid_cents",
    ]


def test_what_is_paid_is_said_of_a_whole_family(law):
    half = [cost("rent", 35000, paid_cents=4000), cost("home_insurance", 1500)]
    refused = state_costs(law, half, month=MARCH, area=SEVENTY)
    assert [fault.field for fault in refused.faults] == ["costs.2.paid_cents"]


def test_a_date_before_the_table_and_a_lacking_area_are_refused(law):
    early = state_costs(law, [cost("rent", 35000)], month=date(2019, 1, 1), area=SEVENTY)
    assert "01/01/2019" in early.faults[0].detail
    assert "surface" in state_costs(law, [cost("rent", 35000)], month=MARCH).faults[0].detail


def test_proven_costs_keep_a_higher_allowance_exempt(law):
    costs = state_costs(
        law, [cost("rent", 35000), cost("furniture_bought", 24000)], month=MARCH, area=SEVENTY
    )
    made = statement(
        law,
        MonthWorked(month=MARCH, days=10),
        mode=AllowanceMode.PER_DAY,
        agreement=AgreementKind.NONE,
        paid_cents=6000,
        receipts_cents=costs.in_flat_rate_cents,
    )
    assert (costs.in_flat_rate_cents, costs.apart_cents) == (5000, 12000)
    assert (made.exempt_cents, made.taxable_cents) == (5000, 1000)


@settings(deadline=None)  # other work on the machine is no fault
@given(
    st.lists(st.integers(0, 200_000), min_size=1, max_size=6),
    st.integers(1, 20_000),
    st.integers(0, 20_000),
)
def test_the_share_never_exceeds_what_was_spent(law, amounts, home, work):
    area = HomeArea(home_m2=Decimal(home) / 100, work_m2=Decimal(min(home, work)) / 100)
    made = state_costs(law, [cost("rent", one) for one in amounts], month=MARCH, area=area)
    assert 0 <= made.exempt_cents <= sum(amounts)
    assert made.exempt_cents + made.taxable_cents == made.paid_cents
    assert made.paid_cents == sum(line.paid_cents for line in made.lines)


def test_two_subscriptions_are_vouched_for_together(law):
    made = state_costs(
        law,
        [cost("connection", 3999, share_percent=50), cost("connection", 1999, share_percent=50)],
        month=MARCH,
    )
    assert [one.amount_cents for one in made.unconfirmed] == [5998]


def test_a_part_without_its_percentage_is_no_edition(law_texts):
    text = law_texts["rates/real-costs/2026.yaml"].replace("    percent: 50\n", "", 1)
    with pytest.raises(RatesError, match="furniture_bought"):
        read(text)


def test_no_pack_rests_on_the_table_of_real_costs(law):
    assert not [name for name in law.editions if name.startswith("real-costs")]
