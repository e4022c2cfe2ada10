from datetime import date

import pytest

from documents.faults import Fault
from documents.kinds import DocumentKind, Signatory
from documents.packs import DocumentPlan
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from documents.papers.trainings import proof_kept_until
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

PROGRAMME, SUMMONS = DocumentKind.TRAINING_PROGRAMME, DocumentKind.TRAINING_SUMMONS
CERTIFICATE, ATTESTATION = DocumentKind.COMPLETION_CERTIFICATE, DocumentKind.TRAINING_ATTESTATION
DISTANCE, AT_WORK, BEFORE = "first-calls-at-a-distance", "on-the-job", "provider-before-hiring"
DAY = ISSUED_AT.date()


def said(kind, facts, law):
    plan = plan_of(kind, facts, law)
    assert isinstance(plan, DocumentPlan), plan
    return words_of(plan.html)


def named(kind, facts, law):
    return {item.field for item in check_paper(kind, facts, law=law, issued_at=ISSUED_AT)}


def test_a_programme_at_a_distance_says_help_mean_duration_and_assessments(law):
    words = said(PROGRAMME, facts_of(PROGRAMME, DISTANCE), law)
    assert "aide pédagogique : questions sur le contenu" in words
    assert "aide technique : connexion, casque, accès" in words
    assert "Ouvrir et écouter à distance, à votre rythme 35 min" in words
    assert "En tout 12 h" in words
    assert "Quiz de chaque module" in words
    assert "payé comme tel (article L6321-2)" in words


@pytest.mark.parametrize(("dropped", "lacking"), [(0, "Assistance pédagogique"), (1, "Assistance technique")])
def test_both_kinds_of_help_are_due_at_a_distance(law, dropped, lacking):
    facts = facts_of(PROGRAMME, DISTANCE)
    left = [
        one.model_dump(mode="json")
        for number, one in enumerate(facts.details.assistance)
        if number != dropped
    ]
    found = check_paper(PROGRAMME, with_fact(facts, "details.assistance", left), law=law, issued_at=ISSUED_AT)
    assert [(one.label, one.fault) for one in found] == [(lacking, Fault.ABSENT)]


def test_a_training_at_work_needs_its_analysis_its_tutor_and_its_reflection(law):
    facts = facts_of(PROGRAMME, AT_WORK)
    assert "Yaëlle Morin" in said(PROGRAMME, facts, law)
    for path in ("details.work_analysis", "details.tutor", "details.reflective_phases"):
        assert named(PROGRAMME, with_fact(facts, path, None), law) == {path}


def test_no_training_for_the_post_comes_before_the_hiring_without_its_agreement(law):
    facts = facts_of(PROGRAMME, BEFORE)
    assert "préparation opérationnelle à l’emploi" in said(PROGRAMME, facts, law)
    unpaid = with_fact(facts, "details.is_before_hiring_with_funding", False)
    assert named(PROGRAMME, unpaid, law) == {"details.first_day"}


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("details.last_day", "2026-12-01", "details.last_day"),
        ("details.activities.4.minutes", 6000, "details.activities"),
    ],
)
def test_a_programme_that_cannot_be_is_refused(law, path, value, field):
    assert named(PROGRAMME, with_fact(facts_of(PROGRAMME, DISTANCE), path, value), law) == {field}


def test_a_summons_says_where_to_be_when_and_on_paid_time(law):
    words = said(SUMMONS, facts_of(SUMMONS, "on-site-day"), law)
    assert "le lundi 14 décembre 2026" in words
    assert "9 h 30 à 12 h 30" in words
    assert "salle Cèdre" in words
    assert "votre salaire est maintenu" in words
    assert "billet de train" in words
    (deadline,) = PAPERS[SUMMONS].deadlines(facts_of(SUMMONS, "on-site-day"), law, DAY)
    assert (deadline.on, deadline.holder) == (date(2026, 12, 14), "person")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("details.sessions.0.end", "09:00"),
        ("details.sessions.0.end", "14:00"),
        ("details.sessions.0.on", "2026-11-20"),
        ("details.sessions.1.end", "23:30"),
    ],
)
def test_sessions_that_cannot_be_are_refused(law, path, value):
    assert "details.sessions" in named(SUMMONS, with_fact(facts_of(SUMMONS, "on-site-day"), path, value), law)


