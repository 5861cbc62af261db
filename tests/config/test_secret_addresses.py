"""Addresses are shown without what lets somebody in, however they are written."""

from __future__ import annotations

import pytest

from config.secret_addresses import shown, without_secrets

SECRET = "S3CRETpw"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql+psycopg://u:S3CRETpw@h/db", "postgresql+psycopg://u:***@h/db"),
        ("postgresql+psycopg://h:1/db?password=S3CRETpw&user=u", "postgresql+psycopg://h:1/db?password=***&user=u"),
        ("postgresql+psycopg://h/db?user=u&sslpassword=S3CRETpw", "postgresql+psycopg://h/db?user=u&sslpassword=***"),
        ("s3://k:S3CRETpw@bucket/x", "s3://k:***@bucket/x"),
        ("sftp://u:S3/CRET@pw@h/x", "sftp://u:***@h/x"),
        ("redis://:S3CRETpw@h:6379/0", "redis://:***@h:6379/0"),
        ("http://h/x?token=S3CRETpw", "http://h/x?token=***"),
        ("file:///srv/archive", "file:///srv/archive"),
        ("s3://bucket/folder", "s3://bucket/folder"),
        ("redis://h:6379/0", "redis://h:6379/0"),
        ("postgresql+psycopg://u@h:5432/db?sslmode=require", "postgresql+psycopg://u@h:5432/db?sslmode=require"),
    ],
)
def test_an_address_is_shown_without_its_secret(address: str, expected: str) -> None:
    assert shown(address) == expected


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("s3://k:S3CRETpw@bucket/x", 'Invalid bucket name "k:S3CRETpw@bucket"'),
        ("postgresql+psycopg://u:S3%2FCRET%40pw@h/db", "cannot resolve S3/CRET@pw"),
        ("sftp://u:S3CRE/TS3C@h/x", "no such host: u:S3CRE"),
        ("postgresql+psycopg://u:a@S3CRETpw@h/db", "failed to resolve host 'S3CRETpw@h'"),
        ("http://h/x?token=S3CRETpw", "404: /x?token=S3CRETpw"),
        ("S3CRETpw", "Could not parse S3CRETpw"),
    ],
)
def test_an_error_that_quotes_an_address_or_a_part_of_it_is_said_without_the_secret(address: str, error: str) -> None:
    said = without_secrets(error, address)
    assert "***" in said
    assert not any(part in said for part in ("S3C", "CRET"))
