"""What people change in a list of skills, one numbered revision at a time."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.skills.concepts import Concept, cycles
from assessments.skills.revisions import (
    Refusal,
    Revision,
    SkillChange,
    named,
    refusal,
    revised,
    revised_taxonomy,
    with_former,
)
from assessments.skills.skills import Resolver, Taxonomy
from service.runtime.editions import load_editions

CALLS = Concept(
    uri="own:calls", scheme="own", notation="calls", label_fr="Répondre", aliases_fr=("appels entrants",)
)
CHAT = Concept(
    uri="own:chat", scheme="own", notation="chat", label_fr="Répondre par chat", broader=("own:calls",)
)
SKILLS = (CALLS, CHAT)


def change(uri: str, name: str, kind: SkillChange = SkillChange.ALIAS_ADDED, number: int = 1) -> Revision:
    return Revision(number=number, uri=uri, kind=kind, name=name)


def shipped() -> Taxonomy:
    return load_editions().taxonomies[-1]


def test_a_new_name_is_taken() -> None:
    assert refusal(change("own:calls", "prise d'appel à chaud"), SKILLS) is None


def test_two_skills_never_share_a_name_however_it_is_written() -> None:
    found = refusal(change("own:chat", "  APPELS  Entrants "), SKILLS)
    assert found is not None
    assert (found.why, found.uris) == (Refusal.TAKEN, ("own:calls",))


def test_a_name_that_the_skill_has_already_adds_nothing() -> None:
    found = refusal(change("own:calls", "repondre"), SKILLS)
    assert found is not None
    assert found.why is Refusal.KNOWN


def test_a_name_of_which_nothing_is_left_to_read_is_none() -> None:
    resolver = Resolver(shipped())
    for name in ("", "   ", "de la", "!?"):
        found = refusal(change("own:calls", name), SKILLS, resolver.vocabulary)
        assert found is not None
        assert found.why is Refusal.EMPTY


def test_a_link_that_closes_a_ring_is_refused_with_the_ring() -> None:
    found = refusal(change("own:calls", "own:chat", SkillChange.BROADER_SET), SKILLS)
    assert found is not None
    assert (found.why, found.uris) == (Refusal.CYCLE, ("own:calls", "own:chat"))
    itself = refusal(change("own:chat", "own:chat", SkillChange.BROADER_SET), SKILLS)
    assert itself is not None
    assert itself.why is Refusal.CYCLE


def test_a_label_cannot_be_taken_away_and_an_alias_can() -> None:
    assert refusal(change("own:calls", "Appels entrants", SkillChange.ALIAS_REMOVED), SKILLS) is None
    found = refusal(change("own:calls", "Répondre", SkillChange.ALIAS_REMOVED), SKILLS)
    assert found is not None
    assert found.why is Refusal.NOT_THERE


def test_a_label_of_an_earlier_edition_still_names_the_skill() -> None:
    kept = with_former(CALLS, ("Décrocher", "répondre"))
    assert kept.aliases_fr == ("appels entrants", "Décrocher")


@given(
    st.lists(
        st.tuples(st.sampled_from(SkillChange), st.sampled_from(["a b", "c d", "own:calls", ""])), max_size=8
    )
)
def test_what_is_refused_never_enters_and_no_ring_ever_stands(steps: list[tuple[SkillChange, str]]) -> None:
    skills, number = SKILLS, 0
    for kind, name in steps:
        for uri in ("own:calls", "own:chat"):
            number += 1
            step = change(uri, name, kind, number)
            if refusal(step, skills) is None:
                skills = revised(skills, [step])
    names = [named(name) for one in skills for name in one.names]
    assert len(set(names)) == len(names)
    assert not cycles(skills)


def test_an_alias_given_here_is_understood_and_names_its_edition() -> None:
    words = "gribouillage frénétique"
    assert Resolver(shipped()).resolve(words).skill is None
    found = revised_taxonomy(shipped(), [change("own:complaints", words)], edition="2026-11+1")
    resolved = Resolver(found).resolve("Gribouillages frénétiques")
    assert resolved.skill == "complaints"
    assert found.edition == "2026-11+1"


def test_an_alias_taken_away_is_understood_no_more() -> None:
    found = revised_taxonomy(
        shipped(), [change("own:retention", "save desk", SkillChange.ALIAS_REMOVED)], edition="2026-11+1"
    )
    assert Resolver(shipped()).resolve("save desk").skill == "retention"
    assert Resolver(found).resolve("save desk").skill != "retention"


def test_names_of_a_customers_skill_stand_for_ours_unless_ours_have_them() -> None:
    theirs = Concept(
        uri="acme:R1", scheme="acme", notation="R1", label_fr="Geste zébulon", aliases_fr=("rétention",),
        same_as="own:complaints",
    )  # fmt: skip
    found = Resolver(revised_taxonomy(shipped(), [], lent=[theirs], edition="2026-11+0.1"))
    assert found.resolve("geste zébulon").skill == "complaints"
    assert found.resolve("rétention").skill == "retention"


def test_a_link_that_a_later_edition_would_close_to_a_ring_is_left_as_shipped() -> None:
    taxonomy = shipped()
    child = next(skill for skill in taxonomy.skills if skill.broader)
    ring = change(f"own:{child.broader}", f"own:{child.key}", SkillChange.BROADER_SET)
    found = revised_taxonomy(taxonomy, [ring], edition="2026-11+1")
    Taxonomy.model_validate(found.model_dump())
