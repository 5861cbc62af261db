"""The one typed class of settings: ``NIANBAO_…`` variables, or ``settings.yaml`` in ``NIANBAO_HOME``.

Variables win over the file. Any secret may come from a file instead: ``NIANBAO_SMTP_PASSWORD_FILE``
names a file whose content is the password (container secrets).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

from config.mail_address import is_mail_address
from config.yaml_file import ConfigurationError, read_yaml

PREFIX = "NIANBAO_"
# Whoever can guess the key stops other people's mail.
SHORTEST_KEY = 16
COMMON_CAUSE_SHARE = 0.2
LOOKS_APART = timedelta(hours=12)
SECRETS = (
    "database_url",
    "broker_url",
    "smtp_username",
    "smtp_password",
    "unsubscribe_secret",
    "watchdog_url",
    "oidc_client_secret",
)


class _AnyKeys(BaseModel):
    """Whatever stands in settings.yaml; only that it is YAML with keys is asked before Settings looks at it."""


class Settings(BaseSettings):
    """Every setting of nianbao, with its default; docs/settings.md and compose.env explain them one by one."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    home: Path = Field(
        default=Path.home() / ".nianbao",
        description="directory for the ledger, the archive and the office's own configuration files",
    )
    database_url: SecretStr | None = Field(
        default=None, description="SQLAlchemy URL of the ledger. Defaults to an SQLite file in `NIANBAO_HOME`"
    )
    broker_url: SecretStr | None = Field(
        default=None,
        description="redis:// or rediss:// (TLS) URL of the Celery broker. Defaults to the bundled Valkey "
        "in `NIANBAO_HOME`",
    )
    broker_ca_file: Path | None = Field(
        default=None,
        description="PEM file with the CA certificates that the broker is verified against. Defaults to the system's",
    )
    archive_url: str | None = Field(
        default=None,
        description="fsspec URL of the document archive. Defaults to the directory `archive` in `NIANBAO_HOME`",
    )

    contact: str = Field(
        default="nianbao@localhost", description="contact address in the crawler's User-Agent header, for webmasters"
    )
    crawl_interval_hours: float = Field(default=24, gt=0, description="hours between crawls of a portal")
    crawl_season_interval_hours: float = Field(
        default=1,
        gt=0,
        description="hours between crawls of a portal within two weeks of a due date of its agencies; more where its "
        "pace asks for it",
    )
    crawl_retry_minutes: float = Field(
        default=60, gt=0, description="minutes before a failed crawl of a portal is retried"
    )
    fetch_timeout_seconds: float = Field(default=60, gt=0, description="timeout in seconds for one HTTP response")
    fetch_max_bytes: int = Field(
        default=64 * 1024 * 1024, gt=0, description="maximum size of an HTTP response in bytes"
    )
    crawl_processes: int = Field(
        default=24, ge=1, le=512, description="maximum number of processes that crawl portals at once"
    )
    crawl_together: int = Field(
        default=16,
        ge=1,
        le=64,
        description="maximum number of portals crawled in one process; where one of them breaks a limit, each of "
        "those that are left goes on in a process of its own (1: each portal always has its own)",
    )
    crawl_limit_minutes: float = Field(default=120, gt=0, description="time limit in minutes for one crawl of a portal")
    crawl_stall_seconds: float = Field(
        default=60,
        gt=0,
        description="CPU seconds that the crawl of a portal may spend on one page before it is aborted",
    )
    crawl_memory_megabytes: int = Field(
        default=768, ge=128, description="memory limit in MB of the process that crawls a portal"
    )
    allow_private_addresses: bool = Field(
        default=False, description="allow requests to loopback and private IP addresses (for the demo and tests)"
    )
    common_cause_share: float = Field(
        default=COMMON_CAUSE_SHARE,
        ge=0,
        le=1,
        description="share of a district's agencies (0 to 1; at least 5 agencies) that may turn missing at once, "
        "beyond last season's; where more would, none is called missing and operators are told. Also the share of the "
        "portals (at least 3) above which those that cannot be reached at once are told as one trouble, of our network",
    )
    new_form_reports: int = Field(
        default=3,
        ge=2,
        description="reports of a year, of different agencies, with the same rows or columns that are in no form, from "
        "which on operators are told that there may be a new form",
    )
    looks_apart_hours: float = Field(
        default=LOOKS_APART / timedelta(hours=1),
        ge=0,
        description="least hours between the beginnings of the two complete crawls after the due date that show that a "
        "report is missing",
    )
    unhealthy_rounds_before_alert: int = Field(
        default=3, ge=1, description="consecutive unhealthy crawls of a portal before operators are alerted"
    )

    keep_looks_days: int = Field(
        default=400,
        ge=60,
        description="days for which crawls, looks at columns and failed attempts to send mail are kept; older ones are "
        "kept only where a standing, a date, a finding or a letter rests on them",
    )

    read_timeout_seconds: float = Field(default=120, gt=0, description="time limit in seconds for reading one document")
    scan_timeout_seconds: float = Field(
        default=600, gt=0, description="time limit in seconds for reading one scanned document (OCR, queue `scan`)"
    )
    read_memory_megabytes: int = Field(default=1536, ge=256, description="memory limit of the reading subprocess in MB")
    read_max_bytes: int = Field(
        default=64 * 1024 * 1024, gt=0, description="maximum size in bytes of a document to be read"
    )
    read_attempts: int = Field(
        default=3, ge=1, description="maximum number of reading attempts before a document is quarantined"
    )
    lost_after_minutes: float = Field(
        default=15, gt=0, description="minutes after which an unfinished reading task is considered lost and sent again"
    )
    stop_grace_seconds: float = Field(
        default=120,
        gt=0,
        description="seconds a stopping worker has to finish its documents before it returns them to the queue",
    )
    queued_most: int = Field(
        default=200,
        ge=32,
        le=10_000,
        description="maximum number of messages in a broker queue, at least what all workers read in a second; further "
        "documents wait in the ledger and are queued round-robin by portal",
    )
    crawl_waits_above: int = Field(
        default=50_000, ge=1, description="number of unread documents above which crawlers start no new crawls"
    )

    smtp_host: str = Field(default="127.0.0.1", description="SMTP server host")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="SMTP server port")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="none", description="SMTP connection security: none, starttls or tls"
    )
    smtp_username: SecretStr | None = Field(default=None, description="SMTP user name. Empty: no authentication")
    smtp_password: SecretStr | None = Field(default=None, description="SMTP password")
    smtp_ca_file: Path | None = Field(
        default=None,
        description="PEM file with the CA certificates that the SMTP server is verified against. Defaults "
        "to the system's",
    )
    smtp_timeout_seconds: float = Field(default=30, gt=0, description="timeout in seconds for SMTP operations")
    mail_from: str = Field(default="nianbao@localhost", description="From address of all mail")
    mail_domain: str = Field(
        default="nianbao.invalid",
        description="domain part of Message-IDs; must never change, since identical messages are recognised by it",
    )

    public_address: str | None = Field(
        default=None,
        description="public HTTPS URL of the monitor's pages; with it mails carry one-click unsubscribe links",
    )
    unsubscribe_secret: SecretStr | None = Field(
        default=None,
        description="key that signs unsubscribe links; must be the same on all machines. Defaults to a "
        "file in `NIANBAO_HOME` that is created on first use",
    )

    web_listen: str = Field(
        default="127.0.0.1:8321",
        description="HOST:PORT on which the desk listens (port 0: any that is free). Empty: no desk",
    )
    web_address: str | None = Field(
        default=None,
        description="URL under which readers of mails reach the desk; with it letters link to findings and reports",
    )
    web_proxies: str | None = Field(
        default=None,
        description="IP addresses or networks (comma-separated) of the reverse proxies before the desk, whose "
        "X-Forwarded-For is believed; attempts to log in are counted by the client's address",
    )
    web_second_factor: Literal["offered", "required"] = Field(
        default="offered",
        description="codes (TOTP) after the password at the desk: offered to everybody, or required of everybody",
    )

    oidc_issuer: str | None = Field(
        default=None,
        description="address of the office's identity provider (OpenID Connect), exactly as it names itself; with it "
        "people log in to the desk by their office's account. Needs the extra `web-oidc` and `NIANBAO_WEB_ADDRESS`",
    )
    oidc_client_id: str | None = Field(default=None, description="the desk's client id at the identity provider")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="the desk's client secret at the identity provider"
    )
    oidc_claim: str = Field(
        default="preferred_username",
        pattern="^[A-Za-z0-9_:/.-]{1,200}$",
        description="claim of the identity token that is the name of the account at the desk, for example `email`",
    )

    web_check_open: bool = Field(
        default=False,
        description="anybody who reaches the desk may check a draft at /check without logging in; otherwise only by an "
        "agency's own address, or logged in",
    )

    heartbeat_seconds: float = Field(default=20, gt=0, le=300, description="heartbeat interval in seconds")
    silent_after_minutes: float = Field(
        default=5,
        gt=0,
        le=1440,
        description="minutes without a heartbeat after which a process is considered dead (at least 3 heartbeats)",
    )
    canary_seconds: float = Field(default=60, ge=1, le=3600, description="seconds between canary tasks")
    task_events: bool = Field(
        default=False, description="workers send Celery's task events, which Flower and celery events show"
    )
    deaf_after_minutes: float = Field(
        default=10,
        gt=0,
        le=1440,
        description="minutes without taking a task after which a live worker is considered disconnected "
        "from the broker",
    )
    crawl_overdue_hours: float = Field(
        default=6,
        gt=0,
        description="hours a due portal may wait for a crawler before operators are alerted; near due dates no "
        "longer than until the round after",
    )
    mail_failing_minutes: float = Field(
        default=30, gt=0, le=1440, description="minutes of failing mail delivery before operators are alerted"
    )
    summary_late_hours: float = Field(
        default=6, gt=0, le=168, description="hours a weekly summary may remain unsent before operators are alerted"
    )
    disk_free_megabytes: int = Field(
        default=2048, ge=1, description="minimum free disk space in MB; operators are alerted below it"
    )
    clock_may_differ_seconds: float = Field(
        default=30,
        gt=0,
        le=3600,
        description="maximum clock difference between machines in seconds; operators are alerted above it",
    )
    bad_looks_before_alert: int = Field(
        default=3, ge=1, le=100, description="consecutive failed disk or clock checks before operators are alerted"
    )
    health_address: str | None = Field(
        default=None, description="HOST:PORT on which the monitor serves /health, /ready and /metrics. Empty: disabled"
    )
    watchdog_url: SecretStr | None = Field(
        default=None,
        description="URL of an external watchdog; the monitor sends a GET request to it after each successful round",
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="minimum log level")
    log_format: Literal["console", "json"] = Field(
        default="console", description="log output format: console (human-readable) or json"
    )

    @field_validator("smtp_host", "mail_from", "mail_domain", "contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value or any(character in value for character in "\r\n"):
            raise ValueError("须为一行非空文字")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if not is_mail_address(parseaddr(value)[1]):
            raise ValueError("须为邮件地址，例如 nianbao@example.gov.cn 或 年报监测 <nianbao@example.gov.cn>")
        return value

    @field_validator("public_address", "web_address")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if not value:
            return None
        if not re.fullmatch(r"https?://[!-~]+", value):
            raise ValueError("须以 https:// 或 http:// 开头")
        return value.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"https://[!-~]+|http://(?:localhost|127\.0\.0\.1)(?::\d+)?(?:/[!-~]*)?", value):
            raise ValueError("须以 https:// 开头")
        return value or None

    @field_validator("web_proxies")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        for one in (value or "").split(","):
            try:
                ip_network(one.strip() or "127.0.0.1", strict=False)
            except ValueError as error:
                raise ValueError("须为 IP 地址或网段，用逗号分隔，例如 127.0.0.1,10.0.0.0/24") from error
        return value or None

    @field_validator("web_listen")
    @classmethod
    def _listens(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and (not host or not port.isdecimal() or int(port) > 65535):
            raise ValueError("须写成 主机:端口，例如 127.0.0.1:8321")
        return value

    @field_validator("health_address")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if not value:
            return None
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError("须写成 主机:端口，例如 127.0.0.1:9187")
        return value

    @field_validator("unsubscribe_secret")
    @classmethod
    def _key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if len(value.get_secret_value().strip()) < SHORTEST_KEY:
            raise ValueError(f"至少须有 {SHORTEST_KEY} 个字符，例如 openssl rand -hex 32 的输出")
        return value

    @field_validator("watchdog_url")
    @classmethod
    def _watchdog_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        if not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("须以 http:// 或 https:// 开头")
        return value

    @property
    def task_limit_seconds(self) -> float:
        """Limit for one document in a worker: the reading process's, and time to load bytes and wait for the ledger."""
        return max(self.read_timeout_seconds, self.scan_timeout_seconds) + 120

    @property
    def looks_apart(self) -> timedelta:
        """The least time between the beginnings of the two looks that prove an absence."""
        return timedelta(hours=self.looks_apart_hours)

    @property
    def ledger_url(self) -> str:
        """The SQLAlchemy address of the ledger."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.ledger_file}"

    @property
    def ledger_file(self) -> Path:
        """The SQLite file of the embedded default."""
        return self.home / "ledger.sqlite3"

    @property
    def embedded_broker_socket(self) -> Path:
        """Where the bundled broker listens. A socket's path has at most 107 bytes, so a deep home gets a short one."""
        socket = self.home / "broker" / "valkey.sock"
        if len(os.fsencode(socket)) <= 100:
            return socket
        short = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"nianbao-{os.getuid()}-{short}" / "valkey.sock"

    @property
    def broker_address(self) -> str:
        """The address that Celery uses for its broker."""
        if self.broker_url is not None:
            return self.broker_url.get_secret_value()
        return f"redis+socket://{self.embedded_broker_socket}"

    @property
    def archive_address(self) -> str:
        """The fsspec address of the archive."""
        return self.archive_url or f"file://{self.home / 'archive'}"

    @classmethod
    def settings_customise_sources(  # noqa: D102 - pydantic-settings' own hook
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        path = _settings_file(init_settings().get("home"))
        if not path.is_file():
            return init_settings, env_settings
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls, yaml_file=path)


def load_settings(**given: Any) -> Settings:
    """The settings from ``given``, the environment, and ``settings.yaml``, in this order of precedence.

    Raises ConfigurationError with one sentence where a setting is unknown or wrong.
    """
    _refuse_unknown_variables(os.environ)
    values: dict[str, Any] = {**_secrets_from_files(os.environ), **given}
    path = _settings_file(given.get("home"))
    if path.is_file():
        read_yaml(path, _AnyKeys)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        where = _where(name, path)
        wrong = "没有这个设置" if first["type"] == "extra_forbidden" else f"取值不符合要求（{first['msg']}）"
        raise ConfigurationError(
            where, f"“{name}”{wrong}", "请改正后重新启动（全部设置见 docs/settings.md）"
        ) from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})


def _settings_file(home: Path | str | None) -> Path:
    folder = home or os.environ.get(PREFIX + "HOME") or Settings.model_fields["home"].default
    return Path(folder).expanduser() / "settings.yaml"


def _where(name: str, path: Path) -> str:
    variable = PREFIX + name.upper()
    if variable in os.environ or variable + "_FILE" in os.environ:
        return f"环境变量 {variable}"
    if path.is_file():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines, start=1):
            if line.startswith(name.split(".")[0] + ":"):
                return f"{path}:{number}"
    return str(path)


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {PREFIX + name.upper() + "_FILE" for name in SECRETS}
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in known and not variable.startswith(PREFIX + "TEST_"):
            raise ConfigurationError(
                f"环境变量 {variable}", "没有这个设置", "请核对拼写（全部设置见 docs/settings.md）"
            )


def _secrets_from_files(environment: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for name in SECRETS:
        variable = PREFIX + name.upper() + "_FILE"
        if variable not in environment or PREFIX + name.upper() in environment:
            continue
        try:
            values[name] = Path(environment[variable]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"环境变量 {variable}", f"所指文件无法读取（{error}）", "请检查路径和权限"
            ) from error
    return values
