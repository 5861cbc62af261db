"""The monitor's role in real time: its heartbeat, canaries, the tick, and a sign to the outside that it is well."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from config.in_force import load_register
from config.register import Register
from config.settings import Settings
from config.yaml_file import ConfigurationError
from ledger.clock import ledger_time
from ledger.database import Ledger, LedgerError, open_ledger
from ledger.machinery.heartbeat import MONITOR, HeartbeatWriter, queues_taken
from ledger.migrations.fills import fill_for_monitor
from monitor.forgetting import forget_looks
from monitor.handing_out import handing_out
from monitor.loop import tick
from monitor.machinery.endpoint import open_endpoint
from monitor.machinery.judge import forget_old, note_absence, update_machinery
from monitor.machinery.vital import Vital
from monitor.machinery.watchdog import Watchdog
from monitor.notices.corrections import update_corrections
from monitor.notices.letters import update_letters
from monitor.notices.outbox import send_waiting
from monitor.notices.write import contact_of, update_notices
from workers.dispatch import send_canary

log = logging.getLogger("nianbao.monitor")

SECONDS_BETWEEN_TURNS = 20.0


def run(settings: Settings, stop: threading.Event) -> None:
    """The role: one turn after the other until ``stop`` is set.

    A data file that is wrong at the start ends it, and so does an address that cannot be listened at
    (ConfigurationError); later that is said in the log, and the loop goes on as soon as the file is right again.
    """
    load_register(settings.home)
    vital = Vital()
    with (
        closing(open_ledger(settings)) as ledger,
        open_endpoint(settings, vital),
        handing_out(settings, ledger),
    ):
        turns = Turns(settings, ledger, vital)
        while not stop.is_set():
            words = turns.take(datetime.now(UTC))
            if words:
                log.info("监测：%s", words)
            stop.wait(min(SECONDS_BETWEEN_TURNS, settings.heartbeat_seconds, settings.canary_seconds))
        turns.end(datetime.now(UTC))


class Turns:
    """The turns of one monitor. Where a fault of ours breaks one off, the operators are told and the loop goes on."""

    def __init__(self, settings: Settings, ledger: Ledger, vital: Vital) -> None:
        self._settings = settings
        self._ledger = ledger
        self._vital = vital
        self._heartbeat = HeartbeatWriter(settings, ledger, MONITOR)
        self._watchdog = Watchdog(settings)
        self._began = False
        self._cleaned: object = None

    def take(self, now: datetime) -> str:
        """One turn; returns what it changed in words. What went wrong is in the log, and told where that is possible.

        ``now`` is by this machine's clock; what is due is asked by the ledger's, so that a wrong clock accuses nobody.
        1. The heartbeat; at the first turn it is asked whether there was no monitor. 2. A canary through every queue
        that somebody empties, where one is due. 3. The tick, the machinery judged in it. 4. The external watchdog is
        told that a monitor is well.
        """
        self._vital.turned()
        try:
            register = load_register(self._settings.home)
            moment = self._beat(now)
            self._send_canaries(now, moment)
            try:
                words = tick(self._settings, self._ledger, moment, machinery=True).words
            except (ConfigurationError, SQLAlchemyError, LedgerError):
                raise
            except Exception as error:  # whatever it is: who waits for alerts must not wait for nothing
                log.exception("这一轮监测中途出错")
                self._try_to_tell_of(error, register, moment)
                return ""
        except ConfigurationError as error:
            log.error("配置有误，监测暂停：%s", error)
        except (SQLAlchemyError, LedgerError) as error:
            log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])
        else:
            self._vital.was_good(now)
            self._watchdog.tell()
            return words
        return ""

    def end(self, now: datetime) -> None:
        """Says goodbye."""
        try:
            self._heartbeat.farewell(now)
        except SQLAlchemyError as error:
            log.error("台账数据库暂时无法使用：%s", str(error).splitlines()[0])

    def _beat(self, now: datetime) -> datetime:
        if not self._began:
            with self._ledger.read() as session:
                moment = ledger_time(session, now)
            note_absence(self._settings, self._ledger, moment)
            self._began = True
        moment = self._heartbeat.beat(now, last_work_at=self._vital.last_good)
        if self._cleaned != moment.date():
            forget_old(self._ledger, moment)
            fill_for_monitor(self._ledger)
            forget_looks(self._settings, self._ledger, moment)
            self._cleaned = moment.date()
        return moment

    def _send_canaries(self, now: datetime, moment: datetime) -> None:
        with self._ledger.read() as session:
            taken = queues_taken(session, self._settings, moment)
        for queue in taken:
            send_canary(self._settings, self._ledger, now, queue)

    def _try_to_tell_of(self, error: Exception, register: Register, now: datetime) -> None:
        """What breaks a turn off may break off telling of it, too: the next turn begins all the same."""
        try:
            self._tell_of(error, register, now)
        except (ConfigurationError, SQLAlchemyError, LedgerError):
            raise
        except Exception:
            log.exception("未能把这一轮的错误告诉运维人员")

    def _tell_of(self, error: Exception, register: Register, now: datetime) -> None:
        """The operators are told of a turn that broke off; what else is in the outbox is sent."""
        words = str(error).strip().splitlines()
        trouble = (
            f"监测在中途出错（{type(error).__name__}：{words[0] if words else '没有说明'}），"
            "状况、事项和周报没有更新；请看监测进程的日志，并把这句话报告给维护者"
        )
        settings, ledger = self._settings, self._ledger
        update_machinery(settings, ledger, register, now, trouble)
        update_corrections(settings, ledger, register, now)
        update_notices(settings, ledger, register, now)
        update_letters(settings, ledger, register, now)
        send_waiting(settings, ledger, contact_of(settings, register), now, register.offices)
