"""Real costs of work at home: what receipts and areas prove, line by line, exempt and taxable."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from documents.law import Law
from documents.money import NO_BREAK, euros, round_half_up, short_date
from documents.rates import CostRow, CostRule, Frozen, NoFigure, Unconfirmed, doubt, find

MONTHLY = ("fixed", "variable")
SquareMetres = Annotated[Decimal, Field(max_digits=6, decimal_places=2)]


class HomeArea(Frozen):
    """Square metres of the main home and of the part used for work."""

    home_m2: Decimal
    work_m2: Decimal

    @property
    def share(self) -> Fraction:
        return Fraction(self.work_m2) / Fraction(self.home_m2)

    @property
    def share_in_words(self) -> str:
        return f"{square_metres(self.work_m2)} / {square_metres(self.home_m2)}"


def square_metres(area: Decimal) -> str:
    """An area as a French reader writes it.

    >>> square_metres(Decimal("9.50")).replace(NO_BREAK, "_"), square_metres(Decimal(70)).replace(NO_BREAK, "_")
    ('9,5_m²', '70_m²')
    """
    written = f"{area:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return f"{written.replace('.', ',')}{NO_BREAK}m²"


class Cost(Frozen):
    """One cost of the month.

    `nature` is one of the edition's (`rent`, `furniture_bought`…); `receipt` names the paper that proves it.
    `share_percent` is the professional share of a connection, or a metered share that replaces the area key.
    `paid_cents` is what the employer gives back; without it, what is exempt. `agreed_on` is the day of the
    employer's prior agreement (ANI of 26 November 2020, art. 3.1.5).
    """

    nature: str
    amount_cents: int
    receipt: str = ""
    share_percent: int | None = Field(default=None, ge=0, le=100)
    paid_cents: int | None = None
    spent_on: date | None = None
    agreed_on: date | None = None


class CostFault(Frozen):
    """What does not fit, and where: `area.home_m2`, `costs.2.amount_cents` (counted from 1)."""

    field: str
    detail: str


class CostsRefused(Frozen):
    faults: tuple[CostFault, ...]


class CostLine(Frozen):
    """One line: what was spent, what the employer pays of it, exempt and taxable; `working` says how."""

    label: str
    spent_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    working: str
    source: str
    is_in_flat_rate: bool


class CostStatement(Frozen):
    """A month of real costs.

    `in_flat_rate_cents` is the exempt sum that the flat-rate allowance stands for: as `receipts_cents` of that
    month it keeps a higher allowance exempt, and is then not paid a second time. `apart_cents` (furniture,
    adaptation) always stands apart.
    """

    month: date
    lines: tuple[CostLine, ...]
    paid_cents: int
    exempt_cents: int
    taxable_cents: int
    in_flat_rate_cents: int
    apart_cents: int
    reasons: tuple[str, ...]
    unconfirmed: tuple[Unconfirmed, ...]


def state_costs(
    law: Law, costs: Sequence[Cost], *, month: date, area: HomeArea | None = None
) -> CostStatement | CostsRefused:
    """A month's real costs by the table of BOSS § 1790; every fault at once, or every line.

    Fixed costs are summed, then multiplied by `work / home`, and rounded half up once; variable ones too, unless
    metered. Nothing is exempt without a receipt. Rent 350 and insurance 15, 10 m² of 70: 52.14.
    """
    rows = [find(law.real_costs, table="real-costs", on=month, series=cost.nature) for cost in costs]
    faults = [*area_faults(area), *_faults(costs, rows, has_area=area is not None)]
    if faults:
        return CostsRefused(faults=tuple(faults))
    pairs = [(cost, row) for cost, row in zip(costs, rows, strict=True) if isinstance(row, CostRow)]
    lines = _lines(pairs, area)
    exempt = sum(line.exempt_cents for line in lines)
    paid = sum(line.paid_cents for line in lines)
    within = sum(line.exempt_cents for line in lines if line.is_in_flat_rate)
    return CostStatement(
        month=month,
        lines=tuple(lines),
        paid_cents=paid,
        exempt_cents=exempt,
        taxable_cents=paid - exempt,
        in_flat_rate_cents=within,
        apart_cents=exempt - within,
        reasons=tuple(_reasons(pairs)),
        unconfirmed=_doubts(pairs, month),
    )


class CostSettlement(Frozen):
    """What is paid of a month's real costs once the flat-rate allowance of that month is taken off; in cents."""

    deducted_cents: int
    paid_cents: int
    exempt_cents: int
    taxable_cents: int


