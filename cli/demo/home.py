"""The demo's own folder of settings: portal files, agency registers and offices for the portals that are served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FILES = Path(__file__).resolve().parent / "home_files"


def write_demo_home(home: Path, addresses: Mapping[str, str]) -> None:
    """Writes ``home/config`` for the demo.

    ``addresses`` gives the address of every demo portal by its id (``PortalServer.addresses``). The portal files that
    are shipped stay switched off (``paused: true``), so that nothing but the demo's portals is crawled.
    """
    for path in sorted(FILES.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if path.parent.name == "portals":
            text = text.replace("ADDRESS", addresses[path.stem])
        target = home / "config" / path.relative_to(FILES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
