"""What lies in the broker: which work the messages are about, by where they lie."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator

from redis import Redis

from workers.queue import OTHERS, TASK

IN_HAND = "unacked"


def messages(client: Redis) -> Iterator[tuple[str, int]]:
    """The work that each message is about, as the queue where it waits (or :data:`IN_HAND`) and the id of the work."""
    for key in client.scan_iter():
        name = key.decode()
        if client.type(key) == b"list":
            raw = [json.loads(message) for message in client.lrange(key, 0, -1)]
        elif name == IN_HAND:
            raw = [json.loads(message)[0] for message in client.hvals(key)]
        else:
            continue
        for message in raw:
            message = json.loads(message) if isinstance(message, str) else message
            if message["headers"]["task"] == TASK:
                first = json.loads(b64decode(message["body"]))[0][0]
                yield from ((name, int(work)) for work in (first, *message["headers"].get(OTHERS, ())))
