"""The three portals of the demo, by portal id: two that behave like real ones, and one behind a firewall."""

from __future__ import annotations

from cli.demo.portals import chaoyang, hongze, shifan
from cli.demo.site import Site

CHAOYANG = "demo-chaoyang"
HONGZE = "demo-hongze"
SHIFAN = "demo-shifan"


def demo_sites() -> dict[str, Site]:
    """The demo's portals as the server serves them."""
    return {CHAOYANG: chaoyang.SITE, HONGZE: hongze.SITE, SHIFAN: shifan.SITE}
