"""The statement of a month's real costs: agreed before they were spent, proven, shared by area, exempt and taxable."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from documents.facts import Cents, Line
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.money import round_half_up, short_date
from documents.papers.paper import LetterFacts, Paper
from documents.rates import CostRow, Frozen, Unconfirmed, find
from documents.real_costs import (
    Cost,
    CostsRefused,
    CostStatement,
    HomeArea,
    SquareMetres,
    less_allowance,
    state_costs,
)

BEFORE = "ANI du 26 novembre 2020, art. 3.1.5"
TABLE = "Arrêté du 4 septembre 2025 ; BOSS § 1790"


class CostNature(StrEnum):
    """What was paid for; its rule and its words are dated data, found by this name."""

    RENT = "rent"
    RENTAL_VALUE = "rental_value"
    HOUSING_TAX = "housing_tax"
    PROPERTY_TAX = "property_tax"
    LOCAL_TAXES = "local_taxes"
    CO_OWNERSHIP = "co_ownership"
    HOME_INSURANCE = "home_insurance"
    HEATING = "heating"
    ELECTRICITY = "electricity"
    FURNITURE_BOUGHT = "furniture_bought"
    FURNITURE_LENT = "furniture_lent"
    DIAGNOSIS = "diagnosis"
    ADAPTATION = "adaptation"
    HARDWARE_BOUGHT = "hardware_bought"
    HARDWARE_LENT = "hardware_lent"
    CONSUMABLES = "consumables"
    CONNECTION = "connection"


class CostEntry(Frozen):
    """One cost of the month with what proves it."""

    nature: CostNature = Field(title="Nature de la dépense")
    what: Line | None = Field(
        default=None, title="Ce qui a été payé", description="Par exemple : fauteuil de bureau."
    )
    amount_cents: Cents = Field(title="Montant payé", description="Pour un frais courant, la part du mois.")
    spent_on: date | None = Field(default=None, title="Date de la dépense")
    agreed_on: date | None = Field(
        default=None,
        title="Date de l'accord de l'employeur",
        description="Vide : la date de l'accord général. L'accord précède toujours la dépense.",
    )
    receipt: Line | None = Field(
        default=None,
        title="Justificatif",
        description="Nom ou numéro de la pièce. Sans justificatif, le remboursement est soumis à cotisations.",
    )
    share_percent: int | None = Field(
        default=None,
        ge=0,
        le=100,
        title="Part professionnelle, en pour cent",
        description="Pour un abonnement, ou un compteur qui remplace la surface.",
    )
    paid_cents: Cents | None = Field(
        default=None, title="Remboursement convenu", description="Vide : la part exonérée, pas plus."
    )


class CostStatementDetails(Frozen):
    """What the statement says beyond employer and person."""

    month: date | None = Field(
        default=None, title="Mois", description="Un jour quelconque du mois des dépenses."
    )
    agreed_on: date | None = Field(
        default=None,
        title="Date de l'accord de l'employeur",
        description="L'accord donné avant les dépenses : sur leur nature et leur prise en charge.",
    )
    agreed_by: Line | None = Field(
        default=None, title="Personne qui a donné l'accord", description="Nom et fonction."
    )
    home_m2: SquareMetres | None = Field(default=None, title="Surface du logement, en m²")
    work_m2: SquareMetres | None = Field(default=None, title="Surface qui sert au travail, en m²")
    costs: tuple[CostEntry, ...] = Field(default=(), max_length=60, title="Dépenses")
    allowance_exempt_cents: Cents | None = Field(
        default=None,
        title="Allocation forfaitaire exonérée du même mois",
        description="Elle couvre les mêmes frais courants : ils ne sont pas payés deux fois. Vide : aucune.",
    )


class CostStatementFacts(LetterFacts):
    details: CostStatementDetails = CostStatementDetails()


class Receipt(Frozen):
    """One line of the list of expenses, in its order."""

    label: str
    what: str
    spent_on: date
    agreed_on: date
    amount_cents: int
    receipt: str


def _made(facts: CostStatementFacts, law: Law) -> CostStatement | CostsRefused | None:
    """The month by the engine; None while its month is not said."""
    details = facts.details
    if details.month is None:
        return None
    area = None
    if details.home_m2 is not None and details.work_m2 is not None:
        area = HomeArea(home_m2=details.home_m2, work_m2=details.work_m2)
    costs = [
        Cost(
            nature=entry.nature.value,
            amount_cents=entry.amount_cents,
            receipt=entry.receipt or "",
            share_percent=entry.share_percent,
            paid_cents=entry.paid_cents,
            spent_on=entry.spent_on,
            agreed_on=entry.agreed_on or details.agreed_on,
        )
        for entry in details.costs
    ]
    return state_costs(law, costs, month=details.month.replace(day=1), area=area)


def _faults(facts: CostStatementFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    if details.month and details.month.replace(day=1) > day:
        yield Finding(
            Fault.INCONSISTENT,
            "details.month",
            "Ce mois n'a pas commencé",
            TABLE,
            "Attendez la fin du mois, ou corrigez-le.",
        )
    for number, entry in enumerate(details.costs):
        yield from _order_of(entry, details.agreed_on, f"details.costs.{number}", day)
    made = _made(facts, law)
    if isinstance(made, CostsRefused):
        for fault in made.faults:
            yield Finding(
                Fault.INCONSISTENT, _path(fault.field), fault.detail, TABLE, "Corrigez cette valeur."
            )


def _path(field: str) -> str:
    """Where the engine's field stands in the facts: it counts costs from 1, facts count from 0.

    >>> _path("costs.2.nature"), _path("area.home_m2")
    ('details.costs.1.nature', 'details.home_m2')
    """
    family, _, rest = field.partition(".")
    if family == "area":
        return f"details.{rest}"
    number, _, name = rest.partition(".")
    return f"details.costs.{int(number) - 1}.{name}"


def _order_of(entry: CostEntry, agreed: date | None, path: str, day: date) -> Iterator[Finding]:
    """The employer's agreement comes before the spending, and the spending before this statement."""
    agreed_on, spent_on = entry.agreed_on or agreed, entry.spent_on
    if spent_on and agreed_on and agreed_on > spent_on:
        yield Finding(
            Fault.INCONSISTENT,
            f"{path}.agreed_on",
            f"L'accord du {short_date(agreed_on)} suit la dépense du {short_date(spent_on)}",
            BEFORE,
            "Corrigez la date, ou retirez cette dépense : sans accord préalable, elle se règle à part.",
        )
    if spent_on and spent_on > day:
        yield Finding(
            Fault.INCONSISTENT,
            f"{path}.spent_on",
            "Cette dépense n'est pas encore faite",
            TABLE,
            "Remboursez ce qui est payé.",
        )


