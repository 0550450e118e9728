"""The guard itself: a test that left the machine would be red."""

from __future__ import annotations

import socket

import pytest

from tests.conftest import is_on_this_machine


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 443, 0, 0), ("example.org", 443)])
def test_connections_to_other_machines_are_refused(address: tuple[object, ...]) -> None:
    assert not is_on_this_machine(address)


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("::1", 443, 0, 0), ("localhost", 443), "a-unix-socket"])
def test_connections_to_this_machine_are_allowed(address: object) -> None:
    assert is_on_this_machine(address)


def test_sockets_are_guarded() -> None:
    with socket.socket() as stream:
        with pytest.raises(PermissionError, match="loopback only"):
            stream.connect(("192.0.2.1", 80))
        with pytest.raises(PermissionError, match="loopback only"):
            stream.connect_ex(("192.0.2.1", 80))
