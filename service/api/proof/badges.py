"""Badges in the API: a finished path's signed credential, verified by anybody, withdrawn by a person."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Flag, In, Out, SaidOut
from service.api.responses import problems
from service.flows.proof import badges as flow
from service.flows.proof.badge_keys import address_of
from service.flows.proof.badges import LONGEST_TOKEN, Verdict, Verified
from service.http.proof_downloads import badge_file
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vault import Vault
from service.runtime.vocabulary import Locale
from service.store.assessing import assessments as people
from service.store.learning import assignments
from service.store.proof import badges
from service.store.proof.badges import BadgeFacts


class BadgeBadgeWithdrawalIn(In):
    """Why a badge is taken back, in words that anybody verifying it reads."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class NameShownIn(In):
    """Whether the public page of a badge says its holder's name."""

    is_shown: Flag


class CredentialIn(In):
    """A badge as somebody shows it: the compact JWT."""

    credential: Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN)]


class BadgeOut(Out):
    """One badge of one's own or within reach."""

    id: UUID
    training: UUID
    path: str
    edition: str
    title: SaidOut
    issuer: str
    issued_at: datetime
    completed_at: datetime
    valid_until: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    is_name_shown: bool
    address: str
    signed: str


class BadgesOut(Out):
    """Badges, the newest first."""

    items: list[BadgeOut]


class VerifiedOut(Out):
    """What verifying a badge comes to; `holder` only where the holder shows it, or the credential itself was given."""

    verdict: Verdict
    id: UUID | None = None
    title: SaidOut | None = None
    edition: str = ""
    issuer: str = ""
    holder: str = ""
    completed_at: datetime | None = None
    valid_until: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""


class Badges(Controller):
    """Badges for finished paths (Open Badges 3.0)."""

    tags = ["Badges"]

    @post(
        "/training/files/{assignment_id:str}/badge",
        operation_id="badges.award",
        responses=problems(401, 404, 409, 410, 422, 503),
    )
    async def award(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> BadgeOut:
        """Give the badge of a finished path; the same one when it was given already."""
        made = await flow.award(
            session, actor, assignment_id, editions=library, settings=settings, vault=vault, now=now
        )
        return badge_out(made, settings)

    @post(
        "/badges/{badge_id:str}/withdrawal",
        operation_id="badges.withdraw",
        status_code=200,
        responses=problems(401, 404, 422),
    )
    async def withdraw(
        self,
        badge_id: FromPath[str],
        data: JSONBody[BadgeBadgeWithdrawalIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> BadgeOut:
        """Take a badge back, with a reason."""
        return badge_out(await flow.withdraw(session, actor, badge_id, reason=data.reason, now=now), settings)

    @get("/badges/{badge_id:str}", operation_id="badges.verify", security=[{}], responses=problems(404))
    async def verify(
        self,
        badge_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> VerifiedOut:
        """Verify a badge by its address: signature, withdrawal, last day."""
        return verified_out(await flow.verify(session, badge_id, now=now))

    @post("/badges/check", operation_id="badges.check", status_code=200, security=[{}], responses=problems())
    async def check(
        self,
        data: JSONBody[CredentialIn],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> VerifiedOut:
        """Verify a credential that somebody shows."""
        return verified_out(await flow.verify_file(session, data.credential.encode(), now=now))


class OwnBadges(Controller):
    """One's own badges."""

    path = "/me"
    tags = ["Badges"]

    @get("/badges", operation_id="own_badges.list", responses=problems(401))
    async def list_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
    ) -> BadgesOut:
        """List your badges."""
        given = await assignments.all_of(session, actor, people.own_id(actor))
        found = await badges.of_assignments(session, actor, [one.id for one in given])
        newest = sorted(found.values(), key=lambda one: (one.issued_at, one.id), reverse=True)
        return BadgesOut(items=[badge_out(one, settings) for one in newest])

    @post(
        "/assignments/{assignment_id:str}/badge",
        operation_id="own_badges.award",
        responses=problems(401, 404, 409, 410, 422, 503),
    )
    async def award(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> BadgeOut:
        """Ask for the badge of a path that you finished."""
        made = await flow.award(
            session, actor, assignment_id, editions=library, settings=settings, vault=vault, now=now
        )
        return badge_out(made, settings)

    @post(
        "/badges/{badge_id:str}/name",
        operation_id="own_badges.show_name",
        status_code=200,
        responses=problems(401, 404),
    )
    async def show_name(
        self,
        badge_id: FromPath[str],
        data: JSONBody[NameShownIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> BadgeOut:
        """Say whether the public page of your badge shows your name."""
        shown = await flow.show_name(session, actor, badge_id, is_shown=data.is_shown, now=now)
        return badge_out(shown, settings)

    @get("/badges/{badge_id:str}/content", operation_id="own_badges.content", responses=problems(401, 404))
    async def content(
        self,
        badge_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        form: FromQuery[Literal["jwt", "png", "svg"]] = "jwt",
        language: FromQuery[Locale] = Locale.FR,
    ) -> Response[bytes]:
        """Download your badge: the signed credential, or a picture that holds it."""
        return badge_file(await badges.within_reach(session, actor, badge_id), form, language)


def badge_out(badge: BadgeFacts, settings: Settings) -> BadgeOut:
    return BadgeOut(
        id=badge.id,
        training=badge.assignment_id,
        path=badge.path,
        edition=badge.edition,
        title=SaidOut(fr=badge.title_fr, en=badge.title_en),
        issuer=badge.issuer_name,
        issued_at=badge.issued_at,
        completed_at=badge.completed_at,
        valid_until=badge.valid_until,
        withdrawn_at=badge.withdrawn_at,
        withdrawal_reason=badge.withdrawal_reason,
        is_name_shown=badge.is_name_shown,
        address=address_of(settings, str(badge.id)),
        signed=badge.signed,
    )


def verified_out(found: Verified) -> VerifiedOut:
    badge = found.badge
    if badge is None:
        return VerifiedOut(verdict=found.verdict)
    return VerifiedOut(
        verdict=found.verdict,
        id=badge.id,
        title=SaidOut(fr=badge.title_fr, en=badge.title_en),
        edition=badge.edition,
        issuer=badge.issuer_name,
        holder=found.holder,
        completed_at=badge.completed_at,
        valid_until=badge.valid_until,
        withdrawn_at=badge.withdrawn_at,
        withdrawal_reason=badge.withdrawal_reason,
    )
