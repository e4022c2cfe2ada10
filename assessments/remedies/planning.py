"""Gaps -> the cheapest feasible set of remedies, to the proven optimum, with the reasons for each."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.questionnaires.scoring import Gap
from assessments.remedies.catalogue import Catalogue, CatalogueRemedy, Means, Payer
from assessments.remedies.covering import Choice, Offer, cheapest
from assessments.remedies.plans import (
    Nature,
    OpenGap,
    PlannedGap,
    PlanOutcome,
    RemedyPlan,
    Sooner,
    Step,
    Training,
)
from assessments.values import Text

WorkingDays = Callable[[date], bool]

_LONGEST_CLOSURE_DAYS = 366


def plan_remedies(
    gaps: Sequence[OpenGap],
    catalogue: Catalogue,
    *,
    today: date,
    working_days: WorkingDays,
    start: date | None = None,
    taken: Mapping[str, int] | None = None,
) -> RemedyPlan:
    """The cheapest set of remedies that closes every gap, to the proven optimum, dated from `today`.

    As few gaps as possible stay open; then the cost over the catalogue's months counts, whoever pays; ties go by
    delay, by number of remedies, by the first ids. Only what can be arranged is planned: what needs a talk is
    named beside its gap and costs nothing yet. A remedy mends a measured figure alone or not at all: no promise
    is made of two half mends. `start` never makes a plan dearer; a set that is there in time is told beside it.
    `taken` counts by remedy what is promised already of a limited stock.
    """
    once = {gap.key: _worded(gap, catalogue) for gap in gaps}
    board = _Board(tuple(once.values()), catalogue, taken or {})
    choice = cheapest(len(board.gaps), board.offers)
    steps = tuple(_step(board, choice, name, today, working_days) for name in choice.ids)
    planned = tuple(_planned(board, at, gap, steps) for at, gap in enumerate(board.gaps))
    outcome = _outcome(planned, steps)
    ready = add_working_days(today, choice.delay_days, working_days=working_days) if steps else today
    is_whole = outcome not in (PlanOutcome.NO, PlanOutcome.TO_DISCUSS)
    is_in_time = None if start is None or not is_whole else ready <= start
    sooner = _sooner(board, choice, today, working_days, start) if is_in_time is False and start else None
    return RemedyPlan(
        outcome=outcome,
        gaps=planned,
        steps=steps,
        months=catalogue.months,
        once_cents=sum(step.once_cents for step in steps),
        monthly_cents=sum(step.monthly_cents for step in steps),
        cost_cents=choice.cost_cents,
        cents_by_payer=_by_payer(steps),
        delay_days=choice.delay_days,
        holds_from=ready if is_whole else None,
        is_in_time=is_in_time,
        sooner=sooner,
        instead=tuple(one.text for one in catalogue.remedies if one.means is Means.ELSEWHERE)
        if outcome is PlanOutcome.NO
        else (),
        reasons=_reasons(board, outcome, planned, steps, choice, is_in_time, sooner),
        counted_on=today,
        edition=catalogue.edition,
    )


def _worded(gap: OpenGap, catalogue: Catalogue) -> OpenGap:
    """A measured figure says its own value and what is asked, so that two of one line can be told apart."""
    short = gap.shortfall
    label = catalogue.figures.get(short.figure) if short else None
    if short is None or label is None:
        return gap
    words = catalogue.words.figure_above if short.is_ceiling else catalogue.words.figure_below
    return gap.model_copy(update={"text": _filled(words, figure=label, value=short.value, asked=short.asked)})


def add_working_days(day: date, count: int, *, working_days: WorkingDays) -> date:
    """The day `count` working days after `day`; with 0 the next working day, `day` itself if it is one.

    >>> add_working_days(date(2026, 11, 20), 1, working_days=lambda day: day.weekday() < 5)
    datetime.date(2026, 11, 23)
    """
    day = _next_working(day, working_days)
    for _ in range(count):
        day = _next_working(day + timedelta(days=1), working_days)
    return day


def _next_working(day: date, working_days: WorkingDays) -> date:
    for ahead in range(_LONGEST_CLOSURE_DAYS):
        if working_days(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    raise ValueError(f"no working day in the year after {day.isoformat()}")


@dataclass(frozen=True)
class _Priced:
    """One thing that can be had here, priced and dated for this plan."""

    offer: Offer
    text: Text
    payer: Payer
    once_cents: int
    monthly_cents: int
    condition: Text | None = None
    is_training: bool = False


class _Board:
    """The gaps beside all that could close them."""

    def __init__(self, gaps: tuple[OpenGap, ...], catalogue: Catalogue, taken: Mapping[str, int]) -> None:
        self.gaps, self.catalogue = gaps, catalogue
        known = {one.id: one for one in catalogue.remedies}
        closes = {name: tuple(_gaps_closed(gaps, one)) for name, one in known.items()}
        self.talks = {name: gaps_ for name, gaps_ in closes.items() if known[name].means is Means.TALK}
        useful = _with_needed(
            [name for name, found in closes.items() if found and known[name].means is Means.ARRANGE], known
        )
        priced = [_priced(known[name], closes[name], catalogue, taken) for name in useful]
        priced += [
            _as_training(at, gap, gap.training, catalogue) for at, gap in enumerate(gaps) if gap.training
        ]
        self.priced = {one.offer.id: one for one in priced}
        self.offers = tuple(one.offer for one in priced)

    def after_talk(self, at: int) -> tuple[Text, ...]:
        """What a talk could bring for one gap, and named remedies that the catalogue does not know."""
        gap = self.gaps[at]
        found = [self._text_of(name) for name, closed in self.talks.items() if at in closed]
        unknown = [
            text
            for name, text in zip(gap.named, gap.named_texts, strict=False)
            if self.catalogue.remedy(name) is None
        ]
        return tuple(text for text in (*found, *unknown) if text is not None)

    def _text_of(self, name: str) -> Text | None:
        remedy = self.catalogue.remedy(name)
        return remedy.text if remedy else None


def _gaps_closed(gaps: Sequence[OpenGap], remedy: CatalogueRemedy) -> Iterable[int]:
    for at, gap in enumerate(gaps):
        if gap.named:
            closes = bool({remedy.id, *remedy.stands_in_for} & set(gap.named))
        elif gap.shortfall is not None:
            closes = any(gap.shortfall.is_closed_by(effect) for effect in remedy.effects)
        else:
            closes = gap.key in remedy.closes
        if closes:
            yield at


def _with_needed(names: Sequence[str], known: Mapping[str, CatalogueRemedy]) -> Collection[str]:
    """The names and all that they need, in the catalogue's order; what needs something that is not there drops out."""
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in known and known[name].means is Means.ARRANGE:
            found.add(name)
            waiting += known[name].needs
    return [name for name in known if name in found]


