"""What the list of proofs shows of archives that are made while nobody waits, in the reader's words."""

from dataclasses import dataclass

from service.runtime.vocabulary import Locale
from service.store.proof.proof_archives import ProofArchiveFacts
from service.web.figures import Figures


@dataclass(frozen=True)
class ProofArchiveView:
    """One archive; its size and its last moment once it is there."""

    state: str
    asked: str
    trainings: int
    made: int
    megabytes: str
    kept_until: str
    href: str


def archive_views(
    archives: tuple[ProofArchiveFacts, ...], locale: Locale, *, base: str
) -> tuple[ProofArchiveView, ...]:
    figures = Figures(locale)
    return tuple(
        ProofArchiveView(
            state=one.state.value,
            asked=figures.moment(one.created_at),
            trainings=one.trainings,
            made=one.made,
            megabytes=figures.fixed(max(0.1, (one.size_bytes or 0) / 1_000_000), digits=1),
            kept_until=figures.moment(one.kept_until) if one.kept_until else "",
            href=f"{base}/{one.id}",
        )
        for one in archives
    )
