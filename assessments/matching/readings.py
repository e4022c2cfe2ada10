"""What a person's own words show of each skill, 0 to 5, and what else the file says about work and wishes."""

from collections.abc import Iterable, Mapping

from assessments.profiles import CandidateProfile, Cefr, Experience
from assessments.skills.languages import levels_of
from assessments.skills.mentions import mentions, preferred_in, refusals_in, refuses
from assessments.skills.phrases import Clause, Hit, PhraseIndex, fold
from assessments.skills.reading_policy import Level
from assessments.skills.reading_policy import ReadingPolicy as ReadingPolicy
from assessments.skills.reading_policy import ReadingPolicyError as ReadingPolicyError
from assessments.skills.reading_policy import Refusal as Refusal
from assessments.skills.reading_policy import read_policy as read_policy
from assessments.skills.skills import Meaning, Resolver, Strength
from assessments.values import Value

_REACH = 3
# A neighbouring skill lends what it is only from autonomous practice on; below that, one level less.
_LOSS = {1: 1, 2: 1}
# Who practises the broad skill is autonomous in a kind of it, not yet confirmed.
_LENT_TO_NARROW = 3
_CONTENT_ENOUGH = 0.6


class Shown(Value):
    """A level shown, and the words or the kind of job that show it."""

    level: Level
    evidence: str
    source: str


class PersonReading(Value):
    """All that matching reads of one person."""

    candidate: str
    skills: Mapping[str, Shown]
    languages: Mapping[str, Cefr]
    kinds: tuple[str, ...]
    refusals: tuple[str, ...]
    refuses_onsite: bool
    preferred: tuple[str, ...] = ()
    preferred_sectors: tuple[str, ...] = ()
    is_over_qualified: bool
    has_computer: bool
    has_headset: bool
    has_rescue_line: bool
    texts: tuple[tuple[frozenset[str], int], ...]

    def level(self, skill: str) -> int:
        """Level shown of a skill, 0 when nothing shows it."""
        shown = self.skills.get(skill)
        return shown.level if shown else 0

    def content_level(self, stems: frozenset[str], *, hint: int) -> int:
        """Level for a wish that no known skill covers: its content words found in one post, or in one line."""
        best = 0
        for words, level in self.texts:
            share = len(stems & words) / len(stems) if stems else 0.0
            best = max(
                best, level if share >= _CONTENT_ENOUGH else hint if share >= _CONTENT_ENOUGH / 2 else 0
            )
        return best


