"""What happens while somebody learns: facts that are told once or often, in any order, and never taken back."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from onboarding.content import Slug, Value

Seconds = Annotated[StrictInt, Field(ge=0, le=86_400)]
"""Time really spent, as the shell measured it; nothing longer than a day is one sitting."""


class PageRead(Value):
    """A page was read to its end, ``on`` the learner's own calendar day."""

    kind: Literal["page_read"] = "page_read"
    module: Slug
    page: Slug
    on: date
    seconds: Seconds = 0


class QuizMarked(Value):
    """A try at a quiz was marked. ``attempt`` names the try, so that the same one told twice counts once."""

    kind: Literal["quiz_marked"] = "quiz_marked"
    module: Slug
    attempt: str
    percent: StrictInt = Field(ge=0, le=100)
    passed: StrictBool
    on: date
    seconds: Seconds = 0


class AttemptsGranted(Value):
    """A trainer opened ``count`` more tries of a quiz; ``grant`` names the grant, told twice it counts once."""

    kind: Literal["attempts_granted"] = "attempts_granted"
    module: Slug
    grant: str
    count: StrictInt = Field(ge=1, le=50)
    on: date


class PackageCompleted(Value):
    """A run of a package ended: ``passed`` when the package is done, ``percent`` where it keeps a score."""

    kind: Literal["package_completed"] = "package_completed"
    module: Slug
    attempt: str
    passed: StrictBool
    percent: StrictInt | None = Field(default=None, ge=0, le=100)
    on: date
    seconds: Seconds = 0


class ClassAttended(Value):
    """The learner was at a class held for this module; ``session`` names the class."""

    kind: Literal["class_attended"] = "class_attended"
    module: Slug
    session: str
    on: date
    seconds: Seconds = 0


class Exempted(Value):
    """A trainer accepted a proof in place of the module; ``exemption`` names the decision."""

    kind: Literal["exempted"] = "exempted"
    module: Slug
    exemption: str
    on: date


class CarriedOver(Value):
    """The module was finished on ``on``, in an ``edition`` that the learner has left since; finished it stays."""

    kind: Literal["carried_over"] = "carried_over"
    module: Slug
    edition: str
    on: date


Event = Annotated[
    PageRead | QuizMarked | AttemptsGranted | PackageCompleted | ClassAttended | Exempted | CarriedOver,
    Field(discriminator="kind"),
]
