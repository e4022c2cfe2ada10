"""The API does what its description says: schemathesis over every operation, on the real application."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.ext.asyncio import AsyncSession

from service.app import create_app
from service.flows.accounts import signing_in
from service.http.rights import matrix
from service.runtime.clock import system_clock
from service.runtime.database import Database
from service.runtime.schema import upgrade
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose, Role, Source
from service.tables.people import Candidate

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)

schemathesis.openapi.format(
    "email", strategies.sampled_from(["ada@example.com", "léo@example.org", "x@y.example"])
)


@pytest.fixture(scope="module")
def bearer_and_schema(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[Role, str], Any]:
    folder = tmp_path_factory.mktemp("described")
    chosen = Settings(
        data_dir=folder, rate_limit_per_minute=10**9, sign_ins_per_minute=10**9, log_level="CRITICAL"
    )
    upgrade(chosen)
    bearers = asyncio.run(_bearers(chosen))
    return bearers, schemathesis.openapi.from_asgi("/schema/openapi.json", create_app(chosen))


async def _bearers(chosen: Settings) -> dict[Role, str]:
    """A session token for one person of each role."""
    database = Database(chosen.async_database_url)
    bearers = {}
    for role in (Role.RECRUITER, Role.TRAINER, Role.ADMINISTRATOR, Role.APPROVER, Role.CANDIDATE):
        async with database.transaction() as session:
            person = await _person(session, role)
            _, link = signing_in.make_link(
                session, purpose=LinkPurpose.SIGN_IN, now=system_clock(), days=1, **person
            )
            await session.flush()
            opened = await signing_in.open_link(session, link, settings=chosen, now=system_clock())
            bearers[role] = opened.token
    await database.close()
    return bearers


async def _person(session: AsyncSession, role: Role) -> dict[str, UUID]:
    now = system_clock()
    if role is Role.CANDIDATE:
        candidate = Candidate(
            pseudonym="Candidat A1", source=Source.ENTERED, profile=PROFILE, created_at=now, updated_at=now
        )
        session.add(candidate)
        await session.flush()
        return {"candidate_id": candidate.id}
    staff_id = await signing_in.add_staff(
        session, name=role.value, email=f"{role.value}@example.com", role=role, now=now
    )
    await session.flush()
    return {"staff_id": staff_id}


PROFILE = {
    "id": "x1",
    "skills": ["appels entrants"],
    "languages": [{"code": "fr", "cefr": "C2"}],
    "availability": [{"day": 1, "from": "09:00", "to": "17:00"}],
}

OPERATIONS = sorted(name for name in matrix() if not name.startswith("web."))


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_answers_as_described(
    operation_id: str, bearer_and_schema: tuple[dict[Role, str], Any]
) -> None:
    """Each operation is called by somebody who may call it, so that its own code answers."""
    bearers, schema = bearer_and_schema
    operation = schema.find_operation_by_id(operation_id)
    roles = matrix()[operation_id].roles
    bearer = bearers[next((role for role in bearers if role.value in roles), Role.RECRUITER)]

    @given(case=operation.as_strategy())
    @settings(
        max_examples=15,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answers_as_described(case: Case) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {bearer}"}
        case.call_and_validate(checks=list(CHECKS))

    answers_as_described()
