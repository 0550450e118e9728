"""Runs as Jobs of a Kubernetes cluster: the settings of Dagster's launcher for them.

What a Job looks like (image, volumes, rights, memory) is the affair of whoever runs the cluster: a file beside the
manifests says it, and AIPOLICY_JOBS where that file lies. Belongs here: what is known here alone and every run needs.
Does not belong here: the manifests (deploy/kubernetes), and when runs are given to a cluster (instance.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from pipelines.home import Home, SettingRefused

JOBS_VARIABLE = "AIPOLICY_JOBS"
HANDED_ON = ("AIPOLICY_HOME", "DAGSTER_DISABLE_TELEMETRY", "DAGSTER_EVENT_BATCH_SIZE")
"""What `prepare` sets for its own process, and so for the one that launches; runs are other ones."""
START_SECONDS = 1800
"""So long a Job may wait for a machine that is brought up for it, and for its image; then its run counts as failed."""
_OURS = ("dagster_home", "env_vars")


def job_launcher(home: Home, environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    """The part `run_launcher` of Dagster's settings that makes a Job of each run.

    Raises SettingRefused where AIPOLICY_JOBS names no file of such settings.
    """
    told = environment.get(JOBS_VARIABLE, "").strip()
    try:
        settings = yaml.safe_load(Path(told).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise _refused(told, str(error)) from error
    if not isinstance(settings, dict) or "job_namespace" not in settings:
        raise _refused(told, "another content")
    if meant_twice := [name for name in _OURS if name in settings]:
        raise _refused(told, f"{' and '.join(meant_twice)}, which the tracker sets itself")
    config = {**settings, "dagster_home": str(home.dagster), "env_vars": list(HANDED_ON)}
    return {"module": "dagster_k8s", "class": "K8sRunLauncher", "config": config}


def _refused(told: str, got: str) -> SettingRefused:
    return SettingRefused(
        f"{JOBS_VARIABLE}: expected the path of a YAML file with settings of Dagster's K8sRunLauncher, such as "
        f"job_namespace, got {told!r}: {' '.join(got.split())}; see deploy/kubernetes/launcher.yaml"
    )
