"""The public side of badges: verify one, and what a verifier's program reads (issuer, keys, revocation)."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.paths.markdown import read
from onboarding.proof import badge_images
from onboarding.proof import badges as core
from service.flows.proof import badge_keys
from service.flows.proof import badges as flow
from service.flows.proof.badge_keys import address_of
from service.flows.proof.badges import Verified
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.runtime.settings import Settings
from service.store.proof import badges as store
from service.web.pages import render
from service.web.paths.lesson_views import views_of
from service.web.proof.training_files_views import badge_view
from service.web.translations import french, locale_of

JSON, SVG = "application/json", "image/svg+xml"
FOR_VERIFIERS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Verifiers run in browsers, too, on pages of their own: what they read here is public and needs no session."""
LARGEST_FILE = 500_000
CHOOSE = french("Choisissez le fichier du badge.")
TOO_LARGE = french("Ce fichier est trop grand pour être un badge.")


class BadgePages(Controller):
    """Verification for anybody, without signing in."""

    path = "/badges"
    include_in_schema = False

    @get("/check", operation_id="web.badges.check_form")
    async def check_form(self, request: Request[Any, Any, Any]) -> Template:
        return render(request, "public/badge.html", title="Vérifier un badge", **_nothing())

    @post("/check", operation_id="web.badges.check", status_code=200)
    async def check(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """Verify the file that somebody shows; nothing of it is kept."""
        sent = (await request.form()).get("badge")
        if not isinstance(sent, UploadFile) or not sent.filename:
            return _refused(request, CHOOSE)
        content = await sent.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            return _refused(request, TOO_LARGE)
        found = await flow.verify_file(session, content, now=now)
        return _page(request, found, library, settings)

    @get("/issuer", operation_id="web.badges.issuer", media_type=JSON, response_headers=FOR_VERIFIERS)
    async def issuer(
        self, session: NamedDependency[AsyncSession], settings: NamedDependency[Settings]
    ) -> dict[str, Any]:
        """Who vouches (OB 3.0 `Profile`)."""
        return core.profile(await flow.issuer_of(session, settings))

    @get("/keys", operation_id="web.badges.keys", media_type=JSON, response_headers=FOR_VERIFIERS)
    async def keys(self, session: NamedDependency[AsyncSession]) -> dict[str, Any]:
        """The public keys (JWKS)."""
        return await badge_keys.key_set(session)

    @get(
        "/keys/{thumbprint:str}",
        operation_id="web.badges.key",
        media_type=JSON,
        response_headers=FOR_VERIFIERS,
    )
    async def key(self, thumbprint: FromPath[str], session: NamedDependency[AsyncSession]) -> dict[str, Any]:
        """One public key (JWK), at the address that each badge names as its `kid`."""
        return await store.public_key(session, thumbprint)

    @get(
        "/achievements/{slug:str}/{edition:str}",
        operation_id="web.badges.achievement",
        media_type=JSON,
        response_headers=FOR_VERIFIERS,
    )
    async def achievement(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        edition: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
    ) -> dict[str, Any]:
        """What an edition of a path stands for (OB 3.0 `Achievement`)."""
        path = library.paths.get((slug, edition))
        if path is None:
            raise NotFound
        return core.achievement(
            flow.achievement_of(path, settings),
            issuer=await flow.issuer_of(session, settings),
            language=Language(locale_of(request).value),
        )

    @get(
        "/achievements/{slug:str}/{edition:str}/image.svg",
        operation_id="web.badges.image",
        media_type=SVG,
        response_headers=FOR_VERIFIERS,
    )
    async def image(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        edition: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
    ) -> Response[bytes]:
        """The picture of what a path stands for; it names nobody."""
        path = library.paths.get((slug, edition))
        if path is None:
            raise NotFound
        title = path.title.said_in(Language(locale_of(request).value))
        issuer = await flow.issuer_of(session, settings)
        return Response(
            badge_images.drawn(title=title, issuer=issuer.name, day=edition).encode(), media_type=SVG
        )

    @get("/{badge_id:str}", operation_id="web.badges.verify")
    async def verify(
        self,
        request: Request[Any, Any, Any],
        badge_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """Verify a badge by its address; whoever it is of is said only where they chose so."""
        return _page(request, await flow.verify(session, badge_id, now=now), library, settings)

    @get(
        "/{badge_id:str}/status",
        operation_id="web.badges.status",
        media_type=JSON,
        response_headers=FOR_VERIFIERS,
    )
    async def status(
        self,
        badge_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
    ) -> dict[str, Any]:
        """The revocation list that a badge names (OB 3.0, `1EdTechRevocationList`): itself where it was withdrawn."""
        badge = await store.public(session, badge_id)
        here = address_of(settings, str(badge.id))
        return core.withdrawals(
            address=f"{here}/status",
            issuer=await flow.issuer_of(session, settings),
            withdrawn={here: badge.withdrawal_reason} if badge.withdrawn_at else {},
        )

    @get(
        "/{badge_id:str}/image.svg",
        operation_id="web.badges.picture",
        media_type=SVG,
        response_headers=FOR_VERIFIERS,
    )
    async def picture(
        self, request: Request[Any, Any, Any], badge_id: FromPath[str], session: NamedDependency[AsyncSession]
    ) -> Response[bytes]:
        """The badge's picture without the credential in it."""
        badge = await store.public(session, badge_id)
        return Response(flow.picture_svg(badge, locale_of(request), is_baked=False), media_type=SVG)


def _nothing(errors: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "found": None, "badge": None, "edition": "", "issuer": "", "holder": "", "criteria": (),
        "errors": errors or {},
    }  # fmt: skip


def _refused(request: Request[Any, Any, Any], words: str) -> Template:
    views = _nothing({"badge": words})
    return render(request, "public/badge.html", title="Vérifier un badge", status=422, **views)


def _page(
    request: Request[Any, Any, Any], found: Verified, library: Editions, settings: Settings
) -> Template:
    locale, badge = locale_of(request), found.badge
    path = library.paths.get((badge.path, badge.edition)) if badge else None
    criteria = core.criteria(flow.achievement_of(path, settings), Language(locale.value)) if path else ""
    views = {
        **_nothing(),
        "found": found,
        "badge": badge_view(badge, locale=locale, settings=settings) if badge else None,
        "edition": badge.edition if badge else "",
        "issuer": badge.issuer_name if badge else "",
        "holder": found.holder,
        "criteria": views_of(read(criteria), locale),
    }
    return render(request, "public/badge.html", title="Vérifier un badge", **views)
