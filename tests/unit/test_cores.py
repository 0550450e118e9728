"""Work over several processes: results in order, parts taken as they are needed, errors told."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from pipelines.enrich.cores import cores, over_cores


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
    assert len(taken) <= 2 * cores() + 1
    results.close()


def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        list(over_cores(math.sqrt, [4, -1]))
