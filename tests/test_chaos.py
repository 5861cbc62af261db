"""A short season under fire; ``make chaos`` runs longer ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.run import run


@pytest.mark.timeout(600)
def test_whatever_dies_every_invariant_holds(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    outcome = run(1, 0.5, tmp_path / "run", said.append, portals=3, agencies=8)
    assert outcome.violations == [], "\n".join(said)
    assert sum(outcome.faults.values()) >= 3
    # Each of the seven fates at least once, and so at least one mail about each that is worth one.
    assert len(outcome.fates) == 7
    assert outcome.mails > 0
