"""An edition in every form: the same rows, nothing that a spreadsheet executes, what others' tools accept."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pyshacl
import pytest
import rdflib

from pipelines import workbook
from pipelines.publish.catalogue import write_catalogue
from pipelines.publish.csv_files import write_csv_files
from pipelines.publish.datapackage import keys_of, write_datapackage
from pipelines.publish.tables import Column, Reference, Table, published_tables
from pipelines.workbook import Sheet, write_workbook

SHAPES = Path(__file__).with_name("dcat_shapes.ttl")
ABOUT = {
    "title": "AI policy tracker, edition e1",
    "edition_id": "e1",
    "as_of": "2026-10-09T12:00:00Z",
    "description": "Handmade.",
}
MANIFEST = {
    "nodes": {
        "model.m.books": {"resource_type": "model", "name": "books", "columns": {"book_id": {}, "isbn": {}}},
        "model.m.loans": {"resource_type": "model", "name": "loans", "columns": {"book_id": {}, "day": {}}},
        "test.1": {
            "resource_type": "test", "attached_node": "model.m.books", "column_name": "isbn",
            "test_metadata": {"name": "unique", "kwargs": {}}, "config": {},
        },
        "test.2": {
            "resource_type": "test", "attached_node": "model.m.books", "column_name": "book_id",
            "test_metadata": {"name": "unique", "kwargs": {}}, "config": {},
        },
        "test.3": {
            "resource_type": "test", "attached_node": "model.m.loans",
            "test_metadata": {"name": "unique_combination", "kwargs": {"columns": ["book_id", "day"]}}, "config": {},
        },
        "test.4": {
            "resource_type": "test", "attached_node": "model.m.loans", "column_name": "book_id",
            "test_metadata": {"name": "relationships", "kwargs": {"to": "ref('books')", "field": "book_id"}},
            "config": {},
        },
        "test.5": {
            "resource_type": "test", "attached_node": "model.m.loans", "column_name": "day",
            "test_metadata": {"name": "relationships", "kwargs": {"to": "ref('books')", "field": "isbn"}},
            "config": {"where": "day > 1"},
        },
    }
}  # fmt: skip
HOSTILE = ['=cmd|"/c calc"!A1', "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1+1", 'plain "quoted", text\nof two lines']


@pytest.fixture
def edition(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two tables of all kinds of values, open."""
    connection = duckdb.connect(str(tmp_path / "policy.duckdb"))
    connection.execute("set timezone = 'UTC'")
    connection.execute(
        """
        create table books (book_id varchar, isbn varchar, price decimal(24, 2), pages bigint, is_new boolean, day date,
            seen_at timestamptz, authors varchar[], parts struct(code varchar, name varchar)[], more json);
        create table loans (book_id varchar, day bigint);
        create table edition (edition_id varchar);
        comment on table books is 'One row a book.';
        comment on column books.price is 'What it costs.';
        """
    )
    for number, text in enumerate(HOSTILE):
        connection.execute(
            "insert into books values (?, ?, -1.5, ?, true, '2026-01-02', '2026-01-02T03:04:05.678Z', ['=1', 'b'], "
            "[{'code': 'GB', 'name': 'UK'}], '[1]')",
            [str(number), text, number],
        )
    connection.execute("insert into loans values ('1', 7)")
    yield connection
    connection.close()


