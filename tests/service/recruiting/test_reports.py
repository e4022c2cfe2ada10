"""The report on one's own answers and the sheet for the talk: one set of figures on page, on paper and in the API."""

import html
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
import sqlalchemy as sa

from documents.kinds import DocumentKind
from documents.reports import ReportFacts
from documents.wording import points, write_report
from service.app import create_app
from service.flows.recruiting import reports
from service.flows.recruiting.contests_rules import editions as contest_rules
from service.flows.writing.reports_words import editions, wording_on
from service.runtime.actors import Actor, ActorKind
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, Role
from service.store.assessing import assessments as store
from service.tables.assessments import Scorecard
from service.tables.evidence import Evidence
from service.tables.trail import AuditEntry
from tests.conftest import NOON, FixedClock
from tests.service.assessing.test_assessments import SLUGS, best_answers, instrument_of, submitted
from tests.service.callers import add_staff, client_of, in_browser, session_of
from tests.service.cast import add_candidate, api
from tests.service.papers.offering import new_key

pytestmark = pytest.mark.anyio

FORBIDDEN = ("échec", "inapte", "refusé", "!", "failed", "unfit", "rejected")


async def _answered(app: Any, clock: FixedClock, *slugs: str, **identity: str) -> UUID:
    candidate_id = await add_candidate(app, clock, **identity)
    client = client_of(app, await session_of(app, clock, candidate_id=candidate_id))
    for slug in slugs:
        answers = best_answers(instrument_of(slug))
        for item in instrument_of(slug).items:  # some answers that leave points, some left out
            if item.kind == "likert":
                answers[item.id] = 3
            if item.kind == "yes_no" and not item.required:
                answers.pop(item.id, None)
        sent = await submitted(client, slug, answers)
        assert sent.status_code in (200, 201), sent.text
    return candidate_id


async def _own(app: Any, candidate_id: UUID, locale: Locale = Locale.FR) -> ReportFacts:
    actor = Actor(ActorKind.CANDIDATE, Role.CANDIDATE, candidate_id)
    async with app.state.database.transaction(write=False) as session:
        return await reports.own_report(
            session, actor, editions=app.state.editions, settings=app.state.settings, locale=locale, now=NOON
        )


async def _cards(app: Any, candidate_id: UUID) -> dict[str, Any]:
    async with app.state.database.transaction(write=False) as session:
        found = await store.newest_scorecards_of(session, candidate_id)
    return {card.instrument: card.result for card in found}


async def test_contributions_in_the_text_are_those_of_the_data(app: Any, clock: FixedClock) -> None:
    candidate_id = await _answered(app, clock, *SLUGS)
    cards = await _cards(app, candidate_id)
    page = html.unescape(
        (await (await in_browser(app, clock, candidate_id=candidate_id)).get("/me/report")).text
    )
    facts = await _own(app, candidate_id)
    paper = html.unescape(
        write_report(DocumentKind.ASSESSMENT_REPORT, facts, author="R", issued_on=NOON.date(), reference="R")
    ).replace("\N{NO-BREAK SPACE}", " ")
    for result in facts.results:
        card = cards[result.key]
        questions = [question for part in result.criteria for question in part.questions]
        by_item = {one.item: one for one in card.contributions}
        assert {question.item for question in questions} == set(by_item)
        for question in questions:
            own = by_item[question.item]
            assert (question.hundredths, question.possible_hundredths) == (
                own.hundredths, own.possible_hundredths,
            )  # fmt: skip
            told = f"{points(own.hundredths)} / {points(own.possible_hundredths)}"
            assert told in paper
            assert points(own.hundredths) in page
        assert sum(question.hundredths for question in questions) == card.score_hundredths
        assert sum(part.hundredths for part in result.criteria) == result.declared.hundredths
        assert f"{points(card.score_hundredths)} / 100,00" in paper
        for scale in card.scales:
            assert f"{points(scale.contributed_hundredths)} / {points(scale.possible_hundredths)}" in paper


