"""Made-up people and programmes, the same ones at each run."""

import random
from typing import Any

from assessments.profiles import CandidateProfile, ProgrammeProfile

SEED = 20261121
TRADES = (
    ("Téléconseillère", "fournisseur d'énergie", "Réception d'appels, explication de factures, réclamations, écoute."),
    ("Chargé de recouvrement", "société de crédit", "Appels sortants, créances, négociation d'échéanciers, courriels."),
    ("Vendeuse", "prêt-à-porter", "Accueil, conseil, encaissement, retours et échanges."),
    ("Technicien support", "opérateur télécom", "Dépannage box et fibre, tickets, prise en main à distance."),
    ("Conseiller tchat", "commerce en ligne", "Trois tchats en parallèle, suivi de colis, remboursements."),
    ("Enquêtrice", "institut d'études", "Questionnaires par téléphone, saisie des réponses, refus."),
    ("Aide-soignante", "maison de retraite", "Soins, transmissions écrites, familles, écoute."),
    ("Couvreur", "bâtiment", "Pose de tuiles, recouvrement de toiture, lecture de plans."),
    ("Secrétaire médicale", "cabinet médical", "Prise de rendez-vous, accueil, dossiers, Doctolib."),
    ("Gestionnaire sinistres", "assureur", "Déclarations de sinistre, dossiers, courriers aux assurés."),
)  # fmt: skip
SKILLS = (
    "appels entrants", "appels sortants", "gestion des reclamations", "facturation", "tchat", "orthographe",
    "recouvrement amiable", "vente par téléphone", "support technique", "Zendesk", "Salesforce", "saisie rapide",
    "écoute active", "prise de rdv", "suivi de colis", "Excel", "anglais courant", "empathie", "sinistres",
    "négociation",
)  # fmt: skip
GIVEN = (
    "Ada",
    "Bruno",
    "Chloé",
    "Dov",
    "Élise",
    "Farid",
    "Gaëlle",
    "Hugo",
    "Ines",
    "Jules",
    "Karima",
    "Louis",
)
FAMILY = (
    "Martin",
    "Le Goff",
    "N'Diaye",
    "Nowak",
    "Ferrand",
    "Delmas",
    "Roy",
    "Carvalho",
    "Petit",
    "Moreau",
    "Blanc",
)
CLIENTS = (
    "énergie",
    "banque",
    "assurance",
    "télécom",
    "commerce",
    "santé",
    "voyage",
    "colis",
    "presse",
    "eau",
)


def people(count: int) -> list[dict[str, Any]]:
    """Profiles with names, as a file of applicants holds them (JSON, without the identity if you drop it)."""
    chance = random.Random(SEED)
    return [_person(chance, number) for number in range(count)]


def _person(chance: random.Random, number: int) -> dict[str, Any]:
    posts = chance.sample(TRADES, chance.randint(1, 3))
    given, family = chance.choice(GIVEN), f"{chance.choice(FAMILY)}-{_letters(number)}"
    return {
        "id": f"p-{number:05d}",
        "given_name": given,
        "family_name": family,
        "email": f"personne{number}@example.org",
        "headline": f"{posts[0][0]}, {chance.randint(1, 9)} ans",
        "skills": chance.sample(SKILLS, chance.randint(3, 8)),
        "experience": [
            {"title": title, "employer_kind": kind, "months": chance.randint(3, 90), "description": words}
            for title, kind, words in posts
        ],
        "languages": [{"code": "fr", "cefr": chance.choice(("B2", "C1", "C2"))}, {"code": "en", "cefr": "B1"}],
        "availability": [
            {"day": day, "from": "08:00", "to": chance.choice(("12:00", "17:00", "20:00"))}
            for day in range(1, chance.randint(4, 7))
        ],
        "desired_weekly_hours": chance.choice((20, 28, 35)),
        "home": {
            "dedicated_room": chance.random() < 0.6,
            "noise": chance.choice(("low", "medium")),
            "measured": {"download_mbps": chance.randint(5, 900), "upload_mbps": chance.randint(1, 400),
                         "latency_ms": chance.randint(8, 160)},
        },
        "equipment": ["ordinateur portable", "casque"],
    }  # fmt: skip


def _letters(number: int) -> str:
    """A number as letters, so that no two people look alike to the search for twins.

    >>> _letters(0), _letters(27)
    ('Aaaa', 'Aabb')
    """
    digits = [number // 26**place % 26 for place in (3, 2, 1, 0)]
    return "".join(chr(97 + digit) for digit in digits).capitalize()


IDENTITY = ("given_name", "family_name", "email")


def profiles(count: int) -> list[CandidateProfile]:
    """The same people as matching sees them."""
    return [
        CandidateProfile.model_validate({name: said for name, said in one.items() if name not in IDENTITY})
        for one in people(count)
    ]


def programmes(count: int) -> list[ProgrammeProfile]:
    """Programmes that ask for four to seven skills each."""
    chance = random.Random(SEED + 1)
    return [
        ProgrammeProfile.model_validate(
            {
                "id": f"q-{number:02d}",
                "title": f"Service clients {CLIENTS[number % len(CLIENTS)]}",
                "description": "Vous répondez aux clients et vous suivez leurs dossiers.",
                "channels": ["voice", "email"],
                "languages": [{"code": "fr", "cefr_min": "B2", "must": True}],
                "skills": [
                    {"text": text, "level": chance.randint(2, 4), "importance": importance}
                    for text, importance in zip(
                        chance.sample(SKILLS, 6), ("must", "must", "should", "should", "nice", "nice"), strict=True
                    )
                ],
                "opening_hours": [{"day": day, "from": "08:00", "to": "19:00"} for day in range(1, 7)],
                "weekly_hours": chance.choice((28, 35)),
                "min_download_mbps": 10,
                "min_upload_mbps": 3,
                "max_latency_ms": 120,
            }
        )
        for number in range(count)
    ]  # fmt: skip
