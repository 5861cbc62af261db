"""The frames of sentences: subject, verb, object, number and period, as practice has them; nothing of the reader's.

Gathered from wordings of real reports of 2019 to 2025 (rephrased); a frame is one way to say one figure, and whatever
may stand in its places is drawn apart, so that every combination is a sentence of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

# Names with letters of time and number in them, and of every kind; behind each, what people call it besides.
AGENCIES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("东湖县自然资源局", "department", ("县自然资源局", "自然资源局", "我局", "本单位")),
    ("东湖区公共资源交易中心", "department", ("区公共资源交易中心", "本中心", "我单位")),
    ("东湖高新区管理委员会", "department", ("高新区管委会", "管委会", "我委", "本机关")),
    ("东湖区人民政府办公室", "department", ("区政府办公室", "区政府办", "我办", "本单位")),
    ("东湖县卫生健康委员会", "department", ("县卫生健康委", "县卫健委", "我委", "本机关")),
    ("东湖市发展和改革委员会", "department", ("市发展改革委", "市发改委", "我委")),
    ("东湖市财政局", "department", ("市财政局", "市局", "我局", "本局")),
    ("东湖市公安局西郊分局", "department", ("西郊分局", "分局", "我局")),
    ("东湖区市场监督管理局", "department", ("区市场监管局", "区市场监督管理局", "我局")),
    ("东湖区总工会路街道办事处", "subdistrict", ("总工会路街道", "我街道", "街道", "本街道办事处")),
    ("东湖区新安街道", "subdistrict", ("新安街道办事处", "新安街道", "我街道", "街道办事处")),
    ("东湖县共和镇人民政府", "town", ("共和镇", "共和镇人民政府", "镇政府", "我镇")),
    ("东湖县至德乡人民政府", "town", ("至德乡", "至德乡政府", "乡政府", "我乡")),
    ("东湖区人民政府", "government", ("全区", "我区", "东湖区", "全区各级行政机关")),
)
PERIODS = (
    "{year}年，", "{year}年度，", "{year}年", "全年", "本年度", "一年来，", "报告期内，", "{year}年1月1日至12月31日，",
    "截至{year}年12月31日，", "{year}年全年，", "今年以来，", "年内", "截至{year}年底，", "{year}年1-12月，",
)  # fmt: skip
VERBS = (
    "收到", "共收到", "共接到", "接收", "新收到", "新收", "收", "累计收到", "共计收到", "总共收到", "收到并办理",
    "接收到", "依法收到", "通过信函、网络等渠道收到", "通过各种渠道共收到", "实际收到",
)  # fmt: skip
VERBS_ACCEPTED = ("受理", "共受理", "新受理", "累计受理", "依法受理")
OBJECTS = (
    "政府信息公开申请", "信息公开申请", "依申请公开", "依申请公开申请", "政府信息依申请公开申请", "依申请公开政府信息",
    "公民、法人和其他组织提出的政府信息公开申请", "群众提出的政府信息公开申请", "各类政府信息公开申请",
    "社会公众政府信息公开申请", "依申请公开信息", "有效政府信息公开申请", "申请人提交的信息公开申请",
    "要求公开政府信息的申请", "依申请公开件", "依申请公开政府信息情况", "依申请公开事项",
)  # fmt: skip
COUNTED = ("{n}件", "共{n}件", "共计{n}件", "{n}宗", "{n}份", "{n}件次", "总数为{n}件", "{n}条", "数量为{n}件")
BEFORE = ("{n}件", "{n}份", "{n}条")
BEHIND = (
    "，均按时答复", "，均已在法定期限内答复", "，按时办结率100%", "", "，较上年增加2件", "，答复率为100%",
    "并全部按期答复", "，同比下降12.5%", "，已全部办结",
)  # fmt: skip
NONE = (
    "未收到{o}", "没有收到{o}", "没有接到{o}", "未接到{o}", "无{o}", "未收到和处理{o}", "均未收到{o}", "未发生{o}",
)  # fmt: skip
OUTCOMES = {
    "granted": ("予以公开", "同意公开", "全部公开", "给予公开"),
    "partly_granted": ("部分公开", "予以部分公开"),
    "refused": ("不予公开",),
    "not_provided": ("无法提供",),
    "not_handled": ("不予处理",),
    "other": ("其他处理", "作其他处理"),
}
OUTCOME_FORMS = (
    "{label}{n}件", "{label}的{n}件", "{label}申请{n}件", "{n}件{label}", "{label}共{n}件", "作出{label}答复{n}件",
    "{label}决定{n}件", "{label}信息{n}件", "{n}件予以答复{label}", "{label}类{n}件",
)  # fmt: skip
OUTCOME_STARTS = ("其中，", "其中：", "办理结果为：", "办理结果：", "从办理结果看，", "答复情况如下：", "其中")
CARRIED_OUT = (
    "结转下年度继续办理{n}件", "结转至下一年度继续办理{n}件", "{n}件结转下年度继续办理", "结转下年度{n}件",
    "尚有{n}件结转至下年度办理", "结转到下一年度{n}件",
)  # fmt: skip
CARRIED_IN = ("上年结转{n}件", "上年度结转{n}件", "上年结转申请{n}件", "上一年度结转{n}件", "另有上年结转{n}件")
PROCESSED = ("办结{n}件", "已办结{n}件", "共办结{n}件", "办理完毕{n}件", "年内办结{n}件", "按期办结{n}件")
CAUSES = ("因政府信息公开", "涉及政府信息公开的", "因政府信息公开工作", "由政府信息公开引发的", "政府信息公开类")
REVIEWS = (
    "{cause}被申请行政复议{n}件", "{cause}行政复议案件{n}件", "发生{cause}行政复议{n}起", "{cause}被提起行政复议{n}件",
    "{cause}引起的行政复议共{n}件", "收到{cause}行政复议申请{n}件", "发生{n}件{cause}行政复议", "{cause}行政复议{n}宗",
    "{cause}申请人申请行政复议{n}件",
)  # fmt: skip
LAWSUITS = (
    "{cause}被提起行政诉讼{n}件", "{cause}行政诉讼案件{n}件", "发生{cause}行政诉讼{n}起", "{cause}引发行政诉讼{n}件",
    "{cause}行政诉讼{n}宗", "{cause}产生行政诉讼{n}件",
)  # fmt: skip
NO_DISPUTES = (
    "未发生{cause}行政复议、行政诉讼", "没有{cause}被申请行政复议、提起行政诉讼的情况",
    "无{cause}行政复议和行政诉讼案件",
    "没有发生{cause}申请行政复议和提起行政诉讼的情况", "未{cause}被申请行政复议或提起行政诉讼",
    "{cause}行政复议、行政诉讼均为0件", "未出现{cause}行政复议、行政诉讼案件",
)  # fmt: skip
DOCUMENTS = {
    "issued": ("制发{doc}{n}件", "制定{doc}{n}件", "共制发{doc}{n}件", "出台{doc}{n}件", "新制定{doc}{n}件"),
    "repealed": ("废止{doc}{n}件", "宣布失效{doc}{n}件", "废止{n}件{doc}", "清理废止{doc}{n}件"),
    "in_force": ("现行有效{doc}{n}件", "{doc}现行有效{n}件", "现行有效的{doc}共{n}件", "现行有效{doc}共计{n}件"),
}
DECISIONS = {
    "licensing": ("作出行政许可决定{n}件", "作出行政许可{n}件", "作出行政许可处理决定{n}件", "共作出行政许可决定{n}件"),
    "penalties": ("作出行政处罚决定{n}件", "作出行政处罚{n}件", "实施行政处罚{n}件", "全年作出行政处罚处理决定{n}件"),
    "compulsory_measures": ("作出行政强制决定{n}件", "作出行政强制{n}件", "实施行政强制措施{n}件"),
}
DOCUMENT_NAMES = ("行政规范性文件", "规范性文件")

# What stands beside it in real reports and says nothing of the tables: sentences without a figure of this report.
TRAPS = (
    "{last}年收到政府信息公开申请{x}件。",
    "去年同期收到政府信息公开申请{x}件。",
    "上半年收到政府信息公开申请{x}件。",
    "其中，通过网络收到政府信息公开申请{x}件。",
    "办理人大代表建议{x}件、政协提案{y}件，均已办结。",
    "全年受理12345热线工单{x}件，办结{y}件。",
    "收到政府信息公开咨询{x}人次。",
    "协助市政府办公室办理政府信息公开申请{x}件。",
    "区本级收到政府信息公开申请{x}件。",
    "公文公开属性源头认定方面，主动公开{x}件，依申请公开{y}件，不予公开{z}件。",
    "审查公文{x}件，其中确定为不予公开{y}件、依申请公开{z}件。",
    "近三年累计收到政府信息公开申请{x}件。",
    "收到涉及征地、拆迁领域的政府信息公开申请{x}件。",
    "受理行政复议案件{x}件，审结{y}件。",
    "作为被告应诉行政诉讼案件{x}件。",
    "报送规范性文件备案{x}件。",
    "公开规范性文件{x}件，解读{y}件。",
    "起草区政府规范性文件{x}件，参与会签{y}件。",
    "办理行政许可{x}件，提前办结率100%。",
    "公开行政处罚信息{x}条、行政许可信息{y}条。",
    "共发布信息{x}条（{y}件），其中图片类信息{z}条。",
    "收到信访事项{x}件，办结{y}件。",
    "比上年增加{x}件，增幅为{y}%。",
    "下属单位收到政府信息公开申请{x}件。",
    "各镇街收到政府信息公开申请{x}件，予以公开{y}件。",
    "自2008年以来，累计受理政府信息公开申请{x}件。",
    "对{x}件政府信息公开申请进行了抽查。",
    "组织政府信息公开培训{x}次，参训{y}人次。",
    "市自然资源局转来政府信息公开申请{x}件。",
    "代表{x}家单位在会上作了政府信息公开申请办理经验交流。",
    "平均每件政府信息公开申请办理{x}个工作日。",
    "推送微信{x}条，阅读量{y}人次，点赞{z}次。",
    "告知申请人可以申请行政复议或者提起行政诉讼，共{x}份。",
    "收到政府信息公开申请约{x}件。",
    "共发文{x}件，其中主动公开文件{y}件，不公开文件{z}件，依申请公开{x}件。",
    "主动公开规章{x}件（含新制定{y}件，修改{z}件，废止{y}件）。",
    "全年公开各类信息，其中行政规范性文件{x}条，行政许可类信息{y}条，行政处罚类信息{z}条。",
    "收到网民留言{x}条，办结留言{y}条，公开答复{z}条。",
    "在政府信息公开专栏发布规范性文件{x}件、行政处罚决定{y}件。",
    "代区政府承办行政复议案件{x}件，被申请人为我区各部门。",
    "全市系统共收到政府信息公开申请{x}件。",
    "向区政务服务管理局报送政府信息公开申请办理台账{x}份。",
    "清理涉及行政强制的文件{x}件。",
    "现行有效的政策文件{x}件已在网站集中公开。",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to say one figure: the figure's name, and the words with their places {s}, {p} and {n} left open."""

    figure: str
    words: str


