"""Pictures of pages on which something was found, drawn by a process with a limit on time and memory."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

log = logging.getLogger("nianbao.monitor")

SECONDS = 30.0
DRAWN = ("application/pdf", "image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp")
_HANDED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture: its size in points, and PNGs of it, each smaller than the one before."""

    page: int
    width: float
    height: float
    sizes: tuple[bytes, ...]


def draw_pages(data: bytes, media_type: str, pages: Sequence[int]) -> dict[int, PagePicture]:
    """The pages of a document as pictures, by number; those that cannot be drawn are left out, and nothing is raised.

    Only PDF and pictures have pages that can be drawn here.
    """
    if not pages or media_type not in DRAWN:
        return {}
    question = json.dumps({"media_type": media_type, "pages": list(pages)}).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "monitor.evidence.draw_pages"],
            input=question + data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
        )
        answers = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        log.warning("页面图像未能生成：%s", type(error).__name__)
        return {}
    return {
        one["page"]: PagePicture(
            one["page"], one["width"], one["height"], tuple(base64.b64decode(picture) for picture in one["pictures"])
        )
        for one in answers
    }
