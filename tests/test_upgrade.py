"""An upgrade in the middle of a season: two releases at work side by side on one ledger, and a migration between them.

Everything is real: portals, crawlers, workers, monitors, broker, PostgreSQL, mail. Each role works under its own role
of the database, which has the least rights. The next release is this one with one more migration; its programs write
into the new column, so that it can be seen which of them did what.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from redis import Redis
from sqlalchemy import select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from cli.broker import EmbeddedBroker
from cli.demo.inbox import Inbox
from cli.demo.server import PortalServer
from cli.up import role_command
from config.settings import load_settings
from ledger.database import Ledger, make_engine, version_of, versions
from ledger.keeping.rights import make_roles, renew_grants, role_name
from ledger.models import Article, FindingRow, Notice, NoticeIncident, ReadingRow, Version, Work
from ledger.reading.work import UNFINISHED, unfinished
from ledger.states import NoticeKind, NoticeState, WorkState
from monitor.calendar import day_of
from tests.chaos.messages import messages
from tests.chaos.season import Season
from tests.test_wheel import ROOMS
from tests.waiting import wait_until

CHECKOUT = Path(__file__).resolve().parent.parent
ROLES = ("crawler", "worker", "monitor")
# Starting roles on a machine that has other things to do.
SECONDS = 120.0
NEXT = f"{int(versions()[-1]) + 1:04}"
MIGRATION = f'''
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{versions()[-1]}"


def upgrade() -> None:
    op.add_column("work", sa.Column("release", sa.String(), nullable=True))
    op.create_table("releases", sa.Column("name", sa.String(), primary_key=True))
'''
COLUMN = '    release: Mapped[str | None] = mapped_column(default="next", onupdate="next")\n'


@pytest.fixture(scope="module")
def next_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that comes after this one: a copy with one more migration, and the column in its model."""
    folder = tmp_path_factory.mktemp("next")
    for room in ROOMS:
        shutil.copytree(CHECKOUT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / f"ledger/migrations/versions/{NEXT}_the_next_release.py").write_text(MIGRATION)
    models = folder / "ledger/models/readings.py"
    said = models.read_text(encoding="utf-8")
    place = '    __tablename__ = "work"\n'
    assert said.count(place) == 1
    models.write_text(said.replace(place, place + COLUMN), encoding="utf-8")
    return folder


@dataclass
class Role:
    """One process of a role, and what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    def reads(self, _session: Session) -> bool:
        """Whether it has read a document, or found that it cannot be read."""
        return "已读取并检查" in self.log.read_text() or "已隔离" in self.log.read_text()

    def stop(self) -> int:
        """SIGTERM; returns how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


