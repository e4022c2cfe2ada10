"""What stands between a person and a programme beside skills: languages, hours, the home post, and wishes."""

from collections.abc import Iterable

from assessments.matching.availability import UsableHours
from assessments.matching.balances import Balance
from assessments.matching.matches import Blocking, Remedy
from assessments.matching.preferences import preference_share
from assessments.matching.readings import PersonReading, Refusal
from assessments.matching.remedies import Finding
from assessments.matching.requirements import Prepared
from assessments.matching.weighing import MatchingPolicy
from assessments.profiles import CandidateProfile
from assessments.remedies.plans import Nature
from assessments.skills.languages import LanguageFit
from assessments.values import Text


class Gates:
    """Everything but skills weighed by one policy; `refusals` are what people are known to say no to."""

    def __init__(self, policy: MatchingPolicy, refusals: tuple[Refusal, ...]) -> None:
        self.policy, self.refusals = policy, refusals

    def language_share(self, language: LanguageFit) -> float | None:
        """What a wished language counts as one more wish, 0 to 1; None for one that is a must."""
        if language.is_must:
            return None
        policy = self.policy.languages
        if not language.short:
            return policy.should_met
        return policy.should_one_short if language.short == 1 else policy.should_missing

    def languages(self, balance: Balance, languages: Iterable[LanguageFit]) -> None:
        """A must that is short shuts the programme; a wish that is short is said."""
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
                balance.block(Blocking.LANGUAGE, text)
            else:
                balance.reasons.append(text)

    def hours(self, balance: Balance, hours: UsableHours, person: CandidateProfile) -> None:
        """Too few usable hours shut the programme, some too few are a talk; hours wished beyond it are a cap."""
        policy = self.policy.hours
        facts = {"usable": f"{hours.usable:g}", "weekly": f"{hours.weekly:g}"}
        # The exact quotient decides, not the one rounded for display.
        ratio = hours.usable / hours.weekly
        if ratio < policy.partial_ratio:
            balance.block(Blocking.HOURS, self.policy.say("hours_short", **facts))
        elif ratio < policy.enough_ratio:
            balance.reasons.append(self.policy.say("hours_partial", **facts))
            balance.cap(1, balance.reasons[-1])
            remedy = self.policy.remedies["hours"].with_(hours=f"{int(hours.usable)}")
            balance.remedies.append(Remedy(kind="hours", text=remedy))
            balance.lack("hours_partial", balance.reasons[-1], Nature.TALK)
        else:
            balance.reasons.append(self.policy.say("hours_enough", **facts))
        wished = person.desired_weekly_hours
        if wished is not None and wished > hours.weekly + policy.wished_above_hours:
            balance.reasons.append(
                self.policy.say("hours_wished_more", wished=f"{wished:g}", weekly=f"{hours.weekly:g}")
            )
            balance.cap(2, balance.reasons[-1])

    # Home post and wishes

    def home(self, balance: Balance, findings: Iterable[Finding]) -> None:
        """What the home post lacks, in the order found."""
        for finding in findings:
            if finding.blocks:
                balance.block(Blocking.LINE, self.policy.say(finding.sentence))
            else:
                balance.reasons.append(self.policy.say(finding.sentence))
            if finding.most is not None:
                balance.cap(finding.most, self.policy.say(finding.sentence))
            balance.remedies.append(Remedy(kind=finding.remedy, text=self.policy.remedies[finding.remedy]))

    def wishes(self, balance: Balance, reading: PersonReading, prepared: Prepared) -> None:
        """What the person says no to: the work itself shuts the programme, something beside it is a talk."""
        main = prepared.main_skills
        side = {key for wish in prepared.wishes for key in wish.skills} - main
        channels = [channel.value for channel in prepared.programme.channels]
        for refusal in self.refusals:
            if refusal.key not in reading.refusals:
                continue
            refuses_channel = bool(channels) and channels[0] in refusal.channels
            if main & set(refusal.skills) or refuses_channel:
                balance.block(Blocking.WISH, self.policy.say("wish_main"))
            elif side & set(refusal.skills) or set(channels) & set(refusal.channels):
                self._soften_wish(balance, "wish_side", self.policy.say("wish_side"))
        days = prepared.programme.onsite_days_per_week
        if days and reading.refuses_onsite:
            self._soften_wish(balance, "wish_onsite", self.policy.say("wish_onsite", days=f"{days:g}"))

    def _soften_wish(self, balance: Balance, key: str, reason: Text) -> None:
        balance.cap(1, reason)
        balance.reasons.append(reason)
        balance.lack(key, reason, Nature.TALK)
        balance.remedies.append(Remedy(kind="talk", text=self.policy.remedies["talk"]))

    def preference(self, balance: Balance, reading: PersonReading, prepared: Prepared) -> float:
        """The share of what the person prefers; who says nothing of it loses nothing by it."""
        share = preference_share(
            reading,
            prepared.programme,
            main_skills=prepared.main_skills,
            sectors=prepared.sectors,
            known=self.refusals,
        )
        if share is None:
            return 1.0
        balance.reasons.append(self.policy.say("preference_met" if share == 1 else "preference_other"))
        return share
