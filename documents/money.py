"""Write sums, dates and hours the way a French reader expects, from integer cents and civil dates."""

from datetime import date
from fractions import Fraction

NO_BREAK = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

WRITTEN_AS = str.maketrans(
    {
        "\u202f": NO_BREAK,
        "\u2009": NO_BREAK,
        "\u2011": "-",
        "\u200b": None,
        "\ufeff": None,
        "→": "–",
        "≥": "au moins",
        "≤": "au plus",
        "≠": "différent de",
        "✓": "oui",
        "✗": "non",
        "№": "n°",
    }
)


def round_half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes away from zero, as payroll rounds a cent.

    >>> round_half_up(Fraction(5, 2)), round_half_up(Fraction(-5, 2)), round_half_up(Fraction(373403, 2))
    (3, -3, 186702)
    """
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def euros(cents: int) -> str:
    """Cents as French money; every space is a no-break space (U+00A0), which the fonts have.

    >>> euros(186702).replace(NO_BREAK, "_"), euros(-5).replace(NO_BREAK, "_")
    ('1_867,02_€', '−0,05_€')
    """
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", NO_BREAK)
    return f"{'−' if cents < 0 else ''}{grouped},{rest:02d}{NO_BREAK}€"


def long_date(day: date) -> str:
    """A date in words.

    >>> [long_date(day).replace(NO_BREAK, " ") for day in (date(2026, 11, 24), date(2027, 1, 1))]
    ['mardi 24 novembre 2026', 'vendredi 1er janvier 2027']
    """
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number}{NO_BREAK}{MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def month_name(day: date) -> str:
    """The month of a day.

    >>> month_name(date(2026, 3, 31)).replace(NO_BREAK, " ")
    'mars 2026'
    """
    return f"{MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def short_date(day: date) -> str:
    """A date in figures.

    >>> short_date(date(2026, 11, 4))
    '04/11/2026'
    """
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def hours(minutes: int) -> str:
    """A length of time in hours, minutes only where there are some.

    >>> hours(2100).replace(NO_BREAK, "_"), hours(1470).replace(NO_BREAK, "_")
    ('35_h', '24_h_30')
    """
    whole, rest = divmod(minutes, 60)
    return f"{whole}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02d}" if rest else "")


def printable(text: str) -> str:
    """Text with signs that the fonts lack written in signs they have; letters are never touched.

    >>> printable("débit ≥ 5 → oui\u202f!").replace(NO_BREAK, "_")
    'débit au moins 5 – oui_!'
    """
    return text.translate(WRITTEN_AS)
