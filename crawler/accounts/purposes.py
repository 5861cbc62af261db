"""What an address or a place of a page is for, by the words that it is named with: hits, a menu, the weather."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise


def each(words: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words.split())


# By these a name in an address says that no rows come from there.
_BESIDE = each(
    """
    hit hits click clicks visit visits visitor visitors visitcount visitlog counter pv uv viewclick addclick articlehits
    clickcount hitcount readcount viewcount browsecount pageview pageviews accesslog addlog savelog tongji analytics
    track tracker beacon heartbeat online praise zan like likes favorite favourite share weather tianqi captcha
    verifycode vcode checkcode login islogin logout sso userinfo getuser currentuser loginuser session token csrf
    csrftoken suggest suggestion suggestions autocomplete hotword hotwords hotkey jssdk jsapi signature jiucuo
    accessibility wza servertime systemtime systime nowtime currenttime gettime ip ipv header footer nav navbar topnav
    menu menus banner friendlink friendlinks
    """
)
# By these that it may be rows all the same.
_OF_LISTS = each(
    """
    list lists row rows record records page pages paging pager item items search query result results more article
    articles content contents news infos infolist column columns channel channels catalog doc docs document documents
    publish publishinfo xxgk gkml gongkai nianbao ndbg report reports annual tree table grid dataset
    """
)
# The hits of an article are no article.
_HITS = each("hit hits click clicks visit visits pv viewclick addclick praise zan like likes")
_HAS_HITS = each("article content doc document news page record")
# Names that mean a part of the page only where they are the whole name.
_ALONE = each("top head foot bottom left stat count")
_FOLDERS_BESIDE = each(
    "weather tianqi hits visit visitcount suggest autocomplete captcha sso login tongji jiucuo jssdk wechat weixin"
)
_SAYS_NOTHING = each("get add index update save count data json info do api config number set init main new now v")
# Places of a page.
_PLACES_BESIDE = _BESIDE | each(
    """
    time user username fwl fwrs ljfw llcs count tq clock date riqi nongli head top foot bottom tips tip tishi piaofu
    float loginbar logininfo loginbox dl qrcode ewm
    """
)
_PLACES_OF_LISTS = _OF_LISTS | each("data con main box body wrap container left right ul li tbody app tab tabs")
_HOST = re.compile(r"^(?:https?:)?//[^/?#]{0,200}")
# Counters, share buttons and seals that many portals carry.
_OTHER_HOSTS = re.compile(
    r"^(?:https?:)?//(?:[\w-]{1,60}\.){0,4}(?:hm\.baidu\.com|cnzz\.com|conac\.cn|pucha\.kaipuyun\.cn|zfwzgl\.www\.gov\.cn|"
    r"weather\.com\.cn|tianqi\.com|tianqiapi\.com|res\.wx\.qq\.com|bshare\.cn|jiathis\.com|bdimg\.share\.baidu\.com|"
    r"push\.zhanzhang\.baidu\.com|zz\.bdstatic\.com)(?:[/:?]|$)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
_LONGEST_ADDRESS = 300
_LONGEST_NAME = 200
_MOST_WORDS = 20
_MOST_FOLDERS = 8


def is_beside(address: str) -> bool:
    """Whether an address says by itself that what is asked for there is no row of a list."""
    if _OTHER_HOSTS.match(address):
        return True
    path = _HOST.sub("", address[:_LONGEST_ADDRESS]).partition("?")[0].partition("#")[0]
    *folders, last = path.rstrip("/").split("/")[-_MOST_FOLDERS:]
    own = _words(last.rpartition(".")[0] or last)
    above = frozenset(word for folder in folders for word in _words(folder))
    of_lists = own & _OF_LISTS
    if of_lists:
        return of_lists <= _HAS_HITS and bool(own & _HITS)
    if own & _BESIDE:
        return True
    if above & _OF_LISTS:
        return False
    return (bool(own) and own <= _ALONE) or (own <= _SAYS_NOTHING and bool(above & _FOLDERS_BESIDE))


def is_place_beside(selector: str, stands_beside: Callable[[str], bool]) -> bool:
    """Whether a place of a page is beside its list, by its name or by where it stands."""
    words = _words(selector)
    if words & _PLACES_OF_LISTS:
        return False
    return bool(words & _PLACES_BESIDE) or stands_beside(selector)


def is_of_a_list(names: str) -> bool:
    """Whether a place of a page is named like that of a list, or of what tabs show."""
    return bool(_words(names) & _PLACES_OF_LISTS)


def _words(name: str) -> frozenset[str]:
    """The words of a name, each alone and with its neighbour: ``isLogin`` is ``is``, ``login`` and ``islogin``."""
    parts = [part.lower() for part in _WORDS.findall(name[:_LONGEST_NAME])][:_MOST_WORDS]
    return frozenset({*parts, *(one + other for one, other in pairwise(parts))})
