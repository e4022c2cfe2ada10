"""People and programmes weighed against each other: gates, levels, hours, home post, wishes, and the reasons."""

from collections.abc import Iterable, Mapping, Sequence

from assessments.matching.availability import UsableHours, usable_hours
from assessments.matching.balances import Balance
from assessments.matching.gates import Gates
from assessments.matching.matches import Blocking as Blocking
from assessments.matching.matches import Editions as Editions
from assessments.matching.matches import GradeStep
from assessments.matching.matches import Match as Match
from assessments.matching.matches import Outcome as Outcome
from assessments.matching.matches import Remedy as Remedy
from assessments.matching.matches import SkillFit as SkillFit
from assessments.matching.readings import PersonReading, Reader, ReadingPolicy
from assessments.matching.remedies import Finding, gaps_of_home, home_findings
from assessments.matching.requirements import Prepared as Prepared
from assessments.matching.requirements import Wish, conditions_of, wish_of
from assessments.matching.skill_fits import SkillScale, coverage_of, lacking, mean, skill_fit
from assessments.matching.weighing import MatchingPolicy as MatchingPolicy
from assessments.matching.weighing import MatchingPolicyError as MatchingPolicyError
from assessments.matching.weighing import read_policy as read_policy
from assessments.profiles import CandidateProfile, Importance, ProgrammeProfile
from assessments.skills.languages import fit_of
from assessments.skills.skills import Resolver


