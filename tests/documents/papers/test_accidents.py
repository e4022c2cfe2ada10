from datetime import date

import pytest

from documents.kinds import DocumentKind, Signatory
from documents.packs import DocumentPlan
from documents.papers.accidents import declared_by
from documents.papers.issuing import check_paper
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.ACCIDENT_INFORMATION
BEFORE, TOLD, UNTOLD = "told-beforehand", "fall-reported", "burn-not-yet-told"
DAY = ISSUED_AT.date()


def said(facts, law):
    plan = plan_of(KIND, facts, law)
    assert isinstance(plan, DocumentPlan), plan
    return words_of(plan.html)


def named(facts, law):
    return {item.field for item in check_paper(KIND, facts, law=law, issued_at=ISSUED_AT)}


@pytest.mark.parametrize("slug", [BEFORE, TOLD, UNTOLD])
def test_every_sheet_says_the_presumption_and_both_delays(law, slug):
    words = said(facts_of(KIND, slug), law)
    assert "présumé être un accident du travail (article L1222-9, III" in words
    assert "sous 24 heures" in words
    assert "48 heures dès qu’il le sait, dimanches et jours fériés non compris" in words
    assert "feuille d’accident" in words


@pytest.mark.parametrize(
    ("known", "last"),
    [
        (date(2026, 11, 19), date(2026, 11, 21)),
        (date(2026, 11, 20), date(2026, 11, 23)),
        (date(2026, 11, 21), date(2026, 11, 24)),
        (date(2026, 11, 22), date(2026, 11, 24)),
    ],
)
def test_the_employers_48_hours_leave_sundays_out(law, known, last):
    assert declared_by(known, law, DAY) == last


def test_a_report_says_place_time_and_circumstances(law):
    words = said(facts_of(KIND, TOLD), law)
    for one in (
        "jeudi 19 novembre 2026, 10 h 40",
        "de 9 h à 12 h et de 13 h à 16 h",
        "18 impasse du Moulin",
        "le pied s'est pris dans le câble",
        "Poignet droit",
        "21/11/2026 au plus tard",
    ):
        assert one in words


@pytest.mark.parametrize(
    "path", ["happened_on", "happened_at", "shift_that_day", "place", "activity", "circumstances", "injury"]
)
def test_a_report_lacks_nothing_of_these(law, path):
    assert f"details.{path}" in named(with_fact(facts_of(KIND, TOLD), f"details.{path}", None), law)


def test_information_beforehand_leaves_lines_to_fill_by_hand(law):
    words = said(facts_of(KIND, BEFORE), law)
    assert "À remplir si un accident arrive" in words
    assert "Ce que je faisais, et ce qui s’est passé" in words
    assert plan_of(KIND, facts_of(KIND, BEFORE), law).title.startswith("En cas d’accident à domicile")


def test_the_person_signs_the_report(law):
    assert plan_of(KIND, facts_of(KIND, TOLD), law).signatories == (Signatory.PERSON,)


def test_whoever_has_to_act_next_has_the_deadline(law):
    (employer,) = PAPERS[KIND].deadlines(facts_of(KIND, TOLD), law, DAY)
    assert (employer.on, employer.holder) == (date(2026, 11, 21), "employer")
    (person,) = PAPERS[KIND].deadlines(facts_of(KIND, UNTOLD), law, DAY)
    assert (person.on, person.holder) == (date(2026, 11, 21), "person")
    assert PAPERS[KIND].deadlines(facts_of(KIND, BEFORE), law, DAY) == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("happened_on", "2026-11-22"),
        ("reported_on", "2026-11-18"),
        ("reported_on", "2026-11-22"),
        ("reported_at", "10:00"),
    ],
)
def test_times_that_cannot_be_are_named(law, path, value):
    found = named(with_fact(facts_of(KIND, TOLD), f"details.{path}", value), law)
    assert found & {"details.happened_on", "details.reported_on"}
