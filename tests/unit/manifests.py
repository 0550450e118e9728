"""The manifests of deploy/kubernetes, read as their reader reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
USER = 10001
"""Whom the image runs as."""


def manifests() -> list[dict[str, Any]]:
    """All objects, in the order of the list that names their files."""
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    return [held for name in listed for held in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))]


def manifest(kind: str, name: str = "aipolicy") -> dict[str, Any]:
    """The one object of a kind and name."""
    (found,) = (one for one in manifests() if (one["kind"], one["metadata"]["name"]) == (kind, name))
    return found


def launcher_settings() -> dict[str, Any]:
    """What the file says that the UI's pod mounts for its launcher."""
    return dict(yaml.safe_load(manifest("ConfigMap", "aipolicy-launcher")["data"]["launcher.yaml"]))


def workers() -> dict[str, Any]:
    """The Deployment that the component adds."""
    return dict(yaml.safe_load((FOLDER / "celery" / "workers.yaml").read_text(encoding="utf-8")))


def pods() -> dict[str, dict[str, Any]]:
    """The spec of each pod that a manifest describes, by its component."""
    templates = [
        manifest("Deployment")["spec"]["template"],
        manifest("CronJob", "aipolicy-backup")["spec"]["jobTemplate"]["spec"]["template"],
        workers()["spec"]["template"],
    ]
    return {one["metadata"]["labels"]["app.kubernetes.io/component"]: one["spec"] for one in templates}


def assert_may_do_little(pod: dict[str, Any]) -> None:
    """As deploy/compose.yaml has it, and what the namespace demands of every pod."""
    of_all = pod["securityContext"]
    assert (of_all["runAsNonRoot"], of_all["runAsUser"], of_all["fsGroup"]) == (True, USER, USER)
    assert of_all["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
    (container,) = pod["containers"]
    own = container["securityContext"]
    assert (own["readOnlyRootFilesystem"], own["allowPrivilegeEscalation"]) == (True, False)
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert "ports" not in container
    assert {"cpu", "memory"} == set(container["resources"]["requests"]) == set(container["resources"]["limits"])
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in pod["volumes"]}
    assert mounts["tmp"] == "/tmp"
    assert mounts["state"] == manifest("ConfigMap")["data"]["AIPOLICY_HOME"]