@dataclass
class Office:
    """A season with its servers, and the programs of two releases that work on it."""

    season: Season
    portals: PortalServer
    inbox: Inbox
    ledger: Ledger
    home: Path
    addresses: dict[str, str]
    started: list[Role] = field(default_factory=list)

    def environment(self, role: str, release: Path | None) -> dict[str, str]:
        """A role logs in under its own name; its program is that of the checkout, or of another release."""
        more = {"NIANBAO_HOME": str(self.home), "NIANBAO_DATABASE_URL": self.addresses[role]}
        return os.environ | more | ({"PYTHONPATH": str(release)} if release else {})

    def start(self, role: str, release: Path | None = None) -> Role:
        """Starts a role."""
        arguments = ("--workers", "1") if role == "worker" else ()
        log = self.home / f"{len(self.started)}-{role}-{'next' if release else 'this'}.log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                role_command(role, *arguments),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=self.environment(role, release),
                start_new_session=True,
            )
        self.started.append(Role(process, log))
        return self.started[-1]

    def nianbao(self, *arguments: str, release: Path | None = None) -> str:
        """What a command of a release says, run by the owner of the tables; it ends well."""
        command = [sys.executable, "-P", "-c", "from cli.main import main; main()", *arguments]
        done = subprocess.run(
            command,
            env=self.environment("owner", release),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def show(self, share: float) -> None:
        """The portals show what is published by then."""
        self.season.share = share
        self.portals.today = self.season.today

    def wait(self, happened: Callable[[Session], object], what: str) -> None:
        """Waits until the ledger says so."""

        def asked() -> bool:
            with self.ledger.read() as session:
                return bool(happened(session))

        try:
            wait_until(asked, what, SECONDS)
        except AssertionError as error:
            said = "\n".join(f"{path.name}: {path.read_text()[-1500:]}" for path in self.home.glob("*.log"))
            raise AssertionError(f"{error}\n{said}") from error

    def close(self) -> None:
        """Nothing that was started is left."""
        for role in self.started:
            if role.process.poll() is None:
                os.killpg(role.process.pid, signal.SIGKILL)
            role.process.wait()


@pytest.fixture
def office(home: Path, postgres_address: str, tmp_path: Path) -> Iterator[Office]:
    with ExitStack() as running:
        season = Season(10, day_of(datetime.now(UTC)), portals=1, agencies=16)
        portals = running.enter_context(PortalServer(season.sites(), season.today))
        inbox = running.enter_context(Inbox(tmp_path / "inbox"))
        season.write_office(home, portals.addresses)
        more = {
            "smtp_host": inbox.host,
            "smtp_port": inbox.port,
            "mail_domain": "nianbao.example",
            "allow_private_addresses": True,
            "crawl_interval_hours": 0.0012,
            "crawl_retry_minutes": 0.02,
            "heartbeat_seconds": 2,
            # So that some lie in the queue at the end, as they do where the monitor stops a while after the worker.
            "canary_seconds": 1,
        }
        (home / "settings.yaml").write_text(yaml.safe_dump(more), encoding="utf-8")
        running.enter_context(EmbeddedBroker(load_settings()))
        ledger = Ledger(make_engine(postgres_address))
        running.callback(ledger.close)
        addresses = {role: _login(ledger, make_url(postgres_address), role) for role in ROLES}
        opened = Office(season, portals, inbox, ledger, home, addresses | {"owner": postgres_address})
        running.callback(opened.close)
        yield opened


def _login(ledger: Ledger, address: URL, role: str) -> str:
    """The address under which a role logs in; its name is this test's own, and a member of the role."""
    name, password = f"{role}_{secrets.token_hex(4)}", secrets.token_hex(8)
    with ledger.engine.begin() as connection:
        for statement in make_roles():
            connection.execute(text(statement))
        renew_grants(connection)
        connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE {role_name(role)}"))
    return address.set(username=name, password=password).render_as_string(hide_password=False)


def published(office: Office, share: float) -> Callable[[Session], bool]:
    """Whether everything that the portals show at a share of the season is known and read."""
    wanted = {plan.id for plan in office.season.agencies() if plan.fate != "never" and plan.share <= share}
    known = select(Article.agency).join(Version, Version.article_id == Article.id)
    this_year = known.where(Article.year == office.season.year)
    return lambda session: wanted <= set(session.scalars(this_year)) and unfinished(session) == 0


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_old_and_new_programs_side_by_side_across_a_migration(office: Office, next_release: Path) -> None:
    old = {role: office.start(role) for role in ROLES}
    office.show(0.15)
    office.wait(old["worker"].reads, "the old worker has read something")

    said = office.nianbao("db", "migrate", release=next_release)
    assert f"台账的结构版本：{NEXT}（原为 {versions()[-1]}）" in said
    assert all(role_name(role) in said for role in ROLES)
    assert version_of(office.ledger.engine) == NEXT
    office.show(0.25)
    office.wait(published(office, 0.25), "the old programs go on with the ledger of the new ones")

    # One that starts only now, as after a crash, finds a ledger that is newer than itself.
    assert old["worker"].stop() == 0
    late = office.start("worker")
    office.show(0.35)
    office.wait(late.reads, "an old worker that starts after the migration reads")
    assert f"台账已由更新的程序升级（数据库结构版本 {NEXT}" in late.log.read_text()

    new = {role: office.start(role, next_release) for role in ROLES}
    office.show(0.45)
    office.wait(published(office, 0.45), "both releases at work")
    assert [role.stop() for role in (old["crawler"], late, old["monitor"])] == [0, 0, 0]

    office.show(1.0)
    office.wait(new["worker"].reads, "the new worker reads")
    office.wait(published(office, 1.0), "the new programs go on alone")
    assert [role.stop() for role in new.values()] == [0, 0, 0]
    with office.ledger.read() as session:
        assert list(_lost_or_doubled(session, office)) == []
        to_do = set(session.scalars(select(Work.id).where(Work.state.in_(UNFINISHED))))
        by_new, all_of_it = session.execute(text("SELECT count(release), count(*) FROM work")).one()
    assert 0 < by_new < all_of_it
    with Redis(unix_socket_path=str(load_settings().embedded_broker_socket)) as client:
        # What lies in the queue still is the monitor's canaries, or says once more what is done already.
        assert client.hlen("unacked") == 0
        assert [lies for lies in messages(client) if lies[1] in to_do] == []
    for path in office.home.glob("*.log"):
        said = path.read_text()
        assert "Traceback" not in said, said
        assert "permission denied" not in said, said


def _lost_or_doubled(session: Session, office: Office) -> Iterator[str]:
    """What is not there once: a version and its reading, its findings, a mail, what somebody was told."""
    plans = {plan.id: plan for plan in office.season.agencies()}
    found = session.execute(
        select(Article.agency, Work)
        .join(Version, Version.article_id == Article.id)
        .join(Work, Work.version_id == Version.id)
        .where(Article.year == office.season.year)
    ).all()
    if Counter(agency for agency, _ in found) != Counter(
        plan.id for plan in plans.values() if plan.fate not in ("late", "never")
    ):
        yield f"versions of {sorted(str(agency) for agency, _ in found)}"
    for agency, work in found:
        broken = plans[str(agency)].fate == "broken"
        if (work.state, work.attempts) != (WorkState.QUARANTINED if broken else WorkState.DONE, 1):
            yield f"{agency} is {work.state.value} after {work.attempts} attempts: {work.sentence}"
    readings = Counter(session.scalars(select(ReadingRow.sha256)))
    yield from (f"{sha256} has {count} readings" for sha256, count in readings.items() if count > 1)
    wrong = Counter(session.scalars(select(FindingRow.agency).where(FindingRow.rule == "T05")))
    faulty = {plan.id for plan in plans.values() if plan.fate == "faulty"}
    if not faulty <= set(wrong) or max(wrong.values()) > 1:
        yield f"T05 in {wrong}"
    arrived = Counter(str(message["Message-ID"]) for message in office.inbox.messages())
    sent = session.scalars(select(Notice.message_id).where(Notice.state == NoticeState.SENT)).all()
    if not sent or arrived != Counter(sent):
        yield f"sent {len(sent)}, arrived {arrived}"
    told = session.execute(
        select(NoticeIncident.incident_id, Notice.recipient)
        .join(Notice, Notice.id == NoticeIncident.notice_id)
        .where(Notice.kind == NoticeKind.ALERT)
    )
    yield from (f"told {count} times: {what}" for what, count in Counter(told).items() if count > 1)
