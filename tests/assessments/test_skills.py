from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.skills.skills import Resolver, TaxonomyError, Tier, read

TEXT = (Path(__file__).parents[2] / "assessments" / "data" / "skills" / "2026-11.yaml").read_text("utf-8")
TAXONOMY = read(TEXT)
RESOLVER = Resolver(TAXONOMY)


@pytest.mark.parametrize(
    ("phrase", "skill"),
    [
        ("Répondre à des appels entrants", "inbound_calls"),
        ("PRISE D’APPELS", "inbound_calls"),
        ("prise d appels entrant", "inbound_calls"),
        ("appels sortants", "outbound_calls"),
        ("relance d'impayes", "debt_collection"),
        ("Debt collection", "debt_collection"),
        ("gestion des reclamations clients", "complaints"),
        ("Zendesk", "ticketing"),
        ("salesforce", "crm"),
        ("live chat", "chat"),
        ("vente par tel", "telesales"),
        ("prise de rdv", "appointment_setting"),
        ("paiement CB", "card_payment"),
        ("teleprospection", "outbound_calls"),
    ],
)
def test_phrases_are_read_as_people_type_them(phrase, skill):
    assert RESOLVER.resolve(phrase).skill == skill


@pytest.mark.parametrize(
    "phrase",
    [
        "recouvrement de toiture",
        "relations presse",
        "garde de chats",
        "réception de marchandises",
        "permis B",
        "dynamique et souriante",
        "",
        "   ",
        "xyzzy",
        "gérante",
        "bureau au calme",
        "lettre de motivation jointe",
        "centre commercial",
        "préparation de commandes",
        "appels d'offres",
    ],
)
def test_nothing_is_found_where_nothing_fits(phrase):
    found = RESOLVER.resolve(phrase)

    assert found.skill is None
    assert found.tier is Tier.NONE


def test_case_accents_and_word_order_change_nothing():
    assert RESOLVER.resolve("ENTRANTS APPELS").skill == RESOLVER.resolve("appels entrants").skill


def test_several_skills_in_one_line_are_all_shown():
    found = RESOLVER.resolve("tchat, recouvrement amiable, réservations")

    assert {found.skill, *(other.skill for other in found.alternatives)} >= {
        "chat",
        "debt_collection",
        "bookings",
    }


@pytest.mark.parametrize(
    "phrase", ["a" * 10_000, "appels " * 2_000, "🙂" * 500, "\u202e\u0000appels", "((((", "'"]
)
def test_hostile_phrases_are_answered(phrase):
    assert 0 <= RESOLVER.resolve(phrase).confidence <= 1


@given(st.text(max_size=80))
def test_any_text_is_answered_within_bounds_and_always_the_same(text):
    found = RESOLVER.resolve(text)

    assert 0 <= found.confidence <= 1
    assert found == RESOLVER.resolve(text)
    assert (found.skill is None) == (found.label is None)


def test_each_label_finds_its_own_skill():
    for skill in TAXONOMY.skills:
        for name in (skill.label.fr, skill.label.en):
            found = RESOLVER.resolve(name)
            assert skill.key in (found.skill, *found.also)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("broader: b", "broader than itself"),
        ("near: {ghost: 2}", "ghost"),
        ("gain: 9", "gain"),
        ("colour: red", "Extra inputs"),
    ],
)
def test_a_taxonomy_is_checked_whole(wrong, said):
    text = f"""
edition: 2026-11
valid_from: 2026-11-01
source: made up
confidence: house
ignored: []
abbreviations: {{}}
false_friends: []
skills:
  - {{key: aa, family: f, gain: 1, label: {{fr: a, en: a}}, broader: bb}}
  - key: bb
    family: f
    label: {{fr: b, en: b}}
    {"" if wrong.startswith("gain") else "gain: 1"}
    {wrong.replace("broader: b", "broader: aa")}
"""
    with pytest.raises(TaxonomyError, match=said):
        read(text)


def test_two_skills_of_one_label_are_refused():
    text = TEXT + "  - {key: twin, family: f, gain: 1, label: {fr: Émettre des appels sortants, en: Twin}}\n"

    with pytest.raises(TaxonomyError, match="share the label"):
        read(text)


def test_text_that_is_no_yaml_is_refused_in_words():
    with pytest.raises(TaxonomyError):
        read("[")


def test_the_taxonomy_is_wide_and_every_identifier_well_formed():
    assert len(TAXONOMY.skills) >= 200
    assert sum(skill.esco is not None for skill in TAXONOMY.skills) >= 80


@pytest.mark.parametrize(
    ("written", "clauses"),
    [
        ("Téléconseillère ; Écoute active", ["Téléconseillère", "Écoute active"]),
        ("Œuvres (L’Été) : e-mail…", ["Œuvres", "L’Été", "e-mail"]),
        ("re\u0301clamations. de\u0301bit", ["re\u0301clamations", "de\u0301bit"]),
    ],
)
def test_what_was_read_is_told_as_it_was_written(written, clauses):
    assert [clause.text for clause in RESOLVER.clauses(written)] == clauses


@given(st.text(max_size=80))
def test_a_clause_is_a_stretch_of_the_text_whatever_its_signs(text):
    for clause in RESOLVER.clauses(text):
        assert clause.text in text
        assert clause.text
