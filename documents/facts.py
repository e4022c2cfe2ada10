"""All that a document may say, as frozen facts; what the law wants but nobody gave yet may be empty here."""

import hashlib
import unicodedata
from base64 import b64decode, b64encode
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, EncodedBytes, EncoderProtocol, Field, StringConstraints

from documents.allowances import AgreementKind, AllowanceMode
from documents.rates import Frozen

LONGEST_LINE = 200
LONGEST_TEXT = 2_000
LARGEST_PHOTOGRAPH = 700_000
"""Letters of base64: about half a megabyte of file."""


def _clean(text: str) -> str:
    """Unicode in one form (NFC); control characters are refused, they belong to no name and no sentence."""
    normal = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in normal):
        raise ValueError("control characters are not text")
    return normal


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE),
    AfterValidator(_clean),
]
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT),
    AfterValidator(_clean),
]
Siret = Annotated[str, StringConstraints(pattern=r"^\d{14}$")]
ApeCode = Annotated[str, StringConstraints(pattern=r"^\d{2}\.?\d{2}[A-Z]$")]
Cents = Annotated[int, Field(ge=0, le=100_000_000, strict=True)]


class Term(StrEnum):
    """Open-ended (CDI) or fixed-term (CDD)."""

    OPEN_ENDED = "cdi"
    FIXED_TERM = "cdd"


class FixedTermReason(StrEnum):
    """The two motives of L1242-2 that a customer-relations employer uses."""

    REPLACEMENT = "replacement"
    TEMPORARY_INCREASE = "temporary_increase"


class TeleworkOrigin(StrEnum):
    """Hired to work from home, or moved to it later by an amendment: the return clauses differ."""

    HIRE = "hire"
    AMENDMENT = "amendment"


class Pacing(StrEnum):
    """Simple or complex calls, which set the seconds between two calls (avenant 20/06/2002 art. 7)."""

    SIMPLE = "simple"
    COMPLEX = "complex"


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class ItemState(StrEnum):
    NEW = "new"
    GOOD = "good"
    WORN = "worn"


class Address(Frozen):
    street: Line
    postcode: Line
    city: Line


class Organisation(Frozen):
    """A body that the contract names: pension fund, welfare or health insurer."""

    name: Line
    address: Line | None = None


class EmployerFacts(Frozen):
    """The employer. `telework_basis` says what sets the telework allowance, with its date and title in `_text`."""

    name: Line | None = None
    legal_form: Line | None = None
    siret: Siret | None = None
    ape_code: ApeCode | None = None
    address: Address | None = None
    signatory_name: Line | None = None
    signatory_title: Line | None = None
    site_name: Line | None = None
    site_address: Address | None = None
    urssaf: Line | None = None
    pension_fund: Organisation | None = None
    welfare_insurer: Organisation | None = None
    health_insurer: Organisation | None = None
    occupational_health: Line | None = None
    data_protection_contact: Line | None = None
    support_contact: Line | None = None
    has_works_council: bool = False
    telework_basis: AgreementKind = AgreementKind.NONE
    telework_basis_text: Line | None = None
    pay_day: int | None = Field(default=None, ge=1, le=31)


class PersonFacts(Frozen):
    """The person hired. No social-security number: it stands on no document but the DPAE and the payslip."""

    first_name: Line | None = None
    last_name: Line | None = None
    address: Address | None = None
    birth_date: date | None = None
    birth_place: Line | None = None

    @property
    def full_name(self) -> str:
        return f"{self.first_name or ''} {self.last_name or ''}".strip()


class HomeFacts(Frozen):
    """What the person states of the home; empty items become lines to fill by hand on the statement."""

    insurer: Line | None = None
    policy_number: Line | None = None
    insured_until: date | None = None
    connection: Line | None = None


class ProgrammeFacts(Frozen):
    """One contract for one client, as far as the person needs to know it."""

    name: Line | None = None
    nature_of_work: Text | None = None
    has_inbound_calls: bool = True
    has_outbound_calls: bool = False
    pacing: Pacing = Pacing.SIMPLE
    handles_card_data: bool = False


class Shift(Frozen):
    start: time
    end: time

    @property
    def minutes(self) -> int:
        return minutes_of(self.end) - minutes_of(self.start)


class DayHours(Frozen):
    """The shifts of one weekday, in order."""

    day: Weekday
    shifts: tuple[Shift, ...] = Field(min_length=1, max_length=4)

    @property
    def minutes(self) -> int:
        return sum(shift.minutes for shift in self.shifts)


class TrialFacts(Frozen):
    """Months for a CDI, days for a CDD; both zero: no trial."""

    months: int = Field(default=0, ge=0, le=8)
    days: int = Field(default=0, ge=0, le=60)
    is_renewable: bool = False


class _Base64(EncoderProtocol):
    """Plain base64 in one line; anything else is refused, never skipped."""

    @classmethod
    def decode(cls, data: bytes) -> bytes:
        return b64decode(data, validate=True)

    @classmethod
    def encode(cls, value: bytes) -> bytes:
        return b64encode(value)

    @classmethod
    def get_json_format(cls) -> Literal["base64"]:
        return "base64"


