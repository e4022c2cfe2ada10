"""The pages of training, for trainers and learners, as a browser without scripts meets them."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event

from service.flows.paths import paths
from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, add_staff, as_staff, form_token, in_browser
from tests.service.learning.test_assignments import PATH, give
from tests.service.learning.test_assignments import people as some_people

pytestmark = pytest.mark.anyio


async def trainer_pages(app: Any, clock: FixedClock) -> httpx.AsyncClient:
    staff = await add_staff(app, clock, Role.TRAINER, email="formation@example.com", name="Nour Petit")
    return await in_browser(app, clock, staff_id=staff)


async def given_to(app: Any, clock: FixedClock, person: str, start: str = "2026-11-24") -> str:
    api = await as_staff(app, clock, Role.TRAINER, email=f"{person[:8]}@staff.example.com")
    return str((await give(api, candidate_id=person, start_date=start)).json()["assignments"][0])


async def learner_pages(
    app: Any, clock: FixedClock, start: str = "2026-11-24"
) -> tuple[httpx.AsyncClient, str]:
    """A learner's browser, and the address of the path."""
    person = await add_candidate(app, clock)
    assignment = await given_to(app, clock, str(person), start)
    return await in_browser(app, clock, candidate_id=person), f"/me/training/{assignment}"


def keys(app: Any, module: str) -> dict[str, list[str]]:
    path = paths.to_give(app.state.editions, PATH, today=date(2026, 11, 24))
    return {f"q-{one.slug}": sorted(one.key) for one in paths.module_of(path, module).quiz}


def attempt_named(page: str) -> str:
    found = re.search(r'name="attempt" value="([^"]+)"', page)
    assert found
    return found[1]


async def test_a_learner_reads_answers_and_sees_why(app: Any, clock: FixedClock) -> None:
    learner, path = await learner_pages(app, clock)
    listed = await learner.get("/me/training")
    assert "L’essentiel du travail à domicile" in listed.text
    page = re.search(rf'href="({path}/modules/[^/]+/pages/[^"]+)"', listed.text)
    assert page, "the next step is a link"
    at = page[1]
    while "/pages/" in at:
        shown = await learner.get(at)
        assert shown.status_code == 200, shown.text
        assert "<strong>" in shown.text or "<p>" in shown.text
        at = (await learner.post(at, data=form_token(learner))).headers["location"]
    assert at.endswith("/quiz")
    quiz = await learner.get(at)
    module = at.split("/")[-2]
    answers = {**form_token(learner), "attempt": attempt_named(quiz.text), **keys(app, module)}
    twins = [(await learner.post(at, data=answers)).headers["location"] for _ in range(2)]
    assert twins[0] == twins[1], "the same form sent twice is one attempt"
    mark = await learner.get(twins[0])
    assert "100 % de bonnes réponses" in mark.text
    assert "Votre choix" in mark.text
    assert "Module validé" in (await learner.get(at.removesuffix("/quiz"))).text


async def test_an_incomplete_quiz_keeps_what_was_chosen_and_says_what_is_missing(
    app: Any, clock: FixedClock
) -> None:
    learner, path = await learner_pages(app, clock)
    quiz = f"{path}/modules/your-post/quiz"
    attempt = attempt_named((await learner.get(quiz)).text)
    (first, chosen), *others = keys(app, "your-post").items()
    again = await learner.post(quiz, data={**form_token(learner), "attempt": attempt, first: chosen})
    assert again.status_code == 422
    assert len(re.findall(r"\schecked", again.text)) == len(chosen)
    assert again.text.count("Choisissez une réponse.") == 2 * len(others)  # in the summary and beside
    assert attempt_named(again.text) == attempt


async def test_pages_speak_english_when_asked(app: Any, clock: FixedClock) -> None:
    learner, path = await learner_pages(app, clock)
    learner.cookies.set("homeshore_language", "en")
    assert "Homeworking essentials" in (await learner.get(path)).text


async def test_a_locked_module_leads_back_with_its_reason(app: Any, clock: FixedClock) -> None:
    learner, path = await learner_pages(app, clock, start="2026-12-01")
    back = await learner.get(f"{path}/modules/your-post/pages/place")
    assert (back.status_code, back.headers["location"]) == (303, path)
    assert "début du parcours" in (await learner.get(path)).text
    assert (await learner.get(f"{path}/modules/your-post/quiz")).status_code == 303


