"""A finished path as an Open Badge 3.0: the credential that a wallet keeps, its issuer, its list of withdrawals.

1EdTech, Open Badges Specification v3.0, on W3C Verifiable Credentials Data Model v2.0. Signing is the shell's.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime

from onboarding.content import Label, Language, Value, Words

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
REVOCATION_LIST = "1EdTechRevocationList"


class Issuer(Value):
    """Who vouches: the employer, under an address that answers with its profile."""

    id: str
    name: str
    url: str
    email: str | None = None


class Achievement(Value):
    """What was reached: one edition of a path, with what it takes."""

    id: str
    title: Label
    purpose: Words
    objectives: tuple[Words, ...]
    modules: tuple[Label, ...]
    minutes: int
    edition: str
    languages: tuple[Language, ...]
    image: str


class Award(Value):
    """One person's achievement. ``subject`` is a name used nowhere else; ``email`` is written as a salted hash only."""

    id: str
    subject: str
    name: str
    email: str
    salt: str
    completed_at: AwareDatetime
    valid_until: AwareDatetime | None
    status: str


def credential(award: Award, reached: Achievement, *, issuer: Issuer, language: Language) -> dict[str, Any]:
    """The ``OpenBadgeCredential`` of one award, before it is signed.

    The holder is told by name (the file is theirs to show) and, for a wallet to match, by a salted hash of the address.
    """
    return {
        "@context": list(CONTEXTS),
        "id": award.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": reached.title.said_in(language),
        "description": reached.purpose.said_in(language),
        "image": {"id": reached.image, "type": "Image"},
        "issuer": profile(issuer),
        "validFrom": stamp(award.completed_at),
        **({"validUntil": stamp(award.valid_until)} if award.valid_until else {}),
        "credentialSubject": {
            "id": award.subject,
            "type": ["AchievementSubject"],
            "identifier": _identifiers(award),
            "achievement": achievement(reached, issuer=issuer, language=language),
        },
        "credentialStatus": {"id": award.status, "type": REVOCATION_LIST},
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def claims(badge: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of the JWT: the credential itself, and what of it a JWT says under names of its own (VC-JWT)."""
    said = dict(badge)
    said["iss"] = badge["issuer"]["id"]
    said["jti"] = badge["id"]
    said["nbf"] = _seconds(badge["validFrom"])
    said["sub"] = badge["credentialSubject"]["id"]
    if "validUntil" in badge:
        said["exp"] = _seconds(badge["validUntil"])
    return said


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer's ``Profile``, inside each badge and under its own address."""
    return {
        "id": issuer.id,
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer.url,
        **({"email": issuer.email} if issuer.email else {}),
    }


def withdrawals(*, address: str, issuer: Issuer, withdrawn: Mapping[str, str]) -> dict[str, Any]:
    """The revocation list that a badge's ``credentialStatus`` names: each withdrawn credential with its reason."""
    return {
        "id": address,
        "issuer": issuer.id,
        "revokedCredential": [
            {"id": badge, "revoked": True, "revocationReason": reason}
            for badge, reason in sorted(withdrawn.items())
        ],
    }


def identity_hash(email: str, *, salt: str) -> str:
    """How the specification writes an address that it does not tell.

    >>> identity_hash("mayze@example.org", salt="deadsea")[:15]
    'sha256$c8d32d06'
    """
    return "sha256$" + hashlib.sha256(f"{email}{salt}".encode()).hexdigest()


def stamp(moment: datetime) -> str:
    """An instant as credentials write it.

    >>> stamp(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    '2026-11-22T09:30:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(stamped: str) -> int:
    return int(datetime.fromisoformat(stamped.replace("Z", "+00:00")).timestamp())


def _identifiers(award: Award) -> list[dict[str, Any]]:
    told = [
        {"type": "IdentityObject", "hashed": False, "identityHash": award.name, "identityType": "name"},
    ]
    if award.email:
        told.append(
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": identity_hash(award.email, salt=award.salt),
                "identityType": "emailAddress",
                "salt": award.salt,
            }
        )
    return told


def achievement(found: Achievement, *, issuer: Issuer, language: Language) -> dict[str, Any]:
    """The ``Achievement``, inside each badge and under its own address."""
    return {
        "id": found.id,
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": found.title.said_in(language),
        "description": found.purpose.said_in(language),
        "criteria": {"narrative": criteria(found, language)},
        "image": {"id": found.image, "type": "Image"},
        "creator": profile(issuer),
        "inLanguage": language.value,
        "version": found.edition,
        "creditsAvailable": round(found.minutes / 60, 2),
        "tag": [one.said_in(language) for one in found.modules],
    }


CRITERIA = Words(
    fr="Toutes les activités du parcours sont réalisées ({time} en moyenne) :\n\n{modules}\n\n"
    "Objectifs :\n\n{objectives}",
    en="Every activity of the path is done ({time} on average):\n\n{modules}\n\nObjectives:\n\n{objectives}",
)


def criteria(found: Achievement, language: Language) -> str:
    """What it took, in words (Markdown, as the specification wants)."""
    return CRITERIA.said_in(language).format(
        time=_lasting(found.minutes),
        modules=_listed(one.said_in(language) for one in found.modules),
        objectives=_listed(one.said_in(language) for one in found.objectives),
    )


def _lasting(minutes: int) -> str:
    """Hours and minutes, as both languages write them.

    >>> _lasting(45), _lasting(120), _lasting(215)
    ('45 min', '2 h', '3 h 35')
    """
    hours, left = divmod(minutes, 60)
    return (f"{hours} h {left:02d}" if left else f"{hours} h") if hours else f"{left} min"


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {one}" for one in lines)
