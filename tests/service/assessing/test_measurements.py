"""A measured line through pages and API on both databases: who may, what is kept, what is refused, who learns of it."""

import hmac
import json
from base64 import b64encode
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select

from service.http.traffic import SLACK
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.store.assessing import measurements as store
from service.tables.evidence import Evidence
from service.tables.measurements import Measurement
from service.tables.people import Candidate
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.callers import (
    add_candidate,
    add_staff,
    as_staff,
    client_of,
    form_token,
    in_browser,
    session_of,
)
from tests.service.cast import PROFILE

pytestmark = pytest.mark.anyio

SAMPLES: dict[str, Any] = {
    "idle": [{"at_ms": 50 * n, "ms": ms} for n, ms in enumerate((20, 22, 19, 40, 21, 20, 25, 20))],
    "down": [{"at_ms": 900, "bytes": 1_000_000, "ms": 400.0}],
    "up": [{"at_ms": 1900, "bytes": 250_000, "ms": 400.0}],
}


def slow(**changes: Any) -> dict[str, Any]:
    """The same on a weaker line."""
    weak = {
        "idle": [{"at_ms": 50 * n, "ms": 180.0} for n in range(8)],
        "down": [{"at_ms": 900, "bytes": 100_000, "ms": 400.0}],
    }
    return SAMPLES | weak | changes


async def opened(client: httpx.AsyncClient) -> str:
    """The path of a fresh measuring."""
    answer = await client.post("/me/measurement", data=form_token(client))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def sent(
    client: httpx.AsyncClient, path: str, samples: object = SAMPLES, **more: str
) -> httpx.Response:
    text = samples if isinstance(samples, str) else json.dumps(samples)
    return await client.post(path, data={**form_token(client), "samples": text, **more})


async def measured(client: httpx.AsyncClient, samples: object = SAMPLES, **more: str) -> str:
    """Measure once; the id of what was kept."""
    path = await opened(client)
    answer = await sent(client, path, samples, **more)
    assert answer.status_code == 303, answer.text
    return path.rpartition("/")[2]


async def rows(app: Any) -> list[Measurement]:
    async with app.state.database.transaction(write=False) as session:
        return list(await session.scalars(select(Measurement).order_by(Measurement.opened_at)))


@pytest.fixture
async def person(app: Any, clock: FixedClock) -> UUID:
    return await add_candidate(app, clock, profile=PROFILE | {"home": {"noise": "low", "wired": False}})


@pytest.fixture
async def client(app: Any, clock: FixedClock, person: UUID) -> httpx.AsyncClient:
    return await in_browser(app, clock, candidate_id=person)


async def test_the_page_says_the_three_moments_the_bytes_and_what_is_kept(client: httpx.AsyncClient) -> None:
    page = (await client.get("/me/measurement")).text
    for words in (
        "Le matin", "L’après-midi", "Le soir", "C&#39;est le moment", "41 Mo", "JavaScript",
        "Ni votre adresse internet",
    ):  # fmt: skip
        assert words in page, words
    assert "Ce qui a été mesuré" not in page


async def test_only_the_measuring_page_may_ask_for_the_microphone(client: httpx.AsyncClient) -> None:
    run = await client.get(await opened(client))
    assert "microphone=(self)" in run.headers["permissions-policy"]
    assert run.text.count("<script") == 4
    assert "unsafe" not in run.headers["content-security-policy"]
    for path in ("/me", "/me/measurement", "/sign-in"):
        assert "microphone=()" in (await client.get(path)).headers["permissions-policy"]


async def test_what_is_kept_has_every_sample_and_no_address(
    app: Any, client: httpx.AsyncClient, clock: FixedClock
) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0 Secret/9"
    client.headers["user-agent"] = agent
    await measured(client, wired="yes")
    (row,) = await rows(app)
    assert row.samples is not None
    assert row.samples["idle"] == [{"at_ms": one["at_ms"], "ms": one["ms"]} for one in SAMPLES["idle"]]
    assert (row.part_of_day, row.is_wired, row.browser_family) == ("afternoon", True, "Firefox")
    assert row.taken_at == clock()
    assert row.result is not None
    assert row.result["measured"]["download_kbps"] == 20_000
    text = json.dumps(row.model_dump(mode="json"))
    assert "127.0.0.1" not in text
    assert "Secret" not in text


async def test_the_part_of_the_day_is_that_of_a_clock_in_france(
    app: Any, client: httpx.AsyncClient, clock: FixedClock
) -> None:
    for hours in (0, 5, 11):  # 12:00, 17:00 and 23:00 UTC are 13, 18 and midnight in Paris in November
        clock.now = clock.now.replace(hour=12) + timedelta(hours=hours)
        await measured(client)
    assert [row.part_of_day for row in await rows(app)] == ["afternoon", "evening", "evening"]


