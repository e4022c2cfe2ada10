"""Proofs decided about together: one reason, each person told, nobody's decision stopped by another's."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from service.runtime.clock import civil_date
from service.runtime.vocabulary import Role
from service.tables.people import Candidate
from service.tables.trail import Mail
from service.tables.training import Exemption
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_candidate, as_staff, form_token, in_browser
from tests.service.learning.test_assignments import PATH, once
from tests.service.learning.test_assignments import people as some_people
from tests.service.learning.test_board import LIMITED, give
from tests.service.learning.test_training import Statements, trainer_pages
from tests.service.papers.test_terms import A_REASON, START, _png, put_on_the_shelf, rows, yearly

pytestmark = pytest.mark.anyio
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

MANY = "/api/v1/exemptions/decisions"


async def proofs_of(
    app: Any, clock: FixedClock, trainer: httpx.AsyncClient, *names: str, module: str = "second"
) -> list[str]:
    """A proof that each of these people sent for one module of a path that the trainer gave them."""
    put_on_the_shelf(app, yearly())
    sent = []
    for name in names:
        person = await add_candidate(
            app, clock, given_name=name, email=f"{name}@example.com", pseudonym=f"P-{name}"
        )
        body = {"path": "sample", "candidate_id": str(person), "start_date": START}
        given = (await trainer.post("/api/v1/assignments", json=body, headers=once())).json()
        learner = await as_candidate(app, clock, person)
        answer = await learner.post(
            f"/api/v1/me/assignments/{given['assignments'][0]}/modules/{module}/proofs",
            files={"file": ("diplome.png", _png(), "image/png")},
        )
        assert answer.status_code == 201, answer.text
        sent.append(answer.json()["id"])
    return sent


async def test_several_proofs_of_one_module_are_decided_with_one_reason_and_each_person_is_told(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    ana, ben, chloe = await proofs_of(app, clock, trainer, "Ana", "Ben", "Chloe")
    other = {"is_granted": False, "reason": "Un autre module est attesté ici."}
    assert (await trainer.post(f"/api/v1/exemptions/{ben}/decision", json=other)).status_code == 200
    nowhere = str(uuid4())
    body = {"exemptions": [ana, ben, nowhere, chloe], "is_granted": True, "reason": A_REASON}
    told = await trainer.post(MANY, json=body)
    assert told.status_code == 200, told.text
    assert [(one["person"], one["outcome"]) for one in told.json()["items"]] == [
        ("Ana", "decided"), ("Ben", "decided_before"), ("", "absent"), ("Chloe", "decided"),
    ]  # fmt: skip
    kept = {str(one.id): (one.is_granted, one.reason) for one in await rows(app, Exemption)}
    assert kept == {ana: (True, A_REASON), ben: (False, other["reason"]), chloe: (True, A_REASON)}
    letters = {one.recipient: one for one in await rows(app, Mail)}
    assert letters.keys() == {"Ana@example.com", "Ben@example.com", "Chloe@example.com"}
    assert A_REASON in letters["Chloe@example.com"].body_text
    assert "reste à suivre" in letters["Ben@example.com"].subject
    again = await trainer.post(MANY, json=body)
    assert again.json() == told.json(), "the same decision told again changes nothing"
    assert len(await rows(app, Mail)) == 3


@ONE_DATABASE
async def test_one_reason_is_for_one_module_and_comes_from_a_person(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    (ana,) = await proofs_of(app, clock, trainer, "Ana")
    (ben,) = await proofs_of(app, clock, trainer, "Ben", module="third")
    for question, found in (({"module": "third"}, [ben]), ({"path": "sample"}, [ana, ben])):
        listed = (await trainer.get("/api/v1/exemptions", params=question)).json()["items"]
        assert sorted(one["id"] for one in listed) == sorted(found)
    for question in ({"module": "th\0rd"}, {"path": "nowhere"}):
        assert (await trainer.get("/api/v1/exemptions", params=question)).status_code == 422
    asked = {"exemptions": [ana, ben], "is_granted": True, "reason": A_REASON}
    for body, pointer in (
        (asked, "/exemptions"),
        ({**asked, "exemptions": [ana], "reason": "oui"}, "/reason"),
    ):
        refused = await trainer.post(MANY, json=body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    for ids in ([], [ana] * 51):
        assert (await trainer.post(MANY, json={**asked, "exemptions": ids})).status_code == 400
    learner = await as_candidate(app, clock, (await rows(app, Candidate))[0].id)
    assert (await learner.post(MANY, json=asked)).status_code == 403
    far = await as_staff(app, clock, Role.TRAINER, email="far@example.com", sees_all_programmes=False)
    hidden = (await far.post(MANY, json={**asked, "exemptions": [ana]})).json()["items"]
    assert [(one["person"], one["outcome"]) for one in hidden] == [("", "absent")]
    assert all(one.decided_at is None for one in await rows(app, Exemption))


@ONE_DATABASE
async def test_the_page_puts_the_proofs_of_one_module_together_and_says_who_is_left(
    app: Any, clock: FixedClock
) -> None:
    page = await trainer_pages(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER, email="other@example.com")
    (first,) = await proofs_of(app, clock, trainer, "Ana")
    await page.get("/training/exemptions")
    statements = Statements(app)
    await page.get("/training/exemptions")
    asked = len(statements.sent)
    second, third = await proofs_of(app, clock, trainer, "Ben", "Chloe")
    del statements.sent[:]
    shown = (await page.get("/training/exemptions")).text
    assert len(statements.sent) == asked, "three proofs ask what one asks"
    assert (shown.count('<form class="card'), shown.count('name="proof"')) == (1, 3)
    assert "checked" not in shown, "nobody is ticked for the trainer where there are several"
    form = {**form_token(page), "group": "sample/second", "reason": A_REASON, "decision": "accept"}
    nobody = await page.post("/training/exemptions/decision", data=form)
    assert (nobody.status_code, A_REASON in nobody.text) == (422, True)
    short = await page.post("/training/exemptions/decision", data={**form, "reason": "oui", "proof": [first]})
    assert (short.status_code, short.text.count(" checked")) == (422, 1)
    body = {"is_granted": True, "reason": A_REASON + " Bis."}
    await trainer.post(f"/api/v1/exemptions/{second}/decision", json=body)
    some = await page.post("/training/exemptions/decision", data={**form, "proof": [first, second]})
    assert some.status_code == 200
    assert "Ben : quelqu'un a déjà décidé." in some.text.replace("&#39;", "'").replace("\xa0", " ")
    last = await page.post("/training/exemptions/decision", data={**form, "proof": [third, "not-an-id"]})
    assert (last.status_code, last.headers["location"]) == (303, "/training/exemptions")


async def test_several_learners_are_exempted_on_a_proof_that_a_trainer_saw(
    app: Any, clock: FixedClock
) -> None:
    page = await trainer_pages(app, clock)
    api = await as_staff(app, clock, Role.TRAINER, email="other@example.com")
    ana, ben, chloe, dora = await some_people(app, clock, 4)
    lines = [str(await give(app, clock, one, civil_date(clock()))) for one in (ana, ben, chloe)]
    lines.append(str(await give(app, clock, dora, civil_date(clock()), LIMITED)))
    seen = {"module": "confidentiality", "words": "Titre de 2024", "reason": A_REASON}
    had = await api.post(f"/api/v1/assignments/{lines[2]}/exemptions", json=seen, headers=once())
    assert had.status_code == 201, had.text
    body = {"act": "exempt", "assignments": lines, "path": PATH, **seen}
    effects = ["will", "will", "module_done", "other_path"]
    foreseen = await api.post("/api/v1/training/actions", json={**body, "dry_run": True}, headers=once())
    assert (foreseen.json()["done"], _effects(foreseen, lines)) == ([], effects)
    short = await api.post("/api/v1/training/actions", json={**body, "reason": "oui"}, headers=once())
    assert [one["pointer"] for one in short.json()["errors"]] == ["/reason"]
    form = {**form_token(page), "line": lines, "back": "/training"}
    asked = (await page.post("/training/actions", data={**form, "act": "exempt"})).text
    assert f'value="{PATH}/confidentiality"' in asked, "several modules can be replaced: one is chosen first"
    which = {**form, "act": "exempt", "module": f"{PATH}/confidentiality"}
    statements = Statements(app)
    looked = (await page.post("/training/actions", data=which)).text
    assert "Pour 2 personnes. Rien n'est encore fait." in looked.replace("&#39;", "'")
    many, one_line = len(statements.sent), {**which, "line": lines[:1]}
    del statements.sent[:]
    await page.post("/training/actions", data=one_line)
    assert len(statements.sent) == many, "four learners ask what one asks"
    slip = await page.post("/training/actions/exempt", data={**which, "words": "", "reason": A_REASON})
    assert (slip.status_code, A_REASON in slip.text) == (422, True)
    typed = {**which, "words": "Titre de 2024", "reason": A_REASON}
    done = await page.post("/training/actions/exempt", data=typed)
    assert (done.status_code, done.headers["location"]) == (303, "/training")
    again = await api.post("/api/v1/training/actions", json=body, headers=once())
    assert (again.json()["done"], _effects(again, lines)) == ([], ["module_done"] * 3 + ["other_path"])
    kept = await rows(app, Exemption)
    assert {(str(one.assignment_id), one.words, one.is_granted) for one in kept} == {
        (line, "Titre de 2024", True) for line in lines[:3]
    }


def _effects(answer: httpx.Response, lines: list[str]) -> list[str]:
    told = {one["assignment_id"]: one["effect"] for one in answer.json()["effects"]}
    return [told[line] for line in lines]


@ONE_DATABASE
async def test_a_proof_without_its_file_comes_back_with_the_words_that_were_written(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    put_on_the_shelf(app, yearly())
    person = await add_candidate(app, clock)
    body = {"path": "sample", "candidate_id": str(person), "start_date": START}
    given = (await trainer.post("/api/v1/assignments", json=body, headers=once())).json()
    learner = await in_browser(app, clock, candidate_id=person)
    slip = await learner.post(
        f"/me/training/{given['assignments'][0]}/modules/first/proofs",
        data={"words": "Mon diplôme de 2024", **form_token(learner)}, files={"file": ("", b"")},
    )  # fmt: skip
    assert (slip.status_code, "Mon diplôme de 2024" in slip.text) == (422, True)
    assert "Choisissez un fichier" in slip.text
