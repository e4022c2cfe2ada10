"""Read `imsmanifest.xml` (SCORM 1.2 CAM 2.3, SCORM 2004 CAM 3.4) into units to launch, or name all that is wrong."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from onboarding.content import Value
from onboarding.packages.manifest_addresses import address_of, joined, launch_of
from onboarding.packages.manifest_reading import Reading, Resource, Standard, place_of
from onboarding.packages.manifest_tracking import prerequisites_of, tracking_of
from onboarding.packages.manifest_xml import Element
from onboarding.packages.package_rules import Finding, ManifestLimits
from onboarding.packages.prerequisites import circle, never_open, read_script

_LONGEST_TITLE = 255

_NOT_WEIGHED = frozenset(
    {
        "sequencingRules",
        "limitConditions",
        "mapInfo",
        "rollupRule",
        "sequencingCollection",
        "randomizationControls",
    }
)
"""Parts of sequencing that would change what a single unit does; the others do nothing to one that stands alone."""


class UnitKind(StrEnum):
    """Whether a unit speaks to us (SCO) or is only shown (asset)."""

    SCO = "sco"
    ASSET = "asset"


class Unit(Value):
    """One thing to launch.

    `path` names a file of the archive; `query` and `fragment` belong behind it in the address. `prerequisites` is an
    AICC script over `groups` and units, already found readable.
    """

    identifier: str
    title: str
    kind: UnitKind
    path: str
    query: str = ""
    fragment: str = ""
    is_visible: bool = True
    mastery_score: Decimal | None = None
    max_time_centiseconds: int | None = None
    time_limit_action: str = ""
    launch_data: str = ""
    prerequisites: tuple[str, ...] = ()


class Manifest(Value):
    """What a package offers: the units of its default organization, in order; `groups` are headings over units."""

    standard: Standard
    version: str
    identifier: str
    organization: str
    title: str
    units: tuple[Unit, ...]
    groups: dict[str, tuple[str, ...]]


def read_manifest(
    root: Element, files: frozenset[str], limits: ManifestLimits
) -> tuple[Manifest | None, tuple[Finding, ...]]:
    """The manifest's offer and every finding; the offer is None where anything at all was found.

    `files` are the names in the archive; what the manifest refers to must be among them.
    """
    known = _standard_of(root)
    if isinstance(known, Finding):
        return None, (known,)
    standard, version = known
    reading = Reading(standard, files, limits)
    _check_identifiers(reading, root)
    _read_resources(reading, root)
    organization = _default_organization(reading, root)
    for one in _organizations(root):
        _check_items(reading, one)
    _check_sequencing(reading, root)
    units = _units(reading, organization) if organization is not None else ()
    if organization is not None:
        _check_units(reading, organization, units)
    if reading.findings or organization is None:
        return None, _once(reading.findings)
    found = Manifest(
        standard=standard,
        version=version,
        identifier=root.attributes.get("identifier", ""),
        organization=organization.attributes.get("identifier", ""),
        title=_title(organization) or units[0].title,
        units=units,
        groups=_groups(organization),
    )
    return found, ()


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once: what two items lead to wrongly is one fault of the resource."""
    return tuple({(one.code, one.place, str(one.values)): one for one in findings}.values())


def _standard_of(root: Element) -> tuple[Standard, str] | Finding:
    """The standard by what the metadata say, or by the namespaces in use where they say nothing."""
    if root.name != "manifest":
        return Finding("root_is_not_manifest", place_of(root), {"name": root.name})
    metadata = root.one("metadata")
    told = metadata.one("schemaversion") if metadata is not None else None
    if told is not None and told.text:
        version = " ".join(told.text.split()).removeprefix("SCORM ")
        if version == "1.2":
            return Standard.SCORM_1_2, version
        if version.startswith("2004") or version in ("CAM 1.3", "1.3"):
            return Standard.SCORM_2004, version
        return Finding("version_unknown", place_of(told), {"version": version})
    spaces = " ".join({element.namespace for element in root.walk()} | _attribute_spaces(root))
    if "adlcp_rootv1p2" in spaces or "imscp_rootv1p1p2" in spaces:
        return Standard.SCORM_1_2, ""
    if "adlcp_v1p3" in spaces or "imscp_v1p1" in spaces:
        return Standard.SCORM_2004, ""
    return Finding("standard_unknown", place_of(root))


