"""The office's own identity provider: OpenID Connect 1.0 (core, sections 3.1 and 5.1), code flow with PKCE (RFC 7636).

Nothing is kept on this side while somebody is at the provider: all that has to agree when they come back is made from
a secret that only their browser has.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any, cast
from urllib.parse import urlsplit

from config.settings import Settings
from config.yaml_file import ConfigurationError

BACK = "/login/provider/back"
# How long somebody may be at the provider.
ATTEMPT_HOLDS = timedelta(minutes=10)
# Signed with a key that only the provider has; "none", and what is signed with a shared secret, are not taken.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
ANSWER_BYTES = 1_000_000
ANSWER_SECONDS = 10.0
CLOCKS_APART_SECONDS = 60
METADATA_HOLDS = timedelta(hours=1)
# Keys are asked for anew where a token names one that is not known, but not by everybody who sends such a token.
KEYS_HOLD = timedelta(minutes=1)
LONGEST = 1000


class ProviderError(Exception):
    """Somebody could not be signed in through the provider; the message is for the log, and has no secret in it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back, known by the secret in a browser's cookie."""

    secret: str

    @classmethod
    def new(cls) -> Attempt:
        """One that nobody can guess."""
        return cls(secrets.token_urlsafe(32))

    @property
    def nonce(self) -> str:
        """What the provider repeats in the token that it signs."""
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        """What the code is changed for a token with (PKCE)."""
        return self._made("verifier")

    def state(self, where: str) -> str:
        """What the provider repeats in the address that leads back: where the visitor wanted to go, sealed."""
        return f"{_text(where[:LONGEST].encode())}.{self._made('state', where[:LONGEST])}"

    def where(self, state: str) -> str | None:
        """Where the visitor wanted to go; None where the state is not of this attempt."""
        place = state.partition(".")[0]
        try:
            where = base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)).decode()
        except ValueError:
            return None
        return where if hmac.compare_digest(self.state(where).encode(), state.encode()) else None

    def _made(self, use: str, text: str = "") -> str:
        return _text(hmac.new(self.secret.encode(), f"{use} {text}".encode(), hashlib.sha256).digest())


