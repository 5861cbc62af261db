"""The archive: bytes under their sha256, on disk or in any store that fsspec knows."""

from __future__ import annotations

import hashlib
import os
import uuid

import fsspec

from config.settings import Settings


class ArchiveError(Exception):
    """The archive lost or changed something, or cannot be used; ``str()`` is one sentence with what to do."""


class Archive:
    """A store of bytes by hash; what is in it is never changed."""

    def __init__(self, address: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(address)

    def put(self, content: bytes) -> str:
        """Keeps ``content`` and returns its sha256 (hex); keeping it twice changes nothing.

        The bytes are written beside their place, read back, and moved there, so that no half-written file ever
        stands under a hash. Raises ArchiveError where what was written is not what was given.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if self._files.exists(path):
            return sha256
        beside = f"{path}.{os.getpid()}.{uuid.uuid4().hex}.part"
        try:
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            self._files.pipe_file(beside, content)
            if self._files.size(beside) != len(content):
                raise ArchiveError(f"写入存档 {sha256} 后大小不符；请检查磁盘空间和存储状态")
            self._files.mv(beside, path)
        except OSError as error:
            raise ArchiveError(f"无法写入存档（{error}）；请检查磁盘空间和权限") from error
        return sha256

    def has(self, sha256: str) -> bool:
        """Whether something stands under this hash; :meth:`get` tells whether it is still the same."""
        return bool(self._files.exists(self._path(sha256)))

    def get(self, sha256: str) -> bytes:
        """The bytes with this hash. Raises ArchiveError where they are not there or are no longer the same."""
        try:
            content: bytes = self._files.cat_file(self._path(sha256))
        except OSError as error:
            raise ArchiveError(f"存档中没有 {sha256}（{error}）；请从备份恢复") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ArchiveError(f"存档中的 {sha256} 内容已损坏；请从备份恢复")
        return content

    def _path(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"


def open_archive(settings: Settings) -> Archive:
    """The archive that the settings name."""
    try:
        return Archive(settings.archive_address)
    except (ImportError, ValueError, OSError) as error:
        raise ArchiveError(
            f"存档地址 {settings.archive_address} 无法使用（{error}）；请检查 NIANBAO_ARCHIVE_URL"
        ) from error
