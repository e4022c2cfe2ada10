"""The language of answers to machines: English as the errors are written, French when the caller asks for it."""

from collections.abc import Mapping
from typing import Any

from litestar import Request

from service.runtime.catalogues import Translator, asked_for, catalogue
from service.runtime.vocabulary import Locale


def french_errors() -> Mapping[str, str]:
    """English sentence of an error -> French sentence."""
    return catalogue("service.http", "locale/fr")


def speaker(request: Request[Any, Any, Any]) -> Translator:
    """Says errors in the language of Accept-Language; English when it names none that we speak."""
    locale = asked_for(request.headers.get("accept-language", ""), otherwise=Locale.EN)
    return Translator(locale, french_errors() if locale is Locale.FR else {})
