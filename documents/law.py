"""All the dated law that documents rest on, joined from its files into one frozen value."""

from collections.abc import Mapping
from datetime import date

import yaml

from documents import mentions, rates, requirements, rules, terms
from documents.edition_text import read_yaml
from documents.kinds import DocumentKind
from documents.mentions import Mentions
from documents.rates import (
    AllowanceRow,
    AmountRow,
    CostRow,
    Frozen,
    GridRow,
    RatesError,
    SmicRow,
    TaxCapRow,
)
from documents.requirements import Requirements
from documents.rules import Rules
from documents.terms import Terms, TermsFile

TABLES = {
    "smic": "smic",
    "allowance": "telework-allowance",
    "tax_cap": "telework-tax-cap",
    "social_security_ceiling": "social-security-ceiling",
    "meal_voucher": "meal-voucher",
    "grid": "grid-idcc-2098",
    "real_costs": "real-costs",
}
NOT_IN_PACKS = frozenset({"real-costs"})
"""Tables that no pack rests on: a new edition of them leaves the record of a pack as it was."""

Read = rates.Edition | Rules | Requirements | Mentions | TermsFile


class Law(Frozen):
    """Every table in date order, and the editions it came from (`table/edition`).

    `terms` and `mentions` name their own editions: no pack rests on them, so they stay out of `editions`.
    """

    editions: tuple[str, ...]
    smic: tuple[SmicRow, ...]
    allowance: tuple[AllowanceRow, ...]
    tax_cap: tuple[TaxCapRow, ...]
    social_security_ceiling: tuple[AmountRow, ...]
    meal_voucher: tuple[AmountRow, ...]
    grid: tuple[GridRow, ...]
    real_costs: tuple[CostRow, ...]
    rules: tuple[Rules, ...]
    requirements: tuple[Requirements, ...]
    terms: Terms
    mentions: tuple[Mentions, ...] = ()

    def rules_on(self, day: date) -> Rules:
        """The branch's rules in force on a day; the earliest edition serves the days before it."""
        current = [edition for edition in self.rules if edition.valid_from <= day]
        return current[-1] if current else self.rules[0]

    def requirements_on(self, day: date) -> Requirements:
        """What the law wants said on a day; the earliest edition serves the days before it."""
        current = [edition for edition in self.requirements if edition.valid_from <= day]
        return current[-1] if current else self.requirements[0]

    def mentions_on(self, kind: DocumentKind, day: date) -> Mentions | None:
        """What a kind of paper has to say on a day; the earliest edition serves the days before it."""
        known = [edition for edition in self.mentions if edition.mentions is kind]
        current = [edition for edition in known if edition.valid_from <= day]
        return current[-1] if current else next(iter(known), None)


def gather(files: Mapping[str, str]) -> Law:
    """Law from the text of every `documents/data/**/*.yaml` (name → text). Raises RatesError naming the file.

    Several editions of one table are joined: a new year is a new file, and nothing else changes.
    """
    read: list[Read] = []
    for name in sorted(files):
        try:
            read.append(_read(files[name]))
        except RatesError as error:
            raise RatesError(f"{name}: {error}") from error
    return _joined(read)


def _read(text: str) -> Read:
    try:
        content = read_yaml(text)
    except yaml.YAMLError as error:
        raise RatesError(str(error)) from error
    if isinstance(content, dict) and "rules" in content:
        return rules.read(text)
    if isinstance(content, dict) and "requirements" in content:
        return requirements.read(text)
    if isinstance(content, dict) and "mentions" in content:
        return mentions.read(text)
    if isinstance(content, dict) and "terms" in content:
        return terms.read(text)
    return rates.read(text)


def _joined(read: list[Read]) -> Law:
    branch = sorted((found for found in read if isinstance(found, Rules)), key=lambda found: found.valid_from)
    wanted = sorted(
        (found for found in read if isinstance(found, Requirements)), key=lambda found: found.valid_from
    )
    said = sorted(
        (found for found in read if isinstance(found, Mentions)), key=lambda found: found.valid_from
    )
    worked = [found for found in read if isinstance(found, TermsFile)]
    rows: dict[str, list[rates.Row]] = {}
    names = [f"{found.rules}/{found.edition}" for found in branch]
    names += [f"{found.requirements}/{found.edition}" for found in wanted]
    for edition in read:
        if not isinstance(edition, Rules | Requirements | Mentions | TermsFile):
            rows.setdefault(edition.table, []).extend(edition.rows)
            if edition.table not in NOT_IN_PACKS:
                names.append(f"{edition.table}/{edition.edition}")
    if lacking := {*TABLES.values()} - rows.keys():
        raise RatesError(f"no edition of {', '.join(sorted(lacking))}")
    if not branch or not wanted:
        raise RatesError("no edition of the branch's rules or of the requirements")
    tables = {field: rates.join(rows[table]) for field, table in TABLES.items()}
    return Law.model_validate(
        {
            **tables,
            "editions": tuple(sorted(names)),
            "rules": tuple(branch),
            "requirements": tuple(wanted),
            "terms": terms.gather(worked),
            "mentions": tuple(said),
        }
    )
