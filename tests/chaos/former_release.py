"""A role of the release before this one: it calls itself so, and its reader is an older one."""

from __future__ import annotations

from functools import lru_cache


def be_former() -> None:
    """What a worker of before the last upgrade says of itself; its readings are those of its own reader version.

    To be called before anything else of ours is imported: names are taken from these modules at their import.
    """
    import workers.reading.version as version

    version.READER_VERSION = f"{int(version.READER_VERSION) - 1}"
    import ledger.machinery.heartbeat as heartbeat

    heartbeat.our_version = lru_cache(lambda: "0.0.former")
