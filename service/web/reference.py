"""The API reference, from our own description with vendored scripts."""

from typing import Any

from litestar import Controller, Request, get
from litestar.response import Template

from service.web.pages import render


class ReferencePages(Controller):
    """The API reference."""

    include_in_schema = False

    @get("/reference", operation_id="web.reference.show")
    async def show(self, request: Request[Any, Any, Any]) -> Template:
        return render(request, "layouts/reference.html", title="Référence de l'API")
