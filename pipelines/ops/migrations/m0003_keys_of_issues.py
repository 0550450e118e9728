"""Records of regular issues by the facts that they told, where older ones held a fact's day in its name alone.

Such a record is made anew from the edition that its issue was written from. What the issue corrected is not carried
over: it was told, and what reads otherwise still is told once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.home import Home
from pipelines.ops.migrations.m0002_records_of_issues import write_anew


def apply(home: Home) -> None:
    """Write the older records anew, each whole or not at all."""
    write_anew(home, _is_older)


def _is_older(held: Mapping[str, Any]) -> bool:
    return "amounts" in held
