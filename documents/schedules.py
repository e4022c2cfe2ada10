"""Hours of a week held against the law: sums, days, breaks, rest, part time."""

from collections.abc import Iterator
from itertools import pairwise

from documents.facts import DayHours, PackFacts, Weekday, minutes_of
from documents.faults import Fault, Finding
from documents.figures import Figures
from documents.money import hours


def schedule_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    """All that the week's hours break; a part-time week is held to its own rules too."""
    yield from _hours_faults(facts)
    yield from _floor_faults(facts, figures)
    if facts.offer.is_part_time:
        for day in facts.offer.schedule:
            yield from _part_time_day(day)
    yield from _day_faults(facts, figures)
    yield from _rest_faults(facts, figures)


def is_below_floor(facts: PackFacts, figures: Figures) -> bool:
    minutes = facts.offer.weekly_minutes
    return minutes is not None and minutes < figures.rules.part_time.floor_minutes


def _hours_faults(facts: PackFacts) -> Iterator[Finding]:
    offer, wrong = facts.offer, Fault.INCONSISTENT
    total = sum(day.minutes for day in offer.schedule)
    if offer.schedule and offer.weekly_minutes and total != offer.weekly_minutes:
        yield Finding(
            wrong,
            "offer.schedule",
            f"Les horaires font {hours(total)}, le contrat {hours(offer.weekly_minutes)}",
            "L3123-6 1° ; R1221-34 12°",
            "Accordez les horaires et la durée du contrat.",
        )
    days = [day.day for day in offer.schedule]
    if len(set(days)) != len(days):
        yield Finding(
            wrong,
            "offer.schedule",
            "Un jour figure deux fois",
            "R1221-34 12°",
            "Gardez une ligne par jour.",
        )
    if len(set(days)) > 6:
        yield Finding(
            wrong,
            "offer.schedule",
            "Sept jours travaillés par semaine",
            "L3132-1",
            "Gardez un jour de repos.",
        )
    if days and not set(offer.home_days) <= set(days):
        yield Finding(
            wrong,
            "offer.home_days",
            "Un jour à domicile n'est pas un jour travaillé",
            "L1222-9",
            "Accordez les jours à domicile et les horaires.",
        )
    if offer.contact_start and offer.contact_end and offer.contact_end <= offer.contact_start:
        yield Finding(
            wrong,
            "offer.contact_end",
            "La plage de contact finit avant de commencer",
            "L1222-9 II 4°",
            "Corrigez la plage de contact.",
        )


def _day_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    longest = figures.rules.working_time.max_day_minutes
    for day in facts.offer.schedule:
        for label, article, remedy in _one_day(
            day, longest=longest, lunch=figures.rules.breaks.lunch_minutes
        ):
            yield Finding(Fault.INCONSISTENT, f"offer.schedule.{day.day.value}", label, article, remedy)


def _one_day(day: DayHours, *, longest: int, lunch: int) -> Iterator[tuple[str, str, str]]:
    if any(shift.minutes <= 0 for shift in day.shifts):
        yield "Une vacation finit avant de commencer", "R1221-34 12°", "Corrigez les heures."
        return
    if any(minutes_of(after.start) < minutes_of(before.end) for before, after in pairwise(day.shifts)):
        yield "Deux vacations se chevauchent", "R1221-34 12°", "Corrigez les heures."
        return
    span = minutes_of(day.shifts[-1].end) - minutes_of(day.shifts[0].start)
    if day.minutes > longest:
        yield f"Plus de {hours(longest)} de travail dans la journée", "L3121-18", "Raccourcissez la journée."
    if not _has_lunch(day, lunch):
        yield (
            f"Pas de coupure de {lunch} minutes entre 11 h et 15 h",
            "Avenant du 20 juin 2002, art. 5",
            "Prévoyez la coupure du repas.",
        )
    if span > 13 * 60:
        yield (
            "Plus de 13 h entre le début et la fin de la journée",
            "L3131-1 ; CCN art. 30",
            "Resserrez la journée.",
        )


def _has_lunch(day: DayHours, minutes: int) -> bool:
    """Whether a long day across midday has its break between 11:00 and 15:00 (avenant 20/06/2002 art. 5)."""
    starts, ends = minutes_of(day.shifts[0].start), minutes_of(day.shifts[-1].end)
    if day.minutes <= 6 * 60 or starts >= 12 * 60 or ends <= 14 * 60:
        return True
    return any(
        min(minutes_of(after.start), 15 * 60) - max(minutes_of(before.end), 11 * 60) >= minutes
        for before, after in pairwise(day.shifts)
    )


def _rest_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    rest = figures.rules.working_time.rest_minutes
    order = list(Weekday)
    days = sorted(facts.offer.schedule, key=lambda day: order.index(day.day))
    for before, after in pairwise(days):
        follows = order.index(after.day) == order.index(before.day) + 1
        night = 24 * 60 - minutes_of(before.shifts[-1].end) + minutes_of(after.shifts[0].start)
        if follows and night < rest:
            yield Finding(
                Fault.INCONSISTENT,
                f"offer.schedule.{after.day.value}",
                f"Moins de {hours(rest)} de repos depuis la veille",
                "L3131-1 ; CCN art. 30",
                "Finissez plus tôt la veille, ou commencez plus tard.",
            )


def _floor_faults(facts: PackFacts, figures: Figures) -> Iterator[Finding]:
    if is_below_floor(facts, figures) and not facts.offer.has_asked_fewer_hours:
        yield Finding(
            Fault.INCONSISTENT,
            "offer.weekly_minutes",
            f"Moins de {hours(figures.rules.part_time.floor_minutes)} par semaine",
            "L3123-7 ; L3123-27",
            "Proposez au moins 24 heures, ou notez la demande écrite et motivée de la personne.",
        )


def _part_time_day(day: DayHours) -> Iterator[Finding]:
    """The branch's limits for one part-time day (CCN 23.2 and 23.3)."""
    span = minutes_of(day.shifts[-1].end) - minutes_of(day.shifts[0].start)
    if len(day.shifts) > 3:
        yield _cut_up(day, "Plus de deux interruptions dans la journée", "Regroupez les vacations.")
    if day.minutes < 180 or any(0 < shift.minutes < 60 for shift in day.shifts):
        yield _cut_up(
            day,
            "Une journée de moins de 3 h, ou une vacation de moins de 1 h",
            "Allongez ou regroupez les vacations.",
        )
    if 0 < day.minutes * 2 < span:
        yield _cut_up(day, "L'amplitude dépasse deux fois le travail", "Resserrez la journée.")


def _cut_up(day: DayHours, label: str, remedy: str) -> Finding:
    field = f"offer.schedule.{day.day.value}"
    return Finding(Fault.INCONSISTENT, field, label, "CCN art. 23.2 et 23.3", remedy)
