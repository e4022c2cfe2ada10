"""People enter the file, correct it, and their words are read as known skills."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.profiles import CandidateProfile
from assessments.skills.skills import Resolution
from service.flows.assessing.measurements import keep_measured_line
from service.flows.matching.matching import weigh_candidates
from service.flows.people.duplicates import Twin, TwinFinder, fold_email, fold_name, fold_phone
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken
from service.runtime.ids import new_id
from service.runtime.vocabulary import Locale, Source
from service.store import audit
from service.store.people.candidates import CandidateFacts
from service.store.people.duplicates import KnownPerson, people_like
from service.store.reach import candidate_row
from service.tables.people import Candidate, CandidateSkill

PSEUDONYM_MARKS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Marks that nobody mistakes for another when read aloud."""

CheckVersion = Callable[[int], None]


@dataclass(frozen=True)
class Identity:
    """Who somebody is; everything may be empty, then a pseudonym stands for the person."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""

    @classmethod
    def from_whole_name(cls, name: str, *, email: str = "", phone: str = "") -> "Identity":
        """A name in one piece: the first word is taken for the given name, the rest for the family name."""
        given, _, family = name.strip().partition(" ")
        return cls(given[:100], family.strip()[:100], email, phone)


def pseudonym_of(row_id: UUID) -> str:
    """What a person without a name is called; the same for the same id.

    >>> pseudonym_of(UUID(int=0))
    'Candidat 22-22'
    """
    number, marks = row_id.int, []
    for _ in range(4):
        number, place = divmod(number, len(PSEUDONYM_MARKS))
        marks.append(PSEUDONYM_MARKS[place])
    return f"Candidat {marks[0]}{marks[1]}-{marks[2]}{marks[3]}"


def profile_document(profile: CandidateProfile) -> dict[str, Any]:
    """A profile as the row keeps it: JSON, without what was not said and without the id."""
    return profile.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"id"})


def new_row(
    profile: CandidateProfile,
    identity: Identity,
    *,
    source: Source,
    now: datetime,
    external_id: str | None = None,
) -> Candidate:
    """A person's row, not yet added to a session."""
    row_id = new_id()
    row = Candidate(
        id=row_id,
        external_id=external_id,
        pseudonym=pseudonym_of(row_id),
        locale=Locale(profile.locale),
        source=source,
        profile=profile_document(profile),
        created_at=now,
        updated_at=now,
    )
    put_identity(row, identity)
    return row


def put_identity(row: Candidate, identity: Identity) -> None:
    """Write who the person is, and the folded signs that show likely twins."""
    row.given_name, row.family_name = identity.given_name, identity.family_name
    row.email, row.phone = identity.email, identity.phone
    row.folded_name = fold_name(identity.given_name, identity.family_name)
    row.folded_email = fold_email(identity.email) if identity.email else ""
    row.folded_phone = fold_phone(identity.phone) if identity.phone else ""


async def create_candidate(
    session: AsyncSession,
    actor: Actor,
    *,
    profile: Mapping[str, Any],
    identity: Identity,
    source: Source,
    editions: Editions,
    now: datetime,
    external_id: str | None = None,
) -> CandidateFacts:
    """Enter one person; `profile` is a CandidateProfile without its id, and RuleBroken says what does not fit."""
    row = new_row(checked_profile(profile), identity, source=source, now=now, external_id=external_id)
    session.add(row)
    await session.flush()
    await note_skills(session, editions, row)
    audit.record(
        session, actor, action="candidate.create", subject=("candidate", row.id), now=now,
        detail={"source": source.value},
    )  # fmt: skip
    return CandidateFacts.model_validate(row)


