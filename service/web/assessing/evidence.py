"""What was shown beside a person's word, for those who recruit: read it, and record what was attested or verified."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires import answers
from assessments.questionnaires.answer_values import said
from assessments.questionnaires.answers import Answers
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import Item, MeasurementItem
from service.flows.assessing import answering, evidence, withdrawals
from service.flows.assessing.evidence import BY_STAFF, Shown
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, InBoth, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.vocabulary import Locale, Role
from service.store.assessing import assessments as responses
from service.store.assessing.evidence_files import EvidenceFacts
from service.store.people import candidates as people
from service.store.people.candidates import CandidateFacts
from service.store.reach import id_of
from service.web.assessing import question_items
from service.web.assessing.question_items import ItemView
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

KINDS = {
    HowKnown.DECLARED: french("dit par la personne"),
    HowKnown.MEASURED: french("mesuré"),
    HowKnown.ATTESTED: french("attesté par un document"),
    HowKnown.VERIFIED: french("vérifié par quelqu'un"),
}
RECORDED = french("C'est noté. Ce que la personne avait dit n'a pas changé.")
WITHDRAWN = french("C'est retiré. La raison reste dans le dossier, et rien n'est effacé.")
NOT_A_DAY = french("Écrivez le jour où cela a été montré.")
MOST_BYTES = evidence.MOST_MEGABYTES * 1_000_000 + 100_000


@dataclass(frozen=True)
class Standing:
    """One person's questionnaires as they stand: the edition and what was declared, by questionnaire."""

    person: CandidateFacts
    instruments: Mapping[str, Instrument]
    declared: Mapping[str, Answers]

    def item(self, about: str) -> tuple[Instrument, Item]:
        """The question called `questionnaire.item`; NotFound when there is none, or staff cannot come to know it."""
        slug, _, name = about.partition(".")
        instrument = self.instruments.get(slug)
        item = instrument.item(name) if instrument else None
        if instrument is None or item is None or not set(BY_STAFF) & set(item.known_by):
            raise NotFound
        return instrument, item


@dataclass(frozen=True)
class ShownView:
    """One thing that was shown, beside what the person had said."""

    prompt: str
    kind: str
    shown: str
    declared: str
    is_other: bool
    known_on: date
    by: str
    note: str
    file_href: str
    id: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str


