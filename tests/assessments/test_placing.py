from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.matching.placing import error_of, parts_of, true_places
from tests.assessments.matched import (
    GOOD_HOME,
    MATCHER,
    POLICY,
    SHOPKEEPER,
    SURVEYOR,
    person,
    programme,
)

EVERYBODY = [MATCHER.match(who, programme()) for who in (person(), person("n9"), SHOPKEEPER, SURVEYOR)]


@settings(max_examples=30, deadline=None)
@given(st.integers(20, 35), st.sampled_from(["low", "high"]), st.booleans(), st.integers(1, 5))
def test_the_parts_of_a_score_sum_to_it_exactly(wished, noise, has_room, level):
    home = GOOD_HOME | {"noise": noise, "dedicated_room": has_room}
    asked = programme(card_data=True, skills=[{"text": "factures", "level": level, "importance": "must"}])
    match = MATCHER.match(person(home=home, desired_weekly_hours=wished), asked)
    parts = parts_of(match, POLICY)
    assert sum(round(part.points * 100) for part in parts) == round(match.score * 100)
    assert all(part.points <= part.most + 0.01 for part in parts)


def test_equal_scores_tie_and_another_grade_never_does():
    places = true_places(EVERYBODY, EVERYBODY, POLICY)
    assert places["n1"].ties_with == ("n9",)
    assert (places["n1"].from_place, places["n1"].to_place) == (1, 2)
    grades = {match.candidate: match.grade for match in EVERYBODY}
    assert all(grades[name] == grades[other] for name, place in places.items() for other in place.ties_with)


def test_a_level_read_with_no_room_for_error_moves_nothing():
    sure = POLICY.model_copy(update={"score": POLICY.score.model_copy(update={"reading_error_levels": 0.0})})
    assert error_of(EVERYBODY[0], POLICY) > error_of(EVERYBODY[0], sure) == 0
