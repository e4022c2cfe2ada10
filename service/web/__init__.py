"""Pages for people."""

from litestar import Controller

from service.web.accounts.account import AccountPages
from service.web.allowances.allowance_files import AllowanceFilePages
from service.web.allowances.allowance_people import AllowancePersonPages
from service.web.allowances.allowance_simulator import AllowanceSimulatorPages
from service.web.allowances.allowances import AllowancePages
from service.web.allowances.payroll_maps import PayrollMapPages
from service.web.assessing.assessments import QuestionnairePages
from service.web.assessing.evidence import EvidencePages, OwnFilePages
from service.web.assessing.fairness import FairnessPages
from service.web.assessing.me import MePages
from service.web.assessing.measurements import MeasurementPages, MeasurementsOfPeople
from service.web.assessing.review import ReviewPages
from service.web.assessing.surveys import SelfDescriptionPages
from service.web.assessing.validity import ModelCardPages, ValidityPages
from service.web.classes.calendars import CalendarPages
from service.web.classes.class_acts import ClassActPages
from service.web.classes.class_attendance import ClassAttendancePages
from service.web.classes.classes import ClassPages
from service.web.classes.own_classes import OwnClassPages
from service.web.continuous.help import HelpPages
from service.web.continuous.own_help import OwnHelpPages
from service.web.continuous.procedures import ProcedurePages
from service.web.continuous.refreshers import RefresherPages
from service.web.day_one.checklists import OnboardingPages
from service.web.day_one.desks import DeskPages, DeskSettings
from service.web.day_one.first_days import FirstDayPages
from service.web.day_one.one_off_tasks import OneOffTaskPages
from service.web.day_one.own_tasks import OwnTaskPages
from service.web.day_one.returns import EquipmentReturnPages
from service.web.learning.assignment_rules import AssignmentRulePages
from service.web.learning.board import BoardPages
from service.web.learning.careers import CareerPages, OwnCareerPages
from service.web.learning.cohorts import CohortPages
from service.web.learning.exemptions import ExemptionPages, OwnProofs
from service.web.learning.group_actions import GroupActionPages
from service.web.learning.learning import LearningPages
from service.web.learning.learning_work import LearningWork
from service.web.learning.moving import MovingPages
from service.web.learning.package_player import PackagePlayer
from service.web.learning.proposals import ProposalPages
from service.web.learning.training import TrainingPages
from service.web.mail.mail import MailPages
from service.web.matching.ledger import LedgerPages, OwnLedgerPages
from service.web.papers.deadlines import DeadlinePages
from service.web.papers.offers import OfferPages
from service.web.papers.offers_candidate import OwnOfferPages
from service.web.papers.packs import PackPages
from service.web.papers.papers import PaperPages
from service.web.papers.social_numbers import SocialNumberPages
from service.web.paths.authoring import PathPages
from service.web.paths.authoring_drafts import DraftPages
from service.web.paths.authoring_files import DraftFilePages
from service.web.paths.authoring_modules import DraftModulePages
from service.web.paths.authoring_pages import DraftPagePages, DraftQuestionPages
from service.web.paths.packages import PackagePages
from service.web.people.employer import EmployerPages
from service.web.proof.badges import BadgePages
from service.web.proof.certificates import CertificatePages
from service.web.proof.training_files import TrainingFilePages
from service.web.proof.training_proofs import TrainingProofPages
from service.web.recruiting.applications import ApplicationPages
from service.web.recruiting.applying import ApplyPages
from service.web.recruiting.candidates import CandidatePages
from service.web.recruiting.contests import ContestPages, OwnContestPages
from service.web.recruiting.explanations import ExplanationPages
from service.web.recruiting.imports import ImportPages
from service.web.recruiting.interviews import InterviewPages
from service.web.recruiting.invitations import InvitationPages
from service.web.recruiting.outcomes import OutcomePages
from service.web.recruiting.pool import InterestPages, OwnPoolPages, PoolPages
from service.web.recruiting.programmes import ProgrammePages
from service.web.recruiting.reports import OwnReportPages, SheetPages
from service.web.recruiting.saved_searches import SavedSearchPages
from service.web.recruiting.shortlists import ShortlistPages
from service.web.recruiting.skill_lists import SkillListPages
from service.web.recruiting.skill_phrases import SkillPhrasePages
from service.web.recruiting.skills import SkillPages
from service.web.reference import ReferencePages
from service.web.waves.scenarios import ScenarioPages
from service.web.waves.waves import WavePages

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
