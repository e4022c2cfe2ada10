"""The questions of a page as it shows them, and a page as it was sent back."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar.datastructures import FormMultiDict, UploadFile

from assessments.questionnaires.answer_values import measured_in_words
from assessments.questionnaires.answers import Answers, Problem, visible_items
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import Instrument, Page
from assessments.questionnaires.items import (
    FileItem,
    Item,
    MeasurementItem,
    NumberItem,
    RankingItem,
    ShortTextItem,
)
from service.flows.assessing.answering_pages import Typed, form_of
from service.flows.assessing.evidence import KIND_NAMES, kinds_in_words
from service.runtime.vocabulary import Locale
from service.store.assessing.evidence_files import EvidenceFacts, EvidenceFileFacts

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class RankView:
    """One thing to put in order; `place` is "" until it has one."""

    field: str
    label: str
    place: str


@dataclass(frozen=True)
class FileView:
    """The file given as an answer."""

    href: str
    kind: str
    kilobytes: int
    given_at: datetime


@dataclass(frozen=True)
class AskedFileView:
    """What a question for a file accepts (for the browser, and in words), and the file that is there."""

    accepts: str
    kinds: str
    max_megabytes: int
    given: FileView | None


@dataclass(frozen=True)
class Known:
    """What stands beside the answers of a page: files by id, and when each measured question was last measured."""

    files: Mapping[str, EvidenceFileFacts]
    measured_on: Mapping[str, date]


NOTHING = Known({}, {})


@dataclass(frozen=True)
class ItemView:
    """One question with its answer so far; `is_shown` is false while its condition is not met."""

    id: str
    kind: str
    prompt: str
    help: str
    situation: str
    options: tuple[tuple[str, str], ...]
    values: tuple[str, ...]
    ranks: tuple[RankView, ...]
    unit: str
    max_length: int
    file: AskedFileView | None
    measured: str
    measured_on: date | None
    is_required: bool
    is_conditional: bool
    is_shown: bool
    number: int
    error: str

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


def known_of(
    instrument: Instrument, files: Iterable[EvidenceFileFacts], pieces: Iterable[EvidenceFacts]
) -> Known:
    """What is known beside the answers to one questionnaire; `pieces` newest first."""
    measured: dict[str, date] = {}
    for piece in pieces:
        if piece.instrument == instrument.slug and piece.kind is HowKnown.MEASURED:
            measured.setdefault(piece.item, piece.known_on)
    return Known({one.id.hex: one for one in files}, measured)


def item_views(
    instrument: Instrument,
    page: Page,
    answers: Answers,
    *,
    typed: Typed | None = None,
    ranks: Mapping[str, Mapping[str, str]] | None = None,
    problems: Iterable[Problem] = (),
    known: Known = NOTHING,
    locale: Locale,
) -> tuple[ItemView, ...]:
    """The items of one page; what was typed stands where it could not be kept."""
    shown = {item.id for item in visible_items(instrument, answers)}
    saved = form_of(page, answers)
    errors = {problem.item: problem.text.in_(locale.value) for problem in problems}
    numbers = {item.id: number for number, item in enumerate(instrument.items, start=1)}
    found = []
    for item in page.items:
        as_typed = typed is not None and item.id in errors
        values = typed.fields.get(item.id, ()) if typed and as_typed else saved.get(item.id, ())
        places = (ranks or {}).get(item.id, {}) if as_typed else _places(values)
        view = _item_view(
            instrument, item, answers, values=tuple(values), places=places, error=errors.get(item.id, ""),
            is_shown=item.id in shown, number=numbers[item.id], known=known, locale=locale,
        )  # fmt: skip
        found.append(view)
    return tuple(found)


def _places(order: Sequence[str]) -> dict[str, str]:
    return {value: str(place) for place, value in enumerate(order, start=1)}


def _item_view(
    instrument: Instrument,
    item: Item,
    answers: Answers,
    *,
    values: tuple[str, ...],
    places: Mapping[str, str],
    error: str,
    is_shown: bool,
    number: int,
    known: Known,
    locale: Locale,
) -> ItemView:
    language = locale.value
    options = tuple((choice.value, choice.label.in_(language)) for choice in instrument.choices_of(item))
    return ItemView(
        id=item.id,
        kind=item.kind,
        prompt=item.prompt.in_(language),
        help=item.help.in_(language) if item.help else "",
        situation=item.situation.in_(language) if item.situation else "",
        options=options,
        values=values,
        ranks=_ranks(item, options, places),
        unit=item.unit.in_(language) if isinstance(item, NumberItem) else "",
        max_length=item.max_length if isinstance(item, ShortTextItem) else 0,
        file=_asked_file(item, answers, known),
        measured=_measured(item, answers, language),
        measured_on=known.measured_on.get(item.id),
        is_required=item.required,
        is_conditional=item.only_if is not None,
        is_shown=is_shown,
        number=number,
        error=error,
    )


def _ranks(item: Item, options: Sequence[tuple[str, str]], places: Mapping[str, str]) -> tuple[RankView, ...]:
    if not isinstance(item, RankingItem):
        return ()
    return tuple(RankView(rank_field(item.id, name), label, places.get(name, "")) for name, label in options)


def rank_field(item_id: str, option: str) -> str:
    """The field that holds the place of one option."""
    return f"{item_id}.{option}"


def _asked_file(item: Item, answers: Answers, known: Known) -> AskedFileView | None:
    if not isinstance(item, FileItem):
        return None
    accepts = ",".join(kind for kind in item.accepts if kind in KIND_NAMES)
    value = answers.get(item.id)
    found = known.files.get(value) if isinstance(value, str) else None
    given = _given_file(found) if found else None
    return AskedFileView(accepts, kinds_in_words(item.accepts), item.max_megabytes, given)


def _given_file(found: EvidenceFileFacts) -> FileView:
    kilobytes = -(-found.size_bytes // 1000)
    return FileView(f"/me/files/{found.id}", KIND_NAMES[found.media_type], kilobytes, found.created_at)


def _measured(item: Item, answers: Answers, language: str) -> str:
    value = answers.get(item.id)
    if not isinstance(item, MeasurementItem) or not isinstance(value, int):
        return ""
    return measured_in_words(item, value).in_(language)


def missing_on(instrument: Instrument, page: Page, still_open: Collection[str]) -> tuple[Problem, ...]:
    """A problem for each required question of this page that is among those still open."""
    words = instrument.phrases.problems.missing
    return tuple(
        Problem(item=item.id, code="missing", text=words) for item in page.items if item.id in still_open
    )


@dataclass(frozen=True)
class Sent:
    """One page as a browser sent it: fields, places of rankings as chosen, files chosen, the button pressed."""

    typed: Typed
    ranks: Mapping[str, Mapping[str, str]]
    uploads: Mapping[str, UploadFile]
    go: str


def read_sent(page: Page, form: FormMultiDict, *, now: datetime) -> Sent:
    """A posted page. A measured question is read only to be refused; a file never comes by its id."""
    ranks = {item.id: _sent_ranks(item, form) for item in page.items if isinstance(item, RankingItem)}
    fields = {
        item.id: _order(ranks[item.id]) if item.id in ranks else _texts(form, item.id)
        for item in page.items
        if not isinstance(item, FileItem) and not (isinstance(item, MeasurementItem) and item.id not in form)
    }
    shown = frozenset(str(form.get("_shown", "")).split(","))
    seconds = _seconds(form, now=now)
    typed = Typed(fields, read_base(str(form.get("_base", ""))), shown, seconds)
    uploads = {
        item.id: sent
        for item in page.items
        if isinstance(item, FileItem)
        and isinstance(sent := form.get(f"_file.{item.id}"), UploadFile)
        and sent.filename
    }
    return Sent(typed, ranks, uploads, str(form.get("go", "")))


def _texts(form: FormMultiDict, name: str) -> tuple[str, ...]:
    return tuple(value for value in form.getall(name, []) if isinstance(value, str) and value.strip())


def _sent_ranks(item: RankingItem, form: FormMultiDict) -> dict[str, str]:
    found = {option.value: str(form.get(rank_field(item.id, option.value), "")) for option in item.options}
    return {option: place for option, place in found.items() if place.strip()}


def _order(ranks: Mapping[str, str]) -> tuple[str, ...]:
    """The options by their places; two at one place count as placed nowhere, so that the order is not whole.

    >>> _order({"a": "2", "b": "1", "c": "3"}), _order({"a": "1", "b": "1", "c": "2"}), _order({})
    (('b', 'a', 'c'), ('c',), ())
    """
    taken = list(ranks.values())
    alone = [(place, option) for option, place in ranks.items() if taken.count(place) == 1]
    return tuple(option for _, option in sorted(alone)) or tuple(list(ranks)[:1])


def _seconds(form: FormMultiDict, *, now: datetime) -> int:
    """The seconds spent on the page in all: before it was shown this time, and since, as far as it was in view."""
    since = max(0, int(now.timestamp()) - _whole(form.get("_since"), otherwise=int(now.timestamp())))
    return _whole(form.get("_spent"), otherwise=0) + min(since, _whole(form.get("_seconds"), otherwise=since))


def _whole(value: Any, *, otherwise: int) -> int:
    is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12
    return int(value) if is_number else otherwise


def write_base(form: Form) -> str:
    """The fields of a page as they are shown, for the hidden field that comes back with them."""
    return json.dumps({name: list(values) for name, values in form.items()}, separators=(",", ":"))


def read_base(text: str) -> dict[str, tuple[str, ...]]:
    """The same, read back; anything else than what we wrote counts as nothing shown.

    >>> read_base('{"a":["1"]}'), read_base("[]"), read_base("{")
    ({'a': ('1',)}, {}, {})
    """
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: tuple(values)
        for name, values in found.items()
        if isinstance(values, list) and all(isinstance(value, str) for value in values)
    }
