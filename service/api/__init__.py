"""JSON for machines, one controller file a noun."""

from litestar import Controller

from service.api.applications import Applications
from service.api.assessments import Instruments, OwnResponses, Scorecards
from service.api.assignments import Assignments
from service.api.candidates import Candidates
from service.api.cohorts import Cohorts
from service.api.learning import Learning
from service.api.operations import Operations
from service.api.paths import Paths
from service.api.programmes import Programmes
from service.api.readiness import Readinesses

CONTROLLERS: list[type[Controller]] = [
    Applications,
    Assignments,
    Candidates,
    Cohorts,
    Learning,
    Paths,
    Programmes,
    Readinesses,
    Instruments,
    OwnResponses,
    Scorecards,
    Operations,
]
