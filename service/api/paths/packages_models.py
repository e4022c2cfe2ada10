"""What the interface of training packages takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from onboarding.packages.manifests import Unit
from onboarding.packages.scorm_snapshots import Status
from service.api.models import In, Out, Reason
from service.flows.learning.package_attempts import Opened, Place
from service.http.package_content import window_told
from service.store.learning.package_attempts import AttemptFacts
from service.store.paths.packages import PackageFacts


class PackageUnitOut(Out):
    """One thing in a package to launch."""

    number: int
    identifier: str
    title: str
    kind: str
    mastery_score: float | None
    prerequisites: list[str]

    @classmethod
    def of(cls, number: int, unit: Unit) -> Self:
        mark = None if unit.mastery_score is None else float(unit.mastery_score)
        return cls(
            number=number, identifier=unit.identifier, title=unit.title, kind=unit.kind.value,
            mastery_score=mark, prerequisites=list(unit.prerequisites),
        )  # fmt: skip


class PackageOut(Out):
    """One package of the shelf; `sha256` is what a module names it by."""

    id: UUID
    sha256: str
    kind: str
    title: str
    file_name: str
    size_bytes: int
    unpacked_bytes: int
    files: int
    units: list[PackageUnitOut]
    rules_edition: str
    created_by: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str
    learners: int

    @classmethod
    def of(cls, facts: PackageFacts) -> Self:
        units = [PackageUnitOut.of(number, one) for number, one in enumerate(facts.manifest.units, 1)]
        said = facts.model_dump(exclude={"manifest", "withdrawn_by", "kind"})
        return cls(**said, kind=facts.kind.value, units=units)


class PackagesOut(Out):
    """One page of the shelf."""

    items: list[PackageOut]


class PackageWithdrawalIn(In):
    """Why a package is withdrawn: authors read it."""

    why: Reason


class UnitStandingOut(Out):
    """How far one unit is."""

    unit: str
    status: str
    percent: float | None
    seconds: int


class PackageAttemptOut(Out):
    """One learner in one package; `seconds` is time really spent."""

    id: UUID
    assignment_id: UUID
    candidate_id: UUID
    person: str
    module: str
    begun_at: datetime
    reported_at: datetime | None
    completed_at: datetime | None
    percent: int
    score: float | None
    seconds: int
    units: list[UnitStandingOut]

    @classmethod
    def of(cls, facts: AttemptFacts) -> Self:
        units = [
            UnitStandingOut(
                unit=one.unit, status=one.best_status.value, percent=_percent(one.best_hundredths),
                seconds=one.centiseconds // 100,
            )
            for one in facts.units
        ]  # fmt: skip
        said = facts.model_dump(exclude={"units", "package_id", "score_hundredths"})
        return cls(**said, score=_percent(facts.score_hundredths), units=units)


class PackageAttemptsOut(Out):
    """The learners within reach who began one package."""

    items: list[PackageAttemptOut]


class OwnUnitOut(Out):
    """One unit as its learner finds it."""

    number: int
    title: str
    kind: str
    status: str
    percent: float | None
    is_open: bool


class OwnPackageOut(Out):
    """The package of a module as its learner finds it; `is_here` says whether it can be opened at all."""

    title: str
    is_here: bool
    is_withdrawn: bool
    is_complete: bool
    percent: int
    score: float | None
    seconds: int
    units: list[OwnUnitOut]

    @classmethod
    def of(cls, place: Place) -> Self:
        package, found, manifest = place.module.package, place.standing, place.manifest
        assert package is not None, "a place is made for a module with a package"
        units = (
            []
            if manifest is None or found is None
            else [
                OwnUnitOut(
                    number=number,
                    title=unit.title,
                    kind=unit.kind.value,
                    status=(
                        kept.best_status
                        if (kept := place.units.get(unit.identifier))
                        else Status.NOT_ATTEMPTED
                    ).value,
                    percent=_percent(kept.best_hundredths) if kept else None,
                    is_open=unit.identifier in found.open_units,
                )
                for number, unit in enumerate(manifest.units, 1)
            ]
        )
        return cls(
            title=place.package.title if place.package else package.title.fr,
            is_here=place.manifest is not None,
            is_withdrawn=place.is_withdrawn,
            is_complete=found is not None and found.is_complete,
            percent=found.percent if found else 0,
            score=None if found is None or found.score is None else float(found.score),
            seconds=place.seconds,
            units=units,
        )


class PackageSessionOut(Out):
    """One window, just opened: load `address` in a frame, send reports with `Authorization: Attempt <token>`.

    Both hold until `expires_at` and are never told again. `message` is what each report is, numbered from 1.
    """

    session: UUID
    unit: str
    token: str
    folder: str
    address: str
    commit: str

    @classmethod
    def of(cls, opened: Opened, public_url: str) -> Self:
        told = window_told(opened, public_url)
        return cls(**{**told, "session": opened.session_id})


class PackageReportIn(In):
    """One whole report of running content, numbered from 1 in its window; texts stay as the content wrote them."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    unit: str = Field(max_length=255)
    session: str = Field(max_length=64)
    number: StrictInt = Field(ge=1, le=1_000_000)
    is_final: StrictBool = False
    values: dict[Annotated[str, Field(max_length=1000)], str | int | float | bool | None]

    @classmethod
    def as_kept(cls, body: Any) -> Any:
        """As it came: what content stores is its own, to the letter."""
        return body


class PackageReportOut(Out):
    """What became of a report: kept, repeated (told before), or late (a newer one came first)."""

    answer: str


def _percent(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
