"""The manifests are what Kubernetes takes, and a run goes through them: launched by Dagster as a Job, and carried out.

There is no cluster here. Objects are held against the schemas that Kubernetes publishes; the launcher is Dagster's own,
and asks a stand-in of the API server; what it orders is started as the kubelet would, by its command and environment.
"""

from __future__ import annotations

import copy
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import grpc
import jsonschema
import pytest
import yaml
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.launcher import WorkerStatus
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin, get_python_environment_entry_point
from dagster._core.test_utils import create_run_for_test
from dagster._grpc.client import DagsterGrpcClient

from docs.screenshots import running_ui
from pipelines import lake
from pipelines.assets.clean_up import clean_up_state
from pipelines.cluster import HANDED_ON, JOBS_VARIABLE
from pipelines.history import bury_dead_runs, is_dead
from pipelines.home import Home
from pipelines.instance import HISTORY_VARIABLE, dagster_yaml, workers_of
from pipelines.run import prepare
from tests.faults.control_room import ControlRoom
from tests.faults.processes import until
from tests.lake import cluster as stand_in
from tests.lake import postgres
from tests.state_fixture import crawl
from tests.unit.manifests import FOLDER, assert_may_do_little, launcher_settings, manifest, manifests, pods, workers

pytestmark = pytest.mark.lake

VERSIONS = ("1.34", "1.37")
"""The oldest that is still looked after, and the newest."""
SECONDS = 300
IMAGE = "registry.example.org/aipolicy:test"
Built = list[dict[str, Any]]


def named(objects: Built) -> list[str]:
    return [f"{one['kind']} {one['metadata']['name']}" for one in objects]


def require_taken(one: dict[str, Any], version: str) -> None:
    """Hold an object against the schemas of a version of Kubernetes; what these do not know is an error, too.

    Raises jsonschema.ValidationError.
    """
    import kubernetes_validate  # installed by make scale-install alone, and this module is collected without it, too

    assert kubernetes_validate.validate(one, version, strict=True) == version


