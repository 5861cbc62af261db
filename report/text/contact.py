"""The contact that a report promises (如有疑问，请与……联系), and whether it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report.report import Report
from report.text.sentences import sentences

_PROMISED = re.compile(
    r"(?:疑问|意见|建议|咨询)[^。；]{0,40}请(?:与|向|致电|联系|拨打|通过|直接)|请与[^。；]{2,40}联系|联系(?:方式|电话)(?:如下|为|：)"
)
_THERE = re.compile(
    r"\d{3,4}[-—－）]?\d{7,8}|\d{7,8}|1[3-9]\d{9}|12345|[\w.+-]{2,40}@[\w-]{2,40}\.|"
    r"地址(?:：|为|是|位于)?[一-鿿]{3}|www\.|https?:|邮箱：\w"
)
# Where the contact is said to stand, if not here.
_ELSEWHERE = re.compile(
    r"(?:联系方式|联系电话|电话号码|号码|电话|地址|邮箱)[^。；]{0,20}?(?:见|附后|附于|列于|公布|公示|登载|查询|查阅|查看|刊登)"
    r"|(?:详见|参见|另见|请见|登录|访问)|(?:通过|在)[^。；]{0,30}(?:栏目|网站|平台|信箱|邮箱|公众号|热线|互动|留言)[^。；]{0,20}"
    r"(?:反映|提出|留言|反馈|咨询|联系|提交|查询|查阅|查看|获取|公布)|附件|文末|页面下方"
)
# A landline of an office behind a word that says what it is; a mobile may be a private person's.
_TELEPHONE = re.compile(
    r"(?:电话|联系|咨询|热线)[^。；\d]{0,20}((?:0\d{2,3}\s?[-—－]\s?)?[2-8]\d{6,7})(?![\d年件条篇次个])"
)
# The contact may follow in the next sentences, and in a page's own lines below.
_NEAR = 3


def broken_promise(report: Report) -> str | None:
    """The sentence that promises a contact which stands neither in it nor behind it; None where there is none."""
    return next((promise for promise, near in _unkept(report) if not _ELSEWHERE.search(near)), None)


def kept_elsewhere(report: Report) -> str | None:
    """The sentence that promises a contact and says that it stands in another place; None where there is none."""
    return next((promise for promise, near in _unkept(report) if _ELSEWHERE.search(near)), None)


def _unkept(report: Report) -> Iterator[tuple[str, str]]:
    """Every sentence that promises a contact which is not there, and with it the sentences where it should be."""
    for text in report.texts():
        said = sentences(text)
        for index, sentence in enumerate(said):
            near = said[index : index + _NEAR]
            if _PROMISED.search(sentence) and not any(_THERE.search(one) for one in near):
                yield sentence, "".join(near)


def promises_contact(report: Report) -> bool:
    """Whether the text promises a contact."""
    return any(_PROMISED.search(sentence) for text in report.texts() for sentence in sentences(text))


def telephone_in(report: Report) -> str | None:
    """The telephone that a report gives for questions about it, the last in its text; None where there is none."""
    found = [match[1] for text in report.texts() for match in _TELEPHONE.finditer(text)]
    return re.sub(r"\s?[—－]\s?|\s?-\s?", "-", found[-1]) if found else None
