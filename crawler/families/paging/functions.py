"""Where ``goPage(2)`` leads, where the page itself has the function and it does nothing but go to an address.

Two forms are understood: an address that is put together of strings and the number (``location.href = "index_" +
(n - 1) + ".html"``), and a form asked for by GET, one field of which gets the number before it is sent. Nothing is
run; what is put together of anything else is not understood.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from lxml.html import HtmlElement

from crawler.pages.canonical import resolve
from crawler.pages.page import Page

_CALL = re.compile(
    r"^\s{0,9}(?:javascript:)?\s{0,9}(?:return\s{1,9})?([A-Za-z_$][\w$]{0,60})\s{0,9}\(\s{0,9}[\"']?(\d{1,5})[\"']?\s{0,9}\)"
    r"\s{0,9};?\s{0,9}(?:return\s{1,9}(?:false|true))?\s{0,9};?\s{0,9}$",
    re.IGNORECASE,
)
_HEAD = (
    r"(?:function\s{{1,9}}{name}|\b{name}\s{{0,9}}=\s{{0,9}}function)"
    r"\s{{0,9}}\(\s{{0,9}}([A-Za-z_$][\w$]{{0,40}})\s{{0,9}}\)\s{{0,9}}\{{"
)
_GOES = re.compile(
    r"location(?:\.href)?\s{0,9}(?:=(?!=)|\.(?:replace|assign)\s{0,9}\()([^;\n{}]{1,300})|"
    r"window\.open\s{0,9}\(([^;\n{}]{1,300}?),\s{0,9}[\"']_(?:self|top|parent)[\"']\s{0,9}\)"
)
_PIECE = re.compile(
    r"\s{0,9}(?:\"([^\"\\]{0,200})\"|'([^'\\]{0,200})'|\(?\s{0,9}(?:parseInt\(|Number\()?([A-Za-z_$][\w$]{0,40})\)?\s{0,9}"
    r"(?:([-+])\s{0,9}(\d{1,3})\s{0,9}(?=[)\s]))?\s{0,9}\)?|(\d{1,6}))\s{0,9}(\+|$)"
)
_FIELD = re.compile(
    r"(?:getElementById\s{0,9}\(\s{0,9}[\"']([\w-]{1,60})[\"']\s{0,9}\)|\$\s{0,9}\(\s{0,9}[\"']#([\w-]{1,60})[\"']\s{0,9}\)|"
    r"\.([A-Za-z_][\w-]{0,60})|elements\[[\"']([\w-]{1,60})[\"']\])\s{0,9}\.\s{0,9}(?:value\s{0,9}=(?!=)|val\s{0,9}\()\s{0,9}"
    r"([A-Za-z_$][\w$]{0,40})"
)
_SENDS = re.compile(r"\.submit\s{0,9}\(")
_LONGEST_FUNCTION = 1500
_LONGEST_SCRIPT = 300_000
_MOST_FUNCTIONS = 10
_MOST_CALLS = 500


class Functions:
    """The functions of a page's own scripts. Of so many calls the addresses are told, whatever stands on the page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[str, tuple[str, str] | None] = {}
        self._left = _MOST_CALLS

    def address_of_call(self, written: str) -> str | None:
        """Where a call with a number leads (an ``onclick`` or a ``javascript:`` link); None where that is unknown."""
        call = _CALL.match(written[:200])
        if call is None or self._left == 0:
            return None
        self._left -= 1
        found = self._function(call[1])
        if found is None:
            return None
        parameter, body = found
        expressions = sorted({match[1] or match[2] for match in _GOES.finditer(body)})
        named = re.compile(rf"(?<![\w$\"']){re.escape(parameter)}(?![\w$\"'])")
        with_number = [one for one in expressions if named.search(one)]
        if len(with_number) == 1:
            address = _put_together(with_number[0], parameter, int(call[2]))
            return resolve(self._page.address, address) if address is not None else None
        return self._sent(body, parameter, call[2]) if not expressions and _SENDS.search(body) else None

    def _function(self, name: str) -> tuple[str, str] | None:
        """The parameter and the body of a function of one parameter that stands once in the page's own scripts."""
        if name in self._known:
            return self._known[name]
        if len(self._known) == _MOST_FUNCTIONS:
            return None
        head = re.compile(_HEAD.format(name=re.escape(name)))
        found = []
        for script in self._page.tree.iter("script"):
            source = script.text_content()[:_LONGEST_SCRIPT]
            found += [(match[1], _body(source, match.end())) for match in head.finditer(source)]
        self._known[name] = found[0] if len(found) == 1 and found[0][1] else None
        return self._known[name]

    def _sent(self, body: str, parameter: str, number: str) -> str | None:
        """The address of the form one of whose fields the function sets to the number."""
        for match in _FIELD.finditer(body):
            name = match[1] or match[2] or match[3] or match[4]
            if match[5] != parameter:
                continue
            for field in self._page.tree.iter("input"):
                form = next(field.iterancestors("form"), None)
                if form is not None and name in (field.get("id"), field.get("name")):
                    return form_address(self._page, form, [(field.get("name") or name, number)])
        return None


def form_address(page: Page, form: HtmlElement, more: list[tuple[str, str]]) -> str | None:
    """Where a form leads that is asked for by GET, its hidden and written fields first, then ``more``."""
    if (form.get("method") or "get").lower() != "get":
        return None
    target = resolve(page.address, form.get("action") or "?")
    if target is None:
        return None
    named = dict(more)
    fields = [
        (name, field.get("value") or "")
        for field in form.iter("input")
        if (name := field.get("name") or "")
        and name not in named
        and (field.get("type") or "text").lower() in ("hidden", "text", "number", "search")
    ]
    return f"{target.partition('?')[0]}?{urlencode([*fields[:50], *more])}"


def _body(source: str, start: int) -> str:
    depth = 1
    for at, letter in enumerate(source[start : start + _LONGEST_FUNCTION]):
        depth += (letter == "{") - (letter == "}")
        if depth == 0:
            return source[start : start + at]
    return ""


def _put_together(expression: str, parameter: str, number: int) -> str | None:
    expression = expression.strip()
    if expression.count(")") > expression.count("("):
        expression = expression.removesuffix(")").rstrip()  # of location.replace(…)
    said, at = "", 0
    while at < len(expression):
        piece = _PIECE.match(expression, at)
        if piece is None or (piece[3] is not None and piece[3] != parameter):
            return None
        if piece[3] is not None:
            shift = int(piece[5] or 0)
            said += str(number - shift if piece[4] == "-" else number + shift)
        else:
            said += piece[1] or piece[2] or piece[6] or ""
        at = piece.end()
    return said or None
