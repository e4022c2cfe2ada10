"""What everybody may know of one edition of a questionnaire before trusting it, and what it is not for."""

from datetime import date

from pydantic import Field

from assessments.editions import Edition, EditionError, Fault, Key, read_as
from assessments.questionnaires.instruments import Instrument, Slug
from assessments.values import Text, Value


class JobLink(Value):
    """Why one scale belongs to the work; `sources` name the entries of published descriptions of the job."""

    scale: Key
    says: Text
    sources: tuple[str, ...] = Field(min_length=1)


class ModelCard(Edition):
    """What people wrote about one edition of one questionnaire; the figures are added when it is shown.

    `experts` is how many people who know the job judged the links (0: nobody yet). `owner` answers for the edition.
    """

    slug: Slug
    instrument_edition: str
    intended: tuple[Text, ...] = Field(min_length=1)
    out_of_scope: tuple[Text, ...] = Field(min_length=1)
    population: Text
    job_links: tuple[JobLink, ...] = Field(min_length=1)
    experts: int = Field(ge=0)
    experts_say: Text
    weights_say: Text
    cuts_say: Text
    accommodations: tuple[Text, ...] = Field(min_length=1)
    limits: tuple[Text, ...] = Field(min_length=1)
    owner: Text
    changed: Text
    next_review: date

    def link_of(self, scale: str) -> JobLink | None:
        return next((one for one in self.job_links if one.scale == scale), None)


def read(text: str) -> ModelCard:
    """One card; raises EditionError with its faults. A review later than a year after the start is one."""
    card = read_as(ModelCard, text)
    twice = {
        one.scale for one in card.job_links if [two.scale for two in card.job_links].count(one.scale) > 1
    }
    faults = [Fault(path="job_links", message=f"{scale} comes twice") for scale in sorted(twice)]
    if (card.next_review - card.valid_from).days > 366:
        faults.append(Fault(path="next_review", message="is more than twelve months after valid_from"))
    if faults:
        raise EditionError(faults)
    return card


def faults_against(card: ModelCard, instrument: Instrument) -> tuple[Fault, ...]:
    """What in the card does not fit its questionnaire: each scale needs its link to the work, and no other has one."""
    scales = {scale.id for scale in instrument.scales}
    linked = {one.scale for one in card.job_links}
    faults = [
        Fault(path="job_links", message=f"{name} has no link to the work") for name in sorted(scales - linked)
    ]
    faults += [Fault(path="job_links", message=f"{name} is no scale") for name in sorted(linked - scales)]
    if (card.slug, card.instrument_edition) != (instrument.slug, instrument.edition):
        faults.append(Fault(path="slug", message="belongs to another edition"))
    return tuple(faults)