class Reader:
    """A reading policy indexed once over a taxonomy; reading a person is then pure look-up."""

    def __init__(self, resolver: Resolver, policy: ReadingPolicy) -> None:
        self.resolver = resolver
        self.policy = policy
        self._kinds = {kind.key: kind for kind in policy.kinds}
        signs = ((sign, kind.key) for kind in policy.kinds for sign in kind.signs)
        self._kind_signs: PhraseIndex[str] = PhraseIndex(signs, resolver.vocabulary, slack=1)
        self._softeners = frozenset(policy.softeners)
        self._negators = frozenset(policy.negators)

    def read(self, person: CandidateProfile) -> PersonReading:
        """Levels, languages, wishes and things of one person; residence, name and the like are not in there."""
        levels: dict[str, Shown] = {}
        kinds: dict[str, int] = {}
        for post in person.experience:
            self._read_post(post, levels, kinds)
        self._add_kinds(levels, kinds)
        blocked = self._blocked_words(person)
        claims: dict[str, Shown] = {}
        for line in (person.headline, *person.skills):
            self._read_claim(line, levels, claims, kinds, blocked)
        for skill, shown in claims.items():
            _lift(levels, skill, shown)
        self._add_neighbours(levels)
        lines = (person.headline, *person.skills)
        things = tuple(fold(thing) for thing in person.equipment)
        preferred, sectors = self._preferences(lines)
        return PersonReading(
            candidate=person.id,
            skills=levels,
            languages=levels_of(person, self.policy.languages),
            kinds=tuple(sorted(kinds)),
            refusals=refusals_in(lines, self.policy.wishes),
            refuses_onsite=any(
                refuses(line, self.policy.wishes.onsite_words, self.policy.wishes) for line in lines
            ),
            preferred=preferred,
            preferred_sectors=sectors,
            is_over_qualified=self._over_qualified(person),
            has_computer=mentions(
                things, self.policy.equipment.computer, but=self.policy.equipment.not_computer
            ),
            has_headset=mentions(things, self.policy.equipment.headset),
            has_rescue_line=mentions(things, self.policy.equipment.rescue_line),
            texts=self._texts(person),
        )

    def _read_post(self, post: Experience, levels: dict[str, Shown], kinds: dict[str, int]) -> None:
        practised = self.policy.practised(post.months)
        ceiling = self.policy.reference_level if self._is_reference(post) else practised
        told = self._kinds_of(post)
        shown_here: set[str] = set()
        for text, cap in (
            (post.title, 5),
            (post.description, 5),
            (post.employer_kind, self.policy.employer_level),
        ):
            for place, clause in enumerate(self.resolver.clauses(text)):
                for hit in self.resolver.find(clause):
                    heads = text is post.description and place == 0 and self._heads(hit, clause)
                    strength = Strength.SHOWN if heads else hit.meaning.strength
                    level = min(self._level_in_post(hit, clause, strength, practised, ceiling, told), cap)
                    if hit.meaning.skill and level:
                        _lift(
                            levels,
                            hit.meaning.skill,
                            Shown(level=level, evidence=clause.text[:200], source="post"),
                        )
                        if strength is Strength.SHOWN and cap == 5 and level >= practised:
                            shown_here.add(hit.meaning.skill)
        for kind in told | {kind.key for kind in self.policy.kinds if shown_here & set(kind.shown_by)}:
            kinds[kind] = max(kinds.get(kind, 0), practised)

    def _level_in_post(
        self,
        hit: Hit[Meaning],
        clause: Clause,
        strength: Strength,
        practised: int,
        ceiling: int,
        told: Iterable[str],
    ) -> int:
        if self._is_denied(hit, clause):
            return 0
        if strength is Strength.HINT:
            return min(practised, self.policy.hint_level)
        if strength is Strength.WEAK or self._is_softened(hit, clause):
            return min(practised, self.policy.weak_level)
        if strength is Strength.MEANS:
            # « par téléphone » is a way of doing the work; it is the work only where the kind of post says so.
            implied = (self._kinds[kind].implies.get(hit.meaning.skill or "", 0) for kind in told)
            return min(ceiling, max((self.policy.weak_level, *implied)))
        return ceiling

    def _heads(self, hit: Hit[Meaning], clause: Clause) -> bool:
        """Whether a looser word opens the text and governs what follows: « Appels d'adhérents… » is the work."""
        if hit.meaning.strength is not Strength.WEAK or hit.taken != {0} or len(clause.places) < 2:
            return False
        family = self.resolver.skills[hit.meaning.skill or ""].family
        return family in self.policy.head_families and clause.places[1] - clause.places[0] == 1

    def _is_denied(self, hit: Hit[Meaning], clause: Clause) -> bool:
        """Denied by a word just before, unless that word is part of the phrase (« sans faute »)."""
        return any(index not in hit.taken for index in self._before(hit, clause, self._negators))

    def _is_softened(self, hit: Hit[Meaning], clause: Clause) -> bool:
        after = max(hit.taken) + 1
        follows = after < len(clause.words) and clause.words[after] in self._softeners
        near = follows and clause.places[after] - clause.places[after - 1] == 1
        within = (index for index in range(min(hit.taken), after) if index not in hit.taken)
        return (
            near
            or any(clause.words[index] in self._softeners for index in within)
            or bool(self._before(hit, clause, self._softeners))
        )

    def _before(self, hit: Hit[Meaning], clause: Clause, words: frozenset[str]) -> list[int]:
        first = min(hit.taken)
        return [
            index
            for index in range(max(0, first - _REACH), first + 1)
            if clause.words[index] in words and clause.places[first] - clause.places[index] <= _REACH - 1
        ]

    def _is_reference(self, post: Experience) -> bool:
        return mentions((fold(f"{post.title} {post.description}"),), self.policy.reference_signs)

    def _kinds_of(self, post: Experience) -> set[str]:
        """The kinds that title and employer tell; within a longer sign a shorter one says nothing (« caisse »)."""
        found: set[str] = set()
        for text in (post.title, post.employer_kind):
            for clause in self.resolver.clauses(text):
                others = self.resolver.index.find(clause)
                if any(other.meaning.strength is Strength.BLOCKED for other in others):
                    continue
                hits = self._kind_signs.find(clause)
                found |= {hit.meaning for hit in hits if not any(hit.taken < longer.taken for longer in hits)}
        return found

    def _add_kinds(self, levels: dict[str, Shown], kinds: Mapping[str, int]) -> None:
        for key, practised in kinds.items():
            kind = self._kinds[key]
            for skill, level in kind.implies.items():
                if skill in self.resolver.skills:
                    _lift(
                        levels,
                        skill,
                        Shown(level=min(level, practised), evidence=kind.label.fr, source="kind"),
                    )

    def _read_claim(
        self,
        line: str,
        levels: Mapping[str, Shown],
        claims: dict[str, Shown],
        kinds: Mapping[str, int],
        blocked: frozenset[str],
    ) -> None:
        """A word in a list is worth what stands behind it: the level of a post that bears it out, or a notion."""
        for clause in self.resolver.clauses(line):
            for hit in self.resolver.find(clause):
                skill = hit.meaning.skill
                alone = hit.length == 1 and clause.stems[next(iter(hit.taken))] in blocked
                if skill is None or alone or self._is_denied(hit, clause):
                    continue
                level = self._claim_level(skill, hit, levels, kinds)
                if self._is_softened(hit, clause):
                    level = min(level, self.policy.weak_level)
                _lift(claims, skill, Shown(level=level, evidence=clause.text[:200], source="claim"))

    def _claim_level(
        self, skill: str, hit: Hit[Meaning], levels: Mapping[str, Shown], kinds: Mapping[str, int]
    ) -> int:
        policy = self.policy
        borne_out = levels.get(skill)
        if hit.meaning.strength is Strength.HINT:
            return policy.hint_level
        if borne_out:
            behind = max((*kinds.values(), borne_out.level))
            backed = min(policy.claim_level_backed, behind)
            return min(backed, policy.weak_level) if hit.meaning.strength is Strength.WEAK else backed
        is_tool = self.resolver.skills[skill].family in policy.tool_families
        return policy.claim_level_tool if is_tool else policy.claim_level

    def _blocked_words(self, person: CandidateProfile) -> frozenset[str]:
        """Words that posts and headline use in another sense; alone in a list they then show nothing."""
        texts = (
            person.headline,
            *(text for post in person.experience for text in (post.title, post.description)),
        )
        return frozenset(
            clause.stems[index]
            for text in texts
            for clause in self.resolver.clauses(text)
            for hit in self.resolver.index.find(clause)
            if hit.meaning.strength is Strength.BLOCKED
            for index in hit.taken
        )

    def lent_by(self, shown: Mapping[str, Shown]) -> Mapping[str, Shown]:
        """What these levels show of themselves, of their broader skills and of their neighbours."""
        levels = dict(shown)
        self._add_neighbours(levels)
        return levels

    def _add_neighbours(self, levels: dict[str, Shown]) -> None:
        self._add_broader(levels)
        own = dict(levels)
        for skill in self.resolver.taxonomy.skills:
            wide = own.get(skill.broader or "")
            if wide:
                narrow = Shown(
                    level=min(_LENT_TO_NARROW, wide.level), evidence=wide.evidence, source="neighbour"
                )
                _lift(levels, skill.key, narrow)
            for other, most in skill.near.items():
                shown = own.get(other)
                if shown:
                    lent = min(most, max(0, shown.level - _LOSS.get(shown.level, 0)))
                    _lift(levels, skill.key, Shown(level=lent, evidence=shown.evidence, source="neighbour"))

    def _add_broader(self, levels: dict[str, Shown]) -> None:
        """Who shows a narrow skill shows the broad one as much."""
        for key, shown in tuple(levels.items()):
            here = self.resolver.skills[key].broader
            while here:
                _lift(levels, here, shown)
                here = self.resolver.skills[here].broader

    def _preferences(self, lines: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the person would rather do (keys of `wishes.refusals`), and the sectors that a preference names."""
        stretches = [stretch for line in lines for stretch in preferred_in(line, self.policy.wishes)]
        kinds = {
            wish.key
            for wish in self.policy.wishes.refusals
            for stretch in stretches
            if mentions((stretch,), wish.words)
        }
        sectors = {key for stretch in stretches for key in self.sectors(stretch)}
        return tuple(sorted(kinds)), tuple(sorted(sectors))

    def sectors(self, text: str) -> frozenset[str]:
        """The skills of a sector that a text names, whatever the person shows of them."""
        found = (
            hit.meaning.skill for clause in self.resolver.clauses(text) for hit in self.resolver.find(clause)
        )
        families = self.policy.sector_families
        return frozenset(key for key in found if key and self.resolver.skills[key].family in families)

    def _over_qualified(self, person: CandidateProfile) -> bool:
        return mentions(tuple(fold(post.title) for post in person.experience[:1]), self.policy.over_qualified)

    def _texts(self, person: CandidateProfile) -> tuple[tuple[frozenset[str], int], ...]:
        posts = [
            (f"{post.title}. {post.description}", self.policy.practised(post.months))
            for post in person.experience
        ]
        claims = [(line, self.policy.claim_level) for line in (person.headline, *person.skills)]
        return tuple((self.content(text), level) for text, level in posts + claims if text)

    def content(self, text: str) -> frozenset[str]:
        """The stems of a text."""
        return frozenset(part for clause in self.resolver.clauses(text) for part in clause.stems)


def _lift(levels: dict[str, Shown], skill: str, shown: Shown) -> None:
    held = levels.get(skill)
    if shown.level and (held is None or shown.level > held.level):
        levels[skill] = shown