class Photograph(Frozen):
    """A photograph that goes with a paper: its file's name, what it shows, and the hash that proves which file it is.

    `content` is the whole file, JPEG or PNG; without it the paper names the file, and `sha256` has to be given.
    """

    name: Line = Field(title="Nom du fichier")
    shows: Line | None = Field(
        default=None,
        title="Ce que montre la photographie",
        description="Une phrase, lue à qui ne la voit pas.",
    )
    taken_on: date | None = Field(default=None, title="Date de la photographie")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, title="Empreinte SHA-256", description="Calculée quand l'image est jointe."
    )
    content: Annotated[bytes, Field(max_length=LARGEST_PHOTOGRAPH), EncodedBytes(encoder=_Base64)] | None = (
        Field(default=None, title="Image", description="JPEG ou PNG, un demi-mégaoctet au plus.")
    )

    @property
    def digest(self) -> str | None:
        """SHA-256 of the file, as given or from its content."""
        return self.sha256 or (hashlib.sha256(self.content).hexdigest() if self.content else None)


def _is_empty(value: object) -> bool:
    return not value


class EquipmentItem(Frozen):
    """An item lent. What nobody wrote of its hand-over is left out of the facts, as before it could be written."""

    label: Line
    brand_model: Line
    serial: Line | None = None
    state: ItemState = ItemState.NEW
    value_cents: Cents | None = None
    condition: Line | None = Field(default=None, exclude_if=_is_empty)
    accessories: tuple[Line, ...] = Field(default=(), max_length=12, exclude_if=_is_empty)
    photographs: tuple[Photograph, ...] = Field(default=(), max_length=6, exclude_if=_is_empty)


USUAL_RETURN_DAYS = 15


class OfferFacts(Frozen):
    """What was offered and accepted. Pay is the gross month for the contract's own weekly minutes."""

    job_title: Line | None = None
    duties: tuple[Line, ...] = Field(default=(), max_length=12)
    term: Term = Term.OPEN_ENDED
    end_date: date | None = None
    reason: FixedTermReason | None = None
    reason_detail: Text | None = None
    replaced_name: Line | None = None
    replaced_qualification: Line | None = None
    coefficient: int | None = Field(default=None, gt=0, le=1000)
    monthly_pay_cents: Cents | None = None
    weekly_minutes: int | None = Field(default=None, gt=0, le=2100)
    schedule: tuple[DayHours, ...] = Field(default=(), max_length=7)
    home_days: tuple[Weekday, ...] = Field(default=(), max_length=7)
    contact_start: time | None = None
    contact_end: time | None = None
    start_date: date | None = None
    start_time: time | None = None
    trial: TrialFacts = TrialFacts()
    has_asked_fewer_hours: bool = False
    fewer_hours_reason: Line | None = None
    uses_own_equipment: bool = False
    equipment: tuple[EquipmentItem, ...] = Field(default=(), max_length=40)
    equipment_return_days: int = Field(
        default=USUAL_RETURN_DAYS, ge=1, le=90, exclude_if=lambda days: days == USUAL_RETURN_DAYS
    )
    occupation_indemnity_cents: Cents | None = None

    @property
    def is_fixed_term(self) -> bool:
        return self.term is Term.FIXED_TERM

    @property
    def is_part_time(self) -> bool:
        return self.weekly_minutes is not None and self.weekly_minutes < 35 * 60


class AllowanceTerms(Frozen):
    """How the allowance is paid; without `rate_cents` the employer pays the exempt ceiling itself."""

    mode: AllowanceMode = AllowanceMode.MONTHLY
    rate_cents: Cents | None = None


class WillFacts(Frozen):
    """Both wills to work from home, as dated facts (L1222-9: telework is voluntary on both sides)."""

    telework_origin: TeleworkOrigin = TeleworkOrigin.HIRE
    person_agreed_on: date | None = None
    employer_agreed_on: date | None = None
    adaptation_months: int | None = Field(default=None, ge=1, le=6)
    adaptation_notice_days: int = Field(default=15, ge=1, le=60)


class Confirmation(Frozen):
    """A named person read the official text and vouches for one figure (`Unconfirmed.figure`) and its amount."""

    figure: Line
    amount_cents: Cents
    confirmed_by: Line
    confirmed_on: date
    text_read: Line | None = None


class PackFacts(Frozen):
    """One hiring, whole: what the pack of documents rests on."""

    employer: EmployerFacts
    person: PersonFacts
    home: HomeFacts = HomeFacts()
    programme: ProgrammeFacts
    offer: OfferFacts
    allowance: AllowanceTerms = AllowanceTerms()
    will: WillFacts = WillFacts()
    confirmations: tuple[Confirmation, ...] = Field(default=(), max_length=50)


class RankedPerson(Frozen):
    """One line of a shortlist: a name or a pseudonym, the score 0 to 100, and why."""

    rank: int = Field(ge=1)
    name: Line
    score: float = Field(ge=0, le=100)
    outcome: Line
    met: tuple[Line, ...] = ()
    missing: tuple[Line, ...] = ()
    hours: Line | None = None
    remedies: tuple[Line, ...] = ()


class ShortlistFacts(Frozen):
    """What a recruiter brings to a meeting: one programme, the people ranked for it, and how they were ranked."""

    programme: Line
    client: Line | None = None
    nature_of_work: Text | None = None
    seats: int | None = Field(default=None, ge=0)
    weekly_hours: Line | None = None
    start_date: date | None = None
    criteria: tuple[Line, ...] = ()
    people: tuple[RankedPerson, ...] = Field(default=(), max_length=500)
    considered: int = Field(ge=0)
    policy_edition: Line


def minutes_of(moment: time) -> int:
    """Minutes since midnight.

    >>> minutes_of(time(13, 30))
    810
    """
    return moment.hour * 60 + moment.minute
