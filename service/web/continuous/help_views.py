"""A request for help in words, for who asked and for who answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import HelpState
from service.store.continuous.help import HelpFacts, MessageFacts
from service.web.figures import Figures
from service.web.paths.training_views import Reader
from service.web.translations import Said

PAGE = 25


@dataclass(frozen=True)
class HelpView:
    """One request in words."""

    id: UUID
    candidate_id: UUID
    person: str
    programme: str
    topic: str
    readers: str
    about: str
    about_href: str
    state: str
    asked_at: datetime
    due: str
    is_late: bool
    first_words: str
    messages: tuple[MessageFacts, ...]
    version: int


def help_view(facts: HelpFacts, editions: Editions, say: Reader, now: datetime) -> HelpView:
    words = editions.help_policy_on(civil_date(facts.asked_at)).topics[facts.topic]
    path = editions.paths.get((facts.path, facts.edition))
    module = path.module(facts.module) if path else None
    page = next((one for one in module.pages if one.slug == facts.page), None) if module else None
    titles = [say(one.title) for one in (path, module, page) if one is not None]
    about = Said(" › ".join(titles), titles[0].lang if titles else "")
    at = f"/modules/{facts.module}" + (f"/pages/{facts.page}" if facts.page else "")
    return HelpView(
        id=facts.id, candidate_id=facts.candidate_id, person=facts.person, programme=facts.programme,
        topic=say(words.label), readers=say(words.readers), about=about,
        about_href=f"/me/training/{facts.assignment_id}{at}" if facts.assignment_id and module else "",
        state=facts.state.value, asked_at=facts.asked_at, due=Figures(say.locale).day(facts.answer_due),
        is_late=facts.state is HelpState.WAITING and civil_date(now) > facts.answer_due,
        first_words=facts.first_words, messages=facts.messages, version=facts.version,
    )  # fmt: skip
