"""What SCORM content reports, read from the values of its data model (1.2 RTE 3.4, 2004 RTE 4.2) into one snapshot."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from onboarding.packages.manifest_reading import Standard
from onboarding.packages.package_rules import MessageLimits
from onboarding.packages.scorm_snapshots import Interaction, Objective, Score, Snapshot
from onboarding.packages.scorm_texts import (
    WrongError,
    among,
    completion_in,
    decimal_in,
    exit_in,
    is_storable,
    number_in,
    status_in,
    success_in,
    text_of,
    time_by,
)  # fmt: skip
from onboarding.packages.scorm_values import read_duration, read_span

NOT_IMPLEMENTED, WRONG_TYPE, GENERAL = 401, 405, 101
"""Error codes of SCORM 1.2 that the content is answered with."""

_LONGEST_ELEMENT = 255


class MessageFault(NamedTuple):
    """One value that cannot be kept: which element, and SCORM's error code for it."""

    element: str
    error: int


def weight_of(values: Mapping[str, Any]) -> int:
    """The characters of a message, names and values together."""
    return sum(len(name) + len(text_of(value)) for name, value in values.items())


def digest_of(values: Mapping[str, Any], *, is_final: bool) -> str:
    """What two equal messages share, whatever the order of their values."""
    told = json.dumps([is_final, {name: text_of(value) for name, value in values.items()}], sort_keys=True)
    return sha256(told.encode()).hexdigest()


def read_values(
    values: Mapping[str, Any], *, standard: Standard, limits: MessageLimits
) -> Snapshot | tuple[MessageFault, ...]:
    """The snapshot that a whole message tells, or every value that cannot be kept.

    What belongs to us (names, total time, launch data, preferences) is part of a whole message too; it is not
    believed, only passed over. An element that the standard does not know is a fault.
    """
    reader = _Reader(standard, limits)
    for element, value in values.items():
        reader.take(element, value)
    return tuple(reader.faults) or reader.snapshot()


_PASSED_OVER = re.compile(
    r"cmi(\.\w+)*\._(children|count|version)|cmi\.(objectives|interactions)"
    r"|cmi\.(core\.(student_id|student_name|credit|entry|total_time|lesson_mode)|launch_data|comments_from_lms.*"
    r"|student_data\..+|student_preference\..+|learner_\w+(\..+)?|credit|entry|mode|total_time|max_time_allowed"
    r"|time_limit_action|scaled_passing_score|completion_threshold|comments_from_learner.*)"
    r"|adl\..+",
    re.ASCII,
)
_INDEXED = re.compile(r"cmi\.(objectives|interactions)\.(\d{1,5})\.(.+)", re.ASCII)
_LISTED = re.compile(r"(objectives|correct_responses)\.(\d{1,5})\.(id|pattern)", re.ASCII)
_KINDS = frozenset(
    {
        "", "true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric",
        "long-fill-in", "other",
    }
)  # fmt: skip
_RESULTS = frozenset({"", "correct", "wrong", "incorrect", "unanticipated", "neutral"})
_Take = Callable[[str], Any]


