"""Selection by sex and age band for those who answer for it: each step, with its doubt, or "no evidence yet"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.validation.fairness import GroupName, ImpactRow, Standing
from service.flows.assessing import fairness
from service.flows.assessing.fairness import StepFigures
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.ids import parse_id
from service.store.recruiting import programmes
from service.web.assessing.surveys import AGE_BANDS, SEXES
from service.web.figures import Figures
from service.web.matching.matching import STAGES
from service.web.pages import render
from service.web.translations import Translator, french, locale_of

GROUPINGS = {
    "sex": french("Par sexe"),
    "age_band": french("Par âge"),
    "crossed": french("Par sexe et par âge"),
}
GROUPS = {
    **{one.value: words for one, words in SEXES.items()},
    **{one.value: words for one, words in AGE_BANDS.items()},
}


@dataclass(frozen=True)
class RowView:
    """One group of one step, in words."""

    group: str
    n: int
    selected: int
    rate: str
    ratio: str
    interval: str
    p: str
    is_flagged: bool
    reason: str


@dataclass(frozen=True)
class StepView:
    """One step with its groups; `unknown` counts those who said nothing and groups too small to be told apart."""

    title: str
    rows: tuple[RowView, ...]
    unknown: int
    turned: str


class FairnessPages(Controller):
    """Fairness figures."""

    path = "/fairness"
    include_in_schema = False

    @get(operation_id="web.fairness.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        programme: Annotated[str, QueryParameter(max_length=100)] = "",
    ) -> Template:
        """Every step that is settled, by sex, by age band and by both, for all programmes or one."""
        policy = editions.fairness_policy_on(civil_date(now))
        found = await fairness.figures_of(
            session, actor, policy=policy, programme_id=parse_id(programme), now=now
        )
        translate = Translator(locale_of(request))
        return render(
            request, "administrator/fairness.html", title=french("Équité des choix"), programme=programme,
            programmes=[(str(one.id), one.title) for one in await programmes.facts_of_many(session, actor)],
            as_of=civil_date(found.as_of), few=policy.few_people, has_evidence=found.has_evidence,
            edition=policy.edition, floor=str(policy.ratio_floor),
            groupings=[
                (translate(GROUPINGS[name]), [_step(step, translate) for step in steps if step.table.rows])
                for name, steps in found.by_grouping.items()
            ],
        )  # fmt: skip


def _step(step: StepFigures, translate: Translator) -> StepView:
    title = f"{translate(STAGES[step.from_stage])} → {translate(STAGES[step.to_stage])}"
    return StepView(
        title,
        tuple(row_view(row, translate) for row in step.table.rows),
        step.table.unknown,
        ", ".join(_name(group, translate) for group in step.turned),
    )


def row_view(row: ImpactRow, translate: Translator) -> RowView:
    """One group's figures in words; what is no comparison has dashes."""
    figures = Figures(translate.locale)
    ratio, interval = row.impact_ratio, row.interval
    is_shown = row.standing in (Standing.REFERENCE, Standing.COMPARED)
    return RowView(
        group=_name(row.group, translate),
        n=row.n,
        selected=row.selected,
        rate=f"{figures.number(float(row.rate * 100), digits=0)} %",
        ratio=figures.fixed(float(ratio), digits=2) if ratio is not None else "—",
        interval=f"{figures.fixed(interval.low, digits=2)} – {figures.fixed(interval.high, digits=2)}"
        if interval and is_shown
        else "—",
        p=_p(row.p, figures) if is_shown else "—",
        is_flagged=bool(row.flag),
        reason=row.reason.in_(translate.locale.value),
    )


def _p(p: float | None, figures: Figures) -> str:
    if p is None:
        return "—"
    return figures.fixed(p, digits=3) if p >= 0.001 else f"< {figures.number(0.001, digits=3)}"


def _name(group: GroupName, translate: Translator) -> str:
    words: Mapping[str, str] = GROUPS
    return " · ".join(translate(words[part]) for part in group)
