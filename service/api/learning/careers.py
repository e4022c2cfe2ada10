"""Career maps in the API: roles and programmes ahead of one person, and the way to each."""

from datetime import datetime
from typing import Self
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.careers import Lesson, Way
from service.api.models import Flag, Out, SaidOut
from service.api.paths.training_models import WhyOut
from service.api.responses import problems
from service.flows.learning import careers
from service.flows.learning.careers import Career
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store.reach import id_of


class CareerLessonOut(Out):
    """Something to learn: a module of a path, or a class with a trainer (then `path` and `module` are null)."""

    path: str | None
    module: str | None
    title: SaidOut
    minutes: int
    is_done: Flag

    @classmethod
    def of(cls, lesson: Lesson) -> Self:
        return cls(**lesson.model_dump(exclude={"title"}), title=SaidOut.of(lesson.title))


class CareerSkillOut(Out):
    """A skill that is asked for, and the level shown today."""

    skill: str
    asked: int
    shown: int
    is_met: Flag


class CareerWayOut(Out):
    """What lies between the person and a destination; `unmet` are skills that nothing here teaches: practice does."""

    is_reached: Flag
    modules_left: int
    classes_left: int
    minutes_left: int
    lessons: list[CareerLessonOut]
    skills: list[CareerSkillOut]
    unmet: list[str]
    reasons: list[WhyOut]

    @classmethod
    def of(cls, way: Way) -> Self:
        return cls(
            is_reached=way.is_reached,
            modules_left=way.modules_left,
            classes_left=way.classes_left,
            minutes_left=way.minutes_left,
            lessons=[CareerLessonOut.of(one) for one in way.lessons],
            skills=[
                CareerSkillOut(skill=one.skill, asked=one.asked, shown=one.shown, is_met=one.is_met)
                for one in way.skills
            ],
            unmet=list(way.unmet),
            reasons=[WhyOut.of(one) for one in way.reasons],
        )


class CareerRoleOut(Out):
    """A role to grow into; a person decides, as `reached_by` says."""

    slug: str
    title: SaidOut
    purpose: SaidOut
    reached_by: SaidOut
    way: CareerWayOut


class CareerProgrammeOut(Out):
    """An open programme, what matching says of it, and what would have to be learnt for it."""

    id: UUID
    title: str
    outcome: str
    way: CareerWayOut


class CareerOut(Out):
    """Everything ahead of one person today, the nearest first in each list; `edition` is that of the roles."""

    candidate_id: UUID
    edition: str
    roles: list[CareerRoleOut]
    programmes: list[CareerProgrammeOut]

    @classmethod
    def of(cls, found: Career) -> Self:
        return cls(
            candidate_id=found.person.id,
            edition=found.edition,
            roles=[
                CareerRoleOut(
                    slug=one.destination.slug,
                    title=SaidOut.of(one.destination.title),
                    purpose=SaidOut.of(one.destination.purpose),
                    reached_by=SaidOut.of(one.destination.reached_by),
                    way=CareerWayOut.of(one.way),
                )
                for one in found.roles
            ],
            programmes=[
                CareerProgrammeOut(
                    id=one.programme.id,
                    title=one.programme.title,
                    outcome=one.outcome.value,
                    way=CareerWayOut.of(one.way),
                )
                for one in found.programmes
            ],
        )


class OwnCareer(Controller):
    """One's own way ahead."""

    path = "/me/career"
    tags = ["Learning"]

    @get(operation_id="me.career", responses=problems(401), opt={"audited": True})
    async def show(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> CareerOut:
        """Show which roles and programmes are ahead, and how many modules away each is."""
        found = await careers.read_career(session, actor, id_of(str(actor.id)), editions=library, now=now)
        return CareerOut.of(found)


class Careers(Controller):
    """The way ahead of one person."""

    path = "/candidates/{candidate_id:str}/career"
    tags = ["Training"]

    @get(operation_id="careers.read", responses=problems(401, 404), opt={"audited": True})
    async def read(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> CareerOut:
        """Show which roles and programmes are ahead of one person; the reading is noted."""
        return CareerOut.of(
            await careers.read_career(session, actor, candidate_id, editions=library, now=now)
        )
