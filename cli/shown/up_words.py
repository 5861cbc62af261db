"""Five lines with which ``nianbao up`` begins: what it will do, and what it lacks to do it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from config.register import Register
from config.settings import Settings
from ledger.messages.sending import mail_has_started
from ledger.people.accounts import any_account
from workers.reading.scans.recognition import recognition_is_installed


def what_it_will_do(settings: Settings, register: Register, session: Session, processes: int) -> Iterator[str]:
    """The lines, each of one subject: portals, reading, recipients, mail, the desk."""
    yield _portals(settings, register)
    scans = "扫描件另行识别" if recognition_is_installed() else "缺少识别扫描件的组件（pip install 'nianbao[ocr]'）"
    yield f"读取：同时 {processes} 份文档；{scans}"
    yield _recipients(register)
    yield _mail(settings, session)
    yield _desk(settings, session)


def _portals(settings: Settings, register: Register) -> str:
    watched = {name for name, portal in register.portals.items() if not portal.paused}
    if not watched:
        return "巡查：还没有启用任何门户，不会抓取；请先写好门户和机关名册（README，或 docs/add-a-portal.md）"
    agencies = sum(len(district.agencies) for district in register.districts.values() if district.portal in watched)
    usual, season = settings.crawl_interval_hours, settings.crawl_season_interval_hours
    pace = f"平时每 {usual:g} 小时一次，公布期限前后两周每 {min(usual, season):g} 小时一次"
    owed = f"{agencies} 个机关" if agencies else "但没有登记机关（config/agencies）"
    return f"巡查：{len(watched)} 个门户，{owed}；{pace}"


def _recipients(register: Register) -> str:
    operators, offices = len(register.offices.operators), len(register.offices.offices)
    if not operators and not offices:
        return "收件人：没有填写，谁也不会收到邮件；请填写 config/offices.yaml（docs/receive-mail.md）"
    lacking = "" if operators else "；没有运维人员的地址，系统出了问题没有人知道"
    return f"收件人：主管部门 {offices} 个，运维人员 {operators} 个{lacking}"


def _mail(settings: Settings, session: Session) -> str:
    leaves = "发往主管部门" if mail_has_started(session) else "给主管部门的信只生成、不发出，直到 nianbao mail start"
    return f"邮件：经 {settings.smtp_host}:{settings.smtp_port}（可用 nianbao mail test 试发）；{leaves}"


def _desk(settings: Settings, session: Session) -> str:
    if not settings.web_listen:
        return "工作台：没有开启（NIANBAO_WEB_LISTEN）"
    lacking = "" if any_account(session) else "；还没有人能登录，请运行 nianbao people add"
    return f"工作台：http://{settings.web_listen}{lacking}"
