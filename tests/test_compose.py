"""docker-compose.yml, Dockerfile and compose.env.example against the Compose schema and against the code they start."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from cli.main import COMMANDS
from config import reference
from config.settings import PREFIX, SECRETS, Settings, load_settings
from tests.command_line import refusal
from tests.postgres import new_server

CHECKOUT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ROLES = ("crawler", "worker", "monitor")
WITH_ROLE_COMMANDS = (*ROLES, "web")
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (CHECKOUT / "compose.env.example").read_text(encoding="utf-8")
VARIABLES = {reference.variable(name) for name in Settings.model_fields}
SECRET_FILES = {reference.variable(name) + "_FILE" for name in SECRETS}
# uid of the image's own account, which owns the folder that the volume is mounted on
USERS = {
    "postgres": "999:999",
    "valkey/valkey": "999:999",
    "axllent/mailpit": "65534:65534",
    "prom/prometheus": "65534:65534",
    "grafana/grafana": "472:472",
    "nianbao": "10001:10001",
}


def example(*, active: bool) -> dict[str, str]:
    """The settings in the example file: those that are set, or those that a comment shows with their default."""
    pattern = r"^(NIANBAO_\w+)=(.*)$" if active else r"^#(NIANBAO_\w+)=(.*)$"
    return dict(re.findall(pattern, EXAMPLE, flags=re.MULTILINE))


def own(service: dict[str, Any]) -> bool:
    return bool(str(service["image"]).startswith("nianbao:"))


def test_it_fits_the_compose_specification() -> None:
    schema = json.loads((CHECKOUT / "tests/compose/compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)

    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(COMPOSE)] == []


def test_the_schema_would_refuse_a_wrong_file() -> None:
    schema = json.loads((CHECKOUT / "tests/compose/compose-spec.json").read_text(encoding="utf-8"))
    wrong = {**COMPOSE, "services": {**SERVICES, "worker": {**SERVICES["worker"], "comand": []}}}

    assert not jsonschema.Draft202012Validator(schema).is_valid(wrong)


def test_the_services_are_those_that_the_documentation_names() -> None:
    assert set(SERVICES) == {
        "nianbao-postgres", "nianbao-redis", "nianbao-mail", "nianbao-prometheus", "nianbao-grafana",
        "migrate", "crawler", "monitor", "worker", "web", "backup",
    }  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_rights_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    image = str(service["image"]).rsplit(":", 1)[0]

    assert service["user"] == USERS[image]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    unwanted = {
        "privileged",
        "cap_add",
        "devices",
        "pid",
        "ipc",
        "network_mode",
        "userns_mode",
        "container_name",
        "extends",
    }
    assert unwanted & set(service) == set()
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_restarts_and_has_a_pinned_image(name: str) -> None:
    assert SERVICES[name]["restart"] in ("unless-stopped", "on-failure:3")
    assert re.fullmatch(r"[a-z/]+:v?\d+\.\d+(\.\d+)?(-\w+)?", SERVICES[name]["image"])


def test_the_image_has_the_version_of_the_code() -> None:
    version = re.search(r'^version = "(.+)"$', (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)

    assert version
    assert {service["image"] for service in SERVICES.values() if own(service)} == {f"nianbao:{version[1]}"}


def test_nothing_is_exposed_but_what_people_look_at_and_that_to_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "nianbao-mail": ["127.0.0.1:8025:8025"],
        "nianbao-grafana": ["127.0.0.1:3000:3000"],
        "web": ["127.0.0.1:8321:8321"],
    }
    assert {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service} == {
        "nianbao-mail": ["dev"],
        "nianbao-prometheus": ["monitoring"],
        "nianbao-grafana": ["monitoring"],
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_takes_no_more_than_its_part_of_the_machine(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert 0 < service["cpus"] <= 2 and 0 < service["pids_limit"] <= 512
    assert all(re.search(r"\bsize=\d+[mg]\b", mount) for mount in service["tmpfs"])


def test_a_worker_has_the_memory_that_its_settings_let_it_take() -> None:
    """Two processes that read (text and scans), each with a child, and LibreOffice's files beside them."""
    child = Settings.model_fields["read_memory_megabytes"].default
    assert int(SERVICES["worker"]["mem_limit"].removesuffix("g")) * 1024 >= 2 * child + 1024


