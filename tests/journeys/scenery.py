"""An installation where every page has something to show: the demonstration, and one of each thing that follows."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.validation.validity import Plan, Sittings, compute
from service.app import create_app
from service.flows.accounts import signing_in
from service.flows.accounts.signing_in import add_staff, staff_id_of
from service.flows.assessing import measurements, validity
from service.flows.assessing.measurements import Sent
from service.flows.day_one import desks
from service.flows.demonstration import demonstration
from service.flows.recruiting import blind, outcomes
from service.flows.recruiting.outcomes import Noted
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose, OutcomeMeasure, PaperState, ProofArchiveState, Role, Stage
from service.store.accounts import sign_ins
from service.store.day_one import digests
from service.store.recruiting.applications import Application
from service.tables.offers import Document
from service.tables.papers import IssuedPaper
from service.tables.people import Candidate
from service.tables.programmes import Programme
from service.tables.proof_archives import ProofArchive
from service.tables.trail import Mail
from tests.conftest import NOON, FixedClock
from tests.journeys import (
    scenery_allowances,
    scenery_proofs,
    scenery_refreshers,
    scenery_skills,
    scenery_terms,
    scenery_training,
)
from tests.processes import apart, in_database, running_server, wait_until
from tests.service.assessing.test_assessments import best_answers, instrument_of
from tests.service.cast import PROFILE, api
from tests.service.flows.test_judging_files import pdf
from tests.service.papers.issuing import OCCUPATION, example, valid_number, wish
from tests.service.papers.offering import (
    Scene,
    accept_offer,
    confirm_figures,
    make_offer,
    new_key,
    send_offer,
)

MEASURED = {
    "idle": [{"at_ms": 50 * n, "ms": ms} for n, ms in enumerate((24, 22, 19, 40, 21, 20, 25, 20))],
    "loaded_down": [{"at_ms": 900 + 50 * n, "ms": ms} for n, ms in enumerate((60, 95, 140, 120))],
    "down": [{"at_ms": 900, "bytes": 1_000_000, "ms": 140.0}],
    "up": [{"at_ms": 1900, "bytes": 1_000_000, "ms": 500.0}],
    "microphone": {"quiet_db": [-62.0, -60.0], "voice_db": [-28.0, -24.0]},
}
SLUGS = ("work-organisation", "home-workplace", "equipment-connection")
SHOWN = "noise"
MANAGER = "pilotage@rivages.example.com"
SECOND_RATER = "entretiens@rivages.example.com"


@dataclass(frozen=True)
class Scenery:
    """Who may come in (a session token for each role, candidates by first name), and the ids that addresses need."""

    sessions: dict[str, str]
    ids: dict[str, str]


@contextlib.contextmanager
def standing(settings: Settings) -> Iterator[tuple[str, Scenery]]:
    """A server on the empty, migrated database of `settings` with all of it in: its base URL, and the scenery."""
    settings = settings.model_copy(update={"pretend_now": NOON})
    built = apart(lambda: build(settings))
    with running_server(settings) as base_url:
        wait_until(lambda: _documents_are_there(settings, built), seconds=60, what=lambda: "a pack")
        yield base_url, built


def _documents_are_there(settings: Settings, built: Scenery) -> bool:
    """Whether the server has made pack and papers; the ids of a document and of a letter then join the scenery."""

    async def read(session: AsyncSession) -> tuple[UUID | None, UUID | None, UUID | None]:
        waiting = select(IssuedPaper.id).where(IssuedPaper.state != PaperState.READY)
        making = select(ProofArchive.id).where(ProofArchive.state != ProofArchiveState.READY)
        return (
            await session.scalar(select(Document.id)),
            await session.scalar(select(Mail.id)),
            await session.scalar(waiting) or await session.scalar(making),
        )

    document, letter, waiting = in_database(settings, read)
    built.ids.update({"document": str(document), "letter": str(letter)})
    return document is not None and waiting is None


async def build(settings: Settings) -> Scenery:
    """Write everything into the empty, migrated database of `settings`, as of noon of the tests' day."""
    clock = FixedClock()
    await demonstration.load_once_and_link(settings)
    application = create_app(settings, clock=clock)
    async with application.lifespan():
        stage = _Stage(application)
        await stage.come_in()
        await stage.invite_and_assess()
        await stage.show()
        await stage.measure()
        await stage.contest()
        await stage.make_offers()
        await stage.issue_papers()
        await stage.prepare_arrival()
        await scenery_training.train(application, stage.sessions, stage.ids)
        await scenery_training.play_packages(application, stage.sessions, stage.ids)
        await stage.import_people()
        await scenery_skills.bring_in(application, stage.sessions, stage.ids)
        await stage.look_back()
        await stage.interview()
        await scenery_skills.note(application, stage.sessions, stage.ids)
        await scenery_skills.fill_pool(application, stage.sessions, stage.ids)
        await stage.propose_waves()
        await scenery_allowances.settle(application, stage.sessions, stage.ids, clock=clock)
        await scenery_refreshers.remember(application, stage.sessions, stage.ids)
        await scenery_terms.change(application, stage.sessions, stage.ids)
        await scenery_proofs.prove(application, stage.sessions, stage.ids, now=clock())
    return Scenery(stage.sessions, stage.ids)


