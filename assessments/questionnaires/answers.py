"""Form values or JSON -> Answers, or every problem at once, each with the item it belongs to."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from assessments.questionnaires.answer_values import (
    AnswerValue,
    Refused,
    amount_of,
    from_form,
    from_value,
    to_form,
)
from assessments.questionnaires.instruments import Instrument, Page
from assessments.questionnaires.items import Item, MeasurementItem
from assessments.values import Text, Value

JsonValue: TypeAlias = bool | int | str | list[str]


class Answer(Value):
    """One answer: a point of agreement counted from 1, an option, options (in a ranking: all, in the person's order),
    yes or no, a number, words, or the id of a file."""

    item: str
    value: AnswerValue


class Answers(Value):
    """What one person answered to one edition, in the order of the questions; missing ones are not in it."""

    instrument: str
    edition: str
    answers: tuple[Answer, ...] = ()

    def get(self, item_id: str) -> AnswerValue | None:
        """The answer to one item, or None when there is none."""
        return next((answer.value for answer in self.answers if answer.item == item_id), None)

    def to_json(self) -> dict[str, JsonValue]:
        """Item -> plain JSON value, for storage; `from_stored` reads it back to an equal value."""
        return {
            answer.item: list(answer.value) if isinstance(answer.value, tuple) else answer.value
            for answer in self.answers
        }


class Problem(Value):
    """Why one answer cannot be taken, and what to do; `code` is a field of `phrases.problems`."""

    item: str
    code: str
    text: Text


class Progress(Value):
    """How far a person has come; `resume_page` is the first page with a required item open, or None."""

    answered: int
    total: int
    required_open: tuple[str, ...]
    resume_page: str | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing required is open."""
        return not self.required_open


def read(
    instrument: Instrument, form: Mapping[str, Sequence[str]], *, complete: bool
) -> Answers | tuple[Problem, ...]:
    """A posted form (each field a list of strings) as Answers, or all problems in the order of the questions.

    Blank fields count as unanswered. `complete=False` saves a draft or one page: what is missing is allowed,
    what is wrong is not. With `complete=True` answers to questions not asked of this person are left out.
    Fields that are not items (a CSRF token) must be taken out before: any unknown name is a problem.
    """
    given = {name: tuple(values) for name, values in form.items() if any(value.strip() for value in values)}
    return _read(instrument, given, from_form, complete=complete)


def from_json(
    instrument: Instrument, body: Mapping[str, object], *, complete: bool
) -> Answers | tuple[Problem, ...]:
    """A JSON object of item -> typed value as Answers, or all problems; null, "" and [] are no answer.

    Types are strict: `"1"` is not 1, `true` is not 1, and a list is taken only where several options are. What is
    measured is never sent: such an item is refused as `measured_only`.
    """
    given = {name: value for name, value in body.items() if value not in (None, "", [])}
    return _read(instrument, given, from_value, complete=complete)


def from_stored(
    instrument: Instrument, stored: Mapping[str, object], *, complete: bool = False
) -> Answers | tuple[Problem, ...]:
    """What `Answers.to_json` gave, measured values among it, as the same Answers, or all problems."""
    measured = {item.id for item in instrument.measurements}
    typed = from_json(
        instrument, {name: value for name, value in stored.items() if name not in measured}, complete=complete
    )
    if not isinstance(typed, Answers):
        return typed
    return with_measurements(
        instrument, typed, {name: value for name, value in stored.items() if name in measured}
    )


def with_measurements(
    instrument: Instrument, answers: Answers, measured: Mapping[str, object]
) -> Answers | tuple[Problem, ...]:
    """`answers` with what was measured, by the name of the item; it takes the place of what was measured before.

    A number outside its bounds (10 Gbit/s, a negative delay), a value that is no whole number, or a name that is no
    measurement is a problem, and then nothing is put in.
    """
    taken: dict[str, Answer] = {answer.item: answer for answer in answers.answers}
    problems = []
    for name, value in measured.items():
        item = instrument.item(name)
        try:
            taken[name] = Answer(item=name, value=_measured(item, value))
        except Refused as refused:
            known = name if item is not None else _shown(name)
            problems.append(_problem(instrument, known, refused.code, **refused.facts))
    return tuple(problems) if problems else _in_order(instrument, taken)


def _measured(item: Item | None, value: object) -> int:
    if not isinstance(item, MeasurementItem):
        raise Refused("unknown_item")
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused("wrong_type")
    return amount_of(item, value)


def merged(instrument: Instrument, saved: Answers, page: Page, given: Answers) -> Answers:
    """`saved` with one page's items replaced by what was just given for them: an emptied field is emptied.

    What was measured stays.     Both must belong to this edition, or ValueError is raised.
    """
    for answers in (saved, given):
        if (answers.instrument, answers.edition) != (instrument.slug, instrument.edition):
            raise ValueError(f"these answers belong to {answers.instrument} {answers.edition}")
    asked = {item.id for item in page.items if not isinstance(item, MeasurementItem)}
    kept = {answer.item: answer for answer in saved.answers if answer.item not in asked}
    kept |= {answer.item: answer for answer in given.answers}
    return _in_order(instrument, kept)


def visible_items(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    """The items this person is asked: a condition on an item that is itself not asked is not met."""
    shown: dict[str, Item] = {}
    for item in instrument.items:
        if item.only_if is None or (
            item.only_if.item in shown
            and _chosen(answers.get(item.only_if.item)) & set(item.only_if.is_any_of)
        ):
            shown[item.id] = item
    return tuple(shown.values())


def progress(instrument: Instrument, answers: Answers) -> Progress:
    """How many of the visible items are answered, what required ones are open, and where to go on.

    What is measured is not asked, and not counted here.
    """
    visible = [item for item in visible_items(instrument, answers) if not isinstance(item, MeasurementItem)]
    given = {answer.item for answer in answers.answers}
    still_open = tuple(item.id for item in visible if item.required and item.id not in given)
    pages = (page.id for page in instrument.pages if any(item.id in still_open for item in page.items))
    return Progress(
        answered=sum(item.id in given for item in visible),
        total=len(visible),
        required_open=still_open,
        resume_page=next(pages, None),
    )


def _chosen(value: AnswerValue | None) -> set[str]:
    return set(to_form(value))


def _read(
    instrument: Instrument,
    given: Mapping[str, object],
    take: Callable[[Instrument, Item, object], AnswerValue],
    *,
    complete: bool,
) -> Answers | tuple[Problem, ...]:
    problems: list[Problem] = []
    taken: dict[str, Answer] = {}
    for item in instrument.items:
        if item.id in given:
            try:
                taken[item.id] = Answer(item=item.id, value=take(instrument, item, given[item.id]))
            except Refused as refused:
                problems.append(_problem(instrument, item.id, refused.code, **refused.facts))
    known = {item.id for item in instrument.items}
    answers = _in_order(instrument, taken)
    if complete:
        visible = visible_items(instrument, answers)
        problems += [
            _problem(instrument, item.id, "missing")
            for item in visible
            if item.required and item.id not in given
        ]
        answers = _in_order(instrument, {item.id: taken[item.id] for item in visible if item.id in taken})
    if problems:
        order = {item.id: place for place, item in enumerate(instrument.items)}
        problems.sort(key=lambda problem: order[problem.item])
    problems += [_problem(instrument, _shown(name), "unknown_item") for name in given if name not in known]
    return tuple(problems) if problems else answers


def _in_order(instrument: Instrument, taken: Mapping[str, Answer]) -> Answers:
    ordered = tuple(taken[item.id] for item in instrument.items if item.id in taken)
    return Answers(instrument=instrument.slug, edition=instrument.edition, answers=ordered)


def _problem(instrument: Instrument, item_id: str, code: str, **facts: object) -> Problem:
    text: Text = getattr(instrument.phrases.problems, code)
    fr, en = (
        text.in_(locale).format(
            **{name: one.in_(locale) if isinstance(one, Text) else one for name, one in facts.items()}
        )
        for locale in ("fr", "en")
    )
    return Problem(item=item_id, code=code, text=Text(fr=fr, en=en))


def _shown(name: str) -> str:
    """A name we do not know, made safe to show, store and log."""
    return "".join(char if char.isprintable() else "�" for char in name[:64])
