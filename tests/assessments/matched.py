"""People and programmes of our own to match, and the matcher that does it."""

from pathlib import Path

from assessments.matching import matching, readings
from assessments.matching.matching import Matcher
from assessments.profiles import CandidateProfile, ProgrammeProfile
from assessments.skills import skills

DATA = Path(__file__).parents[2] / "assessments" / "data"
GOLD = Path(__file__).parents[3] / "shared" / "data" / "gold" / "dev"


def edition(*folder):
    return DATA.joinpath(*folder, "2026-11.yaml").read_text(encoding="utf-8")


TAXONOMY = skills.read(edition("skills"))
RESOLVER = skills.Resolver(TAXONOMY)
POLICY = matching.read_policy(edition("policies", "matching"))
MATCHER = Matcher(RESOLVER, policy=POLICY, readings=readings.read_policy(edition("readings")))

WEEKDAYS = [{"day": day, "from": "08:00", "to": "19:00"} for day in range(1, 6)]
GOOD_LINE = {"download_mbps": 200, "upload_mbps": 60, "latency_ms": 15, "jitter_ms": 3, "loss_pct": 0}
GOOD_HOME = {"dedicated_room": True, "noise": "low", "measured": GOOD_LINE, "wired": True}


def person(name="n1", **said):
    facts = {
        "id": name,
        "headline": "Conseillère de clientèle à distance",
        "skills": ["prise d'appels", "facturation"],
        "experience": [
            {
                "title": "Téléconseillère",
                "employer_kind": "fournisseur d'électricité",
                "months": 30,
                "description": "Réception d'appels, explication de factures, contrats à jour, réclamations, écoute.",
            }
        ],
        "languages": [{"code": "fr", "cefr": "C2"}],
        "availability": WEEKDAYS,
        "desired_weekly_hours": 35,
        "home": GOOD_HOME,
        "equipment": ["ordinateur portable", "casque"],
    }
    return CandidateProfile.model_validate(facts | said)


def post(title, description, months=30, employer=""):
    return [{"title": title, "employer_kind": employer, "months": months, "description": description}]


def programme(name="q1", **asked):
    facts = {
        "id": name,
        "title": "Service clients d'un fournisseur d'énergie",
        "channels": ["voice"],
        "languages": [{"code": "fr", "cefr_min": "C1", "must": True}],
        "skills": [
            {"text": "réception d'appels", "level": 3, "importance": "must"},
            {"text": "factures", "level": 3, "importance": "must"},
            {"text": "écoute active", "level": 3, "importance": "should"},
            {"text": "CRM", "level": 2, "importance": "nice"},
        ],
        "opening_hours": WEEKDAYS,
        "weekly_hours": 35,
        "min_download_mbps": 10,
        "min_upload_mbps": 3,
        "max_latency_ms": 120,
    }
    return ProgrammeProfile.model_validate(facts | asked)


DISTANT = person(
    "n2",
    headline="Couvreur",
    skills=["recouvrement de toiture", "zinguerie"],
    experience=post("Couvreur", "Pose de tuiles, recouvrement de toiture, lecture de plans."),
)
SHOPKEEPER = person(
    "n3",
    headline="Dix ans de commerce",
    skills=["conseil client", "encaissement"],
    experience=post(
        "Vendeuse en prêt-à-porter", "Accueil, conseil, ventes, retours et échanges, quelques réclamations."
    ),
)
COLLECTOR = person(
    "n4",
    headline="Chargé de recouvrement amiable",
    skills=["relance d'impayés", "échéanciers", "négo"],
    experience=post(
        "Chargé de recouvrement", "Appels sortants, créances, négociation d'échéanciers, courriels."
    ),
)
TECHNICIAN = person(
    "n5",
    locale="en",
    headline="IT helpdesk analyst",
    skills=["troubleshooting", "ServiceNow", "remote support"],
    experience=post(
        "Helpdesk technician", "First level support by phone and e-mail, tickets, password resets."
    ),
    languages=[{"code": "en", "cefr": "C2"}, {"text": "fluent French"}],
)
CHATTER = person(
    "n6",
    headline="Service client par écrit",
    skills=["tchat", "orthographe irréprochable"],
    experience=post(
        "Conseillère tchat",
        "Trois conversations de tchat en parallèle, courriels, retours et remboursements.",
    ),
)
SURVEYOR = person(
    "n7",
    headline="Enquêtrice",
    skills=["questionnaires", "saisie"],
    experience=post(
        "Enquêtrice téléphonique",
        "Questionnaires par téléphone pour un institut, saisie des réponses, refus.",
    ),
)
NURSE = person(
    "n8",
    headline="Aide-soignante en reconversion",
    skills=["patience", "écoute"],
    experience=post(
        "Aide-soignante", "Soins, présence auprès de résidents, transmissions écrites, familles."
    ),
)
PEOPLE = [person(), DISTANT, SHOPKEEPER, COLLECTOR, TECHNICIAN, CHATTER, SURVEYOR, NURSE]

COLLECTION = programme(
    "q2",
    skills=[
        {"text": "recouvrement amiable par téléphone", "level": 3, "importance": "must"},
        {"text": "négociation", "level": 3, "importance": "should"},
    ],
)
HELPDESK = programme(
    "q3",
    skills=[
        {"text": "technical support, level 1", "level": 3, "importance": "must"},
        {"text": "ticketing tool", "level": 2, "importance": "should"},
    ],
    languages=[{"code": "fr", "cefr_min": "B2"}, {"code": "en", "cefr_min": "B2"}],
)
CHAT = programme(
    "q4",
    channels=["chat", "email"],
    skills=[
        {"text": "tchat", "level": 3, "importance": "must"},
        {"text": "français écrit soigné", "level": 3, "importance": "should"},
    ],
)
SURVEYS = programme(
    "q5",
    skills=[
        {"text": "enquêtes par téléphone", "level": 3, "importance": "must"},
        {"text": "saisie", "level": 2, "importance": "should"},
    ],
)
PROGRAMMES = [programme(), COLLECTION, HELPDESK, CHAT, SURVEYS]
