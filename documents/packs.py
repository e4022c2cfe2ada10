"""A pack of documents: planned whole, rendered one by one, assembled with a manifest of hashes."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from documents import pdf, wording
from documents.completeness import Missing, missing, unshowable_texts
from documents.facts import PackFacts, ShortlistFacts
from documents.figures import Figures, reckon
from documents.kinds import KINDS, PACK_ORDER, DocumentKind, Signatory
from documents.law import Law
from documents.photographs import pictures
from documents.rates import Frozen
from documents.reports import ReportFacts


class DocumentPlan(Frozen):
    """All that one document's bytes depend on; small enough to pass to another process or to keep.

    `pictures` are what the page shows, by the name it asks for, in base64.
    """

    kind: DocumentKind
    file_name: str
    title: str
    template: str
    signatories: tuple[Signatory, ...]
    identifier: str
    created: datetime
    html: str
    facts_json: str
    pictures: Mapping[str, str] = {}


class PackPlan(Frozen):
    """The documents of one hiring in order, and the editions of law they rest on."""

    reference: str
    issued_at: datetime
    editions: tuple[str, ...]
    facts_sha256: str
    documents: tuple[DocumentPlan, ...]


class PackRefused(Frozen):
    """What stops the pack, named; nothing was made."""

    missing: tuple[Missing, ...]


class IssuedDocument(Frozen):
    kind: DocumentKind
    file_name: str
    title: str
    template: str
    signatories: tuple[Signatory, ...]
    sha256: str
    size_bytes: int
    pages: int


class Pack(Frozen):
    """The finished pack: its list, `manifest.json`, the files in order, and one archive of all."""

    documents: tuple[IssuedDocument, ...]
    contents: tuple[bytes, ...]
    manifest: bytes
    archive: bytes


def pack_kinds(facts: PackFacts) -> tuple[DocumentKind, ...]:
    """The kinds a hiring needs; no loan agreement for a person who uses their own equipment."""
    own = facts.offer.uses_own_equipment
    return tuple(kind for kind in PACK_ORDER if not (own and kind is DocumentKind.EQUIPMENT_LOAN))


def check_pack(facts: PackFacts, *, law: Law, issued_at: datetime) -> tuple[Missing, ...]:
    """All that stops this pack, without rendering anything; one thing wanted by several documents is named once."""
    figures = reckon(facts, law)
    wanted = law.requirements_on(issued_at.date())
    found: dict[tuple[str, str], Missing] = {}
    for kind in pack_kinds(facts):
        for item in missing(kind, facts, figures=figures, requirements=wanted):
            found.setdefault((item.field, item.label), item)
    return tuple(found.values())


def plan_pack(facts: PackFacts, *, law: Law, issued_at: datetime, reference: str) -> PackPlan | PackRefused:
    """Every document worded and pinned, or everything missing by name. `issued_at` is aware.

    The same facts, law, moment and reference give the same plan.
    """
    stopping = check_pack(facts, law=law, issued_at=issued_at)
    if stopping:
        return PackRefused(missing=stopping)
    figures = reckon(facts, law)
    facts_json = _facts_json(facts, figures)
    plans = tuple(
        _plan(
            kind,
            facts,
            figures,
            facts_json=facts_json,
            issued_at=issued_at,
            reference=reference,
            number=number,
        )
        for number, kind in enumerate(pack_kinds(facts), start=1)
    )
    return PackPlan(
        reference=reference,
        issued_at=issued_at,
        editions=law.editions,
        facts_sha256=hashlib.sha256(facts_json.encode()).hexdigest(),
        documents=plans,
    )


def _facts_json(facts: PackFacts, figures: Figures) -> str:
    return canonical_json({"facts": facts.model_dump(mode="json"), "figures": _record(figures)})


def _plan(
    kind: DocumentKind,
    facts: PackFacts,
    figures: Figures,
    *,
    facts_json: str,
    issued_at: datetime,
    reference: str,
    number: int | None = None,
) -> DocumentPlan:
    """One document, by its number in a pack or by itself."""
    digest = hashlib.sha256(facts_json.encode()).hexdigest()
    html = wording.write_document(
        kind,
        facts,
        figures=figures,
        issued_on=issued_at.date(),
        reference=f"{reference if number is None else f'{reference}-{number}'} · faits {digest[:12]}",
    )
    return pinned(
        kind,
        html=html,
        facts_json=facts_json,
        name=facts.person.full_name,
        file_name=f"{KINDS[kind].file_stem}.pdf"
        if number is None
        else f"{number:02d}-{KINDS[kind].file_stem}.pdf",
        issued_at=issued_at,
        pictures=pictures(facts) if kind is DocumentKind.EQUIPMENT_LOAN else {},
    )


def plan_document(
    kind: DocumentKind, facts: PackFacts, *, law: Law, issued_at: datetime, reference: str
) -> DocumentPlan | PackRefused:
    """One document of a hiring by itself, or everything that stops it by name."""
    figures = reckon(facts, law)
    stopping = missing(kind, facts, figures=figures, requirements=law.requirements_on(issued_at.date()))
    if stopping:
        return PackRefused(missing=stopping)
    facts_json = _facts_json(facts, figures)
    return _plan(kind, facts, figures, facts_json=facts_json, issued_at=issued_at, reference=reference)


def plan_shortlist(
    facts: ShortlistFacts, *, author: str, issued_at: datetime, reference: str
) -> DocumentPlan | PackRefused:
    """The plan of a shortlist for a meeting; nobody signs it. A text that the fonts cannot write is refused by name."""
    lacking = tuple(unshowable_texts(DocumentKind.SHORTLIST, facts))
    if lacking:
        return PackRefused(missing=lacking)
    html = wording.write_shortlist(facts, author=author, issued_on=issued_at.date(), reference=reference)
    return pinned(
        DocumentKind.SHORTLIST,
        html=html,
        facts_json=canonical_json({"facts": facts.model_dump(mode="json")}),
        name=facts.programme,
        file_name=f"{KINDS[DocumentKind.SHORTLIST].file_stem}.pdf",
        issued_at=issued_at,
    )


def plan_report(
    kind: DocumentKind, facts: ReportFacts, *, author: str, issued_at: datetime, reference: str
) -> DocumentPlan | PackRefused:
    """The plan of a report on somebody's answers, in its own language; nobody signs it."""
    lacking = tuple(unshowable_texts(kind, facts))
    if lacking:
        return PackRefused(missing=lacking)
    html = wording.write_report(kind, facts, author=author, issued_on=issued_at.date(), reference=reference)
    plan = pinned(
        kind,
        html=html,
        facts_json=canonical_json({"facts": facts.model_dump(mode="json")}),
        name=facts.person,
        file_name=f"{KINDS[kind].file_stem}.pdf",
        issued_at=issued_at,
    )
    return plan.model_copy(update={"title": f"{facts.title} – {facts.person}"})


