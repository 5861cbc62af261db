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
from monitor.channels.mail.patience import Patience, PatientSMTP, PatientSMTPOverTLS

# Enhanced status codes (RFC 3463): 5.1.1 to 5.1.3, 5.1.6 and 5.1.10 are about the recipient's address, 5.1.7 and 5.1.8
# about the sender's, 5.7 about what is permitted. 5.1.0 is said of both (Postfix refuses senders with it).
_ADDRESS = re.compile(r"5\.1\.(?:[1236]|10)(?![0-9])")
_SENDER = re.compile(r"5\.(?:7\.[0-9]+|1\.[78])(?![0-9])")
_NO_LOGIN = (530, 534, 535, 538)
LASTING = 500
LONGEST_WORDS = 500
# A message, or a connection with its login, may take so many times the timeout of the settings; the end of it so long.
PATIENCE = 2
SECONDS_TO_END = 5.0


class MailServerError(Exception):
    """The server broke off; ``str()`` is one sentence. Nothing is known of the message.

    ``in_content``: it was while the content was sent, which may have been too much for it.
    """

    def __init__(self, sentence: str, *, in_content: bool = False) -> None:
        self.in_content = in_content
        super().__init__(sentence)


class MailServerAway(MailServerError):
    """The server could not be reached, or lets us do nothing: no message can be sent, whosever it is."""


class Conversation:
    """One open connection; several messages may be sent over it while it ``is_open``."""

    def __init__(self, server: smtplib.SMTP, sender: str, patience: Patience, seconds: float) -> None:
        self._server = server
        self._sender = sender
        self._patience = patience
        self._seconds = seconds
        self.is_open = True

    def send(self, message: EmailMessage, recipient: str) -> Answer:
        """Sends one message to one recipient. Raises MailServerError where the connection broke."""
        content = message.as_bytes(policy=SMTP)
        self._patience.begin(self._seconds)
        in_content = False
        try:
            code, words = self._server.mail(self._sender)
            if not _is_taken(code):
                return self._refused(code, words, SendVerdict.SENDER_REFUSED)
            code, words = self._server.rcpt(recipient)
            if not _is_taken(code):
                return self._refused(code, words, recipient_verdict(code, _said(words)))
            in_content = True
            code, words = self._server.data(content)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code, error.smtp_error, SendVerdict.CONTENT_REFUSED)
        except (smtplib.SMTPException, OSError) as error:
            self._server.close()
            raise MailServerError(f"与邮件服务器的连接中断（{_reason(error)}）", in_content=in_content) from error
        if not _is_taken(code):
            return self._refused(code, words, SendVerdict.CONTENT_REFUSED)
        return Answer(SendVerdict.DELIVERED, _words(code, words))

    def _refused(self, code: int, words: bytes | str, verdict: SendVerdict) -> Answer:
        """The answer to a refusal; every refusal that is not for good (4xx) is LATER.

        A server that closes the connection with it has refused all the same: the next message opens another.
        """
        try:
            self._server.rset()
        except (smtplib.SMTPException, OSError):
            self.is_open = False
            self._server.close()
        return Answer(verdict if LASTING <= code < 600 else SendVerdict.LATER, _words(code, words))


def _is_taken(code: int) -> bool:
    return 200 <= code < 300


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
    patience = Patience.of(PATIENCE * settings.smtp_timeout_seconds)
    try:
        server = _connect(settings, patience)
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: a name or a password of no alphabet
        where = f"{settings.smtp_host}:{settings.smtp_port}"
        raise MailServerAway(f"无法使用邮件服务器 {where}（{_reason(error)}）{_remedy(error)}") from error
    try:
        yield Conversation(server, parseaddr(settings.mail_from)[1], patience, patience.seconds)
    finally:
        patience.begin(SECONDS_TO_END)
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _connect(settings: Settings, patience: Patience) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = PatientSMTPOverTLS(host, port, patience, _trust(settings))
    else:
        server = PatientSMTP(host, port, patience)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.smtp_security == "starttls":
            server.starttls(context=_trust(settings))
            server.ehlo_or_helo_if_needed()
        if settings.smtp_username is not None and settings.smtp_password is not None:
            server.login(settings.smtp_username.get_secret_value(), settings.smtp_password.get_secret_value())
    except (smtplib.SMTPException, OSError, ValueError):
        server.close()
        raise
    return server


def _trust(settings: Settings) -> ssl.SSLContext:
    """Certificates are checked, against the system's authorities or the office's own."""
    return ssl.create_default_context(cafile=settings.smtp_ca_file)


def _remedy(error: Exception) -> str:
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return "；请检查 NIANBAO_SMTP_HOST、NIANBAO_SMTP_USERNAME 和 NIANBAO_SMTP_PASSWORD"
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= LASTING:
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
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return "服务器名、用户名或口令中有邮件协议不能使用的字符"  # the error itself would quote the password
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
