"""Likely the same person twice: shown to a recruiter with the signs, never merged by a program."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from rapidfuzz import fuzz

from service.store.people.duplicates import KnownPerson

HOME_REGION = "FR"
LIKE_NAMES = 88.0
"""From this likeness on (token-sorted, 0 to 100) two names count as one with one more sign beside them."""


class Sign(StrEnum):
    """What two entries have in common."""

    SAME_EMAIL = "same_email"
    SAME_PHONE = "same_phone"
    LIKE_NAME = "like_name"
    LIKE_EMAIL = "like_email"
    LIKE_PHONE = "like_phone"


@dataclass(frozen=True)
class Twin:
    """Somebody known who is likely the same person, and by which signs."""

    known: KnownPerson
    signs: tuple[Sign, ...]


def fold_name(given_name: str, family_name: str) -> str:
    """Family name first, without accents, case and marks.

    >>> fold_name("Zoé", "d'Éon-Martin")
    'd eon martin zoe'
    """
    text = unicodedata.normalize("NFKD", f"{family_name} {given_name}".casefold())
    bare = "".join(mark for mark in text if not unicodedata.combining(mark))
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())[:220]


def fold_email(email: str) -> str:
    """The address as mailboxes compare it: without case, and without a `+label`.

    >>> fold_email("Zoe.Roy+emploi@Example.com")
    'zoe.roy@example.com'
    """
    local, at, domain = email.strip().casefold().partition("@")
    return f"{local.split('+')[0]}{at}{domain}"[:320]


def fold_phone(phone: str) -> str:
    """The number in E.164, read as French when it names no country; its digits when it is no valid number.

    >>> fold_phone("06 12 34 56 78") == fold_phone("+33 (0)6.12.34.56.78")
    True
    """
    try:
        parsed = phonenumbers.parse(phone, HOME_REGION)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", phone)[:40]
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)[:40]


class TwinFinder:
    """Everybody known, indexed by the signs; asking costs a few look-ups, not a walk over all."""

    def __init__(self, known: Iterable[KnownPerson]) -> None:
        self._by_sign: dict[tuple[str, str], list[KnownPerson]] = defaultdict(list)
        for person in known:
            self.add(person)

    def add(self, person: KnownPerson) -> None:
        for sign in _signs(person):
            self._by_sign[sign].append(person)

    def twins_of(self, person: KnownPerson) -> tuple[Twin, ...]:
        """Likely twins: the same address or number, or a name much alike together with one more sign."""
        near = {
            other.id: other
            for sign in _signs(person)
            for other in self._by_sign.get(sign, ())[:20]
            if other.id != person.id
        }
        found = (Twin(other, _shared(person, other)) for other in near.values())
        return tuple(twin for twin in found if _is_likely(twin.signs))


def _signs(person: KnownPerson) -> list[tuple[str, str]]:
    local = person.folded_email.partition("@")[0]
    signs = (
        ("email", person.folded_email),
        ("phone", person.folded_phone),
        ("local", local),
        ("line", person.folded_phone[-8:]),
    )
    return [(kind, value) for kind, value in signs if value]


def _shared(one: KnownPerson, other: KnownPerson) -> tuple[Sign, ...]:
    signs = []
    if one.folded_email and one.folded_email == other.folded_email:
        signs.append(Sign.SAME_EMAIL)
    elif one.folded_email and one.folded_email.partition("@")[0] == other.folded_email.partition("@")[0]:
        signs.append(Sign.LIKE_EMAIL)
    if one.folded_phone and one.folded_phone == other.folded_phone:
        signs.append(Sign.SAME_PHONE)
    elif one.folded_phone and one.folded_phone[-8:] == other.folded_phone[-8:]:
        signs.append(Sign.LIKE_PHONE)
    if one.folded_name and other.folded_name:
        likeness = fuzz.token_sort_ratio(one.folded_name, other.folded_name)
        if likeness >= LIKE_NAMES:
            signs.append(Sign.LIKE_NAME)
    return tuple(signs)


def _is_likely(signs: tuple[Sign, ...]) -> bool:
    if Sign.SAME_EMAIL in signs or Sign.SAME_PHONE in signs:
        return True
    return Sign.LIKE_NAME in signs and len(signs) > 1
