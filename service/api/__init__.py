"""JSON for machines, one controller file a noun."""

from litestar import Controller

from service.api.allowances.allowances import (
    Absences,
    AllowanceFiles,
    AllowanceMonths,
    AllowanceSimulations,
    PayrollMaps,
    PayrollNumbers,
)
from service.api.assessing.answering import Instruments, OwnResponses
from service.api.assessing.assessments import Scorecards
from service.api.assessing.evidence import EvidenceOf, OwnFiles
from service.api.assessing.measurements import Measurements, OwnMeasurements
from service.api.assessing.standings import Standings
from service.api.assessing.validity import ModelCards, Validity
from service.api.classes.class_attendance import CalendarFeeds, ClassAttendances, OwnClasses
from service.api.classes.classes import Classes
from service.api.continuous.help import Help, OwnHelp
from service.api.continuous.refreshers import OwnRefreshers, Procedures
from service.api.day_one.checklists import LentEquipment, Onboarding, OnboardingTasks
from service.api.day_one.desks import Desks
from service.api.day_one.first_days import FirstDays
from service.api.day_one.one_off_tasks import OneOffTasks
from service.api.day_one.own_tasks import OwnTasks
from service.api.day_one.readiness import Readinesses
from service.api.day_one.returns import EquipmentReturns
from service.api.learning.assignment_rules import AssignmentRules
from service.api.learning.assignments import Assignments
from service.api.learning.board import TrainingBoard
from service.api.learning.careers import Careers, OwnCareer
from service.api.learning.cohorts import Cohorts
from service.api.learning.exemptions import Exemptions, OwnProofs, SeenProofs
from service.api.learning.learning import Learning
from service.api.learning.moving import Moving
from service.api.learning.package_sessions import OwnPackages, PackageReports
from service.api.learning.proposals import Proposals
from service.api.mail.mail import Letters
from service.api.matching.ledger import OwnLedger, SkillLedgers
from service.api.matching.matching import Matching
from service.api.matching.plans import Plans
from service.api.operations import Operations
from service.api.papers.civil_details import CivilDetails
from service.api.papers.deadlines import Deadlines
from service.api.papers.offers import Offers, OwnOffers
from service.api.papers.packs import Packs
from service.api.papers.papers import Papers
from service.api.papers.social_numbers import SocialNumbers
from service.api.paths.packages import Packages
from service.api.paths.path_drafts import PathDrafts
from service.api.paths.paths import Paths
from service.api.people.candidates import Candidates
from service.api.people.employer import Employers
from service.api.proof.badges import Badges, OwnBadges
from service.api.proof.proof_archives import ProofArchives
from service.api.proof.training_files import TrainingFiles, TrainingProofs
from service.api.recruiting.applications import Applications
from service.api.recruiting.contests import Contests, OwnContests
from service.api.recruiting.explanations import Explanations
from service.api.recruiting.imports import Imports
from service.api.recruiting.interviews import Interviews
from service.api.recruiting.invitations import Invitations
from service.api.recruiting.outcomes import OutcomeFiles, Outcomes
from service.api.recruiting.pool import OwnPool, Pools
from service.api.recruiting.programmes import Programmes
from service.api.recruiting.reports import OwnReports, Reports
from service.api.recruiting.saved_searches import SavedSearches
from service.api.recruiting.skill_lists import SkillLists
from service.api.recruiting.skill_phrases import SkillPhrases
from service.api.recruiting.skills import Skills
from service.api.waves.scenarios import Scenarios
from service.api.waves.waves import Waves

CONTROLLERS: list[type[Controller]] = [
    AllowanceMonths,
    AllowanceFiles,
    AllowanceSimulations,
    Absences,
    PayrollMaps,
    PayrollNumbers,
    CivilDetails,
    Offers,
    OwnOffers,
    OwnPackages,
    PackageReports,
    Packages,
    Packs,
    Papers,
    TrainingFiles,
    TrainingProofs,
    ProofArchives,
    Badges,
    OwnBadges,
    Deadlines,
    SocialNumbers,
    Interviews,
    Invitations,
    Letters,
    Matching,
    Explanations,
    Measurements,
    OwnMeasurements,
    Applications,
    Assignments,
    TrainingBoard,
    Proposals,
    AssignmentRules,
    Candidates,
    Classes,
    ClassAttendances,
    OwnClasses,
    CalendarFeeds,
    Cohorts,
    Contests,
    OwnContests,
    Employers,
    Desks,
    FirstDays,
    Onboarding,
    OnboardingTasks,
    OneOffTasks,
    EquipmentReturns,
    LentEquipment,
    OwnTasks,
    Help,
    OwnHelp,
    Imports,
    Learning,
    OwnProofs,
    Exemptions,
    SeenProofs,
    Moving,
    OwnCareer,
    Careers,
    SkillLedgers,
    SkillLists,
    SkillPhrases,
    Skills,
    OwnLedger,
    Paths,
    PathDrafts,
    Plans,
    Pools,
    OwnPool,
    SavedSearches,
    Programmes,
    Readinesses,
    OwnRefreshers,
    Procedures,
    OwnReports,
    Reports,
    Instruments,
    OwnResponses,
    OwnFiles,
    EvidenceOf,
    Scorecards,
    Standings,
    Operations,
    OutcomeFiles,
    Outcomes,
    Validity,
    ModelCards,
    Waves,
    Scenarios,
]
