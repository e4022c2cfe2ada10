"""The indemnity for work that occupies the home: when it is due, and its line of a month, apart from all costs."""

from calendar import monthrange
from datetime import date
from fractions import Fraction

from documents.money import euros, round_half_up, short_date
from documents.rates import Frozen
from documents.real_costs import CostFault, HomeArea, area_faults

CASE_LAW = "Cass. soc. 19 mars 2025, n° 22-17.315"
TO_SETTLE = "Aucun texte trouvé ne dit si cette indemnité porte cotisations : le service de paie le fixe."


class OccupationTerms(Frozen):
    """What was agreed: a sum a month (`agreed_cents`), or a rental value by area and use.

    `use_percent` is the part of the time in which the area serves the work, as agreed; law sets no figure.
    `has_desk_on_site`: professional premises are really provided.
    """

    start: date
    end: date | None = None
    has_desk_on_site: bool
    is_telework_agreed: bool
    agreed_cents: int | None = None
    rental_value_cents: int | None = None
    area: HomeArea | None = None
    use_percent: int = 100


class Occupation(Frozen):
    """One month: due or not, the sum in cents, how it was reckoned, and what is not settled."""

    month: date
    is_due: bool
    cents: int
    label: str
    working: str
    reasons: tuple[str, ...]


class OccupationRefused(Frozen):
    faults: tuple[CostFault, ...]


def state_occupation(terms: OccupationTerms, *, month: date) -> Occupation | OccupationRefused:
    """The indemnity of a month. Due without a desk on site, or where telework was agreed (Cass. soc. 19 March 2025).

    A month that the terms cover in part gives its calendar days' share, rounded half up once; the sum is free by
    law, so this proration is the employer's rule, not a text. 60.00 from 16 April on: 30.00.
    """
    if faults := _faults(terms):
        return OccupationRefused(faults=tuple(faults))
    first = month.replace(day=1)
    days = monthrange(first.year, first.month)[1]
    held = _days_held(terms, first, days)
    whole, working = _whole(terms)
    is_due = (terms.is_telework_agreed or not terms.has_desk_on_site) and held > 0
    if held < days:
        working += f" × {held} / {days} jours"
    return Occupation(
        month=first,
        is_due=is_due,
        cents=round_half_up(whole * Fraction(held, days)) if is_due else 0,
        label=f"Indemnité d'occupation du domicile, mois du {short_date(first)}",
        working=working,
        reasons=_reasons(terms, held),
    )


def _faults(terms: OccupationTerms) -> list[CostFault]:
    faults = area_faults(terms.area)
    if terms.end and terms.end < terms.start:
        words = f"La fin ({short_date(terms.end)}) précède le début ({short_date(terms.start)})."
        faults.append(CostFault(field="end", detail=words))
    for field in ("agreed_cents", "rental_value_cents"):
        if (getattr(terms, field) or 0) < 0:
            faults.append(CostFault(field=field, detail="Une somme ne peut pas être négative."))
    if not 0 <= terms.use_percent <= 100:
        faults.append(CostFault(field="use_percent", detail="Le temps d'usage va de 0 à 100 %."))
    if terms.agreed_cents is None and (terms.rental_value_cents is None or terms.area is None):
        words = "Indiquez la somme convenue, ou la valeur locative et les surfaces."
        faults.append(CostFault(field="agreed_cents", detail=words))
    return faults


def _whole(terms: OccupationTerms) -> tuple[Fraction, str]:
    """A whole month, not rounded yet."""
    if terms.agreed_cents is not None:
        return Fraction(terms.agreed_cents), f"{euros(terms.agreed_cents)} convenus par mois"
    assert terms.rental_value_cents is not None, "checked with the faults"
    assert terms.area is not None, "checked with the faults"
    area = terms.area
    return (
        terms.rental_value_cents * area.share * Fraction(terms.use_percent, 100),
        f"{euros(terms.rental_value_cents)} × {area.share_in_words} × {terms.use_percent} %",
    )


def _days_held(terms: OccupationTerms, first: date, days: int) -> int:
    last = first.replace(day=days)
    start, end = max(terms.start, first), min(terms.end or last, last)
    return max(0, (end - start).days + 1)


def _reasons(terms: OccupationTerms, held: int) -> tuple[str, ...]:
    if not held:
        return ("L'accord ne couvre pas ce mois.",)
    if terms.is_telework_agreed:
        return (f"Le télétravail est convenu : l'indemnité est due ({CASE_LAW}).", TO_SETTLE)
    if not terms.has_desk_on_site:
        return (f"Aucun poste n'est fourni dans l'entreprise : l'indemnité est due ({CASE_LAW}).", TO_SETTLE)
    return (f"Un poste est fourni et le télétravail n'est pas convenu : rien n'est dû ({CASE_LAW}).",)