def _doubts(facts: CostStatementFacts, law: Law, day: date) -> tuple[Unconfirmed, ...]:
    made = _made(facts, law)
    return made.unconfirmed if isinstance(made, CostStatement) else ()


def _context(facts: CostStatementFacts, law: Law, day: date) -> Mapping[str, object]:
    """The lines of the engine, the list of receipts, the area key, and what is left once the allowance is taken off."""
    details, made = facts.details, _made(facts, law)
    assert isinstance(made, CostStatement), "its faults stop the statement"
    assert details.month is not None, "wanted by the mentions"
    area = (
        HomeArea(home_m2=details.home_m2, work_m2=details.work_m2)
        if details.home_m2 and details.work_m2
        else None
    )
    return {
        "month": details.month.replace(day=1),
        "made": made,
        "settled": less_allowance(made, allowance_cents=details.allowance_exempt_cents or 0),
        "receipts": tuple(_receipt(entry, details, law) for entry in details.costs),
        "spent_cents": sum(entry.amount_cents for entry in details.costs),
        "key": area.share_in_words if area else "",
        "key_hundredths": round_half_up(area.share * 10_000) if area else 0,
    }


def _receipt(entry: CostEntry, details: CostStatementDetails, law: Law) -> Receipt:
    agreed = entry.agreed_on or details.agreed_on
    assert details.month is not None, "wanted by the mentions"
    assert entry.spent_on is not None, "wanted by the mentions"
    assert agreed is not None, "wanted by the mentions"
    row = find(law.real_costs, table="real-costs", on=details.month.replace(day=1), series=entry.nature.value)
    return Receipt(
        label=row.label if isinstance(row, CostRow) else entry.nature.value,
        what=entry.what or "",
        spent_on=entry.spent_on,
        agreed_on=agreed,
        amount_cents=entry.amount_cents,
        receipt=entry.receipt or "",
    )


def _is_by_area(facts: CostStatementFacts) -> bool:
    return facts.details.home_m2 is not None or facts.details.work_m2 is not None


PAPERS = (
    Paper(
        kind=DocumentKind.REAL_COST_STATEMENT,
        facts=CostStatementFacts,
        context=_context,
        faults=_faults,
        doubts=_doubts,
        situations={
            "by_area": _is_by_area,
            "beside_allowance": lambda facts: bool(facts.details.allowance_exempt_cents),
        },
    ),
)