def test_what_people_write_and_what_has_to_last_has_a_volume() -> None:
    for name in ("monitor", "backup"):
        mounted = {volume["target"]: volume["source"] for volume in SERVICES[name]["volumes"]}
        assert mounted["/var/lib/nianbao"] == "nianbao-home"
        assert mounted["/var/backups/nianbao"] == "nianbao-backups"
    assert "install -d -m 700 -o nianbao -g nianbao" in DOCKERFILE and "/var/backups/nianbao" in DOCKERFILE
    (script,) = re.findall(r"nianbao (backup .*?);", SERVICES["backup"]["command"][2])
    assert refusal(shlex.split(script)) is None


@pytest.mark.parametrize("looks", [1, 2, 3])
def test_who_is_unwell_three_times_in_a_row_is_asked_to_end_and_not_before(tmp_path: Path, looks: int) -> None:
    """The script of the health check, with a `nianbao` that says no and a `kill` that writes it down."""
    script = SERVICES["worker"]["healthcheck"]["test"][1].replace("$$", "$").replace("/tmp/", f"{tmp_path}/")
    (tmp_path / "nianbao").write_text(f"#!/bin/sh\ntest -e {tmp_path}/well\n")
    (tmp_path / "nianbao").chmod(0o755)
    script = f"kill() {{ echo asked $1; }}; {script}"

    def look() -> tuple[int, str]:
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    said = [look() for _ in range(looks)]
    assert said == [(1, ""), (1, ""), (1, "asked 1\n")][:looks]
    (tmp_path / "well").touch()
    assert look() == (0, "")
    (tmp_path / "well").unlink()
    assert look() == (1, "")


def test_make_digests_pins_every_image_that_is_not_ours(tmp_path: Path) -> None:
    """With a `docker` that knows a digest for each image."""
    for name in ("Makefile", "docker-compose.yml"):
        shutil.copy(CHECKOUT / name, tmp_path)
    (tmp_path / "docker").write_text(
        '#!/bin/sh\nfor last; do :; done\necho "sha256:$(printf %s "$last" | sha256sum | cut -c1-64)"\n'
    )
    (tmp_path / "docker").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["make", "digests"], cwd=tmp_path, check=True, capture_output=True, env=environment)
    written = yaml.safe_load((tmp_path / "docker-compose.override.yml").read_text())["services"]
    assert set(written) == {name for name, service in SERVICES.items() if not own(service)}
    for name, service in written.items():
        image, _, digest = service["image"].partition("@")
        assert image == SERVICES[name]["image"]
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", digest)
    (tmp_path / "docker").write_text("#!/bin/sh\necho nothing\n")
    (tmp_path / "docker-compose.override.yml").unlink()
    assert subprocess.run(["make", "digests"], cwd=tmp_path, capture_output=True, env=environment).returncode != 0
    assert not (tmp_path / "docker-compose.override.yml").exists()


