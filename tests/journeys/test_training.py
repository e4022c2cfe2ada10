"""One training from the trainer's blank page to the proofs: written, given to a group, followed, proved, remembered.

The trainer sits at a desk. Camille has a phone, Thomas no mouse, Sophie a line that breaks. Nobody types an address but
the link that opens one's space.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.accounts import signing_in
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose
from service.tables.people import Candidate
from tests.conftest import NOON
from tests.journeys.papers import words_of
from tests.journeys.questionnaires import Hands, Keyboard, Touch, tab_to
from tests.journeys.serving import axe, new_page
from tests.journeys.test_hiring import enter, go, press, save
from tests.processes import in_database, running_server, wait_until

pytestmark = pytest.mark.browser

PATH = "Réclamations de factures"
MODULE = "Expliquer une facture qui a doublé"
LEARNERS = {"Camille Perrin": "demo-p01", "Thomas Vasseur": "demo-p05", "Sophie Lambert": "demo-p10"}
TEXT = """Une facture qui double inquiète plus qu'elle ne fâche. **Commencez par l'inquiétude.**

## Trois regards

1. La période : deux mois au lieu d'un ?
2. Le relevé : estimé, puis réel ?
3. L'usage : une fuite, un nouveau logement ?

> [!TIP]
> Dites ce que vous regardez pendant que vous le regardez.

> [!DIALOGUE]
> Cliente : J'ai payé le double du mois dernier.
> Vous : Deux fois plus, d'un coup. Je regarde la période avec vous.
"""
QUESTIONS = (
    (
        "Une cliente dit que sa facture a doublé. Par quoi commencez-vous ?",
        ("Je regarde la période et je le dis.", "Oui : deux mois facturés ensemble, c'est fréquent."),
        ("Je propose un remboursement.", "Personne ne sait encore s'il est dû."),
    ),
    (
        "Le relevé d'avant était estimé. Que dites-vous ?",
        ("Que le compteur a rattrapé l'estimation.", "Oui : c'est exact, et cela se comprend."),
        ("Que c'est une erreur de la cliente.", "Elle n'a rien estimé : la faute n'est pas la sienne."),
    ),
)


@dataclass
class Cast:
    """The trainer's page, and a page for each learner."""

    settings: Settings
    trainer: Page
    learners: dict[str, Page]
    hands: dict[str, Hands]

    @property
    def pages(self) -> tuple[Page, ...]:
        return (self.trainer, *self.learners.values())


@pytest.fixture
def cast(sqlite_settings: Settings, browser: Browser) -> Iterator[Cast]:
    with ExitStack() as pages:
        trainer = pages.enter_context(new_page(browser))
        camille = pages.enter_context(new_page(browser, width=390, height=844))
        thomas, sophie = (pages.enter_context(new_page(browser)) for _ in range(2))
        learners = dict(zip(LEARNERS, (camille, thomas, sophie), strict=True))
        hands: dict[str, Hands] = dict(zip(LEARNERS, (Touch(), Keyboard(), Touch()), strict=True))
        yield Cast(sqlite_settings.model_copy(update={"pretend_now": NOON}), trainer, learners, hands)


def test_a_training_is_written_given_followed_proved_and_comes_back_before_it_is_forgotten(
    cast: Cast, tmp_path: Path
) -> None:
    with running_server(cast.settings, demo=True) as base_url:
        come_in(cast, base_url)
        write_the_path(cast.trainer)
        give_it_to_a_group(cast.trainer)
        finish_on_a_phone(cast)
        miss_and_try_again_by_keyboard(cast)
        lose_the_line_and_nothing_else(cast)
        see_who_needs_a_hand(cast.trainer)
        issue_the_proofs(cast.trainer, tmp_path)
        show_a_badge(cast, tmp_path)
    later = cast.settings.model_copy(update={"pretend_now": NOON + timedelta(days=6)})
    with running_server(later) as base_url:
        page = cast.learners["Camille Perrin"]
        enter(page, f"{base_url}/links/{_link_of(later, LEARNERS['Camille Perrin'])}")
        remember(page)


def come_in(cast: Cast, base_url: str) -> None:
    printed = (cast.settings.data_dir / "server.log").read_text()
    links = dict(re.findall(r"^ +(\w+) +(http\S+)$", printed, re.MULTILINE))
    enter(cast.trainer, links["trainer"])
    for name, page in cast.learners.items():
        enter(page, f"{base_url}/links/{_link_of(cast.settings, LEARNERS[name])}")


def _link_of(settings: Settings, external_id: str) -> str:
    async def work(session: AsyncSession) -> str:
        person = await session.scalar(select(Candidate.id).where(Candidate.external_id == external_id))
        now = settings.pretend_now or NOON
        _, token = signing_in.make_link(
            session, purpose=LinkPurpose.SIGN_IN, now=now, days=1, candidate_id=person
        )
        return token

    return in_database(settings, work)


