"""Mail: through SMTP when it is configured, else into files that a person can open."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from service.runtime.settings import Settings

TIMEOUT_SECONDS = 20
MAIL_FOLDER = "mail"


@dataclass(frozen=True)
class Letter:
    """What is needed of one message; `calendar` is an iCalendar object with what `calendar_method` asks of it."""

    id: UUID
    recipient: str
    subject: str
    body_text: str
    body_html: str
    created_at: datetime
    calendar: str = ""
    calendar_method: str = ""


def compose(letter: Letter, *, sender: str) -> EmailMessage:
    """The message as it travels; its Message-ID is the letter's own id, so a twin is recognised as one."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = re.sub(r"\s+", " ", letter.subject)
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.id}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body_text)
    message.add_alternative(letter.body_html, subtype="html")
    if letter.calendar:
        _add_calendar(message, letter)
    return message


def _add_calendar(message: EmailMessage, letter: Letter) -> None:
    """Twice, as calendar programs expect it: as an alternative that they act on (RFC 6047), and as a file to open."""
    content, method = letter.calendar.encode(), letter.calendar_method
    message.add_alternative(
        content, maintype="text", subtype="calendar", cte="base64",
        params={"method": method, "charset": "utf-8"},
    )  # fmt: skip
    message.add_attachment(content, maintype="application", subtype="ics", filename="invitation.ics")


def send(letter: Letter, settings: Settings) -> str:
    """Send one letter; returns the name of the file it went to, or "" when it went through SMTP.

    Raises OSError or smtplib.SMTPException when the server cannot be reached or refuses; the caller tries again.
    """
    message = compose(letter, sender=settings.mail_from)
    if settings.smtp_url:
        _send_by_smtp(message, settings.smtp_url)
        return ""
    return _write_file(message, settings.data_dir / MAIL_FOLDER, str(letter.id))


def _send_by_smtp(message: EmailMessage, url: str) -> None:
    """Speak TLS whenever the server can, with its certificate checked; a password never travels in the clear."""
    parts = urlsplit(url)
    host, tls = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=tls)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    with server:
        server.ehlo()
        is_private = parts.scheme == "smtps"
        if not is_private and server.has_extn("starttls"):
            server.starttls(context=tls)
            is_private = True
        if parts.username and not is_private:
            raise smtplib.SMTPNotSupportedError(
                f"{host} offers no STARTTLS, so the password is not sent; use smtps:// or a server with STARTTLS"
            )
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _write_file(message: EmailMessage, folder: Path, name: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    part, target = folder / f".{name}.part", folder / f"{name}.eml"
    part.write_bytes(message.as_bytes())
    part.replace(target)
    return target.name
