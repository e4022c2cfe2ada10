"""Badges for finished paths: signed once, shown by their holder, verified by anybody, withdrawn by a person."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from babel.dates import format_date
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.content import Language
from onboarding.paths.paths import Path
from onboarding.proof import badge_images, badges
from onboarding.proof.badges import Achievement, Award, Issuer
from service.flows.learning import learning
from service.flows.paths import paths
from service.flows.proof import badge_keys
from service.flows.proof.badge_keys import ALGORITHM, address_of
from service.flows.proof.badge_pictures import drawn_png
from service.flows.proof.training_rules import rules_on
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.ids import new_id, parse_id
from service.runtime.settings import Settings
from service.runtime.vault import Vault
from service.runtime.vocabulary import Locale
from service.store import audit
from service.store.learning import assignments
from service.store.people import employer
from service.store.proof import badges as store
from service.store.proof.badges import BadgeFacts
from service.tables.badges import Badge
from service.tables.people import Candidate
from service.tables.training import Assignment

LONGEST_TOKEN = 60_000


async def issuer_of(session: AsyncSession, settings: Settings) -> Issuer:
    """The employer as badges name it; RuleBroken while it has no name."""
    known = (await employer.record(session)).facts
    if not known.name:
        raise RuleBroken(
            "The employer's name is not written yet; a badge must say who vouches.", code="no-employer"
        )
    return Issuer(id=address_of(settings, "issuer"), name=known.name, url=settings.public_url)


async def award(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    *,
    editions: Editions,
    settings: Settings,
    vault: Vault,
    now: datetime,
) -> BadgeFacts:
    """The badge of a finished path: its own learner asks for it, or a person who trains gives it.

    The same badge when there is one already, standing or withdrawn; Conflict while the path is not finished.
    """
    if actor.kind not in (ActorKind.STAFF, ActorKind.CANDIDATE):
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    row = await assignments.assignment_row(session, actor, assignment_id)
    present = await session.scalar(select(col(Badge.id)).where(col(Badge.assignment_id) == row.id))
    if present is None:
        present = await _sign(session, actor, row, editions=editions, settings=settings, vault=vault, now=now)
    return await store.within_reach(session, actor, present)


async def _sign(
    session: AsyncSession,
    actor: Actor,
    row: Assignment,
    *,
    editions: Editions,
    settings: Settings,
    vault: Vault,
    now: datetime,
) -> UUID:
    facts = await assignments.facts_of(session, actor, row.id)
    progressed = learning.standing(facts, editions=editions, today=civil_date(now))
    if not progressed.is_complete or progressed.completed_on is None:
        raise Conflict(
            "This path is not finished; its badge comes with the last module.", code="training-unfinished"
        )
    person = await session.get_one(Candidate, row.candidate_id)
    path = paths.as_begun(editions, row.path, row.edition)
    issuer = await issuer_of(session, settings)
    signer = await badge_keys.signer(session, actor, settings=settings, vault=vault, now=now)
    badge_id, subject = new_id(), uuid4()
    completed_at = datetime.combine(progressed.completed_on, time(), tzinfo=PARIS).astimezone(UTC)
    ends_at = _end_of(row)
    credential = badges.credential(
        Award(
            id=address_of(settings, str(badge_id)),
            subject=f"urn:uuid:{subject}",
            name=facts.person,
            email=person.email.lower(),
            salt=secrets.token_hex(8),
            completed_at=completed_at,
            valid_until=ends_at,
            status=address_of(settings, str(badge_id), "status"),
        ),
        achievement_of(path, settings),
        issuer=issuer,
        language=Language(person.locale.value),
    )
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": signer.kid}
    badge = Badge(
        id=badge_id,
        candidate_id=row.candidate_id,
        assignment_id=row.id,
        key_id=signer.id,
        subject=subject,
        path=row.path,
        edition=row.edition,
        title_fr=path.title.fr,
        title_en=path.title.en,
        issuer_name=issuer.name[:200],
        signed=jwt.encode(header, badges.claims(credential), signer.key, algorithms=[ALGORITHM]),
        issued_at=now,
        completed_at=completed_at,
        valid_until=ends_at,
    )
    session.add(badge)
    audit.record(
        session, actor, action="badge.award", subject=("badge", badge.id), now=now,
        detail={"assignment": str(row.id), "path": row.path, "edition": row.edition},
    )  # fmt: skip
    await session.flush()
    return badge.id


def _end_of(row: Assignment) -> datetime | None:
    """The last second in Paris of the last day on which the completion holds."""
    if row.expires_on is None:
        return None
    next_day = datetime.combine(row.expires_on + timedelta(days=1), time(), tzinfo=PARIS)
    return (next_day - timedelta(seconds=1)).astimezone(UTC)


def achievement_of(path: Path, settings: Settings) -> Achievement:
    """What the path stands for, under addresses that answer."""
    here = address_of(settings, "achievements", path.slug, path.edition)
    return Achievement(
        id=here,
        title=path.title,
        purpose=path.purpose,
        objectives=path.objectives,
        modules=tuple(one.title for one in path.modules),
        minutes=path.minutes,
        edition=path.edition,
        languages=path.languages,
        image=f"{here}/image.svg",
    )


async def withdraw(
    session: AsyncSession, actor: Actor, badge_id: str | UUID, *, reason: str, now: datetime
) -> BadgeFacts:
    """Take a badge back with a reason that anybody verifying it reads; done before, it stays as it was."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    words, least = " ".join(reason.split()), rules_on(now).withdrawn_least_characters
    if len(words) < least:
        raise RuleBroken(
            "Say why, in a few words: whoever verifies the badge reads it.",
            faults=[Fault("/reason", "too-short", "Write at least %(least)s characters.", {"least": least})],
        )
    row = await store.badge_row(session, actor, badge_id)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason = now, actor.staff_id, words[:500]
        audit.record(session, actor, action="badge.withdraw", subject=("badge", row.id), now=now)
        await session.flush()
    return await store.within_reach(session, actor, row.id)


