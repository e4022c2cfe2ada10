"""Open Badges 3.0 as values: what a credential says, and pictures that hold one."""

import io
from datetime import UTC, datetime
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from PIL import Image

from onboarding.content import Label, Language, Words
from onboarding.proof.badge_images import bake, baked_in, drawn, wrapped
from onboarding.proof.badges import Achievement, Award, Issuer, claims, credential, withdrawals

ISSUER = Issuer(id="https://e.example/badges/issuer", name="Rivage", url="https://e.example")
REACHED = Achievement(
    id="https://e.example/badges/achievements/a/2026-11",
    title=Label(fr="Premiers appels", en="First calls"),
    purpose=Words(fr="Répondre.", en="Answer."),
    objectives=(Words(fr="Ouvrir un appel.", en="Open a call."),),
    modules=(Label(fr="Ouvrir", en="Open"), Label(fr="Calmer", en="Calm")),
    minutes=75,
    edition="2026-11",
    languages=(Language.FR, Language.EN),
    image="https://e.example/i.svg",
)
AWARD = Award(
    id="https://e.example/badges/1",
    subject="urn:uuid:0b0d6f5e-0c0e-4a8e-9a53-2f6f8d1e9f00",
    name="Maïwenn Le Goff",
    email="maiwenn@example.org",
    salt="deadsea",
    completed_at=datetime(2026, 11, 20, tzinfo=UTC),
    valid_until=datetime(2027, 11, 20, tzinfo=UTC),
    status="https://e.example/badges/1/status",
)
STAMP = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
PROFILE = {
    "type": "object", "required": ["id", "type", "name"],
    "properties": {"id": {"type": "string", "format": "uri"}, "type": {"contains": {"const": "Profile"}}},
}  # fmt: skip
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject"],
    "properties": {
        "@context": {
            "type": "array", "minItems": 2,
            "prefixItems": [
                {"const": "https://www.w3.org/ns/credentials/v2"},
                {"pattern": "^https://purl.imsglobal.org/spec/ob/v3p0/context-3.0."},
            ],
        },
        "type": {
            "allOf": [{"contains": {"const": "VerifiableCredential"}}, {"contains": {"const": "OpenBadgeCredential"}}]
        },
        "issuer": PROFILE,
        "validFrom": STAMP,
        "validUntil": STAMP,
        "credentialSubject": {
            "type": "object", "required": ["id", "type", "achievement"],
            "properties": {
                "type": {"contains": {"const": "AchievementSubject"}},
                "identifier": {
                    "items": {
                        "required": ["type", "hashed", "identityHash", "identityType"],
                        "properties": {"type": {"const": "IdentityObject"}, "hashed": {"type": "boolean"}},
                    }
                },
                "achievement": {
                    "type": "object", "required": ["id", "type", "criteria", "description", "name"],
                    "properties": {
                        "type": {"contains": {"const": "Achievement"}},
                        "criteria": {"required": ["narrative"]},
                        "image": {"required": ["id", "type"]},
                    },
                },
            },
        },
        "credentialStatus": {"required": ["id", "type"]},
        "credentialSchema": {"items": {"required": ["id", "type"]}},
    },
}  # fmt: skip
"""What the specification makes obligatory of the fields that a badge of ours has (OB 3.0, appendix B and E)."""


@pytest.mark.parametrize("language", Language)
def test_a_credential_has_every_field_that_the_specification_asks_for(language):
    made = credential(AWARD, REACHED, issuer=ISSUER, language=language)
    assert not list(jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors(made))
    assert made["name"] == REACHED.title.said_in(language)


def test_the_address_is_told_only_as_a_salted_hash():
    made = credential(AWARD, REACHED, issuer=ISSUER, language=Language.FR)
    assert AWARD.email not in str(made)
    name, address = made["credentialSubject"]["identifier"]
    assert (name["hashed"], address["hashed"], address["salt"]) == (False, True, "deadsea")


def test_somebody_without_an_address_is_told_by_name_alone():
    made = credential(AWARD.model_copy(update={"email": ""}), REACHED, issuer=ISSUER, language=Language.FR)
    assert [one["identityType"] for one in made["credentialSubject"]["identifier"]] == ["name"]


def test_the_claims_of_the_token_repeat_what_the_credential_says():
    said = claims(credential(AWARD, REACHED, issuer=ISSUER, language=Language.FR))
    assert (said["iss"], said["jti"], said["sub"]) == (ISSUER.id, AWARD.id, AWARD.subject)
    assert (said["nbf"], said["exp"]) == (1_795_132_800, 1_826_668_800)
    lasting = credential(
        AWARD.model_copy(update={"valid_until": None}), REACHED, issuer=ISSUER, language=Language.FR
    )
    assert "exp" not in claims(lasting)


def test_a_revocation_list_names_each_withdrawn_badge_with_its_reason():
    listed = withdrawals(
        address="https://e.example/s", issuer=ISSUER, withdrawn={"b": "erreur", "a": "double"}
    )
    assert [one["id"] for one in listed["revokedCredential"]] == ["a", "b"]
    assert all(one["revoked"] for one in listed["revokedCredential"])


def a_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def test_a_baked_picture_still_opens_and_gives_its_credential_back():
    baked = bake(a_png(), "a.b.c")
    Image.open(io.BytesIO(baked)).load()
    assert baked_in(baked) == "a.b.c"
    assert baked_in(bake(baked, "d.e.f")) == "d.e.f"
    assert bake(baked, "d.e.f").count(b"openbadgecredential") == 1


@pytest.mark.parametrize("content", [b"", b"GIF89a", a_png()[:20], a_png()[:8]])
def test_what_is_no_whole_picture_is_said_to_be_none(content):
    with pytest.raises(ValueError, match="PNG"):
        bake(content, "a.b.c")


def test_a_drawing_is_well_formed_and_escapes_what_people_wrote():
    svg = drawn(title='<script>&"', issuer="Rivage & fils", day="2026", token='a.b.c"><x/>')
    root = ElementTree.fromstring(svg)
    assert root.find("{https://purl.imsglobal.org/ob/v3p0}credential").get("verify") == 'a.b.c"><x/>'
    assert "<script" not in svg


def test_a_long_title_keeps_to_four_short_lines():
    lines = wrapped("Anticonstitutionnellement " * 12)
    assert len(lines) == 4
    assert max(map(len, lines)) <= 17
