"""Pages for people."""

from litestar import Controller

from service.web.candidates import CandidatePages
from service.web.cohorts import CohortPages
from service.web.assessments import QuestionnairePages
from service.web.invitations import InvitationPages
from service.web.learning import LearningPages
from service.web.mail import MailPages
from service.web.me import MePages
from service.web.reference import ReferencePages
from service.web.shortlists import ShortlistPages
from service.web.training import TrainingPages

CONTROLLERS: list[type[Controller]] = [
    MePages,
    QuestionnairePages,
    CandidatePages,
    CohortPages,
    LearningPages,
    TrainingPages,
    InvitationPages,
    MailPages,
    ReferencePages,
    ShortlistPages,
]
