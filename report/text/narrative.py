"""What the running text says about the number of requests received, and only where that is beyond doubt.

Running text speaks of many things: other years, other agencies, parts of the whole, consultations, reviews. A
sentence is a witness only where every word between its verb and its number, and every word of its subject, is
one that is known to leave the scope alone. All else is no witness: a rule that trusted the first number behind
收到 would accuse agencies of what they never said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from report.agency_names import is_government, same_street_or_town
from report.numerals import read_numeral, without_space
from report.report import Report

NUMBER = r"(?P<number>\d+|[零〇一二两三四五六七八九十百千万]+)"
UNIT = r"(?:件次|人次|件|宗|条|份|次|起|例|封|个|项)"

_DIGITS = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_MARKS = str.maketrans(",;:!?()", "，；：！？（）")
_SEPARATOR = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_MARKDOWN = re.compile(r"\*\*|__")
_LONGEST_SENTENCE = 5000
_SENTENCE_END = re.compile(r"(?<=[。！？])")
# A numbered line of a few words is a heading; what stands below it begins anew.
_HEADING_LINE = re.compile(
    r"^[ \u3000\u00a0]*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]|[一二三四五六七八九十]{1,3}、)"
    r"[^，。；：、！？\d\n]{2,20}$",
    re.MULTILINE,
)

_VERB = (
    r"(?P<verb>(?:新|共|总共)?(?:收到|接收到|接收|接到|新收|收悉|收办|受理)"
    r"(?:(?:并|和|及|、)(?:受理|办理|处理|答复|办结|登记))?)了?"
)
_ADVERB = r"(?:一共|总共|共计|总计|合计|累计|共有|共|为|是)"
# What may stand between verb and number, or behind the number: words that do not narrow what was received. No two
# of them make a third, so that there is one way only to read a text, however long.
_OBJECT = (
    r"(?:公民|法人|其他组织|社会公众|公众|群众|市民|申请人|或者|和|及|与|或|、|各类|有效|任何形式|任何|的|提出|提交|递交"
    r"|向(?:我|本)(?:单位|机关|街道|局|镇|乡|办|委)|[“”]|依申请公开|政府|政务|信息|公开|申请|类|事项|办件|件|书|表"
    r"|数量|总数|总量|新|了|" + _ADVERB[3:-1] + r")*"
)
_BOUNDARY = r"(?=[，。；：、（）！？]|和|及|$)"
_WITH_NUMBER = re.compile(_VERB + rf"(?P<object>{_OBJECT}){NUMBER}{UNIT}(?P<behind>[的]?{_OBJECT})")
_NONE_RECEIVED = re.compile(
    rf"(?P<verb>(?:均|尚|暂)?(?:未|没有|未曾)(?:收到|接到|接收到|接收|受理)过?|无)(?P<object>{_OBJECT}){_BOUNDARY}"
)

_HEADING = re.compile(
    r"^(?:（.{1,3}）|\d{1,2}[.、．](?!\d)|[一二三四五六七八九十]{1,3}(?:、|是))?(?:[^，。；：我本]{0,24}?情况)?"
)
_TIME = (
    r"20\d\d年度?|本年度?|全年度?|年度|年内|当年|今年(?:以来)?|一年来|报告期内?|报告年度|期间|截至|截止|自|从|至|到|起|止|内|底|末"
    r"|1月1日|12月31日|12月份?|1[-—～~至]12月份?|1月[-—～~至]12月份?|[-—～~]"
)
_ADVERBS = rf"{_ADVERB}|依法|实际|均|已|新|总"
_SELF = (
    r"(?:我|本|全)(?:单位|机关|部门|街道办事处|街道|街|办事处|地区办事处|地区|镇政府|镇|乡政府|乡|局机关|局"
    r"|委员会|委|办公室|办|院|中心)"
)
_WHOLE_PLACE = r"(?:我|本|全)(?:区|县|市|州|旗|盟|省)"
_ORGANISATION_TAIL = re.compile(r"(?:街道|地区)?办事处|街道|人民政府|政府|")

# What an agency calls itself without its name (街道未收到……), and what then stands in its name.
_KINDS = {"街道": "街道", "办事处": "办事处", "地区": "地区", "镇政府": "镇", "乡政府": "乡"}

_OTHER_PART = re.compile(
    r"其中|分别|当中|上半年|下半年|季度|去年|上年|上一年|往年|历年|近年|(?<!今年)以来|(?<!一)年来|年间|[二三四五六七八九十两几]年|五”"
)
_OTHER_BODY = re.compile(
    r"(?:区|市|县|省|州)政府|各(?:部门|单位|街道|镇|乡|区|县|市|委|级)|全(?:区|市|县|省)|下属|所属|转办|转来|本级"
)
_CHANNEL = re.compile(r"网络|网上|信函|信件|邮件|邮箱|邮寄|邮政|当面|现场|窗口|传真|在线|平台|微信|热线|电话")
_GOOD_WORK = re.compile(r"拓宽|拓展|畅通|加强|完善|优化|建设|规范|健全|做好|提升|落实|依托|维护|进一步")
_ALLOWED_MONTHS = re.compile(r"1月1日|12月31日|12月|1[-—～~至]12月|1月[-—～~至]12月")
_YEAR = re.compile(r"(20\d\d)年")
_ABOUT_REQUESTS = re.compile(r"依申请公开|信息公开申请")


@dataclass(frozen=True, slots=True)
class Statement:
    """The text says that ``value`` requests were received; ``quote`` is the clause that says so.

    ``only_accepted`` is true where the text says 受理, which some agencies count after a first sifting.
    """

    value: int
    quote: str
    only_accepted: bool


def normalised(text: str) -> str:
    """Text for searching: no white space or markdown, plain digits, full-width marks, no thousands separators."""
    plain = _MARKDOWN.sub("", without_space(text)).translate(_DIGITS)
    return _SEPARATOR.sub("", plain).translate(_MARKS)


@lru_cache(maxsize=128)
def sentences(text: str) -> tuple[str, ...]:
    """The normalised sentences of a text; a line that ends without a full stop goes on in the next, headings apart.

    What has no full stop in thousands of characters is no sentence, and left out.
    """
    parts = _SENTENCE_END.split(normalised(_HEADING_LINE.sub(r"\g<0>。", text)))
    return tuple(sentence for sentence in parts if 0 < len(sentence) <= _LONGEST_SENTENCE)


def received_statements(report: Report, names: tuple[str, ...], government: bool | None = None) -> list[Statement]:
    """What the running text says of the requests received in the report year by this agency, in order.

    ``names`` are further names of the agency; ``government`` says whether it reports for a whole place (None:
    to be told from its name).
    """
    known, government = speakers(report, names, government)
    found: list[Statement] = []
    for text in texts_about_requests(report):
        before = ""
        for sentence in sentences(text):
            found.extend(statements_in(sentence, before, report.year, known, government))
            before = sentence
    return found


def speakers(report: Report, names: tuple[str, ...], government: bool | None) -> tuple[tuple[str, ...], bool]:
    """The agency's names as they stand in a normalised text, and whether it reports for a whole place."""
    known = tuple(normalised(name) for name in (report.agency, *names) if name)
    return known, any(is_government(name) for name in known) if government is None else government


