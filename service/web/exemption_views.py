"""What the trainers' page of proofs shows."""

from dataclasses import dataclass

from service.runtime.editions import Editions
from service.store.exemptions import ExemptionFacts
from service.web.training_views import Reader


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
