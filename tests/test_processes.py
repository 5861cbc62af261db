"""The files that begin first are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes import longest_files

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", longest_files())
def test_a_file_that_begins_first_is_there(name: str) -> None:
    assert (CHECKOUT / name).is_file()
