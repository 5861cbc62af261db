"""deploy/kubernetes and deploy/systemd against their schemas and against the code that they start."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from config import reference
from config.settings import SECRETS, Settings
from tests.command_line import refusal

CHECKOUT = Path(__file__).resolve().parent.parent
KUBERNETES = CHECKOUT / "deploy" / "kubernetes"
UNIT = CHECKOUT / "deploy" / "systemd" / "nianbao.service"
FILES = sorted(path for path in KUBERNETES.glob("*.yaml") if path.name != "kustomization.yaml")
KUBERNETES_VERSION = "1.34"
VARIABLES = {reference.variable(name) for name in Settings.model_fields}
VARIABLES |= {reference.variable(name) + "_FILE" for name in SECRETS}
GRACE = Settings.model_fields["stop_grace_seconds"].default + 30


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """The specification of every pod, by the name of what makes it."""
    for path in FILES:
        for document in documents(path):
            spec = document.get("spec", {})
            spec = spec.get("jobTemplate", {}).get("spec", spec)
            if "template" in spec:
                yield document["metadata"]["name"], spec["template"]["spec"]


PODS = list(pods())


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_it_fits_the_schema_of_kubernetes(path: Path) -> None:
    for document in documents(path):
        kubernetes_validate.validate(document, KUBERNETES_VERSION, strict=True)


def test_the_schema_would_refuse_a_wrong_file() -> None:
    (wrong, *_) = documents(KUBERNETES / "worker.yaml")
    wrong["spec"]["template"]["spec"]["contaners"] = []
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES_VERSION, strict=True)


def test_the_kustomization_names_every_file_but_the_secrets() -> None:
    (kustomization,) = documents(KUBERNETES / "kustomization.yaml")
    assert sorted(kustomization["resources"]) == [path.name for path in FILES if path.name != "secrets.example.yaml"]
    version = re.search(r'^version = "(.+)"$', (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert kustomization["images"] == [{"name": "nianbao", "newTag": version[1]}]


@pytest.mark.parametrize(("name", "pod"), PODS, ids=[name for name, _ in PODS])
def test_a_pod_starts_a_command_that_exists_with_no_right_that_it_does_not_need(name: str, pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    assert container["command"][0] == "nianbao" and refusal(container["command"][1:]) is None
    assert {one["name"] for one in container["env"]} <= VARIABLES
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["securityContext"]["runAsNonRoot"] is True and pod["automountServiceAccountToken"] is False
    assert "memory" in container["resources"]["limits"]
    (secrets,) = [volume["secret"] for volume in pod["volumes"] if volume["name"] == "secrets"]
    kept = {f"/run/secrets/nianbao/{item['key']}" for item in secrets["items"]}
    assert {one["value"] for one in container["env"] if one["name"].endswith("_FILE")} == kept
    declared = documents(KUBERNETES / "secrets.example.yaml")[0]["stringData"]
    assert {item["key"] for item in secrets["items"]} <= set(declared)
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_a_worker_that_is_stopped_has_time_and_more_of_them_come_while_documents_wait() -> None:
    deployment, scaler, _ = documents(KUBERNETES / "worker.yaml")
    assert deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= GRACE
    assert "replicas" not in deployment["spec"]
    (metric,) = scaler["spec"]["metrics"]
    assert metric["external"]["metric"]["name"] == "nianbao_oldest_unread_seconds"
    assert f"`{metric['external']['metric']['name']}{{queue}}`" in (CHECKOUT / "docs/watch-the-machinery.md").read_text(
        encoding="utf-8"
    )
    assert scaler["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]


def test_the_settings_are_settings() -> None:
    (settings,) = documents(KUBERNETES / "settings.yaml")
    assert set(settings["data"]) <= VARIABLES


def test_the_unit_starts_the_service_and_gives_it_time_to_stop() -> None:
    unit = dict(re.findall(r"^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE))
    assert refusal(unit["ExecStart"].split()[1:]) is None
    assert int(unit["TimeoutStopSec"]) >= GRACE
    assert (unit["KillMode"], unit["StateDirectoryMode"], unit["UMask"]) == ("mixed", "0700", "0077")
    assert unit["Environment"].split("=")[0] in VARIABLES


def test_systemd_itself_takes_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        return  # what can be said without it is said above
    there = tmp_path / UNIT.name
    there.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/nianbao/bin/nianbao up", "/bin/true"))
    done = subprocess.run([program, "verify", str(there)], check=False, capture_output=True, text=True)
    assert done.stderr == "" and done.returncode == 0, done.stderr
