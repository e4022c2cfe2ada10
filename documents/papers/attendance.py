"""The attendance sheet (feuille d'émargement) of one live class: each half-day, who was there, who signed and when."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AwareDatetime, Field, field_validator

from documents.facts import Confirmation, EmployerFacts, Line, minutes_of
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Paper
from documents.papers.trainings import WAY_WORDS, Way
from documents.rates import Frozen

MOST_PEOPLE, MOST_HALVES = 500, 14


class Presence(StrEnum):
    """Whether somebody was there; `EXPECTED` before anybody said so."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


THERE = (Presence.PRESENT, Presence.LATE)

PRESENCE_WORDS = {
    Presence.EXPECTED: "à signer",
    Presence.PRESENT: "présence",
    Presence.LATE: "présence en partie",
    Presence.ABSENT: "absence",
}


class Mark(Frozen):
    """One person's half-day."""

    person: Line = Field(title="Personne", description="Son nom.")
    presence: Presence = Field(
        default=Presence.EXPECTED, title="Présence", description="Ce qui a été relevé."
    )
    missed_minutes: int = Field(
        default=0, ge=0, le=720, title="Minutes manquées", description="D'une personne en retard."
    )
    reason: Line | None = Field(default=None, title="Motif", description="D'un retard ou d'une absence.")
    signed_as: Line | None = Field(default=None, title="Signé", description="Le nom que la personne a écrit.")
    signed_at: AwareDatetime | None = Field(
        default=None, title="Le", description="Jour et heure de la signature."
    )


class HalfDay(Frozen):
    """A morning or an afternoon of the class; hours and signatures on the clock of the class's own zone."""

    on: date = Field(title="Jour", description="Le jour.")
    name: Line = Field(title="Demi-journée", description="Matin ou après-midi.")
    start: time = Field(title="Début", description="Heure de début.")
    end: time = Field(title="Fin", description="Heure de fin.")
    marks: tuple[Mark, ...] = Field(
        default=(), max_length=MOST_PEOPLE, title="Personnes", description="Une par ligne."
    )
    countersigned_as: Line | None = Field(default=None, title="Contresigné", description="Nom du formateur.")
    countersigned_at: AwareDatetime | None = Field(default=None, title="Le", description="Jour et heure.")

    @property
    def minutes(self) -> int:
        return minutes_of(self.end) - minutes_of(self.start)

    @property
    def is_noted(self) -> bool:
        """Whether anybody's presence was noted yet."""
        return any(one.presence is not Presence.EXPECTED for one in self.marks)

    @property
    def present(self) -> int:
        return sum(one.presence in THERE for one in self.marks)

    @property
    def attended_minutes(self) -> int:
        """Of everybody who was there, less what they missed: what a funder counts."""
        there = (one for one in self.marks if one.presence in THERE)
        return sum(max(0, self.minutes - one.missed_minutes) for one in there)


def _on_clocks(half: HalfDay, clocks: ZoneInfo) -> HalfDay:
    def there(moment: datetime | None) -> datetime | None:
        return moment.astimezone(clocks) if moment else None

    marks = tuple(one.model_copy(update={"signed_at": there(one.signed_at)}) for one in half.marks)
    return half.model_copy(update={"marks": marks, "countersigned_at": there(half.countersigned_at)})


class SheetDetails(Frozen):
    """One class with its half-days."""

    title: Line | None = Field(default=None, title="Séance", description="Le nom de la séance.")
    training: Line | None = Field(default=None, title="Formation", description="Le parcours et le module.")
    group: Line | None = Field(default=None, title="Groupe", description="Le groupe, s'il y en a un.")
    trainer: Line | None = Field(default=None, title="Formateur", description="Qui anime.")
    replaces: Line | None = Field(default=None, title="À la place de", description="Le formateur remplacé.")
    way: Way = Field(default=Way.VIRTUAL_CLASS, title="Modalité", description="À distance ou sur site.")
    place: Line | None = Field(
        default=None, title="Lieu ou lien", description="Adresse, salle, page de connexion."
    )
    link: Line | None = Field(
        default=None, title="Et à distance", description="Page de connexion de qui suit à distance."
    )
    zone: Line = Field(default="heure de Paris", title="Heures", description="Le fuseau des heures, en mots.")
    clocks: Line = Field(
        default="Europe/Paris", title="Fuseau", description="Le même fuseau, par son nom IANA."
    )
    halves: tuple[HalfDay, ...] = Field(
        default=(), max_length=MOST_HALVES, title="Demi-journées", description="Dans l'ordre."
    )

    @field_validator("clocks")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"no time zone is called {name!r}")
        return name

    @property
    def halves_there(self) -> tuple[HalfDay, ...]:
        """The half-days in order, every signature on the clocks of the class's own place."""
        ordered = sorted(self.halves, key=lambda one: (one.on, one.start))
        return tuple(_on_clocks(one, ZoneInfo(self.clocks)) for one in ordered)


class SheetFacts(Frozen):
    """A class is nobody's own: the sheet names the employer, the trainer and everybody expected."""

    employer: EmployerFacts
    details: SheetDetails
    confirmations: tuple[Confirmation, ...] = Field(default=(), max_length=50)


def _wrong(label: str, remedy: str, field: str = "details.halves") -> Finding:
    return Finding(Fault.INCONSISTENT, field, label, "R6313-3", remedy)


def _faults(facts: SheetFacts, law: Law, day: date) -> Iterator[Finding]:
    """What a sheet cannot say: hours backwards, a person twice, a signature before its half-day, or half of one."""
    for half in facts.details.halves_there:
        if half.minutes <= 0:
            yield _wrong("Une demi-journée finit avant de commencer", "Corrigez les heures.")
        counted = Counter(one.person for one in half.marks)
        for person in sorted(name for name, count in counted.items() if count > 1):
            yield _wrong(f"{person} figure deux fois", "Distinguez ces personnes, ou ôtez une ligne.")
        for mark in half.marks:
            if (mark.signed_as is None) is not (mark.signed_at is None):
                yield _wrong(f"La signature de {mark.person} est incomplète", "Donnez le nom et l'heure.")
            if mark.signed_at and mark.signed_at.date() < half.on:
                yield _wrong(f"{mark.person} aurait signé avant la séance", "Corrigez ce jour.")
            if mark.missed_minutes and mark.presence is not Presence.LATE:
                yield _wrong(
                    f"Les minutes manquées de {mark.person} sont sans objet", "Corrigez la présence."
                )
        if (half.countersigned_as is None) is not (half.countersigned_at is None):
            yield _wrong("La signature du formateur est incomplète", "Donnez le nom et l'heure.")


def _context(facts: SheetFacts, law: Law, day: date) -> dict[str, object]:
    return {
        "way_words": {way.value: words for way, words in WAY_WORDS.items()},
        "presence_words": {one.value: words for one, words in PRESENCE_WORDS.items()},
        "days": tuple(sorted({one.on for one in facts.details.halves})),
        "minutes": sum(one.minutes for one in facts.details.halves),
        "halves": facts.details.halves_there,
    }


PAPERS = (
    Paper(
        kind=DocumentKind.ATTENDANCE_SHEET,
        facts=SheetFacts,
        context=_context,
        faults=_faults,
        situations={
            "signed": lambda facts: any(
                mark.signed_at for half in facts.details.halves for mark in half.marks
            ),
            "replaced": lambda facts: facts.details.replaces is not None,
        },
        name=lambda facts: facts.details.title or "",
    ),
)
