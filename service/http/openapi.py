"""The description of the API at /schema/openapi.json."""

from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Server


def openapi_config(public_url: str) -> OpenAPIConfig:
    """OpenAPI 3.1, served as JSON only: the reference page is our own, with vendored scripts."""
    return OpenAPIConfig(
        title="homeshore",
        version="1",
        description="Hire, equip, train and contract customer-relations agents who work from home.",
        servers=[Server(url=public_url)],
        security=[{"bearer": []}],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="A session token (POST /sign-ins) or an API token.",
                )
            }
        ),
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        path="/schema",
        use_handler_docstrings=True,
    )
