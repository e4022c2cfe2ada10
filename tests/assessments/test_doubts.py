from assessments.matching.doubts import doubts_of_person, doubts_of_programme
from tests.assessments.matched import MATCHER, POLICY, person, programme


def fields(asked):
    return [doubt.field for doubt in doubts_of_programme(asked, POLICY)]


def test_a_sound_programme_and_a_sound_person_raise_no_doubt():
    assert fields(programme()) == []
    assert doubts_of_person(person(), POLICY) == ()


def test_a_programme_that_nobody_can_fill_says_where():
    noon = [
        {"day": day, "from": start, "to": end}
        for day in range(1, 6)
        for start, end in (("09:00", "12:30"), ("13:30", "18:00"))
    ]
    broken = programme(opening_hours=noon, weekly_hours=35)
    (doubt,) = doubts_of_programme(broken, POLICY)
    assert doubt.field == "opening_hours"
    assert "Sans vacations coupées" in doubt.text.fr
    assert MATCHER.match(person(), broken).blocking == "hours"
    assert fields(programme(opening_hours=noon, weekly_hours=35, split_shifts_allowed=True)) == []
    assert fields(programme(opening_hours=[])) == ["opening_hours"]


def test_no_seat_no_skill_and_a_skill_twice_are_told():
    twice = [{"text": text, "level": 3, "importance": "must"} for text in ("tchat", "Tchat")]
    assert fields(programme(seats=0, skills=[])) == ["skills", "seats"]
    assert fields(programme(skills=twice)) == ["skills[2]"]


def test_hours_wished_beyond_what_is_free_contradict_themselves():
    short = person(availability=[{"day": 1, "from": "09:00", "to": "12:00"}], desired_weekly_hours=35)
    (doubt,) = doubts_of_person(short, POLICY)
    assert "35" in doubt.text.en
    assert "3 as free" in doubt.text.en
