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


BOTH = (Signatory.EMPLOYER, Signatory.PERSON)
KINDS = {
    kind.kind: kind
    for kind in (
        Kind(
            kind=DocumentKind.EMPLOYMENT_CONTRACT,
            edition="2026-11",
            title="Contrat de travail",
            file_stem="contrat-de-travail",
            signatories=BOTH,
            has_parts=True,
        ),
        Kind(
            kind=DocumentKind.ALLOWANCE_LETTER,
            edition="2026-11",
            title="Allocation forfaitaire de télétravail",
            file_stem="allocation-teletravail",
            signatories=BOTH,
        ),
        Kind(
            kind=DocumentKind.EQUIPMENT_LOAN,
            edition="2026-11",
            title="Mise à disposition de matériel",
            file_stem="mise-a-disposition-materiel",
            signatories=BOTH,
        ),
        Kind(
            kind=DocumentKind.SWORN_STATEMENT,
            edition="2026-11",
            title="Attestation sur l’honneur",
            file_stem="attestation-sur-l-honneur",
            signatories=(Signatory.PERSON,),
        ),
        Kind(
            kind=DocumentKind.SHORTLIST,
            edition="2026-11",
            title="Liste de présélection",
            file_stem="preselection",
            signatories=(),
        ),
        Kind(
            kind=DocumentKind.ASSESSMENT_REPORT,
            edition="2026-11",
            title="Compte rendu",
            file_stem="compte-rendu",
            signatories=(),
        ),
        Kind(
            kind=DocumentKind.SCORECARD,
            edition="2026-11",
            title="Fiche de résultats",
            file_stem="fiche-de-resultats",
            signatories=(),
        ),
    )
}
PACK_ORDER = (
    DocumentKind.EMPLOYMENT_CONTRACT,
    DocumentKind.ALLOWANCE_LETTER,
    DocumentKind.EQUIPMENT_LOAN,
    DocumentKind.SWORN_STATEMENT,
)
