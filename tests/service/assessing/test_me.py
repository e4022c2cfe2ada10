"""A candidate's pages: what to do, the notice, questions saved as one goes, sending, results, on both databases."""

import html
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from service.tables.assessments import Response
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.assessing.filling_in import answer_all, fill, hidden_of
from tests.service.assessing.test_assessments import SLUGS, best_answers, instrument_of
from tests.service.callers import add_candidate, add_staff, form_token, in_browser

pytestmark = pytest.mark.anyio

EQUIPMENT = "equipment-connection"
BASE = f"/me/questionnaires/{EQUIPMENT}"
REST_OF_THE_PAGE = {"system": "recent", "screens": "2", "own_session": "yes", "sign_in_phone": "yes"}


async def _candidate_page(app: Any, clock: FixedClock, **who: Any) -> httpx.AsyncClient:
    return await in_browser(app, clock, candidate_id=await add_candidate(app, clock, **who))


async def _begin(client: httpx.AsyncClient, slug: str = EQUIPMENT) -> None:
    answer = await client.post(f"/me/questionnaires/{slug}/notice", data=form_token(client))
    assert answer.status_code == 303, answer.text


async def _answer_all(client: httpx.AsyncClient, slug: str) -> httpx.Response:
    instrument = instrument_of(slug)
    return await answer_all(client, instrument, best_answers(instrument))


async def _stored(app: Any) -> dict[str, Any]:
    async with app.state.database.transaction() as session:
        row = await session.scalar(select(Response))
        return dict(row.answers)


