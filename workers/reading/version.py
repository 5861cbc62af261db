"""The version of the reader: with the document's sha256 it is a reading's identity.

A new one makes every stored document worth reading again (``nianbao replay --all``): raise it with any change of what a
document is read as. Forms are part of what a reader goes by; an office that has changed them has a reader of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from config.forms import FormFile, load_forms

READER_VERSION = "7"
_MARK = 8


def reader_version(forms: Mapping[str, FormFile]) -> str:
    """Today's reader version with these forms: ``1``, or ``1+3f2a90bc`` where they are not those that are shipped."""
    if dict(forms) == load_forms():
        return READER_VERSION
    content = "".join(forms[name].model_dump_json() for name in sorted(forms))
    return f"{READER_VERSION}+{sha256(content.encode()).hexdigest()[:_MARK]}"
