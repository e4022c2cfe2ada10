"""All the dated law that documents rest on, joined from its files into one frozen value."""

from collections.abc import Mapping
from datetime import date

import yaml

from documents import rates, rules
from documents.rates import AllowanceRow, AmountRow, Frozen, GridRow, RatesError, SmicRow, TaxCapRow
from documents.rules import Rules


class Law(Frozen):
    """Every table in date order, and the editions it came from (`table/edition`)."""

    editions: tuple[str, ...]
    smic: tuple[SmicRow, ...]
    allowance: tuple[AllowanceRow, ...]
    tax_cap: tuple[TaxCapRow, ...]
    social_security_ceiling: tuple[AmountRow, ...]
    meal_voucher: tuple[AmountRow, ...]
    grid: tuple[GridRow, ...]
    rules: tuple[Rules, ...]

    def rules_on(self, day: date) -> Rules:
        """The branch's rules in force on a day; the earliest edition serves the days before it."""
        current = [edition for edition in self.rules if edition.valid_from <= day]
        return current[-1] if current else self.rules[0]


def gather(files: Mapping[str, str]) -> Law:
    """Law from the text of every `documents/data/**/*.yaml` (name → text). Raises RatesError naming the file.

    Several editions of one table are joined: a new year is a new file, and nothing else changes.
    """
    rows: dict[str, list[rates.Row]] = {}
    names: list[str] = []
    branch: list[Rules] = []
    for name in sorted(files):
        try:
            if _is_rules(files[name]):
                branch.append(rules.read(files[name]))
                names.append(f"{branch[-1].rules}/{branch[-1].edition}")
                continue
            edition = rates.read(files[name])
        except RatesError as error:
            raise RatesError(f"{name}: {error}") from error
        rows.setdefault(edition.table, []).extend(edition.rows)
        names.append(f"{edition.table}/{edition.edition}")
    return _joined(rows, names, branch)


def _is_rules(text: str) -> bool:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RatesError(str(error)) from error
    return isinstance(content, dict) and "rules" in content


def _joined(rows: dict[str, list[rates.Row]], names: list[str], branch: list[Rules]) -> Law:
    if not branch:
        raise RatesError("no edition of the branch's rules")

    def table(name: str) -> tuple[rates.Row, ...]:
        if name not in rows:
            raise RatesError(f"no edition of {name}")
        return rates.join(rows[name])

    return Law.model_validate(
        {
            "editions": tuple(sorted(names)),
            "smic": table("smic"),
            "allowance": table("telework-allowance"),
            "tax_cap": table("telework-tax-cap"),
            "social_security_ceiling": table("social-security-ceiling"),
            "meal_voucher": table("meal-voucher"),
            "grid": table("grid-idcc-2098"),
            "rules": tuple(sorted(branch, key=lambda edition: edition.valid_from)),
        }
    )