async def test_the_first_page_says_what_to_do_how_long_and_the_next_step(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    page = (await client.get("/me")).text
    assert "La prochaine étape" in page
    assert page.count("À faire, environ") == 3
    assert 'href="/me/questionnaires/work-organisation"' in page
    assert "Une personne" in page


async def test_no_question_is_shown_before_the_notice_was_read(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    for path in (BASE, f"{BASE}/pages/computer", f"{BASE}/review"):
        answer = await client.get(path, follow_redirects=True)
        assert answer.url.path == f"{BASE}/notice", path
    notice = answer.text
    for heading in ("Ce qui est mesuré", "Comment cela compte", "Qui voit le résultat", "Qui décide"):
        assert heading in notice
    await _begin(client)
    assert (await client.get(BASE, follow_redirects=True)).url.path == f"{BASE}/pages/computer"
    async with app.state.database.transaction() as session:
        assert (await session.scalar(select(Response))).notice_read_at == clock()


async def test_a_wrong_answer_stays_as_typed_with_its_error_and_the_right_ones_are_kept(
    app: Any, clock: FixedClock
) -> None:
    client = await _candidate_page(app, clock)
    await _begin(client)
    answer = await fill(
        client, f"{BASE}/pages/computer", {"computer_kind": "laptop", "screens": "deux <b>", "memory": "16"}
    )
    assert answer.status_code == 422
    assert "deux &lt;b&gt;" in answer.text
    assert 'href="#screens"' in answer.text
    assert 'id="screens-error"' in answer.text
    assert await _stored(app) == {"computer_kind": "laptop", "memory": 16}
    again = await fill(client, f"{BASE}/pages/computer", {"computer_kind": "laptop", "memory": "\x00"})
    assert again.status_code == 422
    assert (await _stored(app))["memory"] == 16


async def test_one_can_stop_in_the_middle_and_resume_at_the_right_place(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    await _begin(client)
    path = f"{BASE}/pages/computer"
    later = await fill(client, path, {"computer_kind": "tablet"}, go="later")
    assert later.headers["location"] == "/me"
    assert "Commencé\u00a0: 1 réponses" in (await client.get("/me")).text
    assert "Reprendre où" in (await client.get("/me")).text
    assert (await client.get(BASE)).headers["location"] == path
    missing = await fill(client, path, {"computer_kind": "tablet"})
    assert missing.status_code == 422
    assert "Il manque votre réponse" in missing.text
    whole = await fill(client, path, {"computer_kind": "tablet", **REST_OF_THE_PAGE})
    assert whole.headers["location"] == f"{BASE}/pages/sound"
    assert (await client.get(BASE)).headers["location"] == f"{BASE}/pages/sound"


async def test_an_answer_opens_a_further_question_without_any_script(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    await _begin(client)
    path = f"{BASE}/pages/computer"
    assert 'name="own_use"' not in (await client.get(path)).text
    fields = {"computer_kind": "laptop", **REST_OF_THE_PAGE}
    first = await fill(client, path, fields)
    assert first.headers["location"] == path
    opened = await client.get(path)
    assert 'name="own_use"' in opened.text
    assert "ouvre une question de plus" in opened.text
    second = await fill(client, path, fields)
    assert second.headers["location"] == f"{BASE}/pages/sound"


async def test_a_draft_is_saved_at_each_change_and_brings_what_the_page_must_know(
    app: Any, clock: FixedClock
) -> None:
    client = await _candidate_page(app, clock)
    await _begin(client)
    path = f"{BASE}/pages/computer"
    hidden = hidden_of((await client.get(path)).text)
    answer = await client.post(f"{path}/draft", data={**hidden, "computer_kind": "laptop", "screens": "many"})
    assert answer.status_code == 422  # the browser goes on holding what could not be kept
    assert 'id="slot-own_use" hx-swap-oob="true"' in answer.text
    assert 'name="own_use"' in answer.text
    assert await _stored(app) == {"computer_kind": "laptop"}
    assert "laptop" in hidden_of(answer.text)["_base"]


async def test_two_windows_lose_nothing_of_each_other(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    await _begin(client)
    path = f"{BASE}/pages/computer"
    left = right = hidden_of((await client.get(path)).text)
    await client.post(f"{path}/draft", data={**left, "computer_kind": "laptop", "memory": "8"})
    await client.post(f"{path}/draft", data={**right, "screens": "2"})
    assert await _stored(app) == {"computer_kind": "laptop", "memory": 8, "screens": 2}
    now = hidden_of((await client.get(path)).text)
    await client.post(f"{path}/draft", data={**now, "computer_kind": "laptop", "screens": "2"})
    assert await _stored(app) == {"computer_kind": "laptop", "screens": 2}


async def test_sending_freezes_the_answers_and_another_window_is_told(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    sent = await _answer_all(client, EQUIPMENT)
    assert sent.headers["location"] == "/me/results"
    before = await _stored(app)
    late = await client.post(
        f"{BASE}/pages/computer", data={**form_token(client), "computer_kind": "no_computer"}
    )
    assert late.headers["location"] == "/me/results"
    draft = await client.post(f"{BASE}/pages/computer/draft", data={**form_token(client), "screens": "0"})
    assert draft.status_code == 409
    assert (await client.post(f"{BASE}/submission", data=form_token(client))).status_code == 303
    assert await _stored(app) == before


async def test_the_last_look_names_what_is_missing_and_sends_nothing(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    await _begin(client)
    review = await client.get(f"{BASE}/review")
    assert "Il manque" in review.text
    assert f'href="{BASE}/pages/computer#computer_kind"' in review.text
    assert "Envoyer mes réponses" not in review.text
    assert (await client.post(f"{BASE}/submission", data=form_token(client))).status_code == 422


async def test_results_show_point_band_parts_gaps_and_how_to_talk_to_a_person(
    app: Any, clock: FixedClock
) -> None:
    client = await _candidate_page(app, clock)
    assert "Pas encore de résultat" in (await client.get("/me/report")).text
    for slug in SLUGS:
        assert (await _answer_all(client, slug)).headers["location"] == "/me/results"
    page = (await client.get("/me/report")).text
    assert page.count('<figure class="score">') == 3
    assert "Toutes les questions qui comptent ont une réponse" in page
    assert instrument_of(SLUGS[0]).bands[0].label.fr in html.unescape(page)
    assert "Une personne décide" in page
    assert 'action="/me/talk"' in page
    assert "Vos trois questionnaires sont envoyés" in (await client.get("/me")).text


async def test_asking_for_a_talk_writes_to_a_person_once_a_day(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock)
    recruiter = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    await recruiter.post(f"/candidates/{candidate_id}/invitations", data=form_token(recruiter))
    client = await in_browser(app, clock, candidate_id=candidate_id)
    for _ in range(2):
        assert (await client.post("/me/talk", data=form_token(client))).status_code == 303
    assert await _recipients(app, candidate_id) == ["ines@example.com", "recruiter@example.com"]


async def _recipients(app: Any, candidate_id: UUID) -> list[str]:
    async with app.state.database.transaction() as session:
        rows = await session.scalars(select(Mail).where(Mail.candidate_id == candidate_id))
        return sorted(row.recipient for row in rows)


async def test_the_same_pages_are_there_in_english(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    await client.get("/language/en")
    await _begin(client)
    page = (await client.get(f"{BASE}/pages/computer")).text
    assert 'lang="en"' in page
    assert "What computer can you use?" in page


async def test_a_form_without_its_token_changes_nothing(app: Any, clock: FixedClock) -> None:
    client = await _candidate_page(app, clock)
    assert (await client.post(f"{BASE}/notice", data={})).status_code == 403
    async with app.state.database.transaction() as session:
        assert await session.scalar(select(Response)) is None


async def test_staff_have_no_such_pages(app: Any, clock: FixedClock) -> None:
    client = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    assert (await client.get("/me")).status_code == 403
