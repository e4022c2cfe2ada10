"""What pages say about kinds of papers: groups in the order of a hiring, when each is needed, choices in words."""

from documents.kinds import DocumentKind
from service.web.translations import french

K = DocumentKind

GROUPS: tuple[tuple[str, tuple[tuple[DocumentKind, str], ...]], ...] = (
    (
        french("Avant l'embauche"),
        (
            (K.CANDIDATE_NOTICE, french("Dès que des données sur la personne sont recueillies.")),
            (K.METHOD_NOTICE, french("Avant le premier questionnaire ou le premier test.")),
            (K.OFFER_LETTER, french("Pour proposer le poste par écrit, avant le contrat.")),
            (
                K.DPAE_SHEET,
                french("Dans les huit jours avant l'embauche, au plus tard avant la prise de poste."),
            ),
        ),
    ),
    (
        french("L'embauche"),
        (
            (K.EMPLOYMENT_CONTRACT, french("Pour un seul exemplaire du contrat, hors du dossier complet.")),
            (
                K.INFORMATION_STATEMENT,
                french("Dans les sept jours, puis dans le mois après la prise de poste."),
            ),
            (K.SWORN_STATEMENT, french("Avant le premier jour à domicile.")),
            (K.ALLOWANCE_LETTER, french("Quand une allocation forfaitaire de télétravail est versée.")),
            (
                K.OCCUPATION_LETTER,
                french("Quand le domicile sert de lieu de travail à la demande de l'employeur."),
            ),
        ),
    ),
    (
        french("Le télétravail"),
        (
            (K.TELEWORK_AMENDMENT, french("Quand une personne déjà en poste passe au télétravail.")),
            (K.TELEWORK_CHARTER, french("Quand aucun accord collectif n'encadre le télétravail.")),
            (K.CHARTER_ACKNOWLEDGEMENT, french("À chaque version de la charte remise à la personne.")),
            (K.REVERSIBILITY_LETTER, french("Quand la personne ou l'employeur demande le retour sur site.")),
            (K.REASONED_REFUSAL, french("Quand une demande de télétravail ne peut pas être acceptée.")),
            (
                K.TELEWORK_INTERVIEW,
                french("Chaque année, sur les conditions d'activité et la charge de travail."),
            ),
            (K.ACCIDENT_INFORMATION, french("Dès qu'un accident arrive à domicile pendant le travail.")),
        ),
    ),
    (
        french("Le matériel et les frais"),
        (
            (K.EQUIPMENT_LOAN, french("À la remise du matériel.")),
            (K.EQUIPMENT_RETURN, french("Au retour du matériel, avec son état.")),
            (K.ALLOWANCE_STATEMENT, french("Chaque mois où une allocation est versée.")),
            (K.REAL_COST_STATEMENT, french("Quand des frais réels sont remboursés sur justificatifs.")),
        ),
    ),
    (
        french("La formation"),
        (
            (K.TRAINING_PROGRAMME, french("Avant la formation, pour dire son contenu et ses moyens.")),
            (K.TRAINING_SUMMONS, french("Pour convoquer la personne.")),
            (K.COMPLETION_CERTIFICATE, french("À la fin de la formation, pour qui la finance.")),
            (K.TRAINING_ATTESTATION, french("À la fin de la formation, pour la personne.")),
        ),
    ),
)
"""Title of a group, and its kinds with when each is needed."""

OTHERS = french("Autres documents")

