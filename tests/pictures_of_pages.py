"""Which page is pictured, as whom, how wide, and what is done on it first."""

from playwright.sync_api import Page

from tests.pictures_of_training import ARRIVING, AUTHORING, CLASSES, FOLLOWING, STUDYING
from tests.pictures_shots import Act, Shot, dark, desk, phone


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


BEGIN = press("je commence")
LEARNING = "/me/training/{assignment}/modules/{module}"

PUBLIC = (
    phone("public-home", "/"),
    phone("public-sign-in", "/sign-in"),
    phone("public-letter-sent", "/sign-in", "", fill("email", "nobody@rivages.example.com"), press("lien")),
    phone("public-dead-link", "/links/hsl_nobody-knows-this-one"),
    phone("public-apply", "/apply"),
    phone("public-apply-programme", "/apply/{programme}"),
    phone("public-sheet", "/programmes/{programme}/sheet"),
    phone("public-thanks", "/apply/thanks"),
    phone("public-model-cards", "/model-cards"),
    phone("public-model-card", "/model-cards/work-organisation/2026-11"),
    phone("public-allowance", "/telework-allowance?mode=day&days=20&month=3&year=2026&paid=80"),
    phone("public-not-found", "/nothing-here"),
    Shot("public-reference", "/reference", acts=(lambda page: page.locator(".opblock-tag").first.click(),)),
)

CANDIDATE = (
    phone("candidate-link", "/links/{invitation}"),
    phone("candidate-me", "/me", "yanis"),
    phone("candidate-notice", "/me/questionnaires/home-workplace/notice", "aissatou"),
    phone("candidate-questions", "/me/questionnaires/home-workplace/notice", "aissatou", BEGIN, see("[data-answers]")),
    phone(
        "candidate-fault", "/me/questionnaires/equipment-connection/notice", "aissatou", BEGIN,
        choose("computer_kind", "laptop"), fill("screens", "beaucoup"), press("Continuer"),
        see("[name=screens][aria-invalid=true]"),
    ),
    phone("candidate-situations", "/me/questionnaires/work-organisation/pages/situations", "yanis"),
    phone("candidate-review", "/me/questionnaires/work-organisation/review", "yanis"),
    phone("candidate-measurement", "/me/measurement", "camille"),
    phone("candidate-measuring", "/me/measurement/{measuring}", "yanis"),
    phone("candidate-results", "/me/report", "camille"),
    phone("candidate-contests", "/me/contests", "camille"),
    phone("candidate-description", "/me/description", "camille"),
    phone("candidate-offer", "/me/offers/{sent-offer}", "aissatou"),
    phone("candidate-civil-details", "/me/civil-details", "nolwenn"),
    phone("candidate-documents", "/me/documents", "nolwenn"),
    phone("candidate-social-number", "/me/social-number", "nolwenn"),
    phone("candidate-hired", "/me", "nolwenn"),
    phone("candidate-training", "/me/training", "nolwenn"),
    phone("candidate-path", "/me/training/{assignment}", "nolwenn"),
    phone("candidate-module", LEARNING, "nolwenn"),
    phone("candidate-lesson", LEARNING + "/pages/{page}", "nolwenn"),
    phone("candidate-quiz", "/me/training/{assignment}/modules/{next-module}/quiz", "nolwenn"),
    phone("candidate-mark", "/me/training/{assignment}/attempts/{attempt}", "nolwenn"),
    phone("candidate-skills", "/me/skills", "nolwenn"),
    phone("candidate-pool", "/me/pool", "camille"),
    phone("candidate-interest", "/interest/{interest}"),
    dark("candidate-review", "/me/questionnaires/work-organisation/review", "yanis", width=390),
)  # fmt: skip