def _priced(
    remedy: CatalogueRemedy, closes: tuple[int, ...], catalogue: Catalogue, taken: Mapping[str, int]
) -> _Priced:
    is_out = remedy.stock is not None and taken.get(remedy.id, 0) >= remedy.stock
    offer = Offer(
        id=remedy.id,
        cost_cents=remedy.cost_cents(catalogue.months),
        delay_days=remedy.delay_days + (remedy.restock_days if is_out else 0),
        closes=closes,
        needs=remedy.needs,
        excludes=remedy.excludes,
    )
    return _Priced(
        offer, remedy.text, remedy.payer, remedy.once_cents, remedy.monthly_cents, remedy.condition
    )


def _as_training(at: int, gap: OpenGap, training: Training, catalogue: Catalogue) -> _Priced:
    price = catalogue.training
    cost = training.days * price.day_cents
    offer = Offer(
        id=f"training:{gap.key}", cost_cents=cost, delay_days=training.days, closes=(at,), in_turn=True
    )
    return _Priced(offer, training.text, price.payer, cost, 0, is_training=True)


def _planned(board: _Board, at: int, gap: OpenGap, steps: Sequence[Step]) -> PlannedGap:
    return PlannedGap(
        key=gap.key,
        text=gap.text,
        nature=gap.nature,
        closed_by=tuple(step.remedy for step in steps if gap.key in step.closes),
        after_talk=board.after_talk(at),
    )


def _outcome(gaps: Sequence[PlannedGap], steps: Sequence[Step]) -> PlanOutcome:
    open_gaps = [gap for gap in gaps if not gap.closed_by]
    if any(_is_no(gap) for gap in open_gaps):
        return PlanOutcome.NO
    if open_gaps:
        return PlanOutcome.TO_DISCUSS
    if any(step.is_training for step in steps):
        return PlanOutcome.AFTER_TRAINING
    return PlanOutcome.AFTER_REMEDY if steps else PlanOutcome.MATCH


def _is_no(gap: PlannedGap) -> bool:
    """Neither money nor a talk, and nothing closes it: not this programme."""
    return gap.nature in (Nature.CONDITION, Nature.TRAINING) and not gap.after_talk


def _step(board: _Board, choice: Choice, name: str, today: date, working_days: WorkingDays) -> Step:
    one = board.priced[name]
    delay = _delay_in(board, choice, name)
    return Step(
        remedy=name,
        text=one.text,
        closes=tuple(board.gaps[at].key for at in one.offer.closes),
        payer=one.payer,
        once_cents=one.once_cents,
        monthly_cents=one.monthly_cents,
        cost_cents=one.offer.cost_cents,
        delay_days=delay,
        ready_on=add_working_days(today, delay, working_days=working_days),
        condition=one.condition,
        why=_why(board, choice, one),
        is_training=one.is_training,
        others=len(_rivals(board, one)),
    )


def _rivals(board: _Board, one: _Priced) -> list[_Priced]:
    """What else could close one of the same gaps."""
    closes = set(one.offer.closes)
    return [other for other in board.priced.values() if other is not one and closes & set(other.offer.closes)]


def _delay_in(board: _Board, choice: Choice, name: str) -> int:
    """Classes follow one another, in the order of their ids."""
    if not board.priced[name].offer.in_turn:
        return board.priced[name].offer.delay_days
    before = [board.priced[other].offer for other in choice.ids if other <= name]
    return sum(offer.delay_days for offer in before if offer.in_turn)