# The trainer writes


def write_the_path(page: Page) -> None:
    go(page, "Parcours de formation")
    axe(page)
    page.get_by_role("link", name="Écrire un parcours").click()
    page.get_by_label("Titre en français").fill(PATH)
    axe(page)
    press(page, "Commencer")
    expect(page.get_by_text("à régler avant de publier")).to_be_visible()
    _present(page)
    page.get_by_label("Titre du nouveau module").fill(MODULE)
    press(page, "Ajouter un module")
    page.get_by_label("Titre de la nouvelle page").fill("Regarder avec la cliente")
    press(page, "Ajouter une page")
    page.get_by_label("Texte").fill(TEXT)
    expect(page.locator("#preview-fr").get_by_role("heading", name="Trois regards")).to_be_visible()
    axe(page)
    press(page, "Enregistrer et revenir au module")
    press(page, "Ajouter une question")
    for number, question in enumerate(QUESTIONS, start=1):
        _ask(page, *question)
        press(
            page, "Enregistrer et écrire la suivante" if number < len(QUESTIONS) else "Enregistrer et revenir"
        )
    _settle(page)
    axe(page)
    page.get_by_role("link", name=PATH).first.click()
    expect(page.get_by_text("Tout y est.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Publier").click()
    press(page, "Publier cette édition")
    expect(page.get_by_text("Donnée aujourd'hui")).to_be_visible()
    axe(page)


def _present(page: Page) -> None:
    page.get_by_role("link", name="Écrire la présentation").click()
    page.get_by_label("But").fill("Savoir expliquer une facture inhabituelle sans accuser personne.")
    page.get_by_label("Public").fill("Toute personne qui répond aux appels de facturation.")
    page.get_by_label("Objectif 1").fill("Expliquer une facture qui a doublé.")
    page.get_by_label("Assistance").fill("Votre formateur répond le jour ouvré suivant.")
    axe(page)
    press(page, "Enregistrer")


def _ask(page: Page, text: str, right: tuple[str, str], wrong: tuple[str, str]) -> None:
    page.get_by_label("Question", exact=True).fill(text)
    for number, (answer, why) in enumerate((right, wrong), start=1):
        group = page.get_by_role("group", name=f"Réponse {number}")
        group.get_by_label(f"Réponse {number}").fill(answer)
        group.get_by_label("Pourquoi").fill(why)
    page.get_by_role("group", name="Réponse 1").get_by_label("Cette réponse est juste").check()
    axe(page)


def _settle(page: Page) -> None:
    page.get_by_label("But").fill("Expliquer une facture inhabituelle.")
    page.get_by_label("Durée moyenne").fill("20")
    page.get_by_label("À finir au plus tard").fill("2")
    press(page, "Enregistrer les réglages")


def give_it_to_a_group(page: Page) -> None:
    go(page, "Groupes")
    page.get_by_label("Nom du groupe").fill("Factures, novembre")
    page.get_by_label("Début").fill("2026-11-24")
    press(page, "Créer le groupe")
    for name in LEARNERS:
        page.get_by_label(name).check()
    press(page, "Ajouter au groupe")
    expect(page.get_by_role("table", name="Membres du groupe").get_by_role("row")).to_have_count(4)
    page.get_by_role("link", name="Donner un parcours au groupe").click()
    page.get_by_role("combobox", name="Parcours").select_option(label=PATH)
    press(page, "Donner le parcours")
    expect(page.get_by_role("status").first).to_contain_text("donné")


# Three people learn


def finish_on_a_phone(cast: Cast) -> None:
    page = _begin(cast, "Camille Perrin")
    axe(page)
    cast.hands["Camille Perrin"].press(page, "J'ai lu")
    _answer(page, right=True)
    axe(page)
    press(page, "Voir mon résultat")
    expect(page.get_by_text("100 % de bonnes réponses")).to_be_visible()
    axe(page)


def miss_and_try_again_by_keyboard(cast: Cast) -> None:
    page, hands = _begin(cast, "Thomas Vasseur"), cast.hands["Thomas Vasseur"]
    hands.press(page, "J'ai lu")
    for right, told in ((False, "0 %"), (True, "100 %")):
        expect(page.get_by_role("button", name="Voir mon résultat")).to_be_visible()
        _answer_by_keyboard(page, right=right)
        hands.press(page, "Voir mon résultat")
        expect(page.get_by_text(f"{told} de bonnes réponses")).to_be_visible()
        if not right:
            expect(page.get_by_text("Personne ne sait encore s'il est dû.")).to_be_visible()
            axe(page)
            hands.press(page, "Reprendre le questionnaire")


def lose_the_line_and_nothing_else(cast: Cast) -> None:
    page = _begin(cast, "Sophie Lambert")
    page.context.set_offline(True)
    press(page, "J'ai lu")
    expect(page.get_by_text("Pas de connexion")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Voir mon résultat")).to_be_visible()
    _answer(page, right=True)
    page.context.set_offline(True)
    press(page, "Voir mon résultat")
    expect(page.get_by_text("Pas de connexion")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("100 % de bonnes réponses")).to_be_visible()


def _begin(cast: Cast, name: str) -> Page:
    page, hands = cast.learners[name], cast.hands[name]
    page.reload()
    hands.press(page, "Ouvrir ma formation")
    expect(page.get_by_role("link", name=PATH, exact=True)).to_be_visible()
    hands.press(page, "Continuer")
    expect(page.get_by_role("heading", name="Trois regards")).to_be_visible()
    return page


def _fields(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...new Set([...document.querySelectorAll('main input[type=radio]')].map((one) => one.name))]"
    )
    return found


def _answer(page: Page, *, right: bool) -> None:
    expect(page.get_by_role("button", name="Voir mon résultat")).to_be_visible()
    for _, good, bad in QUESTIONS:
        page.get_by_label(good[0] if right else bad[0]).check()


def _answer_by_keyboard(page: Page, *, right: bool) -> None:
    """Tab to each question, Space for its first answer, an arrow for its second."""
    for name in _fields(page):
        tab_to(page, f"it.name === {name!r}")
        page.keyboard.press("Space")
        if not right:
            page.keyboard.press("ArrowDown")


# The trainer sees, proves


def see_who_needs_a_hand(page: Page) -> None:
    go(page, "Tableau")
    expect(page.get_by_role("row").filter(has_text="Camille Perrin")).to_contain_text("100 %")
    axe(page)
    page.get_by_role("link", name="Thomas Vasseur").click()
    expect(page.get_by_role("table", name="Module par module")).to_contain_text("100 %")
    axe(page)


def issue_the_proofs(page: Page, folder: Path) -> None:
    go(page, "Preuves")
    axe(page)
    page.get_by_role("row").filter(has_text="Thomas Vasseur").get_by_role("link").first.click()
    axe(page)
    told = words_of(save(page, page.get_by_role("link", name="Lire le dossier de formation"), folder))
    for words in ("Thomas Vasseur", PATH, MODULE, "0 %, à reprendre", "100 %, atteint", "R6313-3"):
        assert words in told, words
    page.get_by_role("link", name="Certificat de réalisation").click()
    axe(page)
    press(page, "Établir le document")
    expect(page.get_by_role("status").first).to_contain_text("établi")
    paper = page.get_by_role("table", name="Établis sous leur numéro").get_by_role("link")
    wait_until(lambda: bool(page.reload() and paper.count()), seconds=60)
    told = words_of(save(page, paper, folder))
    for words in ("Certificat de réalisation", "Thomas Vasseur", PATH, "novembre 2026"):
        assert words in told, words


def show_a_badge(cast: Cast, folder: Path) -> None:
    page = cast.learners["Camille Perrin"]
    go(page, "Mes attestations")
    press(page, "Obtenir mon badge")
    expect(page.get_by_text("Valable").first).to_be_visible()
    axe(page)
    assert save(page, page.get_by_role("link", name="Image du badge (PNG)"), folder).stat().st_size > 1000
    page.get_by_role("link", name="Page publique de vérification").click()
    expect(page.get_by_text("Ce badge est valable.")).to_be_visible()
    axe(page)
    assert "Camille" not in httpx.get(page.url, timeout=60).text, (
        "a stranger reads no name until she wants it"
    )


# A week later


def remember(page: Page) -> None:
    page.get_by_role("link", name="Réviser").click()
    expect(page.get_by_role("link", name="Commencer")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Commencer").click()
    for number in range(len(QUESTIONS)):
        # The way on asks for the line first, so that the page before may still be there.
        expect(page.get_by_role("button", name="Répondre", exact=True)).to_be_visible()
        axe(page)
        said = " ".join(page.get_by_role("heading", level=1).inner_text().split())
        good = next(good for text, good, _ in QUESTIONS if text in said)
        page.get_by_label(good[0]).check()
        page.get_by_role("button", name="Répondre", exact=True).click()
        expect(page.get_by_text(good[1])).to_be_visible()
        page.get_by_role("link", name="Question suivante" if number + 1 < len(QUESTIONS) else "Finir").click()
    expect(page.get_by_text("C'est fini pour aujourd'hui")).to_be_visible()
    axe(page)
