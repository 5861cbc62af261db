"""Personal data of private people in a text, found to be named by kind and place, and never repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from report.report import Report
from report.text.sentences import sentences

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ACCOUNT = re.compile(r"(?<!\d)\d{16,19}(?!\d)")
_BANK = re.compile(r"银行|开户行|卡号|账号|帐号|账户")
# Whose number it is: a person who asked, or was asked; or the office that gives its own.
_PRIVATE = re.compile(r"申请人|当事人|村民|居民|户主|群众[^，。]{0,4}某|姓名|本人|身份证|家庭|[一-鿿](?:某某?|××?)")
_OFFICE = re.compile(r"联系|咨询|疑问|地址|邮编|热线|举报|监督|传真|办公|投诉")
_MOST = 20
# Shorter than any of them: a text without so many digits is not looked at.
_DIGITS = re.compile(r"\d{11}")


class Personal(StrEnum):
    """A kind of personal data."""

    IDENTITY_CARD = "identity_card"
    MOBILE = "mobile"
    BANK_ACCOUNT = "bank_account"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One number: its kind, masked, the heading of its section, its page; ``certain``: it is a private person's."""

    kind: Personal
    masked: str
    section: str
    page: int | None
    certain: bool


def personal_data(report: Report) -> list[PersonalData]:
    """Every such number in the running text, the first few."""
    texts = [("正文开头", report.opening, None), *((one.heading, one.text, one.page) for one in report.sections)]
    found = [
        PersonalData(kind, masked(number), section, page, certain)
        for section, text, page in texts
        for sentence in sentences(text)
        for kind, number, certain in _in_sentence(sentence)
    ]
    return list(dict.fromkeys(found))[:_MOST]


def without_personal_data(text: str) -> str:
    """The text with every identity card, mobile and bank account number masked, whosever they are."""
    if not _DIGITS.search(text):
        return text
    text = _IDENTITY.sub(lambda found: masked(found[0]) if _is_identity(found[0]) else found[0], text)
    if _BANK.search(text):
        text = _ACCOUNT.sub(lambda found: masked(found[0]) if _passes_luhn(found[0]) else found[0], text)
    return _MOBILE.sub(lambda found: masked(found[0]), text)


def masked(number: str) -> str:
    """A number of which only its beginning and its last two digits are shown."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def _in_sentence(sentence: str) -> Iterator[tuple[Personal, str, bool]]:
    identities = [number for number in _IDENTITY.findall(sentence) if _is_identity(number)]
    yield from ((Personal.IDENTITY_CARD, number, True) for number in identities)
    if _BANK.search(sentence):
        numbers = (number for number in _ACCOUNT.findall(sentence) if number not in identities)
        accounts = (number for number in numbers if _passes_luhn(number))
        yield from ((Personal.BANK_ACCOUNT, number, bool(_PRIVATE.search(sentence))) for number in accounts)
    private, office = bool(_PRIVATE.search(sentence)), bool(_OFFICE.search(sentence))
    if private or not office:
        yield from ((Personal.MOBILE, number, private and not office) for number in _MOBILE.findall(sentence))


def _is_identity(number: str) -> bool:
    """GB 11643: a date of birth, and a last digit that checks the others."""
    month, day = int(number[10:12]), int(number[12:14])
    if number[6:8] not in ("19", "20") or not 1 <= month <= 12 or not 1 <= day <= 31:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK[total % 11] == number[17].upper()


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