async def test_anothers_training_is_not_there(app: Any, clock: FixedClock) -> None:
    _, path = await learner_pages(app, clock)
    other = await add_candidate(app, clock, given_name="Malo", email="malo@example.com", pseudonym="P-2")
    intruder = await in_browser(app, clock, candidate_id=other)
    for at in ("", "/modules/your-post", "/modules/your-post/pages/place", "/modules/your-post/quiz"):
        assert (await intruder.get(path + at)).status_code == 404
    assert (
        await intruder.post(f"{path}/modules/your-post/quiz", data=form_token(intruder))
    ).status_code == 404
    assert (await intruder.get(path.replace("/me/training", "/training/assignments"))).status_code == 403


async def test_a_trainer_makes_a_group_fills_it_and_gives_it_a_path(app: Any, clock: FixedClock) -> None:
    person, later = await some_people(app, clock, 2)
    trainer = await trainer_pages(app, clock)
    token = form_token(trainer)
    wrong = await trainer.post("/training/cohorts", data={**token, "name": "", "start_date": "2026-11-24"})
    assert wrong.status_code == 422
    assert "Donnez un nom" in wrong.text
    made = await trainer.post(
        "/training/cohorts", data={**token, "name": "Vague 1", "start_date": "2026-11-24"}
    )
    group = made.headers["location"]
    nobody = await trainer.post(f"{group}/members", data=token)
    assert nobody.status_code == 422
    await trainer.post(f"{group}/members", data={**token, "candidates": [person]})
    form = {**token, "cohort": group.split("/")[-1], "path": PATH, "start_date": "2026-11-24"}
    both = await trainer.post("/training/assign", data={**form, "candidate": person})
    assert both.status_code == 422
    assert "pas les deux" in both.text
    done = await trainer.post("/training/assign", data=form)
    assert (done.status_code, done.headers["location"]) == (303, "/training")
    board = await trainer.get("/training")
    assert "Personne0" in board.text
    assert "Vague 1" in board.text
    joined = {**token, "candidates": [later], "with_paths": "yes", "paths_from": "2026-12-01"}
    assert (await trainer.post(f"{group}/members", data=joined)).status_code == 303
    page = await trainer.get(group)
    assert page.text.count("2 déc. 2026") == 1
    assert (await trainer.post(f"{group}/members/{later}/remove", data=token)).status_code == 303


async def test_a_trainer_sees_attempts_and_what_day_one_needs(app: Any, clock: FixedClock) -> None:
    learner, path = await learner_pages(app, clock)
    quiz = f"{path}/modules/your-post/quiz"
    wrong = {name: chosen[:1] for name, chosen in keys(app, "your-post").items()}
    attempt = attempt_named((await learner.get(quiz)).text)
    await learner.post(quiz, data={**form_token(learner), "attempt": attempt, **wrong})
    trainer = await trainer_pages(app, clock)
    detail = await trainer.get(path.replace("/me/training", "/training/assignments"))
    assert detail.status_code == 200, detail.text
    assert "Premier jour" in detail.text
    link = re.search(r'href="(/training/assignments/[^"]+/attempts/[^"]+)"', detail.text)
    assert link
    assert "Choisi" in (await trainer.get(link[1])).text


async def test_late_people_come_first_and_alone_when_asked(app: Any, clock: FixedClock) -> None:
    early, late = await some_people(app, clock, 2)
    await given_to(app, clock, early, "2026-11-24")
    await given_to(app, clock, late, "2026-11-16")
    trainer = await trainer_pages(app, clock)
    board = (await trainer.get("/training")).text
    assert board.index("Personne1") < board.index("Personne0")
    assert "En retard de" in board
    assert "Personne0" not in (await trainer.get("/training", params={"column": "late"})).text


class Statements:
    """How many statements the application sends."""

    def __init__(self, app: Any) -> None:
        self.sent: list[str] = []
        event.listen(app.state.database.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE")):
            self.sent.append(statement)


async def test_more_attempts_are_opened_only_where_they_are_limited(app: Any, clock: FixedClock) -> None:
    _, path = await learner_pages(app, clock)
    trainer = await trainer_pages(app, clock)
    at = path.replace("/me/training", "/training/assignments")
    refused = await trainer.post(f"{at}/modules/your-post/more-attempts", data=form_token(trainer))
    assert refused.status_code == 409


async def test_names_are_shown_as_typed_and_never_run(app: Any, clock: FixedClock) -> None:
    person: UUID = await add_candidate(app, clock, given_name="<script>alert(1)</script>")
    await given_to(app, clock, str(person))
    trainer = await trainer_pages(app, clock)
    assert "<script>alert" not in (await trainer.get("/training")).text
    assert (await trainer.get("/training/assign", params={"q": "a\x00b"})).status_code == 200
