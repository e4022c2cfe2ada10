"""What the pages of placements show: tasks in words, who holds them, what is lent, what happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from onboarding.content import Words
from onboarding.day_one.checklists import Owner, Proof, TaskState
from service.flows.day_one.checklist_tasks import Hand
from service.flows.day_one.checklists import PlacedTask, Placement
from service.runtime.actors import ActorKind
from service.runtime.errors import RuleBroken
from service.runtime.vocabulary import ChecklistChange, Locale
from service.store.day_one.checklists import EventFacts, LoanFacts
from service.store.day_one.returns import NotBackFacts
from service.web.figures import Figures
from service.web.translations import Translator, french

OWNERS = {
    Owner.CANDIDATE: french("La personne"),
    Owner.RECRUITER: french("Recrutement"),
    Owner.TRAINER: french("Formation"),
    Owner.SUPERVISOR: french("Supervision"),
    Owner.IT: french("Informatique"),
    Owner.PAYROLL: french("Paie"),
}
CHANGES = {
    ChecklistChange.OPENED: french("Liste ouverte, premier jour le %(start)s"),
    ChecklistChange.DONE: french("Fait : %(task)s"),
    ChecklistChange.REOPENED: french("Rouvert : %(task)s. %(why)s"),
    ChecklistChange.SET_ASIDE: french("Sans objet : %(task)s. %(why)s"),
    ChecklistChange.START_MOVED: french("Premier jour déplacé du %(from)s au %(to)s. %(why)s"),
    ChecklistChange.FILE_GIVEN: french("Fichier donné : %(task)s"),
    ChecklistChange.FILE_REMOVED: french("Fichier retiré : %(task)s"),
    ChecklistChange.LENT: french("Matériel ajouté : %(label)s"),
    ChecklistChange.SENT: french("Matériel envoyé : %(label)s"),
    ChecklistChange.RECEIVED: french("Matériel reçu : %(label)s"),
    ChecklistChange.RETURNED: french("Matériel rendu : %(label)s"),
    ChecklistChange.RETURN_ASKED: french("Matériel à rendre pour le %(to)s"),
    ChecklistChange.TASK_ADDED: french("Tâche ajoutée : %(label)s"),
    ChecklistChange.TASK_EDITED: french("Tâche changée : %(label)s"),
}
NO_RETURN = french("Jour de retour du matériel retiré")
TRAINING_ALONG = french("Une formation est déplacée avec lui.")
TRAININGS_ALONG = french("%(n)s formations sont déplacées avec lui.")
DAYS = ("start", "from", "to")


@dataclass(frozen=True)
class Said:
    """Says values in the page's language."""

    locale: Locale

    def __call__(self, words: Words) -> str:
        return words.fr if self.locale is Locale.FR else words.en

    def day(self, day: date) -> str:
        return Figures(self.locale).day(day)

    def short(self, day: date | None) -> str:
        return Figures(self.locale).short_day(day) if day else ""


@dataclass(frozen=True)
class TaskView:
    """One task for a page. `standing`: done, aside, late, waiting or open."""

    id: str
    title: str
    action: str
    owner: str
    owner_words: str
    due: str
    standing: str
    is_gate: bool
    is_optional: bool
    proof: str
    statements: tuple[tuple[str, str], ...]
    why: str
    note: str
    done: str
    has_file: bool
    holds_until: str
    asks_until: bool
    is_followed: bool
    may_settle: bool
    may_set_aside: bool
    place: str
    is_one_off: bool
    may_edit: bool


PLACES = {
    "own_documents": "/me/documents",
    "social_number": "/me/social-number",
    "own_training": "/me/training",
}


def task_view(one: PlacedTask, hand: Hand, said: Said) -> TaskView:
    task, standing = one.task, one.standing
    by_hand = task.follows is None and task.proof not in (Proof.SENDING, Proof.RECEPTION)
    return TaskView(
        id=str(one.facts.id),
        title=said(task.title),
        action=said(task.action) if task.action != Words(fr=task.title.fr, en=task.title.en) else "",
        owner=task.owner.value,
        owner_words=Translator(said.locale)(OWNERS[task.owner]),
        due=said.short(standing.due_on),
        standing=_standing(one),
        is_gate=task.gate,
        is_optional=task.optional,
        proof=task.proof.value,
        statements=tuple((line.slug, said(line.text)) for line in task.statements),
        why=said(standing.why) if standing.why else "",
        note=one.facts.note,
        done=said.short(standing.done_on),
        has_file=one.facts.file is not None,
        holds_until=said.short(one.facts.holds_until),
        asks_until=task.holds_on_day_one,
        is_followed=not by_hand,
        may_settle=by_hand and hand.may_settle(task),
        may_set_aside=task.may_be_set_aside and not task.optional and task.owner in hand.owners,
        place=PLACES.get(task.place or "", ""),
        is_one_off=one.facts.one_off is not None,
        may_edit=one.facts.one_off is not None
        and hand.actor.kind is ActorKind.STAFF
        and task.owner in hand.owners
        and not standing.is_settled,
    )


def _standing(one: PlacedTask) -> str:
    standing = one.standing
    if standing.state is TaskState.SET_ASIDE:
        return "aside"
    if standing.is_settled:
        return "done"
    if standing.is_late:
        return "late"
    return "open" if standing.can_begin else "waiting"


@dataclass(frozen=True)
class OwnerView:
    """The tasks of one owner."""

    owner: str
    words: str
    tasks: tuple[TaskView, ...]
    left: int


