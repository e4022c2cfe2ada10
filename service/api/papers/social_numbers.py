"""The social-security number in the API: given by its owner, shown masked, revealed to whoever declares the hiring."""

from datetime import datetime

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.papers.papers_models import SocialNumberIn, SocialNumberOut
from service.api.responses import problems
from service.flows.papers import social_numbers
from service.runtime.actors import Actor
from service.runtime.vault import Vault


class SocialNumbers(Controller):
    """One number, for the declaration before hiring alone."""

    tags = ["Papers"]

    @get(
        "/me/social-number",
        operation_id="own_social_number.read",
        responses=problems(401),
        opt={"audited": True},
    )
    async def read_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> SocialNumberOut:
        """See whether you gave your number; it is shown masked."""
        return SocialNumberOut(number=await social_numbers.own_number(session, actor, now=now))

    @put("/me/social-number", operation_id="own_social_number.give", responses=problems(401, 409, 422))
    async def give(
        self,
        data: JSONBody[SocialNumberIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> SocialNumberOut:
        """Give your number, once you accepted an offer; it is kept encrypted."""
        shown = await social_numbers.give_number(session, actor, data.number, vault=vault, now=now)
        return SocialNumberOut(number=shown)

    @get(
        "/candidates/{candidate_id:str}/social-number",
        operation_id="social_number.reveal",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def reveal(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> SocialNumberOut:
        """Read a person's whole number, to declare the hiring; every reading is kept in the trail."""
        found = await social_numbers.reveal_number(session, actor, candidate_id, vault=vault, now=now)
        return SocialNumberOut(number=found)
