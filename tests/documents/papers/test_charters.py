from datetime import date

import pytest

from documents.faults import Fault
from documents.kinds import DocumentKind, Signatory
from documents.packs import PackRefused
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

CHARTER, RECEIPT = DocumentKind.TELEWORK_CHARTER, DocumentKind.CHARTER_ACKNOWLEDGEMENT
COUNCIL, SMALL, SILENT = (
    "third-version-with-a-council",
    "first-version-in-a-small-firm",
    "council-silent-no-tools",
)
TODAY = ISSUED_AT.date()
SIX_ITEMS = {
    "1° conditions de passage": ["eligible", "most_days"],
    "1° épisode de pollution": ["pollution"],
    "1° conditions de retour": ["return_conditions", "return_notice_days"],
    "2° acceptation": ["acceptance"],
    "3° contrôle du temps, charge": ["time_control", "workload"],
    "4° plages de contact": ["contact_start", "contact_end"],
    "5° travailleurs handicapés": ["disabled_access"],
    "6° salariées enceintes": ["pregnant_access"],
}


def faults(law, kind, facts):
    return [(item.fault, item.field) for item in check_paper(kind, facts, law=law, issued_at=ISSUED_AT)]


def said(law, kind, slug):
    return words_of(plan_of(kind, facts_of(kind, slug), law).html).replace("\u00a0", " ")


@pytest.mark.parametrize("field", [field for fields in SIX_ITEMS.values() for field in fields])
def test_a_charter_without_one_of_the_six_items_is_refused_and_the_item_named(law, field):
    facts = facts_of(CHARTER, COUNCIL)
    empty = [] if field == "eligible" else None
    plan = plan_of(CHARTER, with_fact(facts, f"details.{field}", empty), law)
    assert isinstance(plan, PackRefused)
    assert [(item.fault, item.field) for item in plan.missing] == [(Fault.ABSENT, f"details.{field}")]
    assert plan.missing[0].article.startswith("L1222-9 II")


def test_a_charter_with_nothing_yet_names_all_six_items_at_once(law):
    bare = PAPERS[CHARTER].facts.model_validate({"employer": {}})
    named = {field for _, field in faults(law, CHARTER, bare)}
    assert {f"details.{field}" for fields in SIX_ITEMS.values() for field in fields} <= named


@pytest.mark.parametrize(
    "field",
    ["costs", "occupation", "equipment", "disconnection", "isolation", "effective_on", "appeal_contact"],
)
def test_what_a_charter_needs_beyond_the_six_items_is_wanted_too(law, field):
    facts = with_fact(facts_of(CHARTER, COUNCIL), f"details.{field}", None)
    assert faults(law, CHARTER, facts) == [(Fault.ABSENT, f"details.{field}")]


def test_a_works_council_gives_its_opinion_before_the_charter_exists(law):
    facts = facts_of(CHARTER, COUNCIL)
    none_yet = with_fact(facts, "details.council_opinion_on", None)
    assert faults(law, CHARTER, none_yet) == [(Fault.ABSENT, "details.council_opinion_on")]
    later = with_fact(facts, "details.council_opinion_on", "2026-12-01")
    assert faults(law, CHARTER, later) == [(Fault.INCONSISTENT, "details.council_opinion_on")]
    too_soon = with_fact(facts, "details.effective_on", "2026-11-01")
    assert (Fault.INCONSISTENT, "details.effective_on") in faults(law, CHARTER, too_soon)


def test_the_opinion_and_its_date_or_why_there_is_none_stand_in_the_charter(law):
    assert "Son avis, du jeudi 12 novembre 2026, est favorable." in said(law, CHARTER, COUNCIL)
    assert "réputé donné" in said(law, CHARTER, SILENT)
    assert "sans avis du comité social et économique : l'entreprise compte moins de onze" in said(
        law, CHARTER, SMALL
    )
    unexplained = with_fact(facts_of(CHARTER, SMALL), "details.council_absence", None)
    assert faults(law, CHARTER, unexplained) == [(Fault.ABSENT, "details.council_absence")]


def test_a_charter_has_no_room_beside_a_collective_agreement(law):
    facts = with_fact(facts_of(CHARTER, COUNCIL), "employer.telework_basis", "company")
    assert faults(law, CHARTER, facts) == [(Fault.INCONSISTENT, "employer.telework_basis")]


def test_a_charter_names_nobody_and_one_side_signs_it(law):
    plan = plan_of(CHARTER, facts_of(CHARTER, COUNCIL), law)
    assert plan.signatories == (Signatory.EMPLOYER,)
    assert plan.title == "Charte de télétravail – Rivage Relation Client"


def test_the_charter_shows_what_the_law_leaves_open(law):
    words = said(law, CHARTER, COUNCIL)
    assert "Une charte n’ouvre pas les plafonds relevés" in words
    assert "aucun texte trouvé ne dit si l’indemnité d’occupation" in words


def test_a_charter_brings_its_receipts_the_risk_record_and_a_review(law):
    found = {item.what: item.on for item in PAPERS[CHARTER].deadlines(facts_of(CHARTER, COUNCIL), law, TODAY)}
    assert found["Revoir la charte"] == date(2029, 1, 15)
    assert list(found.values())[:2] == [date(2027, 1, 15)] * 2


def test_a_receipt_says_which_version_and_that_it_is_no_consent(law):
    words = said(law, RECEIPT, "new-version-by-hand")
    assert "Version remise 3, applicable le vendredi 15 janvier 2027" in words
    assert "n’est pas accepter de télétravailler" in words
    assert "cette version remplace la version 2, du 2 mars 2026" in words
    assert "9f2c1b7ad04e6c5583ab1e90f4d27c66" in said(law, RECEIPT, "on-line-with-its-hash")


def test_a_new_version_says_what_changes(law):
    facts = with_fact(facts_of(RECEIPT, "new-version-by-hand"), "details.changes", [])
    assert faults(law, RECEIPT, facts) == [(Fault.ABSENT, "details.changes")]


@pytest.mark.parametrize(("field", "value"), [("answer_by", "2026-11-20"), ("replaced_version", "3")])
def test_a_receipt_that_contradicts_itself_is_refused(law, field, value):
    facts = with_fact(facts_of(RECEIPT, "new-version-by-hand"), f"details.{field}", value)
    assert faults(law, RECEIPT, facts) == [(Fault.INCONSISTENT, f"details.{field}")]


def test_the_person_has_until_the_day_that_the_receipt_names(law):
    (found,) = PAPERS[RECEIPT].deadlines(facts_of(RECEIPT, "first-version-by-mail"), law, TODAY)
    assert (found.on, found.holder) == (date(2027, 1, 29), "person")
