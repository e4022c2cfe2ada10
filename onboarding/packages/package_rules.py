"""What a package may be, as one dated edition: limits of archives, manifests and messages, and what refusals say."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from pydantic import Field, StrictInt, field_validator

from onboarding.content import Language, Value, Words
from onboarding.faults import Fault, FaultyFileError, parse
from onboarding.sentences import complete

LONGEST_SHOWN = 160
"""Characters of somebody else's text that a sentence quotes."""

SPOKEN: Mapping[str, frozenset[str]] = {
    "not_a_zip": frozenset(),
    "archive_too_big": frozenset({"bytes", "most"}),
    "trailing_bytes": frozenset({"bytes"}),
    "several_ends": frozenset(),
    "several_disks": frozenset(),
    "directory_misplaced": frozenset(),
    "directory_broken": frozenset(),
    "directory_too_big": frozenset({"bytes", "most"}),
    "count_differs": frozenset({"told", "found"}),
    "zip64_inconsistent": frozenset(),
    "empty_archive": frozenset(),
    "too_many_entries": frozenset({"count", "most"}),
    "too_many_bytes": frozenset({"bytes", "most"}),
    "ratio_too_high": frozenset({"ratio", "most"}),
    "leading_bytes": frozenset({"bytes"}),
    "unlisted_bytes": frozenset({"bytes"}),
    "unlisted_entry": frozenset(),
    "encrypted": frozenset(),
    "unknown_flags": frozenset(),
    "unknown_method": frozenset({"method"}),
    "is_link": frozenset(),
    "is_special": frozenset(),
    "extra_broken": frozenset(),
    "extra_twice": frozenset(),
    "name_empty": frozenset(),
    "name_not_utf8": frozenset(),
    "name_too_long": frozenset({"most"}),
    "name_control": frozenset(),
    "name_backslash": frozenset(),
    "name_absolute": frozenset(),
    "name_drive": frozenset(),
    "name_parent": frozenset(),
    "name_unclean": frozenset(),
    "name_reserved": frozenset(),
    "name_other": frozenset(),
    "name_twice": frozenset(),
    "name_case": frozenset({"other"}),
    "name_file_and_folder": frozenset({"other"}),
    "nested_archive": frozenset(),
    "folder_with_data": frozenset(),
    "local_missing": frozenset(),
    "local_differs": frozenset({"what"}),
    "overlap": frozenset(),
    "descriptor_differs": frozenset(),
    "size_differs": frozenset(),
    "checksum_differs": frozenset(),
    "data_broken": frozenset(),
    "more_problems": frozenset({"count"}),
    "no_manifest": frozenset(),
    "manifest_in_folder": frozenset(),
    "manifest_case": frozenset(),
    "cmi5_not_yet": frozenset(),
    "xapi_not_yet": frozenset(),
    "manifest_too_big": frozenset({"bytes", "most"}),
    "xml_not_well_formed": frozenset({"what"}),
    "xml_dtd": frozenset(),
    "xml_too_deep": frozenset({"most"}),
    "xml_too_many": frozenset({"most"}),
    "root_is_not_manifest": frozenset({"name"}),
    "standard_unknown": frozenset(),
    "version_unknown": frozenset({"version"}),
    "submanifest": frozenset(),
    "identifier_missing": frozenset({"name"}),
    "identifier_too_long": frozenset({"name", "most"}),
    "identifier_twice": frozenset({"identifier"}),
    "no_organization": frozenset(),
    "default_unknown": frozenset({"identifier"}),
    "no_unit": frozenset(),
    "too_many_units": frozenset({"count", "most"}),
    "no_resources": frozenset(),
    "item_leads_nowhere": frozenset({"identifier"}),
    "resource_unknown": frozenset({"identifier"}),
    "resource_without_href": frozenset({"identifier"}),
    "scorm_type_unknown": frozenset({"value"}),
    "href_elsewhere": frozenset({"href"}),
    "href_outside": frozenset({"href"}),
    "href_missing": frozenset({"href"}),
    "href_case": frozenset({"href", "found"}),
    "base_wrong": frozenset({"href"}),
    "parameters_wrong": frozenset({"value"}),
    "mastery_wrong": frozenset({"value"}),
    "max_time_wrong": frozenset({"value"}),
    "time_action_unknown": frozenset({"value"}),
    "launch_data_too_long": frozenset({"most"}),
    "prerequisites_wrong": frozenset({"value", "at"}),
    "prerequisites_type": frozenset({"value"}),
    "prerequisites_unknown": frozenset({"identifier"}),
    "prerequisites_circle": frozenset({"identifiers"}),
    "sequencing": frozenset({"name"}),
    "several_units_2004": frozenset({"count"}),
}
"""Every code that a check of a package speaks, with the names its sentence may use."""