async def test_the_page_shows_each_moment_and_what_counts_in_plain_words(
    client: httpx.AsyncClient, clock: FixedClock
) -> None:
    await measured(client)
    clock.move(hours=7)
    await measured(client, slow())
    page = (await client.get("/me/measurement")).text
    for words in (
        "Ce qui a été mesuré", "20\u00a0Mbit/s", "2\u00a0Mbit/s", "non mesuré", "G.711 PLC", "06/2015",
        "moins bon des trois",
    ):  # fmt: skip
        assert words in page, words
    assert "Pas encore mesuré. Revenez" in page
    await client.get("/language/en")
    english = (await client.get("/me/measurement")).text
    assert "not measured" in english
    assert "20\u00a0Mbit/s" in english


async def test_a_measured_line_takes_the_place_of_a_declared_one_and_stays_through_an_edit(
    app: Any, client: httpx.AsyncClient, clock: FixedClock, person: UUID
) -> None:
    await measured(client, wired="yes")
    clock.move(hours=7)
    await measured(client, slow(), wired="no")
    wanted = {"download_mbps": 2.0, "upload_mbps": 5.0, "latency_ms": 180.0, "jitter_ms": 8.0}
    assert await _home(app, person) == {"noise": "low", "wired": False, "measured": wanted}
    claimed = {"download_mbps": 999.0, "upload_mbps": 999.0, "latency_ms": 1.0}
    owner = client_of(app, await session_of(app, clock, candidate_id=person))
    version = (await owner.get(f"/api/v1/candidates/{person}")).headers["etag"]
    answer = await owner.patch(
        f"/api/v1/candidates/{person}",
        json={"profile": {"home": {"noise": "medium", "measured": claimed}}},
        headers={"if-match": version},
    )
    assert answer.status_code == 200, answer.text
    assert await _home(app, person) == {"noise": "medium", "wired": False, "measured": wanted}


async def _home(app: Any, person: UUID) -> Any:
    async with app.state.database.transaction(write=False) as session:
        return (await session.get_one(Candidate, person)).profile["home"]


async def test_measured_questions_are_filled_from_what_counts(
    app: Any, client: httpx.AsyncClient, clock: FixedClock
) -> None:
    asked = {
        item.id: item.measure.value
        for one in app.state.editions.instruments_on(clock().date())
        for item in one.measurements
    }
    await measured(client)
    async with app.state.database.transaction(write=False) as session:
        pieces = list(await session.scalars(select(Evidence)))
    (row,) = await rows(app)
    assert row.result is not None
    known = row.result["measured"]
    assert {one.item: one.value for one in pieces} == {
        item: known[measure] for item, measure in asked.items() if measure in known
    }


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (SAMPLES | {"down": [{"at_ms": 1, "bytes": 25_000_000, "ms": 20}]}, "La réception : 10000000"),
        (SAMPLES | {"idle": [{"at_ms": 1, "ms": -4}] * 8}, "Les délais au repos : -4"),
        (SAMPLES | {"idle": [{"at_ms": 9 - n, "ms": 4} for n in range(8)]}, "les moments reculent"),
        (SAMPLES | {"idle": [{"at_ms": 1, "ms": 4}] * 10_000}, "10000 valeurs, 400 au plus"),
        ('{"idle": NaN}', "pas pu être lue"),
        ("", "pas pu être lue"),
        ('{"idle": [], "idle": []}', "pas pu être lue"),
        ("[" * 5000, "pas pu être lue"),
        (SAMPLES | {"r": 94}, "un champ est inconnu"),
    ],
)
async def test_a_hostile_measurement_is_kept_out_with_what_to_do(
    app: Any, client: httpx.AsyncClient, person: UUID, samples: object, words: str
) -> None:
    path = await opened(client)
    answer = await sent(client, path, samples)
    assert answer.status_code == 422
    assert words in answer.text
    assert "esurez de nouveau" in answer.text
    (row,) = await rows(app)
    assert (row.samples, row.result, row.taken_at) == (None, None, None)
    assert "measured" not in await _home(app, person)
    assert (await sent(client, path)).status_code == 303, "the same measuring may still be kept"


async def test_a_surprising_line_is_kept_and_a_person_is_told(
    app: Any, client: httpx.AsyncClient, clock: FixedClock, person: UUID
) -> None:
    await measured(client, SAMPLES | {"down": [{"at_ms": 1, "bytes": 10_000_000, "ms": 20}]})
    recruiter = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    assert "Une valeur surprend" in (await recruiter.get(f"/candidates/{person}")).text


