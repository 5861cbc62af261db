"""示范区, a district that does not exist: a firewall answers every address with a script challenge."""

from __future__ import annotations

from cli.demo.site import NOT_FOUND, Answer, Site

CHALLENGE = Answer(
    b"""<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Type" content="text/html">
<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=48213;$_ts.cd="qhq1rAlqErl3qGVirGLsmqqEcGVErqq";</script>
<script src="/4QbVtADbnLVIc/d.FxJzG50F.js" r='m'></script></head><body></body></html>""",
    "text/html; charset=utf-8",
    status=412,
    tagged=False,
)

SITE = Site(lambda _today: {"/robots.txt": NOT_FOUND}, otherwise=CHALLENGE)
