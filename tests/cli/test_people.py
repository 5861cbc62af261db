"""nianbao people: accounts of the desk from the command line, each with a link that sets its password once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pyotp import TOTP
from sqlalchemy import select
from starlette.testclient import TestClient

from cli.main import main
from config.settings import Settings
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.models import Record
from ledger.people.second_factor import begin_setup, confirm_setup, has_second_factor
from ledger.states import RecordKind
from tests.monitor.factory import at
from tests.web.forms import send
from web.app import make_app
from web.desk import Desk

PASSWORD = "correct horse battery"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    def nianbao(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(("people", *words))
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return nianbao


def test_an_account_is_made_used_and_shut(run: Run, settings: Settings, ledger: Ledger) -> None:
    status, link, said = run("add", "wangmin", "--name", "王敏", "--role", "reviewer", "--district", "朝阳区")
    assert status == 0 and "24 小时" in said
    place = "/link/" + link.strip().rsplit("/", 1)[1]
    with TestClient(make_app(Desk(settings, ledger, open_archive(settings))), follow_redirects=False) as client:
        assert send(client, place, place, password=PASSWORD, again=PASSWORD).status_code == 303
        assert "王敏（复核人：朝阳区）" in client.get("/").text
        (row,) = json.loads(run("list", "--format", "json")[1])
        assert row == {
            "account": "wangmin", "name": "王敏", "role": "reviewer", "districts": ["朝阳区"], "state": "可以登录",
        }  # fmt: skip
        # A new link does not end the session, the password that it sets does.
        again = "/link/" + run("password", "wangmin")[1].strip().rsplit("/", 1)[1]
        assert client.get("/").status_code == 200
        other = TestClient(client.app, follow_redirects=False)
        assert send(other, again, again, password=PASSWORD + "!", again=PASSWORD + "!").status_code == 303
        assert client.get("/").status_code == 303 and other.get("/").status_code == 200
        assert run("remove", "wangmin")[0] == 0
        assert other.get("/").status_code == 303


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "Wang Min", "--name", "王敏"), "账号只用小写字母"),
        (("add", "wangmin", "--name", "  "), "姓名不能为空"),
        (("add", "wangmin", "--name", "王敏", "--district", "不存在区"), "名册中没有“不存在区”"),
        (("remove", "nobody"), "没有在用的账号"),
        (("password", "nobody"), "没有在用的账号"),
        (("totp-reset", "nobody"), "没有在用的账号"),
    ],
)
def test_what_will_not_do_is_said_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    status, _, said = run(*words)
    assert status == 2 and sentence in said


def test_codes_are_taken_away_from_whoever_lost_them(run: Run, settings: Settings, ledger: Ledger) -> None:
    assert run("add", "wangmin", "--name", "王敏")[0] == 0
    status, _, said = run("totp-reset", "wangmin")
    assert status == 2 and "没有开启动态口令" in said
    with ledger.write() as session:
        now = at("2024-04-10")
        secret = begin_setup(session, "wangmin", now)
        assert secret is not None and confirm_setup(session, "wangmin", TOTP(secret).at(now), now)
    assert run("totp-reset", "wangmin")[0] == 0
    with ledger.read() as session:
        assert not has_second_factor(session, "wangmin")
        last = session.scalars(select(Record).order_by(Record.id.desc())).first()
        assert last is not None and (last.kind, last.account) == (RecordKind.SECOND_FACTOR_RESET, None)


def test_an_account_is_made_once(run: Run) -> None:
    assert run("add", "wangmin", "--name", "王敏")[0] == 0
    status, _, said = run("add", "wangmin", "--name", "别人")
    assert status == 2 and "已经存在" in said
    assert run("remove", "wangmin")[0] == 0 and run("add", "wangmin", "--name", "王敏")[0] == 0
