"""The page on which anybody tries what a month of telework may bring without contributions; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import get_month_names
from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from documents.allowances import RAISING, AgreementKind, AllowanceMode, days_in
from documents.law import Law
from service.flows.allowances.allowance_simulations import Simulation, simulate
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.runtime.vocabulary import Locale
from service.web.allowances.allowances_views import AGREEMENTS, BAD, CONFIDENCES, euros_typed, month_words
from service.web.pages import render
from service.web.translations import Translator, french, locale_of

FIRST_YEAR = 2020
MODES = (
    (AllowanceMode.PER_DAY, french("Par jour vraiment télétravaillé")),
    (AllowanceMode.MONTHLY, french("Par mois, selon les jours prévus par semaine")),
)
FIELDS = ("year", "month", "mode", "days", "weekly_days", "agreement", "whole", "paid")


@dataclass(frozen=True)
class SimulationForm:
    """The question as it was typed."""

    year: str
    month: str
    mode: str = AllowanceMode.PER_DAY.value
    days: str = ""
    weekly_days: str = ""
    agreement: str = AgreementKind.NONE.value
    whole: str = "yes"
    paid: str = ""


@dataclass(frozen=True)
class AnswerView:
    """The answer in words and sums."""

    month: str
    is_per_day: bool
    units: int
    rate_cents: int
    cap_cents: int | None
    is_capped: bool
    is_lowest: bool
    ceiling_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    source: str
    confidence: str
    since: date
    is_raised: bool
    agreement_counts: bool
    doubts: tuple[str, ...]
    tax_day_cents: int | None
    tax_year_cents: int | None
    tax_confidence: str
    many_days: bool


class AllowanceSimulatorPages(Controller):
    """The simulator, for anybody."""

    include_in_schema = False

    @get("/telework-allowance", operation_id="web.allowance_simulator.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The form, and the answer once something is asked; a link keeps the question."""
        today = civil_date(now)
        query = request.query_params
        typed = {name: str(query[name])[:20] for name in FIELDS if name in query}
        form = SimulationForm(**{"year": str(today.year), "month": str(today.month), **typed})
        answer: AnswerView | None = None
        errors: Mapping[str, str] = {}
        if typed:
            found, errors = _ask(form, editions.law, last_year=today.year + 1)
            answer = _answer(found, form, locale_of(request)) if found else None
        locale = locale_of(request)
        translate = Translator(locale)
        names = get_month_names(
            "wide", context="stand-alone", locale="fr_FR" if locale is Locale.FR else "en_GB"
        )
        return render(
            request, "public/allowance_simulator.html", title="Simuler l'allocation de télétravail",
            status=422 if errors else 200, form=form, errors=errors, answer=answer,
            years=[(str(year), str(year)) for year in range(today.year + 1, FIRST_YEAR - 1, -1)],
            months=[(str(number), name) for number, name in sorted(names.items())],
            modes=[(mode.value, translate(words)) for mode, words in MODES],
            agreements=[(kind.value, translate(words)) for kind, words in AGREEMENTS.items()],
        )  # fmt: skip


def _ask(form: SimulationForm, law: Law, *, last_year: int) -> tuple[Simulation | None, Mapping[str, str]]:
    errors: dict[str, str] = {}
    year, number = _count(form.year, last_year), _count(form.month, 12)
    if year is None or year < FIRST_YEAR:
        errors["year"] = french("Choisissez une année dans la liste.")
    if not number:
        errors["month"] = french("Choisissez un mois dans la liste.")
    if form.mode not in {mode.value for mode in AllowanceMode}:
        errors["mode"] = french("Choisissez un mode de calcul.")
    if form.agreement not in {kind.value for kind in AgreementKind}:
        errors["agreement"] = french("Choisissez un texte dans la liste.")
    paid = euros_typed(form.paid)
    if paid == BAD:
        errors["paid"] = french("Écrivez une somme en euros, jamais négative, comme 80,00.")
    if year is None or year < FIRST_YEAR or not number:
        return None, errors
    month = date(year, number, 1)
    days, weekly = _count(form.days, days_in(month)), _count(form.weekly_days, 6)
    is_whole = form.whole != "no"
    is_per_day = form.mode == AllowanceMode.PER_DAY
    if days is None and (form.days or is_per_day or not is_whole):
        errors["days"] = french("Écrivez un nombre entier de jours, pas plus que le mois n'en a.")
    if weekly is None and (form.weekly_days or not is_per_day):
        errors["weekly_days"] = french("Écrivez un nombre entier de jours par semaine, de 0 à 6.")
    if is_per_day and year == FIRST_YEAR:
        errors["mode"] = french("Le calcul par jour n'existe pas avant 2021. Choisissez le calcul par mois.")
    if errors:
        return None, errors
    try:
        found = simulate(
            law, month=month, mode=AllowanceMode(form.mode), days=days, weekly_days=weekly or 0,
            agreement=AgreementKind(form.agreement), is_whole=is_whole or is_per_day, paid_cents=paid,
        )  # fmt: skip
    except RuleBroken:
        return None, {
            "year": french("Aucun montant n'est connu pour ce mois, ou ce calcul n'y existait pas.")
        }
    return found, {}


def _count(text: str, most: int) -> int | None:
    text = text.strip()
    is_number = text.isascii() and text.isdigit() and len(text) <= 4
    return int(text) if is_number and int(text) <= most else None


def _answer(found: Simulation, form: SimulationForm, locale: Locale) -> AnswerView:
    made, ceiling = found.made, found.made.ceiling
    translate = Translator(locale)
    agreement = AgreementKind(form.agreement)
    is_per_day = ceiling.mode is AllowanceMode.PER_DAY
    units = (found.asked.days or 0) if is_per_day else found.asked.weekly_days
    full = ceiling.rate_cents * units
    return AnswerView(
        month=month_words(made.month, locale),
        is_per_day=is_per_day,
        units=units,
        rate_cents=ceiling.rate_cents,
        cap_cents=ceiling.cap_cents,
        is_capped=is_per_day and full > ceiling.ceiling_cents,
        is_lowest=not is_per_day and ceiling.ceiling_cents < full,
        ceiling_cents=ceiling.ceiling_cents,
        paid_cents=made.paid_cents,
        exempt_cents=made.exempt_cents,
        taxable_cents=made.taxable_cents,
        source=ceiling.source,
        confidence=translate(CONFIDENCES[ceiling.confidence]),
        since=ceiling.valid_from,
        is_raised=ceiling.scale == "agreement",
        agreement_counts=agreement in RAISING or agreement is AgreementKind.NONE,
        doubts=tuple(one.why for one in ceiling.unconfirmed),
        tax_day_cents=found.tax_cap.per_day_cents if found.tax_cap else None,
        tax_year_cents=found.tax_cap.per_year_cents if found.tax_cap else None,
        tax_confidence=translate(CONFIDENCES[found.tax_cap.confidence]) if found.tax_cap else "",
        many_days=bool(
            found.asked.days and found.asked.weekly_days and found.asked.days > 5 * found.asked.weekly_days
        ),
    )
