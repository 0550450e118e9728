"""What several modules here ask: one built warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.warehouse_fixture import build_warehouse, run_dbt


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a built warehouse and dbt's target."""
    home = tmp_path_factory.mktemp("dbt_build")
    build_warehouse(home / "warehouse.duckdb")
    result = run_dbt("build", home / "warehouse.duckdb", home / "target")
    assert result.returncode == 0, result.stdout[-4000:]
    return home
