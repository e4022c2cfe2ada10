"""Signing in through the API: a link or a password becomes a bearer token."""

from datetime import datetime

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import LanguageIn, LanguageOut, MeOut, SignInIn, SignInOut
from service.api.responses import problems
from service.flows.accounts import accounts, signing_in
from service.runtime.actors import Actor
from service.runtime.errors import Malformed
from service.runtime.settings import Settings
from service.store.accounts import sign_ins
from service.store.accounts.accounts import language_of


class SignIns(Controller):
    """Sessions."""

    path = "/sign-ins"
    tags = ["Sign-in"]

    @post(operation_id="sign_ins.create", responses=problems(400, 401, 404, 410), security=[{}])
    async def create(
        self,
        data: JSONBody[SignInIn],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[SignInOut]:
        """Sign in with a one-time link's token, or with a staff address and password."""
        if data.link_token:
            signed_in = await signing_in.open_link(session, data.link_token, settings=settings, now=now)
        elif data.email and data.password:
            signed_in = await signing_in.sign_in_with_password(
                session, data.email, data.password, settings=settings, now=now
            )
        else:
            raise Malformed("Send link_token, or email and password.")
        await session.flush()
        actor = await sign_ins.actor_of_session(session, signed_in.token, now=now)
        assert actor.role is not None
        assert actor.id is not None
        return Response(
            SignInOut(
                token=signed_in.token, expires_at=signed_in.expires_at, role=actor.role.value, id=actor.id
            ),
            status_code=201,
        )

    @get("/me", operation_id="sign_ins.me", responses=problems(401))
    async def me(self, actor: NamedDependency[Actor]) -> MeOut:
        """Say who this token speaks for."""
        return MeOut(
            kind=actor.kind.value,
            role=actor.role.value if actor.role else None,
            id=actor.id,
            name=actor.name,
            scopes=sorted(actor.scopes),
        )

    @get("/me/language", operation_id="own_language.read", responses=problems(401, 403))
    async def language(
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> LanguageOut:
        """Say in which language you are written to."""
        return LanguageOut(locale=await language_of(session, actor))

    @put("/me/language", operation_id="own_language.choose", responses=problems(400, 401, 403))
    async def choose_language(
        self,
        data: JSONBody[LanguageIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> LanguageOut:
        """Be written to in this language from now on: digests, training, links, reminders."""
        await accounts.choose_language(session, actor, data.locale, now=now)
        return LanguageOut(locale=data.locale)

    @delete("/me", operation_id="sign_ins.end", responses=problems(401))
    async def end(
        self,
        actor: NamedDependency[Actor],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> None:
        """End the session that made this request."""
        await signing_in.sign_out(session, actor, now=now)
