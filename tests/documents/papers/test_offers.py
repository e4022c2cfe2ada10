from datetime import UTC, date, datetime

import pytest

from documents.facts import PackFacts
from documents.faults import Fault
from documents.kinds import DocumentKind, Signatory
from documents.packs import DocumentPlan, PackRefused
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from tests.documents.conftest import example
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.OFFER_LETTER
OFFER = "offer-cdi"


def said(facts, law, **more):
    plan = plan_of(KIND, facts, law, **more)
    assert isinstance(plan, DocumentPlan), plan
    return words_of(plan.html)


def stopped(facts, law, *, issued_at=ISSUED_AT):
    return {(item.field, item.fault) for item in check_paper(KIND, facts, law=law, issued_at=issued_at)}


def test_an_offer_says_job_pay_start_and_how_long_it_holds(law):
    words = said(facts_of(KIND, OFFER), law)
    assert "1 920,00 € brut par mois" in words
    assert "lundi 7 décembre 2026 à 9 h" in words
    assert "Elle vaut jusqu’au lundi 30 novembre 2026" in words
    assert "Votre silence ne vaut pas accord" in words
    assert "Le minimum dû au 07/12/2026 est de 1 867,02 € (SMIC)" in words


def test_a_promise_binds_where_an_offer_may_be_taken_back(law):
    offer = facts_of(KIND, OFFER)
    promise = with_fact(offer, "details.commitment", "promise")
    assert "il vous devrait réparation, mais le contrat ne serait pas formé" in said(offer, law)
    assert "l’employeur ne peut plus revenir dessus" in said(promise, law)
    assert plan_of(KIND, promise, law).title == "Promesse d’embauche – Maïwenn Le Goff"


def test_both_sign_and_the_person_accepts(law):
    plan = plan_of(KIND, facts_of(KIND, OFFER), law)
    assert plan.signatories == (Signatory.EMPLOYER, Signatory.PERSON)
    assert "« Bon pour accord »" in words_of(plan.html)


def test_the_social_security_number_is_not_asked_before_the_answer(law):
    assert "il ne vous est pas demandé avant" in said(facts_of(KIND, OFFER), law)
    assert "nir" not in PAPERS[KIND].facts.model_fields["details"].annotation.model_fields


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("details.answer_by", "2026-11-20", "details.answer_by"),
        ("details.answer_by", "2026-12-08", "details.answer_by"),
        ("details.start_date", "2026-11-20", "details.start_date"),
        ("details.trial_months", 3, "details.trial_months"),
        ("details.is_trial_renewable", True, "details.is_trial_renewable"),
        ("details.shifts.0.end", "08:00", "details.shifts"),
        ("details.shifts.9.end", "23:59", "details.shifts"),
        ("person.birth_date", "2012-01-01", "person.birth_date"),
    ],
)
def test_what_contradicts_itself_or_the_law_stops_the_offer(law, path, value, field):
    found = stopped(with_fact(facts_of(KIND, OFFER), path, value), law)
    assert (field, Fault.INCONSISTENT) in found


def test_a_pay_below_the_minimum_of_its_day_is_refused_in_words(law):
    facts = with_fact(facts_of(KIND, OFFER), "details.monthly_pay_cents", 186701)
    refused = plan_of(KIND, facts, law)
    assert isinstance(refused, PackRefused)
    (item,) = refused.missing
    assert (item.field, item.fault) == ("details.monthly_pay_cents", Fault.BELOW_MINIMUM)
    assert "1 867,02 €" in item.label.replace("\u00a0", " ")
    assert isinstance(plan_of(KIND, with_fact(facts, "details.monthly_pay_cents", 186702), law), DocumentPlan)


def test_an_offer_rests_on_no_figure_that_nobody_vouched_for(law):
    facts = facts_of(KIND, OFFER).model_copy(update={"confirmations": ()})
    assert {fault for _, fault in stopped(facts, law)} == {Fault.UNCONFIRMED}


def test_a_coefficient_without_data_is_named(law):
    found = stopped(with_fact(facts_of(KIND, OFFER), "details.coefficient", 141), law)
    assert ("details.start_date", Fault.NO_FIGURE) in found


def test_a_fixed_term_offer_needs_its_end_and_its_motive(law):
    facts = facts_of(KIND, "promise-cdd-part-time")
    for path in ("details.end_date", "details.reason", "details.reason_detail"):
        assert (path, Fault.ABSENT) in stopped(with_fact(facts, path, None), law)


def test_the_answer_is_a_deadline_of_the_person(law):
    (deadline,) = PAPERS[KIND].deadlines(facts_of(KIND, OFFER), law, ISSUED_AT.date())
    assert (deadline.on, deadline.holder) == (date(2026, 11, 30), "person")


def test_a_hiring_fills_most_of_the_offer(law):
    hiring = example("cdi-full-time")
    assert isinstance(hiring, PackFacts)
    facts = PAPERS[KIND].facts(
        employer=hiring.employer,
        person=hiring.person,
        confirmations=hiring.confirmations,
        details={
            **PAPERS[KIND].prefill(hiring),
            "answer_by": date(2026, 11, 30),
            "answer_to": "recrutement@rivage.example",
        },
    )
    assert "Énergie verte, service clients" in said(facts, law)


def test_an_offer_of_long_ago_is_held_against_the_law_of_its_day(law):
    facts = facts_of(KIND, OFFER)
    facts = with_fact(with_fact(facts, "details.start_date", "2026-05-04"), "details.answer_by", "2026-04-20")
    early = datetime(2026, 4, 10, 9, tzinfo=UTC)
    named = {item.field for item in check_paper(KIND, facts, law=law, issued_at=early)}
    assert "confirmations.smic/france/2026-06-01" not in named