RECRUITER = (
    desk("recruiter-candidates", "/candidates", "recruiter"),
    desk("recruiter-candidates-blind", "/candidates", "blind"),
    desk("recruiter-candidate", "/candidates/{camille}", "recruiter"),
    desk("recruiter-candidate-new", "/candidates/new", "recruiter"),
    desk("recruiter-results-sheet", "/candidates/{camille}/scorecard", "recruiter"),
    desk("recruiter-evidence", "/candidates/{camille}/evidence", "recruiter"),
    desk("recruiter-outcomes", "/candidates/{thomas}/outcomes", "recruiter"),
    desk("recruiter-contests", "/contests", "approver"),
    desk("recruiter-contest", "/contests/{open-contest}", "approver"),
    desk("recruiter-programmes", "/programmes", "recruiter"),
    desk("recruiter-programme", "/programmes/{programme}", "recruiter"),
    desk("recruiter-programme-new", "/programmes/new", "recruiter"),
    desk("recruiter-programme-edit", "/programmes/{programme}/edit", "recruiter"),
    desk("recruiter-shortlist", "/programmes/{programme}/shortlist", "recruiter"),
    desk("recruiter-comparison", "/programmes/{programme}/shortlist", "recruiter", tick_three, press("Comparer")),
    desk("recruiter-applications", "/applications", "recruiter"),
    desk("recruiter-application", "/applications/{nolwenn-application}", "recruiter"),
    desk("recruiter-application-open", "/applications/{camille-application}", "recruiter"),
    desk("recruiter-interviews", "/interviews", "recruiter"),
    desk("recruiter-interview", "/interviews/{camille-interview}", "recruiter"),
    desk("recruiter-interview-agreed", "/interviews/{karim-interview}", "recruiter"),
    desk("recruiter-interview-paper", "/interviews/{camille-interview}/paper", "recruiter"),
    desk("recruiter-imports", "/imports", "recruiter"),
    desk("recruiter-import", "/imports/{faulty-import}", "recruiter"),
    desk("recruiter-offers", "/offers", "recruiter"),
    desk("recruiter-offer-new", "/applications/{camille-application}/offers/new", "recruiter"),
    desk("recruiter-offer", "/offers/{draft-offer}", "recruiter"),
    desk("recruiter-offer-edit", "/offers/{draft-offer}/edit", "recruiter"),
    desk("recruiter-pack", "/packs/{pack}", "recruiter"),
    desk("allowance-months", "/allowances", "recruiter"),
    desk("allowance-month", "/allowances/2026-11", "recruiter"),
    desk("allowance-month-closed", "/allowances/2026-10", "recruiter"),
    desk("allowance-statement", "/allowances/2026-10/people/{worker}", "recruiter"),
    desk("allowance-file", "/allowance-files/{faulty-days-file}", "recruiter"),
    desk("allowance-payroll-map", "/payroll-map", "recruiter"),
    desk("recruiter-papers", "/applications/{nolwenn-application}/papers", "recruiter"),
    desk(
        "recruiter-paper-new", "/applications/{nolwenn-application}/papers/new/telework_amendment", "recruiter"
    ),
    desk("recruiter-paper", "/papers/{paper}", "recruiter"),
    desk("recruiter-deadlines", "/deadlines", "recruiter"),
    dark("recruiter-candidate", "/candidates/{camille}", "recruiter"),
    dark("recruiter-shortlist", "/programmes/{programme}/shortlist", "recruiter"),
)  # fmt: skip

MATCHING = (
    desk("matching-explained", "/programmes/{programme}/shortlist/{camille}", "recruiter"),
    desk("matching-prospects", "/candidates/{karim}/programmes", "recruiter"),
    desk("matching-gains", "/programmes/{programme}/gains", "recruiter"),
    desk("matching-ledger", "/candidates/{nolwenn}/skills", "trainer"),
    desk("matching-skills", "/skills?q=reclamation", "recruiter"),
    desk("matching-skill", "/skills/own/complaints", "recruiter"),
    desk("matching-phrases", "/skill-phrases", "recruiter"),
    desk("matching-phrase", "/skill-phrases/{skill-phrase}", "recruiter"),
    desk("matching-skill-lists", "/skill-lists", "administrator"),
    desk("matching-skill-list", "/skill-lists/{skill-edition}", "administrator"),
    desk("pool", "/pool", "recruiter"),
    desk("pool-programme", "/programmes/{pool-programme}/pool", "recruiter"),
    desk("pool-search", "/pool/searches/{search}", "recruiter"),
)

WAVES = (
    desk("wave-list", "/waves", "recruiter"),
    desk("wave", "/waves/{wave}", "recruiter"),
    desk("wave-programme", "/waves/{wave}/programmes/{wave-programme}", "recruiter"),
    desk("wave-people", "/waves/{wave}/people", "recruiter"),
    desk("wave-scenarios", "/waves/{wave}/comparison", "recruiter"),
    desk("wave-coverage", "/scenarios/{scenario}", "recruiter"),
    phone("wave-coverage-phone", "/scenarios/{scenario}", "recruiter"),
    desk("wave-person", "/scenarios/{scenario}/people/{placed}", "recruiter"),
)

TRAINER = (
    desk("trainer-board", "/training", "trainer"),
    desk("trainer-learner", "/training/assignments/{assignment}", "trainer"),
    desk("trainer-attempt", "/training/assignments/{assignment}/attempts/{attempt}", "trainer"),
    desk("trainer-assign", "/training/assign", "trainer"),
    desk("trainer-cohorts", "/training/cohorts", "trainer"),
    desk("trainer-cohort", "/training/cohorts/{cohort}", "trainer"),
    dark("trainer-board", "/training", "trainer"),
)

ADMINISTRATOR = (
    desk("administrator-mail", "/mail", "administrator"),
    desk("administrator-letter", "/mail/{letter}", "administrator"),
    desk("administrator-employer", "/employer", "administrator"),
    desk("administrator-password", "/password", "administrator"),
    desk("administrator-validity", "/validity", "administrator"),
    desk("administrator-fairness", "/fairness", "administrator"),
)

SHOTS = (
    *PUBLIC, *CANDIDATE, *RECRUITER, *MATCHING, *WAVES, *TRAINER, *AUTHORING, *CLASSES, *FOLLOWING, *STUDYING,
    *ARRIVING, *ADMINISTRATOR,
)  # fmt: skip
