"""Marks for values of a parameter."""

from __future__ import annotations

from typing import Any

import pytest


def some_long(first: Any, *others: Any) -> list[Any]:
    """Values of a parameter: ``make test`` tries the first, ``make test-long`` the others."""
    return [first, *(pytest.param(other, marks=pytest.mark.long) for other in others)]
