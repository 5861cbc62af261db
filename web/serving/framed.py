"""What strangers or programs wrote, for a frame: nothing in it runs, and nothing is asked of anybody."""

from __future__ import annotations

from fastapi.responses import Response

from web.answers import Rejected

# A page above this is downloaded and not shown.
LARGEST_SHOWN = 4 * 1024 * 1024
# Nothing in it runs, nothing is asked of anybody, and it is in a place of its own that reaches nothing of the desk.
POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


def framed(content: bytes, media_type: str = "text/html") -> Response:
    """A web page for a frame of the desk. Raises Rejected where it is too large to be shown.

    The media type of what was fetched has no charset: the page says its own, as it did to its first reader.
    """
    if len(content) > LARGEST_SHOWN:
        raise Rejected("这个网页太大，不在这里显示；请下载后查看", 413)
    answer = Response(content, headers={"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"})
    answer.headers["Content-Type"] = media_type
    return answer
