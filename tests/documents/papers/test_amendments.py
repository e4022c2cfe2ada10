from datetime import UTC, date, datetime

import pytest

from documents.allowances import AgreementKind
from documents.facts import Weekday
from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.TELEWORK_AMENDMENT
ASKED, PROPOSED, ECONOMIC = (
    "hybrid-asked-by-the-person",
    "five-days-proposed-with-card-data",
    "part-time-economic-own-equipment",
)
TODAY = ISSUED_AT.date()
SLOTS = "details.slots"


def said(law, slug, **changes):
    facts = facts_of(KIND, slug)
    for path, value in changes.items():
        facts = with_fact(facts, path.replace("__", "."), value)
    return words_of(plan_of(KIND, facts, law).html).replace("\u00a0", " ")


def faults(law, facts, *, issued_at=ISSUED_AT):
    return [(item.fault, item.field) for item in check_paper(KIND, facts, law=law, issued_at=issued_at)]


def dates(law, facts, on=TODAY):
    return {found.what: (found.on, found.holder) for found in PAPERS[KIND].deadlines(facts, law, on)}


def test_silence_is_refusal_after_fifteen_days(law):
    words = said(law, PROPOSED)
    assert "Votre silence vaut refus (article 14 de la convention collective)" in words
    assert "Vous avez 15 jours pour répondre" in words
    assert "jusqu’au dimanche 6 décembre 2026 inclus" in words
    answer = dates(law, facts_of(KIND, PROPOSED))[
        "Répondre à l'avenant de télétravail ; le silence vaut refus"
    ]
    assert answer == (date(2026, 12, 6), "person")


def test_an_economic_reason_leaves_a_month_and_goes_by_registered_letter(law):
    words = said(law, ECONOMIC)
    assert "lettre recommandée avec avis de réception" in words
    assert "Vous avez un mois pour répondre" in words
    assert "Votre silence vaut refus" in words
    assert min(found for found, _ in dates(law, facts_of(KIND, ECONOMIC)).values()) == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("slug", "day", "stopped"),
    [
        (PROPOSED, "2026-12-06", True),
        (PROPOSED, "2026-12-07", False),
        (ASKED, "2026-11-20", True),
        (ASKED, "2026-11-23", False),
        (ECONOMIC, "2026-12-21", True),
        (ECONOMIC, "2026-12-22", False),
    ],
)
def test_what_the_employer_asks_for_waits_for_the_answer_and_what_the_person_asks_for_need_not(
    law, slug, day, stopped
):
    facts = with_fact(facts_of(KIND, slug), "details.effective_on", day)
    assert faults(law, facts) == ([(Fault.INCONSISTENT, "details.effective_on")] if stopped else [])


def test_what_follows_from_it_has_a_date_and_someone_who_acts(law):
    found = dates(law, facts_of(KIND, PROPOSED))
    assert found["Faire le bilan de la période d'adaptation"] == (date(2027, 3, 31), "employer")
    assert found["Tenir l'entretien annuel de télétravail"] == (date(2028, 2, 1), "employer")
    assert found["Remettre la lettre d'indemnité d'occupation du domicile"] == (date(2027, 2, 28), "employer")
    assert found["Signer l'attestation sur l'honneur du logement"] == (date(2027, 2, 1), "person")
    ordered = [item.on for item in PAPERS[KIND].deadlines(facts_of(KIND, PROPOSED), law, TODAY)]
    assert ordered == sorted(ordered)


def test_nothing_is_due_that_the_amendment_settles_or_ends_before(law):
    settled = dates(law, facts_of(KIND, ASKED))
    assert "Remettre la lettre d'indemnité d'occupation du domicile" not in settled
    ended = dates(law, facts_of(KIND, ECONOMIC))
    assert "Remettre et installer le matériel" not in ended
    assert "Tenir l'entretien annuel de télétravail" not in ended
    assert ended["Préparer la fin du télétravail ou un nouvel avenant"] == (date(2028, 2, 29), "employer")


def test_the_return_is_by_the_text_where_there_is_one_and_by_agreement_of_both_where_there_is_none(law):
    assert "selon les modalités du texte cité à l’article 1" in said(law, ASKED)
    without = said(law, ECONOMIC)
    assert "il se décide d’un commun accord" in without
    assert "Aucun accord collectif ni charte" in without


