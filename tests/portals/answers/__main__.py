"""``python -m tests.portals.answers SEED [COUNT]``: answers broken by a seed, and what came wrong of it."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from config.settings import load_settings
from tests.portals.answers.season import try_answers

_AT_ONCE = 120


def main() -> int:
    """The command: ends with 1 where something is wrong."""
    seed, count = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 400
    logging.disable(logging.CRITICAL)
    os.environ |= {
        "NIANBAO_ALLOW_PRIVATE_ADDRESSES": "true",
        "NIANBAO_LOG_LEVEL": "ERROR",
        "NIANBAO_FETCH_TIMEOUT_SECONDS": "3",
    }
    wrong = 0
    for first in range(0, count, _AT_ONCE):
        home = Path(tempfile.mkdtemp(prefix="answers-"))
        try:
            tried = try_answers(load_settings(home=home), seed + first, min(_AT_ONCE, count - first))
        finally:
            shutil.rmtree(home, ignore_errors=True)
        wrong += len(tried.wrong)
        looks = ", ".join(f"{number} {ended}" for ended, number in sorted(tried.looks.items()))
        sys.stdout.write("\n".join([*tried.wrong, f"seed {seed + first}: {looks}; wrong: {len(tried.wrong)}", ""]))
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
