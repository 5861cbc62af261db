"""Bytes to text: the encoding that the document names, else the one that fits."""

from __future__ import annotations

import codecs
import re

from workers.reading.errors import ReadError, ReadErrorKind

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,20})", re.IGNORECASE)
# Besides UTF-8 and the family of GB 2312 the only ones that Chinese pages are written in.
_OTHERS = frozenset({"big5", "big5-hkscs"})
_HEAD = 4096
_FEW_BROKEN = 0.01


def decode(data: bytes, *, named_inside: bool = False) -> str:
    """The text of ``data``; ``named_inside``: look for the charset of an HTML head.

    A named charset is believed where the bytes are not UTF-8; gb2312 and gbk are read as gb18030, which holds both.
    Raises ReadError (broken) where no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    # What is valid UTF-8 is UTF-8, whatever the head of the page says.
    candidates = ["utf-8", "gb18030"]
    named = _NAMED.search(data[:_HEAD]) if named_inside else None
    if named is not None and (name := named[1].decode("ascii").lower()) in _OTHERS:
        candidates.insert(1, name)
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    for encoding in candidates:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= len(text) * _FEW_BROKEN:
            return text
    raise ReadError(ReadErrorKind.BROKEN, "文字编码无法识别（不是 UTF-8，也不是 GB18030）；请另存为 UTF-8 后再试。")
