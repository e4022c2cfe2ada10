"""Facts into words: one HTML page from a dated French template, every value escaped, nothing undefined."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import cache
from itertools import count

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents import trial
from documents.facts import (
    Confirmation,
    ItemState,
    PackFacts,
    Photograph,
    Shift,
    ShortlistFacts,
    Weekday,
    minutes_of,
)
from documents.figures import Figures
from documents.kinds import KINDS, DocumentKind, Kind
from documents.money import DAYS, MONTHS, NO_BREAK, euros, hours, long_date, month_name, printable, short_date
from documents.rates import Status, Unconfirmed
from documents.real_costs import square_metres
from documents.reports import ReportFacts

STATUS_NAMES = {
    Status.EMPLOYEE: "employé",
    Status.SUPERVISOR: "technicien, agent de maîtrise",
    Status.EXECUTIVE: "cadre",
}
STATE_NAMES = {ItemState.NEW: "neuf", ItemState.GOOD: "bon", ItemState.WORN: "usagé"}
DAY_NAMES = dict(zip(Weekday, DAYS, strict=True))
LONGEST_HEAD = 50
MODEL = {"fr": "modèle", "en": "model"}
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(7)
SPACE_BEFORE = re.compile(r" (?=[;:?!»%€×])")
SPACE_AFTER = re.compile(r"(?<=«) |(?<=[Aa]rticle) (?=[LRD]?\d)|(?<=[Aa]rticles) (?=[LRD]?\d)|(?<=IDCC) ")
UNITS = "heures?|jours?|mois|minutes?|secondes?|semaines?|ans|fois|h"
SPACE_WITHIN = re.compile(rf"(?<=\d) (?=(?:{UNITS})\b|(?:{'|'.join(MONTHS)}) \d)")


def write_document(
    kind: DocumentKind, facts: PackFacts, *, figures: Figures, issued_on: date, reference: str
) -> str:
    """The HTML of one document of a hiring. The facts must be complete for it: an absent one raises UndefinedError.

    `reference` is printed in the foot of every page.
    """
    spec = KINDS[kind]
    author = facts.employer.name or ""
    return _page(
        spec,
        _head(spec, author, reference) | _hiring_context(facts, figures) | {"issued_on": issued_on},
        name=facts.person.full_name,
    )


def write_shortlist(facts: ShortlistFacts, *, author: str, issued_on: date, reference: str) -> str:
    """The HTML of a shortlist to bring to a meeting."""
    spec = KINDS[DocumentKind.SHORTLIST]
    return _page(
        spec, _head(spec, author, reference) | {"facts": facts, "issued_on": issued_on}, name=facts.programme
    )


def write_report(
    kind: DocumentKind, facts: ReportFacts, *, author: str, issued_on: date, reference: str
) -> str:
    """The HTML of a report on somebody's answers, in its own language."""
    spec = KINDS[kind].model_copy(update={"title": facts.title})
    return _page(
        spec,
        _head(spec, author, reference, language=facts.language) | {"facts": facts, "issued_on": issued_on},
        name=facts.person,
    )


def write_paper(
    kind: DocumentKind, context: Mapping[str, object], *, title: str, name: str, author: str, reference: str
) -> str:
    """The HTML of a paper in French. An unknown or absent value of the template raises UndefinedError with its name."""
    spec = KINDS[kind].model_copy(update={"title": title})
    return _page(spec, _head(spec, author, reference) | dict(context), name=name)


def title_of(kind: DocumentKind, name: str) -> str:
    """The title that readers and archives see: kind and person, or kind and programme."""
    return f"{KINDS[kind].title} – {name}"


def _head(spec: Kind, author: str, reference: str, *, language: str = "fr") -> dict[str, object]:
    return {
        "author": author,
        "running_head": author if len(author) <= LONGEST_HEAD else f"{author[:LONGEST_HEAD].rstrip()}…",
        "short_title": spec.title,
        "article_level": 3 if spec.has_parts else 2,
        "foot": f"{reference} · {MODEL[language]} {spec.file_stem} {spec.edition}",
        "lang": language,
    }


def _page(spec: Kind, context: Mapping[str, object], *, name: str) -> str:
    numbers = count(1)
    html = (
        _environment()
        .get_template(spec.template)
        .render(context, title=f"{spec.title} – {name}", next_number=lambda: next(numbers))
    )
    return typeset(html) if context["lang"] == "fr" else printable(html)


def typeset(html: str) -> str:
    """French spacing: no-break spaces inside guillemets, before tall punctuation, between figure and unit.

    >>> typeset("« Bonjour » : 5 %").count(NO_BREAK)
    4
    """
    for space in (SPACE_AFTER, SPACE_BEFORE, SPACE_WITHIN):
        html = space.sub(NO_BREAK, html)
    return printable(html)


