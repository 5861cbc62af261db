"""Signing in by the office's own account: a real provider over HTTP, a browser, and others that nobody may trust."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr
from sqlalchemy import select
from starlette.testclient import TestClient

from config.settings import Settings, load_settings
from config.yaml_file import ConfigurationError
from ledger.archive import open_archive
from ledger.database import Ledger
from ledger.models import Account, Record
from ledger.people.accounts import make_account, set_password
from ledger.people.second_factor import begin_setup, confirm_setup
from ledger.states import DeskRole, RecordKind
from tests.monitor.factory import World
from tests.web.conftest import PASSWORD, TESTS, Clock
from tests.web.prepared import served
from web.app import make_app
from web.desk import Desk
from web.guard import PROVIDER_COOKIE, SESSION_COOKIE
from web.people import provider as provider_module
from web.people.provider import BACK, Attempt, open_provider

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AT = "http://testserver"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


def named(settings: Settings, issuer: str, address: str = AT, **others: Any) -> Settings:
    """Settings that name a provider."""
    given = {"oidc_issuer": issuer, "oidc_client_id": "desk", "oidc_client_secret": SecretStr("s"), **others}
    return settings.model_copy(update={"web_address": address, **given})


def with_people(ledger: Ledger) -> None:
    with ledger.write() as session:
        make_account(session, "wangmin", "王敏", DeskRole.OFFICER, ["云山区"], TESTS, datetime.now(UTC))
        session.flush()
        set_password(session, "wangmin", PASSWORD, TESTS, datetime.now(UTC))


@pytest.fixture
def issuer() -> Iterator[str]:
    """A real provider who knows 王敏 and somebody who has no account here."""
    from oidc_provider_mock import User, run_server_in_thread  # here: it makes a key where it is loaded

    people = [
        User(sub=f"{name}-7", claims={"preferred_username": name, "email": f"{name}@example.gov.cn"})
        for name in ("WangMin", "zhaoliu")
    ]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sign_in(world: World, settings: Settings, clock: Clock) -> Iterator[Callable[..., Any]]:
    """Goes the whole way of a browser with a provider: the answer of the desk to who comes back."""
    with_people(world.ledger)
    clock.now = datetime.now(UTC)
    opened: list[TestClient] = []

    def go(issuer: str, sub: str = "WangMin-7", next: str = "/findings", **others: Any) -> tuple[TestClient, Any]:
        desk = Desk(named(settings, issuer, **others), world.ledger, open_archive(settings), clock)
        browser = TestClient(make_app(desk), follow_redirects=False)
        opened.append(browser)
        there = browser.get("/login/provider", params={"next": next})
        if there.status_code != 303:
            return browser, there
        back = requests.post(there.headers["location"], data={"sub": sub}, allow_redirects=False, timeout=30)
        return browser, browser.get(back.headers["location"].removeprefix(AT))

    yield go
    for browser in opened:
        browser.close()


def test_who_has_an_account_is_led_to_where_they_wanted_to_go(
    sign_in: Callable[..., Any], issuer: str, world: World
) -> None:
    browser, back = sign_in(issuer)
    assert (back.status_code, back.headers["location"]) == (303, "/findings")
    assert "王敏" in browser.get("/findings").text
    assert PROVIDER_COOKIE not in browser.cookies
    with world.ledger.read() as session:
        kinds = list(session.scalars(select(Record.kind).where(Record.account == "wangmin")))
    assert kinds.count(RecordKind.LOGGED_IN) == 1


def test_an_account_may_be_named_by_another_claim(sign_in: Callable[..., Any], issuer: str, world: World) -> None:
    with world.ledger.write() as session:
        make_account(session, "zhaoliu@example.gov.cn", "赵六", DeskRole.VIEWER, None, TESTS, datetime.now(UTC))
    browser, back = sign_in(issuer, "zhaoliu-7", oidc_claim="email")
    assert back.status_code == 303
    assert "赵六" in browser.get("/").text


def test_who_has_no_account_is_told_whom_to_ask_and_none_is_made(
    sign_in: Callable[..., Any], issuer: str, world: World
) -> None:
    browser, back = sign_in(issuer, "zhaoliu-7")
    assert back.status_code == 403
    assert "单位账号“zhaoliu”在工作台没有同名的账号。请管理账号的人在“人员”页建立。" in back.text
    assert SESSION_COOKIE not in browser.cookies
    with world.ledger.read() as session:
        assert list(session.scalars(select(Account.account))) == ["wangmin"]


def test_who_switched_codes_on_gives_one_here_too(
    sign_in: Callable[..., Any], issuer: str, world: World, clock: Clock
) -> None:
    import pyotp

    with world.ledger.write() as session:
        secret = begin_setup(session, "wangmin", clock.now) or ""
        assert confirm_setup(session, "wangmin", pyotp.TOTP(secret).at(clock.now), clock.now)
    browser, back = sign_in(issuer)
    assert back.headers["location"] == "/login/code"
    assert SESSION_COOKIE not in browser.cookies


def test_nobody_is_led_to_another_site(sign_in: Callable[..., Any], issuer: str) -> None:
    assert sign_in(issuer, next="//evil.example/")[1].headers["location"] == "/"


def test_an_answer_that_another_browser_asked_for_logs_nobody_in(
    sign_in: Callable[..., Any], issuer: str, settings: Settings
) -> None:
    browser, _ = sign_in(issuer)
    other = TestClient(browser.app, follow_redirects=False)
    there = other.get("/login/provider").headers["location"]
    back = requests.post(there, data={"sub": "WangMin-7"}, allow_redirects=False, timeout=30).headers["location"]
    victim = TestClient(browser.app, follow_redirects=False)
    for cookie in ("", Attempt.new().secret):
        if cookie:
            victim.cookies.set(PROVIDER_COOKIE, cookie)
        answer = victim.get(back.removeprefix(AT))
        assert (answer.status_code, SESSION_COOKIE in victim.cookies) == (403, False)
        assert "换了浏览器" in answer.text


def test_who_denies_it_is_told_so(sign_in: Callable[..., Any], issuer: str) -> None:
    browser, _ = sign_in(issuer)
    there = TestClient(browser.app, follow_redirects=False)
    address = there.get("/login/provider").headers["location"]
    back = requests.post(address, data={"action": "deny"}, allow_redirects=False, timeout=30).headers["location"]
    answer = there.get(back.removeprefix(AT))
    assert (answer.status_code, "没有确认您的身份" in answer.text) == (403, True)


class Untrue:
    """A provider of one's own, whose token is made by ``token`` of the claims that would be right."""

    def __init__(self, token: Callable[[dict[str, Any]], str], **described: Any) -> None:
        self.token, self.described, self.nonce, self.now = token, described, "", 0

    @contextmanager
    def served(self) -> Iterator[str]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("/jwks"):
                    self._say({"keys": [KEY.as_dict(private=False)]})
                else:
                    where = f"http://localhost:{self.server.server_port}"  # type: ignore[attr-defined]
                    endpoints = ("authorization_endpoint", "token_endpoint", "jwks_uri")
                    said = {
                        name: f"{where}/{short}" for name, short in zip(endpoints, ("go", "token", "jwks"), strict=True)
                    }
                    self._say({"issuer": where, **said, **provider.described})

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                where = f"http://localhost:{self.server.server_port}"  # type: ignore[attr-defined]
                times = {"iat": provider.now, "exp": provider.now + 60}
                claims = {"iss": where, "aud": "desk", "sub": "7", "nonce": provider.nonce, **times}
                self._say({"id_token": provider.token({**claims, "preferred_username": "wangmin"})})

            def _say(self, said: Any) -> None:
                body = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing of it is of interest."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


