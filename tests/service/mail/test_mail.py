"""Letters: listed and read by administrators, sent by SMTP to a real server or written as files."""

import email
import email.policy
import pickle
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import select
from sqlmodel import col

from service.flows.mail import mailing
from service.runtime import mail
from service.runtime.settings import Settings
from service.runtime.vocabulary import MailState, Role
from service.tables.trail import Mail, Outbox
from tests.conftest import NOON, FixedClock
from tests.processes import free_port
from tests.service.callers import add_staff, as_staff, client_of, in_browser, session_of

API = "/api/v1"


def _letter(**more: Any) -> mail.Letter:
    said: dict[str, Any] = {
        "id": UUID("00000000-0000-4000-8000-000000000001"), "recipient": "ines@example.com",
        "subject": "Vos questionnaires\r\nBcc: all@example.com", "body_text": "Bonjour Inès,\n\nÀ bientôt.\n",
        "body_html": "<p>Bonjour Inès</p>", "created_at": NOON,
    }  # fmt: skip
    return mail.Letter(**{**said, **more})


class _Inbox:
    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.sessions: list[Session] = []

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.startswith("gone@"):
            return f"550 5.1.1 <{address}> is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.sessions.append(session)
        return "250 kept"


@contextmanager
def _smtp_server(**options: Any) -> Iterator[tuple[_Inbox, int]]:
    inbox = _Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def _settings(folder: Path, smtp_url: str) -> Settings:
    return Settings(data_dir=folder, smtp_url=smtp_url)


def test_a_letter_reaches_a_real_server_whole(tmp_path: Path) -> None:
    with _smtp_server() as (inbox, port):
        assert mail.send(_letter(), _settings(tmp_path, f"smtp://127.0.0.1:{port}")) == ""
    (message,) = inbox.messages
    assert message["To"] == "ines@example.com"
    assert message["Subject"] == "Vos questionnaires Bcc: all@example.com"
    assert message["Bcc"] is None
    assert message["Message-ID"] == "<00000000-0000-4000-8000-000000000001@homeshore.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n") == "Bonjour Inès,\n\nÀ bientôt.\n"
    assert "Inès" in message.get_body(("html",)).get_content()


def test_what_a_durable_run_keeps_of_a_refused_letter_names_nobody(tmp_path: Path) -> None:
    letter = _letter(recipient="gone@example.com")
    with _smtp_server() as (_, port), pytest.raises(mailing.LetterNotSentError) as refused:
        mailing.send_letter(letter, _settings(tmp_path, f"smtp://127.0.0.1:{port}"))
    assert refused.value.args == ("SMTPRecipientsRefused",)
    assert b"gone@" not in pickle.dumps(refused.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that only these tests trust."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ada@x", b"p/w d")
    return AuthResult(success=right, handled=right)


