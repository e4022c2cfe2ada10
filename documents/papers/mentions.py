"""What a paper has to say held against its facts: each empty one by its path, with article and what to do."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from documents.completeness import Missing
from documents.faults import Fault
from documents.mentions import ALWAYS, Mention, Mentions
from documents.papers.paper import Paper


def absent(paper: Paper[Any], facts: BaseModel, wanted: Mentions) -> Iterator[Missing]:
    """Everything that the law wants said in this situation and that is empty; each path once."""
    named: set[str] = set()
    for item in wanted.items:
        if not holds(paper, facts, item):
            continue
        for path in (empty for field in item.fields for empty in empties(facts, field)):
            if path not in named:
                named.add(path)
                yield Missing(
                    kind=paper.kind,
                    fault=Fault.ABSENT,
                    field=path,
                    label=item.name,
                    article=item.article,
                    remedy=item.remedy or "",
                )


def holds(paper: Paper[Any], facts: BaseModel, item: Mention) -> bool:
    """Whether a mention is wanted for these facts; a situation that the paper does not know raises KeyError."""
    return item.when == ALWAYS or paper.situations[item.when](facts)


def empties(value: object, path: str, *, before: str = "") -> Iterator[str]:
    """Each place at `path` where nothing stands; in a list, of each of its items (`details.items.2.serial`).

    An empty parent is not looked into: a mention of its own names it.
    """
    if value is None:
        return
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from empties(item, path, before=f"{before}{number}.")
        return
    name, _, rest = path.partition(".")
    inside = getattr(value, name)
    if rest:
        yield from empties(inside, rest, before=f"{before}{name}.")
    elif inside is None or inside == ():
        yield f"{before}{name}"
