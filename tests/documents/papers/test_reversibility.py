from datetime import date

import pytest

from documents.faults import Fault
from documents.kinds import DocumentKind, Signatory
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.REVERSIBILITY_LETTER
MOVED, FOR_POSTS, PROPOSED = (
    "moved-later-the-person-asks",
    "hired-for-it-the-person-asks",
    "hired-for-it-the-employer-asks",
)
TODAY = ISSUED_AT.date()


def faults(law, facts):
    return [(item.fault, item.field) for item in check_paper(KIND, facts, law=law, issued_at=ISSUED_AT)]


def said(law, facts):
    return words_of(plan_of(KIND, facts, law).html).replace("\u00a0", " ")


def dates(law, facts):
    return {item.what: (item.on, item.holder) for item in PAPERS[KIND].deadlines(facts, law, TODAY)}


def test_who_was_moved_to_telework_comes_back_to_the_same_post(law):
    words = said(law, facts_of(KIND, MOVED))
    assert "Le télétravail a été mis en place après votre embauche : il peut prendre fin" in words
    assert "Premier jour sur site lundi 4 janvier 2027" in words
    assert "Mosaïque Part-Dieu, 27 rue de la Maquette, 69003 Lyon" in words
    assert "prennent fin avec le télétravail, le 03/01/2027" in words
    assert "aucun texte ne fixe de formule" in words
    assert plan_of(KIND, facts_of(KIND, MOVED), law).signatories == (Signatory.EMPLOYER,)


def test_a_return_brings_its_dates(law):
    found = dates(law, facts_of(KIND, MOVED))
    assert found["Rendre le matériel"] == (date(2027, 1, 8), "person")
    assert found["Préparer le poste sur site"] == (date(2027, 1, 4), "employer")
    assert found["Arrêter l'allocation de télétravail et l'indemnité d'occupation"] == (
        date(2027, 1, 3),
        "employer",
    )


def test_who_was_hired_for_telework_has_a_priority_and_no_automatic_return(law):
    words = said(law, facts_of(KIND, FOR_POSTS))
    assert "le retour sur site n’est donc pas automatique" in words
    assert "Chargée, chargé de planification" in words
    assert "votre contrat continue sans changement" in words
    assert "Premier jour sur site" not in words
    assert dates(law, facts_of(KIND, FOR_POSTS)) == {
        "Dire quel poste sans télétravail intéresse": (date(2027, 1, 8), "person")
    }


def test_no_vacant_post_is_said_with_the_day_of_the_next_look(law):
    facts = with_fact(facts_of(KIND, FOR_POSTS), "details.vacant_posts", [])
    words = said(law, facts)
    assert "aucun poste sans télétravail correspondant à vos qualifications n’est vacant" in words
    assert "l’employeur vérifie à nouveau au plus tard le vendredi 8 janvier 2027" in words
    assert dates(law, facts) == {
        "Vérifier à nouveau les postes sans télétravail vacants": (date(2027, 1, 8), "employer")
    }


def test_posts_are_checked_before_anything_is_said_of_them(law):
    facts = with_fact(facts_of(KIND, FOR_POSTS), "details.posts_checked_on", None)
    assert faults(law, facts) == [(Fault.ABSENT, "details.posts_checked_on")]
    later = with_fact(facts_of(KIND, FOR_POSTS), "details.posts_checked_on", "2026-12-01")
    assert faults(law, later) == [(Fault.INCONSISTENT, "details.posts_checked_on")]


def test_the_employer_may_only_propose_a_return_to_who_was_hired_for_telework(law):
    facts = facts_of(KIND, PROPOSED)
    words = said(law, facts)
    assert "Ce changement demande votre accord. Le refuser n’est pas une faute." in words
    assert "Votre silence vaut refus" in words
    plan = plan_of(KIND, facts, law)
    assert plan.signatories == (Signatory.EMPLOYER, Signatory.PERSON)
    assert plan.title == "Proposition de retour sur site – Aminata Diallo"
    answer = dates(law, facts)["Répondre à la proposition de retour ; le silence vaut refus"]
    assert answer == (date(2026, 12, 6), "person")


def test_within_the_adaptation_period_either_side_may_end_telework(law):
    facts = with_fact(facts_of(KIND, PROPOSED), "details.telework_origin", "amendment")
    assert "il prend fin d’un commun accord" in said(law, facts)
    adapting = with_fact(facts, "details.is_in_adaptation", True)
    words = said(law, adapting)
    assert "La période d’adaptation court encore" in words
    assert "Votre silence vaut refus" not in words
    assert plan_of(KIND, adapting, law).signatories == (Signatory.EMPLOYER,)


def test_an_employer_who_asks_says_why(law):
    facts = with_fact(facts_of(KIND, PROPOSED), "details.reason", None)
    assert faults(law, facts) == [(Fault.ABSENT, "details.reason")]
    of_health = with_fact(facts_of(KIND, PROPOSED), "details.reason", "Votre état après votre maladie.")
    assert faults(law, of_health) == [(Fault.INCONSISTENT, "details.reason")]


@pytest.mark.parametrize(
    ("field", "value", "stopped"),
    [
        ("return_on", "2026-12-15", True),
        ("return_on", "2026-12-16", False),
        ("asked_on", "2026-11-22", True),
        ("asked_on", "2024-01-01", True),
        ("equipment_back_by", "2027-01-03", True),
        ("equipment_back_by", "2027-01-04", False),
    ],
)
def test_a_return_leaves_the_notice_and_the_tools_until_its_day(law, field, value, stopped):
    facts = with_fact(facts_of(KIND, MOVED), f"details.{field}", value)
    assert faults(law, facts) == ([(Fault.INCONSISTENT, f"details.{field}")] if stopped else [])


def test_a_proposal_does_not_take_effect_before_the_answer(law):
    facts = with_fact(facts_of(KIND, PROPOSED), "details.notice_days", 0)
    assert faults(law, with_fact(facts, "details.return_on", "2026-12-06")) == [
        (Fault.INCONSISTENT, "details.return_on")
    ]
    assert faults(law, with_fact(facts, "details.return_on", "2026-12-07")) == []


@pytest.mark.parametrize("field", ["notice_days", "return_on", "equipment_back_by", "equipment_way"])
def test_what_a_return_must_say_is_named_where_it_is_filled_in(law, field):
    facts = with_fact(facts_of(KIND, MOVED), f"details.{field}", None)
    assert faults(law, facts) == [(Fault.ABSENT, f"details.{field}")]
