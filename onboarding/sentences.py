"""What results say to people: one edition of data turns a code and its values into a bilingual reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

from pydantic import field_validator

from onboarding.content import Reason, Value, Words
from onboarding.faults import Fault, FaultyFileError, parse

SPOKEN: dict[str, frozenset[str]] = {
    "missing": frozenset(),
    "only_one": frozenset(),
    "unknown_option": frozenset(),
    "unknown_question": frozenset(),
    "points": frozenset({"points", "possible", "needed"}),
    "passed": frozenset(),
    "again": frozenset(),
    "to_review_one": frozenset(),
    "to_review_many": frozenset({"count"}),
    "module_passed": frozenset({"module", "percent"}),
    "module_done": frozenset({"module"}),
    "module_ended": frozenset({"module"}),
    "module_exempted": frozenset({"module"}),
    "module_locked": frozenset({"module", "before"}),
    "module_not_begun": frozenset({"module"}),
    "module_open": frozenset({"module", "pages", "of"}),
    "module_late": frozenset({"module", "days", "pages", "of"}),
    "module_to_do": frozenset({"module"}),
    "module_overdue": frozenset({"module", "days"}),
    "attempts_used": frozenset({"module", "count"}),
    "path_percent": frozenset({"done", "of"}),
    "path_late": frozenset({"count", "days"}),
    "step_wait": frozenset(),
    "step_read": frozenset({"module", "page"}),
    "step_package": frozenset({"module"}),
    "step_class": frozenset({"module"}),
    "step_quiz": frozenset({"module"}),
    "step_ask": frozenset({"module"}),
    "step_finished": frozenset(),
    "validity_for_good": frozenset(),
    "validity_valid": frozenset({"days"}),
    "validity_renewing": frozenset({"days"}),
    "validity_over": frozenset({"days"}),
    "career_reached": frozenset(),
    "career_modules": frozenset({"count", "minutes"}),
    "career_classes": frozenset({"count"}),
    "career_practice": frozenset({"count"}),
    "ready": frozenset(),
    "not_ready": frozenset({"count"}),
    "days_left": frozenset({"days"}),
    "day_one_passed": frozenset({"days"}),
    "requirement_met": frozenset({"what"}),
    "refresher_forgotten": frozenset({"days"}),
    "refresher_forgotten_tomorrow": frozenset(),
    "refresher_kept": frozenset({"days"}),
    "refresher_kept_tomorrow": frozenset(),
    "refresher_none": frozenset(),
    "refresher_today": frozenset({"count", "minutes"}),
    "refresher_left": frozenset({"count"}),
}
"""Every code that this package speaks, with the names its sentence may use."""


class Sentences(Value):
    """One edition of the sentences; complete, and each using only names that it is given."""

    edition: str
    valid_from: date
    source: str
    confidence: str
    sentences: dict[str, Words]

    @field_validator("sentences")
    @classmethod
    def _is_complete(cls, given: dict[str, Words]) -> dict[str, Words]:
        return complete(given, SPOKEN)

    def words(self, code: str, **values: int | Words) -> Words:
        """The sentence for ``code``, with each value said in the sentence's own language."""
        sentence = self.sentences[code]
        return Words(
            fr=sentence.fr.format_map(_said(values, "fr")), en=sentence.en.format_map(_said(values, "en"))
        )

    def reason(self, code: str, **values: int | Words) -> Reason:
        """The same, with its code kept for machines."""
        return Reason(code=code, text=self.words(code, **values))


def read(text: str) -> Sentences:
    """Read one edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed: Sentences | tuple[Fault, ...] = parse(text, Sentences)
    if isinstance(parsed, Sentences):
        return parsed
    raise FaultyFileError(parsed)


def complete(given: dict[str, Words], spoken: Mapping[str, frozenset[str]]) -> dict[str, Words]:
    """The sentences as given, once each spoken code has one that uses only its names; ValueError lists every fault."""
    faults = [f"the sentence {code!r} is missing" for code in spoken if code not in given]
    faults += [f"nothing says {code!r}" for code in given if code not in spoken]
    faults += [
        f"the sentence {code!r} uses {{{name}}}, which it is not given"
        for code, words in given.items()
        for name in sorted(_names(words) - spoken.get(code, _names(words)))
    ]
    if faults:
        raise ValueError("; ".join(faults))
    return given


@dataclass(frozen=True)
class _Counted:
    """A number, which a sentence may follow with what it counts: ``{days:jour|jours}``, for one and for many."""

    number: int
    language: str

    def __format__(self, one_and_many: str) -> str:
        if not one_and_many:
            return str(self.number)
        one, _, many = one_and_many.partition("|")
        is_one = self.number == 1 or (self.number == 0 and self.language == "fr")
        return f"{self.number} {one if is_one else many}"


def _said(values: dict[str, int | Words], language: str) -> dict[str, str | _Counted]:
    return {
        name: getattr(v, language) if isinstance(v, Words) else _Counted(v, language)
        for name, v in values.items()
    }


def _names(words: Words) -> set[str]:
    return {
        name for text in (words.fr, words.en) for _, name, _, _ in Formatter().parse(text) if name is not None
    }
