"""What several modules here ask: one built warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.once import made_once
from tests.warehouse.warehouse_fixture import build_warehouse, run_dbt


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a built warehouse and dbt's target."""
    return made_once(tmp_path_factory, "warehouse", _build)


def _build(home: Path) -> None:
    build_warehouse(home / "warehouse.duckdb")
    result = run_dbt("build", home / "warehouse.duckdb", home / "target")
    assert result.returncode == 0, result.stdout[-4000:]