def pinned(
    kind: DocumentKind,
    *,
    html: str,
    facts_json: str,
    name: str,
    file_name: str,
    issued_at: datetime,
    pictures: Mapping[str, bytes] | None = None,
) -> DocumentPlan:
    """The plan of one document from its words and its facts; the identifier follows from both and the moment.

    A picture's name says its content, so the words that show it say it too.
    """
    spec = KINDS[kind]
    return DocumentPlan(
        kind=kind,
        file_name=file_name,
        title=wording.title_of(kind, name),
        template=spec.template,
        signatories=spec.signatories,
        identifier=hashlib.sha256(f"{html}\0{facts_json}\0{issued_at.isoformat()}".encode()).hexdigest()[:32],
        created=issued_at,
        html=html,
        facts_json=facts_json,
        pictures={name: b64encode(content).decode() for name, content in (pictures or {}).items()},
    )


def render_document(plan: DocumentPlan) -> bytes:
    """The PDF of one plan: the same plan, the same bytes. For a pool of processes, never for threads."""
    return pdf.render(
        plan.html,
        title=plan.title,
        identifier=plan.identifier,
        created=plan.created,
        attachment=plan.facts_json.encode(),
        assets={name: b64decode(content) for name, content in plan.pictures.items()},
    )


def key_of(plan: DocumentPlan, *, making: str) -> str:
    """What names the drawing of a plan: a hash of all its bytes depend on, `making` being `pdf.making()`."""
    return hashlib.sha256(f"{making}\0{plan.model_dump_json()}".encode()).hexdigest()


def assemble(plan: PackPlan, contents: Sequence[bytes]) -> Pack:
    """The pack from its rendered documents, in the plan's order; the archive's bytes depend on nothing else."""
    issued = tuple(
        _issued(document, content) for document, content in zip(plan.documents, contents, strict=True)
    )
    manifest = (
        canonical_json(
            {
                "reference": plan.reference,
                "issued_at": plan.issued_at.isoformat(),
                "facts_sha256": plan.facts_sha256,
                "editions": list(plan.editions),
                "documents": [document.model_dump(mode="json") for document in issued],
            },
            indent=2,
        )
        + "\n"
    ).encode()
    named = [(document.file_name, content) for document, content in zip(issued, contents, strict=True)]
    archive = _archive([*named, ("manifest.json", manifest)], plan.issued_at)
    return Pack(documents=issued, contents=tuple(contents), manifest=manifest, archive=archive)


def build_pack(facts: PackFacts, *, law: Law, issued_at: datetime, reference: str) -> Pack | PackRefused:
    """Plan, render and assemble in this process, one document after the other."""
    plan = plan_pack(facts, law=law, issued_at=issued_at, reference=reference)
    if isinstance(plan, PackRefused):
        return plan
    return assemble(plan, [render_document(document) for document in plan.documents])


def _issued(plan: DocumentPlan, content: bytes) -> IssuedDocument:
    return IssuedDocument(
        kind=plan.kind,
        file_name=plan.file_name,
        title=plan.title,
        template=plan.template,
        signatories=plan.signatories,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        pages=pdf.count_pages(content),
    )


def _record(figures: Figures) -> dict[str, object]:
    """The figures as kept inside the document: amounts and sources, the rules by their edition."""
    record = figures.model_dump(mode="json", exclude={"rules"})
    record["rules_edition"] = figures.rules.edition
    return record


def _archive(named: list[tuple[str, bytes]], moment: datetime) -> bytes:
    """Stored, not compressed: PDFs are already, and no zlib version can then change the bytes."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, content in named:
            entry = ZipInfo(name, date_time=(max(moment.year, 1980), moment.month, moment.day, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def canonical_json(value: object, *, indent: int | None = None) -> str:
    """JSON with sorted keys and French letters as they are: one value, one text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=indent, allow_nan=False)
