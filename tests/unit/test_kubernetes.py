"""The manifests start what there is, open nothing, hold no secret, and say one thing in all their files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from pipelines.cluster import JOBS_VARIABLE, job_launcher
from pipelines.home import Home, SettingRefused
from pipelines.lake import lake_of
from tests.unit.manifests import FOLDER, USER, assert_may_do_little, launcher_settings, manifest, manifests, pods
from tests.unit.markdown_blocks import blocks_of
from tests.unit.test_deploy import assert_is_known, called

ROOT = FOLDER.parents[1]


@pytest.mark.parametrize("name", ["ui", "backup", "run_worker"])
def test_a_pod__may_do_little(name: str) -> None:
    assert_may_do_little(pods()[name])


def test_the_image__has_the_user_of_the_pods() -> None:
    assert f"--uid {USER} aipolicy" in (FOLDER.parent / "Dockerfile").read_text(encoding="utf-8")


def test_nothing__opens_the_ui() -> None:
    """It has no login: kubectl port-forward alone leads to it."""
    assert not {"Service", "Ingress", "Gateway"} & {one["kind"] for one in manifests()}
    closed = manifest("NetworkPolicy", "aipolicy-closed")["spec"]
    assert (closed["podSelector"], closed["policyTypes"], closed["ingress"]) == ({}, ["Ingress"], [])
    assert manifest("Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_ui_alone__has_an_account_at_the_cluster() -> None:
    accounts = {name: pod["serviceAccountName"] for name, pod in pods().items()}
    accounts["run"] = launcher_settings()["service_account_name"]
    (others,) = {account for name, account in accounts.items() if name != "ui"}
    assert (accounts["ui"], others) == ("aipolicy", "aipolicy-run")
    (subject,) = manifest("RoleBinding")["subjects"]
    assert (subject["kind"], subject["name"]) == ("ServiceAccount", accounts["ui"])
    told = {name: pod["automountServiceAccountToken"] for name, pod in pods().items()}
    told["run"] = launcher_settings()["run_k8s_config"]["pod_spec_config"]["automountServiceAccountToken"]
    assert [name for name, is_mounted in told.items() if is_mounted] == ["ui"]


def test_the_pods__start_what_there_is_on_the_state_folder() -> None:
    (ui,), (copying,) = pods()["ui"]["containers"], pods()["backup"]["containers"]
    home = manifest("ConfigMap")["data"]["AIPOLICY_HOME"]
    assert_is_known(ui["command"])
    assert ui["command"][ui["command"].index("--home") + 1] == home
    assert_is_known(copying["command"])
    name, folder = called(" ".join(copying["command"]))
    assert name == "backup"
    assert {"name": "backups", "mountPath": folder} in copying["volumeMounts"]
    (worker,) = pods()["run_worker"]["containers"]
    assert_is_known(worker["command"])
    port = ui["command"][ui["command"].index("--port") + 1]
    for probe in ("startupProbe", "livenessProbe"):
        program, option, code = ui[probe]["exec"]["command"]
        assert (program, option) == ("python", "-c")
        compile(code, probe, "exec")
        assert f"http://127.0.0.1:{port}/server_info" in code


def test_names__lead_from_one_file_to_the_other() -> None:
    """A run's file is no object to kubectl, which puts nothing right in it."""
    settings = launcher_settings()
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
    assert settings["job_namespace"] == listed["namespace"] == manifest("Namespace", "aipolicy")["metadata"]["name"]
    assert settings["env_config_maps"] == [manifest("ConfigMap")["metadata"]["name"]]
    claims = {one["metadata"]["name"] for one in manifests() if one["kind"] == "PersistentVolumeClaim"}
    volumes = [volume for pod in [*pods().values(), settings] for volume in pod["volumes"]]
    asked = {volume["persistentVolumeClaim"]["claimName"] for volume in volumes if "persistentVolumeClaim" in volume}
    assert asked == claims
    assert "ReadWriteMany" in manifest("PersistentVolumeClaim", "aipolicy-state")["spec"]["accessModes"]
    (ui,) = pods()["ui"]["containers"]
    launcher = {"name": "launcher", "mountPath": "/etc/aipolicy", "readOnly": True}
    assert launcher in ui["volumeMounts"]
    assert launcher in settings["volume_mounts"], "a run makes the settings of Dagster anew to read its history"
    assert manifest("ConfigMap")["data"][JOBS_VARIABLE] == f"{launcher['mountPath']}/launcher.yaml"


def test_variables__are_such_as_the_code_knows() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for room in ("pipelines", "scrapers") for path in (ROOT / room).rglob("*.py")
    )
    told = manifest("ConfigMap")["data"]
    assert [name for name in told if f'"{name}"' not in code] == []
    assert lake_of(Home(Path(told["AIPOLICY_HOME"])), told) is not None


def test_no_manifest__holds_a_secret() -> None:
    """The Secret is made by hand; a file of it that is applied would take its place."""
    assert "Secret" not in {one["kind"] for one in manifests()}
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.yaml"))
    assert not re.findall(r"(?i)password=|passwd|://[^/\s]+:[^/\s]+@", text)


def test_the_page__names_files_and_objects_that_there_are() -> None:
    page = ROOT / "docs" / "scale.md"
    text = "\n".join(block.text for block in blocks_of(page) if block.language == "bash" and "kubectl" in block.text)
    paths = set(re.findall(r"deploy/kubernetes[\w./-]*", text))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    kinds = {"deployment": "Deployment", "cronjob": "CronJob"}
    asked = set(re.findall(rf"({'|'.join(kinds)})/([\w-]+)", text))
    assert {kind for kind, _ in asked} == set(kinds)
    for kind, name in asked:
        manifest(kinds[kind], name)
    (restoring,) = re.findall(r'"value": (\[.*?\])', text)
    assert called(" ".join(json.loads(restoring))) == ("restore", "/backups")
    section = page.read_text(encoding="utf-8").partition("\n## On Kubernetes\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([\w./-]+)` \|", section, re.M)
    assert sorted(name.rstrip("/") for name in listed) == sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "No such file"),
        ("job_namespace: [", "while parsing"),
        ("- a list\n", "another content"),
        ("image_pull_policy: Always\n", "another content"),
        ("job_namespace: a\nenv_vars: [B]\ndagster_home: /c\n", "dagster_home and env_vars"),
    ],
)
def test_another_file_than_that_of_a_launcher__is_refused(content: str | None, told: str, tmp_path: Path) -> None:
    file = tmp_path / "launcher.yaml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingRefused, match=JOBS_VARIABLE) as refused:
        job_launcher(Home(tmp_path), {JOBS_VARIABLE: str(file)})
    assert told in str(refused.value)


def test_the_launcher__needs_its_file(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match=JOBS_VARIABLE):
        job_launcher(Home(tmp_path), {})