async def test_a_measurement_sent_twice_is_kept_once(app: Any, client: httpx.AsyncClient) -> None:
    path = await opened(client)
    first, second = await sent(client, path), await sent(client, path, slow())
    assert (first.status_code, second.status_code) == (303, 303)
    (row,) = await rows(app)
    assert row.result is not None
    assert row.result["measured"]["download_kbps"] == 20_000
    assert (await client.get(path)).headers["location"] == "/me/measurement"


async def test_a_measuring_left_open_too_long_is_over(
    app: Any, client: httpx.AsyncClient, clock: FixedClock
) -> None:
    path = await opened(client)
    clock.move(minutes=21)
    assert (await client.get(path)).status_code == 303
    assert (await sent(client, path)).status_code == 303
    assert (await client.get(f"{path}/down?bytes=0")).status_code == 410
    (row,) = await rows(app)
    assert row.samples is None


async def test_nobody_opens_measurings_without_end(client: httpx.AsyncClient) -> None:
    for _ in range(12):
        await opened(client)
    answer = await client.post("/me/measurement", data=form_token(client))
    assert answer.status_code == 429


async def test_bytes_come_down_as_asked_and_say_how_long_the_server_took(client: httpx.AsyncClient) -> None:
    path = await opened(client)
    for size in (0, 1, 65_536, 1_000_000):
        answer = await client.get(f"{path}/down?bytes={size}&during=idle")
        assert answer.status_code == 200
        assert len(answer.content) == size
        assert answer.headers["content-length"] == str(size)
        assert "no-store" in answer.headers["cache-control"]
        assert answer.headers["server-timing"].startswith("cfReqDur;dur=")
        assert "content-encoding" not in answer.headers