def _attribute_spaces(root: Element) -> set[str]:
    """Where the only sign of SCORM is the attribute of a resource, its spelling tells the version."""
    told = {name for element in root.walk() for name in element.attributes}
    return {"adlcp_rootv1p2"} if "scormtype" in told else {"adlcp_v1p3"} if "scormType" in told else set()


def _check_identifiers(reading: Reading, root: Element) -> None:
    """Every item and resource has a name of its own: units, tokens and states are told apart by it."""
    first: dict[str, Element] = {}
    most = reading.limits.identifier_characters
    for element in root.walk():
        if element is not root and element.name == "manifest":
            reading.tell("submanifest", element)
        if element.name not in ("organization", "item", "resource"):
            continue
        identifier = element.attributes.get("identifier", "")
        if not identifier:
            reading.tell("identifier_missing", element, name=element.name)
        elif len(identifier) > most:
            reading.tell("identifier_too_long", element, name=element.name, most=most)
        elif identifier in first:
            reading.tell("identifier_twice", element, identifier=identifier)
        first.setdefault(identifier, element)
        if element.name == "item":
            reading.items.setdefault(identifier, element)


def _read_resources(reading: Reading, root: Element) -> None:
    held = root.one("resources")
    if held is None or not held.all("resource"):
        reading.tell("no_resources", held or root)
        return
    base = joined(reading, held, joined(reading, root, ""))
    found = [
        Resource(element, element.attributes.get("identifier", ""), joined(reading, element, base))
        for element in held.all("resource")
    ]
    reading.resources = {resource.identifier: resource for resource in reversed(found)}
    for resource in found:
        _check_resource(reading, resource)


def _check_resource(reading: Reading, resource: Resource) -> None:
    element = resource.element
    told = element.attributes.get("scormtype", element.attributes.get("scormType", ""))
    if told.lower() not in ("sco", "asset", ""):
        reading.tell("scorm_type_unknown", element, value=told)
    if "href" in element.attributes:
        launch_of(reading, element, resource.base)
    for file in element.all("file"):
        if file.attributes.get("href") != element.attributes.get("href") or file.base:
            launch_of(reading, file, joined(reading, file, resource.base))
    for needed in element.all("dependency"):
        identifier = needed.attributes.get("identifierref", "")
        if identifier not in reading.resources:
            reading.tell("resource_unknown", needed, identifier=identifier)


def _organizations(root: Element) -> list[Element]:
    held = root.one("organizations")
    return [] if held is None else held.all("organization")


def _default_organization(reading: Reading, root: Element) -> Element | None:
    """The organization that is played: the one named as default, else the first."""
    found = _organizations(root)
    held = root.one("organizations")
    if held is None or not found:
        reading.tell("no_organization", held or root)
        return None
    default = held.attributes.get("default", "")
    named = next((one for one in found if one.attributes.get("identifier") == default), None)
    if default and named is None:
        reading.tell("default_unknown", held, identifier=default)
    return named or found[0]


def _items_below(element: Element) -> Iterator[Element]:
    for item in element.all("item"):
        yield item
        yield from _items_below(item)


def _check_items(reading: Reading, organization: Element) -> None:
    """Each leaf leads to a resource that can be launched, and each `identifierref` to one that exists."""
    for item in _items_below(organization):
        identifier = item.attributes.get("identifier", "")
        wanted = item.attributes.get("identifierref", "")
        if not wanted:
            if not item.all("item"):
                reading.tell("item_leads_nowhere", item, identifier=identifier)
            continue
        resource = reading.resources.get(wanted)
        if resource is None:
            reading.tell("resource_unknown", item, identifier=wanted)
        elif "href" not in resource.element.attributes:
            reading.tell("resource_without_href", resource.element, identifier=wanted)


def _units(reading: Reading, organization: Element) -> tuple[Unit, ...]:
    return tuple(_units_below(reading, organization, organization, ()))


