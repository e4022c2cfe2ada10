"""Readiness for day one: what is missing has a name, an owner and an action."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from onboarding.content import Label
from onboarding.day_one.equipment import Loan
from onboarding.day_one.readiness import (
    DimensionAssessed,
    DocumentSigned,
    FormalityDone,
    Owner,
    Party,
    Will,
    readiness,
)
from onboarding.day_one.tasks import Recorded, standing
from onboarding.learning.events import QuizMarked
from onboarding.learning.progress import progress
from onboarding.learning.schedule import due_dates, weekdays_except
from tests.onboarding.samples import CHECKLIST, REQUIREMENTS, SENTENCES, sample

TODAY = date(2026, 11, 23)
DAY_ONE = date(2026, 12, 1)
WORKS = weekdays_except({date(2027, 1, 1)})
LABEL = Label(fr="le casque", en="the headset")


def trained(done: bool):
    path = sample().model_copy(update={"slug": "homeworking-essentials"})
    events = [
        QuizMarked(module=m.slug, attempt="t", percent=100, passed=True, on=TODAY)
        for m in path.modules
        if done
    ]
    due = due_dates(path, start=TODAY, working_days=weekdays_except(()))
    return progress(path, start=TODAY, due_dates=due, events=events, today=TODAY, sentences=SENTENCES)


def task(slug: str, *, is_done: bool, today: date = TODAY):
    found = CHECKLIST.task(slug)
    recorded = Recorded(done_on=TODAY) if is_done else Recorded()
    return standing(
        CHECKLIST, found, recorded, due=date(2026, 11, 26), start=DAY_ONE, today=today, windows={}
    )


COMPLETE = {
    "wills": (Will(party=Party.CANDIDATE, given_on=TODAY), Will(party=Party.EMPLOYER, given_on=TODAY)),
    "assessments": tuple(
        DimensionAssessed(dimension=name, confirmed_on=TODAY)
        for name in ("autonomy", "environment", "equipment")
    ),
    "documents": (
        DocumentSigned(kind="employment_contract", label=LABEL, signed_on=TODAY),
        DocumentSigned(kind="sworn_statement", label=LABEL, signed_on=TODAY),
    ),
    "equipment": (Loan(item="headset", label=LABEL, received_on=TODAY),),
    "formalities": (
        FormalityDone(formality="dpae", done_on=TODAY),
        FormalityDone(formality="accounts_opened", done_on=TODAY),
    ),
    "progress": (trained(True),),
    "tasks": (task("charter-read", is_done=True),),
}


def ready(**changes):
    asked = {"today": TODAY, "start_date": DAY_ONE, **COMPLETE, **changes}
    return readiness(REQUIREMENTS, working_days=WORKS, sentences=SENTENCES, **asked)


def test_with_everything_in_place_day_one_is_ready_and_says_why():
    result = ready()
    assert result.is_ready
    assert result.missing == ()
    assert result.edition == "2026-11"
    assert [reason.code for reason in result.reasons][:2] == ["ready", "days_left"]


def test_with_nothing_every_gap_has_an_owner_an_action_and_a_day_in_both_languages():
    result = ready(**dict.fromkeys(COMPLETE, ()))
    assert not result.is_ready
    for gap in result.missing:
        assert isinstance(gap.who, Owner)
        assert gap.what.fr
        assert gap.action.en
        assert "{" not in gap.what.fr + gap.what.en + gap.action.fr + gap.action.en
    assert {gap.requirement for gap in result.missing if not gap.gate} == {"accounts-opened"}


def test_a_headset_on_its_way_is_named_with_who_follows_it():
    gap = ready(equipment=(Loan(item="headset", label=LABEL),)).missing[0]
    assert (gap.requirement, gap.who) == ("equipment-received", Owner.IT)
    assert gap.what.fr == "Matériel pas encore reçu : le casque."
    assert gap.needed_by == date(2026, 11, 26)


def test_what_is_missing_is_needed_on_a_working_day_and_never_before_its_start_was_known():
    start = date(2027, 1, 4)
    (declaration,) = ready(start_date=start, formalities=COMPLETE["formalities"][1:]).missing
    assert declaration.needed_by == date(2026, 12, 31)
    known = date(2027, 1, 3)
    asked = {"start_date": start, "known_since": known, "today": known, "equipment": ()}
    (late_hire,) = ready(**asked).missing
    assert (late_hire.needed_by, late_hire.is_overdue) == (start, False)


def test_a_loan_given_back_is_waited_for_no_more_and_its_replacement_counts():
    old = Loan(item="headset", label=LABEL, received_on=TODAY, returned_on=TODAY)
    new = Loan(item="headset", label=LABEL, received_on=TODAY)
    assert ready(equipment=(old, new)).is_ready
    assert not ready(equipment=(old, Loan(item="headset", label=LABEL))).is_ready


def test_card_data_asks_for_a_computer_managed_by_the_employer():
    conditions = frozenset({"handles_card_data"})
    assert ready(conditions=conditions).missing[0].requirement == "managed-computer"
    computer = Loan(item="computer", label=LABEL, received_on=TODAY)
    assert ready(conditions=conditions, equipment=(computer,)).is_ready


def test_a_will_taken_back_opens_the_gate_again_until_it_is_given_again():
    taken_back = Will(party=Party.CANDIDATE, given_on=TODAY, withdrawn_on=TODAY)
    employer = Will(party=Party.EMPLOYER, given_on=TODAY)
    again = Will(party=Party.CANDIDATE, given_on=TODAY)
    assert [gap.subject for gap in ready(wills=(taken_back, employer)).missing] == ["candidate"]
    assert ready(wills=(taken_back, employer, again)).is_ready


def test_an_assessment_must_be_fresh_on_day_one_and_have_nothing_left_to_arrange():
    autonomy, environment, equipment = COMPLETE["assessments"]
    stale = equipment.model_copy(update={"expires_on": DAY_ONE - timedelta(days=1)})
    open_gap = environment.model_copy(update={"open_remedies": (LABEL,)})
    result = ready(assessments=(autonomy, open_gap, stale))
    assert {gap.subject for gap in result.missing} == {"environment", "equipment"}


def test_a_signature_of_tomorrow_does_not_count_today():
    late = DocumentSigned(kind="employment_contract", label=LABEL, signed_on=TODAY + timedelta(days=1))
    assert [gap.requirement for gap in ready(documents=(late,)).missing] == ["contract-signed"]


def test_an_unfinished_path_is_named_once_though_two_requirements_see_it():
    result = ready(progress=(trained(False),))
    assert [gap.requirement for gap in result.missing] == ["homeworking-essentials"]
    assert "paths-finished" not in result.in_place


def test_what_nobody_recorded_is_missing_and_names_who_acts():
    result = ready(equipment=(), progress=(), documents=())
    owners = {gap.requirement: gap.who for gap in result.missing}
    assert owners["equipment-received"] == Owner.IT
    assert owners["paths-finished"] == Owner.TRAINER
    assert owners["pack-signed"] == Owner.RECRUITER
    assert not set(owners) & set(result.in_place)
    told = {gap.requirement: gap.what.fr for gap in result.missing}
    assert told["equipment-received"] == "Aucune remise de matériel n’est enregistrée."


def test_equipment_given_back_leaves_nothing_in_hand():
    old = Loan(item="headset", label=LABEL, received_on=TODAY, returned_on=TODAY)
    assert [gap.requirement for gap in ready(equipment=(old,)).missing] == ["equipment-received"]


def test_a_requirement_of_everything_must_say_what_is_missing_without_any():
    general = next(one for one in REQUIREMENTS.requirements if not one.any_of)
    with pytest.raises(ValidationError, match="nothing_known"):
        type(general).model_validate({**general.model_dump(), "nothing_known": None})


def test_a_missing_account_is_told_and_stops_nobody():
    result = ready(formalities=(FormalityDone(formality="dpae", done_on=TODAY),))
    assert result.is_ready
    assert [gap.requirement for gap in result.missing] == ["accounts-opened"]


def test_what_should_be_done_by_now_is_overdue():
    result = ready(wills=(), today=DAY_ONE + timedelta(days=2))
    assert all(gap.is_overdue for gap in result.missing)
    assert result.days_left == -2
    assert result.reasons[1].code == "day_one_passed"


NAMES = st.sets(st.sampled_from(sorted(COMPLETE)))


@given(NAMES, NAMES)
def test_one_more_thing_in_place_never_makes_less_ready(some, more):
    fewer = ready(**{name: () for name in COMPLETE if name not in some})
    fuller = ready(**{name: () for name in COMPLETE if name not in some | more})
    assert {gap.requirement for gap in fuller.missing} <= {gap.requirement for gap in fewer.missing}
    assert fuller.is_ready >= fewer.is_ready


def test_a_task_of_the_checklist_says_itself_who_acts_by_when_and_whether_it_stops_the_first_call():
    open_ones = (task("charter-read", is_done=False), task("first-session", is_done=False))
    result = ready(tasks=open_ones)
    gaps = {gap.subject: gap for gap in result.missing}
    assert not result.is_ready
    assert (gaps["charter-read"].who, gaps["charter-read"].gate) == (Owner.CANDIDATE, True)
    assert (gaps["first-session"].who, gaps["first-session"].gate) == (Owner.TRAINER, False)
    assert gaps["charter-read"].needed_by == date(2026, 11, 26)
    assert gaps["charter-read"].what.fr == "À faire : Lire les règles du travail à domicile."


def test_what_a_person_may_do_by_choice_is_never_missing():
    assert ready(tasks=(task("workplace-photo", is_done=False),)).missing == ()


def test_a_placement_that_lends_nothing_waits_for_no_equipment():
    assert ready(equipment=(), conditions=frozenset({"lends_nothing"})).is_ready