class _Reader:
    """Takes one element after the other and gathers what they tell."""

    def __init__(self, standard: Standard, limits: MessageLimits) -> None:
        self.faults: list[MessageFault] = []
        self._limits = limits
        self._fields: dict[str, Any] = {}
        self._score: dict[str, Decimal | None] = {}
        self._objectives: dict[int, dict[str, Any]] = {}
        self._interactions: dict[int, dict[str, Any]] = {}
        self._takers = self._of_1_2() if standard is Standard.SCORM_1_2 else self._of_2004()
        self._lowest = Decimal(0) if standard is Standard.SCORM_1_2 else Decimal(-(10**10))
        self._highest = Decimal(100) if standard is Standard.SCORM_1_2 else Decimal(10**10)

    def take(self, element: str, value: Any) -> None:
        text = text_of(value)
        try:
            if not is_storable(text):
                raise WrongError
            if self._is_taken(element, text) or _PASSED_OVER.fullmatch(element):
                return
        except WrongError:
            self.faults.append(MessageFault(element[:_LONGEST_ELEMENT], WRONG_TYPE))
            return
        self.faults.append(MessageFault(element[:_LONGEST_ELEMENT], NOT_IMPLEMENTED))

    def snapshot(self) -> Snapshot:
        objectives = _in_order(self._objectives, self._limits.most_objectives)
        interactions = _in_order(self._interactions, self._limits.most_interactions)
        return Snapshot(
            **self._fields,
            score=Score(**self._score),
            objectives=tuple(_objective(told) for told in objectives),
            interactions=tuple(_interaction(told, self._limits.most_patterns) for told in interactions),
            interactions_left_out=len(self._interactions) - len(interactions),
        )

    def _is_taken(self, element: str, text: str) -> bool:
        if taker := self._takers.get(element):
            taker(text)
            return True
        found = _INDEXED.fullmatch(element)
        if found is None:
            return False
        group, index, name = found.group(1), int(found.group(2)), found.group(3)
        if group == "objectives":
            return self._of_objective(self._objectives.setdefault(index, {}), name, text)
        return self._of_interaction(self._interactions.setdefault(index, {}), name, text)

    def _of_1_2(self) -> dict[str, _Take]:
        return {
            "cmi.core.lesson_status": self._keep("status", status_in),
            "cmi.core.lesson_location": self._keep("location", self._short("location_characters")),
            "cmi.core.exit": self._keep("exit", exit_in),
            "cmi.core.session_time": self._keep("session_centiseconds", time_by(read_span)),
            "cmi.suspend_data": self._keep("suspend_data", self._short("suspend_data_characters")),
            "cmi.comments": self._keep("comments", self._short("comment_characters")),
            **self._scores("cmi.core.score"),
        }

    def _of_2004(self) -> dict[str, _Take]:
        return {
            "cmi.completion_status": self._keep("status", completion_in),
            "cmi.success_status": self._keep("success", success_in),
            "cmi.location": self._keep("location", self._short("location_characters")),
            "cmi.exit": self._keep("exit", exit_in),
            "cmi.session_time": self._keep("session_centiseconds", time_by(read_duration)),
            "cmi.suspend_data": self._keep("suspend_data", self._short("suspend_data_characters")),
            "cmi.progress_measure": self._keep("progress_measure", number_in),
            "cmi.score.scaled": self._keep_score("scaled", -1, 1),
            **self._scores("cmi.score"),
        }

    def _scores(self, at: str) -> dict[str, _Take]:
        names = {"raw": "raw", "min": "minimum", "max": "maximum"}
        return {f"{at}.{told}": self._keep_score(name) for told, name in names.items()}

    def _keep(self, field: str, read: Callable[[str], Any]) -> _Take:
        def take(text: str) -> None:
            self._fields[field] = read(text)

        return take

    def _keep_score(self, field: str, low: int | None = None, high: int | None = None) -> _Take:
        def take(text: str) -> None:
            lowest = self._lowest if low is None else Decimal(low)
            highest = self._highest if high is None else Decimal(high)
            self._score[field] = decimal_in(text, lowest, highest)

        return take

    def _short(self, limit: str) -> Callable[[str], str]:
        most: int = getattr(self._limits, limit)

        def read(text: str) -> str:
            if len(text) > most:
                raise WrongError
            return text

        return read

    def _cut(self, text: str) -> str:
        """What was asked and answered, as far as it is kept: no report is lost for a long answer."""
        return text[: self._limits.response_characters]

    def _of_objective(self, told: dict[str, Any], name: str, text: str) -> bool:
        if name == "id":
            told[name] = self._short("identifier_characters")(text)
        elif name in ("description", "status", "success_status", "completion_status", "progress_measure"):
            told[name] = self._cut(text)
        elif name in ("score.raw", "score.min", "score.max"):
            told[name] = decimal_in(text, self._lowest, self._highest)
        elif name == "score.scaled":
            told[name] = decimal_in(text, Decimal(-1), Decimal(1))
        else:
            return name == "score" and not text
        return True

    def _of_interaction(self, told: dict[str, Any], name: str, text: str) -> bool:
        if found := _LISTED.fullmatch(name):
            told.setdefault(found.group(1), {})[int(found.group(2))] = self._cut(text)
        elif name == "type":
            told[name] = among({kind: kind for kind in _KINDS})(text)
        elif name == "result":
            told[name] = text if text in _RESULTS else number_in(text)
        elif name == "weighting":
            told[name] = number_in(text)
        elif name == "id":
            told[name] = self._short("identifier_characters")(text)
        elif name in ("time", "timestamp", "latency", "student_response", "learner_response", "description"):
            told[name] = self._cut(text)
        else:
            return name in ("objectives", "correct_responses") and not text
        return True


def _in_order(told: Mapping[int, dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """What was told by number, in order; the newest where there are too many."""
    return [told[index] for index in sorted(told)][-most:]


def _objective(told: Mapping[str, Any]) -> Objective:
    return Objective(
        identifier=told.get("id", ""),
        status=told.get("status") or told.get("success_status") or "",
        completion=told.get("completion_status", ""),
        score=Score(
            raw=told.get("score.raw"),
            minimum=told.get("score.min"),
            maximum=told.get("score.max"),
            scaled=told.get("score.scaled"),
        ),
    )


def _interaction(told: Mapping[str, Any], most: int) -> Interaction:
    def listed(name: str) -> Iterator[str]:
        return (text for _, text in sorted(told.get(name, {}).items())[:most])

    return Interaction(
        identifier=told.get("id", ""),
        kind=told.get("type", ""),
        at=told.get("time") or told.get("timestamp") or "",
        response=told.get("student_response") or told.get("learner_response") or "",
        result=told.get("result", ""),
        weighting=told.get("weighting", ""),
        latency=told.get("latency", ""),
        description=told.get("description", ""),
        patterns=tuple(listed("correct_responses")),
        objectives=tuple(listed("objectives")),
    )