CHOICES: dict[str, str] = {
    "monday": french("lundi"),
    "tuesday": french("mardi"),
    "wednesday": french("mercredi"),
    "thursday": french("jeudi"),
    "friday": french("vendredi"),
    "saturday": french("samedi"),
    "sunday": french("dimanche"),
    "cdi": french("CDI (durée indéterminée)"),
    "cdd": french("CDD (durée déterminée)"),
    "Asker.employer": french("l'employeur"),
    "Asker.person": french("la personne"),
    "AbsenceKind.leave": french("congé"),
    "sickness": french("maladie"),
    "suspension": french("suspension du contrat"),
    "AllowanceMode.day": french("par jour télétravaillé"),
    "AllowanceMode.month": french("par mois, selon les jours par semaine"),
    "steps_before_contract": french("mesures avant un contrat"),
    "legitimate_interest": french("intérêt légitime"),
    "consent": french("accord de la personne"),
    "legal_duty": french("obligation légale"),
    "Commitment.offer": french("offre : peut être retirée"),
    "promise": french("promesse : ne peut plus être retirée"),
    "rent": french("loyer"),
    "rental_value": french("valeur locative"),
    "housing_tax": french("taxe d'habitation"),
    "property_tax": french("taxe foncière"),
    "local_taxes": french("taxes locales"),
    "co_ownership": french("charges de copropriété"),
    "home_insurance": french("assurance du logement"),
    "heating": french("chauffage"),
    "electricity": french("électricité"),
    "furniture_bought": french("mobilier acheté"),
    "furniture_lent": french("mobilier prêté"),
    "diagnosis": french("diagnostic électrique"),
    "adaptation": french("mise en conformité du logement"),
    "hardware_bought": french("matériel informatique acheté"),
    "hardware_lent": french("matériel informatique prêté"),
    "consumables": french("consommables"),
    "connection": french("abonnement internet"),
    "CostsMode.allowance": french("une allocation forfaitaire, et les justificatifs à côté"),
    "CostsMode.receipts": french("sur justificatifs seulement"),
    "favourable": french("favorable"),
    "unfavourable": french("défavorable"),
    "silent": french("réputé donné : pas de réponse dans le délai"),
    "Delivery.paper": french("sur papier"),
    "electronic": french("par voie électronique"),
    "by_hand": french("en main propre"),
    "by_mail": french("par message électronique"),
    "on_line": french("dans l'espace personnel"),
    "replacement": french("remplacement d'une personne absente"),
    "temporary_increase": french("accroissement temporaire d'activité"),
    "parties": french("identité des parties"),
    "place": french("lieu de travail"),
    "job": french("poste, fonctions et catégorie"),
    "hiring_date": french("date d'embauche"),
    "fixed_term": french("fin ou durée prévue du contrat"),
    "user_company": french("entreprise utilisatrice"),
    "trial": french("période d'essai"),
    "HiringItem.training": french("droit à la formation"),
    "HiringItem.leave": french("congés payés"),
    "ending": french("fin de la relation de travail"),
    "pay": french("rémunération"),
    "hours": french("durée du travail et horaires"),
    "agreements": french("conventions et accords collectifs"),
    "protection": french("régimes obligatoires et couverture complémentaire"),
    "Nature.training": french("action de formation"),
    "skills_review": french("bilan de compétences"),
    "recognition": french("validation des acquis de l'expérience"),
    "apprenticeship": french("apprentissage"),
    "agreed_sum": french("une somme convenue"),
    "no_premises": french("aucun poste n'est fourni dans l'entreprise"),
    "telework_agreed": french("le télétravail est convenu"),
    "whole": french("toutes les informations"),
    "first": french("celles des sept premiers jours"),
    "second": french("celles du premier mois"),
    "acquired": french("acquis"),
    "in_progress": french("en cours d'acquisition"),
    "not_assessed": french("non évalué"),
    "female": french("femme"),
    "male": french("homme"),
    "TeleworkOrigin.hire": french("dès l'embauche"),
    "TeleworkOrigin.amendment": french("par avenant, plus tard"),
    "Use.information": french("information préalable, à remplir à la main le jour venu"),
    "Use.report": french("compte rendu d'un accident"),
    "alone": french("à distance, à son rythme"),
    "virtual_class": french("à distance, en classe virtuelle"),
    "on_site": french("sur site"),
    "at_work": french("en situation de travail"),
    "new": french("neuf"),
    "good": french("bon"),
    "worn": french("usagé"),
}
"""By value, or by class and value where one value means two things."""


def choice_words(kind: str, value: str) -> str:
    """A choice in French, to be translated where the page is made; a value that nobody worded is shown as it is.

    >>> choice_words("Asker", "person"), choice_words("Other", "not_worded")
    ('la personne', 'not worded')
    """
    return CHOICES.get(f"{kind}.{value}") or CHOICES.get(value) or value.replace("_", " ")