def less_allowance(made: CostStatement, *, allowance_cents: int) -> CostSettlement:
    """The costs that the flat-rate allowance stands for are not paid a second time.

    `allowance_cents` is the exempt allowance of that month. It comes off the costs of its own families alone,
    their exempt part first; furniture and adaptation are never reduced. Costs of 140.83 in its families and a
    chair of 120.00, with 22.00 of allowance: 238.83 are paid, all exempt.
    """
    within = sum(line.paid_cents for line in made.lines if line.is_in_flat_rate)
    deducted = min(allowance_cents, within)
    off_exempt = min(deducted, made.in_flat_rate_cents)
    exempt = made.exempt_cents - off_exempt
    paid = made.paid_cents - deducted
    return CostSettlement(
        deducted_cents=deducted, paid_cents=paid, exempt_cents=exempt, taxable_cents=paid - exempt
    )


def area_faults(area: HomeArea | None) -> list[CostFault]:
    if area is None:
        return []
    if not area.home_m2.is_finite() or area.home_m2 <= 0:
        return [CostFault(field="area.home_m2", detail="La surface du logement doit dépasser 0 m².")]
    if not area.work_m2.is_finite() or area.work_m2 < 0:
        return [CostFault(field="area.work_m2", detail="La surface de travail ne peut pas être négative.")]
    if area.work_m2 > area.home_m2:
        words = (
            f"La surface de travail ({square_metres(area.work_m2)}) dépasse celle du logement "
            f"({square_metres(area.home_m2)})."
        )
        return [CostFault(field="area.work_m2", detail=words)]
    return []


def _faults(costs: Sequence[Cost], rows: Sequence[CostRow | NoFigure], *, has_area: bool) -> list[CostFault]:
    faults = []
    for place, (cost, row) in enumerate(zip(costs, rows, strict=True), start=1):
        for field, detail in _faults_of(cost, row, has_area=has_area):
            faults.append(CostFault(field=f"costs.{place}.{field}", detail=detail))
    return faults + _half_given(costs, rows)


def _half_given(costs: Sequence[Cost], rows: Sequence[CostRow | NoFigure]) -> list[CostFault]:
    """Costs that share one area key share one line, so what is paid is said of all of them or of none."""
    groups: dict[tuple[str, bool], list[int]] = {}
    for place, (cost, row) in enumerate(zip(costs, rows, strict=True), start=1):
        if isinstance(row, CostRow) and row.family in MONTHLY and cost.share_percent is None:
            groups.setdefault((row.family, bool(cost.receipt)), []).append(place)
    return [
        CostFault(
            field=f"costs.{place}.paid_cents",
            detail="Indiquez le remboursement de tous les frais de cette famille, ou d'aucun.",
        )
        for places in groups.values()
        for place in places
        if costs[place - 1].paid_cents is None
        and any(costs[one - 1].paid_cents is not None for one in places)
    ]


def _faults_of(cost: Cost, row: CostRow | NoFigure, *, has_area: bool) -> list[tuple[str, str]]:
    if isinstance(row, NoFigure):
        return [("nature", row.detail)]
    faults = []
    if cost.amount_cents < 0:
        faults.append(("amount_cents", "Une dépense ne peut pas être négative."))
    if cost.paid_cents is not None and cost.paid_cents < 0:
        faults.append(("paid_cents", "Un remboursement ne peut pas être négatif."))
    if row.rule is CostRule.AREA_SHARE and not has_area and cost.share_percent is None:
        faults.append(("nature", "Indiquez la surface du logement et celle qui sert au travail."))
    if row.rule is CostRule.PROFESSIONAL_SHARE and cost.share_percent is None:
        faults.append(("share_percent", "Indiquez la part professionnelle, en pour cent."))
    if cost.share_percent is not None and not _may_have_share(row):
        faults.append(("share_percent", "Cette nature de frais n'a pas de part à indiquer."))
    return faults


def _may_have_share(row: CostRow) -> bool:
    """Fixed costs follow the area alone; a variable cost may be metered."""
    return row.rule is CostRule.PROFESSIONAL_SHARE or row.family == "variable"