def _hiring_context(facts: PackFacts, figures: Figures) -> dict[str, object]:
    offer, rules = facts.offer, figures.rules
    context: dict[str, object] = {
        "facts": facts,
        "figures": figures,
        "trial_end": _trial_end(facts),
        "pace": getattr(rules.breaks.pacing_seconds, facts.programme.pacing.value),
        "is_below_floor": (offer.weekly_minutes or 0) < rules.part_time.floor_minutes,
        "works_sunday": any(day.day is Weekday.SUNDAY for day in offer.schedule),
        "works_night": any(_is_night(shift) for day in offer.schedule for shift in day.shifts),
        "home_day_count": len(set(offer.home_days)),
        "equipment_total": sum(item.value_cents or 0 for item in offer.equipment),
        "hand_over": [
            item for item in offer.equipment if item.condition or item.accessories or item.photographs
        ],
        "photographs": named_photographs((item.label, item.photographs) for item in offer.equipment),
    }
    if figures.minimum:
        status = figures.minimum.status
        context["status_name"] = STATUS_NAMES[status]
        context["notice"] = {
            "resignation": getattr(rules.notice.resignation_months, status.value),
            "dismissal": getattr(rules.notice.dismissal_months, status.value),
            "dismissal_later": getattr(rules.notice.dismissal_after_two_years_months, status.value),
        }
        context["confirmed_minimum"] = _confirmed(facts, figures.minimum.unconfirmed)
    if figures.ceiling:
        context["confirmed_ceiling"] = _confirmed(facts, figures.ceiling.unconfirmed)
    return context


def named_photographs(
    items: Iterable[tuple[str, Iterable[Photograph]]],
) -> tuple[tuple[str, dict[str, object]], ...]:
    """Each photograph with the label of its item, as a page says it: without the file, with its hash."""
    return tuple(
        (
            label,
            one.model_dump(exclude={"content"}) | {"digest": one.digest, "is_shown": one.content is not None},
        )
        for label, photographs in items
        for one in photographs
    )


def _confirmed(facts: PackFacts, doubts: tuple[Unconfirmed, ...]) -> tuple[tuple[str, Confirmation], ...]:
    """Each doubtful figure's label with the confirmation that vouches for it."""
    labels = {doubt.figure: doubt.label for doubt in doubts}
    return tuple((labels[given.figure], given) for given in facts.confirmations if given.figure in labels)


def _is_night(shift: Shift) -> bool:
    """Whether a shift touches the hours that the branch calls night (22:00 to 07:00, avenant 20/06/2002 art. 3)."""
    return shift.start < NIGHT_ENDS or shift.end > NIGHT_BEGINS


def _trial_end(facts: PackFacts) -> date | None:
    length, start = facts.offer.trial, facts.offer.start_date
    if start is None or not (length.months or length.days):
        return None
    return trial.last_day(start, months=length.months, days=length.days)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """Templates of this package only; values never become templates."""
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("documents", "templates/fr"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "euros": euros,
        "long_date": long_date,
        "short_date": short_date,
        "hours": hours,
        "clock": clock,
        "day_name": lambda day: DAY_NAMES[day],
        "day_names": day_names,
        "state_name": lambda state: STATE_NAMES[state],
        "lower_first": lambda text: text[:1].lower() + text[1:],
        "siret": siret,
        "decimal": decimal,
        "points": points,
        "percent_of": percent_of,
        "month_name": month_name,
        "square_metres": square_metres,
    }
    return environment


def decimal(value: float) -> str:
    """One digit after a decimal comma.

    >>> decimal(84), decimal(2.5)
    ('84,0', '2,5')
    """
    return f"{value:.1f}".replace(".", ",")


def points(hundredths: int, language: str = "fr") -> str:
    """Hundredths of a point with both decimals, so that parts add up to the last digit before the reader's eyes.

    >>> points(714), points(10000, "en"), points(5)
    ('7,14', '100.00', '0,05')
    """
    text = f"{hundredths // 100}.{hundredths % 100:02d}"
    return text if language == "en" else text.replace(".", ",")


def percent_of(part: int, whole: int) -> str:
    """How far a bar reaches, as a style sheet writes it.

    >>> percent_of(1, 3), percent_of(5, 0)
    ('33.33%', '0.00%')
    """
    return f"{100 * part / whole if whole else 0:.2f}%"


def clock(moment: time) -> str:
    """A time of day.

    >>> clock(time(9)).replace(NO_BREAK, " "), clock(time(13, 30)).replace(NO_BREAK, " ")
    ('9 h', '13 h 30')
    """
    return hours(minutes_of(moment))


def day_names(days: Iterable[Weekday]) -> str:
    """Days in the order of the week, joined as in a sentence.

    >>> day_names((Weekday.FRIDAY, Weekday.MONDAY, Weekday.TUESDAY))
    'lundi, mardi et vendredi'
    """
    chosen = set(days)
    names = [DAY_NAMES[day] for day in Weekday if day in chosen]
    return " et ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else ""


def siret(number: str) -> str:
    """A SIRET in its usual groups.

    >>> siret("12345678900012").replace(NO_BREAK, " ")
    '123 456 789 00012'
    """
    return NO_BREAK.join((number[:3], number[3:6], number[6:9], number[9:]))
