"""The shipped list: what the sector really uses is understood, in French and in English."""

import pytest

from assessments.skills.skills import Resolver, Taxonomy
from service.runtime.editions import load_editions

SAID = (
    ("réponses sur WhatsApp", "chat"), ("répondre par messagerie", "messaging_apps"),
    ("appels entrants", "inbound_calls"), ("outbound calls", "outbound_calls"), ("welcome calls", "welcome_calls"),
    ("réclamations niveau 2", "critical_complaints"), ("save desk", "retention"), ("reconquête client", "win_back"),
    ("upselling", "upselling"), ("relance amiable", "amicable_reminders"), ("recouvrement judiciaire", "litigation"),
    ("support niveau 1", "tech_support_1"), ("level 2 support", "tech_support_2"),
    ("support niveau 3", "tech_support_3"),
    ("it helpdesk", "helpdesk_internal"), ("ouverture de dossiers", "file_opening"), ("back office", "back_office"),
    ("où est ma commande", "order_follow_up"), ("portabilité du numéro", "number_portability"),
    ("smart meter", "meters"), ("virement instantané", "bank_transfers"),
    ("attestation d'assurance", "insurance_contracts"),
    ("carte vitale", "vitale"), ("panier abandonné", "online_checkout"), ("train tickets", "rail"),
    ("transports en commun", "urban_transport"), ("demandeurs d'emploi", "job_centre"), ("power bi", "bi_tools"),
    ("kiamo", "cti_kiamo"), ("langage clair", "plain_language"), ("questionnement ouvert", "paraphrasing_silence"),
    ("multilingual support", "foreign_language_service"), ("sens du service", "customer_focus"),
    ("explication de décomptes", "health_benefits"), ("lecture de décomptes de soins", "health_benefits"),
    ("passer les barrages secrétaires", "prospecting"), ("joindre le décideur", "prospecting"),
    ("connaissance des offres mobiles", "telecom_sector"), ("conseil sur les offres fibre", "telecom_sector"),
    ("outil type Hootsuite", "social_suites"), ("logiciel type Salesforce", "crm"), ("fast typing", "data_entry"),
    ("prospection téléphonique B2B", "prospecting"), ("démarchage téléphonique", "prospecting"),
)  # fmt: skip


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_editions().taxonomies[-1]


@pytest.fixture(scope="module")
def resolver(taxonomy: Taxonomy) -> Resolver:
    return Resolver(taxonomy)


@pytest.mark.parametrize(("phrase", "skill"), SAID)
def test_what_the_sector_says_is_understood(resolver: Resolver, phrase: str, skill: str) -> None:
    found = resolver.resolve(phrase)
    assert (found.skill, found.is_ambiguous) == (skill, False)


@pytest.mark.parametrize("phrase", ["sage-femme", "vol à l'étalage", "poterie", "cueillette de fraises"])
def test_words_of_another_life_are_no_skill_of_the_trade(resolver: Resolver, phrase: str) -> None:
    assert resolver.resolve(phrase).skill is None


def test_every_family_has_a_name_in_both_languages(taxonomy: Taxonomy) -> None:
    assert {skill.family for skill in taxonomy.skills} <= set(taxonomy.families)


def test_families_without_a_name_are_refused(taxonomy: Taxonomy) -> None:
    told = taxonomy.model_dump()
    told["families"].pop("calls")
    with pytest.raises(ValueError, match="families without a name: calls"):
        Taxonomy.model_validate(told)