def test_a_password_travels_only_after_starttls(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    options = {"tls_context": _tls(certificate), "authenticator": _authenticate, "auth_required": True}
    with _smtp_server(**options) as (inbox, port):
        mail.send(_letter(), _settings(tmp_path, f"smtp://ada%40x:p%2Fw%20d@127.0.0.1:{port}"))
        with pytest.raises(OSError):
            mail.send(_letter(), _settings(tmp_path, f"smtp://ada%40x:wrong@127.0.0.1:{port}"))
    assert len(inbox.messages) == 1
    assert inbox.sessions[0].authenticated


def test_a_server_without_starttls_is_not_told_the_password(tmp_path: Path) -> None:
    options = {"authenticator": _authenticate, "auth_require_tls": False}
    with _smtp_server(**options) as (inbox, port), pytest.raises(OSError, match="STARTTLS"):
        mail.send(_letter(), _settings(tmp_path, f"smtp://ada%40x:p%2Fw%20d@127.0.0.1:{port}"))
    assert inbox.messages == []


def test_an_unknown_certificate_is_refused(tmp_path: Path, certificate: Path) -> None:
    with _smtp_server(tls_context=_tls(certificate)) as (inbox, port), pytest.raises(OSError):
        mail.send(_letter(), _settings(tmp_path, f"smtp://127.0.0.1:{port}"))
    assert inbox.messages == []


def test_a_server_that_speaks_tls_from_the_first_byte_is_spoken_to(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    with _smtp_server(ssl_context=_tls(certificate)) as (inbox, port):
        mail.send(_letter(), _settings(tmp_path, f"smtps://127.0.0.1:{port}"))
    assert len(inbox.messages) == 1


def test_without_a_server_the_letter_is_a_file_that_opens_as_a_message(tmp_path: Path) -> None:
    name = mail.send(_letter(), _settings(tmp_path, ""))
    kept = email.message_from_bytes((tmp_path / "mail" / name).read_bytes(), policy=email.policy.default)
    assert kept["To"] == "ines@example.com"
    assert "À bientôt." in kept.get_body(("plain",)).get_content()


async def _add_letters(app: Any, count: int) -> list[str]:
    ids = []
    async with app.state.database.transaction() as session:
        for number in range(count):
            row = Mail(
                id=uuid4(), recipient=f"p{number}@example.com", subject=f"Lettre {number}",
                body_text="Entrer :\nhttp://homeshore.test/links/hsl_abc\n", body_html="<p>Entrer</p>",
                created_at=NOON + timedelta(seconds=number // 2), state=MailState.WAITING,
            )  # fmt: skip
            session.add(row)
            ids.append(str(row.id))
    return ids


@pytest.mark.anyio
async def test_an_administrator_pages_through_letters_without_missing_any(
    app: Any, clock: FixedClock
) -> None:
    ids = await _add_letters(app, 5)
    client = await as_staff(app, clock, Role.ADMINISTRATOR)
    found: list[str] = []
    url = f"{API}/letters?limit=2"
    while url:
        answer = await client.get(url)
        assert answer.status_code == 200, answer.text
        found += [one["id"] for one in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert sorted(found) == sorted(ids)
    assert (await client.get(f"{API}/letters?cursor=made-up")).status_code == 422
    assert (await client.get(f"{API}/letters?delivery=sent")).json() == []
    assert (await client.get(f"{API}/letters/{ids[0]}")).json()["body_text"].startswith("Entrer")


@pytest.mark.anyio
async def test_the_page_shows_letters_and_opens_one_with_its_link(app: Any, clock: FixedClock) -> None:
    client = await in_browser(app, clock, staff_id=await add_staff(app, clock, Role.ADMINISTRATOR))
    empty = await client.get("/mail")
    assert "Aucun message" in empty.text
    (letter_id,) = await _add_letters(app, 1)
    listed = await client.get("/mail")
    assert f'href="/mail/{letter_id}"' in listed.text
    assert "p0@example.com" in listed.text
    assert 'href="/links/hsl_abc"' in (await client.get(f"/mail/{letter_id}")).text


@pytest.mark.anyio
async def test_a_letter_whose_attempts_are_spent_can_be_sent_again_once(app: Any, clock: FixedClock) -> None:
    (letter_id,) = await _add_letters(app, 1)
    administrator = await add_staff(app, clock, Role.ADMINISTRATOR)
    client = await in_browser(app, clock, staff_id=administrator)
    machine = client_of(app, await session_of(app, clock, staff_id=administrator))
    early = await machine.post(f"{API}/letters/{letter_id}/deliveries")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-failed")
    async with app.state.database.transaction() as session:
        await mailing.note_failed(session, UUID(letter_id))
    assert "Envoyer de nouveau" in (await client.get("/mail")).text
    token = client.cookies["csrftoken"]
    sent = await client.post(f"/mail/{letter_id}/delivery", data={"_csrf_token": token})
    assert sent.status_code == 303
    assert "Envoyer de nouveau" not in (await client.get("/mail")).text
    async with app.state.database.transaction() as session:
        wishes = list(await session.scalars(select(Outbox).where(col(Outbox.subject_id) == UUID(letter_id))))
    assert [wish.done_at for wish in wishes] == [None]
    assert (await machine.post(f"{API}/letters/{letter_id}/deliveries")).status_code == 409


@pytest.mark.anyio
async def test_nobody_else_reads_letters(app: Any, clock: FixedClock) -> None:
    (letter_id,) = await _add_letters(app, 1)
    client = await as_staff(app, clock, Role.RECRUITER)
    assert (await client.get(f"{API}/letters")).status_code == 403
    assert (await client.get(f"{API}/letters/{letter_id}")).status_code == 403


@pytest.mark.anyio
async def test_where_mail_leaves_by_smtp_an_administrator_cannot_read_links(
    sqlite_settings: Settings, clock: FixedClock
) -> None:
    from service.app import create_app

    app = create_app(sqlite_settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"}), clock=clock)
    async with app.lifespan():
        (letter_id,) = await _add_letters(app, 1)
        client = await as_staff(app, clock, Role.ADMINISTRATOR)
        answer = await client.get(f"{API}/letters/{letter_id}")
        assert answer.status_code == 403
        assert "hsl_abc" not in answer.text
        assert len((await client.get(f"{API}/letters")).json()) == 1


def test_a_calendar_travels_as_what_a_program_acts_on_and_as_a_file_to_open() -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Écouter\r\nEND:VCALENDAR\r\n"
    message = mail.compose(
        _letter(calendar=calendar, calendar_method="REQUEST"), sender="Ada <ada@example.com>"
    )
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    acted_on, kept = parts[2:]
    assert acted_on.get_param("method") == "REQUEST"
    assert acted_on.get_payload(decode=True) == kept.get_payload(decode=True) == calendar.encode()
    assert kept.get_filename() == "invitation.ics"
