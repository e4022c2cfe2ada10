"""What somebody wants of a class, checked whole: every fault at once, with the form's own fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import ClassPolicy, Span, span_of
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, InBoth, NotFound, RuleBroken
from service.store.classes import classes
from service.store.learning import cohorts


@dataclass(frozen=True)
class Plan:
    """A class as somebody says it. `is_second` tells which time is meant where clocks show it twice that day."""

    title: str
    day: date
    starts: time
    ends: time
    zone: str = "Europe/Paris"
    is_second: bool | None = None
    cohort_id: UUID | None = None
    path: str = ""
    module: str = ""
    place: str = ""
    link: str = ""
    note: str = ""
    seats: int | None = None
    trainer_id: UUID | None = None


async def checked(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    *,
    editions: Editions,
    policy: ClassPolicy,
    now: datetime,
) -> Span:
    """The instants of a plan that may be kept; RuleBroken with every fault. What overlaps is told, never refused."""
    faults = [
        *_faults_in_words(plan), *_faults_in_seats(plan, policy), *_faults_in_module(plan, editions),
        *await _faults_in_people(session, actor, plan),
    ]  # fmt: skip
    span = _span(plan, policy, today=civil_date(now))
    if not isinstance(span, Span):
        faults.extend(span)
    if faults or not isinstance(span, Span):
        raise RuleBroken("The class cannot be planned so; see errors.", faults=faults, code="class-plan")
    return span


def _span(plan: Plan, policy: ClassPolicy, *, today: date) -> Span | list[Fault]:
    if policy.zone(plan.zone) is None:
        return [Fault("/zone", "unknown", "no zone of that name is listed")]
    back, ahead = timedelta(days=policy.plan_days_back), timedelta(days=policy.plan_days_ahead)
    if not today - back <= plan.day <= today + ahead:
        bounds = {"back": policy.plan_days_back, "ahead": policy.plan_days_ahead}
        return [Fault("/day", "range", "from %(back)s days back to %(ahead)s days ahead", bounds)]
    found = span_of(plan.day, plan.starts, plan.ends, zone=plan.zone, policy=policy, is_second=plan.is_second)
    if isinstance(found, Span):
        return found
    return [
        Fault(f"/{field}", reason.code, InBoth(reason.text.fr, reason.text.en)) for field, reason in found
    ]


def _faults_in_words(plan: Plan) -> Iterator[Fault]:
    if not 1 <= len(plan.title.strip()) <= 160 or not plan.title.strip().isprintable():
        yield Fault("/title", "length", "1 to 160 characters")
    for name, text, most in (("place", plan.place, 200), ("note", plan.note, 1000)):
        if len(text.strip()) > most:
            yield Fault(f"/{name}", "length", "at most %(most)s characters", {"most": most})
    if plan.link.strip() and not is_web_address(plan.link.strip()):
        yield Fault("/link", "form", "an address that begins with https://")
    if not plan.place.strip() and not plan.link.strip():
        yield Fault("/place", "missing", "say where: a place, a link, or both")


def is_web_address(text: str) -> bool:
    """An https address of a host, without a password in it.

    >>> is_web_address("https://meet.example/abc"), is_web_address("javascript:alert(1)"), is_web_address("https://")
    (True, False, False)
    """
    if len(text) > 500 or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def _faults_in_seats(plan: Plan, policy: ClassPolicy) -> Iterator[Fault]:
    if plan.seats is not None and not 1 <= plan.seats <= policy.most_seats:
        yield Fault("/seats", "range", "1 to %(most)s", {"most": policy.most_seats})


def _faults_in_module(plan: Plan, editions: Editions) -> Iterator[Fault]:
    """A class may be held for a module of any edition of a path, if that module asks for one."""
    if not plan.path and not plan.module:
        return
    found = [path.module(plan.module) for (slug, _), path in editions.paths.items() if slug == plan.path]
    if not any(module is not None and module.live is not None for module in found):
        yield Fault("/module", "unknown", "no module of that path asks for a live class under this name")


async def _faults_in_people(session: AsyncSession, actor: Actor, plan: Plan) -> list[Fault]:
    faults = []
    if plan.cohort_id is not None:
        try:
            await cohorts.cohort_row(session, actor, plan.cohort_id)
        except NotFound:
            faults.append(Fault("/cohort_id", "unknown", "no group of yours has this id"))
    known = {one.id for one in await classes.leaders(session)}
    if plan.trainer_id is not None and plan.trainer_id not in known:
        faults.append(Fault("/trainer_id", "unknown", "nobody who may lead a class has this id"))
    return faults
