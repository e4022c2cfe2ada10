"""Asking for help: an answer by the promised day, confidence kept, and what helped asked of everybody afterwards."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from service.flows import erasing
from service.flows.continuous import help as flow
from service.runtime.actors import SYSTEM
from service.runtime.editions import load_editions
from service.runtime.vocabulary import Role
from service.tables.help import HelpMessage, HelpRequest
from service.tables.refreshers import RefresherCard, RefresherNote
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, add_staff, as_candidate, as_staff, form_token, in_browser
from tests.service.cast import add_programme
from tests.service.continuous.test_refreshers import API, counted, finish_first_module, hire, today
from tests.service.learning.test_assignments import give, once

pytestmark = pytest.mark.anyio

ASKED = {"topic": "work", "words": "Le client veut payer en trois fois : où est-ce que je le note ?"}
ANSWER = {"words": "Dans l'onglet Paiement, puis « Échelonner ». Le client reçoit un courriel."}


async def team(app: Any, clock: FixedClock) -> tuple[UUID, UUID]:
    """Two people of one programme."""
    programme = await add_programme(app, clock)
    people = []
    for number in (1, 2):
        person = await add_candidate(app, clock, email=f"p{number}@example.com", pseudonym=f"P-{number}")
        await hire(app, clock, person, programme)
        people.append(person)
    return people[0], people[1]


async def letters(app: Any) -> list[tuple[str, str, str]]:
    async with app.state.database.transaction(write=False) as session:
        rows = await session.scalars(select(Mail).order_by(Mail.created_at, Mail.recipient))
        return [(row.recipient, row.subject, row.body_text) for row in rows]


async def test_a_question_is_answered_called_settled_and_becomes_a_card_of_the_whole_team(
    app: Any, clock: FixedClock
) -> None:
    asker, colleague = await team(app, clock)
    supervisor = await as_staff(app, clock, Role.SUPERVISOR)
    learner = await as_candidate(app, clock, asker)
    key = once()
    asked, twin = [await learner.post(f"{API}/me/help", json=ASKED, headers=key) for _ in range(2)]
    assert (asked.status_code, twin.content) == (201, asked.content), asked.text
    assert asked.json()["answer_due"] == "2026-11-25"
    ((to, subject, body),) = await letters(app)
    assert to == "supervisor@example.com"
    assert "payer" not in subject + body, "a letter says nothing of what was asked"
    (line,) = (await supervisor.get(f"{API}/help")).json()["items"]
    url = f"{API}/help/{line['id']}"
    too_early = await supervisor.post(f"{url}/card", json={})
    assert (too_early.status_code, too_early.json()["type"]) == (409, "/problems/not-answered")
    clock.move(minutes=50)
    read = await supervisor.get(url)
    tag = {"If-Match": read.headers["etag"]}
    assert (await supervisor.post(f"{url}/answers", json={"words": "Oui."}, headers=tag)).status_code == 422
    answered = await supervisor.post(f"{url}/answers", json=ANSWER, headers=tag)
    assert (answered.status_code, answered.json()["state"]) == (200, "answered"), answered.text
    assert (await supervisor.post(f"{url}/answers", json=ANSWER, headers=tag)).status_code == 412
    assert (await letters(app))[-1][0] == "p1@example.com"
    own = (await learner.get(f"{API}/me/help/{line['id']}")).json()
    assert [one["by"] for one in own["messages"]] == ["", "Ada Roche"]
    settled = await learner.post(f"{API}/me/help/{line['id']}/settling")
    assert settled.json()["state"] == "closed"
    kept = await supervisor.post(f"{url}/card", json={})
    assert (kept.status_code, kept.json()["origin"], kept.json()["people"]) == (201, "help", 2), kept.text
    assert kept.json()["lesson"]["fr"] == ANSWER["words"]
    assert (await supervisor.post(f"{url}/card", json={})).status_code == 409
    other = await as_candidate(app, clock, colleague)
    (card,) = (await today(other))["cards"]
    assert (card["choices"], card["prompt"]["fr"]) == ([], ASKED["words"])
    known = await other.post(f"{API}/me/refreshers/{card['id']}/answers", json={"turn": 0, "recall": "hard"})
    assert (known.status_code, known.json()["is_right"]) == (200, True)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_whoever_answers_has_read_the_newest_words_and_an_answer_sent_twice_is_one(
    app: Any, clock: FixedClock
) -> None:
    learner = await as_candidate(app, clock, await add_candidate(app, clock))
    supervisor = await as_staff(app, clock, Role.SUPERVISOR)
    asked = (await learner.post(f"{API}/me/help", json=ASKED, headers=once())).json()
    url = f"{API}/help/{asked['id']}"

    async def answers(times: int, tag: str) -> list[int]:
        told = {"If-Match": tag}
        sent = [await supervisor.post(f"{url}/answers", json=ANSWER, headers=told) for _ in range(times)]
        return [one.status_code for one in sent]

    before = (await supervisor.get(url)).headers["etag"]
    more = {"words": "J'ai trouvé l'onglet, mais pas la case."}
    assert (
        await learner.post(f"{API}/me/help/{asked['id']}/messages", json=more, headers=once())
    ).status_code == 201
    assert await answers(1, before) == [412]
    assert await answers(2, (await supervisor.get(url)).headers["etag"]) == [200, 412]
    assert await answers(2, (await supervisor.get(url)).headers["etag"]) == [200, 412], "a second answer, too"
    assert await counted(app, HelpMessage) == 4


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_card_of_the_team_does_not_tell_who_asked(app: Any, clock: FixedClock) -> None:
    asker = await add_candidate(app, clock, family_name="Quenouillac")
    programme = str(await add_programme(app, clock))
    supervisor = await as_staff(app, clock, Role.SUPERVISOR)
    learner = await as_candidate(app, clock, asker)
    words = {
        "topic": "work",
        "words": "Ici Inès Quenouillac. Où est-ce que je note un paiement en trois fois ?",
    }
    asked = (await learner.post(f"{API}/me/help", json=words, headers=once())).json()
    url = f"{API}/help/{asked['id']}"
    tag = {"If-Match": (await supervisor.get(url)).headers["etag"]}
    assert (await supervisor.post(f"{url}/answers", json=ANSWER, headers=tag)).status_code == 200
    as_asked = await supervisor.post(f"{url}/card", json={"programme_id": programme})
    assert (as_asked.status_code, as_asked.json()["errors"][0]["pointer"]) == (422, "/title")
    better = {"title": "Où noter un paiement en trois fois ?", "lesson": ANSWER["words"]}
    kept = await supervisor.post(f"{url}/card", json={"programme_id": programme, "note": better})
    assert kept.status_code == 201, kept.text


async def test_what_is_said_in_confidence_reaches_the_support_person_alone(
    app: Any, clock: FixedClock
) -> None:
    asker, _ = await team(app, clock)
    staff = {role: await as_staff(app, clock, role) for role in (Role.TRAINER, Role.SUPERVISOR, Role.SUPPORT)}
    learner = await as_candidate(app, clock, asker)
    body = {"topic": "private", "words": "Je dors mal depuis que je travaille seule chez moi."}
    asked = (await learner.post(f"{API}/me/help", json=body, headers=once())).json()
    assert {to for to, *_ in await letters(app)} == {"support_person@example.com"}
    for role, client in staff.items():
        listed = (await client.get(f"{API}/help")).json()["items"]
        found = await client.get(f"{API}/help/{asked['id']}")
        assert (len(listed), found.status_code) == ((1, 200) if role is Role.SUPPORT else (0, 404))
    tag = {"If-Match": (await staff[Role.SUPPORT].get(f"{API}/help/{asked['id']}")).headers["etag"]}
    answer = {"words": "Merci de l'avoir écrit. Je vous appelle à 14 h si cela vous va."}
    url = f"{API}/help/{asked['id']}"
    assert (await staff[Role.SUPPORT].post(f"{url}/answers", json=answer, headers=tag)).status_code == 200
    assert (await staff[Role.SUPPORT].post(f"{url}/card", json={})).status_code == 403
    assert (await staff[Role.TRAINER].post(f"{url}/card", json={})).status_code == 404
    recruiter = await as_staff(app, clock, Role.RECRUITER)
    assert (await recruiter.get(f"{API}/help")).status_code == 403
    assert await counted(app, RefresherNote) == await counted(app, RefresherCard) == 0


async def test_a_place_must_be_in_ones_own_training_and_is_told_to_whoever_answers(
    app: Any, clock: FixedClock
) -> None:
    asker, other = await team(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER)
    given = await give(trainer, candidate_id=str(asker), start_date="2026-11-24")
    place = {"assignment_id": given.json()["assignments"][0], "module": "your-post"}
    body = {"topic": "lesson", "words": "La hauteur de l'écran, je la mesure d'où ?", "place": place}
    stranger = await as_candidate(app, clock, other)
    refused = await stranger.post(f"{API}/me/help", json=body, headers=once())
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/assignment_id")
    learner = await as_candidate(app, clock, asker)
    asked = await learner.post(f"{API}/me/help", json=body, headers=once())
    assert (asked.status_code, asked.json()["module"]) == (201, "your-post"), asked.text
    assert (await stranger.get(f"{API}/me/help/{asked.json()['id']}")).status_code == 404
    assert (await stranger.get(f"{API}/me/help")).json()["items"] == []


async def test_a_request_that_waits_too_long_is_recalled_once_on_a_working_day_and_figures_tell_it(
    app: Any, clock: FixedClock
) -> None:
    asker, _ = await team(app, clock)
    await add_staff(app, clock, Role.TRAINER)
    learner = await as_candidate(app, clock, asker)
    clock.move(days=3)  # a Friday: an answer is due on Monday
    learner = await as_candidate(app, clock, asker)
    for _ in range(5):
        assert (await learner.post(f"{API}/me/help", json=ASKED, headers=once())).status_code == 201
    counts = []
    for days in (2, 1, 1, 0):  # Sunday, Monday, Tuesday, Tuesday again
        clock.move(days=days)
        async with app.state.database.transaction() as session:
            counts.append(
                await flow.remind_due(
                    session, settings=app.state.settings, editions=load_editions(), now=clock()
                )
            )
    assert counts == [0, 0, 5, 0]
    trainer = await as_staff(app, clock, Role.TRAINER, email="second@example.com")
    figures = (await trainer.get(f"{API}/help/figures")).json()
    assert figures == {"requests": 5, "answered": 0, "in_time": 0, "late": 5, "median_minutes": None}


async def test_whoever_is_erased_leaves_no_question_no_card_and_no_answer(
    app: Any, clock: FixedClock
) -> None:
    person, _ = await finish_first_module(app, clock)
    learner = await as_candidate(app, clock, person)
    assert (await learner.post(f"{API}/me/help", json=ASKED, headers=once())).status_code == 201
    assert await counted(app, HelpMessage) == 1
    async with app.state.database.transaction() as session:
        await erasing.erase(
            session, SYSTEM, person, files=app.state.files, reason="La personne l'a demandé.", now=clock()
        )
    for table in (HelpRequest, HelpMessage, RefresherCard):
        assert await counted(app, table) == 0


async def test_the_pages_keep_what_was_typed_and_a_double_press_asks_once(
    sqlite_settings: Any, clock: FixedClock
) -> None:
    from service.app import create_app

    app = create_app(sqlite_settings, clock=clock)
    async with app.lifespan():
        asker, _ = await team(app, clock)
        staff_id = await add_staff(app, clock, Role.TRAINER)
        page = await in_browser(app, clock, candidate_id=asker)
        form = (await page.get("/me/help")).text
        key = form.split('name="key" value="')[1].split('"')[0]
        short = await page.post(
            "/me/help", data={"topic": "work", "words": "Quoi ?", "key": key, **form_token(page)}
        )
        assert (short.status_code, "Quoi ?" in short.text) == (422, True)
        sent = [await page.post("/me/help", data={**ASKED, "key": key, **form_token(page)}) for _ in range(2)]
        assert sent[0].headers["location"] == sent[1].headers["location"]
        assert (await counted(app, HelpRequest), await counted(app, HelpMessage)) == (1, 1)
        staff = await in_browser(app, clock, staff_id=staff_id)
        url = "/help/" + sent[0].headers["location"].rsplit("/", 1)[1]
        assert "payer en trois fois" in (await staff.get("/help")).text
        stale = await staff.post(url, data={**ANSWER, "version": "7", **form_token(staff)})
        assert (stale.status_code, "Échelonner" in stale.text) == (409, True)
        version = (await staff.get(url)).text.split('name="version" value="')[1].split('"')[0]
        answered = await staff.post(url, data={**ANSWER, "version": version, **form_token(staff)})
        assert answered.status_code == 303
        shown = await staff.get(url)
        assert "En faire une carte" in shown.text
        programme = shown.text.split('name="programme" value="')[1].split('"')[0]
        card = {"title": "Paiement en trois fois ?", "lesson": ANSWER["words"], "programme": programme}
        kept = await staff.post(f"{url}/card", data={**card, **form_token(staff)})
        assert kept.headers["location"].startswith("/procedures/")
        assert "Paiement en trois fois" in (await staff.get(kept.headers["location"])).text
        question = (
            (await page.get("/me/refreshers")).text.split('href="/me/refreshers/cards/')[1].split('"')[0]
        )
        assert "Je ne le savais pas" in (await page.get(f"/me/refreshers/cards/{question}")).text