async def test_a_score_never_goes_without_its_interval(app: Any, clock: FixedClock) -> None:
    candidate_id = await _answered(app, clock, *SLUGS)
    for locale in Locale:
        facts = await _own(app, candidate_id, locale)
        for result in facts.results:
            drawn = result.declared
            assert 0 <= drawn.low_hundredths <= drawn.hundredths <= drawn.high_hundredths <= 10_000
            if drawn.low_hundredths != drawn.high_hundredths:
                assert wording_on(NOON, locale).points(drawn.low_hundredths) in drawn.said
            assert result.demonstrated or result.not_demonstrated


async def test_the_report_says_what_the_law_wants_a_candidate_to_read(app: Any, clock: FixedClock) -> None:
    candidate_id = await _answered(app, clock, SLUGS[2])
    staff = await session_of(app, clock, staff_id=await add_staff(app, clock, name="Claire Dumont"))
    async with api(app, staff) as client:
        await client.post(f"/candidates/{candidate_id}/screenings", json={}, headers=new_key())
    own = client_of(app, await session_of(app, clock, candidate_id=candidate_id))
    said = (await own.get("/api/v1/me/report", headers={"Accept-Language": "fr"})).json()
    everything = " ".join(text for one in said["passages"] for text in (*one["paragraphs"], *one["items"]))
    days = contest_rules()[0].answer_within_days
    for words in (
        "Une personne décide, jamais un programme", "Claire Dumont", "Aucune décision n’est encore prise",
        "/me/contests", f"{days} jours au plus", "Contester ne vous nuit jamais", "CNIL", "24 novembre 2028",
        "L1221-8", "ne vous compare à personne", "2026-11",
    ):  # fmt: skip
        assert words in everything, words
    english = (await own.get("/api/v1/me/report")).json()
    assert english["language"] == "en"
    assert "A person decides, never a program" in english["passages"][0]["paragraphs"][0]


async def test_what_was_shown_stands_beside_what_was_declared(app: Any, clock: FixedClock) -> None:
    candidate_id = await _answered(app, clock, SLUGS[2])
    async with app.state.database.transaction() as session:
        session.add(
            Evidence(
                candidate_id=candidate_id, instrument=SLUGS[2], item="screens", kind="verified", value=1,
                known_on=NOON.date(), recorded_at=NOON,
            )
        )  # fmt: skip
    facts = await _own(app, candidate_id)
    (screens,) = (q for part in facts.results[0].criteria for q in part.questions if q.item == "screens")
    assert screens.shown[0].startswith("Vérifié le 24 novembre 2026 : 1")
    assert screens.answered != screens.shown


async def test_results_are_for_the_person_and_for_those_who_recruit(app: Any, clock: FixedClock) -> None:
    candidate_id = await _answered(app, clock, SLUGS[2])
    other = client_of(
        app, await session_of(app, clock, candidate_id=await add_candidate(app, clock, email="o@example.com"))
    )
    assert (await other.get("/api/v1/me/report")).json()["results"] == []
    assert (await other.get(f"/api/v1/candidates/{candidate_id}/report")).status_code == 403
    for role, status in ((Role.RECRUITER, 200), (Role.APPROVER, 200), (Role.TRAINER, 403)):
        page = await in_browser(app, clock, staff_id=await add_staff(app, clock, role))
        assert (await page.get(f"/candidates/{candidate_id}/scorecard")).status_code == status
        shown = (await page.get(f"/candidates/{candidate_id}")).text
        assert ("Résultats des questionnaires" in shown) is (status == 200)
    async with app.state.database.transaction(write=False) as session:
        noted = await session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.subject_id == str(candidate_id))
        )
        assert list(noted).count("scorecard.sheet") == 2


