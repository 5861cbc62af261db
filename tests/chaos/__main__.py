"""``make chaos SEED=1 MINUTES=5``: exit status 1 where something did not hold."""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
import time
from pathlib import Path

from bench.postgres import stop_what_was_started
from tests.chaos.plants import PLANTS
from tests.chaos.run import run

say = functools.partial(print, flush=True)


def main() -> None:
    """Reads the arguments, runs, and prints what happened and what did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--plant", choices=sorted(PLANTS), help="a bug that the roles run with: it has to be caught")
    parser.add_argument("--calm", action="store_true", help="the same season, and nothing goes wrong")
    parser.add_argument("--keep", type=Path, help="an empty folder that stays: homes, logs and mails of the run")
    arguments = parser.parse_args()
    stop_what_was_started()
    with tempfile.TemporaryDirectory(prefix="nianbao-chaos-", ignore_cleanup_errors=True) as made:
        begun = time.monotonic()
        folder = arguments.keep or Path(made)
        outcome = run(arguments.seed, arguments.minutes, folder, say, plant=arguments.plant, calm=arguments.calm)
    say(f"seed {arguments.seed}: {time.monotonic() - begun:.0f} s, {sum(outcome.faults.values())} faults")
    say("  " + ", ".join(f"{name} {count}" for name, count in outcome.faults.most_common()))
    say(f"  agencies: {dict(outcome.fates)}; documents read {outcome.documents}")
    say(f"  mails {outcome.mails}, of them again after a lost answer {outcome.doubled_mails}")
    say(f"  settled {outcome.settled_after:.0f} s after the last fault")
    if not outcome.wrong_clocks:
        say("  clocks were left right: there is no C compiler (cc) here")
    for sentence in outcome.violations:
        say(f"  VIOLATED: {sentence}")
    say("  all invariants hold" if not outcome.violations else f"  {len(outcome.violations)} violations")
    sys.exit(1 if outcome.violations else 0)


main()
