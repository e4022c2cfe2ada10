from datetime import date

import pytest

from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.TELEWORK_INTERVIEW
HIRED, FIRST, HYBRID = "second-year-with-vacant-posts", "first-year-no-vacant-post", "hybrid-by-agreement"


def faults(law, facts):
    return [(item.fault, item.field) for item in check_paper(KIND, facts, law=law, issued_at=ISSUED_AT)]


def said(law, slug):
    return words_of(plan_of(KIND, facts_of(KIND, slug), law).html).replace("\u00a0", " ")


def test_the_form_looks_at_all_that_the_law_wants_and_stays_apart_from_the_career_interview(law):
    words = said(law, FIRST)
    for heading in (
        "Vos conditions d’activité",
        "Votre charge de travail",
        "Votre lien avec l’équipe",
        "Votre matériel",
        "Ce que vous souhaitez",
        "Postes sans télétravail vacants",
    ):
        assert heading in words
    assert "distinct de l’entretien de parcours professionnel" in words
    assert "prévu le lundi 5 juin 2028" in said(law, HIRED)


def test_what_is_known_is_printed_and_the_rest_is_lines_to_write_on(law):
    words = said(law, HIRED)
    assert "1 607 h ; 1 622 h" in words
    assert "fait le 15 janvier 2026" in words
    html = plan_of(KIND, facts_of(KIND, FIRST), law).html
    assert html.count('class="rule"') == 22
    assert "Ce que disent les relevés" not in html


def test_the_wish_to_return_is_asked_as_the_origin_of_telework_allows(law):
    assert "Occuper un poste sans télétravail" in said(law, HIRED)
    assert "le retour n’est pas automatique" in said(law, HIRED)
    assert "Revenir travailler sur site" in said(law, HYBRID)
    assert "le retour se fait selon votre avenant" in said(law, HYBRID)


def test_vacant_posts_are_told_or_said_to_be_none(law):
    assert "accueil téléphonique" in said(law, HIRED)
    assert "Au 20/11/2026, aucun n’est vacant" in said(law, FIRST)
    unchecked = with_fact(facts_of(KIND, FIRST), "details.posts_checked_on", None)
    assert faults(law, unchecked) == [(Fault.ABSENT, "details.posts_checked_on")]


def test_the_next_interview_is_a_year_after_this_one(law):
    found = PAPERS[KIND].deadlines(facts_of(KIND, HIRED), law, ISSUED_AT.date())
    assert [(item.on, item.holder) for item in found] == [
        (date(2026, 12, 8), "employer"),
        (date(2027, 12, 8), "employer"),
    ]
    undated = PAPERS[KIND].deadlines(facts_of(KIND, FIRST), law, ISSUED_AT.date())
    assert [item.on for item in undated] == [date(2027, 11, 21)]


def test_what_was_decided_last_time_is_taken_up_again(law):
    facts = with_fact(facts_of(KIND, HIRED), "details.past_actions", [])
    assert faults(law, facts) == [(Fault.ABSENT, "details.past_actions")]


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("interview_on", "2024-01-15", "interview_on"),
        ("previous_on", "2027-01-15", "previous_on"),
    ],
)
def test_an_interview_out_of_order_is_refused(law, field, value, named):
    facts = with_fact(facts_of(KIND, HIRED), f"details.{field}", value)
    assert (Fault.INCONSISTENT, f"details.{named}") in faults(law, facts)


@pytest.mark.parametrize("field", ["manager", "job_title", "telework_since"])
def test_what_the_form_needs_is_named_where_it_is_filled_in(law, field):
    facts = with_fact(facts_of(KIND, HIRED), f"details.{field}", None)
    assert faults(law, facts) == [(Fault.ABSENT, f"details.{field}")]


def test_a_hiring_fills_in_what_it_knows(full_time):
    given = PAPERS[KIND].prefill(full_time)
    assert set(given) <= set(PAPERS[KIND].facts.model_fields["details"].annotation.model_fields)
    assert given["telework_since"] == full_time.offer.start_date


def test_the_form_keeps_nothing_of_health(law):
    facts = with_fact(
        facts_of(KIND, HIRED), "details.past_actions.0.action", "Reprise après un arrêt maladie"
    )
    assert faults(law, facts) == [(Fault.INCONSISTENT, "details.past_actions.0.action")]
