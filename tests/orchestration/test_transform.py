"""What dbt is asked for."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from pipelines.assets import transform
from pipelines.home import Home
from pipelines.resources import DBT_DIR


@pytest.mark.parametrize(("read_at", "is_read_anew"), [(str(DBT_DIR), False), ("dbt", True), ("/elsewhere/dbt", True)])
def test_a_project_that_was_read_under_another_path__is_read_anew(
    read_at: str, is_read_anew: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = {"a": {"resource_type": "model"}, "b": {"resource_type": "seed", "root_path": read_at}}
    (tmp_path / "manifest.json").write_bytes(orjson.dumps({"nodes": nodes}))
    monkeypatch.setattr(transform, "DBT_MANIFEST", tmp_path / "manifest.json")
    assert ("--no-partial-parse" in transform.asked(Home(tmp_path))) is is_read_anew
