"""The file of a training at a distance and the attendance sheet: what they reckon, and what stops them."""

from datetime import date

import pytest

from documents.kinds import DocumentKind
from documents.packs import PackRefused
from documents.papers.attendance import SheetFacts
from documents.papers.issuing import check_paper
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

FILE, SHEET = DocumentKind.DISTANCE_TRAINING_FILE, DocumentKind.ATTENDANCE_SHEET


def stopping(kind, facts, law):
    return [(one.field, one.label) for one in check_paper(kind, facts, law=law, issued_at=ISSUED_AT)]


def test_what_was_done_counts_by_its_mean_duration_and_an_exemption_does_not():
    details = facts_of(FILE, "finished-with-classes").details
    assert (details.minutes, details.done_minutes) == (330, 300)
    assert details.spent_minutes == 41 + 38 + 180 + 52


def test_where_nothing_was_measured_no_real_time_is_told(law):
    facts = facts_of(FILE, "under-way")
    assert facts.details.spent_minutes is None
    assert "temps réel relevé" not in words_of(plan_of(FILE, facts, law).html)


def test_an_open_question_is_told_as_waiting_and_the_oldest_lines_as_left_out(law):
    assert "en attente" in words_of(plan_of(FILE, facts_of(FILE, "under-way"), law).html)
    provider = words_of(plan_of(FILE, facts_of(FILE, "provider-many-attempts"), law).html)
    assert "Les 14 lignes les plus anciennes" in provider


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("details.activities.0.done_on", "2027-01-01", "details.activities"),
        ("details.activities.0.done_on", None, "details.activities"),
        ("details.assessments.0.is_reached", True, "details.assessments"),
        ("details.exchanges.0.answered_at", "2026-11-01T09:00:00+01:00", "details.exchanges"),
        ("details.last_day", "2026-10-01", "details.last_day"),
        ("details.assistance.1.is_technical", False, "details.assistance"),
        ("details.traces", None, "details.traces"),
        ("details.planned_assessments", None, "details.planned_assessments"),
        ("details.activities", [], "details.activities"),
    ],
)
def test_traces_that_contradict_themselves_or_lack_stop_the_file(law, path, value, field):
    facts = with_fact(facts_of(FILE, "finished-with-classes"), path, value)
    assert field in [place for place, _ in stopping(FILE, facts, law)]


def test_a_morning_is_told_before_the_afternoon_of_its_day(law):
    halves = [
        {"title": "Écouter", "on": "2026-11-10", "half": f"{name}, {hours}", "minutes": 180}
        for name, hours in (("matin", "09:00 à 12:00"), ("après-midi", "14:00 à 17:00"))
    ]
    words = words_of(
        plan_of(FILE, with_fact(facts_of(FILE, "finished-with-classes"), "details.classes", halves), law).html
    )
    assert words.index("matin, 09:00") < words.index("après-midi, 14:00")


def test_content_that_judges_by_its_own_mark_is_believed_and_said_to(law):
    taken = {
        "title": "Contenu interactif",
        "on": "2026-11-10",
        "attempt": 1,
        "percent": 40,
        "is_reached": True,
    }
    facts = with_fact(facts_of(FILE, "finished-with-classes"), "details.assessments", [taken])
    assert not stopping(FILE, facts, law)
    assert "celui du contenu 40 %, atteint" in words_of(plan_of(FILE, facts, law).html).replace("\xa0", " ")


def test_the_proofs_are_kept_three_years_from_the_end_of_the_year_it_ended(law):
    plan = plan_of(FILE, facts_of(FILE, "finished-with-classes"), law)
    assert not isinstance(plan, PackRefused)
    assert "jusqu’au lundi 31 décembre 2029" in words_of(plan.html)


def test_a_signature_is_told_with_its_hour_on_the_clocks_of_the_class_whatever_offset_it_came_with(law):
    facts = facts_of(SHEET, "replacement-trainer")
    words = words_of(plan_of(SHEET, facts, law).html)
    assert "à la place de Paul Roussel" in words
    assert ", à 9 h 31" in words
    there = with_fact(facts, "details.clocks", "Indian/Reunion")
    assert ", à 11 h 31" in words_of(plan_of(SHEET, there, law).html)


def test_minutes_missed_are_told_and_left_out_of_what_everybody_followed(law):
    facts = with_fact(facts_of(SHEET, "two-half-days"), "details.halves.0.marks.2.missed_minutes", 30)
    words = words_of(plan_of(SHEET, facts, law).html)
    assert "30 min manquées" in words
    assert facts.details.halves[0].attended_minutes == facts.details.halves[0].present * 180 - 30


def test_an_empty_sheet_is_for_signing_by_hand_and_counts_nobody_present(law):
    facts = facts_of(SHEET, "to-sign-on-site")
    words = words_of(plan_of(SHEET, facts, law).html)
    assert "18 personnes attendues" in words
    assert "présences sur" not in words


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("details.halves.0.end", "08:00", "finit avant de commencer"),
        ("details.halves.0.marks.1.person", "Maïwenn Le Goff", "figure deux fois"),
        ("details.halves.0.marks.0.signed_as", None, "est incomplète"),
        ("details.halves.0.marks.0.signed_at", "2026-11-09T09:00:00+01:00", "avant la séance"),
        ("details.halves.0.marks.0.missed_minutes", 20, "sans objet"),
        ("details.halves.0.countersigned_at", None, "du formateur est incomplète"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_not_made(law, path, value, says):
    facts = with_fact(facts_of(SHEET, "two-half-days"), path, value)
    assert any(says in label for _, label in stopping(SHEET, facts, law))


def test_a_sheet_without_anybody_or_trainer_names_both(law):
    bare = SheetFacts.model_validate(
        {
            "employer": facts_of(SHEET, "two-half-days").employer.model_dump(),
            "details": {
                "halves": [{"on": date(2026, 11, 10), "name": "matin", "start": "09:00", "end": "12:00"}]
            },
        }
    )
    fields = [place for place, _ in stopping(SHEET, bare, law)]
    assert {"details.trainer", "details.halves.0.marks", "details.place"} <= set(fields)
