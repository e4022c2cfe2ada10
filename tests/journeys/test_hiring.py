"""One hiring from end to end: a file of people, three questionnaires, an offer, a pack to sign, a module of training.

The recruiter, the administrator and the trainer sit at a desk, the candidate holds a phone. Each goes where the pages
lead; nobody types an address but the one-time link that was printed or sent.
"""

import email
import email.policy
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect

from service.flows.paths import paths
from service.runtime.editions import load_editions
from service.runtime.settings import Settings
from service.web.paths.training_views import QUESTION_PREFIX
from tests.conftest import NOON
from tests.journeys.papers import check_archive, words_of
from tests.journeys.questionnaires import (
    Hands,
    Keyboard,
    Touch,
    answer_questionnaire,
    reload_and_lose_nothing,
)
from tests.journeys.serving import axe, new_page
from tests.processes import COMMAND, environment, running_server, wait_until
from tests.service.assessing.test_assessments import best_answers, instrument_of

pytestmark = pytest.mark.browser

PERSON = "Maïwenn Kerjean"
EMAIL = "maiwenn.kerjean@example.com"
PROGRAMME = "Abonnés d'un service des eaux"
PATH = "homeworking-essentials"
HEAD = (
    "id;given_name;family_name;email;phone;headline;skills;experience;languages;availability;desired_weekly_hours;"
    "equipment;telework_experience_months;dedicated_room;noise;wired;download_mbps;upload_mbps;latency_ms"
)
GOOD = (
    "voyage-1;Maïwenn;Kerjean;maiwenn.kerjean@example.com;06 39 98 20 01;Six ans au téléphone, toujours le sourire;"
    "appels entrants|explication de factures|écoute active|mise à jour de contrats;conseillère clientèle:72;"
    "fr:C2|en:B1;lun-ven 08:00-18:00;35;ordinateur portable|casque filaire;18;oui;calme;oui;300;100;12"
)
OTHER = (
    "voyage-2;Ronan;Le Floch;ronan.lefloch@example.com;06 39 98 20 02;Vendeur, envie d'écrire;tchat;vendeur:24;"
    "fr:C1;lun-ven 09:00-17:00;35;ordinateur portable;0;non;moyen;non;40;8;35"
)


@dataclass
class Cast:
    """Everybody's page, and where the service keeps its data."""

    settings: Settings
    links: dict[str, str]
    recruiter: Page
    administrator: Page
    trainer: Page
    candidate: Page


@pytest.fixture
def cast(settings: Settings, browser: Browser) -> Iterator[Cast]:
    """A fresh installation with the demonstration, on a day that the dated law will always know."""
    started = settings.model_copy(update={"pretend_now": NOON})
    with running_server(started, demo=True), ExitStack() as pages:
        printed = (started.data_dir / "server.log").read_text()
        recruiter, administrator, trainer = (pages.enter_context(new_page(browser)) for _ in range(3))
        phone = pages.enter_context(new_page(browser, width=390, height=844))
        links = dict(re.findall(r"^ +(\w+) +(http\S+)$", printed, re.MULTILINE))
        yield Cast(started, links, recruiter, administrator, trainer, phone)


def test_a_hiring_goes_from_a_file_of_people_to_a_signed_ready_pack_and_a_first_module(
    cast: Cast, tmp_path: Path
) -> None:
    bring_people_and_programmes_in(cast, tmp_path)
    invite(cast)
    assess_oneself(cast)
    read_the_scores(cast)
    screen(cast)
    match(cast)
    offer_and_accept(cast)
    ask_for_the_pack(cast)
    read_the_pack(cast, tmp_path)
    hire(cast)
    train(cast)
    assert_nothing_is_broken(cast)


# 1. Bring people and programmes in


def bring_people_and_programmes_in(cast: Cast, folder: Path) -> None:
    page = cast.recruiter
    enter(page, cast.links["recruiter"])
    send_file(page, folder / "premier-envoi.csv", [HEAD, GOOD, OTHER.replace(";35;", ";beaucoup;")])
    fault = page.get_by_role("table", name="À corriger").get_by_role("row").nth(1)
    expect(fault).to_contain_text("3")
    expect(fault).to_contain_text("desired_weekly_hours")
    expect(fault).to_contain_text("beaucoup")
    expect(page.get_by_role("button", name="Appliquer le fichier")).to_have_count(0)
    axe(page)
    send_file(page, folder / "second-envoi.csv", [HEAD, GOOD, OTHER])
    press(page, "Appliquer le fichier")
    expect(page.get_by_role("status")).to_contain_text("Le fichier est appliqué en entier.")
    go(page, "Programmes")
    page.get_by_role("link", name=PROGRAMME).click()
    page.get_by_role("link", name="Modifier").click()
    page.get_by_label("Ce qui est attendu").fill(
        "Un appel dure huit minutes. Vous prenez le temps qu'il faut."
    )
    press(page, "Enregistrer")
    expect(page.get_by_text("Vous prenez le temps qu'il faut")).to_be_visible()
    axe(page)


