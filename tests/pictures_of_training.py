"""The pictures of onboarding and training: who writes, teaches, follows, learns and arrives."""

from playwright.sync_api import Page

from tests.pictures_shots import desk, phone

DRAFT_MODULE = "/training/paths/{draft}/draft/modules/{draft-module}"


def _content_shows(page: Page) -> None:
    """The frame of a package has its content, and the page says so."""
    page.frame_locator("iframe[data-package]").get_by_role("heading").wait_for()
    page.locator("[data-package-status]:is([data-state=ready], [data-state=saved])").wait_for()


AUTHORING = (
    desk("author-paths", "/training/paths", "trainer"),
    desk("author-new", "/training/paths/new", "trainer"),
    desk("author-path", "/training/paths/first-calls", "trainer"),
    desk("author-edition", "/training/paths/first-calls/editions/2026-11", "trainer"),
    desk("author-reading", "/training/paths/first-calls/editions/2026-11/modules/phone-day", "trainer"),
    desk("author-draft", "/training/paths/{draft}/draft", "trainer"),
    desk("author-facts", "/training/paths/{draft}/draft/facts", "trainer"),
    desk("author-module", DRAFT_MODULE, "trainer"),
    desk("author-page", DRAFT_MODULE + "/pages/{draft-page}", "trainer"),
    desk(
        "author-question",
        DRAFT_MODULE + "/questions/{draft-question}",
        "trainer",
    ),
    desk("author-preview", DRAFT_MODULE + "/preview", "trainer"),
    desk("author-publication", "/training/paths/{draft}/draft/publication", "trainer"),
    desk("author-packages", "/training/packages", "trainer"),
    desk("author-package", "/training/packages/{package}", "trainer"),
    desk("author-package-trial", "/training/packages/{package}/units/1", "trainer", _content_shows),
)

CLASSES = (
    desk("class-list", "/classes", "trainer"),
    desk("class-new", "/classes/new", "trainer"),
    desk("class-show", "/classes/{class}", "trainer"),
    desk("class-change", "/classes/{class}/change", "trainer"),
    desk("class-handover", "/classes/handover", "trainer"),
    desk("class-attendance", "/classes/{held-class}/attendance", "trainer"),
    desk("class-calendar", "/training/cohorts/{cohort}/calendar", "trainer"),
    phone("class-own-list", "/me/classes", "nolwenn"),
    phone("class-own", "/me/classes/{held-class}", "nolwenn"),
)

FOLLOWING = (
    desk("follow-rules", "/training/rules", "trainer"),
    desk("follow-rule", "/training/rules/{rule}", "trainer"),
    desk("follow-rule-edit", "/training/rules/{rule}/edit", "trainer"),
    desk("follow-proposals", "/training/proposals/{nolwenn}", "trainer"),
    desk("follow-proposal", "/training/proposals/{nolwenn}/{programme}", "trainer"),
    desk("follow-changes", "/training/assignments/{assignment}/changes", "trainer"),
    desk("follow-exemptions", "/training/exemptions", "trainer"),
    desk("follow-career", "/candidates/{nolwenn}/career", "trainer"),
    desk("follow-procedures", "/procedures", "trainer"),
    desk("follow-procedure-new", "/procedures/new", "trainer"),
    desk("follow-procedure", "/procedures/{procedure}", "trainer"),
    desk("follow-help", "/help", "trainer"),
    desk("follow-help-request", "/help/{help}", "trainer"),
    desk("follow-files", "/training/files", "trainer"),
    desk("follow-file", "/training/files/{proven-assignment}", "trainer"),
    desk("follow-paper", "/training/files/{proven-assignment}/papers/training_attestation", "trainer"),
)

STUDYING = (
    phone("learn-package", "/me/training/{package-assignment}/modules/play/package", "aissatou"),
    phone(
        "learn-unit",
        "/me/training/{package-assignment}/modules/play/package/units/1",
        "aissatou",
        _content_shows,
    ),
    phone("learn-refreshers", "/me/refreshers", "nolwenn"),
    phone("learn-card", "/me/refreshers/cards/{card}", "nolwenn"),
    phone("learn-answer", "/me/refreshers/answers/{review}", "nolwenn"),
    phone("learn-help", "/me/help", "camille"),
    phone("learn-help-request", "/me/help/{help}", "nolwenn"),
    phone("learn-career", "/me/career", "nolwenn"),
    phone("learn-certificates", "/me/certificates", "nolwenn"),
    phone("learn-badge", "/badges/{badge}"),
    phone("learn-badge-check", "/badges/check"),
)

ARRIVING = (
    desk("arrive-all", "/onboarding", "recruiter"),
    desk("arrive-one", "/applications/{nolwenn-application}/onboarding", "recruiter"),
    desk(
        "arrive-move",
        "/applications/{nolwenn-application}/onboarding/start?start_date=2026-12-14",
        "recruiter",
    ),
    desk("arrive-add", "/applications/{nolwenn-application}/onboarding/added-tasks", "trainer"),
    desk(
        "arrive-added", "/applications/{nolwenn-application}/onboarding/added-tasks/{added-task}", "recruiter"
    ),
    phone("arrive-tasks", "/me/tasks", "nolwenn"),
    phone("arrive-task", "/me/tasks/{own-task}", "nolwenn"),
    phone("arrive-desk", "/desk/{desk-link}"),
    phone("arrive-account", "/account", "nolwenn"),
    desk("arrive-desks", "/employer/desks", "administrator"),
)
