"""Whether a text speaks of one person: by number, address, name, or the key that a file gave them."""

import re
import unicodedata
from dataclasses import dataclass

from service.flows.people.duplicates import fold_phone
from service.tables.people import Candidate

PHONE_DIGITS = 9
"""A French number without its leading zero or +33."""

SHORTEST_KEY = 5
"""A shorter key of a file, like 12, is found in files that have nothing to do with the person."""

NEAR = 120
"""Given and family name are one person's when no more characters part them; further apart they are two people's."""


@dataclass(frozen=True)
class Signs:
    """What gives one person away in a text, folded; empty signs give nobody away."""

    names: tuple[str, ...]
    email: str
    phone: str
    external_id: str

    def are_in(self, text: str) -> bool:
        """True when the text holds the address, the number, the key as a word, or both names near each other.

        >>> zoe = Signs(("zoe", "d'eon"), "zoe@example.com", "612345678", "")
        >>> zoe.are_in("ZOÉ;D'Éon"), zoe.are_in("06 12 34 56 78"), zoe.are_in("Zoé")
        (True, True, False)
        """
        folded = fold(text)
        if self.email and self.email in folded:
            return True
        if len(self.phone) == PHONE_DIGITS and self.phone in re.sub(r"\D", "", folded):
            return True
        if self.external_id and re.search(_word(self.external_id), folded):
            return True
        return bool(self.names) and _are_together(self.names, folded)


def _are_together(names: tuple[str, ...], folded: str) -> bool:
    one, other = (_word(part) for part in names)
    gap = rf".{{0,{NEAR}}}"
    return re.search(f"{one}{gap}{other}|{other}{gap}{one}", folded, re.DOTALL) is not None


def _word(text: str) -> str:
    return rf"(?<![\w-]){re.escape(text)}(?![\w-])"


def signs_of(person: Candidate) -> Signs:
    """Names of one letter are no sign; a number is one by its last digits."""
    names = (fold(person.given_name), fold(person.family_name))
    key = fold(person.external_id or "")
    digits = re.sub(r"\D", "", fold_phone(person.phone))
    return Signs(
        names=names if all(len(part) > 1 for part in names) else (),
        email=fold(person.email),
        phone=digits[-PHONE_DIGITS:],
        external_id=key if len(key) >= SHORTEST_KEY else "",
    )


def fold(text: str) -> str:
    """Without accents and case.

    >>> fold("ZOÉ")
    'zoe'
    """
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in parted if not unicodedata.combining(mark)).strip()
