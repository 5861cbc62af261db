"""What a section has to speak of, known by the words that reports use for it.

The lists are wide on purpose: a topic is missing only where none of its words stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# 国办公开办函〔2021〕30号: section one covers these five.
OVERVIEW_TOPICS: Mapping[str, re.Pattern[str]] = {
    "主动公开": re.compile(
        r"主动公开|主动发布|公示|公告|刊发|发布|推送|公开(?:各类|政府|政务)?信息|信息公开\d+条|政策解读|重点领域"
    ),
    "依申请公开": re.compile(
        r"依申请|申请公开|信息公开申请|公开申请|(?:收到|受理|接收|接到|办理)[^。，]{0,12}申请|依规答复"
    ),
    "政府信息管理": re.compile(
        r"信息(?:公开)?(?:的)?(?:规范化|标准化)?管理|信息资源|规范性文件|审核|审查|审签|三审|校对|保密|源头|属性|台账|全清单|清单|归档|档案"
        r"|动态(?:调整|更新|管理)|(?:公开)?目录|流程|制度|机制|规范化|标准化|分级|数据管理"
    ),
    "平台建设": re.compile(
        r"平台|网站|新媒体|微信|微博|公众号|抖音|专栏|专区|栏目|渠道|公示栏|公开栏|公告栏|宣传栏|电子屏|显示屏|查阅|载体|阵地|政务服务中心|热线|客户端|互联网|网络|网上"
    ),
    "监督保障": re.compile(
        r"监督|保障|培训|考核|考评|评议|评估|责任|追究|问责|组织领导|领导小组|检查|自查|督查|督导|督促|抽查|监管|监测|整改|专人|队伍|学习|经费|测评|投诉"
    ),
}

# Article 50 (4): what the report of a government gives besides.
GOVERNMENT_TOPICS: Mapping[str, re.Pattern[str]] = {
    "工作考核": re.compile(r"考核|考评|绩效|考察评价"),
    "社会评议": re.compile(r"评议|满意度|第三方评估|第三方测评|公众评价|社会评价|群众评价|民意|问卷|好差评|测评"),
    "责任追究": re.compile(r"责任追究|追究责任|追究.{0,6}责任|追责|问责|责任倒查"),
}

_PROBLEM = re.compile(
    r"问题|不足|不够|不高|不强|不全|不深|不多|不细|不广|不大|不快|不及时|不到位|不完善|不规范|不完整|不平衡|不均|不熟|不丰富|不准确|不充分|不明显"
    r"|不理想|不精|不严|有待|差距|欠缺|欠|薄弱|短板|弱项|弱|仍需|还需|尚需|还要|仍要|需要?(?:进一步)?(?:加强|完善|提高|提升|改进|拓展|加大|深化|优化|细化)"
    r"|缺乏|缺少|缺失|困难|滞后|单一|亟待|亟需|尚未|较少|偏少|偏低|较低|较慢|不适应|局限|难度|难点|瓶颈|隐患|疏漏|迟缓|粗放|陈旧|参差"
)
_IMPROVEMENT = re.compile(
    r"改进|改善|下一步|下步|今后|将|整改|措施|加强|加大|强化|提升|提高|完善|优化|进一步|推进|推动|规范|继续|持续|计划|健全|拓宽|拓展|丰富|深化|细化|举措"
    r"|落实|确保|创新|增强|努力|严格|加快|注重|突出|抓好|做好|充实|建立|开展|坚持|定期"
)


def topics_missing(text: str, topics: Mapping[str, re.Pattern[str]]) -> list[str]:
    """The topics of which a text has not one word, in their order."""
    return [name for name, words in topics.items() if not words.search(text)]


def names_problems(text: str) -> bool:
    """Whether a text speaks of any problem, by a word for one or by saying what is wanting."""
    return bool(_PROBLEM.search(text))


def names_improvements(text: str) -> bool:
    """Whether a text speaks of anything that was or will be done about it."""
    return bool(_IMPROVEMENT.search(text))
