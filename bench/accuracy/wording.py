"""The running text of a report, in the words that agencies use; every number in it comes from the plan."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.accuracy.plan import Plan, share_of
from bench.accuracy.spelling import spelled
from config.forms import SectionKind

Lines = list[str]

RECEIVED = (
    "{year}年，{me}共收到政府信息公开申请{n}件",
    "全年共收到政府信息公开申请{n}件",
    "{year}年度，{me}收到公民、法人和其他组织提出的政府信息公开申请{n}件",
    "{year}年{me}共受理政府信息公开申请{n}件",
    "{year}年1月1日至12月31日，{me}共接收政府信息公开申请{n}件",
    "本年度{me}新收政府信息公开申请{n}件",
    "{me}{year}年收到依申请公开政府信息申请{n}件",
    "{year}年全年收到信息公开申请共{n}件",
    "{year}年，{me}共收到{n}件政府信息公开申请",
)
NONE_RECEIVED = (
    "{year}年，{me}未收到政府信息公开申请",
    "全年未收到公民、法人和其他组织提出的政府信息公开申请",
    "{year}年度{me}没有收到信息公开申请",
    "{year}年{me}共收到政府信息公开申请0件",
)
ANSWERED = ("，均已按期答复", "，均在法定期限内答复", "，按时答复率100%", "")
INTRODUCTIONS = (
    "{year}年，{me}坚持以习近平新时代中国特色社会主义思想为指导，认真贯彻落实《中华人民共和国政府信息公开条例》，扎实做好政府信息公开各项工作。",
    "{year}年，在上级部门的正确领导下，{me}严格落实《中华人民共和国政府信息公开条例》要求，政府信息公开工作取得新进展。",
    "{me}高度重视政府信息公开工作，{year}年以群众需求为导向，着力提升公开质量，不断增强工作透明度。",
)
PROACTIVE = (
    "{year}年，通过政府门户网站主动公开政府信息{n}条",
    "全年共主动公开政府信息{n}条",
    "{year}年累计公开各类政府信息{n}条",
)
ORDERS = (
    "按照区政务服务管理局的统一部署，开展政府信息公开专项自查。",
    "会同区市场监督管理局、区城市管理委员会开展联合检查，检查结果及时公开。",
    "主动对接区司法局、区档案馆，规范文件清理和移交。",
    "接受区政府办公室业务指导和第三方机构评估。",
)
MANAGEMENT = (
    "严格执行“三审三校”制度，落实信息发布审核责任，定期清理失效信息，未经审核的信息一律不得公开。",
    "健全政府信息全生命周期管理机制，规范公文公开属性源头认定，做好政府信息的动态调整。",
    "完善信息公开保密审查程序，按照“先审查、后公开”的原则，确保发布内容准确规范。",
)
PLATFORMS = (
    "加强门户网站政府信息公开专栏建设，优化栏目设置，做好政务新媒体日常运维，设置政务公开查阅点{n}个。",
    "依托政府网站和政务新媒体，持续推进公开平台规范化建设，及时更新政府信息公开指南。",
    "发挥政府网站第一平台作用，整合微信公众号等渠道，为群众提供便捷的查阅服务。",
)
SAFEGUARDS = (
    "明确专人负责，全年组织业务培训{n}次，主动接受社会监督。",
    "将政务公开纳入年度重点工作，落实工作责任，开展教育培训{n}次，未发生责任追究情形。",
    "建立健全监督保障机制，加强日常督促检查，组织工作人员参加业务学习{n}次。",
)
GOVERNMENT = (
    "工作考核方面，将政务公开纳入绩效考核，对各部门开展考核。社会评议方面，开展满意度调查，公众评价良好。责任追究方面，全年未发生责任追究情况。",
    "将政府信息公开工作列入年度考核，考核结果予以通报；邀请代表开展社会评议，结果总体满意；全年没有因政府信息公开工作被追究责任的情形。",
)
PROBLEMS = (
    "{year}年，{me}政府信息公开工作虽取得一定成效，但仍存在一些问题：一是公开内容的深度和广度还有待提升；二是工作人员业务水平有待提高。",
    "存在的主要问题：公开的及时性还需加强，政策解读形式不够丰富。",
    "一是部分工作人员对新修订的条例理解不深；二是公开形式较为单一，与群众需求还有差距。",
    "对照上级要求和群众期待，仍存在不足，主要是重点领域信息公开不够主动，依申请公开办理的规范化水平有待提升。",
)
IMPROVEMENTS = (
    "下一步，将加强业务培训，完善工作机制，拓展公开内容，不断提高公开质量。",
    "改进措施：进一步健全制度，丰富解读形式，及时回应社会关切。",
    "下一步改进情况：一是强化学习培训，提升工作能力；二是细化公开目录，加大重点领域公开力度。",
    "{next}年，{me}将针对上述问题认真整改，持续提升政府信息公开工作水平。",
    "针对上述不足，今后将从以下方面加以改进：（一）优化办理流程；（二）加强队伍建设，力争{next}年有明显提升。",
)
FEES = (
    "{year}年，{me}依申请公开未收取信息处理费。",
    "本年度未收取任何信息处理费。无其他需要报告的事项。",
    "按照《政府信息公开信息处理费管理办法》，{year}年收取信息处理费0元。",
    "本年度没有发生信息处理费收取情况。",
    "{year}年度{me}未向申请人收取政府信息公开信息处理费，没有其他需要报告的事项。",
)
COMPARED = (
    "比{last}年增加{n}件", "较上年减少{n}件", "同比增长15%", "与去年相比下降12.5%", "较{last}年的{n}件有所增加",
)  # fmt: skip
PROPOSALS = (
    "办理人大代表建议12件、政协提案8件，其中主办5件、会办15件，办复率100%。",
    "全年承办区人大代表建议和政协委员提案共20件，均已办结并公开。",
)
HOTLINE = (
    "全年受理12345热线群众诉求3200件，响应率100%，解决率95.6%。",
    "接诉即办受理群众来电1,204件，按期办结1198件。",
)
VISITS = (
    "微信公众号推送信息1200余条，阅读量超过10万次。",
    "公开财政预决算、“三公”经费信息2条，重大建设项目信息 20 条。",
    "门户网站访问量达150万人次，发布政策解读16篇，召开新闻发布会3场。",
)
LEVELS = (
    "全区各部门、街道共收到政府信息公开申请{n}件。",
    "其中，区政府本级收到政府信息公开申请{n}件，其余由各部门和街道办理。",
)
NO_DISPUTES = ("{year}年，{me}未发生因政府信息公开引起的行政复议和行政诉讼", "全年无政府信息公开行政复议、行政诉讼案件")
REVIEWS = ("{year}年，{me}因政府信息公开被申请行政复议{n}件", "全年发生政府信息公开行政复议{n}件")
HEADINGS = (
    (
        "（一）主动公开情况", "（二）依申请公开情况", "（三）政府信息管理情况", "（四）政府信息公开平台建设情况",
        "（五）监督保障情况",
    ),
    ("1.主动公开", "2.依申请公开", "3.政府信息管理", "4.政府信息公开平台建设", "5.监督保障"),
)  # fmt: skip


def opening(plan: Plan) -> Lines:
    """What stands before the first section: the legal ground, how many parts, and the period of the statistics."""
    random = plan.random("opening")
    first, last = plan.period
    parts = "全文由总体情况、主动公开政府信息情况等六部分组成。" if "announces" in plan.topics else ""
    days = random.choice((
        "自{0.year}年{0.month}月{0.day}日起至{1.year}年{1.month}月{1.day}日止",
        "为{0.year}年{0.month}月{0.day}日至{1.year}年{1.month}月{1.day}日",
        "自{0.year}年{0.month}月{0.day}日至{1.month}月{1.day}日",
    )).format(first, last)  # fmt: skip
    lines = [
        f"根据《中华人民共和国政府信息公开条例》规定，{plan.agency.name}编制本报告。{parts}"
        f"本报告所列数据的统计期限{days}。"
    ]
    if "contact" in plan.topics:
        lines.append(
            f"如对本报告有疑问，请与{plan.agency.name}联系（地址：幸福路12号；邮编：100020；电话：010-64636785）。"
        )
    return lines


def section_text(plan: Plan, kind: SectionKind) -> Lines:
    """The paragraphs of a section, its tables aside."""
    random = plan.random(f"text of {kind}")
    me = random.choice(plan.agency.myself)
    if kind == "overview":
        return _overview(plan, random, me)
    if kind == "disputes" and "reviews" in plan.topics:
        return [_disputes(plan, random, me)]
    if kind in ("proactive", "requests") and "notes" in plan.topics:
        return ["（单位：件）"]
    if kind == "problems":
        return [_filled(plan, random.choice(PROBLEMS), me), _filled(plan, random.choice(IMPROVEMENTS), me)]
    if kind == "other":
        return [_filled(plan, random.choice(FEES), me)]
    return []


def _overview(plan: Plan, random: Random, me: str) -> Lines:
    count = random.randint(2, 9)
    topics = (
        _published(plan, random, me),
        "".join(_requests(plan, random, me)),
        random.choice(MANAGEMENT) + (random.choice(ORDERS) if "orders" in plan.topics else ""),
        random.choice(PLATFORMS).format(n=count),
        random.choice(SAFEGUARDS).format(n=count),
    )
    lines = [_filled(plan, random.choice(INTRODUCTIONS), me)]
    headings = random.choice(HEADINGS)
    joined = random.random() < 0.5
    for heading, text in zip(headings, topics, strict=True):
        lines += [f"{heading}。{text}"] if joined else [heading, text]
    if plan.agency.kind == "government":
        lines.append(random.choice(GOVERNMENT))
    return lines


def _published(plan: Plan, random: Random, me: str) -> str:
    said = plan.said
    n = _numbers(random)
    text = _filled(plan, random.choice(PROACTIVE), me, n(said.published))
    if "shares" in plan.topics:
        text = f"{plan.text_year}年共主动公开政府信息{said.published}条"
    if "classes" in plan.topics or "shares" in plan.topics:
        names = ("机构职能类信息", "政策文件类信息", "业务动态类信息")
        shown = [f"{name}{n(count)}条" for name, count in zip(names, said.classes, strict=True)]
        if "shares" in plan.topics:
            shown[2] += random.choice(("，占比{}%", "，占{}%", "，占总体的比例为{}%")).format(said.share)
        text += "，其中" + random.choice(("、", "，")).join(shown)
    if "documents" in plan.topics and "proactive.normative_documents.issued" in plan.cells:
        text += f"。制发行政规范性文件{plan.cells['proactive.normative_documents.issued'] or 0}件"
    return text + "。" + (random.choice(VISITS) if "visits" in plan.topics else "")


def _requests(plan: Plan, random: Random, me: str) -> Lines:
    """What the text says of requests, between sentences that speak of something else."""
    said = plan.said
    n = _numbers(random)
    both = "both" in plan.topics and said.carried_in > 0
    count = said.received + said.carried_in if both else said.received
    templates = NONE_RECEIVED if count == 0 else RECEIVED
    text = _filled(plan, random.choice(templates), me, n(count))
    if both:
        text += f"（含上年结转{n(said.carried_in)}件）"
    elif count and "channels" in plan.topics:
        channels = ("网络申请", "信函申请", "当面申请")
        shown = [f"{name}{n(number)}件" for name, number in zip(channels, said.channels, strict=True)]
        between = random.choice(("、", "，"))
        if "channel_shares" in plan.topics and sum(said.channels) == count:
            shares = [share_of(number, count) for number in said.channels]
            shown = [f"{one}，占比{share}%" for one, share in zip(shown, shares, strict=True)]
            between = random.choice(("；", "，"))
        text += "，其中" + between.join(shown)
    elif count and "carried" in plan.topics:
        text += f"，上年结转{n(said.carried_in)}件"
    if count and "compared" in plan.topics:
        change = random.choice(COMPARED)
        text += "，" + change.format(last=plan.text_year - 1, n=random.randint(1, 9))
    sentences = [text + random.choice(ANSWERED if count else ("",)) + "。"]
    if "carried" in plan.topics and count:
        sentences.append(f"办结{n(said.processed)}件，结转下年度继续办理{n(said.carried_out)}件。")
    if "outcomes" in plan.topics and count:
        shown = [f"{outcome}{n(number)}件" for outcome, number in said.outcomes.items() if number]
        sentences.append(f"办理结果为：{'，'.join(shown)}。" if shown else "")
    if "applicants" in plan.topics and count:
        natural = plan.said.applicants
        sentences.append(f"从申请人看，自然人申请{n(natural)}件，法人或其他组织申请{n(said.received - natural)}件。")
    aside = []
    if "proposals" in plan.topics:
        aside.append(random.choice(PROPOSALS))
    if "hotline" in plan.topics:
        aside.append(random.choice(HOTLINE))
    if "levels" in plan.topics and plan.agency.kind == "government":
        aside.append(random.choice(LEVELS).format(n=n(max(0, said.received - 1))))
    if "last_year" in plan.topics:
        aside.append(f"{plan.text_year - 1}年收到政府信息公开申请{n(random.randint(0, 40))}件。")
    if "consultations" in plan.topics:
        aside.append(
            random.choice(("接受群众政府信息公开咨询{}人次。", "现场接待咨询{}次，电话咨询12次。")).format(n(33))
        )
    if "other_bodies" in plan.topics:
        aside.append("协助办理公民向市政府办公室提出的政府信息公开申请2件。")
    random.shuffle(aside)
    return [*sentences, *aside] if random.random() < 0.7 else [*aside, *sentences]


def _disputes(plan: Plan, random: Random, me: str) -> str:
    said = plan.said.disputes
    if not any(said.values()):
        return _filled(plan, random.choice(NO_DISPUTES), me) + "。"
    text = _filled(plan, random.choice(REVIEWS), me, str(said["review"]))
    text += f"，被提起行政诉讼{said['litigation']}件。"
    return text + ("另办理规范性文件备案3件。" if "filings" in plan.topics else "")


def _numbers(random: Random) -> Callable[[int], str]:
    return lambda number: spelled(number, random)


def _filled(plan: Plan, template: str, me: str, number: str = "") -> str:
    return template.format(year=plan.text_year, next=plan.text_year + 1, me=me, n=number)
