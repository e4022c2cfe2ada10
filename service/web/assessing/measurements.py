"""Pages where a person measures the line at home, and the bytes that are moved for it."""

import json
from datetime import datetime
from math import ceil
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Stream, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.lines.policy import Plan
from service.flows.assessing import measurements
from service.flows.assessing.measurements import Sent
from service.http import traffic
from service.http.authentication import may_call
from service.http.bodies import read_strict_json
from service.http.downloads import attachment
from service.http.headers import MICROPHONE_ONLY
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Gone, HomeshoreError, Malformed, NotFound, RuleBroken
from service.runtime.settings import Settings
from service.runtime.vocabulary import MeasurementState
from service.store.assessing import measurements as store
from service.store.assessing.measurements import OpenedFacts
from service.store.reach import id_of
from service.web.assessing import measurements_views as views
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

BASE = "/me/measurement"
OVER = french(
    "Cette mesure est restée ouverte trop longtemps. Préparez-en une autre : rien d'autre n'est perdu."
)
NOT_READ = french("La mesure n'a pas pu être lue. Rechargez la page, puis mesurez de nouveau.")
SAID_WHILE_MEASURING = {
    "latency": french("Nous mesurons le délai, ligne au repos…"),
    "download": french("Nous mesurons la réception…"),
    "upload": french("Nous mesurons l'envoi…"),
    "packetLoss": french("Nous comptons les paquets perdus…"),
    "done": french("La ligne est mesurée. Il reste à enregistrer."),
    "lost": french("La connexion s'est coupée pendant la mesure. Rien n'est perdu. Recommencez quand elle revient."),
    "hidden": french("La page n'était plus à l'écran : la mesure s'est arrêtée. Gardez-la ouverte, puis recommencez."),
    "quiet": french("Restez silencieux quelques secondes…"),
    "speak": french("Lisez la phrase à voix haute…"),
    "listened": french("Le micro est mesuré. Vous pouvez recommencer, ou enregistrer."),
    "no_microphone": french("Le micro n'a pas été mesuré. Ce n'est pas grave : il sera dit « non mesuré »."),
    "again": french("Mesurer le micro de nouveau"),
    "not_sent": french("Pas de connexion : la mesure reste sur cette page. Appuyez de nouveau pour l'enregistrer."),
    "not_kept": french("La mesure n'a pas été gardée. Préparez-en une autre."),
}  # fmt: skip
WIRED = {"yes": True, "no": False}


