from datetime import date
from importlib.resources import files

import pytest
import yaml

from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan
from documents.papers.candidate_notices import retention_on
from documents.papers.issuing import check_paper
from documents.terms import ApplicantData
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

NOTICE, METHODS = DocumentKind.CANDIDATE_NOTICE, DocumentKind.METHOD_NOTICE
POOL, CLIENTS, PLAIN = "scores-and-pool", "clients-and-transfer", "no-score"
COUNCIL, TALK, LEARNED = "three-questionnaires-council", "interview-and-trial-call", "with-learned-model"
DAY = ISSUED_AT.date()


def said(kind, facts, law):
    plan = plan_of(kind, facts, law)
    assert isinstance(plan, DocumentPlan), plan
    return words_of(plan.html)


def named(kind, facts, law):
    return {item.field for item in check_paper(kind, facts, law=law, issued_at=ISSUED_AT)}


def test_the_notice_answers_every_question_of_article_thirteen(law):
    words = said(NOTICE, facts_of(NOTICE, POOL), law)
    for one in (
        "est responsable de vos données",
        "Délégué à la protection des données : Maud Arzel",
        "mesures avant un contrat (article 6, 1, b)",
        "intérêt légitime (article 6, 1, f) : un recrutement équitable",
        "Qui les reçoit",
        "Vos données ne sortent pas de l’Union européenne",
        "Combien de temps",
        "saisir la CNIL",
        "Sans cela, nous ne pouvons pas étudier votre candidature",
        "c’est un profilage",
        "Aucune décision n’est prise par un programme seul (article 22)",
        "la réponse vient sous un mois",
    ):
        assert one in words


def test_the_periods_are_those_of_the_guide_and_of_the_law(law):
    kept = {row.data: row.months for row in retention_on(law, DAY)}
    assert kept == {ApplicantData.APPLICATION: 3, ApplicantData.TALENT_POOL: 24, ApplicantData.DISPUTE: 60}


def test_the_notice_promises_what_the_sweep_does(law):
    (sweep,) = yaml.safe_load(files("service.flows.people").joinpath("retention.yaml").read_text("utf-8"))
    kept = {row.data: row.months for row in retention_on(law, DAY)}
    assert kept[ApplicantData.APPLICATION] == sweep["explain_months"]
    assert kept[ApplicantData.TALENT_POOL] == sweep["pool_months"]


def test_the_pool_is_spoken_of_only_where_there_is_one(law):
    assert "2 ans" in said(NOTICE, facts_of(NOTICE, POOL), law)
    assert "Vivier" not in said(NOTICE, facts_of(NOTICE, CLIENTS), law)


def test_a_pool_needs_a_purpose_that_rests_on_consent(law):
    facts = with_fact(facts_of(NOTICE, CLIENTS), "details.has_pool", True)
    assert "details.purposes" in named(NOTICE, facts, law)


def test_a_legitimate_interest_without_the_interest_is_named(law):
    facts = with_fact(facts_of(NOTICE, POOL), "details.purposes.2.interest", None)
    (item,) = check_paper(NOTICE, facts, law=law, issued_at=ISSUED_AT)
    assert (item.field, item.fault) == ("details.purposes.2.interest", Fault.ABSENT)


def test_clients_other_sources_and_transfers_are_told(law):
    words = said(NOTICE, facts_of(NOTICE, CLIENTS), law)
    assert "articles 13 et 14" in words
    assert "Horizon Voyages" in words
    assert "clauses types de la Commission européenne" in words


def test_a_recruitment_without_scores_says_so(law):
    words = said(NOTICE, facts_of(NOTICE, PLAIN), law)
    assert "Aucun programme ne calcule de résultat sur vous" in words
    assert "profilage" not in words


def test_a_score_without_its_logic_stops_the_notice(law):
    assert named(NOTICE, with_fact(facts_of(NOTICE, POOL), "details.logic", None), law) == {"details.logic"}


def test_the_notice_is_for_everybody_and_needs_no_name(law):
    plan = plan_of(NOTICE, facts_of(NOTICE, POOL), law)
    assert plan.title.endswith("Rivage Relation Client")
    assert plan.signatories == ()


def test_methods_points_decision_and_rights_are_told_beforehand(law):
    words = said(METHODS, facts_of(METHODS, COUNCIL), law)
    for one in (
        "avant toute évaluation (la première : mardi 24 novembre 2026)",
        "En tout 69 min",
        "Repère pour continuer sans échange préalable : 65",
        "n'est pas un zéro",
        "Une personne décide toujours",
        "demander vos résultats",
        "donner votre point de vue",
        "Un aménagement",
        "informé de ces méthodes le mardi 15 septembre 2026",
        "3 mois après la fin du recrutement",
    ):
        assert one in words


def test_information_after_the_first_test_is_too_late(law):
    facts = with_fact(facts_of(METHODS, COUNCIL), "details.first_test_on", "2026-11-20")
    assert named(METHODS, facts, law) == {"details.first_test_on"}
    same_day = with_fact(facts, "details.first_test_on", "2026-11-21")
    assert named(METHODS, same_day, law) == set()


def test_the_works_council_is_informed_first_where_there_is_one(law):
    facts = with_fact(facts_of(METHODS, COUNCIL), "details.council_informed_on", None)
    assert named(METHODS, facts, law) == {"details.council_informed_on"}
    assert "comité social" not in said(METHODS, facts_of(METHODS, TALK), law)
    late = with_fact(facts, "details.council_informed_on", date(2026, 12, 1).isoformat())
    assert named(METHODS, late, law) == {"details.council_informed_on"}


@pytest.mark.parametrize(("slug", "learned"), [(LEARNED, True), (COUNCIL, False), (TALK, False)])
def test_a_learned_model_is_told_and_a_table_of_points_is_told_as_one(law, slug, learned):
    words = said(METHODS, facts_of(METHODS, slug), law)
    assert ("Un système d’intelligence artificielle est utilisé" in words) is learned
    assert ("une table écrite par des personnes" in words) is not learned


def test_a_learned_model_without_its_role_stops_the_notice(law):
    assert named(METHODS, with_fact(facts_of(METHODS, LEARNED), "details.ai_words", None), law) == {
        "details.ai_words"
    }
