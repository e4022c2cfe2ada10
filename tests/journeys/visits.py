"""Who looks at which page: an example of every address that answers a browser, each with something to see."""

from dataclasses import dataclass

from service.flows.papers.papers_facts import issuable

PHONE, DESK = 390, 1280


@dataclass(frozen=True)
class Visit:
    """Who looks at which page; names in braces are ids of the scenery."""

    who: str
    path: str

    @property
    def width(self) -> int:
        return DESK if self.who in ("recruiter", "trainer", "administrator", "approver") else PHONE


def _visits(who: str, *paths: str) -> tuple[Visit, ...]:
    return tuple(Visit(who, path) for path in paths)


PAPERS = "/applications/{nolwenn-application}/papers"
LESSON = "/me/training/{assignment}/modules/{module}"
DRAFT = "/training/paths/{draft}/draft"
DRAFT_MODULE = DRAFT + "/modules/{draft-module}"
PAGES: dict[str, tuple[Visit, ...]] = {
    "web.home.show": _visits("", "/"),
    "web.sign_in.show": _visits("", "/sign-in"),
    "web.links.show": _visits("", "/links/{link}"),
    "web.apply.show": _visits("", "/apply"),
    "web.apply.programme": _visits("", "/apply/{programme}"),
    "web.apply.thanks": _visits("", "/apply/thanks"),
    "web.programmes.sheet": _visits("", "/programmes/{programme}/sheet"),
    "web.reference.show": _visits("recruiter", "/reference"),
    "web.me.show": tuple(Visit(who, "/me") for who in ("camille", "yanis", "aissatou", "nolwenn")),
    "web.reports.own": (*_visits("camille", "/me/report"), *_visits("yanis", "/me/report")),
    "web.own_contests.list": (*_visits("camille", "/me/contests"), *_visits("yanis", "/me/contests")),
    "web.measurements.show": (*_visits("camille", "/me/measurement"), *_visits("yanis", "/me/measurement")),
    "web.measurements.run": _visits("yanis", "/me/measurement/{measuring}"),
    "web.questionnaires.notice": _visits("aissatou", "/me/questionnaires/home-workplace/notice"),
    "web.questionnaires.page": _visits(
        "yanis", "{questionnaire-page}", "/me/questionnaires/work-organisation/pages/situations"
    ),
    "web.evidence.show": _visits(
        "recruiter", "/candidates/{camille}/evidence", "/candidates/{camille}/evidence?about={shown}"
    ),
    "web.questionnaires.review": _visits("yanis", "/me/questionnaires/work-organisation/review"),
    "web.civil_details.show": _visits("nolwenn", "/me/civil-details"),
    "web.own_offers.show": (
        *_visits("aissatou", "/me/offers/{sent-offer}"), *_visits("nolwenn", "/me/offers/{accepted-offer}"),
        *_visits("thomas", "/me/offers/{declined-offer}"), *_visits("sophie", "/me/offers/{withdrawn-offer}"),
    ),
    "web.own_documents.list": (*_visits("nolwenn", "/me/documents"), *_visits("camille", "/me/documents")),
    "web.learning.list": (*_visits("nolwenn", "/me/training"), *_visits("camille", "/me/training")),
    "web.learning.path": _visits("nolwenn", "/me/training/{assignment}"),
    "web.learning.module": _visits(
        "nolwenn", LESSON, "/me/training/{assignment}/modules/{exempt-module}"
    ),
    "web.learning.page": _visits("nolwenn", LESSON + "/pages/{page}"),
    "web.learning.package": _visits("aissatou", "/me/training/{package-assignment}/modules/play/package"),
    "web.learning.package_unit": _visits(
        "aissatou", "/me/training/{package-assignment}/modules/play/package/units/1"
    ),
    "web.packages.list": _visits("trainer", "/training/packages"),
    "web.packages.show": _visits("trainer", "/training/packages/{package}"),
    "web.packages.try": _visits("trainer", "/training/packages/{package}/units/1"),
    "web.learning.quiz": _visits("nolwenn", "/me/training/{assignment}/modules/{next-module}/quiz"),
    "web.learning.mark": _visits("nolwenn", "/me/training/{assignment}/attempts/{attempt}"),
    "web.refreshers.today": (*_visits("nolwenn", "/me/refreshers"), *_visits("camille", "/me/refreshers")),
    "web.refreshers.card": _visits(
        "nolwenn", "/me/refreshers/cards/{card}", "/me/refreshers/cards/{known-card}?shown=1"
    ),
    "web.refreshers.review": _visits("nolwenn", "/me/refreshers/answers/{review}"),
    "web.own_help.list": (
        *_visits("camille", "/me/help"),
        *_visits("nolwenn", "/me/help?assignment={assignment}&module={module}&page={page}"),
    ),
    "web.own_help.show": _visits("nolwenn", "/me/help/{help}", "/me/help/{waiting-help}"),
    "web.procedures.list": _visits("trainer", "/procedures"),
    "web.procedures.new": _visits("trainer", "/procedures/new", "/procedures/new?replaces={procedure}"),
    "web.procedures.show": _visits("trainer", "/procedures/{procedure}", "/procedures/{withdrawn-procedure}"),
    "web.help.list": _visits("trainer", "/help", "/help?show=closed"),
    "web.help.show": _visits("trainer", "/help/{help}", "/help/{waiting-help}"),
    "web.account.show": (*_visits("recruiter", "/account"), *_visits("nolwenn", "/account")),
    "web.password.show": _visits("recruiter", "/password"),
    "web.candidates.list": (
        *_visits("recruiter", "/candidates", "/candidates?search=nobody-is-called-so"),
        *_visits("blind", "/candidates"),
    ),
    "web.fairness.show": _visits("administrator", "/fairness"),
    "web.self_description.show": _visits("camille", "/me/description"),
    "web.candidates.new": _visits("recruiter", "/candidates/new"),
    "web.reports.sheet": _visits("recruiter", "/candidates/{camille}/scorecard", "/candidates/{yanis}/scorecard"),
    "web.ledger.show": _visits("trainer", "/candidates/{nolwenn}/skills", "/candidates/{camille}/skills"),
    "web.own_ledger.show": (*_visits("nolwenn", "/me/skills"), *_visits("yanis", "/me/skills")),
    "web.pool.show": (*_visits("recruiter", "/pool"), *_visits("approver", "/pool")),
    "web.pool.programme": _visits("recruiter", "/programmes/{pool-programme}/pool"),
    "web.searches.show": _visits("recruiter", "/pool/searches/{search}"),
    "web.own_pool.show": _visits("camille", "/me/pool"),
    "web.interest.show": _visits("", "/interest/{interest}"),
    "web.contests.list": _visits("approver", "/contests", "/contests?show=answered"),
    "web.contests.show": (
        *_visits("recruiter", "/contests/{first-contest}"),
        *_visits("approver", "/contests/{open-contest}", "/contests/{answered-contest}"),
    ),
    "web.candidates.show": (
        *_visits("recruiter", "/candidates/{camille}", "/candidates/{yanis}"),
        *_visits("blind", "/candidates/{camille}"),
    ),
    "web.applications.list": _visits("recruiter", "/applications"),
    "web.applications.show": _visits(
        "recruiter", "/applications/{camille-application}", "/applications/{nolwenn-application}"
    ),
    "web.interviews.list": _visits("recruiter", "/interviews", "/interviews?programme={programme}"),
    "web.interviews.show": _visits(
        "recruiter", "/interviews/{camille-interview}", "/interviews/{karim-interview}"
    ),
    "web.interviews.paper": _visits("recruiter", "/interviews/{camille-interview}/paper"),
    "web.programmes.list": _visits("recruiter", "/programmes"),
    "web.programmes.new": _visits("recruiter", "/programmes/new"),
    "web.programmes.show": _visits("recruiter", "/programmes/{programme}"),
    "web.programmes.edit_form": _visits("recruiter", "/programmes/{programme}/edit"),
    "web.shortlists.show": _visits("recruiter", "/programmes/{programme}/shortlist"),
    "web.shortlists.compare": _visits(
        "recruiter",
        "/programmes/{programme}/shortlist/comparison?person={camille}&person={karim}&person={nolwenn}",
    ),
    "web.matches.explain": _visits("recruiter", "/programmes/{programme}/shortlist/{camille}"),
    "web.prospects.show": _visits("recruiter", "/candidates/{karim}/programmes"),
    "web.gains.show": _visits("recruiter", "/programmes/{programme}/gains"),
    "web.waves.list": _visits("recruiter", "/waves"),
    "web.waves.show": _visits("recruiter", "/waves/{wave}"),
    "web.waves.programme": _visits("recruiter", "/waves/{wave}/programmes/{wave-programme}"),
    "web.waves.people": (*_visits("recruiter", "/waves/{wave}/people"), *_visits("blind", "/waves/{wave}/people")),
    "web.scenarios.show": _visits(
        "recruiter", "/scenarios/{scenario}", "/scenarios/{scenario}?show=left", "/scenarios/{broken-scenario}"
    ),
    "web.scenarios.compare": _visits("recruiter", "/waves/{wave}/comparison"),
    "web.scenarios.person": _visits("recruiter", "/scenarios/{scenario}/people/{placed}"),
    "web.offers.list": _visits("recruiter", "/offers"),
    "web.offers.new": _visits("recruiter", "/applications/{camille-application}/offers/new"),
    "web.offers.edit_form": _visits("recruiter", "/offers/{draft-offer}/edit"),
    "web.offers.show": _visits(
        "recruiter", "/offers/{draft-offer}", "/offers/{sent-offer}", "/offers/{accepted-offer}",
        "/offers/{declined-offer}", "/offers/{withdrawn-offer}",
    ),
    "web.packs.show": _visits("recruiter", "/packs/{pack}"),
    "web.papers.list": (
        *_visits("recruiter", PAPERS, "/applications/{camille-application}/papers"),
        *_visits("approver", PAPERS),
    ),
    "web.papers.new": _visits("recruiter", *(f"{PAPERS}/new/{kind.value}" for kind in issuable())),
    "web.papers.show": _visits("recruiter", "/papers/{paper}", "/papers/{declared-paper}"),
    "web.onboarding.list": _visits("recruiter", "/onboarding", "/onboarding?owner=it&only=blocked&show=all"),
    "web.onboarding.show": _visits(
        "recruiter", "/applications/{nolwenn-application}/onboarding", "/applications/{camille-application}/onboarding"
    ),
    "web.onboarding.start_ahead": _visits(
        "recruiter", "/applications/{nolwenn-application}/onboarding/start",
        "/applications/{nolwenn-application}/onboarding/start?start_date=2026-12-25",
    ),
    "web.onboarding.new_task": _visits("trainer", "/applications/{nolwenn-application}/onboarding/added-tasks"),
    "web.onboarding.task_words": _visits(
        "recruiter", "/applications/{nolwenn-application}/onboarding/added-tasks/{added-task}"
    ),
    "web.own_tasks.list": (*_visits("nolwenn", "/me/tasks"), *_visits("camille", "/me/tasks")),
    "web.own_tasks.show": _visits("nolwenn", "/me/tasks/{own-task}", "/me/tasks/{own-file-task}"),
    "web.desk.show": _visits("", "/desk/{desk-link}"),
    "web.desks.edit": _visits("administrator", "/employer/desks"),
    "web.deadlines.list": _visits("recruiter", "/deadlines", "/deadlines?show=done"),
    "web.social_number.show": (
        *_visits("nolwenn", "/me/social-number"), *_visits("camille", "/me/social-number"),
    ),
    "web.skills.list": _visits(
        "recruiter", "/skills", "/skills?q=reclamation", "/skills?scheme=acme", "/skills?q=zzz&family=calls"
    ),
    "web.skills.show": _visits("recruiter", "/skills/own/crm", "/skills/own/complaints", "/skills/acme/R1"),
    "web.skill_phrases.list": _visits("recruiter", "/skill-phrases", "/skill-phrases?show=set_aside"),
    "web.skill_phrases.show": _visits("recruiter", "/skill-phrases/{skill-phrase}"),
    "web.skill_lists.list": _visits("administrator", "/skill-lists"),
    "web.skill_lists.show": _visits("administrator", "/skill-lists/{skill-edition}"),
    "web.imports.list": _visits("recruiter", "/imports"),
    "web.imports.show": _visits("recruiter", "/imports/{import}", "/imports/{faulty-import}"),
    "web.training.board": _visits(
        "trainer", "/training", "/training?column=none", "/training?column=class_soon&rows=500"
    ),
    "web.assignment_rules.list": _visits("trainer", "/training/rules"),
    "web.assignment_rules.show": _visits("trainer", "/training/rules/{rule}"),
    "web.assignment_rules.edit": _visits("trainer", "/training/rules/{rule}/edit"),
    "web.proposals.choose": _visits("trainer", "/training/proposals/{nolwenn}"),
    "web.proposals.show": _visits("trainer", "/training/proposals/{nolwenn}/{programme}"),
    "web.training.learner": _visits("trainer", "/training/assignments/{assignment}"),
    "web.training.attempt": _visits("trainer", "/training/assignments/{assignment}/attempts/{attempt}"),
    "web.moving.show": _visits(
        "trainer",
        "/training/assignments/{assignment}/changes",
        "/training/assignments/{moved-assignment}/changes",
    ),
    "web.exemptions.list": _visits("trainer", "/training/exemptions"),
    "web.me.career": (*_visits("nolwenn", "/me/career"), *_visits("camille", "/me/career")),
    "web.careers.show": _visits("trainer", "/candidates/{nolwenn}/career"),
    "web.paths.list": _visits("trainer", "/training/paths"),
    "web.paths.new": _visits("trainer", "/training/paths/new"),
    "web.paths.show": _visits("trainer", "/training/paths/first-calls"),
    "web.paths.edition": _visits("trainer", "/training/paths/first-calls/editions/2026-11"),
    "web.paths.module": _visits("trainer", "/training/paths/first-calls/editions/2026-11/modules/phone-day"),
    "web.drafts.show": _visits("trainer", DRAFT, "/training/paths/rappeler/draft"),
    "web.drafts.facts_form": _visits("trainer", DRAFT + "/facts"),
    "web.drafts.publish_form": _visits("trainer", DRAFT + "/publication"),
    "web.draft_modules.show": _visits("trainer", DRAFT_MODULE),
    "web.draft_modules.preview": _visits("trainer", DRAFT_MODULE + "/preview"),
    "web.draft_pages.show": _visits("trainer", DRAFT_MODULE + "/pages/{draft-page}"),
    "web.draft_questions.show": _visits("trainer", DRAFT_MODULE + "/questions/{draft-question}"),
    "web.training.assign_form": _visits("trainer", "/training/assign"),
    "web.cohorts.list": _visits("trainer", "/training/cohorts"),
    "web.cohorts.show": _visits("trainer", "/training/cohorts/{cohort}"),
    "web.calendars.cohort": _visits("trainer", "/training/cohorts/{cohort}/calendar"),
    "web.classes.list": _visits("trainer", "/classes", "/classes?past=1"),
    "web.classes.plan_form": _visits("trainer", "/classes/new"),
    "web.classes.show": _visits("trainer", "/classes/{class}", "/classes/{cancelled-class}"),
    "web.classes.change_form": _visits("trainer", "/classes/{class}/change"),
    "web.classes.hand_over_form": _visits("trainer", "/classes/handover"),
    "web.class_attendance.show": _visits("trainer", "/classes/{held-class}/attendance"),
    "web.own_classes.list": _visits("nolwenn", "/me/classes"),
    "web.own_classes.show": _visits("nolwenn", "/me/classes/{held-class}", "/me/classes/{class}"),
    "web.training_files.list": _visits("trainer", "/training/files", "/training/files?path=no-such"),
    "web.training_files.show": _visits(
        "trainer", "/training/files/{proven-assignment}", "/training/files/{assignment}"
    ),
    "web.training_files.paper_form": _visits(
        "trainer", "/training/files/{proven-assignment}/papers/training_attestation"
    ),
    "web.certificates.list": (*_visits("nolwenn", "/me/certificates"), *_visits("camille", "/me/certificates")),
    "web.badges.check_form": _visits("", "/badges/check"),
    "web.badges.verify": _visits("", "/badges/{badge}"),
    "web.employer.show": _visits("administrator", "/employer"),
    "web.validity.show": _visits("administrator", "/validity"),
    "web.model_cards.list": _visits("", "/model-cards"),
    "web.model_cards.show": _visits(
        "", "/model-cards/work-organisation/2026-11", "/model-cards/home-workplace/2026-11"
    ),
    "web.outcomes.show": _visits("recruiter", "/candidates/{thomas}/outcomes", "/candidates/{camille}/outcomes"),
    "web.allowances.list": _visits("recruiter", "/allowances"),
    "web.allowances.show": _visits(
        "recruiter", "/allowances/2026-11", "/allowances/2026-10", "/allowances/2026-11?search=nobody"
    ),
    "web.allowances.person": _visits(
        "recruiter", "/allowances/2026-11/people/{worker}", "/allowances/2026-10/people/{worker}"
    ),
    "web.allowance_files.show": _visits(
        "recruiter", "/allowance-files/{days-file}", "/allowance-files/{faulty-days-file}"
    ),
    "web.payroll_map.show": _visits("recruiter", "/payroll-map"),
    "web.allowance_simulator.show": (
        *_visits("", "/telework-allowance"),
        *_visits("camille", "/telework-allowance?mode=day&days=20&month=3&year=2026&paid=80"),
    ),
    "web.mail.list": _visits("administrator", "/mail"),
    "web.mail.show": _visits("administrator", "/mail/{letter}"),
}  # fmt: skip
"""Operation of a page -> examples of it, each with something to see."""

