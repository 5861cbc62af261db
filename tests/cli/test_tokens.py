"""nianbao tokens: made and printed once, listed without what they are, and taken away."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from cli.main import main
from config.settings import Settings
from ledger.archive import open_archive
from ledger.database import Ledger
from web.app import make_app
from web.desk import Desk


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(("tokens", *words))
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out, said.err


def test_a_token_of_an_office_reads_until_it_is_taken_away(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, said = run(capsys, "add", "区平台", "--district", "朝阳区", "--expires", "2099-12-31")
    token = out.strip()
    assert status == 0 and token.startswith("nianbao_") and "只显示这一次" in said
    head = {"Authorization": f"Bearer {token}"}
    with TestClient(make_app(Desk(settings, ledger, open_archive(settings)))) as client:
        assert [one["district"] for one in client.get("/api/v1/districts", headers=head).json()["districts"]] == [
            "朝阳区"
        ]
        (row,) = json.loads(run(capsys, "list", "--format", "json")[1])
        assert (row["kind"], row["districts"], row["state"], row["expires_on"]) == (
            "office", ["朝阳区"], "holds", "2099-12-31"
        )  # fmt: skip
        assert row["used_on"] is not None and token not in json.dumps(row)
        assert "只读" in run(capsys, "list")[1]
        assert run(capsys, "remove", str(row["id"]))[0] == 0
        assert client.get("/api/v1/districts", headers=head).status_code == 401
    assert run(capsys, "remove", str(row["id"]))[0] == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["x", "--account", "nobody"], "没有在用的账号“nobody”"),
        (["x", "--account", "nobody", "--feeds"], "请去掉 --feeds"),
        (["x", "--district", "不存在区"], "不存在区"),
        (["x", "--expires", "2001-01-01"], "已经过去"),
        (["长" * 61], "1 至 60 个字"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(
    settings: Settings, ledger: Ledger, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    status, out, said = run(capsys, "add", *words)
    assert (status, out) == (2, "") and sentence in said and len(said.strip().splitlines()) == 1
