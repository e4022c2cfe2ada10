"""Every dated data file of the core, found and checked whole once at start."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol, TypeVar

from assessments.allocation import policy as allocation_policy
from assessments.editions import EditionError
from assessments.lines import policy as line_policy
from assessments.matching import courses, ledger_policy, matching, readings
from assessments.questionnaires import (
    evidence,
    forbidden,
    instruments,
    interviews,
    model_cards,
    quality,
    screening,
)
from assessments.questionnaires.instruments import Dimension, Instrument
from assessments.remedies import catalogue
from assessments.skills import lexicon_policy, skills, vocabulary
from assessments.validation import fairness
from assessments.validation import policy as validity_policy
from documents import law
from onboarding import classes, sentences
from onboarding.continuous import careers, help, refreshers, validity
from onboarding.day_one import checklists, readiness
from onboarding.day_one.checklists import Checklist
from onboarding.learning import board, reminding
from onboarding.packages import package_rules
from onboarding.paths import paths

T = TypeVar("T")


class Dated(Protocol):
    """Anything with the day from which it holds."""

    @property
    def valid_from(self) -> date: ...


D = TypeVar("D", bound=Dated)


@dataclass(frozen=True)
class Editions:
    """What is in force, by what it is; older editions stay readable under (slug, edition)."""

    instruments: Mapping[tuple[str, str], instruments.Instrument]
    paths: Mapping[tuple[str, str], paths.Path]
    taxonomies: tuple[skills.Taxonomy, ...]
    readiness: tuple[readiness.Requirements, ...]
    package_rules: tuple[package_rules.PackageRules, ...]
    class_policies: tuple[classes.ClassPolicy, ...]
    sentences: tuple[sentences.Sentences, ...]
    checklists: tuple[Checklist, ...]
    board_rules: tuple[board.BoardRules, ...]
    reminder_rules: tuple[reminding.ReminderRules, ...]
    screening_policies: tuple[screening.ScreeningPolicy, ...]
    shelf_lives: tuple[evidence.ShelfLives, ...]
    quality_words: tuple[quality.QualityWords, ...]
    matching_policies: tuple[matching.MatchingPolicy, ...]
    reading_policies: tuple[readings.ReadingPolicy, ...]
    law: law.Law
    fairness_policies: tuple[fairness.FairnessPolicy, ...]
    forbidden_criteria: tuple[forbidden.Criteria, ...]
    validity_policies: tuple[validity_policy.ValidityPolicy, ...]
    model_cards: Mapping[tuple[str, str], model_cards.ModelCard]
    catalogues: tuple[catalogue.Catalogue, ...]
    interview_policies: tuple[interviews.InterviewPolicy, ...]
    line_policies: tuple[line_policy.LinePolicy, ...]
    lexicon_policies: tuple[lexicon_policy.LexiconPolicy, ...]
    vocabularies: tuple[vocabulary.Vocabulary, ...]
    ledger_policies: tuple[ledger_policy.LedgerPolicy, ...]
    course_catalogues: tuple[courses.CourseCatalogue, ...]
    allocation_policies: tuple[allocation_policy.AllocationPolicy, ...]
    refresher_policies: tuple[refreshers.RefresherPolicy, ...]
    help_policies: tuple[help.HelpPolicy, ...]
    term_rules: tuple[validity.TermRules, ...]
    career_maps: tuple[careers.CareerMap, ...]
    withdrawn: frozenset[tuple[str, str]] = frozenset()
    """(path, edition) of paths that nobody is given any more; those who began them go on."""

    def instruments_on(self, day: date) -> tuple[Instrument, ...]:
        """The edition of each questionnaire that a person who begins on `day` is given, in the order of dimensions."""
        slugs = {slug for slug, _ in self.instruments}
        found = [
            in_force([one for one in self.instruments.values() if one.slug == slug], day) for slug in slugs
        ]
        order = list(Dimension)
        return tuple(sorted(found, key=lambda one: (order.index(one.dimension), one.slug)))

    def checklist_on(self, day: date) -> Checklist:
        return in_force(self.checklists, day)

    def checklist_of(self, edition: str) -> Checklist:
        """The edition that a placement was given."""
        return next(one for one in self.checklists if one.edition == edition)

    def line_policy_on(self, day: date) -> line_policy.LinePolicy:
        return in_force(self.line_policies, day)

    def line_policy_of(self, edition: str) -> line_policy.LinePolicy:
        """The edition a kept measurement names."""
        return next(one for one in self.line_policies if one.edition == edition)

    def allocation_policy_on(self, day: date) -> allocation_policy.AllocationPolicy:
        return in_force(self.allocation_policies, day)

    def refresher_policy_on(self, day: date) -> refreshers.RefresherPolicy:
        return in_force(self.refresher_policies, day)

    def help_policy_on(self, day: date) -> help.HelpPolicy:
        return in_force(self.help_policies, day)

    def term_rules_on(self, day: date) -> validity.TermRules:
        return in_force(self.term_rules, day)

    def career_map_on(self, day: date) -> careers.CareerMap:
        return in_force(self.career_maps, day)

    def course_catalogue_on(self, day: date) -> courses.CourseCatalogue:
        return in_force(self.course_catalogues, day)

    def ledger_policy_on(self, day: date) -> ledger_policy.LedgerPolicy:
        return in_force(self.ledger_policies, day)

    def fairness_policy_on(self, day: date) -> fairness.FairnessPolicy:
        return in_force(self.fairness_policies, day)

    def class_policy_on(self, day: date) -> classes.ClassPolicy:
        return in_force(self.class_policies, day)

    def class_policy_of(self, edition: str) -> classes.ClassPolicy:
        """The edition that a planned class names."""
        return next(one for one in self.class_policies if one.edition == edition)

    def shelf_lives_on(self, day: date) -> evidence.ShelfLives:
        return in_force(self.shelf_lives, day)

    def shelf_lives_of(self, edition: str) -> evidence.ShelfLives | None:
        """The edition that a stored result names, or None."""
        return next((one for one in self.shelf_lives if one.edition == edition), None)

    def quality_words_on(self, day: date) -> quality.QualityWords:
        return in_force(self.quality_words, day)

    def screening_policy_on(self, day: date) -> screening.ScreeningPolicy:
        return in_force(self.screening_policies, day)

    def interview_policy_on(self, day: date) -> interviews.InterviewPolicy:
        return in_force(self.interview_policies, day)

    def board_rules_on(self, day: date) -> board.BoardRules:
        return in_force(self.board_rules, day)

    def reminder_rules_on(self, day: date) -> reminding.ReminderRules:
        return in_force(self.reminder_rules, day)

    def catalogue_on(self, day: date) -> catalogue.Catalogue:
        return in_force(self.catalogues, day)

    def validity_policy_on(self, day: date) -> validity_policy.ValidityPolicy:
        return in_force(self.validity_policies, day)

    @cached_property
    def resolver(self) -> skills.Resolver:
        """Free text into the skills of the newest taxonomy; indexed when first asked for."""
        return skills.Resolver(self.taxonomies[-1])

    @cached_property
    def matcher(self) -> matching.Matcher:
        """People and programmes weighed by the newest policy, readings and taxonomy; made when first asked for."""
        return matching.Matcher(
            self.resolver, policy=self.matching_policies[-1], readings=self.reading_policies[-1]
        )


@cache
def load_editions() -> Editions:
    """Read every edition; a faulty file stops the start with all its faults named."""
    return Editions(
        law=load_law(),
        instruments=_by_edition("assessments", "data/instruments", read_instrument),
        forbidden_criteria=load_forbidden_criteria(),
        paths=_by_edition("onboarding", "data/paths", paths.read),
        fairness_policies=load_fairness_policies(),
        validity_policies=load_validity_policies(),
        model_cards=_by_edition("assessments", "data/model-cards", model_cards.read),
        screening_policies=_by_date("assessments", "data/policies/screening", screening.read_policy),
        shelf_lives=_by_date("assessments", "data/policies/screening-evidence", evidence.read_shelf_lives),
        quality_words=_by_date("assessments", "data/policies/answer-quality", quality.read_words),
        matching_policies=_by_date("assessments", "data/policies/matching", matching.read_policy),
        reading_policies=_by_date("assessments", "data/readings", readings.read_policy),
        taxonomies=_by_date("assessments", "data/skills", skills.read),
        line_policies=load_line_policies(),
        allocation_policies=load_allocation_policies(),
        lexicon_policies=_by_date("assessments", "data/lexicon", lexicon_policy.read),
        vocabularies=_by_date("assessments", "data/vocabulary", vocabulary.read),
        course_catalogues=_by_date("assessments", "data/policies/courses", courses.read),
        ledger_policies=_by_date("assessments", "data/policies/ledger", ledger_policy.read),
        catalogues=_by_date("assessments", "data/policies/remedies", catalogue.read),
        interview_policies=_by_date("assessments", "data/policies/interviews", read_interview_policy),
        readiness=_by_date("onboarding", "data/readiness", readiness.read),
        sentences=_by_date("onboarding", "data/sentences", sentences.read),
        checklists=_by_date("onboarding", "data/checklists", checklists.read),
        board_rules=_by_date("onboarding", "data/board", board.read),
        reminder_rules=_by_date("onboarding", "data/reminders", reminding.read),
        package_rules=load_package_rules(),
        class_policies=_by_date("onboarding", "data/classes", classes.read_policy),
        refresher_policies=_by_date("onboarding", "data/refreshers", refreshers.read_policy),
        help_policies=_by_date("onboarding", "data/help", help.read_policy),
        term_rules=_by_date("onboarding", "data/validity", validity.read),
        career_maps=_by_date("onboarding", "data/careers", careers.read),
    )


@cache
def load_forbidden_criteria() -> tuple[forbidden.Criteria, ...]:
    """What no question may touch, oldest edition first; by itself, for the command that needs nothing else."""
    return _by_date("assessments", "data/policies/forbidden-criteria", forbidden.read)


def read_instrument(text: str) -> Instrument:
    """One questionnaire, refused when it touches a forbidden ground that no argued override answers for.

    It is held against the criteria in force on its own first day: a later list does not stop what is in use.
    """
    found = instruments.read(text)
    if faults := forbidden.faults_of(found, in_force(load_forbidden_criteria(), found.valid_from)):
        raise instruments.InstrumentError(faults)
    return found


def read_interview_policy(text: str) -> interviews.InterviewPolicy:
    """The questions of interviews, refused like those of a questionnaire when one touches a forbidden ground."""
    found = interviews.read_policy(text)
    if faults := forbidden.faults_of_guide(text, in_force(load_forbidden_criteria(), found.valid_from)):
        raise EditionError(faults)
    return found


@cache
def load_fairness_policies() -> tuple[fairness.FairnessPolicy, ...]:
    """When a difference between groups is worth a look; by itself, for the command that needs nothing else."""
    return _by_date("assessments", "data/policies/fairness", fairness.read_policy)


@cache
def load_validity_policies() -> tuple[validity_policy.ValidityPolicy, ...]:
    """What figures about questionnaires must reach; by itself, for the command that needs nothing else."""
    return _by_date("assessments", "data/policies/validity", validity_policy.read_policy)


@cache
def load_law() -> law.Law:
    """The dated figures and rules that documents rest on; by themselves, for commands that need nothing else."""
    return law.gather(dict(_every_yaml(files("documents").joinpath("data"), "")))


@cache
def load_line_policies() -> tuple[line_policy.LinePolicy, ...]:
    """How lines are measured; by themselves, for the command that needs nothing else."""
    return _by_date("assessments", "data/policies/connection", line_policy.read_policy)


@cache
def load_package_rules() -> tuple[package_rules.PackageRules, ...]:
    """What a training package may be; by itself, for the command that needs nothing else."""
    return _by_date("onboarding", "data/packages", package_rules.read)


@cache
def load_allocation_policies() -> tuple[allocation_policy.AllocationPolicy, ...]:
    """How whole waves are placed; by themselves, for the command that needs nothing else."""
    return _by_date("assessments", "data/policies/allocation", allocation_policy.read_policy)


def _every_yaml(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        if entry.is_dir():
            yield from _every_yaml(entry, f"{name}/")
        elif entry.name.endswith(".yaml"):
            yield name, entry.read_text("utf-8")


def in_force(editions: Sequence[D], day: date) -> D:
    """The newest edition that is valid on `day`; before the first one, the first: a slow clock closes nothing."""
    ordered = sorted(editions, key=lambda one: one.valid_from)
    return next((one for one in reversed(ordered) if one.valid_from <= day), ordered[0])


def _by_edition(package: str, folder: str, read: Callable[[str], T]) -> Mapping[tuple[str, str], T]:
    found = {}
    for text in _texts(package, folder):
        edition = read(text)
        found[edition.slug, edition.edition] = edition  # type: ignore[attr-defined]
    return found


def _by_date(package: str, folder: str, read: Callable[[str], T]) -> tuple[T, ...]:
    """Editions of one thing, oldest first."""
    sources = [entry for entry in files(package).joinpath(folder).iterdir() if entry.name.endswith(".yaml")]
    found = [read(source.read_text("utf-8")) for source in sources]
    return tuple(sorted(found, key=lambda edition: edition.valid_from))  # type: ignore[attr-defined]


def _texts(package: str, folder: str) -> Iterator[str]:
    for slug in sorted(files(package).joinpath(folder).iterdir(), key=lambda entry: entry.name):
        if slug.is_dir():
            for source in sorted(slug.iterdir(), key=lambda entry: entry.name):
                if source.name.endswith(".yaml"):
                    yield source.read_text("utf-8")
