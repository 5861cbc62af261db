"""Witnesses for when an article was published: page labels, dates on the page, its address, the time in its record id.

Nothing is judged here: each source is kept with its value as written. What the record ids mean was computed from
published addresses and agrees with their neighbours: they say when the record was made, not when the public saw it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

from config.time_zone import SHANGHAI
from crawler.pages.ages import latest_day
from crawler.pages.page import Page
from ledger.states import EvidenceSource

# The regulation on disclosure came into force on this day; no report on it can be older.
EARLIEST = datetime(2008, 5, 1, tzinfo=SHANGHAI)
TWITTER_EPOCH_MS = 1_288_834_974_657

_DAY = r"20\d{2}\s*(?:[-/.]|年)\s*\d{1,2}\s*(?:[-/.]|月)\s*\d{1,2}(?!\d)\s*日?"
_DATE = re.compile(
    r"(?<!\d)(20\d{2})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})(?!\d)\s*日?"
    r"(?:[\sT]*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?"
)
# A date that the page announces as its own by a label that says what it is, or by no more than the word. A clock, the
# day of printing, of an update, of the document itself and the statistical period all have labels of their own.
_VISIBLE = re.compile(
    r"(?P<label>(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{0,6}(?:日期|时间)|[\u4e00-\u9fff]{0,6}(?<=于))"
    rf"\s{{0,9}}[:：]?\s{{0,9}}[\[【(（]?\s{{0,9}}"
    rf"(?P<day>{_DAY}(?:\s{{0,9}}\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?)(?!\s{{0,9}}[至到起])"
)
# What of it is quickly found: the end of the label, at most so many letters behind its beginning, and the year.
_NEAR = re.compile(r"(?:日期|时间|于)\s{0,9}[:：]?\s{0,9}[\[【(（]?\s{0,9}20\d{2}")
_LONGEST_LABEL, _LONGEST_DAY = 6, 100
_SAYS_PUBLISHED = re.compile(r"(?:发布|发表|公开|公布|刊发|刊登|上传|上网|挂网|生成|录入|发稿)(?:的)?(?:日期|时间|于)$")
# A word of publication that is not of the first one, or of this page as a file.
_SAYS_ANOTHER = re.compile(r"最后|最近|最新|重新|再次|本?页|缓存|静态")
# Where what others wrote begins: comments, other articles.
_OTHERS_BEGIN = re.compile(
    r"相关(?:阅读|链接|文章|新闻|推荐|稿件)|延伸阅读|猜你喜欢|(?:网友|最新|全部|热门|发表)评论|评论(?:列表|区)|[上下]一[篇条]\s{0,3}[:：]"
)
# A date in the line under a title, which names the source or counts the readers and has no label of its own.
_IN_LINE = re.compile(
    rf"(?P<day>(?<![\d.-]){_DAY}(?:\s{{0,9}}\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?)\s{{0,9}}[|｜【\[（(]?\s{{0,9}}"
    r"(?:信息来源|稿件来源|来源|作者|浏览|阅读|点击|访问|字号|字体|打印|分享)"
)
_LABELLED = re.compile(r"[\u4e00-\u9fff](?:[:：]|是|为)\s{0,9}$")
_COMPACT_LABEL = re.compile(r"^\s*(20\d{2})(\d{2})(\d{2})(?:\d{6})?\s*$")
_DAY_IN_ADDRESS = re.compile(
    r"/t(20\d{2})(\d{2})(\d{2})_\d+|/art/(20\d{2})/(\d{1,2})/(\d{1,2})/|/(20\d{2})[/-](\d{2})[/-](\d{2})/"
)
_COMPACT_DAY = re.compile(r"/(20\d{2})(\d{2})(\d{2})/")
# Parts of an address that name a column or a site, not the article.
_NOT_THE_RECORD = re.compile(
    r"(?:col(?:umn)?|channel|cat(?:egory)?|node|site|web|branch|organ|dept|tpl|template)_?-?(?:id|code|no)?$",
    re.IGNORECASE,
)
_OBJECT_ID = re.compile(r"(?<![0-9a-f])([0-9a-f]{24})(?![0-9a-f])")
_UUID_HEX = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?![0-9a-f])")
_SNOWFLAKE = re.compile(r"(?<!\d)([1-9]\d{18})(?!\d)")


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One witness: ``moment`` is aware; ``precise`` is false where only a day is named (then its start in Shanghai)."""

    source: EvidenceSource
    value: str
    moment: datetime
    precise: bool


def evidence_in(page: Page, address: str, listed: str | None, now: datetime) -> list[DateEvidence]:
    """Every witness on a page, in its address and on its list; dates that cannot be are left out.

    ``address`` is the article's canonical one; ``listed`` the date beside the link; ``now`` bounds what can be.
    """
    # A file has neither labels nor text to search; taken for a page it would be parsed as one.
    found = [
        *(_from_label(page) if page.is_html else ()),
        *(_from_text(page) if page.is_html else ()),
        *_from_address(address),
        *_from_record_id(address),
        *_from_list(listed, now),
        *_from_header(page),
    ]
    return [one for one in found if EARLIEST <= one.moment <= now + timedelta(days=1)]


