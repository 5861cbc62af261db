"""A real S3 server on a free port; its address and key come through the environment, as on any machine."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from multiprocessing import forkserver

import pytest


@pytest.fixture
def object_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The fsspec address of an empty archive on it."""
    # Here and not above: every process of a run loads this file, and few start a server.
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nianbao")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    start_rounds_anew()
    # The server's buckets are those of its process, so that each test has one of its own.
    bucket = f"nianbao-{uuid.uuid4().hex[:12]}"
    where = {"LocationConstraint": "cn-north-1"}
    boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    yield f"s3://{bucket}/archive"
    server.stop()
    start_rounds_anew()


def start_rounds_anew() -> None:
    """The process from which rounds are forked keeps environment and outputs of its start; the next one is another."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
