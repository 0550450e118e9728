"""What the bench tells of a process is of that process."""

from __future__ import annotations

import pytest

from tests.bench.measure import python

MIB = 2**20


def test_the_memory_of_a_process_is_its_own() -> None:
    held = b"x" * (200 * MIB)
    little, much = python("-S", "-c", "print('done')"), python("-S", "-c", f"b'x' * {300 * MIB}")
    assert len(held) > 100 * MIB > little.peak_mib * MIB
    assert much.peak_mib > 300
    assert little.said == "done\n"
    assert little.cpu_seconds > 0


def test_a_process_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3: why\n$"):
        python("-c", "import sys; print('why'); sys.exit(3)")
