"""What people show in place of modules, and what trainers change: Nolwenn's proof waits, Thomas's was decided on."""

from typing import Any

from service.runtime.vocabulary import Role
from tests.service.cast import api
from tests.service.flows.test_judging_files import pdf
from tests.service.papers.offering import new_key


async def change(app: Any, sessions: dict[str, str], ids: dict[str, str]) -> None:
    """Adds `proof`, which waits for `exempt-module`, and moves Thomas's start twice: `moved-assignment`."""
    ids["exempt-module"] = "confidentiality"
    async with api(app, sessions["nolwenn"]) as learner:
        here = f"/me/assignments/{ids['assignment']}/modules/confidentiality/proofs"
        proof = {"file": ("attestation.pdf", pdf(), "application/pdf")}
        sent = await learner.post(here, files=proof, data={"words": "Mon attestation de 2026."})
        assert sent.status_code == 201, sent.text
        ids["proof"] = sent.json()["id"]
    async with api(app, sessions[Role.TRAINER.value]) as trainer:
        found = (await trainer.get("/assignments", params={"candidate": ids["thomas"]})).json()["items"]
        ids["moved-assignment"] = found[0]["id"]
        url = f"/assignments/{ids['moved-assignment']}"
        seen = {
            "module": "confidentiality",
            "words": "Attestation de son ancien employeur",
            "reason": "Attestation de mars 2026, vue en original.",
        }
        entered = await trainer.post(f"{url}/exemptions", json=seen, headers=new_key())
        assert entered.status_code == 201, entered.text
        for day, why in (
            ("2026-11-30", "Le matériel arrive plus tard."),
            ("2026-12-07", "Arrêt de travail."),
        ):
            moved = await trainer.post(f"{url}/start", json={"start_date": day, "why": why})
            assert moved.status_code == 200, moved.text
