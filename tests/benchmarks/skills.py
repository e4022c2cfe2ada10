"""Free text into known skills: our resolver beside a loop of rapidfuzz's extractOne over the same names."""

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process, utils

from assessments.skills.skills import Resolver
from service.runtime.editions import load_editions
from tests.benchmarks.measuring import Measure, interleaved

TURNS = 7
PHRASES: tuple[tuple[str, str | None], ...] = (
    ("prise d'appel entrants", "inbound_calls"),
    ("reception appels", "inbound_calls"),
    ("je réponds au téléphone toute la journée, appels entrants", "inbound_calls"),
    ("inbound calls", "inbound_calls"),
    ("emission d'appels", "outbound_calls"),
    ("apels sortants", "outbound_calls"),
    ("vente par tel", "telesales"),
    ("vente additionelle en fin d'appel", "upselling"),
    ("traitement des reclamations clients", "complaints"),
    ("gestion réclamation", "complaints"),
    ("handling complaints", "complaints"),
    ("clients énervés au guichet", "difficult_customers"),
    ("ecoute active", "listening"),
    ("empathie", "empathy"),
    ("orthographe irréprochable", "written_french"),
    ("tchat en direct", "chat"),
    ("live chat support", "chat"),
    ("reponse aux mails", "email_replies"),
    ("recouvrement de créances clients", "debt_collection"),
    ("recouvrement amiable", "debt_collection"),
    ("echeanciers de paiement", "payment_plans"),
    ("explication de factures", "billing"),
    ("facturation", "billing"),
    ("saisie de donnees rapide", "data_entry"),
    ("data entry", "data_entry"),
    ("suivi de colis perdus", "parcel_tracking"),
    ("service apres vente", "after_sales"),
    ("SAV électroménager", "after_sales"),
    ("remboursements", "refunds"),
    ("réservation de chambres d'hôtel", "hotel_bookings"),
    ("prise de RDV médicaux", "appointment_setting"),
    ("secretariat medical", "medical_secretariat"),
    ("téléassistance personnes âgées", "telecare"),
    ("support technique niveau 1", "tech_support_1"),
    ("depannage box internet", "box_fibre"),
    ("outil de ticketing", "ticketing"),
    ("Zendesk", "helpdesk_zendesk"),
    ("sales force", "crm_salesforce"),
    ("logiciel CRM", "crm"),
    ("Excel, tableaux croisés", "spreadsheets"),
    ("community management", "social_media"),
    ("modération de commentaires", "moderation"),
    ("management d'équipe", "team_management"),
    ("double écoute et débrief", "call_quality"),
    ("formation des nouveaux arrivants", "teaching"),
    ("sondages par téléphone", "telephone_surveys"),
    ("déclaration de sinistre", "claims"),
    ("opposition carte bleue", "card_blocking"),
    ("gestion du stress", "stress"),
    ("travail en autonomie à domicile", "autonomy"),
    ("RGPD", "data_protection"),
    ("langue des signes", "sign_language"),
    ("recouvrement de toiture", None),
    ("garde de chats", None),
    ("appels d'offres publics", None),
    ("réception de marchandises", None),
    ("permis B et véhicule", None),
    ("relations presse", None),
    ("préparation de commandes en entrepôt", None),
    ("bureau au calme", None),
    ("zinguerie", None),
    ("soudure TIG", None),
)
"""What people write, and the skill it names; None where it names no skill of customer relations."""

Answer = Callable[[str], str | None]


def measure() -> list[Measure]:
    """One line: the same phrases through both; the note counts right answers."""
    resolver = Resolver(load_editions().taxonomies[-1])
    owners = _owners(resolver)
    names = [utils.default_process(name) for name in owners]

    def ours(phrase: str) -> str | None:
        return resolver.resolve(phrase).skill

    def with_cutoff(cutoff: float) -> Answer:
        def instead(phrase: str) -> str | None:
            found = process.extractOne(
                phrase, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=cutoff
            )
            return owners[found[0]] if found else None

        return instead

    # The cut-off that suits these very phrases best: nobody tuning by hand would do better here.
    best = max(range(0, 100, 5), key=lambda cutoff: _right(with_cutoff(cutoff)))
    plain, tuned = with_cutoff(0), with_cutoff(best)
    ours_s, instead_s = interleaved(
        lambda: [ours(phrase) for phrase, _ in PHRASES],
        lambda: [plain(phrase) for phrase, _ in PHRASES],
        turns=TURNS,
    )
    return [
        Measure(
            subject="skills",
            what=f"{len(PHRASES)} phrases into {len(resolver.skills)} skills",
            ours_s=ours_s,
            instead=f"rapidfuzz extractOne(WRatio) over {len(names)} names",
            instead_s=instead_s,
            n=TURNS,
            note=f"right: ours {_right(ours)}, instead {_right(plain)}, "
            f"instead with its best cut-off ({best}) {_right(tuned)}, of {len(PHRASES)}",
        )
    ]


def _owners(resolver: Resolver) -> dict[str, str]:
    """Every label and alias, folded as rapidfuzz folds it, with the skill it names (the first, where two share it)."""
    owners: dict[str, str] = {}
    for skill in resolver.taxonomy.skills:
        for name in skill.names:
            owners.setdefault(utils.default_process(name), skill.key)
    return owners


def _right(answer: Answer, cases: Sequence[tuple[str, str | None]] = PHRASES) -> int:
    return sum(answer(phrase) == skill for phrase, skill in cases)
