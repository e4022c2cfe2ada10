"""Nolwenn is through with a second path: her papers are issued, an archive of them asked for, and she has its badge."""

from datetime import datetime
from typing import Any

from service.runtime.vocabulary import Role
from tests.service.cast import api
from tests.service.learning.training import pass_every_quiz
from tests.service.papers.offering import new_key

PATH = "first-calls"


async def prove(app: Any, sessions: dict[str, str], ids: dict[str, str], *, now: datetime) -> None:
    """Adds `proven-assignment`, `-slug` and `-edition`, `badge` and `badge-key`, `training-paper`, `archive`."""
    async with api(app, sessions[Role.TRAINER.value]) as trainer:
        body = {"path": PATH, "candidate_id": ids["nolwenn"], "start_date": "2026-11-20"}
        given = await trainer.post("/assignments", json=body, headers=new_key())
        assert given.status_code == 201, given.text
        here = ids["proven-assignment"] = given.json()["assignments"][0]
        edition = await pass_every_quiz(app, here, now=now)
        ids |= {"proven-slug": PATH, "proven-edition": edition}
        for kind in ("distance_training_file", "completion_certificate"):
            made = await trainer.post(
                f"/training/files/{here}/papers", json={"kind": kind}, headers=new_key()
            )
            assert made.status_code == 201, made.text
            ids["training-paper"] = made.json()["id"]
        asked = await trainer.post("/training/proof-archives", json={"path": PATH}, headers=new_key())
        assert asked.status_code == 201, asked.text
        ids["archive"] = asked.json()["id"]
    async with api(app, sessions["nolwenn"]) as learner:
        badge = await learner.post(f"/me/assignments/{here}/badge")
        assert badge.status_code == 201, badge.text
        ids["badge"] = badge.json()["id"]
    async with api(app) as anybody:
        keys = (await anybody.get("http://homeshore.test/badges/keys")).json()["keys"]
        ids["badge-key"] = keys[0]["kid"].rpartition("/")[2]