def signed(claims: dict[str, Any], **others: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, **others}, KEY)


def unsigned(claims: dict[str, Any]) -> str:
    body = provider_module._text(json.dumps(claims).encode())
    return f"{provider_module._text(json.dumps({'alg': 'none'}).encode())}.{body}."


def by_public_key(claims: dict[str, Any]) -> str:
    """Signed as with a secret that both know, by the key that everybody knows."""
    key = OctKey.import_key(KEY.as_pem(private=False).replace(b"PUBLIC", b"public"))
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, key)


def by_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048, {"kid": "one"}))


TOKENS: dict[str, Callable[[dict[str, Any]], str]] = {
    "unsigned": unsigned,
    "signed by the public key": by_public_key,
    "signed by another key": by_another_key,
    "of another issuer": lambda claims: signed(claims, iss="http://localhost:1"),
    "for another client": lambda claims: signed(claims, aud="another"),
    "for two, given to another": lambda claims: signed(claims, aud=["desk", "another"], azp="another"),
    "of another login": lambda claims: signed(claims, nonce="another"),
    "without a nonce": lambda claims: signed({key: value for key, value in claims.items() if key != "nonce"}),
    "that is over": lambda claims: signed(claims, iat=claims["iat"] - 4000, exp=claims["iat"] - 3600),
    "without an end": lambda claims: signed({key: value for key, value in claims.items() if key != "exp"}),
    "without a name": lambda claims: signed(claims, preferred_username=""),
    "with a name that is none": lambda claims: signed(claims, preferred_username=["wangmin"]),
    "that is no token": lambda claims: "x.y.z",
}


