"""JSON for machines, one controller file a noun."""

from litestar import Controller

from service.api.allowances import (
    Absences,
    AllowanceFiles,
    AllowanceMonths,
    AllowanceSimulations,
    PayrollMaps,
    PayrollNumbers,
)
from service.api.answering import Instruments, OwnResponses
from service.api.applications import Applications
from service.api.assessments import Scorecards
from service.api.assignment_rules import AssignmentRules
from service.api.assignments import Assignments
from service.api.badges import Badges, OwnBadges
from service.api.board import TrainingBoard
from service.api.candidates import Candidates
from service.api.careers import Careers, OwnCareer
from service.api.checklists import LentEquipment, Onboarding, OnboardingTasks
from service.api.civil_details import CivilDetails
from service.api.class_attendance import CalendarFeeds, ClassAttendances, OwnClasses
from service.api.classes import Classes
from service.api.cohorts import Cohorts
from service.api.contests import Contests, OwnContests
from service.api.deadlines import Deadlines
from service.api.desks import Desks
from service.api.employer import Employers
from service.api.evidence import EvidenceOf, OwnFiles
from service.api.exemptions import Exemptions, OwnProofs, SeenProofs
from service.api.explanations import Explanations
from service.api.first_days import FirstDays
from service.api.help import Help, OwnHelp
from service.api.imports import Imports
from service.api.interviews import Interviews
from service.api.invitations import Invitations
from service.api.learning import Learning
from service.api.ledger import OwnLedger, SkillLedgers
from service.api.mail import Letters
from service.api.matching import Matching
from service.api.measurements import Measurements, OwnMeasurements
from service.api.moving import Moving
from service.api.offers import Offers, OwnOffers
from service.api.one_off_tasks import OneOffTasks
from service.api.operations import Operations
from service.api.outcomes import OutcomeFiles, Outcomes
from service.api.own_tasks import OwnTasks
from service.api.package_sessions import OwnPackages, PackageReports
from service.api.packages import Packages
from service.api.packs import Packs
from service.api.papers import Papers
from service.api.path_drafts import PathDrafts
from service.api.paths import Paths
from service.api.plans import Plans
from service.api.pool import OwnPool, Pools
from service.api.programmes import Programmes
from service.api.proof_archives import ProofArchives
from service.api.proposals import Proposals
from service.api.readiness import Readinesses
from service.api.refreshers import OwnRefreshers, Procedures
from service.api.reports import OwnReports, Reports
from service.api.returns import EquipmentReturns
from service.api.saved_searches import SavedSearches
from service.api.scenarios import Scenarios
from service.api.skill_lists import SkillLists
from service.api.skill_phrases import SkillPhrases
from service.api.skills import Skills
from service.api.social_numbers import SocialNumbers
from service.api.standings import Standings
from service.api.training_files import TrainingFiles, TrainingProofs
from service.api.validity import ModelCards, Validity
from service.api.waves import Waves

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
