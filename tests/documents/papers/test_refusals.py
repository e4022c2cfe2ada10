from datetime import date

import pytest

from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.papers.issuing import check_paper
from documents.papers.refusals import RefusalDetails
from documents.papers.shelf import PAPERS, examples_of
from documents.papers.telework import sensitive_word
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.REASONED_REFUSAL
CARDS, PREMISES = "card-data-on-site-only", "post-tied-to-the-premises"


def faults(law, facts):
    return [(item.fault, item.field) for item in check_paper(KIND, facts, law=law, issued_at=ISSUED_AT)]


def said(law, slug):
    return words_of(plan_of(KIND, facts_of(KIND, slug), law).html).replace("\u00a0", " ")


def test_a_refusal_gives_objective_reasons_with_their_facts_and_who_looks_again(law):
    words = said(law, CARDS)
    assert "Sécurité des données de paiement. Le contrat du programme impose" in words
    assert "recours@rivage.example" in words
    assert "Marc Le Dantec, responsable du programme a pris cette décision" in words
    assert "Aucun calcul ni aucun programme n’a décidé" in words


@pytest.mark.parametrize("field", ["reasons", "solutions"])
def test_a_refusal_without_reasons_or_without_a_search_for_solutions_is_stopped(law, field):
    facts = with_fact(facts_of(KIND, CARDS), f"details.{field}", [])
    assert faults(law, facts) == [(Fault.ABSENT, f"details.{field}")]


@pytest.mark.parametrize("field", ["request", "asked_on", "decided_by", "appeal_contact"])
def test_what_a_refusal_must_say_is_named_where_it_is_filled_in(law, field):
    facts = with_fact(facts_of(KIND, CARDS), f"details.{field}", None)
    assert faults(law, facts) == [(Fault.ABSENT, f"details.{field}")]


def test_a_refusal_has_no_place_for_health_or_family():
    asked = " ".join(RefusalDetails.model_fields)
    assert not [word for word in ("disab", "health", "carer", "family", "medical") if word in asked]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("request", "Télétravail demandé après son arrêt maladie."),
        ("reasons.0.heading", "Votre handicap"),
        ("reasons.0.explanation", "La RQTH ne suffit pas."),
        ("solutions.0", "un mi-temps thérapeutique"),
        ("offered_instead", "Un aménagement, comme PROCHE AIDANT."),
    ],
)
def test_words_that_tell_of_health_or_family_are_named_with_their_place(law, field, text):
    facts = with_fact(facts_of(KIND, CARDS), f"details.{field}", text)
    assert faults(law, facts) == [(Fault.INCONSISTENT, f"details.{field}")]


@pytest.mark.parametrize("text", ["l'enceinte du site", "le matériel du programme santé", "un cancre", ""])
def test_everyday_words_are_left_alone(law, text):
    stems = tuple(row.stem for row in law.terms.sensitive_words)
    assert sensitive_word(text, stems) is None


@pytest.mark.parametrize("slug", examples_of(KIND))
def test_the_law_is_quoted_whole_without_saying_which_case_it_is(law, slug):
    words = said(law, slug)
    assert "un travailleur handicapé ou un proche aidant" in words
    assert "cette lettre ne dit rien de votre santé ni de votre famille" in words


def test_an_appeal_and_a_second_look_have_their_dates(law):
    found = PAPERS[KIND].deadlines(facts_of(KIND, CARDS), law, ISSUED_AT.date())
    assert [(item.on, item.holder) for item in found] == [
        (date(2027, 1, 15), "person"),
        (date(2027, 5, 3), "employer"),
    ]
    undated = with_fact(facts_of(KIND, PREMISES), "details.appeal_by", None)
    assert PAPERS[KIND].deadlines(undated, law, ISSUED_AT.date()) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [("asked_on", "2026-11-25"), ("appeal_by", "2026-11-20"), ("review_on", "2026-01-01")],
)
def test_dates_that_cannot_be_are_refused(law, field, value):
    facts = with_fact(facts_of(KIND, CARDS), f"details.{field}", value)
    assert faults(law, facts) == [(Fault.INCONSISTENT, f"details.{field}")]
