"""The archive on a disk and on S3: what is kept is had again, once, and what is spoilt or out of reach is said."""

from __future__ import annotations

import hashlib
import resource
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledger.archive import Archive, ArchiveError

REPORT = "年度报告".encode() * 1000
SHA256 = hashlib.sha256(REPORT).hexdigest()
PLACE = f"{SHA256[:2]}/{SHA256}"


@pytest.fixture(params=["disk", "s3"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty archive is."""
    return str(request.getfixturevalue("object_store")) if request.param == "s3" else f"file://{tmp_path / 'archive'}"


def spoil(address: str, content: bytes) -> None:
    if address.startswith("s3:"):
        import boto3  # here, as in tests/object_store.py

        bucket = address.removeprefix("s3://").split("/")[0]
        boto3.client("s3").put_object(Bucket=bucket, Key=f"archive/{PLACE}", Body=content)
    else:
        (Path(address.removeprefix("file://")) / PLACE).write_bytes(content)


def test_what_is_kept_is_had_again_and_keeping_it_twice_changes_nothing(address: str) -> None:
    archive = Archive(address)
    assert not archive.has(SHA256)
    assert archive.put(REPORT) == SHA256
    assert Archive(address).put(REPORT) == SHA256
    assert Archive(address).has(SHA256)
    assert Archive(address).get(SHA256) == REPORT


def test_what_another_machine_wrote_is_seen_at_once(address: str) -> None:
    here, there = Archive(address), Archive(address)
    with pytest.raises(ArchiveError, match=f"存档中没有 {SHA256}；请从备份恢复"):
        here.get(SHA256)
    there.put(REPORT)
    assert here.get(SHA256) == REPORT


def test_what_is_spoilt_is_said_so(address: str) -> None:
    archive = Archive(address)
    archive.put(REPORT)
    spoil(address, b"something else")
    with pytest.raises(ArchiveError, match=f"存档中的 {SHA256} 内容已损坏"):
        archive.get(SHA256)


def test_a_store_that_does_not_answer_is_said_so(object_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    archive = Archive(object_store)
    for use in (lambda: archive.put(REPORT), lambda: archive.get(SHA256), lambda: archive.has(SHA256)):
        with pytest.raises(ArchiveError, match="请检查存储服务的地址、网络和密钥"):
            use()


def test_a_half_written_content_is_written_anew(address: str) -> None:
    Archive(address).put(REPORT)
    spoil(address, REPORT[:100])
    Archive(address).put(REPORT)
    assert Archive(address).get(SHA256) == REPORT


def test_what_stands_in_it_is_listed_and_can_be_removed(address: str) -> None:
    archive = Archive(address)
    assert list(archive.kept()) == []
    archive.put(REPORT)
    (kept,) = archive.kept()
    assert kept.name == SHA256
    assert abs(datetime.now(UTC) - kept.written_at) < timedelta(minutes=5)
    archive.remove(kept)
    assert not Archive(address).has(SHA256)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    archive = Archive(f"file://{tmp_path}")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limit[1]))
    try:
        with pytest.raises(ArchiveError, match=r"无法写入存档.*请检查磁盘空间和权限"):
            archive.put(REPORT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert list(archive.kept()) == []
