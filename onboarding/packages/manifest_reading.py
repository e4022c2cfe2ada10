"""One manifest being read: which standard it speaks, what it may refer to, and the findings so far."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from onboarding.packages.manifest_xml import Element
from onboarding.packages.package_rules import Finding, ManifestLimits

MANIFEST = "imsmanifest.xml"


class Standard(StrEnum):
    """What a package speaks."""

    SCORM_1_2 = "scorm_1_2"
    SCORM_2004 = "scorm_2004"


class Resource(NamedTuple):
    """A resource and the folder that its addresses start from."""

    element: Element
    identifier: str
    base: str


@dataclass
class Reading:
    """One manifest being read: what it may refer to, and the findings so far."""

    standard: Standard
    files: frozenset[str]
    limits: ManifestLimits
    findings: list[Finding] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)
    items: dict[str, Element] = field(default_factory=dict)
    folded: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folded = {name.casefold(): name for name in self.files}

    def tell(self, code: str, where: Element, /, **values: object) -> None:
        self.findings.append(Finding(code, place_of(where), values))


def place_of(element: Element) -> str:
    """Where an element stands, as problems tell it."""
    return f"{MANIFEST}:{element.line}"
