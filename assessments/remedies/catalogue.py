"""What can be lent, bought, arranged or talked over: one edition of the remedies, with cost, delay and payer."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.editions import Confidence, Edition, EditionError, Fault, Key, faults_of_words, read_as
from assessments.values import Text, Value, Words

Cents = Annotated[int, Field(ge=0, le=10_000_000)]
Days = Annotated[int, Field(ge=0, le=260)]


class Payer(StrEnum):
    """Who bears the cost; equipment for the work is the employer's."""

    EMPLOYER = "employer"
    CANDIDATE = "candidate"
    SHARED = "shared"


class Means(StrEnum):
    """How a remedy comes about: by the employer's money or work, by a talk, or with another programme."""

    ARRANGE = "arrange"
    TALK = "talk"
    ELSEWHERE = "elsewhere"


class Effect(Value):
    """What a remedy does to one measured figure: lifts it to `at_least`, brings it down to `at_most`, or cuts it."""

    figure: Key
    at_least: int | None = None
    at_most: int | None = None
    cut_percent: int | None = Field(default=None, ge=1, le=100)

    def after(self, value: int) -> int:
        """The figure once the remedy is there; a remedy makes nothing worse. A cut rounds up, against us.

        >>> Effect(figure="jitter_ms", cut_percent=80).after(42), Effect(figure="up", at_least=8000).after(900)
        (9, 8000)
        """
        if self.cut_percent is not None:
            value = -(-value * (100 - self.cut_percent) // 100)
        if self.at_least is not None:
            value = max(value, self.at_least)
        return value if self.at_most is None else min(value, self.at_most)


class CatalogueRemedy(Value):
    """One remedy; `closes` are requirements it meets whole, `effects` what it does to measured figures.

    `matching` are the names that matching gives it. It also closes what is to be closed by a remedy that it
    `stands_in_for` (a noise-reducing headset is a headset). With a `stock`, those beyond it come after `restock_days`
    more: a thing out of stock is late, never impossible.
    """

    id: Key
    text: Text
    means: Means = Means.ARRANGE
    payer: Payer = Payer.EMPLOYER
    once_cents: Cents = 0
    monthly_cents: Cents = 0
    delay_days: Days = 0
    closes: tuple[Key, ...] = ()
    effects: tuple[Effect, ...] = ()
    matching: tuple[Key, ...] = ()
    needs: tuple[Key, ...] = ()
    excludes: tuple[Key, ...] = ()
    stands_in_for: tuple[Key, ...] = ()
    condition: Text | None = None
    stock: int | None = Field(default=None, ge=0)
    restock_days: Days = 0
    source: Words
    confidence: Confidence

    def cost_cents(self, months: int) -> int:
        """What it costs over that many months."""
        return self.once_cents + months * self.monthly_cents


class TrainingCost(Value):
    """What a day of a class costs for one person."""

    day_cents: Cents
    payer: Payer = Payer.EMPLOYER
    source: Words
    confidence: Confidence


_OTHER = frozenset({"other", "cost", "total"})
WORD_FACTS = {
    "only_one": frozenset[str](),
    "by_training": frozenset[str](),
    "cheapest_of": frozenset({"count"}),
    "closes_several": frozenset({"count", "total"}),
    "not_the_cheaper": _OTHER,
    "cheaper_leaves_open": frozenset({"other", "cost"}),
    "no_gap": frozenset[str](),
    "after_remedy": frozenset({"count", "cost", "months"}),
    "to_discuss": frozenset({"gap"}),
    "nothing_closes": frozenset({"gap"}),
    "late": frozenset[str](),
    "sooner": frozenset({"cost"}),
    "line_mended": frozenset({"remedies"}),
    "figure_below": frozenset({"figure", "value", "asked"}),
    "figure_above": frozenset({"figure", "value", "asked"}),
}


class PlanWords(Value):
    """A plan in words; `{...}` is filled by the planning."""

    only_one: Text
    by_training: Text
    cheapest_of: Text
    closes_several: Text
    not_the_cheaper: Text
    cheaper_leaves_open: Text
    no_gap: Text
    after_remedy: Text
    to_discuss: Text
    nothing_closes: Text
    late: Text
    sooner: Text
    line_mended: Text
    figure_below: Text
    figure_above: Text


class Catalogue(Edition):
    """One edition of the remedies; what costs by the month is compared over `months`."""

    months: int = Field(ge=1, le=60)
    training: TrainingCost
    figures: dict[Key, Text]
    words: PlanWords
    remedies: tuple[CatalogueRemedy, ...] = Field(min_length=1)

    def remedy(self, remedy_id: str) -> CatalogueRemedy | None:
        """The remedy of that name, or None."""
        return next((one for one in self.remedies if one.id == remedy_id), None)

    def without(self, *remedy_ids: str) -> "Catalogue":
        """The same catalogue with fewer remedies."""
        return self.model_copy(
            update={"remedies": tuple(one for one in self.remedies if one.id not in remedy_ids)}
        )


def read(text: str) -> Catalogue:
    """One edition of the catalogue from YAML; raises EditionError with all its faults."""
    catalogue = read_as(Catalogue, text)
    faults = [
        *_faults_of_names(catalogue),
        *_faults_of_figures(catalogue),
        *faults_of_words(catalogue.words, path="words", facts=WORD_FACTS),
    ]
    if faults:
        raise EditionError(faults)
    return catalogue


def _faults_of_names(catalogue: Catalogue) -> Iterator[Fault]:
    known = [one.id for one in catalogue.remedies]
    for at, one in enumerate(catalogue.remedies):
        path = f"remedies[{at}] ({one.id})"
        if known.index(one.id) != at:
            yield Fault(path=path, message="comes twice")
        for field in ("needs", "excludes", "stands_in_for"):
            for name in getattr(one, field):
                if name not in known:
                    yield Fault(path=f"{path}.{field}", message=f"no remedy is called {name!r}")
                if name == one.id:
                    yield Fault(path=f"{path}.{field}", message="a remedy cannot name itself")
        if set(one.needs) & set(one.excludes):
            yield Fault(path=path, message="needs and excludes the same remedy")


def _faults_of_figures(catalogue: Catalogue) -> Iterator[Fault]:
    for at, one in enumerate(catalogue.remedies):
        for effect in one.effects:
            path = f"remedies[{at}] ({one.id}).effects"
            if effect.figure not in catalogue.figures:
                yield Fault(path=path, message=f"no figure is called {effect.figure!r}")
            if (effect.at_least, effect.at_most, effect.cut_percent) == (None, None, None):
                yield Fault(path=path, message=f"says nothing of what happens to {effect.figure!r}")
