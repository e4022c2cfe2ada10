"""Days, moments, money and numbers as pages write them, in the page's language; the one place that knows how."""

from dataclasses import dataclass
from datetime import date, datetime, time

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from service.runtime.clock import PARIS, civil_date
from service.runtime.vocabulary import Locale

NO_BREAK, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
BABEL = {Locale.FR: "fr_FR", Locale.EN: "en_GB"}


@dataclass(frozen=True)
class Figures:
    """`figures` in templates. Spaces inside a sum are no-break spaces, which every font has."""

    locale: Locale

    def day(self, day: date) -> str:
        """A date in full.

        >>> Figures(Locale.FR).day(date(2026, 11, 24)), Figures(Locale.EN).day(date(2026, 11, 24))
        ('mardi 24 novembre 2026', 'Tuesday 24 November 2026')
        >>> Figures(Locale.FR).day(date(2027, 1, 1))
        'vendredi 1er janvier 2027'
        """
        return self._date(day, "EEEE d MMMM y")

    def short_day(self, day: date) -> str:
        """A date for tables; a moment is taken by its day in Paris.

        >>> Figures(Locale.FR).short_day(date(2026, 11, 24)), Figures(Locale.EN).short_day(date(2026, 11, 24))
        ('24 nov. 2026', '24 Nov 2026')
        """
        return self._date(civil_date(day) if isinstance(day, datetime) else day, "d MMM y")

    def moment(self, moment: datetime) -> str:
        """A moment for tables, on the clocks of Paris.

        >>> from datetime import UTC
        >>> Figures(Locale.FR).moment(datetime(2026, 11, 24, 9, 5, tzinfo=UTC))
        '24 nov. 2026, 10:05'
        """
        return f"{self.short_day(moment)}, {format_time(moment, 'HH:mm', tzinfo=PARIS, locale=self._babel)}"

    def clock(self, at: time) -> str:
        """
        >>> Figures(Locale.EN).clock(time(9)), Figures(Locale.FR).clock(time(13, 30)).replace(NO_BREAK, "_")
        ('09:00', '13_h_30')
        """
        if self.locale is Locale.EN:
            return f"{at:%H:%M}"
        return f"{at.hour}{NO_BREAK}h" + (f"{NO_BREAK}{at.minute:02d}" if at.minute else "")

    def money(self, cents: int) -> str:
        """Cents as euros.

        >>> Figures(Locale.FR).money(186702).replace(NO_BREAK, "_"), Figures(Locale.EN).money(186702)
        ('1_867,02_€', '€1,867.02')
        """
        return self._plain(format_currency(cents / 100, "EUR", locale=self._babel))

    def whole_money(self, cents: int) -> str:
        """Cents as euros, rounded to a whole euro (half to even): for ranges of pay.

        >>> Figures(Locale.FR).whole_money(192000).replace(NO_BREAK, "_"), Figures(Locale.EN).whole_money(192000)
        ('1_920_€', '€1,920')
        """
        pattern = "#,##0\u00a0¤" if self.locale is Locale.FR else "¤#,##0"
        text = format_currency(cents / 100, "EUR", format=pattern, locale=self._babel, currency_digits=False)
        return self._plain(text)

    def number(self, value: float, *, digits: int = 2) -> str:
        """A number with at most `digits` decimals, none that say nothing.

        >>> Figures(Locale.FR).number(17.5), Figures(Locale.EN).number(17.5), Figures(Locale.FR).number(35.0)
        ('17,5', '17.5', '35')
        """
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return self._plain(format_decimal(value, format=pattern, locale=self._babel))

    def fixed(self, value: float, *, digits: int) -> str:
        """A number with exactly `digits` decimals, for columns in which they stand under one another.

        >>> Figures(Locale.FR).fixed(0.5, digits=2), Figures(Locale.EN).fixed(1.0, digits=2)
        ('0,50', '1.00')
        """
        return self._plain(format_decimal(value, format="#,##0." + "0" * digits, locale=self._babel))

    def hours(self, minutes: int) -> str:
        """A length of time in hours, minutes only where there are some.

        >>> [Figures(one).hours(1470).replace(NO_BREAK, "_") for one in Locale]
        ['24_h_30', '24_h_30']
        """
        whole, rest = divmod(minutes, 60)
        return f"{whole}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02d}" if rest else "")

    @property
    def _babel(self) -> str:
        return BABEL[self.locale]

    def _date(self, day: date, pattern: str) -> str:
        text = str(format_date(day, pattern, locale=self._babel))
        is_first = self.locale is Locale.FR and day.day == 1
        return text.replace("1 ", "1er ", 1) if is_first else text

    def _plain(self, text: str) -> str:
        return text.replace(THIN, NO_BREAK)