Pair = tuple[Cost, CostRow]


def _lines(pairs: Sequence[Pair], area: HomeArea | None) -> list[CostLine]:
    lines: list[CostLine] = []
    for family in MONTHLY:
        for is_proven in (True, False):
            shared = [
                (cost, row)
                for cost, row in pairs
                if row.family == family and cost.share_percent is None and bool(cost.receipt) is is_proven
            ]
            if shared and area:
                lines.append(_by_area(shared, area, is_proven=is_proven))
    singles = [pair for pair in pairs if pair[1].family not in MONTHLY or pair[0].share_percent is not None]
    return lines + [_single(cost, row) for cost, row in singles]


def _by_area(pairs: Sequence[Pair], area: HomeArea, *, is_proven: bool) -> CostLine:
    spent = sum(cost.amount_cents for cost, _ in pairs)
    share = round_half_up(spent * area.share)
    asked = [cost.paid_cents for cost, _ in pairs if cost.paid_cents is not None]
    listed = " + ".join(euros(cost.amount_cents) for cost, _ in pairs)
    first, *others = dict.fromkeys(row.label for _, row in pairs)
    label = " ; ".join([first, *(other[:1].lower() + other[1:] for other in others)])
    return _line(
        label,
        spent,
        proven=share if is_proven else 0,
        given=sum(asked) if asked else share,
        working=f"({listed}) × {area.share_in_words}, soit {euros(share)}",
        row=pairs[0][1],
        has_receipt=is_proven,
    )


def _single(cost: Cost, row: CostRow) -> CostLine:
    percent = {CostRule.WHOLE: 100, CostRule.NOTHING: 0, CostRule.PART: row.percent or 0}.get(
        row.rule, cost.share_percent or 0
    )
    share = round_half_up(Fraction(cost.amount_cents * percent, 100))
    return _line(
        row.label,
        cost.amount_cents,
        proven=share if cost.receipt else 0,
        given=share if cost.paid_cents is None else cost.paid_cents,
        working=_in_words(cost, row, percent=percent, share=share),
        row=row,
        has_receipt=bool(cost.receipt) or row.rule is CostRule.NOTHING,
    )


def _in_words(cost: Cost, row: CostRow, *, percent: int, share: int) -> str:
    if row.rule is CostRule.NOTHING:
        return "prêté, donc sans dépense pour la personne"
    if percent == 100:
        return f"{euros(cost.amount_cents)}, en entier"
    return f"{euros(cost.amount_cents)} × {percent} %, soit {euros(share)}"


def _line(
    label: str, spent: int, *, proven: int, given: int, working: str, row: CostRow, has_receipt: bool
) -> CostLine:
    exempt = min(given, proven)
    lacking = "" if has_receipt else " ; sans justificatif, tout est soumis à cotisations"
    return CostLine(
        label=label,
        spent_cents=spent,
        paid_cents=given,
        exempt_cents=exempt,
        taxable_cents=given - exempt,
        working=working + lacking,
        source=row.source,
        is_in_flat_rate=row.is_in_flat_rate,
    )


def _reasons(pairs: Sequence[Pair]) -> list[str]:
    reasons = [f"{row.label} : justificatif « {cost.receipt} »." for cost, row in pairs if cost.receipt]
    for cost, row in pairs:
        if row.rule is CostRule.NOTHING:
            reasons.append(
                f"{row.label} : ce qui est prêté ne coûte rien à la personne, rien n'est remboursé."
            )
        if cost.spent_on and (cost.agreed_on is None or cost.agreed_on > cost.spent_on):
            reasons.append(
                f"{row.label} : l'accord de l'employeur se donne avant la dépense du {short_date(cost.spent_on)} "
                "(ANI du 26 novembre 2020, art. 3.1.5)."
            )
    return reasons


def _doubts(pairs: Sequence[Pair], month: date) -> tuple[Unconfirmed, ...]:
    """Each doubtful nature once, with all that was spent on it."""
    spent: dict[str, int] = {}
    for cost, row in pairs:
        spent[row.nature] = spent.get(row.nature, 0) + cost.amount_cents
    found = {
        row.nature: doubt(row, table="real-costs", label=row.label, amount_cents=spent[row.nature], on=month)
        for _, row in pairs
    }
    return tuple(one for one in found.values() if one)
