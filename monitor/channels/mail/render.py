"""Turns letters and summaries into text and HTML. What comes from outside is cleaned and escaped on its way in.

Every value that a template prints passes :func:`harmless`; in HTML it is then escaped. An office may put templates of
its own into ``NIANBAO_HOME/config/mail/``, file by file.
"""

from __future__ import annotations

import logging
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from config.mail_templates import own_templates
from monitor.letters.letter import Letter

log = logging.getLogger("nianbao.monitor")

TEMPLATES = Path(__file__).resolve().parent
LONGEST = 600


def render_letter(letter: Letter, home: Path | None) -> tuple[str, str]:
    """A letter as text and as HTML."""
    return render("letter", home, letter=letter)


def render(name: str, home: Path | None, **values: Any) -> tuple[str, str]:
    """A template as text and as HTML, with ``values`` in it; the shipped one where the office's own is broken."""
    own = own_templates(home)
    if own is not None:
        try:
            return _both(_environment(own), name, values)
        except Exception as error:  # noqa: BLE001 - whatever an office's own template does, its letters are sent
            log.error("%s 中的模板 %s 不能使用（%s：%s），已改用随软件提供的", own, name, type(error).__name__, error)
    # One for everybody who has no templates: each compiles its own.
    return _both(_environment(None), name, values)


def _both(environment: Environment, name: str, values: dict[str, Any]) -> tuple[str, str]:
    text = environment.get_template(f"{name}.txt").render(**values)
    html = environment.get_template(f"{name}.html").render(**values)
    return text.strip() + "\n", html


def harmless(value: Any) -> Any:
    """Text on one line, without control characters, truncated to a limit; other values are returned unchanged."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return "" if value is None else value
    kept = "".join(" " if character in "\r\n\t\u2028\u2029" else character for character in value)
    kept = "".join(character for character in kept if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co"))
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def openable(address: str) -> str:
    """The address where it is one that a reader may open, else nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


@lru_cache(maxsize=4)
def _environment(own: Path | None) -> Environment:
    places = [TEMPLATES] if own is None else [own, TEMPLATES]
    environment = Environment(
        loader=FileSystemLoader(places),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["openable"] = openable
    return environment
