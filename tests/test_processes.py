"""The files that begin first are there, and garbage is looked for again once all is collected."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.processes import longest_files

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", longest_files())
def test_a_file_that_begins_first_is_there(name: str) -> None:
    assert (CHECKOUT / name).is_file()


def test_garbage_is_looked_for_but_not_in_what_was_loaded(pytestconfig: pytest.Config) -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000 or not hasattr(pytestconfig, "workerinput")
