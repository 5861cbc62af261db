"""What a round did, in a few plain lines: for whoever ran ``scrapy crawl``."""

from __future__ import annotations

from collections.abc import Iterator

from config.wording import Wording
from crawler.storing.result import RoundResult
from ledger.states import RoundState


def words_of(result: RoundResult, name: str, wording: Wording, seconds: float) -> Iterator[str]:
    """The lines about a round over the portal called ``name`` that took so many seconds."""
    failed = result.state is RoundState.FAILED
    state = "这一轮没有完成" if failed or result.found is None else wording.portals[result.found.value]
    why = f"：{result.sentence}" if result.sentence else ""
    yield f"{name}（{result.portal}）：{state}{why}。用时 {seconds:.0f} 秒。"
    for look in result.looks:
        whole = "读到了底" if look.complete else "没有读全"
        about = f"，{look.sentence}" if look.sentence else ""
        yield f"栏目 {look.column}：{whole}，{look.rows} 条，其中 {look.dropped} 条不是年报{about}。"
    figures = result.figures
    if figures:
        yield (
            f"请求 {figures.get('requests', 0)} 次（{figures.get('unchanged', 0)} 次内容未变），"
            f"新文章 {figures.get('new_articles', 0)} 篇，新文件 {figures.get('new_versions', 0)} 份，"
            f"未取得 {figures.get('failed_articles', 0)} 篇。"
        )
