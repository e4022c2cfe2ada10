"""Who somebody is changes nothing: with another name, address, sex, age or language of the pages, the same numbers."""

import csv
import io
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest

from assessments.profiles import CandidateProfile, PersonIdentity
from service.flows.matching import plans
from service.flows.matching.matching_ranks import weigh_all
from service.flows.reading.reading_files import CandidateRow, read_candidates, read_programmes
from service.runtime.editions import load_editions
from service.runtime.vocabulary import AgeBand, Role, Sex
from service.tables.surveys import SelfDescription
from tests.conftest import FixedClock
from tests.service.assessing.test_assessments import SLUGS, submitted
from tests.service.callers import add_staff, session_of
from tests.service.cast import add_candidate, add_programme, api, bearer_of_candidate

DEMO = files("service.demo")
NAMES = ("given_name", "family_name", "email", "phone")
MUST_NOT_COUNT = ("sex", "gender", "age", "birth_date", "address", "postcode", "photo", "nationality")
OTHERS = (
    {
        "given_name": "Mamadou",
        "family_name": "Diallo",
        "email": "mamadou@example.org",
        "phone": "07 11 22 33 44",
    },
    {"given_name": "Marie-Chantal", "family_name": "de La Tour", "email": "mc@example.fr", "phone": ""},
    {"given_name": "", "family_name": "", "email": "", "phone": ""},
)


def people_file(changes: Mapping[str, str]) -> tuple[CandidateRow, ...]:
    """The demonstration's people, all of them given this identity."""
    rows = list(
        csv.DictReader(io.StringIO(DEMO.joinpath("candidates.csv").read_text("utf-8")), delimiter=";")
    )
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows({**row, **changes} for row in rows)
    read = read_candidates(text.getvalue().encode(), "people.csv")
    assert read.faults == ()
    return read.rows


@pytest.mark.parametrize("identity", OTHERS)
def test_no_match_of_the_demonstration_changes_with_the_identity(identity: dict[str, str]) -> None:
    matcher = load_editions().matcher
    programmes = read_programmes(DEMO.joinpath("programmes.csv").read_bytes(), "programmes.csv").rows
    wanted = [row.profile for row in programmes]
    own, other = people_file({}), people_file(identity)
    assert [row.identity for row in own] != [row.identity for row in other]
    ranked, flipped = (weigh_all(matcher, [row.profile for row in rows], wanted) for rows in (own, other))
    assert len(own) * len(wanted) > 200
    assert flipped == ranked


def test_what_is_weighed_has_no_place_for_who_somebody_is() -> None:
    weighed, identity = set(CandidateProfile.model_fields), set(PersonIdentity.model_fields)
    assert weighed & (identity | set(MUST_NOT_COUNT)) == set()


def answers_of(slug: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DEMO.joinpath(f"hiring/answers-{slug}.json").read_text("utf-8"))[
        "answers"
    ]
    return found


async def figures_of(
    app: Any,
    clock: FixedClock,
    staff: str,
    *,
    profile: Mapping[str, Any],
    programme: UUID,
    flip: dict[str, Any],
) -> dict[str, Any]:
    """All that the service computes of one person who answers the questionnaires and applies."""
    person = await add_candidate(app, clock, profile=dict(profile), **{name: flip[name] for name in NAMES})
    if flip["sex"] is not None:
        async with app.state.database.transaction() as session:
            session.add(
                SelfDescription(candidate_id=person, sex=flip["sex"], age_band=flip["age"], given_at=clock())
            )
    async with api(app, await bearer_of_candidate(app, clock, person)) as own:
        own.base_url = "http://homeshore.test"
        own.headers["Accept-Language"] = flip["language"]
        own.cookies.set("homeshore_language", flip["language"])
        for slug in SLUGS:
            assert (await submitted(own, slug, answers_of(slug))).status_code in (200, 201)
    async with api(app, staff) as client:
        body = {"candidate_id": str(person), "programme_id": str(programme)}
        application = (await client.post("/applications", json=body)).json()["id"]
        cards = (await client.get(f"/candidates/{person}/scorecards")).json()
        screening = (await client.post(f"/candidates/{person}/screenings")).json()
        matches = (await client.get(f"/candidates/{person}/matches")).json()
        match = (await client.get(f"/applications/{application}/match")).json()
    async with app.state.database.transaction(write=False) as session:
        plan = await plans.plan_of(session, person, editions=app.state.editions, now=clock())
    cards.sort(key=lambda card: card["instrument"])  # all of one moment, listed in the order of random ids
    found = {"cards": cards, "screening": screening, "matches": matches, "match": match}
    told: dict[str, Any] = without_ids(found)
    return {**told, "plan": plan.model_dump(mode="json")}


def without_ids(value: Any) -> Any:
    """The same without the random names of rows."""
    if isinstance(value, dict):
        return {
            key: without_ids(inner)
            for key, inner in value.items()
            if key != "id" and not key.endswith(("_id", "_ids"))
        }
    return [without_ids(inner) for inner in value] if isinstance(value, list) else value


ONE = {
    "given_name": "Camille", "family_name": "Perrin", "email": "camille@example.com", "phone": "06 39 98 10 01",
    "sex": None, "age": None, "language": "fr",
}  # fmt: skip
FLIPS = {
    "name": {"given_name": "Fatoumata", "family_name": "N'Diaye-Kowalski"},
    "e-mail and phone": {"email": "fatou.1962@example.org", "phone": ""},
    "sex and age": {"sex": Sex.WOMAN, "age": AgeBand.FROM_55},
    "other sex and age": {"sex": Sex.MAN, "age": AgeBand.UNDER_26},
    "language of the pages": {"language": "en"},
    "everything": {**OTHERS[0], "sex": Sex.OTHER, "age": AgeBand.FROM_40_TO_54, "language": "en"},
}


@pytest.mark.anyio
async def test_no_score_band_match_plan_or_recommendation_changes_with_the_person(
    app: Any, clock: FixedClock
) -> None:
    staff = await session_of(app, clock, staff_id=await add_staff(app, clock, Role.RECRUITER))
    programme = await add_programme(app, clock)
    profile = people_file({})[0].profile.model_dump(
        mode="json", by_alias=True, exclude={"id"}, exclude_none=True
    )
    seen = await figures_of(app, clock, staff, profile=profile, programme=programme, flip=ONE)
    assert seen["cards"]
    assert seen["screening"]["reasons"]
    assert seen["matches"]["items"]
    for name, flip in FLIPS.items():
        flipped = await figures_of(
            app, clock, staff, profile=profile, programme=programme, flip={**ONE, **flip}
        )
        for part, value in seen.items():
            assert flipped[part] == value, (name, part)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "member", ["sex", "age", "birth_date", "address", "postcode", "photo", "nationality"]
)
async def test_what_must_not_count_cannot_even_be_sent(app: Any, clock: FixedClock, member: str) -> None:
    staff = await session_of(app, clock, staff_id=await add_staff(app, clock, Role.RECRUITER))
    profile = {"skills": [], "languages": [], "availability": []}
    async with api(app, staff) as client:
        beside = await client.post("/candidates", json={"given_name": "Zoé", "profile": profile, member: "x"})
        inside = await client.post(
            "/candidates", json={"given_name": "Zoé", "profile": {**profile, member: "x"}}
        )
    assert (beside.status_code, inside.status_code) == (400, 400)
