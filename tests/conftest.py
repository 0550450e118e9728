"""What every test may use: the shared recordings where they exist, and no network but this machine's own."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from pipelines.cluster import JOBS_VARIABLE
from pipelines.instance import BROKER_VARIABLE, HISTORY_VARIABLE, RUNS_VARIABLE, WORKERS_VARIABLE
from pipelines.lake import DATA_VARIABLE, VARIABLE
from scrapers.locks import BUDGETS_VARIABLE

SHARED = Path(os.environ.get("AIPOLICY_SHARED", Path(__file__).parents[1] / "../shared")).resolve()

# Whoever has servers, no test works on them.
for variable in (
    VARIABLE, DATA_VARIABLE, HISTORY_VARIABLE, WORKERS_VARIABLE, BROKER_VARIABLE, RUNS_VARIABLE, JOBS_VARIABLE,
    BUDGETS_VARIABLE,
):  # fmt: skip
    os.environ.pop(variable, None)

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "aipolicy-hypothesis")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker waits for another at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and labels beside the project."""
    if not SHARED.is_dir():
        pytest.skip(f"no recordings at {SHARED}; set AIPOLICY_SHARED to their folder")
    return SHARED


def is_on_this_machine(address: object) -> bool:
    """Whether a socket address is a file or a loopback address."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).split("%")[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse connections that leave this machine; child processes are not held by it."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse(address: object) -> None:
        if not is_on_this_machine(address):
            raise PermissionError(f"tests may connect to loopback only, got {address!r}; serve the answer on 127.0.0.1")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield
