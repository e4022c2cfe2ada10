"""What a programme asks of skills beside what a person shows: grade, gaps, classes, and when it is too far."""

from collections.abc import Iterable, Sequence
from math import ceil

from assessments.matching.balances import Balance
from assessments.matching.matches import Blocking, Remedy, SkillFit
from assessments.matching.readings import PersonReading
from assessments.matching.requirements import Wish
from assessments.matching.weighing import MatchingPolicy
from assessments.profiles import Importance
from assessments.remedies.plans import Nature, OpenGap, Training
from assessments.skills.skills import Resolver
from assessments.values import Text

_DAYS_A_WEEK = 5


class SkillScale:
    """Fits of skills weighed by one policy."""

    def __init__(self, policy: MatchingPolicy, resolver: Resolver) -> None:
        self.policy, self.resolver = policy, resolver

    def grade(self, fits: Sequence[SkillFit], coverage: float) -> int:
        """0 to 3 from levels alone, before anything else is looked at."""
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

    def load(self, musts: Iterable[SkillFit]) -> float:
        """Weeks of class that the gaps of these wishes add up to."""
        weeks = self.policy.training.weeks_a_level
        return sum(fit.gap * weeks[fit.gain] for fit in musts)

    def _out_of_reach(self, musts: Sequence[SkillFit], coverage: float) -> str | None:
        """The sentence that says why training cannot be enough, or None."""
        training = self.policy.training
        load = self.load(musts)
        if not all(fit.is_in_reach for fit in musts):
            return "must_out_of_reach"
        if load > training.weeks_max:
            return "load_too_long"
        if load >= training.far_weeks and coverage < training.far_coverage:
            return "far_from_trade"
        return None

    def say(self, balance: Balance, fits: Sequence[SkillFit]) -> None:
        """One reason for each wish that is more than nice, and a class for each gap in reach."""
        for fit in fits:
            if fit.importance is Importance.NICE:
                continue
            name = _sentence_of(fit)
            weeks = f"{self.policy.training.weeks_max:g}"
            balance.reasons.append(
                self.policy.say(name, skill=fit.text, have=fit.shown, asked=fit.asked, weeks=weeks)
            )
            if fit.gap and fit.is_in_reach:
                balance.remedies.append(self._training(fit))

    def _training(self, fit: SkillFit) -> Remedy:
        weeks = fit.gap * self.policy.training.weeks_a_level[fit.gain]
        known = next((self.resolver.skills[key] for key in fit.skills), None)
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

    def gaps(self, fits: Sequence[SkillFit], is_skilled: int) -> Iterable[OpenGap]:
        """What a class must give: the musts, or the wishes where these keep a person from a better grade."""
        short = [fit for fit in fits if fit.gap and fit.importance is Importance.MUST]
        if not short and is_skilled == 1:
            short = [
                fit for fit in fits if fit.gap and fit.importance is Importance.SHOULD and fit.is_in_reach
            ]
        for at, fit in enumerate(short):
            text = self.policy.say(_sentence_of(fit), skill=fit.text, have=fit.shown, asked=fit.asked,
                             weeks=f"{self.policy.training.weeks_max:g}")  # fmt: skip
            training = self._training(fit) if fit.is_in_reach else None
            days = ceil((training.weeks or 0) * _DAYS_A_WEEK) if training else 0
            yield OpenGap(
                key=f"skill_{at}",
                text=text,
                nature=Nature.TRAINING if training else Nature.CONDITION,
                training=Training(text=training.text, days=days) if training else None,
            )

    def gate(self, balance: Balance, fits: Sequence[SkillFit], coverage: float, lacking: Wish | None) -> None:
        """Says what shuts the programme for want of skill: a must out of reach, too much to learn, a condition."""
        musts = [fit for fit in fits if fit.importance is Importance.MUST]
        why = self._out_of_reach(musts, coverage)
        if why == "must_out_of_reach":
            balance.grade, balance.blocking = 0, balance.blocking or Blocking.SKILL  # the skills said it
        elif why:
            training = self.policy.training
            text = self.policy.say(why, load=f"{self.load(musts):g}", weeks=f"{training.weeks_max:g}")
            balance.block(Blocking.SKILL, text)
        elif lacking:
            balance.block(Blocking.SKILL, self.policy.say("condition_missing", skill=lacking.text))


def skill_fit(wish: Wish, reading: PersonReading) -> SkillFit:
    """One wish beside what the person shows of it, with the words that show it."""
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


def lacking(conditions: Iterable[Wish], reading: PersonReading) -> Wish | None:
    """The first condition that is not met."""
    return next((wish for wish in conditions if wish.level_in(reading)[0] < wish.level), None)


def coverage_of(fits: Iterable[SkillFit], languages: Iterable[float | None]) -> float:
    """How much of what is wished, skills and languages, is there: 0 to 1."""
    shares = [fit.share for fit in fits if fit.importance is Importance.SHOULD]
    return mean(shares + [share for share in languages if share is not None])


def mean(shares: Sequence[float]) -> float:
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
