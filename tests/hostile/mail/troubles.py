"""What mail servers say, by stage and code: qmail, Postfix, Exchange, Coremail, NetEase, Tencent in their wordings."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.hostile.mail.server import DRIP, DROP, HANG, Stage, Trouble

COLLEAGUES = ("chief@yunshan.example", "clerk@yunshan.example")
ALONE = "office@linshui.example"
OPERATORS = "operators@nianbao.example"
EVERYBODY = frozenset((*COLLEAGUES, ALONE, OPERATORS))

# 5.1.x about the recipient: said again while colleagues pass, it is a proof.
NO_SUCH_ADDRESS = (
    "550 5.1.1 <clerk>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "553 5.1.3 Bad recipient address syntax",
)
ANSWERS: dict[Stage, tuple[str, ...]] = {
    Stage.CONNECT: (
        "421 4.7.0 too many connections from your IP",
        "554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org",
        "550 Connection frequency limited. http://service.mail.qq.com/",
        HANG,
        DRIP,
        DROP,
    ),
    Stage.EHLO: ("550 5.7.1 EHLO/HELO: Need FQDN", "421 4.3.2 Service not available", HANG, DROP),
    Stage.AUTH: (
        "535 5.7.8 Error: authentication failed",
        "535 Error: authentication failed, system busy",
        "454 4.7.0 Temporary authentication failure",
        "550 User has no permission",
    ),
    Stage.MAIL: (
        "553 Mail from must equal authorized user",
        "550 5.1.8 Access denied, bad outbound sender",
        "450 4.7.1 too many messages in this session",
        "552 5.2.2 mailbox is full: no more can be sent",
        "501 5.1.7 Bad sender address syntax",
        DROP,
    ),
    Stage.RCPT: (
        *NO_SUCH_ADDRESS,
        "550 relay not permitted",
        "550 Ip frequency limited",
        "550 Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1&no=1000728",
        "550 User not found: clerk",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "553 sorry, no mailbox here by that name. (#5.1.1)",
        "550 5.1.0 <nianbao@localhost>: Sender address rejected: User unknown",
        "550 5.7.1 Unable to relay",
        "554 5.7.1 <clerk>: Relay access denied",
        "530 authentication required",
        "551 User not local; please try <other>",
        "450 4.2.0 <clerk>: Recipient address rejected: Greylisted, see http://postgrey.example/",
        "451 4.7.1 Greylisted, please try again in 300 seconds",
        "451 DT:SPM 126 smtp1",
        "452 4.2.2 Mailbox full",
        "421 4.3.2 Service shutting down",
        HANG,
        DROP,
    ),
    Stage.DATA: (
        "554 DT:SPM 163 smtp8,D8CowABXX",
        "550 5.7.1 Message rejected as spam by Content Filtering",
        "552 5.3.4 Message too big for system",
        "451 4.3.0 Error: queue file write error",
        "550 Mail content denied. http://service.mail.qq.com/",
        "554 5.7.1 Spam message rejected",
        DROP,
    ),
}
LASTING = tuple(timedelta(minutes=minutes) for minutes in (4, 50, 200, 30 * 60))


def trouble_of(seed: int) -> tuple[Trouble, timedelta]:
    """A trouble, and how long it lasts."""
    random = Random(seed)
    stage = random.choice(list(Stage))
    answer = random.choice(ANSWERS[stage])
    hit = random.choice([EVERYBODY, {COLLEAGUES[1]}, {ALONE}, {OPERATORS}, set(COLLEAGUES), {ALONE, COLLEAGUES[0]}])
    if stage in (Stage.CONNECT, Stage.EHLO, Stage.AUTH, Stage.MAIL):
        hit = EVERYBODY
    # What is waited for in real time is waited for seldom.
    lasting = LASTING[:2] if answer in (HANG, DRIP) else LASTING
    return Trouble(stage, answer, frozenset(hit)), random.choice(lasting)
