"""Pages for people."""

from litestar import Controller

from service.web.account import AccountPages
from service.web.allowance_files import AllowanceFilePages
from service.web.allowance_people import AllowancePersonPages
from service.web.allowance_simulator import AllowanceSimulatorPages
from service.web.allowances import AllowancePages
from service.web.applications import ApplicationPages
from service.web.applying import ApplyPages
from service.web.assessments import QuestionnairePages
from service.web.assignment_rules import AssignmentRulePages
from service.web.authoring import PathPages
from service.web.authoring_drafts import DraftPages
from service.web.authoring_files import DraftFilePages
from service.web.authoring_modules import DraftModulePages
from service.web.authoring_pages import DraftPagePages, DraftQuestionPages
from service.web.badges import BadgePages
from service.web.board import BoardPages
from service.web.calendars import CalendarPages
from service.web.candidates import CandidatePages
from service.web.careers import CareerPages, OwnCareerPages
from service.web.certificates import CertificatePages
from service.web.checklists import OnboardingPages
from service.web.class_acts import ClassActPages
from service.web.class_attendance import ClassAttendancePages
from service.web.classes import ClassPages
from service.web.cohorts import CohortPages
from service.web.contests import ContestPages, OwnContestPages
from service.web.deadlines import DeadlinePages
from service.web.desks import DeskPages, DeskSettings
from service.web.employer import EmployerPages
from service.web.evidence import EvidencePages, OwnFilePages
from service.web.exemptions import ExemptionPages, OwnProofs
from service.web.explanations import ExplanationPages
from service.web.fairness import FairnessPages
from service.web.first_days import FirstDayPages
from service.web.group_actions import GroupActionPages
from service.web.help import HelpPages
from service.web.imports import ImportPages
from service.web.interviews import InterviewPages
from service.web.invitations import InvitationPages
from service.web.learning import LearningPages
from service.web.learning_work import LearningWork
from service.web.ledger import LedgerPages, OwnLedgerPages
from service.web.mail import MailPages
from service.web.me import MePages
from service.web.measurements import MeasurementPages, MeasurementsOfPeople
from service.web.moving import MovingPages
from service.web.offers import OfferPages
from service.web.offers_candidate import OwnOfferPages
from service.web.one_off_tasks import OneOffTaskPages
from service.web.outcomes import OutcomePages
from service.web.own_classes import OwnClassPages
from service.web.own_help import OwnHelpPages
from service.web.own_tasks import OwnTaskPages
from service.web.package_player import PackagePlayer
from service.web.packages import PackagePages
from service.web.packs import PackPages
from service.web.papers import PaperPages
from service.web.payroll_maps import PayrollMapPages
from service.web.pool import InterestPages, OwnPoolPages, PoolPages
from service.web.procedures import ProcedurePages
from service.web.programmes import ProgrammePages
from service.web.proposals import ProposalPages
from service.web.reference import ReferencePages
from service.web.refreshers import RefresherPages
from service.web.reports import OwnReportPages, SheetPages
from service.web.returns import EquipmentReturnPages
from service.web.review import ReviewPages
from service.web.saved_searches import SavedSearchPages
from service.web.scenarios import ScenarioPages
from service.web.shortlists import ShortlistPages
from service.web.skill_lists import SkillListPages
from service.web.skill_phrases import SkillPhrasePages
from service.web.skills import SkillPages
from service.web.social_numbers import SocialNumberPages
from service.web.surveys import SelfDescriptionPages
from service.web.training import TrainingPages
from service.web.training_files import TrainingFilePages
from service.web.training_proofs import TrainingProofPages
from service.web.validity import ModelCardPages, ValidityPages
from service.web.waves import WavePages

CONTROLLERS: list[type[Controller]] = [
    AccountPages,
    PathPages,
    DraftPages,
    DraftModulePages,
    DraftFilePages,
    DraftPagePages,
    DraftQuestionPages,
    AllowancePages,
    AllowancePersonPages,
    AllowanceFilePages,
    PayrollMapPages,
    AllowanceSimulatorPages,
    SkillListPages,
    SkillPhrasePages,
    SkillPages,
    OfferPages,
    OwnOfferPages,
    FirstDayPages,
    OnboardingPages,
    OneOffTaskPages,
    EquipmentReturnPages,
    OwnTaskPages,
    DeskPages,
    DeskSettings,
    PackagePlayer,
    PackagePages,
    PackPages,
    PaperPages,
    TrainingProofPages,
    TrainingFilePages,
    CertificatePages,
    BadgePages,
    DeadlinePages,
    SocialNumberPages,
    MePages,
    MeasurementPages,
    MeasurementsOfPeople,
    QuestionnairePages,
    ApplicationPages,
    ApplyPages,
    CandidatePages,
    EvidencePages,
    OwnFilePages,
    CohortPages,
    ClassPages,
    ClassActPages,
    ClassAttendancePages,
    OwnClassPages,
    CalendarPages,
    LearningPages,
    LearningWork,
    OwnCareerPages,
    CareerPages,
    OwnProofs,
    ExemptionPages,
    MovingPages,
    LedgerPages,
    OwnLedgerPages,
    BoardPages,
    ProposalPages,
    AssignmentRulePages,
    GroupActionPages,
    TrainingPages,
    ContestPages,
    OwnContestPages,
    EmployerPages,
    HelpPages,
    OwnHelpPages,
    ProcedurePages,
    RefresherPages,
    ImportPages,
    InterviewPages,
    InvitationPages,
    MailPages,
    ProgrammePages,
    PoolPages,
    OwnPoolPages,
    InterestPages,
    SavedSearchPages,
    ReferencePages,
    OwnReportPages,
    SheetPages,
    ReviewPages,
    FairnessPages,
    SelfDescriptionPages,
    ShortlistPages,
    ExplanationPages,
    OutcomePages,
    ValidityPages,
    ModelCardPages,
    WavePages,
    ScenarioPages,
]
