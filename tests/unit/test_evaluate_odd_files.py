"""Label files that nobody has seen: blank rows, blank cells, lacking columns and odd days end in no traceback."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.evaluate.dispositions import run as run_dispositions
from pipelines.evaluate.files import BadFile, civil_day, read_rows

Table = list[list[str]]

LISTED: Table = [
    ["document_number", "publication_date", "title", "abstract"],
    ["2032-1", "2032-01-02", "Artificial Intelligence in Barns; Final Rule", "The rule sets standards."],
    ["2032-2", "2032-01-03", "Hay Grades", "Hay is graded."],
]
GOLD: Table = [
    ["document_number", "publication_date", "relevance", "instrument", "topics", "stratum", "weight", "scored"],
    ["2032-1", "2032-01-02", "2", "final_rule", "standards", "A", "1.5", "true"],
    ["2032-2", "2032-01-03", "0", "notice_other", "other", "D", "90", "true"],
]
FILES: dict[str, dict[str, Table]] = {
    "relevance": {"documents": LISTED, "gold": GOLD},
    "instrument": {"documents": LISTED, "gold": GOLD},
    "topics": {"documents": LISTED, "gold": GOLD},
    "rule_stage": {
        "gold": [
            ["id", "document_type", "title", "stage"],
            ["1", "Rule", "Barns", "final_rule"],
            ["2", "Proposed Rule", "Hay", "proposed_rule"],
        ]
    },
    "agora": {
        "documents": [
            ["AGORA ID", "Official name", "Short summary", "Annotated?", "Most recent activity date", "Authority"],
            ["1", "Machine Learning Act", "About barns.", "True", "2032-01-02", "United States Congress"],
            ["2", "Hay Act", "About hay.", "False", "2032-01-03", "California"],
        ]
    },
    "govuk": {
        "gold": [
            ["dept", "title", "published_date", "description", "url", "format"],
            ["D", "AI check", "2032-01-02 00:00:00", "An AI check.", "u", "ai_assurance_portfolio_technique"],
            ["D", "Speech on hay", "2032-01-03 00:00:00", "Hay.", "u", "speech"],
        ]
    },
    "dispositions": {
        "notes": [["executive_order_number", "disposition_notes"], ["13900", "Amends: EO 13800, May 11, 2017"]],
        "gold": [
            ["executive_order_number", "type", "partial", "target", "target_date"],
            ["13900", "amends", "false", "EO 13800", "2017-05-11"],
            ["13900", "see", "false", "EO 13700", ""],
        ],
    },
    "timeline": {
        "gold": [
            ["id", "title", "instrument", "jurisdiction", "issuer", "identifier", "date_signed", "date_published"],
            ["a", "Artificial Intelligence Act", "statute", "US", "Congress", "", "", "2032-01-02"],
            ["b", "UK and Japan agree on AI", "partnership_mou", "UK;JP", "GB; JP", "", "2032-01-02", ""],
        ]
    },
}
NEEDED = {
    "document_number", "publication_date", "relevance", "instrument", "topics", "document_type", "title", "stage",
    "AGORA ID", "Official name", "format", "executive_order_number", "type", "target", "disposition_notes",
}  # fmt: skip
BLANK_ROWS = "\n,,,\n   ,\n"


def as_csv(table: Table) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue()


def evaluate(folder: Path, task: str, texts: dict[str, str]) -> Result:
    arguments = ["evaluate", task, "--json"]
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        arguments += [f"--{name}", str(folder / f"{name}.csv")]
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (0, 1)
    assert result.exit_code == 0 or result.output.startswith("Error: ")
    return result


def variants(task: str, what: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The files of a task with one column dropped, or one cell of the last row blank."""
    plain = {name: as_csv(table) for name, table in FILES[task].items()}
    for name, table in FILES[task].items():
        for place, column in enumerate(table[0]):
            if what == "dropped":
                odd = [row[:place] + row[place + 1 :] for row in table]
            else:
                odd = [*table[:-1], [*table[-1][:place], " ", *table[-1][place + 1 :]]]
            yield column, plain | {name: as_csv(odd)}


@pytest.mark.parametrize("task", FILES)
def test_blank_rows_and_a_byte_order_mark__change_nothing(task: str, tmp_path: Path) -> None:
    plain = {name: as_csv(table) for name, table in FILES[task].items()}
    expected = json.loads(evaluate(tmp_path, task, plain).output)
    odd = {name: f"\ufeff{text}{BLANK_ROWS}" for name, text in plain.items()}
    assert json.loads(evaluate(tmp_path, task, odd).output) == expected
    assert "rows_left_out" not in expected["metrics"]