def frames() -> dict[str, list[Frame]]:
    """All frames by figure; subject and period are drawn for each sentence apart."""
    made: dict[str, list[Frame]] = {}

    def add(figure: str, words: str) -> None:
        made.setdefault(figure, []).append(Frame(figure, words))

    for verb, thing in product(VERBS, OBJECTS):
        for counted in COUNTED if thing == OBJECTS[0] else COUNTED[:2]:
            add("received", f"{{p}}{{s}}{verb}{thing}{counted}")
        for before in BEFORE:
            add("received", f"{{p}}{{s}}{verb}{before}{thing}")
    for verb, thing in product(VERBS_ACCEPTED, OBJECTS[:6]):
        add("accepted", f"{{p}}{{s}}{verb}{thing}{{n}}件")
    for none, thing in product(NONE, OBJECTS):
        add("none", "{p}{s}" + none.replace("{o}", thing))
    for outcome, labels in OUTCOMES.items():
        for label, form in product(labels, OUTCOME_FORMS):
            add(outcome, form.replace("{label}", label))
    said_of_requests: dict[str, tuple[str, ...]] = {
        "carried_out": CARRIED_OUT, "carried_in": CARRIED_IN, "processed": PROCESSED,
    }  # fmt: skip
    said_of_disputes: dict[str, tuple[str, ...]] = {
        "review": REVIEWS, "litigation": LAWSUITS, "no_disputes": NO_DISPUTES,
    }  # fmt: skip
    for figure, forms in said_of_requests.items():
        for form in forms:
            add(figure, form)
    for figure, forms in said_of_disputes.items():
        for form, cause in product(forms, CAUSES):
            add(figure, "{p}{s}" + form.replace("{cause}", cause))
    for column, ways in DOCUMENTS.items():
        for form, document in product(ways, DOCUMENT_NAMES):
            add(f"normative_documents.{column}", "{p}{s}" + form.replace("{doc}", document))
    for row, ways in DECISIONS.items():
        for form in ways:
            add(f"{row}.decisions", "{p}{s}" + form)
    return made
