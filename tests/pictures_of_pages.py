"""Which page is pictured, as whom, how wide, and what is done on it first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """One picture; `path` names what the scene made in braces."""

    name: str
    path: str
    who: str = ""
    width: int = 1280
    height: int = 800
    is_dark: bool = False
    acts: tuple[Act, ...] = ()


def desk(name: str, path: str, who: str, *acts: Act) -> Shot:
    return Shot(name, path, who, acts=acts)


def phone(name: str, path: str, who: str = "", *acts: Act) -> Shot:
    return Shot(name, path, who, width=390, height=760, acts=acts)


def dark(name: str, path: str, who: str, *, width: int = 1280) -> Shot:
    return Shot(f"{name}-dark", path, who, width=width, height=760, is_dark=True)


def choose(name: str, value: str) -> Act:
    return lambda page: page.locator(f"[name={name}][value={value}]").check()


def fill(name: str, text: str) -> Act:
    return lambda page: page.locator(f"[name={name}]").first.fill(text)


def press(words: str) -> Act:
    def act(page: Page) -> None:
        page.get_by_role("button", name=words).first.click()
        page.wait_for_load_state("networkidle")

    return act


def see(selector: str) -> Act:
    """Wait for what comes by a way of its own, such as the page after a form that a script sends."""
    return lambda page: page.locator(selector).first.wait_for()


def tick_three(page: Page) -> None:
    """Choose the first three people of a list to compare."""
    for box in page.locator("main input[type=checkbox]").all()[:3]:
        box.check()


PUBLIC = (
    phone("public-home", "/"),
    phone("public-sign-in", "/sign-in"),
    phone(
        "public-letter-sent", "/sign-in", "", fill("email", "recrutement@rivages.example.com"), press("lien")
    ),
    phone("public-dead-link", "/links/hsl_nobody-knows-this-one"),
    phone("public-apply", "/apply"),
    phone("public-apply-programme", "/apply/{PROGRAMME}"),
    phone("public-sheet", "/programmes/{PROGRAMME}/sheet"),
    phone("public-thanks", "/apply/thanks"),
    phone("public-not-found", "/nothing-here"),
    Shot("public-reference", "/reference", acts=(lambda page: page.locator(".opblock-tag").first.click(),)),
)

QUESTIONS = "/me/questionnaires/equipment-connection"

CANDIDATE = (
    Shot("candidate-link", "/links/{LINK_TOKEN}", width=390, height=760),
    phone("candidate-me", "/me", "CAMILLE"),
    phone("candidate-notice", "/me/questionnaires/work-organisation/notice", "CAMILLE"),
    phone("candidate-questions", "/me/questionnaires/home-workplace/pages/calls", "CAMILLE"),
    phone(
        "candidate-fault", QUESTIONS, "CAMILLE", press("je commence"), choose("computer_kind", "laptop"),
        fill("screens", "beaucoup"), press("Continuer"), see("[name=screens][aria-invalid=true]"),
    ),
    phone("candidate-review", "/me/questionnaires/home-workplace/review", "CAMILLE"),
    phone("candidate-results", "/me/report", "PERSON"),
    phone("candidate-contests", "/me/contests", "PERSON"),
    phone("candidate-offer", "/me/offers/{WAITING_OFFER}", "CAMILLE"),
    phone("candidate-civil-details", "/me/civil-details", "PERSON"),
    phone("candidate-documents", "/me/documents", "PERSON"),
    phone("candidate-hired", "/me", "PERSON"),
    phone("candidate-training", "/me/training", "CAMILLE"),
    phone("candidate-path", "/me/training/{ASSIGNMENT}", "CAMILLE"),
    phone("candidate-module", "/me/training/{ASSIGNMENT}/modules/{MODULE}", "CAMILLE"),
    phone("candidate-lesson", "/me/training/{ASSIGNMENT}/modules/{MODULE}/pages/{LESSON}", "CAMILLE"),
    phone("candidate-quiz", "/me/training/{ASSIGNMENT}/modules/{MODULE}/quiz", "CAMILLE"),
    phone("candidate-mark", "/me/training/{ASSIGNMENT}/attempts/{ATTEMPT}", "CAMILLE"),
    dark("candidate-questions", "/me/questionnaires/home-workplace/pages/calls", "CAMILLE", width=390),
)  # fmt: skip

RECRUITER = (
    desk("recruiter-candidates", "/candidates", "RECRUITER"),
    desk("recruiter-candidate", "/candidates/{CANDIDATE}", "RECRUITER"),
    desk("recruiter-candidate-new", "/candidates/new", "RECRUITER"),
    desk("recruiter-results-sheet", "/candidates/{CANDIDATE}/scorecard", "RECRUITER"),
    desk("recruiter-contests", "/contests", "RECRUITER"),
    desk("recruiter-programmes", "/programmes", "RECRUITER"),
    desk("recruiter-programme", "/programmes/{PROGRAMME}", "RECRUITER"),
    desk("recruiter-programme-new", "/programmes/new", "RECRUITER"),
    desk("recruiter-programme-edit", "/programmes/{PROGRAMME}/edit", "RECRUITER"),
    desk("recruiter-shortlist", "/programmes/{PROGRAMME}/shortlist", "RECRUITER"),
    desk(
        "recruiter-comparison", "/programmes/{PROGRAMME}/shortlist", "RECRUITER", tick_three, press("Comparer")
    ),
    desk("recruiter-applications", "/applications", "RECRUITER"),
    desk("recruiter-application", "/applications/{APPLICATION}", "RECRUITER"),
    desk("recruiter-application-open", "/applications/{SHORTLISTED}", "RECRUITER"),
    desk("recruiter-imports", "/imports", "RECRUITER"),
    desk("recruiter-import", "/imports/{FAULTY_IMPORT}", "RECRUITER"),
    desk("recruiter-offers", "/offers", "RECRUITER"),
    desk("recruiter-offer-new", "/applications/{INTERVIEWED}/offers/new", "RECRUITER"),
    desk("recruiter-offer", "/offers/{DRAFT_OFFER}", "RECRUITER"),
    desk("recruiter-offer-edit", "/offers/{DRAFT_OFFER}/edit", "RECRUITER"),
    desk("recruiter-pack", "/packs/{PACK}", "RECRUITER"),
    dark("recruiter-candidate", "/candidates/{CANDIDATE}", "RECRUITER"),
    dark("recruiter-shortlist", "/programmes/{PROGRAMME}/shortlist", "RECRUITER"),
)  # fmt: skip

TRAINER = (
    desk("trainer-board", "/training", "TRAINER"),
    desk("trainer-learner", "/training/assignments/{ASSIGNMENT}", "TRAINER"),
    desk("trainer-attempt", "/training/assignments/{ASSIGNMENT}/attempts/{ATTEMPT}", "TRAINER"),
    desk("trainer-assign", "/training/assign", "TRAINER"),
    desk("trainer-cohorts", "/training/cohorts", "TRAINER"),
    desk("trainer-cohort", "/training/cohorts/{COHORT}", "TRAINER"),
    dark("trainer-board", "/training", "TRAINER"),
)

ADMINISTRATOR = (
    desk("administrator-mail", "/mail", "ADMINISTRATOR"),
    desk("administrator-letter", "/mail/{LETTER}", "ADMINISTRATOR"),
    desk("administrator-employer", "/employer", "ADMINISTRATOR"),
    desk("administrator-password", "/password", "ADMINISTRATOR"),
)

SHOTS = PUBLIC + CANDIDATE + RECRUITER + TRAINER + ADMINISTRATOR
