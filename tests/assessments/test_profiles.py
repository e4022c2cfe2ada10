import pytest
from pydantic import ValidationError

from assessments.profiles import CandidateProfile, PersonIdentity, ProgrammeProfile, Window

BARE = {"id": "a1", "skills": ["appels"], "languages": [], "availability": []}
PROGRAMME = {"id": "p", "skills": [{"text": "appels"}], "languages": [], "opening_hours": []}


def test_a_person_needs_only_an_id_skills_languages_and_availability():
    person = CandidateProfile.model_validate(BARE)

    assert person.skills == ("appels",)
    assert person.home is None


@pytest.mark.parametrize("field", ["name", "age", "sex", "address", "nationality"])
def test_a_profile_has_no_place_for_what_the_law_forbids_to_weigh(field):
    with pytest.raises(ValidationError, match="Extra inputs"):
        CandidateProfile.model_validate({**BARE, field: "x"})


@pytest.mark.parametrize("missing", ["id", "skills", "languages", "availability"])
def test_a_missing_need_is_named(missing):
    with pytest.raises(ValidationError, match=missing):
        CandidateProfile.model_validate({key: value for key, value in BARE.items() if key != missing})


@pytest.mark.parametrize(
    "window",
    [
        {"day": 0, "from": "08:00", "to": "09:00"},
        {"day": 8, "from": "08:00", "to": "09:00"},
        {"day": 1, "from": "09:00", "to": "09:00"},
        {"day": 1, "from": "22:00", "to": "06:00"},
        {"day": 1, "from": "8:00", "to": "09:00"},
        {"day": 1, "from": "08:00", "to": "24:30"},
        {"day": "1", "from": "08:00", "to": "09:00"},
        {"day": True, "from": "08:00", "to": "09:00"},
    ],
)
def test_a_window_that_is_no_stretch_of_a_day_is_refused(window):
    with pytest.raises(ValidationError):
        Window.model_validate(window)


def test_an_evening_may_run_to_midnight():
    assert Window.model_validate({"day": 7, "from": "22:00", "to": "24:00"}).minutes == 120


@pytest.mark.parametrize(
    "change", [{"headline": "a\x00b"}, {"skills": ["\x00"]}, {"id": ""}, {"id": "x" * 65}]
)
def test_hostile_text_is_refused(change):
    with pytest.raises(ValidationError):
        CandidateProfile.model_validate({**BARE, **change})


@pytest.mark.parametrize("hours", [-1, 61, float("nan"), float("inf"), "35"])
def test_wished_hours_stay_within_a_week(hours):
    with pytest.raises(ValidationError):
        CandidateProfile.model_validate({**BARE, "desired_weekly_hours": hours})


def test_a_programme_reads_json_with_dates_channels_and_importance():
    programme = ProgrammeProfile.model_validate(
        {**PROGRAMME, "channels": ["voice", "email"], "start_date": "2027-01-11"}
    )

    assert [channel.value for channel in programme.channels] == ["voice", "email"]
    assert programme.start_date is not None
    assert programme.skills[0].importance == "should"


def test_a_programme_written_out_reads_back_the_same():
    programme = ProgrammeProfile.model_validate(
        {**PROGRAMME, "channels": ["chat"], "start_date": "2027-01-11"}
    )

    assert ProgrammeProfile.model_validate(programme.model_dump(mode="json")) == programme
    assert ProgrammeProfile.model_validate_json(programme.model_dump_json()) == programme


def test_pay_that_runs_downward_is_refused():
    with pytest.raises(ValidationError, match="pays at most less"):
        ProgrammeProfile.model_validate({**PROGRAMME, "pay_min_cents": 200_000, "pay_max_cents": 190_000})


def test_identity_is_kept_apart_from_the_profile():
    assert not set(PersonIdentity.model_fields) & set(CandidateProfile.model_fields)
