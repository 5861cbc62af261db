"""What travels through the pipes between the reading process and its parent: a JSON object and some bytes a frame."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

from pydantic_core import from_json

_LENGTHS = struct.Struct(">QQ")


def send(stream: IO[bytes], header: dict[str, Any], data: bytes = b"") -> None:
    """Writes one frame. Raises OSError where nobody reads any more."""
    encoded = json.dumps(header, ensure_ascii=False).encode()
    stream.write(_LENGTHS.pack(len(encoded), len(data)))
    stream.write(encoded)
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Reads one frame. Raises EOFError where the other end was closed before or within it."""
    header_length, data_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    header: dict[str, Any] = from_json(_exactly(stream, header_length))
    return header, _exactly(stream, data_length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content