class Matcher:
    """Policy, readings and taxonomy bound together once; weighing a pair is then plain arithmetic."""

    def __init__(self, resolver: Resolver, *, policy: MatchingPolicy, readings: ReadingPolicy) -> None:
        self.reader = Reader(resolver, readings)
        self.policy = policy
        self._skills = SkillScale(policy, resolver)
        self._gates = Gates(policy, readings.wishes.refusals)
        self.editions = Editions(
            matching=policy.edition, readings=readings.edition, skills=resolver.taxonomy.edition
        )

    def prepare(self, programme: ProgrammeProfile) -> Prepared:
        """The programme's wishes as known skills."""
        unknown = self.policy.training.unknown_gain
        wishes = tuple(wish_of(asked, self.reader, unknown_gain=unknown) for asked in programme.skills)
        sectors = self.reader.sectors(f"{programme.client_sector}. {programme.title}")
        return Prepared(programme, wishes, conditions_of(programme, self.reader), sectors)

    def rank(
        self, persons: Sequence[CandidateProfile], programmes: Sequence[ProgrammeProfile]
    ) -> tuple[Match, ...]:
        """Every pair, programme by programme in the order given, best person first; ties go by candidate id."""
        readings = [self.reader.read(person) for person in persons]
        ranked: list[Match] = []
        for programme in programmes:
            prepared = self.prepare(programme)
            matches = [
                self.weigh(person, reading, prepared)
                for person, reading in zip(persons, readings, strict=True)
            ]
            matches.sort(key=lambda match: (-match.score, match.candidate))
            ranked.extend(
                match.model_copy(update={"rank": place}) for place, match in enumerate(matches, start=1)
            )
        return tuple(ranked)

    def match(self, person: CandidateProfile, programme: ProgrammeProfile) -> Match:
        """One pair; its rank is 1, since nobody else is compared."""
        return self.weigh(person, self.reader.read(person), self.prepare(programme))

    def weigh(self, person: CandidateProfile, reading: PersonReading, prepared: Prepared) -> Match:
        """One pair from what was read before: skills, then gates, then caps, then what lowers by one."""
        programme = prepared.programme
        fits = tuple(skill_fit(wish, reading) for wish in prepared.wishes)
        hours = usable_hours(
            person.availability,
            programme.opening_hours,
            weekly_hours=programme.weekly_hours,
            wished_hours=person.desired_weekly_hours,
            split_shifts_allowed=programme.split_shifts_allowed,
            policy=self.policy.hours,
        )
        languages = tuple(fit_of(asked, reading.languages) for asked in programme.languages)
        coverage = coverage_of(fits, [self._gates.language_share(language) for language in languages])
        balance = Balance(grade=self._skills.grade(fits, coverage))
        is_skilled = balance.grade
        self._skills.say(balance, fits)
        self._gates.languages(balance, languages)
        self._gates.hours(balance, hours, person)
        home = home_findings(person, reading, programme, self.policy.line)
        self._gates.home(balance, home)
        balance.gaps += gaps_of_home(home, person, programme, self.policy.line, self.policy.sentences)
        self._gates.wishes(balance, reading, prepared)
        self._skills.gate(balance, fits, coverage, lacking(prepared.conditions, reading))
        if reading.is_over_qualified and not _leads(prepared.wishes):
            balance.reasons.append(self.policy.say("over_qualified"))
            balance.cap(2, balance.reasons[-1])
        for finding in home:
            if finding.lowers:
                balance.lower(self.policy.say(finding.sentence))
        balance.gaps += self._skills.gaps(fits, is_skilled)
        shares = self._shares(fits, hours, coverage, home, self._gates.preference(balance, reading, prepared))
        match = self._result(programme, person, balance, fits, hours, shares, is_skilled)
        return match.model_copy(update={"languages": languages})

    # The answer

    def _result(
        self,
        programme: ProgrammeProfile,
        person: CandidateProfile,
        balance: Balance,
        fits: tuple[SkillFit, ...],
        hours: UsableHours,
        shares: Mapping[str, float],
        is_skilled: int,
    ) -> Match:
        outcome = _outcome(balance, fits, is_skilled)
        skilled = GradeStep(
            text=self.policy.say("grade_of_skills", grade=is_skilled), before=3, after=is_skilled
        )
        if outcome is Outcome.NO:
            balance.reasons.append(self.policy.say("no_here"))
        musts = [fit for fit in fits if fit.importance is Importance.MUST]
        return Match(
            programme=programme.id,
            candidate=person.id,
            outcome=outcome,
            score=self._score(balance.grade, shares),
            rank=1,
            grade=balance.grade,
            blocking=balance.blocking,
            reasons=tuple(balance.reasons),
            met=tuple(fit for fit in fits if not fit.gap),
            partial=tuple(fit for fit in fits if fit.gap and fit.shown),
            missing=tuple(fit for fit in fits if fit.gap and not fit.shown),
            remedies=() if outcome is Outcome.NO else _once(balance.remedies),
            training_weeks=self._skills.load(musts),
            hours=hours,
            editions=self.editions,
            steps=(skilled, *balance.steps),
            shares=shares,
            gaps=tuple(balance.gaps),
        )

    def _shares(
        self,
        fits: Sequence[SkillFit],
        hours: UsableHours,
        coverage: float,
        home: Sequence[Finding],
        preference: float,
    ) -> Mapping[str, float]:
        return {
            "must": mean([fit.share for fit in fits if fit.importance is Importance.MUST]),
            "should": coverage,
            "nice": mean([fit.share for fit in fits if fit.importance is Importance.NICE]),
            "hours": min(1.0, hours.ratio),
            "home": max(0.0, 1.0 - 0.5 * len(home)),
            "preference": preference,
        }

    def _score(self, grade: int, shares: Mapping[str, float]) -> float:
        """0 to 100, two decimals: the grade's band, and a weighted mean of the shares inside it."""
        low, high = self.policy.score.bands[grade]
        weights = self.policy.score.weights
        fit = sum(weights[name] * share for name, share in shares.items()) / sum(weights.values())
        return round(low + (high - low) * fit, 2)


def _leads(wishes: Iterable[Wish]) -> bool:
    """Whether the post itself is one of leading people, for which nobody is over-qualified."""
    return any("team_management" in wish.skills for wish in wishes if wish.importance is Importance.MUST)


def _outcome(balance: Balance, fits: Iterable[SkillFit], is_skilled: int) -> Outcome:
    if balance.grade == 0:
        return Outcome.NO
    if is_skilled == 1 or any(fit.gap for fit in fits if fit.importance is Importance.MUST):
        return Outcome.AFTER_TRAINING
    return Outcome.MATCH if balance.grade >= 2 else Outcome.AFTER_REMEDY


def _once(remedies: Iterable[Remedy]) -> tuple[Remedy, ...]:
    return tuple(dict.fromkeys(remedies))
