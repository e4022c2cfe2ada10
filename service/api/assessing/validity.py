"""Figures about questionnaires, and their model cards, in the API."""

from datetime import date, datetime
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows.assessing import model_cards
from service.flows.assessing.model_cards import Card
from service.runtime.editions import Editions
from service.store.assessing import validity as store


class EditionFiguresOut(Out):
    """One edition's figures as they were computed at one moment."""

    instrument: str
    edition: str
    computed_at: datetime
    is_advice_only: bool
    has_evidence: bool
    figures: dict[str, Any]


class AgreementOut(Out):
    """How far interviewers agree."""

    computed_at: datetime
    figures: dict[str, Any]


class ValidityOut(Out):
    """All kept figures; an edition that is not in `editions` was not computed yet."""

    editions: list[EditionFiguresOut]
    interviews: AgreementOut | None


class ModelCardOut(Out):
    """What everybody may know of one edition: the card as written, and the figures as last computed (or none).

    `impact`: how often each group (by sex, by age band, by both) scores above the median of all, as the month began.
    """

    instrument: str
    edition: str
    fingerprint: str
    valid_from: date
    next_review: date
    card: dict[str, Any]
    scales: list[dict[str, Any]]
    figures: dict[str, Any] | None
    computed_at: datetime | None
    impact: dict[str, Any] | None


class Validity(Controller):
    """Figures about questionnaires; none about a person."""

    path = "/validity"
    tags = ["Validity"]

    @get(operation_id="validity.read", responses=problems(401))
    async def read(self, session: NamedDependency[AsyncSession]) -> ValidityOut:
        """Read the last kept figures of every edition, each with its n, its interval, or why there is none."""
        found = await store.newest_figures(session)
        agreement = await store.newest_agreement(session)
        return ValidityOut(
            editions=[
                EditionFiguresOut(
                    instrument=slug,
                    edition=edition,
                    computed_at=one.computed_at,
                    is_advice_only=one.figures.is_advice_only,
                    has_evidence=one.figures.has_evidence,
                    figures=one.figures.model_dump(mode="json"),
                )
                for (slug, edition), one in sorted(found.items())
            ],
            interviews=None
            if agreement is None
            else AgreementOut(
                computed_at=agreement.computed_at, figures=agreement.figures.model_dump(mode="json")
            ),
        )


class ModelCards(Controller):
    """Model cards, for everybody."""

    path = "/model-cards"
    tags = ["Validity"]

    @get("/{slug:str}/{edition:str}", operation_id="model_cards.read", responses=problems(404))
    async def read(
        self,
        slug: FromPath[str],
        edition: FromPath[str],
        session: NamedDependency[AsyncSession],
        editions: NamedDependency[Editions],
    ) -> ModelCardOut:
        """Read what one edition is for and not for, its scales and weights, and what is known of it."""
        found = await model_cards.card_of(session, slug, edition, editions=editions)
        return card_out(found)


def card_out(found: Card) -> ModelCardOut:
    """One card as JSON gives it."""
    return ModelCardOut(
        instrument=found.instrument.slug,
        edition=found.instrument.edition,
        fingerprint=found.fingerprint,
        valid_from=found.instrument.valid_from,
        next_review=found.card.next_review,
        card=found.card.model_dump(mode="json"),
        scales=[
            {**scale.model_dump(mode="json"), "items": len(found.instrument.items_of(scale.id))}
            for scale in found.instrument.scales
        ],
        figures=None if found.figures is None else found.figures.figures.model_dump(mode="json"),
        computed_at=None if found.figures is None else found.figures.computed_at,
        impact=None if found.impact is None else found.impact.model_dump(mode="json"),
    )
