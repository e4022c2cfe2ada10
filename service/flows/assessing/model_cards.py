"""One edition's model card put together: its questionnaire, what people wrote of it, and what is known of it."""

import hashlib
from dataclasses import dataclass, replace

import rfc8785
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.model_cards import ModelCard
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.store.assessing import validity as store
from service.store.assessing.validity import FiguresFacts, ImpactFacts


@dataclass(frozen=True)
class Card:
    """One edition's card, and what was computed. `fingerprint`: SHA-256 of its canonical JSON (RFC 8785)."""

    instrument: Instrument
    card: ModelCard
    figures: FiguresFacts | None
    impact: ImpactFacts | None
    fingerprint: str


async def card_of(session: AsyncSession, slug: str, edition: str, *, editions: Editions) -> Card:
    """The card of one edition, old ones too; NotFound when there is no such edition."""
    written = as_written(slug, edition, editions=editions)
    return replace(
        written,
        figures=(await store.newest_figures(session)).get((slug, edition)),
        impact=await store.newest_impact(session, slug, edition),
    )


def as_written(slug: str, edition: str, *, editions: Editions) -> Card:
    """The card without figures, for where there is no database; NotFound when there is no such edition."""
    instrument, card = editions.instruments.get((slug, edition)), editions.model_cards.get((slug, edition))
    if instrument is None or card is None:
        raise NotFound
    return Card(instrument, card, None, None, fingerprint_of(instrument))


def fingerprint_of(instrument: Instrument) -> str:
    """The same for the same edition on every machine, another for any change in it."""
    return hashlib.sha256(rfc8785.dumps(instrument.model_dump(mode="json"))).hexdigest()