def _units_below(
    reading: Reading, organization: Element, parent: Element, before: tuple[str, ...]
) -> Iterator[Unit]:
    """Units in reading order; what must come before a heading must come before all that stands below it."""
    for item in parent.all("item"):
        needed = before + prerequisites_of(reading, item)
        resource = reading.resources.get(item.attributes.get("identifierref", ""))
        if resource is not None and "href" in resource.element.attributes:
            unit = _unit(reading, item, resource, needed, heading=_title(organization))
            if unit is not None:
                yield unit
        yield from _units_below(reading, organization, item, needed)


def _unit(
    reading: Reading, item: Element, resource: Resource, needed: tuple[str, ...], *, heading: str
) -> Unit | None:
    """The unit of one item; the resource's own faults were told once, when it was read."""
    quiet = Reading(reading.standard, reading.files, reading.limits)
    launch = launch_of(quiet, resource.element, resource.base)
    attributes = resource.element.attributes
    is_sco = attributes.get("scormtype", attributes.get("scormType", "")).lower() == "sco"
    tracking = tracking_of(reading, item)
    query, fragment = address_of(reading, item, launch)
    if launch is None:
        return None
    identifier = item.attributes.get("identifier", "")
    return Unit(
        identifier=identifier,
        title=_title(item) or heading or identifier,
        kind=UnitKind.SCO if is_sco else UnitKind.ASSET,
        path=launch.path,
        query=query,
        fragment=fragment,
        is_visible=item.attributes.get("isvisible", "true").lower() != "false",
        prerequisites=needed,
        mastery_score=tracking.mastery_score,
        max_time_centiseconds=tracking.max_time_centiseconds,
        time_limit_action=tracking.time_limit_action,
        launch_data=tracking.launch_data,
    )


def _check_sequencing(reading: Reading, root: Element) -> None:
    """SCORM 2004: each part of sequencing that would change what a single unit does is named."""
    if reading.standard is not Standard.SCORM_2004:
        return
    for element in root.walk():
        if element.name in _NOT_WEIGHED or (element.name == "sequencing" and "IDRef" in element.attributes):
            reading.tell("sequencing", element, name=element.name)


def _check_units(reading: Reading, organization: Element, units: Sequence[Unit]) -> None:
    most = reading.limits.most_units
    if len(units) > most:
        reading.tell("too_many_units", organization, count=len(units), most=most)
        return
    if not units and not reading.findings:
        reading.tell("no_unit", organization)
    if reading.standard is Standard.SCORM_2004 and len(units) > 1:
        reading.tell("several_units_2004", organization, count=len(units))
    if names := _circle(organization, units):
        reading.tell("prerequisites_circle", reading.items[names[0]], identifiers=", ".join(names))


def _circle(organization: Element, units: Sequence[Unit]) -> tuple[str, ...]:
    """Units that wait for themselves; a heading in a script stands for the units below it."""
    groups = _groups(organization)
    texts = dict.fromkeys(text for unit in units for text in unit.prerequisites)
    scripts = {text: read_script(text) for text in texts}
    asked = {unit.identifier: tuple(scripts[text] for text in unit.prerequisites) for unit in units}
    closed = never_open(asked, groups)
    if not closed:
        return ()
    needed = {
        text: frozenset(one for name in script.items for one in groups.get(name, (name,)))
        for text, script in scripts.items()
    }
    return circle(
        {
            unit.identifier: frozenset[str]().union(*(needed[text] for text in unit.prerequisites))
            for unit in units
            if unit.identifier in closed
        }
    )


def _groups(organization: Element) -> dict[str, tuple[str, ...]]:
    """The units below each item that has items below it, itself among them where it launches something."""
    return {
        item.attributes.get("identifier", ""): tuple(
            one.attributes.get("identifier", "")
            for one in (item, *_items_below(item))
            if one.attributes.get("identifierref")
        )
        for item in _items_below(organization)
        if item.all("item")
    }


def _title(element: Element) -> str:
    told = element.one("title")
    return " ".join(told.text.split())[:_LONGEST_TITLE] if told is not None else ""
