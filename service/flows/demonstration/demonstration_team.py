"""The demonstration's team: people hired through offers that they accepted, and how far each arrival is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from onboarding.day_one.checklists import Proof
from service.flows.day_one import checklist_tasks, checklists, equipment
from service.flows.day_one.checklist_tasks import Settled, hand_of
from service.flows.demonstration.demonstration_scene import Scene, read_story
from service.flows.papers import offers
from service.flows.recruiting import applications, programmes
from service.runtime.clock import civil_date
from service.runtime.vocabulary import DecisionOutcome, ProgrammeState, Role
from service.store.accounts.sign_ins import candidate_actor
from service.store.day_one import checklists as store
from service.store.day_one.checklists import TaskFacts

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
LATEST_CLOCK = "15:00"
NOTICE_DAYS = 12
"""Working days between an offer and its first day."""


async def hire(scene: Scene) -> UUID:
    """Everybody of the team hired for a programme of its own, closed once it is full; its id."""
    team = read_story("team.yaml")
    recruiter = scene.staff[Role.RECRUITER]
    first = team["programme"]
    profile = {**first["profile"], "start_date": scene.day(first["starts"]).isoformat()}
    programme = await programmes.create_programme(
        scene.session, recruiter, profile=profile, client_name=first["client_name"], external_id=first["id"],
        now=scene.at(first["starts"] - 2 * NOTICE_DAYS),
    )  # fmt: skip
    placed = {}
    for number, (who, part) in enumerate(team["people"].items(), start=1):
        placed[who] = await _hire_one(scene, team, who, part, programme_id=programme.id, number=number)
    await programmes.edit_programme(
        scene.session, recruiter, programme.id, changes={"state": ProgrammeState.CLOSED.value},
        check_version=any_version, now=scene.now,
    )  # fmt: skip
    for who, part in team["people"].items():
        await _settle(scene, team, who, placed[who], settled=part.get("settled"))
    return programme.id


def any_version(_version: int) -> None:
    """Nobody else writes while the demonstration is made."""


async def _hire_one(
    scene: Scene,
    team: Mapping[str, Any],
    who: str,
    part: Mapping[str, Any],
    *,
    programme_id: UUID,
    number: int,
) -> UUID:
    """One application, its offer sent and accepted, and the recruiter's decision; the application's id."""
    recruiter, person = scene.staff[Role.RECRUITER], scene.people[who]
    asked = part["starts"] - NOTICE_DAYS
    application = await applications.create_application(
        scene.session, recruiter, candidate_id=person.id, programme_id=programme_id, now=scene.at(asked - 4)
    )
    terms = _terms(team["terms"], starts=scene.day(part["starts"]), number=number)
    offer = await offers.make_offer(
        scene.session, recruiter, application.id, terms=terms, now=scene.at(asked)
    )
    await offers.send_offer(
        scene.session, recruiter, offer.id, law=scene.editions.law, settings=scene.settings,
        now=scene.at(asked, "11:00"),
    )  # fmt: skip
    details = {
        "street": part["street"], "postcode": part["postcode"], "city": part["city"],
        "birth_date": part["born"], "birth_place": part["at"],
    }  # fmt: skip
    await offers.accept_offer(
        scene.session, candidate_actor(person), offer.id, wants_to_work_from_home=True, details=details,
        settings=scene.settings, now=scene.at(asked + 1),
    )  # fmt: skip
    await applications.decide(
        scene.session, recruiter, application.id, outcome=DecisionOutcome.HIRE, reason=team["reason"],
        now=scene.at(asked + 1, "16:00"),
    )  # fmt: skip
    return application.id


def _terms(told: Mapping[str, Any], *, starts: date, number: int) -> dict[str, Any]:
    shifts = [{"start": start, "end": end} for start, end in told["hours"]]
    lent = [{**one, "serial": f"DEMO-{number:02}-{place}"} for place, one in enumerate(told["equipment"], 1)]
    return {
        **{name: value for name, value in told.items() if name != "hours"},
        "start_date": starts.isoformat(),
        "schedule": [{"day": day, "shifts": shifts} for day in DAYS],
        "home_days": list(DAYS),
        "equipment": lent,
    }


async def _settle(
    scene: Scene, team: Mapping[str, Any], who: str, application_id: UUID, *, settled: list[str] | None
) -> None:
    """Settle what the story names, or everything due by now for whoever began; each by whoever holds it."""
    facts = await store.facts_of(scene.session, scene.staff[Role.RECRUITER], application_id)
    for task in await store.tasks_of(scene.session, [facts.id]):
        if task.is_optional or not (
            task.due_on < civil_date(scene.now) if settled is None else task.slug in settled
        ):
            continue
        await _settle_one(scene, team["shown"], who, facts.start_date, task)


async def _settle_one(
    scene: Scene, shown: Mapping[str, str], who: str, starts: date, task: TaskFacts
) -> None:
    edition = scene.editions.checklist_on(civil_date(scene.now))
    said = edition.task(task.slug)
    assert said is not None, "the checklists were opened with this edition"
    own, recruiter = hand_of(candidate_actor(scene.people[who])), hand_of(scene.staff[Role.RECRUITER])
    day = min(task.due_on, scene.day(-1))
    now = scene.moment(day, LATEST_CLOCK)
    if said.follows is not None:
        if said.follows.kind == "social_number":
            await checklist_tasks.set_aside(
                scene.session, recruiter, task.id, why=shown["set_aside"], editions=scene.editions, now=now
            )
        return
    if said.proof in (Proof.SENDING, Proof.RECEPTION):
        for loan in await store.loans_of(scene.session, [task.checklist_id]):
            if said.proof is Proof.SENDING:
                await equipment.note_sent(
                    scene.session,
                    recruiter,
                    loan.id,
                    on=day,
                    parcel=shown["parcel"],
                    editions=scene.editions,
                    now=now,
                )
            else:
                await equipment.note_received(
                    scene.session, own, loan.id, on=day, words="", editions=scene.editions, now=now
                )
        return
    name = f"{scene.people[who].given_name} {scene.people[who].family_name}"
    is_own = said.proof in (Proof.STATEMENT, Proof.ACKNOWLEDGEMENT)
    answer = Settled(
        note=shown.get(task.slug, ""), statements=tuple(one.slug for one in said.statements),
        name=name if is_own else "", is_read=is_own,
        holds_until=starts + timedelta(days=300) if said.holds_on_day_one else None,
    )  # fmt: skip
    await checklist_tasks.finish(
        scene.session, own if is_own else recruiter, task.id, answer, editions=scene.editions, now=now
    )


async def follow(scene: Scene) -> None:
    """Close the tasks whose record is there by now: a path given, a path finished."""
    await checklists.settle_followed(scene.session, editions=scene.editions, now=scene.at(-1))
