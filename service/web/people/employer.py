"""The employer's facts for administrators: what every contract says."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from documents.allowances import AgreementKind
from documents.facts import EmployerFacts
from service.flows.people.employer import siret_holds, write_employer
from service.runtime.actors import Actor
from service.runtime.errors import StaleVersion
from service.store.people import employer
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

LINES = (
    "name", "legal_form", "siret", "ape_code", "signatory_name", "signatory_title", "site_name", "urssaf",
    "occupational_health", "data_protection_contact", "support_contact", "telework_basis_text", "pay_day",
)  # fmt: skip
PLACES = ("address", "site_address")
BODIES = ("pension_fund", "welfare_insurer", "health_insurer")
BASES = (
    (AgreementKind.NONE.value, french("Aucun accord")),
    (AgreementKind.CHARTER.value, french("Une charte")),
    (AgreementKind.COMPANY.value, french("Un accord d'entreprise")),
    (AgreementKind.BRANCH.value, french("Un accord de branche")),
    (AgreementKind.PROFESSIONAL.value, french("Un accord professionnel")),
    (AgreementKind.INTERPROFESSIONAL.value, french("Un accord interprofessionnel")),
)
WORDS = {
    "siret": french("Un SIRET a quatorze chiffres, et le dernier vérifie les autres."),
    "ape_code": french("Un code APE s'écrit comme 82.20Z."),
    "pay_day": french("Écrivez un jour du mois, de 1 à 31."),
}


class EmployerPages(Controller):
    """The employer."""

    include_in_schema = False
    path = "/employer"

    @get(operation_id="web.employer.show")
    async def show(self, request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]) -> Template:
        """The form with what is known."""
        record = await employer.record(session)
        return _page(request, {**_typed_of(record.facts), "version": str(record.version)}, {})

    @post(operation_id="web.employer.edit", status_code=200)
    async def edit(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Write the facts; what somebody else changed meanwhile is never overwritten unseen."""
        typed = _typed(await request.form())
        facts, errors = _read(typed)
        record = await employer.record(session)
        if facts is None:
            return _page(request, typed, errors, status=422)

        def check(present: int) -> None:
            if str(present) != typed["version"]:
                raise StaleVersion

        try:
            await write_employer(session, actor, facts, check_version=check, now=now)
        except StaleVersion:
            told = {
                "name": french(
                    "Quelqu'un a modifié ces données entre-temps. Relisez, puis enregistrez à nouveau."
                )
            }
            return _page(request, {**typed, "version": str(record.version)}, told, status=412)
        return redirect("/employer", flash="Les données de l'employeur sont enregistrées.")


def _typed(data: FormMultiDict) -> dict[str, str]:
    names = [*LINES, "telework_basis", "has_works_council", "version"]
    names += [f"{place}-{part}" for place in PLACES for part in ("street", "postcode", "city")]
    names += [f"{body}-{part}" for body in BODIES for part in ("name", "address")]
    return {name: str(data.get(name) or "").replace("\x00", "").strip()[:200] for name in names}


def _typed_of(facts: EmployerFacts) -> dict[str, str]:
    said = facts.model_dump(mode="json")
    typed = {name: str(said[name] if said[name] is not None else "") for name in LINES}
    for group in (*PLACES, *BODIES):
        parts = ("street", "postcode", "city") if group in PLACES else ("name", "address")
        for part in parts:
            typed[f"{group}-{part}"] = str((said[group] or {}).get(part) or "")
    typed["telework_basis"] = said["telework_basis"]
    typed["has_works_council"] = "yes" if said["has_works_council"] else ""
    return typed


def _read(typed: Mapping[str, str]) -> tuple[EmployerFacts | None, dict[str, str]]:
    values: dict[str, Any] = {name: typed[name] or None for name in LINES}
    errors: dict[str, str] = {}
    values["siret"] = typed["siret"].replace(" ", "") or None
    if typed["pay_day"]:
        values["pay_day"] = int(typed["pay_day"]) if typed["pay_day"].isdecimal() else -1
    for group in (*PLACES, *BODIES):
        values[group] = _group(typed, group, errors)
    values["has_works_council"] = typed["has_works_council"] == "yes"
    values["telework_basis"] = typed["telework_basis"] or AgreementKind.NONE.value
    try:
        facts = EmployerFacts.model_validate_json(_as_json(values))
    except ValidationError as error:
        for entry in error.errors(include_url=False):
            name = "-".join(str(part) for part in entry["loc"][:2])
            errors.setdefault(name, WORDS.get(str(entry["loc"][0]), french("Cette valeur ne convient pas.")))
        return None, errors
    if facts.siret is not None and not siret_holds(facts.siret):
        errors["siret"] = WORDS["siret"]
    return (None, errors) if errors else (facts, {})


def _as_json(values: Mapping[str, Any]) -> str:
    return json.dumps(values)


def _group(typed: Mapping[str, str], group: str, errors: dict[str, str]) -> dict[str, str] | None:
    if group in BODIES:
        name, address = typed[f"{group}-name"], typed[f"{group}-address"]
        if address and not name:
            errors[f"{group}-name"] = french("Donnez le nom de cet organisme.")
        return {"name": name, **({"address": address} if address else {})} if name else None
    parts = {part: typed[f"{group}-{part}"] for part in ("street", "postcode", "city")}
    if not any(parts.values()):
        return None
    for part, value in parts.items():
        if not value:
            errors[f"{group}-{part}"] = french("Complétez l'adresse : rue, code postal et ville.")
    return None if any(name.startswith(group) for name in errors) else parts


def _page(
    request: Request[Any, Any, Any], typed: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Template:
    translate = Translator(locale_of(request))
    return render(
        request, "administrator/employer.html", title="L'employeur", status=status, typed=typed,
        bases=[(value, translate(words)) for value, words in BASES],
        errors={name: translate(words) for name, words in errors.items()},
    )  # fmt: skip