async def test_the_sheet_asks_questions_and_blames_nobody(app: Any, clock: FixedClock) -> None:
    candidate_id = await _answered(app, clock, SLUGS[0])
    async with app.state.database.transaction() as session:
        row = await session.scalar(sa.select(Scorecard))
        text = {"fr": "Deux réponses ne vont pas ensemble. Laquelle est la plus vraie ?", "en": "Which one?"}
        row.signals = [{"kind": "contradiction", "text": text, "items": ["a", "b"]}]
    page = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    shown = html.unescape((await page.get(f"/candidates/{candidate_id}/scorecard")).text)
    for words in (
        "Déclaré",
        "Montré",
        "À aborder ensemble",
        "jamais des fautes",
        text["fr"],
        "Ce n’est pas un zéro",
    ):
        assert words in shown, words
    own = await in_browser(app, clock, candidate_id=candidate_id)
    assert text["fr"] in html.unescape((await own.get("/me/report")).text)


async def test_before_any_answer_both_pages_say_how_they_fill_up(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock)
    own = await in_browser(app, clock, candidate_id=candidate_id)
    assert "Pas encore de résultat" in (await own.get("/me/report")).text
    staff = await in_browser(app, clock, staff_id=await add_staff(app, clock))
    assert "Pas encore de résultat" in (await staff.get(f"/candidates/{candidate_id}/scorecard")).text
    assert (await own.get("/me/results")).headers["location"] == "/me/report"


async def test_both_papers_are_pdfs_in_both_languages_whatever_a_person_is_called(
    sqlite_settings: Settings, clock: FixedClock
) -> None:
    app = create_app(sqlite_settings.model_copy(update={"pdf_processes": 1}), clock=clock)
    async with app.lifespan():
        candidate_id = await _answered(app, clock, SLUGS[2], given_name="李 <b>🎧")
        own = await in_browser(app, clock, candidate_id=candidate_id)
        staff = await in_browser(app, clock, staff_id=await add_staff(app, clock))
        for client, path in ((own, "/me/report.pdf"), (staff, f"/candidates/{candidate_id}/scorecard.pdf")):
            for language in ("fr", "en"):
                answer = await client.get(path, headers={"Accept-Language": language}, timeout=120)
                assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
                assert "attachment" in answer.headers["content-disposition"]
                with pikepdf.open(BytesIO(answer.content)) as document:
                    assert str(document.Root.Lang).startswith(language)
                    if path.endswith("scorecard.pdf"):
                        assert len(document.pages) <= 2


async def test_hostile_words_stay_text_on_paper(app: Any, clock: FixedClock) -> None:
    candidate_id = await _answered(app, clock, SLUGS[2])
    facts = await _own(app, candidate_id)
    payload = "<script>alert(1)</script>{{ 7*7 }}"
    clean = write_report(
        DocumentKind.ASSESSMENT_REPORT, facts, author="R", issued_on=NOON.date(), reference="R"
    )
    poisoned = facts.model_copy(update={"person": payload, "lead": payload})
    dirty = write_report(
        DocumentKind.ASSESSMENT_REPORT, poisoned, author=payload, issued_on=NOON.date(), reference=payload
    )
    assert dirty.count("<") == clean.count("<")


def _sentences() -> list[tuple[str, str, str]]:
    return [
        (key, locale.value, text.in_(locale.value))
        for edition in editions()
        for key, text in edition.words.items()
        for locale in Locale
    ]


def test_the_sentences_are_short_kind_and_ask_for_the_same_facts_in_both_languages() -> None:
    for key, _, sentence in _sentences():
        assert not any(word in sentence.lower() for word in FORBIDDEN), key
        for part in re.split(r"(?<=[.?:]) ", sentence):
            assert len(part.split()) <= 26, (key, part)
    for edition in editions():
        for key, text in edition.words.items():
            asked = [sorted(re.findall(r"{\w+}", words)) for words in (text.fr, text.en)]
            assert asked[0] == asked[1], key


def test_every_sentence_is_said_somewhere() -> None:
    folder = Path(reports.__file__).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("reports*.py")).replace("'", '"')
    made = ("known_", "decision_", "sheet_decision_", "opening_", "payer_", "sheet_payer_", "price_")
    unsaid = [key for key in editions()[0].words if f'"{key}"' not in code and not key.startswith(made)]
    assert unsaid == []
    assert wording_on(NOON, Locale.FR).edition is editions()[-1]
