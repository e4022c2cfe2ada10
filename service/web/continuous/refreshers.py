"""A learner's refreshers: five minutes at the start of a shift, one question at a time, each answer with its why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.notes import Asked
from onboarding.continuous.refreshers import Origin, Recall
from service.flows.continuous import refreshers
from service.flows.continuous.refreshers import Due, Given, Marked
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.translations import Said, Translator, french, locale_of

BASE = "/me/refreshers"
LATEST_TURN = 10_000
ORIGINS = {
    Origin.QUIZ: french("Vu en formation"),
    Origin.PROCEDURE: french("Ce qui a changé"),
    Origin.HELP: french("Une question de l'équipe"),
}


@dataclass(frozen=True)
class ChoiceView:
    """One possible answer; `why` is told after answering."""

    value: str
    text: Said
    is_chosen: bool = False
    is_right: bool = False
    why: Said | None = None


@dataclass(frozen=True)
class CardView:
    """One question as it is asked, or after its answer."""

    href: str
    turn: int
    origin: str
    about: str
    module_href: str
    prompt: Said
    takes_several: bool
    choices: tuple[ChoiceView, ...]
    lesson: Said | None
    is_first: bool
    is_note: bool


def card_view(due: Due, say: Reader, *, chosen: tuple[str, ...] = ()) -> CardView:
    card, asked = due.card, due.asked
    module = card.about.split("/")[1] if card.note_id is None else ""
    return CardView(
        href=f"{BASE}/cards/{card.id}", turn=card.turns, origin=Translator(say.locale)(ORIGINS[card.origin]),
        about=say(due.module) if due.module else "",
        module_href=f"/me/training/{card.assignment_id}/modules/{module}" if card.assignment_id and module else "",
        prompt=say(asked.prompt), takes_several=asked.takes_several, choices=_choices(asked, say, chosen),
        lesson=say(asked.lesson) if asked.lesson else None, is_first=card.seen_at is None,
        is_note=card.note_id is not None,
    )  # fmt: skip


def _choices(asked: Asked, say: Reader, chosen: tuple[str, ...]) -> tuple[ChoiceView, ...]:
    return tuple(
        ChoiceView(
            one.slug, say(one.text), one.slug in chosen, one.is_right, say(one.why) if one.why else None
        )
        for one in asked.choices
    )  # fmt: skip


class RefresherPages(Controller):
    """One's own questions of today; what one answers is for learning, and no member of staff reads it."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.refreshers.today")
    async def today(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """How many questions wait, how long they take, and the first one."""
        today, say = await _today(session, actor, library, now), Reader(locale_of(request))
        return render(
            request, "learner/refreshers/today.html", title=french("Révisions"), count=len(today.due),
            minutes=today.minutes, left=today.left, answered=today.answered,
            next_href=f"{BASE}/cards/{today.due[0].card.id}" if today.due else "",
            comes_back=say.day(today.comes_back) if today.comes_back else "",
            notes=sum(due.card.note_id is not None and due.card.seen_at is None for due in today.due),
        )  # fmt: skip

    @get("/cards/{card_id:str}", operation_id="web.refreshers.card")
    async def card(
        self,
        request: Request[Any, Any, Any],
        card_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        shown: FromQuery[str] = "",
    ) -> Template | Redirect:
        """One question; one without choices shows its answer when asked to."""
        due = await refreshers.read_card(session, actor, card_id, editions=library)
        today = await _today(session, actor, library, now)
        if all(one.card.id != due.card.id for one in today.due):
            return redirect(BASE, flash=french("Cette question n'est pas pour aujourd'hui."), tone="info")
        return _card_page(request, due, today, is_shown=bool(shown))

    @post("/cards/{card_id:str}", operation_id="web.refreshers.answer", status_code=200)
    async def answer(
        self,
        request: Request[Any, Any, Any],
        card_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the answer and show why; sent twice, it is one answer."""
        form = await request.form()
        turn = str(form.get("turn") or "")
        how = str(form.get("how") or "")
        chosen = tuple(dict.fromkeys(str(value) for value in form.getall("choice", [])))
        recall = Recall(how) if how in {one.value for one in Recall} else Recall.WELL
        try:
            marked = await refreshers.answer(
                session, actor, card_id, Given(recall, chosen),
                turn=int(turn) if turn.isascii() and turn.isdigit() and len(turn) < 6 else LATEST_TURN,
                editions=library, now=now,
            )  # fmt: skip
        except Conflict:
            return redirect(BASE, flash=french("Cette question n'est pas pour aujourd'hui."), tone="info")
        except RuleBroken as refusal:
            due = await refreshers.read_card(session, actor, card_id, editions=library)
            today = await _today(session, actor, library, now)
            return _card_page(request, due, today, error=refusal.said(Translator(locale_of(request))))
        return redirect(f"{BASE}/answers/{marked.review.id}")

    @get("/answers/{review_id:str}", operation_id="web.refreshers.review")
    async def review(
        self,
        request: Request[Any, Any, Any],
        review_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What became of one answer, why, when the question comes back, and the next one."""
        marked = await refreshers.read_review(session, actor, review_id, editions=library, now=now)
        today, say = await _today(session, actor, library, now), Reader(locale_of(request))
        return render(
            request, "learner/refreshers/answered.html", title=_headline(marked),
            card=card_view(marked.due, say, chosen=marked.review.chosen),
            is_known=marked.review.recall is not Recall.FORGOTTEN, is_right=marked.is_right,
            reason=say(marked.reason.text), left=len(today.due), answered=today.answered,
            next_href=f"{BASE}/cards/{today.due[0].card.id}" if today.due else "",
        )  # fmt: skip


async def _today(session: AsyncSession, actor: Actor, editions: Editions, now: datetime) -> refreshers.Today:
    return await refreshers.today_of(session, actor, editions=editions, now=now)


def _headline(marked: Marked) -> str:
    if marked.review.recall is not Recall.FORGOTTEN:
        return french("C'est retenu")
    return french("À revoir, et voici pourquoi")


def _card_page(
    request: Request[Any, Any, Any],
    due: Due,
    today: refreshers.Today,
    *,
    is_shown: bool = False,
    error: str = "",
) -> Template:
    place = next((n for n, one in enumerate(today.due, start=1) if one.card.id == due.card.id), 1)
    return render(
        request, "learner/refreshers/card.html", title=french("Une question"), status=422 if error else 200,
        card=card_view(due, Reader(locale_of(request))), is_shown=is_shown, error=error,
        number=today.answered + place, total=today.answered + len(today.due), minutes=today.minutes,
    )  # fmt: skip
