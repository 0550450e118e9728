"""Where the warehouse is, as the environment says, and whose a lake is."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import duckdb
import pytest

from pipelines import lake
from pipelines.bucket import ENDPOINT_VARIABLE, Access, access
from pipelines.home import Home, NotInstalled, SettingRefused, StateRefused
from pipelines.lake import DATA_VARIABLE, VARIABLE, Lake, claim, is_claimed, lake_of, told
from pipelines.ops.rebuild import NotRebuilt, rebuild
from pipelines.warehouse import WarehouseBusy, turn_lock, warehouse_exists
from scrapers.locks import lock

POSTGRES = "ducklake:postgres:host=db dbname=aipolicy"


def test_without_a_word_the_warehouse_is_a_file(tmp_path: Path) -> None:
    assert lake_of(Home(tmp_path), {}) is None
    assert lake_of(Home(tmp_path), {VARIABLE: " "}) is None
    assert not warehouse_exists(Home(tmp_path))


def test_a_lake_is_where_the_variables_say(tmp_path: Path) -> None:
    spill = tmp_path / "warehouse" / f"spill-{platform.node()}-{os.getpid()}"
    own = Lake(POSTGRES, tmp_path / "warehouse" / "lake", spill)
    assert lake_of(Home(tmp_path), {VARIABLE: f" {POSTGRES}\n"}) == own
    elsewhere = lake_of(Home(tmp_path), {VARIABLE: POSTGRES, DATA_VARIABLE: "/srv//lake/"})
    assert elsewhere == Lake(POSTGRES, Path("/srv/lake"), spill)


def test_rows_in_a_bucket_need_its_keys(tmp_path: Path) -> None:
    named = {VARIABLE: POSTGRES, DATA_VARIABLE: "s3://rows/lake-1/of.samples"}
    keys = {"AWS_ACCESS_KEY_ID": "of-a-key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
    with pytest.raises(SettingRefused, match="got no AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY"):
        lake_of(Home(tmp_path), named)
    found = lake_of(Home(tmp_path), {**named, **keys})
    assert found is not None
    assert found.bucket == Access("of-a-key", "secret", "token", "us-east-1", None, has_tls=True)
    assert found.extensions == ("ducklake", "postgres_scanner", "httpfs")
    said = told(duckdb.HTTPException("HTTP 403 for secret, token and of-a-key"), found)
    assert not [word for word in keys.values() if word in said + repr(found)]
    assert "s3://rows/lake-1/of.samples can be written and is the bucket and prefix" in said


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [("http://127.0.0.1:9000", ("127.0.0.1:9000", False)), ("https://s3.example.org/", ("s3.example.org", True))],
)
def test_a_store_is_where_its_endpoint_says(url: str, endpoint: tuple[str, bool]) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    store = access({**keys, ENDPOINT_VARIABLE: url, "AWS_REGION": "eu-central-1"})
    assert (store.endpoint, store.has_tls) == endpoint
    assert store.region == "eu-central-1"


@pytest.mark.parametrize(
    "url", ["s3.example.org", "ftp://secret", "http://me:secret@s3", "http://s3/secret", "http://s3:secret", "http://"]
)
def test_other_endpoints_are_refused_and_never_repeated(url: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    with pytest.raises(SettingRefused, match=f"{ENDPOINT_VARIABLE}: expected an address such as") as refused:
        access({**keys, ENDPOINT_VARIABLE: url})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgres:dbname=aipolicy",
        "ducklake:lake.ducklake",
        "ducklake:mysql:host=db passwd=secret",
        f"{POSTGRES} password=secret",
        f"{POSTGRES} passfile='secret'",
        f"{POSTGRES} sslpassword=secret",
        "ducklake:postgres:postgresql://me:secret@db/aipolicy",
        f"{POSTGRES}' (data_path 'secret')",
        "ducklake:postgres:",
    ],
)
def test_other_addresses_are_refused_and_never_repeated(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match=r"expected ducklake:postgres: and words such as") as refused:
        lake_of(Home(tmp_path), {VARIABLE: address})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "folder",
    [
        *("lake", "./lake", "/", "{home}", "{home}/.."),
        *("s3://bucket", "s3://bucket/", "s3://bucket/*", "s3://bucket/../lake", "s3://Bucket/lake", "s3://b/a?x=1"),
        *("gs://bucket/lake", "https://s3.example.org/bucket/lake", "file:///srv/lake", "hf://datasets/lake"),
    ],
)
def test_rows_lie_in_a_folder_or_bucket_of_their_own(folder: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match=r"the whole path of a folder .* or s3://BUCKET/PREFIX, got"):
        lake_of(Home(tmp_path), {VARIABLE: POSTGRES, DATA_VARIABLE: folder.format(home=tmp_path)})


def test_an_extension_that_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake, "find_spec", lambda _: None)
    with duckdb.connect() as connection, pytest.raises(NotInstalled, match="run: make scale-install"):
        lake.attach(connection, Lake(POSTGRES, tmp_path, tmp_path))


def test_what_went_wrong_is_told_without_the_address(tmp_path: Path) -> None:
    error = duckdb.Error('Unable to connect to Postgres at "host=db dbname=aipolicy": refused\n  in the second line')
    said = lake.told(error, Lake(POSTGRES, tmp_path, tmp_path))
    assert 'at "AIPOLICY_WAREHOUSE": refused in the second line; see whether PostgreSQL answers' in said
    assert "host=db" not in said


def test_a_lake_is_of_the_folder_and_the_tables_that_made_it(tmp_path: Path) -> None:
    mine, other = Home(tmp_path / "mine"), Home(tmp_path / "other")
    for home in (mine, other):
        home.warehouse.parent.mkdir(parents=True)
    with duckdb.connect() as connection:
        assert not is_claimed(connection, mine, "tables")
        assert not is_claimed(connection, other, "tables"), (
            "whoever is killed before its tables are there claims nothing"
        )
        claim(connection, mine, "tables")
        moved = Home(tmp_path / "moved")
        mine.root.rename(moved.root)
        assert is_claimed(connection, moved, "tables")
        with pytest.raises(StateRefused, match="belongs to another state folder"):
            is_claimed(connection, other, "tables")
        with pytest.raises(StateRefused, match="made by another version of this code"):
            is_claimed(connection, moved, "other tables")


def test_a_rebuild_is_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, POSTGRES)
    with pytest.raises(NotRebuilt, match="that are new"):
        rebuild(Home(tmp_path), lambda: True)


def test_a_turn_at_a_lake_is_shared_by_those_who_only_bring_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    with turn_lock(home, beside_others=True), pytest.raises(WarehouseBusy), turn_lock(home, 0, beside_others=True):
        pass  # a file is one process's at a time
    monkeypatch.setenv(VARIABLE, POSTGRES)
    both = turn_lock(home, beside_others=True), turn_lock(home, 0, beside_others=True)
    with both[0], both[1], pytest.raises(WarehouseBusy), turn_lock(home, 0):
        pass
    with turn_lock(home, 0), pytest.raises(WarehouseBusy), turn_lock(home, 0, beside_others=True):
        pass


def test_who_waits_for_the_turn_comes_before_who_comes_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    monkeypatch.setenv(VARIABLE, POSTGRES)
    later = turn_lock(home, 0, beside_others=True)
    with (
        turn_lock(home, beside_others=True),
        lock(home.turn_lock.with_suffix(".next")),
        pytest.raises(WarehouseBusy),
        later,
    ):
        pass