FILES: dict[str, tuple[Visit, str]] = {
    "web.measurements.samples": (
        Visit("recruiter", "/candidates/{camille}/measurements/{measurement}"),
        "application/json",
    ),
    "web.measurements.down": (
        Visit("yanis", "/me/measurement/{measuring}/down?bytes=10"),
        "application/octet-stream",
    ),
    "web.shortlists.spreadsheet": (Visit("recruiter", "/programmes/{programme}/shortlist.csv"), "text/csv"),
    "web.shortlists.paper": (Visit("recruiter", "/programmes/{programme}/shortlist.pdf"), "application/pdf"),
    "web.reports.own_paper": (Visit("camille", "/me/report.pdf"), "application/pdf"),
    "web.reports.sheet_paper": (Visit("recruiter", "/candidates/{camille}/scorecard.pdf"), "application/pdf"),
    "web.allowances.export": (Visit("recruiter", "/allowances/2026-10/variables.csv"), "text/csv"),
    "web.payroll_map.file": (Visit("recruiter", "/payroll-map.yaml"), "application/yaml"),
    "web.evidence.file": (
        Visit("recruiter", "/candidates/{camille}/evidence/files/{evidence-file}"),
        "application/pdf",
    ),
    "web.onboarding.file": (Visit("recruiter", "/onboarding/tasks/{given-task}/file"), "application/pdf"),
    "web.own_proofs.file": (Visit("nolwenn", "/me/proofs/{proof}"), "application/pdf"),
    "web.exemptions.file": (Visit("trainer", "/training/exemptions/{proof}/file"), "application/pdf"),
    "web.own_files.read": (Visit("camille", "/me/files/{evidence-file}"), "application/pdf"),
    "web.packs.archive": (Visit("nolwenn", "/packs/{pack}/archive"), "application/zip"),
    "web.papers.declaration": (Visit("recruiter", "/papers/{declared-paper}/declaration"), "application/xml"),
    "web.training_files.content": (
        Visit("trainer", "/training/files/{proven-assignment}/content"),
        "application/pdf",
    ),
    "web.training_files.export": (
        Visit("trainer", "/training/files/export?training={proven-assignment}"),
        "application/zip",
    ),
    "web.proof_archives.content": (Visit("trainer", "/training/files/archives/{archive}"), "application/zip"),
    "web.attendance_sheets.content": (
        Visit("trainer", "/classes/{held-class}/attendance-sheet"),
        "application/pdf",
    ),
    "web.certificates.badge": (Visit("nolwenn", "/me/certificates/badges/{badge}/png"), "image/png"),
    "web.papers.content": (Visit("nolwenn", "/papers/{paper}/content"), "application/pdf"),
    "web.documents.content": (Visit("nolwenn", "/documents/{document}/content"), "application/pdf"),
}
"""Operation -> an example that is a file to keep, and its type."""

