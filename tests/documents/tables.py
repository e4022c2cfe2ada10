"""python -m tests.documents.tables: the parts of documents/README.md that follow from the data, written anew.

Which mention stands in which clause, kind by kind, and the pictures of every kind. A test holds the README to them.
"""

import sys
from collections.abc import Iterator

from documents.kinds import KINDS, DocumentKind
from documents.law import Law
from documents.mentions import ALWAYS, Mentions
from documents.papers.shelf import PAPERS
from service.runtime.editions import load_law
from tests.pictures_of_documents import FOLDER, pictured
from tests.processes import ROOT

README = ROOT / "documents/README.md"


def written(text: str) -> str:
    """The README with both parts as they follow from the data and from the pictures that are there."""
    return _between(_between(text, "mentions", _mentions(load_law())), "pictures", _pictures())


def _between(text: str, name: str, part: str) -> str:
    """The text with what stands between the two comments of this name replaced."""
    begin, end = f"<!-- {name}: tests/documents/tables.py -->", f"<!-- /{name} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"the README has no single place for {name}")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{part}\n{end}{rest.partition(end)[2]}"


def _mentions(law: Law) -> str:
    newest = {edition.mentions: edition for edition in law.mentions}
    return "\n\n".join(_folded(_name(kind), _table(newest[kind])) for kind in PAPERS if kind in newest)


def _table(wanted: Mentions) -> Iterator[str]:
    yield "| Mention | Base | Clause | Quand |"
    yield "| --- | --- | --- | --- |"
    for item in wanted.items:
        when = "" if item.when == ALWAYS else f"`{item.when}`"
        yield f"| {_cell(item.mention)} | {_cell(item.article)} | {_cell(item.clause)} | {when} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _pictures() -> str:
    return "\n\n".join(_folded(_name(kind, stem), _pages(stem)) for stem, (kind, _) in pictured().items())


def _pages(stem: str) -> Iterator[str]:
    pages = sorted(FOLDER.glob(f"{stem}-[0-9]*.png"), key=lambda page: int(page.stem.rpartition("-")[2]))
    for number, page in enumerate(pages, start=1):
        yield f'<img src="pictures/{page.name}" width="32%" alt="{_name(None, stem)}, page {number}">'


def _name(kind: DocumentKind | None, stem: str = "") -> str:
    """English as in the code, French as on the paper."""
    english = (stem or (kind.value if kind else "")).replace("_", " ").capitalize()
    return f"{english}: {KINDS[kind].title}" if kind else english


def _folded(title: str, lines: Iterator[str]) -> str:
    return "\n".join([f"<details><summary>{title}</summary>", "", *lines, "", "</details>"])


def main() -> None:
    README.write_text(written(README.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{README}\n")


if __name__ == "__main__":
    main()
