"""What an operator may set, each from one HOMESHORE_* variable; `homeshore doctor` lists them all."""

import re
from functools import cached_property
from pathlib import Path
from socket import gethostname
from typing import Literal

from pydantic import AwareDatetime, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One installation. Every field is read from `HOMESHORE_` plus its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="HOMESHORE_", frozen=True, extra="ignore")

    data_dir: Path = Field(Path("var"), description="Where the embedded database and the files are kept.")
    database_url: str = Field(
        "", description="Empty: SQLite in the data directory. Or postgresql://user:password@host/database."
    )
    host: str = Field("127.0.0.1", description="The address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="The port the server listens on.")
    base_url: str = Field("", description="How people reach the service; links in mail start with it.")
    smtp_url: str = Field(
        "",
        description="smtp://user:password@host:587 (STARTTLS) or smtps://…:465; empty: mail goes to files.",
    )
    mail_from: str = Field("Recrutement <recrutement@homeshore.example>", description="The sender of mail.")
    secret: str = Field(
        "", description="Signs cursors and form tokens; empty: made once and kept in the data directory."
    )
    vault_key: str = Field(
        "",
        description="Seals social-security numbers: 32 bytes in base64; empty: made once, kept in the data directory.",
    )
    worker_id: str = Field("", description="A stable name of this process for durable work.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    pdf_processes: int = Field(2, ge=1, le=64, description="How many processes render documents.")
    session_hours: int = Field(12, ge=1, le=24 * 30, description="How long a sign-in holds.")
    link_days: int = Field(14, ge=1, le=90, description="How long an invitation link holds.")
    secure_cookies: bool | None = Field(
        None, description="Cookies over https only; unset: as the base URL says."
    )
    rate_limit_per_minute: int = Field(
        600, ge=1, description="Requests a minute and address; sign-in has a tighter one."
    )
    measure_plan: Literal["full", "short"] = Field(
        "full", description="How much a measuring of somebody's line moves: full, or short for trials."
    )
    turn_url: str = Field(
        "", description="host:port of a TURN server, to measure packet loss; empty: loss is not measured."
    )
    turn_secret: str = Field(
        "", description="The secret shared with the TURN server (coturn: static-auth-secret)."
    )
    pretend_now: AwareDatetime | None = Field(
        None, description="For trials and tests only: the moment that the service takes its start for."
    )
    sign_ins_per_minute: int = Field(20, ge=1, description="Attempts to sign in, a minute and address.")

    @field_validator("base_url")
    @classmethod
    def _without_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("turn_url")
    @classmethod
    def _as_host_and_port(cls, value: str) -> str:
        """As a browser's list of relays wants it; `turn:` in front and `?transport=udp` behind are put there by us."""
        plain = value.removeprefix("turn:").partition("?")[0]
        if plain and not re.fullmatch(r"[A-Za-z0-9.\-\[\]:]+:[0-9]{1,5}", plain):
            raise ValueError("is not host:port, such as turn.example.com:3478")
        return plain

    @cached_property
    def measures_loss(self) -> bool:
        """Whether a relay is there to measure packet loss with."""
        return bool(self.turn_url and self.turn_secret)

    @cached_property
    def public_url(self) -> str:
        """The base of every link we write; never taken from a request's Host header."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @cached_property
    def cookies_are_secure(self) -> bool:
        if self.secure_cookies is not None:
            return self.secure_cookies
        return self.public_url.startswith("https://")

    @cached_property
    def is_embedded(self) -> bool:
        """True when the database is SQLite: then one process does everything."""
        return self.sync_database_url.startswith("sqlite")

    @cached_property
    def sync_database_url(self) -> str:
        """The database's address for a synchronous driver (psycopg 3 or sqlite3)."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'homeshore.db'}"
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @cached_property
    def async_database_url(self) -> str:
        """The same address for an asynchronous driver (psycopg 3 speaks both)."""
        return self.sync_database_url.replace("sqlite://", "sqlite+aiosqlite://", 1)

    @cached_property
    def work_database_url(self) -> str:
        """Where durable work keeps its state: beside the embedded database, or in PostgreSQL in a schema of its own."""
        if self.is_embedded:
            return f"sqlite:///{self.data_dir / 'work.db'}"
        return self.sync_database_url

    @cached_property
    def stable_worker_id(self) -> str:
        return self.worker_id or f"{gethostname()}-{self.port}"
