"""Work over several processes: results in order, parts taken as they are needed, errors told."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

import pytest

from pipelines.enrich.cores import over_cores, usable_cores


def test_results_stand_in_the_order_of_their_parts() -> None:
    assert list(over_cores(math.factorial, range(9))) == [math.factorial(number) for number in range(9)]


def test_parts_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for number in range(1_000):
            taken.append(number)
            yield number

    results = over_cores(math.sqrt, parts())
    assert next(results) == 0
    assert len(taken) <= 2 * (os.cpu_count() or 1) + 1
    results.close()


def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        list(over_cores(math.sqrt, [4, -1]))


def test_no_more_cores_are_used_than_there_are() -> None:
    """In a container they are fewer; that DuckDB tells so was tried by hand."""
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
