"""Settings come from variables and one file; a wrong one is named with its place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load_settings
from config.yaml_file import ConfigurationError


def test_the_embedded_default_needs_nothing(home: Path) -> None:
    settings = load_settings()
    assert settings.home == home
    assert settings.ledger_url == f"sqlite:///{home}/ledger.sqlite3"
    assert settings.archive_address == f"file://{home}/archive"
    assert settings.broker_address.startswith("redis+socket://")


def test_the_file_is_read_and_a_variable_wins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "settings.yaml").write_text("smtp_port: 2525\nsmtp_host: mail.example\n", encoding="utf-8")
    monkeypatch.setenv("NIANBAO_SMTP_HOST", "other.example")
    settings = load_settings()
    assert (settings.smtp_host, settings.smtp_port) == ("other.example", 2525)


def test_a_home_given_in_code_has_its_own_file(home: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("smtp_port: 2526\n", encoding="utf-8")
    assert load_settings(home=tmp_path).smtp_port == 2526


def test_a_secret_may_come_from_a_file_and_is_not_shown(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("geheim\n", encoding="utf-8")
    monkeypatch.setenv("NIANBAO_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    settings = load_settings()
    assert settings.smtp_password is not None
    assert settings.smtp_password.get_secret_value() == "geheim"
    assert "geheim" not in repr(settings)


def test_a_deep_home_still_has_a_socket_that_fits(home: Path) -> None:
    settings = load_settings(home=home / ("很深的目录" * 10))
    assert len(str(settings.embedded_broker_socket).encode()) <= 107


@pytest.mark.parametrize(
    ("content", "where", "wrong"),
    [
        ("smtp_port: 0\n", "settings.yaml:1", "smtp_port"),
        ("mail_from: a@b\nsmtp_prot: 25\n", "settings.yaml:2", "smtp_prot”没有这个设置"),
        ("smtp_port: [\n", "settings.yaml:2", "不是有效的 YAML"),
        ('mail_from: "a@b\\r\\nBcc: c@d"\n', "settings.yaml:1", "须为一行"),
    ],
)
def test_a_wrong_file_is_named_with_line_and_remedy(home: Path, content: str, where: str, wrong: str) -> None:
    (home / "settings.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        load_settings()
    assert where in error.value.where
    assert wrong in str(error.value)
    assert error.value.remedy


def test_a_misspelt_variable_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_SMPT_HOST", "mail.example")
    with pytest.raises(ConfigurationError, match="NIANBAO_SMPT_HOST：没有这个设置"):
        load_settings()


def test_a_wrong_variable_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_SMTP_PORT", "many")
    with pytest.raises(ConfigurationError, match="环境变量 NIANBAO_SMTP_PORT"):
        load_settings()