class ArchiveLimits(Value):
    """What an archive may be before anything in it is unpacked."""

    most_bytes: StrictInt = Field(ge=1)
    most_entries: StrictInt = Field(ge=1)
    most_unpacked_bytes: StrictInt = Field(ge=1)
    most_ratio: StrictInt = Field(ge=1)
    ratio_from_bytes: StrictInt = Field(ge=0)
    most_name_bytes: StrictInt = Field(ge=1)
    nested_suffixes: frozenset[str]
    document_suffixes: frozenset[str]


class ManifestLimits(Value):
    """What a manifest may be before it is believed."""

    most_bytes: StrictInt = Field(ge=1)
    most_depth: StrictInt = Field(ge=1, le=200)
    most_elements: StrictInt = Field(ge=1)
    most_units: StrictInt = Field(ge=1)
    identifier_characters: StrictInt = Field(ge=1, le=255)
    launch_data_characters: StrictInt = Field(ge=1)


class MessageLimits(Value):
    """What one message of the content may carry, by the version of SCORM that it speaks."""

    most_values: StrictInt = Field(ge=1)
    most_characters: StrictInt = Field(ge=1)
    suspend_data_characters: StrictInt = Field(ge=1)
    location_characters: StrictInt = Field(ge=1)
    comment_characters: StrictInt = Field(ge=1)
    identifier_characters: StrictInt = Field(ge=1)
    response_characters: StrictInt = Field(ge=1)
    most_interactions: StrictInt = Field(ge=1)
    most_objectives: StrictInt = Field(ge=1)
    most_patterns: StrictInt = Field(ge=1)


class Finding(NamedTuple):
    """One thing wrong: a code, the place (an entry's name, or ``imsmanifest.xml:12``), what its sentence quotes."""

    code: str
    place: str
    values: Mapping[str, object] = {}


class Said(Value):
    """A refusal in both languages; it may quote hostile text, so it is no author's ``Words``."""

    fr: str
    en: str

    def said_in(self, language: Language) -> str:
        """The sentence in one language."""
        return self.fr if language is Language.FR else self.en


class Problem(Value):
    """One thing wrong with a package, worded."""

    code: str
    place: str
    text: Said


class PackageRules(Value):
    """One edition of the rules; complete, and each sentence using only names that it is given."""

    edition: str
    valid_from: date
    source: str
    confidence: str
    most_problems: StrictInt = Field(ge=1)
    archive: ArchiveLimits
    manifest: ManifestLimits
    scorm_1_2: MessageLimits
    scorm_2004: MessageLimits
    sentences: dict[str, Words]

    @field_validator("sentences")
    @classmethod
    def _is_complete(cls, given: dict[str, Words]) -> dict[str, Words]:
        return complete(given, SPOKEN)

    def problem(self, finding: Finding) -> Problem:
        """The finding, worded; what it quotes is shortened and made visible first."""
        words = self.sentences[finding.code]
        is_weight = "bytes" in finding.values
        return Problem(
            code=finding.code,
            place=shown(finding.place),
            text=Said(
                **{
                    one.value: words.said_in(one).format_map(
                        {
                            name: _weight(value, one)
                            if is_weight and isinstance(value, int)
                            else shown(str(value))
                            for name, value in finding.values.items()
                        }
                    )
                    for one in (Language.FR, Language.EN)
                }
            ),
        )


def _weight(count: int, language: Language) -> str:
    """So many bytes as people say it: by the thousand, down to one unit before the comma.

    >>> _weight(12, Language.FR), _weight(1_536_000, Language.FR), _weight(500_000_000, Language.EN)
    ('12 octets', '1,5 Mo', '500 MB')
    >>> _weight(2**60, Language.FR)
    'plus de 1 000 To'
    """
    unit, point = ("o", ",") if language is Language.FR else ("B", ".")
    if count < 1000:
        return f"{count} octets" if language is Language.FR else f"{count} bytes"
    if count >= 10**15:
        return f"{'plus de 1 000' if language is Language.FR else 'more than 1,000'} T{unit}"
    for power, letter in ((4, "T"), (3, "G"), (2, "M"), (1, "k")):
        if count >= 1000**power:
            shown_count = f"{count / 1000**power:.1f}".removesuffix(".0").replace(".", point)
            return f"{shown_count} {letter}{unit}"
    raise AssertionError(count)


def read(text: str) -> PackageRules:
    """Read one edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed: PackageRules | tuple[Fault, ...] = parse(text, PackageRules)
    if isinstance(parsed, PackageRules):
        return parsed
    raise FaultyFileError(parsed)


def shown(text: str) -> str:
    r"""Somebody else's text as a sentence may quote it: one line, no invisible characters, not too long.

    >>> shown("a\x00b\u202egnp.exe")
    'a\\x00b\\u202egnp.exe'
    """
    short = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in short)
