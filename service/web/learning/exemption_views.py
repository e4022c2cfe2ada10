"""What the trainers' page of proofs shows: those that wait by module, and those that were decided about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from service.runtime.editions import Editions
from service.store.learning.exemptions import ExemptionFacts
from service.web.paths.training_views import Reader


@dataclass(frozen=True)
class ExemptionView:
    """One proof with its person and its module; `accepts` is what the module asks for."""

    id: str
    person: str
    learner_href: str
    path: str
    module: str
    accepts: str
    asked_on: str
    entered_by: str
    words: str
    file_href: str
    is_granted: bool
    decided_on: str
    decided_by: str
    reason: str


@dataclass(frozen=True)
class GroupView:
    """Proofs that wait for one module of one path; `key` names both."""

    key: str
    path: str
    module: str
    accepts: str
    proofs: tuple[ExemptionView, ...]


@dataclass(frozen=True)
class Typed:
    """A decision as it was typed: in which group, the reason, which proofs."""

    group: str = ""
    reason: str = ""
    proofs: tuple[UUID, ...] = ()

    def holds(self, proof: str) -> bool:
        return any(str(one) == proof for one in self.proofs)


def groups_of(waiting: Iterable[ExemptionFacts], say: Reader, *, editions: Editions) -> tuple[GroupView, ...]:
    """The proofs by path and module, the group of the longest waiting first."""
    together: dict[str, list[ExemptionView]] = defaultdict(list)
    for one in waiting:
        together[f"{one.path}/{one.module}"].append(exemption_view(one, say, editions=editions))
    return tuple(
        GroupView(key, views[0].path, views[0].module, views[0].accepts, tuple(views))
        for key, views in together.items()
    )


def module_choice(one: tuple[str, str, int], say: Reader, *, editions: Editions) -> tuple[str, str]:
    """A module with proofs that wait, as a choice of the filter."""
    slug, module, count = one
    path = next(
        (path for (known, _), path in sorted(editions.paths.items(), reverse=True) if known == slug), None
    )
    found = path.module(module) if path else None
    names = [say(path.title) if path else slug, say(found.title) if found else module]
    return f"{slug}/{module}", f"{' · '.join(names)} ({count})"


def exemption_view(one: ExemptionFacts, say: Reader, *, editions: Editions) -> ExemptionView:
    path = editions.paths.get((one.path, one.edition))
    module = path.module(one.module) if path else None
    return ExemptionView(
        id=str(one.id),
        person=one.person,
        learner_href=f"/training/assignments/{one.assignment_id}",
        path=say(path.title) if path else one.path,
        module=say(module.title) if module else one.module,
        accepts=say(module.exemption) if module and module.exemption else "",
        asked_on=say.moment_day(one.asked_at),
        entered_by=one.entered_by,
        words=one.words,
        file_href=f"/training/exemptions/{one.id}/file" if one.sha256 else "",
        is_granted=one.is_granted,
        decided_on=say.moment_day(one.decided_at) if one.decided_at else "",
        decided_by=one.decided_by,
        reason=one.reason,
    )
