"""The words of the field that rows, flows and interfaces share: roles, stages, states and kinds."""

from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the employer. `agent` is a candidate who was hired; both sign in by link."""

    CANDIDATE = "candidate"
    AGENT = "agent"
    RECRUITER = "recruiter"
    TRAINER = "trainer"
    SUPERVISOR = "supervisor"
    SUPPORT = "support_person"
    CLIENT_MANAGER = "client_manager"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


STAFF_ROLES = tuple(role for role in Role if role not in (Role.CANDIDATE, Role.AGENT))


class Locale(StrEnum):
    """The languages of pages and questionnaires; what is signed is in French."""

    FR = "fr"
    EN = "en"


class Source(StrEnum):
    """How a person came to be known here."""

    IMPORTED = "imported"
    APPLIED = "applied"
    ENTERED = "entered"


class Stage(StrEnum):
    """Where one application stands. `HIRED` and `NOT_RETAINED` are reached only through a person's decision."""

    APPLIED = "applied"
    INVITED = "invited"
    ASSESSED = "assessed"
    INTERVIEW = "interview"
    SHORTLISTED = "shortlisted"
    OFFER = "offer"
    HIRED = "hired"
    NOT_RETAINED = "not_retained"
    WITHDRAWN = "withdrawn"


FINAL_STAGES = (Stage.HIRED, Stage.NOT_RETAINED, Stage.WITHDRAWN)
DECIDED_STAGES = (Stage.HIRED, Stage.NOT_RETAINED)


class DecisionOutcome(StrEnum):
    """What a person decided about one application."""

    HIRE = "hire"
    NOT_RETAIN = "not_retain"


class ProgrammeState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    OFFER = "offer"


class ResponseState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


class MeasurementState(StrEnum):
    """Whether a measuring of somebody's line is under way or its samples are kept."""

    OPEN = "open"
    KEPT = "kept"


class ImportKind(StrEnum):
    CANDIDATES = "candidates"
    PROGRAMMES = "programmes"


class ImportState(StrEnum):
    CHECKED = "checked"
    APPLIED = "applied"


class OfferState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PackageKind(StrEnum):
    """What a training package speaks. cmi5 and xAPI will be kinds of their own, with a way of their own to report."""

    SCORM_1_2 = "scorm_1_2"
    SCORM_2004 = "scorm_2004"


class PackState(StrEnum):
    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"


class PaperState(StrEnum):
    """How far an issued paper is: its number and facts stand from the first moment, its file comes later."""

    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"


class ProofArchiveState(StrEnum):
    """How far an archive of proofs is; its file goes when its days are over, or when somebody in it is erased."""

    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class DeadlineHolder(StrEnum):
    """Who has to act before a date that a paper sets."""

    EMPLOYER = "employer"
    PERSON = "person"


class ContestKind(StrEnum):
    """What a person may ask somebody else to look at again."""

    SCORECARD = "scorecard"
    SCREENING = "screening"
    DECISION = "decision"
    SKILL = "skill"


class ContestFinding(StrEnum):
    """What the second person found: it stands, it changes, or it is done again; carrying that out is another step."""

    STANDS = "stands"
    CHANGED = "changed"
    REDO = "redo"


class HelpState(StrEnum):
    """Where a request for help stands: whoever asked waits, was answered, or said that it is settled."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class LockKind(StrEnum):
    """What a recruiter fixes in a wave: a person at a programme, or never there."""

    AT = "at"
    NEVER = "never"


class PoolChannel(StrEnum):
    """Where somebody said whether they want to hear of other posts: in their own space, by a letter, or aloud."""

    OWN_SPACE = "own_space"
    LETTER = "letter"
    TOLD = "told"


class PoolAnswer(StrEnum):
    """What somebody answers to a letter about a post that would fit."""

    INTERESTED = "interested"
    NOT_THIS_ONE = "not_this_one"
    NO_MORE = "no_more"


class DeskKind(StrEnum):
    """Who has tasks of the employer and no account here: written to, and let in by a link."""

    IT = "it"
    PAYROLL = "payroll"


class ChecklistChange(StrEnum):
    """What happens to the checklist of a placement."""

    OPENED = "opened"
    DONE = "done"
    REOPENED = "reopened"
    SET_ASIDE = "set_aside"
    START_MOVED = "start_moved"
    FILE_GIVEN = "file_given"
    FILE_REMOVED = "file_removed"
    LENT = "lent"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"
    RETURN_ASKED = "return_asked"
    TASK_ADDED = "task_added"
    TASK_EDITED = "task_edited"


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutcomeMeasure(StrEnum):
    """What is looked at some time after the start; bounds and words are in `data/policies/validity`."""

    IN_POST = "in_post"
    AUTONOMY_AT_WORK = "autonomy_at_work"
    QUALITY = "quality"
    ATTENDANCE = "attendance"


class AllowanceMonthState(StrEnum):
    """Whether the days of a month may still be entered, or its sums stand and only differences follow."""

    OPEN = "open"
    CLOSED = "closed"


class DaysSource(StrEnum):
    """Where the days of one person's month come from."""

    SCHEDULE = "schedule"
    ENTERED = "entered"
    IMPORTED = "imported"


class WorkKind(StrEnum):
    """What an outbox row asks for."""

    MAIL = "mail"
    PACK = "pack"
    PAPER = "paper"
    PROOF_ARCHIVE = "proof_archive"


class Sex(StrEnum):
    """What somebody may say of themselves for the fairness figures; nobody has to."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class AgeBand(StrEnum):
    """Wide bands, so that a band says little of one person."""

    UNDER_26 = "under_26"
    FROM_26_TO_39 = "26_39"
    FROM_40_TO_54 = "40_54"
    FROM_55 = "55_and_over"


class PhraseState(StrEnum):
    """Whether somebody has said what a phrase means: a skill, or none worth noting."""

    OPEN = "open"
    ANSWERED = "answered"
    SET_ASIDE = "set_aside"
