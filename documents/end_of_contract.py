"""What the end of a CDD gives: the end-of-contract indemnity, or the text that says why it is not due."""

from datetime import date
from fractions import Fraction

from documents.law import Law
from documents.money import round_half_up
from documents.rates import Confidence, Frozen, NoFigure
from documents.spans import Refused, Span, overlap_fault, sequence_fault
from documents.terms import NoIndemnity, Unsettled, in_force, none_known, unsettled


class GrossPay(Frozen):
    """Gross pay in cents for work from a first to a last day; the indemnity itself is not part of it."""

    first: date
    last: date
    gross_cents: int


class EndIndemnity(Frozen):
    """The indemnity in cents, the gross it rests on and its rate; not due: zero, with the text's reason."""

    amount_cents: int
    gross_cents: int
    percent: int
    is_due: bool
    not_due_because: NoIndemnity | None
    reason: str
    article: str
    source: str
    confidence: Confidence
    unsettled: tuple[Unsettled, ...]


def end_indemnity(
    law: Law,
    *,
    periods: tuple[Span, ...],
    paid: tuple[GrossPay, ...],
    exception: NoIndemnity | None = None,
    reducing_agreement: str | None = None,
) -> EndIndemnity | NoFigure | Refused:
    """A tenth of all gross pay of a CDD and its renewals (L1243-8), rounded half up once on the total.

    `periods` are the contract and its renewals, each beginning the day after the one before. An `exception`
    (L1243-8, L1243-10) makes it zero. 6 % needs the name of the agreement that offers training (L1243-9).
    The law is the one of the last day.
    """
    fault = sequence_fault(periods, field="periods") or _pay_fault(periods, paid)
    if fault:
        return fault
    if reducing_agreement is not None and not reducing_agreement.strip():
        return Refused(field="reducing_agreement", detail="Nommez l'accord qui réduit l'indemnité (L1243-9).")
    on = max(span.last for span in periods)
    gross = sum(line.gross_cents for line in paid)
    if exception is not None:
        return _not_due(law, exception, gross=gross, on=on)
    rows = in_force(law.terms.end_of_fixed_term, on)
    if not rows:
        return none_known("Indemnité de fin de contrat", table="end-of-fixed-term", on=on)
    row = rows[0]
    percent = row.reduced_percent if reducing_agreement else row.percent
    return EndIndemnity(
        amount_cents=round_half_up(Fraction(gross * percent, 100)),
        gross_cents=gross,
        percent=percent,
        is_due=True,
        not_due_because=None,
        reason=f"{percent} % de la rémunération brute totale"
        + (f", selon {reducing_agreement.strip()}." if reducing_agreement else "."),
        article="L1243-9" if reducing_agreement else "L1243-8",
        source=row.source,
        confidence=row.confidence,
        unsettled=unsettled(row, table="end-of-fixed-term", label="Indemnité de fin de contrat", on=on),
    )


def _pay_fault(periods: tuple[Span, ...], paid: tuple[GrossPay, ...]) -> Refused | None:
    if not paid:
        return Refused(field="paid", detail="Donnez la rémunération brute du contrat.")
    if any(line.gross_cents < 0 for line in paid):
        return Refused(field="paid", detail="Une rémunération n'est pas négative.")
    spans = [Span(first=line.first, last=line.last) for line in paid]
    if fault := overlap_fault(spans, field="paid"):
        return fault
    first, last = min(span.first for span in periods), max(span.last for span in periods)
    outside = next((span for span in spans if span.first < first or span.last > last), None)
    if outside is None:
        return None
    return Refused(
        field="paid",
        detail=f"La paie du {outside.first:%d/%m/%Y} au {outside.last:%d/%m/%Y} sort du contrat, "
        f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}.",
    )


def _not_due(law: Law, exception: NoIndemnity, *, gross: int, on: date) -> EndIndemnity | NoFigure:
    rows = [row for row in in_force(law.terms.no_end_indemnity, on) if row.reason is exception]
    if not rows:
        return none_known("Indemnité de fin de contrat", table="no-end-indemnity", on=on)
    row = rows[0]
    return EndIndemnity(
        amount_cents=0,
        gross_cents=gross,
        percent=0,
        is_due=False,
        not_due_because=exception,
        reason=row.words,
        article=row.article,
        source=row.source,
        confidence=row.confidence,
        unsettled=unsettled(row, table="no-end-indemnity", label=row.words, on=on),
    )
