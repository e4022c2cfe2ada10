"""How the demonstration's learners worked: pages read, quizzes answered, a package played, questions that came back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from onboarding.continuous.refreshers import Recall
from onboarding.learning import attempts
from onboarding.packages.scorm_states import Message
from onboarding.paths.paths import Module, Question
from service.flows.continuous import refreshers
from service.flows.continuous.refreshers import Given
from service.flows.demonstration.demonstration_scene import Scene
from service.flows.learning import learning, package_attempts, package_reports, quizzes
from service.flows.paths import paths
from service.runtime.actors import Actor
from service.store.accounts.sign_ins import candidate_actor
from service.store.learning.assignments import AssignmentFacts

PAGE_MINUTES = 6


async def work(
    scene: Scene,
    who: str,
    given: Mapping[str, AssignmentFacts],
    week: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    """Everything one learner did, oldest first; `week` has the steps by path, as `given` the trainings."""
    actor = candidate_actor(scene.people[who])
    steps = [(scene.at(step["day"], step["at"]), path, step) for path, done in week.items() for step in done]
    for begun, path, step in sorted(steps, key=lambda one: one[0]):
        module = paths.as_begun(scene.editions, given[path].path, given[path].edition).module(step["module"])
        assert module is not None, f"no module {step['module']}"
        await _step(scene, actor, given[path].id, module, step, begun=begun)


async def _step(
    scene: Scene,
    actor: Actor,
    assignment_id: UUID,
    module: Module,
    step: Mapping[str, Any],
    *,
    begun: datetime,
) -> None:
    now, pages = begun, step.get("pages", 0)
    for page in module.pages[:pages]:
        now += timedelta(minutes=PAGE_MINUTES)
        await learning.read_page(
            scene.session, actor, assignment_id, module.slug, page.slug, editions=scene.editions, now=now,
            seconds=PAGE_MINUTES * 60,
        )  # fmt: skip
    for tries, missed in enumerate(step.get("missed", ())):
        minutes = max(5, step["minutes"] - PAGE_MINUTES * pages)
        now += timedelta(minutes=minutes)
        asked = attempts.drawn(module, learner=str(assignment_id), tries=tries).quiz
        chosen = {
            question.slug: _wrong(question) if place < missed else sorted(question.key)
            for place, question in enumerate(asked)
        }
        await quizzes.answer_quiz(
            scene.session, actor, assignment_id, module.slug, chosen, attempt=str(tries), seconds=minutes * 60,
            editions=scene.editions, now=now,
        )  # fmt: skip
    if "package" in step:
        await _play(scene, actor, assignment_id, module.slug, step, begun=begun)


def _wrong(question: Question) -> list[str]:
    """One option that is not right, as somebody hesitating would choose."""
    return [next(option.slug for option in question.options if option.slug not in question.key)]


async def _play(
    scene: Scene, actor: Actor, assignment_id: UUID, module: str, step: Mapping[str, Any], *, begun: datetime
) -> None:
    """The package opened, and its one report at the end: what its script tells once every call was answered."""
    opened = await package_attempts.open_unit(
        scene.session, actor, assignment_id, module, 1, editions=scene.editions, now=begun
    )
    right = [bool(one) for one in step["package"]]
    values = {
        "cmi.core.lesson_status": "completed",
        "cmi.core.lesson_location": str(len(right)),
        "cmi.core.score.raw": str(round(100 * sum(right) / len(right))),
        "cmi.core.score.min": "0",
        "cmi.core.score.max": "100",
        "cmi.core.session_time": f"00:{step['minutes']:02}:00",
        "cmi.suspend_data": str(right).lower(),
    }
    report = Message(
        unit=opened.unit.identifier, session=str(opened.session_id), number=1, is_final=True, values=values
    )
    await package_reports.report(
        scene.session, str(opened.session_id), opened.token, report, editions=scene.editions,
        now=begun + timedelta(minutes=step["minutes"]),
    )  # fmt: skip


async def remember(scene: Scene, told: Mapping[str, Any]) -> None:
    """Some questions answered at the start of a shift; every other learner forgot the last. More are left for today."""
    now = scene.at(told["day"], told["at"])
    for place, who in enumerate(told["by"]):
        actor = candidate_actor(scene.people[who])
        today = await refreshers.today_of(scene.session, actor, editions=scene.editions, now=now)
        for number, due in enumerate(today.due[: told["cards"]], start=1):
            is_known = number < told["cards"] or place % 2 == 0
            given = Given(Recall.WELL, tuple(sorted(due.asked.key))) if is_known else Given(Recall.FORGOTTEN)
            await refreshers.answer(
                scene.session,
                actor,
                due.card.id,
                given,
                turn=due.card.turns,
                editions=scene.editions,
                now=now,
            )
