"""A task that one placement alone asks, worded by somebody of the staff; from then on a task like any other."""

from datetime import date
from typing import Annotated

from annotated_types import MaxLen
from pydantic import Field, StrictBool, StrictInt, model_validator

from onboarding.content import Label, Prose, Slug, Value, Words
from onboarding.day_one.checklists import Owner, Proof, Task

SOURCE = "employer's own request, for this placement"


class OneOff(Value):
    """What was asked: by a day counted from day one in working days (`due`), or by a day of its own (`on`).

    One language is enough: whoever writes it knows who will read it. `asks_proof` is a file from the person, and from
    anybody else a number or the place where the paper is kept.
    """

    label: Annotated[Prose, MaxLen(200)]
    action: Annotated[Prose, MaxLen(1000)] | None = None
    owner: Owner
    due: StrictInt | None = Field(default=None, ge=-60, le=120)
    on: date | None = None
    gate: StrictBool = False
    asks_proof: StrictBool = False

    @model_validator(mode="after")
    def _has_one_day(self) -> "OneOff":
        if (self.due is None) == (self.on is None):
            raise ValueError("say one day: counted from day one, or a day of its own")
        return self

    def is_after(self, start: date) -> bool:
        """Whether it is asked only once day one is over: too late to hold up the first call."""
        return self.on > start if self.on is not None else (self.due or 0) > 0

    def as_task(self, slug: Slug) -> Task:
        """The task that lists, letters and readiness know how to treat."""
        action = self.action or self.label
        return Task(
            slug=slug, owner=self.owner, title=Label(fr=self.label, en=self.label),
            action=Words(fr=action, en=action), source=SOURCE, due=self.due or 0, on=self.on, gate=self.gate,
            proof=self._proof(),
        )  # fmt: skip

    def _proof(self) -> Proof:
        if not self.asks_proof:
            return Proof.NONE
        return Proof.FILE if self.owner is Owner.CANDIDATE else Proof.RECEIPT
