"""What README and docs/ tell a reader is true: every command, YAML file, setting, path and link in them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.main import COMMANDS
from config import reference
from config.agencies import DistrictFile
from config.deadlines import DeadlinesFile
from config.in_force import examine_files, load_register
from config.maintenance import MaintenanceFile
from config.offices import OfficesFile
from config.portals import PortalFile
from config.rules import RuleChanges
from config.settings import SECRETS, Settings
from config.yaml_file import DataFile, read_yaml
from tests.command_line import refusal

CHECKOUT = Path(__file__).resolve().parent.parent
PAGES = [CHECKOUT / "README.md", CHECKOUT / "README.zh-CN.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(CHECKOUT)) for page in PAGES]
ROOMS = ("config", "report", "ledger", "crawler", "workers", "monitor", "web", "cli")

# What a block is tells its first line: the path of the file that it stands for.
MODELS: dict[str, type[DataFile]] = {
    "NIANBAO_HOME/config/portals/": PortalFile,
    "NIANBAO_HOME/config/agencies/": DistrictFile,
    "NIANBAO_HOME/config/maintenance.yaml": MaintenanceFile,
    "NIANBAO_HOME/config/offices.yaml": OfficesFile,
    "NIANBAO_HOME/config/rules.yaml": RuleChanges,
    "NIANBAO_HOME/config/deadlines.yaml": DeadlinesFile,
}


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a language on a page."""
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands(page: str) -> Iterator[list[str]]:
    """Every command line of the shell blocks of a page, as words."""
    for block in blocks(page, "sh"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield words


@pytest.mark.parametrize("page", NAMES)
def test_every_nianbao_command_would_be_taken(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    refused = []
    for words in commands(page):
        for place, word in enumerate(words):
            if word in ("nianbao", ".venv/bin/nianbao"):
                why = refusal(words[place + 1 :])
                refused += [f"{shlex.join(words)}: {why}"] if why else []

    assert refused == []


@pytest.mark.parametrize("page", NAMES)
def test_every_command_named_in_a_sentence_exists(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")

    assert set(re.findall(r"`nianbao ([a-z]+)", text)) - set(COMMANDS) == set()


@pytest.mark.parametrize("page", NAMES)
def test_every_make_word_exists(page: str) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    named = {word for words in commands(page) if words[0] == "make" for word in words[1:2]}

    assert named | set(re.findall(r"`make ([a-z-]+)", text)) <= targets


@pytest.mark.parametrize("page", NAMES)
def test_every_yaml_file_is_one_that_is_taken(page: str, tmp_path: Path) -> None:
    for number, block in enumerate(blocks(page, "yaml")):
        first = block.splitlines()[0].removeprefix("# ")
        model = next((model for prefix, model in MODELS.items() if first.startswith(prefix)), None)
        assert model is not None, f"{page}: which file is this block? {first}"
        path = tmp_path / f"{number}.yaml"
        path.write_text(block, encoding="utf-8")
        read_yaml(path, model)


@pytest.mark.parametrize("page", NAMES)
def test_every_setting_that_it_names_exists(page: str) -> None:
    known = {reference.variable(name) for name in Settings.model_fields}
    known |= {reference.variable(name) + "_FILE" for name in SECRETS}
    named = set(re.findall(r"NIANBAO_[A-Z_]*[A-Z]", (CHECKOUT / page).read_text(encoding="utf-8")))

    assert {name for name in named if not name.startswith("NIANBAO_TEST_")} <= known


@pytest.mark.parametrize("page", NAMES)
def test_every_link_and_path_leads_somewhere(page: str) -> None:
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    paths = re.findall(rf"`((?:{'|'.join(ROOMS)}|tests|docs)/[\w./*-]*)`", text) + re.findall(
        r"\bdocs/[\w-]+\.md", text
    )

    assert [link for link in links if not ((CHECKOUT / page).parent / link).exists()] == []
    assert [path for path in paths if not list(CHECKOUT.glob(path))] == []


def test_every_page_that_code_and_data_name_exists() -> None:
    sources = [path for room in ROOMS for path in (CHECKOUT / room).rglob("*") if path.suffix in (".py", ".yaml")]
    sources += [CHECKOUT / name for name in ("Makefile", "docker-compose.yml", "compose.env.example", "alembic.ini")]
    named = {
        (name, str(source.relative_to(CHECKOUT)))
        for source in sources
        for name in re.findall(r"\bdocs/[\w-]+(?:/[\w-]+)*(?:\.md|/)", source.read_text(encoding="utf-8"))
    }

    assert [place for place in sorted(named) if not (CHECKOUT / place[0]).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_roles_start_on_the_files_of_the_ten_minutes(page: str, home: Path) -> None:
    for block in blocks(page, "yaml"):
        path = home / block.splitlines()[0].removeprefix("# NIANBAO_HOME/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block, encoding="utf-8")

    assert examine_files(home) == ()
    register = load_register(home)

    assert [agency.short for agency in register.districts["某某区"].agencies] == ["某某区人民政府", "东街街道"]
    assert register.columns_for("yourdistrict", "subdistrict", 2025)
    office = register.offices.office("某某区")
    assert office is not None
    assert office.recipients == ("disclosure@your-office.example",)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_first_check_prints_as_shown(page: str) -> None:
    command = next(words for words in commands(page) if words[0] == ".venv/bin/nianbao")
    arguments = [sys.executable, "-c", "from cli.main import main; main()", *command[1:]]
    result = subprocess.run(arguments, cwd=CHECKOUT, capture_output=True, text=True, timeout=900, check=False)

    assert result.returncode == 1, result.stderr
    printed = {line.strip() for line in result.stdout.splitlines()}
    assert {line.strip() for line in blocks(page, "text")[0].splitlines()} - printed == set()


def test_both_readmes_show_the_same_commands_and_files() -> None:
    def without_comments(block: str) -> str:
        head, _, rest = block.partition("\n")
        return head + re.sub(r"\s+#.*", "", "\n" + rest)

    assert list(commands("README.md")) == list(commands("README.zh-CN.md"))
    english, chinese = (
        [without_comments(block).split() for block in blocks(page, "yaml")] for page in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese
