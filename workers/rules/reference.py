"""Writes docs/rules/ from the rules themselves: ``python -m workers.rules.reference``."""

from __future__ import annotations

import inspect
from pathlib import Path

from config.rules import RuleEntry, RulesFile, load_rules
from config.severity import Severity
from report.findings.catalogue import Input, Rule
from report.findings.publication_rules import publication_rules
from workers.rules.check import all_rules

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "rules"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HUMAN: "for a person to look at"}


def pages(rules: RulesFile) -> dict[str, str]:
    """The reference: file name → Markdown, one page a rule and an index."""
    entries = {**publication_rules(), **all_rules()}
    content = {f"{code}.md": _page(entry, rules.rules[code]) for code, entry in entries.items()}
    content["README.md"] = _index([code for code in rules.rules if code in entries], rules)
    return content


def _page(entry: Rule, setting: RuleEntry) -> str:
    function = f", function `{entry.code.lower()}`" if entry.function is not None else ""
    return (
        f"# {entry.code} {setting.title}\n\n"
        f"{inspect.cleandoc(entry.clause)}\n\n"
        f"- Severity as shipped: {_level(setting)}\n"
        f"- Applies to: {_applies_to(entry)}\n"
        f"- Basis: {entry.basis}\n"
        f"- Does not look at: {setting.limits}\n"
        f"- Code: `{entry.module.replace('.', '/')}.py`{function}\n"
    )


def _level(setting: RuleEntry) -> str:
    if setting.since is None or setting.formerly is None:
        return LEVELS[setting.severity]
    return f"{LEVELS[setting.severity]} from {setting.since.isoformat()} on, before {LEVELS[setting.formerly]}"


def _applies_to(entry: Rule) -> str:
    if entry.input is not Input.REPORT:
        return "reports that are watched, by the monitor; not to single files"
    if not entry.needs_form:
        return "every report, also one whose form is not known"
    return "reports of every form" if entry.forms is None else "reports of the forms " + " and ".join(entry.forms)


def _index(codes: list[str], rules: RulesFile) -> str:
    lines = [
        "# Rules",
        "",
        "Written by `python -m workers.rules.reference` from the rules themselves; do not edit by hand.",
        "How to write one: [write-a-rule.md](../write-a-rule.md). An office changes severities and switches rules",
        "off in `config/rules.yaml` of its own folder.",
        "",
        "| code | rule | severity |",
        "|---|---|---|",
    ]
    for code in codes:
        setting = rules.rules[code]
        lines.append(f"| [{code}]({code}.md) | {setting.title} | {_level(setting)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes the pages and takes away those of rules that are no more."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    content = pages(load_rules())
    for old in REFERENCE.glob("*.md"):
        if old.name not in content:
            old.unlink()
    for name, text in content.items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
