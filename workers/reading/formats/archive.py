"""A ZIP that holds one report among whatever else: that one is read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection

from workers.reading import kind as media
from workers.reading.errors import ReadError, ReadErrorKind, is_out_of_memory

_MOST_MEMBERS = 200
_MOST_BYTES = 60 * 2**20
_BROKEN = "压缩包已损坏，打不开；请重新下载，或解压后提供其中的年报文件。"


def only_document(data: bytes, readable: Collection[str]) -> bytes:
    """The one file in the archive whose kind is among ``readable``; archives in it are not opened.

    Raises ReadError: kind_not_read where there is none or more than one; too_large, encrypted, broken.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir() and member.file_size]
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_BYTES:
                raise ReadError(ReadErrorKind.TOO_LARGE, "压缩包解压后大得不合常理；请解压后提供其中的年报文件。")
            if any(member.flag_bits & 1 for member in members):
                raise ReadError(ReadErrorKind.ENCRYPTED, "压缩包设有密码；请解压后提供其中的年报文件。")
            contents = [archive.read(member) for member in members]
            found = _reports([(content, kind) for content in contents if (kind := _kind(content)) in readable])
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise ReadError(ReadErrorKind.BROKEN, _BROKEN) from error
    if len(found) != 1:
        many = "不止一个" if found else "没有"
        raise ReadError(ReadErrorKind.KIND_NOT_READ, f"这是压缩包，其中{many}能读的文件；请解压后逐个提供年报文件。")
    return found[0]


def _reports(kinds: list[tuple[bytes, str | None]]) -> list[bytes]:
    """Those that may be the report: a note (请先阅读.txt) beside documents, or a picture beside them, is none."""
    for aside in ((media.TEXT, *media.IMAGES), (media.TEXT,)):
        documents = [content for content, kind in kinds if kind not in aside]
        if documents:
            return documents
    return [content for content, _ in kinds]


def _kind(data: bytes) -> str | None:
    try:
        return media.media_type_of(data)
    except ReadError:
        # What is in the archive besides the report need not be of a known kind.
        return None