class EvidencePages(Controller):
    """What was shown, for one person."""

    include_in_schema = False
    path = "/candidates/{candidate_id:str}/evidence"

    @get(operation_id="web.evidence.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        about: Annotated[str, QueryParameter(max_length=120)] = "",
    ) -> Template:
        """Everything shown of one person, and a form for one question more; the reading is noted."""
        standing = await _standing(session, actor, candidate_id, editions=editions, now=now)
        found = await evidence.read_evidence(session, actor, standing.person.id, now=now)
        return _page(request, actor, standing, found, about=about, today=civil_date(now))

    @post(operation_id="web.evidence.record", status_code=200, request_max_body_size=MOST_BYTES)
    async def record(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Record one thing that was shown; with errors the form comes back as it was typed."""
        database: Database = request.app.state.database
        form = await request.form()
        about = str(form.get("about", ""))
        async with database.transaction() as session:
            standing = await _standing(session, actor, candidate_id, editions=editions, now=now)
            found = await evidence.read_evidence(session, actor, standing.person.id, now=now)
        shown, errors = _read(standing, about, form)
        sent = form.get("file")
        judged = None
        if isinstance(sent, UploadFile) and sent.filename:
            try:
                judged = await asyncio.to_thread(evidence.judge_for, None, await sent.read())
            except RuleBroken as refused:
                errors["file"] = _words(refused, locale_of(request))["/file"]
        if not errors:
            try:
                async with database.transaction() as session:
                    if judged:
                        kept = await evidence.keep_for_staff(
                            session, actor, candidate_id, (shown.instrument, shown.item), judged,
                            files=files, editions=editions, now=now,
                        )  # fmt: skip
                        shown = replace(shown, file_id=kept.id)
                    await evidence.record_shown(
                        session, actor, candidate_id, shown, editions=editions, now=now
                    )
            except RuleBroken as refused:
                errors = {
                    at.removeprefix("/"): words for at, words in _words(refused, locale_of(request)).items()
                }
        if errors:
            return _page(
                request, actor, standing, found, about=about, typed=form, errors=errors, today=civil_date(now)
            )
        return redirect(f"/candidates/{standing.person.id}/evidence", flash=RECORDED)

    @post("/{evidence_id:str}/withdrawal", operation_id="web.evidence.withdraw", status_code=200)
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        evidence_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Withdraw one piece with a reason; one that is too short comes back as it was typed."""
        why = str((await request.form()).get("why") or "").replace("\x00", "")[:2000]
        try:
            await withdrawals.withdraw(
                session, actor, candidate_id, evidence_id, why=why, editions=editions, now=now
            )
        except RuleBroken as refused:
            standing = await _standing(session, actor, candidate_id, editions=editions, now=now)
            found = await evidence.read_evidence(session, actor, standing.person.id, now=now)
            return _page(
                request, actor, standing, found, about="", today=civil_date(now),
                withdrawing=(evidence_id, why, refused.said(Translator(locale_of(request)))),
            )  # fmt: skip
        except Conflict:
            pass
        return redirect(f"/candidates/{id_of(candidate_id)}/evidence", flash=WITHDRAWN)

    @get("/files/{file_id:str}", operation_id="web.evidence.file", opt={"audited": True})
    async def file(
        self,
        candidate_id: FromPath[str],
        file_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download one file of a person; the reading is noted."""
        found, content = await evidence.open_file(
            session, actor, file_id, of_candidate=candidate_id, files=files, now=now
        )
        return attachment(content, file_name=found.file_name, media_type=found.media_type)


class OwnFilePages(Controller):
    """A candidate's own files."""

    include_in_schema = False
    path = "/me/files"

    @get("/{file_id:str}", operation_id="web.own_files.read", opt={"audited": True})
    async def read(
        self,
        file_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download a file that one gave."""
        found, content = await evidence.open_file(session, actor, file_id, files=files, now=now)
        return attachment(content, file_name=found.file_name, media_type=found.media_type)


async def _standing(
    session: AsyncSession, actor: Actor, candidate_id: str, *, editions: Editions, now: datetime
) -> Standing:
    person = await people.facts_of(session, actor, id_of(candidate_id))
    instruments = {one.slug: one for one in editions.instruments_on(civil_date(now))}
    declared: dict[str, Answers] = {}
    for response in await responses.responses_of(session, actor, person.id):
        own = instruments[response.instrument] = answering.instrument_of(editions, response)
        declared[response.instrument] = answering.answers_of(own, response.answers)
    return Standing(person, instruments, declared)


def _read(standing: Standing, about: str, form: FormMultiDict) -> tuple[Shown, dict[str, str]]:
    """What was typed as what was shown, and an error in French for a day that is none."""
    instrument, item = standing.item(about)
    errors = {}
    try:
        known_on = date.fromisoformat(str(form.get("known_on", "")))
    except ValueError:
        known_on, errors["known_on"] = date.min, NOT_A_DAY
    kind = HowKnown.VERIFIED if form.get("kind") == HowKnown.VERIFIED.value else HowKnown.ATTESTED
    value = _value(instrument, item, form)
    return Shown(instrument.slug, item.id, kind, known_on, value, str(form.get("note", ""))[:2000]), errors


def _value(instrument: Instrument, item: Item, form: FormMultiDict) -> object:
    """The value as the API takes it: read as an answer where it is one, else as typed, to be refused in words."""
    texts = tuple(one for one in form.getall(item.id, []) if isinstance(one, str) and one.strip())
    if not texts:
        return None
    if isinstance(item, MeasurementItem):
        return (
            int(texts[0]) if texts[0].lstrip("-").isascii() and texts[0].lstrip("-").isdigit() else texts[0]
        )
    read = answers.read(instrument, {item.id: texts}, complete=False)
    return read.to_json().get(item.id) if isinstance(read, Answers) else texts[0]


def _words(refused: RuleBroken, locale: Locale) -> dict[str, str]:
    return {one.pointer: _said(one.sentence, locale) for one in refused.faults}


def _said(sentence: str | InBoth, locale: Locale) -> str:
    if isinstance(sentence, InBoth):
        return sentence.fr if locale is Locale.FR else sentence.en
    return Translator(locale)(sentence)


def _page(
    request: Request[Any, Any, Any],
    actor: Actor,
    standing: Standing,
    found: tuple[EvidenceFacts, ...],
    *,
    about: str,
    today: date,
    typed: FormMultiDict | None = None,
    errors: Mapping[str, str] | None = None,
    withdrawing: tuple[str, str, str] = ("", "", ""),
) -> Template:
    """`withdrawing`: the piece somebody tried to withdraw, the reason typed, and what is wrong with it."""
    locale = locale_of(request)
    translate = Translator(locale)
    item = standing.item(about) if about else None
    return render(
        request, "recruiter/evidence.html", title="Ce qui a été montré",
        status=422 if errors or withdrawing[2] else 200, withdrawing=withdrawing,
        person=standing.person, lines=[_line(standing, piece, locale) for piece in found],
        may_record=actor.role is Role.RECRUITER, choices=_choices(standing, locale), about=about,
        asked=_asked(standing, item, typed, (errors or {}).get("value", ""), locale) if item else None,
        declared=_declared(standing, item[0], item[1], locale) if item else "",
        kinds=[(kind.value, translate(KINDS[kind])) for kind in BY_STAFF if item and kind in item[1].known_by],
        typed={name: str(typed.get(name, "")) if typed else "" for name in ("kind", "known_on", "note")},
        today=today, errors={name: translate(words) for name, words in (errors or {}).items()},
    )  # fmt: skip


def _choices(standing: Standing, locale: Locale) -> list[tuple[str, list[tuple[str, str]]]]:
    """(questionnaire, its questions that a document or a look can show)."""
    return [
        (
            instrument.title.in_(locale.value),
            [
                (f"{slug}.{item.id}", item.prompt.in_(locale.value))
                for item in instrument.items
                if set(BY_STAFF) & set(item.known_by)
            ],
        )
        for slug, instrument in standing.instruments.items()
    ]


def _line(standing: Standing, piece: EvidenceFacts, locale: Locale) -> ShownView:
    instrument = standing.instruments.get(piece.instrument)
    item = instrument.item(piece.item) if instrument else None
    translate = Translator(locale)
    declared = _declared(standing, instrument, item, locale) if instrument and item else ""
    shown = (
        _in_words(instrument, item, piece.value, locale) if instrument and item else str(piece.value or "")
    )
    return ShownView(
        prompt=item.prompt.in_(locale.value) if item else piece.item,
        kind=translate(KINDS[piece.kind]),
        shown=shown,
        declared=declared,
        is_other=bool(shown and declared and shown != declared and piece.kind is not HowKnown.MEASURED),
        known_on=piece.known_on,
        by=piece.staff_name,
        note=piece.note,
        id=str(piece.id),
        withdrawn_at=piece.withdrawn_at,
        withdrawn_by=piece.withdrawn_by_name,
        withdrawn_why=piece.withdrawn_why,
        file_href=f"/candidates/{piece.candidate_id}/evidence/files/{piece.file_id}" if piece.file_id else "",
    )


def _declared(standing: Standing, instrument: Instrument, item: Item, locale: Locale) -> str:
    given = standing.declared.get(instrument.slug)
    return _in_words(instrument, item, given.get(item.id) if given else None, locale)


def _in_words(instrument: Instrument, item: Item, value: Any, locale: Locale) -> str:
    if value is None:
        return ""
    words = said(instrument, item, tuple(value) if isinstance(value, list) else value)
    return ", ".join(one.in_(locale.value) for one in words)


def _asked(
    standing: Standing,
    about: tuple[Instrument, Item],
    typed: FormMultiDict | None,
    error: str,
    locale: Locale,
) -> ItemView:
    """The question itself, to say what was shown; nothing is chosen before somebody has looked."""
    instrument, item = about
    page = next(page for page in instrument.pages if item in page.items)
    empty = Answers(instrument=instrument.slug, edition=instrument.edition)
    (view,) = (
        one for one in question_items.item_views(instrument, page, empty, locale=locale) if one.id == item.id
    )
    values = tuple(one for one in typed.getall(item.id, []) if isinstance(one, str)) if typed else ()
    return replace(view, values=values, error=error, is_required=False, help="")
