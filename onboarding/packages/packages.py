"""Check a training package whole, before anything is unpacked: accepted with what it offers, or every problem."""

from collections.abc import Sequence
from typing import BinaryIO

from onboarding.content import Value
from onboarding.packages.archives import WHOLE, Archive, Entry, read_archive, read_entry
from onboarding.packages.manifest_reading import MANIFEST
from onboarding.packages.manifest_xml import read_xml
from onboarding.packages.manifests import Manifest, read_manifest
from onboarding.packages.package_rules import Finding, PackageRules, Problem

CMI5, TIN_CAN = "cmi5.xml", "tincan.xml"


class Checked(Value):
    """What a check found. `manifest` and `archive` are there to be used only where the package `is_accepted`."""

    is_accepted: bool
    problems: tuple[Problem, ...]
    manifest: Manifest | None
    archive: Archive
    edition: str


def check(file: BinaryIO, rules: PackageRules) -> Checked:
    """Check one package; `file` must be able to seek. Every problem has its place, those of the archive come first."""
    archive, of_archive = read_archive(file, rules.archive)
    manifest, of_manifest = _read(file, archive, rules, is_broken=bool(of_archive))
    findings = (*of_archive, *of_manifest)
    is_accepted = not findings and manifest is not None
    return Checked(
        is_accepted=is_accepted,
        problems=_worded(findings, rules),
        manifest=manifest if is_accepted else None,
        archive=archive,
        edition=rules.edition,
    )


def _worded(findings: Sequence[Finding], rules: PackageRules) -> tuple[Problem, ...]:
    """Problems in the order found; beyond the most that are told one by one, the rest is counted."""
    told = [rules.problem(finding) for finding in findings[: rules.most_problems]]
    if (left := len(findings) - len(told)) > 0:
        told.append(rules.problem(Finding("more_problems", WHOLE, {"count": left})))
    return tuple(told)


def _read(
    file: BinaryIO, archive: Archive, rules: PackageRules, *, is_broken: bool
) -> tuple[Manifest | None, tuple[Finding, ...]]:
    """The manifest, or why there is none to read; nothing is said of one that a broken archive hides."""
    entry = archive.entry(MANIFEST)
    if entry is None:
        missing = _without_manifest(sorted(archive.names))
        is_hidden = is_broken and (missing.code == "no_manifest" or MANIFEST in archive.names)
        return None, () if is_hidden else (missing,)
    if entry.size > rules.manifest.most_bytes:
        told = {"bytes": entry.size, "most": rules.manifest.most_bytes}
        return None, (Finding("manifest_too_big", MANIFEST, told),)
    root = read_xml(_content(file, entry), rules.manifest, place=MANIFEST)
    if isinstance(root, Finding):
        return None, (root,)
    return read_manifest(root, archive.names, rules.manifest)


def _content(file: BinaryIO, entry: Entry) -> bytes:
    return b"".join(read_entry(file, entry))


def _without_manifest(names: Sequence[str]) -> Finding:
    """What stands where the manifest should: another standard's, the manifest in a folder or in other capitals."""
    if CMI5 in names:
        return Finding("cmi5_not_yet", CMI5)
    if TIN_CAN in names:
        return Finding("xapi_not_yet", TIN_CAN)
    for name in names:
        last = name.rsplit("/", 1)[-1]
        if last == MANIFEST:
            return Finding("manifest_in_folder", name)
        if name.lower() == MANIFEST:
            return Finding("manifest_case", name)
    return Finding("no_manifest", WHOLE)
