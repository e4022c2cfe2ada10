"""A programme that asks for what no post may ask is saved, with a warning beside the words; a guide is refused."""

from typing import Any

import pytest

from assessments.editions import EditionError
from service.runtime.editions import load_editions, read_interview_policy
from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.cast import bearer_of_staff, browser, submit

pytestmark = pytest.mark.anyio

FORM = {
    "title": "Support voix", "seats": "3", "weekly_hours": "35", "languages": "fr:B2",
    "skills": "appels entrants:3:indispensable", "opening_hours": "lun-ven 09:00-17:00",
    "nature_of_work": "Répondre aux appels des clients.", "expectations": "",
}  # fmt: skip


async def test_words_to_read_again_are_shown_and_nothing_is_refused(app: Any, clock: FixedClock) -> None:
    async with browser(app, await bearer_of_staff(app, clock, Role.RECRUITER)) as client:
        plain = await submit(client, "/programmes", FORM)
        assert plain.status_code == 303, plain.text
        assert not plain.headers["location"].endswith("/edit")
        asked = {**FORM, "expectations": "Jeune femme, sans enfants à charge."}
        saved = await submit(client, "/programmes", asked)
        assert saved.status_code == 303
        path = saved.headers["location"]
        assert path.endswith("/edit")
        page = (await client.get(path)).text
        assert "Des mots à relire" in page
        assert "article L1132-1" in page
        assert 'href="#expectations"' in page
        assert "sans enfants" in page
        assert "Des mots à relire" not in (await client.get(plain.headers["location"] + "/edit")).text


def test_a_guide_that_asks_for_what_is_forbidden_does_not_load() -> None:
    (policy, *_) = load_editions().interview_policies
    text = policy.model_dump_json()
    assert read_interview_policy(text) == policy
    prompt = policy.questions[0].text.fr
    with pytest.raises(EditionError, match="L1132-1"):
        read_interview_policy(text.replace(prompt, "Avez-vous des enfants à garder ?", 1))
