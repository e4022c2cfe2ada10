"""Refreshers by API and pages: quizzes come back, notes reach a team, answers stay the learner's; on both databases."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event, func, select

from onboarding.continuous.refreshers import Origin, Phase
from service.flows.continuous import notes
from service.flows.paths import paths
from service.runtime.vocabulary import Role, Stage
from service.tables.applications import Application
from service.tables.refreshers import RefresherCard, RefresherReview
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, add_staff, as_candidate, as_staff, form_token, in_browser
from tests.service.cast import add_programme
from tests.service.learning.test_assignments import PATH, give, once

pytestmark = pytest.mark.anyio

API = "/api/v1"
NOTE: dict[str, Any] = {
    "title": "Le remboursement passe de 14 à 30 jours",
    "lesson": "Avant : 14 jours. Depuis lundi : 30 jours, sur présentation du ticket.",
    "question": "Un client rapporte un article après 20 jours. Que faites-vous ?",
    "choices": [
        {"text": "Je rembourse, ticket en main.", "is_right": True, "why": "Le délai est de 30 jours."},
        {"text": "Je dis que le délai est passé."},
    ],
}


async def hire(app: Any, clock: FixedClock, candidate_id: UUID, programme_id: UUID) -> None:
    async with app.state.database.transaction() as session:
        session.add(
            Application(
                candidate_id=candidate_id, programme_id=programme_id, stage=Stage.HIRED, stage_since=clock(),
                created_at=clock(),
            )
        )  # fmt: skip


async def finish_first_module(app: Any, clock: FixedClock, *, wrong: int = 0) -> tuple[UUID, int]:
    """A learner who has just passed the first quiz, and how many questions it had; the first `wrong` once missed."""
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock)
    given = await give(trainer, candidate_id=str(person), start_date="2026-11-24")
    learner = await as_candidate(app, clock, person)
    address = f"{API}/me/assignments/{given.json()['assignments'][0]}"
    module = (await learner.get(address)).json()["modules"][0]["module"]
    path = paths.to_give(app.state.editions, PATH, today=date(2026, 11, 24))
    quiz = paths.module_of(path, module).quiz
    right = {one.slug: sorted(one.key) for one in quiz}
    missed = {one.slug: [next(o.slug for o in one.options if not o.is_right)] for one in quiz[:wrong]}
    for answers in ([{**right, **missed}] if wrong else []) + [right]:
        url = f"{address}/modules/{module}/attempts"
        marked = await learner.post(url, json={"answers": answers}, headers=once())
        assert marked.status_code == 201, marked.text
        clock.move(minutes=5)
    return person, len(quiz)


async def today(learner: httpx.AsyncClient) -> dict[str, Any]:
    answer = await learner.get(f"{API}/me/refreshers")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def counted(app: Any, table: Any) -> int:
    async with app.state.database.transaction(write=False) as session:
        return int(await session.scalar(select(func.count()).select_from(table)))


async def test_a_passed_quiz_comes_back_under_a_moved_clock_and_each_answer_says_when_again(
    app: Any, clock: FixedClock
) -> None:
    person, questions = await finish_first_module(app, clock)
    learner = await as_candidate(app, clock, person)
    assert await counted(app, RefresherCard) == questions
    assert (await today(learner))["cards"] == []
    comes_back = date.fromisoformat((await today(learner))["comes_back"])
    assert comes_back > clock().date()
    days = (comes_back - clock().date()).days
    clock.move(days=days, hours=-5)  # a shift that begins earlier than the quiz ended
    learner = await as_candidate(app, clock, person)
    sitting = await today(learner)
    assert len(sitting["cards"]) == min(10, questions)
    card = sitting["cards"][0]
    assert "is_right" not in card["choices"][0]
    path = paths.to_give(app.state.editions, PATH, today=date(2026, 11, 24))
    key = next(
        sorted(q.key) for m in path.modules for q in m.quiz if q.text.fr == card["prompt"]["fr"]
    )  # fmt: skip
    body = {"turn": card["turn"], "recall": "well", "chosen": key}
    url = f"{API}/me/refreshers/{card['id']}/answers"
    first, twin = [await learner.post(url, json=body) for _ in range(2)]
    assert first.status_code == twin.status_code == 200, first.text
    assert first.json() == twin.json()
    assert (first.json()["is_right"], first.json()["days"] > 2) == (True, True)
    again = await learner.post(url, json={**body, "recall": "forgotten", "chosen": []})
    assert again.json() == first.json(), "what is sent twice is the first answer"
    assert await counted(app, RefresherReview) == 1
    too_soon = await learner.post(url, json={**body, "turn": card["turn"] + 1})
    assert (too_soon.status_code, too_soon.json()["type"]) == (409, "/problems/card-not-due")
    assert card["id"] not in {one["id"] for one in (await today(learner))["cards"]}


async def test_what_was_missed_in_the_quiz_comes_back_sooner_than_what_was_known(
    app: Any, clock: FixedClock
) -> None:
    await finish_first_module(app, clock, wrong=1)
    async with app.state.database.transaction(write=False) as session:
        cards = list(await session.scalars(select(RefresherCard).order_by(RefresherCard.stability_days)))
    assert cards[0].stability_days < cards[1].stability_days
    assert cards[0].due_on <= cards[1].due_on


async def test_a_wrong_choice_is_forgotten_whatever_was_said_and_unknown_choices_are_refused(
    app: Any, clock: FixedClock
) -> None:
    person, _ = await finish_first_module(app, clock)
    clock.move(days=30)
    learner = await as_candidate(app, clock, person)
    card = (await today(learner))["cards"][0]
    url = f"{API}/me/refreshers/{card['id']}/answers"
    for chosen, code in ((["nothing-like-it"], "unknown-option"), ([], "missing")):
        body = {"turn": card["turn"], "recall": "well", "chosen": chosen}
        refused = await learner.post(url, json=body)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)
    every = [one["choice"] for one in card["choices"]]
    marked = await learner.post(url, json={"turn": card["turn"], "recall": "well", "chosen": every})
    assert (marked.json()["recall"], marked.json()["is_right"]) == ("forgotten", False)
    assert any(one["why"] for one in marked.json()["choices"])


async def test_five_minutes_are_eight_new_rules_and_the_rest_waits(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock)
    learner = await as_candidate(app, clock, person)
    programme = await add_programme(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER)
    await hire(app, clock, person, programme)
    for number in range(12):
        body = {**NOTE, "title": f"Changement {number}", "programme_id": str(programme)}
        assert (await trainer.post(f"{API}/procedures", json=body, headers=once())).status_code == 201
    sitting = await today(learner)
    assert (len(sitting["cards"]), sitting["left"], sitting["minutes"]) == (8, 4, 5)
    for card in sitting["cards"]:
        body = {"turn": 0, "recall": "forgotten"}
        await learner.post(f"{API}/me/refreshers/{card['id']}/answers", json=body)
    after = await today(learner)
    assert (after["cards"], after["left"], after["answered"]) == ([], 4, 8)


async def test_a_changed_procedure_reaches_its_team_only_and_whoever_is_hired_later(
    app: Any, clock: FixedClock
) -> None:
    energy, water = await add_programme(app, clock), await add_programme(app, clock, title="Eau")
    ann = await add_candidate(app, clock, given_name="Anne", email="a@example.com", pseudonym="P-1")
    bob = await add_candidate(app, clock, given_name="Basile", email="b@example.com", pseudonym="P-2")
    await hire(app, clock, ann, energy)
    await hire(app, clock, bob, water)
    supervisor = await as_staff(app, clock, Role.SUPERVISOR)
    sent = await supervisor.post(
        f"{API}/procedures", json={**NOTE, "programme_id": str(energy)}, headers=once()
    )
    assert (sent.status_code, sent.json()["people"], sent.json()["met"]) == (201, 1, 0)
    learner, other = await as_candidate(app, clock, ann), await as_candidate(app, clock, bob)
    (card,) = (await today(learner))["cards"]
    assert card["lesson"]["fr"] == NOTE["lesson"]
    assert card["lesson"]["en"] == NOTE["lesson"], "English repeats the French that nobody translated"
    assert (await today(other))["cards"] == []
    answer = {"turn": 0, "recall": "well", "chosen": ["choice-1"]}
    stranger = await other.post(f"{API}/me/refreshers/{card['id']}/answers", json=answer)
    assert stranger.status_code == 404
    assert (await learner.post(f"{API}/me/refreshers/{card['id']}/answers", json=answer)).status_code == 200
    url = f"{API}/procedures/{sent.json()['id']}"
    assert (await supervisor.get(url)).json()["met"] == 1
    await hire(app, clock, bob, energy)
    async with app.state.database.transaction() as session:
        assert await notes.deal_waiting(session, now=clock()) == 1
        assert await notes.deal_waiting(session, now=clock()) == 0
    assert len((await today(other))["cards"]) == 1
    read = await supervisor.get(url)
    gone = await supervisor.post(
        f"{url}/withdrawal",
        json={"why": "La règle a encore changé."},
        headers={"If-Match": read.headers["etag"]},
    )
    assert gone.status_code == 200, gone.text
    assert (await today(other))["cards"] == []
    late = await other.post(f"{API}/me/refreshers/{card['id']}/answers", json=answer)
    assert late.status_code == 404


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_who_lacks_a_note_is_found_card_by_card_and_not_by_reading_everybodys(
    app: Any, clock: FixedClock
) -> None:
    asked: list[Any] = []
    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
    async with app.state.database.transaction() as session:
        await notes.deal_waiting(session, now=clock())
        ((query, values),) = [one for one in asked if "refresher_note" in one[0]]
        connection = await session.connection()
        plan = str((await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)).all())
    assert "(note_id=? AND candidate_id=?)" in plan


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_question_that_nothing_asks_any_more_is_not_said_to_come_back(
    app: Any, clock: FixedClock
) -> None:
    person, later = await add_candidate(app, clock), clock() + timedelta(days=3)
    lost = {"origin": Origin.QUIZ, "edition": "2019-01", "phase": Phase.KNOWN, "candidate_id": person}
    async with app.state.database.transaction() as session:
        session.add_all(
            RefresherCard(about=f"gone/module/question-{at.day}", due_on=at.date(), due_at=at, **lost)
            for at in (clock() - timedelta(days=2), later)
        )
    told = await today(await as_candidate(app, clock, person))
    assert (told["cards"], told["comes_back"]) == ([], later.date().isoformat())


async def test_a_note_that_cannot_be_asked_is_refused_with_every_place(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER)
    both = [{**one, "is_right": True} for one in NOTE["choices"]]
    for change, pointers in (
        ({"title": "", "lesson": " "}, {"/title", "/lesson"}),
        ({"choices": []}, {"/choices"}),
        ({"choices": both, "question": ""}, {"/choices", "/question"}),
        ({"lesson": "x" * 4001}, {"/lesson"}),
    ):
        body = {**NOTE, "programme_id": str(programme), **change}
        refused = await trainer.post(f"{API}/procedures", json=body, headers=once())
        assert refused.status_code == 422, refused.text
        assert {fault["pointer"] for fault in refused.json()["errors"]} == pointers
    assert await counted(app, RefresherCard) == 0


async def test_no_role_of_the_staff_reads_an_answer_and_figures_name_nobody(
    app: Any, clock: FixedClock
) -> None:
    person, _ = await finish_first_module(app, clock)
    clock.move(days=30)
    learner = await as_candidate(app, clock, person)
    card = (await today(learner))["cards"][0]
    await learner.post(
        f"{API}/me/refreshers/{card['id']}/answers", json={"turn": card["turn"], "recall": "forgotten"}
    )
    for role in (Role.RECRUITER, Role.SUPERVISOR, Role.SUPPORT):
        staff = await as_staff(app, clock, role)
        assert (await staff.get(f"{API}/me/refreshers")).status_code == 403
        figures = await staff.get(f"{API}/procedures/figures")
        assert figures.status_code == (200 if role is Role.SUPERVISOR else 403)
        if role is Role.SUPERVISOR:
            assert (figures.json()["kept_percent"], figures.json()["hardest"]) == (None, [])
            assert sum(day["cards"] for day in figures.json()["due"]) + figures.json()["overdue"] > 0


async def test_the_pages_ask_one_question_at_a_time_and_forgive_a_double_press(
    sqlite_settings: Any, clock: FixedClock
) -> None:
    from service.app import create_app

    app = create_app(sqlite_settings, clock=clock)
    async with app.lifespan():
        person, _ = await finish_first_module(app, clock)
        clock.move(days=30)
        page = await in_browser(app, clock, candidate_id=person)
        home = await page.get("/me/refreshers")
        assert "Commencer" in home.text
        card = home.text.split('href="/me/refreshers/cards/')[1].split('"')[0]
        url = f"/me/refreshers/cards/{card}"
        shown = await page.get(url)
        assert shown.text.count('type="radio"') + shown.text.count('type="checkbox"') >= 2
        turn = shown.text.split('name="turn" value="')[1].split('"')[0]
        empty = await page.post(url, data={"turn": turn, "how": "well", **form_token(page)})
        assert (empty.status_code, "Choisissez une réponse" in empty.text) == (422, True)
        sent = [
            await page.post(url, data={"turn": turn, "how": "forgotten", **form_token(page)})
            for _ in range(2)
        ]
        assert [one.status_code for one in sent] == [303, 303]
        assert sent[0].headers["location"] == sent[1].headers["location"]
        assert await counted(app, RefresherReview) == 1
        marked = await page.get(sent[0].headers["location"])
        assert "À revoir, et voici pourquoi" in marked.text
        for word in ("échec", "faux", "inapte"):
            assert word not in marked.text.lower()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_note_is_written_in_both_languages_and_what_is_french_only_is_marked_as_french(
    app: Any, clock: FixedClock
) -> None:
    programme, person = await add_programme(app, clock), await add_candidate(app, clock)
    await hire(app, clock, person, programme)
    author = await in_browser(app, clock, staff_id=await add_staff(app, clock, Role.TRAINER))
    typed = {
        "programme": str(programme), "in_english": "yes", "title_fr": NOTE["title"], "lesson_fr": NOTE["lesson"],
        "question_fr": NOTE["question"], "question_en": "A customer returns an item after 20 days?",
        "text_1_fr": "Je rembourse.", "text_1_en": "I refund.", "right_1": "yes", "text_2_fr": "Je refuse.",
        "why_2_en": "Thirty days.", **form_token(author),
    }  # fmt: skip
    form = (await author.get("/procedures/new")).text
    assert form.count('class="option"') == 6
    typed["key"] = form.split('name="key" value="')[1].split('"')[0]
    refused = await author.post("/procedures", data=typed)
    assert (refused.status_code, 'href="#why_2_fr"' in refused.text) == (422, True)
    assert 'value="I refund."' in refused.text
    pressed = [
        await author.post("/procedures", data={**typed, "why_2_fr": "Trente jours."}) for _ in range(2)
    ]
    assert pressed[0].headers["location"] == pressed[1].headers["location"], "pressed twice it is sent once"
    assert await counted(app, RefresherCard) == 1
    sent = pressed[0]
    again = await author.get(f"/procedures/new?replaces={sent.headers['location'].rsplit('/', 1)[1]}")
    for kept in ('value="I refund."', 'value="Trente jours."', 'value="Thirty days."'):
        assert kept in again.text
    learner = await in_browser(app, clock, candidate_id=person)
    learner.cookies.set("homeshore_language", "en")
    card = (await learner.get("/me/refreshers")).text.split('href="/me/refreshers/cards/')[1].split('"')[0]
    shown = (await learner.get(f"/me/refreshers/cards/{card}")).text
    assert '<h1 id="question">A customer returns' in shown
    assert "<span>I refund.</span>" in shown
    assert '<span lang="fr">Je refuse.</span>' in shown
    assert '<p class="as-written" lang="fr">Avant' in shown