async def show_name(
    session: AsyncSession, actor: Actor, badge_id: str | UUID, *, is_shown: bool, now: datetime
) -> BadgeFacts:
    """The holder's own choice: whether the public page says their name."""
    if actor.kind is not ActorKind.CANDIDATE:
        raise Forbidden
    row = await store.badge_row(session, actor, badge_id)
    row.is_name_shown = is_shown
    audit.record(
        session,
        actor,
        action="badge.show_name",
        subject=("badge", row.id),
        now=now,
        detail={"shown": is_shown},
    )
    await session.flush()
    return await store.within_reach(session, actor, row.id)


class Verdict(StrEnum):
    """What verifying a badge comes to."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verified:
    """A badge with the verdict on it; `holder` is the name in the credential that was shown, or one shown by choice."""

    verdict: Verdict
    badge: BadgeFacts | None = None
    holder: str = ""


async def verify(session: AsyncSession, badge_id: str | UUID, *, now: datetime) -> Verified:
    """A badge by its address, its signature checked again; NotFound when no badge is there."""
    badge = await store.public(session, badge_id)
    return Verified(_verdict(badge, now), badge, badge.holder if badge.is_name_shown else "")


async def verify_file(session: AsyncSession, content: bytes, *, now: datetime) -> Verified:
    """A badge as somebody shows it: the JWT, or the PNG or SVG it is baked into. Never raises for what is no badge."""
    token = token_in(content)
    if token is None:
        return Verified(Verdict.UNKNOWN)
    for key in await store.public_keys(session):
        credential = decoded(token, key)
        if credential is not None:
            return await _known(session, credential, now=now)
    return Verified(Verdict.UNKNOWN)


async def _known(session: AsyncSession, credential: dict[str, Any], *, now: datetime) -> Verified:
    """What we signed ourselves; one whose person was erased since then is no longer vouched for."""
    badge_id = parse_id(str(credential.get("id", "")).rpartition("/")[2])
    try:
        badge = await store.public(session, badge_id) if badge_id else None
    except NotFound:
        badge = None
    if badge is None:
        return Verified(Verdict.UNKNOWN)
    return Verified(_verdict(badge, now), badge, _named(credential))


def _named(credential: dict[str, Any]) -> str:
    """The name that a credential of ours tells."""
    told = credential["credentialSubject"]["identifier"]
    return next((str(one["identityHash"]) for one in told if one["identityType"] == "name"), "")


def _verdict(badge: BadgeFacts, now: datetime) -> Verdict:
    if decoded(badge.signed, badge.public_jwk) is None:
        return Verdict.UNKNOWN
    if badge.withdrawn_at is not None:
        return Verdict.WITHDRAWN
    return Verdict.VALID if badge.stands_on(now) else Verdict.EXPIRED


def decoded(token: str, public_jwk: dict[str, Any]) -> dict[str, Any] | None:
    """The credential that a token holds, if that key signed it; its days are judged by the caller."""
    try:
        found = jwt.decode(token, RSAKey.import_key(public_jwk), algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError):
        return None
    return dict(found.claims)


def token_in(content: bytes) -> str | None:
    """The compact JWT that a file is or holds; None for anything else."""
    if content.startswith(badge_images.PNG_SIGNATURE):
        try:
            return badge_images.baked_in(content)
        except ValueError:
            return None
    text = content[: LONGEST_TOKEN * 2].decode("utf-8", "replace").strip()
    if "<openbadges:credential" in text:
        text = text.partition('verify="')[2].partition('"')[0]
    is_compact = text.count(".") == 2 and len(text) <= LONGEST_TOKEN and text.isascii() and " " not in text
    return text if is_compact else None


def _day(badge: BadgeFacts, locale: Locale) -> str:
    day = civil_date(badge.completed_at)
    said = str(format_date(day, "long", locale=locale.value))
    return f"1er{said[1:]}" if locale is Locale.FR and day.day == 1 else said


def picture_svg(badge: BadgeFacts, locale: Locale, *, is_baked: bool) -> bytes:
    """The badge's picture; baked, it holds the credential and so the holder's name."""
    return badge_images.drawn(
        title=badge.title_fr if locale is Locale.FR else badge.title_en,
        issuer=badge.issuer_name,
        day=_day(badge, locale),
        token=badge.signed if is_baked else "",
    ).encode()


def picture_png(badge: BadgeFacts, locale: Locale) -> bytes:
    """The same picture as PNG with the credential baked in, for wallets that take no SVG."""
    plain = drawn_png(
        title=badge.title_fr if locale is Locale.FR else badge.title_en,
        issuer=badge.issuer_name,
        day=_day(badge, locale),
    )
    return badge_images.bake(plain, badge.signed)
