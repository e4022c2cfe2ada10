from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.money import NO_BREAK
from documents.packs import PackRefused
from documents.papers.cost_statements import CostNature
from documents.real_costs import Cost, HomeArea, less_allowance, state_costs
from tests.documents.papers.reading import facts_of, plan_of, with_fact, words_of
from tests.documents.test_real_costs import MARCH

KIND = DocumentKind.REAL_COST_STATEMENT
BY_AREA, BESIDE, METERED = "month-by-area", "furniture-beside-allowance", "connection-without-receipt"


def told(facts, law):
    plan = plan_of(KIND, facts, law)
    assert not isinstance(plan, PackRefused), plan
    return words_of(plan.html).replace(NO_BREAK, " ")


def stopped(facts, law):
    plan = plan_of(KIND, facts, law)
    assert isinstance(plan, PackRefused)
    return {(item.fault, item.field) for item in plan.missing}


def test_every_nature_of_the_law_can_be_chosen(law):
    assert {row.nature for row in law.real_costs} == {nature.value for nature in CostNature}


def test_the_month_by_area_says_its_working_to_the_cent(law):
    said = told(facts_of(KIND, BY_AREA), law)
    assert "(720,00 € + 12,00 € + 18,00 €) × 9 m² / 54 m², soit 125,00 €" in said
    assert "15,83 €" in said
    assert "Remboursement 140,83 €" in said


def test_half_of_the_chair_is_taxable_and_current_costs_are_not_paid_beside_the_allowance(law):
    said = told(facts_of(KIND, BESIDE), law)
    assert "240,00 € × 50 %, soit 120,00 € 240,00 € 120,00 € 120,00 €" in said
    assert "−26,40 € −26,40 € 0,00 €" in said
    assert "Remboursement 429,54 € 309,54 € 120,00 €" in said


def test_what_has_no_receipt_is_taxable_and_said_so(law):
    assert (
        "12,40 €, en entier ; sans justificatif, tout est soumis à cotisations 12,40 € 0,00 € 12,40 €"
        in told(facts_of(KIND, METERED), law)
    )


def test_an_agreement_after_the_spending_stops_the_statement(law):
    late = with_fact(facts_of(KIND, BESIDE), "details.costs.1.agreed_on", "2026-09-09")
    assert stopped(late, law) == {(Fault.INCONSISTENT, "details.costs.1.agreed_on")}
    on_the_day = with_fact(facts_of(KIND, BESIDE), "details.costs.1.agreed_on", "2026-09-08")
    assert "08/09/2026" in told(on_the_day, law)


def test_the_share_of_a_subscription_waits_for_a_named_person(law):
    bare = with_fact(facts_of(KIND, METERED), "confirmations", [])
    assert stopped(bare, law) == {(Fault.UNCONFIRMED, "confirmations.real-costs/connection/2021-04-01")}
    assert "vérifié par Claire Delmas le 10/11/2026" in told(facts_of(KIND, METERED), law)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("month", None, Fault.ABSENT),
        ("agreed_on", None, Fault.ABSENT),
        ("agreed_by", None, Fault.ABSENT),
        ("costs", [], Fault.ABSENT),
        ("costs.0.spent_on", None, Fault.ABSENT),
        ("work_m2", "55", Fault.INCONSISTENT),
        ("home_m2", "0", Fault.INCONSISTENT),
        ("costs.0.share_percent", 20, Fault.INCONSISTENT),
        ("costs.0.spent_on", "2026-12-01", Fault.INCONSISTENT),
        ("costs.1.nature", "housing_tax", Fault.INCONSISTENT),
    ],
)
def test_what_is_absent_or_cannot_be_is_named_at_its_field(law, field, value, fault):
    path = f"details.{field}"
    assert (fault, path) in stopped(with_fact(facts_of(KIND, BY_AREA), path, value), law)


def test_without_areas_what_is_shared_by_area_is_refused(law):
    bare = with_fact(facts_of(KIND, BY_AREA), "details.home_m2", None)
    bare = with_fact(bare, "details.work_m2", None)
    assert (Fault.INCONSISTENT, "details.costs.0.nature") in stopped(bare, law)


@settings(deadline=None)  # other work on the machine is no fault
@given(allowance=st.integers(0, 30_000), rent=st.integers(0, 200_000), chair=st.integers(0, 50_000))
def test_an_allowance_never_reduces_furniture_and_never_more_than_its_own_costs(law, allowance, rent, chair):
    made = state_costs(
        law,
        [
            Cost(nature="rent", amount_cents=rent, receipt="r"),
            Cost(nature="furniture_bought", amount_cents=chair, paid_cents=chair, receipt="r"),
        ],
        month=MARCH,
        area=HomeArea(home_m2=Decimal(54), work_m2=Decimal(9)),
    )
    left = less_allowance(made, allowance_cents=allowance)
    assert left.paid_cents == left.exempt_cents + left.taxable_cents == made.paid_cents - left.deducted_cents
    assert left.paid_cents >= chair
    assert left.taxable_cents == made.taxable_cents
    assert left.deducted_cents == min(allowance, made.in_flat_rate_cents)


@pytest.mark.parametrize("slug", [BY_AREA, BESIDE, METERED])
def test_the_statement_is_two_pages(issued, slug):
    assert len(issued(KIND, slug).pages) == 2