def owner_views(placement: Placement, hand: Hand, said: Said) -> tuple[OwnerView, ...]:
    """The tasks by who holds them, those with something open first."""
    views = []
    for owner in Owner:
        held = [one for one in placement.tasks if one.task.owner is owner]
        left = sum(not one.standing.is_settled and not one.task.optional for one in held)
        if held:
            words = Translator(said.locale)(OWNERS[owner])
            tasks = tuple(task_view(one, hand, said) for one in held)
            views.append(OwnerView(owner.value, words, tasks, left))
    return tuple(sorted(views, key=lambda one: not one.left))


@dataclass(frozen=True)
class LineView:
    """One placement in the list."""

    href: str
    person: str
    programme: str
    start: str
    days_left: int
    blocking: tuple[str, ...]
    more: int
    holders: tuple[tuple[str, int], ...]
    open_tasks: int
    late: int


MOST_BLOCKING = 2


def line_view(one: Placement, person: str, said: Said, *, today: date) -> LineView:
    titles = [said(task.task.title) for task in one.blocking]
    translate = Translator(said.locale)
    counts = {owner: sum(task.task.owner is owner for task in one.blocking) for owner in Owner}
    return LineView(
        href=f"/applications/{one.facts.application_id}/onboarding",
        person=person,
        programme=one.facts.programme_title,
        start=said.short(one.facts.start_date),
        days_left=(one.facts.start_date - today).days,
        blocking=tuple(titles[:MOST_BLOCKING]),
        more=max(len(titles) - MOST_BLOCKING, 0),
        holders=tuple((translate(OWNERS[owner]), count) for owner, count in counts.items() if count),
        open_tasks=len(one.open_tasks),
        late=sum(task.standing.is_late for task in one.open_tasks),
    )


@dataclass(frozen=True)
class LoanView:
    """One thing lent, with what can be said of it next."""

    id: str
    label: str
    serial: str
    sent: str
    parcel: str
    received: str
    received_note: str
    returned: str
    returned_note: str


def loan_views(loans: Sequence[LoanFacts], said: Said) -> tuple[LoanView, ...]:
    return tuple(
        LoanView(
            id=str(one.id), label=one.label, serial=one.serial, sent=said.short(one.sent_on),
            parcel=one.parcel, received=said.short(one.received_on), received_note=one.received_note,
            returned=said.short(one.returned_on), returned_note=one.returned_note,
        )
        for one in loans
    )  # fmt: skip


@dataclass(frozen=True)
class NotBackView:
    """One thing that should be back; `href` is the application where no placement is left to open."""

    id: str
    href: str
    person: str
    programme: str
    label: str
    serial: str
    since: str
    days: int
    is_over: bool


def not_back_view(one: NotBackFacts, person: str, said: Said, *, today: date) -> NotBackView:
    page = f"/applications/{one.application_id}"
    return NotBackView(
        id=str(one.loan_id), href=page if one.is_over else f"{page}/onboarding#equipment", person=person,
        programme=one.programme_title, label=one.label, serial=one.serial, since=said.short(one.since),
        days=(today - one.since).days, is_over=one.is_over,
    )  # fmt: skip


def history_views(
    events: Iterable[EventFacts], placement: Placement, said: Said
) -> tuple[Mapping[str, str], ...]:
    """What happened, for `blocks.timeline`."""
    figures, titles = Figures(said.locale), {one.task.slug: said(one.task.title) for one in placement.tasks}
    return tuple(
        {
            "when": figures.moment(event.at),
            "what": _what(event, titles, said),
            "who": _who(event, Translator(said.locale)),
        }
        for event in events
    )


def _what(event: EventFacts, titles: Mapping[str, str], said: Said) -> str:
    translate = Translator(said.locale)
    values = {name: str(value) for name, value in event.detail.items()}
    values |= {name: said.day(date.fromisoformat(values[name])) for name in DAYS if values.get(name)}
    values |= {"task": titles.get(event.task, event.task), "why": values.get("why", "")}
    moved = len(event.detail.get("trainings", ()))
    along = {0: "", 1: translate(TRAINING_ALONG)}.get(moved) or translate(TRAININGS_ALONG, n=str(moved))
    told = translate(NO_RETURN if _asks_nothing_back(event) else CHANGES[event.kind], **values).strip()
    return f"{told} {along}".strip() if moved else told


def _asks_nothing_back(event: EventFacts) -> bool:
    return event.kind is ChecklistChange.RETURN_ASKED and not event.detail.get("to")


def _who(event: EventFacts, translate: Translator) -> str:
    named = {"desk:it": OWNERS[Owner.IT], "desk:payroll": OWNERS[Owner.PAYROLL]}
    return translate(named[event.by_name]) if event.by_name in named else event.by_name


@dataclass(frozen=True)
class Failed:
    """The form that could not be taken: whose it was, what was typed, what to put right."""

    at: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, at: UUID | str, name: str, otherwise: str = "") -> str:
        return self.typed.get(name, otherwise) if str(at) == self.at else otherwise

    def error(self, at: UUID | str, name: str) -> str:
        return self.errors.get(name, "") if str(at) == self.at else ""

    @property
    def summary(self) -> Mapping[str, str]:
        """Message by the id of its field: the field's name and whose form it is in."""
        return {f"{name}-{self.at}": words for name, words in self.errors.items()}


def failed(at: str, typed: Mapping[str, str], refusal: RuleBroken, locale: Locale) -> Failed:
    """A refusal, each message beside its field."""
    translate = Translator(locale)
    errors = {
        fault.pointer.strip("/").replace("/", "-") or "form": fault.said(translate)
        for fault in refusal.faults
    }
    return Failed(at, typed, errors or {"form": refusal.said(translate)})