def evidence_in_list(address: str, listed: str | None, now: datetime) -> list[DateEvidence]:
    """The witnesses for an article that could not be fetched: its address and its list."""
    found = [*_from_address(address), *_from_record_id(address), *_from_list(listed, now)]
    return [one for one in found if EARLIEST <= one.moment <= now + timedelta(days=1)]


def parse_date(text: str) -> tuple[datetime, bool] | None:
    """The first date in a text as (moment in Shanghai, whether a time of day is named); None where there is none."""
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in match.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return None
    return moment, match[4] is not None


def _from_label(page: Page) -> Iterator[DateEvidence]:
    written = page.labels.get("pubdate", "")
    compact = _COMPACT_LABEL.match(written)
    yield from _parsed(EvidenceSource.PAGE_LABEL, written, "-".join(compact.groups()) if compact else written)


def _from_text(page: Page) -> Iterator[DateEvidence]:
    """The dates announced as such; a report's own text names other dates, so only the beginning is searched."""
    text = _OTHERS_BEGIN.split(page.visible_text[:3000], maxsplit=1)[0]
    labelled = [
        match
        for match in _announced(text)
        if match["label"] in ("日期", "时间")
        or (_SAYS_PUBLISHED.search(match["label"]) and not _SAYS_ANOTHER.search(match["label"]))
    ]
    for match in labelled:
        yield from _parsed(EvidenceSource.VISIBLE_DATE, match[0].strip(), match["day"])
    if not labelled and (line := _IN_LINE.search(text)) is not None:
        before = text[max(0, line.start("day") - 12) : line.start("day")]
        if not _LABELLED.search(before):
            yield from _parsed(EvidenceSource.VISIBLE_DATE, line[0].strip(), line["day"])


def _announced(text: str) -> Iterator[re.Match[str]]:
    """The dates that a text (of folded white space) announces: what ``_VISIBLE`` finds, where it can find anything."""
    end = 0
    for near in _NEAR.finditer(text):
        if near.start() < end:
            continue
        begin = max(end, near.start() - _LONGEST_LABEL)
        if (match := _VISIBLE.search(text, begin, near.end() + _LONGEST_DAY)) is not None:
            end = match.end()
            yield match


def _from_address(address: str) -> Iterator[DateEvidence]:
    path = urlsplit(address).path
    for match in (_DAY_IN_ADDRESS.search(path), _COMPACT_DAY.search(path)):
        if match is not None:
            digits = [part for part in match.groups() if part]
            yield from _parsed(EvidenceSource.ADDRESS, match[0].strip("/"), "-".join(digits))
            return


def _from_record_id(address: str) -> Iterator[DateEvidence]:
    for part in _of_the_record(address):
        for match in _UUID_HEX.finditer(part.lower()):
            yield from _moment_of(match[1], int(match[1][16:28], 16))
        for match in _OBJECT_ID.finditer(part.lower()):
            if not match[1].isdigit():
                yield from _moment_of(match[1], int(match[1][:8], 16) * 1000)
        for match in _SNOWFLAKE.finditer(part):
            yield from _moment_of(match[1], (int(match[1]) >> 22) + TWITTER_EPOCH_MS)


def _of_the_record(address: str) -> Iterator[str]:
    """What may name the article in an address: the last part of its path, and of its query what names no column."""
    parts = urlsplit(address)
    yield parts.path.rstrip("/").rpartition("/")[2]
    for query in (parts.query, parts.fragment.partition("?")[2]):
        yield from (value for key, value in parse_qsl(query) if not _NOT_THE_RECORD.search(key))


def _from_list(listed: str | None, now: datetime) -> Iterator[DateEvidence]:
    if listed is None:
        return
    latest = latest_day(listed, now)
    if latest is None:
        yield from _parsed(EvidenceSource.LIST_DATE, listed, listed)
    else:
        moment = datetime.combine(latest, time(), SHANGHAI)
        yield DateEvidence(EvidenceSource.LIST_AGE, listed, moment, precise=False)


def _from_header(page: Page) -> Iterator[DateEvidence]:
    written = page.headers.get("last-modified", "")
    if not written:
        return
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return
    yield DateEvidence(EvidenceSource.LAST_MODIFIED, written, _aware(moment), True)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _parsed(source: EvidenceSource, value: str, text: str) -> Iterator[DateEvidence]:
    parsed = parse_date(text)
    if parsed is not None:
        yield DateEvidence(source, value[:200], *parsed)


def _moment_of(record: str, milliseconds: int) -> Iterator[DateEvidence]:
    # Thirteen digits reach the year 2286; anything longer is no time.
    if milliseconds < 10**13:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
        yield DateEvidence(EvidenceSource.RECORD_ID, record, moment, True)