class Provider:
    """An identity provider as its own description says it; ``clock`` gives the moment."""

    def __init__(
        self, issuer: str, client: str, secret: str, claim: str, desk_address: str, clock: Callable[[], datetime]
    ) -> None:
        self.issuer, self.client, self.claim = issuer, client, claim
        self.back = desk_address + BACK
        self._secret = secret
        self._now = clock
        self._lock = threading.Lock()
        self._described: tuple[datetime, Mapping[str, Any]] | None = None
        self._keys: tuple[datetime, Mapping[str, Any]] | None = None

    def address(self, attempt: Attempt, where: str) -> str:
        """The address at which somebody signs in. Raises ProviderError."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        return str(
            prepare_grant_uri(
                self._endpoint("authorization_endpoint"),
                self.client,
                "code",
                redirect_uri=self.back,
                scope="openid profile email",
                state=attempt.state(where),
                nonce=attempt.nonce,
                code_challenge=create_s256_code_challenge(attempt.verifier),
                code_challenge_method="S256",
            )
        )

    def who(self, attempt: Attempt, code: str) -> str:
        """Whom the provider says it is, by the claim that names accounts, in small letters. Raises ProviderError."""
        taken = _asked(
            "POST",
            self._endpoint("token_endpoint"),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.back,
                "code_verifier": attempt.verifier,
            },
            auth=(self.client, self._secret),
        )
        token = taken.get("id_token")
        if not isinstance(token, str):
            raise ProviderError(f"{self.issuer} 没有给出身份令牌（{taken.get('error', '')!s:.100}）")
        claims = self._claims(token, attempt)
        named = claims.get(self.claim)
        if self.claim == "email" and claims.get("email_verified") is False:
            raise ProviderError("身份提供方没有核实过这个邮箱")
        if not isinstance(named, str) or not named.strip() or len(named) > LONGEST:
            raise ProviderError(f"身份令牌中没有 {self.claim}（NIANBAO_OIDC_CLAIM）")
        return named.strip().lower()

    def _claims(self, token: str, attempt: Attempt) -> Mapping[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet

        try:
            try:
                read = jwt.decode(token, KeySet.import_key_set(cast(Any, self._key_set())), ALGORITHMS)
            except (InvalidKeyIdError, ValueError):
                read = jwt.decode(token, KeySet.import_key_set(cast(Any, self._key_set(anew=True))), ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.client},
                    "nonce": {"essential": True, "value": attempt.nonce},
                },
                params={"nonce": attempt.nonce, "client_id": self.client},
            )
            claims.validate(now=int(self._now().timestamp()), leeway=CLOCKS_APART_SECONDS)
        except (JoseError, ValueError) as error:
            raise ProviderError(f"身份令牌不能相信（{type(error).__name__}：{error!s:.200}）") from error
        return dict(claims)

    def _endpoint(self, name: str) -> str:
        address = self._description().get(name)
        if not isinstance(address, str) or not is_provider_address(address):
            raise ProviderError(f"{self.issuer} 的说明中没有能用的 {name}")
        return address

    def _description(self) -> Mapping[str, Any]:
        with self._lock:
            if self._described is None or self._now() - self._described[0] >= METADATA_HOLDS:
                found = _asked("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer:
                    raise ProviderError(
                        f"{self.issuer} 自称 {found.get('issuer')!s:.200}（NIANBAO_OIDC_ISSUER 须与它一致）"
                    )
                self._described = self._now(), found
            return self._described[1]

    def _key_set(self, *, anew: bool = False) -> Mapping[str, Any]:
        address = self._endpoint("jwks_uri")
        with self._lock:
            age = self._now() - self._keys[0] if self._keys is not None else METADATA_HOLDS
            if self._keys is None or age >= METADATA_HOLDS or (anew and age >= KEYS_HOLD):
                self._keys = self._now(), _asked("GET", address)
            return self._keys[1]


def open_provider(settings: Settings, clock: Callable[[], datetime]) -> Provider | None:
    """The provider that the settings name; None where they name none.

    Raises ConfigurationError where one of the settings is missing, or what the extra ``web-oidc`` installs.
    """
    secret = settings.oidc_client_secret
    given = {
        "NIANBAO_OIDC_ISSUER": settings.oidc_issuer,
        "NIANBAO_OIDC_CLIENT_ID": settings.oidc_client_id,
        "NIANBAO_OIDC_CLIENT_SECRET": secret.get_secret_value() if secret is not None else None,
    }
    if not any(given.values()):
        return None
    # The way back leads to the address by which people reach the desk.
    missing = [name for name, value in {**given, "NIANBAO_WEB_ADDRESS": settings.web_address}.items() if not value]
    if missing:
        raise ConfigurationError(
            "、".join(missing), "用单位账号登录时必须填写", "请填写，或去掉全部 NIANBAO_OIDC_ 设置（见 docs/desk.md）"
        )
    if find_spec("authlib") is None:
        raise ConfigurationError(
            "NIANBAO_OIDC_ISSUER", "没有安装用单位账号登录所需的程序包", "请安装：pip install 'nianbao[web-oidc]'"
        )
    issuer, client, key, address = (
        str(given["NIANBAO_OIDC_ISSUER"]),
        str(given["NIANBAO_OIDC_CLIENT_ID"]),
        str(given["NIANBAO_OIDC_CLIENT_SECRET"]),
        str(settings.web_address),
    )
    return Provider(issuer, client, key, settings.oidc_claim, address, clock)


def is_provider_address(address: str) -> bool:
    """Whether secrets may be sent there: encrypted, or on this very machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"))
    )


def _asked(method: str, address: str, **options: Any) -> Mapping[str, Any]:
    """The object that an address answers with; bounded in size and time, and led nowhere else."""
    import requests  # here, as most desks have no provider to ask

    until = time.monotonic() + ANSWER_SECONDS
    host = urlsplit(address).netloc
    try:
        with requests.request(
            method, address, timeout=ANSWER_SECONDS, stream=True, allow_redirects=False, **options
        ) as answer:
            body = b""
            while piece := answer.raw.read1(ANSWER_BYTES, decode_content=True):
                body += piece
                if len(body) > ANSWER_BYTES or time.monotonic() > until:
                    raise ProviderError(f"{host} 的应答太长，或者太慢")
        found = json.loads(body)
    except (OSError, ValueError) as error:
        raise ProviderError(f"{host} 没有应答，或者应答不能识别（{type(error).__name__}）") from error
    if not isinstance(found, dict):
        raise ProviderError(f"{host} 的应答不能识别")
    return found


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
