"""What a trade calls the skills of an official list: names that are added to its concepts, by their English label."""

from collections.abc import Iterable, Mapping

from assessments.editions import Edition, read_as
from assessments.skills.concepts import OWN, Concept
from assessments.skills.spelling import plain
from assessments.values import Words


class Vocabulary(Edition):
    """One edition: under each English label, other names of that skill in French and in English."""

    names: Mapping[Words, tuple[Words, ...]]


def read(text: str) -> Vocabulary:
    """One edition from its YAML text; raises EditionError with every fault."""
    return read_as(Vocabulary, text)


def enriched(concepts: Iterable[Concept], vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """The concepts with the trade's names for them; own ones keep their own, and a label that none has adds nothing."""
    names = {plain(label): several for label, several in vocabulary.names.items()}
    return tuple(
        _with(one, names[plain(one.label_en)]) if one.scheme != OWN and plain(one.label_en) in names else one
        for one in concepts
    )


def _with(concept: Concept, names: Iterable[str]) -> Concept:
    known = set(concept.names)
    return concept.model_copy(
        update={"aliases_fr": (*concept.aliases_fr, *(name for name in names if name not in known))}
    )
