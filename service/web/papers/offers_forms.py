"""The form of an offer: what was typed into terms, terms back into fields, and each refusal to its field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar.datastructures import FormMultiDict

from documents.facts import DayHours, Weekday
from service.runtime.errors import Fault, Tongue
from service.store.papers.offers_terms import TermsFacts
from service.web.translations import french

LINES = (
    "job_title", "reason_detail", "replaced_name", "replaced_qualification", "contact_start", "contact_end",
    "start_date", "end_date", "start_time", "fewer_hours_reason", "term", "reason",
)  # fmt: skip
FLAGS = ("has_asked_fewer_hours", "uses_own_equipment")
FIELD_OF = {
    "monthly_pay_cents": "monthly_pay",
    "weekly_minutes": "weekly_hours",
    "occupation_indemnity_cents": "occupation_indemnity",
}
EQUIPMENT_ROWS = 6
UNFIT = french("Cette valeur ne convient pas. Corrigez-la, puis enregistrez.")
WEEK = tuple(Weekday)


@dataclass
class OfferForm:
    """What the form shows: fields as typed, chosen days, spans of the week, rows of equipment, errors by field."""

    typed: dict[str, str] = field(default_factory=dict)
    home_days: tuple[str, ...] = ()
    windows: tuple[dict[str, Any], ...] = ()
    equipment: tuple[dict[str, str], ...] = ()
    errors: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.typed.get(name, "")

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    @property
    def rows(self) -> tuple[dict[str, str], ...]:
        """The equipment, and empty rows to add more."""
        blank = {"label": "", "brand_model": "", "serial": "", "state": "new", "value": ""}
        missing = max(2, EQUIPMENT_ROWS - len(self.equipment))
        return (*self.equipment, *([blank] * missing))

    def refuse(self, faults: Iterable[Fault], tongue: Tongue) -> None:
        """Put each fault beside its field, in the page's language."""
        for fault in faults:
            part = fault.pointer.strip("/").split("/")[0]
            name = FIELD_OF.get(part, part)
            words = UNFIT if fault.code == "invalid" else fault.said(tongue)
            self.errors.setdefault(name, words)


def read_form(posted: FormMultiDict) -> tuple[OfferForm, dict[str, Any]]:
    """What was typed, kept whole, and the members of the offer that it says; errors are in the form."""
    form = OfferForm(
        typed={name: str(value) for name, value in posted.items() if isinstance(value, str)},
        home_days=tuple(str(day) for day in posted.getall("home_days", [])),
        windows=tuple(_windows(posted)),
        equipment=tuple(_equipment(posted)),
    )
    members: dict[str, Any] = {name: form.value(name).strip() or None for name in LINES}
    members |= {name: form.value(name) == "yes" for name in FLAGS}
    members["duties"] = [line.strip() for line in form.value("duties").splitlines() if line.strip()]
    members["home_days"] = list(form.home_days)
    members["coefficient"] = _whole(form, "coefficient")
    members["monthly_pay_cents"] = _cents(form, "monthly_pay")
    members["occupation_indemnity_cents"] = _cents(form, "occupation_indemnity")
    members["weekly_minutes"] = _minutes(form, "weekly_hours")
    members["adaptation_months"] = _whole(form, "adaptation_months")
    members["trial"] = _trial(form)
    members["schedule"] = _schedule(form)
    members["equipment"] = [_item(form, item) for item in form.equipment]
    members["allowance"] = {
        "mode": form.value("allowance_mode") or "month",
        "rate_cents": _cents(form, "allowance_rate"),
    }
    calls = posted.getall("calls", [])
    form.typed |= {f"calls_{kind}": "yes" if kind in calls else "" for kind in ("inbound", "outbound")}
    members["calls"] = {
        "has_inbound": "inbound" in calls,
        "has_outbound": "outbound" in calls,
        "pacing": form.value("pacing") or "simple",
    }
    return form, members


