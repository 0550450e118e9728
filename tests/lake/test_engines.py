"""An edition in a bucket: it comes whole or not at all, and other engines read from it what its own file says."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.dataset as ds
import pytest
from pyarrow.fs import FileSystem, S3FileSystem

from pipelines import lake
from pipelines.bucket import access
from pipelines.home import Home
from pipelines.publish import upload as uploading
from pipelines.publish.edition import current_edition
from pipelines.publish.upload import NotUploaded, upload
from scrapers.durable import file_sha256
from tests.lake import s3_server
from tests.lake.test_lake import aipolicy, ran
from tests.sample_edition import publish_samples
from tests.unit.markdown_blocks import blocks

pytestmark = pytest.mark.lake

BUCKET, ADDRESS = "bucket", "s3://bucket/prefix"
IN_FORCE = """
    select policy_id, latest_status_since, topics from policies
    where latest_status in ('in_force', 'partly_in_force') and latest_status_since <= date '2024-06-30'
    order by latest_status_since desc, policy_id
"""
ON_THE_DAY = "select policy_id, status, since from policy_status_as_of('2024-06-30') order by policy_id"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("home"))
    publish_samples(made)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3_server.Server]:
    with s3_server.running(tmp_path_factory.mktemp("store")) as started:
        yield started


@pytest.fixture(scope="module")
def variables(server: s3_server.Server) -> dict[str, str]:
    return server.variables(BUCKET)


@pytest.fixture
def prefix(server: s3_server.Server, home: Home, variables: dict[str, str]) -> Path:
    """The folder that the store shows as s3://bucket/prefix, after an upload."""
    aipolicy(home, "upload", ADDRESS, **variables)
    return server.folder / BUCKET / "prefix"


@pytest.fixture
def store(server: s3_server.Server) -> FileSystem:
    """As readers have it; it writes here as well, to damage what is there."""
    os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    return S3FileSystem(access_key=s3_server.KEY_ID, secret_key=s3_server.SECRET, endpoint_override=server.url)


@pytest.fixture
def connection(server: s3_server.Server) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB as readers have it."""
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as made:
        made.execute(f"load '{lake._extension('httpfs')}'")
        made.execute(
            "create secret (type s3, key_id $1, secret $2, endpoint $3, url_style 'path', use_ssl false)",
            [s3_server.KEY_ID, s3_server.SECRET, server.url.removeprefix("http://")],
        )
        yield made


def of_the_file(home: Home, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(current_edition(home) / "policy.duckdb"), read_only=True) as edition:
        return edition.execute(query).fetchall()


def write(store: FileSystem, name: str, content: bytes) -> None:
    with store.open_output_stream(f"{BUCKET}/prefix/{name}") as target:
        target.write(content)


def test_all_of_an_edition_is_in_the_bucket(home: Home, prefix: Path) -> None:
    edition = current_edition(home)
    files = {path.relative_to(edition): file_sha256(path) for path in edition.rglob("*") if path.is_file()}
    copied = prefix / "editions" / edition.name
    assert {path.relative_to(copied): file_sha256(path) for path in copied.rglob("*") if path.is_file()} == files
    current = json.loads((prefix / "current.json").read_text())
    about = json.loads((edition / "EDITION.json").read_text())
    assert (current["edition_id"], current["folder"]) == (edition.name, f"editions/{edition.name}")
    assert {name: table["rows"] for name, table in current["parquet"].items()} == {
        name: table["rows"] for name, table in about["tables"].items()
    }
    assert all(file_sha256(prefix / table["path"]) == table["sha256"] for table in current["parquet"].values())


def test_the_snippets_of_the_page_answer_as_the_file_does(
    home: Home, prefix: Path, store: FileSystem, connection: duckdb.DuckDBPyConnection
) -> None:
    names: dict[str, Any] = {"store": store, "connection": connection}
    snippets = [block for block in blocks("python") if "lake" in block.marks]
    expected, answers = of_the_file(home, IN_FORCE), []
    for snippet in snippets:
        exec(compile(snippet.text, str(snippet), "exec"), names)
        if "rows" in names:
            answers.append(names.pop("rows"))
    assert len(expected) >= 5
    assert answers == [expected] * 3, "PyArrow, Polars, DuckDB"
    assert names["on_the_day"] == of_the_file(home, ON_THE_DAY)


def test_every_engine_reads_every_table(prefix: Path, store: FileSystem, connection: duckdb.DuckDBPyConnection) -> None:
    for name, table in json.loads((prefix / "current.json").read_text())["parquet"].items():
        address = f"{ADDRESS}/{table['path']}"
        assert ds.dataset(address.removeprefix("s3://"), filesystem=store).to_table().num_rows == table["rows"], name
        assert pl.scan_parquet(prefix / table["path"]).collect().height == table["rows"], name
        assert len(connection.execute(f"from read_parquet('{address}')").fetchall()) == table["rows"], name


def test_a_second_upload_copies_what_is_damaged(
    home: Home, prefix: Path, store: FileSystem, variables: dict[str, str]
) -> None:
    edition = current_edition(home)
    copied = prefix / "editions" / edition.name
    assert ": 0 of " in ran(home, "upload", ADDRESS, **variables).stdout
    write(store, f"editions/{edition.name}/parquet/policies.parquet", b"damaged")
    write(store, f"editions/{edition.name}/EDITION.json", b"")
    assert ": 2 of " in ran(home, "upload", ADDRESS, **variables).stdout
    assert file_sha256(copied / "parquet" / "policies.parquet") == file_sha256(edition / "parquet" / "policies.parquet")


def test_until_all_is_there_readers_see_the_edition_of_before(
    home: Home, prefix: Path, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next edition comes half: whatever breaks, the pointer stays."""
    before = (prefix / "current.json").read_bytes()
    following = home.root / "20991231T000000Z-following"
    shutil.copytree(current_edition(home), following)
    put, begun = uploading._put, iter(range(100_000))

    def broken(store: FileSystem, name: str, content: Any, **headers: str) -> bool:
        if next(begun) > 20:
            raise OSError("the connection is cut")
        return put(store, name, content, **headers)

    with monkeypatch.context() as patched:
        patched.setattr(uploading, "_put", broken)
        with pytest.raises(NotUploaded, match="the connection is cut; see whether the store answers"):
            upload(following, ADDRESS, access(variables))
    assert not (prefix / "editions" / following.name / "SHA256SUMS").exists()
    assert (prefix / "current.json").read_bytes() == before
    upload(following, ADDRESS, access(variables))
    current = json.loads((prefix / "current.json").read_text())
    assert current["folder"] == f"editions/{following.name}"
    shutil.rmtree(following)


