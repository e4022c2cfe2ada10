"""What the API says and hears about proofs in place of modules."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from litestar.datastructures import UploadFile
from pydantic import Field, StringConstraints

from service.api.models import Flag, In, Out
from service.api.paths.training_models import Id, SlugText
from service.flows.learning import exemptions
from service.flows.learning.exemptions import Outcome
from service.store.learning.exemptions import ExemptionFacts

Said = Annotated[str, StringConstraints(max_length=exemptions.LONGEST_WORDS)]


class ExemptionOut(Out):
    """One proof and what was decided; undecided while `decided_at` is null. `sha256` is empty for words alone."""

    id: UUID
    assignment_id: UUID
    candidate_id: UUID
    person: str
    path: str
    edition: str
    module: str
    words: str
    sha256: str
    media_type: str
    size_bytes: int
    asked_at: datetime
    entered_by: str
    decided_at: datetime | None
    decided_by: str
    is_granted: Flag
    reason: str

    @classmethod
    def of(cls, facts: ExemptionFacts) -> Self:
        return cls(**facts.model_dump(exclude={"file_name"}))


class ExemptionsOut(Out):
    """Proofs; the Link header leads to the next page of a list that has one."""

    items: list[ExemptionOut]


class ProofDecisionIn(In):
    """Whether the proof takes the place of the module, and why: the person reads it."""

    is_granted: Flag
    reason: Said


class ProofDecisionsIn(In):
    """One decision with one reason about several proofs for one module: each person reads it."""

    exemptions: Annotated[list[Id], Field(min_length=1, max_length=exemptions.MOST_AT_ONCE)]
    is_granted: Flag
    reason: Said


class ProofToldOut(Out):
    """What came of one proof; `candidate_id` is null and `person` empty where it is absent or out of reach."""

    exemption_id: UUID
    candidate_id: UUID | None
    person: str
    outcome: Outcome


class ProofDecisionsOut(Out):
    """What came of each proof, in the order they were named."""

    items: list[ProofToldOut]


class SeenProofIn(In):
    """A proof that a trainer saw and accepts: what it was, and why it takes the place of the module."""

    module: SlugText
    words: Said
    reason: Said


@dataclass
class ProofForm:
    """One file (a PDF or a picture) and, if wanted, a few words."""

    file: UploadFile
    words: str = ""