def send_file(page: Page, path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines), encoding="utf-8")
    go(page, "Imports")
    page.get_by_label("Candidats").check()
    page.get_by_label("Fichier JSON ou CSV").set_input_files(path)
    press(page, "Contrôler le fichier")


# 2. Invite


def invite(cast: Cast) -> None:
    page = cast.recruiter
    open_file(page)
    page.get_by_label("Noter une candidature pour").select_option(label=PROGRAMME)
    press(page, "Noter la candidature")
    expect(page.get_by_role("status")).to_contain_text("La candidature est notée.")
    page.get_by_text("Inviter aux questionnaires").click()
    press(page, "Envoyer l'invitation")
    expect(page.get_by_role("status")).to_contain_text("L'invitation part maintenant.")
    axe(page)
    enter(cast.administrator, cast.links["administrator"])
    cast.links["candidate"] = read_link_in_mail(cast, "questionnaires")


def read_link_in_mail(cast: Cast, subject: str) -> str:
    """The link in the newest message to the person, as the administrator reads it and as the file holds it."""
    page = cast.administrator
    go(page, "Courrier")
    page.get_by_role("row").filter(has_text=EMAIL).get_by_role("link", name=re.compile(subject)).first.click()
    axe(page)
    found = str(page.locator(".letter a[href*='/links/']").evaluate("(link) => link.href"))
    mail = cast.settings.data_dir / "mail"
    token = found.rpartition("/")[2]
    wait_until(lambda: any(token in _letter(path) for path in mail.glob("*.eml")), seconds=30)
    return found


def _letter(path: Path) -> str:
    body = email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_body(("plain",))
    return body.get_content() if body else ""


# 3. Self-assess


