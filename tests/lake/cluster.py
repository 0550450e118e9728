"""A stand-in for the API server of a Kubernetes cluster, on loopback, in as much as Dagster's launcher asks it.

It grants what a Role grants and nothing else, keeps the Jobs that are made, and runs none of them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

Right = tuple[str, str, str]
"""Group, resource and verb."""
STARTED = "2026-11-30T12:00:00Z"


def granted(role: dict[str, Any]) -> set[Right]:
    """All that a Role grants."""
    return {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


@dataclass
class Cluster:
    """One namespace."""

    namespace: str
    rights: set[Right]
    kubeconfig: Path
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: set[Right] = field(default_factory=set)

    def end(self, name: str, *, well: bool) -> None:
        """Let the Job have ended."""
        self.jobs[name]["status"] = {"startTime": STARTED, "succeeded" if well else "failed": 1}

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, object]:
        """Status and body of an answer; a str is told as plain text."""
        parts = path.strip("/").split("/")
        group, rest = (parts[1], parts[3:]) if parts[0] == "apis" else ("", parts[2:])
        assert rest[:2] == ["namespaces", self.namespace], path
        kind, name, sub = (*rest[2:], "", "")[:3]
        verb = {"POST": "create", "DELETE": "delete", "GET": "get" if name else "list"}[method]
        right = (group, f"{kind}/{sub}".rstrip("/"), verb)
        self.asked.add(right)
        if right not in self.rights:
            return 403, {"kind": "Status", "code": 403, "message": f"{right} is forbidden"}
        return self._granted(right, name, body)

    def _granted(self, right: Right, name: str, body: dict[str, Any]) -> tuple[int, object]:
        match right:
            case ("batch", "jobs", "create"):
                made = body | {"status": {"startTime": STARTED, "active": 1}}
                return 201, self.jobs.setdefault(body["metadata"]["name"], made)
            case ("batch", "jobs/status", "get"):
                return (200, self.jobs[name]) if name in self.jobs else (404, {"kind": "Status", "code": 404})
            case ("batch", "jobs", "delete"):
                del self.jobs[name]
                return 200, {"kind": "Status", "status": "Success"}
            case ("", "pods", "list"):
                return 200, {"kind": "PodList", "items": [self._pod(job) for job in self.jobs.values()]}
            case ("", "pods/log", "get"):
                return 200, "what the run printed\n"
            case (_, _, "list"):
                items = list(self.jobs.values()) if right[1] == "jobs" else []
                return 200, {"kind": "List", "items": items}
            case _:
                return 200, {"kind": "Status", "status": "Success"}

    def _pod(self, job: dict[str, Any]) -> dict[str, Any]:
        ended = {"terminated": {"exitCode": 1, "reason": "Error"}}
        status = {"name": "dagster", "state": ended, "image": "", "imageID": "", "ready": False, "restartCount": 0}
        template = job["spec"]["template"]
        return {
            "metadata": {"name": f"{job['metadata']['name']}-pod"},
            "spec": template["spec"],
            "status": {"phase": "Failed", "containerStatuses": [status]},
        }


@contextmanager
def running(folder: Path, namespace: str, rights: set[Right]) -> Iterator[Cluster]:
    """The server for the time of a block; `folder` takes the file by which a client finds it."""
    cluster = Cluster(namespace, rights, folder / "kubeconfig")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, body = cluster.answer(self.command, urlsplit(self.path).path, json.loads(said or b"{}"))
            is_text = isinstance(body, str)
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "text/plain" if is_text else "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_DELETE = do_GET  # noqa: N815  names of http.server

        def log_message(self, *_: object) -> None:
            """Nothing: the rights that were asked for are kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    named = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "here", "namespace": namespace}}],
        "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "users": [{"name": "here", "user": {}}],
    }
    cluster.kubeconfig.write_text(yaml.safe_dump(named), encoding="utf-8")
    try:
        yield cluster
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