def test_prometheus_and_grafana_get_the_files_that_are_there_and_ask_where_a_monitor_answers() -> None:
    for name in ("nianbao-prometheus", "nianbao-grafana"):
        for volume in SERVICES[name]["volumes"]:
            if volume["type"] == "bind":
                assert (CHECKOUT / volume["source"]).exists() and volume["read_only"] is True
    asked = yaml.safe_load((CHECKOUT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    (job,) = asked["scrape_configs"]
    address = SERVICES["monitor"]["environment"]["NIANBAO_HEALTH_ADDRESS"]
    assert job["static_configs"] == [{"targets": [address.replace("0.0.0.0", "monitor")]}]
    mounted = {volume["target"] for volume in SERVICES["nianbao-prometheus"]["volumes"]}
    assert set(asked["rule_files"]) <= mounted
    provisioned = CHECKOUT / "deploy/grafana/provisioning"
    (source,) = yaml.safe_load((provisioned / "datasources/prometheus.yml").read_text(encoding="utf-8"))["datasources"]
    assert source["url"] == "http://nianbao-prometheus:9090"


def test_ledger_and_broker_and_workers_have_no_way_out() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("nianbao-postgres", "nianbao-redis", "migrate", "worker"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_every_server_has_a_health_check_and_is_waited_for() -> None:
    for name in ("nianbao-postgres", "nianbao-redis", "nianbao-mail"):
        assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert "HEALTHCHECK" in DOCKERFILE
    for role in ROLES:
        assert SERVICES[role]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "nianbao-postgres": {"condition": "service_healthy"},
            "nianbao-redis": {"condition": "service_healthy"},
        }


@pytest.mark.parametrize("role", ROLES)
def test_a_role_says_whether_it_is_well(role: str) -> None:
    kind, script = SERVICES[role]["healthcheck"]["test"]
    command, _, _ = script.partition(" &&")

    assert (kind, command) == ("CMD-SHELL", f"nianbao doctor --role {role}")
    assert refusal(shlex.split(command)[1:]) is None


@pytest.mark.parametrize("role", WITH_ROLE_COMMANDS)
def test_a_role_is_started_by_a_command_that_exists(role: str) -> None:
    command = SERVICES[role]["command"]

    assert command[:3] == ["nianbao", "run", role]
    assert "run" in COMMANDS
    assert refusal(command[1:]) is None


def test_the_migration_finds_its_scripts_in_the_image() -> None:
    command = SERVICES["migrate"]["command"]
    assert command == ["nianbao", "db", "migrate"]
    assert refusal(command[1:]) is None
    check = json.loads(DOCKERFILE.partition("CMD ")[2].partition("\n")[0])
    assert check == ["nianbao", "db", "version"]
    assert refusal(check[1:]) is None
    # For those who are used to it.
    assert "COPY alembic.ini" in DOCKERFILE
    # A package's name: the image has the rooms installed, not a checkout.
    assert "script_location = ledger:migrations" in (CHECKOUT / "alembic.ini").read_text(encoding="utf-8")


def test_a_role_that_is_stopped_has_time_to_finish_or_to_hand_back() -> None:
    seconds = Settings.model_fields["stop_grace_seconds"].default
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) >= seconds + 30
    assert all(SERVICES[role]["init"] is True for role in ROLES)


def test_the_monitors_endpoint_is_open_to_prometheus_alone() -> None:
    assert Settings.model_fields["health_address"].default is None
    assert "NIANBAO_HEALTH_ADDRESS" not in example(active=True)
    opened = [name for name, one in SERVICES.items() if "NIANBAO_HEALTH_ADDRESS" in one.get("environment", {})]
    assert opened == ["monitor"] and "ports" not in SERVICES["monitor"]


def test_every_variable_in_it_is_a_setting() -> None:
    for name, service in SERVICES.items():
        if own(service):
            assert set(service["environment"]) <= VARIABLES | SECRET_FILES, name
        else:
            assert not any(variable.startswith(PREFIX) for variable in service.get("environment", {})), name
    assert set(re.findall(r"NIANBAO_\w+", DOCKERFILE)) <= VARIABLES


def test_every_path_in_it_is_one_that_the_code_uses() -> None:
    for role in (*ROLES, "migrate"):
        service = SERVICES[role]
        for variable, value in service["environment"].items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"]
        settings = Settings(home=Path(service["environment"]["NIANBAO_HOME"]))
        mounted = {volume["target"]: volume for volume in service["volumes"]}
        archive = mounted[settings.archive_address.removeprefix("file://")]
        assert archive["source"] == "nianbao-archive"
        assert mounted[str(settings.home / "config")]["read_only"] is True
        assert f"install -d -m 700 -o nianbao -g nianbao {settings.home} {settings.home}/archive" in DOCKERFILE


def test_every_secret_and_volume_and_network_is_declared_and_used() -> None:
    used = {"secrets": set[str](), "networks": set[str](), "volumes": set[str]()}
    for service in SERVICES.values():
        used["secrets"].update(
            secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])
        )
        used["networks"].update(service["networks"])
        for volume in service.get("volumes", []):
            if isinstance(volume, str):
                used["volumes"].add(volume.split(":")[0])
            elif volume["type"] == "volume":
                used["volumes"].add(volume["source"])

    assert {kind: set(COMPOSE[kind]) for kind in used} == used