def come_back(world: World, settings: Settings, clock: Clock, provider: Untrue) -> tuple[TestClient, Any]:
    """Somebody comes back from a provider of one's own."""
    with provider.served() as issuer:
        browser = TestClient(
            make_app(Desk(named(settings, issuer), world.ledger, open_archive(settings), clock)), follow_redirects=False
        )
        there = browser.get("/login/provider")
        asked = {key: one[0] for key, one in parse_qs(urlsplit(there.headers["location"]).query).items()}
        provider.nonce, provider.now = asked["nonce"], int(clock.now.timestamp())
        return browser, browser.get(BACK, params={"state": asked["state"], "code": "c"})


def test_a_right_token_of_a_provider_of_ones_own_is_taken(world: World, settings: Settings, clock: Clock) -> None:
    with_people(world.ledger)
    assert come_back(world, settings, clock, Untrue(signed))[1].status_code == 303


@pytest.mark.parametrize("what", TOKENS)
def test_a_token_logs_nobody_in(what: str, world: World, settings: Settings, clock: Clock) -> None:
    with_people(world.ledger)
    browser, back = come_back(world, settings, clock, Untrue(TOKENS[what]))
    assert (back.status_code, "没有确认您的身份" in back.text) == (403, True)
    assert SESSION_COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "http://localhost:1"},
        {"authorization_endpoint": "http://evil.example/go"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"more": "x" * provider_module.ANSWER_BYTES},
    ],
)
def test_a_provider_whose_description_is_not_its_own_is_not_gone_to(
    described: dict[str, Any], sign_in: Callable[..., Any]
) -> None:
    with Untrue(signed, **described).served() as issuer:
        _, there = sign_in(issuer)
    assert (there.status_code, "单位的统一登录现在不能用" in there.text) == (503, True)


def test_a_provider_that_is_away_leaves_the_password(sign_in: Callable[..., Any]) -> None:
    browser, there = sign_in("http://localhost:9")
    assert there.status_code == 503
    assert 'name="password"' in there.text
    assert "用单位账号登录" in browser.get("/login").text


def test_a_provider_that_drips_is_given_up(sign_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_module, "ANSWER_SECONDS", 0.5)
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            while not stop.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            """Nothing of it is of interest."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    begun = time.monotonic()
    _, there = sign_in(f"http://localhost:{server.server_port}")
    stop.set()
    server.shutdown()
    server.server_close()
    assert there.status_code == 503
    assert time.monotonic() - begun < 60


def test_without_a_provider_there_is_no_such_page(stranger: TestClient, wangmin: str) -> None:
    assert "单位账号" not in stranger.get("/login").text
    assert stranger.get("/login/provider").status_code == 404
    assert stranger.get(BACK).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"oidc_issuer": "https://id.example.gov.cn"},
            "NIANBAO_OIDC_CLIENT_ID、NIANBAO_OIDC_CLIENT_SECRET、NIANBAO_WEB_ADDRESS",
        ),
        ({"oidc_client_id": "desk", "web_address": AT}, "NIANBAO_OIDC_ISSUER"),
    ],
)
def test_half_a_setting_is_refused_at_the_start(home: Any, given: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        open_provider(load_settings(home=home, **given), lambda: datetime.now(UTC))


def test_a_provider_that_is_not_encrypted_is_refused(home: Any) -> None:
    with pytest.raises(ConfigurationError, match="https://"):
        load_settings(home=home, oidc_issuer="http://id.example.gov.cn")


def test_without_its_packages_the_start_says_what_to_install(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"nianbao\[web-oidc\]"):
        open_provider(named(settings, "https://id.example.gov.cn"), lambda: datetime.now(UTC))


@pytest.mark.browser
def test_in_a_browser(world: World, settings: Settings, browser: Browser, issuer: str) -> None:
    with_people(world.ledger)
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    given = named(settings, issuer, f"http://{listen}")
    with served(given, world.ledger, lambda: datetime.now(UTC), listen) as address:
        page = browser.new_page()
        page.goto(f"{address}/incidents")
        page.get_by_role("link", name="用单位账号登录").click()
        page.get_by_role("button", name="WangMin-7").click()
        page.wait_for_url("**/incidents")
        assert page.get_by_text("王敏（经办：云山区）").is_visible()
        page.close()
