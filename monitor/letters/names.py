"""What letters call an agency: its short name, and for a reader over several districts whose it is."""

from __future__ import annotations

from config.register import Register
from ledger.models import Agency

# What a short name begins with that stands for "of our district" (区教委, 县财政局).
_OURS = ("区", "县", "市", "旗")


def is_wide(register: Register, office: str | None) -> bool:
    """Whether an office (Office.key) is over several districts."""
    reader = register.offices.known_by(office)
    return reader is not None and reader.is_over_several


def called(agency: Agency, *, wide: bool) -> str:
    """The short name of an agency; ``wide``: with its district, since every district has its 区教委."""
    if not wide or agency.short.startswith(agency.district):
        return agency.short
    if agency.short.startswith(_OURS) and agency.district.endswith(_OURS):
        return f"{agency.district}{agency.short[1:]}"
    return f"{agency.district}{agency.short}"