def test_make_writes_every_secret_and_git_ignores_them() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    for secret in COMPOSE["secrets"].values():
        assert f"> {secret['file'].removeprefix('./')};" in makefile
    ignored = (CHECKOUT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"secrets/", "compose.env", "office/"} <= set(ignored)


def test_crawlers_and_workers_log_in_with_the_least_rights(tmp_path: Path, home: Path) -> None:
    """What `make secrets` writes is taken by a PostgreSQL that is new, as its container does at its first start."""
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    subprocess.run(["make", "secrets"], cwd=tmp_path, check=True, capture_output=True)
    with new_server() as owner:
        engine = create_engine(owner, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text((tmp_path / "secrets" / "logins.sql").read_text()))
        engine.dispose()
        migrated = nianbao("db", "migrate", home=home, address=owner)
        assert "nianbao_crawler、nianbao_worker" in migrated.stderr and "nianbao_web" in migrated.stderr
        for role in ("crawler", "worker"):
            (file,) = [one for one in SERVICES[role]["secrets"] if one.startswith("database_url")]
            login = make_url((tmp_path / "secrets" / file).read_text())
            address = owner.set(username=login.username, password=login.password)
            well = nianbao("doctor", "--role", role, home=home, address=address)
            assert well.returncode == 1 and "没有" in well.stdout, (well.stdout, well.stderr)
            engine = create_engine(address)
            with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text("SELECT * FROM notices"))
            engine.dispose()


def nianbao(*arguments: str, home: Path, address: URL) -> subprocess.CompletedProcess[str]:
    variables = {"NIANBAO_HOME": str(home), "NIANBAO_DATABASE_URL": address.render_as_string(hide_password=False)}
    command = [sys.executable, "-c", "from cli.main import main; main()", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=os.environ | variables, capture_output=True, text=True)


def test_the_addresses_in_the_secrets_name_the_services() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")

    assert "@nianbao-postgres:5432/nianbao'" in makefile
    assert SERVICES["nianbao-postgres"]["environment"]["POSTGRES_DB"] == "nianbao"
    assert "@nianbao-redis:6379/0'" in makefile


def test_the_example_explains_every_setting_once() -> None:
    named = re.findall(r"^#?(NIANBAO_\w+)=", EXAMPLE, flags=re.MULTILINE)

    assert sorted(named) == sorted(VARIABLES)


def test_the_example_shows_the_defaults_as_they_are() -> None:
    in_containers = {"NIANBAO_HOME": "/var/lib/nianbao"}
    for name in Settings.model_fields:
        shown = example(active=False).get(reference.variable(name))
        if shown is not None and reference.variable(name) not in in_containers:
            assert shown == reference.default(name).strip("`").replace("empty", ""), name


def test_the_example_is_taken_by_the_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in example(active=True).items():
        monkeypatch.setenv(variable, value)

    settings = load_settings()

    assert settings.smtp_host in SERVICES
    assert settings.smtp_port == 1025


def test_the_page_of_settings_is_current() -> None:
    page = (CHECKOUT / "docs/settings.md").read_text(encoding="utf-8")

    assert page == reference.page(), "run: make docs"
    in_chinese = (CHECKOUT / "docs/zh/settings.md").read_text(encoding="utf-8")
    assert in_chinese == reference.page_in_chinese(), "run: make docs"


def test_the_image_is_built_from_the_lock_file_and_runs_as_nobody_special() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]

    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert "USER 10001:10001" in last
    assert "pip install" not in last
    copied = [word for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line
              for word in shlex.split(line)[1:-1]]  # fmt: skip
    assert all((CHECKOUT / word).exists() for word in copied)
    sent = re.findall(r"^!(.+)$", (CHECKOUT / ".dockerignore").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(copied) - {"."} <= set(sent)
    assert {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"tests", "bench"} <= set(sent)
