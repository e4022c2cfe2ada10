"""What the trainers' board shows of each learner: sentences made once, however many lines say them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from onboarding.learning.board import Situation
from onboarding.paths.editions import carried
from service.flows.learning import group_exemptions
from service.flows.learning.board import Board, Learner, Steps
from service.flows.learning.group_acts import Effect, Foreseen
from service.flows.paths import paths
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.learning.board import BoardLine, Column
from service.web.figures import Figures
from service.web.learning.moving_views import AheadView, ahead_view
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french


@dataclass(frozen=True, slots=True)
class SignView:
    """One situation as a word with a shape."""

    words: str
    tone: str
    shape: str


@dataclass(frozen=True, slots=True)
class LearnerView:
    """One line of the board."""

    id: str
    href: str
    person: str
    cohort: str
    title: str
    step: str
    signs: tuple[SignView, ...]
    due: str
    percent: int
    modules_done: int
    modules: int
    class_at: str


COLUMNS = {
    Column.HAND: french("À aider"),
    Column.WAITS: french("Attendent un essai"),
    Column.LATE: french("En retard"),
    Column.AGAIN: french("Pas encore validé"),
    Column.STUCK: french("À l'arrêt"),
    Column.CLASS_SOON: french("Séance bientôt"),
    Column.DONE: french("Terminés"),
}

_SIGNS = {
    Situation.WAITS_FOR_TRAINER: (french("Attend un essai de plus"), "bad", "bad"),
    Situation.LATE: (french("En retard de %(n)s j"), "warn", "clock"),
    Situation.AGAIN: (french("%(n)s essais, pas encore validé"), "warn", "diamond"),
    Situation.STUCK: (french("Rien depuis %(n)s j"), "info", "dash"),
}

EFFECTS = {
    Effect.WILL: french("Oui"),
    Effect.HAS_IT: french("Suit déjà ce parcours"),
    Effect.FINISHED: french("A déjà terminé"),
    Effect.NOT_BEGUN: french("N'a pas encore commencé : c'est prévu"),
    Effect.WROTE_LATELY: french("Un rappel est parti il y a peu"),
    Effect.NO_ADDRESS: french("Pas d'adresse de courriel"),
    Effect.NOT_WAITING: french("A encore des essais"),
    Effect.OTHER_PATH: french("Suit un autre parcours"),
    Effect.NO_PROOF: french("Aucune preuve ne remplace ce module dans son édition"),
    Effect.MODULE_DONE: french("A déjà ce module"),
    Effect.PROOF_WAITS: french("A envoyé une preuve : elle attend dans « Dispenses »"),
    Effect.CHANGED: french("Sa situation vient de changer"),
    Effect.NEWEST: french("Suit déjà l'édition donnée aujourd'hui"),
}


class Said:
    """Makes the views of one page, keeping each date and sentence that it has written."""

    def __init__(self, locale: Locale, editions: Editions, *, today: date) -> None:
        self._say, self._translate = Reader(locale), Translator(locale)
        self._figures = Figures(locale)
        self._steps = Steps(editions, today=today)
        self._kept: dict[object, str] = {}

    def learner(self, one: Learner, *, base: str) -> LearnerView:
        line = one.line
        title = self._steps.title(line)
        step = self._steps.step(line)
        return LearnerView(
            str(line.id),
            f"{base}/{line.id}",
            line.person,
            line.cohort,
            self._once(title) if title else line.path,
            "" if line.is_complete else self._once(step),
            tuple(self._sign(situation, one) for situation in one.situations if situation in _SIGNS),
            "" if line.is_complete else self._day(line.next_due),
            line.percent,
            line.modules_done,
            self._steps.modules(line),
            self._moment(line.class_at) if line.class_at else "",
        )

    def _once(self, words: object) -> str:
        key = id(words)
        if key not in self._kept:
            self._kept[key] = self._say(words)  # type: ignore[arg-type]
        return self._kept[key]

    def _day(self, day: date) -> str:
        if day not in self._kept:
            self._kept[day] = self._figures.short_day(day)
        return self._kept[day]

    def _moment(self, moment: datetime) -> str:
        if moment not in self._kept:
            self._kept[moment] = self._figures.moment(moment)
        return self._kept[moment]

    def _sign(self, situation: Situation, one: Learner) -> SignView:
        words, tone, shape = _SIGNS[situation]
        count = {
            Situation.LATE: one.late_days,
            Situation.AGAIN: one.line.unpassed,
            Situation.STUCK: one.still_days,
        }.get(situation, 0)
        key = (situation, count)
        if key not in self._kept:
            self._kept[key] = self._translate(words, n=count)
        return SignView(self._kept[key], tone, shape)


@dataclass(frozen=True)
class TabView:
    """One column of the board to narrow the list to."""

    label: str
    href: str
    count: int
    is_current: bool


def tab_counts(board: Board, translate: Translator) -> tuple[tuple[str, str, int], ...]:
    """Value, label and count of each column; the first is everybody."""
    told = [("", translate(french("Tous")), board.counts["all"])]
    told += [(one.value, translate(label), board.counts[one.value]) for one, label in COLUMNS.items()]
    return (*told, ("none", translate(french("Sans parcours")), board.without_path))


@dataclass(frozen=True)
class ForeseenView:
    """One learner under an act: what would be done, or why nothing is."""

    person: str
    title: str
    effect: str
    will: bool


def foreseen_view(one: Foreseen, steps: Steps, say: Reader, translate: Translator) -> ForeseenView:
    title = steps.title(one.line) if one.line else None
    return ForeseenView(
        one.person, say(title) if title else "", translate(EFFECTS[one.effect]), one.effect is Effect.WILL
    )


@dataclass(frozen=True)
class MoveView:
    """What a move to the edition given today means for everybody of one path and edition."""

    title: str
    before: str
    ahead: AheadView


def move_views(
    lines: Iterable[BoardLine], say: Reader, *, editions: Editions, today: date
) -> tuple[MoveView, ...]:
    """One view for each edition that these learners would leave."""
    given = {path.slug: path for path in paths.in_force(editions, today)}
    views = []
    for slug, edition in sorted({(line.path, line.edition) for line in lines if not line.is_complete}):
        begun, newest = editions.paths.get((slug, edition)), given.get(slug)
        if begun is not None and newest is not None and newest.edition != edition:
            ahead = ahead_view((newest, carried(begun, newest, done=())), begun, say)
            views.append(MoveView(say(newest.title), edition, ahead))
    return tuple(views)


@dataclass(frozen=True)
class ExemptableView:
    """A module that a proof can take the place of; `value` names path and module."""

    value: str
    path: str
    module: str
    accepts: str


def exemptable_views(
    lines: Iterable[BoardLine], say: Reader, *, editions: Editions
) -> tuple[ExemptableView, ...]:
    """The modules of these learners that a proof can take the place of, with what each asks for."""
    return tuple(
        ExemptableView(
            f"{path.slug}/{module.slug}", say(path.title), say(module.title),
            say(module.exemption) if module.exemption else "",
        )
        for path, module in group_exemptions.exemptable(lines, editions=editions)
    )  # fmt: skip