def test_costs_are_an_allowance_or_receipts_and_the_home_is_paid_apart(law):
    assert "2,70 € par jour réellement télétravaillé" in said(law, ASKED)
    assert "11,00 € par mois pour chaque jour hebdomadaire télétravaillé, soit 55,00 € par mois" in said(
        law, PROPOSED
    )
    assert "remboursés pour leur montant réel, sur justificatifs" in said(law, ECONOMIC)
    assert "indemnité d’occupation de 12,00 € par mois" in said(law, ASKED)
    assert "Une lettre à part en fixe le montant" in said(law, PROPOSED)
    assert "aucun texte trouvé ne dit si cette indemnité porte cotisations" in said(law, ASKED)


def test_card_data_want_a_closed_room_and_the_employers_own_machine(law):
    assert "ni téléphone personnel ni papier sur le bureau" in said(law, PROPOSED)
    assert "carte bancaire" not in said(law, ASKED)
    facts = with_fact(facts_of(KIND, PROPOSED), "details.uses_own_equipment", True)
    assert (Fault.INCONSISTENT, "details.uses_own_equipment") in faults(law, facts)


@pytest.mark.parametrize(
    "field",
    [
        "contract_signed_on",
        "job_title",
        "effective_on",
        "contact_start",
        "time_control",
        "adaptation_months",
        "adaptation_notice_days",
        "return_notice_days",
        "allowance_rate_cents",
    ],
)
def test_what_the_amendment_must_say_is_named_where_it_is_filled_in(law, field):
    facts = with_fact(facts_of(KIND, ASKED), f"details.{field}", None)
    assert faults(law, facts) == [(Fault.ABSENT, f"details.{field}")]


@pytest.mark.parametrize(
    ("slots", "field"),
    [
        ([("tuesday", "12:00", "09:00"), ("thursday", "09:00", "16:00")], SLOTS),
        ([("tuesday", "09:00", "13:00"), ("tuesday", "12:30", "16:00"), ("thursday", "09:00", "16:00")], SLOTS),
        ([("tuesday", "07:00", "20:00"), ("thursday", "09:00", "16:00")], SLOTS),
        ([(day.value, "08:00", "18:00") for day in list(Weekday)[:5]], SLOTS),
        ([("tuesday", "09:00", "16:00")], "details.home_days"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused(law, slots, field):
    hours = [{"day": day, "start": start, "end": end} for day, start, end in slots]
    facts = with_fact(facts_of(KIND, ASKED), "details.slots", hours)
    assert (Fault.INCONSISTENT, field) in faults(law, facts)


def test_dates_that_contradict_one_another_are_refused(law):
    facts = facts_of(KIND, ECONOMIC)
    assert faults(law, with_fact(facts, "details.ends_on", "2027-01-01")) == [
        (Fault.INCONSISTENT, "details.ends_on")
    ]
    assert faults(law, with_fact(facts, "details.contract_signed_on", "2027-04-01")) == [
        (Fault.INCONSISTENT, "details.effective_on")
    ]
    assert faults(law, with_fact(facts, "details.contact_end", "08:00")) == [
        (Fault.INCONSISTENT, "details.contact_end")
    ]


def test_a_day_without_data_is_named_and_not_guessed(law):
    early = datetime(2012, 5, 2, 9, tzinfo=UTC)
    assert (Fault.NO_FIGURE, "issued_on") in faults(law, facts_of(KIND, ASKED), issued_at=early)


def test_a_longer_delay_is_a_new_row_and_nothing_else(law):
    rows = tuple(
        row.model_copy(update={"days": 21, "words": "21 jours"}) if row.step == "amendment_answer" else row
        for row in law.terms.telework_delays
    )
    longer = law.model_copy(update={"terms": law.terms.model_copy(update={"telework_delays": rows})})
    assert "Vous avez 21 jours pour répondre" in said(longer, PROPOSED)
    assert "samedi 12 décembre 2026" in said(longer, PROPOSED)


def test_a_hiring_fills_in_what_it_knows(supervisor):
    given = PAPERS[KIND].prefill(supervisor)
    assert set(given) <= set(PAPERS[KIND].facts.model_fields["details"].annotation.model_fields)
    assert given["job_title"] == supervisor.offer.job_title
    assert len(given["slots"]) == sum(len(day.shifts) for day in supervisor.offer.schedule)


def test_the_text_that_organises_telework_has_to_be_named(law):
    facts = with_fact(facts_of(KIND, ASKED), "employer.telework_basis_text", None)
    assert faults(law, facts) == [(Fault.ABSENT, "employer.telework_basis_text")]
    assert faults(law, with_fact(facts, "employer.telework_basis", AgreementKind.NONE.value)) == []
