"""The description of the API at /schema/openapi.json, true to what the models accept and give.

Litestar's own component schemas lose bounds, patterns inside lists, closed objects and docstrings, so each component
that is a pydantic model is replaced by pydantic's own schema of it: of what is accepted for `…In`, of what is given for
`…Out`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Server
from pydantic import BaseModel

REF = "#/components/schemas/{model}"


class TrueDescription(JsonRenderPlugin):
    """Renders the description with pydantic's schemas in place of Litestar's."""

    def __init__(self, models: Iterable[type[BaseModel]]) -> None:
        super().__init__(path="/openapi.json")
        self._models = tuple(models)
        counted = Counter(model.__name__ for model in self._models)
        if twice := sorted(name for name, count in counted.items() if count > 1):
            raise ValueError(f"two models of the API have one name, so one would hide the other: {twice}")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        components = openapi_schema.get("components", {})
        schemas = {**components.get("schemas", {}), **_schemas(self._models)}
        paths = {path: _with_body_refusals(item) for path, item in openapi_schema.get("paths", {}).items()}
        described = {**openapi_schema, "paths": paths, "components": {**components, "schemas": schemas}}
        return self.render_json(request, described)


BODY_REFUSALS = {
    "413": "The body is larger than accepted.",
    "415": "The body is of another kind than what is read here.",
}
"""What the strict reader of bodies may answer, whatever the operation."""


def _with_body_refusals(item: Mapping[str, Any]) -> dict[str, Any]:
    """One path's operations; those that take a body also say how a body may be refused."""
    return {
        method: _refusing(operation)
        if isinstance(operation, dict) and "requestBody" in operation
        else operation
        for method, operation in item.items()
    }


def _refusing(operation: Mapping[str, Any]) -> dict[str, Any]:
    responses = operation["responses"]
    told = {status: {**responses["400"], "description": words} for status, words in BODY_REFUSALS.items()}
    return {**operation, "responses": {**told, **responses}}


@cache
def _schemas(models: tuple[type[BaseModel], ...]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for model in models:
        mode = "validation" if model.__name__.endswith("In") else "serialization"
        schema = model.model_json_schema(ref_template=REF, mode=mode)  # type: ignore[arg-type]
        found.update(schema.pop("$defs", {}))
        found[model.__name__] = schema
    return found


def openapi_config(public_url: str, models: Iterable[type[BaseModel]]) -> OpenAPIConfig:
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
        render_plugins=[TrueDescription(models)],
        path="/schema",
        use_handler_docstrings=True,
    )
