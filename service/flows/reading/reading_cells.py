"""CSV headers and cells into the members of a profile: names in French and English, lists, hours, languages."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

LIST_MARK = "|"
_DAY_NAMES = (
    ("lun", "lundi", "mon", "monday"),
    ("mar", "mardi", "tue", "tuesday"),
    ("mer", "mercredi", "wed", "wednesday"),
    ("jeu", "jeudi", "thu", "thursday"),
    ("ven", "vendredi", "fri", "friday"),
    ("sam", "samedi", "sat", "saturday"),
    ("dim", "dimanche", "sun", "sunday"),
)
_DAYS = {name: number for number, names in enumerate(_DAY_NAMES, 1) for name in names}
_HOURS = re.compile(r"(\d{1,2})(?:[:h](\d{2})?)?\s*[-–—a]\s*(\d{1,2})(?:[:h](\d{2})?)?")
_YES = {"oui", "o", "yes", "y", "vrai", "true", "1", "x"}
_NO = {"non", "n", "no", "faux", "false", "0"}
_CHANNELS = {
    "voix": "voice", "telephone": "voice", "appels": "voice", "courriel": "email", "e-mail": "email",
    "mail": "email", "courrier": "mail", "reseaux sociaux": "social", "tchat": "chat", "visio": "video",
    "back-office": "back_office", "back office": "back_office",
}  # fmt: skip
_IMPORTANCE = {
    "indispensable": "must", "obligatoire": "must", "souhaite": "should", "important": "should",
    "utile": "nice", "bonus": "nice", "un plus": "nice",
}  # fmt: skip
_NOISE = {"faible": "low", "calme": "low", "moyen": "medium", "fort": "high", "eleve": "high"}


class BadCell(ValueError):
    """A cell that cannot be read; its text says how to write it."""


@dataclass(frozen=True)
class Column:
    """Where a column goes (`home.measured.latency_ms`), how it is read, and what it may be called."""

    target: str
    read: Callable[[str], Any]
    names: tuple[str, ...]


def folded(text: str) -> str:
    """Without accents, case, and doubled or joining marks: what two spellings of a header share.

    >>> folded("Prénom"), folded("given_name"), folded(" E-mail ")
    ('prenom', 'given name', 'e mail')
    """
    bare = "".join(
        mark for mark in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(mark)
    )
    return " ".join(re.split(r"[\s_\-'’.:]+", bare)).strip()


def words(cell: str) -> str:
    """A text is a text, also when it starts like a formula."""
    return cell


def listed(cell: str) -> list[str]:
    """
    >>> listed("appels entrants | CRM|")
    ['appels entrants', 'CRM']
    """
    return [part.strip() for part in cell.split(LIST_MARK) if part.strip()]


def number(cell: str) -> float:
    """A number with a point or a comma; spaces between thousands are allowed.

    >>> number("1 234,5")
    1234.5
    """
    bare = re.sub(r"\s", "", cell).replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", bare):
        raise BadCell("n'est pas un nombre, comme 35 ou 17,5")
    return float(bare)


def whole(cell: str) -> int:
    value = number(cell)
    if value != int(value):
        raise BadCell("n'est pas un nombre entier")
    return int(value)


def euros(cell: str) -> int:
    """Euros as typed into integer cents.

    >>> euros("1 900,50 €")
    190050
    """
    bare = re.sub(r"[\s€]", "", cell).replace(",", ".")
    if not re.fullmatch(r"\d{1,7}(\.\d{1,2})?", bare):
        raise BadCell("n'est pas un montant en euros, comme 1 900,50")
    whole_part, _, cents = bare.partition(".")
    return int(whole_part) * 100 + int((cents + "00")[:2])


def yes_no(cell: str) -> bool:
    said = folded(cell)
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise BadCell("se dit par oui ou non")


def day(cell: str) -> str:
    """A date as ISO text, from 2027-01-11 or 11/01/2027."""
    found = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", cell.strip())
    text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else cell.strip()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadCell("n'est pas une date, comme 11/01/2027") from None


def windows(cell: str) -> list[dict[str, Any]]:
    """Weekly hours from `lun-ven 09:00-17:00; sam 10:00-13:00`; one part may name several stretches.

    >>> windows("sam 9h-12h30")
    [{'day': 6, 'from': '09:00', 'to': '12:30'}]
    """
    found: list[dict[str, Any]] = []
    for part in re.split(r"[;|]", cell):
        if part.strip():
            found += _part(part.strip())
    return found


def _part(part: str) -> list[dict[str, Any]]:
    text = unicodedata.normalize("NFKD", part.casefold()).replace("à", "a")
    first_digit = re.search(r"\d", text)
    stretches = list(_HOURS.finditer(text, first_digit.start() if first_digit else len(text)))
    if first_digit is None or not stretches:
        raise BadCell("ne se lit pas comme des heures, par exemple lun-ven 09:00-17:00; sam 10:00-13:00")
    rest = _HOURS.sub(" ", text[first_digit.start() :])
    if not re.fullmatch(r"(?:[\s,/&+.]|\bet\b|\band\b)*", rest):
        raise BadCell(
            f"contient « {' '.join(rest.split())} », qui ne se lit pas ; séparez les jours par un point-virgule"
        )
    days = _days(text[: first_digit.start()])
    return [{"day": number, **_stretch(found)} for number in days for found in stretches]


def _stretch(found: re.Match[str]) -> dict[str, str]:
    hours = (int(found[1]), int(found[2] or 0), int(found[3]), int(found[4] or 0))
    return {"from": f"{hours[0]:02}:{hours[1]:02}", "to": f"{hours[2]:02}:{hours[3]:02}"}


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in re.split(r"[,/&+]|\bet\b|\band\b", text):
        ends = [_day_number(name) for name in re.split(r"\s*[-–—]\s*|\s+au\s+|\s+to\s+", part.strip(" :"))]
        if len(ends) > 2 or ends[-1] < ends[0]:
            raise BadCell("nomme des jours dans un ordre qui ne se lit pas")
        days += range(ends[0], ends[-1] + 1)
    return days


def _day_number(name: str) -> int:
    number = _DAYS.get(name.strip().rstrip("."))
    if number is None:
        raise BadCell(
            f"nomme un jour inconnu : « {name.strip()} » (écrivez lun, mar, mer, jeu, ven, sam, dim)"
        )
    return number


def spoken(cell: str) -> list[dict[str, Any]]:
    """Languages of a person: `fr:C2|en:B1`, or the person's own words.

    >>> spoken("fr:C2|anglais courant")
    [{'code': 'fr', 'cefr': 'C2'}, {'text': 'anglais courant'}]
    """
    return [_language(part) for part in listed(cell)]


def _language(part: str) -> dict[str, Any]:
    found = re.fullmatch(r"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\s*[: ]\s*([ABCabc][12])", part)
    if found:
        return {"code": found[1].lower(), "cefr": found[2].upper()}
    wrong = misread_level(part)
    if wrong:
        raise BadCell(wrong)
    return {"text": part}


def misread_level(part: str) -> str | None:
    """Why words on a language are a code or a level written wrong, or nothing.

    >>> misread_level("fr:C9")
    'donne un niveau inconnu : « C9 » (écrivez A1, A2, B1, B2, C1 ou C2)'
    >>> misread_level("anglais courant"), misread_level("TOEIC: 820"), misread_level("fr natif")
    (None, None, None)
    """
    coded = re.fullmatch(r"\s*[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?\s*:(.*)", part)
    level = coded[1].strip() if coded else part.strip().split(":")[-1].split(" ")[-1]
    if re.fullmatch(r"[A-Ca-c][12]", level) or not (coded or re.fullmatch(r"[A-Za-z]\d", level)):
        return None
    return f"donne un niveau inconnu : « {level} » (écrivez A1, A2, B1, B2, C1 ou C2)"


def asked(cell: str) -> list[dict[str, Any]]:
    """Languages of a programme: `fr:C1|en:B1:souhaité`; without the third word the language is a must."""
    found = []
    for part in listed(cell):
        code, _, rest = part.partition(":")
        level, _, importance = rest.partition(":")
        if importance.strip() and _importance(importance) not in _IMPORTANCE.values():
            raise BadCell(f"nomme une importance inconnue : « {importance.strip()} » (écrivez souhaité)")
        must = _importance(importance) == "must" if importance.strip() else True
        found.append({"code": code.strip().lower(), "cefr_min": level.strip().upper(), "must": must})
    return found


def requirements(cell: str) -> list[dict[str, Any]]:
    """Skills asked: `appels entrants:3:indispensable|réclamations:2`; level 3 and *should* when not said."""
    found: list[dict[str, Any]] = []
    for part in listed(cell):
        said = [piece.strip() for piece in part.split(":")]
        entry: dict[str, Any] = {"text": said[0]}
        for piece in said[1:]:
            if piece.isdigit():
                entry["level"] = int(piece)
            elif piece:
                entry["importance"] = _importance(piece)
        found.append(entry)
    return found


def _importance(word: str) -> str:
    return _IMPORTANCE.get(folded(word), folded(word))


def channels(cell: str) -> list[str]:
    return [
        _CHANNELS.get(folded(part), _CHANNELS.get(part.casefold(), part.casefold())) for part in listed(cell)
    ]


def noise(cell: str) -> str:
    word = folded(cell)
    if word not in {*_NOISE, *_NOISE.values()}:
        raise BadCell("n'est pas une valeur prévue : faible, moyen ou fort")
    return _NOISE.get(word, word)


def code(cell: str) -> str:
    return cell.strip().lower()


def posts(cell: str) -> list[dict[str, Any]]:
    """Experience: `téléconseillère:36|vente en boutique:12`, the number being months."""
    found: list[dict[str, Any]] = []
    for part in listed(cell):
        title, _, months = part.rpartition(":")
        is_number = bool(title) and months.strip().isdigit()
        found.append({"title": title.strip(), "months": int(months)} if is_number else {"title": part})
    return found


CANDIDATE_COLUMNS = (
    Column("id", words, ("id", "identifiant", "reference", "numero", "external id")),
    Column("locale", code, ("locale", "langue de contact")),
    Column("name", words, ("name", "nom complet", "full name")),
    Column("given_name", words, ("given name", "prenom", "first name")),
    Column("family_name", words, ("family name", "nom", "nom de famille", "last name", "surname")),
    Column("email", words, ("email", "e mail", "mail", "courriel", "adresse e mail", "adresse mail")),
    Column("phone", words, ("phone", "telephone", "tel", "portable", "mobile")),
    Column("headline", words, ("headline", "titre", "accroche", "en une phrase", "profil")),
    Column("skills", listed, ("skills", "competences", "savoir faire")),
    Column("experience", posts, ("experience", "experiences", "parcours")),
    Column("languages", spoken, ("languages", "langues")),
    Column("availability", windows, ("availability", "disponibilites", "disponibilite", "horaires")),
    Column(
        "desired_weekly_hours",
        number,
        ("desired weekly hours", "heures par semaine", "heures souhaitees", "weekly hours"),
    ),
    Column("equipment", listed, ("equipment", "equipement", "materiel")),
    Column(
        "telework_experience_months",
        whole,
        ("telework experience months", "mois de teletravail", "experience du teletravail"),
    ),
    Column("home.dedicated_room", yes_no, ("dedicated room", "piece dediee", "piece separee")),
    Column("home.noise", noise, ("noise", "bruit")),
    Column("home.wired", yes_no, ("wired", "filaire", "connexion filaire")),
    Column(
        "home.measured.download_mbps", number, ("download mbps", "debit descendant", "debit descendant mbps")
    ),
    Column("home.measured.upload_mbps", number, ("upload mbps", "debit montant", "debit montant mbps")),
    Column("home.measured.latency_ms", number, ("latency ms", "latence", "latence ms")),
    Column("home.measured.jitter_ms", number, ("jitter ms", "gigue", "gigue ms")),
    Column("home.measured.loss_pct", number, ("loss pct", "perte", "pertes")),
)

PROGRAMME_COLUMNS = (
    Column("id", words, ("id", "identifiant", "reference", "numero", "external id")),
    Column("client_name", words, ("client name", "client", "nom du client")),
    Column("title", words, ("title", "titre", "intitule", "programme")),
    Column("client_sector", words, ("client sector", "secteur", "secteur du client")),
    Column("description", words, ("description",)),
    Column("channels", channels, ("channels", "canaux")),
    Column("languages", asked, ("languages", "langues")),
    Column("skills", requirements, ("skills", "competences")),
    Column("opening_hours", windows, ("opening hours", "horaires", "heures d ouverture")),
    Column("weekly_hours", number, ("weekly hours", "heures par semaine")),
    Column("split_shifts_allowed", yes_no, ("split shifts allowed", "horaires coupes")),
    Column("seats", whole, ("seats", "postes", "nombre de postes")),
    Column("onsite_days_per_week", number, ("onsite days per week", "jours sur site")),
    Column("min_download_mbps", number, ("min download mbps", "debit descendant minimal")),
    Column("min_upload_mbps", number, ("min upload mbps", "debit montant minimal")),
    Column("max_latency_ms", number, ("max latency ms", "latence maximale")),
    Column("equipment_provided", yes_no, ("equipment provided", "materiel fourni", "materiel prete")),
    Column("card_data", yes_no, ("card data", "cartes bancaires", "paiement par carte")),
    Column("start_date", day, ("start date", "date de debut", "debut")),
    Column("nature_of_work", words, ("nature of work", "nature du travail")),
    Column("autonomy_given", words, ("autonomy given", "autonomie laissee", "autonomie")),
    Column("expectations", words, ("expectations", "attentes")),
    Column("pay_min_cents", whole, ("pay min cents",)),
    Column("pay_max_cents", whole, ("pay max cents",)),
    Column("pay_min_cents", euros, ("pay min", "salaire minimal", "salaire min")),
    Column("pay_max_cents", euros, ("pay max", "salaire maximal", "salaire max")),
    Column("home_days_per_week", number, ("home days per week", "jours a domicile", "jours de teletravail")),
    Column("equipment", listed, ("equipment", "equipement", "materiel")),
)


def by_name(columns: tuple[Column, ...]) -> Mapping[str, Column]:
    """Every accepted header, folded, to its column."""
    return {name: column for column in columns for name in column.names}