def test_the_certificate_speaks_the_words_of_the_ministrys_model(law):
    words = said(CERTIFICATE, facts_of(CERTIFICATE, "internal-at-a-distance"), law)
    for one in (
        "dispensateur de l’action concourant au développement des compétences",
        "atteste que Maïwenn Le Goff",
        "a suivi l’action : Vos premiers appels",
        "X action de formation",
        "qui s’est déroulée du lundi 5 octobre 2026 au vendredi 9 octobre 2026",
        "pour une durée de 12 h (1)",
        "je m’engage à conserver l’ensemble des pièces justificatives",
        "pendant une durée de 3 ans à compter de la fin de l’année du dernier paiement",
        "du temps estimé pour les réaliser",
        "Fait à Nantes, le samedi 21 novembre 2026",
    ):
        assert one in words


@pytest.mark.parametrize(
    ("paid", "until"),
    [("2026-10-30", date(2029, 12, 31)), ("2027-01-02", date(2030, 12, 31)), (None, date(2029, 12, 31))],
)
def test_proofs_are_kept_three_years_from_the_end_of_the_year_of_payment(law, paid, until):
    facts = with_fact(facts_of(CERTIFICATE, "on-site-paid"), "details.last_payment_on", paid)
    assert proof_kept_until(facts.details, law, DAY) == until
    (deadline,) = PAPERS[CERTIFICATE].deadlines(facts, law, DAY)
    assert deadline.on == until


@pytest.mark.parametrize("kind", [CERTIFICATE, ATTESTATION])
@pytest.mark.parametrize(
    ("path", "value"),
    [("last_day", "2026-11-22"), ("last_day", "2026-01-01"), ("realised_minutes", 60 * 60)],
)
def test_nothing_is_certified_that_has_not_been_or_cannot_be(law, kind, path, value):
    slug = {CERTIFICATE: "internal-at-a-distance", ATTESTATION: "all-acquired"}[kind]
    found = named(kind, with_fact(facts_of(kind, slug), f"details.{path}", value), law)
    assert found == {f"details.{path}"}


def test_the_employer_certifies_its_own_trainings_only(law):
    facts = with_fact(facts_of(CERTIFICATE, "on-site-paid"), "details.provider", "Organisme Exemple")
    assert named(CERTIFICATE, facts, law) == {"details.provider"}
    words = said(ATTESTATION, facts_of(ATTESTATION, "partly-assessed"), law)
    assert "dispensée par Organisme Exemple Formation" in words


def test_the_attestation_gives_each_objective_its_result_and_compares_nobody(law):
    words = said(ATTESTATION, facts_of(ATTESTATION, "one-in-progress"), law)
    assert "prendre une réservation complète observation de trois réservations acquis" in words
    assert "en cours d’acquisition" in words
    assert "Un résultat ne compare personne à personne" in words
    assert "échec" not in words


@pytest.mark.parametrize("kind", [PROGRAMME, SUMMONS, CERTIFICATE, ATTESTATION])
def test_the_employer_signs(law, kind):
    slug = {
        PROGRAMME: DISTANCE,
        SUMMONS: "virtual-classes",
        CERTIFICATE: "on-site-paid",
        ATTESTATION: "all-acquired",
    }
    assert plan_of(kind, facts_of(kind, slug[kind]), law).signatories == (Signatory.EMPLOYER,)


def test_a_sheet_prints_a_signature_beside_an_absence_for_a_person_to_clear_up(law):
    sheet = DocumentKind.ATTENDANCE_SHEET
    facts = facts_of(sheet, "two-half-days")
    signed = next(at for at, one in enumerate(facts.details.halves[0].marks) if one.signed_at)
    mark = f"details.halves.0.marks.{signed}"
    facts = with_fact(with_fact(facts, f"{mark}.presence", "absent"), f"{mark}.missed_minutes", 0)
    assert "signature et absence : à éclaircir" in said(sheet, facts, law)
