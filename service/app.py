"""The application, put together: the only place that knows everything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.routes import HTTPRoute
from litestar.static_files import create_static_files_router
from sqlalchemy.exc import SQLAlchemyError

from service.api import CONTROLLERS as API
from service.api.accounts.sign_ins import SignIns
from service.api.models import every_model
from service.flows.matching.lexicons import InForce
from service.http.authentication import Authentication, may_call
from service.http.bodies import check_form, check_json_body
from service.http.dependencies import DEPENDENCIES
from service.http.headers import add_security_headers
from service.http.measuring import Measuring
from service.http.openapi import openapi_config
from service.http.problems import EXCEPTION_HANDLERS
from service.runtime.clock import Clock, system_clock
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.files import FileStore
from service.runtime.log import configure_log, log
from service.runtime.secrets import installation_secret
from service.runtime.settings import Settings
from service.web import CONTROLLERS as WEB
from service.web.accounts.sign_in import SignInPages
from service.web.assessing.measurements import MeasuringTraffic
from service.web.pages import STATIC, show_error_page, templates
from service.web.paths.package_content import PackageContent

MAX_BODY_BYTES = 1_000_000
MAX_MEASURED_BYTES = 30_000_000
LOOK_SECONDS = 20.0


def create_app(settings: Settings, *, clock: Clock = system_clock, with_jobs: bool = False) -> Litestar:
    """The whole service for one installation; `with_jobs` also does durable work in this process."""
    configure_log(settings.log_level)
    secret = installation_secret(settings)
    knocking = RateLimitConfig(
        rate_limit=("minute", settings.sign_ins_per_minute),
        store="knocking",
        check_throttle_handler=_is_attempt,
    ).middleware
    api = Router("/api/v1", route_handlers=API, before_request=check_json_body, guards=[may_call])
    web = Router("/", route_handlers=WEB, before_request=check_form, guards=[may_call])
    doors = [
        Router(
            "/api/v1",
            route_handlers=[SignIns],
            before_request=check_json_body,
            guards=[may_call],
            middleware=[knocking],
        ),
        Router(
            "/",
            route_handlers=[SignInPages],
            before_request=check_form,
            guards=[may_call],
            middleware=[knocking],
        ),
    ]
    measuring = Router(  # bytes that are only counted: no body is parsed, and they have a limit of their own
        "/",
        route_handlers=[MeasuringTraffic],
        request_max_body_size=MAX_MEASURED_BYTES,
        middleware=[
            RateLimitConfig(
                rate_limit=("minute", 2 * settings.rate_limit_per_minute), store="measuring"
            ).middleware
        ],
    )
    content = (
        Router(  # a page of a package may load hundreds of files at once; its address alone says who asks
            "/",
            route_handlers=[PackageContent],
            guards=[may_call],
            middleware=[
                RateLimitConfig(
                    rate_limit=("minute", 20 * settings.rate_limit_per_minute), store="package_content"
                ).middleware
            ],
        )
    )
    static = create_static_files_router("/static", directories=[STATIC], include_in_schema=False)
    app = Litestar(
        [api, web, *doors, measuring, content, static],
        dependencies=DEPENDENCIES,
        middleware=[
            Measuring,
            DefineMiddleware(Authentication, exclude=["^/static/"]),
            RateLimitConfig(
                rate_limit=("minute", settings.rate_limit_per_minute),
                exclude=[
                    "^/static/",
                    "^/api/v1/live",
                    "^/me/measurement/[^/]+/(?:down|up)$",
                    "^/package-content/",
                ],
            ).middleware,
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[add_security_headers],
        csrf_config=CSRFConfig(
            secret=secret.decode(),
            exclude=["^/api/", "^/package-content/"],
            cookie_secure=settings.cookies_are_secure,
        ),
        template_config=templates(),
        openapi_config=openapi_config(settings.public_url, every_model()),
        request_max_body_size=MAX_BODY_BYTES,
        state=state_of(settings, clock),
        lifespan=[_lifespan(with_jobs=with_jobs)],
    )
    _hear_every_fault(app)
    return app


def state_of(settings: Settings, clock: Clock) -> State:
    """What the service knows before it starts; the rest joins it for as long as it runs (`_lifespan`).

    An application that does not run may be given that of another installation and started again: the tests do, since
    putting every route together takes most of a second.
    """
    return State(
        {
            "settings": settings,
            "clock": clock,
            "secret": installation_secret(settings),
            "show_error_page": show_error_page,
        }
    )


def _hear_every_fault(app: Litestar) -> None:
    """Let a body's member that is called like a dependency be a fault of the body, as any other.

    Litestar tells such faults apart by name alone, and would drop them, or answer 500 where there is no other.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                handler.signature_model._dependency_name_set = set()


def _is_attempt(request: Request[Any, Any, Any]) -> bool:
    """Only what tries a secret counts; looking at the sign-in page does not."""
    return request.method == "POST" and request.url.path != "/sign-out"


def _lifespan(*, with_jobs: bool) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(app: Litestar) -> AsyncIterator[None]:
        settings: Settings = app.state.settings
        app.state.database = Database(settings.async_database_url)
        app.state.files = FileStore(settings.data_dir / "files")
        app.state.editions = load_editions()
        app.state.in_force = InForce(app.state.database, app.state.editions)
        await _look_first(app.state.in_force)
        looking = asyncio.create_task(_keep_looking(app.state.in_force))
        try:
            if with_jobs:
                from service.jobs.worker import working  # slow import: DBOS

                async with working(settings, app.state.clock):
                    yield
            else:
                yield
        finally:
            looking.cancel()
            await app.state.database.close()

    return run


async def _look_first(in_force: InForce) -> None:
    """Before the first request; a database that has no tables yet is looked at again by the first one."""
    with contextlib.suppress(SQLAlchemyError):
        await in_force.look()


async def _keep_looking(in_force: InForce) -> None:
    """What another process changed in the skills is in force here soon after."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await in_force.look()
        except SQLAlchemyError as error:
            log.error("skills_not_read", error_type=type(error).__name__)
