"""Codes as the second step of a login (TOTP, RFC 6238): switched on by a first code, each taken once.

The secret is shown while it is set up and never again. Recovery codes are kept as sha256, each holds once.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from ledger.models import LoginStep, SecondFactor
from ledger.people.record import Who, keep_record
from ledger.people.sessions import digest
from ledger.states import RecordKind

SECONDS = 30
# A code of the step before or after this one is taken too: clocks differ.
WINDOW = (-1, 0, 1)
RECOVERY_CODES = 10
# So long a right password waits for its code.
STEP_HOLDS = timedelta(minutes=10)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def has_second_factor(session: Session, account: str) -> bool:
    """Whether codes are asked of an account."""
    row = session.get(SecondFactor, account)
    return row is not None and row.confirmed_at is not None


def with_second_factor(session: Session) -> set[str]:
    """The accounts of which codes are asked."""
    return set(session.scalars(select(SecondFactor.account).where(SecondFactor.confirmed_at.is_not(None))))


def begin_setup(session: Session, account: str, now: datetime) -> str | None:
    """A secret that waits for its first code, the same until then; None where codes are in force already."""
    row = session.get(SecondFactor, account)
    if row is None:
        row = SecondFactor(account=account, secret=pyotp.random_base32(), made_at=now, recovery=[])
        session.add(row)
        session.flush()
    return row.secret if row.confirmed_at is None else None


def confirm_setup(session: Session, account: str, code: str, now: datetime) -> list[str] | None:
    """Puts codes in force where the first one is right; returns the recovery codes, which nobody can show again."""
    row = session.get(SecondFactor, account, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        return None
    step = _step_of(row.secret, code, now)
    if step is None:
        return None
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    row.confirmed_at, row.step, row.recovery = now, step, [digest(_plain(one)) for one in codes]
    keep_record(session, Who(account, account), RecordKind.SECOND_FACTOR_ON, account, now)
    return codes


def take_code(session: Session, account: str, code: str, now: datetime) -> bool:
    """Whether a code is right; it is taken once, and so is none that is older. A recovery code does as well."""
    row = session.get(SecondFactor, account, with_for_update=True, populate_existing=True)
    if row is None or row.confirmed_at is None:
        return False
    step = _step_of(row.secret, code, now)
    if step is not None:
        taken = session.scalars(
            update(SecondFactor)
            .where(SecondFactor.account == account, or_(SecondFactor.step.is_(None), SecondFactor.step < step))
            .values(step=step)
            .returning(SecondFactor.account),
            execution_options={"synchronize_session": False},
        ).all()
        return bool(taken)
    given = digest(_plain(code))
    if given not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != given]
    detail = {"left": len(row.recovery)}
    keep_record(session, Who(account, account), RecordKind.RECOVERY_CODE_USED, account, now, detail=detail)
    return True


def switch_off(session: Session, account: str, who: Who, kind: RecordKind, now: datetime) -> bool:
    """Takes somebody's codes away, by their own will or by whoever resets them; False where there were none."""
    gone = session.scalars(
        delete(SecondFactor).where(SecondFactor.account == account).returning(SecondFactor.account),
        execution_options={"synchronize_session": False},
    ).all()
    if gone:
        end_steps(session, account, now)
        keep_record(session, who, kind, account, now)
    return bool(gone)


def begin_step(session: Session, account: str, place: str, now: datetime) -> str:
    """The token of somebody whose password was right; ``place`` is where they want to go."""
    session.execute(delete(LoginStep).where(LoginStep.account == account, LoginStep.begun_at < now - STEP_HOLDS))
    token = secrets.token_urlsafe(32)
    session.add(LoginStep(token=digest(token), account=account, begun_at=now, place=place))
    return token


def step_of(session: Session, token: str, now: datetime) -> LoginStep | None:
    """The step of a token while it holds."""
    row = session.get(LoginStep, digest(token))
    return row if row is not None and row.ended_at is None and row.begun_at + STEP_HOLDS > now else None


def end_step(session: Session, token: str, now: datetime) -> bool:
    """Ends one; False where somebody else did."""
    return bool(
        session.scalars(
            update(LoginStep)
            .where(LoginStep.token == digest(token), LoginStep.ended_at.is_(None))
            .values(ended_at=now)
            .returning(LoginStep.token),
            execution_options={"synchronize_session": False},
        ).all()
    )


def end_steps(session: Session, account: str, now: datetime) -> None:
    """Ends all of an account."""
    session.execute(
        update(LoginStep).where(LoginStep.account == account, LoginStep.ended_at.is_(None)).values(ended_at=now),
        execution_options={"synchronize_session": False},
    )


def address_of(secret: str, account: str) -> str:
    """What an authenticator reads from the picture (otpauth://…)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name="年报监测")


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step of which a code is; None where it is of none about now."""
    given = "".join(code.split())
    if len(given) != 6 or not (given.isascii() and given.isdecimal()):
        return None
    here = int(now.timestamp()) // SECONDS
    codes = pyotp.TOTP(secret)
    right = [here + one for one in WINDOW if hmac.compare_digest(codes.generate_otp(here + one), given)]
    return max(right, default=None)


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())[:200]
