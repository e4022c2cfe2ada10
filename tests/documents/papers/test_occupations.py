import pytest

from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.money import NO_BREAK
from documents.packs import PackRefused
from documents.papers import occupations
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.OCCUPATION_LETTER
AGREED, BY_VALUE, SHORT = "agreed-sum", "rental-value-no-premises", "fixed-term"


def told(facts, law):
    """What the letter says, or the fields that stop it."""
    plan = plan_of(KIND, facts, law)
    if isinstance(plan, PackRefused):
        return [item.field for item in plan.missing]
    return words_of(plan.html).replace(NO_BREAK, " ")


def test_the_sum_of_a_month_follows_from_rent_areas_and_time_of_use(law):
    said = told(facts_of(KIND, BY_VALUE), law)
    assert "860,00 € × 9,2 m² / 74,5 m² × 60 %" in said
    assert "Montant d’un mois complet 63,72 €" in said


def test_a_month_begun_on_the_way_gives_its_days_of_the_calendar(law):
    assert "30,00 € convenus par mois × 25 / 31 jours 24,19 €" in told(facts_of(KIND, AGREED), law)
    whole = with_fact(facts_of(KIND, AGREED), "details.start", "2026-12-01")
    assert "décembre 2026, mois commencé" not in told(whole, law)


def test_months_gone_by_are_added_up_one_by_one(law):
    said = told(facts_of(KIND, BY_VALUE), law)
    assert "Pour 8 mois écoulés" in said
    assert "478,93 €" in said
    assert "Mois déjà écoulés" not in told(facts_of(KIND, AGREED), law)


def test_what_no_text_settles_is_said_and_what_payroll_chose_too(law):
    assert "Aucun texte trouvé ne dit si cette indemnité porte cotisations" in told(
        facts_of(KIND, AGREED), law
    )
    assert "Le service de paie le fixe" in told(facts_of(KIND, AGREED), law)
    assert "soumise à cotisations par prudence" in told(facts_of(KIND, BY_VALUE), law)


@pytest.mark.parametrize(
    "field",
    ["reason", "work_area", "home_m2", "work_m2", "agreed_cents", "start", "telework_agreed_on"],
)
def test_what_the_letter_needs_is_named_where_it_is_filled_in(law, field):
    assert f"details.{field}" in told(with_fact(facts_of(KIND, AGREED), f"details.{field}", None), law)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("work_m2", "63"),
        ("home_m2", "0"),
        ("end", "2026-12-01"),
        ("telework_agreed_on", "2026-12-08"),
        ("agreed_cents", 0),
    ],
)
def test_what_cannot_be_stops_the_letter_at_its_field(law, field, value):
    plan = plan_of(KIND, with_fact(facts_of(KIND, AGREED), f"details.{field}", value), law)
    assert {item.field for item in plan.missing} == {f"details.{field}"}
    assert {item.fault for item in plan.missing} == {Fault.INCONSISTENT}


def test_the_review_becomes_a_task_of_the_employer(law):
    (due,) = PAPERS[KIND].deadlines(facts_of(KIND, AGREED), law, ISSUED_AT.date())
    assert (due.on.isoformat(), due.holder) == ("2027-12-01", "employer")
    assert PAPERS[KIND].deadlines(facts_of(KIND, SHORT), law, ISSUED_AT.date()) == ()


def test_a_hiring_for_work_at_home_fills_in_reason_sum_and_start(full_time):
    given = PAPERS[KIND].prefill(full_time)
    assert given["agreed_cents"] == full_time.offer.occupation_indemnity_cents
    assert given["telework_agreed_on"] == full_time.will.person_agreed_on
    assert given["reason"] is occupations.OccupationReason.TELEWORK_AGREED


@pytest.mark.parametrize("slug", [AGREED, BY_VALUE, SHORT])
def test_the_letter_is_two_pages_at_most(issued, slug):
    assert len(issued(KIND, slug).pages) <= 2