@pytest.fixture
def tables(edition: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    return published_tables(edition, MANIFEST)


@pytest.fixture
def folder(edition: duckdb.DuckDBPyConnection, tables: tuple[Table, ...], tmp_path: Path) -> Path:
    """The edition's folder with its CSV files and their description."""
    write_csv_files(edition, tables, tmp_path / "csv")
    write_datapackage(tmp_path, ABOUT, tables)
    return tmp_path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_tables__have_their_first_unique_column_as_key_and_references_that_always_hold(
    tables: tuple[Table, ...],
) -> None:
    books, loans = tables
    assert (books.name, books.meaning, books.key, books.rows) == (
        "books",
        "One row a book.",
        ("book_id",),
        len(HOSTILE),
    )
    assert Column("price", "DECIMAL(24,2)", "What it costs.") in books.columns
    assert (loans.key, loans.references) == (("book_id", "day"), (Reference("book_id", "books", "book_id"),))


def test_csv__begins_with_its_mark_and_holds_no_formula(folder: Path) -> None:
    assert (folder / "csv" / "books.csv").read_bytes().startswith(codecs.BOM_UTF8)
    texts = {row["book_id"]: row["isbn"] for row in read(folder / "csv" / "books.csv")}
    for number, text in enumerate(HOSTILE):
        assert texts[str(number)] == (text if text.startswith("plain") else f"'{text}")


def test_csv__writes_values_that_others_read(folder: Path) -> None:
    row = read(folder / "csv" / "books.csv")[0]
    assert (row["price"], row["is_new"], row["day"]) == ("-1.50", "true", "2026-01-02")
    assert row["seen_at"] == "2026-01-02T03:04:05.678000Z"
    assert json.loads(row["authors"]) == ["=1", "b"]
    assert json.loads(row["parts"]) == [{"code": "GB", "name": "UK"}]


def test_the_same_rows__give_the_same_bytes(
    folder: Path, edition: duckdb.DuckDBPyConnection, tables: tuple[Table, ...], tmp_path: Path
) -> None:
    write_csv_files(edition, tables, tmp_path / "again")
    for path in (folder / "csv").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_the_data_package__is_valid_for_others(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["resourceName", "rowNumber", "fieldName", "message"])
    assert keys_of(folder) == {"books": ["book_id"], "loans": ["book_id", "day"]}


@pytest.mark.parametrize(
    ("table", "row", "fault"), [("loans", "nobody,1\n", "foreign-key"), ("loans", "1,x\n", "type-error")]
)
def test_the_data_package__finds_what_breaks_it(folder: Path, table: str, row: str, fault: str) -> None:
    with (folder / "csv" / f"{table}.csv").open("a", encoding="utf-8") as stream:
        stream.write(row)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert fault in {kind for (kind,) in report.flatten(["type"])}


def conforms(folder: Path) -> bool:
    graph = rdflib.Graph().parse(folder / "dcat.jsonld", format="json-ld", publicID="https://example.org/edition/")
    verdict: bool = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))[0]
    return verdict


def test_the_catalogue__has_valid_shapes(folder: Path) -> None:
    write_catalogue(folder, ABOUT, ["OGL-UK-3.0"])
    assert conforms(folder)
    catalogue = json.loads((folder / "dcat.jsonld").read_bytes())
    listed = {item["dcat:downloadURL"]["@id"] for item in catalogue["dcat:dataset"]["dcat:distribution"]}
    assert listed == {"csv/books.csv", "csv/loans.csv", "policy.duckdb"}


def test_the_catalogue__does_not_follow_the_bytes_of_the_database(folder: Path) -> None:
    write_catalogue(folder, ABOUT, [])
    before = (folder / "dcat.jsonld").read_bytes()
    with (folder / "policy.duckdb").open("ab") as database:
        database.write(bytes(4096))
    write_catalogue(folder, ABOUT, [])
    assert (folder / "dcat.jsonld").read_bytes() == before
    (folder / "csv" / "books.csv").write_bytes(b"other")
    write_catalogue(folder, ABOUT, [])
    assert (folder / "dcat.jsonld").read_bytes() != before


@pytest.mark.parametrize("lost", ["dct:title", "dct:description", "dcat:distribution"])
def test_the_catalogue__without_what_it_needs_is_not_valid(folder: Path, lost: str) -> None:
    write_catalogue(folder, ABOUT, [])
    catalogue = json.loads((folder / "dcat.jsonld").read_bytes())
    del catalogue["dcat:dataset"][lost]
    (folder / "dcat.jsonld").write_text(json.dumps(catalogue), encoding="utf-8")
    assert not conforms(folder)


SHEET = Sheet(
    name="books",
    meaning="One row a book.",
    columns=(("title", "Its title."), ("price", "What it costs."), ("day", "When."), ("url", "Where."), ("more", "")),
    rows=[
        ("=1+1", Decimal("1.50"), date(2026, 1, 2), "https://example.gov/a", ["x"]),
        (None, None, None, "javascript:alert(1)", datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)


def test_the_workbook__holds_texts_as_texts(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", {"title": "Books"}, datetime(2026, 10, 9, tzinfo=UTC), [SHEET])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["about", "books"]
    first, second = list(book["books"].iter_rows(min_row=2))
    assert [cell.data_type for cell in first] == ["s", "n", "d", "s", "s"]
    assert first[0].value == "=1+1"
    assert first[3].hyperlink.target == "https://example.gov/a"
    assert second[3].hyperlink is None
    assert second[4].value == "2026-01-02T00:00:00Z"


def test_the_workbook__is_the_same_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_workbook(tmp_path / f"{name}.xlsx", {"title": "Books"}, datetime(2026, 10, 9, tzinfo=UTC), [SHEET])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_workbook__says_what_did_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 1)
    write_workbook(tmp_path / "a.xlsx", {"title": "Books"}, datetime(2026, 10, 9, tzinfo=UTC), [SHEET])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["books"].max_row == 2
    told = " ".join(str(cell.value) for row in book["about"].iter_rows() for cell in row)
    assert "Only the first 1 rows fit here" in told
