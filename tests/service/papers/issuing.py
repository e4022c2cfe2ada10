"""A paper that needs little, issued through the API and drawn in this process as the durable run would."""

import hashlib
import json
from typing import Any
from uuid import UUID

from documents.kinds import DocumentKind
from documents.packs import render_document
from documents.papers.shelf import examples_of
from documents.pdf import count_pages
from service.flows.papers import papers
from service.runtime.vault import installation_vault
from tests.conftest import FixedClock
from tests.service.cast import api
from tests.service.papers.offering import Scene, new_key

OCCUPATION: dict[str, Any] = {
    "reason": "telework_agreed",
    "telework_agreed_on": "2026-11-20",
    "work_area": "bureau dans une pièce qui sert aussi de chambre d'amis",
    "home_m2": "62",
    "work_m2": "7",
    "basis": "agreed_sum",
    "agreed_cents": 3000,
    "agreed_because": "surface occupée, cinq jours par semaine",
    "start": "2026-12-07",
    "review_on": "2027-12-01",
}


def valid_number() -> str:
    """A made-up number of a woman born in May 1994 in Finistère, with the key that fits."""
    body = "2940529019001"
    return f"{body}{97 - int(body) % 97:02d}"


def wish(
    kind: str = "occupation_letter", details: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """The body that asks for a paper."""
    return {"kind": kind, "details": OCCUPATION if details is None else details, **more}


def example(kind: str, *, number: int = 0) -> dict[str, Any]:
    """The body that asks for a kind with the details of one of its examples."""
    texts = list(examples_of(DocumentKind(kind)).values())
    details = json.loads(texts[number]).get("details", {})
    details.pop("nir", None)  # the person gives it, and nobody types it
    return wish(kind, details)


async def issue(app: Any, scene: Scene, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A paper as the API answers it."""
    async with api(app, scene.recruiter) as client:
        answer = await client.post(
            f"/applications/{scene.application_id}/papers", json=body or wish(), headers=new_key()
        )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def draw(app: Any, clock: FixedClock, paper_id: str) -> bytes:
    """What the durable run does, in this process; done twice, it is there once."""
    vault = installation_vault(app.state.settings)
    async with app.state.database.transaction() as session:
        plan = await papers.plan_of(session, UUID(paper_id), vault=vault)
    assert plan is not None
    content = render_document(plan)
    kept = papers.kept_bytes(plan, UUID(paper_id), content, vault=vault)
    drawn = papers.Drawn(
        sha256=hashlib.sha256(content).hexdigest() if kept is content else "",
        file_sha256=app.state.files.put(kept),
        size_bytes=len(content),
        pages=count_pages(content),
    )
    for _ in range(2):
        async with app.state.database.transaction() as session:
            await papers.keep(session, UUID(paper_id), drawn, settings=app.state.settings, now=clock())
    return content
