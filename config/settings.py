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
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

from config.mail_address import is_mail_address
from config.yaml_file import ConfigurationError, read_yaml

PREFIX = "NIANBAO_"
SECRETS = ("database_url", "broker_url", "smtp_username", "smtp_password", "unsubscribe_secret", "watchdog_url")


class _AnyKeys(BaseModel):
    """Whatever stands in settings.yaml; only that it is YAML with keys is asked before Settings looks at it."""


class Settings(BaseSettings):
    """Every setting of nianbao, with its default; docs/settings.md and compose.env explain them one by one."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    home: Path = Field(
        default=Path.home() / ".nianbao", description="folder of ledger, archive and the office's own files"
    )
    database_url: SecretStr | None = Field(default=None, description="SQLAlchemy address; empty: SQLite in home")
    broker_url: SecretStr | None = Field(
        default=None, description="redis:// or (encrypted) rediss:// address; empty: the bundled Valkey in home"
    )
    broker_ca_file: Path | None = Field(
        default=None, description="certificates (PEM) of an authority of your own; empty: those of the system"
    )
    archive_url: str | None = Field(
        default=None, description="fsspec address of the archive; empty: the folder archive in home"
    )

    contact: str = Field(
        default="nianbao@localhost", description="address in the crawler's user agent, for a portal's webmaster"
    )
    crawl_interval_hours: float = Field(default=24, gt=0, description="a portal is due again after so many hours")
    crawl_retry_minutes: float = Field(
        default=60, gt=0, description="a portal that failed is due again after so many minutes"
    )
    fetch_timeout_seconds: float = Field(default=60, gt=0, description="limit for one answer of a portal")
    fetch_max_bytes: int = Field(default=64 * 1024 * 1024, gt=0, description="largest answer that is taken")
    allow_private_addresses: bool = Field(
        default=False, description="fetch from loopback and private addresses (demo, tests)"
    )
    unhealthy_rounds_before_alert: int = Field(
        default=3, ge=1, description="failed rounds in a row before operators are told"
    )

    read_timeout_seconds: float = Field(default=120, gt=0, description="limit for reading one document")
    scan_timeout_seconds: float = Field(
        default=600, gt=0, description="limit for reading one scan: in the queue scan it gives way to all that is read"
    )
    read_memory_megabytes: int = Field(default=1536, ge=256, description="memory limit of the reading process")
    read_max_bytes: int = Field(default=64 * 1024 * 1024, gt=0, description="largest document that is read")
    read_attempts: int = Field(default=3, ge=1, description="attempts before a document goes to quarantine")
    lost_after_minutes: float = Field(default=15, gt=0, description="work that waits longer is handed out again")
    stop_grace_seconds: float = Field(
        default=120, gt=0, description="a worker that is asked to stop finishes its documents, or hands them back"
    )
    queued_most: int = Field(
        default=100,
        ge=32,
        le=10_000,
        description="messages that wait in a queue of the broker at most; other documents wait in the ledger, "
        "where portals have their turn one after the other",
    )
    crawl_waits_above: int = Field(
        default=50_000, ge=1, description="crawlers begin no rounds while more documents than this are unread"
    )

    smtp_host: str = Field(default="127.0.0.1", description="mail server")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="its port")
    smtp_security: Literal["none", "starttls", "tls"] = Field(default="none", description="none, starttls or tls")
    smtp_username: SecretStr | None = Field(default=None, description="login; empty: no login")
    smtp_password: SecretStr | None = Field(default=None, description="password")
    smtp_ca_file: Path | None = Field(
        default=None, description="certificates (PEM) of an authority of your own; empty: those of the system"
    )
    smtp_timeout_seconds: float = Field(default=30, gt=0, description="limit for one conversation with the mail server")
    mail_from: str = Field(default="nianbao@localhost", description="sender of every mail")
    mail_domain: str = Field(default="nianbao.invalid", description="right-hand side of Message-ID; keep it for ever")

    public_address: str | None = Field(
        default=None,
        description="https address under which readers reach the monitor's pages; with it mails carry one-click "
        "unsubscription",
    )
    unsubscribe_secret: SecretStr | None = Field(
        default=None,
        description="signs the unsubscription links; one for all machines; empty: a file in home, made at first use",
    )

    heartbeat_seconds: float = Field(default=20, gt=0, le=300, description="every role notes so often that it lives")
    silent_after_minutes: float = Field(
        default=5, gt=0, le=1440, description="a role without a heartbeat for so long is silent (at least 3 heartbeats)"
    )
    canary_seconds: float = Field(
        default=60, ge=1, le=3600, description="a canary task goes through the queue so often"
    )
    deaf_after_minutes: float = Field(
        default=10, gt=0, le=1440, description="workers that take nothing from the queue for so long are deaf"
    )
    crawl_overdue_hours: float = Field(
        default=6, gt=0, description="a due portal that no crawler took for so long is told to operators"
    )
    mail_failing_minutes: float = Field(
        default=30, gt=0, le=1440, description="mail that could not be sent for so long is told to operators"
    )
    summary_late_hours: float = Field(
        default=6, gt=0, le=168, description="a weekly summary that did not go out for so long is told to operators"
    )
    disk_free_megabytes: int = Field(
        default=2048, ge=1, description="less free space than this in a folder of ours is told to operators"
    )
    clock_may_differ_seconds: float = Field(
        default=30, gt=0, le=3600, description="a clock further off than this is told to operators"
    )
    bad_looks_before_alert: int = Field(
        default=3, ge=1, le=100, description="bad looks at disk or clock in a row before operators are told"
    )
    health_address: str | None = Field(
        default=None, description="HOST:PORT of the monitor's /health, /ready and /metrics; empty: closed"
    )
    watchdog_url: SecretStr | None = Field(
        default=None, description="address that the monitor asks (GET) after every good round, for an outside watchdog"
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least level that is logged"
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="console for people, json for machines"
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

    @field_validator("public_address")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if not value:
            return None
        if not re.fullmatch(r"https?://[!-~]+", value):
            raise ValueError("须以 https:// 或 http:// 开头")
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
    def ledger_url(self) -> str:
        """The SQLAlchemy address of the ledger."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home / 'ledger.sqlite3'}"

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
