"""A person measures the line at home: opened, kept with every sample, and of three parts of the day one counts."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.lines.connection import counted, line_measure, summarise
from assessments.lines.policy import LinePolicy, Part
from assessments.lines.samples import Refusal, Samples, read_samples
from assessments.questionnaires.items import Measure
from service.flows.assessing.evidence import record_measured
from service.flows.matching.matching import weigh_candidates
from service.runtime.actors import Actor
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, Gone, InBoth, RuleBroken, TooManyRequests
from service.runtime.settings import Settings
from service.runtime.vocabulary import MeasurementState
from service.store import audit, reach
from service.store.assessing import measurements as store
from service.store.assessing.measurements import MeasurementFacts, OpenedFacts, WholeMeasurementFacts
from service.tables.measurements import Measurement
from service.tables.people import Candidate

OVER = "This measuring was opened too long ago; open a new one."
FAMILIES = (
    ("Firefox/", "Firefox"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung"),
    ("Chrom", "Chromium"), ("CriOS/", "Chrome iOS"), ("Safari/", "Safari"),
)  # fmt: skip
"""What of a browser's own words is kept, at most; the order matters, since each also claims to be the later ones."""


@dataclass(frozen=True)
class Slot:
    """One part of the day with the newest measuring in it that is recent enough, or none."""

    part: Part
    kept: MeasurementFacts | None


@dataclass(frozen=True)
class Standing:
    """What is known of one person's line: the three parts of the day, and the figure that counts for each measure."""

    policy: LinePolicy
    slots: tuple[Slot, ...]
    figures: Mapping[Measure, int]

    @property
    def measured(self) -> tuple[MeasurementFacts, ...]:
        return tuple(slot.kept for slot in self.slots if slot.kept)


def browser_family(user_agent: str) -> str:
    """The family of a browser, and nothing else of what it says about a device.

    >>> browser_family("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36")
    'Chromium'
    """
    return next((family for sign, family in FAMILIES if sign in user_agent), "")


def part_now(policy: LinePolicy, now: datetime) -> Part:
    """The part of the day that a clock in France shows."""
    return policy.part_at(now.astimezone(PARIS).hour)


def is_over(policy: LinePolicy, opened: OpenedFacts | Measurement, *, now: datetime) -> bool:
    """Whether a measuring was opened too long ago to be kept."""
    return now - opened.opened_at > timedelta(minutes=policy.open_minutes)


async def open_one(
    session: AsyncSession, actor: Actor, *, settings: Settings, editions: Editions, now: datetime
) -> OpenedFacts:
    """Open a measuring for the person who asks; TooManyRequests when a day saw too many."""
    candidate = await reach.candidate_row(session, actor, actor.id or "")
    policy = editions.line_policy_on(civil_date(now))
    if await store.opened_since(session, candidate.id, now - timedelta(days=1)) >= policy.most_opened_a_day:
        raise TooManyRequests(
            "There were %(most)s measurings in one day. Come back tomorrow.", most=policy.most_opened_a_day
        )
    row = Measurement(
        candidate_id=candidate.id, opened_at=now, plan=settings.measure_plan, edition=policy.edition
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="measurement.open", subject=("candidate", candidate.id), now=now,
        detail={"measurement": str(row.id)},
    )  # fmt: skip
    return OpenedFacts.model_validate(row)


@dataclass(frozen=True)
class Sent:
    """What a browser sends: the raw samples, whether a cable was plugged in (None: not said), and its own words."""

    samples: object
    is_wired: bool | None = None
    user_agent: str = ""


async def keep(
    session: AsyncSession,
    actor: Actor,
    measurement_id: str | UUID,
    sent: Sent,
    *,
    editions: Editions,
    now: datetime,
) -> MeasurementFacts:
    """Keep the samples and what they come to; the profile, the questionnaires and open applications learn of it.

    Sent twice, the first stands. Gone when it was opened too long ago; RuleBroken names each sample that no line can
    have, and then nothing is kept.
    """
    row = await store.own_row(session, actor, measurement_id, to_change=True)
    if row.state is MeasurementState.KEPT:
        return store.facts_of(row)
    policy = editions.line_policy_of(row.edition)
    if is_over(policy, row, now=now):
        raise Gone(OVER, code="measurement-over")
    read = read_samples(policy, sent.samples)
    if not isinstance(read, Samples):
        raise RuleBroken(
            "This measurement cannot be kept; see errors.", code="not-a-line", faults=_faults(read)
        )
    result = summarise(policy, read)
    row.state, row.taken_at = MeasurementState.KEPT, now
    row.part_of_day = part_now(policy, now).key.value
    row.is_wired, row.browser_family = sent.is_wired, browser_family(sent.user_agent)
    row.samples, row.result = read.model_dump(mode="json"), result.model_dump(mode="json")
    await session.flush()
    audit.record(
        session, actor, action="measurement.keep", subject=("candidate", row.candidate_id), now=now,
        detail={"measurement": str(row.id), "edition": row.edition},
    )  # fmt: skip
    await _tell_others(session, actor, row.candidate_id, editions=editions, now=now)
    return store.facts_of(row)


