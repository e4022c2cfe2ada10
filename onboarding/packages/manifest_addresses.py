"""Where a manifest's addresses lead: to files of the archive and nowhere else."""

from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from onboarding.packages.manifest_reading import Reading
from onboarding.packages.manifest_xml import Element


class Launch(NamedTuple):
    """A file of the archive, and what stands behind its address."""

    path: str
    query: str
    fragment: str


def joined(reading: Reading, element: Element, base: str) -> str:
    """The folder that addresses below this element start from."""
    told = element.base
    if not told:
        return base
    joined = inside(base, unquote(urlsplit(told).path)) if is_local(told) else None
    if joined is None or not told.endswith("/"):
        reading.tell("base_wrong", element, href=told)
        return base
    return joined + "/" if joined else ""


def launch_of(reading: Reading, element: Element, base: str) -> Launch | None:
    """What an `href` leads to, or None after telling why it leads to no file of the archive."""
    href = element.attributes.get("href", "").strip()
    if not is_local(href):
        reading.tell("href_elsewhere", element, href=href)
        return None
    parts = urlsplit(href)
    path = inside(base, unquote(parts.path))
    if path is None:
        reading.tell("href_outside", element, href=href)
        return None
    if path not in reading.files:
        near = reading.folded.get(path.casefold())
        values = {"href": href} if near is None else {"href": href, "found": near}
        reading.tell("href_missing" if near is None else "href_case", element, **values)
        return None
    return Launch(path, parts.query, parts.fragment)


def is_local(href: str) -> bool:
    """Whether an address stays in the package: no scheme, no host, nothing that a browser reads as one."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and not href.startswith(("//", "\\"))


def inside(base: str, path: str) -> str | None:
    """A path below `base` made plain, or None where it is absolute, climbs out or holds what no name here may."""
    if path.startswith("/") or "\\" in path or "\0" in path:
        return None
    steps: list[str] = []
    for step in (base + path).split("/"):
        if step == ".." and not steps:
            return None
        if step == "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return normalize("NFC", "/".join(steps))


def address_of(reading: Reading, item: Element, launch: Launch | None) -> tuple[str, str]:
    """Query and fragment of the address, `parameters` put in as SCORM says (1.2 CAM 2.3.5.1): never another place."""
    query, fragment = (launch.query, launch.fragment) if launch is not None else ("", "")
    told = item.attributes.get("parameters", "").strip()
    if any(not one.isprintable() or one in ' "<>\\' for one in told):
        reading.tell("parameters_wrong", item, value=told)
        return query, fragment
    told = told.lstrip("?&")
    if told.startswith("#"):
        return query, fragment or told[1:]
    added, _, further = told.partition("#")
    return "&".join(part for part in (query, added) if part), fragment or further
