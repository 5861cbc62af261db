"""The forms as shipped, and the recorded documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.forms import load_forms
from report.form import Form, make_form

DOCUMENTS = Path(__file__).resolve().parents[2] / "documents"


@pytest.fixture(scope="session")
def forms() -> dict[str, Form]:
    return {name: make_form(file) for name, file in load_forms().items()}
