"""The sentences of reports, filled in and set in one language; figures, days and points as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

import yaml
from babel.dates import format_date
from babel.numbers import format_currency
from pydantic import TypeAdapter

from assessments.editions import Edition
from assessments.questionnaires.scoring import points
from assessments.values import Text
from service.flows.writing.shortlists_on_paper import line
from service.runtime.clock import civil_date
from service.runtime.editions import in_force
from service.runtime.vocabulary import Locale

LONGEST = 1_900
"""A paragraph on paper; what is longer is cut with an ellipsis and stays whole on the page it comes from."""


class ReportWords(Edition):
    """One edition of what reports say (reports.yaml)."""

    words: dict[str, Text]


@cache
def editions() -> Sequence[ReportWords]:
    """Every edition, checked whole."""
    text = files("service.flows.writing").joinpath("reports.yaml").read_text("utf-8")
    return TypeAdapter(list[ReportWords]).validate_python(yaml.safe_load(text))


@dataclass(frozen=True)
class Wording:
    """`wording("key", name=…)`: one sentence of one edition in one language."""

    edition: ReportWords
    locale: Locale

    def __call__(self, key: str, **facts: object) -> str:
        """The sentence; people's own words among the facts are written as paper can show them."""
        sentence = self.edition.words[key].in_(self.locale.value)
        told = {name: printed(value) if isinstance(value, str) else value for name, value in facts.items()}
        return sentence.format(**told) if facts else sentence

    def day(self, day: date | datetime) -> str:
        """A date in full; a moment is taken by its day in Paris.

        >>> Wording(editions()[0], Locale.FR).day(date(2026, 12, 1))
        '1er décembre 2026'
        """
        on = civil_date(day) if isinstance(day, datetime) else day
        if self.locale is Locale.EN:
            return str(format_date(on, "d MMMM y", locale="en_GB"))
        text = str(format_date(on, "d MMMM y", locale="fr_FR"))
        return text.replace("1 ", "1er ", 1) if on.day == 1 else text

    def points(self, hundredths: int) -> str:
        """Hundredths of a point as reasons say them, to one decimal.

        >>> Wording(editions()[0], Locale.FR).points(7245)
        '72,5'
        """
        return points(hundredths, self.locale.value)

    def money(self, cents: int) -> str:
        """Cents as euros, without decimals that say nothing.

        >>> Wording(editions()[0], Locale.EN).money(6000), Wording(editions()[0], Locale.EN).money(1990)
        ('€60', '€19.90')
        """
        english = self.locale is Locale.EN
        digits = "#,##0" if cents % 100 == 0 else "#,##0.00"
        pattern = f"¤{digits}" if english else f"{digits}\u00a0¤"
        locale = "en_GB" if english else "fr_FR"
        text = format_currency(cents / 100, "EUR", format=pattern, locale=locale, currency_digits=False)
        return str(text).replace("\u202f", "\u00a0")

    def text(self, text: Text) -> str:
        return text.in_(self.locale.value)


def wording_on(moment: datetime, locale: Locale) -> Wording:
    """The words in force on that day."""
    return Wording(in_force(editions(), civil_date(moment)), locale)


def printed(text: str, *, longest: int = LONGEST) -> str:
    """Somebody's own words on one line, without what no font can write."""
    return line(text, longest=longest)