async def edit_candidate(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    *,
    changes: Mapping[str, Any],
    check_version: CheckVersion,
    editions: Editions,
    now: datetime,
) -> CandidateFacts:
    """Change what is named in `changes`: given_name, family_name, email, phone, locale, profile (member by member)."""
    row = await candidate_row(session, actor, candidate_id)
    check_version(row.version)
    said = {
        name: changes.get(name, getattr(row, name))
        for name in ("given_name", "family_name", "email", "phone")
    }
    put_identity(row, Identity(**{name: value or "" for name, value in said.items()}))
    if changes.get("locale"):
        row.locale = Locale(changes["locale"])
    if changes.get("profile") is not None:
        row.profile = profile_document(checked_profile({**row.profile, **changes["profile"]}))
        await keep_measured_line(session, row, editions=editions, now=now)
        await note_skills(session, editions, row)
        await weigh_candidates(session, editions, [row.id], now=now)
    row.updated_at = now
    audit.record(
        session, actor, action="candidate.edit", subject=("candidate", row.id), now=now,
        detail={"members": sorted(changes)},
    )  # fmt: skip
    await session.flush()
    return CandidateFacts.model_validate(row)


def checked_profile(values: Mapping[str, Any]) -> CandidateProfile:
    """A profile that fits its shape; what was not said is empty."""
    empty: dict[str, Any] = {"skills": [], "languages": [], "availability": []}
    try:
        return CandidateProfile.model_validate({**empty, **values, "id": "new"})
    except ValidationError as error:
        raise RuleBroken(
            "The profile does not fit its shape; see errors.", faults=profile_faults(error)
        ) from None


def profile_faults(error: ValidationError, *, below: str = "/profile") -> list[Fault]:
    return [
        Fault("/".join((below, *map(str, entry["loc"]))), entry["type"], entry["msg"])
        for entry in error.errors(include_url=False)
    ]


async def note_skills(session: AsyncSession, editions: Editions, row: Candidate) -> None:
    """Rebuild the known skills of one person from the profile; the row must have been flushed."""
    await session.execute(delete(CandidateSkill).where(col(CandidateSkill.candidate_id) == row.id))
    reader = remembered(editions)
    session.add_all(CandidateSkill(**values) for values in skill_values(reader, row.id, row.profile))


@dataclass(frozen=True)
class SkillReader:
    """How phrases are read as known skills, and under which edition."""

    resolve: Callable[[str, str | None], Resolution]
    edition: str


def remembered(editions: Editions) -> SkillReader:
    """A reader that resolves each phrase once: a file of thousands says the same things often."""
    resolver = editions.resolver
    return SkillReader(lru_cache(maxsize=100_000)(resolver.resolve), resolver.taxonomy.edition)


def skill_values(reader: SkillReader, candidate_id: UUID, profile: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each skill once, with the phrase that shows it best; what the taxonomy does not know is left out."""
    best: dict[str, tuple[float, str]] = {}
    for phrase in _phrases(profile):
        found = reader.resolve(phrase, profile.get("locale"))
        if found.skill is not None and found.confidence > best.get(found.skill, (0.0, ""))[0]:
            best[found.skill] = (found.confidence, phrase)
    return [
        {
            "candidate_id": candidate_id, "skill": skill, "phrase": phrase[:500],
            "confidence": round(confidence * 100), "taxonomy_edition": reader.edition,
        }
        for skill, (confidence, phrase) in best.items()
    ]  # fmt: skip


def _phrases(profile: Mapping[str, Any]) -> Iterable[str]:
    yield from profile.get("skills", ())
    for post in profile.get("experience", ()):
        yield str(post.get("title", ""))


async def twins_of(session: AsyncSession, identity: Identity, *, but: UUID | None = None) -> tuple[Twin, ...]:
    """Who is likely the same person as this one."""
    person = KnownPerson(
        but or new_id(),
        f"{identity.given_name} {identity.family_name}".strip(),
        fold_name(identity.given_name, identity.family_name),
        fold_email(identity.email) if identity.email else "",
        fold_phone(identity.phone) if identity.phone else "",
    )
    known = await people_like(
        session,
        folded_name=person.folded_name,
        folded_email=person.folded_email,
        folded_phone=person.folded_phone,
    )
    return TwinFinder(known).twins_of(person)