def built(folder: Path = FOLDER) -> Built:
    """The objects as kubectl makes them of a folder."""
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("one", [*manifests(), workers()], ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_each_manifest__is_what_kubernetes_takes(one: dict[str, Any], version: str) -> None:
    require_taken(one, version)


def misspelt(one: dict[str, Any]) -> None:
    one["spec"]["template"]["spec"]["volume"] = []


def of_another_type(one: dict[str, Any]) -> None:
    one["spec"]["replicas"] = "one"


def lacking(one: dict[str, Any]) -> None:
    del one["spec"]["selector"]


@pytest.mark.parametrize("broken", [misspelt, of_another_type, lacking], ids=lambda broken: broken.__name__)
def test_a_broken_manifest__is_refused(broken: Callable[[dict[str, Any]], None]) -> None:
    one = copy.deepcopy(manifest("Deployment"))
    broken(one)
    with pytest.raises(jsonschema.ValidationError):
        require_taken(one, VERSIONS[-1])


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl on this machine")
def test_kubectl__makes_the_same_of_them_with_one_image_for_all() -> None:
    objects = built()
    assert sorted(named(objects)) == sorted(named(manifests()))
    for one in objects:
        require_taken(one, VERSIONS[-1])
        assert one["kind"] == "Namespace" or one["metadata"]["namespace"] == "aipolicy"
    by_name = dict(zip(named(objects), objects, strict=True))
    (ui,) = by_name["Deployment aipolicy"]["spec"]["template"]["spec"]["containers"]
    (copying,) = by_name["CronJob aipolicy-backup"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert ui["image"] == copying["image"] != "aipolicy"
    assert {"name": "DAGSTER_CURRENT_IMAGE", "value": ui["image"]} in ui["env"], "runs have the image of the UI"


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl on this machine")
def test_kubectl__adds_workers_where_the_component_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "kubernetes")
    with (folder / "kustomization.yaml").open("a", encoding="utf-8") as file:
        file.write("components: [celery]\n")
    objects = built(folder)
    for one in objects:
        require_taken(one, VERSIONS[-1])
    by_name = dict(zip(named(objects), objects, strict=True))
    assert set(by_name) == {*named(manifests()), *named([workers()])}
    (worker,) = by_name["Deployment aipolicy-worker"]["spec"]["template"]["spec"]["containers"]
    ui = by_name["Deployment aipolicy"]["spec"]["template"]["spec"]
    assert worker["image"] == ui["containers"][0]["image"]
    assert not ui["automountServiceAccountToken"]
    assert workers_of(by_name["ConfigMap aipolicy"]["data"]) == "celery"


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.running() as started:
        yield started


@pytest.fixture
def settings(server: postgres.Server, tmp_path: Path, cluster: stand_in.Cluster) -> dict[str, str]:
    """The variables of the manifests, with what is here in the place of what is there."""
    told = dict(manifest("ConfigMap")["data"])
    file = tmp_path / "launcher.yaml"
    here = {"load_incluster_config": False, "kubeconfig_file": str(cluster.kubeconfig)}
    file.write_text(yaml.safe_dump(launcher_settings() | here), encoding="utf-8")
    del told[lake.VARIABLE]
    address = server.new_database(f"history_{secrets.token_hex(4)}")
    return told | {JOBS_VARIABLE: str(file), HISTORY_VARIABLE: f"postgres:{address}"}


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[stand_in.Cluster]:
    """A cluster in which the UI may do what its Role grants."""
    assert manifest("RoleBinding")["roleRef"]["name"] == manifest("Role")["metadata"]["name"]
    with stand_in.running(tmp_path, "aipolicy", stand_in.granted(manifest("Role"))) as started:
        yield started


@pytest.fixture
def instance(settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """Dagster as the UI has it, which finds the cluster by a file instead of its pod's account."""
    home = Home(tmp_path / "state")
    crawl(home)
    for name, value in (settings | dict.fromkeys((*HANDED_ON, "DAGSTER_HOME"), "")).items():
        monkeypatch.setenv(name, value)
    prepare(home)
    with dg.DagsterInstance.get() as found:
        yield found


def launched(instance: dg.DagsterInstance) -> str:
    """A run of a small job, given to the launcher as the daemon gives it."""
    from pipelines.definitions import defs

    where = ModuleCodePointer("pipelines.definitions", "defs", str(FOLDER.parents[1]))
    entry = get_python_environment_entry_point(sys.executable)
    origin = JobPythonOrigin("clean_up", RepositoryPythonOrigin(sys.executable, where, IMAGE, entry))
    config = {"ops": {"care__state_folder": {"config": {"dry_run": True}}}}
    job = defs.resolve_job_def("clean_up")
    run = instance.create_run_for_job(job, run_config=config, job_code_origin=origin)
    instance.launch_run(run.run_id, None)  # type: ignore[arg-type]  # this launcher asks no workspace
    return run.run_id


def test_the_role__grants_what_the_launcher_calls_and_no_more(
    instance: dg.DagsterInstance, cluster: stand_in.Cluster
) -> None:
    first, second = launched(instance), launched(instance)
    for run_id in (first, second):
        cluster.end(f"dagster-run-{run_id}", well=False)
    run = instance.get_run_by_id(first)
    assert run is not None
    launcher: Any = instance.run_launcher
    assert launcher.check_run_worker_health(run).status == WorkerStatus.FAILED
    assert "what the run printed" in launcher.get_run_worker_debug_info(run)
    for run_id in (first, second):
        assert launcher.terminate(run_id)
    assert cluster.jobs == {}
    assert "Could not find job" in launcher.get_run_worker_debug_info(run)
    assert cluster.asked == stand_in.granted(manifest("Role"))


def test_the_launcher__is_refused_what_the_role_does_not_grant(
    instance: dg.DagsterInstance, cluster: stand_in.Cluster
) -> None:
    """Else the test before would prove nothing."""
    from dagster_k8s.client import DagsterK8sUnrecoverableAPIError

    cluster.rights -= {("batch", "jobs", "create")}
    with pytest.raises(DagsterK8sUnrecoverableAPIError):
        launched(instance)


def test_a_run_of_the_ui__is_carried_out_by_the_command_of_its_job(
    settings: dict[str, str], cluster: stand_in.Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "state")
    crawl(home)
    for name, value in (settings | {"DAGSTER_CURRENT_IMAGE": IMAGE}).items():
        monkeypatch.setenv(name, value)
    with running_ui(home) as port:
        room = ControlRoom(port)
        config = {"ops": {"care__state_folder": {"config": {"dry_run": True}}}}
        run_id = room.launch("clean_up", [clean_up_state.key], config)
        job = until(lambda: cluster.jobs.get(f"dagster-run-{run_id}"), SECONDS, "the Job of the run")
        (container,) = job["spec"]["template"]["spec"]["containers"]
        assert container["image"] == IMAGE, "a run has the code of the UI"
        assert "command" not in container, "the image has no entry point"
        environment = {one["name"]: one["value"] for one in container["env"]}
        cluster.kubeconfig.unlink()  # a run has no account at the cluster
        done = subprocess.run(
            container["args"],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(FOLDER.parents[1]), **settings, **environment},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert room.status(run_id) == "SUCCESS", done.stderr[-2000:]
    assert environment["AIPOLICY_HOME"] == str(home.root)


def test_a_run__outlives_the_ui(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    run = create_run_for_test(instance, job_name="refresh", status=dg.DagsterRunStatus.STARTED)
    home = Home(tmp_path / "state")
    assert not is_dead(home, run)
    bury_dead_runs(home, instance, is_ui=True)
    left = instance.get_run_by_id(run.run_id)
    assert left is not None
    assert left.status == dg.DagsterRunStatus.STARTED


def test_a_run__is_a_job_that_kubernetes_takes_and_that_may_do_little(
    instance: dg.DagsterInstance, cluster: stand_in.Cluster
) -> None:
    launched(instance)
    (job,) = cluster.jobs.values()
    for version in VERSIONS:
        require_taken({key: job[key] for key in job if key != "status"}, version)
    template = job["spec"]["template"]
    assert_may_do_little(template["spec"])
    (container,) = template["spec"]["containers"]
    (ui,) = pods()["ui"]["containers"]
    assert container["image"] == IMAGE
    assert sorted(map(str, container["envFrom"])) == sorted(map(str, ui["envFrom"])), "what the UI knows, a run knows"
    bound = manifest("NetworkPolicy", "aipolicy-runs")["spec"]["podSelector"]["matchLabels"]
    assert bound.items() <= template["metadata"]["labels"].items()


@pytest.fixture
def values() -> dict[str, Any]:
    """Those for Dagster's own chart."""
    return dict(yaml.safe_load((FOLDER / "dagster-helm-values.yaml").read_text(encoding="utf-8")))


def test_in_dagsters_chart__pods_are_what_kubernetes_takes(values: dict[str, Any]) -> None:
    """The parts of pods that the chart passes on as they are; of its own names nothing is known here."""
    (code,) = values["dagster-user-deployments"]["deployments"]
    image = "{repository}:{tag}".format(**code["image"])
    (preparing,) = code["initContainers"]
    assert preparing["image"] == image
    serving = {name: code[name] for name in ("volumeMounts", "resources", "securityContext")}
    spec = {
        "initContainers": [preparing],
        "containers": [{"name": "code", "image": image, **serving}],
        "volumes": code["volumes"],
        "securityContext": code["podSecurityContext"],
    }
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "code"}, "spec": spec}
    for version in VERSIONS:
        require_taken(pod, version)
    assert_may_do_little(spec)
    assert_may_do_little(spec | {"containers": [preparing]})


def test_in_dagsters_chart__a_run_is_the_same_job(values: dict[str, Any]) -> None:
    ours, theirs = launcher_settings(), values["runLauncher"]["config"]["k8sRunLauncher"]
    for name, of_chart in (("volumes", "volumes"), ("volume_mounts", "volumeMounts"), ("resources", "resources")):
        assert theirs[of_chart] == ours[name]
    assert theirs["securityContext"] == ours["security_context"]
    assert theirs["runK8sConfig"]["podSpecConfig"] == ours["run_k8s_config"]["pod_spec_config"]
    assert [one["name"] for one in theirs["envConfigMaps"]] == ours["env_config_maps"]
    assert [one["name"] for one in theirs["envSecrets"]] == ours["env_secrets"]
    assert {one.partition("=")[0] for one in theirs["envVars"]} | {"AIPOLICY_HOME"} == set(HANDED_ON)


def test_in_dagsters_chart__dagster_is_set_as_by_us(
    values: dict[str, Any], settings: dict[str, str], tmp_path: Path
) -> None:
    ours, daemon = yaml.safe_load(dagster_yaml(Home(tmp_path), settings)), values["dagsterDaemon"]
    limits = {"defaultLimit": "default_limit", "granularity": "granularity"}
    monitoring = {
        "enabled": "enabled",
        "startTimeoutSeconds": "start_timeout_seconds",
        "cancelTimeoutSeconds": "cancel_timeout_seconds",
        "freeSlotsAfterRunEndSeconds": "free_slots_after_run_end_seconds",
    }
    retries = {
        "enabled": "enabled",
        "maxRetries": "max_retries",
        "retryOnAssetOrOpFailure": "retry_on_asset_or_op_failure",
    }
    for theirs, names, of_ours in (
        (values["concurrency"]["pools"], limits, ours["concurrency"]["pools"]),
        (daemon["runMonitoring"], monitoring, ours["run_monitoring"]),
        (daemon["runRetries"], retries, ours["run_retries"]),
    ):
        assert theirs == {name: of_ours[names[name]] for name in names}
    queue, own = daemon["runCoordinator"]["config"]["queuedRunCoordinator"], ours["concurrency"]["runs"]
    assert queue["maxConcurrentRuns"] == own["max_concurrent_runs"]
    assert queue["tagConcurrencyLimits"] == own["tag_concurrency_limits"]


def test_in_dagsters_chart__the_location_of_code_is_prepared_and_served(values: dict[str, Any], tmp_path: Path) -> None:
    """With the commands of the chart."""
    (code,) = values["dagster-user-deployments"]["deployments"]
    (preparing,) = code["initContainers"]
    home = Home(tmp_path / "state")
    environment = {**os.environ, "AIPOLICY_HOME": str(home.root), "PYTHONPATH": str(FOLDER.parents[1])}
    command = [part.replace("/state", str(home.root)) for part in preparing["command"]]
    subprocess.run(command, env=environment, check=True, timeout=SECONDS)
    assert (home.root / "STATE.json").exists()
    socket = tmp_path / "socket"
    serving = ["dagster", "api", "grpc", "--socket", str(socket), *code["dagsterApiGrpcArgs"]]
    with subprocess.Popen(serving, env=environment, cwd=FOLDER.parents[1]) as server:
        try:
            with grpc.insecure_channel(f"unix:{socket}") as channel:
                grpc.channel_ready_future(channel).result(timeout=SECONDS)
            told = DagsterGrpcClient(socket=str(socket)).list_repositories()
        finally:
            server.terminate()
    assert "error" not in told.lower(), told[:2000]
    assert "__repository__" in told
