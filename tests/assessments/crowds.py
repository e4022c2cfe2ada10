"""Made-up readings and programmes of every kind, drawn from one number: for what must hold of any pair."""

from random import Random
from typing import Any

from assessments.matching.matching import Matcher, Prepared
from assessments.matching.readings import PersonReading, Shown
from assessments.profiles import CandidateProfile, ProgrammeProfile

MILD_WEEK = [{"day": day, "from": "07:00", "to": "21:00"} for day in range(1, 8)]
CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
CODES = ("fr", "en", "es", "pt-BR", "de")
CHANNELS = ("voice", "email", "chat", "social", "back_office")
ODD_LINES = (
    "pliage de serviettes en cygne", "appels entrants et courriels", "tchat ou courriels", "gestion d'équipe",
    "Réception d'appels d'assurés, explication de factures", "calligraphie coréenne",
)  # fmt: skip
ODD_WORDS = ("cygne", "serviett", "pliag", "calligraph", "coréen", "appel", "factur")


def crowd_of(chance: Random, matcher: Matcher, *, people: int, programmes: int) -> tuple[Any, Any]:
    """People with their readings, and prepared programmes; many of them alike, so that scores tie."""
    persons = [person(chance, matcher, f"p{number:03d}") for number in range(people)]
    chance.shuffle(persons)
    return persons, [programme(chance, matcher, f"q{number}") for number in range(programmes)]


def person(chance: Random, matcher: Matcher, name: str) -> tuple[CandidateProfile, PersonReading]:
    profile = CandidateProfile.model_validate(
        {
            "id": name, "skills": [], "languages": [], "availability": chance.choice((MILD_WEEK, week(chance))),
            "desired_weekly_hours": chance.choice((None, 0, 17.5, 20, 28, 33.33, 35, 44, 60)),
            "home": chance.choice((None, _home(chance), _home(chance), _home(chance))),
        }
    )  # fmt: skip
    keys = list(matcher.reader.resolver.skills)
    shown = chance.sample(keys, chance.choice((0, 5, len(keys) // 2, len(keys))))
    wishes = [one.key for one in matcher.reader.policy.wishes.refusals]
    lean = chance.choice((3, 5))
    reading = PersonReading(
        candidate=name,
        skills={
            key: Shown(level=chance.choice((1, lean, lean, 5)), evidence="", source="post") for key in shown
        },
        languages={code.split("-")[0]: chance.choice(CEFR) for code in chance.sample(CODES, chance.randint(0, 4))},
        kinds=(),
        refusals=tuple(chance.sample(wishes, chance.choice((0, 0, 0, 1, 2)))),
        refuses_onsite=chance.random() < 0.2,
        preferred=tuple(chance.sample(wishes, chance.choice((0, 0, 1, 2)))),
        preferred_sectors=tuple(chance.sample(sectors_of(matcher), chance.choice((0, 0, 1)))),
        is_over_qualified=chance.random() < 0.2,
        has_computer=chance.random() < 0.8,
        has_headset=chance.random() < 0.8,
        has_rescue_line=chance.random() < 0.3,
        texts=tuple(
            (frozenset(chance.sample(ODD_WORDS, chance.randint(0, 5))), chance.randint(0, 5))
            for _ in range(chance.randint(0, 3))
        ),
    )  # fmt: skip
    return profile, reading


def sectors_of(matcher: Matcher) -> list[str]:
    families = matcher.reader.policy.sector_families
    return [key for key, skill in matcher.reader.resolver.skills.items() if skill.family in families]


def programme(chance: Random, matcher: Matcher, name: str) -> Prepared:
    is_mild = chance.random() < 0.5
    labels = [skill.label.fr for skill in chance.sample(matcher.reader.resolver.taxonomy.skills, 6)]
    labels += chance.sample(ODD_LINES, 2)
    profile = ProgrammeProfile.model_validate(
        {
            "id": name, "title": "Service clients énergie",
            "client_sector": chance.choice(("banque", "télécoms", "")),
            "description": chance.choice(("", "", "Expérience obligatoire en recouvrement amiable. Bonne humeur.")),
            "channels": chance.sample(CHANNELS, chance.randint(0, 3)),
            "languages": [
                {"code": code, "cefr_min": chance.choice(CEFR[:4]), "must": not is_mild and chance.random() < 0.6}
                for code in chance.sample(CODES, chance.randint(0, 3))
            ],
            "skills": [
                {"text": text, "level": chance.randint(1, 3 if is_mild else 5),
                 "importance": chance.choice(("must", "should", "nice"))}
                for text in chance.sample(labels, chance.randint(0, 4 if is_mild else 8))
            ],
            "opening_hours": MILD_WEEK if is_mild else week(chance),
            "weekly_hours": chance.choice((0.5, 12, 20, 28, 35, 39)),
            "split_shifts_allowed": chance.random() < 0.5,
            "onsite_days_per_week": chance.choice((0, 0, 1.5)),
            "min_download_mbps": chance.choice((None, 0, 8, 10, 50)), "min_upload_mbps": chance.choice((None, 3, 12.5)),
            "max_latency_ms": chance.choice((None, 60, 120)), "equipment_provided": chance.random() < 0.5,
            "card_data": chance.random() < 0.3,
        }
    )  # fmt: skip
    return matcher.prepare(profile)


def week(chance: Random) -> list[dict[str, Any]]:
    """Windows of all kinds: whole weeks, nights over midnight, split days, odd minutes, none."""
    kind = chance.choice(("plain", "plain", "plain", "split", "nights", "odd", "always", "never"))
    days = chance.sample(range(1, 8), chance.randint(3, 7))
    match kind:
        case "plain":
            hours = [("08:00", chance.choice(("12:00", "17:00", "20:00")))]
        case "split":
            hours = [("07:30", "11:30"), ("12:00", "14:45"), ("16:00", "21:00")]
        case "nights":
            hours = [("00:00", chance.choice(("06:00", "07:10"))), ("20:00", "24:00")]
        case "odd":
            start, end = sorted(chance.sample(range(1440), 2))
            hours = [(clock(start), clock(end))]
        case "always":
            days, hours = list(range(1, 8)), [("00:00", "24:00")]
        case _:
            hours = []
    return [{"day": day, "from": start, "to": end} for day in days for start, end in hours]


def clock(minute: int) -> str:
    """A minute of the day as text.

    >>> clock(605)
    '10:05'
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _home(chance: Random) -> dict[str, Any]:
    line = {
        "download_mbps": chance.choice((0.3, 8, 9.99, 10, 45, 300.5)),
        "upload_mbps": chance.choice((0.2, 2.7, 3, 12.5, 80)),
        "latency_ms": chance.choice((12, 60, 61, 130, 500)), "jitter_ms": chance.choice((None, 3, 30, 42.5)),
        "loss_pct": chance.choice((None, 0, 1, 1.2, 5)),
    }  # fmt: skip
    return {
        "dedicated_room": chance.choice((None, True, False)), "noise": chance.choice((None, "low", "high")),
        "measured": chance.choice((None, line, line)), "wired": chance.choice((None, True, False)),
    }  # fmt: skip
