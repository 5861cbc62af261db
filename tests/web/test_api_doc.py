"""The client of docs/api.md is a program that runs: against a desk that is served, with a token of an office."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from ledger.people.record import Who
from ledger.people.tokens import make_token
from ledger.states import TokenKind
from tests.monitor.factory import World
from tests.web.prepared import TODAY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def test_the_client_of_the_page_prints_how_agencies_stand(desk_at: str, world: World) -> None:
    (client,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    with world.ledger.write() as session:
        token = make_token(session, TokenKind.OFFICE, "文档", Who("tests"), TODAY, today=TODAY.date())
    given = {"PATH": "/usr/bin:/bin", "DESK": desk_at, "TOKEN": token, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", client], env=given, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    lines = dict(line.split()[1:3] for line in done.stdout.splitlines() if line.startswith("云山区"))
    assert lines["云山区人民政府"] == "on_time" and "missing" in lines.values() and len(lines) > 2
    assert len(client.splitlines()) <= 11