def assess_oneself(cast: Cast) -> None:
    page = cast.candidate
    enter(page, cast.links["candidate"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre parcours")
    axe(page)
    hands: list[Hands] = [Touch(), Touch(), Keyboard()]
    for turn, way in enumerate(hands):
        way.press(page, "Commencer, environ")
        page.wait_for_url("**/notice")
        slug = page.url.split("/questionnaires/")[1].split("/")[0]
        answer_questionnaire(
            page,
            way,
            best_answers(instrument_of(slug)),
            on_page=reload_and_lose_nothing if turn == 2 else axe,
        )
        page.get_by_role("link", name="Votre parcours").click()
    page.get_by_role("link", name="Voir mes résultats").click()
    expect(page.get_by_role("figure")).to_have_count(3)
    expect(page.get_by_role("heading", name="Qui décide")).to_be_visible()
    axe(page)


# 4 and 5. Score and screen


def read_the_scores(cast: Cast) -> None:
    page = cast.recruiter
    open_file(page)
    results = page.locator("#results")
    expect(results.get_by_role("row")).to_have_count(4)
    axe(page)
    results.get_by_role("link", name="Ouvrir la fiche de résultats").click()
    expect(page.get_by_role("figure")).to_have_count(3)
    page.get_by_text("Le détail, question par question").first.click()
    expect(page.get_by_role("table").first).to_contain_text("Total, égal au score")
    axe(page)


def screen(cast: Cast) -> None:
    page = cast.recruiter
    go(page, "Candidats")
    page.get_by_label("Programme").select_option(label=PROGRAMME)
    page.get_by_label("Étape").select_option(label="Questionnaires remplis")
    page.get_by_label("Compétence").fill("appels entrants")
    press(page, "Filtrer")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Tout montrer").click()
    page.get_by_role("columnheader", name="Autonomie").get_by_role("link").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text(PERSON)
    axe(page)
    page.get_by_role("link", name=PERSON).click()
    page.get_by_role("table", name="Candidatures de cette personne").get_by_role(
        "link", name=PROGRAMME
    ).click()
    for stage in ("Entretien", "Présélection"):
        page.get_by_label("Nouvelle étape").select_option(label=stage)
        press(page, "Enregistrer l'étape")
        expect(page.get_by_role("status")).to_contain_text("L'étape est enregistrée.")
    axe(page)


# 6. Match


def match(cast: Cast) -> None:
    page = cast.recruiter
    page.get_by_role("link", name="Voir la présélection du programme").click()
    row = page.get_by_role("row").filter(has_text=PERSON)
    row.get_by_text("Toutes les raisons").click()
    expect(row.get_by_role("listitem").first).to_be_visible()
    axe(page)
    row.get_by_role("link", name=PERSON, exact=True).click()
    ranked = page.get_by_role("table", name="Programmes ouverts")
    expect(ranked.get_by_role("row")).to_have_count(9)
    expect(ranked.get_by_role("row").nth(1)).to_contain_text("sur 100")


# 7. Offer, pack, decision


def offer_and_accept(cast: Cast) -> None:
    page = cast.recruiter
    page.get_by_role("table", name="Candidatures de cette personne").get_by_role(
        "link", name=PROGRAMME
    ).click()
    page.get_by_role("link", name="Préparer une offre").first.click()
    write_offer(page)
    axe(page)
    press(page, "Enregistrer")
    expect(page.get_by_role("status")).to_contain_text("Rien n'est encore envoyé.")
    axe(page)
    press(page, "Envoyer l'offre")
    expect(page.get_by_role("status")).to_contain_text("L'offre est partie")
    accept(cast)


def write_offer(page: Page) -> None:
    page.get_by_label("Intitulé du poste").fill("Conseillère clientèle à domicile")
    page.get_by_label("Missions").fill("répondre aux abonnés par téléphone\nconfirmer par courriel")
    page.get_by_label("Appels reçus").check()
    page.get_by_label("Date de début").fill("2026-12-14")
    page.get_by_label("Heure d'embauche").fill("09:00")
    page.get_by_label("Période d'essai", exact=False).first.fill("2")
    page.get_by_label("Coefficient").select_option("140")
    page.get_by_label("Salaire brut par mois").fill("1 950")
    page.get_by_label("Heures par semaine").fill("35")
    for turn, (start, end) in enumerate((("09:00", "12:30"), ("13:30", "17:00")), start=1):
        if turn == 2:
            page.locator(".week-day").first.get_by_text("Deuxième plage").click()
        page.locator(f"[name=schedule-1-{turn}-from]").fill(start)
        page.locator(f"[name=schedule-1-{turn}-to]").fill(end)
    press(page, "Recopier le lundi jusqu'au vendredi")
    for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi"):
        page.get_by_label(day, exact=True).check()
    page.get_by_label("Début de la plage de contact").fill("09:00")
    page.get_by_label("Fin de la plage de contact").fill("17:00")
    lent = (
        ("Exemple Book 14", "EB14-0007731", "720"),
        ("Exemple Voix 2", "EV2-118", "89,90"),
        ("Exemple 24", "E24-5", "140"),
    )
    for line, (model, serial, value) in enumerate(lent, start=1):  # the programme's sheet names what is lent
        page.get_by_label(f"Marque et modèle, ligne {line}").fill(model)
        page.get_by_label(f"Numéro de série, ligne {line}").fill(serial)
        page.get_by_label(f"Valeur en euros, ligne {line}").fill(value)


def accept(cast: Cast) -> None:
    page = cast.candidate
    page.goto(read_link_in_mail(cast, "offre"))
    press(page, "Entrer dans mon espace")
    if "/offers/" not in page.url:
        page.get_by_role("link", name="Lire l'offre").click()
    expect(page.get_by_text("Vous prenez le temps qu'il faut")).to_be_visible()
    expect(page.get_by_text("1 950")).to_be_visible()
    axe(page)
    page.get_by_label("Je veux travailler à domicile").check()
    page.get_by_label("Numéro et rue").fill("7 rue des Ajoncs")
    page.get_by_label("Code postal").fill("29200")
    page.get_by_label("Commune", exact=True).fill("Brest")
    page.get_by_label("Date de naissance").fill("1994-05-17")
    page.get_by_label("Lieu de naissance").fill("Quimper (29)")
    press(page, "J'accepte l'offre")
    expect(page.get_by_role("status")).to_contain_text("Votre réponse est enregistrée.")
    axe(page)


def ask_for_the_pack(cast: Cast) -> None:
    page = cast.recruiter
    page.reload()
    confirm_figures(page)
    axe(page)
    press(page, "Préparer les documents")
    expect(page.get_by_text("Les documents sont prêts")).to_be_visible(timeout=180_000)
    axe(page)


def read_the_pack(cast: Cast, folder: Path) -> None:
    page = cast.recruiter
    links = page.get_by_role("table").get_by_role("link")
    papers = [save(page, links.nth(number), folder) for number in range(links.count())]
    told = {paper.name: words_of(paper) for paper in papers}
    assert len(told) == 4
    assert [name for name, words in told.items() if PERSON not in words or "télétravail" not in words] == []
    assert "1 950,00 €" in told["01-contrat-de-travail.pdf"]
    archive = save(page, page.get_by_role("link", name="Tout télécharger"), folder)
    assert check_archive(archive) == {paper.name: paper.read_bytes() for paper in papers}
    go(cast.candidate, "Mes documents")
    expect(cast.candidate.get_by_role("link", name="Tout télécharger")).to_be_visible()
    axe(cast.candidate)


def confirm_figures(page: Page) -> None:
    """Every figure of law that waits for a named person."""
    waiting = page.locator("#confirmations details.confirm")
    expect(waiting).not_to_have_count(0)
    for left in reversed(range(waiting.count())):
        waiting.locator("summary").first.click()
        page.get_by_label("Texte lu").first.fill("lu sur Légifrance")
        page.get_by_role("button", name="Je confirme ce montant en mon nom").first.click()
        expect(page.get_by_role("status")).to_contain_text("enregistrée à votre nom")
        expect(waiting).to_have_count(left)


def save(page: Page, link: Locator, folder: Path) -> Path:
    with page.expect_download() as waiting:
        link.click()
    download: Download = waiting.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def hire(cast: Cast) -> None:
    page = cast.recruiter
    page.get_by_role("link", name="L'offre", exact=True).click()
    page.get_by_role("link", name="Voir la candidature").click()
    page.get_by_label("Embaucher").check()
    page.get_by_label("La raison").fill(
        "Entretien clair, offre acceptée, matériel et lieu prêts pour ce travail."
    )
    press(page, "Confirmer ma décision")
    expect(page.get_by_text("Décision de Claire Dumont")).to_be_visible()
    axe(page)


# 8. Train


def train(cast: Cast) -> None:
    trainer = cast.trainer
    enter(trainer, cast.links["trainer"])
    trainer.get_by_role("link", name="Donner un parcours").first.click()
    trainer.get_by_label("Nom ou pseudonyme").fill("Kerjean")
    press(trainer, "Filtrer")
    trainer.get_by_role("combobox", name="Personne").select_option(label=PERSON)
    trainer.get_by_role("combobox", name="Parcours").select_option(PATH)
    axe(trainer)
    press(trainer, "Donner le parcours")
    expect(trainer.get_by_role("status").first).to_contain_text("Le parcours est donné.")
    learn(cast.candidate)
    trainer.get_by_role("link", name=PERSON).click()
    expect(trainer.get_by_role("table", name="Module par module")).to_contain_text("100 %")
    expect(trainer.get_by_role("heading", name="Premier jour")).to_be_visible()
    expect(trainer.get_by_role("table", name="À régler").get_by_role("row").nth(1)).to_be_visible()
    axe(trainer)


def learn(page: Page) -> None:
    go(page, "Mon parcours")
    page.get_by_role("link", name="Ouvrir ma formation").click()
    axe(page)
    page.get_by_role("link", name="Continuer").click()
    expect(page).to_have_url(re.compile("/pages/"))
    while not page.url.endswith("/quiz"):
        here = page.url
        press(page, "J'ai lu")
        expect(page).not_to_have_url(here)
    axe(page)
    choose_right_answers(page)
    press(page, "Voir mon résultat")
    expect(page.get_by_text("100 % de bonnes réponses")).to_be_visible()
    axe(page)


def choose_right_answers(page: Page) -> None:
    """As somebody who read the module well."""
    module = paths.module_of(
        paths.to_give(load_editions(), PATH, today=NOON.date()), page.url.split("/modules/")[1].split("/")[0]
    )
    for question in module.quiz:
        for option in question.key:
            page.locator(f"[name='{QUESTION_PREFIX}{question.slug}'][value='{option}']").check()


# What everybody does


def enter(page: Page, link: str) -> None:
    page.goto(link)
    axe(page)
    press(page, "Entrer dans mon espace")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()


def go(page: Page, place: str) -> None:
    places = page.get_by_role("navigation", name="Navigation principale")
    link = places.get_by_role("link", name=place, exact=True, include_hidden=True)
    for menu in link.locator("xpath=ancestor::details/summary").all():
        menu.click()
    link.click()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()


def open_file(page: Page) -> None:
    """The person's file, found as one finds a person."""
    go(page, "Candidats")
    page.get_by_label("Nom, adresse ou pseudonyme").fill("Kerjean")
    press(page, "Filtrer")
    page.get_by_role("link", name=PERSON).click()


def assert_nothing_is_broken(cast: Cast) -> None:
    told = subprocess.run(
        [*COMMAND, "verify", "--json"],
        env=environment(cast.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(told.stdout)["sound"], told.stdout