async def test_bytes_go_up_are_counted_and_thrown_away(app: Any, client: httpx.AsyncClient) -> None:
    path = await opened(client)
    body = "0" * 500_000
    answer = await client.post(
        f"{path}/up?bytes=500000", content=body, headers={"content-type": "text/plain"}
    )
    assert answer.json() == {"bytes": 500_000}
    for kind in ("application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = await client.post(f"{path}/up", content=b"{}", headers={"content-type": kind})
        assert answer.status_code == 415, kind
    too_much = await client.post(f"{path}/up", content=b"0" * 10_000_001)
    assert too_much.status_code == 413


async def test_a_measuring_moves_no_more_than_its_share(app: Any, client: httpx.AsyncClient) -> None:
    path = await opened(client)
    plan = app.state.editions.line_policies[-1].plan("full")
    assert (await client.get(f"{path}/down?bytes={plan.largest + 1}")).status_code == 413
    assert (await client.get(f"{path}/down?bytes=-1")).status_code == 400
    assert (await client.get(f"{path}/down?bytes=x")).status_code == 400
    share = SLACK * plan.most_bytes("download") // plan.largest
    statuses = [(await client.get(f"{path}/down?bytes={plan.largest}")).status_code for _ in range(share + 1)]
    assert statuses == [200] * share + [429]


async def test_nobody_else_may_use_a_measuring(
    app: Any, client: httpx.AsyncClient, clock: FixedClock
) -> None:
    path = await opened(client)
    other = await in_browser(
        app, clock, candidate_id=await add_candidate(app, clock, email="noe@example.com", pseudonym="P-2")
    )
    staff = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    nobody = client_of(app)
    for caller, wanted in ((other, 404), (staff, 403)):
        assert (await caller.get(path)).status_code == wanted
        assert (await caller.get(f"{path}/down?bytes=10")).status_code == wanted
        assert (await caller.post(f"{path}/up", content=b"0")).status_code == wanted
        assert (await sent(caller, path)).status_code == wanted
    assert (await nobody.get(f"{path}/down?bytes=10")).headers["location"] == "/sign-in"
    assert (await nobody.post(f"{path}/up", content=b"0")).status_code == 401
    assert (await client.get(f"/me/measurement/{uuid4()}/down?bytes=10")).status_code == 404
    await measured(client)
    kept = (await rows(app))[-1]
    assert (await client.get(f"/me/measurement/{kept.id}/down?bytes=10")).status_code == 410


async def test_no_transfer_holds_the_database(app: Any, client: httpx.AsyncClient) -> None:
    """On SQLite one writer waits for another: an upload that held a writing transaction would stop the service."""
    path = await opened(client)

    async def body() -> Any:
        yield b"0" * 1000
        async with app.state.database.transaction() as session:
            await session.execute(select(func.count()).select_from(Measurement))
        yield b"0" * 1000

    answer = await client.post(f"{path}/up", content=body(), headers={"content-type": "text/plain"})
    assert answer.json() == {"bytes": 2000}


async def test_recruiters_read_the_figures_and_download_the_samples_and_it_is_noted(
    app: Any, client: httpx.AsyncClient, clock: FixedClock, person: UUID
) -> None:
    measurement_id = await measured(client)
    api = await as_staff(app, clock)
    (one,) = (await api.get(f"/api/v1/candidates/{person}/measurements")).json()
    assert one["id"] == measurement_id
    assert (one["codec"], one["edition"]) == ("G.711 PLC", "2026-11")
    assert one["r"] == pytest.approx(93.2)
    assert "G.107" in one["formula"]
    assert "samples" not in one
    whole = (await api.get(f"/api/v1/measurements/{measurement_id}")).json()
    assert len(whole["samples"]["idle"]) == 8
    page = await in_browser(app, clock, staff_id=await add_staff(app, clock, email="zoe@example.com"))
    shown = (await page.get(f"/candidates/{person}")).text
    for words in ("Ligne mesurée", "93,2", "G.711 PLC", "06/2015", f"/measurements/{measurement_id}"):
        assert words in shown, words
    file = await page.get(f"/candidates/{person}/measurements/{measurement_id}")
    assert file.headers["content-disposition"].startswith("attachment")
    assert len(file.json()["samples"]["idle"]) == 8
    assert (await page.get(f"/candidates/{uuid4()}/measurements/{measurement_id}")).status_code == 404
    async with app.state.database.transaction(write=False) as session:
        actions = list(await session.scalars(select(AuditEntry.action)))
    assert actions.count("measurement.read") == 2
    assert actions.count("measurement.list") == 1
    assert {"measurement.open", "measurement.keep"} <= set(actions)


async def test_the_person_reads_their_own_and_others_read_none(
    app: Any, client: httpx.AsyncClient, clock: FixedClock, person: UUID
) -> None:
    measurement_id = await measured(client)
    own = client_of(app, await session_of(app, clock, candidate_id=person))
    (one,) = (await own.get("/api/v1/me/measurements")).json()
    assert one["id"] == measurement_id
    assert (await own.get(f"/api/v1/measurements/{measurement_id}")).status_code == 403
    trainer = await as_staff(app, clock, Role.TRAINER)
    assert (await trainer.get(f"/api/v1/measurements/{measurement_id}")).status_code == 403
    assert (await trainer.get(f"/api/v1/candidates/{person}/measurements")).status_code == 403


async def test_a_relay_is_named_only_where_one_is_set(app: Any, client: httpx.AsyncClient) -> None:
    page = (await client.get(await opened(client))).text
    assert 'data-relay="{}"' in page


async def test_a_relay_that_is_set_reaches_the_page_with_credentials_of_this_measuring_alone(
    app: Any, client: httpx.AsyncClient, clock: FixedClock
) -> None:
    before = (await client.get("/me/measurement")).text
    relay = {"turn_url": "turn:relay.example.com:3478?transport=udp", "turn_secret": "north"}
    app.state.settings = Settings(**{**app.state.settings.model_dump(), **relay})
    assert "relay.example.com" in (await client.get("/me/measurement")).text
    assert "relay.example.com" not in before
    path = await opened(client)
    answer = await client.get(path)
    given = json.loads(unescape(answer.text.partition('data-relay="')[2].partition('"')[0]))
    until, _, measuring = given["user"].partition(":")
    # What coturn does with `use-auth-secret`: the name says until when, its HMAC-SHA1 is the password.
    password = hmac.digest(b"north", given["user"].encode(), "sha1")
    assert given == {
        "uri": "relay.example.com:3478",
        "user": given["user"],
        "password": b64encode(password).decode(),
    }
    assert UUID(measuring) == UUID(path.rpartition("/")[2])
    assert clock().timestamp() < int(until) <= (clock() + timedelta(minutes=20)).timestamp()
    assert "north" not in answer.text
    assert "connect-src 'self'" in answer.headers["content-security-policy"], (
        "the relay opens no door for scripts"
    )
    other = json.loads(
        unescape((await client.get(await opened(client))).text.partition('data-relay="')[2].partition('"')[0])
    )
    assert other["password"] != given["password"]


async def test_an_open_measuring_is_no_measurement(
    app: Any, client: httpx.AsyncClient, clock: FixedClock, person: UUID
) -> None:
    path = await opened(client)
    api = await as_staff(app, clock)
    assert (await api.get(f"/api/v1/candidates/{person}/measurements")).json() == []
    assert (await api.get(f"/api/v1/measurements/{path.rpartition('/')[2]}")).status_code == 404
    async with app.state.database.transaction(write=False) as session:
        assert await store.kept_by(session, person) == ()
