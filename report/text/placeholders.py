"""What a template leaves open and nobody filled in: XX局, ____条, 20XX年, （ ）件, □是□否; no mask and no quotation.

Looked for in the text as it stands: where it is made plain, __ and ** are taken for bold print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from report.numerals import without_space

_UNIT = r"(?:年|月|日|件|条|项|次|元|万元|个|份|人|号|篇|期|场)"
_BODY = r"(?:街道|局|镇|乡|县|区|市|委员会|委|办事处|办公室|办|中心|单位|部门|人民政府|政府)"
_X = "XxＸｘ×✕"
# Who or what is masked on purpose: 原告李××, 第三人××公司, ××小区.
_MASKED = (
    r"(?!诉|不服|案|等人|申请人|与|公司|企业|集团|小区|村|社区|地块|项目|工程|路|街(?!道)|大道|楼|户|女士|先生|同志|厂|店|商铺|"
    r"学校|小学|中学|医院|银行|一案|某)"
)
_CROSSES = re.compile(
    rf"(?<![A-Za-z0-9{_X}某*])(?:20)?[{_X}]{{2,8}}(?![A-Za-z0-9{_X}]){_MASKED}[^，。；\n]{{0,6}}"
    rf"|(?<![A-Za-z0-9{_X}某])[{_X}](?={_UNIT})(?!年代|号楼|光)[^，。；\n]"
)
_CIRCLES = re.compile(rf"(?<![〇○零一二三四五六七八九十百千])[○●◯]{{2,8}}(?={_UNIT})[^，。；\n]{{1,2}}")
_EMPTY_BRACKETS = re.compile(
    r"(?:[〔\[][ 　]{0,12}[〕\]]|【[ 　]{0,12}】)[^，。；\n]{0,4}"
    rf"|[（(][ 　]{{0,12}}[）)](?={_UNIT})[^，。；\n]{{1,2}}"
    r"|〔20[0-9]{2}〕[ 　]{0,4}号"
)
_BESIDE = re.compile(r"[^，。；\n]{0,8}$")
# A blank to be written on; one that is filled (____30____条), or parts a line, or belongs to an address, is none.
_FILLED = re.compile(rf"[_＿]{{2,40}}[ 　]?(?!{_UNIT})[^_＿，。；：、\n]{{1,20}}[_＿]{{2,40}}")
_BOLD = re.compile(r"(?<![_＿])__(?!_)[^_\n]{1,80}(?<!_)__(?![_＿])|\*\*[^*\n]{1,200}\*\*")
_BLANK = re.compile(rf"(?<![A-Za-z0-9_＿/@.])[_＿]{{2,40}}[ 　]?(?:{_UNIT}|(?<=[_＿]{{3}})[，。；、编制][^，。；\n]?)")
_RULED = re.compile(r"^[^\S\n]*[_＿\-—=*]{3,}[^\S\n]*$", re.MULTILINE)
_STARS = re.compile(rf"(?<![0-9A-Za-z*＊某])[*＊]{{2,8}}(?={_BODY}|{_UNIT})[^，。；\n]{{1,6}}")
# 某某局 where whoever reports should stand; 申请公开某某村 masks somebody.
_SOMEBODY = re.compile(rf"(?:^|[。；，：]|由|公布|发布)[ 　]*(某某{_BODY}[^，。；\n]{{0,4}})", re.MULTILINE)
# Boxes of a choice that nobody ticked; before a line of its own it is the bullet of a list.
_BOXES = re.compile(r"[□☐][ 　]?(?:是|否|有|无|收取|未收取)[^□☐。；，\n]{0,6}[□☐][ 　]?[^，。；\n]{1,4}")
_QUOTED = re.compile(
    r"“[^”\n]{1,60}”|‘[^’\n]{1,60}’|「[^」\n]{1,60}」|《(?![^》\n]{0,60}年(?:度报告|报))[^》\n]{1,60}》"
)
# Without one of these nothing was left open.
_ANY = re.compile(rf"[{_X}○●◯〔\[【（(_＿*＊□☐]|某某")


def placeholders(text: str) -> Iterator[str]:
    """What was left open in a running text, quoted with what stands beside it."""
    if not _ANY.search(text):
        return
    own = _QUOTED.sub(lambda match: "”" * len(match[0]), _RULED.sub("", text))
    for pattern in (_CROSSES, _CIRCLES, _BOXES):
        for match in pattern.finditer(own):
            yield without_space(match[0])
    for match in _EMPTY_BRACKETS.finditer(own):
        beside = _BESIDE.search(own[max(0, match.start() - 8) : match.start()])
        yield without_space(f"{beside[0] if beside and match[0][0] not in '（(' else ''}{match[0]}")
    for match in _SOMEBODY.finditer(own):
        yield without_space(match[1])
    plain = _BOLD.sub(_kept, _FILLED.sub("", own))
    for pattern in (_BLANK, _STARS):
        for match in pattern.finditer(plain):
            yield without_space(match[0])


def _kept(bold: re.Match[str]) -> str:
    """Two marks around words are bold print; around what begins with a unit they are two blanks."""
    return bold[0] if re.match(rf"[_*]{{2}}{_UNIT}", bold[0]) else ""
