"""``nianbao demo --keep``: the desk on what the demo made, as on the day after its season, until Ctrl-C."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

from cli.demo.seasons import SEASONS
from cli.demo.stage import CRAWL_AT, Stage
from cli.shown.output import say
from config.time_zone import SHANGHAI
from web.serving.server import serve

# How often the monitor has its turn, so that what is decided at the desk goes out as a mail.
TURN_SECONDS = 3.0
STOP_SECONDS = 10.0


def keep_desk(stage: Stage) -> None:
    """Serves the desk, and lets the workers and the monitor go on, until Ctrl-C or until the desk ends."""
    morning = datetime.combine(SEASONS[-1].last + timedelta(days=1), CRAWL_AT, SHANGHAI)
    started, stop = time.monotonic(), threading.Event()

    def clock() -> datetime:
        return morning + timedelta(seconds=time.monotonic() - started)

    settings = stage.settings.model_copy(update={"web_listen": "127.0.0.1:0"})
    named = {"say": say, "clock": clock}
    desk = threading.Thread(target=serve, args=(settings, stage.ledger, stop), kwargs=named, name="nianbao-demo-desk")
    desk.start()
    say("工作台上的时间是演示季度结束的次日；登记的意见会重新检查，更正邮件发到演示的收件箱。按 Ctrl-C 结束。")
    try:
        while desk.is_alive():
            stage.watch(clock())
            desk.join(TURN_SECONDS)
    except KeyboardInterrupt:
        say("正在停止。")
    finally:
        stop.set()
        desk.join(STOP_SECONDS)
