"""Ids in paths: whatever is not one's own row is the same 404, byte for byte."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests.service.hostile.bodies import bodies
from tests.service.hostile.place import Place, client_of, listed, operations

pytestmark = pytest.mark.anyio

NOBODYS = (
    "0", "-1", str(2**64), "%00", "..%2f..%2fetc%2fpasswd", "%2e%2e", "a" * 10_000, "%F0%9F%98%80", "null", "undefined",
    "%0d%0aSet-Cookie:%20a=b", "'%20OR%201=1--", "%ED%A0%80", "*", "{}", "%25", "\u0430bc",
)  # fmt: skip
ASKED = {
    "standings.list": {"dimension": "autonomy"},
    "skills.remove_alias": {"name": "mot"},
    "onboarding.start_ahead": {"start_date": "2026-12-14"},
}
"""Questions that an operation must be asked with before its path is looked at."""

PARTS_OF_NAMES = ("module", "month", "slug", "half", "desk", "edition", "path")
"""Path members that name a thing of an edition, of the calendar or of the house, not a row."""

OWN_TOKEN = ("package_reports.create",)
"""Who asks is known by the token of a window alone: without it, 401 whatever the address."""


def _picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (2, 2)).save(kept, "PNG")
    return kept.getvalue()


UPLOAD: dict[str, Any] = {
    "files": {"file": ("a.png", _picture(), "image/png")},
    "data": {"instrument": "home-workplace", "item": "electrical_file"},
}


def _spellings(known: str) -> tuple[str, ...]:
    """An id that exists, written in ways that are not its name."""
    return (
        known.upper(),
        f"{{{known}}}",
        known.replace("-", ""),
        f"urn:uuid:{known}",
        f"{known}%20",
        f"%20{known}",
    )


async def test_what_is_no_row_of_mine_is_one_and_the_same_404(place: Place) -> None:
    valid, wrong = bodies(place.ids), []
    async with client_of(place.app) as client:
        for one in operations(place.app):
            members = [part[1:-1] for part in one.path.split("/") if part.startswith("{")]
            for member in members:
                if member in PARTS_OF_NAMES or one.name in OWN_TOKEN:
                    continue
                headers = {
                    "Authorization": f"Bearer {place.bearer_for(one.name)}",
                    "If-Match": "*",
                    "Idempotency-Key": uuid4().hex,
                }
                shapes = set()
                foreign = [str(uuid4()), *NOBODYS]
                if member in place.ids:
                    foreign += _spellings(place.ids[member])
                for bad in foreign:
                    path = place.filled(one.path.replace(f"{{{member}}}", bad))
                    sent = (
                        UPLOAD if one.media_type == "multipart/form-data" else {"json": valid.get(one.name)}
                    )
                    answer = await client.request(
                        one.method, path, headers=headers, params=ASKED.get(one.name), **sent
                    )
                    told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
                    problem = told if isinstance(told, dict) else {"told": told}
                    problem.pop("instance", None)
                    shapes.add(str(problem))
                    if answer.status_code != 404:
                        wrong.append((one.name, member, bad[:60], answer.status_code, answer.text[:200]))
                if len(shapes) != 1:
                    wrong.append((one.name, member, "shapes", shapes))
    assert not wrong, listed(wrong)


OWN = (
    ("/me/offers/{offer_id}", "other"),
    ("/me/responses/{response_id}", "other"),
    ("/me/assignments/{assignment_id}", "other"),
    ("/applications/{application_id}", "other"),
    ("/applications/{application_id}/match", "other"),
    ("/candidates/{candidate_id}", "other"),
)


async def test_another_persons_row_is_byte_for_byte_what_does_not_exist(place: Place) -> None:
    for path, who in OWN:
        async with client_of(place.app, place.bearers[who]) as client:
            member = path.partition("{")[2].partition("}")[0]
            theirs = await client.get(f"/api/v1{place.filled(path)}")
            nobodys = await client.get(f"/api/v1{path.replace(f'{{{member}}}', str(uuid4()))}")
        assert theirs.status_code == nobodys.status_code == 404, (path, theirs.text)
        first, second = theirs.json(), nobodys.json()
        assert first.pop("instance") != second.pop("instance")
        assert first == second
        assert _said(theirs.headers) == _said(nobodys.headers)


def _said(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer without what a clock counts down."""
    return {name: value for name, value in headers.items() if not name.startswith("ratelimit-")}
