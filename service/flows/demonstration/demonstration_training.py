"""The demonstration's training: two groups, what their learners did these days, and whom the trainer should see."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from onboarding.classes import Half, Presence
from onboarding.continuous.help import Topic
from service.flows.classes import class_attendance, classes, cohorts
from service.flows.classes.class_attendance import Mark
from service.flows.classes.class_plans import Plan
from service.flows.continuous import help, notes
from service.flows.continuous.notes import Written, WrittenChoice
from service.flows.demonstration import demonstration_learning, demonstration_path, demonstration_team
from service.flows.demonstration.demonstration_scene import Scene, read_story
from service.flows.learning import assignment_rules, assignments, exemptions
from service.flows.learning.assignment_rules import RuleAsked
from service.flows.paths import paths
from service.flows.proof import badges, training_papers
from service.runtime.clock import civil_date
from service.runtime.vault import installation_vault
from service.runtime.vocabulary import Locale, Role, Stage
from service.store.accounts.sign_ins import candidate_actor
from service.store.classes.classes import class_row
from service.store.learning import assignments as store
from service.store.learning.cohorts import cohort_row

TEAM = "team"
"""How the story calls the path that the team's trainers wrote."""

PAPER = "completion_certificate"


async def play(scene: Scene) -> None:
    """Everything, in the caller's transaction; nothing where no shipped path is given yet, as on a slow clock."""
    story = read_story("learning.yaml")
    shipped = {one.slug: one.valid_from for one in paths.in_force(scene.editions, civil_date(scene.now))}
    if not shipped.keys() >= set(story["given"]) - {TEAM}:
        return
    programme_id = await demonstration_team.hire(scene)
    path, library = await demonstration_path.publish(scene)
    scene = replace(scene, editions=library)
    slugs = {name: path.slug if name == TEAM else name for name in story["given"]}
    earliest = max(scene.moment(shipped[name]) for name in slugs if name != TEAM)
    begun = await _group(scene, story, programme_id=programme_id)
    for name, starts in story["given"].items():
        await assignments.to_cohort(
            scene.session, scene.staff[Role.TRAINER], begun, path=slugs[name], start_date=scene.day(starts),
            editions=library, now=max(earliest, scene.at(starts - 1, "16:00")),
        )  # fmt: skip
    for who, week in story["learners"].items():
        found = await store.all_of(scene.session, candidate_actor(scene.people[who]), scene.id_of(who))
        own = {one.path: one for one in found}
        done = {name: story["weeks"][steps] for name, steps in week.items()}
        await demonstration_learning.work(scene, who, {name: own[slugs[name]] for name in done}, done)
    await _hold_class(scene, story["classes"]["held"], begun, path=path.slug)
    await _plan_class(scene, story["classes"]["coming"], begun, path=path.slug)
    await _join_late(scene, story["joined_late"], begun)
    await _finish(scene, story["finished"])
    await _show_proof(scene, story["exemption"])
    await _write_rule(scene, story["rule"], programme_id=programme_id)
    await _keep_in_mind(scene, programme_id=programme_id)
    await demonstration_learning.remember(scene, story["refreshed"])
    await demonstration_team.follow(scene)


async def _group(scene: Scene, story: Mapping[str, Any], *, programme_id: UUID) -> UUID:
    """Both groups with their people; the id of the one that has begun."""
    trainer = scene.staff[Role.TRAINER]
    for name, group in reversed(story["groups"].items()):
        now = scene.at(group["starts"] - 2) if group["starts"] < 0 else scene.at(-2)
        made = await cohorts.create(
            scene.session, trainer, name=group["name"], start_date=scene.day(group["starts"]),
            programme_id=programme_id, seats=group["seats"], now=now,
        )  # fmt: skip
        members = group.get("members") or list(story["learners"])
        await cohorts.add_members(
            scene.session, trainer, await cohort_row(scene.session, trainer, made),
            [scene.id_of(who) for who in members], editions=scene.editions, settings=scene.settings, now=now,
        )  # fmt: skip
        if name == "begun":
            begun = made
    return begun


def _plan(scene: Scene, part: Mapping[str, Any], cohort_id: UUID, *, path: str) -> Plan:
    starts, ends = (scene.moment(scene.day(part["day"]), clock).time() for clock in part["hours"])
    return Plan(
        title=part["title"], day=scene.day(part["day"]), starts=starts, ends=ends, cohort_id=cohort_id, path=path,
        module=part["module"], link=part["link"], note=part["note"], seats=part.get("seats"),
        trainer_id=scene.staff[Role.TRAINER].id,
    )  # fmt: skip


async def _plan_class(
    scene: Scene, part: Mapping[str, Any], cohort_id: UUID, *, path: str, now: datetime | None = None
) -> UUID:
    return await classes.plan_class(
        scene.session, scene.staff[Role.TRAINER], _plan(scene, part, cohort_id, path=path), editions=scene.editions,
        settings=scene.settings, now=now or scene.at(-2, "17:00"),
    )  # fmt: skip


