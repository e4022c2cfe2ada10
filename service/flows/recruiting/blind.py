"""Looking at people without knowing who they are: a choice kept with the session, and where identity comes back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.matches import Match
from service.flows.people.candidates import pseudonym_of
from service.flows.recruiting.shortlists import Listed, ShortlistPage, Suited
from service.runtime.actors import Actor
from service.runtime.errors import Forbidden
from service.runtime.veil import HIDDEN, NO_VEIL, Veil
from service.store import audit
from service.store.accounts import sign_ins
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts, CandidateLine
from service.store.recruiting.applications import ApplicationLine

L = TypeVar("L", CandidateLine, ApplicationLine)


async def choose(session: AsyncSession, actor: Actor, *, is_blind: bool, now: datetime) -> None:
    """Look at people without identity, or with it again, for the rest of this session; the change is noted."""
    if actor.sign_in_id is None:
        raise Forbidden
    await sign_ins.look(session, actor.sign_in_id, is_blind=is_blind)
    action = "review.blind" if is_blind else "review.open"
    audit.record(session, actor, action=action, subject=("sign_in", actor.sign_in_id), now=now)


async def identity_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, now: datetime
) -> CandidateFacts:
    """Who somebody is, to contact them: the one way out of a blind review, and it is noted."""
    facts = await candidates.facts_of(session, actor, candidate_id)
    audit.record(session, actor, action="candidate.identity_read", subject=("candidate", facts.id), now=now)
    return facts


def veil_of(actor: Actor, person: CandidateFacts) -> Veil:
    """The veil over all that is said of one person."""
    words = (
        f"{person.given_name} {person.family_name}", person.given_name, person.family_name, person.email,
        person.phone, person.external_id or "", *_parts(person.given_name), *_parts(person.family_name),
    )  # fmt: skip
    return Veil(actor.is_blind, tuple(word for word in dict.fromkeys(words) if word.strip()))


async def veil_over(session: AsyncSession, actor: Actor, candidate_id: UUID) -> Veil:
    """The veil over one person, read only when it is drawn."""
    if not actor.is_blind:
        return NO_VEIL
    return veil_of(actor, await candidates.facts_of(session, actor, candidate_id))


def _parts(name: str) -> list[str]:
    """The parts of a compound name; short ones (« de », « le ») are words of every text."""
    return [part for part in name.replace("-", " ").split() if len(part) > 3]


def name_of(actor: Actor, candidate_id: UUID, shown_name: str) -> str:
    """What somebody is called in a list as this actor may see it."""
    return pseudonym_of(candidate_id) if actor.is_blind else shown_name


def person_of(actor: Actor, person: CandidateFacts) -> CandidateFacts:
    """The file as this actor may see it: under a neutral name, without identity, its free text veiled."""
    if not actor.is_blind:
        return person
    return person.model_copy(
        update={
            "given_name": "",
            "family_name": "",
            "email": HIDDEN if person.email else "",
            "phone": HIDDEN if person.phone else "",
            "external_id": None,
            "pseudonym": pseudonym_of(person.id),
            "profile": veil_of(actor, person).over_own_words(person.profile),
        }
    )


def line_of(actor: Actor, line: L) -> L:
    """A line of a list as this actor may see it."""
    if not actor.is_blind:
        return line
    if isinstance(line, CandidateLine):
        veil = Veil(True, (line.given_name, line.family_name, *_parts(line.family_name)))
        neutral = {"given_name": "", "family_name": "", "pseudonym": pseudonym_of(line.id)}
        return line.model_copy(update={**neutral, "headline": veil.over_own_words(line.headline)})
    veil = Veil(True, (line.shown_name, *_parts(line.shown_name)))
    return line.model_copy(
        update={"shown_name": pseudonym_of(line.candidate_id), "headline": veil.over_own_words(line.headline)}
    )


def listed_of(actor: Actor, one: Listed) -> Listed:
    """Somebody of a shortlist as this actor may see them; the weighing itself saw the untouched words."""
    if not actor.is_blind:
        return one
    veil = veil_of(actor, one.person)
    return replace(one, person=person_of(actor, one.person), match=veiled_match(veil, one.match))


def veiled_match(veil: Veil, match: Match) -> Match:
    """A weighing with the person's own words veiled, years among them; our own sentences keep theirs.

    Ids stay: they tell nobody, and some look like a telephone number.
    """
    fits = {name: veil.over_own_words(getattr(match, name)) for name in ("met", "partial", "missing")}
    ids = {"candidate": match.candidate, "programme": match.programme}
    return veil.over(match).model_copy(update=fits | ids)


def suited_of(veil: Veil, found: Sequence[Suited]) -> tuple[Suited, ...]:
    """The programmes of a person, each weighing veiled."""
    return tuple(replace(one, match=veiled_match(veil, one.match)) for one in found)


def shortlist_of(actor: Actor, page: ShortlistPage) -> ShortlistPage:
    """A page of a shortlist, and the whole of it, as this actor may see it."""
    if not actor.is_blind:
        return page
    whole = replace(page.shortlist, listed=tuple(listed_of(actor, one) for one in page.shortlist.listed))
    return replace(page, shortlist=whole, listed=tuple(listed_of(actor, one) for one in page.listed))
