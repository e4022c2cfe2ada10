"""The slip for equipment given back: the list of the loan, the state of each item, what is missing, the data wiped."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from documents.facts import ItemState, Line, PackFacts, Photograph, Text
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.photographs import photographs_in
from documents.rates import Frozen
from documents.wording import named_photographs

ARTICLE = "Convention de mise à disposition ; ANI du 19 juillet 2005, art. 7"


class ReturnReason(StrEnum):
    """Why the equipment comes back."""

    TELEWORK_END = "telework_end"
    CONTRACT_END = "contract_end"
    REPLACEMENT = "equipment_replaced"
    EMPLOYER_REQUEST = "employer_request"


class StateOnReturn(StrEnum):
    NEW = "new"
    GOOD = "good"
    WORN = "worn"
    BROKEN = "broken"


class ReturnedItem(Frozen):
    """One line of the loan, as it comes back."""

    label: Line = Field(title="Matériel")
    brand_model: Line = Field(title="Marque et modèle")
    serial: Line | None = Field(default=None, title="N° de série")
    state_on_loan: ItemState = Field(default=ItemState.NEW, title="État à la remise")
    condition_on_loan: Line | None = Field(default=None, title="Détail de l'état à la remise")
    accessories: tuple[Line, ...] = Field(default=(), max_length=12, title="Accessoires remis avec")
    is_returned: bool = Field(default=True, title="Rendu")
    state_on_return: StateOnReturn | None = Field(default=None, title="État au retour")
    condition_on_return: Line | None = Field(default=None, title="Détail de l'état au retour")
    missing_accessories: tuple[Line, ...] = Field(default=(), max_length=12, title="Accessoires manquants")
    missing_because: Line | None = Field(
        default=None,
        title="Pourquoi il manque",
        description="Ce que la personne dit : vol, perte, envoi en cours.",
    )
    holds_data: bool = Field(default=False, title="Contient des données")
    photographs: tuple[Photograph, ...] = Field(default=(), max_length=6, title="Photographies au retour")


class ReturnDetails(Frozen):
    """What the slip says beyond employer and person."""

    loan_reference: Line | None = Field(default=None, title="Référence de la mise à disposition")
    handed_over_on: date | None = Field(default=None, title="Date de la remise")
    reason: ReturnReason | None = Field(default=None, title="Motif du retour")
    due_on: date | None = Field(default=None, title="Date limite de retour")
    returned_on: date | None = Field(default=None, title="Date du retour")
    way: Line | None = Field(
        default=None,
        title="Comment le matériel est revenu",
        description="Transporteur et numéro de suivi, ou remise sur site.",
    )
    received_by: Line | None = Field(default=None, title="Personne qui a reçu et vérifié le matériel")
    items: tuple[ReturnedItem, ...] = Field(default=(), max_length=40, title="Matériel")
    missing_by: date | None = Field(default=None, title="Date convenue pour ce qui manque")
    wiped_on: date | None = Field(default=None, title="Date d'effacement des données")
    wiped_by: Line | None = Field(default=None, title="Personne qui a effacé les données")
    wipe_method: Line | None = Field(default=None, title="Méthode d'effacement")
    wipe_by: date | None = Field(
        default=None, title="Date limite d'effacement", description="Si ce n'est pas encore fait."
    )
    remarks: Text | None = Field(default=None, title="Remarques de la personne")


class ReturnFacts(LetterFacts):
    details: ReturnDetails = ReturnDetails()


def _has_missing(facts: ReturnFacts) -> bool:
    return any(not item.is_returned or item.missing_accessories for item in facts.details.items)


def _has_data(facts: ReturnFacts) -> bool:
    return any(item.holds_data and item.is_returned for item in facts.details.items)


def _is_wiped(facts: ReturnFacts) -> bool:
    return _has_data(facts) and facts.details.wiped_on is not None


def _is_to_wipe(facts: ReturnFacts) -> bool:
    return _has_data(facts) and facts.details.wiped_on is None and facts.details.wipe_by is not None


def _is_wiping_unsaid(facts: ReturnFacts) -> bool:
    return _has_data(facts) and facts.details.wiped_on is None and facts.details.wipe_by is None


def _faults(facts: ReturnFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    yield from _out_of_order(details, day)
    for number, item in enumerate(details.items):
        yield from _item_faults(item, f"details.items.{number}")
    serials = [item.serial for item in details.items]
    for number, serial in enumerate(serials):
        if serial and serial in serials[:number]:
            yield _wrong(f"details.items.{number}.serial", "Ce numéro de série figure deux fois")


def _out_of_order(details: ReturnDetails, day: date) -> Iterator[Finding]:
    """Hand-over, return, wiping, this slip: one after the other."""
    returned = details.returned_on
    if returned and details.handed_over_on and returned < details.handed_over_on:
        yield _wrong("details.returned_on", "Le retour précède la remise")
    if returned and returned > day:
        yield _wrong("details.returned_on", "Le retour n'a pas encore eu lieu")
    if details.wiped_on and returned and details.wiped_on < returned:
        yield _wrong("details.wiped_on", "L'effacement précède le retour")
    if details.wiped_on and details.wiped_on > day:
        yield _wrong("details.wiped_on", "L'effacement n'a pas encore eu lieu")


def _item_faults(item: ReturnedItem, path: str) -> Iterator[Finding]:
    if item.is_returned and item.state_on_return is None:
        yield Finding(
            Fault.ABSENT,
            f"{path}.state_on_return",
            f"État au retour : {item.label}",
            ARTICLE,
            "Choisissez l'état au retour.",
        )
    if not item.is_returned and item.state_on_return is not None:
        yield _wrong(f"{path}.state_on_return", "Un matériel qui manque n'a pas d'état au retour")
    if not item.is_returned and item.missing_because is None:
        yield Finding(
            Fault.ABSENT,
            f"{path}.missing_because",
            f"Pourquoi il manque : {item.label}",
            ARTICLE,
            "Notez ce que la personne en dit, sans la juger.",
        )
    for number, name in enumerate(item.missing_accessories):
        if name not in item.accessories:
            yield _wrong(
                f"{path}.missing_accessories.{number}", f"« {name} » n'a pas été remis avec ce matériel"
            )


def _wrong(field: str, label: str) -> Finding:
    return Finding(Fault.INCONSISTENT, field, label, ARTICLE, "Corrigez cette valeur.")


def _context(facts: ReturnFacts, law: Law, day: date) -> Mapping[str, object]:
    """What is missing, counted, and the photographs with the item that each of them shows."""
    items = facts.details.items
    return {
        "returned_count": sum(item.is_returned for item in items),
        "missing": tuple(item for item in items if not item.is_returned or item.missing_accessories),
        "photographs": named_photographs((item.label, item.photographs) for item in items),
        "has_data": _has_data(facts),
    }


def _deadlines(facts: ReturnFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    details, found = facts.details, []
    if _has_missing(facts) and details.missing_by and details.missing_by >= day:
        what = "Rendre ou expliquer le matériel qui manque"
        found.append(Deadline(what=what, on=details.missing_by, article=ARTICLE, holder="person"))
    if _is_to_wipe(facts) and details.wipe_by:
        what = "Effacer les données du matériel rendu"
        found.append(Deadline(what=what, on=details.wipe_by, article="RGPD art. 32", holder="employer"))
    return tuple(found)


def _prefill(facts: PackFacts) -> Mapping[str, object]:
    """The list of the loan, line by line."""
    items = tuple(
        ReturnedItem(
            label=item.label,
            brand_model=item.brand_model,
            serial=item.serial,
            state_on_loan=item.state,
            condition_on_loan=item.condition,
            accessories=item.accessories,
        )
        for item in facts.offer.equipment
    )
    found: dict[str, object] = {"items": items}
    if facts.offer.start_date:
        found["handed_over_on"] = facts.offer.start_date
    return found


PAPERS = (
    Paper(
        kind=DocumentKind.EQUIPMENT_RETURN,
        facts=ReturnFacts,
        context=_context,
        faults=_faults,
        situations={
            "has_missing": _has_missing,
            "is_wiped": _is_wiped,
            "is_to_wipe": _is_to_wipe,
            "is_wiping_unsaid": _is_wiping_unsaid,
            "has_photographs": lambda facts: any(photographs_in(facts.details)),
        },
        deadlines=_deadlines,
        prefill=_prefill,
    ),
)
