"""Which documents there are: template, edition, title, file name and who signs."""

from enum import StrEnum

from documents.rates import Frozen


class DocumentKind(StrEnum):
    EMPLOYMENT_CONTRACT = "employment_contract"
    ALLOWANCE_LETTER = "allowance_letter"
    EQUIPMENT_LOAN = "equipment_loan"
    SWORN_STATEMENT = "sworn_statement"
    SHORTLIST = "shortlist"
    ASSESSMENT_REPORT = "assessment_report"
    SCORECARD = "scorecard"
    TELEWORK_AMENDMENT = "telework_amendment"
    TELEWORK_CHARTER = "telework_charter"
    CHARTER_ACKNOWLEDGEMENT = "charter_acknowledgement"
    REVERSIBILITY_LETTER = "reversibility_letter"
    REASONED_REFUSAL = "reasoned_refusal"
    TELEWORK_INTERVIEW = "telework_interview"
    OFFER_LETTER = "offer_letter"
    INFORMATION_STATEMENT = "information_statement"
    DPAE_SHEET = "dpae_sheet"
    CANDIDATE_NOTICE = "candidate_notice"
    METHOD_NOTICE = "method_notice"
    ACCIDENT_INFORMATION = "accident_information"
    TRAINING_PROGRAMME = "training_programme"
    TRAINING_SUMMONS = "training_summons"
    COMPLETION_CERTIFICATE = "completion_certificate"
    TRAINING_ATTESTATION = "training_attestation"
    DISTANCE_TRAINING_FILE = "distance_training_file"
    ATTENDANCE_SHEET = "attendance_sheet"
    OCCUPATION_LETTER = "occupation_letter"
    REAL_COST_STATEMENT = "real_cost_statement"
    ALLOWANCE_STATEMENT = "allowance_statement"
    EQUIPMENT_RETURN = "equipment_return"


class Signatory(StrEnum):
    EMPLOYER = "employer"
    PERSON = "person"


class Kind(Frozen):
    """One kind of document; the template is `templates/fr/<kind>.<edition>.html`.

    A report says its own title and words, in the language of its reader; its template holds none.
    """

    kind: DocumentKind
    edition: str
    title: str
    file_stem: str
    signatories: tuple[Signatory, ...]
    has_parts: bool = False

    @property
    def template(self) -> str:
        return f"{self.kind.value}.{self.edition}.html"


def _kind(
    kind: DocumentKind,
    title: str,
    file_stem: str,
    signatories: tuple[Signatory, ...],
    *,
    has_parts: bool = False,
) -> Kind:
    return Kind(
        kind=kind,
        edition="2026-11",
        title=title,
        file_stem=file_stem,
        signatories=signatories,
        has_parts=has_parts,
    )


BOTH = (Signatory.EMPLOYER, Signatory.PERSON)
EMPLOYER = (Signatory.EMPLOYER,)
PERSON = (Signatory.PERSON,)
NOBODY: tuple[Signatory, ...] = ()
K = DocumentKind
KINDS = {
    kind.kind: kind
    for kind in (
        _kind(K.EMPLOYMENT_CONTRACT, "Contrat de travail", "contrat-de-travail", BOTH, has_parts=True),
        _kind(K.ALLOWANCE_LETTER, "Allocation forfaitaire de télétravail", "allocation-teletravail", BOTH),
        _kind(K.EQUIPMENT_LOAN, "Mise à disposition de matériel", "mise-a-disposition-materiel", BOTH),
        _kind(K.SWORN_STATEMENT, "Attestation sur l’honneur", "attestation-sur-l-honneur", PERSON),
        _kind(K.SHORTLIST, "Liste de présélection", "preselection", NOBODY),
        _kind(K.ASSESSMENT_REPORT, "Compte rendu", "compte-rendu", NOBODY),
        _kind(K.SCORECARD, "Fiche de résultats", "fiche-de-resultats", NOBODY),
        _kind(K.TELEWORK_AMENDMENT, "Avenant de télétravail", "avenant-teletravail", BOTH),
        _kind(K.TELEWORK_CHARTER, "Charte de télétravail", "charte-teletravail", EMPLOYER),
        _kind(K.CHARTER_ACKNOWLEDGEMENT, "Accusé de réception de la charte", "accuse-charte", PERSON),
        _kind(K.REVERSIBILITY_LETTER, "Retour sur site", "courrier-reversibilite", EMPLOYER),
        _kind(K.REASONED_REFUSAL, "Réponse à votre demande de télétravail", "refus-motive", EMPLOYER),
        _kind(K.TELEWORK_INTERVIEW, "Entretien annuel de télétravail", "entretien-annuel-teletravail", BOTH),
        _kind(K.OFFER_LETTER, "Offre d’embauche", "offre-embauche", BOTH),
        _kind(
            K.INFORMATION_STATEMENT,
            "Informations sur la relation de travail",
            "information-embauche",
            EMPLOYER,
        ),
        _kind(K.DPAE_SHEET, "Fiche de déclaration préalable à l’embauche", "fiche-dpae", NOBODY),
        _kind(K.CANDIDATE_NOTICE, "Vos données et vos droits de candidat", "notice-candidat", NOBODY),
        _kind(K.METHOD_NOTICE, "Méthodes et techniques d’évaluation", "notice-methodes", NOBODY),
        _kind(K.ACCIDENT_INFORMATION, "Information sur un accident", "information-accident", PERSON),
        _kind(K.TRAINING_PROGRAMME, "Programme de formation", "programme-formation", EMPLOYER),
        _kind(K.TRAINING_SUMMONS, "Convocation à une formation", "convocation", EMPLOYER),
        _kind(K.COMPLETION_CERTIFICATE, "Certificat de réalisation", "certificat-de-realisation", EMPLOYER),
        _kind(
            K.TRAINING_ATTESTATION,
            "Attestation de fin de formation",
            "attestation-fin-de-formation",
            EMPLOYER,
        ),
        _kind(
            K.DISTANCE_TRAINING_FILE,
            "Dossier de formation à distance",
            "dossier-formation-a-distance",
            EMPLOYER,
        ),
        _kind(K.ATTENDANCE_SHEET, "Feuille d’émargement", "feuille-emargement", NOBODY),
        _kind(K.OCCUPATION_LETTER, "Indemnité d’occupation du domicile", "indemnite-occupation", BOTH),
        _kind(K.REAL_COST_STATEMENT, "État de frais réels de télétravail", "etat-frais-reels", BOTH),
        _kind(K.ALLOWANCE_STATEMENT, "Relevé d’allocation de télétravail", "releve-allocation", NOBODY),
        _kind(K.EQUIPMENT_RETURN, "Restitution de matériel", "bordereau-restitution", BOTH),
    )
}
PACK_ORDER = (
    K.EMPLOYMENT_CONTRACT,
    K.ALLOWANCE_LETTER,
    K.EQUIPMENT_LOAN,
    K.SWORN_STATEMENT,
)