def texts_about_requests(report: Report) -> list[str]:
    """The running text, without section two, which counts other things."""
    return [report.opening, *(section.text for section in report.sections if section.kind != "proactive")]


def statements_in(
    sentence: str, before: str, year: int | None, names: tuple[str, ...], government: bool
) -> Iterator[Statement]:
    """What one normalised sentence says of the requests received; ``before`` is the sentence before it."""
    for pattern in (_WITH_NUMBER, _NONE_RECEIVED):
        for match in pattern.finditer(sentence):
            head = sentence[: match.start()]
            thing = match["object"] + (match["behind"] if pattern is _WITH_NUMBER else "")
            if not _is_about_requests(thing, before + head) or not speaks_of_all(head, year, names, government):
                continue
            value = 0
            if pattern is _WITH_NUMBER:
                numeral = read_numeral(match["number"])
                if numeral is None or isinstance(numeral.value, Decimal):
                    continue
                value = numeral.value
            yield Statement(value, _clauses(head)[-1] + match[0], match["verb"].startswith(("受理", "共受理")))


def _is_about_requests(thing: str, before: str) -> bool:
    """The object is a request for information; a bare 申请 is one where the text just spoke of such requests."""
    if "申请" not in thing:
        return False
    return any(word in thing for word in ("信息", "公开")) or bool(_ABOUT_REQUESTS.search(before))


def speaks_of_all(head: str, year: int | None, names: tuple[str, ...], government: bool) -> bool:
    """Whether what stands before a verb leaves the scope at all requests of this agency in this year."""
    *earlier, own = _clauses(head)
    said = "，".join(earlier)
    if any(int(named) != year for named in _YEAR.findall(head)) or _OTHER_PART.search(head):
        return False
    if "月" in _ALLOWED_MONTHS.sub("", head):
        return False
    if any(_CHANNEL.search(clause) and not _GOOD_WORK.search(clause) for clause in earlier):
        return False
    subject = _subject(own, government)
    if subject is None:
        return not _OTHER_BODY.search(said)
    return subject == "" or any(_names(subject, name) for name in names)


def _subject(clause: str, government: bool) -> str | None:
    """What is left of a clause's beginning without time, adverbs and heading: None nothing, "" the agency itself."""
    rest = _HEADING.sub("", clause)
    rest = re.sub(rf"{_TIME}|{_ADVERBS}", "", rest)
    if not rest:
        return None
    myself = rf"{_SELF}|{_WHOLE_PLACE}" if government else _SELF
    return re.sub(rf"^(?:{myself})$", "", rest)


def _names(subject: str, name: str) -> bool:
    """Whether ``subject`` is the agency ``name``, with more or less of the place before it or without its tail."""
    short, long = sorted((subject, name), key=len)
    position = long.find(short)
    if subject in _KINDS:
        return _KINDS[subject] in name
    if same_street_or_town(subject, name):
        return True
    return len(short) > 2 and position >= 0 and bool(_ORGANISATION_TAIL.fullmatch(long[position + len(short) :]))


def _clauses(head: str) -> list[str]:
    """The clauses of what stands before a match, the last one being its own. A semicolon begins anew, except
    where a colon or 其中 said before it that parts of a whole are being listed.
    """
    parts = head.split("；")
    if not any(word in head for word in ("：", "其中", "分别")):
        parts = parts[-1:]
    return re.split(r"[，；：]", "；".join(parts))
