"""What the scripts of a list page ask the server for: rows, as far as anybody can tell, or something beside the list.

A call is called harmless only where a careful person would say so from the script itself:

- its address says what it is for (hits, visits, weather, login, menus, suggestions, the server's time, …), and nothing
  in it speaks of lists;
- its answer is written into nothing but places that are named so, or stand in the page's head, menu or foot;
- it is asked while somebody types into a field;
- nothing is done with the answer, or it is a picture.

Words that stand near a call say nothing: every call has its ``status``, and many a ``message``. What is put together
elsewhere, handed to a function, kept, or not understood may be rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from crawler.accounts.purposes import each, is_beside, is_place_beside

# What asks; a call's arguments stand in the parentheses behind it.
_CALLS = re.compile(
    r"(?:\$|jQuery)\.(?P<short>get|post|getJSON|getScript)\s{0,9}\(|\.(?P<ajax>ajax)\s{0,9}\(|\b(?P<fetch>fetch)\s{0,9}\(|"
    r"\b(?P<axios>axios)(?:\.\w{1,20})?\s{0,9}\(|\.(?P<load>load)\s{0,9}\(\s{0,9}(?=[\"'])",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\bXMLHttpRequest\b")
_OPENED = re.compile(r"\.open\s{0,9}\(")
_SOURCE = re.compile(
    r"(?P<whose>[\w$.()'\"#\[\] ]{0,80})\.src\s{0,9}=\s{0,9}[\"']"
    r"(?P<address>[^\"'\s]{1,200}\.(?:s?html?|jsp|aspx?|php)\b[^\"']{0,200})",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"(?:(?P<name>[\w$]{1,60})\s{0,9}=\s{0,9})?(?:new\s{1,9}Image\s{0,9}\(|createElement\s{0,9}\(\s{0,9}[\"']img[\"']\s{0,9}\))"
)
# What brings rows and nothing else.
_OF_ROWS = re.compile(
    r"dataproxy|getgovinfolist|jpaas-publish|\btable\.render\s{0,9}\(|\.(?:datagrid|bootstrapTable|jqGrid)\s{0,9}\(|"
    r"\.DataTable\s{0,9}\([^)]{0,200}ajax|\.infiniteScroll\s{0,9}\(|\.dropload\s{0,9}\(|\bflow\.load\s{0,9}\(|new\s{1,9}MeScroll",
    re.IGNORECASE,
)
# While somebody types: an input is completed, or a captcha checked.
_TYPING = re.compile(
    r"\(\s{0,9}[\"'](?P<field>[^\"']{1,60})[\"']\s{0,9}\)\s{0,9}\.(?:(?:keyup|keydown|keypress|autocomplete|typeahead)\s{0,9}(?P<one>\()|"
    r"(?:on|bind)\s{0,9}(?P<other>\()\s{0,9}[\"'](?:keyup|keydown|keypress|input)\b)"
)
_PAGE_FIELD = re.compile(r"page|goto|jump|\bpn\b|num|index", re.IGNORECASE)
# An address, perhaps behind the variable of the site's own root.
_WRITTEN_OUT = r"(?:[\w$.]{1,40}\s{0,9}\+\s{0,9})?([\"'`])(?P<address>[^\"'`\n]{1,300})\1"
_LITERAL = re.compile(rf"\s{{0,9}}{_WRITTEN_OUT}")
_URL = re.compile(rf"[{{,]\s{{0,9}}[\"']?url[\"']?\s{{0,9}}:\s{{0,9}}{_WRITTEN_OUT}")
_OPENED_AT = re.compile(rf"\s{{0,9}}[\"']\w{{1,9}}[\"']\s{{0,9}},\s{{0,9}}{_WRITTEN_OUT}")
_CHAINED = re.compile(r"\s{0,9}\.\s{0,9}(?:then|done|success|always|complete|fail|catch|finally|error)\s{0,9}\(")
_NAME_AT_END = re.compile(r"[\w$]{1,20}$")
_KEPT = re.compile(r"(?:[=(,:?&|]|\breturn|\bawait|=>)\s{0,9}(?:window\.)?$")
_ANSWERED = re.compile(
    r"function|=>|success|complete|dataFilter|callback|jsonp|script|\bthen\b|\bdone\b", re.IGNORECASE
)
# A function by its name alone, to which an answer is handed.
_HANDED = re.compile(
    r"\b(?:success|complete|done|callback|dataFilter|onload|onreadystatechange)[\"']?\s{0,9}[:=]\s{0,9}"
    r"(?!function\b|async\b|\(|[\w$]{1,40}\s{0,9}=>)[A-Za-z_$]|,\s{0,9}[A-Za-z_$][\w$.]{0,60}\s{0,9}(?=,|$)|^\s{0,9}[A-Za-z_$][\w$.]{0,60}\s{0,9}$"
)
_EVERY_ANSWER = re.compile(r"ajaxSuccess|ajaxComplete|ajaxSetup|interceptors")
_PLAIN_ARGUMENTS = re.compile(
    r"^\s{0,9}[\"'][^\"']{0,300}[\"']\s{0,9}(?:\+[^,{}]{0,200})?(?:,\s{0,9}\{[^{}]{0,500}\}\s{0,9})?$"
)
# Where an answer goes: the place that is written to, and how.
_WRITTEN = re.compile(
    r"(?:(?:\$|jQuery)\s{0,9}\(\s{0,9}[\"'](?P<selector>[^\"']{1,80})[\"']\s{0,9}\)|"
    r"getElementById\s{0,9}\(\s{0,9}[\"'](?P<id>[^\"']{1,80})[\"']\s{0,9}\)|querySelector\s{0,9}\(\s{0,9}[\"'](?P<query>[^\"']{1,80})[\"']\s{0,9}\))"
)
_STRINGS = re.compile(r"\"(?:[^\"\\\n]|\\.){0,500}\"|'(?:[^'\\\n]|\\.){0,500}'|`[^`\\]{0,500}`")
_NAMED_CALL = re.compile(r"(?P<dot>\.)?\s{0,9}\b(?P<name>[A-Za-z_$][\w$]{0,60})\s{0,9}\(")
_ASSIGNED = re.compile(r"(?P<before>\b(?:var|let|const)\s{1,9})?(?P<to>[\w$\])][\w$.\[\]()]{0,80})\s{0,9}\+?=(?![=>])")
_TO_PLACE = re.compile(
    r"\)\.(?:innerHTML|innerText|textContent|value|src|href|className|title|style\.\w{1,20})$|"
    r"\.(?:onreadystatechange|onload|onerror|withCredentials|responseType|timeout)$"
)
_SENT = re.compile(r"\.send\s{0,9}\(")
_HEARD = re.compile(r"onreadystatechange|onload|addEventListener|\.response|\breturn\b")
_HARMLESS_CALLS = each(
    """
    function if for while switch catch return typeof $ jQuery parseInt parseFloat Number String isNaN alert
    encodeURIComponent decodeURIComponent eval Date XMLHttpRequest ActiveXObject
    """
)
_HARMLESS_METHODS = each(
    """
    html text val append prepend attr css prop show hide addClass removeClass fadeIn fadeOut toggle parse
    parseJSON json then done success catch fail log error trim replace split substring substr toString toFixed
    indexOf find eq first getElementById querySelector open send setRequestHeader getFullYear getMonth getDate
    ajax get post getJSON load empty
    """
)
# A parameter by which rows are asked for.
_PAGED = re.compile(
    r"\b(?:p|pn|page\w{0,12}|cur_?page\w{0,6}|start\w{0,8}|offset|limit|rows|(?:cat|channel|column|node|catalog|dept|organ)_?id)[\"']?\s{0,9}[:=]",
    re.IGNORECASE,
)
_LONGEST_CALL = 4000
_LONGEST_CHAIN = 6
_MOST_CALLS = 200
_LOOKED_BACK = 200


def asks(source: str) -> bool:
    """Whether a script asks the server for anything."""
    return any(pattern.search(source) for pattern in (_CALLS, _REQUEST, _SOURCE, _OF_ROWS))


def asks_for_rows(source: str, stands_beside: Callable[[str], bool]) -> bool:
    """Whether a script asks for something that may be rows.

    ``stands_beside`` says of the selector of a place of the page whether it is in the page's head, menu or foot.
    """
    if _OF_ROWS.search(source):
        return True
    typed = list(_typing(source))
    for number, (at, rows) in enumerate(_asked(source, stands_beside)):
        if number == _MOST_CALLS:
            return True
        if rows and not any(start <= at < end for start, end in typed):
            return True
    return False


def _asked(source: str, stands_beside: Callable[[str], bool]) -> Iterator[tuple[int, bool]]:
    """Where each call stands, and whether it may be for rows."""
    for match in _CALLS.finditer(source):
        yield match.start(), not _call_is_beside(source, match, stands_beside)
    for match in _REQUEST.finditer(source):
        yield match.start(), not _request_is_beside(source, match.start(), stands_beside)
    for match in _SOURCE.finditer(source):
        yield match.start(), not (is_beside(match["address"]) or _is_picture(source, match))


def _is_picture(source: str, match: re.Match[str]) -> bool:
    """Whether it is a picture that gets an address: what comes back is shown as one, if at all."""
    whose = match["whose"].strip().rpartition(" ")[2]
    if _PICTURE.search(match["whose"]):
        return True
    before = source[max(0, match.start() - _LONGEST_CALL) : match.start()]
    return whose.isidentifier() and any(one["name"] == whose for one in _PICTURE.finditer(before))


def _call_is_beside(source: str, match: re.Match[str], stands_beside: Callable[[str], bool]) -> bool:
    end = _closed(source, match.end())
    if end is None:
        return False
    written = source[match.end() : end]
    address = _LITERAL.match(written) or _URL.search(written)
    if address is not None and is_beside(address["address"]):
        return True
    before = source[max(0, match.start() - _LOOKED_BACK) : match.start()]
    if match["load"]:
        place = next((one for one in _WRITTEN.finditer(before) if one.end() == len(before)), None)
        said = place["selector"] if place is not None else None
        return said is not None and is_place_beside(said, stands_beside) and "function" not in written
    used, after = [written], end + 1
    while len(used) < _LONGEST_CHAIN and (chained := _CHAINED.match(source, after)) is not None:
        closed = _closed(source, chained.end())
        if closed is None:
            return False
        used.append(source[chained.end() : closed])
        after = closed + 1
    if source[after : after + 9].lstrip()[:1] in (".", "[") or _KEPT.search(_NAME_AT_END.sub("", before)):
        return False  # something else is done with what it gives
    if len(used) == 1 and not _EVERY_ANSWER.search(source) and _gives_nothing(match, written):
        return True
    return not _PAGED.search(written) and _is_written_beside(used, stands_beside)


def _gives_nothing(match: re.Match[str], written: str) -> bool:
    """Whether nothing is done with the answer of a call."""
    if match["short"] in ("getScript", "getJSON") or _ANSWERED.search(written):
        return False
    by_name = match["ajax"] is not None and written.lstrip().startswith("{")
    return by_name or _PLAIN_ARGUMENTS.match(written) is not None


def _request_is_beside(source: str, at: int, stands_beside: Callable[[str], bool]) -> bool:
    """Of a request without a library: from the statement in which it is made to the one in which it is sent."""
    opened = _OPENED.search(source, at, at + _LONGEST_CALL)
    if opened is None:
        return False
    address = _OPENED_AT.match(source, opened.end())
    if address is not None and is_beside(address["address"]):
        return True
    sent = _SENT.search(source, opened.end(), opened.end() + _LONGEST_CALL)
    closed = _closed(source, sent.end()) if sent is not None else None
    if closed is None:
        return False
    whole = source[max(source.rfind(mark, 0, at) for mark in "\n;{}") + 1 : closed + 1]
    behind = source[closed + 1 : closed + 1 + _LONGEST_CALL]
    if _HEARD.search(behind) or _PAGED.search(whole):
        return False
    return not _HEARD.search(whole) or _is_written_beside([whole], stands_beside)


def _is_written_beside(used: Sequence[str], stands_beside: Callable[[str], bool]) -> bool:
    """Whether what scripts do with an answer is to write it into places beside the list, and nothing else."""
    written = ";".join(used)
    places = [match["selector"] or match["id"] or match["query"] for match in _WRITTEN.finditer(written)]
    if not places or not all(is_place_beside(place, stands_beside) for place in places):
        return False
    plain = [_STRINGS.sub("''", one) for one in used]
    if any(_HANDED.search(one) for one in plain):
        return False
    for call in _NAMED_CALL.finditer(";".join(plain)):
        if call["name"] not in (_HARMLESS_METHODS if call["dot"] else _HARMLESS_CALLS):
            return False
    assigned = list(_ASSIGNED.finditer(";".join(plain)))
    local = {match["to"] for match in assigned if match["before"]}
    return all(match["to"] in local or _TO_PLACE.search(match["to"]) for match in assigned)


def _typing(source: str) -> Iterator[tuple[int, int]]:
    """From where to where a script answers to what somebody types into a field that is not a page's number."""
    for match in _TYPING.finditer(source):
        end = _closed(source, max(match.end("one"), match.end("other")))
        if end is not None and not _PAGE_FIELD.search(match["field"]):
            yield match.start(), end


def _closed(source: str, start: int) -> int | None:
    """Where the parenthesis closes that was opened before ``start``; None where that is too far to tell."""
    depth, quote = 1, ""
    at, last = start, min(len(source), start + _LONGEST_CALL)
    while at < last:
        letter = source[at]
        if quote:
            if letter == "\\":
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "\"'`":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return None
