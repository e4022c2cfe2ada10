"""What the pictures show: the README's hiring, then people at other steps of the road, walked through the API."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from service.runtime.settings import Settings
from tests.conftest import NOON
from tests.journeys.readme import run_journey
from tests.processes import ROOT

HIRING = ROOT / "service/demo/hiring"
MOMENT = {"HOMESHORE_PRETEND_NOW": NOON.isoformat()}
PATH, MODULE = "first-calls", "opening-listening"
BAD_FILE = """id;given_name;family_name;email;languages;desired_weekly_hours
n-1;Maëlle;Ropars;maelle.ropars@example.com;fr:C2;35
n-2;Ibrahim;Keïta;ibrahim.keita@example.com;fr:C9;35
n-3;Anne;Hervé;anne.herve;fr:C2;trente
"""


@dataclass
class Scene:
    """Sessions and ids, by name: those of the README's commands, and those made here."""

    base_url: str
    data_dir: str
    named: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.named[name]

    def ask(self, who: str, method: str, path: str, **request: Any) -> Any:
        """The JSON answer to one request in the session of `who`."""
        answer = httpx.request(
            method,
            f"{self.base_url}/api/v1{path}",
            headers={
                "Authorization": f"Bearer {self[who]}",
                "Idempotency-Key": uuid4().hex,
                **request.pop("headers", {}),
            },
            timeout=60,
            **request,
        )
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    def ids(self, path: str, key: Callable[[dict[str, Any]], str]) -> dict[str, str]:
        return {key(line): line["id"] for line in self.ask("RECRUITER", "GET", f"{path}?limit=100")["items"]}

    def sign_in(self, who: str, link: str) -> None:
        token = link.rsplit("/", 1)[-1]
        answer = httpx.post(f"{self.base_url}/api/v1/sign-ins", json={"link_token": token})
        self.named[who] = answer.json()["token"]


def set_scene(settings: Settings, *, port: int, folder: Path) -> Scene:
    """Walk everything that the pictures need; the server runs on `port` with the demonstration's data."""
    named = run_journey(settings, port=port, out=folder, variables=MOMENT)
    scene = Scene(f"http://127.0.0.1:{port}", str(settings.data_dir), named)
    people = scene.ids("/candidates", lambda line: f"{line['given_name']} {line['family_name']}")
    _begin_questionnaire(scene, people["Camille Perrin"])
    _send_offers(scene)
    _train(scene, people)
    _bring_in_faults(scene)
    return scene


def _begin_questionnaire(scene: Scene, camille: str) -> None:
    """Camille was invited, comes in by the letter and has answered half of one questionnaire."""
    scene.ask("RECRUITER", "POST", f"/candidates/{camille}/invitations")
    letter = scene.ask("ADMINISTRATOR", "GET", "/letters?limit=1")[0]["id"]
    body = scene.ask("ADMINISTRATOR", "GET", f"/letters/{letter}")["body_text"]
    scene.named |= {"LETTER": letter, "CAMILLE_ID": camille}
    scene.named["LINK_TOKEN"] = next(word for word in body.split() if "/links/" in word).rsplit("/", 1)[-1]
    scene.ask("RECRUITER", "POST", f"/candidates/{camille}/invitations")
    newer = scene.ask("ADMINISTRATOR", "GET", "/letters?limit=1")[0]["id"]
    words = scene.ask("ADMINISTRATOR", "GET", f"/letters/{newer}")["body_text"].split()
    scene.sign_in("CAMILLE", next(word for word in words if "/links/" in word))
    begun = scene.ask(
        "CAMILLE", "POST", "/me/responses", json={"instrument": "home-workplace", "notice_read": True}
    )
    given = {"room_closes": "closed_sometimes", "room_help": ["other_hours"], "noise": "some"}
    scene.ask(
        "CAMILLE",
        "PUT",
        f"/me/responses/{begun['id']}/answers",
        json={"answers": given},
        headers={"If-Match": "*"},
    )


def _send_offers(scene: Scene) -> None:
    """Karim's offer is a draft; Camille's waits for an answer."""
    lines = scene.ask("RECRUITER", "GET", f"/applications?programme={scene['PROGRAMME']}&limit=100")["items"]
    application = {line["shown_name"]: line["id"] for line in lines}
    terms = httpx.Response(200, content=(HIRING / "offer.json").read_bytes()).json()
    for who, is_sent in (("Karim Benali", False), ("Camille Perrin", True)):
        made = scene.ask("RECRUITER", "POST", f"/applications/{application[who]}/offers", json=terms)
        if is_sent:
            scene.ask("RECRUITER", "POST", f"/offers/{made['id']}/sending")
        scene.named["WAITING_OFFER" if is_sent else "DRAFT_OFFER"] = made["id"]
    scene.named["SHORTLISTED"] = application["Karim Benali"]
    scene.named["INTERVIEWED"] = next(line["id"] for line in lines if line["stage"] == "interview")


def _train(scene: Scene, people: dict[str, str]) -> None:
    """A group that began two weeks ago; Camille has read a module and done its quiz."""
    cohort = scene.ask(
        "TRAINER", "POST", "/cohorts", json={"name": "Vague de novembre", "start_date": "2026-11-16"}
    )
    scene.named["COHORT"] = cohort["id"]
    members = [people[name] for name in ("Camille Perrin", "Karim Benali", "Fatou Sarr", "Inès Moreau")]
    anyway = {"If-Match": "*"}
    scene.ask(
        "TRAINER", "POST", f"/cohorts/{cohort['id']}/members", json={"candidates": members}, headers=anyway
    )
    scene.ask("TRAINER", "POST", "/assignments", json={"path": PATH, "cohort_id": cohort["id"]})
    given = scene.ask("TRAINER", "GET", f"/assignments?candidate={people['Camille Perrin']}")["items"][0]
    own = f"/me/assignments/{given['id']}/modules/{MODULE}"
    lesson = scene.ask("CAMILLE", "GET", own)
    for page in lesson["pages"]:
        scene.ask("CAMILLE", "POST", f"{own}/reading", json={"page": page["slug"]})
    answers = {asked["question"]: [asked["options"][0]["option"]] for asked in lesson["quiz"]}
    marked = scene.ask("CAMILLE", "POST", f"{own}/attempts", json={"answers": answers})
    scene.named |= {
        "ASSIGNMENT": given["id"],
        "MODULE": MODULE,
        "LESSON": lesson["pages"][0]["slug"],
        "ATTEMPT": marked["id"],
    }


def _bring_in_faults(scene: Scene) -> None:
    """A file with two bad rows."""
    sent = scene.ask(
        "RECRUITER",
        "POST",
        "/imports",
        data={"kind": "candidates"},
        files={"file": ("candidats-novembre.csv", BAD_FILE.encode())},
    )
    scene.named["FAULTY_IMPORT"] = sent["id"]
