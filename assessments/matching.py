"""People and programmes weighed against each other: gates, levels, hours, home post, wishes, and the reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from assessments.availability import UsableHours, usable_hours
from assessments.languages import LanguageFit, fit_of
from assessments.matches import Blocking as Blocking
from assessments.matches import Editions as Editions
from assessments.matches import GradeStep
from assessments.matches import Match as Match
from assessments.matches import Outcome as Outcome
from assessments.matches import Remedy as Remedy
from assessments.matches import SkillFit as SkillFit
from assessments.plans import Nature, OpenGap, Training
from assessments.preferences import preference_share
from assessments.profiles import CandidateProfile, Importance, ProgrammeProfile
from assessments.readings import PersonReading, Reader, ReadingPolicy
from assessments.remedies import Finding, gaps_of_home, home_findings
from assessments.requirements import Wish, conditions_of, wish_of
from assessments.skills import Resolver
from assessments.values import Text
from assessments.weighing import MatchingPolicy as MatchingPolicy
from assessments.weighing import MatchingPolicyError as MatchingPolicyError
from assessments.weighing import read_policy as read_policy

_DAYS_A_WEEK = 5


@dataclass(frozen=True)
class Prepared:
    """A programme with its wishes and its sectors read once."""

    programme: ProgrammeProfile
    wishes: tuple[Wish, ...]
    conditions: tuple[Wish, ...]
    sectors: frozenset[str] = frozenset()

    @property
    def main_skills(self) -> frozenset[str]:
        """The skills of the musts: what the work is."""
        return frozenset(
            key for wish in self.wishes if wish.importance is Importance.MUST for key in wish.skills
        )


@dataclass
class _Weighing:
    """What has been found so far for one pair; the grade only ever goes down."""

    grade: int
    blocking: Blocking | None = None
    reasons: list[Text] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    gaps: list[OpenGap] = field(default_factory=list)
    steps: list[GradeStep] = field(default_factory=list)

    def block(self, cause: Blocking, reason: Text) -> None:
        self._move(0, reason)
        self.blocking = self.blocking or cause
        self.reasons.append(reason)
        if cause is not Blocking.LINE:  # a line is mended by money, so it is planned figure by figure
            self.lack(f"{cause.value}_{len(self.gaps)}", reason, Nature.CONDITION)

    def lack(self, key: str, text: Text, nature: Nature) -> None:
        self.gaps.append(OpenGap(key=key, text=text, nature=nature))

    def cap(self, most: int, reason: Text) -> None:
        self._move(min(self.grade, most), reason)

    def lower(self, reason: Text) -> None:
        """One grade lower, never under 1 (and a 0 stays a 0)."""
        self._move(max(min(self.grade, 1), self.grade - 1), reason)

    def _move(self, grade: int, reason: Text) -> None:
        if grade != self.grade:
            self.steps.append(GradeStep(text=reason, before=self.grade, after=grade))
            self.grade = grade


class Matcher:
    """Policy, readings and taxonomy bound together once; weighing a pair is then plain arithmetic."""

    def __init__(self, resolver: Resolver, *, policy: MatchingPolicy, readings: ReadingPolicy) -> None:
        self.reader = Reader(resolver, readings)
        self.policy = policy
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
        fits = tuple(_fit(wish, reading) for wish in prepared.wishes)
        hours = usable_hours(
            person.availability,
            programme.opening_hours,
            weekly_hours=programme.weekly_hours,
            wished_hours=person.desired_weekly_hours,
            split_shifts_allowed=programme.split_shifts_allowed,
            policy=self.policy.hours,
        )
        languages = tuple(fit_of(asked, reading.languages) for asked in programme.languages)
        coverage = _coverage(fits, [self._language_share(language) for language in languages])
        weighing = _Weighing(grade=self._skill_grade(fits, coverage))
        is_skilled = weighing.grade
        self._say_skills(weighing, fits)
        self._gate_languages(weighing, languages)
        self._gate_hours(weighing, hours, person)
        home = home_findings(person, reading, programme, self.policy.line)
        self._weigh_home(weighing, home)
        weighing.gaps += gaps_of_home(home, person, programme, self.policy.line, self.policy.sentences)
        self._weigh_wishes(weighing, reading, prepared)
        self._gate_skills(weighing, fits, coverage, _lacking(prepared.conditions, reading))
        if reading.is_over_qualified and not _leads(prepared.wishes):
            weighing.reasons.append(self._say("over_qualified"))
            weighing.cap(2, weighing.reasons[-1])
        for finding in home:
            if finding.lowers:
                weighing.lower(self._say(finding.sentence))
        weighing.gaps += self._gaps_of_skills(fits, is_skilled)
        shares = self._shares(fits, hours, coverage, home, self._preference(weighing, reading, prepared))
        match = self._result(programme, person, weighing, fits, hours, shares, is_skilled)
        return match.model_copy(update={"languages": languages})

    # Skills

    def _skill_grade(self, fits: Sequence[SkillFit], coverage: float) -> int:
        musts = [fit for fit in fits if fit.importance is Importance.MUST]
        if self._out_of_reach(musts, coverage):
            return 0
        gaps = [fit.gap for fit in musts if fit.gap]
        shoulds = [fit for fit in fits if fit.importance is Importance.SHOULD]
        policy = self.policy.skills
        if not gaps and coverage >= policy.excellent_coverage and all(fit.shown for fit in shoulds):
            return 3
        if (len(gaps) <= 1 and sum(gaps) <= 1 and coverage >= policy.good_coverage) or (
            gaps == [1, 1] and coverage >= policy.good_coverage_two_gaps
        ):
            return 2
        return 1

    def _load(self, musts: Iterable[SkillFit]) -> float:
        weeks = self.policy.training.weeks_a_level
        return sum(fit.gap * weeks[fit.gain] for fit in musts)

    def _out_of_reach(self, musts: Sequence[SkillFit], coverage: float) -> str | None:
        """The sentence that says why training cannot be enough, or None."""
        training = self.policy.training
        load = self._load(musts)
        if not all(fit.is_in_reach for fit in musts):
            return "must_out_of_reach"
        if load > training.weeks_max:
            return "load_too_long"
        if load >= training.far_weeks and coverage < training.far_coverage:
            return "far_from_trade"
        return None

    def _say_skills(self, weighing: _Weighing, fits: Sequence[SkillFit]) -> None:
        for fit in fits:
            if fit.importance is Importance.NICE:
                continue
            name = _sentence_of(fit)
            weeks = f"{self.policy.training.weeks_max:g}"
            weighing.reasons.append(
                self._say(name, skill=fit.text, have=fit.shown, asked=fit.asked, weeks=weeks)
            )
            if fit.gap and fit.is_in_reach:
                weighing.remedies.append(self._training(fit))

    def _training(self, fit: SkillFit) -> Remedy:
        weeks = fit.gap * self.policy.training.weeks_a_level[fit.gain]
        known = next((self.reader.resolver.skills[key] for key in fit.skills), None)
        title = known.training if known and known.training else None
        title = title or self.policy.remedies["training_default"].with_(skill=fit.text)
        many, one = self.policy.remedies["training"], self.policy.remedies["training_one"]
        fr, en = (one if weeks < 2 else many).fr, (one if weeks <= 1 else many).en
        return Remedy(
            kind="training",
            weeks=weeks,
            text=Text(
                fr=fr.format(training=title.fr, weeks=f"{weeks:g}".replace(".", ",")),
                en=en.format(training=title.en, weeks=f"{weeks:g}"),
            ),
        )

    def _gaps_of_skills(self, fits: Sequence[SkillFit], is_skilled: int) -> Iterable[OpenGap]:
        """What a class must give: the musts, or the wishes where these keep a person from a better grade."""
        short = [fit for fit in fits if fit.gap and fit.importance is Importance.MUST]
        if not short and is_skilled == 1:
            short = [
                fit for fit in fits if fit.gap and fit.importance is Importance.SHOULD and fit.is_in_reach
            ]
        for at, fit in enumerate(short):
            text = self._say(_sentence_of(fit), skill=fit.text, have=fit.shown, asked=fit.asked,
                             weeks=f"{self.policy.training.weeks_max:g}")  # fmt: skip
            training = self._training(fit) if fit.is_in_reach else None
            days = ceil((training.weeks or 0) * _DAYS_A_WEEK) if training else 0
            yield OpenGap(
                key=f"skill_{at}",
                text=text,
                nature=Nature.TRAINING if training else Nature.CONDITION,
                training=Training(text=training.text, days=days) if training else None,
            )

    def _gate_skills(
        self, weighing: _Weighing, fits: Sequence[SkillFit], coverage: float, lacking: Wish | None
    ) -> None:
        musts = [fit for fit in fits if fit.importance is Importance.MUST]
        why = self._out_of_reach(musts, coverage)
        if why == "must_out_of_reach":
            weighing.grade, weighing.blocking = 0, weighing.blocking or Blocking.SKILL  # the skills said it
        elif why:
            training = self.policy.training
            text = self._say(why, load=f"{self._load(musts):g}", weeks=f"{training.weeks_max:g}")
            weighing.block(Blocking.SKILL, text)
        elif lacking:
            weighing.block(Blocking.SKILL, self._say("condition_missing", skill=lacking.text))

    # Languages and hours

    def _language_share(self, language: LanguageFit) -> float | None:
        if language.is_must:
            return None
        policy = self.policy.languages
        if not language.short:
            return policy.should_met
        return policy.should_one_short if language.short == 1 else policy.should_missing

    def _gate_languages(self, weighing: _Weighing, languages: Iterable[LanguageFit]) -> None:
        for language in languages:
            none = self.policy.sentences["language_none"]
            short = "language_short" if language.is_must else "language_wished"
            shape = self.policy.sentences[short if language.short else "language_met"]
            name = self.policy.language_names.get(language.code.split("-")[0])
            fr, en = (name.fr, name.en) if name else (language.code, language.code)
            text = Text(
                fr=shape.fr.format(language=fr, asked=language.asked, have=language.shown or none.fr),
                en=shape.en.format(language=en, asked=language.asked, have=language.shown or none.en),
            )
            if language.is_must and language.short:
                weighing.block(Blocking.LANGUAGE, text)
            else:
                weighing.reasons.append(text)

    def _gate_hours(self, weighing: _Weighing, hours: UsableHours, person: CandidateProfile) -> None:
        policy = self.policy.hours
        facts = {"usable": f"{hours.usable:g}", "weekly": f"{hours.weekly:g}"}
        # The exact quotient decides, not the one rounded for display.
        ratio = hours.usable / hours.weekly
        if ratio < policy.partial_ratio:
            weighing.block(Blocking.HOURS, self._say("hours_short", **facts))
        elif ratio < policy.enough_ratio:
            weighing.reasons.append(self._say("hours_partial", **facts))
            weighing.cap(1, weighing.reasons[-1])
            remedy = self.policy.remedies["hours"].with_(hours=f"{int(hours.usable)}")
            weighing.remedies.append(Remedy(kind="hours", text=remedy))
            weighing.lack("hours_partial", weighing.reasons[-1], Nature.TALK)
        else:
            weighing.reasons.append(self._say("hours_enough", **facts))
        wished = person.desired_weekly_hours
        if wished is not None and wished > hours.weekly + policy.wished_above_hours:
            weighing.reasons.append(
                self._say("hours_wished_more", wished=f"{wished:g}", weekly=f"{hours.weekly:g}")
            )
            weighing.cap(2, weighing.reasons[-1])

    # Home post and wishes

    def _weigh_home(self, weighing: _Weighing, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.blocks:
                weighing.block(Blocking.LINE, self._say(finding.sentence))
            else:
                weighing.reasons.append(self._say(finding.sentence))
            if finding.most is not None:
                weighing.cap(finding.most, self._say(finding.sentence))
            weighing.remedies.append(Remedy(kind=finding.remedy, text=self.policy.remedies[finding.remedy]))

    def _weigh_wishes(self, weighing: _Weighing, reading: PersonReading, prepared: Prepared) -> None:
        main = prepared.main_skills
        side = {key for wish in prepared.wishes for key in wish.skills} - main
        channels = [channel.value for channel in prepared.programme.channels]
        for refusal in self.reader.policy.wishes.refusals:
            if refusal.key not in reading.refusals:
                continue
            refuses_channel = bool(channels) and channels[0] in refusal.channels
            if main & set(refusal.skills) or refuses_channel:
                weighing.block(Blocking.WISH, self._say("wish_main"))
            elif side & set(refusal.skills) or set(channels) & set(refusal.channels):
                self._soften_wish(weighing, "wish_side", self._say("wish_side"))
        days = prepared.programme.onsite_days_per_week
        if days and reading.refuses_onsite:
            self._soften_wish(weighing, "wish_onsite", self._say("wish_onsite", days=f"{days:g}"))

    def _soften_wish(self, weighing: _Weighing, key: str, reason: Text) -> None:
        weighing.cap(1, reason)
        weighing.reasons.append(reason)
        weighing.lack(key, reason, Nature.TALK)
        weighing.remedies.append(Remedy(kind="talk", text=self.policy.remedies["talk"]))

    def _preference(self, weighing: _Weighing, reading: PersonReading, prepared: Prepared) -> float:
        """The share of what the person prefers; who says nothing of it loses nothing by it."""
        share = preference_share(
            reading,
            prepared.programme,
            main_skills=prepared.main_skills,
            sectors=prepared.sectors,
            known=self.reader.policy.wishes.refusals,
        )
        if share is None:
            return 1.0
        weighing.reasons.append(self._say("preference_met" if share == 1 else "preference_other"))
        return share

    # The answer

    def _result(
        self,
        programme: ProgrammeProfile,
        person: CandidateProfile,
        weighing: _Weighing,
        fits: tuple[SkillFit, ...],
        hours: UsableHours,
        shares: Mapping[str, float],
        is_skilled: int,
    ) -> Match:
        outcome = _outcome(weighing, fits, is_skilled)
        skilled = GradeStep(text=self._say("grade_of_skills", grade=is_skilled), before=3, after=is_skilled)
        if outcome is Outcome.NO:
            weighing.reasons.append(self._say("no_here"))
        musts = [fit for fit in fits if fit.importance is Importance.MUST]
        return Match(
            programme=programme.id,
            candidate=person.id,
            outcome=outcome,
            score=self._score(weighing.grade, shares),
            rank=1,
            grade=weighing.grade,
            blocking=weighing.blocking,
            reasons=tuple(weighing.reasons),
            met=tuple(fit for fit in fits if not fit.gap),
            partial=tuple(fit for fit in fits if fit.gap and fit.shown),
            missing=tuple(fit for fit in fits if fit.gap and not fit.shown),
            remedies=() if outcome is Outcome.NO else _once(weighing.remedies),
            training_weeks=self._load(musts),
            hours=hours,
            editions=self.editions,
            steps=(skilled, *weighing.steps),
            shares=shares,
            gaps=tuple(weighing.gaps),
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
            "must": _mean([fit.share for fit in fits if fit.importance is Importance.MUST]),
            "should": coverage,
            "nice": _mean([fit.share for fit in fits if fit.importance is Importance.NICE]),
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

    def _say(self, name: str, **facts: object) -> Text:
        return self.policy.sentences[name].with_(**facts) if facts else self.policy.sentences[name]


def _fit(wish: Wish, reading: PersonReading) -> SkillFit:
    level, best = wish.level_in(reading)
    shown = reading.skills.get(best) if best else None
    return SkillFit(
        text=wish.text,
        importance=wish.importance,
        skills=wish.skills,
        asked=wish.level,
        shown=level,
        gain=wish.gain,
        evidence=shown.evidence if shown else None,
    )


def _lacking(conditions: Iterable[Wish], reading: PersonReading) -> Wish | None:
    return next((wish for wish in conditions if wish.level_in(reading)[0] < wish.level), None)


def _leads(wishes: Iterable[Wish]) -> bool:
    """Whether the post itself is one of leading people, for which nobody is over-qualified."""
    return any("team_management" in wish.skills for wish in wishes if wish.importance is Importance.MUST)


def _coverage(fits: Iterable[SkillFit], languages: Iterable[float | None]) -> float:
    shares = [fit.share for fit in fits if fit.importance is Importance.SHOULD]
    return _mean(shares + [share for share in languages if share is not None])


def _mean(shares: Sequence[float]) -> float:
    """The mean; 1 of nothing, since nothing asked is nothing lacking."""
    return sum(shares) / len(shares) if shares else 1.0


def _sentence_of(fit: SkillFit) -> str:
    if fit.importance is Importance.SHOULD:
        return "should_short" if fit.gap else "should_met"
    if not fit.gap:
        return "must_met"
    if not fit.is_in_reach:
        return "must_out_of_reach"
    return "must_short" if fit.shown else "must_missing"


def _outcome(weighing: _Weighing, fits: Iterable[SkillFit], is_skilled: int) -> Outcome:
    if weighing.grade == 0:
        return Outcome.NO
    if is_skilled == 1 or any(fit.gap for fit in fits if fit.importance is Importance.MUST):
        return Outcome.AFTER_TRAINING
    return Outcome.MATCH if weighing.grade >= 2 else Outcome.AFTER_REMEDY


def _once(remedies: Iterable[Remedy]) -> tuple[Remedy, ...]:
    return tuple(dict.fromkeys(remedies))
