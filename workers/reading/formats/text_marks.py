"""The marks that a conversion leaves in a text (Markdown, LaTeX, HTML, carets): not what an agency filled in."""

from __future__ import annotations

import html
import re

from report.account import PieceKind
from workers.reading.content import GAP, Piece, without_gaps

_LONGEST = 300
_SIMPLE = re.compile(r"\*\*|__|^#{1,6}\s+|^>\s+")
_ANY = re.compile(r"[\\$^~`*_<&\[#>]")
_LATEX = re.compile(r"\$\$?(.{0,200}?)\$\$?|\\\((.{0,200}?)\\\)|\\\[(.{0,200}?)\\\]")
_LATEX_WORDS = re.compile(r"\\(?:mathrm|mathbf|text|mathit|mathsf|textbf|boldsymbol|displaystyle)\s*\{?|\\[,;:! ]|[{}]")
# What is set higher, lower or struck, by the mark that says so; the text that it holds is the first group.
_ASIDE = (
    (PieceKind.STRUCK, re.compile(r"~~(.{1,80}?)~~")),
    (PieceKind.STRUCK, re.compile(r"<(?:del|s|strike)\b[^>]{0,80}>(.{0,80}?)</(?:del|s|strike)\s*>", re.I)),
    (PieceKind.NOTE, re.compile(r"<(?:sup|sub)\b[^>]{0,80}>(.{0,80}?)</(?:sup|sub)\s*>", re.I)),
    (PieceKind.RUBY, re.compile(r"<(?:rt|rp)\b[^>]{0,80}>(.{0,80}?)</(?:rt|rp)\s*>", re.I)),
    (PieceKind.NOTE, re.compile(r"\[\^([^\]\s]{1,20})\]|(?<=[0-9])\[([0-9a-z注*]{1,4})\]")),
    (PieceKind.NOTE, re.compile(r"[\^_]\{(.{0,40}?)\}|\^([^\^\s]{1,20})\^")),
    (PieceKind.NOTE, re.compile(r"(?<=[0-9])~([^~\s]{1,20})~|(?<=[0-9])\^([0-9*†]{1,3})")),
)  # fmt: skip
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,11}(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~>-])")
_ESCAPED_BAR = re.compile(r"\\\||\|")


def without_marks(text: str) -> tuple[str, tuple[Piece, ...]]:
    """A cell's or a line's text without its marks, and what stood in them.

    Bold and headings are no pieces: the text they hold is plain. A formula whose marks are not known stays as it is.
    """
    if not _ANY.search(text) and "|" not in text:
        return text, ()
    text = _SIMPLE.sub("", text)
    if len(text) > _LONGEST:
        return text, ()
    pieces: list[Piece] = []

    def aside(kind: PieceKind, match: re.Match[str]) -> str:
        pieces.append(Piece(kind, next((group for group in match.groups() if group), "")))
        return GAP

    def formula(match: re.Match[str]) -> str:
        inner = next((group for group in match.groups() if group), "")
        pieces.append(Piece(PieceKind.MARK, match[0]))
        return _LATEX_WORDS.sub("", inner.replace("{,}", ","))

    for kind, pattern in _ASIDE:
        text = pattern.sub(lambda match, kind=kind: aside(kind, match), text)  # type: ignore[misc]
    text = _LATEX.sub(formula, text)
    if "\\" in text or "|" in text:
        text = _ESCAPED_BAR.sub(lambda match: aside(PieceKind.MARK, match), _ESCAPED.sub(r"\1", text))
    if _TAG.search(text):
        pieces += [
            Piece(PieceKind.PICTURE, tag) for tag in _TAG.findall(text) if tag.lower().startswith(("<img", "<input"))
        ]
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return without_gaps(text).strip("` \t"), tuple(pieces)
