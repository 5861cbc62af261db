"""More frames of the second author: the number of a table beside a larger one, and what is said in general."""

from __future__ import annotations

# The year's number {n} beside a larger one: {m} is that of all years, {a} and {b} add up to {n}.
OVER_YEARS = (
    "截至{y}年底，{s}累计收到政府信息公开申请{m}件，其中本年{n}件",
    "{s}历年共收到政府信息公开申请{m}件，{y}年收到政府信息公开申请{n}件",
    "自《条例》施行以来，{s}累计受理政府信息公开申请{m}件，今年受理{n}件",
    "截至目前，{s}共收到政府信息公开申请{m}件（本年度{n}件）",
    "{s}累计收到依申请公开{m}件，其中{y}年新收{n}件",
)
MERGED = (
    "{s}收到政府信息公开申请{a}件，原粮食局收到{b}件，合计{n}件",
    "机构改革前，原农机局收到政府信息公开申请{a}件；机构改革后，{s}收到政府信息公开申请{b}件",
    "{s}收到政府信息公开申请{a}件，下属中心收到{b}件，共计{n}件",
    "原畜牧局收到政府信息公开申请{a}件。{s}收到政府信息公开申请{b}件。两家合计{n}件",
    "{s}收到政府信息公开申请{m}件，其中{x}件不属于政府信息公开申请，按信访件处理",
)
# {m} and {k} are all reviews and lawsuits, {a} and {b} those over disclosure.
NOT_ALL_DISCLOSURE = (
    "{p}{s}行政复议{m}件、行政诉讼{k}件（涉及政府信息公开的分别为{a}件、{b}件）",
    "{p}{s}被申请行政复议{m}件，其中因政府信息公开引发{a}件；行政诉讼{k}件，其中涉及政府信息公开的{b}件",
    "{p}{s}行政复议{m}件，除政府信息公开类{a}件外均为行政处罚类；行政诉讼{k}件，其中信息公开类{b}件",
    "{p}{s}共发生行政复议{m}件，属于政府信息公开类的{a}件；行政诉讼{k}件，属于政府信息公开类的{b}件",
)
NO_DISCLOSURE = (
    "{p}{s}发生行政复议{m}件、行政诉讼{k}件，均与政府信息公开无关",
    "{p}{s}行政复议{m}件，行政诉讼{k}件，均非政府信息公开类",
    "{p}{s}行政诉讼{k}件，均不涉及政府信息公开",
    "{p}{s}被申请行政复议{m}件，没有政府信息公开类案件",
)
RESULTS: dict[str, tuple[str, ...]] = {
    "upheld": ("维持{n}件", "结果维持{n}件", "{n}件予以维持"),
    "corrected": ("纠正{n}件", "结果纠正{n}件", "被纠正{n}件"),
    "other": ("其他结果{n}件",),
    "pending": ("尚未审结{n}件", "{n}件尚未审结", "{n}件正在审理"),
}
# All were handled, where none is carried out.
ALL_OF_IT = ("，均已办结", "，全部按时答复，无结转下年度的申请", "，全部在法定期限内办结", "，没有结转下年度办理的申请")
