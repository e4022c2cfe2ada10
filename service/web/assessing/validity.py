"""What our questionnaires are worth: the figures for those who use them, and the model cards for everybody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.assessing import model_cards
from service.flows.assessing.model_cards import Card
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.assessing import validity as store
from service.web.assessing.fairness import GROUPINGS, RowView, row_view
from service.web.assessing.validity_views import EditionView, edition_view, interview_view
from service.web.pages import render
from service.web.translations import Translator, locale_of


@dataclass(frozen=True)
class ScaleOfCard:
    """One scale as everybody may read it."""

    label: str
    why: str
    weight: int
    items: int
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ImpactView:
    """Groups beside one another; `tables` are (heading, rows, people of whom the group is not known)."""

    as_of: date
    few: int
    tables: tuple[tuple[str, tuple[RowView, ...], int], ...]


@dataclass(frozen=True)
class CardView:
    """One model card in one language."""

    title: str
    slug: str
    edition: str
    purpose: str
    fingerprint: str
    valid_from: date
    next_review: date
    is_review_due: bool
    minutes: int
    questions: int
    intended: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    population: str
    scales: tuple[ScaleOfCard, ...]
    weights_say: str
    experts_say: str
    cuts: tuple[tuple[str, str], ...]
    cuts_say: str
    accommodations: tuple[str, ...]
    limits: tuple[str, ...]
    notice_counts: str
    decides: str
    owner: str
    changed: str
    sources: tuple[str, ...]
    figures: EditionView
    impact: ImpactView | None


class ValidityPages(Controller):
    """The figures of every edition."""

    include_in_schema = False
    path = "/validity"

    @get(operation_id="web.validity.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Every edition with what is known of it; the newest edition of each first."""
        locale, policy = locale_of(request), editions.validity_policy_on(civil_date(now))
        known = await store.newest_figures(session)
        agreement = await store.newest_agreement(session)
        ordered = sorted(editions.instruments.items(), key=lambda one: one[0][1], reverse=True)
        order = [one.slug for one in editions.instruments_on(civil_date(now))]
        ordered.sort(key=lambda one: order.index(one[0][0]))
        return render(
            request, "validity/show.html", title="Fiabilité des questionnaires",
            editions=tuple(edition_view(one, known.get(key), policy, locale) for key, one in ordered),
            interviews=None if agreement is None else interview_view(agreement, policy, locale),
            policy_edition=policy.edition, least_shown=policy.least_shown,
            thresholds=[
                (one.label.in_(locale.value), one.says.in_(locale.value), one.least_n) for one in policy.thresholds
            ],
        )  # fmt: skip


class ModelCardPages(Controller):
    """Model cards, for everybody."""

    include_in_schema = False
    path = "/model-cards"

    @get(operation_id="web.model_cards.list")
    async def list_cards(
        self,
        request: Request[Any, Any, Any],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The questionnaires, each with the card of each edition."""
        locale = locale_of(request).value
        lines = [
            (
                newest.title.in_(locale),
                newest.purpose.in_(locale),
                sorted(
                    (edition for slug, edition in editions.model_cards if slug == newest.slug), reverse=True
                ),
                newest.slug,
            )
            for newest in editions.instruments_on(civil_date(now))
        ]
        return render(request, "validity/cards.html", title="Nos questionnaires, à livre ouvert", lines=lines)

    @get("/{slug:str}/{edition:str}", operation_id="web.model_cards.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        edition: FromPath[str],
        session: NamedDependency[AsyncSession],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One edition: what it is for and not for, how it counts, and what is known of it."""
        found = await model_cards.card_of(session, slug, edition, editions=editions)
        view = _card_view(found, editions, locale_of(request), today=civil_date(now))
        return render(request, "validity/card.html", title=view.title, card=view)


def _card_view(found: Card, editions: Editions, locale: Locale, *, today: date) -> CardView:
    instrument, card, lang = found.instrument, found.card, locale.value
    policy = editions.validity_policy_on(today)
    return CardView(
        title=instrument.title.in_(lang),
        slug=instrument.slug,
        edition=instrument.edition,
        purpose=instrument.purpose.in_(lang),
        fingerprint=found.fingerprint,
        valid_from=instrument.valid_from,
        next_review=card.next_review,
        is_review_due=card.next_review < today,
        minutes=instrument.minutes,
        questions=len(instrument.items),
        intended=tuple(one.in_(lang) for one in card.intended),
        out_of_scope=tuple(one.in_(lang) for one in card.out_of_scope),
        population=card.population.in_(lang),
        scales=tuple(
            ScaleOfCard(
                label=scale.label.in_(lang),
                why=scale.why.in_(lang),
                weight=scale.weight,
                items=len(instrument.items_of(scale.id)),
                says=link.says.in_(lang) if (link := card.link_of(scale.id)) else "",
                sources=link.sources if link else (),
            )
            for scale in instrument.scales
        ),
        weights_say=card.weights_say.in_(lang),
        experts_say=card.experts_say.in_(lang),
        cuts=tuple((band.label.in_(lang), str(band.from_hundredths // 100)) for band in instrument.bands),
        cuts_say=card.cuts_say.in_(lang),
        accommodations=tuple(one.in_(lang) for one in card.accommodations),
        limits=tuple(one.in_(lang) for one in card.limits),
        notice_counts=instrument.notice.counts.in_(lang),
        decides=instrument.notice.decides.in_(lang),
        owner=card.owner.in_(lang),
        changed=card.changed.in_(lang),
        sources=(instrument.source, card.source),
        figures=edition_view(instrument, found.figures, policy, locale),
        impact=_impact_view(found, editions, locale, today=today),
    )


def _impact_view(found: Card, editions: Editions, locale: Locale, *, today: date) -> ImpactView | None:
    if found.impact is None or not found.impact.has_evidence:
        return None
    translate = Translator(locale)
    return ImpactView(
        as_of=found.impact.as_of,
        few=editions.fairness_policy_on(today).few_people,
        tables=tuple(
            (translate(GROUPINGS[name]), tuple(row_view(row, translate) for row in table.rows), table.unknown)
            for name, table in found.impact.tables.items()
            if table.rows
        ),
    )