def _why(board: _Board, choice: Choice, one: _Priced) -> Text:
    """Why this remedy: the only one, or held against what else would close the same, above all what looks cheaper."""
    words = board.catalogue.words
    if one.is_training:
        return words.by_training
    rivals = _rivals(board, one)
    if not rivals:
        return words.only_one
    cheaper = [
        other
        for other in rivals
        if other.offer.cost_cents < one.offer.cost_cents and other.offer.id not in choice.ids
    ]
    if not cheaper:
        if len(one.offer.closes) > 1:
            return _filled(words.closes_several, count=len(one.offer.closes), total=choice.cost_cents)
        return words.cheapest_of.with_(count=len(rivals) + 1)
    other = min(cheaper, key=lambda rival: (rival.offer.cost_cents, rival.offer.id))
    without = cheapest(len(board.gaps), tuple(offer for offer in board.offers if offer != one.offer))
    if len(without.open_gaps) > len(choice.open_gaps):
        return _filled(words.cheaper_leaves_open, other=other.text, cost=other.offer.cost_cents)
    return _filled(
        words.not_the_cheaper, other=other.text, cost=other.offer.cost_cents, total=without.cost_cents
    )


def _sooner(
    board: _Board, choice: Choice, today: date, working_days: WorkingDays, start: date
) -> Sooner | None:
    """The cheapest set that is there by `start`, or None where there is none."""
    days = _days_until(today, start, working_days)
    if days is None:
        return None
    in_time = tuple(offer for offer in board.offers if offer.delay_days <= days)
    found = cheapest(len(board.gaps), in_time)
    if found.open_gaps or found.delay_days > days:
        return None
    return Sooner(
        remedies=tuple(board.priced[name].text for name in found.ids),
        cost_cents=found.cost_cents,
        more_cents=found.cost_cents - choice.cost_cents,
        holds_from=add_working_days(today, found.delay_days, working_days=working_days),
    )


def _days_until(today: date, start: date, working_days: WorkingDays) -> int | None:
    """Working days from today to the start; None when the first one is past it."""
    day, days = _next_working(today, working_days), 0
    if day > start:
        return None
    while (day := _next_working(day + timedelta(days=1), working_days)) <= start:
        days += 1
    return days


def _by_payer(steps: Sequence[Step]) -> Mapping[Payer, int]:
    found = {payer: sum(step.cost_cents for step in steps if step.payer is payer) for payer in Payer}
    return {payer: cents for payer, cents in found.items() if cents}


def _reasons(
    board: _Board,
    outcome: PlanOutcome,
    gaps: Sequence[PlannedGap],
    steps: Sequence[Step],
    choice: Choice,
    is_in_time: bool | None,
    sooner: Sooner | None,
) -> tuple[Text, ...]:
    words, months = board.catalogue.words, board.catalogue.months
    said: list[Text] = []
    if outcome is PlanOutcome.MATCH:
        said.append(words.no_gap)
    elif steps and outcome is not PlanOutcome.NO:
        said.append(_filled(words.after_remedy, count=len(steps), cost=choice.cost_cents, months=months))
    for gap in gaps:
        if not gap.closed_by:
            said.append(_filled(words.nothing_closes if _is_no(gap) else words.to_discuss, gap=gap.text))
    if is_in_time is False:
        said.append(_filled(words.sooner, cost=sooner.more_cents) if sooner else words.late)
    return tuple(said)


def _filled(sentence: Text, **facts: Text | int) -> Text:
    """Texts in their own language; a number named cost or total is cents and said as euros."""
    return Text(
        fr=sentence.fr.format(**{name: _said(name, value, "fr") for name, value in facts.items()}),
        en=sentence.en.format(**{name: _said(name, value, "en") for name, value in facts.items()}),
    )


def _said(name: str, value: Text | int, locale: str) -> str:
    if isinstance(value, Text):
        return value.in_(locale).rstrip(".")
    return euros(value, locale) if name in ("cost", "total") else str(value)


def euros(cents: int, locale: str) -> str:
    """Whole cents as people read them.

    >>> euros(123450, "fr").replace(chr(160), "_"), euros(123450, "en"), euros(0, "en")
    ('1_234,50_€', '€1,234.50', '€0.00')
    """
    figure = f"{cents // 100:,}.{cents % 100:02d}"
    if locale.startswith("en"):
        return f"€{figure}"
    return figure.replace(",", "\u00a0").replace(".", ",") + "\u00a0€"


def gaps_of_answers(gaps: Iterable[Gap]) -> tuple[OpenGap, ...]:
    """The gaps of scorecards as gaps to plan for; only the remedies that the questionnaire names close each."""
    return tuple(
        OpenGap(
            key=gap.about,
            text=gap.text,
            nature=Nature.ARRANGE,
            named=tuple(remedy.id for remedy in gap.remedies),
            named_texts=tuple(remedy.text for remedy in gap.remedies),
        )
        for gap in gaps
    )