class _Stage:
    """The service in process, with everybody signed in."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.sessions: dict[str, str] = {}
        self.ids: dict[str, str] = {}

    def _as(self, who: str) -> Any:
        return api(self.app, self.sessions[who])

    async def propose_waves(self) -> None:
        """Three scenarios of the demonstration's wave: as it is, open earlier, and one in which not all can hold."""
        async with self._as("recruiter") as client:
            wave = (await client.get("/waves")).json()["items"][0]["id"]
            part = (await client.get(f"/waves/{wave}")).json()["parts"][0]["programme_id"]
            earlier = [{"day": day, "from": "07:30", "to": "18:00"} for day in range(1, 6)]
            for place, (name, change) in {
                "scenario": ("Comme prévu", {}),
                "wider-scenario": ("Ouvrir à 7 h 30", {"opening_hours": earlier, "seats": 6}),
                "broken-scenario": ("Au moins trente-sept", {"seats": 40, "seats_min": 37}),
            }.items():
                changes = [{"programme_id": part, **change}] if change else []
                asked = {"name": name, "seconds": 5, "changes": changes}
                made = await client.post(f"/waves/{wave}/scenarios", json=asked)
                _done(made)
                self.ids[place] = made.json()["id"]
            people = (await client.get(f"/scenarios/{self.ids['scenario']}/people")).json()["items"]
            self.ids |= {"wave": wave, "wave-programme": part, "placed": people[0]["candidate_id"]}

    async def come_in(self) -> None:
        async with self.app.state.database.transaction() as session:
            await add_staff(session, name="Gaël Riou", email=MANAGER, role=Role.CLIENT_MANAGER, now=NOON)
            for role, name in (
                (Role.RECRUITER, "recrutement"),
                (Role.TRAINER, "formation"),
                (Role.APPROVER, "validation"),
                (Role.ADMINISTRATOR, "administration"),
            ):
                staff_id = await staff_id_of(session, f"{name}@rivages.example.com")
                self.sessions[role.value] = await self._session(session, staff_id=staff_id)
                if role is Role.RECRUITER:
                    self.sessions["blind"] = await self._blind_session(session, staff_id)
            self.ids["link"] = self._link(session, staff_id=staff_id)
            newcomer = await self._person(session, "demo-p03")
            self.ids["invitation"] = self._link(session, candidate_id=newcomer)
            for name, number in (("camille", "p01"), ("karim", "p02"), ("aissatou", "p03"), ("nolwenn", "p04"),
                                 ("thomas", "p05"), ("sophie", "p10"), ("yanis", "p11")):  # fmt: skip
                person = await self._person(session, f"demo-{number}")
                self.ids[name] = str(person)
                self.sessions[name] = await self._session(session, candidate_id=person)
            self.ids["programme"] = str(await self._programme(session, "demo-eau"))
            for name in ("camille", "nolwenn"):
                self.ids[f"{name}-application"] = str(await self._application(session, name))
            first = instrument_of(SLUGS[0]).pages[0].id
            self.ids["questionnaire-page"] = f"/me/questionnaires/{SLUGS[0]}/pages/{first}"

    @staticmethod
    def _link(session: AsyncSession, **whose: UUID) -> str:
        _, token = signing_in.make_link(session, purpose=LinkPurpose.SIGN_IN, now=NOON, days=1, **whose)
        return token

    async def _session(self, session: AsyncSession, **whose: UUID) -> str:
        token = self._link(session, **whose)
        await session.flush()
        return (await signing_in.open_link(session, token, settings=self.app.state.settings, now=NOON)).token

    async def _blind_session(self, session: AsyncSession, staff_id: UUID) -> str:
        """A second session of the recruiter, who looks at people without identity in it."""
        token = await self._session(session, staff_id=staff_id)
        actor = await sign_ins.actor_of_session(session, token, now=NOON)
        await blind.choose(session, actor, is_blind=True, now=NOON)
        return token

    @staticmethod
    async def _person(session: AsyncSession, external_id: str) -> UUID:
        found = await session.scalar(select(Candidate.id).where(Candidate.external_id == external_id))
        assert found
        return found

    @staticmethod
    async def _programme(session: AsyncSession, external_id: str) -> UUID:
        found = await session.scalar(select(Programme.id).where(Programme.external_id == external_id))
        assert found
        return found

    async def _application(self, session: AsyncSession, who: str) -> UUID:
        found = await session.scalar(
            select(Application.id).where(Application.candidate_id == UUID(self.ids[who]))
        )
        assert found
        return found

    async def measure(self) -> None:
        """Camille's line is measured once; Yanis has the page of a measuring open."""
        async with self.app.state.database.transaction() as session:
            for who in ("camille", "yanis"):
                actor = Actor(ActorKind.CANDIDATE, Role.CANDIDATE, id=UUID(self.ids[who]))
                opened = await measurements.open_one(
                    session,
                    actor,
                    settings=self.app.state.settings,
                    editions=self.app.state.editions,
                    now=NOON,
                )
                self.ids["measurement" if who == "camille" else "measuring"] = str(opened.id)
                if who == "camille":
                    await measurements.keep(
                        session, actor, opened.id, Sent(MEASURED, is_wired=True),
                        editions=self.app.state.editions, now=NOON,
                    )  # fmt: skip

    async def invite_and_assess(self) -> None:
        """Camille answered everything, Karim two of three; Yanis is in the middle of the first questionnaire."""
        async with self._as("recruiter") as client:
            for who in ("yanis", "camille"):
                invited = await client.post(
                    f"/candidates/{self.ids[who]}/invitations", json={}, headers=new_key()
                )
                assert invited.status_code == 201, invited.text
        for who, slugs in (("camille", SLUGS), ("karim", SLUGS[:2])):
            for slug in slugs:
                await self._answer(who, slug, whole=True)
        await self._answer("yanis", SLUGS[0], whole=False)
        async with self._as("recruiter") as client:
            screened = await client.post(
                f"/candidates/{self.ids['camille']}/screenings", json={}, headers=new_key()
            )
            assert screened.status_code == 201, screened.text

    async def show(self) -> None:
        """A document about Camille's home was shown and noted."""
        about = {"instrument": "home-workplace", "item": SHOWN}
        self.ids["shown"] = f"home-workplace.{SHOWN}"
        async with self._as("recruiter") as client:
            url = f"/candidates/{self.ids['camille']}"
            kept = await client.post(f"{url}/files", data=about, files={"file": ("police.pdf", pdf())})
            _done(kept)
            self.ids["evidence-file"] = kept.json()["id"]
            seen = {**about, "kind": "verified", "known_on": "2026-11-20", "file_id": kept.json()["id"]}
            _done(await client.post(f"{url}/evidence", json=seen))

    async def _answer(self, who: str, slug: str, *, whole: bool) -> None:
        answers = best_answers(instrument_of(slug))
        if not whole:
            answers = dict(list(answers.items())[:3])
        async with self._as(who) as client:
            begun = await client.post("/me/responses", json={"instrument": slug, "notice_read": True})
            url = f"/me/responses/{begun.json()['id']}"
            saved = await client.put(
                f"{url}/answers", json={"answers": answers}, headers={"If-Match": begun.headers["etag"]}
            )
            assert saved.status_code == 200, saved.text
            if whole:
                sent = await client.post(f"{url}/submission", headers=new_key())
                assert sent.status_code in (200, 201), sent.text

    async def contest(self) -> None:
        """Camille asks for a second look at two results and at what was recommended: one is answered, one is nobody's,
        and the recommendation was the recruiter's own."""
        async with self._as("camille") as client:
            open_to = (await client.get("/me/contests")).json()["open_to"]
            for subject in open_to[:2] + [one for one in open_to if one["kind"] == "screening"]:
                asked = {
                    "kind": subject["kind"], "subject_id": subject["subject_id"],
                    "words": "Mon bureau a changé depuis : il a maintenant une porte qui ferme.",
                }  # fmt: skip
                made = await client.post("/me/contests", json=asked, headers=new_key())
                assert made.status_code == 201, made.text
                self.ids.setdefault("answered-contest", made.json()["id"])
                self.ids["first-contest"] = made.json()["id"]
                if subject is open_to[1]:
                    self.ids["open-contest"] = made.json()["id"]
        async with api(self.app, self.sessions[Role.APPROVER.value]) as client:
            url = f"/contests/{self.ids['answered-contest']}"
            taken = await client.post(f"{url}/taking", headers={"If-Match": "*"})
            assert taken.status_code == 200, taken.text
            said = {
                "finding": "changed",
                "answer": "J'ai relu vos réponses avec vous au téléphone : la pièce convient.",
            }
            _done(await client.put(f"{url}/answer", json=said, headers={"If-Match": "*"}))

    async def make_offers(self) -> None:
        """An offer in each state, one of them accepted with a pack asked for; the last application has none."""
        steps = ("draft", "sent", "accepted", "declined", "withdrawn")
        people = ("karim", "aissatou", "nolwenn", "thomas", "sophie")
        for state, who in zip(steps, people, strict=True):
            async with self.app.state.database.transaction() as session:
                application_id = await self._application(session, who)
                row = await session.get(Application, application_id)
                row.stage = Stage.SHORTLISTED
            scene = Scene(
                application_id, UUID(self.ids[who]), self.sessions[who], self.sessions[Role.RECRUITER.value]
            )
            offer_id = self.ids[f"{state}-offer"] = (await make_offer(self.app, scene))["id"]
            if state != "draft":
                await send_offer(self.app, scene, offer_id)
            await self._answer_offer(state, scene, offer_id)
        async with self._as("recruiter") as client:
            asked = await client.post(f"/offers/{self.ids['accepted-offer']}/packs", headers=new_key())
            assert asked.status_code == 201, asked.text
            self.ids["pack"] = asked.json()["id"]

    async def issue_papers(self) -> None:
        """One paper for Nolwenn, whose dates are open and one of which is seen to; she gave her number."""
        async with self._as("nolwenn") as client:
            _done(await client.put("/me/social-number", json={"number": valid_number()}))
        async with self._as("recruiter") as client:
            url = f"/applications/{self.ids['nolwenn-application']}/papers"
            for place, changes in {"first-paper": {"agreed_cents": 2500}, "paper": {}}.items():
                body = wish(details={**OCCUPATION, **changes})
                made = await client.post(url, json=body, headers=new_key())
                assert made.status_code == 201, made.text
                self.ids[place] = made.json()["id"]
            sheet = example("dpae_sheet", number=1)
            sheet["details"] |= {"start_date": "2026-12-01", "accepted_on": "2026-11-24"}
            made = await client.post(url, json=sheet, headers=new_key())
            assert made.status_code == 201, made.text
            self.ids["declared-paper"] = made.json()["id"]
            first, *_ = (await client.get("/deadlines")).json()["items"]
            _done(await client.post(f"/deadlines/{first['id']}/done"))

    async def _answer_offer(self, state: str, scene: Scene, offer_id: str) -> None:
        if state == "accepted":
            await accept_offer(self.app, scene, offer_id)
            await confirm_figures(self.app, scene, offer_id)
        elif state == "declined":
            async with api(self.app, scene.candidate) as client:
                url = f"/me/offers/{offer_id}/declination"
                _done(await client.post(url, json={"note": "J'ai trouvé plus près."}, headers=new_key()))
        elif state == "withdrawn":
            async with self._as("recruiter") as client:
                url = f"/offers/{offer_id}/withdrawal"
                reason = {"reason": "Le programme commence plus tard que prévu."}
                _done(await client.post(url, json=reason, headers=new_key()))

    async def prepare_arrival(self) -> None:
        """Nolwenn's laptop is on its way, one of her tasks is done; IT has the link of its desk."""
        application = self.ids["nolwenn-application"]
        async with self._as("administrator") as client:
            _done(
                await client.put("/employer/desks/it", json={"address": "informatique@rivages.example.com"})
            )
        async with self._as("recruiter") as client:
            placement = (await client.get(f"/applications/{application}/onboarding")).json()
            tasks = {one["slug"]: one["id"] for one in placement["tasks"]}
            self.ids |= {
                "own-task": tasks["sworn-statement"], "own-file-task": tasks["workplace-photo"],
                "given-task": tasks["home-insurance"],
            }  # fmt: skip
            _done(await client.post(f"/onboarding/tasks/{tasks['welcome-call']}/completion", json={}))
            for loan in placement["equipment"]:
                sent = {"on": "2026-11-23", "note": "Colis 8K 0042"}
                _done(await client.put(f"/equipment/{loan['id']}/sending", json=sent))
            badge = {"label": "Envoyer un badge d'accès", "owner": "it", "due": -2, "asks_proof": True}
            made = await client.post(f"/applications/{application}/onboarding/tasks", json=badge)
            assert made.status_code == 201, made.text
            self.ids["added-task"] = made.json()["id"]
        async with self._as("nolwenn") as client:
            given = {"files": {"file": ("attestation.pdf", pdf())}, "data": {"holds_until": "2027-10-31"}}
            _done(await client.post(f"/me/tasks/{self.ids['given-task']}/file", **given))
        async with self.app.state.database.transaction() as session:
            (desk,) = await digests.desks(session)
            _, self.ids["desk-link"] = desks.make_link(session, desk.id, days=14, now=NOON)

    async def interview(self) -> None:
        """Camille's interview is being noted; both readings of Karim's were sent and differ in one question."""
        async with self.app.state.database.transaction() as session:
            for who in ("karim", "camille"):
                self.ids[f"{who}-application"] = str(await self._application(session, who))
            await add_staff(session, name="Inès Morvan", email=SECOND_RATER, role=Role.RECRUITER, now=NOON)
            second = await staff_id_of(session, SECOND_RATER)
            self.sessions["second-rater"] = await self._session(session, staff_id=second)
        async with self._as("recruiter") as client:
            for who in ("karim", "camille"):
                opened = await client.post(
                    f"/applications/{self.ids[f'{who}-application']}/interviews", headers=new_key()
                )
                assert opened.status_code == 201, opened.text
                self.ids[f"{who}-interview"] = opened.json()["id"]
        await self._note("recruiter", "karim", {"planning": 4, "steadiness": 2, "contact": 3}, is_sent=True)
        await self._note(
            "second-rater", "karim", {"planning": 4, "steadiness": 4, "contact": 4}, is_sent=True
        )
        await self._note("recruiter", "camille", {"planning": 5}, is_sent=False)

    async def _note(self, rater: str, who: str, ratings: dict[str, int], *, is_sent: bool) -> None:
        url = f"/interviews/{self.ids[f'{who}-interview']}"
        async with self._as(rater) as client:
            asked = {one["id"] for one in (await client.get(url)).json()["guide"]["questions"]}
            kept = {name: value for name, value in ratings.items() if name in asked}
            notes = {"planning": "Une liste le soir pour le lendemain, tenue tout un mois."}
            note = {"ratings": kept, "notes": notes}
            saved = await client.put(f"{url}/notes", json=note, headers={"If-Match": '"v0"'})
            assert saved.status_code == 200, saved.text
            if is_sent:
                tag = {"If-Match": saved.headers["etag"]}
                _done(await client.post(f"{url}/notes/submission", headers=tag))

    async def import_people(self) -> None:
        """A file with faults and twins, and one that is ready to be taken in."""
        right = {**PROFILE, "id": "file-1", "given_name": "Zoé", "email": "zoe@example.com"}
        twin = {**right, "id": "file-2"}
        wrong = {**right, "id": "file-3", "desired_weekly_hours": 900, "email": "sans arobase"}
        async with self._as("recruiter") as client:
            for name, people in (("faulty-import", [right, twin, wrong]), ("import", [right])):
                answer = await client.post(
                    "/imports",
                    data={"kind": "candidates"},
                    files={"file": ("vivier-novembre.json", json.dumps(people).encode())},
                )
                assert answer.status_code == 201, answer.text
                self.ids[name] = answer.json()["id"]

    async def look_back(self) -> None:
        """Thomas was hired and seen after 30 days; the first questionnaire has figures of 300 made-up people."""
        async with self.app.state.database.transaction() as session:
            thomas = UUID(self.ids["thomas"])
            session.add(
                Application(
                    candidate_id=thomas,
                    programme_id=None,
                    stage=Stage.HIRED,
                    stage_since=NOON,
                    created_at=NOON,
                )
            )
            await session.flush()
            noted = Noted(30, OutcomeMeasure.AUTONOMY_AT_WORK, 4, NOON.date(), "Demande à temps.")
            editions = self.app.state.editions
            await outcomes.record_outcome(session, SYSTEM, thomas, noted, editions=editions, now=NOON)
            gathered = await validity.gather(session, editions=editions, now=NOON)
            computed = validity.compute_all(gathered)
            shown = tuple(
                compute(plan, made_up(plan), gathered.policy, today=NOON.date(), resamples=20)
                if plan.instrument == SLUGS[0]
                else next(one for one in computed.editions if one.instrument == plan.instrument)
                for plan, _, _ in gathered.editions
            )
            await validity.keep(session, replace(computed, editions=shown), now=NOON)


def made_up(plan: Plan) -> Sittings:
    """Three hundred people with one common cause behind their answers, half of them recent."""
    chance = np.random.default_rng(3)
    items = sum(len(scale.items) for scale in plan.scales)
    answers = chance.normal(size=(300, 1)) + chance.normal(size=(300, items))
    credits = (25 * np.clip(np.round(2 + answers), 0, 4)).astype(np.int8)
    days = np.full(300, NOON.date().toordinal()) - np.arange(300)
    return Sittings(credits, credits.mean(axis=1) * 100, days)


def _done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text