STEPS: dict[str, tuple[Visit, int]] = {
    "web.me.results": (Visit("camille", "/me/results"), 303),
    "web.language.set": (Visit("", "/language/en?next=/sign-in"), 303),
    "web.questionnaires.resume": (Visit("yanis", "/me/questionnaires/work-organisation"), 303),
    "web.draft_modules.file": (Visit("trainer", DRAFT_MODULE + "/files/poste.png"), 200),
    "web.learning.file": (Visit("nolwenn", LESSON + "/files/not-there.png"), 404),
    "web.paths.file": (
        Visit("trainer", "/training/paths/first-calls/editions/2026-11/modules/phone-day/files/gone.png"),
        404,
    ),
    "web.package_content.read": (Visit("", "/package-content/nobody/index.html"), 404),
    "web.calendars.feed": (Visit("", "/calendars/nobody.ics"), 404),
    "web.badges.issuer": (Visit("", "/badges/issuer"), 200),
    "web.badges.keys": (Visit("", "/badges/keys"), 200),
    "web.badges.key": (Visit("", "/badges/keys/{badge-key}"), 200),
    "web.badges.status": (Visit("", "/badges/{badge}/status"), 200),
    "web.badges.picture": (Visit("", "/badges/{badge}/image.svg"), 200),
    "web.badges.achievement": (Visit("", "/badges/achievements/{proven-slug}/{proven-edition}"), 200),
    "web.badges.image": (Visit("", "/badges/achievements/{proven-slug}/{proven-edition}/image.svg"), 200),
    "web.proof_archives.list": (Visit("trainer", "/training/files/archives"), 200),
    "web.papers.progress": (Visit("recruiter", "/papers/{paper}/progress"), 204),
    "web.packs.progress": (Visit("recruiter", "/packs/{pack}/progress"), 204),
}
"""Operation -> an example that leads elsewhere, says nothing or speaks to programs, and its status."""