def _windows(posted: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for number in range(1, 8):
        for turn in (1, 2):
            start = str(posted.get(f"schedule-{number}-{turn}-from", "")).strip()
            end = str(posted.get(f"schedule-{number}-{turn}-to", "")).strip()
            if start or end:
                yield {"day": number, "from": start, "to": end}


def _equipment(posted: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    for number in range(40):
        names = ("label", "brand_model", "serial", "state", "value")
        row = {name: str(posted.get(f"equipment-{number}-{name}", "")).strip() for name in names}
        if row["label"] or row["brand_model"] or row["serial"] or row["value"]:
            yield row


def _schedule(form: OfferForm) -> list[dict[str, Any]]:
    days: dict[int, list[dict[str, str]]] = {}
    for window in form.windows:
        if not (window["from"] and window["to"]):
            form.errors.setdefault("schedule", french("Donnez le début et la fin de chaque plage."))
            continue
        days.setdefault(window["day"], []).append({"start": window["from"], "end": window["to"]})
    return [{"day": WEEK[number - 1].value, "shifts": shifts} for number, shifts in sorted(days.items())]


def _item(form: OfferForm, row: Mapping[str, str]) -> dict[str, Any]:
    value = money(row["value"]) if row["value"] else None
    if row["value"] and value is None:
        form.errors.setdefault("equipment", french("Écrivez la valeur en euros, par exemple 720 ou 89,90."))
    if not row["label"] or not row["brand_model"]:
        form.errors.setdefault(
            "equipment", french("Donnez pour chaque matériel sa désignation, sa marque et son modèle.")
        )
    return {
        "label": row["label"],
        "brand_model": row["brand_model"],
        "serial": row["serial"] or None,
        "state": row["state"] or "new",
        "value_cents": value,
    }


def _trial(form: OfferForm) -> dict[str, Any]:
    length = _whole(form, "trial") or 0
    unit = "days" if form.value("term") == "cdd" else "months"
    return {unit: length, "is_renewable": form.value("trial_is_renewable") == "yes"}


def _whole(form: OfferForm, name: str) -> int | None:
    text = form.value(name).strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    form.errors[name] = french("Écrivez un nombre entier.")
    return None


def _cents(form: OfferForm, name: str) -> int | None:
    text = form.value(name).strip()
    found = money(text) if text else None
    if text and found is None:
        form.errors[name] = french("Écrivez une somme en euros, par exemple 1 920 ou 1 867,02.")
    return found


def _minutes(form: OfferForm, name: str) -> int | None:
    text = form.value(name).strip()
    hundredths = money(text) if text else None
    if text and hundredths is None:
        form.errors[name] = french("Écrivez un nombre d'heures, par exemple 35 ou 24,5.")
    return round(hundredths * 60 / 100) if hundredths is not None else None


def money(text: str) -> int | None:
    """Cents from a sum as people type it; None when it is not one.

    >>> money("1 867,02"), money("1920 €"), money("12,345"), money("beaucoup")
    (186702, 192000, None, None)
    """
    plain = "".join(text.split()).replace("\u202f", "").replace("€", "").replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    cents = value * 100
    if not value.is_finite() or cents != cents.to_integral_value() or not 0 <= cents <= 100_000_000:
        return None
    return int(cents)


def typed_money(cents: int | None) -> str:
    """Cents as one types them.

    >>> typed_money(186702), typed_money(192000), typed_money(None)
    ('1867,02', '1920', '')
    """
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)


def form_of(terms: TermsFacts) -> OfferForm:
    """The fields of an offer that is there already."""
    said = terms.model_dump(mode="json")
    typed = {name: str(said[name] or "") for name in LINES}
    typed |= {name: typed[name][:5] for name in ("contact_start", "contact_end", "start_time")}
    typed |= {name: "yes" if said[name] else "" for name in FLAGS}
    typed |= {
        "duties": "\n".join(terms.duties),
        "coefficient": str(terms.coefficient or ""),
        "monthly_pay": typed_money(terms.monthly_pay_cents),
        "occupation_indemnity": typed_money(terms.occupation_indemnity_cents),
        "weekly_hours": typed_money(round(terms.weekly_minutes * 100 / 60)) if terms.weekly_minutes else "",
        "adaptation_months": str(terms.adaptation_months or ""),
        "trial": str(terms.trial.days if terms.is_fixed_term else terms.trial.months),
        "trial_is_renewable": "yes" if terms.trial.is_renewable else "",
        "allowance_mode": terms.allowance.mode.value,
        "allowance_rate": typed_money(terms.allowance.rate_cents),
        "calls_inbound": "yes" if terms.calls.has_inbound else "",
        "calls_outbound": "yes" if terms.calls.has_outbound else "",
        "pacing": terms.calls.pacing.value,
    }
    return OfferForm(
        typed=typed,
        home_days=tuple(day.value for day in terms.home_days),
        windows=tuple(window for day in terms.schedule for window in _spans(day)),
        equipment=tuple(
            {
                "label": item.label,
                "brand_model": item.brand_model,
                "serial": item.serial or "",
                "state": item.state.value,
                "value": typed_money(item.value_cents),
            }
            for item in terms.equipment
        ),
    )


def _spans(day: DayHours) -> Iterable[dict[str, Any]]:
    for shift in day.shifts:
        yield {"day": WEEK.index(day.day) + 1, "from": f"{shift.start:%H:%M}", "to": f"{shift.end:%H:%M}"}


def first_form(programme: Mapping[str, Any]) -> OfferForm:
    """A new offer begins with what the programme's sheet says."""
    hours = programme.get("weekly_hours")
    lent = programme.get("equipment") or ()
    return OfferForm(
        typed={
            "term": "cdi",
            "weekly_hours": typed_money(round(float(hours) * 100)) if hours and float(hours) <= 35 else "",
            "start_date": str(programme.get("start_date") or ""),
            "monthly_pay": typed_money(programme.get("pay_min_cents")),
            "allowance_mode": "month",
            "calls_inbound": "yes",
            "pacing": "simple",
            "trial": "2",
        },
        equipment=tuple(
            {"label": str(label), "brand_model": "", "serial": "", "state": "new", "value": ""}
            for label in lent
        ),
    )
