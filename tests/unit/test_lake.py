"""Where the warehouse is, as the environment says."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines import lake
from pipelines.home import Home, NotInstalled, SettingRefused
from pipelines.lake import DATA_VARIABLE, VARIABLE, Lake, lake_of
from pipelines.ops.rebuild import NotRebuilt, rebuild
from pipelines.warehouse import warehouse_exists

POSTGRES = "ducklake:postgres:dbname=aipolicy"


def test_without_a_word_the_warehouse_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert lake_of(Home(tmp_path)) is None
    assert not warehouse_exists(Home(tmp_path))


def test_a_lake_is_where_the_variables_say(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert lake_of(home, {VARIABLE: POSTGRES}) == Lake(POSTGRES, str(tmp_path / "warehouse" / "lake"))
    elsewhere = lake_of(home, {VARIABLE: POSTGRES, DATA_VARIABLE: "s3://bucket/lake"})
    assert elsewhere is not None
    assert [*elsewhere.extensions] == ["ducklake", "postgres_scanner", "httpfs"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgres:dbname=aipolicy", "expected an address such as ducklake:postgres:"),
        (f"{POSTGRES} password=secret", "expected no password in it"),
        ("ducklake:postgres:postgresql://me:secret@db/aipolicy", "expected no password in it"),
    ],
)
def test_other_addresses_are_refused_and_never_repeated(address: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match=said) as refused:
        lake_of(Home(tmp_path), {VARIABLE: address})
    assert "secret" not in str(refused.value)


def test_an_extension_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake, "find_spec", lambda _: None)
    with duckdb.connect() as connection, pytest.raises(NotInstalled, match="run: make scale-install"):
        lake.attach(connection, Lake(POSTGRES, "lake"))


def test_a_rebuild_is_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, POSTGRES)
    with pytest.raises(NotRebuilt, match="that are new"):
        rebuild(Home(tmp_path), lambda: True)