def _faults(refusals: Sequence[Refusal]) -> list[Fault]:
    return [Fault(f"/samples{one.field}", one.code, InBoth(one.text.fr, one.text.en)) for one in refusals]


async def _tell_others(
    session: AsyncSession, actor: Actor, candidate_id: UUID, *, editions: Editions, now: datetime
) -> None:
    """What counts now goes where others look: the questionnaires' measured items, the profile, open applications."""
    found = standing(editions, await store.kept_by(session, candidate_id), now=now)
    figures = {measure.value: value for measure, value in found.figures.items()}
    await record_measured(session, actor, candidate_id, figures, editions=editions, now=now)
    person = await session.get_one(Candidate, candidate_id)
    put_measured_line(person, found)
    person.updated_at = now
    await session.flush()
    await weigh_candidates(session, editions, [candidate_id], now=now)


def put_measured_line(person: Candidate, found: Standing) -> None:
    """Write what was measured into the profile in place of what was declared; without a measurement nothing changes."""
    line = line_measure(found.figures)
    if line is None:
        return
    home = dict(person.profile.get("home") or {})
    home["measured"] = line.model_dump(mode="json", exclude_none=True)
    newest = max(found.measured, key=lambda one: one.taken_at)
    if newest.is_wired is not None:
        home["wired"] = newest.is_wired
    person.profile = {**person.profile, "home": home}


async def keep_measured_line(
    session: AsyncSession, person: Candidate, *, editions: Editions, now: datetime
) -> None:
    """After an edit of a profile: a line that was measured stays measured. The caller flushes."""
    put_measured_line(person, standing(editions, await store.kept_by(session, person.id), now=now))


def standing(editions: Editions, kept: Sequence[MeasurementFacts], *, now: datetime) -> Standing:
    """The three parts of the day, each with its newest recent measuring, and what counts of them."""
    policy = editions.line_policy_on(civil_date(now))
    since = now - timedelta(days=policy.slot_days)
    recent = [one for one in kept if one.taken_at >= since]
    slots = tuple(
        Slot(
            part,
            max(
                (one for one in recent if one.part_of_day is part.key),
                key=lambda one: one.taken_at,
                default=None,
            ),
        )
        for part in policy.parts_of_day
    )
    return Standing(policy, slots, counted(policy, [slot.kept.result for slot in slots if slot.kept]))


async def own_standing(session: AsyncSession, actor: Actor, *, editions: Editions, now: datetime) -> Standing:
    """The actor's own."""
    return standing(editions, await store.kept_of(session, actor), now=now)


async def read_measurements(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, now: datetime
) -> tuple[MeasurementFacts, ...]:
    """What is kept of one person, newest first; the read is noted."""
    found = await store.kept_of(session, actor, candidate_id)
    audit.record(session, actor, action="measurement.list", subject=("candidate", str(candidate_id)), now=now)
    return found


async def read_whole(
    session: AsyncSession, actor: Actor, measurement_id: str | UUID, *, now: datetime
) -> WholeMeasurementFacts:
    """One measuring with its raw samples; the read is noted."""
    found = await store.whole(session, actor, measurement_id)
    audit.record(
        session, actor, action="measurement.read", subject=("candidate", found.candidate_id), now=now,
        detail={"measurement": str(found.id)},
    )  # fmt: skip
    return found


def relay_credentials(settings: Settings, opened: OpenedFacts, *, minutes: int) -> dict[str, Any]:
    """A name and a password for the relay that hold for one measuring only (TURN REST API, as coturn has it)."""
    if not settings.measures_loss:
        return {}
    until = int((opened.opened_at + timedelta(minutes=minutes)).timestamp())
    name = f"{until}:{opened.id.hex}"
    digest = hmac.new(settings.turn_secret.encode(), name.encode(), hashlib.sha1).digest()
    return {"uri": settings.turn_url, "user": name, "password": base64.b64encode(digest).decode()}
