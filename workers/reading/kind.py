"""What kind of file some bytes are: decided from the bytes, never from the name."""

from __future__ import annotations

import io
import re
import zipfile

from workers.reading.errors import ReadError, ReadErrorKind

PDF = "application/pdf"
HTML = "text/html"
TEXT = "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
OLE = "application/x-ole-storage"
RTF = "application/rtf"
OFD = "application/ofd"
ZIP = "application/zip"
MHTML = "multipart/related"
FLAT_WORD = "application/xml"
WORD_2003_XML = "application/vnd.ms-word.xml"
ODT = "application/vnd.oasis.opendocument.text"
SPREADSHEET = "application/vnd.ms-excel"
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/tiff", "image/webp")

_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|div|p|meta|title|span|script|h[1-6])[\s>/]", re.IGNORECASE)
# Text may have its tables as HTML; only what begins with one is a web page.
_HTML_TABLE = re.compile(rb"<\s*(?:table|t[rdh]|br|strong|b|center|font)[\s>/]", re.IGNORECASE)
_WHOLE_TABLE = re.compile(rb"<table\b.*?(?:</table|\Z)", re.IGNORECASE | re.DOTALL)
# What stands in the directory of an OLE container.
_WORD_STREAM, _ENCRYPTED_STREAM = ("WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
_WORKBOOK_STREAM = "Workbook".encode("utf-16-le")
_ARCHIVED_PAGE = re.compile(
    rb"^(?:MIME-Version:|From:|Content-Type:\s*multipart/related|Subject:|Date:)", re.IGNORECASE | re.MULTILINE
)
_RELATED = re.compile(rb"Content-Type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)", re.IGNORECASE)
_HEAD = 2048
_PDF_HEAD = 1024


def media_type_of(data: bytes) -> str:
    """The media type of a file's bytes. Raises ReadError (empty, unknown_kind) where it has none that is known."""
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise ReadError(ReadErrorKind.EMPTY, "文件是空的；请确认下载完整后再试。")
    for magic, media_type in _MAGIC:
        if data.startswith(magic) and not (magic == b"BM" and b"\x00" not in data[:_HEAD]):
            return _kind_of_ole(data) if media_type == OLE else media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"PK"):
        return _kind_of_zip(data)
    if b"%PDF-" in data[:_PDF_HEAD]:
        return PDF
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = data[:_HEAD].decode("utf-16", "ignore").encode()
        return HTML if _HTML.search(head) else TEXT
    head = data[:_HEAD]
    if _ARCHIVED_PAGE.match(head.lstrip()) and _RELATED.search(head):
        return MHTML
    if b"<pkg:package" in head or b"schemas.microsoft.com/office/2006/xmlPackage" in head:
        return FLAT_WORD
    if b"schemas.microsoft.com/office/word/2003/wordml" in head or b"opendocument:xmlns:office" in head:
        return WORD_2003_XML
    if b"\x00" in head:
        raise ReadError(
            ReadErrorKind.UNKNOWN_KIND, "认不出这是哪一种文件；请提供 PDF、Word（docx）、网页或文本格式的年报。"
        )
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and _HTML_TABLE.search(head):
        return HTML
    return HTML if _HTML.search(_WHOLE_TABLE.sub(b"", data[: 4 * _HEAD])) else TEXT


def _kind_of_ole(data: bytes) -> str:
    if _ENCRYPTED_STREAM in data:
        raise ReadError(ReadErrorKind.ENCRYPTED, "Word 文件设有密码；请去掉密码后再试。")
    if _WORD_STREAM in data:
        return DOC
    return SPREADSHEET if _WORKBOOK_STREAM in data else OLE


def _kind_of_open_document(mimetype: bytes) -> str:
    return SPREADSHEET if b"spreadsheet" in mimetype else ODT


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReadError(ReadErrorKind.BROKEN, "文件已损坏（压缩结构打不开）；请重新下载后再试。") from error
    if "word/document.xml" in names or any(
        name.lower().startswith("word/") and name.endswith(".xml") for name in names
    ):
        return DOCX
    if any(name.lower().startswith("xl/") for name in names):
        return SPREADSHEET
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return _kind_of_open_document(mimetype)
    if "OFD.xml" in names:
        return OFD
    return ZIP