class MeasurementPages(Controller):
    """A candidate's line."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.measurements.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """The three parts of the day, what was measured, what it means, and what a measuring takes."""
        locale = locale_of(request)
        found = await measurements.own_standing(session, actor, editions=editions, now=now)
        worst = views.weakest(found.measured)
        return render(
            request, "candidate/measurement.html", title="Votre connexion",
            slots=views.slot_views(found, locale, now=now), rows=views.row_views(found, locale),
            megabytes=_megabytes(found.policy.plan(settings.measure_plan)),
            relay=settings.turn_url if settings.measures_loss else "",
            counts=found.policy.counts.in_(locale.value),
            verdict=worst and views.verdict_view(
                editions.line_policy_of(worst.edition), worst, Translator(locale)
            ),
            doubts=[doubt.in_(locale.value) for one in found.measured for doubt in one.result.doubts],
        )  # fmt: skip

    @post(operation_id="web.measurements.open", status_code=200)
    async def open_one(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Open a measuring and lead to its page."""
        opened = await measurements.open_one(session, actor, settings=settings, editions=editions, now=now)
        return redirect(f"{BASE}/{opened.id}")

    @get("/{measurement_id:str}", operation_id="web.measurements.run")
    async def run(
        self,
        request: Request[Any, Any, Any],
        measurement_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """The page that measures, while its measuring is open."""
        opened = await store.own(session, actor, measurement_id)
        if opened.state is MeasurementState.KEPT:
            return redirect(BASE)
        if measurements.is_over(editions.line_policy_of(opened.edition), opened, now=now):
            return redirect(BASE, flash=OVER, tone="info")
        return _run_page(request, opened, editions, settings, now)

    @post("/{measurement_id:str}", operation_id="web.measurements.keep", status_code=200)
    async def keep(
        self,
        request: Request[Any, Any, Any],
        measurement_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep what was measured; what no line can have comes back with what to do, and nothing is kept."""
        form = await request.form()
        opened = await store.own(session, actor, measurement_id)
        translate = Translator(locale_of(request))
        try:
            sent = Sent(
                samples=read_strict_json(str(form.get("samples", "")).encode()),
                is_wired=WIRED.get(str(form.get("wired", ""))),
                user_agent=request.headers.get("user-agent", ""),
            )
            await measurements.keep(session, actor, measurement_id, sent, editions=editions, now=now)
        except Malformed:
            return _run_page(request, opened, editions, settings, now, refusals=[translate(NOT_READ)])
        except RuleBroken as refused:
            told = list(dict.fromkeys(_said(refused, translate)))
            return _run_page(request, opened, editions, settings, now, refusals=told[:5])
        except Gone:
            return redirect(BASE, flash=OVER, tone="info")
        return redirect(BASE, flash="La mesure est enregistrée. Revenez à un autre moment du jour.")


def _said(refused: HomeshoreError, translate: Translator) -> list[str]:
    return [fault.said(translate) for fault in refused.faults]


def _run_page(
    request: Request[Any, Any, Any],
    opened: OpenedFacts,
    editions: Editions,
    settings: Settings,
    now: datetime,
    refusals: list[str] | None = None,
) -> Template:
    locale = locale_of(request)
    translate = Translator(locale)
    policy = editions.line_policy_of(opened.edition)
    relay = measurements.relay_credentials(settings, opened, minutes=policy.open_minutes)
    page = render(
        request, "candidate/measurement_run.html", title="Mesurer la ligne", status=422 if refusals else 200,
        action=f"{BASE}/{opened.id}", part=measurements.part_now(policy, now).label.in_(locale.value),
        plan=policy.plan(opened.plan).model_dump_json(), relay=json.dumps(relay), refusals=refusals or [],
        words=json.dumps({name: translate(words) for name, words in SAID_WHILE_MEASURING.items()}),
    )  # fmt: skip
    page.headers["Permissions-Policy"] = MICROPHONE_ONLY
    return page


def _megabytes(plan: Plan) -> int:
    return ceil((plan.most_bytes("download") + plan.most_bytes("upload")) / 1_000_000)


class MeasuringTraffic(Controller):
    """Bytes for one open measuring: sent down, or taken up and thrown away. Nothing is parsed, kept or compressed.

    The upload carries no form token, for the script that sends it can add none: its address holds the random id of a
    measuring that only this person's session may use, and it changes nothing.
    """

    path = f"{BASE}/{{measurement_id:str}}"
    include_in_schema = False
    guards = [may_call, traffic.has_open_measurement]

    @get("/down", operation_id="web.measurements.down", sync_to_thread=False)
    def down(
        self,
        request: Request[Any, Any, Any],
        measurement_id: FromPath[str],
        size: Annotated[int, QueryParameter(name="bytes", ge=0)] = 0,
    ) -> Stream:
        """So many bytes, as the network takes them; 0 bytes measure a round trip."""
        moved = traffic.measuring_of(request)
        traffic.may_send(traffic.plan_of(request), moved, size)
        return Stream(
            traffic.blocks(size, moved),
            media_type="application/octet-stream",
            headers={
                "Content-Length": str(size),
                "Cache-Control": "no-store, no-transform",
                "Server-Timing": traffic.server_timing(request),
            },
        )

    @post("/up", operation_id="web.measurements.up", status_code=200, opt={"exclude_from_csrf": True})
    async def up(
        self, request: Request[Any, Any, Any], measurement_id: FromPath[str]
    ) -> Response[dict[str, int]]:
        """Take what comes, count it, keep nothing of it."""
        taken = await traffic.swallow(request, traffic.plan_of(request), traffic.measuring_of(request))
        return Response({"bytes": taken}, headers={"Cache-Control": "no-store"})


class MeasurementsOfPeople(Controller):
    """Raw samples, for those who recruit and equip."""

    path = "/candidates/{candidate_id:str}/measurements"
    include_in_schema = False

    @get("/{measurement_id:str}", operation_id="web.measurements.samples", opt={"audited": True})
    async def samples(
        self,
        candidate_id: FromPath[str],
        measurement_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """One measuring with everything the browser sent, as a file; the read is noted."""
        found = await measurements.read_whole(session, actor, measurement_id, now=now)
        if found.candidate_id != id_of(candidate_id):
            raise NotFound
        return attachment(
            found.model_dump_json(indent=2).encode(),
            file_name=f"measurement-{found.taken_at:%Y-%m-%d}-{found.part_of_day.value}.json",
            media_type="application/json",
        )
