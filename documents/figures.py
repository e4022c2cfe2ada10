"""The figures that a hiring's documents rest on, reckoned once from the facts and the law of the day."""

from datetime import date

from documents.allowances import AllowanceMode, AllowanceRefused, Ceiling, MonthWorked, ceiling
from documents.facts import PackFacts
from documents.law import Law
from documents.pay import MinimumPay, complementary_limit, minimum_due
from documents.rates import Frozen, NoFigure, Unconfirmed
from documents.rules import Rules
from documents.trial import TrialCeiling, TrialRenewal, fixed_term_ceiling, open_ended_ceiling, renewal


class Figures(Frozen):
    """What could be reckoned; what could not is empty, and `refusals` says why in words."""

    rules: Rules
    editions: tuple[str, ...]
    minimum: MinimumPay | None = None
    ceiling: Ceiling | None = None
    allowance_rate_cents: int | None = None
    allowance_cents: int | None = None
    exempt_cents: int | None = None
    taxable_cents: int | None = None
    trial_ceiling: TrialCeiling | None = None
    trial_renewal: TrialRenewal | None = None
    complementary_minutes: int = 0
    refusals: tuple[str, ...] = ()

    @property
    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Every figure that a named person must confirm."""
        parts = (self.minimum, self.ceiling)
        return tuple(doubt for part in parts if part for doubt in part.unconfirmed)


def reckon(facts: PackFacts, law: Law) -> Figures:
    """All figures on the day the contract starts; without a start date, only the rules of the earliest edition."""
    offer = facts.offer
    if offer.start_date is None:
        return Figures(rules=law.rules[0], editions=law.editions)
    rules = law.rules_on(offer.start_date)
    minimum = _minimum(facts, law, offer.start_date)
    allowance = _ceiling(facts, law, offer.start_date)
    found: dict[str, object] = {"rules": rules, "editions": law.editions}
    found["refusals"] = tuple(
        refused.detail for refused in (minimum, allowance) if isinstance(refused, NoFigure | AllowanceRefused)
    )
    if isinstance(minimum, MinimumPay):
        found |= {"minimum": minimum} | _trial(facts, minimum, rules)
    if isinstance(allowance, Ceiling):
        found |= {"ceiling": allowance} | _allowance(facts, allowance)
    if offer.is_part_time and offer.weekly_minutes:
        found["complementary_minutes"] = complementary_limit(offer.weekly_minutes, rules.part_time)
    return Figures.model_validate(found)


def _minimum(facts: PackFacts, law: Law, on: date) -> MinimumPay | NoFigure | None:
    offer = facts.offer
    if offer.coefficient is None or offer.weekly_minutes is None:
        return None
    return minimum_due(law, on=on, coefficient=offer.coefficient, weekly_minutes=offer.weekly_minutes)


def _ceiling(facts: PackFacts, law: Law, on: date) -> Ceiling | AllowanceRefused | None:
    """The ceiling of a whole month; per day, of the rate itself (one day), since the days vary each month."""
    if not facts.offer.home_days:
        return None
    weekly = len(set(facts.offer.home_days))
    month = MonthWorked(month=on, weekly_days=min(weekly, 6), days=1)
    return ceiling(law, month, mode=facts.allowance.mode, agreement=facts.employer.telework_basis)


def _allowance(facts: PackFacts, allowance: Ceiling) -> dict[str, object]:
    rate = allowance.rate_cents if facts.allowance.rate_cents is None else facts.allowance.rate_cents
    units = 1 if facts.allowance.mode is AllowanceMode.PER_DAY else len(set(facts.offer.home_days))
    paid = rate * units
    exempt = min(paid, allowance.ceiling_cents)
    return {
        "allowance_rate_cents": rate,
        "allowance_cents": paid,
        "exempt_cents": exempt,
        "taxable_cents": paid - exempt,
    }


def _trial(facts: PackFacts, minimum: MinimumPay, rules: Rules) -> dict[str, object]:
    offer = facts.offer
    if offer.is_fixed_term:
        if offer.start_date is None or offer.end_date is None or offer.end_date < offer.start_date:
            return {}
        ceiling_days = fixed_term_ceiling(start=offer.start_date, end=offer.end_date, rules=rules.trial)
        return {"trial_ceiling": ceiling_days}
    return {
        "trial_ceiling": open_ended_ceiling(minimum.status, rules.trial),
        "trial_renewal": renewal(minimum.status, coefficient=offer.coefficient or 0, rules=rules.trial),
    }
