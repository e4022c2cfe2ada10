"""What the readers of official lists share: a CSV text as checked rows, and every fault with its file and line."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from assessments.skills.concepts import ConceptList
from assessments.values import Value

MOST_FAULTS = 100
_LONGEST_FIELD = 1_000_000


class FileFault(Value):
    """One thing wrong in a file; `line` counts from 1, the header's line, and is 0 for the file as a whole."""

    file: str
    line: Annotated[int, Field(ge=0)]
    message: str


class ListError(ValueError):
    """Files that make no list; `faults` holds the first hundred things wrong with them."""

    def __init__(self, faults: Iterable[FileFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{one.file}:{one.line}: {one.message}" for one in self.faults))


class ReadList(Value):
    """A list read from files, and which of the files say nothing about skills."""

    concepts: ConceptList
    ignored_files: tuple[str, ...] = ()


class Rows:
    """The rows of one CSV text, each with its line; faults are gathered in `faults`, which all files share."""

    def __init__(self, file: str, text: str, faults: list[FileFault]) -> None:
        self.file = file
        self._faults = faults
        self._text = text.removeprefix("\ufeff")
        self._separator = ";" if self._first_line().count(";") > self._first_line().count(",") else ","
        self.columns = frozenset(next(csv.reader([self._first_line()], delimiter=self._separator), []))

    def _first_line(self) -> str:
        return self._text.partition("\n")[0].rstrip("\r")

    def say(self, line: int, message: str) -> None:
        """Note one fault; beyond the hundredth they are no longer noted."""
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(FileFault(file=self.file, line=line, message=message))

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        before = csv.field_size_limit(_LONGEST_FIELD)
        try:
            reader = csv.DictReader(io.StringIO(self._text, newline=""), delimiter=self._separator)
            line = 1
            for row in reader:
                start, line = line + 1, reader.line_num
                if None in row or None in row.values():
                    self.say(start, "does not have as many fields as the header has columns")
                else:
                    yield start, row
        except csv.Error as error:
            self.say(line, str(error))
        finally:
            csv.field_size_limit(before)


def several(cell: str) -> tuple[str, ...]:
    """The names in one cell, which a line break or a bar parts; each once, in their order.

    >>> several("appels entrants\\nappels reçus | appels reçus\\n")
    ('appels entrants', 'appels reçus')
    """
    parts = (" ".join(part.split()) for line in cell.splitlines() for part in line.split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))
