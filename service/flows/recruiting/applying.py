"""People apply themselves, on a page that is open to anybody and tells nobody who is already known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.people import candidates
from service.flows.people.candidates import Identity
from service.flows.recruiting import applications
from service.runtime.actors import ANONYMOUS
from service.runtime.editions import Editions
from service.runtime.vocabulary import ProgrammeState, Source
from service.store.recruiting import programmes


async def apply_oneself(
    session: AsyncSession,
    *,
    identity: Identity,
    profile: Mapping[str, Any],
    programme_ids: Sequence[UUID],
    editions: Editions,
    now: datetime,
) -> None:
    """Enter the person and the applications to programmes that are open; others are passed over.

    An address that is known already makes a second file, which recruiters see marked as a likely duplicate: whoever
    types somebody else's address can neither read, change nor find out anything.
    """
    facts = await candidates.create_candidate(
        session,
        ANONYMOUS,
        profile=profile,
        identity=identity,
        source=Source.APPLIED,
        editions=editions,
        now=now,
    )
    is_open = {one.id for one in await programmes.open_to_all(session) if one.state is ProgrammeState.OPEN}
    wanted = [programme_id for programme_id in programme_ids if programme_id in is_open]
    await applications.apply_in_person(
        session, ANONYMOUS, candidate_id=facts.id, programme_ids=wanted, now=now
    )
