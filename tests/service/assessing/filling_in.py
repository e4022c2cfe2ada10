"""How a test fills in the pages of a questionnaire as a browser without scripts would."""

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx

from assessments.questionnaires.answer_values import to_form
from assessments.questionnaires.answers import Answers, from_json
from assessments.questionnaires.instruments import Instrument, Page
from assessments.questionnaires.items import RankingItem
from tests.service.callers import form_token

BASE = "/me/questionnaires"


def hidden_of(page: str) -> dict[str, str]:
    """The hidden fields that the form of a page carries."""
    found = re.findall(r'<input type="hidden" (?:id="[^"]*" )?name="(_\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def fields_of(instrument: Instrument, page: Page, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Typed answers as the fields of one page; a ranking is sent as a place for each of its lines."""
    read = from_json(instrument, answers, complete=False)
    assert isinstance(read, Answers), read
    fields: dict[str, list[str]] = {}
    for item in page.items:
        values = to_form(read.get(item.id))
        if isinstance(item, RankingItem):
            fields |= {f"{item.id}.{value}": [str(place)] for place, value in enumerate(values, start=1)}
        elif values:
            fields[item.id] = list(values)
    return fields


async def show(client: httpx.AsyncClient, path: str) -> str:
    """A page of questions; one with a time limit is begun first."""
    shown = await client.get(path)
    if f'action="{path}/opening"' in shown.text:
        await client.post(f"{path}/opening", data=form_token(client))
        shown = await client.get(path)
    return shown.text


async def fill(
    client: httpx.AsyncClient, path: str, fields: Mapping[str, Any], **more: Any
) -> httpx.Response:
    """Send the fields of a page with what the page carries; a page that asks for a file sends it all in parts."""
    shown = await show(client, path)
    files = more.pop("files", None)
    action = re.search(rf'action="({path}(?:/files)?)"', shown)
    assert action, shown
    data = {**hidden_of(shown), **fields, **more}
    if action[1].endswith("/files") and not files:
        files = {"_file.nothing": ("", b"")}
    return await client.post(action[1], data=data, files=files)


async def answer_all(
    client: httpx.AsyncClient, instrument: Instrument, answers: Mapping[str, Any]
) -> httpx.Response:
    """Begin, answer every page with what fits, and send; the answer to the sending."""
    base = f"{BASE}/{instrument.slug}"
    begun = await client.post(f"{base}/notice", data=form_token(client))
    assert begun.status_code == 303, begun.text
    for page in instrument.pages:
        path, fields = f"{base}/pages/{page.id}", fields_of(instrument, page, answers)
        answer = await fill(client, path, fields)
        while answer.status_code == 303 and answer.headers["location"] == path:  # a further question opened
            answer = await fill(client, path, fields)
        assert answer.status_code == 303, answer.text
    return await client.post(f"{base}/submission", data=form_token(client))