def test_bytes_that_a_store_changes_are_found(
    home: Home, prefix: Path, store: FileSystem, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (prefix / "current.json").read_bytes()
    write(store, f"editions/{current_edition(home).name}/EDITION.json", b"")
    monkeypatch.setattr(uploading.shutil, "copyfileobj", lambda content, target, chunk: target.write(b"other bytes"))
    with pytest.raises(NotUploaded, match=r"EDITION\.json: expected SHA-256 \w+ in the bucket, got \w+; run again"):
        upload(current_edition(home), ADDRESS, access(variables))
    assert (prefix / "current.json").read_bytes() == before


def test_an_edition_of_the_same_id_with_other_bytes_is_refused(
    home: Home, prefix: Path, store: FileSystem, variables: dict[str, str]
) -> None:
    sums = f"editions/{current_edition(home).name}/SHA256SUMS"
    write(store, sums, b"0" * 64 + b"  policy.duckdb\n")
    done = ran(home, "upload", ADDRESS, **variables)
    write(store, sums, (current_edition(home) / "SHA256SUMS").read_bytes())
    assert done.returncode == 1
    assert "an edition of this id with other bytes" in done.stderr


@pytest.mark.parametrize(
    ("address", "changed", "code", "said"),
    [
        ("gs://bucket/prefix", {}, 2, "expected an address such as s3://bucket/prefix"),
        ("s3://nobody/prefix", {}, 1, "the bucket is there"),
        (ADDRESS, {"AWS_SECRET_ACCESS_KEY": "canary-of-another-secret"}, 1, "the keys allow to read and write"),
        (ADDRESS, {"AWS_SECRET_ACCESS_KEY": ""}, 1, "got no AWS_SECRET_ACCESS_KEY"),
        (ADDRESS, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, 1, "see whether the store answers"),
    ],
    ids=["scheme", "bucket", "key", "no key", "nobody there"],
)
def test_what_goes_wrong_is_told_without_the_keys(
    address: str, changed: dict[str, str], code: int, said: str, home: Home, variables: dict[str, str]
) -> None:
    done = ran(home, "upload", address, **{**variables, **changed})
    assert done.returncode == code
    assert said in done.stderr
    assert "canary" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
