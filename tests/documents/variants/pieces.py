"""Cells in which a number stands beside something that is none of it, as each format writes it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from xml.sax.saxutils import escape as xml_escape

Cell = Callable[[str], str]


def is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def _web(around: str) -> Cell:
    return lambda text: around.format(escape(text)) if is_number(text) else escape(text)


def _runs(around: str) -> Cell:
    plain = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    return lambda text: (around if is_number(text) else plain).replace("{}", xml_escape(text))


def _text(around: str) -> Cell:
    return lambda text: around.replace("{}", text) if is_number(text) else text


def _full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in text)


_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_PLAIN_RUN = "<w:r><w:t>{}</w:t></w:r>"


def _run(properties: str, text: str) -> str:
    # With an attribute, so that as_docx gives it no properties of its own.
    return f'<w:r w:rsidR="00AA"><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>'


WEB: dict[str, Cell] = {
    "sup": _web("{}<sup>1</sup>"),
    "sub": _web("{}<sub>2</sub>"),
    "sup-bracket": _web("{}<sup>[3]</sup>"),
    "sup-style": _web('{}<span style="vertical-align:super">4</span>'),
    "raised-relative": _web('{}<span style="position:relative;top:-5px">4</span>'),
    "del": _web("<del>7</del>{}"),
    "s": _web("<s>12</s>{}"),
    "strike": _web("{}<strike>5</strike>"),
    "line-through": _web('<span style="text-decoration: line-through;">3</span>{}'),
    "display-none": _web('<span style="display:none">700</span>{}'),
    "visibility": _web('{}<i style="visibility:hidden">9</i>'),
    "class-hidden": _web('<span class="sortkey">0007</span>{}'),
    "font-size-0": _web('{}<span style="font-size:0px">9</span>'),
    "opacity": _web('{}<span style="opacity:0">9</span>'),
    "off-page": _web('<span style="position:absolute;left:-9999px">8</span>{}'),
    "clipped": _web('<span style="position:absolute;clip:rect(0,0,0,0)">8</span>{}'),
    "white": _web('{}<font color="#ffffff">6</font>'),
    "white-style": _web('{}<span style="color: white">6</span>'),
    "small": _web('<span style="font-size:14px">{}</span><span style="font-size:7px">2</span>'),
    "ruby": _web("<ruby>{}<rp>(</rp><rt>9</rt><rp>)</rp></ruby>"),
    "anchor": _web('{}<a href="#note1">1</a>'),
    "input": _web('<input type="text" value="{}">'),
    "picture": _web('<img src="n.png" alt="{}">'),
    "picture-beside": _web('{}<img src="7.png">'),
    "generated": _web('{}<span class="more"></span>'),
    "select": _web("<select><option>1</option><option>{}</option></select>"),
    "hidden-attribute": _web("{}<span hidden>3</span>"),
    "template": _web("{}<template>4</template>"),
    "struck-within": _web("1<del>8</del>{}"),
    "circled": _web("{}①"),
    "smaller": _web("{}<small>4</small>"),
    "dialog": _web("{}<dialog>4</dialog>"),
    "popover": _web("<div popover>5</div>{}"),
    "details": _web("{}<details><summary></summary>4</details>"),
    "audio": _web("<audio>5</audio>{}"),
    "power": _web("{}<math><msup><mn></mn><mn>4</mn></msup></math>"),
    "soft-hyphen": _web("{}&shy;"),
    "margin": _web('<span style="margin-left:-9999px">5</span>{}'),
    "filter": _web('{}<span style="filter:opacity(0)">9</span>'),
    "right": _web('<span style="position:absolute;right:9999px">8</span>{}'),
    "margin-top": _web('<span style="display:block;margin-top:-9999px">8</span>{}'),
    "translate": _web('<span style="position:absolute;transform:translateX(-9999px)">8</span>{}'),
    "scale": _web('{}<span style="transform:scale(0)">9</span>'),
    # Seen, only smaller than its letters say: how pages get below a browser's least size.
    "scaled": _web('<span style="transform:scale(0.8)">{}</span>'),
    "clip-path": _web('{}<i style="clip-path:inset(100%)">3</i>'),
    "no-alpha": _web('{}<i style="color:rgba(0,0,0,0)">4</i>'),
    "reversed": _web('<span style="display:inline-flex;flex-direction:row-reverse"><i>{}</i><i>4</i></span>'),
    "full-width": lambda text: _full_width(text) if is_number(text) else escape(text),
    "bold": _web("<b>{}</b>"),
    "split": lambda text: f"<b>{escape(text[:1])}</b><i>{escape(text[1:])}</i>",
}  # fmt: skip

WORD: dict[str, Cell] = {
    "superscript": _runs(_PLAIN_RUN + _run('<w:vertAlign w:val="superscript"/>', "1")),
    "subscript": _runs(_PLAIN_RUN + _run('<w:vertAlign w:val="subscript"/>', "1")),
    "raised": _runs(_PLAIN_RUN + _run('<w:position w:val="8"/>', "1")),
    "strike": _runs(_run("<w:strike/>", "3") + _PLAIN_RUN),
    "slightly-smaller": _runs(_run('<w:sz w:val="18"/>', "{}") + _run('<w:sz w:val="16"/>', "4")),
    "on-its-colour": _runs(_PLAIN_RUN + _run('<w:color w:val="000000"/><w:highlight w:val="black"/>', "4")),
    "narrow": _runs(_PLAIN_RUN + _run('<w:w w:val="1"/>', "4")),
    "dstrike": _runs(_PLAIN_RUN + _run("<w:dstrike/>", "3")),
    "vanish": _runs(_run("<w:vanish/>", "8") + _PLAIN_RUN),
    "white": _runs(_PLAIN_RUN + _run('<w:color w:val="FFFFFF"/>', "8")),
    "small": _runs(_run('<w:sz w:val="24"/>', "{}") + _run('<w:sz w:val="10"/>', "8")),
    "footnote": _runs(_PLAIN_RUN + '<w:r><w:footnoteReference w:id="1"/></w:r>'),
    "deleted": _runs('<w:del w:id="1" w:author="x"><w:r><w:delText>5</w:delText></w:r></w:del>' + _PLAIN_RUN),
    "inserted": _runs('<w:ins w:id="1" w:author="x">' + _PLAIN_RUN + "</w:ins>"),
    "symbol": _runs(_PLAIN_RUN + '<w:r><w:sym w:font="Wingdings" w:char="F031"/></w:r>'),
    "ruby": _runs(
        "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>7</w:t></w:r></w:rt><w:rubyBase>"
        + _PLAIN_RUN
        + "</w:rubyBase></w:ruby></w:r>"
    ),
    "field-set": _runs(_FIELD.format(code=" SET a 4 ", result=_PLAIN_RUN) + _PLAIN_RUN),
    "field": _runs(_FIELD.format(code=" =SUM(ABOVE) ", result=_PLAIN_RUN)),
    "field-code": _runs(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>12</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + _PLAIN_RUN + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "box": _runs(
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p>'
        + _PLAIN_RUN
        + "</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    ),
    "equation": _runs(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> EQ \\o(9,{}) </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "right-to-left": _runs('<w:r><w:t>1</w:t></w:r><w:bdo w:val="rtl"><w:r><w:t>57</w:t></w:r></w:bdo>' + _PLAIN_RUN),
    "page-number": _runs("<w:r><w:pgNum/></w:r>" + _PLAIN_RUN),
    "pen": _runs(_PLAIN_RUN + "<w:r><w:contentPart/></w:r>"),
    "struck-within": _runs(_run("", "1") + _run("<w:strike/>", "3") + _PLAIN_RUN),
}  # fmt: skip

TEXT: dict[str, Cell] = {
    "bold": _text("**{}**"),
    "strike": _text("~~3~~{}"),
    "sup": _text("{}<sup>1</sup>"),
    "caret": _text("{}^1^"),
    "footnote": _text("{}[^1]"),
    "bracket": _text("{}[1]"),
    "latex": _text("${}$"),
    "latex-sup": _text("${}^{1}$"),
    "del": _text("<del>8</del>{}"),
    "code": _text("`{}`"),
    "escaped": _text("{}\\*"),
}  # fmt: skip

RTF: dict[str, Cell] = {
    "plain": _text("{}"),
    "super": _text("{}{\\super 1}"),
    "sub": _text("{}{\\sub 1}"),
    "raised": _text("{}{\\up6 1}"),
    "strike": _text("{\\strike 3}{}"),
    "double-strike": _text("{\\striked1 3}{}"),
    "hidden": _text("{\\v 8}{}"),
    "deleted": _text("{\\deleted 8}{}"),
    "white": _text("{}{\\cf1 8}"),
    "footnote": _text("{}{\\super\\chftn}{\\footnote 注}"),
    "picture": _text("{}{\\pict\\wmetafile8 00}"),
    # As LibreOffice writes ruby.
    "equation": _text('{\\field{\\*\\fldinst { EQ \\\\* jc3 \\\\o\\\\al(\\\\s\\\\up 7(7),{})}}{\\fldrslt {}}}'),
    "upr": _text("{\\upr{{}}{\\*\\ud{{}}}}"),
}  # fmt: skip
