"""How a page is made: frozen views in, the layouts' common context around them, a template out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.datastructures import Cookie
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.template import TemplateConfig
from litestar.utils.scope.state import ScopeState

from service.http.rights import matrix
from service.runtime.actors import ANONYMOUS, Actor
from service.runtime.errors import HomeshoreError
from service.runtime.veil import NO_VEIL, Veil
from service.runtime.vocabulary import Role
from service.web.figures import Figures
from service.web.translations import Said, Translator, french, locale_of

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
FLASH_COOKIE = "homeshore_flash"


@dataclass(frozen=True)
class PageView:
    """What the layouts know of the page itself."""

    title: str
    lang: str
    path: str


@dataclass(frozen=True)
class NavItem:
    """One place in the head of a page, or (with `items`, and no address) a menu of several."""

    label: str
    href: str
    is_current: bool
    items: tuple["NavItem", ...] = ()


@dataclass(frozen=True)
class WhoView:
    """Whom the head of a page greets."""

    is_signed_in: bool
    name: str
    role: str


@dataclass(frozen=True)
class FlashView:
    """One sentence left by the request before: `tone` is good, warn, bad or info."""

    message: str
    tone: str


ROLE_NAMES = {
    Role.CANDIDATE: french("candidat"),
    Role.AGENT: french("conseiller"),
    Role.RECRUITER: french("recrutement"),
    Role.TRAINER: french("formation"),
    Role.SUPERVISOR: french("supervision"),
    Role.SUPPORT: french("soutien"),
    Role.CLIENT_MANAGER: french("client"),
    Role.APPROVER: french("validation"),
    Role.ADMINISTRATOR: french("administration"),
}

PLACES: tuple[tuple[str, str, str, str], ...] = (
    (french("Mon parcours"), "/me", "web.me.show", ""),
    (french("Candidats"), "/candidates", "web.candidates.list", ""),
    (french("Candidatures"), "/applications", "web.applications.list", ""),
    (french("Entretiens"), "/interviews", "web.interviews.list", ""),
    (french("Programmes"), "/programmes", "web.programmes.list", ""),
    (french("Vagues"), "/waves", "web.waves.list", ""),
    (french("Offres"), "/offers", "web.offers.list", ""),
    (french("Arrivées"), "/onboarding", "web.onboarding.list", french("Suivi")),
    (french("Mes tâches"), "/me/tasks", "web.own_tasks.list", ""),
    (french("Échéances"), "/deadlines", "web.deadlines.list", french("Suivi")),
    (french("Vivier"), "/pool", "web.pool.show", french("Affectation")),
    (french("Allocations"), "/allowances", "web.allowances.list", french("Suivi")),
    (french("Mes documents"), "/me/documents", "web.own_documents.list", ""),
    (french("Tableau"), "/training", "web.training.board", french("Formation")),
    (french("Groupes"), "/training/cohorts", "web.cohorts.list", french("Formation")),
    (french("Séances"), "/classes", "web.classes.list", french("Formation")),
    (french("Parcours de formation"), "/training/paths", "web.paths.list", french("Formation")),
    (french("Paquets SCORM"), "/training/packages", "web.packages.list", french("Formation")),
    (french("Révisions"), "/procedures", "web.procedures.list", french("Formation")),
    (french("Preuves"), "/training/files", "web.training_files.list", french("Formation")),
    (french("Dispenses"), "/training/exemptions", "web.exemptions.list", french("Formation")),
    (french("Demandes d'aide"), "/help", "web.help.list", french("Formation")),
    (french("Mes modules"), "/me/training", "web.learning.list", french("Ma formation")),
    (french("Mes séances"), "/me/classes", "web.own_classes.list", french("Ma formation")),
    (french("Révisions"), "/me/refreshers", "web.refreshers.today", french("Ma formation")),
    (french("Mon évolution"), "/me/career", "web.me.career", french("Ma formation")),
    (french("Aide"), "/me/help", "web.own_help.list", french("Ma formation")),
    (french("Mes attestations"), "/me/certificates", "web.certificates.list", french("Ma formation")),
    (french("Second regard"), "/contests", "web.contests.list", french("Suivi")),
    (french("Fiabilité"), "/validity", "web.validity.show", french("Suivi")),
    (french("Équité"), "/fairness", "web.fairness.show", french("Suivi")),
    (french("Compétences"), "/skills", "web.skills.list", french("Suivi")),
    (french("Imports"), "/imports", "web.imports.list", french("Suivi")),
    (french("Courrier"), "/mail", "web.mail.list", ""),
    (french("Employeur"), "/employer", "web.employer.show", ""),
    (french("Référence de l'API"), "/reference", "web.reference.show", ""),
)
"""Label, address, operation and menu (a menu of one is that place); those who may call its operation see a place."""


def render(
    request: Request[Any, Any, Any],
    template: str,
    *,
    title: str,
    status: int = 200,
    actor: Actor | None = None,
    veil: Veil = NO_VEIL,
    **views: Any,
) -> Template:
    """The page `template` with `views` (frozen values, never rows); `title` is a French sentence, translated here,
    or words of content, which are said as they are.

    A drawn `veil` hides one person's identity in everything the page is given.
    """
    locale = locale_of(request)
    translate = Translator(locale)
    who = actor or request.scope.get("user") or ANONYMOUS
    flash = _read_flash(request)
    context: Mapping[str, Any] = {
        "page": PageView(
            title if isinstance(title, Said) else translate(title), locale.value, request.url.path
        ),
        "actor": WhoView(who.is_signed_in, who.name, translate(ROLE_NAMES[who.role]) if who.role else ""),
        "nav": _nav(request, who, translate),
        "flashes": (flash,) if flash else (),
        "_": translate,
        "lang": locale.value,
        "figures": Figures(locale),
        "url": static_url,
        "csrf_token": _csrf_token(request),
        "is_blind": who.is_blind,
        **veil.over(views),
    }
    cookies = [Cookie(key=FLASH_COOKIE, value="", max_age=0, path="/")] if flash else []
    return Template(template_name=template, context=dict(context), status_code=status, cookies=cookies)


def static_url(path: str) -> str:
    return f"/static/{path}"


def _csrf_token(request: Request[Any, Any, Any]) -> str:
    token = ScopeState.from_scope(request.scope).csrf_token
    return token if isinstance(token, str) else request.cookies.get("csrftoken", "")


def _nav(request: Request[Any, Any, Any], actor: Actor, translate: Translator) -> tuple[NavItem, ...]:
    if not actor.is_signed_in:
        return ()
    path = request.url.path
    rights = matrix()
    above = [href for _, href, *_ in PLACES if path == href or path.startswith(href + "/")]
    here = max(above, key=len, default="")
    return in_menus(
        (translate(menu) if menu else "", NavItem(translate(label), href, href == here))
        for label, href, operation, menu in PLACES
        if operation in rights and rights[operation].allows(actor) and "public" not in rights[operation].roles
    )


def in_menus(places: Iterable[tuple[str, NavItem]]) -> tuple[NavItem, ...]:
    """Places with the menu each belongs to, as the head shows them: a menu stands where its first place would.

    >>> offers, training, figures = (NavItem(name, "/", False) for name in ("Offers", "Training", "Figures"))
    >>> [item.label for item in in_menus((("", offers), ("More", training), ("More", figures)))]
    ['Offers', 'More']
    >>> [item.label for item in in_menus((("", offers), ("More", training)))]
    ['Offers', 'Training']
    """
    gathered: dict[str, list[NavItem]] = {}
    for menu, item in places:
        gathered.setdefault(menu or item.href + item.label, []).append(item)
    return tuple(
        items[0]
        if len(items) == 1
        else NavItem(menu, "", any(item.is_current for item in items), tuple(items))
        for menu, items in gathered.items()
    )


def redirect(path: str, *, flash: str = "", tone: str = "good") -> Redirect:
    """Send the browser on (303) to one of our own paths, with one sentence to show there."""
    cookies = []
    if flash:
        cookies.append(
            Cookie(key=FLASH_COOKIE, value=quote(f"{tone}|{flash}"), httponly=True, samesite="lax")
        )
    return Redirect(path, status_code=303, cookies=cookies)


def _read_flash(request: Request[Any, Any, Any]) -> FlashView | None:
    tone, _, message = unquote(request.cookies.get(FLASH_COOKIE, "")).partition("|")
    if not message or tone not in ("good", "warn", "bad", "info"):
        return None
    return FlashView(Translator(locale_of(request))(message[:500]), tone)


def own_path(path: str, *, otherwise: str = "/") -> str:
    """`path` when it is a plain path of this service, else `otherwise`: never another host's address.

    >>> own_path("/candidates?stage=applied"), own_path("//evil.example"), own_path("/\\\\evil")
    ('/candidates?stage=applied', '/', '/')
    """
    is_plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_plain else otherwise


def show_error_page(
    request: Request[Any, Any, Any], error: HomeshoreError, status: int, instance: str
) -> Template:
    """The page that says what happened, what is kept and what to do."""
    detail = error.said(Translator(locale_of(request)))
    return render(
        request,
        "errors/error.html",
        title=ERROR_TITLES.get(status, french("Cette page n'a pas pu être affichée")),
        status=status,
        error={
            "status": status,
            "detail": detail,
            "code": error.code,
            "instance": instance,
        },
    )


ERROR_TITLES = {
    400: french("La demande n'a pas pu être lue"),
    401: french("Connectez-vous d'abord"),
    403: french("Votre rôle ne permet pas cela"),
    404: french("Il n'y a rien ici"),
    409: french("Cela ne va pas avec ce qui est enregistré"),
    410: french("Ce lien n'est plus valable"),
    412: french("Quelqu'un a modifié cette page entre-temps"),
    413: french("Le fichier est trop grand"),
    422: french("Quelque chose est à corriger"),
    429: french("Trop de demandes à la suite"),
    503: french("Indisponible pour un court moment"),
}


def templates() -> TemplateConfig[JinjaTemplateEngine]:
    """Jinja with escaping on and undefined names refused."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))
