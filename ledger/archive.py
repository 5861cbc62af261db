"""The archive: bytes under their sha256, on disk or in any store that fsspec knows."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import fsspec

from config.secret_addresses import shown, without_secrets
from config.settings import Settings


class ArchiveError(Exception):
    """The archive lost or changed something, or cannot be used; ``str()`` is one sentence with what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something in the archive: its name (a sha256, unless left half-written), its place, and when it was written."""

    name: str
    path: str
    written_at: datetime


class Archive:
    """A store of bytes by hash; what is in it is never changed."""

    def __init__(self, address: str) -> None:
        self._address = address
        # No listings from memory, another machine may have written meanwhile; and no client of a process before a fork.
        self._files, self._root = fsspec.core.url_to_fs(address, use_listings_cache=False, skip_instance_cache=True)
        # On a disk of this machine, or one that it takes for one of its own.
        self.is_near = "file" in self._files.protocol
        self._broken: tuple[type[Exception], ...] = (OSError,)
        if "s3" in self._files.protocol:
            # Installed with s3fs; raised where the store does not answer or nobody is logged in.
            from botocore.exceptions import BotoCoreError

            self._broken = (OSError, BotoCoreError)

    def put(self, content: bytes) -> str:
        """Keeps ``content`` and returns its sha256 (hex); keeping it twice changes nothing.

        On a disk the bytes are written beside their place and moved there, so that no half-written file ever stands
        under a hash; a store of objects shows an object whole or not at all. Raises ArchiveError where what was
        written is not what was given, or the store cannot be used.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        try:
            if self.is_near:
                if _size_of(path) != len(content):
                    _write_beside(path, content)
            elif not self._files.exists(path) or self._files.size(path) != len(content):
                self._files.pipe_file(path, content)
                if self._files.size(path) != len(content):
                    raise ArchiveError(f"写入存档 {sha256} 后大小不符；请检查存储状态")
        except self._broken as error:
            raise ArchiveError(f"无法写入存档（{self._said(error)}）；请检查{self._remedy}") from error
        return sha256

    def has(self, sha256: str) -> bool:
        """Whether something stands under this hash; :meth:`get` tells whether it is still the same."""
        try:
            return bool(self._files.exists(self._path(sha256)))
        except self._broken as error:
            raise ArchiveError(f"无法访问存档（{self._said(error)}）；请检查{self._remedy}") from error

    def get(self, sha256: str) -> bytes:
        """The bytes with this hash. Raises ArchiveError where they are not there or are no longer the same."""
        try:
            content: bytes = self._files.cat_file(self._path(sha256))
        except FileNotFoundError as error:
            raise ArchiveError(f"存档中没有 {sha256}；请从备份恢复") from error
        except self._broken as error:
            raise ArchiveError(f"无法读取存档 {sha256}（{self._said(error)}）；请检查{self._remedy}") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ArchiveError(f"存档中的 {sha256} 内容已损坏；请从备份恢复")
        return content

    def _said(self, error: Exception) -> str:
        return without_secrets(error, self._address)

    @property
    def _remedy(self) -> str:
        return "磁盘空间和权限" if self.is_near else "存储服务的地址、网络和密钥"

    def kept(self) -> Iterator[Kept]:
        """Everything that stands in the archive, in no order: contents, and what a killed process left half-written."""
        try:
            found = self._files.find(self._root, detail=True) if self._files.exists(self._root) else {}
        except self._broken as error:
            raise ArchiveError(f"无法访问存档（{self._said(error)}）；请检查{self._remedy}") from error
        for path, detail in found.items():
            written = detail.get("LastModified") or datetime.fromtimestamp(detail["mtime"], UTC)
            yield Kept(path.rsplit("/", 1)[1], path, written)

    def remove(self, kept: Kept) -> None:
        """Takes something away for ever: only what no row of the ledger names."""
        try:
            self._files.rm_file(kept.path)
        except self._broken as error:
            raise ArchiveError(f"无法删除 {kept.path}（{self._said(error)}）；请检查{self._remedy}") from error

    def _path(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"


def _size_of(path: str) -> int | None:
    """How many bytes a file has; None where there is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - asked for every page; a Path takes longer to make than to ask
    except FileNotFoundError:
        return None


def _write_beside(path: str, content: bytes) -> None:
    """Writes a file beside its place and moves it there. Raises OSError, and leaves nothing, where that fails."""
    beside = f"{path}.{os.getpid()}.{uuid.uuid4().hex}.part"
    try:
        try:
            _write(beside, content)
        except FileNotFoundError:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            _write(beside, content)
        os.replace(beside, path)  # noqa: PTH105 - as above
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 - as above
        file.write(content)


def open_archive(settings: Settings) -> Archive:
    """The archive that the settings name."""
    try:
        return Archive(settings.archive_address)
    except (ImportError, ValueError, OSError) as error:
        address = settings.archive_address
        raise ArchiveError(
            f"存档地址 {shown(address)} 无法使用（{without_secrets(error, address)}）；请检查 NIANBAO_ARCHIVE_URL"
        ) from error
