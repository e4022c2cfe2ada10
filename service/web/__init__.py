"""Pages for people."""

from litestar import Controller

from service.web.cohorts import CohortPages
from service.web.invitations import InvitationPages
from service.web.learning import LearningPages
from service.web.mail import MailPages
from service.web.reference import ReferencePages
from service.web.training import TrainingPages

CONTROLLERS: list[type[Controller]] = [
    CohortPages,
    LearningPages,
    TrainingPages,
    InvitationPages,
    MailPages,
    ReferencePages,
]
