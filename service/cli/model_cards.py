"""homeshore model-card: what one edition of a questionnaire is for and not for, and what is known of it."""

from datetime import date

import click

from assessments.questionnaires.model_cards import ModelCard
from assessments.values import Text
from service.api.assessing.validity import card_out
from service.cli.output import answer, as_json, run, told, transaction
from service.flows.assessing import model_cards
from service.flows.assessing.model_cards import Card
from service.runtime.clock import civil_date, clock_from
from service.runtime.editions import Editions, load_editions
from service.runtime.errors import NotFound
from service.runtime.schema import current_revision
from service.runtime.settings import Settings
from service.store.assessing.validity import ImpactFacts


@click.command("model-card")
@click.argument("slug")
@click.option("--edition", default="", help="An edition such as 2026-11; by default the one given today.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", show_default=True)
@as_json
@told
def model_card(slug: str, edition: str, lang: str, json_output: bool) -> None:
    """Print the model card of the questionnaire SLUG, such as work-organisation.

    The card itself needs no database; what is known of reliability and of groups is read from the installation, if
    there is one.
    """
    settings, editions = Settings(), load_editions()
    wanted = edition or _given_on(slug, editions, civil_date(clock_from(settings.pretend_now)()))
    try:
        model_cards.as_written(slug, wanted, editions=editions)
    except NotFound:
        known = ", ".join(f"{name} {one}" for name, one in sorted(editions.model_cards))
        raise click.UsageError(f"There is no such card. There are: {known}.") from None
    found = run(lambda: _read(settings, editions, slug, wanted))
    answer(
        card_out(found).model_dump(mode="json", exclude_unset=False), json_output=json_output,
        words=in_words(found, lang),
    )  # fmt: skip


def _given_on(slug: str, editions: Editions, today: date) -> str:
    return next((one.edition for one in editions.instruments_on(today) if one.slug == slug), "")


async def _read(settings: Settings, editions: Editions, slug: str, edition: str) -> Card:
    if current_revision(settings) is None:
        return model_cards.as_written(slug, edition, editions=editions)
    async with transaction(settings) as session:
        return await model_cards.card_of(session, slug, edition, editions=editions)


HEADINGS = {
    "intended": Text(fr="À quoi il sert", en="What it is for"),
    "out_of_scope": Text(fr="À quoi il ne sert pas", en="What it is not for"),
    "population": Text(fr="Pour qui", en="For whom"),
    "weights_say": Text(fr="Ce qui compte", en="What counts"),
    "cuts_say": Text(fr="Les repères", en="The marks"),
    "accommodations": Text(fr="Aménagements", en="Accommodations"),
    "limits": Text(fr="Limites connues", en="Known limits"),
    "owner": Text(fr="Responsable", en="Who answers for it"),
}


def in_words(found: Card, lang: str) -> str:
    """The card as lines of text."""
    instrument = found.instrument
    lines = [
        f"{instrument.title.in_(lang)} ({instrument.slug}, {instrument.edition})",
        instrument.purpose.in_(lang),
    ]
    for name, heading in HEADINGS.items():
        lines += ["", heading.in_(lang), *(f"- {text.in_(lang)}" for text in _texts(found.card, name))]
    lines += ["", *_known(found), "", f"SHA-256 {found.fingerprint}"]
    return "\n".join(lines)


def _texts(card: ModelCard, name: str) -> tuple[Text, ...]:
    said: Text | tuple[Text, ...] = getattr(card, name)
    return said if isinstance(said, tuple) else (said,)


def _known(found: Card) -> list[str]:
    """What was computed of it, in English as every command's figures."""
    if found.figures is None:
        lines = ["Reliability: no evidence yet (nothing computed here)."]
    else:
        figure = found.figures.figures.composite.figure
        shown = "no evidence yet" if figure.value is None else f"{figure.value:.2f}"
        people = found.figures.figures.people
        lines = [f"Reliability of the whole (stratified alpha): {shown}; {people} people."]
    return lines + _impact(found.impact)


def _impact(impact: ImpactFacts | None) -> list[str]:
    if impact is None or not impact.has_evidence:
        return ["Groups compared: no evidence yet."]
    return [f"Groups compared (above the median, as of {impact.as_of}, {impact.people} people):"] + [
        f"- {' / '.join(row.group)}: {row.selected} of {row.n}, ratio "
        f"{'none' if row.impact_ratio is None else format(float(row.impact_ratio), '.2f')}. {row.reason.en}"
        for table in impact.tables.values()
        for row in table.rows
    ]
