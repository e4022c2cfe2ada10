"""JSON for machines, one controller file a noun."""

from litestar import Controller

from service.api.assessments import Instruments, OwnResponses, Scorecards
from service.api.operations import Operations

CONTROLLERS: list[type[Controller]] = [Instruments, OwnResponses, Scorecards, Operations]
