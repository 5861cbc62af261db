"""Who is written to: mail addresses, and chat groups by the name of their channel; what each wants, in which tongue."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from config.mail_address import is_mail_address
from config.rules import LevelName
from config.yaml_file import ConfigurationError, DataFile

# ``apprise:NAME`` is the channel of that name: so the address with its secret stands in no row and in no log.
CHANNEL = "apprise:"
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_CHANNEL = re.compile(r"apprise:[\w.-]{1,40}")

# The kinds of incidents (ledger/states.py) that a recipient may ask for.
Kind = Literal[
    "missing",
    "late",
    "finding",
    "withdrawn",
    "date_disputed",
    "rectification",
    "internal_date",
    "portal",
    "quarantine",
    "unassigned",
    "common_cause",
    "column_unclear",
    "reading_late",
    "worker_gone",
    "worker_deaf",
    "crawler_silent",
    "monitor_silent",
    "broker_away",
    "mail_failing",
    "mail_refused",
    "summary_late",
    "letter_unmade",
    "disk_full",
    "clock_wrong",
    "file_broken",
    "recipient",
    "new_form",
    "disagreeing",
]


def is_channel(recipient: str) -> bool:
    """Whether a recipient is a chat group and no mail address."""
    return recipient.startswith(CHANNEL)


def is_impossible(recipient: str) -> bool:
    """Whether no message can be made for a mail address: two dots in a row, a dot at the end.

    Such an address is no reason to refuse the whole file: it is named to the operators, and the others get their mail.
    """
    return not is_channel(recipient) and not is_mail_address(recipient)


def _reachable(value: str) -> str:
    if "://" in value:
        raise ValueError("聊天群的地址含有密钥，请写在 channels 下，在这里写 apprise:名称")
    if not (_MAIL.fullmatch(value) or _CHANNEL.fullmatch(value)):
        raise ValueError("不是有效的邮件地址，也不是 apprise:名称")
    return value


class Recipient(DataFile):
    """Somebody who is told: a mail address or ``apprise:NAME``.

    ``levels`` and ``kinds`` are the incidents wanted, all where empty; ``alerts`` is false for who wants the summary
    alone, ``weekly`` for who does not want it. ``language``: en puts an English summary before the Chinese letter.
    ``from_reminder``: who is told of nothing but what was not put right by then, from that reminder on.
    """

    to: Annotated[str, AfterValidator(_reachable)]
    language: Literal["zh", "en"] = "zh"
    levels: tuple[LevelName, ...] = ()
    kinds: tuple[Kind, ...] = ()
    alerts: bool = True
    weekly: bool = True
    from_reminder: int = Field(default=0, ge=0, le=20)

    def wants(self, kind: str, level: str, time: int = 0) -> bool:
        """Whether an incident of a kind and level is told: as news, or the ``time``-th time of reminding."""
        if time < self.from_reminder:
            return False
        return self.alerts and (not self.kinds or kind in self.kinds) and (not self.levels or level in self.levels)


def _plain_address(value: Any) -> Any:
    return {"to": value} if isinstance(value, str) else value


Recipients = tuple[Annotated[Recipient, BeforeValidator(_plain_address)], ...]


class Channel(DataFile):
    """A chat group or other service by its Apprise address (``wecombot://…``), which holds a secret.

    It stands in a file (``url_file``), in an environment variable (``url_env``), or here (``url``).
    """

    url: SecretStr | None = Field(default=None, repr=False)
    url_file: Path | None = None
    url_env: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if [self.url, self.url_file, self.url_env].count(None) != 2:
            raise ValueError("url_file、url_env、url 三项中须写且只写一项")
        return self

    def address(self) -> str:
        """The Apprise address. Raises ConfigurationError where its file or variable is missing or empty."""
        if self.url is not None:
            return self.url.get_secret_value()
        if self.url_env is not None:
            where, found = f"环境变量 {self.url_env}", os.environ.get(self.url_env, "")
        else:
            where = str(self.url_file)
            try:
                found = Path(where).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigurationError(where, "无法读取", "请检查路径和权限") from error
        if not found.strip():
            raise ConfigurationError(where, "没有内容", "请写入聊天群的 Apprise 地址，例如 wecombot://密钥")
        return found.strip()