@pytest.mark.parametrize("task", FILES)
def test_columns_that_are_not_needed__may_lack(task: str, tmp_path: Path) -> None:
    for column, texts in variants(task, "dropped"):
        result = evaluate(tmp_path, task, texts)
        assert result.exit_code == 0 or column in NEEDED, f"{column}: {result.output}"


@pytest.mark.parametrize("task", FILES)
def test_blank_cells__end_in_a_score_or_in_words(task: str, tmp_path: Path) -> None:
    for column, texts in variants(task, "blank"):
        assert evaluate(tmp_path, task, texts).exit_code == 0 or column in NEEDED, column


def test_rows_that_cannot_be_scored__are_counted(tmp_path: Path) -> None:
    stages = [*FILES["rule_stage"]["gold"], ["3", "Rule", "Straw", ""]]
    answer = json.loads(evaluate(tmp_path, "rule_stage", {"gold": as_csv(stages)}).output)
    assert (answer["metrics"]["support"], answer["metrics"]["rows_left_out"]) == (2, {"blank": 1})
    notes, gold = FILES["dispositions"].values()
    stray = as_csv([*gold, ["13999", "amends", "false", "EO 13000", ""]])
    answer = json.loads(evaluate(tmp_path, "dispositions", {"notes": as_csv(notes), "gold": stray}).output)
    assert (answer["metrics"]["orders"], answer["metrics"]["rows_left_out"]) == (1, {"without_note": 1})


@pytest.mark.parametrize("content", ["", "\n\n", "a;b\n1;2\n", "\x00\x01", "document_number\n"])
@pytest.mark.parametrize("task", FILES)
def test_files_that_are_no_tables__are_refused_in_words(task: str, content: str, tmp_path: Path) -> None:
    assert evaluate(tmp_path, task, dict.fromkeys(FILES[task], content)).exit_code == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-10-30", date(2023, 10, 30)),
        ("2019-06-09 23:00:00", date(2019, 6, 9)),
        ("30/10/2023", date(2023, 10, 30)),
        ("10/30/2023", date(2023, 10, 30)),
        ("30.10.2023", date(2023, 10, 30)),
        ("October 30, 2023", date(2023, 10, 30)),
        ("04/05/2023", None),
        ("2023-10", None),
        ("31/31/2023", None),
        ("soon", None),
        (None, None),
    ],
)
def test_days__are_read_where_they_can_be_one_day_only(text: str | None, expected: date | None) -> None:
    assert civil_day(text) == expected


def test_a_row_with_more_cells_than_columns__is_told_by_its_number(tmp_path: Path) -> None:
    gold = "document_type,title,stage\nRule,Hay,final_rule,,\nRule,Hay, and straw,final_rule\n"
    assert "expected 3 cells, got 4 in row 3" in evaluate(tmp_path, "rule_stage", {"gold": gold}).output


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (b"", "got an empty one"),
        (gzip.compress(b"", mtime=0), "got an empty one"),
        (gzip.compress(b"\xae\xff\x00", mtime=0), "got a gzipped file of other bytes"),
        (b"\xae\xff\x00", "got a file of other bytes"),
        (gzip.compress(gzip.compress(b"a\n1\n", mtime=0), mtime=0), "got one gzipped twice"),
    ],
)
def test_what_is_no_table__is_named(content: bytes, got: str, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(content)
    with pytest.raises(BadFile, match=got):
        read_rows(tmp_path / "odd.csv", ("a",))


def test_a_gzipped_table__is_read_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(gzip.compress(b"a\n1\n", mtime=0))
    assert read_rows(tmp_path / "odd.csv", ("a",)).rows() == [("1",)]


@pytest.mark.parametrize("has_column", [True, False])
def test_a_date_that_the_gold_does_not_give__is_no_error(has_column: bool, tmp_path: Path) -> None:
    notes, gold = FILES["dispositions"].values()
    blank = [gold[0], *([*row[:-1], ""] for row in gold[1:])]
    rows = blank if has_column else [row[:-1] for row in blank]
    for name, table in (("notes", notes), ("gold", rows)):
        (tmp_path / f"{name}.csv").write_text(as_csv(table), encoding="utf-8")
    errors = run_dispositions(tmp_path / "notes.csv", tmp_path / "gold.csv").errors
    assert [(one["fault"], one["target"]) for one in errors] == [("missed", "EO 13700")]
