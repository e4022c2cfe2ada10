"""The declaration before hiring (DPAE): a sheet of what R1221-1 wants declared, and the file that declares it."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from pydantic import AfterValidator, Field, StringConstraints, field_serializer
from stdnum.exceptions import ValidationError as NotANumber
from stdnum.fr import nir as social_number

from documents.facts import Line, PackFacts, Term
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.money import short_date
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.work import delay_on
from documents.rates import Frozen
from documents.spans import months_later
from documents.terms import DelayStep

MASK = "•"
SEEN = 5
"""Sex, year and month of birth stay readable under the mask: the same sheet says them anyway."""
MASKED = re.compile(rf"\d{{{SEEN}}}{MASK}{{{15 - SEEN}}}")
LONGEST_IN_FILE = 32
UNDECOMPOSED = {
    ord(letter): plain
    for letter, plain in zip(
        "łŁøØœŒæÆßđĐ’", ("l", "L", "o", "O", "oe", "OE", "ae", "AE", "ss", "d", "D", "'"), strict=True
    )
}
"""Letters that Unicode does not take apart into a plain one and its mark."""
REAL, TRIAL_RUN = "120", "1"
PREFIXES = {
    "cct": "urn:oasis:names:tc:ubl:corecomponentTypes:1.0:0.70",
    "rxdt": "http://www.repxml.org/DataTypes",
    "rxorg": "http://www.repxml.org/Organization",
    "rxpadr": "http://www.repxml.org/PostalAddress",
    "rxpers": "http://www.repxml.org/Person_Identity",
    "rxphadr": "http://www.repxml.org/PhoneAddress",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


class Sex(StrEnum):
    """As civil status says it, which R1221-1 2° wants declared; the file writes 2 and 1."""

    FEMALE = "female"
    MALE = "male"


def masked(number: str) -> str:
    """A social-security number that tells no more than sex, year and month of birth.

    >>> masked("294052900100183")
    '29405••••••••••'
    """
    return number[:SEEN] + MASK * (len(number) - SEEN)


def _checked(number: str) -> str:
    """Fifteen characters with a key that fits (stdnum); a masked number stands for one that is kept elsewhere."""
    bare = "".join(number.split())
    if MASK in bare:
        if not MASKED.fullmatch(bare):
            raise ValueError("Ce numéro masqué est incomplet.")
        return bare
    try:
        found: str = social_number.validate(number)
    except NotANumber:
        raise ValueError(
            "Ce numéro de sécurité sociale n'est pas valable : vérifiez les 13 caractères et la clé."
        ) from None
    return found


SocialNumber = Annotated[str, StringConstraints(max_length=30), AfterValidator(_checked)]
Phone = Annotated[str, StringConstraints(pattern=r"^0\d{9}$")]


class DpaeDetails(Frozen):
    """What is declared. The number leaves these facts in clear only by the page and by the file, never by a record."""

    accepted_on: date | None = Field(
        default=None, title="Embauche acceptée le", description="Le jour où la personne a accepté l’offre."
    )
    sex: Sex | None = Field(default=None, title="Sexe", description="Comme à l’état civil (R1221-1, 2°).")
    usual_name: Line | None = Field(
        default=None, title="Nom d’usage", description="S’il diffère du nom de naissance."
    )
    birth_department: Annotated[str, StringConstraints(pattern=r"^(\d{2}|2A|2B|97\d|98\d|99)$")] | None = (
        Field(
            default=None, title="Département de naissance", description="99 pour une naissance à l’étranger."
        )
    )
    is_registered: bool = Field(
        default=True,
        title="Déjà immatriculée",
        description="La personne a déjà un numéro de sécurité sociale.",
    )
    nir: SocialNumber | None = Field(
        default=None,
        title="Numéro de sécurité sociale",
        description="Demandé après l’acceptation seulement. Il ne sort que vers la DPAE et la paie.",
        repr=False,
    )
    start_date: date | None = Field(
        default=None, title="Date d’embauche", description="Premier jour de travail."
    )
    start_time: time | None = Field(default=None, title="Heure d’embauche", description="Heure prévue.")
    term: Term = Field(default=Term.OPEN_ENDED, title="Contrat", description="CDI ou CDD.")
    end_date: date | None = Field(default=None, title="Fin du CDD", description="Seulement pour un CDD.")
    trial_months: int = Field(default=0, ge=0, le=8, title="Essai, en mois", description="Pour un CDI.")
    trial_days: int = Field(default=0, ge=0, le=60, title="Essai, en jours", description="Pour un CDD.")
    urssaf_code: Annotated[str, StringConstraints(pattern=r"^\d{3}$")] | None = Field(
        default=None, title="Code de l’URSSAF", description="Trois chiffres."
    )
    health_service_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,4}$")] | None = Field(
        default=None, title="Code du service de santé au travail", description="Donné par l’URSSAF."
    )
    employer_phone: Phone | None = Field(
        default=None, title="Téléphone de l’employeur", description="Dix chiffres."
    )
    is_late: bool = Field(
        default=False,
        title="Régularisation",
        description="L’embauche a déjà commencé sans déclaration : il faut déclarer aussitôt.",
    )

    @property
    def is_fixed_term(self) -> bool:
        return self.term is Term.FIXED_TERM

    @property
    def wants_trial(self) -> bool:
        """Whether the trial is declared: for a CDI, and for a CDD of more than six months (R1221-1 4°)."""
        if not self.is_fixed_term:
            return True
        return bool(self.start_date and self.end_date and self.end_date >= months_later(self.start_date, 6))

    @property
    def number_groups(self) -> str:
        """The number in its usual groups, as people read it; it stands in no record."""
        found: str = social_number.format(self.nir) if self.nir else ""
        return found

    @field_serializer("nir")
    def _hidden(self, number: str | None) -> str | None:
        """Every record of these facts holds the masked number: what is stored or attached never tells it."""
        return masked(number) if number else None


class DpaeFacts(LetterFacts):
    details: DpaeDetails


class Window(Frozen):
    """The days on which the declaration may be sent: from eight days before the hiring, and before it."""

    opens: date
    closes: date


class DpaeRefused(Frozen):
    """Why no file can be made, thing by thing."""

    reasons: tuple[str, ...]


def window_of(start: date, law: Law) -> Window:
    """R1221-4 and L1221-10: at most eight days before, and before the work begins, on that day at the latest."""
    days = delay_on(law, DelayStep.DPAE_EARLIEST, start).days
    return Window(opens=start - timedelta(days=days), closes=start)


def dpae_file(facts: DpaeFacts, law: Law, *, on: date, is_trial_run: bool = False) -> bytes | DpaeRefused:
    """The declaration as an `FR_DUE_Upload` message (XML, ISO-8859-1), as the URSSAF's deposit by file takes it.

    Element names and codes follow two published clients of that deposit; its own guide was not read, so send one
    with `is_trial_run` first, which is controlled and not registered. One message declares one person. Names of the
    person and of towns are written in capitals without accents, every text in at most 32 characters; dates are ISO,
    the trial is in calendar days. Outside the days allowed, or where a value lacks, the reasons come back instead.
    """
    if reasons := tuple(_reasons_against(facts, law, on)):
        return DpaeRefused(reasons=reasons)
    for prefix, address in PREFIXES.items():
        register_namespace(prefix, address)
    root = Element("FR_DUE_Upload")
    _put(root, "FR_DUE_Upload.Test.Indicator", TRIAL_RUN if is_trial_run else REAL)
    group = SubElement(root, "FR_DuesGroup")
    _put_employer(SubElement(group, "FR_Employer"), facts)
    hired = SubElement(group, "FR_EmployeeGroup")
    _put_person(SubElement(hired, "FR_Employee"), facts)
    _put_contract(SubElement(hired, "FR_Contract"), facts.details)
    indent(root)
    written: bytes = tostring(root, encoding="ISO-8859-1", xml_declaration=True)
    return written


def _reasons_against(facts: DpaeFacts, law: Law, on: date) -> Iterator[str]:
    details, person, employer = facts.details, facts.person, facts.employer
    wanted = {
        "SIRET": employer.siret,
        "nom de l'employeur": employer.name,
        "code APE": employer.ape_code,
        "adresse de l'employeur": employer.address,
        "code de l'URSSAF": details.urssaf_code,
        "code du service de santé au travail": details.health_service_code,
        "téléphone de l'employeur": details.employer_phone,
        "nom": person.last_name,
        "prénom": person.first_name,
        "sexe": details.sex,
        "date de naissance": person.birth_date,
        "lieu de naissance": person.birth_place,
        "département de naissance": details.birth_department,
        "date d'acceptation de l'embauche": details.accepted_on,
        "date d'embauche": details.start_date,
        "heure d'embauche": details.start_time,
    }
    if details.is_fixed_term:
        wanted["fin du contrat"] = details.end_date
    if details.is_registered:
        wanted["numéro de sécurité sociale"] = details.nir
    lacking = [name for name, value in wanted.items() if value is None]
    if lacking:
        yield f"Il manque : {', '.join(lacking)}."
    if details.nir and MASK in details.nir:
        yield "Le numéro de sécurité sociale est masqué : le fichier a besoin du numéro entier."
    yield from (finding.label for finding in _faults(facts, law, on))
    if details.start_date and on < window_of(details.start_date, law).opens:
        opens = window_of(details.start_date, law).opens
        yield f"Trop tôt : la déclaration s'envoie à partir du {short_date(opens)} (R1221-4)."


def _put(parent: Element, name: str, text: str) -> None:
    prefix, colon, tag = name.partition(":")
    full = f"{{{PREFIXES[prefix]}}}{tag}" if colon else name
    SubElement(parent, full).text = text


def _put_employer(node: Element, facts: DpaeFacts) -> None:
    employer, place = facts.employer, facts.employer.address
    assert place is not None
    identity = SubElement(node, "FR_EmployerIdentity")
    _put(identity, "rxorg:FR_Organization.SIRET.Identifier", employer.siret or "")
    _put(identity, "rxorg:FR_Organization.Designation.Text", _short(employer.name or ""))
    _put(identity, "rxorg:FR_Organization.APE.Code", (employer.ape_code or "").replace(".", ""))
    _put(node, "FR_Employer.URSSAF.Code", facts.details.urssaf_code or "")
    address = SubElement(node, "FR_EmployerAddress")
    _put(address, "rxpadr:FR_PostalAddress.StreetDesignation.Text", _short(place.street))
    _put(address, "rxpadr:FR_PostalAddress.Town.Text", _short(place.city))
    _put(address, "rxpadr:FR_PostalAddress.Postal.Code", place.postcode)
    phone = SubElement(SubElement(node, "FR_EmployerContact"), "FR_PhoneNumber")
    _put(phone, "rxphadr:FR_PhoneAddress.PhoneNumber.Text", facts.details.employer_phone or "")


def _put_person(node: Element, facts: DpaeFacts) -> None:
    person, details = facts.person, facts.details
    assert person.birth_date is not None
    identity = SubElement(node, "FR_EmployeeIdentity")
    _put(identity, "rxpers:FR_PersonIdentity.Surname.Text", capitals(person.last_name or ""))
    if details.usual_name:
        _put(identity, "rxpers:FR_PersonIdentity.UsualName.Text", capitals(details.usual_name))
    _put(identity, "rxpers:FR_PersonIdentity.ChristianName.Text", capitals(person.first_name or ""))
    _put(identity, "rxpers:FR_PersonIdentity.Sex.Code", "2" if details.sex is Sex.FEMALE else "1")
    if details.nir and details.is_registered:
        number = SubElement(identity, f"{{{PREFIXES['rxpers']}}}FR_NNI")
        _put(number, "rxpers:FR_NNI.NIR.Identifier", details.nir[:13])
        _put(number, "rxpers:FR_NNI.NIRKey.Text", details.nir[13:])
    birth = SubElement(identity, f"{{{PREFIXES['rxpers']}}}FR_Birth")
    _put(birth, "rxpers:FR_Birth.Date", person.birth_date.isoformat())
    town, _, _ = (person.birth_place or "").partition("(")
    _put(birth, "rxpers:FR_Birth.Town.Text", capitals(town))
    more = SubElement(node, "FR_EmployeeComplement")
    _put(more, "FR_EmployeeComplement.Birth_Department.Code", details.birth_department or "")


def _put_contract(node: Element, details: DpaeDetails) -> None:
    assert details.start_date is not None
    assert details.start_time is not None
    _put(node, "FR_Contract.StartContract.Date", details.start_date.isoformat())
    _put(node, "FR_Contract.StartContract.Time", details.start_time.strftime("%H:%M:%S"))
    if details.end_date and details.is_fixed_term:
        _put(node, "FR_Contract.EndContract.Date", details.end_date.isoformat())
    _put(node, "FR_Contract.Nature.Code", details.term.value.upper())
    _put(node, "FR_Contract.HealthService.Text", details.health_service_code or "")
    if details.wants_trial and (details.trial_months or details.trial_days):
        _put(node, "FR_Contract.TrialTime.Text", str(_trial_days(details, details.start_date)))


def _trial_days(details: DpaeDetails, start: date) -> int:
    """The trial in calendar days: months are those of the calendar from the first day on."""
    return details.trial_days or (months_later(start, details.trial_months) - start).days


def capitals(text: str) -> str:
    """A name as the message takes it: capitals A to Z, no accents, 32 characters at most.

    >>> capitals("L'Hôpital-Łukasik"), capitals("Maïwenn Œuvrard")
    ("L'HOPITAL-LUKASIK", 'MAIWENN OEUVRARD')
    """
    plain = text.translate(UNDECOMPOSED)
    bare = "".join(one for one in unicodedata.normalize("NFD", plain) if not unicodedata.combining(one))
    kept = "".join(one if one.isascii() and (one.isalnum() or one in " '-.") else " " for one in bare.upper())
    return " ".join(kept.split())[:LONGEST_IN_FILE].rstrip()


def _short(text: str) -> str:
    """A text of the employer in the letters of ISO-8859-1, 32 characters at most."""
    return text.replace("’", "'").encode("latin-1", "replace").decode("latin-1")[:LONGEST_IN_FILE].rstrip()


def _faults(facts: DpaeFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    if details.nir and details.accepted_on is None:
        yield _wrong(
            "details.nir",
            "Le numéro de sécurité sociale est là avant l'acceptation de l'embauche",
            "R1221-1 2° ; L1221-6",
            "Retirez-le, ou indiquez le jour où la personne a accepté.",
        )
    if details.accepted_on and details.accepted_on > day:
        yield _wrong(
            "details.accepted_on", "L'acceptation serait à venir", "L1221-6", "Indiquez le jour réel."
        )
    yield from _number_faults(facts)
    start = details.start_date
    if start is None:
        return
    if details.is_fixed_term and details.end_date and details.end_date < start:
        yield _wrong(
            "details.end_date", "Le contrat finirait avant de commencer", "R1221-1 4°", "Corrigez la fin."
        )
    if day > start and not details.is_late:
        yield _wrong(
            "details.start_date",
            f"L'embauche a commencé le {short_date(start)} : la déclaration se fait avant",
            "L1221-10 ; R1221-4",
            "Déclarez aussitôt, en cochant la régularisation, ou corrigez la date d'embauche.",
        )


def _number_faults(facts: DpaeFacts) -> Iterator[Finding]:
    """Sex, year and month of birth are in the number: what does not match is a slip of one or the other.

    Sex may be 1 or 2, or 3, 4, 7 and 8 for a number that is being registered; a month above 12 stands for one
    that civil status does not know.
    """
    number, born = facts.details.nir, facts.person.birth_date
    if number is None:
        return
    sexes = {Sex.MALE: "137", Sex.FEMALE: "248"}
    article, remedy = "R1221-1 2°", "Vérifiez le numéro et l'état civil avec la personne."
    if facts.details.sex and number[0] not in sexes[facts.details.sex]:
        yield _wrong("details.nir", "Le numéro et le sexe déclaré ne vont pas ensemble", article, remedy)
    if born is None:
        return
    month = int(number[3:5])
    if number[1:3] != f"{born.year % 100:02d}" or (1 <= month <= 12 and month != born.month):
        yield _wrong("details.nir", "Le numéro et la date de naissance ne vont pas ensemble", article, remedy)


def _wrong(field: str, label: str, article: str, remedy: str) -> Finding:
    return Finding(Fault.INCONSISTENT, field, label, article, remedy)


def _context(facts: DpaeFacts, law: Law, day: date) -> dict[str, object]:
    start = facts.details.start_date
    assert start is not None
    receipt, dispute = (delay_on(law, step, day) for step in (DelayStep.DPAE_RECEIPT, DelayStep.DPAE_DISPUTE))
    return {
        "window": window_of(start, law),
        "receipt_words": receipt.words,
        "dispute_words": dispute.words,
        "earliest_words": delay_on(law, DelayStep.DPAE_EARLIEST, start).words,
        "trial_calendar_days": _trial_days(facts.details, start),
    }


def _deadlines(facts: DpaeFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    """The last whole day before the work begins; on the day itself the hour decides."""
    if facts.details.start_date is None:
        return ()
    last = max(day, facts.details.start_date - timedelta(days=1))
    return (
        Deadline(
            what="Envoyer la déclaration préalable à l’embauche",
            on=last,
            article="L1221-10 et R1221-4",
            holder="employer",
        ),
    )


def _prefill(facts: PackFacts) -> dict[str, object]:
    offer = facts.offer
    return {
        "start_date": offer.start_date,
        "start_time": offer.start_time,
        "term": offer.term,
        "end_date": offer.end_date,
        "trial_months": offer.trial.months,
        "trial_days": offer.trial.days,
    }


PAPERS = (
    Paper(
        kind=DocumentKind.DPAE_SHEET,
        facts=DpaeFacts,
        context=_context,
        faults=_faults,
        situations={
            "fixed_term": lambda facts: facts.details.is_fixed_term,
            "registered": lambda facts: facts.details.is_registered,
            "not_registered": lambda facts: not facts.details.is_registered,
            "with_trial": lambda facts: (
                facts.details.wants_trial and bool(facts.details.trial_months or facts.details.trial_days)
            ),
            "late": lambda facts: facts.details.is_late,
            "on_time": lambda facts: not facts.details.is_late,
        },
        deadlines=_deadlines,
        prefill=_prefill,
    ),
)
