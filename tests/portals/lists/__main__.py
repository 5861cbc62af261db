"""``python -m tests.portals.lists SEED [COUNT]``: crawls the portals of a seed, and says what was read right.

It ends with 1 where somebody is called missing or late who is neither, where a truly missing agency was not found on a
list that was read, or where less than 97 % of the lists that can be read were read right.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

from config.settings import Settings
from tests.portals.lists.generated import generated_portals
from tests.portals.lists.judged import judged
from tests.portals.lists.outcome import crawl_and_judge


def main() -> int:
    """The command."""
    seed, count = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 400
    logging.disable(logging.WARNING)
    home = Path(tempfile.mkdtemp(prefix="lists-"))
    os.environ |= {"NIANBAO_ALLOW_PRIVATE_ADDRESSES": "true", "NIANBAO_LOG_LEVEL": "ERROR"}
    try:
        portals = generated_portals(seed, count)
        outcome = crawl_and_judge(
            Settings(home=home, allow_private_addresses=True), {name: one for name, (_, one) in portals.items()}
        )
        found = judged(portals, outcome)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.stdout.write("\n".join(found.lines) + "\n")
    return 0 if found.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
