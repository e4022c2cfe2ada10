"""Asking for a second look: by the person only, answered by a second person only, and nobody is worse off by it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from service.flows.allowances.verifying import verify_everything
from service.flows.recruiting import applications
from service.flows.recruiting.contests_rules import editions as rules
from service.runtime.actors import Actor, ActorKind
from service.runtime.vocabulary import ContestFinding, DecisionOutcome, Locale, Role, Stage
from service.tables.applications import Application
from service.tables.contests import Contest
from service.tables.people import Candidate
from service.tables.trail import AuditEntry, Mail
from tests.conftest import FixedClock
from tests.service.assessing.test_assessments import submitted
from tests.service.callers import add_candidate, add_staff, client_of, form_token, in_browser, session_of
from tests.service.cast import add_programme, api
from tests.service.papers.offering import new_key

pytestmark = pytest.mark.anyio

EQUIPMENT = "equipment-connection"
WHY = "Mon ordinateur est arrivé depuis, et la ligne a été refaite."
ANSWER = "J'ai relu vos réponses et la facture : votre matériel convient tout à fait."


@dataclass(frozen=True)
class Place:
    """A person with a result and a recommendation, whoever asked for that one, and a second person."""

    app: Any
    clock: FixedClock
    candidate_id: UUID
    first_id: UUID
    second_id: UUID
    person: str
    first: str
    second: str

    def api(self, who: str) -> Any:
        return api(self.app, getattr(self, who))


@pytest.fixture
async def place(app: Any, clock: FixedClock) -> Place:
    candidate_id = await add_candidate(app, clock)
    first_id = await add_staff(app, clock, Role.RECRUITER, name="Claire Dumont")
    second_id = await add_staff(app, clock, Role.APPROVER, name="Hélène Marsan")
    person = await session_of(app, clock, candidate_id=candidate_id)
    first = await session_of(app, clock, staff_id=first_id)
    second = await session_of(app, clock, staff_id=second_id)
    sent = await submitted(client_of(app, person), EQUIPMENT)
    assert sent.status_code in (200, 201), sent.text
    async with api(app, first) as client:
        weighed = await client.post(f"/candidates/{candidate_id}/screenings", json={}, headers=new_key())
        assert weighed.status_code == 201, weighed.text
    return Place(app, clock, candidate_id, first_id, second_id, person, first, second)


async def _subject(place: Place, kind: str) -> dict[str, str]:
    async with place.api("person") as client:
        found = (await client.get("/me/contests")).json()["open_to"]
    return next(
        {"kind": one["kind"], "subject_id": one["subject_id"]} for one in found if one["kind"] == kind
    )


async def _open(place: Place, kind: str = "scorecard", words: str = WHY) -> httpx.Response:
    async with place.api("person") as client:
        return await client.post(
            "/me/contests", json={**await _subject(place, kind), "words": words}, headers=new_key()
        )


async def _take(place: Place, contest_id: str, who: str = "second") -> httpx.Response:
    async with place.api(who) as client:
        shown = await client.get(f"/contests/{contest_id}")
        return await client.post(
            f"/contests/{contest_id}/taking", headers={"If-Match": shown.headers["etag"]}
        )


async def _answer(place: Place, taken: httpx.Response, **more: str) -> httpx.Response:
    async with place.api("second") as client:
        return await client.put(
            f"/contests/{taken.json()['id']}/answer", json={"finding": "changed", "answer": ANSWER, **more},
            headers={"If-Match": taken.headers["etag"]},
        )  # fmt: skip


async def _decide(place: Place) -> UUID:
    """The first person decides that an application goes no further."""
    programme_id = await add_programme(place.app, place.clock)
    staff = Actor(
        ActorKind.STAFF, Role.RECRUITER, place.first_id, place.first_id, "Claire", sees_all_programmes=True
    )
    async with place.app.state.database.transaction() as session:
        made = await applications.create_application(
            session, staff, candidate_id=place.candidate_id, programme_id=programme_id, now=place.clock()
        )
        await applications.decide(
            session, staff, made.id, outcome=DecisionOutcome.NOT_RETAIN, now=place.clock(),
            reason="Les horaires du programme ne vont pas avec vos disponibilités.",
        )  # fmt: skip
    return made.id


async def _rows(place: Place, query: Any) -> list[Any]:
    async with place.app.state.database.transaction(write=False) as session:
        return list(await session.scalars(query))


async def test_a_person_asks_a_second_person_answers_and_the_person_reads_it(place: Place) -> None:
    opened = await _open(place)
    assert opened.status_code == 201, opened.text
    assert opened.json()["answer_due"] == "2026-12-15"
    taken = await _take(place, opened.json()["id"])
    assert (taken.status_code, taken.json()["reviewer_name"]) == (200, "Hélène Marsan")
    answered = await _answer(place, taken)
    assert (answered.status_code, answered.json()["finding"]) == (200, "changed"), answered.text
    async with place.api("person") as client:
        (own,) = (await client.get("/me/contests")).json()["items"]
    assert (own["answer"], own["reviewer_name"]) == (ANSWER, "Hélène Marsan")
    letters = await _rows(place, sa.select(Mail).order_by(Mail.created_at))
    assert sorted(letter.recipient for letter in letters) == [
        "approver@example.com", "ines@example.com", "ines@example.com",
    ]  # fmt: skip
    assert any(ANSWER in letter.body_text for letter in letters)
    assert all(WHY not in letter.body_text for letter in letters)
    noted = await _rows(place, sa.select(AuditEntry.action).where(AuditEntry.action.like("contest.%")))
    assert {"contest.open", "contest.take", "contest.read", "contest.answer"} <= set(noted)
    async with place.app.state.database.transaction(write=False) as session:
        found = await verify_everything(session, place.app.state.files, place.app.state.editions)
    promise = next(one for one in found if "second person" in one.promise)
    assert (promise.holds, promise.detail) == (True, "1 answered")


@pytest.mark.parametrize("kind", ["scorecard", "screening", "decision"])
async def test_whoever_screened_or_decided_first_never_reviews(place: Place, kind: str) -> None:
    await _decide(place)
    contest_id = (await _open(place, kind)).json()["id"]
    refused = await _take(place, contest_id, who="first")
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (403, "first-person")
    assert "second person" in refused.json()["detail"]
    async with place.api("first") as client:
        answer = await client.put(
            f"/contests/{contest_id}/answer", json={"finding": "stands", "answer": ANSWER},
            headers={"If-Match": "*"},
        )  # fmt: skip
    assert answer.status_code == 403
    page = await in_browser(place.app, place.clock, staff_id=place.first_id)
    shown = await page.get(f"/contests/{contest_id}")
    assert "Ce n&#39;est pas à vous de répondre" in shown.text
    assert (await page.post(f"/contests/{contest_id}/taking", data=form_token(page))).status_code == 403
    assert [row.reviewer_id for row in await _rows(place, sa.select(Contest))] == [None]


async def test_verify_finds_an_answer_by_the_first_person(place: Place) -> None:
    contest_id = (await _open(place)).json()["id"]
    async with place.app.state.database.transaction() as session:
        row = await session.get_one(Contest, UUID(contest_id))
        row.reviewer_id, row.finding, row.answer = place.first_id, ContestFinding.STANDS, ANSWER
        row.answered_at = place.clock()
    async with place.app.state.database.transaction(write=False) as session:
        found = await verify_everything(session, place.app.state.files, place.app.state.editions)
    promise = next(one for one in found if "second person" in one.promise)
    assert not promise.holds
    assert contest_id in promise.detail


async def test_nothing_about_the_person_changes_by_asking(place: Place) -> None:
    application_id = await _decide(place)
    async with place.app.state.database.transaction(write=False) as session:
        before = (await session.get_one(Candidate, place.candidate_id)).model_dump()
        stage = (await session.get_one(Application, application_id)).model_dump()
    for kind in ("scorecard", "screening", "decision"):
        assert (await _open(place, kind)).status_code == 201
    async with place.app.state.database.transaction(write=False) as session:
        assert (await session.get_one(Candidate, place.candidate_id)).model_dump() == before
        assert (await session.get_one(Application, application_id)).model_dump() == stage


@pytest.mark.parametrize(
    ("finding", "stage"),
    [("stands", Stage.NOT_RETAINED), ("changed", Stage.INTERVIEW), ("redo", Stage.INTERVIEW)],
)
async def test_a_contested_decision_that_changes_opens_the_application_again(
    place: Place, finding: str, stage: Stage
) -> None:
    application_id = await _decide(place)
    taken = await _take(place, (await _open(place, "decision")).json()["id"])
    assert (await _answer(place, taken, finding=finding)).status_code == 200
    assert await _rows(place, sa.select(Application.stage).where(Application.id == application_id)) == [stage]


async def test_one_result_is_contested_once_and_a_repeated_request_gives_the_same_answer(
    place: Place,
) -> None:
    body, key = {**await _subject(place, "scorecard"), "words": WHY}, new_key()
    async with place.api("person") as client:
        answers = [await client.post("/me/contests", json=body, headers=key) for _ in range(2)]
        again = await client.post("/me/contests", json=body, headers=new_key())
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert again.status_code == 409
    assert len(await _rows(place, sa.select(Contest))) == 1


@pytest.mark.parametrize("words", ["", "   \n ", "Non.", "\u200b" * 40, "\x07" * 40])
async def test_too_few_words_are_refused_in_words_with_a_pointer(place: Place, words: str) -> None:
    refused = await _open(place, words=words)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "/words"
    assert "10" in refused.json()["detail"]


async def test_what_is_not_ones_own_or_is_no_result_cannot_be_contested(
    place: Place, app: Any, clock: FixedClock
) -> None:
    subject = await _subject(place, "scorecard")
    other = await session_of(app, clock, candidate_id=await add_candidate(app, clock, email="o@example.com"))
    async with api(app, other) as client:
        stolen = await client.post("/me/contests", json={**subject, "words": WHY}, headers=new_key())
    async with place.api("person") as client:
        unknown = await client.post(
            "/me/contests", json={"kind": "decision", "subject_id": str(uuid4()), "words": WHY},
            headers=new_key(),
        )  # fmt: skip
        wrong_kind = await client.post(
            "/me/contests", json={**subject, "kind": "screening", "words": WHY}, headers=new_key()
        )
        bad = [
            await client.post("/me/contests", json=body, headers=new_key())
            for body in (
                {**subject, "words": "x" * 4001}, {**subject, "words": 7}, {**subject, "words": WHY, "x": 1},
                {**subject, "kind": "mood", "words": WHY}, {**subject, "words": f"{WHY}\x00"},
            )
        ]  # fmt: skip
    assert (stolen.status_code, unknown.status_code, wrong_kind.status_code) == (404, 404, 404)
    assert {answer.status_code for answer in bad} == {400}
    assert await _rows(place, sa.select(Contest)) == []


async def test_an_answer_names_the_version_it_was_written_for(place: Place) -> None:
    contest_id = (await _open(place)).json()["id"]
    body = {"finding": "stands", "answer": ANSWER}
    async with place.api("second") as client:
        blind = await client.put(f"/contests/{contest_id}/answer", json=body)
        early = await client.put(f"/contests/{contest_id}/answer", json=body, headers={"If-Match": "*"})
        untaken = (await client.get(f"/contests/{contest_id}")).headers["etag"]
    taken = await _take(place, contest_id)
    async with place.api("second") as client:
        stale = await client.put(f"/contests/{contest_id}/answer", json=body, headers={"If-Match": untaken})
        short = await client.put(
            f"/contests/{contest_id}/answer", json={**body, "answer": "Non."}, headers={"If-Match": "*"}
        )
    assert (blind.status_code, early.status_code) == (428, 409)
    assert (stale.status_code, short.status_code) == (412, 422)
    assert (await _answer(place, taken)).status_code == 200
    again = await _answer(place, taken, finding="stands")
    assert again.status_code in (409, 412)
    assert (await _rows(place, sa.select(Contest.finding))) == [ContestFinding.CHANGED]


async def test_a_colleague_may_take_over_and_only_who_took_it_answers(
    place: Place, app: Any, clock: FixedClock
) -> None:
    third_id = await add_staff(app, clock, Role.RECRUITER, name="Noé Le Gall", email="third@example.com")
    contest_id = (await _open(place)).json()["id"]
    taken = await _take(place, contest_id)
    async with api(app, await session_of(app, clock, staff_id=third_id)) as client:
        over = await client.post(
            f"/contests/{contest_id}/taking", headers={"If-Match": taken.headers["etag"]}
        )
    assert over.json()["reviewer_name"] == "Noé Le Gall"
    assert (await _answer(place, over)).status_code == 409


async def test_the_queue_shows_the_soonest_due_first_page_by_page(place: Place) -> None:
    await _decide(place)
    kinds = ("screening", "scorecard", "decision")
    opened = [(await _open(place, kind)).json()["id"] for kind in kinds]
    async with place.app.state.database.transaction() as session:
        for number, contest_id in enumerate(opened):
            (await session.get_one(Contest, UUID(contest_id))).answer_due = date(2026, 12, 1 + number)
    async with place.api("second") as client:
        first = await client.get("/contests?limit=2")
        rest = await client.get(f"/contests?limit=2&cursor={first.json()['next']}")
        foreign = await client.get(f"/contests?answered=true&cursor={first.json()['next']}")
    assert [one["id"] for one in (*first.json()["items"], *rest.json()["items"])] == opened
    assert rest.json()["next"] is None
    assert foreign.status_code == 422


async def test_neither_tokens_nor_administrators_nor_trainers_come_near(
    place: Place, app: Any, clock: FixedClock
) -> None:
    contest_id = (await _open(place)).json()["id"]
    for role in (Role.TRAINER, Role.ADMINISTRATOR, Role.CLIENT_MANAGER, Role.SUPERVISOR):
        async with api(
            app, await session_of(app, clock, staff_id=await add_staff(app, clock, role))
        ) as client:
            assert (await client.get("/contests")).status_code == 403
            assert (await client.get(f"/contests/{contest_id}")).status_code == 403


async def test_staff_of_other_programmes_neither_see_nor_answer(
    place: Place, app: Any, clock: FixedClock
) -> None:
    contest_id = (await _open(place)).json()["id"]
    apart = await add_staff(app, clock, Role.APPROVER, email="apart@example.com", sees_all_programmes=False)
    async with api(app, await session_of(app, clock, staff_id=apart)) as client:
        assert (await client.get("/contests")).json()["items"] == []
        assert (await client.get(f"/contests/{contest_id}")).status_code == 404


async def test_the_page_keeps_what_was_typed_and_says_where_a_request_stands(place: Place) -> None:
    page = await in_browser(place.app, place.clock, candidate_id=place.candidate_id)
    subject = await _subject(place, "scorecard")
    chosen = f"{subject['kind']}:{subject['subject_id']}"
    short = await page.post("/me/contests", data={**form_token(page), "subject": chosen, "words": "Non <b>"})
    assert short.status_code == 422
    assert "Non &lt;b&gt;" in short.text
    assert 'id="words-error"' in short.text
    assert f'value="{chosen}" id="subject" checked' in short.text.replace('id="subject-2" checked', "")
    nothing = await page.post("/me/contests", data={**form_token(page), "subject": "x", "words": WHY})
    assert (nothing.status_code, 'id="subject-error"' in nothing.text) == (422, True)
    sent = await page.post("/me/contests", data={**form_token(page), "subject": chosen, "words": WHY})
    assert sent.headers["location"] == "/me/contests"
    assert "En attente" in (await page.get("/me/contests")).text
    twice = await page.post("/me/contests", data={**form_token(page), "subject": chosen, "words": WHY})
    assert twice.status_code == 303


async def test_the_reviewer_sees_all_of_the_evidence_takes_it_and_answers_on_pages(place: Place) -> None:
    contest_id = (await _open(place)).json()["id"]
    page = await in_browser(place.app, place.clock, staff_id=place.second_id)
    assert "Inès" in (await page.get("/contests")).text
    shown = (await page.get(f"/contests/{contest_id}")).text
    for words in (WHY, "Quel ordinateur pouvez-vous utiliser", "Dernière recommandation", "Claire Dumont"):
        assert words in shown
    before = {**form_token(page), "version": "1"}
    assert (await page.post(f"/contests/{contest_id}/taking", data=before)).status_code == 303
    stale = await page.post(
        f"/contests/{contest_id}/answer", data={**before, "finding": "stands", "answer": ANSWER}
    )
    assert (stale.status_code, "votre matériel convient" in stale.text) == (409, True)
    now = {**form_token(page), "version": "2"}
    short = await page.post(
        f"/contests/{contest_id}/answer", data={**now, "finding": "stands", "answer": "Non."}
    )
    assert (short.status_code, 'id="answer-error"' in short.text) == (422, True)
    none = await page.post(f"/contests/{contest_id}/answer", data={**now, "answer": ANSWER})
    assert (none.status_code, 'id="finding-error"' in none.text) == (422, True)
    done = await page.post(
        f"/contests/{contest_id}/answer", data={**now, "finding": "stands", "answer": ANSWER}
    )
    assert done.headers["location"] == "/contests"
    assert "Inès" in (await page.get("/contests?show=answered")).text
    own = await in_browser(place.app, place.clock, candidate_id=place.candidate_id)
    read = (await own.get("/me/contests")).text
    assert "votre matériel convient tout à fait" in read
    assert "Hélène Marsan" in (await own.get("/me/report")).text


async def test_a_person_who_is_erased_takes_the_contest_along(place: Place) -> None:
    await _open(place)
    async with place.app.state.database.transaction() as session:
        await session.execute(sa.delete(Candidate).where(Candidate.id == place.candidate_id))
    assert await _rows(place, sa.select(Contest)) == []


def test_the_rules_are_dated_and_promise_less_than_the_month_of_the_law() -> None:
    for rule in rules():
        assert rule.answer_within_days <= 28
        assert rule.source
        for text in (*rule.kinds.values(), *rule.subjects.values(), *rule.findings.values()):
            for locale in Locale:
                assert "refus" not in text.in_(locale.value).lower()