async def _hold_class(scene: Scene, part: Mapping[str, Any], cohort_id: UUID, *, path: str) -> None:
    """A class entered once it was over: noted, signed by everybody who was there, then by the trainer."""
    trainer, ended = scene.staff[Role.TRAINER], scene.at(part["day"], part["hours"][1])
    half = Half.AFTERNOON
    held = await _plan_class(scene, part, cohort_id, path=path, now=ended)
    row = await class_row(scene.session, trainer, held, for_update=True)
    learners = list(read_story("learning.yaml")["learners"])
    marks = {scene.id_of(who): Mark(Presence.PRESENT) for who in learners}
    late, absent = part["late"], part["absent"]
    marks[scene.id_of(late["who"])] = Mark(Presence.LATE, late["minutes"], late["reason"])
    marks[scene.id_of(absent["who"])] = Mark(Presence.ABSENT, reason=absent["reason"])
    await class_attendance.note(scene.session, trainer, row, half, marks, editions=scene.editions, now=ended)
    for who in learners:
        if who != absent["who"]:
            person = scene.people[who]
            await class_attendance.sign_own(
                scene.session, candidate_actor(person), held, half, locale=Locale.FR, editions=scene.editions,
                name=f"{person.given_name} {person.family_name}", now=ended,
            )  # fmt: skip
    await class_attendance.countersign(
        scene.session, trainer, row, half, name=trainer.name, editions=scene.editions, now=ended
    )


async def _join_late(scene: Scene, part: Mapping[str, Any], cohort_id: UUID) -> None:
    trainer = scene.staff[Role.TRAINER]
    await cohorts.add_members(
        scene.session, trainer, await cohort_row(scene.session, trainer, cohort_id), [scene.id_of(part["who"])],
        editions=scene.editions, settings=scene.settings, now=scene.at(part["day"]),
        with_paths_from=scene.day(part["starts"]),
    )  # fmt: skip


async def _assignment(scene: Scene, who: str, path: str) -> UUID:
    found = await store.rows_of_path(scene.session, scene.id_of(who), path=path)
    return found[0].id


async def _finish(scene: Scene, part: Mapping[str, Any]) -> None:
    """The first to be through: a certificate from the trainer, and a badge that the learner takes."""
    vault, now = installation_vault(scene.settings), scene.at(part["day"])
    finished = await _assignment(scene, part["who"], part["path"])
    await training_papers.issue(
        scene.session,
        scene.staff[Role.TRAINER],
        finished,
        PAPER,
        {},
        editions=scene.editions,
        vault=vault,
        now=now,
    )
    await badges.award(
        scene.session, candidate_actor(scene.people[part["who"]]), finished, editions=scene.editions,
        settings=scene.settings, vault=vault, now=now,
    )  # fmt: skip


async def _show_proof(scene: Scene, part: Mapping[str, Any]) -> None:
    now = scene.at(part["day"], part["at"])
    proof = files("service.demo").joinpath("training", "attestation.pdf").read_bytes()
    await exemptions.show_proof(
        scene.session, candidate_actor(scene.people[part["who"]]), await _assignment(scene, part["who"], part["path"]),
        part["module"], words=part["words"], files=scene.files, editions=scene.editions, now=now,
        judged=exemptions.judge_proof(proof, editions=scene.editions, now=now),
    )  # fmt: skip


async def _write_rule(scene: Scene, part: Mapping[str, Any], *, programme_id: UUID) -> None:
    """A rule that is on: it gives the path to those who were hired and have it not, from their first day."""
    asked = RuleAsked(
        name=part["name"], path=part["path"], programme_id=programme_id, stage=Stage(part["stage"])
    )
    trainer, now = scene.staff[Role.TRAINER], scene.at(-1)
    made = await assignment_rules.write(scene.session, trainer, asked, editions=scene.editions, now=now)
    await assignment_rules.start(scene.session, trainer, made, editions=scene.editions, now=now)


async def _keep_in_mind(scene: Scene, *, programme_id: UUID) -> None:
    """A procedure that changed, an answer kept for the whole team, and a question that waits."""
    story, trainer = read_story("remembered.yaml"), scene.staff[Role.TRAINER]
    changed = story["procedure"]
    written = Written(
        title=changed["title"], lesson=changed["lesson"], question=changed["question"],
        choices=tuple(WrittenChoice(**one) for one in changed["choices"]), title_en=changed["title_en"],
        lesson_en=changed["lesson_en"], question_en=changed["question_en"],
    )  # fmt: skip
    await notes.send(
        scene.session, trainer, programme_id=programme_id, written=written,
        now=scene.at(changed["day"], changed["at"]),
    )  # fmt: skip
    await _answer(scene, story["answered"])
    waiting = story["waiting"]
    where = help.Place(await _assignment(scene, waiting["who"], waiting["path"]), waiting["module"])
    await help.ask(
        scene.session, candidate_actor(scene.people[waiting["who"]]), topic=Topic.LESSON, words=waiting["words"],
        key="waiting", place=where, settings=scene.settings, editions=scene.editions,
        now=scene.at(waiting["day"], waiting["at"]),
    )  # fmt: skip


async def _answer(scene: Scene, part: Mapping[str, Any]) -> None:
    trainer, answered = scene.staff[Role.TRAINER], scene.at(part["day"], part["answered_at"])
    asked = await help.ask(
        scene.session, candidate_actor(scene.people[part["who"]]), topic=Topic.WORK, words=part["words"],
        key="answered", settings=scene.settings, editions=scene.editions, now=scene.at(part["day"], part["asked_at"]),
    )  # fmt: skip
    await help.answer(
        scene.session, trainer, asked.id, words=part["answer"], check_version=demonstration_team.any_version,
        settings=scene.settings, editions=scene.editions, now=answered,
    )  # fmt: skip
    kept = Written(
        title=part["title"], lesson=part["answer"], title_en=part["title_en"], lesson_en=part["lesson_en"]
    )
    await help.keep_for_all(scene.session, trainer, asked.id, written=kept, now=answered)
