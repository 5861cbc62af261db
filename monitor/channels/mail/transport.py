"""The conversation with the mail server, and how each of its answers is to be taken."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from config.settings import Settings
from ledger.states import SendVerdict
from monitor.channels.answer import Answer

# Enhanced status codes (RFC 3463): 5.1.0 to 5.1.6 and 5.1.10 are about the recipient's address, 5.1.7 and 5.1.8 about
# the sender's, 5.7 about what is permitted.
_ADDRESS = re.compile(r"5\.1\.(?:[0-6]|10)(?![0-9])")
_SENDER = re.compile(r"5\.(?:7\.[0-9]+|1\.[78])(?![0-9])")
_NO_LOGIN = (530, 534, 535, 538)
_TAKEN = (250, 251)
LONGEST_WORDS = 500


class MailServerError(Exception):
    """The server broke off; ``str()`` is one sentence. Nothing is known of the message."""


class MailServerAway(MailServerError):
    """The server could not be reached, or lets us do nothing: no message can be sent, whosever it is."""


class Conversation:
    """One open connection; several messages may be sent over it."""

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, message: EmailMessage, recipient: str) -> Answer:
        """Sends one message to one recipient. Raises MailServerError where the connection broke."""
        content = message.as_bytes(policy=SMTP)
        try:
            code, words = self._server.mail(self._sender)
            if code not in _TAKEN:
                return self._refused(code, words, SendVerdict.SENDER_REFUSED)
            code, words = self._server.rcpt(recipient)
            if code not in _TAKEN:
                return self._refused(code, words, recipient_verdict(code, _said(words)))
            code, words = self._server.data(content)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error, SendVerdict.CONTENT_REFUSED)
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerError(f"与邮件服务器的连接中断（{_reason(error)}）") from error
        if code not in _TAKEN:
            return self._refused(code, words, SendVerdict.CONTENT_REFUSED)
        return Answer(SendVerdict.DELIVERED, _words(code, words))

    def _refused(self, code: int, words: bytes | str, verdict: SendVerdict) -> Answer:
        """The answer to a refusal; every refusal that is not for good (4xx) is LATER."""
        try:
            self._server.rset()
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerError(f"与邮件服务器的连接中断（{_words(code, words)}；{_reason(error)}）") from error
        return Answer(verdict if 500 <= code < 600 else SendVerdict.LATER, _words(code, words))


def recipient_verdict(code: int, words: str) -> SendVerdict:
    """What a refusal at RCPT is about, by its code (RFC 5321) and enhanced code (RFC 3463) alone.

    Many servers write all of "no such user", "no relaying" and "too many messages from you" as a bare 550: that is
    nobody's fault as long as nothing else tells whose.
    """
    enhanced = words.lstrip()[:12]
    if _ADDRESS.match(enhanced):
        return SendVerdict.ADDRESS_REFUSED
    if code in _NO_LOGIN or _SENDER.match(enhanced):
        return SendVerdict.SENDER_REFUSED
    return SendVerdict.RECIPIENT_REFUSED


@contextmanager
def conversation(settings: Settings) -> Iterator[Conversation]:
    """Connects to the mail server of the settings, with TLS and login where they say so.

    Raises MailServerAway where that does not succeed, with what to do about it.
    """
    try:
        server = _connect(settings)
    except (smtplib.SMTPException, OSError) as error:
        where = f"{settings.smtp_host}:{settings.smtp_port}"
        raise MailServerAway(f"无法使用邮件服务器 {where}（{_reason(error)}）{_remedy(error)}") from error
    try:
        yield Conversation(server, parseaddr(settings.mail_from)[1])
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    host, port, limit = settings.smtp_host, settings.smtp_port, settings.smtp_timeout_seconds
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=limit, context=_trust(settings))
    else:
        server = smtplib.SMTP(host, port, timeout=limit)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.smtp_security == "starttls":
            server.starttls(context=_trust(settings))
            server.ehlo_or_helo_if_needed()
        if settings.smtp_username is not None and settings.smtp_password is not None:
            server.login(settings.smtp_username.get_secret_value(), settings.smtp_password.get_secret_value())
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def _trust(settings: Settings) -> ssl.SSLContext:
    """Certificates are checked, against the system's authorities or the office's own."""
    return ssl.create_default_context(cafile=settings.smtp_ca_file)


def _remedy(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "；请检查 NIANBAO_SMTP_USERNAME 和 NIANBAO_SMTP_PASSWORD"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "；服务器的证书不受信任，如由本单位签发，请设置 NIANBAO_SMTP_CA_FILE"
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return "；请检查 NIANBAO_SMTP_SECURITY 是否与服务器的端口相符"
    if isinstance(error, FileNotFoundError):
        return "；请检查 NIANBAO_SMTP_CA_FILE"
    return ""


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {' '.join(_said(words).split())}"[:LONGEST_WORDS]


def _said(words: bytes | str) -> str:
    """What a server said; those that speak Chinese without UTF-8 speak GB 18030."""
    if isinstance(words, str):
        return words
    try:
        return words.decode("utf-8")
    except UnicodeDecodeError:
        return words.decode("gb18030", errors="replace")
